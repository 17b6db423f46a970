"""What the admin API refuses, and with which words."""

import json
from collections.abc import Iterator
from contextlib import closing

import pytest

from podatelna.app import Config, House, build_agencies
from podatelna.kernel.exchange import Request
from tests.journeys.callers import (
    ADMIN,
    DEFAULT,
    LOGIN,
    Caller,
    no_complaints,
)
from tests.journeys.desks import BOXES, NOW, PATHS, Desk, open_desk
from tests.journeys.messages import PRODUCTION

NOBODY = {
    "type": "about:blank",
    "title": "There is no sandbox called nobody.",
    "status": 404,
    "detail": "POST /_podatelna/sandboxes",
}


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as desk:
        yield desk


AGENCIES = build_agencies()
NAMES = ", ".join(AGENCIES)
CALLS = ", ".join(f"{name}/{call}" for name, agency in AGENCIES.items() for call in agency.admin)
REFUSED: list[tuple[str, str, object, int, str, str]] = [
    ("POST", BOXES, {}, 422, "Refused", "name must be of type str, not None"),
    ("POST", BOXES, {"name": 7}, 422, "Refused", "name must be of type str, not 7"),
    ("POST", BOXES, {"nam": "x"}, 422, "Refused", "unknown member nam; there are name, world"),
    ("POST", BOXES, [], 422, "Refused", "the body must be a JSON object"),
    ("POST", BOXES, {"name": "default"}, 409, "Not possible",
     "there is already a sandbox called default"),
    ("POST", BOXES, {"name": "../x"}, 422, "Refused",
     "'../x' cannot name a sandbox: up to 40 lower-case letters, digits and hyphens"),
    ("POST", BOXES, {"name": "x", "world": "defualt"}, 422, "Refused",
     "there is no world called defualt; did you mean default?"),
    ("POST", BOXES, {"name": "x", "world": "../default"}, 422, "Refused",
     "there is no world called ../default; did you mean default?"),
    ("DELETE", DEFAULT, None, 409, "Not possible", "the default sandbox stays; reset it instead"),
    ("POST", f"{DEFAULT}/reset", {"world": None}, 422, "Refused",
     "world must be of type str, not None"),
    ("POST", f"{DEFAULT}/reset", {"world": "nowhere"}, 422, "Refused",
     "there is no world called nowhere"),
    ("PUT", f"{DEFAULT}/clock", {}, 422, "Refused",
     'give one of {"freeze": "2026-03-02T08:00:00Z"} (or "now"), "run", "advance"'),
    ("PUT", f"{DEFAULT}/clock", {"freeze": NOW, "run": NOW}, 422, "Refused",
     'give one of {"freeze": "2026-03-02T08:00:00Z"} (or "now"), "run", "advance"'),
    ("PUT", f"{DEFAULT}/clock", {"advance": "soon"}, 422, "Refused",
     "a duration is written like 5m, 1h30m or 90d, not 'soon'"),
    ("PUT", f"{DEFAULT}/clock", {"advance": "-1h"}, 422, "Refused",
     "a duration is written like 5m, 1h30m or 90d, not '-1h'"),
    ("PUT", f"{DEFAULT}/clock", {"advance": "999999999d"}, 422, "Refused",
     "A clock ends with the year 9999."),
    ("PUT", f"{DEFAULT}/clock", {"freeze": "0001-01-01T00:00:00+14:00"}, 422, "Refused",
     "0001-01-01T00:00:00+14:00 is outside the years 1 to 9999."),
    ("PUT", f"{DEFAULT}/clock", {"run": "9999-12-31T23:59:59Z"}, 422, "Refused",
     "A sandbox lives from 1970 to 9998."),
    ("PUT", f"{DEFAULT}/clock", {"freeze": "1600-01-01T00:00:00Z"}, 422, "Refused",
     "A sandbox lives from 1970 to 9998."),
    ("PUT", f"{DEFAULT}/clock", {"freeze": "tomorrow"}, 422, "Refused",
     "Invalid isoformat string: 'tomorrow'"),
    ("POST", f"{DEFAULT}/disruptions",
     {"agency": "ubyport", "kind": "reset", "operation": "ZapisUbytovanych"}, 422, "Refused",
     "ubyport has no operation ZapisUbytovanych; did you mean ZapisUbytovane?"),
    ("PATCH", f"{DEFAULT}/settings", {"ubport": {}}, 422, "Refused",
     f"unknown member ubport; there are {NAMES}"),
    ("PATCH", f"{DEFAULT}/settings", {"ubyport": []}, 422, "Refused",
     "ubyport must be of type dict, not []"),
    ("PATCH", f"{DEFAULT}/settings", {"ubyport": {"seall": True}}, 422, "Refused",
     "ubyport has no setting seall; did you mean seal?"),
    ("PATCH", f"{DEFAULT}/settings", {"ubyport": {"seal": 1}}, 422, "Refused",
     "setting ubyport.seal: it takes a bool, not 1"),
    ("PATCH", f"{DEFAULT}/settings", {"ubyport": {"max_list_length": 0}}, 422, "Refused",
     "setting ubyport.max_list_length: it takes 1 or more, not 0"),
    ("GET", f"{DEFAULT}/journal?after=x", None, 422, "Refused",
     "after takes the number of an exchange, not 'x'"),
    ("GET", f"{DEFAULT}/journal?after=-1", None, 422, "Refused",
     "after takes the number of an exchange, not '-1'"),
    ("GET", f"{DEFAULT}/journal?after=9999999999", None, 422, "Refused",
     "after takes the number of an exchange, not '9999999999'"),
    ("GET", f"{DEFAULT}/outbox?after=x", None, 422, "Refused",
     "after takes the number of a letter, not 'x'"),
    ("GET", f"{ADMIN}/outbox?sandbox=nowhere", None, 404, "There is no sandbox called nowhere.",
     "POST /_podatelna/sandboxes"),
    ("GET", f"{DEFAULT}/ubyport/guests", None, 404, "Not Found",
     f"no agency has a call ubyport/guests; there are {CALLS}"),
    ("GET", f"{DEFAULT}/police/stays", None, 404, "Not Found",
     f"no agency has a call police/stays; there are {CALLS}"),
]  # fmt: skip
"""Method, path, body; status, title and detail of the problem."""


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: f"{case[0]} {case[1][12:]} {case[2]}")
def test_what_cannot_be_done_is_refused_with_what_to_do(
    desk: Desk, case: tuple[str, str, object, int, str, str]
) -> None:
    method, path, value, status, title, detail = case
    body = b"" if value is None else json.dumps(value).encode()
    before = desk.ask("GET", BOXES), desk.ask("GET", f"{DEFAULT}/settings")
    assert desk.refused(method, path, body) == {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
    }
    assert (desk.ask("GET", BOXES), desk.ask("GET", f"{DEFAULT}/settings")) == before


