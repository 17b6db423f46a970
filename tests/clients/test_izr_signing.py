"""The token of the IZR client: the vectors, what changes it and what does not."""

import base64
import hashlib
import io
from pathlib import Path
from xml.etree.ElementTree import canonicalize
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from podatelna_client.izr import InvalidInput, add_token, canonical_body, key_hash, sign

DATA = Path(__file__).parent / "data" / "izr"
KEY = "Sandbox0Key0Example1"
SHA1 = "a7d9f3093c0d4cbfac89a523ad3c8c01baac289f"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
TOKEN = "{http://www.pds.eu/vOKO/v0200/wss}Token"
BODY = f"{{{SOAP}}}Body"

# Length and SHA-256 of the canonical Body.
VECTORS = {
    "vector1_compact.xml": (
        1094,
        "d286787715c68b0182a5125335e5ae61b3a1d5a51d604469f0a1699a72f60b5a",
    ),
    "vector2_pretty.xml": (963, "1e7bad79558fd7a56af5e85b5a311ac9b9d992d965ac9bfd328d1d8467358a7c"),
    "vector3_edge.xml": (226, "fb3cb7b042c48c124db7f6981f226a15e740a26512db99d22a46df3ce7cadc46"),
}


@pytest.fixture(params=VECTORS)
def vector(request: pytest.FixtureRequest) -> tuple[bytes, int, str]:
    return ((DATA / request.param).read_bytes(), *VECTORS[request.param])


def message(body: str, around: str = "") -> bytes:
    return f'<s:Envelope xmlns:s="{SOAP}"{around}><s:Body>{body}</s:Body></s:Envelope>'.encode()


def canonical(body: str, around: str = "") -> str:
    """The canonical form of what is in the Body."""
    whole = canonical_body(message(body, around)).decode()
    start = f'<s:Body xmlns:s="{SOAP}">'
    assert whole.startswith(start)
    return whole.removeprefix(start).removesuffix("</s:Body>")


def test_the_vectors(vector: tuple[bytes, int, str]) -> None:
    octets, length, sha256 = vector
    body = canonical_body(octets)
    assert (len(body), hashlib.sha256(body).hexdigest()) == (length, sha256)
    assert sign(octets, KEY) == etree.fromstring(octets).findtext(f".//{TOKEN}")


def test_a_message_is_signed_from_its_bytes_its_envelope_or_its_body(
    vector: tuple[bytes, int, str],
) -> None:
    octets = vector[0]
    envelope = etree.fromstring(octets)
    body = envelope.find(BODY)
    assert body is not None
    assert sign(octets, KEY) == sign(envelope, KEY) == sign(body, KEY)


def test_a_body_that_stands_alone() -> None:
    body = etree.fromstring(f'<s:Body xmlns:s="{SOAP}"><a/></s:Body>')
    assert canonical_body(body) == f'<s:Body xmlns:s="{SOAP}"><a></a></s:Body>'.encode()


def test_the_key_may_be_its_hash() -> None:
    octets = message("<a/>")
    assert key_hash(KEY).hex() == SHA1
    assert base64.b64encode(key_hash(KEY)) == b"p9nzCTwNTL+siaUjrTyMAbqsKJ8="
    assert sign(octets, bytes.fromhex(SHA1)) == sign(octets, KEY)
    with pytest.raises(ValueError, match="has 20 bytes, not 5"):
        sign(octets, b"short")


def test_a_key_of_any_letters() -> None:
    hashed = hashlib.sha512(
        canonical_body(message("<a/>")) + hashlib.sha1("klíč".encode()).digest()
    )
    assert sign(message("<a/>"), "klíč") == base64.b64encode(hashed.digest()).decode()


