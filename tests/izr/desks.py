"""Desks over a small register in memory: one keeper with sheep and goats, and its neighbours."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree
from sqlalchemy import Connection, create_engine

from podatelna.izr import events, logs, moves
from podatelna.izr.desk import Desk
from podatelna.izr.model import (
    PRODUCTION,
    Address,
    Animal,
    Caller,
    Holding,
    LogRow,
    Movement,
    Person,
    ServiceError,
    Stable,
    Subject,
    Tree,
)
from podatelna.izr.processing import process
from podatelna.izr.register import Register
from podatelna.izr.tables import TABLES
from podatelna.kernel.contract import Contract
from podatelna.kernel.settings import Value

CONTRACT = Contract("izr")
PRAGUE = ZoneInfo("Europe/Prague")
NOW = datetime(2025, 5, 2, 8, tzinfo=PRAGUE)
TODAY = "2025-05-02"

SUBJECT, NEIGHBOUR, BUTCHER = "1000000001", "1000000002", "1000000003"
HOME, SECOND, OTHER, SHAMBLES, OWN = "12345678", "12345679", "23456789", "34567890", "45678901"
TAG, EWE, GOAT = "CZ0000012345126", "CZ0000012345127", "CZ0000012345128"
UNKNOWN = "CZ0000099999999"
CARD = "123456789"
BORN = "2024-03-01"
HOUSE = Address("Hlavní", "1", "Mělník", "Mělník", "27601")

HOLDINGS = (
    Holding(HOME, SUBJECT, "Ovčín", registered="2020-01-01"),
    Holding(SECOND, SUBJECT, "Salaš", registered="2025-04-01", cancelled="2025-04-20"),
    Holding(OTHER, NEIGHBOUR, "Soused", registered="2020-01-01"),
    Holding(SHAMBLES, BUTCHER, "Jatky", type="J", registered="2010-01-01"),
    Holding(OWN, SUBJECT, "Vlastní registr", registered="2020-01-01", own_stable_register=True),
)


def animal(tag: str = TAG, species: str = "OVC", **changes: Any) -> Animal:
    """A ewe that was born at home."""
    made = Animal(tag, species, "F", born=BORN, birth_holding=HOME, breed="SF")
    return replace(made, **changes)


def born(tag: str = TAG, holding: str = HOME, day: str = BORN) -> Movement:
    return Movement(tag, 21, day, holding)


def life(
    *events: tuple[int, str, str] | tuple[int, str, str, str], tag: str = TAG
) -> list[Movement]:
    """Events as code, day, holding and the other holding, if any."""
    return [
        Movement(tag, code, day, holding, other="".join(other))
        for code, day, holding, *other in events
    ]


@dataclass
class Office:
    """A register with one calling subject; what the journal and the outbox would get is kept."""

    transaction: Connection
    now: datetime = NOW
    subject: str = SUBJECT
    settings: dict[str, Value] = field(default_factory=dict)
    told: list[tuple[str, str, str]] = field(default_factory=list)
    posted: list[tuple[str, str, str]] = field(default_factory=list)
    environment: str = PRODUCTION
    _numbers: dict[str, Iterator[int]] = field(default_factory=dict)

    @property
    def register(self) -> Register:
        return Register(self.transaction, self.environment)

    def set(self, **settings: Value) -> None:
        for name, value in settings.items():
            CONTRACT.settings.check(name, value)
        self.settings |= settings

    def desk(self) -> Desk:
        return Desk(
            register=self.register,
            environment=self.environment,
            now=self.now,
            settings=CONTRACT.settings.over(self.settings),
            contract=CONTRACT,
            caller=Caller("99sandbox", frozenset({self.subject})),
            subject=self.subject,
            next_number=lambda series: next(self._numbers.setdefault(series, count(1))),
            post=lambda *letter: self.posted.append(letter),
            tell=lambda *finding: self.told.append(finding),
        )

    def give(self, tag: str, *movements: Movement, **changes: Any) -> None:
        """Register an animal with its events."""
        self.register.add_animals([(animal(tag, **changes), movements)])

    # -- calls

    def move(self, *animals: str, verify: bool = False, **elements: str) -> Tree | ServiceError:
        """IZR_ODH01B, with the rows as XML or as tags of sheep that leave today."""
        rows = "".join(each if each.startswith("<") else row(each) for each in animals or (TAG,))
        header = {"PROVOZOVNA": HOME, "CISLOOP": CARD} | elements
        email = header.pop("EMAIL", "")
        return self.call(
            moves.run,
            f"<JenOverit>{str(verify).lower()}</JenOverit><EMAIL>{email}</EMAIL>"
            f"<HLASENI>{written(header)}<ZVIRATA>{rows}</ZVIRATA></HLASENI>",
        )

    def report(
        self, *rows: Mapping[str, str], verify: bool = False, goats: bool = False, **header: str
    ) -> Tree | ServiceError:
        """IZR_OZO01A or IZR_OZK01A."""
        about = {"Provozovna": HOME} | header
        email = about.pop("EMAIL", "")
        lines = "".join(f"<Hlaseni>{written(each)}</Hlaseni>" for each in rows)
        return self.call(
            events.run_goats if goats else events.run_sheep,
            f"<ZasilaneHlaseni>{written(about)}{lines}</ZasilaneHlaseni>"
            f"<JenOverit>{str(verify).lower()}</JenOverit><EMAIL>{email}</EMAIL>",
        )

    def logs(self, since: str = "2025-01-01", until: str = "2025-12-31", **elements: str) -> Any:
        """IZR_CHIZZ01B; the result's children."""
        asked = {
            "DATUMOD": f"{since}T00:00:00",
            "DATUMDO": f"{until}T00:00:00",
            "GETDATA": "true",
        } | elements
        answer = self.call(logs.run, written(asked))
        return answer if isinstance(answer, ServiceError) else answer[0][1]

    def call(
        self, run: Callable[[Desk, Any], Tree | ServiceError], payload: str
    ) -> Tree | ServiceError:
        return run(self.desk(), etree.fromstring(f"<Request>{payload}</Request>"))

    # -- what has become of it

    def log(self) -> list[LogRow]:
        """All rows, of all subjects."""
        found = self.transaction.exec_driver_sql(
            "SELECT subject, holding, species, processed, code, severity, text, reported, tag, dam,"
            " other, country, event FROM izr_log ORDER BY number"
        )
        return [LogRow(*each) for each in found]

    def codes(self) -> list[str]:
        return [each.code for each in self.log()]

    def process(self) -> None:
        """Process all that waits."""
        for number in self.register.backlog.numbers():
            process(self.desk(), self.register.backlog.take(number))


