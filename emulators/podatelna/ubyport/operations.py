"""What a caller may do, one function for each operation of the contract."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from podatelna.kernel.rules import Finding, check
from podatelna.ubyport.cleaning import cleaned
from podatelna.ubyport.model import (
    Batch,
    Facility,
    Filing,
    Guest,
    Header,
    Refusal,
    Source,
    Verdict,
)
from podatelna.ubyport.rules import GUEST_RULES, HEADER_RULES, Facts
from podatelna.ubyport.state import Register, duplicate_key

RAISED = (
    "duplicate",
    "guest_list_empty",
    "guest_list_too_long",
    "facility_refused",
    "abbreviation_refused",
    "authentication_code_empty",
    "backend_crash",
    "null_reference",
)
"""Keys of errors.yaml that operations report without a rule."""


WORST_ACCEPTED = 3
"""Severities 0-2 accept a record and 4-6 refuse it (police letter of 2026); nothing has 3."""


@dataclass(frozen=True, slots=True)
class Practice:
    """How the office is set: the switches that operations follow."""

    list_length: int
    code_required: bool
    duplicate_check: bool
    duplicates_within_batch: bool
    persons_a_day: int
    """0: no limit."""


@dataclass(frozen=True, slots=True)
class Desk:
    """All that an operation may touch."""

    register: Register
    login: str
    idub: str
    """The one facility that the account may report for."""
    now: datetime
    """Local time."""
    facts: Callable[[], Facts]
    """Asked for when guests are examined: the calendar behind it takes time to load."""
    practice: Practice
    severity: Callable[[str], int]
    """The severity of an error by its key: 4 and more refuse the record."""
    next_stamp: Callable[[], str]
    block: Callable[[], None]
    """Block the account that is filing."""


def check_code(desk: Desk, code: str | None) -> Refusal | None:
    """The string that every call carries as a reserve: "must not be empty" (Appendix 5)."""
    if desk.practice.code_required and not code:
        return Refusal("authentication_code_empty", at="code")
    return None


def file_guests(
    desk: Desk, batch: Batch | None, source: Source | None = None, ignored: int = 0
) -> Filing | Refusal:
    """Store the guests that nothing serious is found on, and report on all.

    One bad guest does not sink the batch. A wrong facility, an empty list or one too long does.
    `ignored` are the rows of an imported file that are no guest's record; they are only counted.
    """
    facility = _facility(desk, batch)
    if isinstance(facility, Refusal):
        return facility
    assert batch is not None
    guests = [cleaned(guest) for guest in batch.guests if guest]
    facts = desk.facts()
    findings = [_examined(guest, facts, record) for record, guest in enumerate(guests)]
    filing = Filing(
        facility=facility,
        at=desk.now,
        stamp=desk.next_stamp(),
        header_findings=_header_findings(batch.header, facility),
        verdicts=_verdicts(desk, facility, guests, findings),
        ignored=ignored,
        source=source,
    )
    desk.register.file(filing, desk.login)
    _watch(desk)
    return filing


def _facility(desk: Desk, batch: Batch | None) -> Facility | Refusal:
    """Whom the batch is filed for, or why its processing is interrupted.

    The list comes first: clients whose members are all in a wrong namespace are told that it is
    empty, though their facility is missing as well.
    """
    if batch is None:
        return Refusal("null_reference", at="list")
    if refusal := _list_refused(desk, batch.guests) or _identity_refused(desk, batch.header):
        return refusal
    return _registered(desk, batch.header)


def _registered(desk: Desk, header: Header) -> Facility | Refusal:
    facility = desk.register.facility(desk.idub)
    if facility is None:
        return Refusal("facility_refused", at="idub")
    if facility.abbreviation.casefold() != (header.abbreviation or "").strip().casefold():
        received = _received(header, "abbreviation")
        return Refusal("abbreviation_refused", at="abbreviation", received=received)
    return facility


def _list_refused(desk: Desk, guests: Sequence[Guest | None]) -> Refusal | None:
    if not guests:
        return Refusal("guest_list_empty", at="guests")
    if len(guests) > desk.practice.list_length:
        limit = str(desk.practice.list_length)
        received = f"{len(guests)} guests"
        return Refusal("guest_list_too_long", {"limit": limit}, at="guests", received=received)
    if None in guests:
        return Refusal("null_reference", at="guest")
    return None


def _identity_refused(desk: Desk, header: Header) -> Refusal | None:
    # The documented crash comes from cutting an empty text. Where it does so is not public; these
    # two members interrupt the processing anyway, so nobody is refused who would not be.
    if "" in (header.idub, header.abbreviation):
        return Refusal("backend_crash", at="idub" if header.idub == "" else "abbreviation")
    if (header.idub or "").strip() != desk.idub:
        return Refusal("facility_refused", at="idub", received=_received(header, "idub"))
    return None


def _header_findings(header: Header, facility: Facility) -> tuple[Finding, ...]:
    return tuple(
        Finding(rule.code, rule.at, received=_received(header, rule.at))
        for rule in check(HEADER_RULES, header, facility)
    )


def _examined(guest: Guest, facts: Facts, record: int) -> list[Finding]:
    return [
        Finding(rule.code, rule.at, record, _received(guest, rule.at))
        for rule in check(GUEST_RULES, guest, facts)
    ]


def _received(what: Guest | Header, at: str) -> str:
    value = getattr(what, at)
    return "null" if value is None else str(value)


def _verdicts(
    desk: Desk, facility: Facility, guests: list[Guest], findings: list[list[Finding]]
) -> tuple[Verdict, ...]:
    """Duplicates are looked for among those that would be stored; a refused guest is none."""
    keys = [
        ""
        if any(desk.severity(found.code) > WORST_ACCEPTED for found in about)
        else duplicate_key(guest)
        for guest, about in zip(guests, findings, strict=True)
    ]
    known = _known(desk, facility, keys)
    verdicts = []
    for record, (guest, about, key) in enumerate(zip(guests, findings, keys, strict=True)):
        duplicate = bool(key) and key in known
        if duplicate:
            about.append(Finding("duplicate", "", record))
        elif key and desk.practice.duplicate_check and desk.practice.duplicates_within_batch:
            known.add(key)
        stored = bool(key) and not duplicate
        verdicts.append(Verdict(guest, tuple(about), stored, duplicate, key))
    return tuple(verdicts)


def _known(desk: Desk, facility: Facility, keys: list[str]) -> set[str]:
    asked = [key for key in keys if key]
    if not asked or not desk.practice.duplicate_check:
        return set()
    return desk.register.known(facility.idub, asked)


def _watch(desk: Desk) -> None:
    """The test service allows so many persons a day and blocks the account (Rules 12.4)."""
    limit = desk.practice.persons_a_day
    if limit and desk.register.reported(desk.login, desk.now.date()) > limit:
        desk.block()
