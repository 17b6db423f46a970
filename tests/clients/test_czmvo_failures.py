"""What the client of the AMS says when things go wrong, and what it takes all the same."""

import json
import pickle
import re
import socket
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from podatelna_client.czmvo import (
    ApiError,
    CzmvoClient,
    CzmvoError,
    InvalidInput,
    Note,
    OutcomeUnknown,
    RequestRefused,
    ServiceUnreachable,
    StatePage,
    UnreadableAnswer,
    codes,
)
from podatelna_client.czmvo.codes import BY_CODE
from tests.clients.ams import UPRC, Ams

# The HTTP status of each code (manual 2.6; from 25 on reconstructed).
STATUSES = {
    1: 404, 2: 401, 3: 401, 4: 405, 5: 400, 11: 400, 12: 404, 13: 405, 14: 400, 15: 400, 16: 500,
    17: 401, 18: 401, 19: 401, 20: 400, 21: 404, 22: 401, 23: 415, 24: 500, 25: 405, 26: 405,
    27: 405, 28: 405, 29: 405, 30: 400, 31: 405, 32: 400, 33: 406, 34: 405, 35: 405, 36: 404,
    37: 401, 38: 401, 39: 400, 40: 405,
}  # fmt: skip
ALERT = {
    "uprc": UPRC,
    "created": "2026-03-02 08:00:00",
    "productcode": "08595116521485",
    "stateid": 1,
    "state": "Nový",
    "lastmessageid": 0,
    "statedescription": "",
}
MESSAGE = {
    "id": "19",
    "parent": "0",
    "uprc": UPRC,
    "created": "2026-03-02 08:00:00",
    "changed": "2026-03-02 08:00:00",
    "subject": "s",
    "message": "m",
    "isfile": False,
    "public": True,
    "fromme": True,
}


# --- codes


@pytest.mark.parametrize("code", STATUSES)
def test_each_code_has_its_exception(ams: Ams, code: int) -> None:
    ams.play_error(code, STATUSES[code])
    with pytest.raises(ApiError) as caught:
        ams.v1.send_message(UPRC, "s", "m")
    error = caught.value
    assert type(error) is BY_CODE[code]
    assert (error.code, error.status, error.message) == (code, STATUSES[code], f"text {code}")
    assert str(error) == f"code {code} (HTTP {STATUSES[code]}): text {code}"
    assert f"Code {code}:" in (type(error).__doc__ or "")


def test_the_codes_of_the_manual_are_all_there() -> None:
    assert sorted(BY_CODE) == sorted(STATUSES) == [*range(1, 6), *range(11, 41)]
    assert len(set(BY_CODE.values())) == len(BY_CODE)


@pytest.mark.parametrize(
    ("body", "status", "kind", "code"),
    [
        ('{"status":"error","code":12,"message":"x"}', 200, codes.AlertNotFound, 12),
        ('{"status":"error","code":"12","message":"x"}', 404, codes.AlertNotFound, 12),
        ('{"status":"ok","code":12,"message":"x"}', 200, codes.AlertNotFound, 12),
        ('{"status":"error","code":99,"message":"x"}', 418, ApiError, 99),
        ('{"status":"error","code":0,"message":"x","result":[]}', 200, ApiError, 0),
        ('{"status":"error","code":40,"message":"x"}', 405, codes.GroupBlocked, 40),
        ('{"status":"error","code":40,"message":"x","result":"y"}', 405, codes.GroupBlocked, 40),
        (' \n{"status":"error","code":12,"message":null}', 404, codes.AlertNotFound, 12),
    ],
)
def test_the_code_decides_and_not_the_status(
    ams: Ams, body: str, status: int, kind: type[ApiError], code: int
) -> None:
    ams.play(body, status=status)
    with pytest.raises(ApiError) as caught:
        ams.v1.reopen_reasons()
    error = caught.value
    assert (type(error), error.code, error.status, error.blocking) == (kind, code, status, ())


# --- HTTP

