"""Messages of the contract as bytes and their answers taken apart, with no line of the emulator's.

Members are mappings of wire names to texts; None is nil, and what is left out is absent.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import yaml
from lxml import etree

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
SERVICE = "http://UBY.pcr.cz/WS_UBY"
CLASSES = "http://schemas.datacontract.org/2004/07/WS_UBY"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
CONTENT_TYPE = "text/xml; charset=utf-8"
CONTRACT = Path(__file__).parents[2] / "contracts" / "ubyport"

PRODUCTION = "/ws_uby/ws_uby.svc"
TEST = "/ws_uby_test/ws_uby.svc"

GUEST_MEMBERS = (
    "cDate", "cDocN", "cFirstN", "cFrom", "cNati", "cNote", "cPlac",
    "cPurp", "cResi", "cSpz", "cSurN", "cUntil", "cVisN",
)  # fmt: skip
HEADER_MEMBERS = (
    "uCont", "uHomN", "uIdub", "uMark", "uName", "uOb", "uObCa", "uOkr", "uOriN", "uPsc", "uStr",
)  # fmt: skip
KITTEN = {"uIdub": "100227887600", "uMark": "CZGFW"}
"""The two members that decide for the facility of the documented examples."""

Members = Mapping[str, str | None]


def action(operation: str) -> str:
    return f'"{SERVICE}/IWS_UBY/{operation}"'


def envelope(body: str, header: str = "") -> bytes:
    return f'<s:Envelope xmlns:s="{ENVELOPE}">{header}<s:Body>{body}</s:Body></s:Envelope>'.encode()


def call(operation: str, content: str = "") -> bytes:
    return envelope(f'<{operation} xmlns="{SERVICE}" xmlns:i="{XSI}">{content}</{operation}>')


def code_list(kind: str) -> bytes:
    return call("DejMiCiselnik", f"<CoChci>{kind}</CoChci>")


def element(name: str, text: str | None) -> str:
    if text is None:
        return f'<{name} i:nil="true"/>'
    # A parser would make a line feed of a bare carriage return.
    return f"<{name}>{escape(text, {chr(13): '&#13;'})}</{name}>"


def guest_xml(guest: Members | None) -> str:
    if guest is None:
        return '<d:Ubytovany i:nil="true"/>'
    written = (element(f"d:{name}", guest[name]) for name in GUEST_MEMBERS if name in guest)
    return f"<d:Ubytovany>{''.join(written)}</d:Ubytovany>"


def batch_xml(
    guests: Iterable[Members | None] | None, header: Members = KITTEN, pdf: str | None = None
) -> str:
    """`Seznam`. Guests that are None: the list is nil; `pdf` that is None: the member is absent."""
    everyone = "".join(map(guest_xml, guests)) if guests is not None else ""
    listed = f"<d:Ubytovani>{everyone}</d:Ubytovani>"
    parts = [listed if guests is not None else element("d:Ubytovani", None)]
    parts += [] if pdf is None else [element("d:VracetPDF", pdf)]
    parts += [element(f"d:{name}", header[name]) for name in HEADER_MEMBERS if name in header]
    return f'<Seznam xmlns:d="{CLASSES}">{"".join(parts)}</Seznam>'


def filing(
    guests: Iterable[Members | None] | None, header: Members = KITTEN, pdf: str | None = None
) -> bytes:
    return call("ZapisUbytovane", batch_xml(guests, header, pdf))


def guest(number: int, arrival: str = "2026-03-03T00:00:00", **members: str | None) -> Members:
    """A guest whom nobody objects to on 4 March 2026, known by the number of the document."""
    faultless: dict[str, str | None] = {
        "cDate": "01011980",
        "cDocN": f"AB{number:07}",
        "cFirstN": "Jan",
        "cFrom": arrival,
        "cNati": "SVK",
        "cSurN": "Vzorový",
        "cUntil": arrival,
    }
    return faultless | members


# Answers.


@dataclass(frozen=True)
class Filed:
    """The answer to a filing. Codes are numbers; one list of them for each guest."""

    header: list[int]
    records: list[list[int]]
    stamp: str
    receipt: str | None
    error_receipt: str | None


@dataclass(frozen=True)
class Fault:
    code: str
    namespace: str
    text: str


def payload(body: bytes) -> Any:
    """The one element in the SOAP body; parts of the envelope that do not belong fail."""
    root = etree.fromstring(body)
    assert root.tag == f"{{{ENVELOPE}}}Envelope"
    (place,) = root
    assert place.tag == f"{{{ENVELOPE}}}Body"
    (content,) = place
    return content


def read_filed(body: bytes) -> Filed:
    result = payload(body).find(f"{{{SERVICE}}}ZapisUbytovaneResult")
    texts = {etree.QName(child).localname: child.text for child in result}
    strings = result.find(f"{{{CLASSES}}}ChybyZaznamu")
    return Filed(
        header=_codes(texts["ChybyHlavicky"] or "", r"(?:[0-9]+;)*"),
        records=[_codes(string.text, r";(?:[0-9]+;)*") for string in strings],
        stamp=texts.get("PseudoRazitko") or texts["PseudoRazirko"],
        receipt=texts["DokumentPotvrzeni"],
        error_receipt=texts["DokumentChybyPotvrzeni"],
    )


def _codes(text: str, form: str) -> list[int]:
    assert re.fullmatch(form, text), text
    return [int(number) for number in text.split(";") if number]


def read_fault(body: bytes) -> Fault:
    place = payload(body)
    assert place.tag == f"{{{ENVELOPE}}}Fault"
    assert [part.tag for part in place] == ["faultcode", "faultstring"]
    code, text = place
    prefix = code.text.partition(":")[0]
    return Fault(code.text, code.nsmap[prefix], text.text or "")


# What the contract says.


@cache
def catalogue() -> dict[str, Any]:
    """errors.yaml as it stands."""
    return dict(yaml.safe_load((CONTRACT / "errors.yaml").read_text("utf-8")))


@cache
def severities() -> dict[int, int]:
    """By number, of everything that can stand in an answer to a filing."""
    kinds = ("header", "record")
    entries = [entry for entry in catalogue().values() if entry["kind"] in kinds]
    return {entry["number"]: entry["severity"] for entry in entries}


def is_catalogued(fault: Fault) -> bool:
    """Whether errors.yaml has this fault, the variable parts of its text being anything."""
    entries = [entry for entry in catalogue().values() if entry["kind"] == "fault"]
    return any(
        fault.code == entry["faultcode"]
        and fault.namespace == (entry["faultcode_namespace"] or ENVELOPE)
        and re.match(_beginning(entry["text"]), fault.text)
        for entry in entries
    )


def _beginning(text: str) -> str:
    # What WCF cannot deserialize it describes in two ways, of which the catalogue prints one.
    text = text.partition("There was an error")[0]
    fixed = re.split(r"\{[a-z_]+\}", text)
    return "(?s)" + ".*".join(map(re.escape, fixed))


@cache
def schema(stamp: str = "PseudoRazitko") -> etree.XMLSchema:
    """The contract's schemas in one, for what stands in a SOAP body."""
    files = {path.name: path.read_text("utf-8") for path in CONTRACT.glob("xsd*.xsd")}

    class Local(etree.Resolver):
        def resolve(self, url: str, _: object, context: Any) -> Any:  # type: ignore[override] # the stubs leave the context out
            text = files[f"{url.rpartition('=')[2]}.xsd"]
            return self.resolve_string(text.replace("{stamp}", stamp), context, base_url=None)

    parser = etree.XMLParser()
    parser.resolvers.add(Local())
    return etree.XMLSchema(etree.fromstring(files["xsd0.xsd"].encode(), parser))
