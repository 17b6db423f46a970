"""Signed messages that are odd, wrong or large."""

from collections.abc import Callable

from tests.izr.hostile.refusal import (
    ANSWERED,
    FINDINGS,
    INVALID,
    NO_SERVICE,
    NOT_ALLOWED,
    STRANGER,
    TOO_MUCH,
    Refusal,
)
from tests.izr.hostile.strangers import hidden
from tests.izr.hostile.unreadable import BODY, CARD, FINE, TOKEN, declared
from tests.izr.messages import (
    MOVE,
    VOKO,
    body,
    header,
    move,
    signed,
    token_element,
    token_of,
    uidkey,
)

MAXIMUM_BYTES = 10 * 1024 * 1024
MAXIMUM_ANIMALS = 5000
_XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
_INCLUDE = '<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'
_DAY = "2025-05-02T00:00:00"


def many(form: str, number: int) -> str:
    return "".join(form.format(each) for each in range(number))


def attributes(number: int, name: str = "a{}") -> str:
    return many(f' {name}=""', number)


def prefixes(number: int, name: str = "p") -> str:
    return many(f' xmlns:{name}{{0}}="urn:{{0}}"', number)


def with_prefixes(message: bytes, number: int) -> bytes:
    """The message with so many prefixes declared on its Envelope."""
    return message.replace(b"<s:Envelope", f"<s:Envelope{prefixes(number)}".encode(), 1)


def payload(old: str, new: str) -> bytes:
    """The usual move with one thing changed."""
    assert old in MOVE
    return move(MOVE.replace(old, new, 1))


def voko(old: str, new: str) -> bytes:
    """The same with a change in the envelope of the gateway."""
    assert old in BODY
    return signed(BODY.replace(old, new, 1))


def subject(id_: str) -> bytes:
    return signed(body(head=uidkey() + header(subject=id_)))


TAKEN: dict[str, bytes] = {
    "a byte order mark": b"\xef\xbb\xbf" + FINE,
    "UTF-16 with a byte order mark": FINE.decode().encode("utf-16"),
    "UTF-16 without": FINE.decode().encode("utf-16-le"),
    "UTF-16, big endian": FINE.decode().encode("utf-16-be"),
    "blanks around the token": hidden(token_element(f"\r\n {token_of(BODY)}\t")),
    "a comment in the token": hidden(TOKEN.replace("==", "=<!-- x -->=")),
    "CDATA in the token": hidden(TOKEN.replace("==", "<![CDATA[==]]>")),
    "another token behind the right one": hidden(TOKEN + token_element("x")),
    "10,000 strange headers": hidden("<x/>" * 10_000 + TOKEN),
    "comments everywhere": FINE.replace(b"><", b"><!-- <v:Request/> ]]> <x --><"),
    "a comment in a value": FINE.replace(CARD, b"12345<!-- x -->6789"),
    "comments and instructions outside": b"<!--x--><?x y?>" + FINE + b"<!--x--><?x?>",
    "an instruction inside": payload("<HLASENI>", "<?x y?><HLASENI>"),
    "a style sheet": b'<?xml-stylesheet href="http://192.0.2.1/x.xsl"?>' + FINE,
    "a value in CDATA": payload("123456789", "<![CDATA[123456789]]>"),
    "a value in references": payload("123456789", "&#49;&#x32;3456789"),
    "a boolean with blanks": payload("true", "\t true\n"),
    "a time of 90,000 digits": payload(_DAY, f"{_DAY}.{'9' * 90_000}"),
    "6000 attributes of UIDkey": signed(
        body(head=uidkey(**{f"a{each}": "x" for each in range(6_000)}) + header())
    ),
    "a payload in the namespace of the envelope": move(namespace=VOKO),
    "10,000 idle prefixes": with_prefixes(FINE, 10_000),
}
"""Odd, but they say what the usual one says."""

