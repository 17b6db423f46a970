"""Processing that breaks down."""

from collections.abc import Iterator
from typing import Any

import pytest

from podatelna.sdns import checks, deciding, headers, letters, message
from tests.sdns.desks import (
    Bank,
    opened,
)
from tests.sdns.outcomes import BROKEN, IN_A_WEEK, issue, occurrence


@pytest.fixture
def bank() -> Iterator[Bank]:
    with opened() as bank:
        yield bank


def test_a_scenario_may_want_an_internal_error(bank: Bank) -> None:
    bank.set(internal_error_files=["ws9990000007.xml"])
    bank.send("7")
    bank.settle(minutes=9)
    assert bank.issues() == [issue("7", 99, 3, troubles=(BROKEN,))]
    assert bank.occurrence() == occurrence(40, term=IN_A_WEEK)
    bank.correct("8", "7")
    bank.settle(minutes=9)
    assert bank.states() == (50, {"7": 99, "8": 51})


def test_a_message_without_data_may_break_down_too(bank: Bank) -> None:
    bank.send("7")
    bank.settle(minutes=9)
    bank.set(internal_error_files=["ws9990000008.xml"])
    bank.answer("8", "cancellation", "7")
    bank.settle(minutes=9)
    assert bank.states() == (50, {"7": 51, "8": 99})


def _broken(*_: object) -> Any:
    raise LookupError("a bug")


@pytest.mark.parametrize(
    ("broken", "step", "minute"),
    [
        ((message, "rows"), "read", 2),
        ((checks.Checking, "row"), "check", 3),
        ((deciding, "aggregate"), "store", 4),
    ],
)
def test_a_bug_breaks_one_issue_only(
    bank: Bank, monkeypatch: pytest.MonkeyPatch, broken: tuple[Any, str], step: str, minute: int
) -> None:
    bank.send("7")
    with monkeypatch.context() as patch:
        patch.setattr(*broken, _broken)
        bank.settle(minutes=9)
    assert bank.issues() == [issue("7", 99, minute, troubles=(BROKEN,))]
    assert bank.occurrence() == occurrence(40, term=IN_A_WEEK)
    assert bank.trail.notes == [f"processing broke down ({step}): LookupError: a bug"]
    assert [subject for _, subject in bank.posted()] == [
        "SDNS: vydání nelze zpracovat - ZKU01.01.00, 99990000, 31.07.2013"
    ]
    bank.send("8", as_of="20130730")
    bank.settle(minutes=9)
    assert bank.states(as_of="2013-07-30") == (50, {"8": 51})


def test_a_bug_undoes_what_its_step_did(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    bank.send("7", {"a": "O"})
    bank.settle(minutes=9)
    bank.correct("8", "7", {"a": "1"})
    posted = len(bank.posted())
    with monkeypatch.context() as broken:
        broken.setattr(deciding, "enter", _once(_broken, deciding.enter))
        bank.settle(minutes=9)
    assert bank.states() == (40, {"7": 16, "8": 99})
    assert bank.rows("7") == [("a", "O")]
    assert (len(bank.posted()), len(bank.trail.posted)) == (posted + 1, posted + 1)


def test_a_letter_that_was_undone_is_not_sent(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    def tell_and_break(*given: Any) -> None:
        tell(*given)
        _broken()

    tell = letters.tell_result
    bank.send("7")
    with monkeypatch.context() as broken:
        broken.setattr(letters, "tell_result", _once(tell_and_break, tell))
        bank.settle(minutes=9)
    assert bank.states() == (40, {"7": 99})
    assert (len(bank.posted()), len(bank.trail.posted)) == (1, 1)


def test_a_breakdown_gives_no_new_term(bank: Bank) -> None:
    bank.send("7", {"a": "O"})
    bank.settle(days=1)
    bank.set(internal_error_files=["ws9990000008.xml"])
    bank.answer("8", "cancellation", "7")
    bank.settle(days=1)
    assert bank.states() == (40, {"7": 16, "8": 99})
    assert bank.occurrence() == occurrence(40, term=IN_A_WEEK)


def _once(first: Any, then: Any) -> Any:
    """The one thing at the first call, the other one afterwards."""
    calls = iter([first])

    def do(*given: Any, **named: Any) -> Any:
        return next(calls, then)(*given, **named)

    return do


def test_a_bug_in_the_check_of_a_header_loses_nothing(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = bank.send("7")
    with monkeypatch.context() as broken:
        broken.setattr(headers, "check", _broken)
        bank.settle(minutes=9)
    assert bank.message(number).refused == (BROKEN,)
    assert b"RADEK" in bank.register.content(number)
    assert bank.issues() == []
