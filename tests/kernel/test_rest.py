"""What a service written in PHP reads and writes, against what PHP does and against chance."""

import csv
import json
import string
from io import StringIO
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podatelna.kernel.rest import (
    MOST_PARAMETERS,
    MOST_RANGES,
    accepted,
    csv_table,
    php_json,
    preferred_language,
    read_json_object,
    read_query,
)

# -- JSON out


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"status": "ok", "code": 0, "result": {}}, rb'{"status":"ok","code":0,"result":{}}'),
        (["a", 1, -1, True, False, None, []], rb'["a",1,-1,true,false,null,[]]'),
        (("a", ("b",)), rb'["a",["b"]]'),
        ("Nový", rb'"Nov\u00fd"'),
        ("„Předanalýza“", rb'"\u201eP\u0159edanal\u00fdza\u201c"'),
        ("😀", rb'"\ud83d\ude00"'),
        ("a/b//", rb'"a\/b\/\/"'),
        ('"\\', rb'"\"\\"'),
        ("\b\f\n\r\t", rb'"\b\f\n\r\t"'),
        ("\x00\x01\x1f\v", rb'"\u0000\u0001\u001f\u000b"'),
        ("\x7f\x80", b'"\x7f\\u0080"'),
        ("\\u007f \\\x7f", b'"\\\\u007f \\\\\x7f"'),
        ("<>&'", b'"<>&\'"'),
        ({"ž/": 1}, rb'{"\u017e\/":1}'),
        ("\u2028\ufeff", rb'"\u2028\ufeff"'),
    ],
)
def test_json_is_written_as_php_does(value: object, written: bytes) -> None:
    assert php_json(value) == written


def test_what_json_has_no_form_for_is_a_bug() -> None:
    with pytest.raises(ValueError, match="JSON"):
        php_json(float("nan"))
    with pytest.raises(TypeError):
        php_json(b"bytes")


scalars = st.none() | st.booleans() | st.integers(-(2**63) + 1, 2**63 - 1) | st.text()
documents = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
)


@given(st.dictionaries(st.text(), documents, max_size=5))
def test_what_is_written_is_read_again(value: dict[str, Any]) -> None:
    written = php_json(value)
    assert written.isascii()
    assert read_json_object(written) == value == json.loads(written)


# -- JSON in


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (rb'{"list":"state","page":-1}', {"list": "state", "page": -1}),
        (b' {"a" :\r\n[1, "2", null, true] }\t', {"a": [1, "2", None, True]}),
        (b"{}", {}),
        ('{"á":"ž"}'.encode(), {"á": "ž"}),
        (rb'{"a":"\ud83d\ude00\/\u0159"}', {"a": "😀/ř"}),
        (b'{"a":1,"b":2,"a":3}', {"a": 3, "b": 2}),
        (b'{"a":1.5,"b":1e2}', {"a": 1.5, "b": 100.0}),
        (b'{"a":"\x7f"}', {"a": "\x7f"}),
        (b'{"":0}', {"": 0}),
    ],
)
def test_a_json_object_is_read(body: bytes, read: object) -> None:
    assert read_json_object(body) == read


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'[{"a":1}]',
        b'"a"',
        b"1",
        b"{",
        b'{"a":1}x',
        b"{'a':1}",
        b'{"a":1,}',
        b"a=1&b=2",
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":01}',
        b'{"a":"\n"}',
        b'{"a":"\xe1"}',
        b'{"a":"\xed\xa0\x80"}',
        b'\xef\xbb\xbf{"a":1}',
        '{"a":1}'.encode("utf-16"),
        rb'{"a":"\ud83d"}',
        rb'{"a":["\uDE00"]}',
        rb'{"\ude00\ud83d":1}',
        b"\x00\xff" * 100,
    ],
)
def test_what_is_no_json_object(body: bytes) -> None:
    assert read_json_object(body) is None


@pytest.mark.parametrize(
    ("digits", "value"),
    [
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775807", 1 - 2**63),
        ("9223372036854775808", 2.0**63),
        ("10000000000000000000000", 1e22),
        ("-" + "9" * 5000, float("-inf")),
        ("1e999", float("inf")),
    ],
)
def test_large_numbers_are_floats(digits: str, value: float) -> None:
    read = read_json_object(f'{{"a":{digits}}}'.encode())
    assert read == {"a": value}
    assert type(read["a"]) is type(value)