@pytest.mark.parametrize(
    ("plan", "detail"),
    [
        ({"kind": "reset"}, "agency must be of type str, not None"),
        ({"agency": "police", "kind": "reset"}, f"agency is one of {NAMES}"),
        ({"agency": "ubyport"}, "kind must be of type str, not None"),
        (
            {"agency": "ubyport", "kind": "explode"},
            "no disruption is called explode; there are delay, drip, cut, reset, empty, status, "
            "garble, content_type",
        ),
        (
            {"agency": "ubyport", "kind": "reset", "options": {"x": 1}},
            "disruption reset takes (), not {'x': 1}",
        ),
        (
            {"agency": "ubyport", "kind": "delay", "options": {"seconds": -1}},
            "seconds is from 0 to 86400, not -1",
        ),
        (
            {"agency": "ubyport", "kind": "content_type", "options": {"value": "a\r\nb: c"}},
            "value is printable ASCII, not 'a\\r\\nb: c'",
        ),
        (
            {"agency": "ubyport", "kind": "reset", "moment": "later"},
            "moment is before or after, not later",
        ),
        (
            {"agency": "ubyport", "kind": "reset", "times": 0},
            "times is from 1 to 1000000000, not 0",
        ),
        (
            {"agency": "ubyport", "kind": "reset", "times": True},
            "times must be of type int, not True",
        ),
        (
            {"agency": "ubyport", "kind": "reset", "login": LOGIN, "moment": "before"},
            "before the agency acts nobody is logged in: leave login out",
        ),
        (
            {"agency": "ubyport", "kind": "reset", "used": 1},
            "unknown member used; there are agency, kind, moment, options, operation, login, times",
        ),
    ],
)
def test_a_disruption_that_cannot_happen_is_refused(
    desk: Desk, plan: dict[str, object], detail: str
) -> None:
    problem = desk.refused("POST", f"{DEFAULT}/disruptions", json.dumps(plan).encode())
    assert (problem["status"], problem["title"], problem["detail"]) == (422, "Refused", detail)
    assert desk.ask("GET", f"{DEFAULT}/disruptions") == []


@pytest.mark.parametrize(
    "body", [b"{", b"\xff", b"\x00", b'"x"', b"[" * 100_000, b'{"a":' * 100_000, b"1" * 5_000]
)
def test_what_is_no_json_object_is_refused(desk: Desk, body: bytes) -> None:
    for method, path in (
        ("POST", BOXES),
        ("PUT", f"{DEFAULT}/clock"),
        ("POST", f"{DEFAULT}/reset"),
    ):
        problem = desk.refused(method, path, body)
        assert (problem["status"], problem["detail"]) == (422, "the body must be a JSON object")


