"""What the client of the AMS sends, and what it makes of files and tables."""

import base64
import csv
import io
import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podatelna_client.czmvo import (
    AlertFile,
    CzmvoClient,
    NewException,
    RequestRefused,
    UnreadableAnswer,
    codes,
    writing,
)
from podatelna_client.czmvo.client import DEFAULT_USER_AGENT
from podatelna_client.czmvo.files import attached_name, read_table
from tests.clients.ams import UPRC, Ams

TEXTS = st.text(st.characters(codec="utf-8"))
VALUES = st.one_of(TEXTS, st.integers(), st.booleans())
PARAMETERS = st.dictionaries(
    st.from_regex(r"[a-zA-Z_]{1,8}", fullmatch=True),
    st.one_of(VALUES, st.lists(st.one_of(TEXTS, st.integers()), min_size=1, max_size=4)),
    max_size=6,
)


def as_php(query: str) -> dict[str, Any]:
    """What PHP's $_GET has: texts, and lists of them."""
    read: dict[str, Any] = {}
    for name, value in parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query)):
        if name.endswith("[]"):
            read.setdefault(name[:-2], []).append(value)
        else:
            read[name] = value
    return read


def as_text(value: Any) -> Any:
    if isinstance(value, list):
        return [as_text(each) for each in value]
    return json.dumps(value) if isinstance(value, bool) else str(value)


@given(PARAMETERS)
def test_a_query_says_the_same_as_a_body(parameters: dict[str, Any]) -> None:
    wanted = writing.given(**parameters)
    body = writing.as_body(wanted)
    assert json.loads(body) == parameters
    assert list(json.loads(body)) == list(parameters)
    assert body.isascii()
    in_url = {name: as_text(value) for name, value in parameters.items()}
    assert as_php(writing.as_query(wanted)) == in_url


