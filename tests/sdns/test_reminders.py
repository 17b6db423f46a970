"""Reminders, letter by letter."""

from dataclasses import asdict

from podatelna.kernel.outbox import Posted
from tests.sdns.houses import FIRM, OTHER, SUBJECTS, duty, open_premises, world

BODY = """\
Dobrý den,

termín dodání dat uplynul a nemáme žádná data. Toto je {level}. upomínka z {levels}.

Datový soubor: {data_set}
Vykazující subjekt: 99990000
Rozsah: S_BCPZB
Stav ke dni: {as_of}
Funkce: Ostrá
Stav výskytu: {state}
Termín: {term}

Zprávu odeslal automaticky systém SDNS. Neodpovídejte na ni prosím.
"""
URGED = "15 Nejsou žádná data, je urgováno jejich dodání"
EXHAUSTED = "18 Nejsou žádná data, všechny stupně upomínek vyčerpány"


def told(letter: Posted) -> dict[str, object]:
    """All but the number and the id, which is random."""
    return {
        name: value
        for name, value in asdict(letter).items()
        if name not in ("number", "message_id")
    }


def expected(at: str, level: int, state: str, levels: int = 3) -> dict[str, object]:
    """A letter to the firm about February."""
    words = {"data_set": "MOKAS42.04.00", "as_of": "28.02.2026", "term": "20.03.2026 23:59"}
    return {
        "at": at,
        "agency": "sdns",
        "sender": "sdns@cnb.invalid",
        "recipient": "a@firm.example",
        "subject": f"SDNS: {level}. upomínka - MOKAS42.04.00, {FIRM}, 28.02.2026",
        "body": BODY.format(level=level, levels=levels, state=state, **words),
        "sent": False,
    }


def test_all_levels() -> None:
    duties = [duty("MOKAS42", until="2026-02-28")]
    with open_premises(world(obligations=duties)) as here:
        here.settle()
        here.settle(days=60)
        assert [told(letter) for letter in here.letters()] == [
            expected("2026-03-20T23:00:00+00:00", 1, URGED),
            expected("2026-03-27T23:00:00+00:00", 2, URGED),
            expected("2026-04-03T22:00:00+00:00", 3, EXHAUSTED),
        ]


def test_the_only_level_is_the_last() -> None:
    with open_premises(world(obligations=[duty("MOKAS42", until="2026-02-28")])) as here:
        here.set(reminder_days=["0"])
        here.settle()
        here.settle(days=60)
        (letter,) = here.letters()
        assert told(letter) == expected("2026-03-20T23:00:00+00:00", 1, EXHAUSTED, levels=1)


def test_a_letter_names_the_version_that_was_valid_for_its_day() -> None:
    with open_premises(world(obligations=[duty("MOKAS40", since="2007-11-01")])) as here:
        here.set(reminder_days=["0"])
        here.settle_at("2010-03-31T12:00:00+02:00")
        here.settle_at("2010-04-06T12:00:00+02:00")
        assert [letter.subject.partition(" - ")[2] for letter in here.letters()] == [
            f"MOKAS40.01.00, {FIRM}, 30.03.2010",
            f"MOKAS40.01.00, {FIRM}, 31.03.2010",
            f"MOKAS40.03.00, {FIRM}, 01.04.2010",
        ]


def test_whoever_has_no_address_gets_no_letter() -> None:
    duties = [duty("MOKAS42"), duty("MOKAS42", subject=OTHER)]
    with open_premises(world(obligations=duties)) as here:
        here.settle()
        here.settle(days=20)
        assert [letter.recipient for letter in here.letters()] == ["a@firm.example"]
    with open_premises(world(subjects=SUBJECTS[1:], accounts=[], obligations=duties[1:])) as here:
        here.settle()
        here.settle(days=20)
        assert here.letters() == []
