"""The journal's admin calls: one exchange, its explanation, filters and verification."""

from collections.abc import Iterator
from typing import Any

import pytest

from podatelna.kernel.journal import HEADER
from tests.journeys.callers import DEFAULT, LOGIN, Caller
from tests.journeys.desks import Desk, open_desk
from tests.journeys.messages import call, filing, guest

JOURNAL = f"{DEFAULT}/journal"
TEST, FILE = "TestDostupnosti", "ZapisUbytovane"


@pytest.fixture
def desk() -> Iterator[Desk]:
    """Two legs of a handshake, an inquiry, a filing of a guest without a surname."""
    with open_desk() as desk:
        caller = Caller(desk.house.handle).sign_in()
        caller.post(TEST, call(TEST))
        caller.post(FILE, filing([guest(1) | {"cSurN": ""}]))
        yield desk


def named(answer: Any) -> str | None:
    return dict(answer.headers).get(HEADER)


def test_an_answer_names_its_exchange(desk: Desk) -> None:
    *_, last = desk.ask("GET", JOURNAL)
    caller = Caller(desk.house.handle)
    assert named(caller.post(TEST, b"")) == f"default/{last['number'] + 1}"
    desk.ask("POST", f"{DEFAULT[: -len('/default')]}", {"name": "job-7"})
    other = Caller(desk.house.handle, "/s/job-7/ws_uby/ws_uby.svc")
    assert named(other.post(TEST, b"")) == "job-7/1"
    assert HEADER not in dict(desk.ask("GET", f"{JOURNAL}/{last['number']}")["response_headers"])


def test_one_exchange(desk: Desk) -> None:
    all_of_them = desk.ask("GET", JOURNAL)
    for one in all_of_them:
        assert desk.ask("GET", f"{JOURNAL}/{one['number']}") == one


@pytest.mark.parametrize("number", ["99", "0", "99999999999999999999"])
def test_an_exchange_that_is_not_there(desk: Desk, number: str) -> None:
    problem = desk.refused("GET", f"{JOURNAL}/{number}")
    assert problem["status"] == 404
    assert problem["detail"].startswith(f"The journal of default has no exchange {number}")


@pytest.mark.parametrize(
    ("query", "operations"),
    [
        (f"?operation={TEST}&status=200", [TEST]),
        (f"?operation={FILE}", [FILE]),
        (f"?login={LOGIN.upper()}&operation={FILE}", [FILE]),
        ("?finding=surname_wrong", [FILE]),
        ("?finding=surname", []),
        ("?agency=czmvo", []),
        (f"?path=/ws_uby&status=200&after=2&operation={FILE}", [FILE]),
    ],
)
def test_filters(desk: Desk, query: str, operations: list[str]) -> None:
    assert [one["operation"] for one in desk.ask("GET", JOURNAL + query)] == operations


def test_a_refusal_is_explained(desk: Desk) -> None:
    [filed] = desk.ask("GET", f"{JOURNAL}?operation={FILE}")
    told = desk.ask("GET", f"{JOURNAL}/{filed['number']}/explanation")
    entry = desk.house.agencies["ubyport"].contract.errors["surname_wrong"]
    [reason] = [each for each in told["reasons"] if each["error"] == "surname_wrong"]
    assert (told["number"], told["status"]) == (filed["number"], 200)
    assert (reason["number"], reason["text"]) == (entry.number, entry.text)
    assert (reason["certainty"], reason["source"]) == (entry.certainty, entry.source)
    assert (reason["at"], reason["record"]) == ("Seznam/Ubytovani/Ubytovany[1]/cSurN", 0)


def test_verification(desk: Desk) -> None:
    calls = [{"operation": TEST, "status": 200}, {"operation": FILE, "status": 200}]
    place = f"{JOURNAL}/verification"
    assert desk.ask("POST", place, {"calls": calls, "ordered": True}) == {
        "verified": True,
        "unmet": [],
    }
    turned = desk.ask("POST", place, {"calls": calls[::-1], "ordered": True})
    assert [each["position"] for each in turned["unmet"]] == [1]
    twice = {"calls": [{"operation": FILE, "times": 2}], "complete": True}
    found = desk.ask("POST", place, twice)
    assert not found["verified"]
    assert found["unmet"][0] == {
        "position": 0,
        "why": "expected 2, made 1",
        "nearest": 3,
        "differs": {"operation": [FILE, TEST]},
    }
    assert {each["position"] for each in found["unmet"][1:]} == {-1}
    some = [{"operation": FILE, "at_least": 1}, {"finding": "surname_wrong", "at_most": 1}]
    assert desk.ask("POST", place, {"calls": some})["verified"]
    later = {"calls": [{"operation": FILE}], "after": 999}
    assert not desk.ask("POST", place, later)["verified"]


@pytest.mark.parametrize(
    ("path", "body", "detail"),
    [
        ("?operatoin=x", b"", "unknown member operatoin; did you mean operation?"),
        ("?status=x", b"", "status takes the number of an answer, not 'x'"),
        ("/verification", b"{}", "calls must be of type list, not None"),
        ("/verification", b'{"calls": [1]}', "calls are JSON objects, not 1"),
        (
            "/verification",
            b'{"calls": [{"status": true}]}',
            "status must be of type int, not True",
        ),
        (
            "/verification",
            b'{"calls": [{"times": -1}]}',
            "times is a number from 0 on, not -1",
        ),
        (
            "/verification",
            b'{"calls": [], "ordered": 1}',
            "ordered must be of type bool, not 1",
        ),
    ],
)
def test_refusals(desk: Desk, path: str, body: bytes, detail: str) -> None:
    problem = desk.refused("POST" if body else "GET", JOURNAL + path, body)
    assert (problem["status"], problem["detail"]) == (422, detail)