@given(
    st.datetimes(
        min_value=datetime(1900, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
        timezones=st.integers(-14, 14).map(lambda hours: timezone(timedelta(hours=hours))),
    )
)
def test_moments_go_out_in_utc(moment: datetime) -> None:
    text = writing.given(createdFrom=moment)["createdFrom"]
    assert datetime.fromisoformat(f"{text}+00:00") == moment.replace(microsecond=0)
    assert len(text) == len("2022-07-06 12:00:00")


LINES = st.lists(
    st.builds(
        NewException,
        product_code=TEXTS,
        batch=st.none() | TEXTS,
        validity=st.none() | st.dates(),
        state=st.sampled_from([None, "OP", "NO"]),
    ),
    max_size=5,
)


@given(LINES)
def test_lines_to_import_come_out_of_the_csv_as_they_went_in(lines: list[NewException]) -> None:
    raw = writing.as_csv(lines)
    header, *rows = csv.reader(io.StringIO(raw.decode(), newline=""))
    assert header == ["Kód produktu", "Šarže", "Platnost", "Stav"]
    assert rows == [
        [
            line.product_code,
            line.batch or "",
            line.validity.isoformat() if isinstance(line.validity, date) else "",
            line.state or "",
        ]
        for line in lines
    ]
    assert raw.startswith('"Kód produktu","Šarže","Platnost","Stav"\r\n'.encode())


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), min_size=1))
def test_a_table_in_the_known_dialect_is_read_as_it_was_written(rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows([["a", "b"], *rows])
    table = read_table(text.getvalue().encode())
    assert table.header == ("a", "b")
    assert table.rows == tuple(map(tuple, rows))


@pytest.mark.parametrize(
    ("raw", "header", "rows"),
    [
        (b"", (), ()),
        (b'\xef\xbb\xbf"uprc";"state"\n"A";"x, y, z"\n', ("uprc", "state"), (("A", "x, y, z"),)),
        (b'"uprc","state"\r\n\r\n"A","1;2;3"', ("uprc", "state"), (("A", "1;2;3"),)),
        (b"uprc,name\r\nA,Nov\xfd\r\n", ("uprc", "name"), (("A", "Nov\ufffd"),)),
        (b'"a","b"\r\n"' + b"x" * 60_000 + b'","y"\r\n', ("a", "b"), (("x" * 60_000, "y"),)),
    ],
)
def test_tables_in_other_dialects(
    raw: bytes, header: tuple[str, ...], rows: tuple[tuple[str, ...], ...]
) -> None:
    table = read_table(raw)
    assert (table.header, table.rows, table.raw) == (header, rows, raw)
    assert table.records() == tuple(dict(zip(header, row, strict=True)) for row in rows)


# --- parameters in the URL


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_parameters_in_the_url(ams: Ams, version: str) -> None:
    client = ams.client(version, parameters="url")
    if version != "1.0":
        ams.play_token()
    ams.play_ok({"products": [], "count": 0})
    client.exceptions("kod", "", [1, 2, 3])
    assert ams.paths[-1] == (
        "filter/?list=product&productCode=kod&batch=&id%5B%5D=1&id%5B%5D=2&id%5B%5D=3"
    )
    ams.play_ok({"alerts": []})
    client.list_states(latest=True, created_from=datetime(2026, 3, 2, 8, tzinfo=UTC))
    assert ams.paths[-1] == "alerts/?list=state&latest=true&createdFrom=2026-03-02+08%3A00%3A00"
    assert (ams.last.body, "content-type" in ams.last.headers) == (b"", False)
    ams.play_ok({"id": 22})
    client.delete_message(22)
    assert (ams.last.method, ams.paths[-1], ams.last.body) == ("DELETE", "alerts/?id=22", b"")
    ams.play_ok({"id": 22})
    client.send_message(UPRC, "s", "m")
    assert (ams.paths[-1], ams.sent()["subject"]) == ("alerts/", "s")
    ams.play_ok({"uprc": [UPRC]})
    client.set_state(UPRC, 5)
    assert (ams.paths[-1], ams.sent()) == ("alerts/", {"uprc": UPRC, "state": 5})


@pytest.mark.parametrize(
    ("module", "method", "path"),
    [
        ("alerts", "GET", "alerts/?connection=verify"),
        ("filter", "POST", "filter/?connection=verify"),
        ("", "DELETE", "?connection=verify"),
    ],
)
def test_the_check_of_a_connection(ams: Ams, module: str, method: str, path: str) -> None:
    ams.play_ok({"auth": "No authorization", "userrole": "N/A", "state": False})
    check = ams.v1.verify_connection(module, method)
    assert (check.ok, check.auth, check.role, check.method) == (
        False,
        "No authorization",
        "N/A",
        "",
    )
    assert (ams.last.method, ams.paths[-1], ams.last.body) == (method, path, b"")


@pytest.mark.parametrize("base", ["http://127.0.0.1/t", "http://127.0.0.1/s/mine/t/"])
def test_the_base_url_may_lack_its_last_slash(ams: Ams, base: str) -> None:
    ams.base_url = ams.base_url.removesuffix("/t/") + base.removeprefix("http://127.0.0.1")
    ams.play_ok({"reasons": []})
    ams.v1.reopen_reasons()
    assert ams.last.path == base.removeprefix("http://127.0.0.1").rstrip("/") + "/alerts/"


def test_importing_the_client_does_not_wait_for_requests() -> None:
    code = "import sys, podatelna_client.czmvo; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"requests", "sqlite3", "lxml", "podatelna"}.isdisjoint(ran.stdout.split())


def test_the_client_names_itself_and_its_version(ams: Ams) -> None:
    ams.play_ok({"reasons": []})
    ams.v1.reopen_reasons()
    assert ams.last.headers["user-agent"] == DEFAULT_USER_AGENT
    assert version("podatelna").startswith(DEFAULT_USER_AGENT.partition("/")[2])


# --- messages and states


def test_a_message_of_all_parts(ams: Ams) -> None:
    ams.play_ok({"id": "22"})
    assert (
        ams.v1.send(
            only_file=True,
            group_a=False,
            group=True,
            id_request=2,
            filename="a.pdf",
            file=b"%PDF",
            message="m",
            subject="s",
            id_parent=20,
            public=False,
            uprc=UPRC,
        )
        == 22
    )
    assert list(ams.sent()) == [
        "uprc",
        "public",
        "id_parent",
        "subject",
        "message",
        "file",
        "filename",
        "id_request",
        "group",
        "group_a",
        "only_file",
    ]
    assert base64.b64decode(ams.sent()["file"]) == b"%PDF"
    assert (ams.sent()["only_file"], ams.sent()["public"]) == (True, False)


def test_only_a_file(ams: Ams) -> None:
    ams.play_ok({"id": 22})
    ams.v1.send_file(UPRC, "a.txt", b"", only_file=True)
    assert ams.sent() == {
        "uprc": UPRC,
        "public": True,
        "file": "",
        "filename": "a.txt",
        "only_file": True,
    }


def test_a_closed_alert_needs_a_reason_and_the_manual_does_not_say_how(ams: Ams) -> None:
    client = ams.v1
    ams.play_ok({"uprc": [UPRC]})
    client.set_state(UPRC, 5, reason=1, id_request=2, group_a=True)
    assert list(ams.sent().items())[2:] == [("group_a", True), ("id_request", 2), ("id_reason", 1)]
    ams.play_ok({"uprc": [UPRC]})
    client.set_state((UPRC, "B"), 5, extra={"nsolError": 3})
    assert ams.sent() == {"uprc": [UPRC, "B"], "state": 5, "nsolError": 3}


def test_a_note_for_everybody(ams: Ams) -> None:
    ams.play_ok({"uprc": UPRC, "changed": None})
    assert ams.v1.set_note(UPRC, "", private=False).changed is None
    assert ams.sent() == {"uprc": UPRC, "private": False, "note": ""}


def test_a_csv_file_of_ones_own_goes_out_as_it_is(ams: Ams) -> None:
    ams.play_ok({"products": [], "count": 0})
    ams.v1.import_exceptions(b"\xef\xbb\xbfa;b\n", validity=date(2027, 1, 31), state="OP")
    assert ams.sent() == {
        "validity": "2027-01-31",
        "state": "OP",
        "csv": base64.b64encode(b"\xef\xbb\xbfa;b\n").decode(),
    }


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.send(txt="x"),
        lambda client: client.send_message(UPRC, "s", "m", groups=True),
        lambda client: client.edit_message(22, uprc=UPRC),
        lambda client: client.set_state(UPRC, 5, why=1),
    ],
)
def test_unknown_parts_are_mistakes_of_the_program(call: Any) -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument"):
        call(CzmvoClient("http://x.invalid/", "l", "p"))


