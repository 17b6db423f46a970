"""Exports, forks and snapshots of sandboxes."""

import json
from collections.abc import Iterator

import pytest

from podatelna.kernel.exchange import Request
from tests.journeys.callers import ADMIN, DEFAULT, Caller
from tests.journeys.desks import BOXES, Desk, open_desk
from tests.journeys.messages import PRODUCTION, filing, guest

FILE = "ZapisUbytovane"


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as desk:
        yield desk


def file(desk: Desk, number: int, sandbox: str = "default") -> None:
    caller = Caller(desk.house.handle, f"/s/{sandbox}{PRODUCTION}").sign_in()
    caller.post(FILE, filing([guest(number)]))


def stays(desk: Desk, sandbox: str = "default") -> int:
    return len(desk.ask("GET", f"{BOXES}/{sandbox}/ubyport/stays"))


def exported(desk: Desk, sandbox: str = "default") -> str:
    answer = desk.house.handle(Request("GET", f"{BOXES}/{sandbox}/export", headers={"host": "l"}))
    assert answer.status == 200
    return answer.body.decode()


def test_a_snapshot_is_restored(desk: Desk) -> None:
    file(desk, 1)
    desk.ask("PATCH", f"{DEFAULT}/settings", {"ubyport": {"seal": True}})
    assert desk.ask("POST", f"{DEFAULT}/snapshots", {"name": "one"}) == {"name": "one"}
    before = exported(desk)
    file(desk, 2)
    desk.ask("PATCH", f"{DEFAULT}/settings", {"ubyport": {"seal": False}})
    desk.ask("PUT", f"{DEFAULT}/clock", {"advance": "1d"})
    recorded = len(desk.ask("GET", f"{DEFAULT}/journal"))
    assert stays(desk) == 2
    assert desk.ask("POST", f"{DEFAULT}/snapshots/one/restore") is None
    assert stays(desk) == 1
    assert desk.ask("GET", f"{DEFAULT}/settings")["ubyport"]["seal"] is True
    assert desk.ask("GET", DEFAULT)["now"] == "2026-03-04T08:30:00+00:00"
    # The journal goes on: what was called was called.
    assert len(desk.ask("GET", f"{DEFAULT}/journal")) == recorded
    revision = '"revision": '
    differing = [
        one
        for one, other in zip(before.splitlines(), exported(desk).splitlines(), strict=True)
        if one != other
    ]
    assert all(revision in line for line in differing)
    file(desk, 3)
    assert stays(desk) == 2


def test_snapshots_are_listed_shown_replaced_and_forgotten(desk: Desk) -> None:
    place = f"{DEFAULT}/snapshots"
    assert desk.ask("GET", place) == []
    for name in ("two", "one", "two"):
        desk.ask("POST", place, {"name": name})
    at = "2026-03-04T08:30:00+00:00"
    assert desk.ask("GET", place) == [{"name": "one", "at": at}, {"name": "two", "at": at}]
    assert desk.ask("GET", f"{place}/one")["tables"]["control"]["rows"]
    assert desk.ask("DELETE", f"{place}/two") is None
    assert [each["name"] for each in desk.ask("GET", place)] == ["one"]
    problem = desk.refused("POST", f"{place}/two/restore")
    assert (problem["status"], problem["detail"]) == (
        404,
        "there is no snapshot two; there are: one",
    )
    desk.ask("POST", f"{DEFAULT}/reset")
    assert desk.ask("GET", place) == []


def test_a_fork_holds_the_same_and_lives_its_own_life(desk: Desk) -> None:
    file(desk, 1)
    assert desk.ask("POST", f"{DEFAULT}/fork", {"name": "copy"}) == {
        "name": "copy",
        "path": "/s/copy/",
    }
    assert (stays(desk), stays(desk, "copy")) == (1, 1)
    assert desk.ask("GET", f"{BOXES}/copy/journal") == []
    file(desk, 2, "copy")
    assert (stays(desk), stays(desk, "copy")) == (1, 2)
    problem = desk.refused("POST", f"{DEFAULT}/fork", b'{"name": "copy"}')
    assert problem["status"] == 409


def test_an_export_is_brought_elsewhere(desk: Desk) -> None:
    file(desk, 1)
    text = exported(desk)
    desk.ask("POST", BOXES, {"name": "other"})
    assert desk.ask("PUT", f"{BOXES}/other/export", json.loads(text)) is None
    assert stays(desk, "other") == 1
    given = [line for line in text.splitlines() if '"revision"' not in line]
    brought = [line for line in exported(desk, "other").splitlines() if '"revision"' not in line]
    assert given == brought


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", "/export", b"{", 422),
        ("PUT", "/export", b"{}", 422),
        ("POST", "/fork", b'{"name": "No Name"}', 422),
        ("POST", "/fork", b"{}", 422),
        ("POST", "/snapshots", b'{"name": "No Name"}', 422),
        ("GET", "/snapshots/none", b"", 404),
        ("DELETE", "/snapshots/none", b"", 404),
    ],
)
def test_refusals(desk: Desk, method: str, path: str, body: bytes, status: int) -> None:
    assert desk.refused(method, DEFAULT + path, body)["status"] == status


def test_of_a_sandbox_that_is_not_there(desk: Desk) -> None:
    for path in ("export", "snapshots"):
        assert desk.refused("GET", f"{ADMIN}/sandboxes/nowhere/{path}")["status"] == 404
