"""The scripted server as the gateway: answers around payloads, faults, and clients that call it."""

from contextlib import ExitStack
from itertools import count
from typing import Any, Self
from xml.sax.saxutils import escape

from lxml import etree

from podatelna_client.izr import IzrClient

LOGIN, KEY, SUBJECT, HOLDING = "99sandbox", "Sandbox0Key0Example1", "1000000001", "12345678"
PATH = "/ssl/nosso-app/EPO/WS/v2Online/vOKOsrv.ashx"
START = 1_746_165_600.0
"""2025-05-02 08:00 in Prague."""
VOKO = "http://www.pds.eu/vOKO/v0200"
NAMES = {
    "s": "http://schemas.xmlsoap.org/soap/envelope/",
    "v": VOKO,
    "w": "http://www.pds.eu/vOKO/v0200/wss",
}
_ENVELOPE = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<SOAP:Envelope xmlns:SOAP="http://schemas.xmlsoap.org/soap/envelope/"><SOAP:Body>'
)
_END = "</SOAP:Body></SOAP:Envelope>"


class Epo:
    """Plays answers, and keeps what its clients sent and how long they waited."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.url = server.url.partition("/ws_uby")[0] + PATH
        self.now = START
        self.pauses: list[float] = []
        self.numbers = count(1)
        self._clients = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self._clients.close()

    def client(self, **options: Any) -> IzrClient:
        """A client of its own; its pauses pass at once."""
        given = {"login": LOGIN, "key": KEY, "subject": SUBJECT, **options}
        client = IzrClient(
            self.url,
            clock=lambda: self.now,
            sleep=self._pause,
            request_ids=lambda: f"sandbox/{next(self.numbers):04}",
            **given,
        )
        return self._clients.enter_context(client)

    def play(self, service: str, payload: str, **answer: Any) -> None:
        """Add an answer: `payload` is what is in the element Response."""
        self.server.play(answered(service, payload), **answer)

    def play_fault(
        self, code: str, text: str, inner: str = "", side: str = "Server", status: int = 500
    ) -> None:
        """Add a fault with a vOKO:Error."""
        self.server.play(fault(code, text, inner, side), status=status)

    def play_true(self, service: str = "IZR_ODH01B") -> None:
        """Add the answer that a report is valid."""
        self.play(service, "<AnyResult>true</AnyResult>")

    @property
    def sent(self) -> etree._Element:
        """The envelope of the last request."""
        return etree.fromstring(self.server.received[-1].body)

    @property
    def payload(self) -> etree._Element:
        """The payload of the last request."""
        return self.found("v:RequestContent/*")[0]

    def found(self, path: str) -> Any:
        """What an XPath finds below vOKO:Request of the last request."""
        return self.sent.xpath(f"s:Body/v:Request/{path}", namespaces=NAMES)

    def plain(self) -> Any:
        """The payload of the last request, as lists of names and texts."""
        return plain(self.payload)

    def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


def plain(element: etree._Element) -> Any:
    """An element's text, or the names and values of what is in it."""
    if len(element) == 0:
        return element.text
    return [(etree.QName(child).localname, plain(child)) for child in element]


def answered(service: str, payload: str, header: str = "", sid: str = "SID-1") -> bytes:
    """A whole answer; the payload's namespace is the default one, as the gateway writes it."""
    return (
        f'{_ENVELOPE}<vOKO:Response xmlns:vOKO="{VOKO}" vOKOid="{service}" SID="{sid}">'
        '<vOKO:SRVid serverID="EPO-1" />'
        '<vOKO:TimeStamp type="base">2025-05-02T08:00:01.2345678+02:00</vOKO:TimeStamp>'
        f"{header}<vOKO:ResponseContent>"
        f'<Response xmlns="http://www.pds.eu/{service}">{payload}</Response>'
        f"</vOKO:ResponseContent></vOKO:Response>{_END}"
    ).encode()


def fault(code: str, text: str, inner: str = "", side: str = "Server") -> bytes:
    """A whole fault."""
    detail = f"<vOKO:InnerException>{inner}</vOKO:InnerException>" if inner else ""
    return (
        f"{_ENVELOPE}<SOAP:Fault><faultcode>SOAP:{side}</faultcode>"
        f"<faultstring>{escape(text)}</faultstring>"
        f'<detail><vOKO:Error xmlns:vOKO="{VOKO}"><vOKO:ErrorCode>{code}</vOKO:ErrorCode>'
        f"<vOKO:ErrorDescription>{escape(text)}</vOKO:ErrorDescription>"
        "<vOKO:DateTime>2025-05-02T08:00:01.2345678+02:00</vOKO:DateTime>"
        "<vOKO:SID>SID-1</vOKO:SID><vOKO:RequestID>sandbox/0001</vOKO:RequestID>"
        '<vOKO:SRVid serverID="EPO-1"/><vOKO:vOKOid>IZR_ODH01B</vOKO:vOKOid>'
        f"{detail}</vOKO:Error></detail></SOAP:Fault>{_END}"
    ).encode()
