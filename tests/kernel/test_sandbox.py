"""Sandboxes: apart from each other, whole after a crash, and the same in every run."""

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from podatelna.kernel import controls
from podatelna.kernel.agency import Agency
from podatelna.kernel.clock import Clock, ClockRefusedError
from podatelna.kernel.controls import read_controls
from podatelna.kernel.disruptions import Disruption, plan, planned
from podatelna.kernel.exchange import Request, Response
from podatelna.kernel.journal import Exchange, exchanges
from podatelna.kernel.pipeline import stack
from podatelna.kernel.sandbox import HouseRules, Sandboxes
from podatelna.kernel.settings import SettingRefusedError
from podatelna.kernel.store import NameTakenError, StoreError, UnknownSandboxError
from podatelna.kernel.store_sqlite import SqliteStore
from podatelna.kernel.visit import Handler, Visit
from podatelna.kernel.world import WorldError
from tests.kernel.conftest import OpenStore
from tests.kernel.depot import (
    DATE,
    NOW,
    PROMISED,
    SEEDED,
    House,
    depot,
    house,
    open_house,
    tables,
)

FIRE = Response(500, b"the depot is on fire", (("X-Fire", "yes"), DATE))
CRASHED = "the sandbox itself crashed on this call; its log says where"
MINUTE = timedelta(minutes=1)
PATIENCE = 60
"""Seconds until a test that hangs fails."""


def journal_of(of: House, name: str = "default") -> list[Exchange]:
    with of.sandboxes.open(name) as transaction:
        return exchanges(transaction)


def state_of(of: House, name: str) -> dict[str, Any]:
    """All that tells one sandbox from another."""
    with of.sandboxes.open(name) as transaction:
        plans = planned(transaction)
    return {
        "data": of.whats(name),
        "now": of.sandboxes.now(name),
        "settings": of.sandboxes.settings(name, "depot"),
        "journal": journal_of(of, name),
        "disruptions": plans,
    }


def disrupt(of: House, name: str = "default") -> None:
    with of.sandboxes.open(name) as transaction:
        plan(transaction, Disruption("depot", "garble"))


# -- coming and going


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


def _raise(*_: object) -> Any:
    raise RuntimeError("unforeseen")


UNKNOWN: dict[str, Callable[[Sandboxes, Agency, str], object]] = {
    "serve": lambda of, agency, name: of.serve(name, agency, Request("POST", "/depot/echo")),
    "visit": lambda of, agency, name: of.visit(name, agency, Request("", ""), _raise),
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


# -- crashes


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


# -- settings, and what is derived of them


def test_settings_are_set_for_the_next_call(anywhere: House) -> None:
    assert anywhere.call("echo", b"hello").body == b"hello"
    anywhere.sandboxes.set("default", {"depot": {"loud": True, "shelf": "right"}})
    assert anywhere.call("echo", b"hello") == Response(
        200, b"HELLO", (("Content-Type", "text/plain"), ("X-Shelf", "right"), DATE)
    )
    assert anywhere.sandboxes.settings("default", "depot") == {
        "loud": True,
        "shelf": "right",
        "pieces": 3,
        "marks": ["fragile"],
    }


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (
            {"depot": {"loud": True, "lout": True}},
            "depot has no setting lout; did you mean loud?",
        ),
        ({"depot": {"pieces": 0}}, "setting depot.pieces: it takes 1 or more, not 0"),
        (
            {"depot": {"loud": True}, "attic": {}},
            "there is no agency called attic; there are depot",
        ),
    ],
)
def test_settings_are_refused_before_anything_is_changed(
    anywhere: House, given: dict[str, dict[str, Any]], why: str
) -> None:
    before = state_of(anywhere, "default")
    with pytest.raises(SettingRefusedError) as refused:
        anywhere.sandboxes.set("default", given)
    assert str(refused.value) == why
    assert state_of(anywhere, "default") == before


@pytest.fixture
def derivations(monkeypatch: pytest.MonkeyPatch) -> list[Connection]:
    """Fills with each reading of the settings."""
    read = controls.read_settings
    seen: list[Connection] = []

    def counted(transaction: Connection) -> Any:
        seen.append(transaction)
        return read(transaction)

    monkeypatch.setattr("podatelna.kernel.sandbox.read_settings", counted)
    return seen


