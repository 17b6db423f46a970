"""Input that nobody should send, with what it gets: an agency's own refusal or a clear one."""

from dataclasses import dataclass
from itertools import chain

from tests.journeys.messages import (
    CLASSES,
    ENVELOPE,
    KITTEN,
    PRODUCTION,
    SERVICE,
    batch_xml,
    call,
    envelope,
    filing,
    guest,
)

CRASH = "s:Chyba běhu programu"
NULL = "Server was unable to process request. ---> Object reference not set"
EMPTY = "Seznam ubytovaných je prázdný"
INTERNAL = "The server was unable to process the request due to an internal error."
UNREADABLE = "The formatter threw an exception while trying to deserialize the message: "
SOAP_12 = b"http://www.w3.org/2003/05/soap-envelope"
CALL = call("ZapisUbytovane")
FINE = filing([guest(1)])


@dataclass(frozen=True)
class Refusal:
    """Status, fault code and the beginning of the fault's text; without a code: no body at all."""

    status: int
    code: str = ""
    text: str = ""


BAD_REQUEST = Refusal(400)
NOT_BOUND = Refusal(500, CRASH, NULL)
NO_GUESTS = Refusal(500, CRASH, EMPTY)
WRONG_BODY = Refusal(500, "a:InternalServiceFault", INTERNAL)
NO_VALUE = Refusal(500, "a:DeserializationFailed", UNREADABLE)