@pytest.mark.parametrize(
    ("query", "body", "problem"),
    [
        ("file=a.unl", b"", {"line": 1}),
        ("file=a.unl", b"A|2\r\n\x00", {"line": 2, "field": "", "detail": "byte 0x00 is no text"}),
        (
            "file=%00.unl",
            b"",
            {"line": 0, "field": "", "detail": "file takes a file's name, not '\\x00.unl'"},
        ),
        (
            "environment=moon",
            b"",
            {"line": 0, "field": "", "detail": "environment is production or test, not moon"},
        ),
    ],
)
def test_a_file_that_is_not_taken_over_is_a_problem_with_its_place(
    desk: Desk, query: str, body: bytes, problem: dict[str, object]
) -> None:
    found = desk.refused("POST", f"{DEFAULT}/ubyport/unl?{query}", body)
    assert (found["title"], found["status"]) == ("The file was not taken over", 422)
    assert found | problem == found


EVERY_CALL = (
    ("GET", ""), ("DELETE", ""), ("POST", "/reset"), ("PUT", "/clock"), ("GET", "/settings"),
    ("PATCH", "/settings"), ("GET", "/disruptions"), ("POST", "/disruptions"),
    ("DELETE", "/disruptions"), ("GET", "/accounts"), ("GET", "/journal"), ("DELETE", "/journal"),
    ("GET", "/outbox"), ("DELETE", "/outbox"),
    ("POST", "/ubyport/unl"), ("GET", "/ubyport/stays"), ("GET", "/ubyport/filings"),
)  # fmt: skip
BODIES = {
    ("PUT", "/clock"): {"advance": "1s"},
    ("POST", "/disruptions"): {"agency": "ubyport", "kind": "reset"},
}


@pytest.mark.parametrize(("method", "call_"), EVERY_CALL)
def test_a_sandbox_that_is_not_there_is_a_problem_for_everyone(
    desk: Desk, method: str, call_: str
) -> None:
    body = BODIES.get((method, call_))
    sent = json.dumps(body).encode() if body else b""
    assert desk.refused(method, f"{BOXES}/nobody{call_}", sent) == NOBODY
    if method == "POST" and call_ == "/reset":
        for path in (PRODUCTION, PATHS[0], f"{PRODUCTION}?singleWsdl"):
            assert desk.refused("GET", f"/s/nobody{path}") == NOBODY
            assert desk.refused("POST", f"/s/nobody{path}") == NOBODY


def test_what_is_nowhere_and_a_wrong_method_are_problems(desk: Desk) -> None:
    assert desk.refused("GET", f"{ADMIN}/nowhere")["status"] == 404
    paths = [path for agency in AGENCIES.values() for path in agency.paths]
    assert desk.refused("GET", "/") == {
        "type": "about:blank",
        "title": "No agency answers at /.",
        "status": 404,
        "detail": f"Agencies answer at {', '.join(paths)}; the sandbox itself at {ADMIN}/.",
    }
    assert desk.refused("PUT", DEFAULT)["title"] == "Method Not Allowed"
    asked = Request("PUT", DEFAULT, headers={"host": "localhost"})
    allowed = dict(desk.house.handle(asked).headers)["Allow"]
    assert sorted(allowed.split(", ")) == ["DELETE", "GET", "HEAD", "OPTIONS"]


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "https://localhost.evil", "null", "", "http://[", "localhost"]
)
def test_a_page_of_another_origin_is_refused(desk: Desk, origin: str) -> None:
    for method, path in (("GET", f"{ADMIN}/"), ("POST", f"{DEFAULT}/reset"), ("DELETE", DEFAULT)):
        assert desk.refused(method, path, headers={"origin": origin}) == {
            "type": "about:blank",
            "title": "Another origin",
            "status": 403,
            "detail": f"Pages of {origin} may not call the sandbox.",
        }


def test_a_page_of_the_sandbox_itself_may_call_it(desk: Desk) -> None:
    own = {"host": "localhost:8420", "origin": "http://localhost:8420"}
    assert desk.house.handle(Request("GET", f"{ADMIN}/", headers=own)).status == 200


def test_a_token_is_asked_of_all_but_health_and_agencies() -> None:
    with closing(House(Config(admin_token="s3cret"))) as house, no_complaints():
        desk = Desk(house)
        for authorization in (
            "",
            "s3cret",
            "Bearer",
            "Bearer s3cre",
            "Basic s3cret",
            "Bearer \xe9",
        ):
            given = {"authorization": authorization} if authorization else {}
            for method, path in (("GET", f"{ADMIN}/"), ("GET", DEFAULT), ("GET", f"{ADMIN}/x")):
                assert desk.refused(method, path, headers=given) == {
                    "type": "about:blank",
                    "title": "Token missing",
                    "status": 401,
                    "detail": "Send Authorization: Bearer with the server's token.",
                }
        assert desk.ask("GET", f"{ADMIN}/health")["status"] == "ok"
        Caller(desk.house.handle).sign_in()
        for scheme in ("Bearer", "bearer"):
            headers = {"host": "localhost", "authorization": f"{scheme} s3cret"}
            assert desk.house.handle(Request("GET", DEFAULT, headers=headers)).status == 200
