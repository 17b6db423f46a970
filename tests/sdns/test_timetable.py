"""Reminders over time, and data that the bank helps itself with."""

from datetime import UTC, date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from podatelna.kernel.outbox import MOST
from podatelna.kernel.settings import Value
from podatelna.sdns.calendar import due, events, reference_days, rules
from podatelna.sdns.model import Issue, Key, Occurrence
from podatelna.sdns.moments import instant
from podatelna.sdns.processing import process_now
from podatelna.sdns.register import Search
from podatelna.sdns.rowstore import Delivered
from podatelna.sdns.structure import Period, Term
from podatelna.sdns.timetable import REMINDERS, forget
from tests.sdns.houses import (
    CONTRACT,
    FIRM,
    NOW,
    SCOPE,
    Premises,
    duty,
    open_premises,
    shipped_world,
    world,
)

DAILY, MONTHLY = "MOKAS40", "MOKAS42"
PRAGUE = ZoneInfo("Europe/Prague")
QUARTERLY = {
    "data_set": "CTVRT01.01.00",
    "name": "Čtvrtletní výkaz",
    "methodologies": ["MKT20130101.01"],
    "period": "quarter",
    "term": {"days": 5, "at": "02:30"},
    "scopes": [SCOPE],
    "certainty": "reconstructed",
    "source": "a test",
    "areas": [
        {
            "area": "CTVRT_A",
            "name": "Oblast",
            "columns": [{"number": 1, "label": "Hodnota"}],
        }
    ],
}


def subject(level: int, code: str, day: str) -> str:
    """Of a reminder, as `posted` tells it."""
    full = {DAILY: "MOKAS40.03.00", MONTHLY: "MOKAS42.04.00", "CTVRT01": "CTVRT01.01.00"}[code]
    year, month, of_month = day.split("-")
    return f"{level}. upomínka - {full}, {FIRM}, {of_month}.{month}.{year}"


def filled(here: Premises, day: str, state: int, issue_state: int = 51, code: str = DAILY) -> int:
    """An occurrence with an issue, of which it is in a state. Returns the issue's id."""
    register, now = here.register(), instant(here.now)
    version = 3 if code == DAILY else 4
    key = Key(code, FIRM, SCOPE, day)
    occurrence = Occurrence(id=0, key=key, version=version, variant=0, state=state, term=now)
    made = register.add_occurrence(occurrence)
    number = register.add_issue(
        Issue(
            id=0,
            occurrence=made,
            number=day.replace("-", ""),
            file="ws9990000001.xml",
            sender=FIRM,
            status="new_data",
            accepted=now,
            state=issue_state,
            since=now,
        )
    )
    current = number if state in (30, 50) else 0
    register.change_occurrence(
        Occurrence(
            id=made, key=key, version=version, variant=0, state=state, term=now, current=current
        )
    )
    return number


def test_reminders_come_at_their_instants_with_their_levels() -> None:
    """Of data of a month, due on the twentieth of the next: midnight in Prague, after the term."""
    with open_premises(world(obligations=[duty(MONTHLY)])) as here:
        here.settle()
        here.settle_at("2026-03-20T23:59:59.999999+01:00")
        assert here.posted() == []
        here.settle_at("2026-03-21T00:00:00+01:00")
        first = ("2026-03-20T23:00", subject(1, MONTHLY, "2026-02-28"))
        assert here.posted() == [first]
        here.settle_at("2026-04-04T12:00:00+02:00")
        # The clocks were put on in between: midnight is at another time of the world's.
        assert here.posted() == [
            first,
            ("2026-03-27T23:00", subject(2, MONTHLY, "2026-02-28")),
            ("2026-04-03T22:00", subject(3, MONTHLY, "2026-02-28")),
        ]
        here.settle_at("2026-04-20T12:00:00+02:00")
        assert len(here.posted()) == 3
        assert "18 Nejsou žádná data, všechny stupně" in here.letters()[-1].body