@pytest.mark.parametrize(
    ("written", "hashed"),
    [
        ("<a> </a>", "<a></a>"),
        ("<a>\r\n\t</a>", "<a></a>"),
        ("<a>&#13;&#10;</a>", "<a></a>"),
        ("<a>\u00a0</a>", "<a>\u00a0</a>"),
        ("<a> x </a>", "<a> x </a>"),
        ("<a>x&#13;y\r\nz</a>", "<a>x&#xD;y\nz</a>"),
        ("<a><![CDATA[<&>]]></a>", "<a>&lt;&amp;&gt;</a>"),
        ("<a> <![CDATA[ ]]> </a>", "<a> </a>"),
        ("<a>x<!-- c --> <b/></a>", "<a>x<b></b></a>"),
        ("<a>x <!-- c -->y</a>", "<a>x y</a>"),
        ('<a z="1" b=\'2"\' a="&#10;&lt;"/>', '<a a="&#xA;&lt;" b="2&quot;" z="1"></a>'),
        ("<a><?do  it?><?now?></a>", "<a><?do it?><?now?></a>"),
        ('<a xml:space="preserve"> <b> </b></a>', '<a xml:space="preserve"> <b> </b></a>'),
        (
            '<a xml:space="preserve"><b xml:space="default"> </b> </a>',
            '<a xml:space="preserve"><b xml:space="default"></b> </a>',
        ),
        ('<a xmlns="urn:u"><b xmlns=""> </b></a>', '<a xmlns="urn:u"><b xmlns=""></b></a>'),
        ('<a xmlns:n="urn:u"><b/></a>', '<a xmlns:n="urn:u"><b></b></a>'),
        ('<a xmlns:n="urn:u"><n:b xmlns:n="urn:u"/></a>', '<a xmlns:n="urn:u"><n:b></n:b></a>'),
    ],
)
def test_what_becomes_of_the_body(written: str, hashed: str) -> None:
    assert canonical(written) == hashed


@pytest.mark.parametrize(
    ("written", "hashed"),
    [
        ("<a/>", "<a></a>"),
        ("<n:a/>", '<n:a xmlns:n="urn:u"></n:a>'),
        ("<a><n:b/><n:c/></a>", '<a><n:b xmlns:n="urn:u"></n:b><n:c xmlns:n="urn:u"></n:c></a>'),
        ('<a n:b=""/>', '<a xmlns:n="urn:u" n:b=""></a>'),
        ('<n:a xmlns:n="urn:v"/>', '<n:a xmlns:n="urn:v"></n:a>'),
        ('<a t="n:b"/>', '<a t="n:b"></a>'),
        ('<a xmlns:n="urn:u"/>', '<a xmlns:n="urn:u"></a>'),
    ],
)
def test_what_is_declared_around_the_body_is_declared_where_it_is_needed(
    written: str, hashed: str
) -> None:
    assert (
        canonical(written, ' xmlns:n="urn:u" xmlns:unused="urn:w" xml:space="preserve"') == hashed
    )


def test_a_default_namespace_around_the_body() -> None:
    octets = f'<Envelope xmlns="{SOAP}"><Body><a xmlns=""/><b/></Body></Envelope>'.encode()
    assert canonical_body(octets) == (
        f'<Body xmlns="{SOAP}"><a xmlns=""></a><b></b></Body>'.encode()
    )


@pytest.mark.parametrize(
    ("octets", "reason"),
    [
        (b"", "the message is not XML: no element found"),
        (b"<a>", "the message is not XML: no element found"),
        (b"<a/>", "the message has no SOAP 1.1 Body"),
        (b'<s:Body xmlns:s="http://www.w3.org/2003/05/soap-envelope"/>', "has no SOAP 1.1 Body"),
        (f'<a><b><s:Body xmlns:s="{SOAP}"/></b></a>'.encode(), "has no SOAP 1.1 Body"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "has a document type declaration"),
        (message("<n:a/>"), "the Body has no canonical form"),
        (message('<a xmlns="relative"/>'), "the Body has no canonical form"),
    ],
)
def test_what_cannot_be_signed(octets: bytes, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        sign(octets, KEY)


# --- a token in its place


def test_a_token_takes_the_place_of_another_and_makes_the_header() -> None:
    octets = (DATA / "vector2_pretty.xml").read_bytes()
    envelope = etree.fromstring(octets)
    add_token(envelope, "another key")
    add_token(envelope, KEY)
    tokens = envelope.findall(f"{{{SOAP}}}Header/{TOKEN}")
    assert [token.get("type") for token in tokens] == ["A01"]
    assert tokens[0].text == etree.fromstring(octets).findtext(f".//{TOKEN}")

    bare = etree.fromstring(message("<a/>"))
    add_token(bare, KEY)
    assert [etree.QName(child).localname for child in bare] == ["Header", "Body"]
    assert bare.findtext(f"{{{SOAP}}}Header/{TOKEN}") == sign(message("<a/>"), KEY)


def test_there_must_be_something_to_sign() -> None:
    with pytest.raises(InvalidInput, match="has no SOAP"):
        add_token(etree.fromstring(f'<s:Envelope xmlns:s="{SOAP}"/>'), KEY)


# --- any Body

_TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")
    | st.sampled_from("\t\n &<>\"'"),
    max_size=12,
)
_NAMES = st.sampled_from(["a", "b", "p:a", "q:b", "HLASENI", "p:ž"])