_LAUGHS = "".join(
    f'<!ENTITY {name} "{("&" + before + ";") * 10}">'
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def bombs(stranger: str) -> dict[str, bytes]:
    """Messages that would have a naive parser read files, call `stranger`, or fill the memory."""
    inner = call("ZapisUbytovane", "&x;").decode()
    types = {
        "billion laughs": f'<!ENTITY a "ha">{_LAUGHS}<!ENTITY x "&i;">',
        "quadratic blow-up": f'<!ENTITY x "{"x" * 20_000}">',
        "external file": '<!ENTITY x SYSTEM "file:///etc/passwd">',
        "external address": f'<!ENTITY x SYSTEM "{stranger}/entity">',
        "parameter entity": f'<!ENTITY % p SYSTEM "{stranger}/p">%p;<!ENTITY x "">',
        "parameter entity in a value": '<!ENTITY % p "file:///etc/passwd"><!ENTITY x "%p;">',
        "recursion": '<!ENTITY x "&x;">',
        "unparsed entity": f'<!NOTATION n SYSTEM "{stranger}/n"><!ENTITY x SYSTEM "x" NDATA n>',
    }
    found = {name: f"<!DOCTYPE s [{inside}]>{inner}".encode() for name, inside in types.items()}
    blown = "&x;" * 9_000
    outside = f'<!DOCTYPE s SYSTEM "{stranger}/dtd">'.encode()
    return found | {
        "quadratic blow-up": found["quadratic blow-up"].replace(b"&x;", blown.encode()),
        "external document type": outside + CALL,
        "external document type by name": b'<!DOCTYPE s PUBLIC "-//x" "'
        + stranger.encode()
        + b'">',
        "document type behind comments": b"<!---->" * 5_000 + outside + CALL,
        "document type in UTF-16": '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE s><s/>'.encode(
            "utf-16"
        ),
        "style sheet": f'<?xml-stylesheet href="{stranger}/xsl"?>'.encode() + CALL,
    }


MESSAGES: dict[str, tuple[bytes, Refusal]] = {
    # What is no SOAP message is not answered by one.
    "nothing": (b"", BAD_REQUEST),
    "no XML": (b'{"ZapisUbytovane": {}}', BAD_REQUEST),
    "cut short": (FINE[:-30], BAD_REQUEST),
    "NUL behind": (FINE + b"\x00", BAD_REQUEST),
    "NUL inside": (FINE.replace(b"Jan", b"J\x00n"), BAD_REQUEST),
    "NUL as a reference": (FINE.replace(b"Jan", b"J&#0;n"), BAD_REQUEST),
    "two documents": (FINE + FINE, BAD_REQUEST),
    "undeclared entity": (call("ZapisUbytovane", "&nbsp;"), BAD_REQUEST),
    "undeclared prefix": (call("ZapisUbytovane", "<q:x/>"), BAD_REQUEST),
    "repeated attribute": (call("ZapisUbytovane", '<x a="" a=""/>'), BAD_REQUEST),
    "tags crossed": (call("ZapisUbytovane", "<x><y></x></y>"), BAD_REQUEST),
    "no UTF-8": (FINE.replace(b"Jan", b"J\xe1n"), BAD_REQUEST),
    "overlong UTF-8": (FINE.replace(b"Jan", b"J\xc0\xafn"), BAD_REQUEST),
    "a surrogate as UTF-8": (FINE.replace(b"Jan", b"J\xed\xa0\x80n"), BAD_REQUEST),
    "a surrogate as a reference": (FINE.replace(b"Jan", b"J&#xD800;n"), BAD_REQUEST),
    "half a character of UTF-16": (FINE.decode().encode("utf-16") + b"<", BAD_REQUEST),
    "Windows-1250": (b'<?xml version="1.0" encoding="windows-1250"?>' + FINE, BAD_REQUEST),
    "instruction in the body": (call("ZapisUbytovane", "<?x y?>"), BAD_REQUEST),
    "no envelope": (f'<ZapisUbytovane xmlns="{SERVICE}"/>'.encode(), BAD_REQUEST),
    "envelope without namespace": (b"<Envelope><Body/></Envelope>", BAD_REQUEST),
    "SOAP 1.2": (FINE.replace(ENVELOPE.encode(), SOAP_12), BAD_REQUEST),
    "two bodies": (envelope("</s:Body><s:Body>"), BAD_REQUEST),
    "nested 5000 deep": (
        call("ZapisUbytovane", "<x>" * 5_000 + "</x>" * 5_000),
        BAD_REQUEST,
    ),
    # What is one, but not the contract's, gets as far as .NET would let it.
    "wrapper without namespace": (envelope("<ZapisUbytovane/>"), WRONG_BODY),
    "wrapper of another operation": (call("TestDostupnosti"), WRONG_BODY),
    "namespace in lower case": (FINE.replace(b"UBY.pcr.cz", b"uby.pcr.cz"), WRONG_BODY),
    "6000 attributes": (
        call("ZapisUbytovane", "<x" + "".join(f' a{n}=""' for n in range(6_000)) + "/>"),
        NOT_BOUND,
    ),
    "16000 elements": (call("ZapisUbytovane", "<x/>" * 16_000), NOT_BOUND),
    "list in the namespace of its members": (
        FINE.replace(b"<Seznam", f'<Seznam xmlns="{CLASSES}"'.encode()),
        NOT_BOUND,
    ),
    "members in the namespace of the list": (
        FINE.replace(CLASSES.encode(), SERVICE.encode()),
        NO_GUESTS,
    ),
    "XInclude": (
        call(
            "ZapisUbytovane",
            '<Seznam><i:include xmlns:i="http://www.w3.org/2001/XInclude" parse="text" '
            'href="file:///etc/passwd"/></Seznam>',
        ),
        NO_GUESTS,
    ),
    "text between members": (
        call("ZapisUbytovane", batch_xml([]).replace("<d:Ubytovani>", "x<d:Ubytovani>")),
        NO_VALUE,
    ),
    "text of 9000 signs": (filing([guest(1, cNote="x" * 9_000)]), NO_VALUE),
    "number too large": (filing([guest(1, cPurp="9" * 5_000)]), NO_VALUE),
    "no date": (filing([guest(1, cFrom="now")]), NO_VALUE),
    "no boolean": (filing([guest(1)], pdf="yes"), NO_VALUE),
    "nil without being a boolean": (
        FINE.replace(b"<d:uIdub>", b'<d:uIdub i:nil="maybe">'),
        NO_VALUE,
    ),
    "33 guests": (
        filing([guest(n) for n in range(33)]),
        Refusal(500, CRASH, "Seznam ubytovaných překračuje maximální délku 32"),
    ),
    "65,537 bytes": (FINE + b" " * (65_537 - len(FINE)), Refusal(413)),
    "another's facility": (
        filing([guest(1)], KITTEN | {"uIdub": "125"}),
        Refusal(500, CRASH, "Nekorektní IDUB"),
    ),
}

ACTIONS = (
    "", '""', "x", "%", "%00%ff", '"http://UBY.pcr.cz/WS_UBY/IWS_UBY/ZapisUbytovane',
    "http://uby.pcr.cz/WS_UBY/IWS_UBY/ZapisUbytovane", "ZapisUbytovane", "\xe9\t\xff", "x" * 40_000,
)  # fmt: skip

CONTENT_TYPES = (
    "", "application/soap+xml; charset=utf-8", "application/xml", "text/plain",
    "text/xml; charset=", "text/xml; charset=windows-1250", "text/xml, text/xml",
    "multipart/related; boundary=x", "\xe9\xff", "x" * 40_000,
)  # fmt: skip

_BASE64 = ("TlRMTVNTUAABAAAA", "TlRMTVNTUAACAAAA", "TlRMTVNTUAADAAAA", "TlRMTVNTUAAEAAAA")
AUTHORIZATIONS = (
    "", "NTLM", "NTLM ", "NTLM =", "NTLM !!!!", "NTLM TlRM TlRM", "NTLM \xe9", "NTLM AAAA",
    *(f"NTLM {token}" for token in _BASE64),
    *(f"NTLM {token}{'/' * 80}" for token in _BASE64),
    f"NTLM {'A' * 60_000}", "Negotiate", "Negotiate oYG2MIGz", "Basic dWJ5LXdzMDAwMDAxOkhlc2xv",
    "Bearer x", "x", "NTLM TlRMTVNTUAABAAAA, NTLM TlRMTVNTUAADAAAA",
)  # fmt: skip
"""Credentials that nobody can have; all of them get a 401 that asks for NTLM."""


def _head(*lines: str, start: str = f"POST {PRODUCTION} HTTP/1.1") -> bytes:
    return "\r\n".join([start, "Host: h", *lines, "", ""]).encode("latin-1")


_CHUNKED = _head("Transfer-Encoding: chunked")

BROKEN_HTTP: dict[str, tuple[bytes, int]] = {
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(40) + b"\r\n\r\n", 400),
    "HTTP/0.9": (b"GET /\r\n\r\n", 400),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    "HTTP/9.9": (_head(start="GET / HTTP/9.9"), 505),
    "method": (_head(start="G(T / HTTP/1.1"), 400),
    "no slash": (_head(start="GET x HTTP/1.1"), 400),
    "CONNECT": (_head(start="CONNECT h:443 HTTP/1.1"), 400),
    "space in the path": (_head(start="GET /a b HTTP/1.1"), 400),
    "NUL in the path": (_head(start="GET /\x00 HTTP/1.1"), 400),
    "NUL in a value": (_head("X: a\x00b"), 400),
    "NUL in a name": (_head("X\x00: a"), 400),
    "CR in a value": (_head("X: a\rb"), 400),
    "no colon": (_head("X"), 400),
    "no name": (_head(": a"), 400),
    "space before the colon": (_head("X : a"), 400),
    "one large header": (_head("X: " + "a" * 70_000), 431),
    "10,000 headers": (_head(*(f"X{n}: a" for n in range(10_000))), 431),
    "a head without an end": (b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * 12_000, 431),
    "length -1": (_head("Content-Length: -1"), 400),
    "length +5": (_head("Content-Length: +5") + b"abcde", 400),
    "length 0x5": (_head("Content-Length: 0x5") + b"abcde", 400),
    "length ²": (_head("Content-Length: \xb2"), 400),
    "length of nothing": (_head("Content-Length:"), 400),
    "length 10**40": (_head(f"Content-Length: {10**40}"), 413),
    "length 2**63": (_head(f"Content-Length: {2**63}"), 413),
    "two lengths": (_head("Content-Length: 5", "Content-Length: 6") + b"abcdef", 400),
    "lengths in a list": (_head("Content-Length: 5, 6") + b"abcdef", 400),
    "coding gzip": (_head("Transfer-Encoding: gzip"), 501),
    "coding twice": (_head("Transfer-Encoding: chunked, chunked"), 501),
    "chunks in HTTP/1.0": (_head("Transfer-Encoding: chunked", start="POST / HTTP/1.0"), 400),
    "chunk of -1": (_CHUNKED + b"-1\r\nabc\r\n", 400),
    "chunk of zz": (_CHUNKED + b"zz\r\nabc\r\n", 400),
    "chunk of 16 EiB": (_CHUNKED + b"ffffffffffffffff\r\n", 413),
    "chunk longer than it says": (_CHUNKED + b"1\r\nabc\r\n0\r\n\r\n", 400),
    "chunk extension without end": (_CHUNKED + b"1;" + b"x" * 70_000, 400),
    "trailer without end": (_CHUNKED + b"0\r\n" + b"X: a\r\n" * 12_000, 400),
}
"""Bytes that never become a request, and the status that ends their connection."""

