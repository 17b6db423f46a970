"""E-mails: who is told of what, in which words, and with which footer."""

import re
from collections.abc import Iterator

import pytest

from podatelna.czmvo.model import ENDUSER, MAH, Caller
from podatelna.czmvo.workflow import SYSTEM, Step
from podatelna.kernel.ledger import CERTAINTIES
from tests.czmvo.desks import (
    HOLDER,
    LISTS,
    OFFICE,
    OTHER_HOLDER,
    PHARMACY,
    UPRC,
    Office,
    alert,
    number,
    open_office,
)

SECOND = "CZ-BBB-BBB-BBB-BBB"
THE_MAH, THE_PHARMACY = "mah@vzorek.example", "lekarna@vzorek.example"
FOOTER = re.compile(r"\*\*([A-Z]+:\w+)(\*[A-Z]+:\w+)*\*\*")
"""As the manual has the general form."""


@pytest.fixture
def office() -> Iterator[Office]:
    with open_office() as opened:
        yield opened


@pytest.mark.parametrize(
    ("caller", "recipients"),
    [
        (HOLDER, [THE_PHARMACY]),
        (PHARMACY, [THE_MAH]),
        (OFFICE, [THE_PHARMACY, THE_MAH]),
    ],
)
def test_the_other_side_is_told(office: Office, caller: Caller, recipients: list[str]) -> None:
    office.add(alert())
    office.send(caller)
    assert office.recipients() == recipients


def test_a_letter_of_a_message(office: Office) -> None:
    office.add(alert())
    sent = number(office.send(HOLDER, subject="Dotaz {0}", message="Kdy?\n{uprc}"))
    ((_, subject, body),) = office.letters
    assert subject == f"AMS: nová zpráva k alertu {UPRC}"
    assert "Předmět: Dotaz {0}\n\nKdy?\n{uprc}\n" in body
    assert "Stav alertu: 04a - MAH - info od KU\n" in body
    assert body.splitlines()[-1] == f"**EVENT:NEWMESSAGE*ID:{sent}**"
    assert FOOTER.fullmatch(body.splitlines()[-1])


def test_a_letter_of_a_file(office: Office) -> None:
    office.add(alert())
    office.send(HOLDER, file="QUJD", filename="výkres.pdf")
    ((_, subject, body),) = office.letters
    assert subject == f"AMS: nový soubor k alertu {UPRC}"
    assert "výkres.pdf" in body


def test_letters_for_all_of_a_group(office: Office) -> None:
    office.add(alert(group="g"), alert(SECOND, group="g"))
    sent = number(office.send(HOLDER, group=True))
    footers = [body.splitlines()[-1] for _, _, body in office.letters]
    assert footers == [f"**EVENT:NEWMESSAGE*ID:{each}**" for each in (sent, sent + 1)]


def test_nobody_is_told(office: Office) -> None:
    office.add(alert(), alert(SECOND, enduser="e2"))
    office.send(HOLDER, public=False)
    office.send(HOLDER, file="QUJD", filename="a.pdf", only_file=True)
    sent = number(office.send(HOLDER, SECOND))
    office.edit(HOLDER, sent, subject="new")
    office.delete(HOLDER, sent)
    office.put_note(HOLDER, "note")
    office.put_state(HOLDER, "#")
    office.settings["notifications"] = False
    office.send(HOLDER)
    office.put_state(PHARMACY, "06b")
    assert office.letters == []


def test_an_alert_without_an_end_user(office: Office) -> None:
    office.add(alert(enduser="", origin="mah", state="01b"), alert(SECOND, mah="gone"))
    office.send(HOLDER)
    office.send(PHARMACY, SECOND)
    assert office.letters == []


@pytest.mark.parametrize(
    ("caller", "recipients"),
    [
        (HOLDER, []),
        (PHARMACY, [THE_PHARMACY]),
        (OFFICE, [THE_PHARMACY, THE_MAH]),
    ],
)
def test_who_gets_a_closing_confirmed(
    office: Office, caller: Caller, recipients: list[str]
) -> None:
    office.add(alert())
    office.put_state(caller, "06b")
    assert office.recipients() == recipients
    for _, subject, body in office.letters:
        assert subject == f"AMS: potvrzení uzavření alertu {UPRC}"
        assert "06b - Uzavřeno - KU - Technická chyba" in body
        assert "2026-03-02 08:00:00" in body
        assert "EVENT" not in body, "the manual has an event for messages only"


def test_reopening_is_confirmed_to_nobody(office: Office) -> None:
    office.add(alert())
    office.put_state(PHARMACY, "06b")
    office.letters.clear()
    office.put_state(PHARMACY, -1, id_reason=1)
    assert office.state() == "01a"
    assert office.letters == []


@pytest.mark.parametrize(
    ("name", "roles", "recipients"),
    [
        ("reminder", (ENDUSER,), [THE_PHARMACY]),
        ("automatic_closing", (ENDUSER, MAH), [THE_PHARMACY, THE_MAH]),
        ("", (), []),
    ],
)
def test_letters_of_escalations(
    office: Office, name: str, roles: tuple[str, ...], recipients: list[str]
) -> None:
    closed = alert(state="06o", closed="2027-02-20 08:00:00", closed_by=SYSTEM)
    office.mail.escalate(
        Step(closed, name, tuple(role for role in (ENDUSER, MAH) if role in roles))
    )
    assert office.recipients() == recipients
    assert all("06o - Uzavřeno - KU nespolupracuje" in body for _, _, body in office.letters)


def test_the_state_in_a_letter_is_of_the_list_in_use(office: Office) -> None:
    office.settings["state_profile"] = "manual"
    office.add(alert())
    office.send(HOLDER)
    office.send(OTHER_HOLDER)
    ((_, _, body),) = office.letters
    assert "Stav alertu: V řešení\n" in body


def test_every_occasion_has_a_form() -> None:
    escalations = {
        row.name for book in LISTS.books.values() for row in book.escalations if row.mail
    }
    assert set(LISTS.forms) == {"new_message", "new_file", "closed"} | escalations
    for form in LISTS.forms.values():
        assert form.certainty in CERTAINTIES
        assert "{uprc}" in form.subject
        assert form.body.endswith("\n")
