"""Which state an occurrence is in because of its issues."""

from collections.abc import Sequence

import pytest

from podatelna.sdns.model import Issue, Status
from podatelna.sdns.states import (
    ISSUE_STATES,
    STANDING,
    WHEN_CANCELLED,
    WHEN_REPLACED,
    occurrence_state,
    standing,
)
from tests.sdns.outcomes import issue


def made(states: Sequence[int], status: Status = "new_data") -> list[Issue]:
    """Issues with ids from 1 on."""
    return [
        issue(str(number), state, 0, id=number, status=status)
        for number, state in enumerate(states, 1)
    ]


@pytest.mark.parametrize(
    ("states", "current", "expected"),
    [
        ([], 0, 0),
        ([0, 59, 61, 62, -1], 0, 0),
        ([51], 1, 50),
        ([52, 0], 1, 50),
        ([31], 1, 30),
        ([32], 1, 30),
        ([51, 51], 2, 50),
        ([51, 16], 1, 40),
        ([31, 15], 1, 40),
        ([16], 0, 40),
        ([16, 10], 0, 20),
        ([51, 10], 1, 20),
        ([10, 51], 2, 50),
        ([10, 16], 0, 40),
        ([10, 59], 0, 20),
        ([99], 0, 40),
        ([51, 99], 1, 40),
        ([99, 51], 2, 50),
        ([99, 59], 0, 0),
        ([99, 62], 0, 0),
        ([99, 61], 0, 40),
    ],
)
def test_the_last_issue_that_counts_decides(states: list[int], current: int, expected: int) -> None:
    assert occurrence_state(made(states), current) == expected


def test_an_answer_that_broke_down_requires_nothing() -> None:
    assert occurrence_state(made([99], "cancellation"), 0) == 0


def test_what_stands() -> None:
    issues = made([51, 16, 0, 61, 99, 10, -1])
    assert standing(issues, 1) == issues[1]
    assert standing(issues[:1], 1) == issues[0]
    assert standing(made([0, 59, 62]), 0) is None


def test_what_a_cancelled_correction_had_replaced_does_not_stand() -> None:
    assert standing(made([51, 59, 0]), 0) is None


def test_every_way_is_one_that_may_be_gone() -> None:
    for ways in (WHEN_CANCELLED, WHEN_REPLACED):
        assert all(state in ISSUE_STATES[before] for before, state in ways.items())
    assert set(ISSUE_STATES) >= STANDING
