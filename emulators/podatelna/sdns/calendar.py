"""Reference days, terms and reminders, and the state that an occurrence shows because of them.

Nothing here knows what time it is. Instants are aware; days that would be past the year 9999 are
its last one.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Final

from podatelna.kernel.settings import Settings
from podatelna.sdns.structure import DataSet, Period
from podatelna.sdns.structure import Term as TermRule

DAY: Final = timedelta(days=1)
MINUTE: Final = timedelta(minutes=1)
_SATURDAY: Final = 5
_MONTHS: Final = 12
_DAYS: Final = re.compile("[0-9]{1,5}")

EMPTY, URGED, EXHAUSTED = 10, 15, 18
REPLICATED: Final = -1
CLOSED, LAPSED = 55, 65

_PERIOD_MONTHS: Final[dict[Period, int]] = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Rules:
    """What settings say of one data set's time."""

    reminder_days: tuple[int, ...] = (0, 7, 14)
    """After the term, in order. With the last one all reminders are exhausted (state 18)."""
    closing_days: int = 365
    replicated: bool = False
    """The bank helps itself with the last valid data when the term has passed (state -1)."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that time itself brings to an occurrence."""

    at: datetime
    level: int
    """Of a reminder, from 1 on; 0: the occurrence is closed."""
    last: bool = False


def rules(settings: Settings, code: str) -> Rules:
    """The settings for a data set, by its code alone. Texts that are no days are skipped."""
    days, closing, replicated = (
        settings[name] for name in ("reminder_days", "closing_days", "replicated_data_sets")
    )
    assert isinstance(days, list)
    assert isinstance(closing, int)
    assert isinstance(replicated, list)
    told = {int(text) for text in days if _DAYS.fullmatch(text)}
    return Rules(tuple(sorted(told)), closing, code in replicated)


# -- days


def is_working_day(day: date) -> bool:
    return day.weekday() < _SATURDAY and day not in _holidays(day.year)


def is_reference_day(period: Period, day: date) -> bool:
    """Whether data can be reported for a day.

    Daily data can be for any, one of the manual's own examples is for a Saturday (appendix 7).
    """
    if period == "day":
        return True
    months = _PERIOD_MONTHS[period]
    return day.month % months == 0 and day.day == monthrange(day.year, day.month)[1]


def reference_days(period: Period, since: date, until: date) -> Iterator[date]:
    """The days for which data are expected, both ends included: of daily data the working days."""
    if period == "day":
        days = range(since.toordinal(), until.toordinal() + 1)
        return (day for day in map(date.fromordinal, days) if is_working_day(day))
    months = _PERIOD_MONTHS[period]
    return (
        day
        for day in _month_ends(since, until)
        if day.month % months == 0 and since <= day <= until
    )


def term(data_set: DataSet, day: date, zone: tzinfo) -> datetime:
    """PlanDo: until when the data of a reference day are to be delivered."""
    return due(data_set.term, day, zone)


def due(rule: TermRule, day: date, zone: tzinfo) -> datetime:
    """The same, by the rule of a data set."""
    return at_end_of(_due_day(rule, day), zone, rule.at)


def later(day: datetime, days: int) -> datetime:
    """The same local time so many days later: a new term (Termin) for a correction."""
    try:
        return day + days * DAY
    except OverflowError:
        return _last(day.tzinfo)


def at_end_of(day: date, zone: tzinfo, at: str = "23:59") -> datetime:
    """The time of a day until which things are due."""
    return datetime.combine(day, time.fromisoformat(at), zone)


# -- what time brings


def passed(instant: datetime) -> datetime:
    """When a term has passed: its minute still belongs to it."""
    return _plus(instant, MINUTE)


def reminders(due: datetime, by: Rules) -> tuple[datetime, ...]:
    """When reminders are sent for data that did not come until their term."""
    return tuple(passed(later(due, days)) for days in by.reminder_days)


def closing(due: datetime, by: Rules) -> datetime:
    """When an occurrence closes: no data are taken for it from then on."""
    return passed(later(due, by.closing_days))


def events(due: datetime, by: Rules) -> tuple[Event, ...]:
    """All that befalls an occurrence for which nothing comes, in order; the closing is the last."""
    end = closing(due, by)
    times = [at for at in reminders(due, by) if at < end]
    told = [Event(at, level, level == len(times)) for level, at in enumerate(times, 1)]
    return (*told, Event(end, 0, last=True))


def next_event(due: datetime, now: datetime, by: Rules) -> Event | None:
    """What comes next after `now`; None: it is closed."""
    return next((event for event in events(due, by) if event.at > now), None)


def shown_state(stored: int, has_valid: bool, due: datetime, now: datetime, by: Rules) -> int:
    """StavKod of an occurrence now.

    `stored` is 20, 30, 40 or 50, or 0 if nothing is there; `has_valid`: its current data are valid
    (issue state 51 or 52); `due`: PlanDo.
    """
    if now >= closing(due, by):
        return CLOSED if has_valid else LAPSED
    return stored or _without_data(due, now, by)


def _without_data(due: datetime, now: datetime, by: Rules) -> int:
    if now < passed(due):
        return EMPTY
    if by.replicated:
        return REPLICATED
    times = reminders(due, by)
    return EXHAUSTED if times and now >= times[-1] else URGED


# -- reckoning


def _due_day(rule: TermRule, day: date) -> date:
    if rule.day_of_next_month:
        return _in_next_month(day, rule.day_of_next_month)
    if rule.days:
        return _after(day, rule.days)
    found = day
    for _ in range(rule.working_days):
        found = _after(found, 1)
        while not is_working_day(found) and found < date.max:
            found = _after(found, 1)
    return found


def _in_next_month(day: date, of_month: int) -> date:
    """The last day of a month that is too short."""
    year, month = divmod(day.year * _MONTHS + day.month, _MONTHS)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(of_month, monthrange(year, month + 1)[1]))


def _after(day: date, days: int) -> date:
    return date.fromordinal(min(day.toordinal() + days, date.max.toordinal()))


def _plus(instant: datetime, by: timedelta) -> datetime:
    try:
        return instant + by
    except OverflowError:
        return _last(instant.tzinfo)


def _last(zone: tzinfo | None) -> datetime:
    return datetime.max.replace(tzinfo=zone)


def _month_ends(since: date, until: date) -> Iterator[date]:
    first = since.year * _MONTHS + since.month - 1
    last = until.year * _MONTHS + until.month - 1
    for count in range(first, last + 1):
        year, month = divmod(count, _MONTHS)
        yield date(year, month + 1, monthrange(year, month + 1)[1])


@lru_cache(maxsize=64)
def _holidays(year: int) -> frozenset[date]:
    # Imported when the first working day is asked for: it takes a quarter of a second.
    from holidays import country_holidays  # noqa: PLC0415 - see above

    return frozenset(country_holidays("CZ", years=year))
