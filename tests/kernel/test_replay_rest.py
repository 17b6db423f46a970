"""Replaying against an agency that speaks JSON: comparing, signing in, admin calls, letters."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from podatelna.kernel.catalogue import Entry
from podatelna.kernel.exchange import Request, Response
from podatelna.kernel.replay.answers import admin_differences, http_differences, outbox_differences
from podatelna.kernel.replay.comparison import call_differences
from podatelna.kernel.replay.difference import Difference, misses, pointed
from podatelna.kernel.replay.line import Incoming
from podatelna.kernel.replay.replay import Audience, Result, replay
from podatelna.kernel.replay.target import Target
from podatelna.kernel.scenario.expectation import (
    AdminExpectation,
    CallExpectation,
    HttpExpectation,
    OutboxExpectation,
)
from podatelna.kernel.scenario.file import load_scenario
from podatelna.kernel.scenario.vocabulary import AgencyWords, Vocabulary
from podatelna.kernel.server import Server
from podatelna.kernel.settings import SettingBook
from podatelna_client import actor as front

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def entry(key: str, number: int | None, status: int, text: str = "") -> tuple[str, Entry]:
    made = Entry(
        key=key,
        number=number,
        kind="any",
        text=text,
        status=status,
        certainty="documented",
        source="made up",
    )
    return key, made


ERRORS = dict(
    [
        entry("book_not_found", 12, 404),
        entry("shelf_locked", 40, 405),
        entry("too_many", None, 429),
        entry("stranger", None, 400, "invalid_client"),
    ]
)


def code_of(body: bytes) -> int | str | None:
    try:
        told = json.loads(body)
    except ValueError:
        return None
    found: int | str | None = told.get("code", told.get("error"))
    return found


WORDS = AgencyWords(
    name="library",
    settings=SettingBook("library", {}),
    errors=ERRORS,
    calls={
        "list_books": {
            "takes": {"latest": "flag"},
            "exclusive": [],
            "answers": {
                "http": "number",
                "code": "number",
                "pages": "number",
                "rows": [{"id": "number", "title": "text", "bought": "day"}],
                "locked": ["text"],
            },
        }
    },
    defaults={},
    namespaces={},
    admin=["books"],
    operations=["list_books"],
    kinds=("card", "token"),
    code_of=code_of,
)


# -- values


@pytest.mark.parametrize(
    ("expected", "received", "differences"),
    [
        ({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}, "d": 3}, []),
        ({"a": [{"b": 1}, {}]}, {"a": [{"b": 1, "c": 2}, {"d": 1}]}, []),
        ({"a": None, "b": [], "c": ""}, {"a": None, "b": [], "c": ""}, []),
        (1, "1", [Difference("json", "1", "'1'")]),
        (True, 1, [Difference("json", "true", "1")]),
        ({"a": {"b": 1}}, {"a": {"b": True}}, [Difference("json /a/b", "1", "true")]),
        ({"a": {"b/~": 1}}, {"a": {}}, [Difference("json /a/b~1~0", "1", "no such member")]),
        ({"a": {"b": 1}}, {"a": [1]}, [Difference("json /a", "{b: 1}", "[1]")]),
        (
            {"a": [{"b": 1}, {"b": 2}]},
            {"a": [{"b": 1}, {"b": 3}]},
            [Difference("json /a/1/b", "2", "3")],
        ),
        ({"a": [1, 2]}, {"a": [1]}, [Difference("json /a", "[1, 2]", "[1]")]),
        ({"a": [{}]}, {"a": []}, [Difference("json /a", "[{}]", "[]")]),
        (
            {"a": []},
            {"a": [1] * 500},
            [Difference("json /a", "[]", f"500 of them: [{'1, ' * 66}1...")],
        ),
    ],
)
def test_what_is_missing_is_told_by_its_json_pointer(
    expected: object, received: object, differences: list[Difference]
) -> None:
    assert list(misses("json", expected, received)) == differences


def test_an_instant_without_a_zone_is_utc() -> None:
    assert list(misses("at", NOON.replace(tzinfo=None), NOON)) == []
    assert len(list(misses("at", NOON.replace(tzinfo=None, hour=11), NOON))) == 1


@pytest.mark.parametrize(
    ("pointer", "found"),
    [
        ("", (True, {"a": [{"b/~": None}]})),
        ("/a/0/b~1~0", (True, None)),
        ("/a/1", (False, None)),
        ("/a/-", (False, None)),
        ("/b", (False, None)),
        ("/a/0/b~1~0/c", (False, None)),
    ],
)
def test_where_a_pointer_leads(pointer: str, found: tuple[bool, object]) -> None:
    assert pointed({"a": [{"b/~": None}]}, pointer) == found


# -- answers over HTTP

FOUND = Incoming(200, (), b'{"status":"ok","code":0,"result":{"books":[{"id":"1","title":"x"}]}}')
LOST = Incoming(404, (), b'{"status":"error","code":12}')
REFUSED = Incoming(400, (), b'{"error":"invalid_client"}')
BUSY = Incoming(429, (), b"")


@pytest.mark.parametrize(
    ("expect", "answer", "differences"),
    [
        ({"json": {"code": 0, "result": {"books": [{"id": "1"}]}}}, FOUND, []),
        (
            {"absent": ["/result/pages"], "body_base64": "eyJlcnJvciI6ImludmFsaWRfY2xpZW50In0="},
            REFUSED,
            [],
        ),
        ({"error": "book_not_found"}, LOST, []),
        ({"error": "stranger"}, REFUSED, []),
        ({"error": "too_many"}, BUSY, []),
        (
            {"json": {"result": {"books": [{"id": 1}]}}},
            FOUND,
            [Difference("json /result/books/0/id", "1", "'1'")],
        ),
        ({"json": None}, BUSY, [Difference("json", "null", "no JSON: an empty body")]),
        (
            {"absent": ["/result/books/0/title"]},
            FOUND,
            [Difference("json /result/books/0/title", "no such member", "x")],
        ),
        ({"body_base64": "eA=="}, Incoming(200, (), b"\xff"), [Difference("body", "'x'", "'ÿ'")]),
        (
            {"error": "book_not_found"},
            FOUND,
            [
                Difference(
                    "error",
                    "error book_not_found (HTTP 404, code 12)",
                    f"none known (HTTP 200, code 0): {FOUND.body.decode()!r}",
                )
            ],
        ),
        (
            {"error": "book_not_found"},
            REFUSED,
            [
                Difference(
                    "error",
                    "error book_not_found (HTTP 404, code 12)",
                    f"stranger (HTTP 400, code invalid_client): {REFUSED.body.decode()!r}",
                )
            ],
        ),
        (
            {"error": "stranger"},
            BUSY,
            [
                Difference(
                    "error", "error stranger (HTTP 400)", "too_many (HTTP 429): an empty body"
                )
            ],
        ),
    ],
)
def test_answers_in_json(
    expect: dict[str, Any], answer: Incoming, differences: list[Difference]
) -> None:
    wanted = HttpExpectation.model_validate(expect)
    assert list(http_differences(wanted, answer, WORDS)) == differences


def test_answers_of_admin_calls() -> None:
    expect = AdminExpectation.model_validate({"status": 201, "json": {"ids": [1]}})
    assert list(admin_differences(expect, 201, {"ids": [1], "at": "x"})) == []
    assert list(admin_differences(expect, 422, None)) == [
        Difference("status", "201", "422: null"),
        Difference("json", "{ids: [1]}", "null"),
    ]


LETTERS = [{"recipient": "a@x.example", "subject": "one"}, {"recipient": "b@x.example"}]


@pytest.mark.parametrize(
    ("expect", "differences"),
    [
        ({"rows": 2, "row": {"subject": "one"}}, []),
        (
            {"rows": 1, "row": {"recipient": "a@x.example", "subject": "two"}},
            [
                Difference("rows", "1", "2"),
                Difference(
                    "row",
                    "{recipient: a@x.example, subject: two}",
                    "no such row; the nearest is {recipient: a@x.example, subject: one}",
                ),
            ],
        ),
    ],
)
def test_letters(expect: dict[str, Any], differences: list[Difference]) -> None:
    wanted = OutboxExpectation.model_validate(expect)
    assert list(outbox_differences(wanted, LETTERS)) == differences


# -- outcomes of calls

BOOK = {"id": 1, "title": "x", "bought": NOON}
ANSWER = {"kind": "answer", "codes": {}, "values": {"http": 200, "code": 0, "rows": [BOOK]}}
LIMITED = {
    "kind": "error",
    "status": 429,
    "code": None,
    "values": {"http": 429},
    "reason": "wait",
}
LOCKED = {
    "kind": "error",
    "status": 405,
    "code": 40,
    "values": {"http": 405, "code": 40, "locked": ["a", "b"]},
    "reason": "locked",
}


@pytest.mark.parametrize(
    ("expect", "outcome", "differences"),
    [
        ({"http": 200, "code": 0}, ANSWER, []),
        ({"rows": 1, "row": {"bought": NOON.replace(tzinfo=None)}}, ANSWER, []),
        ({"http": 429}, LIMITED, []),
        ({"error": "too_many"}, LIMITED, []),
        ({"error": "shelf_locked", "locked": ["a", "b"]}, LOCKED, []),
        ({"code": 40, "locked": ["a", "b"]}, LOCKED, []),
        ({"code": 0}, LOCKED, [Difference("code", "0", "40")]),
        ({"pages": 1}, ANSWER, [Difference("pages", "1", "nothing")]),
        (
            {"http": 200, "code": 0},
            LIMITED,
            [Difference("outcome", "an answer", "error too_many (wait)")],
        ),
        (None, LOCKED, [Difference("outcome", "an answer", "error shelf_locked (locked)")]),
        (
            {"error": "book_not_found"},
            LOCKED,
            [
                Difference(
                    "outcome",
                    "error book_not_found (HTTP 404, code 12)",
                    "error shelf_locked (locked)",
                )
            ],
        ),
        (
            {"error": "book_not_found"},
            ANSWER,
            [Difference("outcome", "error book_not_found (HTTP 404, code 12)", "an answer")],
        ),
        (
            {"error": "shelf_locked", "locked": ["a"]},
            LOCKED,
            [Difference("locked", "[a]", "[a, b]")],
        ),
    ],
)
def test_outcomes(
    expect: dict[str, Any] | None, outcome: Mapping[str, Any], differences: list[Difference]
) -> None:
    wanted = None if expect is None else CallExpectation.model_validate(expect)
    assert list(call_differences(wanted, outcome, ERRORS)) == differences


# -- a whole scenario, against a server that answers by rote


class Clerk:
    """An actor without a client: tells what it was asked, and counts."""

    def __init__(self, caller: Any) -> None:
        self.caller, self.calls = caller, 0

    def call(
        self, method: str, arguments: Mapping[str, Any], now: datetime, timeout: float | None
    ) -> Mapping[str, Any]:
        self.calls += 1
        if self.calls > arguments["limit"]:
            return LIMITED
        return {"kind": "answer", "codes": {}, "values": {"http": 200, "code": 0, "rows": [BOOK]}}

    def sign_in(self, headers: Mapping[str, str], now: datetime) -> Mapping[str, Any]:
        caller = self.caller
        if caller.password == "wrong":
            return {"failed": "invalid_client"}
        by = f"{caller.kind} {caller.login} at {now.hour}"
        return {"headers": {"Authorization": by, "X-Kind": "of the actor"}}

    def close(self) -> None:
        pass


@pytest.fixture
def agency(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library among those that the front knows."""
    module = ModuleType("library")
    told = {
        "CALLS": WORDS.calls,
        "completed": lambda method, given, setting: {"limit": 3} | given,
        "actor": Clerk,
        "code_of": code_of,
    }
    vars(module).update(told)
    monkeypatch.setattr(front, "AGENCIES", (*front.AGENCIES, "library"))
    monkeypatch.setitem(sys.modules, "podatelna_client.acting.library", module)