@st.composite
def elements(draw: st.DrawFn, depth: int = 3) -> str:
    """An element; its prefixes are declared around it, so that none is declared without need."""
    name = draw(_NAMES)
    attributes = draw(
        st.dictionaries(st.sampled_from(["x", "y", "p:x", "q:y"]), _TEXTS, max_size=2)
    )
    told = "".join(
        f' {key}="{escape(value, {chr(34): "&quot;", chr(10): "&#10;", chr(9): "&#9;"})}"'
        for key, value in attributes.items()
    )
    texts = _TEXTS.map(escape) | st.just("<!-- c -->") | st.just("\r\n  ")
    parts = texts | elements(depth - 1) if depth else texts
    inside = "".join(draw(st.lists(parts, max_size=4)))
    return f"<{name}{told}>{inside}</{name}>"


AROUND = ' xmlns:p="urn:p" xmlns:q="urn:q" xmlns:none="urn:none"'


def stripped(octets: bytes) -> etree._Element:
    """The Body without text that is only whitespace, by another way than the client's."""
    body = etree.fromstring(octets).find(BODY)
    assert body is not None
    for element in body.iter():
        if not (element.text or "").strip(" \t\r\n") and isinstance(element.tag, str):
            element.text = None
        if not (element.tail or "").strip(" \t\r\n"):
            element.tail = None
    return body


@given(elements())
def test_the_form_is_the_exclusive_one_without_whitespace(body: str) -> None:
    # Where nothing is declared in vain, the reference agrees with exclusive C14N.
    octets = message(body, AROUND)
    wanted = etree.tostring(stripped(octets), method="c14n", exclusive=True, with_comments=False)
    assert canonical_body(octets) == wanted


@given(elements())
def test_the_form_agrees_with_the_canonicaliser_of_the_standard_library(body: str) -> None:
    octets = message(body, AROUND)
    out = io.StringIO()
    canonicalize(etree.tostring(stripped(octets), encoding="unicode"), out=out)
    assert canonical_body(octets).decode() == out.getvalue()


@given(elements(), st.sampled_from(["", "\n  ", "\r\n\t"]))
def test_neither_form_nor_header_nor_prefixes_around_change_the_token(
    body: str, blank: str
) -> None:
    pretty = f'<s:Envelope xmlns:s="{SOAP}"{AROUND}>{blank}<s:Header/>{blank}<s:Body>{blank}{body}{blank}</s:Body>{blank}</s:Envelope>'  # noqa: E501 - one message
    declared = message(body, AROUND.replace("urn:none", "urn:other"))
    assert sign(pretty.encode(), KEY) == sign(declared, KEY)


@given(st.integers(min_value=0), st.sampled_from(sorted(VECTORS)))
def test_another_letter_in_the_body_is_another_token(position: int, name: str) -> None:
    envelope = etree.fromstring((DATA / name).read_bytes())
    token = sign(envelope, KEY)
    body = envelope.find(BODY)
    assert body is not None
    texts = [
        each for each in body.iter() if (each.text or "").strip() and isinstance(each.tag, str)
    ]
    element = texts[position % len(texts)]
    element.text = f"{element.text}x"
    assert sign(envelope, KEY) != token
