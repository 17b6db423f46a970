"""Both kinds of limits against models of them, and at their edges."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Table, func, select

from podatelna.kernel.limits import HIT, WINDOW, FixedLimit, Limit, SlidingLimit
from podatelna.kernel.store import Store
from podatelna.kernel.store_sqlite import SqliteStore
from podatelna.kernel.tables import TABLES
from tests.kernel.conftest import OpenStore
from tests.kernel.depot import NOW, House

TICK = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)
TWO = SlidingLimit("two", 2, MINUTE)
FIXED_TWO = FixedLimit("two", 2, MINUTE)
KINDS = pytest.mark.parametrize("kind", [SlidingLimit, FixedLimit])

MakeLimit = Callable[[str, int, timedelta], Limit]


@contextmanager
def empty(store: Store) -> Iterator[Connection]:
    store.create("box", "empty", lambda transaction: None)
    with store.transaction("box") as transaction:
        yield transaction


@pytest.fixture
def transaction(open_store: OpenStore) -> Iterator[Connection]:
    with empty(open_store()) as transaction:
        yield transaction


def hits(transaction: Connection, limit: Limit, *at: timedelta) -> list[timedelta | None]:
    return [limit.hit(transaction, "porter", NOW + each) for each in at]


@KINDS
def test_just_inside_and_just_outside_the_window(transaction: Connection, kind: MakeLimit) -> None:
    zero, two = timedelta(0), kind("two", 2, MINUTE)
    waits = hits(transaction, two, zero, zero, zero, MINUTE - TICK, MINUTE, MINUTE, MINUTE)
    assert waits == [None, None, MINUTE, TICK, None, None, MINUTE]


def test_the_window_slides(transaction: Connection) -> None:
    half = MINUTE / 2
    waits = hits(transaction, TWO, timedelta(0), half, half, MINUTE, MINUTE, MINUTE + half)
    assert waits == [None, None, half, None, half, None]


def test_a_fixed_window_begins_with_its_first_call_and_does_not_slide(
    transaction: Connection,
) -> None:
    half = MINUTE / 2
    waits = hits(transaction, FIXED_TWO, timedelta(0), half, half, MINUTE, MINUTE, MINUTE + half)
    assert waits == [None, None, half, None, None, half]
    late = MINUTE * 10 + TICK
    waits = hits(transaction, FIXED_TWO, late, late + half, late + half, late + MINUTE)
    assert waits == [None, None, half, None]


@KINDS
def test_refused_calls_are_not_counted(transaction: Connection, kind: MakeLimit) -> None:
    waits = hits(transaction, kind("one", 1, MINUTE), *(MINUTE / 4 * n for n in range(6)))
    assert waits == [None, MINUTE * 3 / 4, MINUTE / 2, MINUTE / 4, None, MINUTE * 3 / 4]


@KINDS
def test_callers_and_limits_are_counted_apart(transaction: Connection, kind: MakeLimit) -> None:
    one, other = kind("one", 1, MINUTE), kind("other", 1, MINUTE)
    calls = [(one, "a"), (one, "b"), (other, "a"), (one, "a\0"), (one, "a"), (other, "a")]
    waits = [limit.hit(transaction, caller, NOW) for limit, caller in calls]
    assert waits == [None, None, None, None, MINUTE, MINUTE]


def test_who_waits_as_told_is_let_in_after_the_limit_was_lowered(transaction: Connection) -> None:
    """A setting of the sandbox may lower it at any time."""
    hits(transaction, SlidingLimit("l", 3, MINUTE), *(MINUTE / 4 * n for n in range(3)))
    lowered = SlidingLimit("l", 1, MINUTE)
    [wait] = hits(transaction, lowered, MINUTE * 3 / 4)
    assert wait == MINUTE * 3 / 4
    assert hits(transaction, lowered, MINUTE * 3 / 2 - TICK, MINUTE * 3 / 2) == [TICK, None]


def test_a_fixed_limit_that_is_changed_holds_at_once(transaction: Connection) -> None:
    zero, three = timedelta(0), FixedLimit("l", 3, MINUTE)
    assert hits(transaction, three, zero, zero) == [None, None]
    assert hits(transaction, FixedLimit("l", 1, MINUTE), zero) == [MINUTE]
    assert hits(transaction, three, zero, zero) == [None, MINUTE]
    assert hits(transaction, FixedLimit("l", 3, MINUTE / 2), MINUTE / 2) == [None]


@pytest.mark.parametrize(("limit", "table"), [(TWO, HIT), (FIXED_TWO, WINDOW)])
def test_what_is_over_is_forgotten(transaction: Connection, limit: Limit, table: Table) -> None:
    for minute in range(20):
        limit.hit(transaction, "porter", NOW + MINUTE * minute)
    assert transaction.execute(select(func.count()).select_from(table)).scalar_one() == 1


@KINDS
@pytest.mark.parametrize(("calls", "window"), [(0, MINUTE), (-1, MINUTE), (1, timedelta(0))])
def test_a_limit_that_is_none(kind: MakeLimit, calls: int, window: timedelta) -> None:
    with pytest.raises(ValueError, match="limit") as refused:
        kind("odd", calls, window)
    assert str(refused.value) == "limit odd would never let a call through, or always"


class Sliding:
    """All calls that were let in, and nothing clever."""

    def __init__(self, calls: int) -> None:
        self._calls = calls
        self._let_in: list[tuple[str, datetime]] = []

    def hit(self, caller: str, now: datetime) -> timedelta | None:
        inside = [at for who, at in self._let_in if who == caller and at > now - MINUTE]
        if len(inside) >= self._calls:
            return inside[-self._calls] + MINUTE - now
        self._let_in.append((caller, now))
        return None


class Fixed:
    """The calls that were let in, window by window."""

    def __init__(self, calls: int) -> None:
        self._calls = calls
        self._windows: dict[str, list[datetime]] = {}

    def hit(self, caller: str, now: datetime) -> timedelta | None:
        window = self._windows.get(caller, [])
        if not window or now >= window[0] + MINUTE:
            window = self._windows[caller] = []
        if len(window) == self._calls:
            return window[0] + MINUTE - now
        window.append(now)
        return None


steps = st.one_of(
    st.sampled_from([timedelta(0), TICK, MINUTE - TICK, MINUTE, MINUTE + TICK]),
    st.timedeltas(timedelta(0), MINUTE * 2),
)


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from([(SlidingLimit, Sliding), (FixedLimit, Fixed)]),
    st.integers(1, 4),
    st.lists(st.tuples(st.sampled_from("ab"), steps), max_size=25),
)
def test_any_sequence_of_calls(
    kinds: tuple[MakeLimit, type[Sliding | Fixed]],
    calls: int,
    sequence: list[tuple[str, timedelta]],
) -> None:
    limit, model = kinds[0]("any", calls, MINUTE), kinds[1](calls)
    now, found, expected = NOW, [], []
    store = SqliteStore(TABLES)
    try:
        with empty(store) as transaction:
            for caller, step in sequence:
                now += step
                found.append(limit.hit(transaction, caller, now))
                expected.append(model.hit(caller, now))
    finally:
        store.close()
    assert found == expected
    assert all(wait is None or timedelta(0) < wait <= MINUTE for wait in found)


def test_a_limit_follows_the_clock_of_the_sandbox(anywhere: House) -> None:
    def crowd() -> list[bytes]:
        return [anywhere.call("crowd").body for _ in range(3)]

    assert crowd() == [b"", b"", b"60.0"]
    anywhere.sandboxes.advance("default", timedelta(seconds=59))
    assert crowd() == [b"1.0"] * 3
    anywhere.sandboxes.advance("default", timedelta(seconds=1))
    assert crowd() == [b"", b"", b"60.0"]