def test_data_of_working_days_are_reminded_of_one_by_one() -> None:
    """What was due before the sandbox was opened is passed over, later levels of it are not."""
    with open_premises(world(obligations=[duty(DAILY)])) as here:
        here.settle()
        here.settle_at("2026-03-05T12:00:00+01:00")
        assert here.posted() == [
            ("2026-03-02T23:00", subject(1, DAILY, "2026-02-27")),
            ("2026-03-03T23:00", subject(1, DAILY, "2026-03-02")),
            ("2026-03-03T23:00", subject(2, DAILY, "2026-02-23")),
            ("2026-03-04T23:00", subject(1, DAILY, "2026-03-03")),
            ("2026-03-04T23:00", subject(2, DAILY, "2026-02-24")),
        ]


def test_an_obligation_has_a_first_and_a_last_day() -> None:
    duties = [duty(DAILY, since="2026-03-03", until="2026-03-04")]
    with open_premises(world(obligations=duties)) as here:
        here.set(reminder_days=["0"])
        here.settle()
        here.settle(days=60)
        assert here.posted() == [
            ("2026-03-04T23:00", subject(1, DAILY, "2026-03-03")),
            ("2026-03-05T23:00", subject(1, DAILY, "2026-03-04")),
        ]


def test_overlapping_obligations_bring_one_letter() -> None:
    duties = [duty(DAILY, since="2026-03-02", until="2026-03-02"), duty(DAILY, since="2026-03-01")]
    with open_premises(world(obligations=duties)) as here:
        here.set(reminder_days=["0"])
        here.settle()
        here.settle(days=2)
        assert here.posted() == [("2026-03-03T23:00", subject(1, DAILY, "2026-03-02"))]


@pytest.mark.parametrize(("state", "issue_state"), [(20, 10), (30, 31), (40, 16), (50, 51)])
def test_nobody_is_reminded_of_what_came(state: int, issue_state: int) -> None:
    with open_premises(world(obligations=[duty(MONTHLY)])) as here:
        filled(here, "2026-02-28", state, issue_state, MONTHLY)
        here.settle()
        here.settle(days=40)
        assert here.posted() == []


def test_what_was_cancelled_or_only_prepared_is_reminded_of() -> None:
    with open_premises(world(obligations=[duty(MONTHLY)])) as here:
        filled(here, "2026-02-28", 0, 59, MONTHLY)
        here.settle()
        here.settle(days=20)
        assert here.posted() == [("2026-03-20T23:00", subject(1, MONTHLY, "2026-02-28"))]
    with open_premises(world(obligations=[duty(MONTHLY)])) as here:
        prepared = {"data_set": "MOKAS42.04.00", "subject": FIRM, "scope": SCOPE, "number": "1"}
        assert isinstance(here.call("POST", "prepared", **prepared, as_of="2026-02-28"), dict)
        here.settle()
        here.settle(days=20)
        assert here.posted() == [("2026-03-20T23:00", subject(1, MONTHLY, "2026-02-28"))]


def test_test_data_are_not_what_is_waited_for() -> None:
    with open_premises(world(obligations=[duty(MONTHLY)])) as here:
        filled(here, "2026-02-28", 50, 51, MONTHLY)
        found = here.register().occurrences(Search())[0]
        key = Key(MONTHLY, FIRM, SCOPE, "2026-02-28", test=True)
        here.register().add_occurrence(
            Occurrence(id=0, key=key, version=4, variant=0, state=50, term=found.term)
        )
        here.register().change_occurrence(
            Occurrence(id=found.id, key=found.key, version=4, variant=0, state=0, term=found.term)
        )
        here.settle()
        here.settle(days=20)
        assert len(here.posted()) == 1


def test_nothing_is_done_before_the_sandbox_was_opened() -> None:
    duties = [duty(MONTHLY, since="2007-11-01")]
    with open_premises(world(obligations=duties)) as here:
        here.settle_at("2026-03-21T00:00:00+01:00")
        assert here.posted() == []
        here.settle_at("2026-03-28T12:00:00+01:00")
        assert here.posted() == [("2026-03-27T23:00", subject(2, MONTHLY, "2026-02-28"))]


