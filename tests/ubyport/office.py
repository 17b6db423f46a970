"""An office with an empty register in memory, to file guests at."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from sqlalchemy import Connection, create_engine

from podatelna.kernel.contract import Contract
from podatelna.ubyport.model import Batch, Facility, Filing, Guest, Header, Refusal, Source
from podatelna.ubyport.operations import Desk, Practice, file_guests
from podatelna.ubyport.rules import Facts
from podatelna.ubyport.state import TABLES, Register
from tests.factories import FACTS, TODAY, FacilityFactory, HeaderFactory

NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 9, 30)  # noqa: DTZ001 - local time
LOGIN = "uby-ws000001"
PRODUCTION, TEST = "production", "test"
PRACTICE = Practice(
    list_length=32,
    code_required=False,
    duplicate_check=True,
    duplicates_within_batch=True,
    persons_a_day=0,
)
"""The defaults of service.yaml."""
SEVERITY = {key: entry.severity or 0 for key, entry in Contract("ubyport").errors.items()}


@dataclass
class Office:
    """Two facilities in both environments; everything else a test may change."""

    transaction: Connection
    practice: Practice = PRACTICE
    facts: Facts = FACTS
    severity: dict[str, int] = field(default_factory=lambda: dict(SEVERITY))
    login: str = LOGIN
    environment: str = PRODUCTION
    now: datetime = NOW
    facility: Facility = field(default_factory=FacilityFactory.build)
    neighbour: Facility = field(default_factory=FacilityFactory.build)
    blocked: list[str] = field(default_factory=list)
    stamps: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        for environment in (PRODUCTION, TEST):
            Register(self.transaction, environment).add_facilities([self.facility, self.neighbour])

    @property
    def header(self) -> Header:
        return HeaderFactory.build(facility=self.facility)

    def desk(self, idub: str | None = None) -> Desk:
        return Desk(
            register=Register(self.transaction, self.environment),
            login=self.login,
            idub=self.facility.idub if idub is None else idub,
            now=self.now,
            facts=lambda: self.facts,
            practice=self.practice,
            severity=self.severity.__getitem__,
            next_stamp=lambda: f"STAMP-{next(self.stamps)}",
            block=lambda: self.blocked.append(self.login),
        )

    def try_to_file(self, batch: Batch | None) -> Filing | Refusal:
        return file_guests(self.desk(), batch)

    def file(self, *guests: Guest, source: Source | None = None, ignored: int = 0) -> Filing:
        """File guests for the facility, with a header that nothing is wrong with."""
        batch = Batch(self.header, guests, want_pdf=False)
        filing = file_guests(self.desk(), batch, source, ignored)
        assert isinstance(filing, Filing)
        return filing


@contextmanager
def open_office() -> Iterator[Office]:
    engine = create_engine("sqlite://")
    try:
        with engine.begin() as transaction:
            TABLES.create_all(transaction)
            yield Office(transaction)
    finally:
        engine.dispose()


def outcomes(filing: Filing) -> list[str]:
    """What became of each guest: stored, refused or duplicate."""
    return [
        "duplicate" if verdict.duplicate else "stored" if verdict.stored else "refused"
        for verdict in filing.verdicts
    ]


def codes(filing: Filing) -> list[list[str]]:
    """The findings on each guest."""
    return [[found.code for found in verdict.findings] for verdict in filing.verdicts]
