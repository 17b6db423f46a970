"""However time passes, the same is done at the same time; and states fit together."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podatelna.kernel.outbox import LETTER
from podatelna.sdns.model import Issue, Message, Part
from podatelna.sdns.moments import instant
from podatelna.sdns.states import (
    BEGUN,
    BROKEN,
    CONFIRMATION_DUE,
    CORRECTION_DUE,
    FILLED,
    IN_FORCE,
    IN_PROCESSING,
    NOTHING,
    REFUSED,
    TO_CONFIRM,
)
from podatelna.sdns.tables import TABLES
from tests.sdns.desks import DAILY, MONTHLY, Bank, header, opened, xml

DAYS = 90
HOURS = 24


class Sent(NamedTuple):
    """A message, and when processing is to take it up."""

    hours: int
    """After the one before."""
    status: str
    rows: tuple[tuple[str, str], ...]
    back: int
    """To which message before it refers; 0: to none."""
    part: tuple[int, str] = (0, "")
    """PORADI and TYP; (0, ""): it is no part."""
    test: bool = False


DATA = ("new_data", "correction", "change")
VALUES = st.sampled_from(["1", "1", "1", "2", "", *"OLPPXCF"])
ROWS = st.lists(st.tuples(st.sampled_from("abc"), VALUES), max_size=3, unique_by=lambda row: row[0])
PARTS = st.sampled_from([(0, "")] * 6 + [(1, "first"), (2, ""), (2, "last")])
LATER = st.builds(
    Sent,
    hours=st.sampled_from([0, 1, 24, 10 * HOURS]),
    status=st.sampled_from([*DATA, "correction", "confirmation", "cancellation", "withdrawal"]),
    rows=ROWS.map(tuple),
    back=st.sampled_from([0, 1, 1, 1, 2, 3]),
    part=PARTS,
    test=st.sampled_from([False] * 9 + [True]),
)
FIRST = st.builds(
    Sent,
    hours=st.sampled_from([0, 30]),
    status=st.just("new_data"),
    rows=ROWS.map(tuple),
    back=st.just(0),
    part=st.sampled_from([(0, ""), (0, ""), (1, "first")]),
)
MESSAGES = st.tuples(FIRST, st.lists(LATER, max_size=7)).map(lambda told: [told[0], *told[1]])
DATA_SETS = st.sampled_from([DAILY, MONTHLY])
DELAYS = st.sampled_from([0, 60, 30 * 3600, 9 * 86400])


def take(bank: Bank, data_set: str, messages: Sequence[Sent]) -> None:
    """Take messages over, each with a delay of its own."""
    due = bank.now
    for number, sent in enumerate(messages, 1):
        due += timedelta(hours=sent.hours)
        order, edge = sent.part
        about: dict[str, Any] = {
            "status": sent.status,
            "reason": "methodology" if sent.status == "new_data" else "request",
            "data_set": data_set,
            "reference": _reference(messages, number - sent.back, sent),
            "part": Part(str(order), "100", edge) if order else None,  # type: ignore[arg-type] # one of the three words
            "has_data": sent.status in DATA,
            "test": sent.test,
        }
        taken = Message(
            id=0,
            file=f"ws999{number:07}.xml",
            login="uziv0001",
            received=instant(bank.now),
            header=header(str(number), **about),
        )
        made = bank.register.add_message(taken, xml(data_set, sent.rows))
        bank.register.plan(due, "accept", message=made)


def _reference(messages: Sequence[Sent], number: int, sent: Sent) -> str:
    if not sent.back or number < 1:
        return ""
    names_message = sent.status in ("correction", "withdrawal")
    return str(number) if names_message or not messages[number - 1].part[0] else "100"


def told(bank: Bank) -> dict[str, list[Any]]:
    """All that is kept."""
    tables = [*TABLES.sorted_tables, LETTER]
    return {
        table.name: bank.transaction.execute(
            table.select().order_by(*table.primary_key.columns)
        ).all()
        for table in tables
    }


@settings(max_examples=40, deadline=None)
@given(messages=MESSAGES, data_set=DATA_SETS, checking=DELAYS, storing=DELAYS)
def test_ninety_days_are_ninety_times_one(
    messages: list[Sent], data_set: str, checking: int, storing: int
) -> None:
    delays = {"checking_delay_seconds": checking, "storing_delay_seconds": storing}
    with opened() as daily, opened() as once:
        for bank in (daily, once):
            bank.set(**delays)
            take(bank, data_set, messages)
        for _ in range(DAYS):
            daily.settle(days=1)
        once.settle(days=DAYS)
        assert told(daily) == told(once)
        assert daily.trail.notes == once.trail.notes


@settings(max_examples=80, deadline=None)
@given(
    messages=MESSAGES, data_set=DATA_SETS, delays=st.tuples(DELAYS, DELAYS), at_once=st.booleans()
)
def test_states_fit_together(
    messages: list[Sent], data_set: str, delays: tuple[int, int], at_once: bool
) -> None:
    """No step breaks down, as it would if a state followed another that it must not follow."""
    with opened() as bank:
        bank.set(
            checking_delay_seconds=delays[0],
            storing_delay_seconds=delays[1],
            refused_state="at_once" if at_once else "with_next_issue",
        )
        take(bank, data_set, messages)
        bank.settle(days=3 * DAYS)
        assert not [note for note in bank.trail.notes if "broke down" in note]
        for message in bank.register.messages():
            assert bool(message.issue) != bool(message.refused)
            assert message.accepted
            assert bank.register.content(message.id) == b""
        for test in (False, True):
            _fits(bank, data_set, test)


FITTING = {
    NOTHING: frozenset[int](),
    CONFIRMATION_DUE: TO_CONFIRM,
    FILLED: IN_FORCE,
}
"""States of the current issue in each state of the occurrence."""


def _fits(bank: Bank, data_set: str, test: bool) -> None:
    issues = bank.issues(data_set, test=test)
    if not issues:
        return
    occurrence = bank.occurrence(data_set, test=test)
    states = {issue.id: issue.state for issue in issues}
    assert occurrence.state in {*FITTING, IN_PROCESSING, CORRECTION_DUE}
    if occurrence.state in FITTING:
        current = {states[occurrence.current]} if occurrence.current else set()
        assert current <= FITTING[occurrence.state]
        assert bool(current) == bool(FITTING[occurrence.state])
    if occurrence.state == IN_PROCESSING:
        assert BEGUN in states.values()
    unconfirmed = {number for number, state in states.items() if state in TO_CONFIRM}
    assert unconfirmed <= {occurrence.current}
    for issue in issues:
        assert _may_have_rows(issue, occurrence.current) or not bank.register.data.any(issue.id)


def _may_have_rows(issue: Issue, current: int) -> bool:
    waits = issue.state in REFUSED | {BEGUN, BROKEN, 61}
    return issue.id == current or waits


def test_messages_as_they_are_drawn_are_processed() -> None:
    with opened() as bank:
        take(
            bank,
            MONTHLY,
            [
                Sent(0, "new_data", (("a", "1"),), 0, (1, "first")),
                Sent(1, "new_data", (("b", "L"),), 0, (2, "last")),
                Sent(1, "correction", (("b", "P"),), 1),
                Sent(24, "confirmation", (), 1),
                Sent(24, "cancellation", (), 2),
            ],
        )
        bank.settle(days=DAYS)
        assert bank.states(MONTHLY) == (0, {"100": 61, "3": 59, "4": 0, "5": 0})


@pytest.mark.parametrize("hours", [1, 7])
def test_hours_are_as_good_as_days(hours: int) -> None:
    with opened() as fine, opened() as once:
        for bank in (fine, once):
            bank.send("7", {"a": "P"})
            bank.correct("8", "7", {"a": "2"})
        for _ in range(48 // hours + 1):
            fine.settle(hours=hours)
        once.settle(hours=hours * (48 // hours + 1))
        assert told(fine) == told(once)