@pytest.mark.parametrize(
    ("settings", "levels"),
    [
        ({"reminder_days": []}, []),
        ({"reminders": False}, []),
        ({"reminder_days": ["3"]}, [("2026-03-23T23:00", 1)]),
        (
            {"reminder_days": ["5", "1", "1", "x"]},
            [("2026-03-21T23:00", 1), ("2026-03-25T23:00", 2)],
        ),
        ({"reminder_days": ["0", "2", "9"], "closing_days": 2}, [("2026-03-20T23:00", 1)]),
    ],
)
def test_settings(settings: dict[str, Value], levels: list[tuple[str, int]]) -> None:
    """After the closing nobody is reminded any more."""
    with open_premises(world(obligations=[duty(MONTHLY, until="2026-02-28")])) as here:
        here.set(**settings)
        here.settle()
        here.settle(days=90)
        expected = [(at, subject(level, MONTHLY, "2026-02-28")) for at, level in levels]
        assert here.posted() == expected


def test_settings_are_changed_in_between() -> None:
    """What passed by the old settings stays; what waited when they changed is not lost."""
    with open_premises(world(obligations=[duty(MONTHLY)])) as here:
        here.settle()
        here.settle_at("2026-03-22T12:00:00+01:00")
        assert len(here.posted()) == 1
        here.set(reminder_days=["0", "1", "10"])
        here.settle()
        assert len(here.posted()) == 1
        here.settle_at("2026-03-31T12:00:00+02:00")
        assert here.posted()[1:] == [("2026-03-30T22:00", subject(3, MONTHLY, "2026-02-28"))]
    with open_premises(world(obligations=[duty(MONTHLY)])) as here:
        here.settle()
        here.now += timedelta(days=20)  # nobody has called since the reminder was due
        here.set(reminder_days=["0", "3"])
        here.settle()
        assert here.posted() == [("2026-03-20T23:00", subject(1, MONTHLY, "2026-02-28"))]
    with open_premises(world(obligations=[duty(MONTHLY)])) as here:
        here.set(reminders=False)
        here.settle()
        here.settle(days=20)
        here.set(reminders=True)
        here.settle()
        assert here.posted() == []
        here.settle(days=6)
        assert here.posted() == [("2026-03-27T23:00", subject(2, MONTHLY, "2026-02-28"))]


def test_obligations_that_are_added_later_count_from_then_on() -> None:
    with open_premises(world()) as here:
        here.settle()
        here.settle_at("2026-03-25T12:00:00+01:00")
        here.call("POST", "obligations", **duty(MONTHLY))
        here.now += timedelta(days=3)  # with a clock that runs, nobody calls for some days
        here.settle()
        assert here.posted() == [("2026-03-27T23:00", subject(2, MONTHLY, "2026-02-28"))]
        forget(here.transaction, "production")
        here.settle()
        assert len(here.posted()) == 1


def test_a_data_set_that_is_added_later() -> None:
    """Its term is at a time that there is not when clocks are put on: it is an hour later."""
    definition = QUARTERLY | {"term": {"day_of_next_month": 29, "at": "02:30"}, "period": "month"}
    with open_premises(world()) as here:
        here.settle()
        here.call("POST", "data_sets", **definition)
        here.call("POST", "obligations", **duty("CTVRT01"))
        here.settle_at("2026-03-29T03:30:59+02:00")
        assert here.posted() == []
        here.settle_at("2026-03-29T03:31:00+02:00")
        assert here.posted() == [("2026-03-29T01:31", subject(1, "CTVRT01", "2026-02-28"))]


def test_quarters() -> None:
    with open_premises(world(data_sets=[QUARTERLY], obligations=[duty("CTVRT01")])) as here:
        here.set(reminder_days=["0"])
        here.settle()
        here.settle(days=400)
        days = reference_days("quarter", date(2026, 3, 1), date(2027, 3, 31))
        assert [told for _, told in here.posted()] == [
            subject(1, "CTVRT01", day.isoformat()) for day in days
        ]


