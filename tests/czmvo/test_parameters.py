"""Parameters of a call, value by value."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podatelna.czmvo.model import Refusal
from podatelna.czmvo.parameters import (
    LARGEST,
    Parameter,
    Read,
    day,
    flag,
    moment,
    number,
    numbers,
    read,
    text,
    uprc,
    uprcs,
)

READ: list[tuple[Read, Any, Any]] = [
    (text, "x", "x"),
    (text, 5, "5"),
    (uprc, " cz-0vr-y94-kk5-6fj ", "CZ-0VR-Y94-KK5-6FJ"),
    (uprcs, "cz-1", ("CZ-1",)),
    (uprcs, ["cz-1", "CZ-2", " CZ-1"], ("CZ-1", "CZ-2")),
    (flag, True, True),
    (flag, False, False),
    (flag, "true", True),
    (flag, "TRUE", True),
    (flag, "1", True),
    (flag, 1, True),
    (flag, "false", False),
    (flag, "0", False),
    (flag, 0, False),
    (number, 22, 22),
    (number, "22", 22),
    (number, "022", 22),
    (number, "-1", -1),
    (number, LARGEST, LARGEST),
    (number, -LARGEST, -LARGEST),
    (numbers, [1, "2"], (1, 2)),
    (numbers, "1,2", (1, 2)),
    (numbers, "1", (1,)),
    (numbers, 1, (1,)),
    (moment, "2022-07-06 12:00:00", "2022-07-06 12:00:00"),
    (moment, "2024-02-29 23:59:59", "2024-02-29 23:59:59"),
    (day, "2019-04-30", "2019-04-30"),
]
REFUSED: list[tuple[Read, Any]] = [
    (text, True),
    (text, 1.5),
    (text, ["x"]),
    (text, {"x": 1}),
    (uprc, ["CZ-1"]),
    (uprcs, [["CZ-1"]]),
    (uprcs, {"0": "CZ-1"}),
    (flag, "yes"),
    (flag, 2),
    (flag, ["true"]),
    (number, ""),
    (number, "x"),
    (number, "1.0"),
    (number, 1.0),
    (number, "+1"),
    (number, " 1"),
    (number, "1\n"),
    (number, "\u0661"),
    (number, True),
    (number, "--1"),
    (number, LARGEST + 1),
    (number, str(-LARGEST - 1)),
    (number, "9" * 5000),
    (numbers, "1,"),
    (numbers, ""),
    (numbers, [1, "x"]),
    (numbers, {"0": 1}),
    (moment, "2022-07-06"),
    (moment, "2022-07-06T12:00:00"),
    (moment, "2022-07-06 12:00:00Z"),
    (moment, "2022-07-06 12:00:00\n"),
    (moment, "2022-7-6 12:00:00"),
    (moment, "2022-13-06 12:00:00"),
    (moment, "2023-02-29 12:00:00"),
    (moment, "2022-07-06 24:00:00"),
    (moment, "2022-07-06 12:00:60"),
    (moment, "0000-01-01 00:00:00"),
    (moment, "\u0662022-07-06 12:00:00"),
    (moment, 20220706),
    (day, "2019-04-31"),
    (day, "30.04.2019"),
    (day, "2019-04-30 00:00:00"),
    (day, "20190430"),
]


@pytest.mark.parametrize(("take", "value", "taken"), READ)
def test_values(take: Read, value: Any, taken: Any) -> None:
    found = take(value)
    assert (found, type(found)) == (taken, type(taken))


@pytest.mark.parametrize(("take", "value"), REFUSED)
def test_values_that_are_refused(take: Read, value: Any) -> None:
    refusal = read([Parameter("x", take, required=take is numbers)], {"x": value or "?"})
    assert isinstance(refusal, Refusal)
    assert (refusal.key, refusal.at, refusal.details) == ("value_not_allowed", "x", {"name": "x"})


TAKES = (
    Parameter("a", number, required=True),
    Parameter("b", text),
    Parameter("c", text, may_be_empty=True),
    Parameter("d", uprcs, required=True),
)


@pytest.mark.parametrize(
    ("given_values", "outcome"),
    [
        ({}, "value_missing a"),
        ({"a": None}, "value_missing a"),
        ({"a": ""}, "value_missing a"),
        ({"a": []}, "value_missing a"),
        ({"a": "x"}, "value_missing d"),
        ({"a": "x", "d": []}, "value_missing d"),
        ({"a": "x", "d": "y"}, "value_not_allowed a"),
        ({"a": 1, "d": "y", "b": {}}, "value_not_allowed b"),
        ({"a": 0, "d": "y"}, {"a": 0, "d": ("Y",)}),
        ({"a": 1, "d": "y", "b": "", "c": ""}, {"a": 1, "d": ("Y",), "c": ""}),
        ({"a": 1, "d": "y", "b": None, "c": None}, {"a": 1, "d": ("Y",)}),
        ({"a": 1, "d": "y", "x": object()}, {"a": 1, "d": ("Y",)}),
    ],
)
def test_what_is_missing_is_told_before_what_is_wrong(given_values: Any, outcome: Any) -> None:
    found = read(TAKES, given_values)
    told = f"{found.key} {found.at}" if isinstance(found, Refusal) else found
    assert told == outcome


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(
    take=st.sampled_from([text, uprc, uprcs, flag, number, numbers, moment, day]), value=json_values
)
def test_any_value_is_read_or_refused(take: Read, value: Any) -> None:
    found = read([Parameter("x", take)], {"x": value})
    assert isinstance(found, Refusal) or set(found) <= {"x"}