HTML = b"<html><body>Not here</body></html>"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(ams: Ams, status: int) -> None:
    ams.play(status=status, headers=(("Location", "/elsewhere"),), reason="Moved")
    with pytest.raises(RequestRefused) as caught:
        ams.v1.reopen_reasons()
    error = caught.value
    assert (error.status, error.reason, error.location) == (status, "Moved", "/elsewhere")
    assert str(error) == f"HTTP {status} Moved (sent on to /elsewhere)"
    assert len(ams.server.received) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 406, 413, 415])
@pytest.mark.parametrize("body", [b"", HTML, b"{}", b"[]", b'{"error":"invalid_client"}'])
def test_a_refusal_without_a_word_of_the_ams(ams: Ams, status: int, body: bytes) -> None:
    ams.play(body, status=status, reason="No")
    with pytest.raises(RequestRefused) as caught:
        ams.v1.send_message(UPRC, "s", "m")
    assert str(caught.value) == f"HTTP {status} No"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"body": HTML}, "HTTP 200 without a readable answer: not JSON: Expecting value"),
        ({"body": b""}, "HTTP 200 without a readable answer: not JSON"),
        ({"status": 204}, "HTTP 204 without a readable answer: not JSON"),
        ({"body": HTML, "status": 500}, "HTTP 500 without a readable answer: not JSON"),
        ({"body": b'{"status":"ok","code":0'}, "not JSON: Expecting ',' delimiter"),
        ({"body": b"\xff\xfe{\x00"}, "not JSON: 'utf-8' codec can't decode"),
        ({"body": b"[" * 100_000}, "not JSON: "),
        ({"body": b'{"code":' + b"9" * 5000 + b"}"}, "not JSON: "),
        ({"body": b"null"}, "/ is null, not an object"),
        ({"body": b'"ok"'}, '/ is "ok", not an object'),
        ({"body": b"[]"}, "/code is missing"),
        ({"body": b'{"code":0}'}, "/status is missing"),
        ({"body": b'{"code":true,"status":"ok"}'}, "/code is true, not a whole number"),
        ({"body": b'{"code":0.5,"status":"ok"}'}, "/code is 0.5, not a whole number"),
        ({"body": b'{"code":0,"status":["ok"]}'}, '/status is ["ok"], not a text'),
        ({"body": b'{"code":0,"status":"ok","result":"x"}'}, '/ is "x", not an object'),
        ({"body": b'{"code":0,"status":"ok"}'}, "/id is missing"),
        ({"body": b'{"code":0,"status":"ok","result":{"id":[]}}'}, "/id is [], not a whole"),
        (
            {"body": b'{"code":0,"status":"ok","result":{"id":22}}', "status": 500},
            "HTTP 500 without a readable answer: it says that all went well",
        ),
    ],
)
def test_an_answer_that_makes_no_sense(ams: Ams, answer: dict[str, Any], words: str) -> None:
    ams.play(**answer)
    with pytest.raises(UnreadableAnswer) as caught:
        ams.v1.send_message(UPRC, "s", "m")
    error = caught.value
    assert words in str(error)
    assert isinstance(error, OutcomeUnknown)
    assert (error.answer, error.status) == (answer.get("body", b""), answer.get("status", 200))
    assert str(error).endswith("; look before you send it again")


def test_long_nonsense_is_quoted_in_part(ams: Ams) -> None:
    ams.play_ok({"id": "x" * 5000})
    with pytest.raises(UnreadableAnswer) as caught:
        ams.v1.delete_message(1)
    assert f'/id is "{"x" * 59}..., not a whole number' in str(caught.value)


# --- the connection


def test_nobody_listens() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))  # bound, but not listening: connections are refused
        url = f"http://127.0.0.1:{reserved.getsockname()[1]}"
        for version in ("1.0", "2.0"):
            with (
                CzmvoClient(url, "l", "p", version=version) as client,
                pytest.raises(ServiceUnreachable),
            ):
                client.send_message(UPRC, "s", "m")


def test_tls_to_somebody_who_speaks_none(ams: Ams) -> None:
    url = ams.base_url.replace("http:", "https:")
    with CzmvoClient(url, "l", "p") as client, pytest.raises(ServiceUnreachable):
        client.send_message(UPRC, "s", "m")
    assert ams.server.received == []


