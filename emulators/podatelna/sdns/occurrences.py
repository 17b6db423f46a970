"""Occurrences and their issues as they change: states, and until when something is required."""

from dataclasses import replace
from datetime import date, datetime, tzinfo
from typing import Final

from podatelna.sdns import calendar
from podatelna.sdns.desk import Desk
from podatelna.sdns.model import Issue, Key, Occurrence, Trouble
from podatelna.sdns.moments import instant
from podatelna.sdns.states import CONFIRMATION_DUE, CORRECTION_DUE, FILLED, ISSUE_STATES, NOTHING
from podatelna.sdns.structure import DataSet

_DAYS: Final = {CORRECTION_DUE: "correction_days", CONFIRMATION_DUE: "confirmation_days"}
"""Settings with the days until when something is required in a state."""


def plan_term(desk: Desk, data_set: DataSet, day: date) -> datetime:
    """PlanDo: until when the data of a reference day are to be delivered."""
    return calendar.term(data_set, day, _zone(desk))


def is_closed(desk: Desk, data_set: DataSet, day: date) -> bool:
    by = calendar.rules(desk.settings, data_set.code)
    return desk.now >= calendar.closing(plan_term(desk, data_set, day), by)


def _zone(desk: Desk) -> tzinfo:
    zone = desk.now.tzinfo
    assert zone is not None
    return zone


def find_or_make(desk: Desk, data_set: DataSet, key: Key) -> Occurrence:
    """The occurrence that data were sent for, of the version that they have."""
    version, variant = data_set.version, data_set.variant
    found = desk.register.occurrence(key)
    if found:
        return replace(found, version=version, variant=variant)
    term = instant(plan_term(desk, data_set, date.fromisoformat(key.as_of)))
    made = Occurrence(id=0, key=key, version=version, variant=variant, state=NOTHING, term=term)
    return replace(made, id=desk.register.add_occurrence(made))


def occurrence_of(desk: Desk, issue: Issue) -> Occurrence:
    found = desk.register.occurrence_by_id(issue.occurrence)
    assert found is not None
    return found


def data_set_of(desk: Desk, occurrence: Occurrence) -> DataSet | None:
    """None: no methodology has it any more."""
    full = f"{occurrence.key.data_set}.{occurrence.version:02}.{occurrence.variant:02}"
    return desk.methodology.find(full)


def enter(desk: Desk, occurrence: Occurrence, state: int, current: int | None = None) -> Occurrence:
    """Bring an occurrence into a state, with the term (Termin) that belongs to it."""
    entered = replace(
        occurrence,
        state=state,
        term=occurrence.term if state == occurrence.state else _term(desk, occurrence, state),
        current=occurrence.current if current is None else current,
    )
    desk.register.change_occurrence(entered)
    return entered


def _term(desk: Desk, occurrence: Occurrence, state: int) -> str:
    """A correction and a confirmation have a term of their own; else it is the planned one."""
    if state in _DAYS:
        days = desk.settings[_DAYS[state]]
        assert isinstance(days, int)
        end = str(desk.contract.constant("end_of_term"))
        last_day = calendar.later(desk.now, days).date()
        return instant(calendar.at_end_of(last_day, _zone(desk), end))
    data_set = data_set_of(desk, occurrence) if state in (NOTHING, FILLED) else None
    if data_set is None:
        return occurrence.term
    return instant(plan_term(desk, data_set, date.fromisoformat(occurrence.key.as_of)))


def turn(desk: Desk, issue: Issue, state: int, *troubles: Trouble) -> Issue:
    """Bring an issue into a state that may follow the one it is in."""
    assert state in ISSUE_STATES[issue.state], f"issue {issue.number}: {issue.state} to {state}"
    turned = replace(
        issue, state=state, since=instant(desk.now), troubles=(*issue.troubles, *troubles)
    )
    desk.register.change_issue(turned)
    return turned


def trouble(desk: Desk, key: str, **words: str) -> Trouble:
    """An error of the catalogue, told in Czech."""
    entry = desk.contract.errors[key]
    return Trouble(str(entry.extra["code"]), entry.text.format_map(words))
