"""A world file's rows as what the register keeps, each held against those read before it."""

import re
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from podatelna.izr.codes import Codes, codes
from podatelna.izr.days import write_day
from podatelna.izr.eartags import CZECH, canonical, is_tag
from podatelna.izr.model import Address, Holding, LogRow, Person, Stable, Subject, TagOrder
from podatelna.izr.tagorders import CODE_DIGITS
from podatelna.kernel.contract import Contract
from podatelna.kernel.rows import Row, build, one_of, remember

T = TypeVar("T")

SUBJECT: Final = "[0-9]{10}"
_HOLDING: Final = "[0-9]{8}"
_STABLE: Final = "[0-9]{2}"


@dataclass(frozen=True, slots=True)
class Login:
    """A login of Portál farmáře with its WS key."""

    login: str
    password: str
    """The key."""
    subjects: tuple[str, ...] = ()
    """For whom it may act; those need not be registered."""
    blocked: bool = False
    about: str = ""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate that was imported for a login."""

    serial: str
    login: str


@dataclass(frozen=True)
class WorldReader:
    """Reads rows in the order in which they refer to each other. ValueErrors say what is wrong."""

    contract: Contract
    subjects: dict[str, Subject] = field(default_factory=dict)
    holdings: dict[str, Holding] = field(default_factory=dict)
    stables: dict[tuple[str, str], Stable] = field(default_factory=dict)
    logins: dict[str, Login] = field(default_factory=dict)
    others: dict[Hashable, object] = field(default_factory=dict)
    """Rows that no other row refers to."""

    def subject(self, row: Row) -> Subject:
        subject = build(Subject, row)
        fits(SUBJECT, subject.id, "id")
        return remember(self.subjects, subject.id, subject)

    def holding(self, row: Row) -> Holding:
        holding = self.changed_holding(row)
        return remember(self.holdings, holding.number, holding)

    def changed_holding(self, row: Row) -> Holding:
        """One that may be known. Its last change is its registration or cancellation if not told.

        `registered` may be left out, too: then it is so old that nobody asks.
        """
        holding = self._build(Holding, row)
        fits(_HOLDING, holding.number, "number")
        for given in filter(None, (holding.registered, holding.cancelled)):
            check_day(given)
        if holding.changed:
            check_instant(holding.changed)
        one_of(self.subjects, holding.subject, "subject")
        one_of(self._codes("holding_types"), holding.type, "type")
        one_of({"", *self._codes("regions")}, holding.region, "region")
        last = holding.cancelled or holding.registered
        return replace(holding, changed=holding.changed or (write_day(last) if last else ""))

    def stable(self, row: Row) -> Stable:
        stable = build(Stable, row)
        fits(_STABLE, stable.number, "number")
        one_of(self.holdings, stable.holding, "holding")
        return remember(self.stables, (stable.holding, stable.number), stable)

    def person(self, row: Row) -> Person:
        person = build(Person, row)
        return self._once(person, person)

    def address(self, row: Row) -> Address:
        address = build(Address, row)
        return self._once(address, address)

    def order(self, row: Row) -> TagOrder:
        """One row of an order.

        Without `ordered` it has all tags from the first to the last, without `remaining` none of
        them went to waste.
        """
        if "ordered" not in row:
            row = {**row, "ordered": between(row.get("first"), row.get("last"))}
        order = self._build(TagOrder, {"remaining": row["ordered"], **row})
        one_of(self._codes("species"), order.species, "species")
        one_of(self.holdings, order.holding, "holding")
        one_of(self.subjects, order.producer, "producer")
        one_of(self._codes("sexes"), order.sex, "sex")
        one_of(self._codes("colours"), order.colour, "colour")
        check_instant(order.received)
        first, last = (read_tag(tag, order.species) for tag in (order.first, order.last))
        key = (order.holding, order.sequence, first)
        return self._once(key, replace(order, first=first, last=last))

    def log_row(self, row: Row) -> LogRow:
        """A row of the error log."""
        found = self._build(LogRow, row)
        check_instant(found.processed)
        one_of(self.holdings, found.holding, "holding")
        one_of(self.subjects, found.subject, "subject")
        return found

    def login(self, row: Row) -> Login:
        """`subjects` is a list."""
        subjects = row.get("subjects", [])
        if not isinstance(subjects, list):
            raise ValueError(f"subjects is a list, not {subjects!r}")
        for subject in subjects:
            fits(SUBJECT, subject, "subjects")
        about = {name: value for name, value in row.items() if name != "subjects"}
        login = replace(build(Login, about), subjects=tuple(subjects))
        return remember(self.logins, login.login.lower(), login)

    def certificate(self, row: Row) -> Certificate:
        certificate = build(Certificate, row)
        one_of(self.logins, certificate.login.lower(), "login")
        return self._once(certificate.serial, certificate)

    def _once(self, key: Hashable, row: T) -> T:
        remember(self.others, key, row)
        return row

    def _codes(self, name: str) -> Codes:
        return codes(self.contract, name)

    def _build(self, kind: type[T], row: Row) -> T:
        return build(kind, row, partial(local_time, self.contract))


def local_time(contract: Contract, instant: datetime) -> str:
    """Local time, as all that the register has; without a zone it is taken for that."""
    if instant.tzinfo:
        instant = instant.astimezone(ZoneInfo(contract.constant("time_zone")))
    return instant.replace(tzinfo=None).isoformat(timespec="seconds")


def fits(pattern: str, text: object, name: str) -> None:
    if not isinstance(text, str) or not re.fullmatch(pattern, text):
        raise ValueError(f"{name} does not look like {pattern}: {text!r}")


def check_day(text: str) -> None:
    try:
        found = date.fromisoformat(text).isoformat()
    except ValueError:
        found = ""
    if found != text:
        raise ValueError(f"{text!r} is no day such as 2026-03-02")


def check_instant(text: str) -> None:
    try:
        found = datetime.fromisoformat(text).isoformat(timespec="seconds")
    except ValueError:
        found = ""
    if found != text:
        raise ValueError(f"{text!r} is no local time such as 2026-03-02T08:00:00")


def read_tag(text: str, species: str) -> str:
    """An ear tag in its canonical form."""
    if not is_tag(text):
        raise ValueError(f"{text!r} is no ear tag")
    return canonical(text, species)


def between(first: object, last: object) -> int:
    """How many Czech tags there are from one to another: serial numbers, with the same code."""
    start, end = _parts(first), _parts(last)
    if start and end and start[1] == end[1]:
        return end[0] - start[0] + 1
    raise ValueError("ordered must be there, unless first and last are Czech tags of one code")


def _parts(tag: object) -> tuple[int, str] | None:
    """Serial number and code."""
    if not isinstance(tag, str) or not CZECH.fullmatch(tag):
        return None
    return int(tag[len("CZ") : -CODE_DIGITS]), tag[-CODE_DIGITS:]
