"""SOAP 1.1 for any agency: envelopes of one payload, faults, and a parser that trusts nobody."""

import re
from dataclasses import dataclass, field

from lxml import etree

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
NIL = f"{{{XSI}}}nil"

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Unreadable(ValueError):  # noqa: N818 - it is said of the answer, as "Fault" is
    """The bytes are not the answer that the contract promises; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A SOAP 1.1 fault; `code` keeps its prefix as it came ("s:Client")."""

    code: str
    text: str
    detail: etree._Element | None = field(default=None, repr=False, compare=False)


def writable(text: str) -> str:
    """The text itself; ValueError if it holds a character that XML 1.0 forbids (section 2.2)."""
    found = _FORBIDDEN.search(text)
    if found:
        raise ValueError(f"holds U+{ord(found.group()):04X}, which XML 1.0 cannot carry")
    return text


def write(payload: etree._Element) -> bytes:
    """An envelope around the payload: UTF-8, one line, no XML declaration and no Header."""
    envelope = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"s": ENVELOPE})
    etree.SubElement(envelope, f"{{{ENVELOPE}}}Body").append(payload)
    return etree.tostring(envelope, encoding="utf-8", xml_declaration=False)


def read(message: bytes) -> etree._Element | Fault:
    """What the envelope's Body holds: the payload, or the fault. Raises Unreadable."""
    root = _parse(message)
    if root.tag != f"{{{ENVELOPE}}}Envelope":
        raise Unreadable(f"not a SOAP 1.1 envelope but {root.tag}")
    body = root.find(f"{{{ENVELOPE}}}Body")
    if body is None or len(body) != 1:
        raise Unreadable("the envelope does not hold exactly one message")
    return _fault(body[0]) if body[0].tag == f"{{{ENVELOPE}}}Fault" else body[0]


def text_of(element: etree._Element | None) -> str | None:
    """An element's text as it stands; None where it is absent or nil, "" where it is empty."""
    if element is None or element.get(NIL, "").strip() in ("true", "1"):
        return None
    return element.text or ""


def _parse(message: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(message, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"not XML: {error}") from error
    # SOAP 1.1, section 3: a message must not contain a document type declaration.
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("it carries a document type declaration")
    return root


def _fault(fault: etree._Element) -> Fault:
    code, text = fault.findtext("faultcode") or "", fault.findtext("faultstring") or ""
    return Fault(code, text, fault.find("detail"))
