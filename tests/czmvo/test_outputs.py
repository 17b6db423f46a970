"""JSON, CSV or the file itself: by Accept, and in version 1 by resultAs (manual 2.4)."""

import csv
from base64 import b64encode
from io import StringIO
from typing import Any

import pytest

from podatelna.czmvo.model import File
from podatelna.czmvo.wire import BINARY, success
from tests.czmvo.ams import LOGIN, MAH_LOGIN, MAH_SECRET, UPRC, Ams, Answer

JSON, CSV = "application/json", "text/csv; charset=utf-8"
PDF = "application/pdf"
TABLES: list[dict[str, Any]] = [
    {"list": "state"},
    {"list": "messages", "uprc": UPRC},
    {"list": "enumState"},
    {"list": "enumRequest"},
    {"list": "enumReopenReason"},
]
FILE: dict[str, Any] = {"list": "file", "id": 21}
PLAIN: list[dict[str, Any]] = [
    {"list": "group", "uprc": UPRC},
    {"list": "note", "uprc": UPRC},
    {"list": "state", "page": -1},
]


def ask(
    ams: Ams, version: str, given: dict[str, Any], accept: str | None = "application/json"
) -> Answer:
    pair = MAH_LOGIN if version == "1.0" else MAH_SECRET
    return ams.ask(pair, "/alerts/", version, given=given, headers={"accept": accept})


def told(answer: Answer) -> str | int | None:
    """The media type, or the code of an error."""
    return answer.headers["Content-Type"] if answer.status == 200 else answer.code


# -- version 2: the header alone

ACCEPTED: list[tuple[str, Any, Any, Any]] = [
    # Accept, and what comes of a table, a file, and what is neither.
    ("application/json", JSON, JSON, JSON),
    ("APPLICATION/JSON; charset=utf-8", JSON, JSON, JSON),
    ("*/*", JSON, JSON, JSON),
    ("application/*", JSON, JSON, JSON),
    ("text/html, application/xhtml+xml, */*;q=0.8", JSON, JSON, JSON),
    ("text/csv", CSV, 33, 33),
    ("application/csv", CSV, 33, 33),
    ("text/*", CSV, 33, 33),
    ("text/csv, application/json", CSV, JSON, JSON),
    ("application/json, text/csv", JSON, JSON, JSON),
    ("application/json;q=0.5, text/csv", CSV, JSON, JSON),
    ("text/csv;q=0, */*", JSON, JSON, JSON),
    ("application/octet-stream", 33, BINARY, 33),
    ("application/octet-stream, application/json;q=0.1", JSON, BINARY, JSON),
    ("application/json;q=0", 33, 33, 33),
    ("image/webp", 33, 33, 33),
    ("application/pdf", 33, 33, 33),
    ("json", 33, 33, 33),
    (",", 33, 33, 33),
]


@pytest.mark.parametrize("version", ["2.0", "2.1"])
@pytest.mark.parametrize("row", ACCEPTED, ids=lambda row: row[0])
def test_accept(ams: Ams, row: tuple[str, Any, Any, Any], version: str) -> None:
    """Of several types the best that the function gives (ours)."""
    accept, table, file, plain = row
    for given in TABLES:
        assert told(ask(ams, version, given, accept)) == table
    assert told(ask(ams, version, FILE, accept)) == file
    for given in PLAIN[:2]:
        answer = ask(ams, version, given, accept)
        assert told(answer) == plain
        if plain == 33:
            assert answer.status == 406
    for value in ("csv", "json", "xml"):
        assert told(ask(ams, version, {**TABLES[0], "resultAs": value}, accept)) == table


# -- version 1: the parameter, and the header in its stead

