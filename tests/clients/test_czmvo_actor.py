"""The AMS client in an actor's hands: plain data in and out, and each call sent exactly once."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from inspect import getmembers, isfunction
from typing import Any

import pytest

from podatelna.kernel.scenario.shapes import misfits
from podatelna_client.acting import Caller
from podatelna_client.acting.czmvo import CALLS, DEFAULTS, KINDS, CzmvoActor, code_of, completed
from podatelna_client.actor import actor
from podatelna_client.czmvo import CzmvoClient
from tests.clients.ams import START, UPRC, Ams

NOW = datetime.fromtimestamp(START, UTC)
LOCATION = "858d085f-324a-4938-a796-333bfac94f05"
ALERT = {
    "uprc": UPRC,
    "created": "2026-03-02 08:00:00",
    "productcode": "08595116521485",
    "stateid": 1,
    "state": "Nový",
    "lastmessageid": "20",
    "statedescription": "",
}
TOLD = {
    "uprc": UPRC,
    "created": NOW,
    "product_code": "08595116521485",
    "state_id": 1,
    "state": "Nový",
    "last_message_id": 20,
    "description": "",
    "type_state": "",
    "type_state_description": "",
}
MESSAGE = {
    "id": "20",
    "parent": "19",
    "uprc": UPRC,
    "created": "2026-03-02 08:00:00",
    "changed": "2026-03-02 08:00:00",
    "subject": "s",
    "message": "m",
    "isfile": False,
    "public": True,
    "fromme": True,
}
LINE = {"lineNo": 1, "productCode": "1", "batch": "2", "validity": None, "state": 1, "ID": 7}
CSV = '"id","name"\r\n"1","Nový"\r\n'
PAGE = {"pages": 1, "currentPage": 1, "alerts": [ALERT]}

# What is given, what the service answers (text: a table), and part of what is told.
PLAYS: dict[str, tuple[dict[str, Any], Any, dict[str, Any]]] = {
    "list_states": (
        {"latest": True, "created_from": date(2026, 3, 1), "page": 1},
        PAGE,
        {"rows": [TOLD], "pages": 1, "current": 1},
    ),
    "iterate_states": ({"state": 1}, PAGE, {"rows": [TOLD]}),
    "count_pages": ({}, {"pages": 3, "currentPage": 0}, {"value": 3}),
    "list_states_csv": ({}, CSV, {"header": ["id", "name"], "rows": [{"id": "1", "name": "Nový"}]}),
    "messages": (
        {"uprc": UPRC},
        {"messages": [MESSAGE]},
        {
            "rows": [
                {
                    "id": 20,
                    "parent": 19,
                    "uprc": UPRC,
                    "created": NOW,
                    "changed": NOW,
                    "subject": "s",
                    "text": "m",
                    "has_file": False,
                    "public": True,
                    "from_me": True,
                    "canned_id": None,
                }
            ]
        },
    ),
    "messages_csv": ({"message_id": 20}, CSV, {"header": ["id", "name"]}),
    "file": (
        {"message_id": 20},
        {"filename": "a.txt", "filedata": "YWhvag=="},
        {"name": "a.txt", "media_type": "", "size": 4, "base64": "YWhvag=="},
    ),
    "download": ({"message_id": 20}, CSV, {"name": "", "media_type": "text/csv", "size": 26}),
    "alert_states": (
        {},
        {"states": [{"id": "5", "name": "n", "externalcode": "#", "finalstate": False}]},
        {
            "rows": [
                {
                    "id": 5,
                    "name": "n",
                    "external_code": "#",
                    "final": False,
                    "settable": None,
                    "description": "",
                    "type_state": "",
                    "type_state_description": "",
                }
            ]
        },
    ),
    "alert_states_csv": ({}, CSV, {"header": ["id", "name"]}),
    "canned_messages": (
        {},
        {"requests": [{"id": 1, "name": "n", "text": "t", "forStates": [1, 8]}]},
        {"rows": [{"id": 1, "name": "n", "text": "t", "for_states": [1, 8]}]},
    ),
    "canned_messages_csv": ({}, CSV, {"header": ["id", "name"]}),
    "type_states": (
        {},
        {"typestates": [{"name": "N", "description": "d"}]},
        {"rows": [{"name": "N", "description": "d"}]},
    ),
    "reopen_reasons": (
        {},
        {"reasons": [{"id": 1, "name": "n"}]},
        {"rows": [{"id": 1, "name": "n"}]},
    ),
    "group": ({"uprc": UPRC}, {"uprc": [UPRC, "B"]}, {"uprc": [UPRC, "B"]}),
    "note": (
        {"uprc": UPRC, "party": "mah"},
        {"note": "", "uprc": UPRC, "private": False, "changed": None},
        {"uprc": UPRC, "text": "", "private": False, "changed": None},
    ),
    "level3_counter": ({"location": LOCATION}, {"counter": 2}, {"value": 2}),
    "level3_alerts": (
        {"location": LOCATION, "from_counter": 2},
        {"alalerts": [ALERT]},
        {"rows": [{"uprc": UPRC, "created": NOW, "product_code": "08595116521485", "state_id": 1}]},
    ),
    "verify_connection": (
        {"module": "filter", "method": "PUT"},
        {"method": "PUT", "module": "filter", "auth": "Regular", "userrole": "N/A", "state": True},
        {
            "method": "PUT",
            "module": "filter",
            "environment": "",
            "auth": "Regular",
            "role": "N/A",
            "ok": True,
        },
    ),
    "send": ({"uprc": UPRC, "size": 3, "filename": "a.txt"}, {"id": 22}, {"id": 22}),
    "send_message": ({"uprc": UPRC}, {"id": 22}, {"id": 22}),
    "send_canned": ({"uprc": UPRC, "id_request": 1, "group": True}, {"id": 22}, {"id": 22}),
    "reply": ({"id_parent": 20}, {"id": 22}, {"id": 22}),
    "send_file": ({"uprc": UPRC, "only_file": True}, {"id": 22}, {"id": 22}),
    "edit_message": (
        {"message_id": 22, "subject": "s"},
        {"id": 22, "changed": "2026-03-02 08:00:00"},
        {"id": 22, "changed": NOW},
    ),
    "set_state": ({"uprc": [UPRC], "state": 5, "reason": 1}, {"uprc": [UPRC]}, {"uprc": [UPRC]}),
    "set_note": (
        {"uprc": UPRC},
        {"uprc": UPRC, "changed": "2026-03-02 08:00:00"},
        {"uprc": UPRC, "changed": NOW},
    ),
    "delete_message": ({"message_id": 22}, {"id": 22}, {"id": 22}),
    "delete_note": ({"uprc": UPRC}, {"uprc": UPRC}, {"uprc": UPRC}),
    "exception_states": (
        {},
        {"states": [{"code": "OP", "name": "n"}]},
        {"rows": [{"code": "OP", "name": "n"}]},
    ),
    "exception_states_csv": ({}, CSV, {"header": ["id", "name"]}),
    "exceptions": (
        {"ids": [1, 2]},
        {"products": [{"id": 1, "productCode": "1", "validity": "2027-01-31"}], "count": 1},
        {
            "rows": [
                {
                    "id": 1,
                    "product_code": "1",
                    "batch": None,
                    "state_id": None,
                    "state": "",
                    "validity": date(2027, 1, 31),
                }
            ]
        },
    ),
    "verify_exception": (
        {"product_code": "1"},
        {"isException": False, "info": None},
        {"excepted": False, "record": None},
    ),
    "add_exception": (
        {"product_code": "1"},
        {"products": [LINE], "count": 0},
        {
            "rows": [
                {
                    "line": 1,
                    "product_code": "1",
                    "batch": "2",
                    "validity": None,
                    "state_id": 1,
                    "id": 7,
                    "error_code": 0,
                    "error_text": "",
                }
            ],
            "count": 0,
        },
    ),
    "import_exceptions": (
        {"lines": [{"product_code": "1", "validity": date(2027, 1, 31)}]},
        {"products": [], "count": 0},
        {"rows": [], "count": 0},
    ),
    "delete_exceptions": (
        {"product_code": "1"},
        {"affected": 1, "deleted": [{"id": "2", "productCode": "1", "batch": "2"}]},
        {"affected": 1, "rows": [{"id": 2, "product_code": "1", "batch": "2"}]},
    ),
}


@pytest.fixture
def caller(ams: Ams) -> Caller:
    return Caller(
        url=ams.base_url.removesuffix("/t/"),
        environment="test",
        login="LOGIN",
        password="PASSWORD",
        kind="account",
    )


@pytest.fixture
def account(caller: Caller) -> Iterator[CzmvoActor]:
    """Somebody in version 1.0: one call is one request."""
    made = CzmvoActor(caller)
    yield made
    made.close()


def filled(method: str, given: dict[str, Any], kind: str = "account", **defaults: Any) -> Any:
    setting = {
        "now": NOW,
        "defaults": defaults,
        "environment": "test",
        "login": UPRC.lower(),
        "kind": kind,
        "world": {},
    }
    return completed(method, given, setting)


def play(ams: Ams, answer: Any) -> None:
    if isinstance(answer, str):
        ams.play(answer, headers=(("Content-Type", "text/csv; charset=utf-8"),))
    else:
        ams.play_ok(answer)


def test_all_methods_of_the_client_can_be_called() -> None:
    methods = {name for name, _ in getmembers(CzmvoClient, isfunction) if not name.startswith("_")}
    assert methods - {"close", "authorization"} == set(CALLS) == set(PLAYS)


@pytest.mark.parametrize("method", PLAYS)
def test_an_answer_is_told_in_the_shape_that_was_promised(
    ams: Ams, account: CzmvoActor, method: str
) -> None:
    given, answer, told = PLAYS[method]
    assert list(misfits(given, CALLS[method]["takes"], ())) == []
    play(ams, answer)
    outcome = account.call(method, filled(method, given), NOW, None)
    assert (outcome["kind"], outcome["codes"]) == ("answer", {})
    values = outcome["values"]
    wanted = {"http": 200, "code": 0, **told}
    assert {name: values.get(name) for name in wanted} == wanted
    assert list(misfits(values, CALLS[method]["answers"], ())) == []
    assert len(ams.server.received) == 1


# --- arguments


def test_what_a_call_needs_and_may_be_anything_is_laid_under_it() -> None:
    assert filled("send_message", {"uprc": "A", "message": "m"}) == {
        "uprc": "A",
        "subject": "Sample",
        "message": "m",
    }
    assert filled("send_file", {"uprc": "A"})["content"] == "Sample"
    assert "content" not in filled("send_file", {"uprc": "A", "size": 1})
    assert filled("add_exception", {"product_code": "1", "batch": None}) == {
        "product_code": "1",
        "batch": None,
        "validity": "2099-12-31",
        "state": "OP",
    }
    assert filled("list_states", {}) == {}


def test_defaults_go_where_they_are_needed() -> None:
    assert list(DEFAULTS) == ["version", "language", "parameters", "uprc", "location"]
    defaults = {"uprc": "A", "language": "en", "location": "L"}
    assert filled("note", {}, **defaults) == {"uprc": "A", "language": "en"}
    assert filled("note", {"uprc": "B"}, **defaults)["uprc"] == "B"
    assert filled("list_states", {}, **defaults) == {"language": "en"}
    assert filled("level3_counter", {}, **defaults) == {"location": "L", "language": "en"}


def test_who_signs_in_with_an_alert_means_that_one() -> None:
    assert filled("note", {}, "alert") == {"uprc": UPRC}
    assert filled("note", {}, "alert", uprc="B") == {"uprc": "B"}
    assert filled("list_states", {}, "alert") == {}


@pytest.mark.parametrize(
    ("given", "content"),
    [
        ({"content": "žluť"}, "žluť".encode()),
        ({"base64": "AP8="}, b"\x00\xff"),
        ({"size": 3}, b"xxx"),
    ],
)
@pytest.mark.parametrize("method", ["send", "send_file", "import_exceptions"])
def test_files_are_written_in_one_of_three_ways(
    ams: Ams, account: CzmvoActor, method: str, given: dict[str, Any], content: bytes
) -> None:
    ams.play_error(13, 405)
    about = {} if method == "import_exceptions" else {"uprc": UPRC, "filename": "a.txt"}
    account.call(method, {**about, **given}, NOW, None)
    assert b64decode(ams.sent()["csv" if method == "import_exceptions" else "file"]) == content
    exclusive = {name for names in CALLS[method]["exclusive"] for name in names}
    assert exclusive >= {"content", "base64", "size"}


def test_lines_to_import(ams: Ams, account: CzmvoActor) -> None:
    ams.play_ok({"products": [], "count": 0})
    lines = [{"product_code": "1", "batch": "2", "validity": date(2027, 1, 31)}, {"state": "NO"}]
    account.call("import_exceptions", {"lines": lines, "state": "OP"}, NOW, None)
    assert b64decode(ams.sent()["csv"]).decode().splitlines()[1:] == [
        '"1","2","2027-01-31",""',
        '"","","","NO"',
    ]


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (datetime(2026, 3, 2, 8), "2026-03-02 08:00:00"),  # noqa: DTZ001 - as YAML
        (datetime(2026, 3, 2, 8, tzinfo=UTC), "2026-03-02 08:00:00"),
        (date(2026, 3, 2), "2026-03-02 00:00:00"),
        ("tomorrow", "tomorrow"),
    ],
)
def test_moments_of_scenarios_are_in_utc(
    ams: Ams, account: CzmvoActor, given: Any, sent: str
) -> None:
    ams.play_ok({"alerts": []})
    account.call("list_states", {"changed_from": given}, NOW, None)
    assert ams.sent()["changedFrom"] == sent


@pytest.mark.parametrize(
    ("method", "given", "reason"),
    [
        ("set_state", {"uprc": UPRC}, "set_state needs state"),
        ("send_message", {}, "send_message needs message, subject, uprc"),
        ("send_file", {"uprc": "A", "filename": "a", "base64": "YQ="}, "Incorrect padding"),
        ("note", {"uprc": "\ud800"}, "uprc holds half a character"),
        ("note", {"uprc": "A", "version": "second"}, "version cannot be 'second'"),
        ("note", {"uprc": "A", "language": "č"}, "language cannot be 'č'"),
    ],
)
def test_what_cannot_be_called(
    account: CzmvoActor, method: str, given: dict[str, Any], reason: str
) -> None:
    outcome = account.call(method, given, NOW, None)
    assert outcome["kind"] == "invalid"
    assert outcome["reason"].startswith(reason)


# --- errors


def test_an_error_of_the_agency(ams: Ams, account: CzmvoActor) -> None:
    ams.play_error(12, 404)
    assert account.call("note", {"uprc": UPRC}, NOW, None) == {
        "kind": "error",
        "code": 12,
        "status": 404,
        "reason": "code 12 (HTTP 404): text 12",
        "values": {"http": 404, "code": 12, "message": "text 12"},
    }


def test_a_blocked_group(ams: Ams, account: CzmvoActor) -> None:
    ams.play_error(40, 405, uprc=[UPRC])
    outcome = account.call("set_state", {"uprc": "A", "state": 5, "group": True}, NOW, None)
    told = {"http": 405, "code": 40, "message": "text 40", "uprc": [UPRC]}
    assert outcome["values"] == told
    assert list(misfits(told, CALLS["set_state"]["answers"], ())) == []


@pytest.mark.parametrize(
    ("header", "values"),
    [({}, {"http": 429}), ({"Retry_After": "17"}, {"http": 429, "retry_after": 17})],
)
def test_a_limit_is_told_and_not_waited_out(
    ams: Ams, account: CzmvoActor, header: dict[str, str], values: dict[str, int]
) -> None:
    ams.play_limit(**header)
    outcome = account.call("reopen_reasons", {}, NOW, None)
    assert (outcome["kind"], outcome["code"], outcome["status"]) == ("error", None, 429)
    assert outcome["values"] == values


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        ({"nothing": True}, "unknown", "the connection failed"),
        ({"body": "<html>"}, "unknown", "HTTP 200 without a readable answer"),
        ({"status": 503}, "unknown", "HTTP 503 without a readable answer"),
    ],
)
def test_an_answer_that_is_none(
    ams: Ams, account: CzmvoActor, answer: dict[str, Any], kind: str, reason: str
) -> None:
    ams.play(**answer)
    outcome = account.call("reopen_reasons", {}, NOW, None)
    assert outcome["kind"] == kind
    assert outcome["reason"].startswith(reason)
    assert len(ams.server.received) == 1


def test_a_refusal_without_a_word_of_the_ams(ams: Ams, account: CzmvoActor) -> None:
    ams.play("<html>", status=404)
    outcome = account.call("reopen_reasons", {}, NOW, None)
    assert (outcome["kind"], outcome["code"], outcome["values"]) == ("error", None, {"http": 404})


# --- tokens, versions and kinds


def test_a_token_lasts_by_the_clock_that_is_handed_in(ams: Ams, caller: Caller) -> None:
    made = CzmvoActor(replace(caller, kind="client"))
    ams.play_token("T1")
    for minutes in (0, 10, 28, 31):
        if minutes == 31:
            ams.play_token("T2")
        ams.play_ok({"reasons": []})
        made.call("reopen_reasons", {}, NOW + timedelta(minutes=minutes), None)
    made.close()
    assert ams.bearers == ["T1", "T1", "T1", "T2"]


def test_one_token_for_all_that_an_actor_does(ams: Ams, caller: Caller) -> None:
    made = CzmvoActor(replace(caller, kind=""))
    ams.play_token("T1")
    ways: list[tuple[dict[str, Any], float | None]] = [
        ({}, None),
        ({"version": "2.1"}, None),
        ({"language": "en", "parameters": "url"}, None),
        ({}, 5.0),
    ]
    for arguments, timeout in ways:
        ams.play_ok({"reasons": []})
        made.call("reopen_reasons", arguments, NOW, timeout)
    assert made.sign_in({}, NOW) == {"headers": {"Authorization": "Bearer T1"}}
    made.close()
    assert ams.bearers == ["T1"] * 4
    versions = [request.headers.get("amscz-version") for request in ams.server.received]
    assert versions == [None, "2.0", "2.1", "2.0", "2.0"]
    assert ams.server.received[3].headers["accept-language"] == "en"
    assert ams.paths[3] == "alerts/?list=enumReopenReason"


def test_a_refused_token_is_told_and_the_next_call_gets_another(ams: Ams, caller: Caller) -> None:
    made = CzmvoActor(replace(caller, kind="client"))
    ams.play_token("T1")
    ams.play_error(38, 401)
    outcome = made.call("reopen_reasons", {}, NOW, None)
    assert (outcome["code"], outcome["status"]) == (38, 401)
    ams.play_token("T2")
    ams.play_ok({"reasons": []})
    assert made.call("reopen_reasons", {}, NOW, None)["kind"] == "answer"
    made.close()


def test_no_token(ams: Ams, caller: Caller) -> None:
    made = CzmvoActor(replace(caller, kind="client"))
    ams.play('{"error":"invalid_client"}', status=400)
    outcome = made.call("reopen_reasons", {}, NOW, None)
    assert outcome["values"] == {"http": 400, "code": "invalid_client"}
    assert (outcome["code"], outcome["status"]) == ("invalid_client", 400)
    ams.play('{"error":"invalid_client"}', status=400)
    failed = {"failed": "HTTP 400 from the token endpoint: invalid_client"}
    assert made.sign_in({}, NOW) == failed
    ams.play_limit()
    assert made.call("reopen_reasons", {}, NOW, None)["values"] == {"http": 429}
    ams.play(status=503)
    assert made.call("reopen_reasons", {}, NOW, None)["kind"] == "unreachable"
    made.close()


V2 = {"amsCZ-Version": "2.0"}


@pytest.mark.parametrize(
    ("kind", "headers", "way"),
    [
        ("account", {}, "Basic"),
        ("account", V2, "Basic"),
        ("client", {}, "Bearer"),
        ("", {}, "Bearer"),
        ("alert", {}, "Basic"),
        ("alert", {"amscz-version": "1.0"}, "Basic"),
        ("alert", V2, "Bearer"),
        ("location", V2, "Bearer"),
        ("developer", {}, "Basic"),
        ("developer", V2, "Bearer"),
    ],
)
def test_the_way_of_signing_in(
    ams: Ams, caller: Caller, kind: str, headers: dict[str, str], way: str
) -> None:
    made = CzmvoActor(replace(caller, kind=kind))
    if way == "Bearer":
        ams.play_token("T1")
    wanted = "Bearer T1" if way == "Bearer" else "Basic TE9HSU46UEFTU1dPUkQ="
    assert made.sign_in(headers, NOW) == {"headers": {"Authorization": wanted}}
    made.close()


@pytest.mark.parametrize(
    ("kind", "version"),
    [("account", None), ("developer", None), ("alert", "2.0"), ("location", "2.0")],
)
def test_the_usual_version_of_a_kind(
    ams: Ams, caller: Caller, kind: str, version: str | None
) -> None:
    assert kind in KINDS
    made = CzmvoActor(replace(caller, kind=kind))
    if version:
        ams.play_token("T1")
    ams.play_ok({"reasons": []})
    made.call("reopen_reasons", {}, NOW, None)
    made.close()
    assert ams.last.headers.get("amscz-version") == version


@pytest.mark.parametrize(
    ("environment", "path"),
    [("production", "/"), ("test", "/t/"), ("development", "/beta/")],
)
def test_environments_have_paths(ams: Ams, caller: Caller, environment: str, path: str) -> None:
    made = actor(
        "czmvo",
        url=f"{caller.url}/s/mine",
        environment=environment,
        login="l",
        password="p",
        kind="account",
    )
    ams.play_ok({"reasons": []})
    made.call("reopen_reasons", {}, NOW, None)
    made.close()
    assert ams.last.path == f"/s/mine{path}alerts/"


# --- codes of other answers


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"status":"ok","code":0,"message":"OK","result":{}}', 0),
        (b'{"status":"error","code":12,"message":"x"}', 12),
        (b'{"error":"invalid_client"}', "invalid_client"),
        (b'{"code":"12"}', None),
        (b'{"code":true}', None),
        (b'{"error":{}}', None),
        (b"[]", None),
        (b"", None),
        (b"\xff\xfe\x00", None),
        (b"<html>", None),
        (b"[" * 100_000, None),
        (b64encode(b"x"), None),
    ],
)
def test_the_code_of_a_body(body: bytes, code: int | str | None) -> None:
    assert code_of(body) == code


def test_all_that_is_said_of_calls_is_plain_data() -> None:
    def told(value: Any) -> Any:
        return list(value) if isinstance(value, tuple) else dict(value)

    assert json.loads(json.dumps(CALLS, default=told)).keys() == CALLS.keys()