def test_many_reference_days_with_one_term() -> None:
    """Reminders of one month come between the two of the month before."""
    definition = QUARTERLY | {"term": {"day_of_next_month": 10}, "period": "day"}
    duties = [duty("CTVRT01", since="2026-02-26", until="2026-04-02")]
    with open_premises(world(data_sets=[definition], obligations=duties)) as here:
        here.set(reminder_days=["0", "45"])
        here.settle()
        here.settle(days=120)
        times = [at for at, _ in here.posted()]
    assert times == sorted(times)
    counts = {at: times.count(at) for at in times}
    assert counts == {
        "2026-03-10T23:00": 2,
        "2026-04-10T22:00": 22,
        "2026-04-24T22:00": 2,
        "2026-05-10T22:00": 2,
        "2026-05-25T22:00": 22,
        "2026-06-24T22:00": 2,
    }


@pytest.mark.parametrize("reminder_days", [["0", "7", "14"], ["1"], ["40", "90"]])
@pytest.mark.parametrize(
    ("period", "term"),
    [
        ("day", {"working_days": 3}),
        ("day", {"working_days": 60}),
        ("day", {"days": 33}),
        ("month", {"day_of_next_month": 31}),
        ("month", {"days": 366}),
        ("quarter", {"working_days": 20}),
        ("year", {"days": 90}),
    ],
)
def test_all_that_the_calendar_tells_is_done(
    period: Period, term: dict[str, int], reminder_days: list[str]
) -> None:
    """Each letter of a year, as reckoned from each reference day by itself."""
    definition = QUARTERLY | {"period": period, "term": term}
    since, until = date(2024, 12, 1), date(2027, 3, 1)
    duties = [duty("CTVRT01", since=since.isoformat(), until=until.isoformat())]
    with open_premises(world(data_sets=[definition], obligations=duties)) as here:
        here.set(reminder_days=reminder_days)
        here.settle()
        here.settle(days=365)
        begin, end = NOW, here.now
        posted = [(letter.at, letter.subject) for letter in here.letters()]
        by = rules(here.desk().settings, "CTVRT01")
    expected = [
        (event.at.astimezone(UTC).isoformat(), event.level, day)
        for day in reference_days(period, since, until)
        for event in events(due(Term(**term), day, PRAGUE), by)
        if event.level and begin < event.at <= end
    ]
    assert 0 < len(posted) < MOST  # of which the outbox keeps all
    assert sorted(posted) == sorted(
        (at, f"SDNS: {subject(level, 'CTVRT01', day.isoformat())}") for at, level, day in expected
    )


def test_what_is_replicated_brings_no_letters_of_other_data() -> None:
    with open_premises(world(obligations=[duty(MONTHLY)])) as here:
        here.set(replicated_data_sets=[DAILY], reminders=False)
        here.settle()
        here.settle(days=60)
        assert here.posted() == []


# -- replicated data


def test_the_bank_helps_itself_with_the_last_valid_data() -> None:
    with open_premises(world(obligations=[duty(MONTHLY)])) as here:
        here.set(replicated_data_sets=[MONTHLY], reminder_days=[])
        valid = filled(here, "2025-12-31", 50, 52, MONTHLY)
        rows = [Delivered("MOKA42_11", "1", "1", {"1": "1"}), Delivered("MOKA42_11", "2", "2", {})]
        here.register().data.add(valid, 0, rows)
        filled(here, "2026-01-31", 30, 31, MONTHLY)
        here.settle()
        here.settle_at("2026-03-20T23:59:59+01:00")
        assert here.register().occurrence(Key(MONTHLY, FIRM, SCOPE, "2026-02-28")) is None
        here.settle_at("2026-03-21T00:00:00+01:00")
        occurrence = here.register().occurrence(Key(MONTHLY, FIRM, SCOPE, "2026-02-28"))
        assert occurrence
        (issue,) = here.register().issues(occurrence.id)
        at = "2026-03-20T23:00:00.000000+00:00"
        assert (issue.state, issue.number, issue.based_on) == (-1, "20251231", valid)
        assert (issue.accepted, issue.since) == (at, at)
        data = here.register().data
        assert list(data.rows(issue.id)) == list(data.rows(valid))
        assert data.count(issue.id) == 2
        (shown,) = here.call("GET", "occurrences", "as_of=2026-02-28")
        assert (shown["state"], shown["current"]) == (-1, 0)
        assert here.posted() == []
        here.settle(days=29)
        assert len(here.register().issues(occurrence.id)) == 1