def test_a_proxy_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{reserved.getsockname()[1]}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        with (
            CzmvoClient("http://x.invalid/", "l", "p", version="1.0") as client,
            pytest.raises(ServiceUnreachable),
        ):
            client.send_message(UPRC, "s", "m")


def test_no_answer_in_time(ams: Ams) -> None:
    ams.play(never=True)
    client = ams.client("1.0", timeout=(5, 0.05))
    with pytest.raises(OutcomeUnknown, match=r"may have left: .*read timeout=0\.05"):
        client.send_message(UPRC, "s", "m")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"base_url": "api.czmvo.cz/"}, "base_url must be the http(s) address of an API"),
        ({"base_url": "ftp://api.czmvo.cz/"}, "base_url must be"),
        ({"base_url": "https:///t/"}, "base_url must be"),
        ({"base_url": "https://api.czmvo.cz/?connection=verify"}, "base_url must be"),
        ({"version": "2"}, "version cannot be '2'"),
        ({"version": "2.0\n"}, "version cannot be '2.0\\n'"),
        ({"language": "cs\r\nX: y"}, "language cannot be"),
        ({"language": "č"}, "language cannot be"),
        ({"user_agent": ""}, "user_agent cannot be ''"),
        ({"user_agent": "x" * 101}, "user_agent cannot be"),
        ({"user_agent": "Klient č. 1"}, "user_agent cannot be"),
    ],
)
def test_mistakes_of_the_program_are_refused_at_the_door(
    options: dict[str, Any], words: str
) -> None:
    whole = {"base_url": "https://api.czmvo.cz/", "login": "l", "password": "p"} | options
    with pytest.raises(ValueError, match=re.escape(words)):
        CzmvoClient(**whole)


@pytest.mark.parametrize("agent", ["x", "x" * 100, "Client 1.0 (a; b)"])
def test_the_user_agent_is_ones_own(ams: Ams, agent: str) -> None:
    ams.play_ok({"reasons": []})
    ams.client("1.0", user_agent=agent, language="cs-CZ").reopen_reasons()
    assert ams.last.headers["user-agent"] == agent
    assert ams.last.headers["accept-language"] == "cs-CZ"


# --- values that cannot be sent


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            {"created_from": datetime(2026, 3, 2)},  # noqa: DTZ001 - that is the mistake
            "createdFrom needs a time zone: the service counts in UTC",
        ),
        ({"created_to": datetime.max.replace(tzinfo=UTC).astimezone()}, None),
        ({"uprc": "CZ-\ud800"}, "uprc holds half a character"),
        ({"uprc": b"CZ"}, "uprc cannot be bytes"),
        ({"state": 1.5}, "state cannot be float"),
    ],
)
def test_a_value_that_cannot_be_written(
    ams: Ams, arguments: dict[str, Any], words: str | None
) -> None:
    for parameters in ("body", "url"):
        client = ams.client("1.0", parameters=parameters)
        if words is None:
            ams.play_ok({"alerts": []})
            client.list_states(**arguments)
            continue
        with pytest.raises(InvalidInput, match=re.escape(words)):
            client.list_states(**arguments)
    assert len(ams.server.received) == (2 if words is None else 0)


def test_a_moment_before_the_first_day_of_utc() -> None:
    early = datetime.min.replace(tzinfo=timezone(timedelta(hours=2)))
    with pytest.raises(InvalidInput, match="createdFrom is out of range"):
        CzmvoClient("http://x.invalid", "l", "p").list_states(created_from=early)


# --- answers that are odd, but clear


