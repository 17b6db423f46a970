"""A call that crashes leaves nothing but its entry in the journal."""

import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from podatelna.kernel.agency import Agency
from podatelna.kernel.exchange import Response
from podatelna.kernel.journal import Exchange
from podatelna.kernel.sandbox import Sandboxes
from podatelna.kernel.visit import Visit
from tests.kernel.conftest import OpenStore
from tests.kernel.depot import (
    DATE,
    SEEDED,
    House,
    depot,
)
from tests.kernel.states import journal_of

FIRE = Response(500, b"the depot is on fire", (("X-Fire", "yes"), DATE))
CRASHED = "the sandbox itself crashed on this call; its log says where"


def _raise(*_: object) -> Any:
    raise RuntimeError("unforeseen")


def test_a_crash_takes_back_the_call_and_is_answered_and_recorded(
    anywhere: House, caplog: pytest.LogCaptureFixture
) -> None:
    before = anywhere.parcels()
    headers = {"x-login": "Porter", "authorization": "Basic c2VjcmV0"}
    with caplog.at_level(logging.ERROR):
        assert anywhere.call("crash", b"a piano", headers=headers) == FIRE
    assert anywhere.parcels() == before
    assert journal_of(anywhere) == [
        Exchange(
            number=1,
            at="2026-03-02T08:00:00+00:00",
            agency="depot",
            operation="crash",
            login="Porter",
            method="POST",
            target="/depot/crash",
            request_headers={"x-login": "Porter", "authorization": "[blanked]"},
            request_body=b"a piano",
            status=500,
            response_headers=FIRE.headers,
            response_body=FIRE.body,
            findings=(),
            notes=(CRASHED,),
            delivery={},
        )
    ]
    [logged] = caplog.records
    assert logged.getMessage() == "depot crashed while it answered /depot/crash"
    assert logged.exc_info is not None
    assert str(logged.exc_info[1]) == "the floor gave way"
    # The number that the crashed call drew was given back.
    assert json.loads(anywhere.call("file", b"a hat").body)[0] == 101
    assert anywhere.whats() == ["umbrella", "a hat"]


def test_every_crash_is_recorded(anywhere: House) -> None:
    statuses = [anywhere.call(each).status for each in ("crash", "echo", "crash", "crash")]
    assert statuses == [500, 200, 500, 500]
    assert [each.number for each in journal_of(anywhere)] == [1, 2, 3, 4]


@pytest.mark.parametrize("part", ["handler", "authenticate", "settle", "operation_of"])
def test_whatever_crashes_is_answered(papers: Path, open_store: OpenStore, part: str) -> None:
    here = House(store := open_store(), Sandboxes(store, {"depot": depot()}, SEEDED))
    here.call("echo")
    broken: Agency = replace(depot(), **{part: _raise})  # type: ignore[arg-type] # any part
    there = House(store, Sandboxes(store, {"depot": broken}, SEEDED))
    assert there.call("echo", b"hello") == FIRE
    operation = "" if part == "operation_of" else "echo"
    [_, crashed] = journal_of(there)
    assert (crashed.operation, crashed.notes, crashed.status) == (operation, (CRASHED,), 500)
    assert here.call("echo", b"hello").status == 200


def test_a_database_error_is_a_crash_like_others(anywhere: House) -> None:
    def collide(visit: Visit) -> Response:
        for _ in range(2):
            anywhere.agency.seed(visit.transaction, {"accounts": [{"login": "a", "password": ""}]})
        return Response(200)

    broken = replace(depot(), handler=collide)
    there = House(anywhere.store, Sandboxes(anywhere.store, {"depot": broken}, SEEDED))
    assert there.call("echo") == FIRE
    assert anywhere.call("echo", headers={"x-login": "a"}).status == 401


def test_an_interrupted_call_is_neither_kept_nor_answered(anywhere: House) -> None:
    def interrupt(visit: Visit) -> Response:
        depot().handler(visit)
        raise KeyboardInterrupt

    broken = replace(depot(), handler=interrupt)
    there = House(anywhere.store, Sandboxes(anywhere.store, {"depot": broken}, SEEDED))
    with pytest.raises(KeyboardInterrupt):
        there.call("file", b"a hat")
    assert (anywhere.whats(), journal_of(anywhere)) == (["umbrella"], [])
    assert anywhere.call("file", b"a hat").status == 200
