"""The register: facilities, filings and the stays that were stored."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from hashlib import blake2b

from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    RowMapping,
    String,
    Table,
    bindparam,
    func,
    insert,
    select,
)

from podatelna.kernel.statements import Statement
from podatelna.ubyport.model import Facility, Filing, Guest, Verdict

TABLES = MetaData()

FACILITY = Table(
    "ubyport_facility",
    TABLES,
    Column("environment", String, primary_key=True),
    Column("idub", String, primary_key=True),
    *(
        Column(item.name, String, nullable=False)
        for item in fields(Facility)
        if item.name != "idub"
    ),
)
FILING = Table(
    "ubyport_filing",
    TABLES,
    Column("stamp", String, primary_key=True),
    Column("environment", String, nullable=False),
    Column("idub", String, nullable=False),
    Column("login", String, nullable=False),
    Column("at", String, nullable=False),
    Column("day", String, nullable=False),
    Column("total", Integer, nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("duplicates", Integer, nullable=False),
    Column("ignored", Integer, nullable=False),
    Column("source", String, nullable=False),
    Index("ubyport_filing_by_day", "environment", "login", "day"),
)
STAY = Table(
    "ubyport_stay",
    TABLES,
    Column("stamp", String, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("environment", String, nullable=False),
    Column("idub", String, nullable=False),
    Column("key", String, nullable=False),
    Column("surname", String),
    Column("given_name", String),
    Column("birth_date", String),
    Column("nationality", String),
    Column("document_number", String),
    Column("visa_number", String),
    Column("purpose", Integer),
    Column("arrival", String, nullable=False),
    Column("departure", String, nullable=False),
    Column("residence", String),
    Column("note", String),
    Index("ubyport_stay_by_key", "environment", "idub", "key"),
)

_FACILITY = Statement(
    select(*(FACILITY.c[item.name] for item in fields(Facility))).where(
        FACILITY.c.environment == bindparam("where"), FACILITY.c.idub == bindparam("which")
    )
)
_ADD_FACILITY = insert(FACILITY)
_ADD_FILING = Statement(insert(FILING))
_ADD_STAY = Statement(insert(STAY))
_ONE_KEY = Statement(
    select(STAY.c.key).where(
        STAY.c.environment == bindparam("where"),
        STAY.c.idub == bindparam("which"),
        STAY.c.key == bindparam("key"),
    )
)
_KEYS = select(STAY.c.key).where(
    STAY.c.environment == bindparam("where"),
    STAY.c.idub == bindparam("which"),
    STAY.c.key.in_(bindparam("keys", expanding=True)),
)
_REPORTED = Statement(
    select(func.coalesce(func.sum(FILING.c.total), 0)).where(
        FILING.c.environment == bindparam("where"),
        FILING.c.login == bindparam("who"),
        FILING.c.day == bindparam("day"),
    )
)
_STAYS = select(STAY).order_by(STAY.c.environment, STAY.c.idub, STAY.c.stamp, STAY.c.position)
_FILINGS = select(FILING).order_by(FILING.c.at, FILING.c.stamp)

_BETWEEN = "\x1f"
_GUEST_FIELDS = tuple(item.name for item in fields(Guest))


def duplicate_key(guest: Guest) -> str:
    """What makes two reports of one facility the same: 32 hexadecimal digits.

    Both dates, names, birth date, nationality, document and purpose count; note, visa and residence
    do not (police letter of 2026). A purpose that is null is 99, and a date with dots is the same
    date without them.
    """
    parts = (
        guest.arrival,
        guest.departure,
        (guest.surname or "").upper(),
        (guest.given_name or "").upper(),
        (guest.birth_date or "").replace(".", ""),
        guest.nationality,
        guest.document_number,
        99 if guest.purpose is None else guest.purpose,
    )
    return blake2b(_BETWEEN.join(map(str, parts)).encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Register:
    """The register of one environment, within one transaction."""

    transaction: Connection
    environment: str

    def facility(self, idub: str) -> Facility | None:
        row = _FACILITY.row(self.transaction, {"where": self.environment, "which": idub})
        return Facility(*row) if row else None

    def add_facilities(self, facilities: Iterable[Facility]) -> None:
        rows = [asdict(facility) | {"environment": self.environment} for facility in facilities]
        if rows:
            self.transaction.execute(_ADD_FACILITY, rows)

    def known(self, idub: str, keys: Sequence[str]) -> set[str]:
        """Those of the duplicate keys that are stored for the facility."""
        place = {"where": self.environment, "which": idub}
        if len(keys) == 1:
            row = _ONE_KEY.row(self.transaction, place | {"key": keys[0]})
            return {row[0]} if row else set()
        rows = self.transaction.execute(_KEYS, place | {"keys": keys})
        return {row[0] for row in rows}

    def reported(self, login: str, day: date) -> int:
        """How many guests the account has reported on a day, refused ones too."""
        asked = {"where": self.environment, "who": login, "day": day.isoformat()}
        row = _REPORTED.row(self.transaction, asked)
        return int(row[0]) if row else 0

    def file(self, filing: Filing, login: str) -> None:
        """Store a filing and its accepted guests."""
        verdicts = filing.verdicts
        stored = sum(verdict.stored for verdict in verdicts)
        duplicates = sum(verdict.duplicate for verdict in verdicts)
        _ADD_FILING.run(
            self.transaction,
            {
                "stamp": filing.stamp,
                "environment": self.environment,
                "idub": filing.facility.idub,
                "login": login,
                "at": filing.at.isoformat(),
                "day": filing.at.date().isoformat(),
                "total": len(verdicts),
                "accepted": stored,
                "refused": len(verdicts) - stored - duplicates,
                "duplicates": duplicates,
                "ignored": filing.ignored,
                "source": filing.source.name if filing.source else "",
            },
        )
        rows = [
            self._stay(filing, position, verdict)
            for position, verdict in enumerate(verdicts)
            if verdict.stored
        ]
        if rows:
            _ADD_STAY.run_many(self.transaction, rows)

    def _stay(self, filing: Filing, position: int, verdict: Verdict) -> dict[str, object]:
        guest = verdict.guest
        row: dict[str, object] = {name: getattr(guest, name) for name in _GUEST_FIELDS}
        row["arrival"], row["departure"] = str(guest.arrival), str(guest.departure)
        row["stamp"], row["position"] = filing.stamp, position
        row["environment"], row["idub"] = self.environment, filing.facility.idub
        row["key"] = verdict.key
        return row


def stays(transaction: Connection) -> list[RowMapping]:
    """All stored stays of both environments, as rows."""
    return list(transaction.execute(_STAYS).mappings())


def filings(transaction: Connection) -> list[RowMapping]:
    """All filings of both environments, oldest first, as rows."""
    return list(transaction.execute(_FILINGS).mappings())
