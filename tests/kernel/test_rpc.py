"""Calls in all the forms that clients of RPC services give them."""

import base64
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from podatelna.kernel.rpc import (
    MOST_DEPTH,
    MOST_VALUES,
    Argument,
    Call,
    NotACall,
    charset_of,
    read_call,
    read_start,
)

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


def envelope(body: str, header: str = "") -> str:
    return (
        f'<s:Envelope xmlns:s="{SOAP}" xmlns:xsi="{XSI}" xmlns:x="http://www.w3.org/2001/XMLSchema"'
        f' xmlns:e="http://schemas.xmlsoap.org/soap/encoding/">{header}'
        f"<s:Body>{body}</s:Body></s:Envelope>"
    )


def read(text: str, charset: str = "") -> Call:
    return read_call(text.encode(), charset)


def values(call: Call) -> list[tuple[str, str]]:
    return [(argument.name, argument.text) for argument in call.arguments]


@pytest.mark.parametrize(
    "content",
    [
        '<m:file xmlns:m="urn:depot"><what xsi:type="x:string">hat</what><n>2</n></m:file>',
        '<file xmlns="urn:depot"><what>hat</what><n>2</n></file>',
        '<m:file xmlns:m="urn:depot"><what xmlns="urn:other">hat</what><m:n>2</m:n></m:file>',
        '<m:file xmlns:m="urn:depot" s:encodingStyle="any">\n<!-- it -->\n'
        "<what>h<!-- -->a<![CDATA[t]]></what><?p i?><n>2</n>\n</m:file><!-- so -->",
        '<m:file xmlns:m="urn:depot"><what><b>big</b>hat</what><n>2<c><d/></c></n></m:file>',
        '<e:Array e:root="0" id="i">lost</e:Array>'
        '<m:file xmlns:m="urn:depot"><what>hat</what><n href="#n"/></m:file>'
        '<multiRef id="n" xsi:type="x:int">2</multiRef>',
        '<m:file xmlns:m="urn:depot"><what id="a">hat</what><n href="#b"/></m:file>'
        '<m:r xmlns:m="urn:depot" id="b" href="#c"/><m:r xmlns:m="urn:d" id="c">2</m:r>',
    ],
)
def test_a_call_in_any_form(content: str) -> None:
    call = read(envelope(content))
    assert (call.namespace, call.method) == ("urn:depot", "file")
    assert values(call) == [("what", "hat"), ("n", "2")]


def test_all_that_is_told_of_a_parameter() -> None:
    message = envelope(
        '<f><a xsi:type="x:string">ž</a><b xsi:nil="true"/><c href="cid:1@x"/><d href="#r"/></f>'
        '<r id="r" xsi:type=" x:int ">7</r>'
    )
    call = read(message)
    assert (call.namespace, call.method) == ("", "f")
    assert call.arguments == (
        Argument("a", "ž", type="string", span=_span(message, "<a", "</a>")),
        Argument("b", nil=True, span=_span(message, "<b", "<c")),
        Argument("c", href="cid:1@x", span=_span(message, "<c", "<d")),
        Argument("d", "7", type="int", span=_span(message, "<r", "</r>")),
    )


def _span(message: str, begin: str, end: str) -> tuple[int, int]:
    octets = message.encode()
    start = octets.index(begin.encode())
    return (start, octets.index(end.encode(), start))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1250", "iso-8859-2"])
@pytest.mark.parametrize("told", [True, False])
def test_encodings(encoding: str, told: bool) -> None:
    name = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{name}"?>{envelope("<f><a>Příliš žluťoučký</a></f>")}'
    assert values(read_call(text.encode(encoding), name if told else "")) == [
        ("a", "Příliš žluťoučký")
    ]


@pytest.mark.parametrize("charset", ["utf-16le", "utf-16be"])
def test_utf_16_without_a_mark(charset: str) -> None:
    text = f'<?xml version="1.0" encoding="utf-16"?>{envelope("<f><a>ž</a></f>")}'
    assert values(read_call(text.encode(charset), "utf-16")) == [("a", "ž")]


def test_the_transport_goes_before_the_declaration() -> None:
    text = f'<?xml version="1.0" encoding="utf-8"?>{envelope("<f><a>ž</a></f>")}'
    assert values(read_call(text.encode("windows-1250"), "windows-1250")) == [("a", "ž")]


@pytest.mark.parametrize("charset", ["klingon", "base64", "utf-7", "cp037", "utf-16", "", "\0"])
def test_a_charset_of_no_use_is_passed_over(charset: str) -> None:
    assert values(read(envelope("<f><a>b</a></f>"), charset)) == [("a", "b")]


@pytest.mark.parametrize(
    ("content_type", "charset"),
    [
        ("text/xml; charset=utf-8", "utf-8"),
        ('text/xml;type="a";CHARSET = "windows-1250"', "windows-1250"),
        ("text/xml; charset='utf-8'; action=x", "utf-8"),
        ("text/xml; notacharset=utf-8", ""),
        ("text/xml; charset=", ""),
        ("", ""),
    ],
)
def test_the_charset_of_a_content_type(content_type: str, charset: str) -> None:
    assert charset_of(content_type) == charset


@pytest.mark.parametrize(
    "header",
    [
        "<s:Header/>",
        '<s:Header><a s:mustUnderstand="0"/><b/></s:Header>',
        '<s:Header><a s:mustUnderstand="1" s:actor="urn:other"/></s:Header>',
        '<s:Header><a><b s:mustUnderstand="1"/></a></s:Header>',
    ],
)
def test_header_entries_are_passed_over(header: str) -> None:
    assert values(read(envelope("<f><a>b</a></f>", header))) == [("a", "b")]