Answers = Callable[[Request], Response]


@pytest.fixture
def asked() -> list[Request]:
    return []


@pytest.fixture
def target(asked: list[Request]) -> Iterator[Target]:
    """A server with as much of an admin API as the steps need."""
    sandbox = {"name": "x", "now": NOON.isoformat()}
    letters = [{"recipient": "a@x.example", "body": "**ID:1**"}]

    def handle(request: Request) -> Response:
        asked.append(request)
        if request.path.startswith("/s/"):
            return Response(200, b'{"code":0,"seen":"%s"}' % request.body.replace(b'"', b"'"))
        ending = request.path.rsplit("/", 1)[1]
        told: dict[str, Any] = {"outbox": letters, "disruptions": [], "journal": []}
        told["books"] = {"ids": [1]}
        return Response(200, json.dumps(told.get(ending, sandbox)).encode())

    with Server(handle) as server:
        yield Target(server.url)


def performed(text: str, target: Target, folder: Path) -> Result:
    world = {
        "library": {"main": {"accounts": [{"login": "Anna", "password": "a", "kind": "card"}]}}
    }
    words = Vocabulary(["default"], {"library": WORDS}, lambda _: world)
    path = folder / "x.yaml"
    path.write_text("title: x\nagency: library\n" + text, "utf-8")
    return replay(load_scenario(path, words), Audience(target, words, steerable=True))


