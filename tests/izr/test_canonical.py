"""Canonical bytes: fixed vectors, and any Body against two other canonicalisers."""

import hashlib
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from podatelna.izr.canonical import Namespaces, NotCanonicalError, canonical
from podatelna.izr.tokens import CANDIDATES, candidates, hash_key, matching, token
from tests.izr.canonicaliser import (
    SOAP,
    Attribute,
    Cdata,
    Comment,
    Element,
    Instruction,
    Node,
    Text,
    envelope,
    reference,
    stripped,
    write,
)

GOLDEN = Path(__file__).parent / "golden"
KEY_HASH = hash_key("Sandbox0Key0Example1")
VECTORS = [
    ("vector1_compact", name, 1094, "d286787715c68b01", "DeP9rmRHl3WmfOtrA/BcZnY7")
    for name in (candidate.name for candidate in CANDIDATES)
] + [
    ("vector2_pretty", "reference", 963, "1e7bad79558fd7a5", "jgfYXUfTYklcR/JB43TumEU7"),
    ("vector2_pretty", "exclusive", 963, "1e7bad79558fd7a5", "jgfYXUfTYklcR/JB43TumEU7"),
    ("vector2_pretty", "exclusive with whitespace", 1283, "5cd909458077bf01",
     "gbydTgt5jvZFs2FPgX46ynil"),
    ("vector2_pretty", "in place", 1006, "d7ba6dab90931468", "M5aq2jQeoMVe3tuXUs8ZeSDg"),
    ("vector2_pretty", "in place with whitespace", 1326, "bbfb1c3302559bef",
     "YZVVdDTRVjYzflRFMBB7CJY8"),
    ("vector3_edge", "reference", 226, "", "xm0wSuJiuUxW6HanCGgR6bsi"),
    ("vector3_edge", "exclusive", 205, "", "FNAFLH3bXIcfa5ZaUmxesXpw"),
]  # fmt: skip
"""File, candidate, length of the canonical bytes, how their SHA-256 and the token begin. The first
candidate was made by the public C# routine, run on the .NET class library."""


def golden(name: str) -> bytes:
    return (GOLDEN / f"{name}.xml").read_bytes()


@pytest.mark.parametrize(
    ("file", "name", "length", "digest", "beginning"),
    VECTORS,
    ids=[f"{vector[0]} {vector[1]}" for vector in VECTORS],
)
def test_vectors(file: str, name: str, length: int, digest: str, beginning: str) -> None:
    found = {candidate.name: octets for candidate, octets in candidates(golden(file))}
    octets = found[name]
    assert len(octets) == length
    assert hashlib.sha256(octets).hexdigest().startswith(digest)
    assert token(octets, KEY_HASH).startswith(beginning)


def test_vectors_carry_the_token_of_the_reference_form() -> None:
    for name in ("vector1_compact", "vector2_pretty", "vector3_edge"):
        message = golden(name)
        carried = etree.fromstring(message).findtext("{*}Header/{*}Token") or ""
        assert matching(message, carried, KEY_HASH, strict=True) == CANDIDATES[0]


# --- any Body

URIS = ("urn:a", "urn:b", "http://www.pds.eu/vOKO/v0200")
PREFIXES = ("a", "b", "vOKO")
NAMES = ("Request", "HLASENI", "číslo", "A-b.c_1")
LETTERS = st.text(st.sampled_from("aZ9 řŽ&<>\"'\t\n\r\u00a0\u2003€😀"), max_size=6)
BLANKS = st.text(st.sampled_from(" \t\n\r"), min_size=1, max_size=4)
RAW = st.booleans()


@st.composite
def attributes(draw: Any, scope: dict[str, str]) -> tuple[Attribute, ...]:
    bound = [prefix for prefix, uri in scope.items() if prefix and uri]
    drawn = draw(
        st.lists(
            st.builds(
                Attribute, st.sampled_from(["", *bound]), st.sampled_from(NAMES), LETTERS, RAW
            ),
            max_size=3,
        )
    )
    space = draw(st.sampled_from([None, None, None, "preserve", "default"]))
    if space:
        drawn.append(Attribute("xml", "space", space))
    one_each = {(scope[each.prefix] if each.prefix in bound else each.prefix, each.local): each
                for each in drawn}  # fmt: skip
    return tuple(one_each.values())


@st.composite
def elements(draw: Any, scope: dict[str, str], depth: int) -> Element:
    declared = draw(
        st.dictionaries(st.sampled_from(PREFIXES), st.sampled_from(URIS), max_size=2)
        | st.dictionaries(st.just(""), st.sampled_from((*URIS, "")), max_size=1)
    )
    inner = {**scope, **declared}
    prefix = draw(st.sampled_from(sorted({*inner, ""})))
    return Element(
        prefix=prefix,
        local=draw(st.sampled_from(NAMES)),
        declared=declared,
        attributes=draw(attributes(inner)),
        children=joined(draw(st.lists(nodes(inner, depth - 1), max_size=4 if depth else 0))),
    )


