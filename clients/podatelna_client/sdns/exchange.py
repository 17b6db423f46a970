"""The call loadData: what goes out around a delivery, and the receipt that comes back."""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import BinaryIO, Protocol
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from lxml import etree

from podatelna_client import soap
from podatelna_client.sdns.errors import InvalidInput, MessageRefused, SoapFault
from podatelna_client.sdns.model import Notice, Receipt

LOCAL_TIME = "Europe/Prague"
ENCODED = "http://schemas.xmlsoap.org/soap/encoding/"

_REFUSALS = range(300, 500)
_OK = 200
# Whole lines of Base64 at once, so that the pieces fit together.
_AT_ONCE = 57 * 16384


class Reply(Protocol):
    """An HTTP answer."""

    @property
    def status(self) -> int: ...
    @property
    def reason(self) -> str: ...
    @property
    def body(self) -> bytes: ...
    @property
    def location(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Shape:
    """One of the two descriptions that the service has; it binds by position."""

    namespace: str
    action: str
    names: tuple[str, ...]


SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        # As the server generated it: real clients used this one.
        "runtime": Shape(
            "urn:com-ness-cz-ewiautom-wsimpl-IZaslaniDat",
            "urn:com-ness-cz-ewiautom-wsimpl-IZaslaniDat/loadData",
            tuple(f"param{position}" for position in range(8)),
        ),
        # As appendix 1 of the programmer's manual prints it.
        "designtime": Shape(
            "ZaslaniDat",
            "",
            (
                "filename",
                "username",
                "password",
                "zipmethod",
                "signaturemethod",
                "inputdata",
                "language",
                "country",
            ),
        ),
    }
)
_DATA = 5
"""The position of the data among the parameters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """The parameters of loadData, but for the data. None leaves a parameter out."""

    filename: str | None
    username: str | None
    password: str | None
    zipmethod: str | None
    signaturemethod: str | None
    language: str | None
    country: str | None

    def values(self) -> tuple[str | None, ...]:
        """In the order of the description; "" stands where the data go."""
        who = (self.filename, self.username, self.password)
        return (*who, self.zipmethod, self.signaturemethod, "", self.language, self.country)


def shape_named(name: str) -> Shape:
    """One of the two. Raises InvalidInput."""
    if name not in SHAPES:
        raise InvalidInput(f"the shape is one of {', '.join(SHAPES)}, not {name!r}")
    return SHAPES[name]


def headers(shape: Shape) -> dict[str, str]:
    """Those of HTTP."""
    return {
        "Accept": "text/xml",
        "Content-Type": "text/xml; charset=utf-8",
        "SOAPAction": f'"{shape.action}"',
    }


def write(call: Call, data: BinaryIO, shape: Shape, out: BinaryIO) -> None:
    """The whole request; the data from where they stand. Raises InvalidInput."""
    for octets in _request(call, data, shape):
        out.write(octets)


def read(reply: Reply) -> Receipt:
    """The receipt. Raises MessageRefused, SoapFault or Unreadable."""
    content = payload(reply)
    returned = next(content.iterchildren(etree.Element), None)
    if returned is None:
        raise soap.Unreadable(f"{content.tag} has no return")
    return receipt(soap.text_of(returned) or "")


def payload(reply: Reply) -> etree._Element:
    """What the envelope of an answer holds. Raises MessageRefused, SoapFault or Unreadable."""
    try:
        content = soap.read(reply.body)
    except soap.Unreadable:
        if reply.status in _REFUSALS:
            raise MessageRefused(reply.status, reply.reason, reply.location) from None
        raise
    if isinstance(content, soap.Fault):
        raise SoapFault(content.code, content.text, reply.status)
    if reply.status != _OK:
        raise soap.Unreadable("it says that all went well")
    return content


def receipt(text: str) -> Receipt:
    """A LoadDataResponse. Raises Unreadable."""
    root = _document(text)
    status = root.find("status")
    if root.tag != "LoadDataResponse" or status is None:
        raise soap.Unreadable(f"{root.tag} is no LoadDataResponse with a status")
    return Receipt(
        filename=root.findtext("filename") or "",
        category=status.get("category", ""),
        code=status.get("code", ""),
        request_received=_moment(root.findtext("requestReceived")),
        response_sent=_moment(root.findtext("responseSent")),
        messages=tuple(
            Notice(each.get("type", ""), each.get("value", ""))
            for each in status.iterfind("messages/message")
        ),
    )


def document(octets: bytes) -> etree._Element:
    """An XML document; the type declaration that it may have is not followed."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(octets, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise soap.Unreadable(f"not XML: {error}") from error


def _request(call: Call, data: BinaryIO, shape: Shape) -> Iterator[bytes]:
    yield (
        f'<?xml version="1.0" encoding="utf-8"?>\n<s:Envelope xmlns:s="{soap.ENVELOPE}">'
        f'<s:Body s:encodingStyle="{ENCODED}" xmlns:xsi="{soap.XSI}" '
        'xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
        f'<q1:loadData xmlns:q1="{shape.namespace}">'
    ).encode()
    for position, (name, value) in enumerate(zip(shape.names, call.values(), strict=True)):
        if position == _DATA:
            yield f'<{name} xsi:type="xsd:base64Binary">'.encode()
            while octets := data.read(_AT_ONCE):
                yield b64encode(octets)
            yield f"</{name}>".encode()
        elif value is not None:
            yield f'<{name} xsi:type="xsd:string">{_written(name, value)}</{name}>'.encode()
    yield b"</q1:loadData></s:Body></s:Envelope>"


def _written(name: str, value: str) -> str:
    try:
        return escape(soap.writable(value), {"\r": "&#13;"})
    except ValueError as error:
        raise InvalidInput(f"{name}: {error}") from error


def _document(text: str) -> etree._Element:
    stripped = text.strip()
    if stripped.startswith("<"):
        # The text is Unicode already, whatever its declaration says.
        return document(_DECLARATION.sub("", stripped).encode())
    # Base64, says the manual; what came in practice was the document itself.
    try:
        return document(b64decode(stripped, validate=True))
    except ValueError as error:
        raise soap.Unreadable(f"return holds no document: {error}") from error


_DECLARATION = re.compile(r"^<\?xml\s[^>]*\?>")


def _moment(text: str | None) -> datetime | None:
    """dd.MM.yyyy HH:mm:ss,SSS in the local time of the bank's server."""
    try:
        read = datetime.strptime((text or "").strip(), "%d.%m.%Y %H:%M:%S,%f")  # noqa: DTZ007 - see below
    except ValueError:
        return None
    return read.replace(tzinfo=ZoneInfo(LOCAL_TIME))
