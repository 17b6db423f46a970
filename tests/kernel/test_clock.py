"""Clocks that run, stand and are moved, and the spans that move them."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podatelna.kernel import clock as clock_module
from podatelna.kernel.clock import Clock, ClockRefusedError
from podatelna.kernel.duration import read_duration

WALL = datetime(2026, 11, 22, 9, 30, 0, 1, tzinfo=UTC)
MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PRAGUE_WINTER = timezone(timedelta(hours=1))

spans = st.timedeltas(timedelta(0), timedelta(days=300_000))


class _Wall(datetime):
    """A wall clock that goes on by a second with each look at it."""

    looks = 0

    @classmethod
    def now(cls, tz: object = None) -> Any:
        cls.looks += 1
        return WALL + timedelta(seconds=cls.looks - 1)


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> type[_Wall]:
    _Wall.looks = 0
    monkeypatch.setattr(clock_module, "datetime", _Wall)
    return _Wall


@pytest.mark.usefixtures("wall")
def test_a_new_clock_is_the_wall_clock() -> None:
    clock = Clock()
    assert [clock.now(), clock.now()] == [WALL, WALL + timedelta(seconds=1)]


@pytest.mark.usefixtures("wall")
def test_an_advanced_clock_runs_on_from_there() -> None:
    clock = Clock().advanced(timedelta(hours=1))
    assert clock == Clock(timedelta(hours=1))
    assert clock.now() - WALL == timedelta(hours=1, seconds=1)


@pytest.mark.usefixtures("wall")
def test_a_clock_is_frozen_where_it_is() -> None:
    clock = Clock(timedelta(hours=1)).frozen()
    assert [clock.now(), clock.now()] == [WALL + timedelta(hours=1)] * 2


def test_a_clock_is_frozen_at_an_instant_of_any_zone() -> None:
    clock = Clock().frozen(datetime(2026, 3, 2, 9, 0, tzinfo=PRAGUE_WINTER))
    assert (clock.now(), clock.now().tzinfo) == (MORNING, UTC)


@pytest.mark.usefixtures("wall")
def test_a_frozen_clock_runs_on_from_where_it_stood() -> None:
    clock = Clock(frozen_at=MORNING).running()
    assert clock.now() == MORNING + timedelta(seconds=1)


@pytest.mark.usefixtures("wall")
def test_a_clock_runs_on_from_an_instant() -> None:
    clock = Clock(timedelta(hours=5)).running(datetime(2026, 3, 2, 9, 0, tzinfo=PRAGUE_WINTER))
    assert clock.now() == MORNING + timedelta(seconds=1)


@pytest.mark.usefixtures("wall")
def test_a_running_clock_that_is_let_run_does_not_go_back() -> None:
    clock = Clock(timedelta(hours=1))
    assert clock.running() == clock


def test_a_clock_never_goes_back() -> None:
    with pytest.raises(ClockRefusedError) as refused:
        Clock(frozen_at=MORNING).advanced(timedelta(microseconds=-1))
    assert str(refused.value) == "A clock only advances; to go back, reset the sandbox and set it."


@pytest.mark.parametrize("clock", [Clock(), Clock(frozen_at=MORNING)])
def test_a_clock_ends_with_the_calendar(clock: Clock) -> None:
    with pytest.raises(ClockRefusedError) as refused:
        clock.advanced(timedelta(days=365 * 8000))
    assert str(refused.value) == "A clock ends with the year 9999."


@pytest.mark.parametrize("verb", ["frozen", "running"])
@pytest.mark.parametrize(
    ("at", "why"),
    [
        (
            datetime(2026, 3, 2, 8),  # noqa: DTZ001 - the point of the test
            "2026-03-02T08:00:00 has no time zone; write Z at its end for UTC.",
        ),
        (
            datetime(1, 1, 1, tzinfo=PRAGUE_WINTER),
            "0001-01-01T00:00:00+01:00 is outside the years 1 to 9999.",
        ),
    ],
)
def test_an_instant_that_is_none_is_refused(verb: str, at: datetime, why: str) -> None:
    with pytest.raises(ClockRefusedError) as refused:
        getattr(Clock(), verb)(at)
    assert str(refused.value) == why


@given(spans, spans)
def test_advancing_twice_is_advancing_once(one: timedelta, other: timedelta) -> None:
    for clock in (Clock(), Clock(frozen_at=MORNING), Clock(timedelta(days=-3))):
        assert clock.advanced(one).advanced(other) == clock.advanced(one + other)


@given(spans)
def test_a_frozen_clock_advances_by_exactly_so_much(by: timedelta) -> None:
    assert Clock(frozen_at=MORNING).advanced(by) == Clock(frozen_at=MORNING + by)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("90d", timedelta(days=90)),
        ("1h30m", timedelta(hours=1, minutes=30)),
        ("5m", timedelta(minutes=5)),
        ("45s", timedelta(seconds=45)),
        ("1d2h3m4s", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("0s", timedelta(0)),
        ("90m", timedelta(minutes=90)),
        (" 5m\n", timedelta(minutes=5)),
    ],
)
def test_spans(text: str, span: timedelta) -> None:
    assert read_duration(text) == span


@pytest.mark.parametrize(
    "text", ["", " ", "5", "m", "-5m", "5m1h", "5m5m", "1.5h", "5 m", "1h 30m", "5M", "5w", "P1D"]
)
def test_what_is_no_span(text: str) -> None:
    with pytest.raises(ValueError, match="a duration") as refused:
        read_duration(text)
    assert str(refused.value) == f"a duration is written like 5m, 1h30m or 90d, not {text!r}"


@pytest.mark.parametrize("text", ["1000000000d", "999999999d24h", "99999999999999999999s"])
def test_a_span_that_is_too_long(text: str) -> None:
    with pytest.raises(ValueError, match="a duration") as refused:
        read_duration(text)
    assert str(refused.value) == f"a duration is 999999999 days at most, not {text!r}"


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_every_span_that_is_written_out_is_read(d: int, h: int, m: int, s: int) -> None:
    span = timedelta(days=d, hours=h, minutes=m, seconds=s)
    assert read_duration(f"{d}d{h}h{m}m{s}s") == span