def nested(levels: int) -> bytes:
    """An object in which lists lie in each other."""
    return b'{"a":' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"


def test_too_many_levels_are_no_json() -> None:
    assert read_json_object(nested(512)) is not None
    assert read_json_object(nested(513)) is None
    assert read_json_object(nested(100_000)) is None
    assert read_json_object(b"[" * 1_000_000) is None
    assert read_json_object(b'{"a":' * 1_000_000) is None


def test_many_brackets_are_not_many_levels() -> None:
    wide = {"a": [[]] * 1000, "b": "[{" * 1000}
    assert read_json_object(json.dumps(wide).encode()) == wide


@given(st.binary() | st.text(alphabet='{}[]":,\\ud80a1eN-', max_size=60).map(str.encode))
def test_no_body_raises(body: bytes) -> None:
    read = read_json_object(body)
    assert read is None or isinstance(read, dict)


# -- tables


def test_a_table() -> None:
    rows = [
        ("CZ-0VR", 1, True, None, "Nový", [1, 2]),
        ('say "a,b"', -1, False, "", "two\r\nlines", ()),
    ]
    assert (
        csv_table(("uprc", "id", "final", "none", "name", "forStates"), rows)
        == (
            '"uprc","id","final","none","name","forStates"\r\n'
            '"CZ-0VR","1","true","","Nový","1,2"\r\n'
            '"say ""a,b""","-1","false","","two\r\nlines",""\r\n'
        ).encode()
    )


def test_an_empty_table_has_its_header() -> None:
    assert csv_table(("a", "b"), ()) == b'"a","b"\r\n'


@given(st.lists(st.lists(st.text(), min_size=1, max_size=4)))
def test_any_table_can_be_read_again(rows: list[list[str]]) -> None:
    written = csv_table(("a",), rows).decode()
    assert list(csv.reader(StringIO(written, newline=""))) == [["a"], *rows]


# -- parameters in a URL


@pytest.mark.parametrize(
    ("query", "read"),
    [
        ("", {}),
        ("list=state&page=-1", {"list": "state", "page": "-1"}),
        (
            "list=messages&changedFrom=2022-07-06+12%3A00%3A00",
            {"list": "messages", "changedFrom": "2022-07-06 12:00:00"},
        ),
        ("id[]=1&id[]=2", {"id": ["1", "2"]}),
        ("id[0]=1&id[1]=2&a=b", {"id": ["1", "2"], "a": "b"}),
        ("id%5B%5D=1", {"id": ["1"]}),
        ("id=1&id=2&id=3", {"id": ["1", "2", "3"]}),
        ("id=1&id[]=2", {"id": ["1", "2"]}),
        ("id[a][b]=1", {"id": ["1"]}),
        ("id=1,2", {"id": "1,2"}),
        ("id[=1", {"id[": "1"}),
        ("[]=1", {"[]": "1"}),
        ("a", {"a": ""}),
        ("a=", {"a": ""}),
        ("a=b=c", {"a": "b=c"}),
        ("=1&&a=1&", {"a": "1"}),
        ("a=%C5%98%20%2B+x", {"a": "Ř + x"}),
        ("a=\xc5\x98", {"a": "Ř"}),
        ("a=%&b=%4&c=%zz&d=%41", {"a": "%", "b": "%4", "c": "%zz", "d": "A"}),
        ("a=%FF%C5", {"a": "\ufffd\ufffd"}),
        ("a=%00", {"a": "\0"}),
        ("a;b=1;c", {"a;b": "1;c"}),
        ("\ud800=\u0159", {"?": "?"}),
    ],
)
def test_a_query_is_read(query: str, read: object) -> None:
    assert read_query(query) == read


def test_a_query_has_so_many_parameters() -> None:
    assert len(read_query("&".join(f"p{n}=1" for n in range(MOST_PARAMETERS)))) == MOST_PARAMETERS
    more = read_query("&".join(f"p{n}=1" for n in range(MOST_PARAMETERS + 1)))
    assert f"p{MOST_PARAMETERS - 1}" in more
    assert f"p{MOST_PARAMETERS}" not in more
    assert read_query("&".join(["id[]=1"] * 2000)) == {"id": ["1"] * MOST_PARAMETERS}


names = st.text(string.ascii_letters, min_size=1)


