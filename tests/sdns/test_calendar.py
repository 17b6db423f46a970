from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podatelna.kernel.settings import Settings
from podatelna.sdns.calendar import (
    Event,
    Rules,
    at_end_of,
    closing,
    events,
    is_reference_day,
    is_working_day,
    later,
    next_event,
    passed,
    reference_days,
    reminders,
    rules,
    shown_state,
    term,
)
from podatelna.sdns.structure import Period, Term
from tests.sdns.rows import SETS

PRAGUE = ZoneInfo("Europe/Prague")
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
DUE = datetime(2013, 8, 20, 23, 59, tzinfo=PRAGUE)
USUAL = Rules()
SETTINGS: Settings = {
    "reminder_days": ["0", "7", "14"],
    "closing_days": 365,
    "replicated_data_sets": ["MOKAS44"],
}
PERIODS: list[Period] = ["day", "month", "quarter", "year"]


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PRAGUE)


class TestReferenceDays:
    @pytest.mark.parametrize(
        ("period", "day", "is_one"),
        [
            ("day", "2007-12-01", True),  # a Saturday: so the manual's example has it
            ("day", "0001-01-01", True),
            ("month", "2013-07-31", True),
            ("month", "2013-07-30", False),
            ("month", "2013-08-01", False),
            ("month", "2012-02-29", True),
            ("month", "2012-02-28", False),
            ("month", "2013-02-28", True),
            ("month", "9999-12-31", True),
            ("quarter", "2013-06-30", True),
            ("quarter", "2013-07-31", False),
            ("quarter", "2013-12-31", True),
            ("year", "2013-12-31", True),
            ("year", "2013-06-30", False),
            ("year", "2013-12-30", False),
        ],
    )
    def test_of_periods(self, period: Period, day: str, is_one: bool) -> None:
        assert is_reference_day(period, date.fromisoformat(day)) is is_one

    @pytest.mark.parametrize(
        ("day", "works"),
        [
            ("2013-03-29", True),  # Good Friday is a holiday since 2016 only
            ("2016-03-25", False),
            ("2013-04-01", False),  # Easter Monday
            ("2013-07-05", False),
            ("2013-07-04", True),
            ("2013-07-06", False),
            ("2013-12-24", False),
            ("2013-12-27", True),
            ("0001-01-01", True),
            ("9999-12-31", True),
        ],
    )
    def test_working_days(self, day: str, works: bool) -> None:
        assert is_working_day(date.fromisoformat(day)) is works

    def test_daily_data_are_expected_for_working_days(self) -> None:
        found = reference_days("day", date(2013, 7, 3), date(2013, 7, 9))
        assert [day.day for day in found] == [3, 4, 8, 9]

    @pytest.mark.parametrize(
        ("period", "days"),
        [
            ("month", ["2013-11-30", "2013-12-31", "2014-01-31", "2014-02-28"]),
            ("quarter", ["2013-12-31"]),
            ("year", ["2013-12-31"]),
        ],
    )
    def test_other_data_for_the_ends(self, period: Period, days: list[str]) -> None:
        found = reference_days(period, date(2013, 11, 30), date(2014, 3, 30))
        assert [day.isoformat() for day in found] == days

    @pytest.mark.parametrize("period", PERIODS)
    def test_none_if_the_end_is_before_the_start(self, period: Period) -> None:
        assert not list(reference_days(period, date(2014, 1, 1), date(2013, 11, 30)))

    def test_no_more_are_made_than_are_taken(self) -> None:
        found: Iterator[date] = reference_days("day", date.min, date.max)
        assert next(found) == date(1, 1, 1)

    @given(st.dates(), st.sampled_from(PERIODS))
    def test_those_expected_are_those_taken(self, day: date, period: Period) -> None:
        expected = list(reference_days(period, day, day))
        taken = is_reference_day(period, day) and (period != "day" or is_working_day(day))
        assert expected == ([day] if taken else [])