# --- files and tables

PDF = b"%PDF-1.7\r\n\x00\xff"


@pytest.mark.parametrize(
    ("version", "accept", "parameters"),
    [
        ("1.0", "*/*", {"resultAs": "csv", "list": "file", "id": "21"}),
        ("2.0", "application/octet-stream", {"list": "file", "id": "21"}),
    ],
)
@pytest.mark.parametrize("media_type", ["application/octet-stream", "application/pdf"])
def test_a_download(
    ams: Ams, version: str, accept: str, parameters: dict[str, str], media_type: str
) -> None:
    if version != "1.0":
        ams.play_token()
    ams.play(
        PDF,
        headers=(
            ("Content-Type", f"{media_type}; x=y"),
            ("Content-Disposition", 'attachment; filename="xxx.pdf"'),
        ),
    )
    file = ams.client(version).download(21)
    assert file == AlertFile("xxx.pdf", PDF, media_type)
    assert ams.last.headers["accept"] == accept
    assert ams.sent() == parameters


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("", ""),
        ("attachment", ""),
        ('attachment; filename="a b.pdf"', "a b.pdf"),
        ("attachment; filename=a.pdf", "a.pdf"),
        ('attachment; filename="žluť.pdf"'.encode().decode("latin-1"), "žluť.pdf"),
        ("attachment; filename*=UTF-8''%C5%BElu%C5%A5.pdf", "žluť.pdf"),
        ('attachment; filename="../../x.pdf"', "../../x.pdf"),
    ],
)
def test_names_of_downloads(disposition: str, name: str) -> None:
    assert attached_name(disposition) == name


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("xxx.pdf", "xxx.pdf"),
        ("žluť 1.pdf", "žluť 1.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\x\\con.txt", "C__x_con.txt"),
        ("/abs.txt", "_abs.txt"),
        ("..", "file"),
        ("", "file"),
        ("a\x00b\n.txt", "a_b_.txt"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_a_file_is_saved_where_it_should_be(tmp_path: Path, name: str, saved: str) -> None:
    folder = tmp_path / "in" / "here"
    first = AlertFile(name, b"1").save(folder)
    assert first == folder / saved
    assert AlertFile(name, b"1").save(folder) == first
    other = AlertFile(name, b"2").save(folder)
    assert other == folder / f"{first.stem}-2{first.suffix}"
    assert (first.read_bytes(), other.read_bytes()) == (b"1", b"2")


def test_a_download_that_comes_as_json_all_the_same(ams: Ams) -> None:
    ams.play_ok({"filename": "a.txt", "filedata": "YWhvag=="})
    assert ams.v1.download(21) == AlertFile("a.txt", b"ahoj")


@pytest.mark.parametrize("status", [404, 200])
@pytest.mark.parametrize("media_type", ["application/json", "text/html; charset=UTF-8", ""])
def test_a_download_that_is_refused(ams: Ams, status: int, media_type: str) -> None:
    ams.play(
        '{"status":"error","code":21,"message":"Soubor ID 21 nebyl nalezen."}',
        status=status,
        headers=(("Content-Type", media_type),),
    )
    with pytest.raises(codes.FileNotFound, match=r"Soubor ID 21 nebyl nalezen\."):
        ams.v1.download(21)


def test_a_web_page_is_no_file(ams: Ams) -> None:
    client = ams.v1
    html = (("Content-Type", "text/html"),)
    ams.play(" <!doctype html><p>Log in", headers=html)
    with pytest.raises(UnreadableAnswer, match="a web page"):
        client.download(21)
    ams.play("<p>No", status=403, headers=html)
    with pytest.raises(RequestRefused):
        client.download(21)
    ams.play("only text", headers=html)
    assert client.download(21).content == b"only text"


TABLES: dict[str, tuple[Any, dict[str, object]]] = {
    "states": (lambda client: client.list_states_csv(2, state=1), {"state": 1, "page": 2}),
    "messages": (lambda client: client.messages_csv(message_id=20), {"id": "20"}),
    "enumState": (lambda client: client.alert_states_csv(), {}),
    "enumRequest": (lambda client: client.canned_messages_csv(), {}),
    "filter": (lambda client: client.exception_states_csv(), {}),
}


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("name", TABLES)
def test_answers_as_tables(ams: Ams, name: str, version: str) -> None:
    call, parameters = TABLES[name]
    if version != "1.0":
        ams.play_token()
    ams.play(
        '"id","name"\r\n"1","Nový"\r\n', headers=(("Content-Type", "text/csv; charset=utf-8"),)
    )
    table = call(ams.client(version))
    assert table.records() == ({"id": "1", "name": "Nový"},)
    assert ams.last.headers["accept"] == "text/csv"
    sent = dict(ams.sent())
    assert sent.pop("resultAs", None) == ("csv" if version == "1.0" else None)
    assert sent.pop("list") == {
        "states": "state",
        "messages": "messages",
        "filter": "enumState",
    }.get(name, name)
    assert sent == parameters
    assert ams.paths[-1] == ("filter/" if name == "filter" else "alerts/")


def test_a_table_that_is_refused(ams: Ams) -> None:
    client = ams.v1
    ams.play_error(33, 406)
    with pytest.raises(codes.AcceptNotSupported):
        client.messages_csv(UPRC)
    ams.play_ok({"states": []})
    with pytest.raises(UnreadableAnswer, match="JSON instead of a table"):
        client.alert_states_csv()
    ams.play("x" * 200_000, headers=(("Content-Type", "text/csv"),))
    with pytest.raises(UnreadableAnswer, match="not a table: field larger than field limit"):
        client.alert_states_csv()