@pytest.mark.parametrize(
    "odd",
    [
        {"stateid": "1"},
        {"lastmessageid": "0"},
        {"lastmessageid": None},
        {"lastmessageid": ""},
        {"statedescription": None},
        {"created": "2026-03-02T08:00:00"},
        {"created": "2026-03-02 08:00:00.000"},
        {"created": "2026-03-02T09:00:00+01:00"},
        {"productcode": 8595116521485},
        {"new": {"member": [1]}},
    ],
)
def test_other_types_of_an_alert(ams: Ams, odd: dict[str, Any]) -> None:
    client = ams.v1
    ams.play_ok({"pages": 1, "currentPage": 1, "alerts": [ALERT]})
    usual = client.list_states()
    ams.play_ok({"pages": "1", "currentPage": "1", "alerts": [ALERT | odd]})
    answer = client.list_states()
    if "productcode" in odd:
        assert answer.alerts[0].product_code == "8595116521485"
    else:
        assert answer == usual


def test_a_list_with_gaps_comes_as_an_object(ams: Ams) -> None:
    client = ams.v1
    ams.play_ok({"pages": 1, "currentPage": 1, "alerts": {"0": ALERT, "3": ALERT}})
    assert len(client.list_states().alerts) == 2
    ams.play_ok({"uprc": {"1": "A", "2": "B"}})
    assert client.group("A") == ("A", "B")
    ams.play_ok({"requests": [{"id": "2", "name": "n", "text": "t", "forStates": ["1", 8]}]})
    assert client.canned_messages()[0].for_states == (1, 8)


@pytest.mark.parametrize(
    "odd",
    [
        {"id": 19},
        {"parent": 0},
        {"parent": None},
        {"isfile": 0, "public": 1, "fromme": "1"},
        {"isfile": "false", "public": "true"},
        {"id_request": 0},
        {"id_request": "0"},
    ],
)
def test_other_types_of_a_message(ams: Ams, odd: dict[str, Any]) -> None:
    client = ams.v1
    for message in (MESSAGE, MESSAGE | odd):
        ams.play_ok({"messages": [message]})
    assert client.messages(UPRC) == client.messages(UPRC)


def test_no_note(ams: Ams) -> None:
    ams.play(
        '{"status":"ok","code":0,"result":{"note":"","uprc":"A","private":false,"changed":null}}'
    )
    assert ams.v1.note("A") == Note(uprc="A", text="", private=False, changed=None)


@pytest.mark.parametrize("info", [None, [], {}, False])
def test_no_exception(ams: Ams, info: object) -> None:
    ams.play_ok({"isException": False, "info": info})
    check = ams.v1.verify_exception("1")
    assert (check.excepted, check.record) == (False, None)


def test_lines_that_were_refused_keep_what_they_had(ams: Ams) -> None:
    line = {"lineNo": 1, "productCode": "1", "batch": "2", "validity": "2027-01-31", "state": 1}
    ams.play_ok(
        {
            "products": [
                line | {"ID": 7, "errorCode": 0, "errorText": ""},
                line
                | {"lineNo": 2, "validity": "x", "state": "??", "ID": None}
                | {"errorCode": 5, "errorText": "Nepovolená hodnota"},
                line | {"lineNo": 3, "batch": None, "ID": 0, "errorCode": "11"},
            ],
            "count": 2,
        }
    )
    answer = ams.v1.import_exceptions(b"x")
    assert [line.id for line in answer.stored] == [7]
    assert [(each.line, each.error_code, each.error_text) for each in answer.refused] == [
        (2, 5, "Nepovolená hodnota"),
        (3, 11, ""),
    ]
    assert answer.count == 2
    assert answer.stored[0].validity is not None


def test_an_answer_in_plain_utf_8_with_a_mark_in_front(ams: Ams) -> None:
    text = '\ufeff{"status":"ok","code":0,"result":{"reasons":[{"id":1,"name":"Chybně uzavřeno"}]}}'
    ams.play(text, headers=(("Content-Type", "text/html; charset=UTF-8"),))
    assert ams.v1.reopen_reasons()[0].name == "Chybně uzavřeno"


