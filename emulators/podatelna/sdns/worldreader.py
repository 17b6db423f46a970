"""A world file's rows as what the register keeps, each held against those read before it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, Final

from podatelna.kernel.contract import Contract
from podatelna.kernel.rows import Row, build, one_of, refuse_unknown, remember
from podatelna.sdns.certificates import registered
from podatelna.sdns.definitions import read_data_set
from podatelna.sdns.methodology import Methodology
from podatelna.sdns.model import Certificate, Obligation, Subject, Trigger, User
from podatelna.sdns.moments import instant
from podatelna.sdns.structure import DataSet

SUBJECT: Final = "[0-9]{1,16}"
_PREFIX: Final = "[0-9]{3}"
_LOGIN: Final = "[!-~]{1,100}"
_COLUMN: Final = "[0-9]{1,5}"


@dataclass(frozen=True, slots=True)
class Right:
    """A communicating subject may send for another one."""

    sender: str
    subject: str


@dataclass(frozen=True, slots=True)
class Duties:
    """Obligations that differ in the data set only."""

    subject: str
    scope: str
    since: str
    until: str = ""


@dataclass(frozen=True)
class WorldReader:
    """Reads rows in the order in which they refer to each other. ValueErrors say what is wrong."""

    contract: Contract
    subjects: dict[str, Subject] = field(default_factory=dict)
    prefixes: dict[str, str] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    certificates: dict[tuple[str, str, str], Certificate] = field(default_factory=dict)
    rights: dict[Right, Right] = field(default_factory=dict)
    duties: dict[tuple[str, str, str, str], Obligation] = field(default_factory=dict)
    """Obligations by subject, scope, data set and first day."""
    data_sets: dict[str, DataSet] = field(default_factory=dict)
    """Those of the world, by code.version.variant."""

    @property
    def methodology(self) -> Methodology:
        known = Methodology.of(self.contract)
        return replace(known, data_sets={**known.data_sets, **self.data_sets})

    def subject(self, row: Row) -> Subject:
        subject = build(Subject, row)
        fits(SUBJECT, subject.code, "code")
        if subject.prefix:
            fits(_PREFIX, subject.prefix, "prefix")
            remember(self.prefixes, subject.prefix, subject.code)
        return remember(self.subjects, subject.code, subject)

    def user(self, row: Row) -> User:
        """Without `certificates` the bank knows those that the test authority makes for it."""
        certificates = row.get("certificates", True)
        if not isinstance(certificates, bool):
            raise ValueError(f"certificates is true or false, not {certificates!r}")
        user = build(User, {name: row[name] for name in row if name != "certificates"})
        fits(_LOGIN, user.login, "login")
        one_of(self.subjects, user.subject, "subject")
        for each in registered(user.login) if certificates else ():
            remember(self.certificates, (each.login, each.issuer, each.serial), each)
        return remember(self.users, user.login.lower(), user)

    def certificate(self, row: Row) -> Certificate:
        """One that the bank knows besides: of somebody's own authority."""
        certificate = build(Certificate, row)
        one_of(self.users, certificate.login.lower(), "login")
        fits("[0-9]{1,60}", certificate.serial, "serial")
        if certificate.revoked:
            certificate = replace(certificate, revoked=read_instant(certificate.revoked))
        key = (certificate.login.lower(), certificate.issuer, certificate.serial)
        return remember(self.certificates, key, certificate)

    def right(self, row: Row) -> Right:
        right = build(Right, row)
        one_of(self.subjects, right.sender, "sender")
        one_of(self.subjects, right.subject, "subject")
        return remember(self.rights, right, right)

    def data_set(self, row: Row) -> DataSet:
        data_set = read_data_set(row)
        return remember(self.data_sets, data_set.full_code, data_set)

    def obligations(self, row: Row) -> list[Obligation]:
        """One for each of `data_sets`, codes without version and variant."""
        codes = row.get("data_sets")
        if not isinstance(codes, list) or not codes:
            raise ValueError(f"data_sets is a list of codes, not {codes!r}")
        duties = build(Duties, {name: row[name] for name in row if name != "data_sets"})
        one_of(self.subjects, duties.subject, "subject")
        for day in (duties.since, duties.until or duties.since):
            check_day(day)
        if duties.until and duties.until < duties.since:
            raise ValueError(f"until, {duties.until}, is before since, {duties.since}")
        return [self._obligation(duties, code) for code in codes]

    def _obligation(self, duties: Duties, code: object) -> Obligation:
        one_of(self.methodology.codes(), code, "data_sets")
        of = Obligation(duties.subject, duties.scope, str(code), duties.since, duties.until)
        versions = self.methodology.versions(of.data_set)
        one_of({scope for each in versions for scope in each.scopes}, of.scope, "scope")
        return remember(self.duties, (of.subject, of.scope, of.data_set, of.since), of)

    def trigger(self, row: Row) -> Trigger:
        """`column` and those of `cells` may be numbers."""
        refuse_unknown(row, Trigger.__dataclass_fields__)
        cells = row.get("cells", {})
        if not isinstance(cells, Mapping):
            raise ValueError(f"cells is a mapping of columns to values, not {cells!r}")
        plain = {name: row[name] for name in row if name != "cells"}
        if "column" in plain:
            plain["column"] = str(plain["column"])
        trigger = build(Trigger, plain)
        fits(_COLUMN, trigger.column, "column")
        trigger = replace(trigger, cells={str(name): _text(cells[name]) for name in cells})
        versions = self.methodology.versions(trigger.data_set)
        if not versions:
            raise ValueError(f"data_set is not known: {trigger.data_set!r}")
        one_of({code for each in versions for code in each.check_codes()}, trigger.check, "check")
        if trigger.area:
            one_of({it.code for each in versions for it in each.areas}, trigger.area, "area")
        return trigger


def fits(pattern: str, text: str, name: str) -> None:
    if not re.fullmatch(pattern, text):
        raise ValueError(f"{name} does not look like {pattern}: {text!r}")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"cells have texts, not {value!r}: put it in quotes")
    return value


def check_day(text: str) -> None:
    """ValueError for what is no ISO 8601 day."""
    try:
        good = date.fromisoformat(text).isoformat() == text
    except ValueError:
        good = False
    if not good:
        raise ValueError(f"{text!r} is no day such as 2026-03-02")


def read_instant(text: str) -> str:
    """ISO 8601, in UTC unless it says otherwise, as instants are kept; ValueError if it is none."""
    try:
        at = datetime.fromisoformat(text)
        return instant(at if at.tzinfo else at.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is no instant such as 2026-03-02T08:00:00Z") from None
