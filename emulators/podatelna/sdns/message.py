"""Messages: VYDANI of vydani.dtd, read into headers and rows.

The declared encoding is kept to: windows-1250 in the samples of the programmer's manual, UTF-8
with a byte order mark in public ones, any other that libxml2 knows. A message is invalid when its
encoding is another one than it declares, when a byte order mark tells of another one, or when it
declares anything in its document type. The DTD is always the built-in one, whatever the system
identifier says, and even if there is no document type.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from podatelna.kernel.reading import XML_SPACE, Element
from podatelna.sdns import names
from podatelna.sdns.model import Header, Part, Row
from podatelna.sdns.scan import AREA, DATA, NotValid, Scan

__all__ = ["NotValid", "Reading", "read_header", "read_message", "rows"]

_EDGES: Final[dict[str, Literal["first", "last"]]] = {names.FIRST: "first", names.LAST: "last"}
_SENDER: Final = "Odesílatel"
_RESPONSIBLE: Final = "Osoba-odpovědná-za-obsah"
LONGEST_OF_HEADER: Final = 250
"""Characters of a code or number in a header: EDI messages carry no longer ones. Databases could
not look longer ones up, and answers and letters repeat them."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A valid message."""

    header: Header
    rows: int
    """How many there are."""
    remarks: tuple[str, ...] = ()
    """Parts of the message that vydani.dtd lets pass, but the programmer's manual wants to be left
    out or otherwise."""


def read_message(xml: bytes, dtd: bytes) -> Reading:
    """The message, held against the DTD. Raises NotValid."""
    scan = Scan(xml, dtd)
    count = sum(len(found) for batch in scan.batches() for _, found in batch)
    return Reading(_header(scan.root), count, tuple(_remarks(scan.root)))


def read_header(xml: bytes, dtd: bytes) -> Header:
    """The header of a message, all of which is held against the DTD. Raises NotValid."""
    return read_message(xml, dtd).header


def rows(xml: bytes) -> Iterator[Row]:
    """The rows of a message that is known to be valid, in its order.

    Of two cells with the same number the later one counts.
    """
    for batch in Scan(xml).batches():
        for area, found in batch:
            code = area.get("KOD", "")
            for row in found:
                cells = {cell.get("PORADI", ""): cell.text or "" for cell in row}
                yield Row(code, row.get("PORADI", ""), cells)


def _header(root: Element) -> Header:
    about, report = root[0], root.find("IDENTIFIKACE-VYKAZU")
    assert report is not None
    data = root.find(DATA)
    return Header(
        sender=_text(about, "ZASLAL"),
        number=_text(about, "CISLO-ZPRAVY"),
        part=_part(about.find("CASTECNA-ZPRAVA")),
        methodology=_text(about, "METODIKA"),
        test=_code(about, "FUNKCE-ZPRAVY") == names.TEST,
        created=_text(about, "DATUM"),
        data_set=_text(report, "DATOVY-SOUBOR"),
        subject=_text(report, "VYSKYT/SUBJEKT"),
        scope=_text(report, "VYSKYT/ROZSAH-SUBJEKTU"),
        as_of=_text(report, "VYSKYT/STAV-KE-DNI"),
        status=names.STATUSES[_code(report, "STATUS")],
        reason=names.REASONS[_code(report, "DUVOD")],
        reference=_text(report, "REFERENCNI-ZPRAVA"),
        has_data=data is not None,
        blocks=data is not None and data.find(AREA) is None,
    )


def _part(element: Element | None) -> Part | None:
    if element is None:
        return None
    order = _bounded(element, element.get("PORADI", ""))
    return Part(order, _text(element, "CISLO-VYDANI"), _EDGES.get(element.get("TYP", ""), ""))


def _text(parent: Element, path: str) -> str:
    """Without the white space around it; "" if the element is not there. Raises NotValid."""
    element = parent.find(path)
    return "" if element is None else _bounded(element, element.text or "")


def _bounded(element: Element, text: str) -> str:
    bare = text.strip(XML_SPACE)
    if len(bare) > LONGEST_OF_HEADER:
        line: Any = element.sourceline
        why = f"the value of {element.tag} has more than {LONGEST_OF_HEADER} characters"
        raise NotValid(why, line)
    return bare


def _code(parent: Element, name: str) -> str:
    element = parent.find(name)
    assert element is not None
    return element.get("KOD", "")


def _remarks(root: Element) -> Iterator[str]:
    """Names of what is unwanted (programmer's manual, description of the elements)."""
    if root.getroottree().docinfo.internalDTD is None:
        yield "DOCTYPE"
    if any(each.get("STRANA") != _SENDER for each in root.iterfind("ADRESA")):
        yield "ADRESA/@STRANA"
    if any(each.get("KOD-FUNKCE") != _RESPONSIBLE for each in root.iterfind("ADRESA/KONTAKT")):
        yield "KONTAKT/@KOD-FUNKCE"
    if root.find("IDENTIFIKACE-VYKAZU/AUDIT") is not None:
        yield "AUDIT"
    if root.find("POZNAMKA") is not None:
        yield "POZNAMKA"
