"""The clock of a sandbox, and what falls due on it."""

import json
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podatelna.kernel.clock import Clock, ClockRefusedError
from podatelna.kernel.disruptions import Disruption, plan
from podatelna.kernel.exchange import Request
from podatelna.kernel.store_sqlite import SqliteStore
from tests.kernel.depot import (
    DATE,
    NOW,
    PROMISED,
    House,
    depot,
    open_house,
    tables,
)
from tests.kernel.states import MINUTE, journal_of, state_of


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
