"""Messages in parts, and messages about others."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podatelna_client.sdns import (
    Area,
    Cells,
    End,
    InvalidInput,
    Message,
    Part,
    Reason,
    Row,
    Status,
    cancellation,
    change,
    completion,
    confirmation,
    correction,
    split,
    withdrawal,
)
from tests.clients.sdns.bank import message


def areas(of: Message) -> list[tuple[str, list[int]]]:
    return [(area.code, [row.number for row in area.numbered()]) for area in of.areas]


def test_parts_have_numbers_of_their_own_and_rows_keep_theirs() -> None:
    whole = message(
        900010,
        areas=(
            Area("MOKA42_11", [{1: str(n)} for n in range(3)]),
            Area("MOKA42_12"),
            Area("MOKA42_13", [Row(10, {1: "a"}), Row(20, {1: "b"})]),
        ),
    )
    parts = list(split(whole, 2))
    assert [(part.number, part.part) for part in parts] == [
        (900011, Part(issue=900010, number=1, end=End.FIRST)),
        (900012, Part(issue=900010, number=2, end=None)),
        (900013, Part(issue=900010, number=3, end=End.LAST)),
    ]
    assert [areas(part) for part in parts] == [
        [("MOKA42_11", [1, 2])],
        [("MOKA42_11", [3]), ("MOKA42_13", [10])],
        [("MOKA42_13", [20])],
    ]
    assert {part.issue for part in parts} == {900010}
    rest = {replace(part, number=0, part=None, areas=()) for part in parts}
    assert rest == {replace(whole, number=0, areas=())}


def test_numbers_may_be_handed_in() -> None:
    whole = message(7, areas=(Area("A", [{1: "x"}] * 4),))
    assert [part.number for part in split(whole, 2, count(100, 10))] == [100, 110]


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_what_fits_in_one_message_is_no_part(rows: int) -> None:
    whole = message(areas=(Area("A", [{1: "x"}] * rows), Area("B")))
    (only,) = split(whole, 2)
    assert (only.number, only.part) == (900002, None)
    assert areas(only) == ([("A", [1, 2][:rows])] if rows else [("A", []), ("B", [])])
    (without,) = split(message(areas=()), 2)
    assert without == message(areas=())


def test_rows_are_asked_for_as_they_are_needed() -> None:
    taken: list[int] = []

    def rows() -> Iterator[Cells]:
        for number in range(10):
            taken.append(number)
            yield {1: number}

    parts = split(message(areas=(Area("A", rows()),)), 2)
    next(parts)
    assert len(taken) == 4
    assert len(list(parts)) == 4


def test_parts_must_have_rows() -> None:
    with pytest.raises(InvalidInput, match="0 rows"):
        next(split(message(), 0))


@given(sizes=st.lists(st.integers(0, 9), max_size=4), size=st.integers(1, 5))
def test_no_row_is_lost_or_sent_twice(sizes: list[int], size: int) -> None:
    whole = message(areas=tuple(Area(str(at), [{1: at}] * rows) for at, rows in enumerate(sizes)))
    parts = list(split(whole, size))
    placed = [(code, number) for part in parts for code, rows in areas(part) for number in rows]
    assert placed == [(code, number) for code, rows in areas(whole) for number in rows]
    if len(parts) > 1:
        lengths = [sum(len(rows) for _, rows in areas(part)) for part in parts]
        assert set(lengths[:-1]) == {size}
        assert 0 < lengths[-1] <= size
        ends = [part.part.end for part in parts if part.part]
        assert ends == [End.FIRST, *[None] * (len(parts) - 2), End.LAST]
        assert all(rows for part in parts for _, rows in areas(part))


ROWS = (Area("MOKA42_11", ({1: "new"},)),)


def about(of: Message) -> dict[str, Message]:
    return {
        "correction": correction(of, 5, ROWS),
        "confirmation": confirmation(of, 5),
        "cancellation": cancellation(of, 5),
        "change": change(of, 5, ROWS),
        "withdrawal": withdrawal(of, 5),
        "completion": completion(of, 5, ROWS),
    }


def told(of: Message) -> dict[str, tuple[Status, Reason, int | None, int]]:
    return {
        name: (made.status, made.reason, made.reference, len(made.areas))
        for name, made in about(of).items()
    }


def test_messages_about_another_one() -> None:
    of = replace(message(), created=date(2013, 8, 1), reference=1)
    assert told(of) == {
        "correction": (Status.CORRECTION, Reason.REQUEST, 900002, 1),
        "confirmation": (Status.CONFIRMATION, Reason.REQUEST, 900002, 0),
        "cancellation": (Status.CANCELLATION, Reason.OWN, 900002, 0),
        "change": (Status.CHANGE, Reason.OWN, 900002, 1),
        "withdrawal": (Status.WITHDRAWAL, Reason.OWN, 900002, 0),
        "completion": (Status.NEW_DATA, Reason.METHODOLOGY, 900002, 1),
    }
    for made in about(of).values():
        assert (made.number, made.created, made.as_of) == (5, None, of.as_of)
        assert bool(made.areas) == made.status.has_data


def test_of_a_split_issue_some_concern_all_of_it_and_some_a_message() -> None:
    part = replace(message(900012), part=Part(issue=900010, number=2))
    assert {name: made[2] for name, made in told(part).items()} == {
        "correction": 900012,
        "confirmation": 900010,
        "cancellation": 900010,
        "change": 900010,
        "withdrawal": 900012,
        "completion": 900010,
    }
    assert {made.part for made in about(part).values()} == {None}


def test_reasons_may_be_others() -> None:
    reasons = [
        correction(message(), 5, ROWS, Reason.OWN).reason,
        cancellation(message(), 5, Reason.REQUEST).reason,
        change(message(), 5, ROWS, Reason.REQUEST).reason,
        withdrawal(message(), 5, Reason.REQUEST).reason,
    ]
    assert reasons == [Reason.OWN, *[Reason.REQUEST] * 3]
