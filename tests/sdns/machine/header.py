"""The check of a header, DZ-01 to DZ-14 (SOURCES.md, Q17, Q18, Q29 to Q31)."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from tests.sdns.machine import terms, world
from tests.sdns.machine.records import (
    CANCELLATION,
    CHANGE,
    CONFIRMATION,
    CORRECTION,
    FIRST,
    INTENT,
    METHODOLOGY,
    NEW,
    QUERY,
    REQUEST,
    WITHDRAWAL,
    Header,
    Issue,
    Key,
    Message,
    Occurrence,
)

WITH_DATA = {NEW, CORRECTION, CHANGE}
BY_MESSAGE = {CORRECTION, WITHDRAWAL}
"""They refer to a message, the others to an issue (programmer's manual, STATUS)."""
SPLITTABLE_ONLY = {CHANGE, WITHDRAWAL}
REASONS = {
    NEW: {METHODOLOGY},
    CONFIRMATION: {REQUEST},
    **{status: {REQUEST, INTENT} for status in (CORRECTION, CANCELLATION, CHANGE, WITHDRAWAL)},
}
STANDING = {15, 16, 31, 32, 51, 52}
CANCELLABLE = {10, 15, 16, 31, 32, 51, 52}
REFERABLE = {
    CORRECTION: {*STANDING, 61, 62, 99},
    CHANGE: STANDING,
    CONFIRMATION: {31, 32},
    CANCELLATION: CANCELLABLE,
    WITHDRAWAL: CANCELLABLE,
}


class Known(Protocol):
    """What of the bank a header is held against."""

    now: datetime
    settings: Mapping[str, Any]
    occurrences: dict[Key, Occurrence]

    def message_numbered(self, sender: str, number: str) -> Message | None: ...
    def issues_numbered(self, sender: str, number: str) -> list[Issue]: ...


@dataclass(frozen=True)
class Case:
    """A message beside what the bank knows."""

    message: Message
    known: Known

    @property
    def header(self) -> Header:
        return self.message.header

    @property
    def day(self) -> date | None:
        text = self.header.as_of
        try:
            return date.fromisoformat(text) if len(text) == 8 and text.isdigit() else None
        except ValueError:
            return None

    @property
    def data_set(self) -> str:
        """The code of the data set; empty: it is not known, and nothing can be said of it."""
        header = self.header
        known = header.data_set in map(world.full_code, world.SETS)
        return header.code if known and header.methodology == world.METHODOLOGY and self.day else ""

    @property
    def splittable(self) -> bool:
        return bool(world.SETS.get(self.data_set, {}).get("splittable"))

    @property
    def occurrence(self) -> Occurrence | None:
        return self.known.occurrences.get(self.header.key)

    @property
    def named(self) -> list[Issue]:
        """Issues that the reference may mean."""
        header = self.header
        if not header.reference or header.status == QUERY:
            return []
        if header.status in BY_MESSAGE:
            message = self.known.message_numbered(header.sender, header.reference)
            found = [message.issue] if message and message.issue else []
        else:
            found = self.known.issues_numbered(header.sender, header.reference)
        return [each for each in [*found, *self._anothers] if self._has_rows(each)]

    @property
    def _anothers(self) -> list[Issue]:
        """What another sender sent for the same occurrence under the number of the reference."""
        header = self.header
        return [
            each
            for each in (self.occurrence.issues if self.occurrence else [])
            if each.number == header.reference and each.sender != header.sender
        ]

    def _has_rows(self, issue: Issue) -> bool:
        """What is changed or completed must be there, itself or in what took its place."""
        if self.header.status not in (CHANGE, NEW):
            return True
        current = self.occurrence.current if self.occurrence else None
        return bool((current if current and current.id > issue.id else issue).rows)

    @property
    def begun(self) -> list[Issue]:
        """Issues with the number that a part tells."""
        part = self.header.part
        return self.known.issues_numbered(self.header.sender, part.issue) if part else []

    def here(self, issues: list[Issue]) -> Issue | None:
        own = self.occurrence.issues if self.occurrence else []
        return next((each for each in issues if each in own), None)

    @property
    def elsewhere(self) -> bool:
        """The reference or the issue of a part is a test and this is none, or the other way."""
        header = self.header
        twin = self.known.occurrences.get(
            Key(header.code, header.subject, header.scope, header.as_of, not header.test)
        )
        further = self.begun if header.part and header.part.edge != FIRST else []
        return bool(twin and any(each in twin.issues for each in [*self.named, *further]))


def standing(occurrence: Occurrence | None) -> Issue | None:
    """What new data would have to correct: data that are there, or an issue with errors."""
    if occurrence is None:
        return None
    for issue in reversed(occurrence.issues):
        if issue.state in (15, 16) or issue is occurrence.current:
            return issue
    return None


def _number_used(case: Case) -> bool:
    header, known = case.header, case.known
    if known.message_numbered(header.sender, header.number):
        return True
    return header.part is None and bool(known.issues_numbered(header.sender, header.number))


def _sender(case: Case) -> bool:
    return case.header.sender != world.USERS[case.message.login]


def _methodology(case: Case) -> bool:
    since = world.VALID_SINCE.get(case.header.methodology)
    return since is None or case.day is None or case.day < since


def _unknown(case: Case) -> bool:
    return not _methodology(case) and not case.data_set


def _unexpected(case: Case) -> bool:
    if not case.data_set:
        return False
    day, header = case.day, case.header
    assert day is not None
    month_end = (day + timedelta(days=1)).day == 1
    if world.SETS[case.data_set]["period"] == "month" and not month_end:
        return True
    since = world.OBLIGATIONS.get((header.subject, case.data_set))
    return since is None or header.scope != world.SCOPE or day < since


def _not_entitled(case: Case) -> bool:
    pair = case.header.sender, case.header.subject
    return pair[0] != pair[1] and pair not in world.RIGHTS


def _reference(case: Case) -> bool:
    header = case.header
    if header.status == QUERY or not case.data_set or case.elsewhere:
        return False
    stands = standing(case.occurrence)
    referred = case.here(case.named)
    if header.status == NEW and not header.reference:
        further = header.part is not None and header.part.edge != FIRST
        return stands is not None and not further
    if header.status == NEW:
        return not case.splittable or referred is None or referred is not stands
    return referred is None or referred.state not in REFERABLE[header.status]


def _status(case: Case) -> bool:
    header = case.header
    if header.status == QUERY:
        return True
    special = header.part is not None or header.status in SPLITTABLE_ONLY
    return bool(case.data_set) and special and not case.splittable


def _reason(case: Case) -> bool:
    return case.header.status != QUERY and case.header.reason not in REASONS[case.header.status]


def _sequence(case: Case) -> bool:
    part = case.header.part
    if part is None or not case.splittable or case.elsewhere:
        return False
    order = int(part.order) if part.order.isdigit() else 0
    if part.edge == FIRST:
        return order != 1 or bool(case.begun)
    begun = case.here(case.begun)
    if begun is None or begun.state != 10 or begun.complete:
        return True
    return begun.status != case.header.status or order != begun.parts + 1


def _closed(case: Case) -> bool:
    if not case.data_set or _unexpected(case):
        return False
    assert case.day is not None
    due = terms.plan(case.data_set, case.day)
    return terms.is_closed(due, case.known.now, case.known.settings)


def _function(case: Case) -> bool:
    return case.elsewhere


def _presence(case: Case) -> bool:
    status = case.header.status
    return status != QUERY and case.header.has_data != (status in WITH_DATA)


def _no_number(case: Case) -> bool:
    """CisloVydani of ews-result.xsd has at most 14 digits."""
    part = case.header.part
    numbers = [case.header.number, *([part.issue] if part else [])]
    return not all(re.fullmatch("[0-9]{1,14}", each) for each in numbers)


RULES: tuple[Callable[[Case], bool], ...] = (
    _number_used,
    _sender,
    _methodology,
    _unknown,
    _unexpected,
    _not_entitled,
    _reference,
    _status,
    _reason,
    _sequence,
    _closed,
    _function,
    _presence,
    _no_number,
)


def broken(case: Case) -> Iterator[str]:
    """Codes of all rules that the header breaks."""
    for number, rule in enumerate(RULES, 1):
        if rule(case):
            yield f"DZ-{number:02}"
