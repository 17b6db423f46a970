"""Headers that are held against the register."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from podatelna.sdns.model import Part, Trouble, User
from tests.sdns.desks import (
    DAILY,
    MONTHLY,
    OTHER,
    STRANGER,
    SUBJECT,
    Bank,
    header,
    opened,
)
from tests.sdns.outcomes import at, occurrence


@pytest.fixture
def bank() -> Iterator[Bank]:
    with opened() as bank:
        yield bank


def test_a_wrong_header_makes_no_issue(bank: Bank) -> None:
    number = bank.send("7", reason="intent", scope="ZCR")
    before = bank.message(number)
    bank.settle(minutes=9)
    told = (
        Trouble("DZ-05", f"Výskyt {DAILY}, {SUBJECT}, ZCR, 20130731 není očekáván."),
        Trouble("DZ-09", "Důvod Úmysl-vykazujícího-subjektu neodpovídá stavu Nová-data."),
    )
    assert bank.message(number) == replace(before, accepted=at(2), refused=told)
    assert bank.register.content(number) == b""
    assert bank.register.occurrence(occurrence(0).key) is None
    assert bank.register.messages_refused(SUBJECT) == [bank.message(number)]
    assert bank.posted() == [
        ("2013-08-01T08:02:00+00:00", "SDNS: chyba v hlavičce zprávy ws9990000007.xml")
    ]
    assert bank.trail.notes == [
        "ws9990000007.xml was refused for its header: occurrence_not_expected, reason_wrong"
    ]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"sender": OTHER, "subject": OTHER}, ["DZ-02"]),
        ({"sender": OTHER}, ["DZ-02", "DZ-06"]),
        ({"sender": "1", "subject": "2"}, ["DZ-02", "DZ-05", "DZ-06"]),
        ({"methodology": "ZKU20130101.01"}, ["DZ-03"]),
        ({"methodology": "MKT20071101.01"}, ["DZ-03"]),
        ({"methodology": "MKT20130101.01"}, ["DZ-04"]),
        ({"as_of": "20091231"}, ["DZ-03", "DZ-11"]),
        ({"as_of": "2013-731"}, ["DZ-03"]),
        ({"as_of": "20130231"}, ["DZ-03"]),
        ({"as_of": "00010101"}, ["DZ-03", "DZ-05"]),
        ({"as_of": "99991231"}, []),
        ({"as_of": "٢٠١٣٠٧٣١"}, ["DZ-03"]),
        ({"data_set": "ZKU01.02.00"}, ["DZ-04"]),
        ({"data_set": MONTHLY, "as_of": "20130730"}, ["DZ-05"]),
        ({"subject": STRANGER}, ["DZ-05", "DZ-06"]),
        ({"reference": "1"}, ["DZ-07"]),
        ({"status": "query", "reason": "intent"}, ["DZ-08"]),
        ({"status": "change", "reason": "intent", "reference": "1"}, ["DZ-07", "DZ-08"]),
        ({"part": Part("1", "7", "first")}, ["DZ-08"]),
        ({"reason": "request"}, ["DZ-09"]),
        ({"part": Part("2", "7", "last"), "data_set": MONTHLY}, ["DZ-10"]),
        ({"as_of": "20110731"}, ["DZ-11"]),
        ({"has_data": False}, ["DZ-13"]),
    ],
)
def test_headers_are_held_against_the_register(
    bank: Bank, changes: dict[str, Any], codes: list[str]
) -> None:
    bank.send("1", as_of="20130730")
    bank.settle(minutes=9)
    number = bank.send("7", **changes)
    bank.settle(minutes=9)
    assert bank.refusal(number) == codes


def test_the_sender_need_not_be_the_subject(bank: Bank) -> None:
    bank.send("7", subject=OTHER)
    bank.settle(minutes=9)
    assert bank.states(subject=OTHER) == (50, {"7": 51})


def test_a_user_without_a_registered_subject_sends_for_nobody(bank: Bank) -> None:
    number = bank.take(header(), {"a": "1"}, login="nobody")
    bank.settle(minutes=9)
    assert bank.refusal(number) == ["DZ-02"]


def test_a_number_is_used_once_by_a_sender(bank: Bank) -> None:
    bank.send("7")
    bank.settle(minutes=9)
    again = bank.send("7", file="ws9999999999.xml", as_of="20130730")
    bank.settle(minutes=9)
    assert bank.message(again).refused == (
        Trouble("DZ-01", f"Číslo zprávy 7 již odesílatel {SUBJECT} použil."),
    )


def test_a_number_refused_with_its_header_is_free(bank: Bank) -> None:
    bank.send("7", reason="intent")
    bank.settle(minutes=9)
    bank.send("7", file="ws9999999999.xml")
    bank.settle(minutes=9)
    assert bank.states() == (50, {"7": 51})


def test_the_number_of_a_split_issue_is_used_too(bank: Bank) -> None:
    bank.part("11", 1, "first")
    bank.settle(minutes=9)
    again = bank.send("100")
    first = bank.part("12", 1, "first", as_of="20130630")
    bank.settle(minutes=9)
    assert (bank.refusal(again), bank.refusal(first)) == (["DZ-01"], ["DZ-10"])


def test_a_part_may_have_the_number_of_its_issue(bank: Bank) -> None:
    bank.part("99", 1, "first")
    bank.part("100", 2, "last")
    bank.settle(minutes=9)
    assert bank.states(MONTHLY) == (50, {"100": 51})


def test_parts_of_an_issue_are_all_live_or_all_test_data(bank: Bank) -> None:
    bank.part("11", 1, "first")
    bank.settle(minutes=9)
    first = bank.part("12", 1, "first", test=True)
    second = bank.part("13", 2, "last", test=True)
    bank.settle(minutes=9)
    assert (bank.refusal(first), bank.refusal(second)) == (["DZ-10"], ["DZ-12"])


def test_a_subject_that_is_not_registered_sends_nothing(bank: Bank) -> None:
    bank.register.add_users([User("nikdo001", "x", "5")])
    number = bank.take(header(sender="5"), {"a": "1"}, login="nikdo001")
    bank.settle(minutes=9)
    assert bank.refusal(number) == ["DZ-02", "DZ-06"]


@pytest.mark.parametrize("status", ["cancellation", "confirmation", "correction", "change"])
def test_a_refused_message_cannot_be_referred_to(bank: Bank, status: str) -> None:
    bank.send("7", reason="intent", data_set=MONTHLY)
    bank.settle(minutes=9)
    data = status in ("correction", "change")
    about = {"status": status, "reason": "request", "reference": "7", "has_data": data}
    number = bank.send("8", data_set=MONTHLY, **about)
    bank.settle(minutes=9)
    assert bank.refusal(number) == ["DZ-07"]


def test_a_second_delivery_of_new_data_is_no_correction(bank: Bank) -> None:
    bank.send("7", {"a": "O"})
    bank.settle(minutes=9)
    again = bank.send("8")
    bank.settle(minutes=9)
    assert bank.refusal(again) == ["DZ-07"]
    assert bank.states() == (40, {"7": 16})


@pytest.mark.parametrize(("days", "codes"), [(364, []), (365, ["DZ-11"])])
def test_a_closed_occurrence_takes_no_data(bank: Bank, days: int, codes: list[str]) -> None:
    """The term of 31 July 2012 is the end of 1 August, after which it is open for 365 days."""
    bank.settle(days=days - 365, hours=14)  # midnight
    number = bank.send("7", as_of="20120731")
    bank.settle(minutes=9)
    assert bank.refusal(number) == codes