def nodes(scope: dict[str, str], depth: int) -> st.SearchStrategy[Node]:
    simple: list[st.SearchStrategy[Node]] = [
        st.builds(Text, LETTERS, RAW),
        st.builds(Text, BLANKS, RAW),
        st.builds(Cdata, LETTERS | BLANKS),
        st.builds(Comment, st.sampled_from(["", " c ", "\r\n"])),
        st.builds(Instruction, st.sampled_from(["pi", "x-y"]), st.sampled_from(["", "a b ", "ř"])),
    ]
    return st.one_of(*simple, elements(scope, depth)) if depth >= 0 else st.one_of(*simple)


def joined(children: list[Node]) -> tuple[Node, ...]:
    """Texts side by side are one; an empty one is none."""
    found: list[Node] = []
    for kind, group in groupby(children, type):
        if kind is Text:
            texts = [each for each in group if isinstance(each, Text)]
            whole = "".join(each.text for each in texts)
            found += [Text(whole, texts[0].raw)] if whole else []
        else:
            found += group
    return tuple(found)


@st.composite
def messages(draw: Any) -> tuple[Element, dict[str, str]]:
    """A Body, and what the Envelope declares besides SOAP."""
    outside = draw(
        st.dictionaries(st.sampled_from((*PREFIXES, "")), st.sampled_from(URIS), max_size=3)
    )
    scope = {**outside, "SOAP": SOAP}
    declared = draw(st.dictionaries(st.sampled_from(PREFIXES), st.sampled_from(URIS), max_size=2))
    inner = {**scope, **declared}
    children = joined(draw(st.lists(nodes(inner, 2), max_size=4)))
    return Element("SOAP", "Body", declared, draw(attributes(inner)), children), outside


@given(messages())
def test_reference_form_is_that_of_the_other_implementation(
    drawn: tuple[Element, dict[str, str]],
) -> None:
    body, outside = drawn
    found = envelope(body, outside).encode()
    assert canonical(found, "reference", blanks=False) == reference(body, outside)


@given(messages())
def test_other_forms_are_those_of_libxml2(drawn: tuple[Element, dict[str, str]]) -> None:
    """libxml2 is given the Body as a document of its own, with all that is in scope: of a part of
    a document it takes some default namespaces back that hold."""
    body, outside = drawn
    found = envelope(body, outside).encode()
    alone = replace(body, declared={**outside, "SOAP": SOAP, **body.declared})
    forms: dict[Namespaces, bool] = {"exclusive": True, "in place": False}
    for blanks in (True, False):
        root = etree.fromstring(write(alone if blanks else stripped(alone)).encode())
        for form, exclusive in forms.items():
            expected = etree.tostring(root, method="c14n", exclusive=exclusive, with_comments=False)
            assert canonical(found, form, blanks=blanks) == expected


@given(messages(), st.sampled_from(CANDIDATES), st.text(max_size=20))
def test_token_of_any_form_is_recognised(
    drawn: tuple[Element, dict[str, str]], candidate: Any, key: str
) -> None:
    body = envelope(*drawn).encode()
    octets = canonical(body, candidate.namespaces, blanks=candidate.blanks)
    made = token(octets, hash_key(key))
    matched = matching(body, made, hash_key(key), strict=False)
    assert matched is not None
    assert canonical(body, matched.namespaces, blanks=matched.blanks) == octets
    assert matching(body, made, hash_key(key + "!"), strict=False) is None


def meaning(message: bytes) -> list[object]:
    """What a Body says, whitespace-only text left out."""
    body = etree.fromstring(message).find(f"{{{SOAP}}}Body")
    assert body is not None
    texts = [
        [text for text in (each.text, each.tail) if text and text.strip()] for each in body.iter()
    ]
    return [
        (each.tag, sorted(each.items()), *text)
        for each, text in zip(body.iter(), texts, strict=True)
    ]


@given(st.sampled_from(["vector1_compact", "vector2_pretty"]), st.integers(0), st.integers(1, 255))
@example("vector1_compact", 700, 1)
def test_one_flipped_byte_is_refused(name: str, place: int, mask: int) -> None:
    message = golden(name)
    start = message.index(b"Body")
    place = start + place % (message.rindex(b"Body") - start)
    changed = message[:place] + bytes([message[place] ^ mask]) + message[place + 1 :]
    carried = etree.fromstring(message).findtext("{*}Header/{*}Token") or ""
    try:
        same = meaning(changed) == meaning(message)
        matched = matching(changed, carried, KEY_HASH, strict=False)
    except (etree.XMLSyntaxError, NotCanonicalError, AssertionError):
        return
    assert (matched is not None) == same


