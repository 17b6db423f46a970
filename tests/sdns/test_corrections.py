"""Corrections of some rows only, and issues that come in parts."""

from collections.abc import Iterator

import pytest

from tests.sdns.desks import (
    FORM,
    MONTHLY,
    Bank,
    opened,
)
from tests.sdns.outcomes import NO_RECORDS, at


@pytest.fixture
def bank() -> Iterator[Bank]:
    with opened() as bank:
        yield bank


# -- corrections of some rows only
def test_local_errors_are_corrected_row_by_row(bank: Bank) -> None:
    bank.send("7", {"a": "L", "b": "1"}, data_set=MONTHLY)
    bank.settle(minutes=9)
    bank.correct("8", "7", {"a": "2"}, data_set=MONTHLY)
    bank.settle(minutes=9)
    assert bank.states(MONTHLY) == (50, {"7": 61, "8": 51})
    assert bank.rows("8", MONTHLY) == [("a", "2"), ("b", "1")]


@pytest.mark.parametrize("kinds", ["O", "LO", "P", "1"])
def test_other_errors_are_corrected_with_all_rows(bank: Bank, kinds: str) -> None:
    rows = {str(line): kind for line, kind in enumerate(kinds)} | {"z": "1"}
    bank.send("7", rows, data_set=MONTHLY)
    bank.settle(minutes=9)
    bank.correct("8", "7", {"a": "2"}, data_set=MONTHLY)
    bank.settle(minutes=9)
    assert bank.rows("8", MONTHLY) == [("a", "2")]


@pytest.mark.parametrize("kind", ["1", "P", "C"])
def test_trades_are_added_to_a_report_of_trades(bank: Bank, kind: str) -> None:
    """Process manual 2.1: MOKAS40 and MOKAS50 take corrections with some transactions only."""
    bank.send("7", {"a": kind, "b": "1"})
    bank.settle(minutes=9)
    bank.correct("8", "7", {"a": "2", "c": "3"})
    bank.settle(minutes=9)
    assert bank.rows("8") == [("a", "2"), ("b", "1"), ("c", "3")]
    bank.correct("9", "7", {"d": "4"})
    bank.settle(minutes=9)
    assert bank.rows("9") == [("a", "2"), ("b", "1"), ("c", "3"), ("d", "4")]
    assert bank.states()[1]["9"] == 51


@pytest.mark.parametrize("kind", ["O", "X", "F"])
def test_wrong_reports_of_trades_are_corrected_with_all_rows(bank: Bank, kind: str) -> None:
    bank.send("7", {"a": kind, "b": "1"})
    bank.settle(minutes=9)
    bank.correct("8", "7", {"a": "2"})
    bank.settle(minutes=9)
    assert bank.rows("8") == [("a", "2")]


def test_a_correction_without_records_is_wrong(bank: Bank) -> None:
    bank.send("7")
    bank.settle(minutes=9)
    bank.correct("8", "7", {})
    bank.settle(minutes=9)
    assert bank.states() == (40, {"7": 51, "8": 16})
    assert bank.issues()[1].troubles == (NO_RECORDS,)


def test_a_change_adds_changes_and_removes_rows(bank: Bank) -> None:
    bank.send("7", {"a": "1", "b": "1", "c": "1"}, data_set=MONTHLY)
    bank.settle(minutes=9)
    rows = {"a": "2", "b": "", "d": "3"}
    bank.correct("8", "7", rows, data_set=MONTHLY, status="change")
    bank.settle(minutes=9)
    assert bank.states(MONTHLY) == (50, {"7": 51, "8": 51})
    assert bank.rows("8", MONTHLY) == [("a", "2"), ("c", "1"), ("d", "3")]


def test_a_change_that_leaves_nothing_is_wrong(bank: Bank) -> None:
    bank.send("7", {"a": "1"}, data_set=MONTHLY)
    bank.settle(minutes=9)
    bank.correct("8", "7", {"a": ""}, data_set=MONTHLY, status="change")
    bank.settle(minutes=9)
    assert bank.states(MONTHLY) == (40, {"7": 51, "8": 16})
    assert bank.issues(MONTHLY)[1].troubles == (NO_RECORDS,)


def test_only_a_change_removes_rows(bank: Bank) -> None:
    bank.send("7", {"a": "1", "b": ""})
    bank.settle(minutes=9)
    bank.correct("8", "7", {"a": ""})
    bank.settle(minutes=9)
    assert bank.rows("8") == [("a", ""), ("b", "")]


def test_rows_of_a_form_are_known_by_their_order(bank: Bank) -> None:
    bank.send("7", {"a": "1", "b": "1"}, data_set=FORM)
    bank.settle(minutes=9)
    bank.correct("8", "7", {"x": "2"}, data_set=FORM)
    bank.settle(minutes=9)
    assert bank.states(FORM) == (50, {"7": 51, "8": 51})
    assert bank.rows("8", FORM) == [("b", "1"), ("x", "2")]


def test_new_data_complete_the_current_issue(bank: Bank) -> None:
    bank.send("7", {"a": "1"}, data_set=MONTHLY)
    bank.settle(minutes=9)
    bank.send("8", {"b": "1"}, data_set=MONTHLY, reference="7")
    bank.settle(minutes=9)
    assert bank.states(MONTHLY) == (50, {"7": 51, "8": 51})
    assert bank.rows("8", MONTHLY) == [("a", "1"), ("b", "1")]


