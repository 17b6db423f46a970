"""Statements on the tables of the register, compiled once each."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import cache
from typing import Any, Final

from sqlalchemy import Table, bindparam, delete, func, insert, select, union, update
from sqlalchemy.sql import ColumnElement, Select

from podatelna.izr.model import Address, Animal, Holding, Movement, Person, Stable, Subject
from podatelna.izr.tables import (
    ADDRESS,
    ANIMAL,
    CERTIFICATE,
    HOLDING,
    MOVEMENT,
    PERSON,
    RIGHT,
    STABLE,
    SUBJECT,
)
from podatelna.kernel.statements import Statement

SIZES: Final = (1, 10, 100)
"""Of the groups in which animals are looked up: few statements, whatever the number of animals."""


def names(kind: type[Any]) -> list[str]:
    return [item.name for item in fields(kind)]


def row(value: Any) -> dict[str, Any]:
    """A value of the model by column names. A million times, so without the copies of `asdict`."""
    return {name: getattr(value, name) for name in value.__slots__}


def here(table: Table) -> ColumnElement[bool]:
    """The condition on the environment, which each statement has."""
    return table.c.environment == bindparam("where")


def _all(table: Table, kind: type[Any], *by: str) -> Select[Any]:
    columns = [table.c[name] for name in names(kind)]
    conditions = (table.c[name] == bindparam(f"the_{name}") for name in by)
    return select(*columns).where(here(table), *conditions)


SUBJECTS = Statement(_all(SUBJECT, Subject).order_by(SUBJECT.c.id))
ONE_SUBJECT = Statement(_all(SUBJECT, Subject, "id"))
ADD_SUBJECT = Statement(insert(SUBJECT))

ADD_RIGHT = Statement(insert(RIGHT))
ADD_CERTIFICATE = Statement(insert(CERTIFICATE))

HOLDINGS = _all(HOLDING, Holding).order_by(HOLDING.c.number)
ONE_HOLDING = Statement(_all(HOLDING, Holding, "number"))
HOLDINGS_OF = Statement(_all(HOLDING, Holding, "subject").order_by(HOLDING.c.number))
HOLDING_CHANGED = select(func.max(HOLDING.c.changed)).where(here(HOLDING))
ADD_HOLDING = Statement(insert(HOLDING))
CHANGE_HOLDING = Statement(
    update(HOLDING).where(here(HOLDING), HOLDING.c.number == bindparam("the_number")),
    [name for name in names(Holding) if name != "number"],
)

ONE_STABLE = Statement(_all(STABLE, Stable, "holding", "number"))
STABLES = Statement(_all(STABLE, Stable, "holding").order_by(STABLE.c.number))
ADD_STABLE = Statement(insert(STABLE))

PERSONS = Statement(_all(PERSON, Person).order_by(PERSON.c.card))
ONE_PERSON = Statement(_all(PERSON, Person, "card"))
ADD_PERSON = Statement(insert(PERSON))
ADDRESSES = Statement(_all(ADDRESS, Address).order_by(*ADDRESS.primary_key.columns))
ADD_ADDRESS = Statement(insert(ADDRESS))

PLACE = (ANIMAL.c.holding, ANIMAL.c.stable, ANIMAL.c.since)
_ANIMAL = [ANIMAL.c[name] for name in names(Animal)]
_ON_HOLDING = (
    select(*_ANIMAL, *PLACE)
    .where(here(ANIMAL), ANIMAL.c.holding == bindparam("the_holding"))
    .order_by(ANIMAL.c.species, ANIMAL.c.tag)
)
ON_HOLDING = Statement(_ON_HOLDING)
ON_HOLDING_OF_SPECIES = Statement(_ON_HOLDING.where(ANIMAL.c.species == bindparam("the_species")))
SEEN_ON_HOLDING = Statement(
    select(MOVEMENT.c.tag)
    .where(
        here(MOVEMENT),
        MOVEMENT.c.holding == bindparam("the_holding"),
        MOVEMENT.c.day >= bindparam("since"),
        MOVEMENT.c.day <= bindparam("until"),
    )
    .distinct()
    .order_by(MOVEMENT.c.tag)
)
"""Tags of animals that something happened to on a holding in an interval of days."""
_BY_PARENT = (
    _all(ANIMAL, Animal).where(parent == bindparam("the_parent"))
    for parent in (ANIMAL.c.dam, ANIMAL.c.sire)
)
OFFSPRING = Statement(union(*_BY_PARENT).order_by("born", "tag"))
"""By dam or sire: two questions, because SQLite uses no index on either for `or`."""
POSITION = Statement(select(*PLACE).where(here(ANIMAL), ANIMAL.c.tag == bindparam("the_tag")))
ADD_ANIMAL = Statement(insert(ANIMAL))
_ONE_ANIMAL = (here(ANIMAL), ANIMAL.c.tag == bindparam("the_tag"))
CHANGE_ANIMAL = Statement(
    update(ANIMAL).where(*_ONE_ANIMAL), [name for name in names(Animal) if name != "tag"]
)
MOVE_ANIMAL = Statement(update(ANIMAL).where(*_ONE_ANIMAL), ["holding", "stable", "since"])
REMOVE_ANIMAL = Statement(delete(ANIMAL).where(*_ONE_ANIMAL))
LAST_DAY = Statement(
    select(func.max(MOVEMENT.c.day)).where(
        here(MOVEMENT), MOVEMENT.c.holding == bindparam("the_holding")
    )
)
ADD_MOVEMENT = Statement(insert(MOVEMENT))


@cache
def animals_tagged(size: int) -> Statement:
    """Animals by `t0`, `t1`, ... up to the size."""
    return Statement(select(*_ANIMAL).where(here(ANIMAL), ANIMAL.c.tag.in_(_tags(size))))


@cache
def movements_tagged(size: int) -> Statement:
    """Movements of the animals `t0`, `t1`, ... in the order of recording."""
    columns = [MOVEMENT.c[name] for name in names(Movement)]
    return Statement(
        select(*columns)
        .where(here(MOVEMENT), MOVEMENT.c.tag.in_(_tags(size)))
        .order_by(MOVEMENT.c.tag, MOVEMENT.c.number)
    )


def _tags(size: int) -> list[ColumnElement[Any]]:
    return [bindparam(f"t{number}") for number in range(size)]


@cache
def address_with(given: tuple[str, ...]) -> Statement:
    """An address by some of its parts."""
    return Statement(_all(ADDRESS, Address, *given).limit(1))


def grouped(tags: Sequence[str]) -> Iterator[dict[str, str]]:
    """Parameters of `*_tagged`: groups of SIZES, the last one filled up with its last tag."""
    start = 0
    while start < len(tags):
        left = len(tags) - start
        size = max((size for size in SIZES if size <= left), default=1)
        if 1 < left < SIZES[1]:
            size = SIZES[1]
        group = tags[start : start + size]
        yield {f"t{number}": group[min(number, len(group) - 1)] for number in range(size)}
        start += size