def test_every_kind_of_step(
    agency: None, target: Target, asked: list[Request], tmp_path: Path
) -> None:
    result = performed(
        """\
steps:
  - call: library.list_books
    with: {latest: true}
    repeat: 3
    expect: {http: 200, code: 0, rows: 1, row: {id: 1, bought: 2026-03-02 12:00:00}}
  - call: library.list_books
    expect: {http: 429}
  - reset: true
  - call: library.list_books # by a new client, which counts from one
  - http: {method: POST, path: /books/, as: Anna, json: {list: [ř, null]}}
    expect: {json: {seen: "{'list': ['ř', null]}"}}
  - http:
      method: POST
      path: /token/
      form: {grant_type: x y}
      headers: {x-kind: mine, content-type: text/plain}
      as: {login: anybody, password: p, kind: token}
    expect: {json: {seen: grant_type=x+y}}
  - http: {path: /books/, json: null}
    expect: {json: {seen: "null"}}
  - admin: {call: books, query: {shelf: "1"}, json: {title: y}}
    expect: {json: {ids: [1]}}
  - admin: {call: books, method: GET}
  - outbox: {recipient: a@x.example}
    expect: {rows: 1, row: {body: "**ID:1**"}}
  - outbox: {}
    expect: {rows: 1}
""",
        target,
        tmp_path,
    )
    assert result.failure is None
    sent = [request for request in asked if request.path.startswith("/s/")]
    headers = [
        [request.headers.get(name) for name in ("authorization", "x-kind", "content-type")]
        for request in sent
    ]
    assert headers == [
        ["card Anna at 12", "of the actor", "application/json"],
        ["token anybody at 12", "mine", "text/plain"],
        [None, None, "application/json"],
    ]
    own = [
        (request.method, request.path.split("/", 4)[4], request.query, request.body)
        for request in asked
        if request.path.endswith(("/books", "/outbox"))
    ]
    assert own == [
        ("POST", "library/books", "shelf=1", b'{"title": "y"}'),
        ("GET", "library/books", "", b""),
        ("GET", "outbox", "recipient=a%40x.example", b""),
        ("GET", "outbox", "", b""),
    ]


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (
            "http: {path: /, as: {login: Anna, password: wrong}}",
            (
                "GET /",
                Difference("outcome", "an answer", "invalid (signing in failed: invalid_client)"),
            ),
        ),
        (
            "admin: {call: books}\n    expect: {json: {ids: [2]}}",
            ("admin POST books", Difference("json /ids", "[2]", "[1]")),
        ),
        (
            "outbox: {recipient: b}\n    expect: {rows: 0}",
            ("outbox b", Difference("rows", "0", "1")),
        ),
    ],
)
def test_what_fails_is_told(
    agency: None, target: Target, tmp_path: Path, step: str, told: tuple[str, Difference]
) -> None:
    failure = performed(f"steps:\n  - {step}\n", target, tmp_path).failure
    assert failure is not None
    assert (failure.doing, *failure.differences) == told
