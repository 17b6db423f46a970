"""Messages of nobody, or with a token in an odd place. None of them is told what was wrong."""

from tests.izr.hostile.unreadable import BODY, TOKEN
from tests.izr.messages import (
    KEY,
    LOGIN,
    SOAP,
    WSS,
    body,
    dn_of,
    envelope,
    header,
    signed,
    token_element,
    token_of,
    uidkey,
)

_RIGHT = token_of(BODY)
_WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"


def hidden(place: str) -> bytes:
    """A message with this in its Header."""
    return envelope(BODY, place)


def behind(place: str) -> bytes:
    """A message with an empty Header, and this behind its Body."""
    return envelope(BODY).replace(b"</s:Envelope>", place.encode() + b"</s:Envelope>")


def from_login(dn: str, key: str = KEY) -> bytes:
    return signed(body(head=uidkey(dn) + header()), key)


MESSAGES: dict[str, bytes] = {
    "no Header": f'<s:Envelope xmlns:s="{SOAP}">{BODY}</s:Envelope>'.encode(),
    "no token": hidden(""),
    "an empty token": hidden(token_element("")),
    # places
    "a token in a wrapper": hidden(f'<o:Security xmlns:o="{_WSSE}">{TOKEN}</o:Security>'),
    "a token in a token": hidden(f'<w:Token xmlns:w="{WSS}" type="A01">{TOKEN}</w:Token>'),
    "a token in an attribute": hidden(token_element("").replace(">", f' token="{_RIGHT}">', 1)),
    "a token in a comment": hidden(f"<!--{TOKEN}-->"),
    "a token in CDATA": hidden(f"<![CDATA[{TOKEN}]]>"),
    "a token in an instruction": hidden(f"<?token {_RIGHT}?>"),
    "a token for a text": hidden(_RIGHT),
    "a token behind the Body": behind(TOKEN),
    "a token in the payload": envelope(body(TOKEN)),
    # names
    "a token of another namespace": hidden(TOKEN.replace(WSS, "urn:x")),
    "a token in small letters": hidden(TOKEN.replace("w:Token", "w:token")),
    "a token of another type": hidden(TOKEN.replace("A01", "A02")),
    "a token of a type in small letters": hidden(TOKEN.replace("A01", "a01")),
    "a token without a type": hidden(TOKEN.replace(' type="A01"', "")),
    "a type in a namespace": hidden(TOKEN.replace(" type=", " w:type=")),
    # texts
    "a wrong token before the right one": hidden(token_element("A" * 88) + TOKEN),
    "a token in two lines": hidden(token_element(f"{_RIGHT[:40]}\n{_RIGHT[40:]}")),
    "a token with a tag in it": hidden(TOKEN.replace("==", "<x/>==")),
    "a token that is no base64": hidden(token_element("ž" * 88)),
    "a token of a million signs": hidden(token_element("A" * 1_000_000)),
    "a token of another Body": envelope(BODY.replace("12345678<", "12345679<"), TOKEN),
    # logins
    "no UIDkey": signed(body(head=header())),
    "an empty login": from_login(""),
    "a login of commas": from_login("," * 255),
    "a login of names": from_login(", cn = " * 36_000),
    "a login of a database": from_login("cn=' OR 1=1 --"),
    "a login of a million signs": from_login("cn=" + "x" * 1_000_000),
    "an unprintable login": from_login(dn_of("\u202e\u0085\U0001f600")),
    "a login in another attribute": signed(body(head=uidkey("o=mze", email=LOGIN) + header())),
    "a login that is blocked": from_login(dn_of("98blok"), "Sandbox0Key0Example7"),
    # keys
    "another's key": from_login(dn_of(LOGIN), "Sandbox0Key0Example2"),
    "the key in capitals": from_login(dn_of(LOGIN), KEY.upper()),
    "an empty key": from_login(dn_of(LOGIN), ""),
}
