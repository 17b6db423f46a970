"""What becomes of reports that were sent: at once, later, or at night."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from podatelna.izr.model import PRODUCTION, TEST, Movement, Position
from podatelna.izr.processing import due_time, process_now, settle
from podatelna.izr.register import Register
from podatelna.kernel import tables
from podatelna.kernel.exchange import Request
from podatelna.kernel.ids import Ids
from podatelna.kernel.outbox import letters
from podatelna.kernel.visit import Visit
from tests.izr.desks import (
    BORN,
    CONTRACT,
    EWE,
    HOLDINGS,
    HOME,
    NOW,
    OTHER,
    PRAGUE,
    SUBJECT,
    TAG,
    TODAY,
    UNKNOWN,
    Office,
    codes_in,
    fill,
    opened,
)

STRANGER = "987654321"
NOWHERE = Position()


@pytest.fixture
def office() -> Iterator[Office]:
    with opened() as office:
        tables.TABLES.create_all(office.transaction)
        yield office


class Clock:
    """Visits to the office as time passes."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._numbers = {"": count(1000)}

    def visit(self, now: datetime) -> Visit:
        numbers = self._numbers
        return Visit(
            request=Request("", ""),
            transaction=self._office.transaction,
            now=now.astimezone(UTC),
            ids=Ids("seed", lambda series: next(numbers.setdefault(series, count(1000)))),
            settings=CONTRACT.settings.over(self._office.settings),
        )

    def settle(self, now: datetime) -> Visit:
        visit = self.visit(now)
        settle(visit, CONTRACT)
        return visit


@pytest.fixture
def clock(office: Office) -> Clock:
    return Clock(office)


# -- at once


def test_the_animals_leave_the_holding(office: Office) -> None:
    office.move(TAG, EWE)
    assert office.register.position(TAG) == office.register.position(EWE) == NOWHERE
    *_, last = office.register.movements(TAG)
    assert last == Movement(TAG, 70, TODAY, HOME, number=2)
    assert office.log() == []
    assert office.register.backlog.all() == []


def test_what_is_sent_twice_has_left_already(office: Office) -> None:
    office.move()
    assert codes_in(office.move()) == ["08"]
    assert codes_in(office.move(verify=True)) == ["08"]


def test_the_code_of_a_move_is_a_setting(office: Office) -> None:
    office.set(move_code=63)
    office.move()
    assert office.register.movements(TAG)[-1].code == 63
    assert codes_in(office.move()) == ["08"]


def test_a_row_of_the_log_has_what_the_form_had(office: Office) -> None:
    office.move("CZ000012345126", CISLOOP=STRANGER)
    (found,) = office.log()
    assert (found.subject, found.holding, found.species) == (SUBJECT, HOME, "OVC")
    assert (found.code, found.severity) == ("72", "TvrdaChyba")
    assert found.text == CONTRACT.errors["person_not_found"].text
    assert (found.processed, found.reported) == ("2025-05-02T08:00:00", "02.05.2025")
    assert (found.tag, found.event) == (TAG, None)


@pytest.mark.parametrize(("undoes", "holding"), [(True, HOME), (False, "")])
def test_an_unknown_person(office: Office, undoes: bool, holding: str) -> None:
    office.set(person_error_undoes_move=undoes)
    office.move(TAG, EWE, CISLOOP=STRANGER)
    assert office.codes() == ["72", "72"]
    assert [office.register.position(tag).holding for tag in (TAG, EWE)] == [holding] * 2


def test_softness_of_72_does_not_decide_on_the_move(office: Office) -> None:
    office.set(soft_errors=["72"])
    office.move(CISLOOP=STRANGER)
    assert [found.severity for found in office.log()] == ["MekkaChyba"]
    assert office.register.position(TAG).holding == HOME


# -- later


def test_what_waits_is_not_in_the_register(office: Office) -> None:
    office.set(processing="delay")
    office.move()
    office.move()
    assert office.register.position(TAG).holding == HOME
    assert office.register.backlog.numbers() == [1, 2]