@pytest.mark.parametrize("actor", ["", 's:actor="http://schemas.xmlsoap.org/soap/actor/next"'])
def test_a_header_entry_that_must_be_understood_is_not(actor: str) -> None:
    header = f'<s:Header><t:Transaction xmlns:t="urn:t" s:mustUnderstand="1" {actor}/></s:Header>'
    assert _refused(envelope("<f/>", header).encode()) == (
        "must_understand",
        "the header Transaction is not understood",
    )


def _refused(body: bytes) -> tuple[str, str]:
    with pytest.raises(NotACall) as refused:
        read_call(body)
    assert str(refused.value) == refused.value.text
    return refused.value.kind, refused.value.text


_BOMB = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>' + envelope(
    "<f><a>&b;</a></f>"
)
_SOAP_12 = envelope("<f/>").replace(SOAP, "http://www.w3.org/2003/05/soap-envelope")


@pytest.mark.parametrize(
    ("message", "kind", "text"),
    [
        ("", "unparsable", "no element found: line 1, column 0"),
        ("no xml", "unparsable", "syntax error: line 1, column 0"),
        (envelope("<f>"), "unparsable", "mismatched tag: line 1, column 260"),
        (envelope("<f>&who;</f>"), "unparsable", "undefined entity: line 1, column 260"),
        (envelope("<p:f/>"), "unparsable", "unbound prefix: line 1, column 257"),
        ('<?xml version="1.0" encoding="x"?><a/>', "unparsable", "unknown encoding: x"),
        (_BOMB, "unparsable", "a document type declaration is not allowed in a SOAP message"),
        ("<a/>", "unparsable", "the root element is a, not a SOAP Envelope"),
        (
            _SOAP_12,
            "version_mismatch",
            "the Envelope is of http://www.w3.org/2003/05/soap-envelope",
        ),
        ("<Envelope/>", "version_mismatch", "the Envelope is of no namespace"),
        (f'<Envelope xmlns="{SOAP}"/>', "no_call", "the Body has no element that names a method"),
        (envelope(""), "no_call", "the Body has no element that names a method"),
        (envelope('<f><a href="#b"/></f>'), "unparsable", "no value has the id b"),
        (
            envelope('<f><a href="#b"/></f><r id="b" href="#c"/><r id="c" href="#b"/>'),
            "unparsable",
            "no value has the id c",
        ),
        (
            envelope("<f>" + "<a>" * MOST_DEPTH),
            "too_much",
            f"elements are nested deeper than {MOST_DEPTH}",
        ),
        (
            envelope("<f>" + "<a/>" * MOST_VALUES + "</f>"),
            "too_much",
            f"the call has more than {MOST_VALUES} values",
        ),
    ],
)
def test_what_is_no_call(message: str, kind: str, text: str) -> None:
    told = _refused(message.encode())
    assert told[0] == kind
    assert told[1].partition(":")[0] == text.partition(":")[0]


def test_what_was_read_of_a_broken_call_is_told() -> None:
    message = envelope("<f><a>1</a><b>2</f>").encode()
    with pytest.raises(NotACall) as broken:
        read_call(message)
    first, last = broken.value.arguments
    assert (first.name, first.text, last.name) == ("a", "1", "b")
    assert last.span == (message.index(b"<b>"), len(message))


@pytest.mark.parametrize(
    ("body", "read"),
    [
        ("<f><a>1</a><b>2</b><c>3</c></f>", [("a", "1"), ("b", "2")]),
        ("<f><a>1</a><b>2</b><c></f>", [("a", "1"), ("b", "2")]),
        ('<f><a>1</a><b href="#d"/><c>3</c></f><r id="d">4</r>', [("a", "1"), ("b", "4")]),
        ("<f><a>1</a></f>", [("a", "1")]),
        ("<f><a>1</a><c></f>", [("a", "1"), ("c", "")]),
        ("", []),
    ],
)
def test_the_first_arguments_alone(body: str, read: list[tuple[str, str]]) -> None:
    found = read_start(envelope(body).encode(), "", 2)
    assert [(argument.name, argument.text) for argument in found] == read


def test_a_second_body_is_nothing() -> None:
    message = envelope("<f/>").replace("</s:Body>", "</s:Body><s:Body><g/></s:Body><h><i/></h>")
    assert read(message) == Call("", "f", ())


def test_a_large_value_is_read_with_few_copies() -> None:
    value = base64.b64encode(b"abc" * 2_000_000).decode()
    message = envelope(f"<f><a>{value}</a></f>").encode()
    tracemalloc.start()
    try:
        call = read_call(message)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert call.arguments[0].text == value
    assert peak < 2.5 * len(message)


@given(st.binary() | st.text().map(lambda text: envelope(text).encode()), st.text())
@example(b"\xff\xfe<\0", "utf-16")
@example(envelope('<f><a href="#"/></f>').encode(), "")
def test_no_bytes_crash_it(body: bytes, charset: str) -> None:
    with suppress(NotACall):
        read_call(body, charset)


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], max_codepoint=0xD7FF))
    ),
    st.sampled_from(["utf-8", "utf-16"]),
)
def test_values_come_as_they_were_sent(texts: list[str], encoding: str) -> None:
    cells = "".join(f"<a><![CDATA[{text.replace(']]>', '')}]]></a>" for text in texts)
    message = f'<?xml version="1.0" encoding="{encoding}"?>{envelope(f"<f>{cells}</f>")}'
    call = read_call(message.encode(encoding), encoding)
    assert [argument.text for argument in call.arguments] == [
        text.replace("]]>", "") for text in texts
    ]