def test_new_data_do_not_replace_rows_of_the_current_issue(bank: Bank) -> None:
    bank.send("7", {"a": "1"}, data_set=MONTHLY)
    bank.settle(minutes=9)
    bank.send("8", {"a": "2"}, data_set=MONTHLY, reference="7")
    bank.settle(minutes=9)
    assert bank.states(MONTHLY) == (40, {"7": 51, "8": 16})
    assert [each.code for each in bank.issues(MONTHLY)[1].failed] == ["ZKU02_A_FID"]


# -- split issues
def test_a_split_issue_is_checked_when_its_last_part_has_come(bank: Bank) -> None:
    bank.part("11", 1, "first")
    bank.part("12", 2)
    bank.settle(hours=1)
    assert bank.states(MONTHLY) == (20, {"100": 10})
    begun = bank.issues(MONTHLY)[0]
    assert (begun.parts, begun.complete, begun.file) == (2, False, "ws9990000011.xml")
    bank.part("13", 3, "last")
    bank.settle(minutes=4)
    assert bank.states(MONTHLY) == (50, {"100": 51})
    assert bank.rows("100", MONTHLY) == [("r11", "1"), ("r12", "1"), ("r13", "1")]
    ended = bank.issues(MONTHLY)[0]
    assert (ended.parts, ended.complete, ended.accepted) == (3, True, at(2))


def test_parts_that_come_at_once_are_taken_in_their_order(bank: Bank) -> None:
    bank.set(acceptance_delay_seconds=0, checking_delay_seconds=0, storing_delay_seconds=0)
    bank.part("11", 1, "first", {"a": "P"})
    bank.part("12", 2)
    bank.part("13", 3, "last")
    bank.settle()
    assert bank.states(MONTHLY) == (30, {"100": 31})


def test_a_part_out_of_order_can_be_sent_again(bank: Bank) -> None:
    bank.part("11", 1, "first")
    early = bank.part("13", 3, "last")
    bank.part("12", 2)
    bank.settle(minutes=2)
    assert bank.refusal(early) == ["DZ-10"]
    bank.part("14", 3, "last")
    bank.settle(minutes=9)
    assert bank.states(MONTHLY) == (50, {"100": 51})


def test_a_split_issue_can_be_corrected_by_parts(bank: Bank) -> None:
    bank.part("11", 1, "first", {"a": "1", "b": "1"})
    bank.part("12", 2, "last", {"c": "1"})
    bank.settle(minutes=9)
    about = {"issue": "200", "status": "change", "reason": "intent", "reference": "100"}
    bank.part("21", 1, "first", {"a": "2"}, **about)
    bank.part("22", 2, "last", {"c": "", "d": "4"}, **about)
    bank.settle(minutes=9)
    assert bank.states(MONTHLY) == (50, {"100": 51, "200": 51})
    assert bank.rows("200", MONTHLY) == [("a", "2"), ("b", "1"), ("d", "4")]


def test_one_message_of_a_split_issue_can_be_withdrawn(bank: Bank) -> None:
    bank.part("11", 1, "first", {"a": "1"})
    bank.part("12", 2, "last", {"b": "1"})
    bank.settle(minutes=9)
    bank.answer("13", "withdrawal", "12", data_set=MONTHLY)
    bank.settle(minutes=9)
    assert bank.states(MONTHLY) == (50, {"100": 51, "13": 0})
    assert bank.rows("100", MONTHLY) == [("a", "1")]
    bank.answer("14", "withdrawal", "11", data_set=MONTHLY)
    bank.settle(minutes=9)
    assert bank.states(MONTHLY) == (0, {"100": 59, "13": 0, "14": 0})


def test_a_message_is_withdrawn_from_later_issues_too(bank: Bank) -> None:
    bank.part("11", 1, "first", {"a": "1"})
    bank.part("12", 2, "last", {"b": "1"})
    bank.settle(minutes=9)
    bank.send("13", {"c": "1"}, data_set=MONTHLY, reference="100")
    bank.settle(minutes=9)
    bank.answer("14", "withdrawal", "12", data_set=MONTHLY)
    bank.settle(minutes=9)
    assert bank.rows("13", MONTHLY) == [("a", "1"), ("c", "1")]
    assert bank.states(MONTHLY) == (50, {"100": 51, "13": 51, "14": 0})


def test_an_unfinished_issue_can_be_cancelled(bank: Bank) -> None:
    bank.part("11", 1, "first")
    bank.settle(minutes=9)
    bank.answer("12", "cancellation", "100", data_set=MONTHLY)
    bank.settle(minutes=9)
    assert bank.states(MONTHLY) == (0, {"100": 61, "12": 0})
    late = bank.part("13", 2, "last")
    bank.settle(minutes=9)
    assert bank.refusal(late) == ["DZ-10"]


def test_an_unfinished_issue_is_no_obstacle(bank: Bank) -> None:
    bank.part("11", 1, "first", {"a": "1"})
    bank.settle(minutes=9)
    bank.send("12", {"b": "1"}, data_set=MONTHLY)
    bank.settle(minutes=9)
    assert bank.states(MONTHLY) == (50, {"100": 10, "12": 51})
    bank.part("13", 2, "last", {"c": "1"})
    bank.settle(minutes=9)
    assert bank.states(MONTHLY) == (50, {"100": 51, "12": 51})
    assert bank.rows("100", MONTHLY) == [("a", "1"), ("c", "1")]
    assert bank.rows("12", MONTHLY) == []
