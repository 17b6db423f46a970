"""The envelope vOKO v02.00: what goes out around a payload, and what comes back around one."""

from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn, Protocol

from lxml import etree

from podatelna_client import soap
from podatelna_client.izr import signing
from podatelna_client.izr.access import Access
from podatelna_client.izr.errors import InvalidInput, MessageRefused
from podatelna_client.izr.faults import refusal
from podatelna_client.izr.item import Item, local_name

VOKO = "http://www.pds.eu/vOKO/v0200"

_REFUSALS = range(300, 500)
_OK = 200


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What a request says besides its payload."""

    service: str
    request_id: str
    at: datetime
    signed: bool
    """Services without authorisation need nothing but the payload."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a service answered."""

    service: str
    content: Item
    """The element Response of the payload."""
    sid: str
    """The gateway's id of the exchange: for the help desk."""
    request_id: str
    """As the gateway copied it from the request; empty if there was none."""
    server_id: str
    at: datetime | None


def write(envelope: Envelope, payload: etree._Element, access: Access) -> bytes:
    """A message in UTF-8, on one line, as far as the payload is. Raises InvalidInput."""
    root = etree.Element(f"{{{soap.ENVELOPE}}}Envelope", nsmap={"SOAP": soap.ENVELOPE})
    etree.SubElement(root, f"{{{soap.ENVELOPE}}}Header")
    body = etree.SubElement(root, f"{{{soap.ENVELOPE}}}Body")
    request = etree.SubElement(body, f"{{{VOKO}}}Request", nsmap={"vOKO": VOKO})
    request.set("vOKOid", envelope.service)
    if envelope.signed:
        _write_caller(request, envelope, access)
    copied = deepcopy(payload)
    # Text behind the element belongs to where it came from.
    copied.tail = None
    _child(request, "RequestContent").append(copied)
    if envelope.signed and access.key_hash is not None:
        signing.add_token(root, access.key_hash)
    return etree.tostring(root, encoding="utf-8", xml_declaration=False)


def read(reply: Reply, envelope: Envelope, payload: etree._Element) -> Answer:
    """The answer to a request. Raises MessageRefused, a Refusal, or Unreadable."""
    try:
        content = soap.read(reply.body)
    except soap.Unreadable:
        if reply.status in _REFUSALS:
            raise MessageRefused(reply.status, reply.reason, reply.location) from None
        raise
    if isinstance(content, soap.Fault):
        raise refusal(content, reply.status, payload)
    if reply.status != _OK:
        raise soap.Unreadable("it says that all went well")
    return _answer(content, envelope)


def _answer(content: etree._Element, envelope: Envelope) -> Answer:
    if content.tag != f"{{{VOKO}}}Response":
        raise soap.Unreadable(f"{content.tag} is not the gateway's Response")
    response = Item(content)
    service, header = content.get("vOKOid", ""), response.item("ResponseHeader")
    request_id = "" if header is None else header.text("RequestID", "")
    if service != envelope.service:
        _belongs_elsewhere("service", service, envelope.service)
    if envelope.signed and request_id not in ("", envelope.request_id):
        _belongs_elsewhere("request", request_id, envelope.request_id)
    server = response.item("SRVid")
    return Answer(
        service=service,
        content=_payload(response),
        sid=content.get("SID", ""),
        request_id=request_id,
        server_id="" if server is None else server.element.get("serverID", ""),
        at=response.moment_if_any("TimeStamp"),
    )


def _payload(response: Item) -> Item:
    around = response.item("ResponseContent")
    found = () if around is None else around.children
    if len(found) != 1 or local_name(found[0].element) != "Response":
        raise soap.Unreadable("ResponseContent does not hold exactly one Response")
    return Item(found[0].element)


def _belongs_elsewhere(what: str, came: str, asked: str) -> NoReturn:
    raise soap.Unreadable(f"it answers the {what} {came!r}, not {asked!r}")


def _write_caller(request: etree._Element, envelope: Envelope, access: Access) -> None:
    _child(request, "UIDkey", dn=access.dn, **_certificate(access))
    stamp = _child(request, "TimeStamp", type="base")
    stamp.text = envelope.at.isoformat(timespec="seconds")
    application, version = access.application
    _child(_child(request, "AppInfo"), "AppModule", id=application, version=version)
    header = _child(request, "RequestHeader")
    _child(header, "RequestID").text = envelope.request_id
    if access.subject:
        _child(header, "Subject", subjectID=access.subject)


def _certificate(access: Access) -> dict[str, str]:
    return {} if access.certificate is None else {"certificateSN": access.certificate}


def _child(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    try:
        return etree.SubElement(parent, f"{{{VOKO}}}{name}", attributes)
    except ValueError as error:
        raise InvalidInput(f"{name}: {error}") from error