MESSAGES: dict[str, tuple[bytes, Refusal]] = {
    # An address that nobody has, in all encodings that .NET reads.
    "UTF-16 that says so": (declared("utf-16"), FINDINGS),
    "windows-1250": (declared("windows-1250"), FINDINGS),
    "windows-1250 in capitals": (declared("WINDOWS-1250"), FINDINGS),
    "iso-8859-2": (declared("iso-8859-2"), FINDINGS),
    # The envelope of the gateway
    "no payload": (voko(BODY[BODY.index("<Request ") : BODY.index("</v:RequestC")], ""), INVALID),
    "two payloads": (voko("</v:RequestContent>", "<x/></v:RequestContent>"), INVALID),
    "two contents": (voko("</v:Request>", "<v:RequestContent/></v:Request>"), INVALID),
    "text beside the payload": (voko("</v:RequestContent>", "x</v:RequestContent>"), INVALID),
    "a payload of another name": (
        signed(BODY.replace("<Request ", "<Anfrage ").replace("</Request>", "</Anfrage>")),
        INVALID,
    ),
    "a subject of nine digits": (subject("100000000"), NOT_ALLOWED),
    "another's subject": (subject("1000000002"), NOT_ALLOWED),
    "a subject of 100,000 digits": (subject("1" * 100_000), NOT_ALLOWED),
    "a subject of a database": (subject("' OR 1=1 -"), NOT_ALLOWED),
    "an unknown service": (move(service="IZR_XXX01A"), Refusal("404", "Služba IZR_XXX01A ")),
    "no service": (move(service=""), Refusal("404", "Služba  neexistuje.")),
    "a service in small letters": (move(service="izr_odh01b"), NO_SERVICE),
    "a service of 100,000 letters": (move(service="X" * 100_000), NO_SERVICE),
    "a service that would be a form": (
        move(service="{0.__class__}%s", namespace="urn:x"),
        Refusal("404", "Služba {0.__class__}%s neexistuje."),
    ),
    # The payload
    "an empty payload": (move(""), INVALID),
    "text between elements": (payload("<HLASENI>", "x<HLASENI>"), INVALID),
    "another namespace": (payload("<HLASENI>", '<HLASENI xmlns="urn:x">'), INVALID),
    "no namespace": (payload("<HLASENI>", '<HLASENI xmlns="">'), INVALID),
    "an unknown element": (payload("</HLASENI>", "<x/></HLASENI>"), INVALID),
    "a value with tags in it": (payload("123456789", "<b>1</b>"), INVALID),
    "XInclude": (payload("123456789", _INCLUDE), INVALID),
    "nil": (payload("<CISLOOP>123456789<", f'<CISLOOP {_XSI} xsi:nil="true"><'), INVALID),
    "a type": (payload("<CISLOOP>", f'<CISLOOP {_XSI} xsi:type="x:y" xmlns:x="u:x">'), INVALID),
    "a type without prefix": (payload("<CISLOOP>", f'<CISLOOP {_XSI} xsi:type="y">'), INVALID),
    "no boolean": (payload("true", "ano"), INVALID),
    "no date": (payload("2025-05-02T", "2025-02-30T"), INVALID),
    "a date before Christ": (payload(_DAY, f"-{_DAY}"), INVALID),
    "a date of the year 12025": (payload(_DAY, f"1{_DAY}"), INVALID),
    "a date before all dates": (payload(_DAY, "0001-01-01T00:00:00+14:00"), INVALID),
    "a date after all dates": (payload(_DAY, "9999-12-31T23:00:00-14:00"), INVALID),
    "the 24th hour": (payload(_DAY, "2025-05-01T24:00:00"), INVALID),
    "a species of 100,000 letters": (payload("OVC", "O" * 100_000), INVALID),
    "a card of 100,000 digits": (payload("123456789", "1" * 100_000), INVALID),
    "6000 attributes": (payload("<HLASENI>", f"<HLASENI{attributes(6_000)}>"), INVALID),
    "6000 attributes of namespaces": (
        payload("<HLASENI>", f"<HLASENI{prefixes(6_000)}{attributes(6_000, 'p{0}:a')}>"),
        INVALID,
    ),
    "nested 200 deep": (move("<x>" * 200 + "</x>" * 200), INVALID),
    "16,000 unknown elements": (move("<x/>" * 16_000), INVALID),
    "16,000 cards": (payload("<ZVIRATA>", f"{'<CISLOOP>1</CISLOOP>' * 16_000}<ZVIRATA>"), INVALID),
    "4000 species of the report for as many animals": (
        payload("<ZVIRATA>", f"{'<DRUH>OVC</DRUH>' * 4_000}<ZVIRATA>{'<ZVIRE/>' * 4_000}"),
        INVALID,
    ),
    "a species of 1 MB for 4000 animals": (
        payload("<ZVIRATA>", f"<DRUH>{'x' * 1_000_000}</DRUH><ZVIRATA>{'<ZVIRE/>' * 4_000}"),
        INVALID,
    ),
    "100,000 animals without a collection": (
        payload("</ZVIRATA>", f"</ZVIRATA>{'<Hlaseni/>' * 100_000}"),
        TOO_MUCH,
    ),
}