WANTED: list[tuple[str | None, str | None, Any, Any, Any]] = [
    # resultAs, Accept, and what comes.
    (None, None, JSON, JSON, JSON),
    ("", None, JSON, JSON, JSON),
    ("json", None, JSON, JSON, JSON),
    ("csv", None, CSV, PDF, JSON),
    ("json", "text/csv", JSON, JSON, JSON),
    ("csv", "application/json", CSV, PDF, JSON),
    ("csv", "image/webp", CSV, PDF, JSON),
    ("xml", None, 5, 5, 5),
    ("CSV", None, 5, 5, 5),
    (None, "application/json", JSON, JSON, JSON),
    (None, "text/csv", CSV, PDF, JSON),
    (None, "application/csv", CSV, PDF, JSON),
    (None, "application/octet-stream", JSON, PDF, JSON),
    (None, "*/*", JSON, JSON, JSON),
    (None, "image/webp", JSON, JSON, JSON),
]


@pytest.mark.parametrize("row", WANTED, ids=lambda row: f"{row[0]} {row[1]}")
def test_result_as(ams: Ams, row: tuple[str | None, str | None, Any, Any, Any]) -> None:
    wanted, accept, table, file, plain = row
    more = {} if wanted is None else {"resultAs": wanted}
    for given in TABLES:
        assert told(ask(ams, "1.0", {**given, **more}, accept)) == table
    assert told(ask(ams, "1.0", {**FILE, **more}, accept)) == file
    for given in PLAIN[:2]:
        assert told(ask(ams, "1.0", {**given, **more}, accept)) == plain


@pytest.mark.parametrize("value", [["csv"], {"csv": 1}, 1, True])
def test_result_as_of_other_types(ams: Ams, value: Any) -> None:
    answer = ask(ams, "1.0", {**TABLES[0], "resultAs": value}, None)
    assert answer.code == 5
    assert answer.json["message"].endswith(" resultAs.")


NEEDED = [
    # Accept, resultAs, and the code where Accept is required.
    (None, None, 33),
    ("", None, 33),
    ("image/webp", None, 33),
    ("*/*", None, 0),
    (None, "json", 0),
    ("image/webp", "json", 0),
]


@pytest.mark.parametrize("path", ["/alerts/", "/filter/"])
@pytest.mark.parametrize(("accept", "wanted", "required"), NEEDED)
def test_accept_in_version_1(
    ams: Ams, path: str, accept: str | None, wanted: str | None, required: int
) -> None:
    given = {"list": "enumState", "resultAs": wanted}
    for value, code in (("optional", 0), ("required", required)):
        ams.set(accept_in_version_1=value)
        answer = ams.ask(LOGIN, path, "1.0", given=given, headers={"accept": accept})
        assert answer.code == code
    assert ams.ask(LOGIN, path, "1.0", query="connection=verify").result["state"] is True


@pytest.mark.parametrize(("setting", "csv_type"), [("table", CSV), ("refused", 33)])
def test_messages_as_csv(ams: Ams, setting: str, csv_type: Any) -> None:
    """Nothing says whether they can be had so (Q36)."""
    ams.set(messages_as_csv=setting, accept_in_version_1="required")
    messages = TABLES[1]
    assert told(ask(ams, "2.0", messages, "text/csv")) == csv_type
    assert told(ask(ams, "2.0", messages)) == JSON
    assert told(ask(ams, "1.0", {**messages, "resultAs": "csv"})) == csv_type
    assert told(ask(ams, "1.0", messages, "text/csv")) == csv_type
    assert told(ask(ams, "1.0", {**messages, "resultAs": "json"}, None)) == JSON
    assert told(ask(ams, "2.0", TABLES[0], "text/csv")) == CSV


# -- tables


