"""What a reporter may send, as Hypothesis chooses it: mostly sense, sometimes not."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.sdns.machine import world
from tests.sdns.machine.records import (
    CANCELLATION,
    CHANGE,
    CONFIRMATION,
    CORRECTION,
    NEW,
    QUERY,
    WITHDRAWAL,
    Row,
)

FLAWS = (
    "sender",
    "methodology",
    "no_methodology",
    "version",
    "scope",
    "subject",
    "day",
    "no_day",
    "early",
    "reason",
    "presence",
    "blocks",
    "number",
    "long_number",
    "issue_number",
    "file",
    "prefix",
)


@dataclass(frozen=True)
class Slot:
    """Which occurrence."""

    login: str
    subject: str
    code: str
    as_of: str
    test: bool


@dataclass(frozen=True)
class Choice:
    slot: int
    """Of those that the history is about."""
    status: str
    rows: tuple[Row, ...] = ()
    reference: str = "last"
    """last, message, issue, foreign, unknown, none."""
    index: int = 0
    part: str = ""
    """Empty: none; first, next, last, skipped."""
    flaw: str = ""


def _slots() -> list[Slot]:
    places = [
        ("uziv0001", world.FIRM, world.DAILY),
        ("uziv0001", world.FIRM, world.MONTHLY),
        ("uziv0001", world.FIRM, world.MONTHLY),
        ("uziv0001", world.FIRM, world.PLAIN),
        ("uziv0001", world.OTHER, world.DAILY),
        ("uziv0002", world.OTHER, world.DAILY),
    ]
    return [
        Slot(*place, f"{day:%Y%m%d}", test)
        for place in places
        for day in world.DAYS[place[2]]
        for test in (False, False, False, True)
    ]


SLOTS = st.lists(st.sampled_from(_slots()), min_size=1, max_size=3)
GOOD = st.sampled_from(["1", "1", "2", "3", ""])
BAD = st.sampled_from(["P", "P", "O", "L", "L", "X", "F", "C"])


def _rows(values: st.SearchStrategy[str], **limits: Any) -> st.SearchStrategy[tuple[Row, ...]]:
    cells = st.tuples(st.sampled_from("abcde"), values)
    return st.lists(cells, max_size=5, **limits).map(
        lambda rows: tuple(Row(order, *cells) for order, cells in enumerate(rows, 1))
    )


def _name(cells: tuple[str, str]) -> str:
    return cells[0]


FINE = _rows(GOOD, min_size=1, unique_by=_name)
MIXED = _rows(st.one_of(GOOD, GOOD, BAD), min_size=1, unique_by=_name)
ROWS = st.one_of(FINE, FINE, MIXED, MIXED, _rows(st.one_of(GOOD, BAD)))
SLOT = st.sampled_from([0, 0, 0, 0, 1, 1, 2])
FURTHER = [CORRECTION] * 3 + [CONFIRMATION] + [CANCELLATION] * 2 + [CHANGE] * 3 + [WITHDRAWAL] * 3

FIRST_DATA: st.SearchStrategy[Choice] = st.builds(
    Choice,
    slot=SLOT,
    status=st.just(NEW),
    rows=ROWS,
    reference=st.just("none"),
    part=st.sampled_from(["", "", "first", "next", "next", "last"]),
)
"""What begins an occurrence, or goes on with an issue that has begun."""
FOLLOWING: st.SearchStrategy[Choice] = st.builds(
    Choice,
    slot=SLOT,
    status=st.sampled_from([*FURTHER, NEW]),
    rows=ROWS,
    reference=st.sampled_from(["last", "last", "last", "message", "issue"]),
    index=st.integers(0, 4),
    part=st.sampled_from(["", "", "", "", "next", "last"]),
)
"""What refers to something that is there."""
ANYTHING: st.SearchStrategy[Choice] = st.builds(
    Choice,
    slot=SLOT,
    status=st.sampled_from([NEW, NEW, *FURTHER, QUERY]),
    rows=ROWS,
    reference=st.sampled_from(["last", "message", "issue", "foreign", "unknown", "none"]),
    index=st.integers(0, 5),
    part=st.sampled_from(["", "", "", "first", "next", "last", "skipped"]),
    flaw=st.sampled_from(["", "", "twin", "twin", *FLAWS]),
)

SETTINGS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"reminders": st.just(False)},
    optional={
        "acceptance_delay_seconds": st.sampled_from([0, 1, 120, 7200]),
        "checking_delay_seconds": st.sampled_from([0, 60, 86400]),
        "storing_delay_seconds": st.sampled_from([0, 60, 86400]),
        "refused_state": st.just("at_once"),
        "closing_days": st.sampled_from([1, 20, 60]),
        "correction_days": st.sampled_from([0, 7, 40]),
        "confirmation_days": st.sampled_from([0, 3]),
        "reminder_days": st.sampled_from([[], ["0"], ["3", "30"]]),
        "details_most": st.just(1),
        "protocols": st.just(False),
        "block_structure": st.just("accept"),
        "internal_error_files": st.sampled_from(
            [["ws9990000002.xml"], ["ws9990000004.xml", "ws9990000006.xml"]]
        ),
    },
)