def test_settings_are_read_once_a_change(here: House, derivations: list[Connection]) -> None:
    readings = []
    for act in (
        lambda: here.call("echo"),
        lambda: here.call("crash"),
        lambda: here.call("file", b"a hat"),
        lambda: here.sandboxes.set("default", {"depot": {"pieces": 4}}),
        lambda: here.call("echo"),
        lambda: here.call("echo"),
    ):
        act()
        readings.append(len(derivations))
    assert readings == [1, 1, 1, 1, 2, 2]


@pytest.fixture
def replicas(papers: Path, open_store: OpenStore) -> tuple[House, House]:
    """Two that keep what they derived, over one store; with PostgreSQL two processes are so."""
    store = open_store()
    return house(store), house(store)


def test_replicas_notice_each_other(replicas: tuple[House, House]) -> None:
    here, there = replicas
    assert there.call("echo", b"hello").body == b"hello"
    here.sandboxes.set("default", {"depot": {"loud": True}})
    assert there.call("echo", b"hello").body == b"HELLO"
    disrupt(here)
    assert there.call("echo", b"hello").body == b"\x00<LLO"
    here.sandboxes.advance("default", MINUTE)
    assert there.sandboxes.now("default") == NOW + MINUTE
    here.sandboxes.reset("default")
    assert there.call("echo", b"hello").body == b"hello"


def test_replicas_notice_a_sandbox_made_anew(replicas: tuple[House, House]) -> None:
    """The same number of changes must not look like the same changes."""
    here, there = replicas
    here.sandboxes.create("job")
    here.sandboxes.set("job", {"depot": {"loud": True}})
    assert there.call("echo", b"hello", "job").body == b"HELLO"
    here.sandboxes.drop("job")
    here.sandboxes.create("job")
    here.sandboxes.set("job", {"depot": {"loud": False}})
    assert there.call("echo", b"hello", "job").body == b"hello"
    here.sandboxes.reset("job")
    here.sandboxes.set("job", {"depot": {"loud": True}})
    assert there.call("echo", b"hello", "job").body == b"HELLO"


def test_what_was_derived_of_a_change_that_was_taken_back_is_forgotten(anywhere: House) -> None:
    anywhere.call("echo")
    anywhere.call("promise", b"bomb", query="minutes=1")
    with pytest.raises(RuntimeError, match="as it came"):
        anywhere.sandboxes.advance("default", MINUTE)
    anywhere.sandboxes.set("default", {"depot": {"loud": True}})
    assert anywhere.call("echo", b"hello").body == b"HELLO"


def test_what_is_derived_does_not_outlive_its_sandbox(here: House) -> None:
    for number in range(5):
        here.sandboxes.create(f"job-{number}")
        here.call("echo", b"", f"job-{number}")
        here.sandboxes.drop(f"job-{number}")
    here.call("echo")
    assert list(here.sandboxes._derived) == ["default"]


# -- the clock


def test_the_clock_stands_where_the_world_froze_it(anywhere: House) -> None:
    assert [anywhere.sandboxes.now("default") for _ in range(2)] == [NOW, NOW]


def test_a_moved_clock_tells_its_time(anywhere: House) -> None:
    sandboxes = anywhere.sandboxes
    later = NOW + timedelta(days=1, microseconds=1)
    assert sandboxes.advance("default", timedelta(days=1, microseconds=1)) == later
    assert sandboxes.now("default") == later
    assert sandboxes.change_clock("default", lambda clock: clock.frozen(NOW)) == NOW
    assert anywhere.call("echo").headers[-1] == DATE


def test_a_running_clock_runs_on(anywhere: House) -> None:
    sandboxes = anywhere.sandboxes
    sandboxes.create("job", "running")
    first = sandboxes.now("job")
    assert first <= sandboxes.now("job")
    hour = timedelta(hours=1)
    ahead = sandboxes.advance("job", hour)
    assert first + hour <= ahead <= sandboxes.now("job")
    frozen = sandboxes.change_clock("job", Clock.frozen)
    assert [sandboxes.now("job"), sandboxes.now("job")] == [frozen, frozen]
    sandboxes.change_clock("job", Clock.running)
    assert frozen <= sandboxes.now("job")


@pytest.mark.parametrize("by", [timedelta(seconds=-1), timedelta(days=3_000_000)])
def test_a_clock_that_cannot_be_moved_stays(anywhere: House, by: timedelta) -> None:
    anywhere.call("promise", b"a coat", query="minutes=0")
    before = state_of(anywhere, "default")
    with pytest.raises(ClockRefusedError):
        anywhere.sandboxes.advance("default", by)
    assert state_of(anywhere, "default") == before