def test_the_second_of_two_is_refused_when_it_is_processed(office: Office) -> None:
    office.set(processing="delay")
    office.move()
    office.move()
    office.process()
    assert office.codes() == ["08"]
    assert office.register.position(TAG) == NOWHERE
    assert office.register.backlog.all() == []


def test_an_animal_twice_in_one_report(office: Office) -> None:
    office.move(TAG, TAG)
    assert office.codes() == ["08"]
    assert len(office.register.movements(TAG)) == 2


def test_the_register_may_change_while_a_report_waits(office: Office) -> None:
    office.set(processing="delay")
    office.give(UNKNOWN, Movement(UNKNOWN, 21, BORN, OTHER))
    office.register.record(Movement(UNKNOWN, 70, BORN, OTHER, other=HOME))
    office.register.record(Movement(UNKNOWN, 30, BORN, HOME, other=OTHER))
    office.move(TAG, EWE, UNKNOWN)
    register = office.register
    register.change_holding(replace(HOLDINGS[0], cancelled="2025-05-01"))
    register.record(Movement(EWE, 50, TODAY, HOME))
    register.record(Movement(UNKNOWN, 93, BORN, HOME))
    office.process()
    found = [(each.tag, each.code, each.severity) for each in office.log()]
    assert found == [
        (TAG, "02", "TvrdaChyba"),
        (EWE, "02", "TvrdaChyba"),
        (EWE, "08", "TvrdaChyba"),
        (UNKNOWN, "02", "TvrdaChyba"),
        (UNKNOWN, "21", "MekkaChyba"),
    ]
    assert register.position(TAG).holding == HOME


def test_a_soft_error_is_a_warning(office: Office) -> None:
    office.set(processing="delay")
    office.give(UNKNOWN, Movement(UNKNOWN, 70, BORN, OTHER, other=HOME))
    office.register.record(Movement(UNKNOWN, 30, BORN, HOME, other=OTHER))
    office.move(UNKNOWN)
    office.register.record(Movement(UNKNOWN, 93, BORN, HOME))
    office.process()
    assert [(each.code, each.severity) for each in office.log()] == [("21", "MekkaChyba")]
    assert office.register.movements(UNKNOWN)[-1].day == TODAY


def test_a_delay(office: Office, clock: Clock) -> None:
    office.set(processing="delay", processing_delay_seconds=90)
    office.move(CISLOOP=STRANGER)
    clock.settle(NOW + timedelta(seconds=89))
    assert office.log() == []
    clock.settle(NOW + timedelta(days=7))
    assert [each.processed for each in office.log()] == ["2025-05-02T08:01:30"]
    clock.settle(NOW + timedelta(days=8))
    assert len(office.log()) == 1


def test_reports_are_processed_in_the_order_in_which_they_are_due(
    office: Office, clock: Clock
) -> None:
    office.set(processing="delay", processing_delay_seconds=600)
    office.move(CISLOOP=STRANGER)
    office.now += timedelta(minutes=1)
    office.set(processing_delay_seconds=60)
    office.move(EWE, CISLOOP=STRANGER)
    clock.settle(NOW + timedelta(hours=1))
    assert [(each.tag, each.processed[11:]) for each in office.log()] == [
        (EWE, "08:02:00"),
        (TAG, "08:10:00"),
    ]


def test_a_delay_of_nothing_is_at_once(office: Office) -> None:
    office.set(processing="delay", processing_delay_seconds=0)
    office.move()
    assert office.register.position(TAG) == NOWHERE


@pytest.mark.parametrize(
    ("now", "at", "due"),
    [
        ("2025-05-02T08:00", "21:00", "2025-05-02T19:00"),
        ("2025-05-02T20:59:59", "21:00", "2025-05-02T19:00"),
        ("2025-05-02T21:00", "21:00", "2025-05-03T19:00"),
        ("2025-12-31T23:00", "21:00", "2026-01-01T20:00"),
        ("2025-10-25T22:00", "21:00", "2025-10-26T20:00"),
        ("2025-05-02T08:00", "03:30", "2025-05-03T01:30"),
        ("2025-05-02T08:00", "night", "2025-05-02T19:00"),
        ("2025-05-02T08:00", "21:00+05:00", "2025-05-02T19:00"),
    ],
)
def test_the_next_night(now: str, at: str, due: str) -> None:
    local = datetime.fromisoformat(now).replace(tzinfo=PRAGUE)
    settings = CONTRACT.settings.over({"processing": "nightly", "processing_time": at})
    assert due_time(local, settings).astimezone(UTC) == datetime.fromisoformat(due).replace(
        tzinfo=UTC
    )


