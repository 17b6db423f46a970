"""SOAP 1.1 messages: bytes read into an envelope, answers and faults written as bytes.

It reads as WCF's text encoder does, which is stricter than XML: UTF-8 and UTF-16 only, no DTD, no
processing instruction. It knows bodies as elements only; what an operation makes of them, wrapped
document/literal or RPC, is decided elsewhere.
"""

import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from podatelna.kernel.reading import Edge, Element, is_text
from podatelna.kernel.xmlconvert import ConversionError, to_boolean, xml_text

SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_12: Final = "http://www.w3.org/2003/05/soap-envelope"
ENVELOPE: Final = f"{{{SOAP}}}Envelope"
HEADER: Final = f"{{{SOAP}}}Header"
BODY: Final = f"{{{SOAP}}}Body"
_MUST_UNDERSTAND: Final = f"{{{SOAP}}}mustUnderstand"
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_OPEN: Final = f'<s:Envelope xmlns:s="{SOAP}"><s:Body>'.encode()
_CLOSE: Final = b"</s:Body></s:Envelope>"

_DECLARATION: Final = re.compile(rb"<\?xml[ \t\r\n][^>]*?\?>")
_DECLARED: Final = re.compile(rb"""[ \t\r\n]encoding[ \t\r\n]*=[ \t\r\n]*["']([^"'>]*)["']""")
_PROLOG: Final = re.compile(rb"(?:[ \t\r\n]++|<!--.*?-->)*+", re.DOTALL)
_TAG: Final = re.compile(
    rb"""<(?:!--.*?--|!\[CDATA\[.*?\]\]|/[^>]*+|[^!?/](?:[^"'>]++|"[^"]*+"|'[^']*+')*+)>""",
    re.DOTALL,
)
_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
_VERSION: Final = re.compile(rb"""version[ \t\r\n]*=[ \t\r\n]*(?:"1\.0"|'1\.0')""")
_SHORTEST: Final = 4
_NAMES: Final = {"utf-8": "utf-8", "utf-16le": "utf-16LE", "utf-16be": "utf-16BE"}
"""The encodings by Python's names, and how .NET spells them."""
_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8", 3),
    (b"\xff\xfe", "utf-16le", 2),
    (b"\xfe\xff", "utf-16be", 2),
    (b"<\x00", "utf-16le", 0),
    (b"\x00<", "utf-16be", 0),
)
"""First bytes, the encoding they show, and how many of them are a byte order mark."""
_HARDENED: Final[dict[str, Any]] = {
    "encoding": "utf-8",
    "resolve_entities": False,
    "load_dtd": False,
    "no_network": True,
    "huge_tree": False,
    "remove_comments": True,
}
_NOT_SUPPORTED: Final = (
    "Processing instructions (other than the XML declaration) and DTDs are not supported."
)
_SOAP_12_FOUND: Final = (
    f"The envelope version of the incoming message (Soap12 ({SOAP_12})) does not match that of the "
    f"encoder (Soap11 ({SOAP})). Make sure the binding is configured with the same version as the "
    "expected messages."
)


class NotSoap(Exception):  # noqa: N818 - it says what the bytes are, and nothing went wrong here
    """The bytes are no SOAP 1.1 message; the text says why, in .NET's words where it has some.

    WCF answers 400 without a body.
    """

    def __init__(self, text: str, *, in_body: bool = False) -> None:
        super().__init__(text)
        self.text = text
        self.in_body = in_body
        """The XML broke only after content of the SOAP body had begun. WCF reads bodies late: there
        is a recorded answer of a WCF service to such a message, 500 DeserializationFailed."""


@dataclass(frozen=True, slots=True, eq=False)
class Envelope:
    """A SOAP 1.1 message."""

    headers: tuple[Element, ...]
    body: tuple[Element, ...]
    source: bytes
    """The message in UTF-8, without a byte order mark."""

    def locate(self, element: Element, edge: Edge) -> tuple[int, int]:
        """Line and position of an edge as .NET's reader counts them: bytes of UTF-8, from 1.

        The position is that of the byte behind the edge. A text lasts until the next tag.
        """
        everything = element.getroottree().getroot().iter(etree.Element)
        number = next(n for n, one in enumerate(everything) if one is element)
        offset = _tag_end(self.source, number, inside=edge in ("start tag", "text inside"))
        if edge.startswith("text"):
            offset = self.source.index(b"<", offset)
        lines = _LINE_END.split(self.source[:offset])
        return len(lines), len(lines[-1]) + 1


def _tag_end(source: bytes, number: int, *, inside: bool) -> int:
    """Offset behind the start tag (`inside`) or the end tag of the element of this number."""
    depth = 0
    started = -1
    outer = -1
    for tag in _TAG.finditer(source):
        if tag[0].startswith(b"</"):
            depth -= 1
        elif not tag[0].startswith(b"<!"):
            started += 1
            if started == number:
                outer = depth
            depth += not tag[0].endswith(b"/>")
        if outer >= 0 and (inside or depth == outer):
            return tag.end()
    raise LookupError(number)