def arrivals(of: House, name: str = "default") -> list[tuple[str, str]]:
    return [(what, at) for _, what, at, _ in of.parcels(name) if what != "umbrella"]


def test_what_falls_due_happens_as_the_clock_is_advanced(anywhere: House) -> None:
    for minutes, what in ((3, b"c"), (1, b"a"), (2, b"b")):
        anywhere.call("promise", what, query=f"minutes={minutes}")
    assert {at for _, at in arrivals(anywhere)} == {PROMISED}
    anywhere.sandboxes.advance("default", MINUTE * 2 - timedelta(microseconds=1))
    assert arrivals(anywhere) == [
        ("c", PROMISED),
        ("a", "2026-03-02T08:01:00+00:00"),
        ("b", PROMISED),
    ]
    anywhere.sandboxes.advance("default", timedelta(microseconds=1))
    assert arrivals(anywhere)[2] == ("b", "2026-03-02T08:02:00+00:00")


def test_what_is_due_is_settled_before_a_call(anywhere: House) -> None:
    """A clock that runs needs nobody to advance it."""
    anywhere.call("promise", b"a coat", query="minutes=0")
    assert arrivals(anywhere) == [("a coat", PROMISED)]
    anywhere.call("echo")
    assert arrivals(anywhere) == [("a coat", "2026-03-02T08:00:00+00:00")]


def test_what_is_due_is_settled_before_an_admin_call(anywhere: House) -> None:
    anywhere.call("promise", b"a coat", query="minutes=0")
    agency = anywhere.agency
    answer = anywhere.sandboxes.visit(
        "default", agency, Request("GET", ""), agency.admin["parcels"]
    )
    assert json.loads(answer.body)[1][:3] == [101, "a coat", "2026-03-02T08:00:00+00:00"]
    assert len(journal_of(anywhere)) == 1  # of the promise


def test_a_call_that_met_trouble_before_settles_nothing(anywhere: House) -> None:
    anywhere.call("promise", b"a coat", query="minutes=0")
    with anywhere.sandboxes.open("default") as transaction:
        plan(transaction, Disruption("depot", "reset", "before"))
    anywhere.call("echo")
    assert arrivals(anywhere) == [("a coat", PROMISED)]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 60), max_size=8), st.lists(st.integers(0, 60), max_size=5))
@pytest.mark.usefixtures("papers")
def test_an_hour_in_pieces_is_an_hour(promised: list[int], stops: list[int]) -> None:
    """What came, in which order and with which marks does not depend on the strides."""
    seen = []
    for strides in ([0, 60], sorted([0, *stops, 60])):
        with open_house(SqliteStore(tables(depot()))) as here:
            for number, minutes in enumerate(promised):
                here.call("promise", str(number).encode(), query=f"minutes={minutes}")
            for start, stop in pairwise(strides):
                here.sandboxes.advance("default", MINUTE * (stop - start))
            seen.append((here.parcels(), here.sandboxes.now("default")))
    assert seen[0] == seen[1]
    assert seen[0][1] == NOW + MINUTE * 60
    assert all(at != PROMISED for _, _, at, _ in seen[0][0])


# -- the same in every run


def run_of(of: House, name: str = "default") -> list[object]:
    """Everything that a run gives to see."""
    seen: list[object] = [
        of.call("file", b"a hat", name),
        of.call("promise", b"a coat", name, query="minutes=5", headers={"x-login": "porter"}),
        of.call("crash", b"", name),
        of.sandboxes.advance(name, MINUTE * 5),
        of.call("file", b"a stick", name),
        of.call("crowd", b"", name),
    ]
    return [*seen, of.parcels(name), journal_of(of, name)]


def test_a_seed_gives_the_same_run_in_every_store(
    papers: Path, open_store: OpenStore, open_memory: OpenStore
) -> None:
    here, model = house(open_store()), house(open_memory())
    here.sandboxes.create("other")
    expected = run_of(model)
    assert run_of(here) == expected
    assert run_of(here, "other") == expected
    here.sandboxes.reset("default")
    assert run_of(here) == expected