def written(elements: Mapping[str, str]) -> str:
    return "".join(f"<{name}>{text}</{name}>" for name, text in elements.items())


def row(tag: str = TAG, day: str = TODAY, species: str = "OVC") -> str:
    """A row of IZR_ODH01B."""
    return (
        f"<ZVIRE><USNIZNAMKA>{tag}</USNIZNAMKA><DRUH>{species}</DRUH>"
        f"<DATUMPREMISTENI>{day}T00:00:00</DATUMPREMISTENI></ZVIRE>"
    )


def event(code: int, tag: str = TAG, day: str = TODAY, **elements: str) -> dict[str, str]:
    """A row of IZR_OZO01A."""
    told = {"KodPohybu": str(code), "Datum": f"{day}T00:00:00", "UsniZnamka": tag}
    return {**elements, **told}


@contextmanager
def opened() -> Iterator[Office]:
    """A register with two sheep and a goat at home."""
    engine = create_engine("sqlite://")
    with engine.begin() as transaction:
        TABLES.create_all(transaction)
        fill(Register(transaction, PRODUCTION))
        yield Office(transaction)
    engine.dispose()


def fill(register: Register) -> None:
    register.add_subjects(Subject(each, "Chovatel") for each in (SUBJECT, NEIGHBOUR, BUTCHER))
    register.add_holdings(HOLDINGS)
    register.add_stables([Stable(HOME, "01", "Ovčín"), Stable(HOME, "02")])
    register.add_persons([Person(CARD)])
    register.add_addresses([HOUSE])
    register.add_animals(
        [
            (animal(TAG), [born(TAG)]),
            (animal(EWE), [born(EWE)]),
            (animal(GOAT, "KOZ"), [born(GOAT)]),
        ]
    )


def found_in(answer: Tree | ServiceError) -> list[dict[str, str]]:
    """The rows of the collection in state 5."""
    assert isinstance(answer, ServiceError)
    assert answer.key == "validation_failed"
    ((name, rows),) = answer.inner
    assert name == "ValidacniChyby"
    assert not isinstance(rows, str)
    return [dict(children) for _, children in rows]  # type: ignore[arg-type] - of a list


def codes_in(answer: Tree | ServiceError) -> list[str]:
    return [found["KodChyby"] for found in found_in(answer)]