def read_envelope(body: bytes, charset: str | None = None) -> Envelope:
    """Read a message; raises NotSoap.

    `charset` is the one that the content type names, if any. Without it, or when it leaves the
    order of bytes open (`utf-16`), the encoding is read from the bytes.
    """
    text = _decode(body, charset)
    root = _parse(text)
    if root.tag == f"{{{SOAP_12}}}Envelope":
        raise NotSoap(_SOAP_12_FOUND)
    if root.tag != ENVELOPE:
        raise NotSoap(f"The root element is {root.tag}, not {ENVELOPE}.")
    if [part.tag for part in root] not in ([BODY], [HEADER, BODY]):
        raise NotSoap("An envelope holds an optional Header and one Body, nothing else.")
    if is_text(root.text) or any(is_text(part.tail) for part in root):
        raise NotSoap("There is text between the parts of the envelope.")
    headers = tuple(root[0]) if root[0].tag == HEADER else ()
    return Envelope(headers, tuple(root[-1]), text)


def _decode(body: bytes, charset: str | None) -> bytes:
    if len(body) < _SHORTEST:
        raise NotSoap("Unexpected end of file.")
    actual, start = next(
        ((name, length) for mark, name, length in _MARKS if body.startswith(mark)), ("utf-8", 0)
    )
    expected = None if charset is None or charset.lower() == "utf-16" else charset.lower()
    if expected not in (None, actual):
        raise NotSoap(
            f"The expected encoding '{_NAMES.get(expected or '', charset)}' does not match the "
            f"actual encoding '{_NAMES[actual]}'."
        )
    text = body[start:]
    if actual != "utf-8":
        try:
            text = text.decode(actual).encode()
        except UnicodeDecodeError:
            raise NotSoap("Invalid byte encoding.") from None
    _check_declaration(text, actual, required=expected is None and actual != "utf-8")
    return text


def _check_declaration(text: bytes, actual: str, *, required: bool) -> None:
    """Hold the XML declaration against the encoding that the bytes showed.

    Other encodings than UTF-8 and UTF-16 end here: `windows-1250` is refused although any parser
    could read it.
    """
    declaration = _DECLARATION.match(text)
    if declaration and not _VERSION.search(declaration[0]):
        raise NotSoap("XML version must be '1.0'.")
    found = declaration and _DECLARED.search(declaration[0])
    if not found:
        if required:
            raise NotSoap(
                "An XML declaration with an encoding is required for all non-UTF8 documents."
            )
        return
    name = found[1].decode("ascii", "replace")
    if name.lower() not in (actual, "utf-16" if actual != "utf-8" else actual):
        raise NotSoap(
            f"The encoding in the declaration '{name}' does not match the encoding of the "
            f"document '{_NAMES[actual]}'."
        )


def _parse(text: bytes) -> Element:
    declaration = _DECLARATION.match(text)
    prolog = _PROLOG.match(text, declaration.end() if declaration else 0)
    if prolog and text[prolog.end() : prolog.end() + 2] in (b"<!", b"<?"):
        # A DTD can stand nowhere else, so no parser ever sees one: neither its entities nor it.
        raise NotSoap(_NOT_SUPPORTED)
    try:
        root = etree.fromstring(text, etree.XMLParser(**_HARDENED))
    except etree.XMLSyntaxError as error:
        raise NotSoap(str(error), in_body=_broke_in_body(text)) from None
    if prolog and text.find(b"<?", prolog.end()) >= 0:
        for found in (*root.iter(etree.PI), *root.itersiblings(etree.PI)):
            raise NotSoap(_NOT_SUPPORTED, in_body=BODY in {up.tag for up in found.iterancestors()})
    return root


def _broke_in_body(text: bytes) -> bool:
    parser = etree.XMLPullParser(("start",), **_HARDENED)
    with suppress(etree.XMLSyntaxError):
        parser.feed(text)
        parser.close()
    started: list[Any] = list(parser.read_events())  # Any: lxml-stubs list all kinds of events.
    return any(element.tag == BODY for _, element in started[:-1])


def not_understood(
    headers: Sequence[Element], understood: Collection[str] = ()
) -> tuple[str, str] | None:
    """Name and namespace of the first header that must be understood and is not.

    `understood` are Clark names. Who the header is addressed to (`actor`) does not matter to WCF.
    """
    for header in headers:
        if header.tag not in understood and _must_be_understood(header):
            name = etree.QName(header)
            return name.localname, name.namespace or ""
    return None


def _must_be_understood(header: Element) -> bool:
    try:
        return to_boolean(header.get(_MUST_UNDERSTAND, "0"))
    except ConversionError:
        return False


def answer(content: Element) -> bytes:
    """A message with this one element in its body: one line, no XML declaration, no Header."""
    return _OPEN + _serialise(content) + _CLOSE


def fault(code: str, namespace: str, text: str, lang: str) -> bytes:
    """A message with a fault.

    `code` is written as it is, `s:Client` or `a:ActionNotSupported`, even when it is no name at
    all. `namespace` is what its prefix is bound to; empty: nothing to bind, the prefix is `s`.
    """
    envelope = etree.Element(ENVELOPE, nsmap={"s": SOAP})
    place = etree.SubElement(etree.SubElement(envelope, BODY), f"{{{SOAP}}}Fault")
    scope = {code.partition(":")[0]: namespace} if namespace else None
    etree.SubElement(place, "faultcode", nsmap=scope).text = xml_text(code)
    reason = etree.SubElement(place, "faultstring")
    reason.set(_LANG, lang)
    reason.text = xml_text(text)
    return _serialise(envelope)


def _serialise(element: Element) -> bytes:
    """Bytes as WCF's writer makes them: `<x/>` without a space, CR as a hexadecimal reference.

    The examples printed in documents show `<x />`, which is how a test client displays them.
    """
    written = etree.tostring(element, encoding="utf-8", xml_declaration=False, with_tail=False)
    return written.replace(b"&#13;", b"&#xD;")
