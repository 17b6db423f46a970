"""The register: subjects, holdings, animals and what happened to them, persons and addresses."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from podatelna.izr import queries
from podatelna.izr.backlog import Backlog
from podatelna.izr.errorlog import ErrorLog
from podatelna.izr.history import position
from podatelna.izr.model import (
    Address,
    Animal,
    Holding,
    Movement,
    Person,
    Position,
    Stable,
    Subject,
)
from podatelna.izr.tables import HOLDING
from podatelna.kernel.statements import Statement
from podatelna.kernel.tables import heard

_AT_ONCE = 10_000
"""Rows that are written in one go, so that a large world is not in memory twice."""


@dataclass(frozen=True, slots=True)
class HoldingSearch:
    """Which holdings are looked for; "" leaves a condition out."""

    type: str = ""
    active_on: str = ""
    """A day on which they are not yet cancelled."""
    cancelled_by: str = ""
    """A day on which they are cancelled."""
    region: str = ""
    changed_since: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """The register of one environment, within one transaction.

    Days are YYYY-MM-DD. Tags are canonical, see `eartags`; those that are not are not found.
    """

    transaction: Connection
    environment: str

    @property
    def backlog(self) -> Backlog:
        """What was sent and not yet processed."""
        return Backlog(self.transaction, self.environment)

    @property
    def log(self) -> ErrorLog:
        return ErrorLog(self.transaction, self.environment)

    # -- keepers, and who may act for them

    def subject(self, subject: str) -> Subject | None:
        row = self._row(queries.ONE_SUBJECT, the_id=subject)
        return Subject(row[0], row[1], bool(row[2])) if row else None

    def subjects(self) -> list[Subject]:
        rows = self._rows(queries.SUBJECTS)
        return [Subject(row[0], row[1], bool(row[2])) for row in rows]

    def add_subjects(self, subjects: Iterable[Subject]) -> None:
        self._add(queries.ADD_SUBJECT, map(queries.row, subjects))

    def add_rights(self, login: str, subjects: Iterable[str]) -> None:
        """Let a login act for subjects. Logins are the same in any case of letters."""
        rows = ({"login": login.lower(), "subject": subject} for subject in subjects)
        self._add(queries.ADD_RIGHT, rows)

    def add_certificate(self, serial: str, login: str) -> None:
        """Import a certificate for a login."""
        self._add(queries.ADD_CERTIFICATE, [{"serial": serial, "login": login.lower()}])

    # -- holdings

    def holding(self, number: str) -> Holding | None:
        row = self._row(queries.ONE_HOLDING, the_number=number)
        return _holding(row) if row else None

    def holdings_of(self, subject: str) -> list[Holding]:
        """In the order of their numbers, cancelled ones too."""
        return [_holding(row) for row in self._rows(queries.HOLDINGS_OF, the_subject=subject)]

    def holdings(self, search: HoldingSearch) -> list[Holding]:
        """In the order of their numbers."""
        found = queries.HOLDINGS
        if search.type:
            found = found.where(HOLDING.c.type == search.type)
        if search.active_on:
            found = found.where(
                (HOLDING.c.cancelled == "") | (HOLDING.c.cancelled > search.active_on)
            )
        if search.cancelled_by:
            found = found.where(
                HOLDING.c.cancelled != "", HOLDING.c.cancelled <= search.cancelled_by
            )
        if search.region:
            found = found.where(HOLDING.c.region == search.region)
        if search.changed_since:
            found = found.where(HOLDING.c.changed >= search.changed_since)
        rows = self.transaction.execute(found, {"where": self.environment})
        return [_holding(row) for row in rows]

    def last_holding_change(self, kind: str = "") -> str:
        """When a holding, of a type or of any, was changed last; "" if there is none."""
        found = queries.HOLDING_CHANGED
        if kind:
            found = found.where(HOLDING.c.type == kind)
        return self.transaction.execute(found, {"where": self.environment}).scalar_one() or ""

    def add_holdings(self, holdings: Iterable[Holding]) -> None:
        self._add(queries.ADD_HOLDING, map(queries.row, holdings))

    def change_holding(self, holding: Holding) -> None:
        """Replace what is recorded of a holding."""
        self._run(queries.CHANGE_HOLDING, queries.row(holding) | {"the_number": holding.number})

    def stable(self, holding: str, number: str) -> Stable | None:
        row = self._row(queries.ONE_STABLE, the_holding=holding, the_number=number)
        return Stable(*row) if row else None

    def stables(self, holding: str) -> list[Stable]:
        return [Stable(*row) for row in self._rows(queries.STABLES, the_holding=holding)]

    def add_stables(self, stables: Iterable[Stable]) -> None:
        self._add(queries.ADD_STABLE, map(queries.row, stables))

    # -- animals

    def animal(self, tag: str) -> Animal | None:
        return self.animals([tag]).get(tag)

    def animals(self, tags: Sequence[str]) -> dict[str, Animal]:
        """Those that are registered, by tag."""
        found = {}
        for group in queries.grouped(tags):
            for row in self._rows(queries.animals_tagged(len(group)), **group):
                found[row[0]] = _animal(row)
        return found

    def animals_on(
        self, holding: str, species: str = "", on_day: str = ""
    ) -> list[tuple[Animal, Position]]:
        """Animals on a holding now, or at the end of a day, by species and tag."""
        if on_day:
            return self._animals_on_day(holding, species, on_day)
        if species:
            query, more = queries.ON_HOLDING_OF_SPECIES, {"the_species": species}
        else:
            query, more = queries.ON_HOLDING, {}
        rows = self._rows(query, the_holding=holding, **more)
        return [(_animal(row[:-3]), Position(*row[-3:])) for row in rows]

    def _animals_on_day(
        self, holding: str, species: str, day: str
    ) -> list[tuple[Animal, Position]]:
        tags = self.tags_seen_on(holding, "", day)
        animals, movements = self.animals(tags), self.movements_of(tags)
        found = []
        for animal in animals.values():
            there = position(movements[animal.tag], day)
            if there.holding == holding and species in ("", animal.species):
                found.append((animal, there))
        return sorted(found, key=lambda each: (each[0].species, each[0].tag))

    def tags_seen_on(self, holding: str, since: str, until: str) -> list[str]:
        """Tags of animals that something happened to on a holding in an interval of days."""
        rows = self._rows(queries.SEEN_ON_HOLDING, the_holding=holding, since=since, until=until)
        return [row[0] for row in rows]

    def offspring(self, parent: str) -> list[Animal]:
        return [_animal(row) for row in self._rows(queries.OFFSPRING, the_parent=parent)]

    def add_animals(self, lives: Iterable[tuple[Animal, Sequence[Movement]]]) -> None:
        """Animals, each with all of its movements in the order of recording.

        Where they are now follows from the movements, and so do the numbers of these.
        """
        rest = iter(lives)
        while group := list(islice(rest, _AT_ONCE)):
            self._add(queries.ADD_ANIMAL, (_placed(*life) for life in group))
            self._add(queries.ADD_MOVEMENT, (row for _, life in group for row in _numbered(life)))

    def change_animal(self, animal: Animal) -> None:
        """Replace what is recorded of an animal."""
        self._run(queries.CHANGE_ANIMAL, queries.row(animal) | {"the_tag": animal.tag})

    def remove_animal(self, tag: str) -> None:
        """Take an animal out as if it had never been registered; its events are kept."""
        self._run(queries.REMOVE_ANIMAL, {"the_tag": tag})

    # -- what happened to them

    def movements(self, tag: str) -> list[Movement]:
        """In the order of recording, cancellations and what they took back too."""
        return self.movements_of([tag])[tag]

    def movements_of(self, tags: Sequence[str]) -> dict[str, list[Movement]]:
        """For each of the tags, in the order of recording."""
        found: dict[str, list[Movement]] = {tag: [] for tag in tags}
        for group in queries.grouped(tags):
            for row in self._rows(queries.movements_tagged(len(group)), **group):
                found[row[0]].append(Movement(*row))
        return found

    def position(self, tag: str) -> Position:
        """Where an animal is now."""
        row = self._row(queries.POSITION, the_tag=tag)
        return Position(*row) if row else Position()

    def record(self, movement: Movement) -> Movement:
        """Record an event of a registered animal; it goes where the event leads it."""
        before = self.movements(movement.tag)
        recorded = replace(movement, number=len(before) + 1)
        self._add(queries.ADD_MOVEMENT, [queries.row(recorded)])
        now = position([*before, recorded])
        self._run(queries.MOVE_ANIMAL, queries.row(now) | {"the_tag": movement.tag})
        return recorded

    def last_day(self, holding: str) -> str:
        """The day of the last event on a holding; "" if nothing has happened there."""
        row = self._row(queries.LAST_DAY, the_holding=holding)
        return (row[0] if row else "") or ""

    # -- basic registers

    def has_person(self, card: str) -> bool:
        """Whether an identity card of this number was issued."""
        return self._row(queries.ONE_PERSON, the_card=card) is not None

    def persons(self) -> list[Person]:
        return [Person(*row) for row in self._rows(queries.PERSONS)]

    def add_persons(self, persons: Iterable[Person]) -> None:
        self._add(queries.ADD_PERSON, map(queries.row, persons))

    def has_address(self, address: Address) -> bool:
        """Whether there is an address with these parts; "" leaves a part open."""
        given = {name: part for name, part in queries.row(address).items() if part}
        values = {f"the_{name}": part for name, part in given.items()}
        return self._row(queries.address_with(tuple(given)), **values) is not None

    def addresses(self) -> list[Address]:
        return [Address(*row) for row in self._rows(queries.ADDRESSES)]

    def add_addresses(self, addresses: Iterable[Address]) -> None:
        self._add(queries.ADD_ADDRESS, map(queries.row, addresses))

    # -- statements, in this environment

    def _row(self, statement: Statement, **values: str) -> Sequence[Any] | None:
        return statement.row(self.transaction, self._here(values))

    def _rows(self, statement: Statement, **values: str) -> list[Sequence[Any]]:
        return statement.rows(self.transaction, self._here(values))

    def _run(self, statement: Statement, values: Mapping[str, Any]) -> None:
        statement.run(self.transaction, {**values, "where": self.environment})

    def _add(self, statement: Statement, rows: Iterable[Mapping[str, Any]]) -> None:
        environment = {"environment": self.environment}
        statement.run_many(self.transaction, [{**row, **environment} for row in rows])

    def _here(self, values: Mapping[str, str]) -> dict[str, str]:
        heard_of = {name: heard(value) for name, value in values.items()}
        return {**heard_of, "where": self.environment}


def _holding(row: Sequence[Any]) -> Holding:
    """SQLite has 0 and 1 for booleans."""
    values = (*row[:-1], bool(row[-1]))
    return Holding(*values)


def _animal(row: Sequence[Any]) -> Animal:
    values = (*row[:-2], bool(row[-2]), row[-1])
    return Animal(*values)


def _placed(animal: Animal, life: Sequence[Movement]) -> dict[str, Any]:
    return queries.row(animal) | queries.row(position(life))


def _numbered(life: Sequence[Movement]) -> Iterator[dict[str, Any]]:
    for number, movement in enumerate(life, start=1):
        yield queries.row(movement) | {"number": number}
