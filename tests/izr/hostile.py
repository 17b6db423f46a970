"""Messages that nobody should send to the gateway, with what each gets: a fault of its own."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.izr.messages import (
    KEY,
    LOGIN,
    MOVE,
    SOAP,
    VOKO,
    WSS,
    body,
    dn_of,
    envelope,
    header,
    move,
    signed,
    token_element,
    token_of,
    uidkey,
)

MAXIMUM_BYTES = 10 * 1024 * 1024
MAXIMUM_ANIMALS = 5000
NOT_SOAP = "Požadavek není zpráva SOAP 1.1 brány vOKO: "
NOBODY = "Neplatná autentizace."


@dataclass(frozen=True)
class Refusal:
    """ErrorCode of a fault, and the beginning of its text. No code: the message is answered."""

    code: str = ""
    text: str = ""


ANSWERED = Refusal()
UNREADABLE = Refusal("400", NOT_SOAP)
UNKNOWN = Refusal("401", NOBODY)
INVALID = Refusal("400")

FINE = move()
BODY = body()
TOKEN = token_element(token_of(BODY))
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
        "no entity": "",
        "attribute with a default": f'<!ATTLIST w:Token type CDATA "A01" x CDATA "{"y" * 9_000}">',
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


def _with(inside: str) -> bytes:
    """An unsigned message; what stands in its Body is not looked at before it is read."""
    return envelope(f"<s:Body>{inside}</s:Body>")


def _declared(encoding: str, used: str | None = None) -> bytes:
    text = f'<?xml version="1.0" encoding="{encoding}"?>{_diacritics().decode()}'
    return text.encode(used or encoding)


def _diacritics() -> bytes:
    """A message with letters of every Czech encoding; there is no such address."""
    return move(MOVE.replace("<ZVIRATA>", "<ULICE>Žižkova říční</ULICE><ZVIRATA>", 1))


_REQUEST = f'<v:Request xmlns:v="{VOKO}" vOKOid="IZR_ODH01B"/>'
NO_MESSAGES: dict[str, bytes] = {
    "nothing": b"",
    "blanks": b" \r\n",
    "no XML": b'{"Request": {}}',
    "a form": b"vOKOid=IZR_ODH01B&request=x",
    "bytes": bytes(range(256)) * 64,
    "zeros": b"\x00" * 4096,
    "cut short": FINE[:-30],
    "cut in the head": FINE[:30],
    "NUL behind": FINE + b"\x00",
    "NUL inside": FINE.replace(b"123456789", b"1234\x0056789"),
    "NUL as a reference": FINE.replace(b"123456789", b"1234&#0;56789"),
    "a control character": FINE.replace(b"123456789", b"1234\x0156789"),
    "no character": FINE.replace(b"123456789", "1234\uffff56789".encode()),
    "two documents": FINE + FINE,
    "text behind": FINE + b"x",
    "undeclared entity": _with("&nbsp;"),
    "undeclared prefix": _with("<q:x/>"),
    "undeclared prefix of an attribute": _with('<x q:y=""/>'),
    "repeated attribute": _with('<x a="" a=""/>'),
    "repeated attribute under two prefixes": _with(
        '<x xmlns:p="urn:x" xmlns:q="urn:x" p:a="" q:a=""/>'
    ),
    "a prefix for no namespace": _with('<x xmlns:p=""/>'),
    "the prefix xmlns": _with('<x xmlns:xmlns="urn:x"/>'),
    "tags crossed": _with("<x><y></x></y>"),
    "a comment without end": _with("<!-- "),
    "CDATA without end": _with("<![CDATA["),
    "no UTF-8": FINE.replace(b"123456789", b"\xe1"),
    "overlong UTF-8": FINE.replace(b"123456789", b"\xc0\xaf"),
    "a surrogate as UTF-8": FINE.replace(b"123456789", b"\xed\xa0\x80"),
    "a surrogate as a reference": FINE.replace(b"123456789", b"&#xD800;"),
    "half a character of UTF-16": FINE.decode().encode("utf-16") + b"<",
    "a lone surrogate in UTF-16": FINE.decode()
    .encode("utf-16")
    .replace(b"1\x002\x00", b"\x00\xd8"),
    "UTF-32": FINE.decode().encode("utf-32"),
    "UTF-7": _declared("utf-7"),
    "said to be UTF-16": _declared("utf-16", "utf-8"),
    "UTF-16 said to be windows-1250": _declared("windows-1250", "utf-16") + b"\x00",
    "EBCDIC": _declared("cp037"),
    "an encoding that nobody knows": _declared("x-unknown", "utf-8"),
    "an encoding of no text": _declared("hex", "utf-8"),
    "said to be UTF-8, and windows-1250": _declared("utf-8", "cp1250"),
    "nested 5000 deep": _with("<x>" * 5_000 + "</x>" * 5_000),
    "no envelope": _REQUEST.encode(),
    "envelope without namespace": b"<Envelope><Body/></Envelope>",
    "SOAP 1.2": FINE.replace(SOAP.encode(), b"http://www.w3.org/2003/05/soap-envelope"),
    "no Body": envelope(""),
    "an empty Body": _with(""),
    "text for a Body": _with("x"),
    "a fault": _with("<s:Fault><faultcode>x</faultcode><faultstring/></s:Fault>"),
    "two Bodies": envelope(BODY * 2, TOKEN),
    "two Bodies, the first empty": envelope("<s:Body/>" + BODY, TOKEN),
    "two Requests": _with(_REQUEST * 2),
    "something beside the Request": _with(_REQUEST + "<x/>"),
    "a Request in another Request": _with(f"<x>{_REQUEST}</x>"),
    "a Request of another namespace": _with(_REQUEST.replace("v0200", "v0100")),
    "a Response": _with(_REQUEST.replace("v:Request", "v:Response")),
    "no Body of the Envelope": envelope(f"<x>{BODY}</x>", TOKEN),
}
"""All of them are refused before anybody is asked who sends them."""


def _hidden(place: str) -> bytes:
    """A message with its right token where nobody looks for it."""
    return signed(BODY).replace(TOKEN.encode(), place.encode())


_WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
STRANGERS: dict[str, bytes] = {
    "no Header": f'<s:Envelope xmlns:s="{SOAP}">{BODY}</s:Envelope>'.encode(),
    "no token": envelope(BODY),
    "an empty token": envelope(BODY, token_element("")),
    "a token in the Body": envelope(BODY.replace("</s:Body>", f"{TOKEN}</s:Body>")).replace(
        f"{TOKEN}</s:Body>".encode(), b"</s:Body>"
    ),
    "a token in a wrapper": _hidden(f'<o:Security xmlns:o="{_WSSE}">{TOKEN}</o:Security>'),
    "a token in a token": _hidden(f'<w:Token xmlns:w="{WSS}" type="A01">{TOKEN}</w:Token>'),
    "a token in an attribute": _hidden(
        f'<w:Token xmlns:w="{WSS}" type="A01" token="{token_of(BODY)}"/>'
    ),
    "a token in a comment": _hidden(f"<!--{TOKEN}-->"),
    "a token in CDATA": _hidden(f"<![CDATA[{TOKEN}]]>"),
    "a token in an instruction": _hidden(f"<?token {token_of(BODY)}?>"),
    "a token in no namespace": _hidden(TOKEN.replace(f'xmlns:w="{WSS}"', 'xmlns:w="urn:x"')),
    "a token in other capitals": _hidden(TOKEN.replace("Token", "token")),
    "a token behind the Body": envelope(BODY).replace(
        b"</s:Envelope>", TOKEN.encode() + b"</s:Envelope>"
    ),
    "a Header behind the Body, and one before": envelope(BODY).replace(
        b"</s:Envelope>", f"<s:Header>{TOKEN}</s:Header></s:Envelope>".encode()
    ),
    "a wrong token before the right one": _hidden(token_element("A" * 88) + TOKEN),
    "a token of another type": _hidden(TOKEN.replace("A01", "A02")),
    "a token of a type in small letters": _hidden(TOKEN.replace("A01", "a01")),
    "a token without a type": _hidden(TOKEN.replace(' type="A01"', "")),
    "a type in a namespace": _hidden(TOKEN.replace(" type=", " w:type=")),
    "a token in two pieces": _hidden(
        token_element(token_of(BODY)[:40] + "\n" + token_of(BODY)[40:])
    ),
    "a token with a tag in it": _hidden(TOKEN.replace("==", "<x/>==")),
    "a token that is no base64": _hidden(token_element("ž" * 88)),
    "a token of a million signs": _hidden(token_element("A" * 1_000_000)),
    "the key for a token": _hidden(token_element("x" * 20)),
    "no login": signed(body(head=header())),
    "an empty login": signed(body(head=uidkey("") + header())),
    "a login of nothing but commas": signed(body(head=uidkey("," * 255) + header())),
    "a login of blanks and names": signed(body(head=uidkey(", cn = " * 36) + header())),
    "a login that is no text of a database": signed(body(head=uidkey("cn=' OR 1=1 --") + header())),
    "a long login": signed(body(head=uidkey("cn=" + "x" * 1_000_000) + header())),
    "an unprintable login": signed(body(head=uidkey(dn_of("\u202e\u0085\U0001f600")) + header())),
    "the login in another place": signed(body(head=uidkey("o=mze", email=LOGIN) + header())),
    "another's key": signed(BODY, "Sandbox0Key0Example2"),
    "the key in capitals": signed(BODY, KEY.upper()),
    "an empty key": signed(BODY, ""),
    "a comment in the login": signed(body(head=uidkey() + header())).replace(
        b"99sandbox", b"99sand"
    ),
}
"""None of them is told what was wrong."""


def _payload(inside: str) -> bytes:
    return move(inside)


def _many(form: str, number: int) -> str:
    return "".join(form.format(each) for each in range(number))


def _leaf(text: str) -> str:
    return MOVE.replace("123456789", text)


_XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
SIGNED: dict[str, tuple[bytes, Refusal]] = {
    # The message is taken for what it says.
    "a byte order mark": (b"\xef\xbb\xbf" + FINE, ANSWERED),
    "UTF-16 with a byte order mark": (FINE.decode().encode("utf-16"), ANSWERED),
    "UTF-16 without": (FINE.decode().encode("utf-16-le"), ANSWERED),
    "UTF-16, big endian": (FINE.decode().encode("utf-16-be"), ANSWERED),
    "UTF-16 that says so": (_declared("utf-16"), Refusal("5")),
    "windows-1250": (_declared("windows-1250"), Refusal("5")),
    "iso-8859-2": (_declared("iso-8859-2"), Refusal("5")),
    "another encoding in capitals": (_declared("WINDOWS-1250"), Refusal("5")),
    "blanks around the token": (_hidden(token_element(f"\r\n {token_of(BODY)}\t")), ANSWERED),
    "a comment in the token": (_hidden(TOKEN.replace("==", "<!-- x -->==")), ANSWERED),
    "CDATA in the token": (_hidden(TOKEN.replace("==", "<![CDATA[==]]>")), ANSWERED),
    "another token behind the right one": (_hidden(TOKEN + token_element("x")), ANSWERED),
    "10,000 strange headers": (_hidden("<x/>" * 10_000 + TOKEN), ANSWERED),
    "comments everywhere": (
        FINE.replace(b"><", b"><!-- <v:Request/> ]]> --><").replace(b"9</CIS", b"<!---->9</CIS"),
        ANSWERED,
    ),
    "comments and instructions outside": (b"<!--x--><?x y?>" + FINE + b"<!--x--><?x?>", ANSWERED),
    "an instruction inside": (_payload(f"<?x y?>{MOVE}"), ANSWERED),
    "a style sheet": (b'<?xml-stylesheet href="http://192.0.2.1/x.xsl"?>' + FINE, ANSWERED),
    "values in CDATA": (_payload(_leaf("<![CDATA[123456789]]>")), ANSWERED),
    "values in references": (_payload(_leaf("&#49;&#x32;3456789")), ANSWERED),
    "10,000 idle prefixes": (
        signed(BODY)
        .replace(b"<s:Header>", b"<s:Header>")
        .replace(
            b"<s:Envelope", f"<s:Envelope{_many(' xmlns:p{0}="urn:{0}"', 10_000)}".encode(), 1
        ),
        ANSWERED,
    ),
    # It is what it says, and the schema has no such thing.
    "no payload": (
        signed(BODY.replace(BODY[BODY.index("<Request") : BODY.index("</v:RequestC")], "")),
        INVALID,
    ),
    "an empty payload": (_payload(""), INVALID),
    "two payloads": (
        signed(BODY.replace("</v:RequestContent>", "<x/></v:RequestContent>")),
        INVALID,
    ),
    "two contents": (
        signed(BODY.replace("</v:Request>", "<v:RequestContent/></v:Request>")),
        INVALID,
    ),
    "text beside the payload": (
        signed(BODY.replace("</v:RequestContent>", "x</v:RequestContent>")),
        INVALID,
    ),
    "text between elements": (_payload(f"x{MOVE}"), INVALID),
    "a payload of another name": (
        signed(BODY.replace("<Request ", "<Anfrage ").replace("</Request>", "</Anfrage>")),
        INVALID,
    ),
    "elements of another namespace": (
        _payload(MOVE.replace("<HLASENI", '<HLASENI xmlns="urn:x"')),
        INVALID,
    ),
    "elements of no namespace": (_payload(MOVE.replace("<HLASENI", '<HLASENI xmlns=""')), INVALID),
    "a payload of the envelope's namespace": (move(namespace=VOKO), Refusal("400")),
    "everything upside down": (_payload(MOVE[25:] + MOVE[:25]), INVALID),
    "an unknown element": (_payload(f"{MOVE}<x/>"), INVALID),
    "XInclude": (
        _payload(
            _leaf('<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>')
        ),
        INVALID,
    ),
    "a value with tags in it": (_payload(_leaf("<b>1</b>")), INVALID),
    "nil": (
        _payload(MOVE.replace("<CISLOOP>123456789<", f'<CISLOOP {_XSI} xsi:nil="true"><')),
        INVALID,
    ),
    "another type": (
        _payload(MOVE.replace("<CISLOOP>", f'<CISLOOP {_XSI} xsi:type="x:y" xmlns:x="urn:x">')),
        INVALID,
    ),
    "a place of schemas": (
        _payload(
            MOVE.replace(
                "<HLASENI>", f'<HLASENI {_XSI} xsi:schemaLocation="urn:x file:///etc/passwd">'
            )
        ),
        ANSWERED,
    ),
    "no boolean": (_payload(MOVE.replace("true", "ano")), INVALID),
    "a boolean with blanks": (_payload(MOVE.replace("true", " true ")), ANSWERED),
    "no date": (_payload(MOVE.replace("2025-05-02T", "2025-02-30T")), INVALID),
    "a date before Christ": (_payload(MOVE.replace("2025-05-02T", "-2025-05-02T")), Refusal("400")),
    "a date of the year 12025": (
        _payload(MOVE.replace("2025-05-02T", "12025-05-02T")),
        Refusal("400"),
    ),
    "a date of the year 1": (
        _payload(MOVE.replace("2025-05-02T00:00:00", "0001-01-01T00:00:00+14:00")),
        Refusal("400"),
    ),
    "a date of the year 9999": (
        _payload(MOVE.replace("2025-05-02T00:00:00", "9999-12-31T24:00:00")),
        Refusal("400"),
    ),
    "a time of many digits": (
        _payload(MOVE.replace("T00:00:00<", f"T00:00:00.{'9' * 90_000}<")),
        ANSWERED,
    ),
    "a species of 100,000 letters": (_payload(MOVE.replace("OVC", "O" * 100_000)), INVALID),
    "a card of 100,000 letters": (_payload(_leaf("1" * 100_000)), INVALID),
    "6000 attributes": (
        _payload(MOVE.replace("<HLASENI>", f"<HLASENI{_many(' a{}=""', 6_000)}>")),
        INVALID,
    ),
    "6000 attributes of UIDkey": (
        signed(body(head=uidkey(**{f"a{each}": "x" for each in range(6_000)}) + header())),
        ANSWERED,
    ),
    "6000 attributes of namespaces": (
        _payload(
            MOVE.replace("<HLASENI>", f"<HLASENI{_many(' xmlns:p{0}="urn:{0}" p{0}:a=""', 6_000)}>")
        ),
        INVALID,
    ),
    "nested 200 deep": (_payload("<x>" * 200 + "</x>" * 200), INVALID),
    "16,000 unknown elements": (_payload("<x/>" * 16_000), INVALID),
    "16,000 values of the same": (
        _payload(MOVE.replace("<ZVIRATA>", "<CISLOOP>1</CISLOOP>" * 16_000 + "<ZVIRATA>")),
        INVALID,
    ),
    "2000 days of the report for 4000 animals": (
        _payload(
            MOVE.replace(
                "<ZVIRATA>",
                "<Datum>2025-05-02T00:00:00</Datum>" * 0
                + "<DRUH>OVC</DRUH>" * 2_000
                + "<ZVIRATA>"
                + "<ZVIRE/>" * 4_000,
            )
        ),
        INVALID,
    ),
    # It is the schema's, and wrong.
    "an unknown service": (
        move(service="IZR_XXX01A"),
        Refusal("404", "Služba IZR_XXX01A neexistuje."),
    ),
    "no service": (move(service=""), Refusal("404", "Služba  neexistuje.")),
    "a service in small letters": (move(service="izr_odh01b"), Refusal("404")),
    "a service of 100,000 letters": (move(service="X" * 100_000), Refusal("404")),
    "a service that would be a form": (
        move(service="{0.__class__}{service}"),
        Refusal("404", "Služba {0.__class__}{service} neexistuje."),
    ),
    "another's subject": (
        signed(body(head=uidkey() + header(subject="1000000002"))),
        Refusal("403"),
    ),
    "a subject of 100,000 digits": (
        signed(body(head=uidkey() + header(subject="1" * 100_000))),
        Refusal("403"),
    ),
    "a subject that is no number": (
        signed(body(head=uidkey() + header(subject="' OR 1=1 -"))),
        Refusal("403"),
    ),
}


def animals(number: int) -> bytes:
    """A signed report of so many animals that nobody knows."""
    rows = _many(
        "<ZVIRE><USNIZNAMKA>CZ{:013}</USNIZNAMKA><DRUH>OVC</DRUH>"
        "<DATUMPREMISTENI>2025-05-02T00:00:00</DATUMPREMISTENI></ZVIRE>",
        number,
    )
    return move(MOVE[: MOVE.index("<ZVIRE>")] + rows + "</ZVIRATA></HLASENI>")


def long(of: int) -> bytes:
    """A good message of so many bytes."""
    return FINE + b" " * (of - len(FINE))


Message = Callable[[], bytes]
LARGE: dict[str, tuple[Message, Refusal]] = {
    "10 MB": (lambda: long(MAXIMUM_BYTES), ANSWERED),
    "10 MB and a byte": (
        lambda: long(MAXIMUM_BYTES + 1),
        Refusal("413", "Zpráva je delší než 10485760"),
    ),
    "5000 animals": (lambda: animals(MAXIMUM_ANIMALS), Refusal("5")),
    "5001 animals": (
        lambda: animals(MAXIMUM_ANIMALS + 1),
        Refusal("413", "Hlášení obsahuje více než 5000"),
    ),
    "a million elements": (lambda: _payload("<x/>" * 1_000_000), INVALID),
    "a million animals": (
        lambda: _payload(MOVE.replace("<ZVIRE>", "<ZVIRE/>" * 1_000_000 + "<ZVIRE>")),
        Refusal("413"),
    ),
    "a million elements unsigned": (lambda: signed(body("<x/>" * 1_000_000), "x"), UNKNOWN),
    "text of 9 MB": (lambda: _payload(_leaf("1" * 9_000_000)), INVALID),
    "9 MB of line ends": (lambda: _payload(_leaf("\r\n" * 4_500_000)), INVALID),
    "10,000 prefixes, declared anew 10,000 times": (
        lambda: signed(body(_many('<p0:x xmlns:p0="urn:{}"/>', 10_000))).replace(
            b"<s:Envelope", f"<s:Envelope{_many(' xmlns:p{0}="urn:{0}"', 10_000)}".encode(), 1
        ),
        INVALID,
    ),
    "250 elements deep, each with 1000 prefixes": (
        lambda: signed(
            body(
                "".join(
                    f"<x{_many(f' xmlns:p{deep}x{{0}}="urn:{{0}}"', 1_000)}>" for deep in range(240)
                )
                + "</x>" * 240
            )
        ),
        INVALID,
    ),
}
"""They are made when they are needed: together they would take hundreds of megabytes."""
