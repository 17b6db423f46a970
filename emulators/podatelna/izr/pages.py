"""Pages for people: HTML in which all that is not ours is escaped."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape

from lxml import etree

from podatelna.izr.names import XSD
from podatelna.kernel.contract import Contract
from podatelna.kernel.reading import Element

CONTENT_TYPE = "text/html; charset=utf-8"

_FRAME = """<!DOCTYPE html>
<html lang="cs"><head><meta charset="utf-8"><title>{title}</title>
<style>
body {{ font: 15px/1.5 sans-serif; margin: 2em auto; max-width: 75em; padding: 0 1em }}
table {{ border-collapse: collapse }} th, td {{ border: 1px solid #bbb; padding: .2em .6em;
text-align: left; vertical-align: top }} th {{ background: #eee }}
pre, textarea {{ font: 13px/1.4 monospace }} pre {{ background: #f4f4f4; overflow: auto;
padding: .6em; white-space: pre-wrap; word-break: break-all }}
textarea {{ box-sizing: border-box; width: 100% }}
</style></head>
<body><h1>{title}</h1>
{content}
</body></html>
"""
_INFO = f"{XSD}annotation/{XSD}appinfo/{{http://www.mze.cz/ESBServer/1.0}}Info"
_HEAD = ("Element", "Výskyt", "Typ", "Omezení", "Význam", "Jistota (jméno, typ, místo)")


def page(title: str, content: str) -> bytes:
    """A whole page; the content is HTML."""
    return _FRAME.format(title=escape(title), content=content).encode()


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Cells are text."""
    lines = [_row("th", head), *(_row("td", row) for row in rows)]
    return f"<table>\n{''.join(lines)}</table>"


def _row(kind: str, cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<{kind}>{escape(cell)}</{kind}>' for cell in cells)}</tr>\n"


def link(address: str, text: str) -> str:
    return f'<a href="{escape(address)}">{escape(text)}</a>'


def data_model(contract: Contract, service: str, payload: str, *, test: bool) -> str:
    """The elements of a service's payload, as the ministry's page of its data model lists them.

    `payload` is the schema. How sure we are of an element stands beside it: that is not the
    ministry's.
    """
    meanings = dict(_meanings(etree.fromstring(payload.encode())))
    [about] = [row for row in contract.codelist("services") if row["code"] == service]
    environment = "testovací" if test else "produkční"
    parts = [
        f"<p>{escape(about['name_cs'])}. Autorizace {escape(about['access'])}, prostředí "
        f"{environment}. {escape(about['source'])} ({escape(about['certainty'])}).</p>"
    ]
    for root in ("Request", "Response", "InnerException"):
        if rows := list(_elements(contract, f"{service} {root}/", meanings)):
            parts.append(f"<h2>{root}</h2>\n{table(_HEAD, rows)}")
    return "\n".join(parts)


def _elements(
    contract: Contract, beginning: str, meanings: Mapping[str, str]
) -> Iterator[tuple[str, ...]]:
    for row in contract.codelist("elements"):
        if row["code"].startswith(beginning):
            path = row["code"].partition(" ")[2]
            name = "\u00a0" * 4 * (path.count("/") - 1) + path.rpartition("/")[2]
            sure = (row["certainty"], row["certainty_of_type"], row["certainty_of_place"])
            cells = (row["type"], row["restriction"], meanings.get(path, ""))
            yield (name, row["occurs"], *cells, f"{', '.join(sure)}: {row['source']}")


def _meanings(schema: Element) -> Iterator[tuple[str, str]]:
    """What the schema says of each element, by path."""
    for root in schema.findall(f"{XSD}element"):
        yield from _of_element(root, "")


def _of_element(declared: Element, above: str) -> Iterator[tuple[str, str]]:
    path = f"{above}{declared.get('name')}"
    yield path, " ".join(declared.findtext(_INFO, "").split())
    for child in declared.findall(f"{XSD}complexType/{XSD}sequence/{XSD}element"):
        yield from _of_element(child, f"{path}/")