@pytest.mark.parametrize("given", TABLES, ids=lambda given: given["list"])
@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_a_table_has_what_json_has(ams: Ams, given: dict[str, Any], version: str) -> None:
    listed = next(
        value for value in ask(ams, version, given).result.values() if isinstance(value, list)
    )
    body = ask(ams, version, given, "text/csv").body.decode()
    rows = list(csv.DictReader(StringIO(body, newline="")))
    assert rows == [{name: _cell(value) for name, value in row.items()} for row in listed]
    assert body.count("\r\n") == len(listed) + 1
    assert body.startswith(",".join(f'"{name}"' for name in listed[0]))


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def test_a_table_by_its_bytes(ams: Ams) -> None:
    answer = ask(ams, "2.0", {"list": "state", "uprc": UPRC}, "text/csv")
    assert answer.body.decode() == (
        '"uprc","created","productcode","stateid","state","lastmessageid","statedescription"\r\n'
        f'"{UPRC}","2022-07-16 07:50:04","08595116521485","1","01a - Nový - transakce KU","20",'
        '"01a - Nový - transakce KU"\r\n'
    )


@pytest.mark.parametrize("accept", ["text/csv", "application/json"])
def test_the_number_of_pages_is_no_table(ams: Ams, accept: str) -> None:
    answer = ask(ams, "2.0", PLAIN[2], accept)
    assert (told(answer), answer.result) == (JSON, {"pages": 1, "currentPage": 0})


@pytest.mark.parametrize("path", ["/alerts/", "/filter/"])
def test_errors_are_json(ams: Ams, path: str) -> None:
    pair, accept = MAH_SECRET, {"accept": "text/csv"}
    answer = ams.ask(pair, path, given={"list": "x"}, headers=accept)
    assert answer.headers["Content-Type"] == JSON


# -- files

TYPES = {
    "a.txt": "text/plain",
    "a.pdf": "application/pdf",
    "A.PDF": "application/pdf",
    "a.csv": "text/csv",
    "a.jpg": "image/jpeg",
    "a.jpeg": "image/jpeg",
    "a.png": "image/png",
    "a.tiff": "image/tiff",
    "a.b.tif": "image/tiff",
}
CONTENT = b"%PDF-1.7\x00\xff"


def posted(ams: Ams, name: str) -> dict[str, Any]:
    """The request for a file of this name, which was sent before."""
    given = {
        "uprc": UPRC,
        "only_file": True,
        "file": b64encode(CONTENT).decode(),
        "filename": name,
    }
    answer = ams.ask(MAH_LOGIN, "/alerts/", "1.0", method="POST", given=given)
    return {"list": "file", "id": answer.result["id"]}


@pytest.mark.parametrize("name", TYPES)
def test_types_of_files(ams: Ams, name: str) -> None:
    """Their own in version 1, octets in version 2 (manual 2.7.1.3)."""
    file = posted(ams, name)
    raw = ask(ams, "1.0", {**file, "resultAs": "csv"}, None)
    assert (told(raw), raw.body) == (TYPES[name], CONTENT)
    octets = ask(ams, "2.0", file, BINARY)
    assert (told(octets), octets.body) == (BINARY, CONTENT)
    for answer in (raw, octets):
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    coded = {"filename": name, "filedata": b64encode(CONTENT).decode()}
    assert ask(ams, "2.0", file).result == ask(ams, "1.0", file, None).result == coded


@pytest.mark.parametrize(
    ("name", "disposition"),
    [
        ("a b.pdf", 'filename="a b.pdf"'),
        ('a"b.pdf', "filename=\"a_b.pdf\"; filename*=UTF-8''a%22b.pdf"),
        ("a\\b.pdf", "filename=\"a_b.pdf\"; filename*=UTF-8''a%5Cb.pdf"),
        ("č.pdf", "filename=\"?.pdf\"; filename*=UTF-8''%C4%8D.pdf"),
        ("a\r\nX: y.pdf", "filename=\"a__X: y.pdf\"; filename*=UTF-8''a%0D%0AX%3A%20y.pdf"),
        ("\ud800.pdf", "filename=\"?.pdf\"; filename*=UTF-8''%3F.pdf"),
    ],
)
def test_names_of_files(name: str, disposition: str) -> None:
    """RFC 6266; nothing in a name breaks out of its header."""
    written = success(File(name, b""), BINARY)
    assert written.headers == (("Content-Disposition", f"attachment; {disposition}"),)