class TestTerms:
    @pytest.mark.parametrize(
        ("name", "day", "due"),
        [
            ("MOKAS42.04.00", "2013-07-31", "2013-08-20 23:59"),
            ("MOKAS42.04.00", "2013-12-31", "2014-01-20 23:59"),
            ("MOKAS41.01.00", "2010-11-30", "2010-12-20 23:59"),
            ("MOKAS40.01.00", "2007-12-01", "2007-12-03 23:59"),
            ("MOKAS40.03.00", "2013-07-03", "2013-07-04 23:59"),
            ("MOKAS40.03.00", "2013-07-04", "2013-07-08 23:59"),
            ("MOKAS50.01.00", "2013-12-23", "2013-12-27 23:59"),
            ("MOKAS40.03.00", "9999-12-31", "9999-12-31 23:59"),
            ("MOKAS42.04.00", "9999-12-31", "9999-12-31 23:59"),
            ("MOKAS42.04.00", "0001-01-31", "0001-02-20 23:59"),
        ],
    )
    def test_of_the_contract(self, name: str, day: str, due: str) -> None:
        assert term(SETS[name], date.fromisoformat(day), PRAGUE) == local(due)

    @pytest.mark.parametrize(
        ("rule", "day", "due"),
        [
            (Term(), "2013-07-31", "2013-07-31 23:59"),
            (Term(days=30), "2013-07-31", "2013-08-30 23:59"),
            (Term(days=30), "9999-12-15", "9999-12-31 23:59"),
            (Term(days=1, at="12:00"), "2013-07-31", "2013-08-01 12:00"),
            (Term(day_of_next_month=31), "2013-01-31", "2013-02-28 23:59"),
            (Term(day_of_next_month=31), "2012-01-31", "2012-02-29 23:59"),
            (Term(working_days=3), "2013-07-31", "2013-08-05 23:59"),
        ],
    )
    def test_of_other_rules(self, rule: Term, day: str, due: str) -> None:
        data_set = replace(SETS["MOKAS40.03.00"], term=rule)
        assert term(data_set, date.fromisoformat(day), PRAGUE) == local(due)

    @given(st.dates(), st.sampled_from(sorted(SETS)))
    def test_never_before_the_day(self, day: date, name: str) -> None:
        due = term(SETS[name], day, PRAGUE)
        assert due.date() >= day
        assert due.tzinfo is PRAGUE

    def test_new_ones_end_at_the_same_time_of_the_day(self) -> None:
        assert later(local("2013-10-20 23:59"), 7) == local("2013-10-27 23:59")
        summer, winter = local("2013-10-20 23:59"), local("2013-10-27 23:59")
        assert (summer.utcoffset(), winter.utcoffset()) == (2 * 60 * MINUTE, 60 * MINUTE)
        assert later(local("9999-12-31 23:59"), 7) == datetime.max.replace(tzinfo=PRAGUE)
        assert at_end_of(date(2013, 8, 27), PRAGUE) == local("2013-08-27 23:59")


class TestEvents:
    def test_reminders_come_when_the_minute_of_the_term_is_over(self) -> None:
        assert reminders(DUE, USUAL) == (
            local("2013-08-21 00:00"),
            local("2013-08-28 00:00"),
            local("2013-09-04 00:00"),
        )
        assert closing(DUE, USUAL) == local("2014-08-21 00:00")

    def test_all_in_order(self) -> None:
        assert events(DUE, USUAL) == (
            Event(local("2013-08-21 00:00"), 1),
            Event(local("2013-08-28 00:00"), 2),
            Event(local("2013-09-04 00:00"), 3, last=True),
            Event(local("2014-08-21 00:00"), 0, last=True),
        )

    def test_closing_ends_reminders(self) -> None:
        assert events(DUE, Rules((0, 7, 14), 7)) == (
            Event(local("2013-08-21 00:00"), 1, last=True),
            Event(local("2013-08-28 00:00"), 0, last=True),
        )

    def test_without_reminders_there_is_the_closing(self) -> None:
        assert events(DUE, Rules(())) == (Event(local("2014-08-21 00:00"), 0, last=True),)

    @pytest.mark.parametrize(
        ("now", "level"),
        [
            (DUE, 1),
            (DUE + MINUTE, 2),
            (DUE + 7 * DAY, 2),
            (DUE + 7 * DAY + MINUTE, 3),
            (DUE + 14 * DAY + MINUTE, 0),
            (DUE + 365 * DAY, 0),
        ],
    )
    def test_the_next_one(self, now: datetime, level: int) -> None:
        found = next_event(DUE, now, USUAL)
        assert found
        assert (found.level, found.at > now) == (level, True)

    def test_none_after_the_closing(self) -> None:
        assert next_event(DUE, closing(DUE, USUAL), USUAL) is None

    @given(st.datetimes(timezones=st.just(PRAGUE)), st.datetimes(timezones=st.just(UTC)))
    def test_the_shown_state_changes_with_events_only(self, due: datetime, now: datetime) -> None:
        found = next_event(due, now, USUAL)
        if found and found.at.year < 9999:
            before = shown_state(0, False, due, now, USUAL)
            assert before in (10, 15, 18)
            assert shown_state(0, False, due, found.at, USUAL) in (15, 18, 65)

    @given(st.datetimes(timezones=st.just(PRAGUE)), st.lists(st.integers(0, 400), unique=True))
    def test_one_long_step_sees_what_short_ones_see(self, due: datetime, days: list[int]) -> None:
        by = Rules(tuple(sorted(days)), 200)
        told = events(due, by)
        assert (
            all(before.at < after.at for before, after in pairwise(told))
            or passed(due).year == 9999
        )
        assert [event.level for event in told] == [*range(1, len(told)), 0]


