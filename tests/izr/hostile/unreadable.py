"""What is no message of the gateway: refused before anybody is asked who sends it."""

from tests.izr.messages import (
    MOVE,
    SOAP,
    VOKO,
    body,
    envelope,
    move,
    token_element,
    token_of,
)

FINE = move()
BODY = body()
TOKEN = token_element(token_of(BODY))
CARD = b"123456789"
_REQUEST = f'<v:Request xmlns:v="{VOKO}" vOKOid="IZR_ODH01B"/>'
_OPEN = f'<s:Envelope xmlns:s="{SOAP}">'
_CZECH = "<ULICE>Žižkova říční</ULICE>"
"""Letters that every Czech encoding has, and nobody lives there."""
_LAUGHS = "".join(
    f'<!ENTITY {name} "{("&" + before + ";") * 10}">'
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def bombs(stranger: str) -> dict[str, bytes]:
    """Messages that would have a naive parser read files, call `stranger`, or fill the memory."""
    types = {
        "billion laughs": f'<!ENTITY a "ha">{_LAUGHS}<!ENTITY x "&i;">',
        "quadratic blow-up": f'<!ENTITY x "{"x" * 20_000}">',
        "external file": '<!ENTITY x SYSTEM "file:///etc/passwd">',
        "external address": f'<!ENTITY x SYSTEM "{stranger}/entity">',
        "parameter entity": f'<!ENTITY % p SYSTEM "{stranger}/p">%p;<!ENTITY x "">',
        "recursion": '<!ENTITY x "&x;">',
        "unparsed entity": f'<!NOTATION n SYSTEM "{stranger}/n"><!ENTITY x SYSTEM "x" NDATA n>',
        "undeclared entity": "",
        "attributes by default": f'<!ATTLIST w:Token type CDATA "A01" x CDATA "{"y" * 9_000}">',
    }
    inside = body(MOVE.replace("123456789", "&x;"))
    found = {
        name: f"<!DOCTYPE s [{declared}]>".encode() + envelope(inside, TOKEN)
        for name, declared in types.items()
    }
    outside = f'<!DOCTYPE s SYSTEM "{stranger}/dtd">'.encode()
    return found | {
        "quadratic blow-up": found["quadratic blow-up"].replace(b"&x;", b"&x;" * 9_000),
        "external document type": outside + FINE,
        "document type by name": f'<!DOCTYPE s PUBLIC "-//x" "{stranger}">'.encode() + FINE,
        "document type behind comments": b"<!---->" * 5_000 + outside + FINE,
        "document type in UTF-16": ("<!DOCTYPE s>" + FINE.decode()).encode("utf-16"),
    }


def in_body(inside: str) -> bytes:
    """An unsigned message."""
    return envelope(f"<s:Body>{inside}</s:Body>")


def declared(encoding: str, used: str | None = None) -> bytes:
    """A good message that declares its encoding, and has been written in it or in another one."""
    czech = move(MOVE.replace("<ZVIRATA>", f"{_CZECH}<ZVIRATA>", 1)).decode()
    return f'<?xml version="1.0" encoding="{encoding}"?>{czech}'.encode(used or encoding)


MESSAGES: dict[str, bytes] = {
    "nothing": b"",
    "blanks": b" \r\n",
    "no XML": b'{"Request": {}}',
    "a form": b"vOKOid=IZR_ODH01B&request=x",
    "all bytes": bytes(range(256)) * 64,
    "zeros": b"\x00" * 4096,
    "cut short": FINE[:-30],
    "cut in the head": FINE[:30],
    "two documents": FINE * 2,
    "text behind": FINE + b"x",
    # characters
    "NUL behind": FINE + b"\x00",
    "NUL inside": FINE.replace(CARD, b"1\x002"),
    "NUL as a reference": FINE.replace(CARD, b"1&#0;2"),
    "a control character": FINE.replace(CARD, b"1\x012"),
    "no character": FINE.replace(CARD, "1\uffff2".encode()),
    "no UTF-8": FINE.replace(CARD, b"\xe1"),
    "overlong UTF-8": FINE.replace(CARD, b"\xc0\xaf"),
    "a surrogate as UTF-8": FINE.replace(CARD, b"\xed\xa0\x80"),
    "a surrogate as a reference": FINE.replace(CARD, b"&#xD800;"),
    "half a character of UTF-16": FINE.decode().encode("utf-16") + b"<",
    "a lone surrogate in UTF-16": FINE.decode().encode("utf-16").replace(b"1\x00", b"\x00\xd8"),
    "UTF-32": FINE.decode().encode("utf-32"),
    "UTF-7": declared("utf-7"),
    "EBCDIC": FINE.decode().encode("cp037"),
    "UTF-8 said to be UTF-16": declared("utf-16", "utf-8"),
    "windows-1250 said to be UTF-8": declared("utf-8", "cp1250"),
    "an encoding that nobody knows": declared("x-unknown", "utf-8"),
    "an encoding of no text": declared("hex", "utf-8"),
    # XML
    "undeclared entity": in_body("&nbsp;"),
    "undeclared prefix": in_body("<q:x/>"),
    "undeclared prefix of an attribute": in_body('<x q:y=""/>'),
    "repeated attribute": in_body('<x a="" a=""/>'),
    "one attribute by two prefixes": in_body('<x xmlns:p="u:x" xmlns:q="u:x" p:a="" q:a=""/>'),
    "a prefix for no namespace": in_body('<x xmlns:p=""/>'),
    "a prefix xmlns": in_body('<x xmlns:xmlns="urn:x"/>'),
    "tags crossed": in_body("<x><y></x></y>"),
    "a comment without end": in_body("<!-- "),
    "CDATA without end": in_body("<![CDATA["),
    "nested 5000 deep": in_body("<x>" * 5_000 + "</x>" * 5_000),
    # SOAP
    "no envelope": _REQUEST.encode(),
    "envelope without namespace": b"<Envelope><Body/></Envelope>",
    "SOAP 1.2": FINE.replace(SOAP.encode(), b"http://www.w3.org/2003/05/soap-envelope"),
    "no Body": envelope(""),
    "an empty Body": in_body(""),
    "text for a Body": in_body("x"),
    "a fault": in_body("<s:Fault><faultcode>x</faultcode><faultstring/></s:Fault>"),
    "two Bodies": envelope(BODY * 2, TOKEN),
    "two Bodies, the first empty": envelope("<s:Body/>" + BODY, TOKEN),
    "two Requests": in_body(_REQUEST * 2),
    "something beside the Request": in_body(_REQUEST + "<x/>"),
    "a Request further down": in_body(f"<x>{_REQUEST}</x>"),
    "a Request of another version": in_body(_REQUEST.replace("v0200", "v0100")),
    "a Response": in_body(_REQUEST.replace("v:Request", "v:Response")),
    "a Header behind the Body": f"{_OPEN}{BODY}<s:Header>{TOKEN}</s:Header></s:Envelope>".encode(),
    "two Headers": f"{_OPEN}<s:Header/><s:Header>{TOKEN}</s:Header>{BODY}</s:Envelope>".encode(),
    "a Body further down": envelope(f"<x>{BODY}</x>", TOKEN),
}