@given(st.dictionaries(names, st.text(st.characters(exclude_categories=["Cs"]))))
def test_any_parameters_arrive(parameters: dict[str, str]) -> None:
    assert read_query(urlencode(parameters)) == parameters


@given(st.text())
def test_no_query_raises(query: str) -> None:
    for name, value in read_query(query).items():
        assert isinstance(name, str)
        assert isinstance(value, str) or all(isinstance(each, str) for each in value)


@given(st.lists(st.tuples(names, st.text(st.characters(exclude_categories=["Cs"]), min_size=1))))
def test_lists_arrive_as_the_standard_library_has_them(pairs: list[tuple[str, str]]) -> None:
    query = "&".join(f"{name}[]={quote_plus(value)}" for name, value in pairs)
    expected = parse_qs(query.replace("[]=", "="))
    assert read_query(query) == expected


# -- content negotiation

JSON, CSV, OTHER_CSV, RAW = "application/json", "text/csv", "application/csv", "image/png"
OFFERS = (JSON, CSV, OTHER_CSV)


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("application/json", JSON),
        ("text/csv", CSV),
        ("Application/CSV", OTHER_CSV),
        ("*/*", JSON),
        ("application/*", JSON),
        ("text/*", CSV),
        ("image/png", None),
        ("image/*", None),
        ("", None),
        ("text/csv, application/json", CSV),
        ("text/csv;q=0.5, application/json", JSON),
        ("text/csv;q=0.5, application/json;q=0.4, */*;q=0.1", CSV),
        ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", JSON),
        ("application/json;charset=utf-8", JSON),
        ("application/json ; charset=utf-8 ; q=0.1 , text/csv ; q=0.2", CSV),
        ("application/json;q=0", None),
        ("application/json;q=0, */*", CSV),
        ("application/json;q=0.000, application/*", OTHER_CSV),
        ("*/*;q=0", None),
        ("*/*;q=0.5, application/json;q=0.1", CSV),
        ("*, application/csv", OTHER_CSV),
        ("json, application/csv", OTHER_CSV),
        ("*/json, ;;, /, , text/csv", CSV),
        ("text/csv;q=2, application/json;q=0.1", JSON),
        ("text/csv;q=high, application/json;q=0.1", JSON),
        ("text/csv;q=, application/json;q=0.1", JSON),
        ("text/csv;q=1.000, application/json;q=0.999", CSV),
        ("application/json;q=0.1, application/json", JSON),
        ("\xff\x00, text/csv", CSV),
    ],
)
def test_a_media_type_is_chosen(header: str, chosen: str | None) -> None:
    assert accepted(header, OFFERS) == chosen


def test_of_a_header_so_many_ranges_are_read() -> None:
    others = ["image/png"] * (MOST_RANGES - 1)
    assert accepted(",".join([*others, CSV]), OFFERS) == CSV
    assert accepted(",".join([*others, RAW, CSV]), OFFERS) is None


LANGUAGES = ("cs", "en")


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("", "cs"),
        ("cs", "cs"),
        ("en", "en"),
        ("EN-us", "en"),
        ("cs-CZ", "cs"),
        ("cs-CZ,cs;q=0.9,en;q=0.8", "cs"),
        ("en-GB,en;q=0.9,cs;q=0.8", "en"),
        ("de, en;q=0.1", "en"),
        ("de", "cs"),
        ("*", "cs"),
        ("de, *;q=0.5", "cs"),
        ("cs;q=0, *", "en"),
        ("cs;q=0.5, en;q=0.6", "en"),
        ("cs;q=0", "cs"),
        ("en;q=0, cs;q=0.1", "cs"),
        ("en-GB;q=0, en;q=0.1", "en"),
        ("english, e n, -, en_US", "cs"),
        ("zh-Hant-TW, en", "en"),
    ],
)
def test_a_language_is_chosen(header: str, chosen: str) -> None:
    assert preferred_language(header, LANGUAGES, "cs") == chosen


def test_any_language_is_the_default_one() -> None:
    assert preferred_language("*", LANGUAGES, "en") == "en"
    assert preferred_language("*", LANGUAGES, "sk") == "sk"


@given(st.text() | st.text(alphabet="/*;q=0.1, csen-"))
def test_no_header_raises(header: str) -> None:
    assert accepted(header, OFFERS) in {*OFFERS, None}
    assert preferred_language(header, LANGUAGES, "cs") in LANGUAGES