class TestStates:
    @pytest.mark.parametrize(
        ("now", "shown"),
        [
            (local("0001-01-02 00:00"), 10),
            (DUE, 10),
            (DUE + MINUTE - timedelta(microseconds=1), 10),
            (DUE + MINUTE, 15),
            (DUE + 14 * DAY, 15),
            (DUE + 14 * DAY + MINUTE, 18),
            (DUE + 365 * DAY, 18),
            (DUE + 365 * DAY + MINUTE, 65),
            (local("9999-12-31 23:59"), 65),
        ],
    )
    def test_with_nothing_there(self, now: datetime, shown: int) -> None:
        assert shown_state(0, False, DUE, now, USUAL) == shown
        assert shown_state(0, False, DUE, now.replace(microsecond=now.microsecond), USUAL) == shown

    def test_in_another_zone(self) -> None:
        assert shown_state(0, False, DUE, datetime(2013, 8, 20, 21, 59, tzinfo=UTC), USUAL) == 10
        assert shown_state(0, False, DUE, datetime(2013, 8, 20, 22, 0, tzinfo=UTC), USUAL) == 15

    @pytest.mark.parametrize("stored", [20, 30, 40, 50])
    def test_with_something_there(self, stored: int) -> None:
        for now in (DUE, DUE + DAY, DUE + 100 * DAY):
            assert shown_state(stored, False, DUE, now, USUAL) == stored

    @pytest.mark.parametrize("stored", [0, 20, 30, 40, 50])
    def test_closed(self, stored: int) -> None:
        end = DUE + 365 * DAY + MINUTE
        assert shown_state(stored, True, DUE, end, USUAL) == 55
        assert shown_state(stored, False, DUE, end, USUAL) == 65

    def test_replicated(self) -> None:
        by = replace(USUAL, replicated=True)
        shown = [
            shown_state(0, False, DUE, DUE + days * DAY + MINUTE, by) for days in (-1, 0, 14, 365)
        ]
        assert shown == [10, -1, -1, 65]
        assert shown_state(50, True, DUE, DUE + DAY, by) == 50

    def test_without_reminders_it_stays_urged(self) -> None:
        assert shown_state(0, False, DUE, DUE + 100 * DAY, Rules(())) == 15

    @given(
        st.sampled_from([0, 20, 30, 40, 50]),
        st.booleans(),
        st.datetimes(timezones=st.just(PRAGUE)),
        st.datetimes(timezones=st.just(UTC)),
    )
    def test_is_always_one_of_the_schema(
        self, stored: int, valid: bool, due: datetime, now: datetime
    ) -> None:
        known = {10, 15, 18, 20, 30, 40, 50, 55, 65}
        assert shown_state(stored, valid, due, now, USUAL) in known


class TestSettings:
    def test_are_those_of_a_data_set(self) -> None:
        assert rules(SETTINGS, "MOKAS42") == Rules((0, 7, 14), 365, False)
        assert rules(SETTINGS, "MOKAS44") == Rules((0, 7, 14), 365, True)

    def test_reminders_are_in_order_and_once(self) -> None:
        told = {**SETTINGS, "reminder_days": ["14", "0", "7", "7"]}
        assert rules(told, "MOKAS42").reminder_days == (0, 7, 14)

    def test_what_is_no_number_of_days_is_skipped(self) -> None:
        told = {
            **SETTINGS,
            "reminder_days": ["", "soon", "-1", "²", "7", "100000", "9" * 5000, "99999"],
        }
        assert rules(told, "MOKAS42").reminder_days == (7, 99999)