def test_without_valid_data_there_is_nothing_to_help_oneself_with() -> None:
    with open_premises(world(obligations=[duty(MONTHLY)])) as here:
        here.set(replicated_data_sets=[MONTHLY])
        here.settle()
        here.settle(days=25)
        assert here.register().occurrences(Search()) == []
        assert here.posted() == []


def test_replicated_data_do_not_depend_on_reminders() -> None:
    with open_premises(world(obligations=[duty(MONTHLY)])) as here:
        here.set(replicated_data_sets=[MONTHLY], reminders=False)
        filled(here, "2026-01-31", 50, 51, MONTHLY)
        here.settle()
        here.settle(days=25)
        assert len(here.register().occurrences(Search())) == 2


# -- the clock


def days_of_letters(steps: int, days: int, part: dict[str, Any]) -> list[tuple[str, str, str]]:
    with open_premises(part) as here:
        here.settle()
        for _ in range(steps):
            here.settle(days=days)
        return [(letter.at, letter.recipient, letter.subject) for letter in here.letters()]


def test_ninety_days_are_ninety_times_one_day() -> None:
    """Clocks are put on in this time. Of a month's letters the outbox keeps all."""
    part = {"production": shipped_world()["production"]}
    part["production"] = part["production"] | {
        "obligations": [duty(DAILY, MONTHLY, "MOKAS41"), duty("MOKAS40", scope="S_BCRPZB")]
    }
    once = days_of_letters(1, 90, part)
    assert days_of_letters(90, 1, part) == once
    assert len(once) > 300
    assert [at for at, _, _ in once] == sorted(at for at, _, _ in once)
    assert {at[11:16] for at, _, _ in once} == {"23:00", "22:00"}


def test_a_clock_that_is_put_back_begins_anew() -> None:
    with open_premises(world(obligations=[duty(MONTHLY)])) as here:
        here.settle_at("2027-01-01T12:00:00+00:00")
        here.settle_at("2026-03-02T08:00:00+00:00")
        here.settle_at("2026-03-21T08:00:00+00:00")
        assert here.posted() == [("2026-03-20T23:00", subject(1, MONTHLY, "2026-02-28"))]


def test_a_clock_that_is_put_on_by_ages() -> None:
    """Nobody waits for the reminders of centuries."""
    with open_premises(world(obligations=[duty(MONTHLY)])) as here:
        here.set(reminder_days=["0"])
        here.settle()
        here.settle_at("2999-06-01T08:00:00+00:00")
        times = [at for at, _ in here.posted()]
        assert (times[0], times[-1], len(times)) == ("2998-05-20T22:00", "2999-05-20T22:00", 13)


def test_the_last_year() -> None:
    with open_premises(world(obligations=[duty(DAILY, MONTHLY)])) as here:
        here.set(reminder_days=["0", "99999"], closing_days=100_000)
        here.settle_at("9998-12-01T08:00:00+00:00")
        here.settle_at("9998-12-31T22:00:00+00:00")
        assert here.posted()[-1][0] == "9998-12-30T23:00"
        assert REMINDERS.next_due(here.visit(), CONTRACT) == "9998-12-31T23:00:00.000000+00:00"


def test_other_environments_wait_for_themselves() -> None:
    part = world(obligations=[duty(MONTHLY)]) | {"test": world()["production"]}
    with open_premises(part) as here:
        here.settle()
        here.settle(days=20)
        assert len(here.posted()) == 1
        assert process_now(here.visit(), CONTRACT) == 0


def test_nothing_is_obliged() -> None:
    with open_premises(world()) as here:
        here.settle()
        assert REMINDERS.next_due(here.visit(), CONTRACT) == ""
        here.settle(days=1000)
        assert here.posted() == []
