"""The register as its own office sees it: rows for admin calls."""

import re
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import Column, Select, Table, select

from podatelna.izr import queries
from podatelna.izr.eartags import canonical
from podatelna.izr.model import Animal, Holding, LogRow, Position, Stable, Subject
from podatelna.izr.register import Register
from podatelna.izr.tables import ANIMAL, HOLDING, LOG, STABLE, SUBJECT
from podatelna.izr.tagorders import TagOrders
from podatelna.izr.worldreader import check_day
from podatelna.kernel.admincalls import Asked
from podatelna.kernel.tables import heard

MOST_ROWS: Final = 1000
"""Of one answer; the next ones come `after` the last id, number or tag."""

Listed = list[dict[str, Any]]


def open_register(asked: Asked) -> Register:
    return Register(asked.visit.transaction, asked.environment)


def find_animal(register: Register, tag: str) -> Animal:
    """An animal by its tag, in any form; ValueError if there is none."""
    forms = [tag, canonical(tag, "OVC"), canonical(tag, "TUR")]
    found = register.animals(forms)
    for form in forms:
        if form in found:
            return found[form]
    raise ValueError(f"there is no animal {tag!r}")


def list_subjects(asked: Asked) -> Listed:
    return _page(asked, _rows_of(SUBJECT, Subject), SUBJECT.c.id)


def list_holdings(asked: Asked) -> Listed:
    """`subject` for those of one."""
    found = _only(asked, _rows_of(HOLDING, Holding), HOLDING.c.subject)
    return _page(asked, found, HOLDING.c.number)


def list_stables(asked: Asked) -> Listed:
    """Those of a `holding`."""
    found = _only(asked, _rows_of(STABLE, Stable), STABLE.c.holding)
    return _page(asked, found, STABLE.c.number)


def list_animals(asked: Asked) -> Listed:
    """Animals with where they are now.

    `tag` for one, `holding` and `species` for those that are somewhere; with a holding and `on`
    where they were at the end of that day.
    """
    if tag := asked.query.get("tag"):
        register = open_register(asked)
        animal = find_animal(register, tag)
        return [_placed(animal, register.position(animal.tag))]
    if day := asked.query.get("on"):
        return _on_day(asked, day)
    found = select(*(ANIMAL.c[name] for name in (*queries.names(Animal), *_PLACE)))
    found = _only(asked, _only(asked, found, ANIMAL.c.holding), ANIMAL.c.species)
    return _page(asked, found, ANIMAL.c.tag)


def list_movements(asked: Asked) -> Listed:
    """What happened to the animal with a `tag`, in the order of recording."""
    register = open_register(asked)
    animal = find_animal(register, asked.query.get("tag", ""))
    return [asdict(movement) for movement in register.movements(animal.tag)]


def list_persons(asked: Asked) -> Listed:
    return [asdict(person) for person in open_register(asked).persons()]


def list_addresses(asked: Asked) -> Listed:
    return [asdict(address) for address in open_register(asked).addresses()]


def list_orders(asked: Asked) -> Listed:
    """Orders of a `holding`, with the tags that remain now."""
    orders = TagOrders(asked.visit.transaction, asked.environment)
    return [asdict(order) for order in orders.of(asked.query.get("holding", ""))]


def list_reports(asked: Asked) -> Listed:
    """What was sent and not yet processed; `due` is in UTC."""
    return [asdict(report) for report in open_register(asked).backlog.all()]


def list_log(asked: Asked) -> Listed:
    """The error logs of all subjects; `subject` for those of one."""
    found = select(LOG.c.number, *(LOG.c[name] for name in queries.names(LogRow)))
    return _page(asked, _only(asked, found, LOG.c.subject), LOG.c.number)


_PLACE = queries.names(Position)


def _on_day(asked: Asked, day: str) -> Listed:
    check_day(day)
    holding, species = (asked.query.get(name, "") for name in ("holding", "species"))
    if not holding:
        raise ValueError("on needs a holding")
    found = open_register(asked).animals_on(holding, species, day)
    return [_placed(animal, place) for animal, place in found]


def _placed(animal: Animal, place: Position) -> dict[str, Any]:
    return asdict(animal) | asdict(place)


def _rows_of(table: Table, kind: type[Any]) -> Select[Any]:
    return select(*(table.c[name] for name in queries.names(kind)))


def _only(asked: Asked, found: Select[Any], by: Column[str]) -> Select[Any]:
    """The rows with the value that the query has for a column, if it has one."""
    value = asked.query.get(by.name)
    return found.where(by == heard(value)) if value else found


def _page(asked: Asked, found: Select[Any], by: Column[Any]) -> Listed:
    """Rows in order, from that `after` which the query asks."""
    if after := asked.query.get("after"):
        found = found.where(by > _of_kind(by, after))
    found = found.where(by.table.c.environment == asked.environment).order_by(by).limit(MOST_ROWS)
    return [dict(row) for row in asked.visit.transaction.execute(found).mappings()]


def _of_kind(by: Column[Any], after: str) -> str | int:
    if by.type.python_type is str:
        return heard(after)
    if not re.fullmatch("[0-9]{1,9}", after):
        raise ValueError(f"after is a number, not {after}")
    return int(after)
