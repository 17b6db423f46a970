"""Facilities, guests and filings, in English; the contract's names stay in wire.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from podatelna.kernel.rules import Finding


@dataclass(frozen=True, slots=True)
class Facility:
    """An accommodation facility, as registered. Texts may be empty where it has none."""

    idub: str
    abbreviation: str
    name: str
    contact: str = ""
    district: str = ""
    town: str = ""
    town_part: str = ""
    street: str = ""
    house_number: str = ""
    orientation_number: str = ""
    postal_code: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """What a message says of its facility. None and "" differ: the agency treats them so."""

    idub: str | None = None
    abbreviation: str | None = None
    name: str | None = None
    contact: str | None = None
    district: str | None = None
    town: str | None = None
    town_part: str | None = None
    street: str | None = None
    house_number: str | None = None
    orientation_number: str | None = None
    postal_code: str | None = None


@dataclass(frozen=True, slots=True)
class Guest:
    """One reported stay, after the silent character filter. None: the member was null or absent.

    `arrival` and `departure` are None where the message had no usable date. `birth_date` is the
    text as sent. `purpose` is a number; the agency takes null for 99.
    """

    surname: str | None
    given_name: str | None
    birth_date: str | None
    nationality: str | None
    document_number: str | None
    visa_number: str | None
    purpose: int | None
    arrival: date | None
    departure: date | None
    residence: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Batch:
    """One list of guests for one facility. `guests` has None where the message had a null one."""

    header: Header
    guests: tuple[Guest | None, ...]
    want_pdf: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one guest. `stored` and `duplicate` exclude each other."""

    guest: Guest
    findings: tuple[Finding, ...]
    stored: bool
    duplicate: bool
    key: str = ""
    """What makes it a duplicate of others; empty for a guest that is refused otherwise."""


@dataclass(frozen=True, slots=True)
class Source:
    """The file a batch was imported from."""

    name: str
    created: datetime | None = None


@dataclass(frozen=True, slots=True)
class Filing:
    """A processed batch. `at` is local time; `stamp` is the mark that is printed in the receipt."""

    facility: Facility
    at: datetime
    stamp: str
    header_findings: tuple[Finding, ...]
    verdicts: tuple[Verdict, ...]
    ignored: int = 0
    source: Source | None = None

    @property
    def findings(self) -> list[Finding]:
        """All findings, the header's first."""
        return [
            *self.header_findings,
            *(finding for verdict in self.verdicts for finding in verdict.findings),
        ]


@dataclass(frozen=True, slots=True)
class Refusal:
    """The agency interrupts the processing; `code` is a key of errors.yaml, of kind fault.

    `details` fill the placeholders of the entry's text; `at` is the offending member.
    """

    code: str
    details: Mapping[str, str] = field(default_factory=dict)
    at: str = ""
    received: str = ""
