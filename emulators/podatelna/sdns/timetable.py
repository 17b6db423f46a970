"""What time itself brings to occurrences for which nothing came: reminders, and replicated data.

What fell due before the sandbox was opened is passed over, and so is what fell due more than
`_MEMORY` before a time that the clock was put on to. For what is reported as a test nobody is
reminded at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from heapq import merge
from itertools import groupby, islice
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, delete, insert, select

from podatelna.kernel.contract import Contract
from podatelna.kernel.settings import Settings
from podatelna.kernel.statements import Statement
from podatelna.kernel.visit import Visit
from podatelna.sdns import calendar
from podatelna.sdns.calendar import Rules
from podatelna.sdns.desk import Desk, open_desk
from podatelna.sdns.model import ENVIRONMENTS, Key, Obligation
from podatelna.sdns.moments import instant, moment
from podatelna.sdns.processing import Source
from podatelna.sdns.reminders import Reminder, remind
from podatelna.sdns.replication import replicate
from podatelna.sdns.structure import DataSet, Term
from podatelna.sdns.tables import WATCH

_READ = Statement(
    select(WATCH.c.rules, WATCH.c.since, WATCH.c.coming).where(
        WATCH.c.environment == bindparam("of")
    )
)
_FORGET = Statement(delete(WATCH).where(WATCH.c.environment == bindparam("of")))
_KEEP = Statement(insert(WATCH))

_AHEAD: Final = 16
"""So many of the next instants are worked out at once."""
_MEMORY: Final = timedelta(days=400)
"""Whoever puts the clock on by centuries does not wait for all their reminders."""
_SETTINGS: Final = ("reminders", "reminder_days", "closing_days", "replicated_data_sets")
_TICK: Final = timedelta(microseconds=1)
_HOLIDAYS: Final = 14
"""Days without a working day, at most, and some more."""


@dataclass(frozen=True, slots=True)
class _Watch:
    """What one environment waits for."""

    rules: str
    """The settings that it was worked out by."""
    since: str
    """From when on, ISO 8601 in UTC."""
    coming: tuple[str, ...]
    """The next instants at which something is due, as `since`."""


@dataclass(frozen=True, slots=True)
class _Duty:
    """An obligation, with a version of its data set for as long as that is valid."""

    obligation: Obligation
    data_set: DataSet
    first: date
    last: date
    rules: Rules
    zone: ZoneInfo

    def times(self, day: date) -> tuple[str, ...]:
        """When something happens because of a reference day, in order of levels."""
        return _times(self.data_set.term, day, self.zone, self.rules)

    def days(self, since: date, until: date = date.max) -> Iterator[date]:
        """Reference days."""
        first, last = max(since, self.first), min(until, self.last)
        if first > last:
            return iter(())
        return calendar.reference_days(self.data_set.period, first, last)

    @property
    def delays(self) -> tuple[int, ...]:
        """Days after the term, of each level. After the closing there is none."""
        by = self.rules
        return (0,) if by.replicated else tuple(d for d in by.reminder_days if d < by.closing_days)

    def earliest(self, level: int, at: date) -> date:
        """No reference day before it is one for which this level is as late as `at`."""
        rule = self.data_set.term
        term = rule.days + 2 * rule.working_days + (2 * 31 if rule.day_of_next_month else 0)
        return _day_plus(at, -(self.delays[level - 1] + term + _HOLIDAYS))


def forget(transaction: Connection, environment: str) -> None:
    """Obligations or data sets have changed: what is due is worked out anew."""
    _FORGET.run(transaction, {"of": environment})


def renew(visit: Visit, contract: Contract, environment: str) -> None:
    """The same, from now on; `forget` leaves it to the next call."""
    forget(visit.transaction, environment)
    _watch(visit, contract, environment)


def _next_due(visit: Visit, contract: Contract) -> str:
    coming = (_watch(visit, contract, environment).coming[:1] for environment in ENVIRONMENTS)
    return min((found[0] for found in coming if found), default="")


def _run(visit: Visit, contract: Contract) -> None:
    """Remind whom it is time to remind, at `visit.now`."""
    now = instant(visit.now)
    for environment in ENVIRONMENTS:
        watch = _watch(visit, contract, environment)
        if watch.coming[:1] == (now,):
            desk = open_desk(visit, contract, environment)
            for duty, day, level in _due_now(desk):
                _act(desk, duty, day, level)
            rest = watch.coming[1:] or _coming(desk, visit.now)
            _keep(visit.transaction, environment, replace(watch, since=now, coming=rest))


REMINDERS: Final = Source(_next_due, _run)


# -- what is waited for


def _watch(visit: Visit, contract: Contract, environment: str) -> _Watch:
    """Kept, or worked out anew if it is not there or does not hold any more."""
    row = _READ.row(visit.transaction, {"of": environment})
    kept = _Watch(row[0], row[1], tuple(row[2].split(",")) if row[2] else ()) if row else None
    rules = _key(visit.settings)
    if kept and kept.rules == rules and _holds(kept, visit.now):
        return kept
    since = _since(kept, visit.now)
    coming: tuple[str, ...] = ()
    if visit.settings["reminders"] or visit.settings["replicated_data_sets"]:
        coming = _coming(open_desk(visit, contract, environment), since)
    watch = _Watch(rules, instant(since), coming)
    _keep(visit.transaction, environment, watch)
    return watch


def _holds(kept: _Watch, now: datetime) -> bool:
    """Not if the clock was put back before it, or on so far that much is not done any more."""
    if kept.since > instant(now):
        return False
    return not kept.coming or kept.coming[0] >= instant(_before(now))


def _since(kept: _Watch | None, now: datetime) -> datetime:
    """What waits already is not passed over when settings change."""
    if kept is None or not kept.coming or instant(now) < kept.since:
        return now
    return max(_before(now), min(now, moment(kept.coming[0]) - _TICK))


def _before(now: datetime) -> datetime:
    return now - _MEMORY


def _key(settings: Settings) -> str:
    return "|".join(str(settings[name]) for name in _SETTINGS)


def _keep(transaction: Connection, environment: str, watch: _Watch) -> None:
    forget(transaction, environment)
    row = {"environment": environment, "rules": watch.rules, "since": watch.since}
    _KEEP.run(transaction, {**row, "coming": ",".join(watch.coming)})


def _coming(desk: Desk, after: datetime) -> tuple[str, ...]:
    """The next instants at which something is due, in order."""
    levels = ((duty, level) for duty in _duties(desk) for level, _ in enumerate(duty.delays, 1))
    found = merge(*(_upcoming(duty, level, after) for duty, level in levels))
    return tuple(islice((at for at, _ in groupby(found)), _AHEAD))


def _upcoming(duty: _Duty, level: int, after: datetime) -> Iterator[str]:
    """Instants of one level, which are in the order of reference days."""
    now = instant(after)
    for times in map(duty.times, duty.days(duty.earliest(level, after.date()))):
        if len(times) >= level and times[level - 1] > now:
            yield times[level - 1]


def _day_plus(day: date, days: int) -> date:
    return date.fromordinal(max(1, min(day.toordinal() + days, date.max.toordinal())))


def _due_now(desk: Desk) -> Iterator[tuple[_Duty, date, int]]:
    """What is due at this instant: the obligation, its reference day and the level, from 1."""
    known: dict[tuple[str, int], list[date]] = {}
    done: set[tuple[str, str, str, date]] = set()
    for duty in _duties(desk):
        of = duty.obligation
        for level, _ in enumerate(duty.delays, 1):
            name = duty.data_set.full_code, level
            if name not in known:
                known[name] = list(_days_due(duty, level, desk.now))
            for day in known[name]:
                key = of.subject, of.scope, of.data_set, day
                if duty.first <= day <= duty.last and key not in done:
                    done.add(key)  # two obligations may overlap
                    yield duty, day, level


def _days_due(duty: _Duty, level: int, now: datetime) -> Iterator[date]:
    """Reference days whose level is due now, whether the duty covers them or not."""
    since, until = duty.earliest(level, now.date()), _day_plus(now.date(), -duty.delays[level - 1])
    at = instant(now)
    for day in calendar.reference_days(duty.data_set.period, since, until):
        if duty.times(day)[level - 1 : level] == (at,):
            yield day


def _duties(desk: Desk) -> list[_Duty]:
    """All that are obliged, of every version."""
    zone = ZoneInfo(desk.contract.constant("time_zone"))
    obligations = desk.register.obligations()
    codes = {obligation.data_set for obligation in obligations}
    versions = {code: list(_versions(desk, code)) for code in codes}
    rules = {code: calendar.rules(desk.settings, code) for code in codes}
    return [
        _Duty(of, data_set, max(since, first), min(until, last), rules[of.data_set], zone)
        for of in obligations
        for since, until in [_extent(of)]
        for data_set, first, last in versions[of.data_set]
    ]


def _versions(desk: Desk, code: str) -> Iterator[tuple[DataSet, date, date]]:
    """Versions of a data set, and for which reference days each is to be used."""
    for data_set in desk.methodology.versions(code):
        for name in data_set.methodologies:
            edition = desk.methodology.editions[name]
            if desk.methodology.by_code(code, edition.since) is data_set:
                yield data_set, edition.since, edition.until or date.max


def _extent(of: Obligation) -> tuple[date, date]:
    until = date.fromisoformat(of.until) if of.until else date.max
    return date.fromisoformat(of.since), until


# -- what is done


def _act(desk: Desk, duty: _Duty, day: date, level: int) -> None:
    of = duty.obligation
    key = Key(of.data_set, of.subject, of.scope, day.isoformat())
    occurrence = desk.register.occurrence(key)
    if occurrence is not None and occurrence.state:
        return
    if duty.rules.replicated:
        replicate(desk, duty.data_set, key)
    elif desk.settings["reminders"]:
        term = calendar.due(duty.data_set.term, day, duty.zone)
        remind(desk, Reminder(key, duty.data_set, level, len(duty.times(day)), term))


@lru_cache(maxsize=16_384)
def _times(rule: Term, day: date, zone: ZoneInfo, by: Rules) -> tuple[str, ...]:
    """Texts, because local times cannot be compared where clocks are put on or back."""
    due = calendar.due(rule, day, zone)
    if by.replicated:
        return (instant(calendar.passed(due)),)
    end = calendar.closing(due, by)
    return tuple(instant(at) for at in calendar.reminders(due, by) if at < end)
