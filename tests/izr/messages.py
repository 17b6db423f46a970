"""Messages for the gateway, signed without any code of the emulator."""

from base64 import b64encode
from hashlib import sha1, sha512
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
VOKO = "http://www.pds.eu/vOKO/v0200"
WSS = "http://www.pds.eu/vOKO/v0200/wss"
LOGIN, KEY, SUBJECT = "99sandbox", "Sandbox0Key0Example1", "1000000001"
NAMES = {"s": SOAP, "v": VOKO}
MOVE = (
    "<JenOverit>true</JenOverit><HLASENI><PROVOZOVNA>12345678</PROVOZOVNA><CISLOOP>123456789"
    "</CISLOOP><ZVIRATA><ZVIRE><USNIZNAMKA>CZ0000012345126</USNIZNAMKA><DRUH>OVC</DRUH>"
    "<DATUMPREMISTENI>2025-05-02T00:00:00</DATUMPREMISTENI></ZVIRE></ZVIRATA></HLASENI>"
)
"""Of IZR_ODH01B."""
HOLDINGS = "<STAVPROVOZOVNY>A</STAVPROVOZOVNY><TYPPROVOZOVNY>H</TYPPROVOZOVNY>"
"""Of IZR_PRO01B."""


def dn_of(login: str) -> str:
    return f"cn={login},cn=Farmar,cn=Users,o=mze,c=cz"


def uidkey(dn: str = dn_of(LOGIN), **attributes: str) -> str:
    more = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return f"<v:UIDkey dn={quoteattr(dn)}{more}/>"


def header(request_id: str | None = "r/1", subject: str | None = SUBJECT) -> str:
    inside = "" if request_id is None else f"<v:RequestID>{escape(request_id)}</v:RequestID>"
    inside += "" if subject is None else f"<v:Subject subjectID={quoteattr(subject)}/>"
    return f"<v:RequestHeader>{inside}</v:RequestHeader>"


def body(
    payload: str = MOVE, service: str = "IZR_ODH01B", head: str | None = None, namespace: str = ""
) -> str:
    """A SOAP Body. `head` is what stands before RequestContent; `namespace` that of the payload,
    which is the service's own without it."""
    about = uidkey() + header() if head is None else head
    of = quoteattr(namespace or f"http://www.pds.eu/{service}")
    return (
        f'<s:Body xmlns:s="{SOAP}"><v:Request xmlns:v="{VOKO}" vOKOid={quoteattr(service)}>{about}'
        f"<v:RequestContent><Request xmlns={of}>{payload}</Request></v:RequestContent>"
        "</v:Request></s:Body>"
    )


def token_of(body: str, key: str = KEY) -> str:
    """Of the exclusive form; that is the reference form too where no declaration is idle."""
    octets = etree.tostring(etree.fromstring(body.encode()), method="c14n", exclusive=True)
    return b64encode(sha512(octets + sha1(key.encode()).digest()).digest()).decode()


def token_element(token: str, kind: str = "A01") -> str:
    return f'<w:Token xmlns:w="{WSS}" type={quoteattr(kind)}>{token}</w:Token>'


def envelope(body: str, header: str = "") -> bytes:
    return (
        f'<s:Envelope xmlns:s="{SOAP}"><s:Header>{header}</s:Header>{body}</s:Envelope>'
    ).encode()


def signed(body: str, key: str = KEY) -> bytes:
    return envelope(body, token_element(token_of(body, key)))


def move(payload: str = MOVE, **about: Any) -> bytes:
    """A signed message to IZR_ODH01B."""
    return signed(body(payload, **about))


def anonymous(payload: str = HOLDINGS, service: str = "IZR_PRO01B") -> bytes:
    """A message to a BA service, as public callers send it."""
    return envelope(body(payload, service, head=""))
