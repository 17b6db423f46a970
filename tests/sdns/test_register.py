"""The register, in both databases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from podatelna.kernel.accounts import Account, add_accounts
from podatelna.sdns.backlog import Step, drop_step, next_step
from podatelna.sdns.model import (
    Certificate,
    FailedCheck,
    Header,
    Issue,
    Key,
    Message,
    Obligation,
    Occurrence,
    Part,
    Row,
    Subject,
    Trigger,
    Trouble,
    User,
)
from podatelna.sdns.moments import instant, moment, seconds_after
from podatelna.sdns.queries import PAGE
from podatelna.sdns.register import Register, Search
from podatelna.sdns.rowstore import Delivered
from tests.journeys.processes import database
from tests.sdns.desks import OTHER, STRANGER, SUBJECT, SUBJECTS, USERS, Bank, header, opened

NASTY = "'\"%s\0\ud800ž\x1f"
"""What may stand in a text that a caller chose."""
HEARD = "'\"%s\\x00\\ud800ž\x1f"
SINCE = "2013-08-01T08:00:00.000000+00:00"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with database() as url:
        yield url


@pytest.fixture(params=["memory", "postgres"])
def bank(request: pytest.FixtureRequest) -> Iterator[Bank]:
    place = "sqlite://" if request.param == "memory" else request.getfixturevalue("url")
    with opened(place) as bank:
        yield bank


@pytest.fixture
def register(bank: Bank) -> Register:
    return bank.register


@pytest.fixture
def elsewhere(bank: Bank) -> Register:
    return Register(bank.transaction, "test")


# -- whom the bank knows


def test_subjects(register: Register, elsewhere: Register) -> None:
    assert register.subjects() == list(SUBJECTS)
    assert register.subject(SUBJECT) == SUBJECTS[0]
    assert register.prefix_owner("997") == SUBJECTS[1]
    assert [register.subject(NASTY), register.prefix_owner("998")] == [None, None]
    assert [elsewhere.subjects(), elsewhere.subject(SUBJECT)] == [[], None]


def test_a_subject_without_a_prefix_owns_no_file(register: Register) -> None:
    register.add_subjects([Subject("1", "Bez předpony")])
    assert register.prefix_owner("") is None


def test_users(register: Register, elsewhere: Register) -> None:
    assert register.users() == list(USERS)
    assert register.user("UziV0001") == USERS[0]
    assert register.user(NASTY) is None
    elsewhere.add_users([User("UZIV0001", "Jiné-1", OTHER, may_query=False, about="druhé")])
    other = User("uziv0001", "Jiné-1", OTHER, may_query=False, about="druhé")
    assert elsewhere.users() == [other]
    assert elsewhere.user("uziv0001") == other


def test_an_account_alone_is_no_user(bank: Bank, register: Register) -> None:
    add_accounts(bank.transaction, [Account("sdns", "production", "host", "x")])
    assert register.user("host") is None
    assert register.users() == list(USERS)


def test_users_change(register: Register) -> None:
    changed = replace(USERS[0], may_send=False, may_query=False, blocked=True)
    register.change_user(changed)
    assert register.users() == [changed, *USERS[1:]]


def test_rights(register: Register, elsewhere: Register) -> None:
    asked = [(SUBJECT, SUBJECT), (SUBJECT, OTHER), (OTHER, SUBJECT), (SUBJECT, STRANGER)]
    assert [register.may_send_for(*each) for each in asked] == [True, True, False, False]
    assert register.may_send_for_whom(SUBJECT) == [OTHER]
    assert not elsewhere.may_send_for(SUBJECT, OTHER)


def test_certificates(register: Register) -> None:
    mine, theirs = Certificate("uziv0001", "CN=A", "1"), Certificate("uziv0004", "CN=A", "1")
    second = Certificate("uziv0001", "CN=B", "2")
    register.add_certificates([second, theirs, replace(mine, login="UZIV0001")])
    assert register.certificates("UZIV0001") == [mine, second]
    assert register.owners("CN=A", "1") == [mine, theirs]
    assert register.owners("CN=A", "2") == []
    register.revoke_certificate("CN=B", "2", SINCE)
    assert register.certificates("uziv0001") == [mine, replace(second, revoked=SINCE)]


def test_obligations(register: Register, elsewhere: Register) -> None:
    ended = Obligation(STRANGER, "ZCR", "ZKU01", "2010-01-01", "2010-12-31")
    again = Obligation(STRANGER, "ZCR", "ZKU01", "2012-01-01")
    register.add_obligations([again, ended])
    assert register.obligations(STRANGER) == [ended, again]
    assert register.obligations(STRANGER, "ZKU02") == []
    assert register.obligations(data_set="ZKU01", scope="ZCR") == [ended, again]
    assert len(register.obligations()) == 20
    assert elsewhere.obligations() == []
    days = ("2009-12-31", "2010-01-01", "2010-12-31", "2011-01-01", "2012-01-01")
    obliged = [register.is_obliged(STRANGER, "ZCR", "ZKU01", day) for day in days]
    assert obliged == [False, True, True, False, True]
    assert not register.is_obliged(STRANGER, "ZCR", "ZKU02", "2012-01-01")


def test_definitions_and_triggers(register: Register, elsewhere: Register) -> None:
    elsewhere.add_definitions({"A.01.00": {"name": "ž", "areas": [1]}})
    assert elsewhere.definitions() == {"A.01.00": {"name": "ž", "areas": [1]}}
    wishes = [Trigger("A", "C1", "2", "x"), Trigger("B", "C2", "3", NASTY, "Z", {"4": NASTY})]
    elsewhere.add_triggers(wishes)
    kept = replace(wishes[1], value=HEARD)
    assert elsewhere.all_triggers() == [wishes[0], kept]
    assert elsewhere.triggers("B") == [kept]
    elsewhere.drop_triggers()
    assert elsewhere.all_triggers() == []
    assert len(register.all_triggers()) == 18


# -- what was sent


def message(about: Header, file: str = "ws9990000001.xml", **changes: Any) -> Message:
    return replace(
        Message(id=0, file=file, login="uziv0001", received=SINCE, header=about), **changes
    )


def test_messages(register: Register, elsewhere: Register) -> None:
    about = header("1", part=Part("2", "9", "last"), reference=NASTY, scope=NASTY)
    number = register.add_message(message(about), b"<x/>")
    kept = message(about, id=number)
    assert register.message(number) == kept
    assert register.messages() == register.messages(SUBJECT) == [kept]
    assert register.messages(OTHER) == elsewhere.messages() == []
    assert (register.has_file("ws9990000001.xml"), register.has_file(NASTY)) == (True, False)
    assert not elsewhere.has_file("ws9990000001.xml")
    assert elsewhere.message(number) is None
    assert (register.content(number), elsewhere.content(number)) == (b"<x/>", b"")


def test_what_became_of_messages(register: Register) -> None:
    first = register.add_message(message(header("1")), b"1")
    again = register.add_message(message(header("1"), "2.xml"), b"2")
    refused = message(header("1"), id=first, accepted=SINCE, refused=(Trouble("DZ-01", NASTY),))
    register.change_message(refused)
    assert register.message(first) == refused
    assert register.message_numbered(SUBJECT, "1") is None
    accepted = message(header("1"), "2.xml", id=again, accepted=SINCE, issue=5)
    register.change_message(accepted)
    register.drop_content(again)
    assert register.message_numbered(SUBJECT, "1") == accepted
    assert register.messages_of(5) == [accepted]
    assert (register.content(first), register.content(again)) == (b"1", b"")
    assert register.messages_refused(SUBJECT) == [refused]
    assert register.messages_refused(SUBJECT, since=SINCE) == [refused]
    assert register.messages_refused(SUBJECT, until=SINCE) == []
    assert register.messages_refused(OTHER) == []


# -- what has become of it


def occurrence(as_of: str = "2013-07-31", **changes: Any) -> Occurrence:
    usual = Occurrence(
        id=0,
        key=Key("ZKU01", SUBJECT, "S_BCPZB", as_of),
        version=1,
        variant=0,
        state=20,
        term=SINCE,
    )
    return replace(usual, **changes)


def test_occurrences(register: Register, elsewhere: Register) -> None:
    first = register.add_occurrence(occurrence())
    tested = Key("ZKU01", SUBJECT, "S_BCPZB", "2013-07-31", test=True)
    second = register.add_occurrence(occurrence(key=tested))
    changed = occurrence(id=first, version=2, variant=3, state=50, term="", current=7)
    register.change_occurrence(changed)
    other = occurrence(id=second, key=tested)
    assert register.occurrence(changed.key) == register.occurrence_by_id(first) == changed
    assert register.occurrence(tested) == other
    assert register.occurrence(replace(tested, subject=NASTY)) is None
    assert elsewhere.occurrence(changed.key) is elsewhere.occurrence_by_id(first) is None
    assert register.occurrences(Search()) == [changed, other]
    assert register.occurrences(Search(test=True)) == [other]
    assert register.occurrences(Search(subject=SUBJECT, data_set="ZKU02")) == []


def test_occurrences_are_found_by_days(register: Register) -> None:
    days = ("2013-07-29", "2013-07-30", "2013-07-31")
    for day in reversed(days):
        register.add_occurrence(occurrence(day))
    found = register.occurrences(Search(scope="S_BCPZB", since=days[1], until=days[2]))
    assert [each.key.as_of for each in found] == list(days[1:])


def test_the_last_occurrence_before_one(register: Register) -> None:
    days = {"2013-07-26": 1, "2013-07-29": 2, "2013-07-30": 0, "2013-07-31": 3}
    for day, current in days.items():
        register.add_occurrence(occurrence(day, current=current))
    last = register.last_before(occurrence().key)
    assert last is not None
    assert last.key.as_of == "2013-07-29"
    assert register.last_before(replace(occurrence().key, as_of="2013-07-26")) is None
    assert register.last_before(replace(occurrence().key, test=True)) is None
    assert register.last_before(replace(occurrence().key, scope="ZCR")) is None


def issue(number: str = "1", **changes: Any) -> Issue:
    usual = Issue(
        id=0,
        occurrence=1,
        number=number,
        file="ws9990000001.xml",
        sender=SUBJECT,
        status="correction",
        accepted=SINCE,
        state=10,
        since=SINCE,
        based_on=4,
    )
    return replace(usual, **changes)


def test_issues(register: Register, elsewhere: Register) -> None:
    first, second = register.add_issue(issue()), register.add_issue(issue("2", sent=False))
    changed = issue(
        id=first,
        state=16,
        complete=False,
        parts=3,
        since="later",
        troubles=(Trouble("ZP-01", NASTY),),
        failed=(FailedCheck("A", NASTY, "O", ("1", NASTY)), FailedCheck("B", "b", "L")),
    )
    register.change_issue(changed)
    other = issue("2", id=second, sent=False)
    assert register.issue(first) == changed
    assert register.issues(1) == [changed, other]
    assert register.issues(2) == elsewhere.issues(1) == []
    assert register.issues_numbered(SUBJECT, "2") == [other]
    assert register.issue_numbered(SUBJECT, "2") == other
    assert register.issue_numbered(OTHER, "2") is None
    assert elsewhere.issue(first) is None


# -- rows


def row(name: str, value: str | None = "1", area: str = "A") -> Delivered:
    return Delivered(area, name, name, None if value is None else {"1": name, "2": value})


def shown(register: Register, number: int) -> list[tuple[str, str]]:
    return [(each.cells["1"], each.cells["2"]) for each in register.data.rows(number)]


def test_rows_come_in_pages(register: Register) -> None:
    count = 2 * PAGE + 1
    rows = (row(str(number), NASTY) for number in range(count))
    assert register.data.add(1, 8, rows) == count
    register.data.add(2, 9, [row("x")])
    kept = list(register.data.rows(1))
    assert [each.order for each in kept] == [str(number) for number in range(count)]
    assert kept[0] == Row("A", "0", {"1": "0", "2": NASTY})
    assert (register.data.count(1), register.data.count(3)) == (count, 0)
    assert (register.data.any(2), register.data.any(3)) == (True, False)


def test_a_whole_page_is_followed_by_nothing(register: Register) -> None:
    register.data.add(1, 8, (row(str(number)) for number in range(PAGE)))
    assert sum(1 for _ in register.data.rows(1)) == PAGE
    assert list(register.data.rows(2)) == []


def test_rows_can_be_written_while_they_are_read(register: Register) -> None:
    register.data.add(1, 8, (row(str(number)) for number in range(PAGE + 1)))
    for each in register.data.rows(1):
        if each.order == "0":
            register.data.drop(2)
            register.data.add(2, 8, [row("x")])
    assert shown(register, 2) == [("x", "1")]


def test_rows_are_laid_over_others(register: Register) -> None:
    register.data.add(1, 8, [row("a"), row("b"), row("b", area="B"), row("c"), row("d")])
    register.data.add(2, 9, [row("b", "2"), row("d", None), row("e", "2"), row("x", None)])
    register.data.overlay(1, 2)
    assert sorted(shown(register, 2)) == [
        ("a", "1"),
        ("b", "1"),
        ("b", "2"),
        ("c", "1"),
        ("e", "2"),
    ]
    assert register.data.count(1) == 5
    assert register.data.issues_with(8) == [1, 2]
    assert register.data.issues_with(9) == [2]


def test_rows_that_repeat_themselves_are_kept(register: Register) -> None:
    register.data.add(1, 8, [row("a"), row("a")])
    register.data.add(2, 9, [row("b", "2"), row("b", "3")])
    register.data.overlay(1, 2)
    assert sorted(shown(register, 2)) == [("a", "1"), ("a", "1"), ("b", "2"), ("b", "3")]


def test_rows_are_matched_by_identities_of_any_length(register: Register) -> None:
    long = "x" * 9000
    register.data.add(1, 8, [row(f"{long}1"), row(f"{long}2")])
    register.data.add(2, 9, [row(f"{long}2", "2")])
    register.data.overlay(1, 2)
    assert sorted(shown(register, 2)) == [(f"{long}1", "1"), (f"{long}2", "2")]


def test_rows_are_copied_and_dropped(register: Register) -> None:
    register.data.add(1, 8, [row("a"), row("b")])
    register.data.add(2, 9, [row("a", "2")])
    register.data.copy(1, 2)
    assert shown(register, 2) == [("a", "2"), ("a", "1"), ("b", "1")]
    register.data.drop_of_message(8)
    assert (shown(register, 1), shown(register, 2)) == ([], [("a", "2")])
    register.data.drop(2)
    assert shown(register, 2) == []


# -- steps


NINE = datetime(2013, 8, 1, 9, tzinfo=UTC)


def test_steps_are_taken_in_due_order(bank: Bank, register: Register, elsewhere: Register) -> None:
    register.plan(NINE + timedelta(hours=1), "check", issue=1)
    register.plan(NINE, "accept", message=3)
    elsewhere.plan(NINE, "accept", message=2)
    register.plan(NINE, "store", issue=9)
    taken = []
    while step := next_step(bank.transaction):
        drop_step(bank.transaction, step)
        taken.append((step.environment, step.due, step.step, step.message, step.issue))
    nine, ten = instant(NINE), instant(NINE + timedelta(hours=1))
    assert taken == [
        ("production", nine, "store", 0, 9),
        ("test", nine, "accept", 2, 0),
        ("production", nine, "accept", 3, 0),
        ("production", ten, "check", 0, 1),
    ]


def test_steps_that_wait(register: Register, elsewhere: Register) -> None:
    register.plan(NINE, "accept", message=3)
    (step,) = register.backlog.steps()
    assert step == Step(step.id, "production", instant(NINE), "accept", 3)
    assert elsewhere.backlog.steps() == []


def test_an_occurrence_is_busy_with_its_issues(register: Register) -> None:
    mine, other = register.add_issue(issue()), register.add_issue(issue(occurrence=2))
    register.plan(NINE, "check", issue=mine)
    register.plan(NINE + timedelta(hours=1), "check", issue=other)
    busy = [register.backlog.busy_until(number) for number in (1, 2, 3)]
    assert busy == [instant(NINE), instant(NINE + timedelta(hours=1)), ""]


def test_instants_keep_their_order_and_their_end() -> None:
    assert instant(moment(instant(NINE))) == instant(NINE)
    assert seconds_after(datetime.max.replace(tzinfo=UTC), 1).year == 9999


# -- a life in the other database


def test_processing_in_both_databases(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    from podatelna.sdns import deciding

    bank.send("7", {"a": "P", "b": "1"})
    bank.settle(minutes=9)
    bank.correct("8", "7", {"a": "2", "c": "1"})
    bank.settle(minutes=9)
    bank.answer("9", "cancellation", "8")
    bank.settle(minutes=9)
    assert bank.states() == (0, {"7": 62, "8": 59, "9": 0})
    bank.send("10")
    with monkeypatch.context() as broken:
        broken.setattr(deciding, "aggregate", _missing_table(bank))
        bank.settle(minutes=9)
    assert bank.states() == (40, {"7": 62, "8": 59, "9": 0, "10": 99})


def _missing_table(bank: Bank) -> Any:
    """An error of the database itself, after which PostgreSQL wants a rollback."""
    return lambda *_: bank.transaction.exec_driver_sql("SELECT * FROM nothing")