def test_a_delay_across_the_change_of_clocks() -> None:
    local = datetime(2025, 10, 26, 1, 30, tzinfo=PRAGUE)
    settings = {"processing": "delay", "processing_delay_seconds": 7200}
    due = due_time(local, CONTRACT.settings.over(settings))
    assert due.astimezone(UTC) == datetime(2025, 10, 26, 1, 30, tzinfo=UTC)


def test_each_environment_is_processed_in_its_own_register(office: Office, clock: Clock) -> None:
    fill(Register(office.transaction, TEST))
    office.set(processing="nightly")
    office.move()
    office.environment = TEST
    office.move(EWE)
    clock.settle(NOW + timedelta(days=1))
    for environment, gone in ((PRODUCTION, TAG), (TEST, EWE)):
        register = Register(office.transaction, environment)
        there = {tag for tag in (TAG, EWE) if register.position(tag).holding}
        assert there == {TAG, EWE} - {gone}


def test_all_that_waits_can_be_processed_now(office: Office, clock: Clock) -> None:
    office.set(processing="nightly")
    office.move()
    office.move(EWE)
    assert process_now(clock.visit(NOW), CONTRACT) == 2
    assert process_now(clock.visit(NOW), CONTRACT) == 0
    assert office.register.position(EWE) == NOWHERE


# -- e-mail


def test_who_leaves_an_address_is_told_of_receipt_and_result(office: Office) -> None:
    office.move(TAG, EWE, EMAIL="ovce@farma.example", CISLOOP=STRANGER)
    received, processed = office.posted
    assert received[0] == processed[0] == "ovce@farma.example"
    assert HOME in received[1]
    assert HOME in processed[1]
    assert "Počet zvířat: 2\n" in received[2]
    assert "Čas přijetí: 02.05.2025 08:00:00\n" in received[2]
    assert "Zpracováno bez chyby: 0\n" in processed[2]
    assert "S chybou: 2\n" in processed[2]
    assert f"{EWE}: 72 Osoba dle čísla" in processed[2]
    assert "{" not in "".join(received + processed)


def test_a_result_without_errors(office: Office) -> None:
    office.move(TAG, EWE, EMAIL="ovce@farma.example")
    _, (_, _, body) = office.posted
    assert "Zpracováno bez chyby: 2\n" in body
    assert "Bez chyb." in body


@pytest.mark.parametrize("email", ["", "  "])
def test_without_an_address_nobody_is_told(office: Office, email: str) -> None:
    office.move(EMAIL=email)
    assert office.posted == []


def test_no_e_mail_when_only_verified_refused_or_switched_off(office: Office) -> None:
    office.move(verify=True, EMAIL="ovce@farma.example")
    office.move("x", EMAIL="ovce@farma.example")
    office.set(notifications=False)
    office.move(EMAIL="ovce@farma.example")
    assert office.posted == []


def test_the_result_leaves_at_the_time_of_processing(office: Office, clock: Clock) -> None:
    office.set(processing="nightly")
    office.move(EMAIL="ovce@farma.example")
    assert len(office.posted) == 1
    clock.settle(NOW + timedelta(days=3))
    (letter,) = letters(office.transaction)
    assert letter.at == "2025-05-02T19:00:00+00:00"
    assert (letter.agency, letter.recipient) == ("izr", "ovce@farma.example")
    assert letter.sender == CONTRACT.constant("mail_sender")


def test_braces_in_what_the_caller_says_are_only_text(office: Office) -> None:
    office.move(EMAIL="{0}@{holding}")
    assert [recipient for recipient, _, _ in office.posted] == ["{0}@{holding}"] * 2
