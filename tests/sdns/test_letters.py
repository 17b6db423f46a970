"""Protocols of processing, as the reporting subject gets them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from podatelna.kernel.outbox import Posted, letters
from podatelna.sdns.letters import read_forms
from podatelna.sdns.model import Subject
from tests.sdns.desks import CONTRACT, MONTHLY, OTHER, SUBJECT, Bank, opened


@pytest.fixture
def bank() -> Iterator[Bank]:
    with opened() as bank:
        yield bank


def last(bank: Bank) -> Posted:
    return letters(bank.transaction)[-1]


def told(bank: Bank, *names: str) -> list[str]:
    """Lines of the last letter that begin with a name."""
    lines = last(bank).body.splitlines()
    return [line for line in lines if line.startswith(names)]


def test_a_whole_letter(bank: Bank) -> None:
    bank.send("7", {"a": "P", "b": "P"}, test=True)
    bank.settle(minutes=9)
    letter = last(bank)
    assert (letter.at, letter.sender, letter.recipient, letter.subject) == (
        "2013-08-01T08:04:00+00:00",
        "sdns@cnb.invalid",
        "vykazy@obchodnik.invalid",
        "SDNS: požadavek na potvrzení - ZKU01.01.00, 99990000, 31.07.2013",
    )
    assert letter.body.splitlines()[4:-2] == [
        "Soubor: ws9990000007.xml",
        "Číslo zprávy: 7",
        "Zaslal: 99990000",
        "Číslo vydání: 7",
        "Datový soubor: ZKU01.01.00",
        "Vykazující subjekt: 99990000",
        "Rozsah: S_BCPZB",
        "Stav ke dni: 31.07.2013",
        "Funkce: Testovací",
        "Přijato ke zpracování: 01.08.2013 10:02",
        "Zpracováno: 01.08.2013 10:04",
        "Stav vydání: 31 Data jsou uložena v db a je požadováno jejich potvrzení"
        " z důvodu chyby v JVK",
        "Stav výskytu: 30 Je požadováno zaslání potvrzení dat vykazujícím subjektem",
        "Termín: 08.08.2013 23:59",
        "",
        "ZKU01_P P Kontrola P",
        "  Řádek 1, sloupec 2: hodnota nevyhovuje kontrole",
        "  Řádek 2, sloupec 2: hodnota nevyhovuje kontrole",
    ]


@pytest.mark.parametrize(
    ("rows", "occasion", "state", "shown"),
    [
        ({"a": "1"}, "data jsou platná", 51, 50),
        ({"a": "O"}, "požadavek na opravu", 16, 40),
        ({"a": "X"}, "požadavek na opravu", 15, 40),
        ({}, "požadavek na opravu", 16, 40),
        ({"a": "C"}, "požadavek na potvrzení", 32, 30),
    ],
)
def test_each_result_is_told_once(
    bank: Bank, rows: dict[str, str], occasion: str, state: int, shown: int
) -> None:
    bank.send("7", rows)
    bank.settle(minutes=9)
    assert len(bank.posted()) == 1
    assert last(bank).subject.startswith(f"SDNS: {occasion} - ")
    states = [line.split()[2] for line in told(bank, "Stav vydání", "Stav výskytu")]
    assert states == [str(state), str(shown)]


def test_errors_of_processing_are_told(bank: Bank) -> None:
    bank.send("7", {})
    bank.settle(minutes=9)
    assert told(bank, "ZP-", "Bez") == ["ZP-01 Zpráva neobsahuje žádné záznamy."]
    bank.correct("8", "7")
    bank.settle(minutes=9)
    assert told(bank, "ZP-", "Bez") == ["Bez chyb."]


def test_answers_are_told(bank: Bank) -> None:
    bank.send("7", {"a": "P"})
    bank.settle(minutes=9)
    bank.answer("8", "confirmation", "7")
    bank.settle(minutes=9)
    assert last(bank).subject.startswith("SDNS: data byla potvrzena - ")
    assert told(bank, "Číslo vydání", "Stav výskytu") == [
        "Číslo vydání: 8",
        "Stav výskytu: 50 K výskytu jsou platná data",
    ]
    bank.answer("9", "cancellation", "7")
    bank.settle(minutes=9)
    assert last(bank).subject.startswith("SDNS: data byla stornována - ")
    assert told(bank, "Stav výskytu") == [
        "Stav výskytu: 10 Nejsou žádná data, termín dosud neuplynul"
    ]


def test_what_is_left_is_shown_by_the_calendar(bank: Bank) -> None:
    bank.send("7")
    bank.settle(days=1)
    bank.answer("8", "cancellation", "7")
    bank.settle(days=1)
    assert told(bank, "Stav výskytu") == [
        "Stav výskytu: 15 Nejsou žádná data, je urgováno jejich dodání"
    ]


def test_the_last_message_of_a_split_issue_is_told(bank: Bank) -> None:
    bank.part("11", 1, "first")
    bank.settle(minutes=9)
    assert bank.posted() == []
    bank.part("12", 2, "last")
    bank.settle(minutes=9)
    assert told(bank, "Soubor", "Číslo", "Datový") == [
        "Soubor: ws9990000012.xml",
        "Číslo zprávy: 12",
        "Číslo vydání: 100",
        f"Datový soubor: {MONTHLY}",
    ]


@pytest.mark.parametrize(
    ("changes", "as_of"), [({"reason": "intent"}, "31.07.2013"), ({"as_of": "2013"}, "2013")]
)
def test_a_refused_header_is_told(bank: Bank, changes: dict[str, Any], as_of: str) -> None:
    bank.send("7", **changes)
    bank.settle(minutes=9)
    assert last(bank).subject == "SDNS: chyba v hlavičce zprávy ws9990000007.xml"
    assert told(bank, "Převzato", "Zpracováno", "Stav ke dni") == [
        f"Stav ke dni: {as_of}",
        "Převzato: 01.08.2013 10:00",
        "Zpracováno: 01.08.2013 10:02",
    ]
    assert len(told(bank, "DZ-")) == 1


def test_the_subject_is_told_of_its_data_and_the_sender_of_its_header(bank: Bank) -> None:
    register = bank.register
    register.add_rights(SUBJECT, ["1"])
    register.add_subjects([Subject("1", "Jiný", email="jiny@firma.invalid")])
    register.add_obligations(
        [obligation for obligation in _moved(bank) if obligation.data_set == "ZKU01"]
    )
    bank.send("7", subject="1")
    bank.settle(minutes=9)
    assert last(bank).recipient == "jiny@firma.invalid"
    bank.send("8", subject="1", reason="intent")
    bank.settle(minutes=9)
    assert last(bank).recipient == "vykazy@obchodnik.invalid"


def _moved(bank: Bank) -> list[Any]:
    return [replace(each, subject="1") for each in bank.register.obligations(SUBJECT)]


def test_nobody_writes_to_those_without_an_address(bank: Bank) -> None:
    bank.send("7", subject=OTHER)
    bank.settle(minutes=9)
    assert bank.posted() == []


def test_a_refused_header_is_told_to_whose_user_sent_it(bank: Bank) -> None:
    bank.send("8", sender="1")
    bank.settle(minutes=9)
    [(_, subject)] = bank.posted()
    assert subject == "SDNS: chyba v hlavičce zprávy ws9990000008.xml"


def test_protocols_can_be_switched_off(bank: Bank) -> None:
    bank.set(protocols=False)
    bank.send("7")
    bank.send("8", reason="intent")
    bank.settle(minutes=9)
    assert bank.posted() == []


def test_every_form_is_used() -> None:
    told = {"valid", "correction_required", "confirmation_required", "header_refused"}
    assert set(read_forms(CONTRACT.folder)) == told | {
        "confirmed",
        "cancelled",
        "internal_error",
        "reminder",
    }
