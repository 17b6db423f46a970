"""What the journal has of a request must not give a password away, in whatever spelling."""

import re
from base64 import b64decode, b64encode
from binascii import Error
from dataclasses import replace
from quopri import decodestring, encodestring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podatelna.kernel.blanking import BLANK, Blanking
from podatelna.kernel.exchange import Request
from tests.sdns.front import (
    LOAD,
    LOADED,
    PARAMETERS,
    PASSWORD,
    ROUTER,
    Front,
    load,
    perform,
    post,
    query,
)

SERVICE = Front().service
XML = PARAMETERS.encode()
BASE64 = b64encode(XML)
LINES = b"\r\n".join(BASE64[at : at + 76] for at in range(0, len(BASE64), 76))
SPELLED = "Heslo&lt;&amp;>123ž"


def recorded(request: Request) -> bytes:
    return Blanking(SERVICE.secrets_of(request)).body(request.body, 1 << 20)


def readable(octets: bytes) -> bytes:
    """All that anybody could read out of a record: Base64 and quoted text, too."""
    texts = [octets, octets.replace(b"\0", b""), decodestring(octets)]
    for offset in range(4):
        for run in re.findall(rb"[A-Za-z0-9+/\s]{16,}", octets):
            kept = re.sub(rb"\s", b"", run)[offset:]
            try:
                inner = b64decode(kept[: len(kept) // 4 * 4])
            except Error:
                continue
            texts.append(inner)
            if len(octets) < 4000 and b"<" not in inner[:4]:
                texts.append(readable(inner) if len(inner) < len(octets) else b"")
    return b"\n".join(texts)


def inline(content: bytes) -> Request:
    return post(ROUTER, query("performQuery", f"<xmlParam>{content.decode()}</xmlParam>"))


LOADS = {
    "runtime": post(LOAD, load()),
    "cdata": post(LOAD, load().replace(f">{SPELLED}<", f"><![CDATA[{PASSWORD}]]><")),
    "references": post(LOAD, load().replace("Heslo", "&#72;&#x65;slo")),
    "comment": post(LOAD, load().replace("Heslo", "Hes<!-- -->lo")),
    "utf-16": post(LOAD, load().encode("utf-16"), "text/xml"),
    "windows-1250": post(LOAD, load().encode("windows-1250"), "text/xml; charset=windows-1250"),
    "reference": post(
        LOAD,
        load()
        .replace(f">{SPELLED}</param2>", ' href="#p"/>')
        .replace("</s:Body>", f'<x id="p">{SPELLED}</x></s:Body>'),
    ),
    "element inside": post(LOAD, load().replace(f">{SPELLED}<", f"><x>{SPELLED}</x><")),
    "broken behind": post(LOAD, load().replace("</param5>", "</param>")),
    "broken inside": post(LOAD, load().replace("</param2>", "</param>")),
    "broken before": post(LOAD, "<" + load()),
    "broken before, utf-16": post(LOAD, ("<" + load()).encode("utf-16"), "text/xml"),
    "other address": post(ROUTER, load()),
    "no address": post("/ewi-ws/zaslanidat", load()),
    "not posted": replace(post(LOAD, load()), method="PUT"),
}
QUERIES = {
    "8bit": perform(XML),
    "bare LF": perform(XML, end="\n"),
    "8bit, utf-16": perform(PARAMETERS.replace("UTF-8", "UTF-16").encode("utf-16")),
    "8bit, windows-1250": perform(
        PARAMETERS.replace("UTF-8", "windows-1250").encode("windows-1250")
    ),
    "base64": perform(BASE64, "base64"),
    "base64 in lines": perform(LINES, "base64"),
    "base64 of base64": perform(b64encode(BASE64), "base64"),
    "8bit that is base64": perform(LINES),
    "quoted": perform(encodestring(XML), "quoted-printable"),
    "inline": inline(BASE64),
    "inline in lines": inline(LINES),
    "inline in CDATA": inline(b"<![CDATA[" + XML + b"]]>"),
    "inline and broken": replace(
        inline(BASE64), body=inline(BASE64).body.replace(b"</xml", b"</x")
    ),
    "broken XML": perform(XML.replace(b"</DefiniceDotazu>", b"")),
    "broken XML in base64": perform(b64encode(XML.replace(b"</DefiniceDotazu>", b"")), "base64"),
    "no parts as told": replace(perform(LINES, "base64"), headers={"content-type": "text/xml"}),
    "another boundary": replace(
        perform(LINES, "base64"), headers={"content-type": "multipart/related; boundary=x"}
    ),
    "another address": replace(perform(LINES, "base64"), path="/ewi-ws/query"),
}


@pytest.mark.parametrize("name", [*LOADS, *QUERIES])
def test_no_password_is_recorded(name: str) -> None:
    request = (LOADS | QUERIES)[name]
    record = readable(recorded(request))
    # What is between the letters that XML escapes in it is enough to know it by.
    assert b"123" not in record
    assert b"esl" not in record.replace(b"<Popis>Heslo", b"")
    assert b"123" in readable(request.body)


@pytest.mark.parametrize("name", [name for name in LOADS if "broken" not in name])
def test_the_rest_of_load_data_is_recorded(name: str) -> None:
    record = recorded(LOADS[name]).replace(b"\0", b"")
    for kept in (b"ws9990900002.xml", b"UZIV0001", b"PGEvPg=="):
        assert kept in record


@pytest.mark.parametrize("name", ["8bit", "bare LF", "base64", "base64 in lines", "inline"])
def test_the_rest_of_a_query_is_recorded(name: str) -> None:
    record = recorded(QUERIES[name])
    assert record.count(BLANK.encode()) == 1
    assert b"performQuery" in record
    assert b"UZIV0001" in readable(record.replace(BLANK.encode(), b"=" * 8))


def test_a_call_without_a_password_is_recorded_whole() -> None:
    for request in (
        post(LOAD, load((*LOADED[:2], "", *LOADED[3:]))),
        post(LOAD, load(LOADED[:2], ("a", "b"))),
        post(ROUTER, query("getParams")),
        perform(b"<DefiniceDotazu/>"),
        perform(b64encode(b"<DefiniceDotazu/>"), "base64"),
        Request("GET", LOAD),
    ):
        assert SERVICE.secrets_of(request) == []


def test_parameters_that_are_too_long_to_be_looked_through_are_not_recorded() -> None:
    request = perform(XML.replace(b"<Popis>", b"<Popis>" + b" " * (4 << 20)))
    assert recorded(request) == BLANK.encode()


@given(st.binary(max_size=60), st.integers(0, 5), st.sampled_from([b"", b"\r\n", b" "]))
def test_any_password_at_any_place(before: bytes, shift: int, end: bytes) -> None:
    about = b64encode(before).replace(b"=", b"")
    document = XML.replace(b"<Popis>", b"<Popis>" + b"x" * shift + about)
    text = b64encode(document)
    lines = end.join(text[at : at + 40] for at in range(0, len(text), 40))
    record = recorded(perform(lines, "base64"))
    assert record.count(BLANK.encode()) == 1
    left = readable(record).replace(about, b"")
    assert b"123" not in left
    # Not even the last byte of it, before the end tag.
    assert PASSWORD.encode()[-1:] + b"</" not in left


@given(st.integers(0, 5), st.sampled_from([b"", b"\r\n", b" "]))
def test_no_more_of_base64_is_blanked_than_holds_it(shift: int, end: bytes) -> None:
    text = b64encode(XML.replace(b"<Popis>", b"<Popis>" + b"x" * shift))
    lines = end.join(text[at : at + 40] for at in range(0, len(text), 40))
    password, place = SERVICE.secrets_of(perform(lines, "base64"))
    assert password == PASSWORD
    assert place.encode() in lines
    held = b64decode(place)
    element = f"<HodnotaPar>{SPELLED}".encode()
    assert held.find(element) in (0, 1, 2)
    assert len(held) - held.find(element) - len(element) in (0, 1, 2)