@pytest.mark.parametrize("result", ['""', "null", "[]", "{}"])
def test_an_empty_result_in_all_its_forms(ams: Ams, result: str) -> None:
    ams.play(f'{{"status":"ok","code":0,"message":"OK","result":{result}}}')
    with pytest.raises(UnreadableAnswer, match="/alerts is missing"):
        ams.v1.list_states()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ({"uprc": None}, "/alerts/0/uprc is null, not a text"),
        ({"uprc": ["x"]}, '/alerts/0/uprc is ["x"], not a text'),
        ({"stateid": "new"}, '/alerts/0/stateid is "new", not a whole number'),
        ({"stateid": True}, "/alerts/0/stateid is true, not a whole number"),
        ({"stateid": None}, "/alerts/0/stateid is null, not a whole number"),
        ({"created": "yesterday"}, '/alerts/0/created is "yesterday", not a date and time'),
        ({"created": "0000-00-00 00:00:00"}, "/alerts/0/created is"),
        ({"created": "0001-01-01T00:00:00+14:00"}, "/alerts/0/created is"),
        ({"lastmessageid": "none"}, '/alerts/0/lastmessageid is "none", not a whole number'),
        ({"state": {}}, "/alerts/0/state is {}, not a text"),
    ],
)
def test_a_damaged_alert(ams: Ams, damage: dict[str, Any], words: str) -> None:
    ams.play_ok({"pages": 1, "currentPage": 1, "alerts": [ALERT | damage]})
    with pytest.raises(UnreadableAnswer, match=re.escape(words)):
        ams.v1.list_states()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ({"public": "maybe"}, '/messages/0/public is "maybe", not true or false'),
        ({"public": 2}, "/messages/0/public is 2, not true or false"),
        ({"public": 0.0}, "/messages/0/public is 0.0, not true or false"),
        ({"isfile": None}, "/messages/0/isfile is null, not true or false"),
    ],
)
def test_a_damaged_message(ams: Ams, damage: dict[str, Any], words: str) -> None:
    ams.play_ok({"messages": [MESSAGE | damage]})
    with pytest.raises(UnreadableAnswer, match=re.escape(words)):
        ams.v1.messages(UPRC)


@pytest.mark.parametrize(
    ("result", "words"),
    [
        ({"alerts": {"a": ALERT}}, "/alerts is {"),
        ({"alerts": "x"}, '/alerts is "x", not a list'),
        ({"alerts": [1]}, "/alerts/0 is 1, not an object"),
        ({"alerts": [], "pages": 1}, "/currentPage is missing"),
    ],
)
def test_a_damaged_page(ams: Ams, result: dict[str, Any], words: str) -> None:
    ams.play_ok(result)
    with pytest.raises(UnreadableAnswer, match=re.escape(words)):
        ams.v1.list_states()


def test_a_page_without_numbers_is_the_only_one(ams: Ams) -> None:
    ams.play_ok({"alerts": []})
    assert ams.v1.list_states() == StatePage((), pages=1, current=1)


@pytest.mark.parametrize("text", ["*", "a", "YQ=", "žluť"])
def test_a_file_that_is_not_base64(ams: Ams, text: str) -> None:
    ams.play_ok({"filename": "a.txt", "filedata": text})
    with pytest.raises(UnreadableAnswer, match="/filedata is not base64"):
        ams.v1.file(1)


def test_a_file_in_broken_lines(ams: Ams) -> None:
    ams.play_ok({"filename": "a.txt", "filedata": "YWhv\r\nag==\n"})
    assert ams.v1.file(1).content == b"ahoj"


@pytest.mark.parametrize(
    "error",
    [
        codes.GroupBlocked(40, "m", 405, ("A", "B")),
        ApiError(99, "m", 418),
        OutcomeUnknown("cut", True),
        UnreadableAnswer("not JSON", False, 200, b"<"),
        RequestRefused(302, "Found", "/x"),
        InvalidInput("x"),
    ],
)
def test_errors_survive_a_process_boundary(error: CzmvoError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))


def test_answers_in_json_may_hold_any_text(ams: Ams) -> None:
    ams.play_ok({"note": "„😀“\u2028", "uprc": "A", "private": 1, "changed": ""})
    note = ams.v1.note("A")
    assert (note.text, note.private, note.changed) == ("„😀“\u2028", True, None)
    assert b"\\ud83d" in json.dumps(note.text).encode()