# --- what none of them would find


def body_of(inside: str, attributes: str = "") -> bytes:
    return (
        f'<s:Envelope xmlns:s="{SOAP}"{attributes}><s:Header xml:lang="en"/>'
        f"<s:Body>{inside}</s:Body></s:Envelope>"
    ).encode()


def test_long_text_is_one_text() -> None:
    """A reader that takes text in pieces may meet a piece that is blank."""
    text = "x" * 8000 + "\n" + " " * 8100 + "\n" + "y" * 200
    found = canonical(body_of(f"<A>{text}</A>"), "reference", blanks=False)
    assert found.decode() == f'<s:Body xmlns:s="{SOAP}"><A>{text}</A></s:Body>'


def test_a_comment_parts_texts() -> None:
    """A blank one before it is dropped, though the whole is not blank."""
    body = body_of("<A> <!-- c -->x</A>")
    assert b"<A>x</A>" in canonical(body, "reference", blanks=False)
    assert b"<A> x</A>" in canonical(body, "exclusive", blanks=True)


def test_in_place_form_inherits_xml_attributes_of_the_envelope_alone() -> None:
    body = body_of("<A/>", ' xml:lang="cs"')
    found = canonical(body, "in place", blanks=False)
    assert found.decode() == f'<s:Body xmlns:s="{SOAP}" xml:lang="cs"><A></A></s:Body>'
    assert b"lang" not in canonical(body, "exclusive", blanks=False)
    assert b"lang" not in canonical(body, "reference", blanks=False)


def test_net_keeps_line_ends_that_others_normalise() -> None:
    body = body_of("<A b='1\t2'>x\r\ny</A><C><![CDATA[\r\n]]></C>\r\n")
    assert b'<A b="1&#x9;2">x&#xD;\ny</A><C>&#xD;\n</C>' in canonical(
        body, "reference", blanks=False
    )
    assert b'<A b="1 2">x\ny</A><C>\n</C>' in canonical(body, "exclusive", blanks=False)


def test_private_characters_of_a_message_are_left_alone() -> None:
    text = "".join(map(chr, range(0xE000, 0xE030)))
    body = body_of(f"<A>{text}\r\n{text}</A>")
    assert f"<A>{text}&#xD;\n{text}</A>".encode() in canonical(body, "reference", blanks=False)


def test_prefixes_of_the_envelope_are_declared_where_they_are_used() -> None:
    body = body_of("<p:A><p:B/></p:A><p:C/>", ' xmlns:p="urn:p" xmlns:q="urn:q"')
    assert canonical(body, "reference", blanks=False).decode() == (
        f'<s:Body xmlns:s="{SOAP}"><p:A xmlns:p="urn:p"><p:B></p:B></p:A>'
        '<p:C xmlns:p="urn:p"></p:C></s:Body>'
    )


def test_only_the_first_body_counts() -> None:
    body = (
        f'<s:Envelope xmlns:s="{SOAP}"><s:Header><s:Body>no</s:Body></s:Header>'
        "<s:Body>yes</s:Body><s:Body>no</s:Body></s:Envelope>"
    ).encode()
    assert b"yes" in canonical(body, "reference", blanks=False)
    assert b"no" not in canonical(body, "reference", blanks=False)


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ("", "no element found"),
        ("<a/>", "there is no SOAP Body"),
        (f'<s:Envelope xmlns:s="{SOAP}"><Body/></s:Envelope>', "there is no SOAP Body"),
        ("<!DOCTYPE a><a/>", "document type declaration"),
    ],
)
def test_messages_without_a_body(message: str, why: str) -> None:
    with pytest.raises(NotCanonicalError, match=why):
        canonical(message.encode(), "reference", blanks=False)


def test_stripping_is_the_same_twice() -> None:
    """What .NET reads a second time holds nothing more that it would drop."""
    body = Element("SOAP", "Body", children=(Text(" "), Cdata(" "), Text("x ")))
    assert stripped(stripped(body)) == stripped(body)
    assert stripped(body) == replace(body, children=(Cdata(" "), Text("x ")))


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_around_the_envelope_are_nobodys_text(end: str) -> None:
    message = (
        b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body/></s:Envelope>'
    )
    framed = f'<?xml version="1.0"?>{end}<!-- <a> -->{end}'.encode() + message + end.encode()
    assert canonical(framed, "reference", blanks=False) == canonical(
        message, "reference", blanks=False
    )
