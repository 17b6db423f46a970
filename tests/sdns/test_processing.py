"""What becomes of messages, and when: the life cycles of issues and occurrences."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from podatelna.sdns.model import FailedCheck, Trouble
from podatelna.sdns.moments import instant
from podatelna.sdns.processing import Source, process_now
from podatelna.sdns.register import Register
from tests.sdns.desks import (
    CONTRACT,
    MONTHLY,
    NOW,
    Bank,
    fill,
    opened,
)
from tests.sdns.outcomes import IN_A_WEEK, NO_RECORDS, at, failed, issue, occurrence


@pytest.fixture
def bank() -> Iterator[Bank]:
    with opened() as bank:
        yield bank


# -- one message
def test_good_data_become_valid(bank: Bank) -> None:
    bank.send("7")
    seen = []
    for _ in range(5):
        bank.settle(minutes=1)
        seen.append((bank.issues(), bank.register.occurrence(occurrence(0).key)))
    assert seen == [
        ([], None),
        ([issue("7", 10, 2)], occurrence(20)),
        ([issue("7", 19, 3)], occurrence(20)),
        ([issue("7", 51, 4)], occurrence(50, current=1)),
        ([issue("7", 51, 4)], occurrence(50, current=1)),
    ]


def test_the_message_remembers_what_it_became(bank: Bank) -> None:
    number = bank.send("7")
    waiting = bank.message(number)
    assert (waiting.issue, waiting.accepted) == (0, "")
    assert b"RADEK" in bank.register.content(number)
    bank.settle(minutes=2)
    assert bank.message(number) == replace(waiting, issue=1, accepted=at(2))
    assert bank.register.content(number) == b""
    assert bank.rows("7") == [("a", "1")]


@pytest.mark.parametrize(
    ("kinds", "state", "found"),
    [
        ("O", 16, (failed("O", 1),)),
        ("L", 16, (failed("L", 1),)),
        ("F", 16, (replace(failed("F", 1, code="ZKU01_A_F02"), name="Formát údaje - Hodnota"),)),
        ("X", 15, (failed("X", 1),)),
        ("PO", 16, (failed("O", 2), failed("P", 1))),
        ("LX", 15, (failed("L", 1), failed("X", 2))),
    ],
)
def test_wrong_data_are_to_be_corrected(
    bank: Bank, kinds: str, state: int, found: tuple[FailedCheck, ...]
) -> None:
    bank.send("7", {str(line): kind for line, kind in enumerate(kinds)})
    bank.settle(minutes=9)
    assert bank.issues() == [issue("7", state, 3, failed=found)]
    assert bank.occurrence() == occurrence(40, term=IN_A_WEEK)


def test_refused_data_may_be_discarded_at_once(bank: Bank) -> None:
    bank.set(refused_state="at_once")
    bank.send("7", {"a": "O"})
    bank.settle(minutes=9)
    assert bank.issues() == [issue("7", 61, 3, failed=(failed("O", 1),))]
    assert bank.occurrence() == occurrence(40, term=IN_A_WEEK)
    bank.correct("8", "7")
    bank.settle(minutes=9)
    assert bank.states() == (50, {"7": 61, "8": 51})


@pytest.mark.parametrize(("kind", "state"), [("P", 31), ("C", 32)])
def test_suspicious_data_are_to_be_confirmed(bank: Bank, kind: str, state: int) -> None:
    bank.send("7", {"a": kind})
    bank.settle(minutes=3)
    assert bank.states() == (20, {"7": 17 if kind == "P" else 19})
    bank.settle(minutes=1)
    sentence = "Počet řádků 1: hodnota nevyhovuje kontrole"
    found = failed("P", 1) if kind == "P" else replace(failed("C"), details=(sentence,))
    assert bank.issues() == [issue("7", state, 4, failed=(found,))]
    assert bank.occurrence() == occurrence(30, current=1, term=IN_A_WEEK)


def test_the_settings_say_until_when(bank: Bank) -> None:
    bank.set(correction_days=0, confirmation_days=3)
    bank.send("7", {"a": "O"})
    bank.send("8", {"a": "P"}, as_of="20130730")
    bank.settle(minutes=9)
    assert bank.occurrence().term == "2013-08-01T21:59:00.000000+00:00"
    assert bank.occurrence(as_of="2013-07-30").term == "2013-08-04T21:59:00.000000+00:00"


def test_data_are_held_against_the_last_occurrence(bank: Bank) -> None:
    bank.send("1", {"a": "1"}, as_of="20130729")
    bank.send("2", {str(line): "1" for line in range(6)}, as_of="20130731")
    bank.settle(minutes=9)
    assert bank.states(as_of="2013-07-29") == (50, {"1": 51})
    assert bank.states() == (30, {"2": 32})
    sentence = "Počet řádků 6 se liší od předchozího výskytu (1) více než 5násobně"
    assert bank.issues()[0].failed == (replace(failed("C"), details=(sentence,)),)


def test_no_records_are_a_processing_error(bank: Bank) -> None:
    bank.send("7", {})
    bank.settle(minutes=9)
    assert bank.issues() == [issue("7", 16, 3, troubles=(NO_RECORDS,))]
    assert bank.occurrence() == occurrence(40, term=IN_A_WEEK)


def test_blocks_are_a_processing_error(bank: Bank) -> None:
    bank.send("7", {}, blocks=True)
    bank.settle(minutes=9)
    refused = Trouble("ZP-02", "Struktura BLOK není podporována.")
    assert bank.issues() == [issue("7", 16, 3, troubles=(refused,))]


def test_blocks_may_be_stored_unchecked(bank: Bank) -> None:
    bank.set(block_structure="accept")
    bank.send("6", {"a": "1"}, as_of="20130730")
    bank.send("7", {}, blocks=True)
    bank.settle(minutes=9)
    assert bank.states() == (50, {"7": 51})


def test_details_are_limited(bank: Bank) -> None:
    bank.set(details_most=2)
    bank.send("7", {str(line): "O" for line in range(5)})
    bank.settle(minutes=9)
    assert bank.issues()[0].failed == (failed("O", 1, 2),)


def test_without_delays_everything_happens_at_once(bank: Bank) -> None:
    bank.set(acceptance_delay_seconds=0, checking_delay_seconds=0, storing_delay_seconds=0)
    bank.send("7", {"a": "P"})
    bank.answer("8", "confirmation", "7")
    bank.correct("9", "7", {"b": "O"})
    bank.settle()
    assert bank.states() == (40, {"7": 52, "8": 0, "9": 16})
    assert {each.since for each in bank.issues()} == {at(0)}


# -- what follows
def test_a_correction_replaces_what_was_refused(bank: Bank) -> None:
    bank.send("7", {"a": "O", "b": "1"})
    bank.settle(minutes=9)
    bank.correct("8", "7", {"a": "1"})
    bank.settle(minutes=3)
    assert bank.states() == (20, {"7": 16, "8": 19})
    bank.settle(minutes=9)
    wrong = issue("7", 61, 13, failed=(failed("O", 1),))
    right = issue("8", 51, 13, id=2, status="correction", accepted=at(11), based_on=1)
    assert bank.issues() == [wrong, right]
    assert bank.occurrence() == occurrence(50, current=2)
    assert (bank.rows("7"), bank.rows("8")) == ([], [("a", "1")])


def test_a_wrong_correction_leaves_the_data_that_were_valid(bank: Bank) -> None:
    bank.send("7")
    bank.settle(minutes=9)
    bank.correct("8", "7", {"b": "O"})
    bank.settle(minutes=9)
    assert bank.states() == (40, {"7": 51, "8": 16})
    assert bank.occurrence().current == 1
    bank.answer("9", "cancellation", "8")
    bank.settle(minutes=9)
    assert bank.states() == (50, {"7": 51, "8": 61, "9": 0})
    assert bank.occurrence() == occurrence(50, current=1)
    assert bank.rows("7") == [("a", "1")]


def test_a_correction_of_valid_data_takes_their_place(bank: Bank) -> None:
    bank.send("7")
    bank.settle(minutes=9)
    bank.correct("8", "7", {"b": "2"})
    bank.settle(minutes=9)
    assert bank.states() == (50, {"7": 51, "8": 51})
    assert bank.occurrence().current == 2


@pytest.mark.parametrize("kind", ["P", "C"])
def test_a_confirmation_makes_data_valid(bank: Bank, kind: str) -> None:
    bank.send("7", {"a": kind})
    bank.settle(minutes=9)
    bank.answer("8", "confirmation", "7")
    bank.settle(minutes=2)
    assert bank.states() == (50, {"7": 52, "8": 0})
    fictive = issue("8", 0, 11, id=2, status="confirmation", accepted=at(11), based_on=1)
    assert bank.issues()[1] == fictive
    assert bank.issues()[0].since == at(11)
    assert bank.occurrence() == occurrence(50, current=1)


@pytest.mark.parametrize("kind", ["P", "C"])
def test_a_correction_in_place_of_a_confirmation(bank: Bank, kind: str) -> None:
    bank.send("7", {"a": kind})
    bank.settle(minutes=9)
    bank.correct("8", "7", {"a": "2"})
    bank.settle(minutes=9)
    assert bank.states() == (50, {"7": 62, "8": 51})


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [("X", 15, 61), ("O", 16, 61), ("P", 31, 62), ("C", 32, 62), ("1", 51, 59)],
)
def test_a_cancellation_leaves_nothing(bank: Bank, kind: str, before: int, after: int) -> None:
    bank.send("7", {"a": kind})
    bank.settle(minutes=9)
    assert bank.issues()[0].state == before
    bank.answer("8", "cancellation", "7")
    bank.settle(minutes=9)
    assert bank.states() == (0, {"7": after, "8": 0})
    assert bank.occurrence() == occurrence(0)
    assert bank.rows("7") == []
    bank.send("9")
    bank.settle(minutes=9)
    assert bank.states() == (50, {"7": after, "8": 0, "9": 51})


def test_confirmed_data_can_be_cancelled(bank: Bank) -> None:
    bank.send("7", {"a": "P"})
    bank.settle(minutes=9)
    bank.answer("8", "confirmation", "7")
    bank.settle(minutes=9)
    bank.answer("9", "cancellation", "7")
    bank.settle(minutes=9)
    assert bank.states() == (0, {"7": 59, "8": 0, "9": 0})


def test_what_was_corrected_before_can_be_cancelled(bank: Bank) -> None:
    bank.send("7")
    bank.settle(minutes=9)
    bank.correct("8", "7", {"b": "2"})
    bank.settle(minutes=9)
    bank.answer("9", "cancellation", "7")
    bank.settle(minutes=9)
    assert bank.states() == (50, {"7": 59, "8": 51, "9": 0})
    assert bank.occurrence().current == 2


def test_after_a_cancelled_correction_new_data_may_come(bank: Bank) -> None:
    bank.send("7")
    bank.settle(minutes=9)
    bank.correct("8", "7", {"b": "2"})
    bank.settle(minutes=9)
    bank.answer("9", "cancellation", "8")
    bank.settle(minutes=9)
    assert bank.states() == (0, {"7": 51, "8": 59, "9": 0})
    bank.send("10")
    bank.settle(minutes=9)
    assert bank.states() == (50, {"7": 51, "8": 59, "9": 0, "10": 51})


# -- one after another
def test_messages_of_an_occurrence_wait_for_each_other(bank: Bank) -> None:
    bank.send("7", {"a": "P"})
    bank.settle(minutes=1)
    bank.correct("8", "7", {"a": "2"})
    bank.answer("9", "cancellation", "8")
    bank.settle(minutes=2)
    assert bank.states() == (20, {"7": 17})
    bank.settle(minutes=1)
    assert bank.states() == (20, {"7": 31, "8": 10})
    bank.settle(minutes=2)
    assert bank.states() == (0, {"7": 62, "8": 59, "9": 0})
    assert [each.accepted for each in bank.issues()] == [at(2), at(4), at(6)]


def test_waiting_parts_keep_their_order(bank: Bank) -> None:
    bank.send("7", {"a": "1"}, data_set=MONTHLY)
    about = {"status": "correction", "reason": "intent", "reference": "7"}
    for minute, (number, edge) in enumerate([("11", "first"), ("12", ""), ("13", "last")], 1):
        bank.settle(minutes=1)
        bank.part(number, minute, edge, **about)
    bank.settle(minutes=9)
    assert bank.states(MONTHLY) == (50, {"7": 51, "100": 51})


def test_occurrences_do_not_wait_for_each_other(bank: Bank) -> None:
    bank.send("7")
    bank.settle(seconds=30)
    bank.send("8", as_of="20130730")
    bank.settle(minutes=2)
    assert bank.states(as_of="2013-07-30") == (20, {"8": 10})


def test_test_data_live_apart(bank: Bank) -> None:
    bank.send("7", {"a": "1"})
    bank.send("8", {"a": "O"}, test=True)
    bank.settle(minutes=9)
    assert bank.states() == (50, {"7": 51})
    assert bank.states(test=True) == (40, {"8": 16})
    crossed = bank.correct("9", "7", test=True)
    bank.settle(minutes=9)
    assert bank.refusal(crossed) == ["DZ-12"]
    bank.answer("10", "cancellation", "8", test=True)
    bank.settle(minutes=9)
    assert bank.states() == (50, {"7": 51})
    assert bank.states(test=True) == (0, {"8": 61, "10": 0})


def test_test_data_are_no_last_occurrence_of_live_ones(bank: Bank) -> None:
    bank.send("7", {"a": "1"}, test=True, as_of="20130730")
    bank.send("8", {str(line): "1" for line in range(9)})
    bank.settle(minutes=9)
    assert bank.states() == (50, {"8": 51})


# -- time
def test_work_is_done_in_due_order_and_at_its_time(bank: Bank) -> None:
    bank.send("7", {"a": "P"})
    bank.settle(seconds=90)
    bank.send("8", {"a": "P"}, as_of="20130730")
    bank.settle(hours=5)
    times = [at for at, _ in bank.posted()]
    assert times == ["2013-08-01T08:04:00+00:00", "2013-08-01T08:05:30+00:00"]
    accepted = bank.issues(as_of="2013-07-30")[0].accepted
    assert accepted == "2013-08-01T08:03:30.000000+00:00"


def test_other_sources_are_merged_in_due_order(bank: Bank) -> None:
    done: list[tuple[str, dict[str, int]]] = []
    dues = [at(3), at(4)]

    def run(visit: Any, _: object) -> None:
        done.append((dues.pop(0), bank.states()[1]))
        assert instant(visit.now) == done[-1][0]

    bank.others = (Source(lambda *_: dues[0] if dues else "", run),)
    bank.send("7")
    bank.settle(minutes=9)
    assert done == [(at(3), {"7": 19}), (at(4), {"7": 51})]
    assert bank.states() == (50, {"7": 51})


def test_a_source_of_its_own_runs_when_no_step_waits(bank: Bank) -> None:
    dues = [at(3)]
    bank.others = (Source(lambda *_: dues[0] if dues else "", lambda *_: dues.clear()),)
    bank.settle(minutes=2)
    assert dues
    bank.settle(minutes=1)
    assert not dues


def test_all_that_waits_can_be_done_now(bank: Bank) -> None:
    bank.send("7", {"a": "O"})
    bank.correct("8", "7")
    done = process_now(bank.visit(), CONTRACT)
    assert bank.states() == (50, {"7": 61, "8": 51})
    assert {each.since for each in bank.issues()} == {at(0)}
    # The second message had to wait for the first one twice.
    assert done == 7
    assert process_now(bank.visit(), CONTRACT) == 0


def test_environments_are_settled_together(bank: Bank) -> None:
    fill(Register(bank.transaction, "test"))
    bank.send("7")
    bank.environment = "test"
    bank.send("7", {"a": "O"})
    bank.settle(minutes=9)
    assert bank.states() == (40, {"7": 16})
    bank.environment = "production"
    assert bank.states() == (50, {"7": 51})


def test_delays_do_not_follow_clocks_that_are_put_back(bank: Bank) -> None:
    """On 27 October 2013 at three it was two again."""
    bank.now = datetime(2013, 10, 27, 2, 59, tzinfo=NOW.tzinfo)
    bank.send("7")
    bank.settle(minutes=1)
    assert bank.issues() == []
    bank.settle(minutes=3)
    assert bank.issues()[0].since == "2013-10-27T01:03:00.000000+00:00"
