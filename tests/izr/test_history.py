"""What follows from an animal's events: where it was when, and what was taken back."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podatelna.izr import history
from podatelna.izr.history import NOWHERE, last_by, position, positions, standing, taken
from podatelna.izr.model import Movement, Position
from tests.izr.contract import LISTS
from tests.izr.desks import HOME, OTHER, SHAMBLES, TAG, life

SOLD = life(
    (21, "2024-03-01", HOME), (70, "2024-09-01", HOME, OTHER), (30, "2024-09-01", OTHER, HOME)
)

EVENTS = st.lists(
    st.builds(
        Movement,
        tag=st.just(TAG),
        code=st.sampled_from(sorted(history.CODES)),
        day=st.integers(1, 9).map(lambda day: f"2025-01-0{day}"),
        holding=st.sampled_from([HOME, OTHER, SHAMBLES]),
        other=st.sampled_from(["", HOME, OTHER]),
    ),
    max_size=8,
)


@pytest.mark.parametrize(
    ("day", "where"),
    [
        ("2024-02-29", ""),
        ("2024-03-01", HOME),
        ("2024-08-31", HOME),
        ("2024-09-01", OTHER),
        ("", OTHER),
    ],
)
def test_where_an_animal_is_at_the_end_of_a_day(day: str, where: str) -> None:
    assert position(SOLD, day).holding == where


def test_since_when_it_is_in_which_stable() -> None:
    moved = [*SOLD[:2], Movement(TAG, 30, "2024-09-03", OTHER, "01")]
    assert position(moved) == Position(OTHER, "01", "2024-09-03")
    assert position(moved, "2024-09-02") == NOWHERE


def test_the_buyer_may_report_first() -> None:
    assert position([SOLD[0], SOLD[2], SOLD[1]]).holding == OTHER


def test_events_hold_in_the_order_of_their_days_not_of_recording() -> None:
    late = life(
        (30, "2024-09-01", OTHER), (70, "2024-10-01", OTHER, HOME), (21, "2024-03-01", HOME)
    )
    assert [each.code for each in standing(late)] == [21, 30, 70]
    assert position(late) == NOWHERE
    assert position(late, "2024-09-15").holding == OTHER


@pytest.mark.parametrize("code", sorted(history.REMOVALS))
def test_a_removal_ends_every_position(code: int) -> None:
    assert position([*SOLD, *life((code, "2024-10-01", OTHER))]) == NOWHERE


@pytest.mark.parametrize("code", sorted(history.RECEIPTS))
def test_a_receipt_ends_every_position(code: int) -> None:
    assert position([*SOLD, *life((code, "2024-10-01", SHAMBLES))]) == NOWHERE


@pytest.mark.parametrize("code", sorted(history.REMARKS))
def test_a_remark_moves_nothing(code: int) -> None:
    assert position([*SOLD, *life((code, "2024-10-01", OTHER))]).holding == OTHER


@pytest.mark.parametrize(
    ("code", "by"), [(code, by) for by, codes in history.CANCELS.items() for code in sorted(codes)]
)
def test_a_cancellation_takes_back_the_event_of_the_same_holding_and_day(
    code: int, by: int
) -> None:
    before = life((21, "2024-03-01", HOME))
    event, cancellation = life((code, "2024-09-01", HOME), (by, "2024-09-01", HOME))
    assert standing([*before, event, cancellation]) == before
    elsewhere, late = life((by, "2024-09-01", OTHER), (by, "2024-09-02", HOME))
    assert standing([*before, event, elsewhere, late]) == [*before, event]


def test_a_cancellation_takes_back_the_last_one_only() -> None:
    twice = life(
        (70, "2024-09-01", HOME, OTHER), (70, "2024-09-01", HOME), (97, "2024-09-01", HOME)
    )
    assert standing(twice) == twice[:1]


def test_what_comes_after_a_cancellation_stays() -> None:
    again = life(
        (70, "2024-09-01", HOME), (97, "2024-09-01", HOME), (70, "2024-09-01", HOME, OTHER)
    )
    assert standing(again) == again[2:]


def test_who_took_an_animal_over_before_it_was_reported() -> None:
    bought_first = [SOLD[0], SOLD[2]]
    assert taken(bought_first, HOME, "2024-09-01") == SOLD[2]
    assert taken(bought_first, HOME, "2024-09-02") is None
    assert taken(bought_first, OTHER, "2024-09-01") is None
    assert taken(standing([*bought_first, SOLD[1]]), HOME, "2024-09-01") is None


def test_the_last_event_until_a_day() -> None:
    assert last_by(SOLD, "2024-08-31") == SOLD[0]
    assert last_by(SOLD, "2024-02-01") is None


def test_codes_and_what_they_do_are_those_of_the_contract() -> None:
    effects = {
        "entry": history.REGISTRATIONS,
        "arrival": history.ARRIVALS,
        "departure": history.DEPARTURES,
        "exit": history.REMOVALS,
        "receipt": history.RECEIPTS,
        "note": history.REMARKS,
        "cancellation": frozenset(history.CANCELS),
    }
    rows = LISTS["event_codes"]
    for effect, codes in effects.items():
        assert {int(row["code"]) for row in rows if row["effect"] == effect} == codes
    assert {int(row["code"]) for row in rows} == history.CODES
    cancels = {
        int(row["code"]): frozenset(map(int, row["cancels"].split()))
        for row in rows
        if row["cancels"]
    }
    assert cancels == history.CANCELS


@given(EVENTS)
def test_an_animal_is_at_one_place_at_any_time(events: Sequence[Movement]) -> None:
    """The places follow one another; each is entered by an arrival or registration there."""
    before = NOWHERE
    for movement, after in positions(standing(events)):
        if after not in (before, NOWHERE):
            assert movement.code in history.REGISTRATIONS | history.ARRIVALS
            assert (after.holding, after.since) == (movement.holding, movement.day)
        before = after
    assert position(events) == before


@given(EVENTS)
def test_what_holds_is_what_was_recorded_without_cancellations(events: Sequence[Movement]) -> None:
    held = standing(events)
    assert standing(held) == held
    assert all(each in events and each.code not in history.CANCELS for each in held)
