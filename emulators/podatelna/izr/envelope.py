"""Envelopes of the gateway, vOKO v02.00: requests read, answers and faults written.

Names of elements, their order and occurrence are those of the gateway's public WSDLs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from podatelna.izr.decoding import NotDecodableError, to_utf8
from podatelna.izr.model import Tree
from podatelna.izr.tokens import NAMESPACE as WSS
from podatelna.kernel.reading import Element
from podatelna.kernel.soap import BODY, ENVELOPE, HEADER, SOAP
from podatelna.kernel.xmlconvert import Moment, date_time_text, xml_text

VOKO = "http://www.pds.eu/vOKO/v0200"
TOKEN = f"{{{WSS}}}Token"

_LOGIN = re.compile(r"(?:^|,)\s*cn\s*=\s*([^,]+)", re.IGNORECASE)
_LONGEST_ID, _LONGEST_SERVICE = 100, 15
"""Characters that the schema allows for RequestID and vOKOid."""
_HEAD = f'<?xml version="1.0" encoding="utf-8"?>\n<SOAP:Envelope xmlns:SOAP="{SOAP}"><SOAP:Body>'
_TAIL = "</SOAP:Body></SOAP:Envelope>"
_HARDENED: Final[dict[str, Any]] = {
    "encoding": "utf-8",
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


class NotVoko(ValueError):  # noqa: N818 - it says what the bytes are; nothing went wrong here
    """The bytes are no request of the gateway; the text says why."""


@dataclass(frozen=True, slots=True, eq=False)
class Message:
    """A request to a service."""

    source: bytes
    """As it came, but in UTF-8."""
    request: Element
    """The `vOKO:Request`."""
    service: str
    """vOKOid"""
    dn: str
    certificate: str
    """certificateSN; callers without one send "#NEDEF" (public C# caller)."""
    token: str
    token_type: str
    subject: str
    """IDSZR"""
    request_id: str | None
    payload: Element | None
    """What RequestContent holds."""
    namespace: str
    """Of the payload; "" for none."""

    @property
    def login(self) -> str:
        """The first cn of the distinguished name, for example 99sandbox."""
        found = _LOGIN.search(self.dn)
        return (found[1] if found else self.dn).strip()


@dataclass(frozen=True, slots=True)
class Stamp:
    """What each answer carries of its own."""

    sid: str
    at: datetime
    """In the agency's zone."""
    server: str

    @property
    def time(self) -> str:
        """As .NET writes it, with the zone."""
        offset = (self.at.utcoffset() or timedelta()) // timedelta(minutes=1)
        return date_time_text(Moment(self.at.date(), self.at.time(), offset))


def read_message(body: bytes) -> Message:
    """A request as it came. Raises NotVoko."""
    source = _decoded(body)
    root = _parsed(source)
    request = _request_of(root)
    key = request.find(_voko("UIDkey"))
    token = root.find(f"{HEADER}/{TOKEN}")
    subject = request.find(f"{_voko('RequestHeader')}/{_voko('Subject')}")
    content = request.find(_voko("RequestContent"))
    payload = None if content is None else next(iter(content), None)
    return Message(
        source=source,
        request=request,
        service=request.get("vOKOid", ""),
        dn="" if key is None else key.get("dn", ""),
        certificate="" if key is None else key.get("certificateSN", ""),
        token="" if token is None else (token.text or "").strip(),
        token_type="" if token is None else token.get("type", ""),
        subject="" if subject is None else subject.get("subjectID", ""),
        request_id=request.findtext(f"{_voko('RequestHeader')}/{_voko('RequestID')}"),
        payload=payload,
        namespace="" if payload is None else etree.QName(payload).namespace or "",
    )


def _decoded(body: bytes) -> bytes:
    try:
        return to_utf8(body)
    except NotDecodableError as error:
        raise NotVoko(str(error)) from None


def _parsed(source: bytes) -> Element:
    try:
        root = etree.fromstring(source, etree.XMLParser(**_HARDENED))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotVoko(str(error)) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotVoko("a document type declaration is not allowed in SOAP")
    return root


def _request_of(root: Element) -> Element:
    if root.tag != ENVELOPE:
        raise NotVoko(f"the root element is {root.tag}, not {ENVELOPE}")
    if any(root.index(header) for header in root.iterfind(HEADER)):
        raise NotVoko("a SOAP Header is the first element of the Envelope (SOAP 1.1, 4.2)")
    bodies = root.findall(BODY)
    inside = list(bodies[0]) if len(bodies) == 1 else []
    if len(inside) != 1 or inside[0].tag != _voko("Request"):
        raise NotVoko(f"there must be one SOAP Body, and in it one {_voko('Request')}, alone")
    return inside[0]


# -- answers


def response(message: Message, stamp: Stamp, content: Tree) -> bytes:
    """An answer. Its payload declares the caller's namespace as the default on `Response` itself,
    where a public client looks for it."""
    service, sid = _value(message.service), _value(stamp.sid)
    about = ""
    if message.request_id is not None:
        copied = _text(message.request_id)
        about = (
            f"<vOKO:ResponseHeader><vOKO:RequestID>{copied}</vOKO:RequestID></vOKO:ResponseHeader>"
        )
    parts = (
        f'{_HEAD}<vOKO:Response xmlns:vOKO="{VOKO}" vOKOid={service} SID={sid}>',
        f"<vOKO:SRVid serverID={_value(stamp.server)} />",
        f'<vOKO:TimeStamp type="base">{stamp.time}</vOKO:TimeStamp>{about}',
        f"<vOKO:ResponseContent><Response xmlns={_value(message.namespace)}>",
        *_written(content),
        f"</Response></vOKO:ResponseContent></vOKO:Response>{_TAIL}",
    )
    return "".join(parts).encode()


@dataclass(frozen=True, slots=True)
class Fault:
    """An error as the gateway tells it."""

    faultcode: str
    """SOAP:Server or SOAP:Client."""
    code: str
    text: str
    inner: Tree = ()
    """The structured error of the source system: one element, in the caller's namespace."""


def fault(message: Message | None, stamp: Stamp, error: Fault) -> bytes:
    """A fault with `vOKO:Error` as its detail. Without a message the caller is not known."""
    parts = [
        f'{_fault_head(error)}<detail><vOKO:Error xmlns:vOKO="{VOKO}">',
        f"<vOKO:ErrorCode>{_text(error.code)}</vOKO:ErrorCode>",
        f"<vOKO:ErrorDescription>{_text(error.text)}</vOKO:ErrorDescription>",
        f"<vOKO:DateTime>{stamp.time}</vOKO:DateTime><vOKO:SID>{_text(stamp.sid)}</vOKO:SID>",
    ]
    if message and message.request_id is not None:
        copied = _text(message.request_id[:_LONGEST_ID])
        parts.append(f"<vOKO:RequestID>{copied}</vOKO:RequestID>")
    parts.append(f"<vOKO:SRVid serverID={_value(stamp.server)} />")
    if message and message.service:
        parts.append(f"<vOKO:vOKOid>{_text(message.service[:_LONGEST_SERVICE])}</vOKO:vOKOid>")
    if message and error.inner:
        inner = "".join(_written(error.inner, f" xmlns={_value(message.namespace)}"))
        parts.append(f"<vOKO:InnerException>{inner}</vOKO:InnerException>")
    parts.append(f"</vOKO:Error></detail></SOAP:Fault>{_TAIL}")
    return "".join(parts).encode()


def plain_fault(error: Fault) -> bytes:
    """A fault without detail, of a server that cannot even tell the time."""
    return f"{_fault_head(error)}</SOAP:Fault>{_TAIL}".encode()


def _fault_head(error: Fault) -> str:
    return (
        f"{_HEAD}<SOAP:Fault><faultcode>{_text(error.faultcode)}</faultcode>"
        f"<faultstring>{_text(error.text)}</faultstring>"
    )


def _written(content: Tree, declared: str = "") -> Iterator[str]:
    """Elements without prefixes; what is `declared` stands on each of the outermost."""
    for name, inside in content:
        if not inside:
            yield f"<{name}{declared} />"
        elif isinstance(inside, str):
            yield f"<{name}{declared}>{_text(inside)}</{name}>"
        else:
            yield f"<{name}{declared}>"
            yield from _written(inside)
            yield f"</{name}>"


def _text(text: str) -> str:
    return escape(xml_text(text), {"\r": "&#xD;"})


def _value(text: str) -> str:
    return quoteattr(xml_text(text))


def _voko(name: str) -> str:
    return f"{{{VOKO}}}{name}"