def test_the_answers_of_a_seed_are_these(here: House) -> None:
    """The SHA-256 sum of `a seed|depot.mark|1`, made a UUID of version 4 by hand."""
    assert here.call("file", b"a hat").body == b'[101, "c0366d54-ebac-4d02-916b-115cbfe841a2"]'


def test_another_seed_gives_another_run(papers: Path, open_memory: OpenStore) -> None:
    one, other = (house(open_memory(), HouseRules(seed=seed)) for seed in ("a", "b"))
    assert one.call("file").body != other.call("file").body


def test_without_a_seed_no_two_sandboxes_are_the_same(papers: Path, open_store: OpenStore) -> None:
    here = house(open_store(), HouseRules())
    here.sandboxes.create("other")
    marks = [here.call("file", b"", name).body for name in ("default", "other")]
    here.sandboxes.reset("other")
    marks.append(here.call("file", b"", "other").body)
    assert len(set(marks)) == 3


def test_a_sandbox_keeps_its_seed(papers: Path, open_lasting: OpenStore) -> None:
    seeds = []
    for _ in range(2):
        here = house(open_lasting(), HouseRules())
        here.call("echo")
        with here.sandboxes.open("default") as transaction:
            seeds.append(read_controls(transaction).seed)
        here.store.close()
    assert len(seeds[0]) == 32
    assert seeds[0] == seeds[1]


# -- threads


def together(*jobs: Callable[[], object]) -> None:
    """Run all at once; whatever one raises is raised."""
    failures: list[BaseException] = []
    start = Barrier(len(jobs))

    def work(job: Callable[[], object]) -> None:
        try:
            start.wait(PATIENCE)
            job()
        except BaseException as error:
            failures.append(error)

    threads = [Thread(target=work, args=[job], daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive(), "a thread hangs"
    if failures:
        raise failures[0]


@pytest.mark.parametrize("at_once", [1, 8])
def test_eight_threads_file_in_one_sandbox(
    papers: Path, open_store: OpenStore, at_once: int
) -> None:
    here = house(open_store(), replace(SEEDED, at_once=at_once))
    answers: list[bytes] = []

    def file() -> None:
        for _ in range(10):
            answers.append(here.call("file", b"a hat").body)

    together(*[file] * 8)
    filed = here.parcels()[1:]
    assert [number for number, *_ in filed] == list(range(101, 181))
    assert sorted(json.loads(answer) for answer in answers) == [
        [number, mark] for number, _, _, mark in filed
    ]
    assert [each.number for each in journal_of(here)] == list(range(1, 81))
    assert len({mark for *_, mark in filed}) == 80


def test_eight_threads_file_in_two_sandboxes(papers: Path, open_store: OpenStore) -> None:
    here = house(open_store(), replace(SEEDED, at_once=8))
    here.sandboxes.create("other")

    def file(name: str) -> None:
        for _ in range(10):
            assert here.call("file", name.encode(), name).status == 200

    together(*[lambda: file("default")] * 4, *[lambda: file("other")] * 4)
    for name in ("default", "other"):
        filed = here.parcels(name)[1:]
        assert [number for number, *_ in filed] == list(range(101, 141))
        assert {what for _, what, *_ in filed} == {name}
    assert here.parcels()[-1][3] == here.parcels("other")[-1][3]


def test_first_visits_at_the_same_time_agree_on_the_seed(
    papers: Path, open_store: OpenStore
) -> None:
    here = house(open_store(), replace(SEEDED, seed=None, at_once=8))
    seeds: list[str] = []

    def look() -> None:
        here.call("echo")
        with here.sandboxes.open("default") as transaction:
            seeds.append(read_controls(transaction).seed)

    together(*[look] * 8)
    assert len(set(seeds)) == 1
    assert seeds[0]


def test_sandboxes_are_changed_while_they_are_served(papers: Path, open_store: OpenStore) -> None:
    here = house(open_store(), replace(SEEDED, at_once=8))

    def serve() -> None:
        for _ in range(10):
            assert here.call("echo", b"hello").body in (b"hello", b"HELLO")

    def change() -> None:
        for loud in (True, False) * 3:
            here.sandboxes.set("default", {"depot": {"loud": loud}})
            here.sandboxes.reset("default")
            here.sandboxes.advance("default", MINUTE)

    together(*[serve] * 4, change)
    here.sandboxes.set("default", {"depot": {"loud": True}})
    assert here.call("echo", b"hello").body == b"HELLO"


# -- steps


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
