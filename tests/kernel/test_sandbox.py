"""Sandboxes come and go, and never see each other."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from podatelna.kernel.agency import Agency
from podatelna.kernel.exchange import Delivery, Request, Response
from podatelna.kernel.pipeline import stack
from podatelna.kernel.sandbox import Sandboxes
from podatelna.kernel.store import NameTakenError, StoreError, UnknownSandboxError
from podatelna.kernel.visit import Handler, Visit
from podatelna.kernel.world import WorldError
from tests.kernel.depot import (
    DATE,
    NOW,
    SEEDED,
    House,
    depot,
)
from tests.kernel.states import MINUTE, disrupt, journal_of, state_of


def test_there_is_a_sandbox_from_the_start(anywhere: House) -> None:
    assert anywhere.sandboxes.names() == ["default"]
    assert state_of(anywhere, "default") == {
        "data": ["umbrella"],
        "now": NOW,
        "settings": {"loud": False, "shelf": "left", "pieces": 3, "marks": ["fragile"]},
        "journal": [],
        "disruptions": [],
    }


def test_a_call_is_answered(anywhere: House) -> None:
    answer = anywhere.call("echo", b"hello")
    headers = (("Content-Type", "text/plain"), ("X-Shelf", "left"), DATE)
    assert answer == Response(200, b"hello", headers)


def test_the_date_stands_where_an_answer_leaves_a_place_for_it(here: House) -> None:
    headers = (("Date", ""), ("Content-Type", "text/plain"))
    dated = replace(depot(), handler=lambda _: Response(200, b"", headers))
    sandboxes = Sandboxes(here.store, {"depot": dated}, SEEDED)
    answer = sandboxes.serve("default", dated, Request("POST", "/depot/echo"))
    assert answer.headers == (DATE, ("Content-Type", "text/plain"))


def test_how_long_an_agency_keeps_connections_is_nothing_done_to_an_answer(here: House) -> None:
    kept = Response(200, delivery=Delivery(keep_alive_seconds=15))
    agency = replace(depot(), handler=lambda _: kept)
    sandboxes = Sandboxes(here.store, {"depot": agency}, SEEDED)
    assert sandboxes.serve("default", agency, Request("POST", "/depot/echo")).delivery == (
        kept.delivery
    )
    assert [each.delivery for each in journal_of(here)] == [{}]


def test_nothing_of_one_sandbox_is_seen_in_another(anywhere: House) -> None:
    sandboxes = anywhere.sandboxes
    sandboxes.create("other")
    untouched = state_of(anywhere, "other")
    first = anywhere.call("file", b"a hat")
    anywhere.call("promise", b"a coat", query="minutes=1")
    sandboxes.set("default", {"depot": {"loud": True}})
    sandboxes.advance("default", timedelta(hours=1))
    disrupt(anywhere)
    assert state_of(anywhere, "other") == untouched
    # Numbers and marks are counted apart, too: the same seed gives the same ones.
    assert anywhere.call("file", b"a hat", "other").body == first.body
    assert anywhere.call("echo", b"hello", "other").body == b"hello"
    assert anywhere.call("echo", b"hello").body == b"\x00<LLO"


def test_a_reset_sandbox_is_as_new_and_other_ones_stay(anywhere: House) -> None:
    sandboxes = anywhere.sandboxes
    sandboxes.create("job", "busy")
    new = state_of(anywhere, "job")
    for name in ("default", "job"):
        filed = anywhere.call("file", b"a hat", name)
        sandboxes.set(name, {"depot": {"pieces": 9}})
        sandboxes.advance(name, MINUTE)
        disrupt(anywhere, name)
    kept = state_of(anywhere, "default")
    sandboxes.reset("job")
    assert state_of(anywhere, "job") == new
    assert state_of(anywhere, "default") == kept
    assert anywhere.call("file", b"a hat", "job").body == filed.body
    assert journal_of(anywhere, "job")[0].number == 1


def test_a_sandbox_is_reset_to_another_world_and_stays_of_it(anywhere: House) -> None:
    anywhere.sandboxes.reset("default", "busy")
    assert anywhere.whats() == ["sledge", "skis"]
    anywhere.call("file", b"a hat")
    anywhere.sandboxes.reset("default")
    assert anywhere.whats() == ["sledge", "skis"]


def test_a_dropped_sandbox_is_gone(anywhere: House) -> None:
    anywhere.sandboxes.create("job")
    anywhere.call("file", b"a hat", "job")
    anywhere.sandboxes.drop("job")
    assert anywhere.sandboxes.names() == ["default"]
    with pytest.raises(UnknownSandboxError):
        anywhere.call("echo", b"", "job")
    anywhere.sandboxes.create("job", "busy")
    assert anywhere.whats("job") == ["sledge", "skis"]


def test_the_default_sandbox_stays(anywhere: House) -> None:
    with pytest.raises(StoreError) as refused:
        anywhere.sandboxes.drop("default")
    assert str(refused.value) == "the default sandbox stays; reset it instead"
    assert anywhere.sandboxes.names() == ["default"]


@pytest.mark.parametrize(
    "name", ["", "A", "a_b", "-a", "a/b", "..", "é", "a\0", "\ud800", "x" * 41]
)
def test_a_name_that_no_sandbox_can_have(anywhere: House, name: str) -> None:
    with pytest.raises(StoreError) as refused:
        anywhere.sandboxes.create(name)
    assert str(refused.value) == (
        f"{name!r} cannot name a sandbox: up to 40 lower-case letters, digits and hyphens"
    )


def test_a_name_is_taken_once(anywhere: House) -> None:
    with pytest.raises(NameTakenError, match="there is already a sandbox called default"):
        anywhere.sandboxes.create("default", "busy")
    assert anywhere.whats() == ["umbrella"]


@pytest.mark.parametrize(
    ("world", "error"), [("busier", WorldError), ("broken", RuntimeError), ("\0", WorldError)]
)
def test_a_world_that_cannot_be_made(anywhere: House, world: str, error: type[Exception]) -> None:
    before = state_of(anywhere, "default")
    with pytest.raises(error):
        anywhere.sandboxes.create("job", world)
    with pytest.raises(error):
        anywhere.sandboxes.reset("default", world)
    assert anywhere.sandboxes.names() == ["default"]
    assert state_of(anywhere, "default") == before


UNKNOWN: dict[str, Callable[[Sandboxes, Agency, str], object]] = {
    "serve": lambda of, agency, name: of.serve(name, agency, Request("POST", "/depot/echo")),
    "visit": lambda of, agency, name: of.visit(
        name, agency, Request("", ""), lambda visit: Response(204)
    ),
    "reset": lambda of, agency, name: of.reset(name),
    "drop": lambda of, agency, name: of.drop(name),
    "now": lambda of, agency, name: of.now(name),
    "advance": lambda of, agency, name: of.advance(name, MINUTE),
    "set": lambda of, agency, name: of.set(name, {"depot": {"loud": True}}),
    "settings": lambda of, agency, name: of.settings(name, "depot"),
}


@pytest.mark.parametrize("verb", UNKNOWN)
@pytest.mark.parametrize("name", ["nobody", "Default", 'a"b', "a\0b", "\udc80"])
def test_an_unknown_sandbox_is_told(anywhere: House, verb: str, name: str) -> None:
    with pytest.raises(UnknownSandboxError) as refused:
        UNKNOWN[verb](anywhere.sandboxes, anywhere.agency, name)
    assert refused.value.args == (name,)


def test_steps_are_passed_from_the_outermost_in() -> None:
    seen: list[str] = []

    def step(name: str) -> Callable[[Visit, Handler], Response]:
        def through(visit: Visit, proceed: Handler) -> Response:
            seen.append(f"into {name}")
            answer = proceed(visit)
            seen.append(f"out of {name}")
            return answer

        return through

    def handler(visit: Visit) -> Response:
        seen.append("handler")
        return Response(204)

    visit: Any = object()
    assert stack(step("a"), step("b"), around=handler)(visit) == Response(204)
    assert seen == ["into a", "into b", "handler", "out of b", "out of a"]
    assert stack(around=handler) is handler