ODD_TARGETS: dict[str, tuple[str, int]] = {
    "*": ("*", 404),
    "raw UTF-8": ("/\u010d".encode().decode("latin-1"), 404),
    "no UTF-8": ("/\xff\xfe", 404),
    "a surrogate": ("/%ED%A0%80", 404),
    "nobody's": ("/../../etc/passwd", 404),
    "empty sandbox": (f"/s//{PRODUCTION}", 404),
    "NUL as sandbox": (f"/s/%00{PRODUCTION}", 404),
    "surrogate as sandbox": (f"/s/%ED%A0%80{PRODUCTION}", 404),
    "quotes as sandbox": (f"/s/\"';--{PRODUCTION}", 404),
    "500 letters as sandbox": (f"/s/{'x' * 500}{PRODUCTION}", 404),
    "folders as sandbox": (f"/s/..%2f..%2fetc{PRODUCTION}", 404),
    "sandbox without path": ("/s/default", 404),
    "no UTF-8 behind the service": (f"{PRODUCTION}/\xff%00", 401),
    "surrogate in the query": (f"{PRODUCTION}?%ED%A0%80=\xed\xa0\x80&%00", 401),
    "absolute": (f"http://elsewhere.example{PRODUCTION}", 401),
    "NUL in the admin API": ("/_podatelna/sandboxes/%00", 404),
    "surrogate in the admin API": ("/_podatelna/sandboxes/%ED%A0%80", 404),
    "admin API of nothing": ("/_podatelna/\xff", 404),
    "beside the admin API": ("/_podatelnax", 404),
}
"""Targets that are well-formed HTTP, with the status of a GET by a stranger."""

PIECES = tuple(chain(range(0, 60, 7), range(60, len(FINE), 211)))
"""Places at which to break off in the middle of a request."""
