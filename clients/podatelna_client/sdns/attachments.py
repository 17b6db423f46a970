"""SOAP with attachments, as the query service speaks it: an envelope and one file."""

import re
from base64 import b64decode, encodebytes
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from podatelna_client import soap
from podatelna_client.sdns.exchange import ENCODED
from podatelna_client.soap import Unreadable

Framing = Literal["mime", "observed", "raw", "inline"]
"""How the parameters of a query travel. mime: an attachment in Base64, all as MIME wants it;
observed: with bare line feeds and `start` without brackets, as a client of the time sent it; raw:
an attachment of eight-bit octets; inline: no attachment, but Base64 in the envelope."""

QUERIES = "EwiQueryWS"
_XSD = "http://www.w3.org/2001/XMLSchema"
_BOUNDARY = "----=_Boundary"
_CID = "zbrnda.txt"
_PARAMETER = re.compile(r';\s*([\w-]+)\s*=\s*(?:"([^"]*)"|([^\s;"]*))')
_BLANK_LINE = re.compile(rb"\r?\n[ \t]*\r?\n")


@dataclass(frozen=True, slots=True)
class Request:
    """A message and the type that HTTP gives it."""

    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    """Its Content-ID, without brackets."""
    content: bytes


def envelope(method: str, query: str, parameters: str = "") -> bytes:
    """The SOAP of both methods; `parameters` is the element that carries them."""
    return (
        "<?xml version='1.0' encoding='utf-8'?>\n"
        f'<SOAP-ENV:Envelope xmlns:SOAP-ENV="{soap.ENVELOPE}" xmlns:xsi="{soap.XSI}" '
        f'xmlns:xsd="{_XSD}">\n<SOAP-ENV:Body>\n'
        f'<ns1:{method} xmlns:ns1="{QUERIES}" SOAP-ENV:encodingStyle="{ENCODED}">\n'
        f'<queryType xsi:type="xsd:string">{query}</queryType>\n{parameters}'
        f"</ns1:{method}>\n</SOAP-ENV:Body>\n</SOAP-ENV:Envelope>\n"
    ).encode()


def asking(query: str, parameters: bytes, framing: Framing = "mime") -> Request:
    """The request performQuery with its parameters."""
    if framing == "inline":
        inside = encodebytes(parameters).decode()
        element = f'<xmlParam xsi:type="xsd:base64Binary">{inside}</xmlParam>\n'
        return Request("text/xml; charset=utf-8", envelope("performQuery", query, element))
    message = envelope("performQuery", query, f'<xmlParam href="cid:{_CID}"/>\n')
    return _related(message, parameters, framing)


def attachment(content_type: str, body: bytes) -> bytes:
    """The file that an answer brings. Raises Unreadable."""
    boundary = _parameters(content_type).get("boundary")
    if not boundary:
        raise Unreadable("the type multipart/related has no boundary")
    parts = _parts(body, boundary.encode())
    if not parts:
        raise Unreadable("there is not one part in it")
    href = _reference(parts[0].content)
    found = next((part for part in parts[1:] if part.name == href), None)
    if found is None:
        raise Unreadable(f"it has no attachment {href!r}")
    return found.content


def inside(content: etree._Element) -> bytes:
    """The file that stands in an envelope itself, in Base64. Raises Unreadable."""
    returned = next(content.iterchildren(etree.Element), None)
    if returned is None or not returned.text:
        raise Unreadable("it brings nothing")
    try:
        return b64decode(returned.text)
    except ValueError as error:
        raise Unreadable(f"return is no Base64: {error}") from error


def is_related(content_type: str) -> bool:
    """Whether it is a message with attachments."""
    return content_type.lower().lstrip().startswith("multipart/")


def first_part(content_type: str, body: bytes) -> bytes:
    """The envelope of a message with attachments; of another message all of it."""
    boundary = _parameters(content_type).get("boundary")
    parts = _parts(body, boundary.encode()) if boundary and is_related(content_type) else ()
    return parts[0].content if parts else body


def _related(message: bytes, parameters: bytes, framing: Framing) -> Request:
    observed = framing == "observed"
    end, start = ("\n", "Part1") if observed else ("\r\n", "<Part1>")
    encoded = parameters if framing == "raw" else encodebytes(parameters).replace(b"\n", b"\r\n")
    heads = (
        ("text/xml; charset=utf-8", "8bit", "Part1", None, message),
        (
            'application/octet-stream; name="performQuery.txt"',
            "8bit" if framing == "raw" else "base64",
            _CID,
            'attachment; filename="performQuery.txt"',
            encoded,
        ),
    )
    body = b"".join(_part(head, end) for head in heads)
    content_type = f'multipart/related; type="text/xml"; start="{start}"; boundary="{_BOUNDARY}"'
    return Request(content_type, body + f"--{_BOUNDARY}--{end}".encode())


def _part(head: tuple[str, str, str, str | None, bytes], end: str) -> bytes:
    kind, encoding, name, disposition, content = head
    lines = [
        f"--{_BOUNDARY}",
        f"Content-Type: {kind}",
        f"Content-Transfer-Encoding: {encoding}",
        f"Content-ID: <{name}>",
        *([f"Content-Disposition: {disposition}"] if disposition else []),
        f"Content-Length: {len(content)}",
        "",
        "",
    ]
    return end.join(lines).encode() + content + end.encode()


def _parameters(content_type: str) -> dict[str, str]:
    found = _PARAMETER.finditer(content_type)
    return {match[1].lower(): match[2] or match[3] or "" for match in found}


def _parts(body: bytes, boundary: bytes) -> tuple[_Part, ...]:
    # A boundary stands at the beginning of a line, and the line end before it belongs to it.
    pieces = re.split(rb"(?:^|\r?\n)--" + re.escape(boundary) + rb"(?=-*[ \t]*(?:\r?\n|$))", body)
    return tuple(_read(piece) for piece in pieces[1:] if not piece.startswith(b"--"))


def _read(piece: bytes) -> _Part:
    head, content = [*_BLANK_LINE.split(piece, maxsplit=1), b""][:2]
    lines = (line.partition(":") for line in head.decode("latin-1").splitlines())
    fields = {name.strip().lower(): value.strip() for name, _, value in lines}
    if fields.get("content-transfer-encoding", "").lower() == "base64":
        try:
            content = b64decode(content)
        except ValueError as error:
            raise Unreadable(f"an attachment is no Base64: {error}") from error
    return _Part(fields.get("content-id", "").strip("<>"), content)


def _reference(message: bytes) -> str:
    """What the return of an envelope refers to."""
    content = soap.read(message)
    if isinstance(content, soap.Fault):
        raise Unreadable(f"a fault with an attachment: {content.text}")
    returned = next(content.iterchildren(etree.Element), None)
    href = "" if returned is None else returned.get("href", "")
    if not href.startswith("cid:"):
        raise Unreadable("return does not refer to an attachment")
    return href.removeprefix("cid:")