def animals(number: int) -> bytes:
    """A report of so many animals that nobody knows."""
    row = (
        "<ZVIRE><USNIZNAMKA>CZ{:013}</USNIZNAMKA><DRUH>OVC</DRUH>"
        f"<DATUMPREMISTENI>{_DAY}</DATUMPREMISTENI></ZVIRE>"
    )
    return move(MOVE[: MOVE.index("<ZVIRE>")] + many(row, number) + "</ZVIRATA></HLASENI>")


def deep(levels: int, each: int) -> bytes:
    """Elements in elements, each with prefixes of its own."""
    inside = "".join(f"<x{prefixes(each, f'l{level}x')}>" for level in range(levels))
    return move(inside + "</x>" * levels)


def padded(length: int) -> bytes:
    """The usual move in so many bytes. The parser takes no 10 MB of blanks in one piece."""
    comment = b"<!-- half -->"
    missing = length - len(FINE) - len(comment)
    return FINE + b" " * (missing // 2) + comment + b" " * (missing - missing // 2)


LARGE: dict[str, tuple[Callable[[], bytes], Refusal]] = {
    "10 MB": (lambda: padded(MAXIMUM_BYTES), ANSWERED),
    "10 MB and a byte": (
        lambda: padded(MAXIMUM_BYTES + 1),
        Refusal("413", "Zpráva je delší než 10485760"),
    ),
    "5000 animals": (lambda: animals(MAXIMUM_ANIMALS), FINDINGS),
    "5001 animals": (
        lambda: animals(MAXIMUM_ANIMALS + 1),
        Refusal("413", "Hlášení obsahuje více než 5000"),
    ),
    "300,000 animals": (lambda: payload("<ZVIRE>", "<ZVIRE/>" * 300_000 + "<ZVIRE>"), TOO_MUCH),
    "300,000 elements": (lambda: move("<x/>" * 300_000), INVALID),
    "300,000 elements of a stranger": (lambda: signed(body("<x/>" * 300_000), "x"), STRANGER),
    "a text of 9 MB": (lambda: payload("123456789", "1" * 9_000_000), INVALID),
    "9 MB of line ends": (lambda: payload("123456789", "\r\n" * 4_500_000), INVALID),
    "10,000 prefixes, and one of them 10,000 times anew": (
        lambda: with_prefixes(move(many('<p0:x xmlns:p0="urn:{}"/>', 10_000)), 10_000),
        INVALID,
    ),
    "240 elements deep, with 1000 prefixes each": (lambda: deep(240, 1_000), INVALID),
}
"""Made when they are needed: together they take a hundred megabytes."""
