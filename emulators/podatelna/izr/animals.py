"""IZR_GAZ01B, the animals that a keeper has (data model of IZR_GAZ01B, which is cut)."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from podatelna.izr.asking import day_if_given, given, readable
from podatelna.izr.changes import Changes
from podatelna.izr.days import write_day
from podatelna.izr.desk import Desk
from podatelna.izr.model import Animal, Holding, Node, Position, ServiceError, Tree
from podatelna.izr.premises import known_subject, own_holding
from podatelna.izr.reading import Element, boolean_of, text_of

ID: Final = "IZR_GAZ01B"


@readable
def run(desk: Desk, payload: Element) -> Tree | ServiceError:
    """Animals now, or at the end of the day DATUM, by holding, stable and species.

    Every holding that is asked for is told, with nothing in it if there are no animals. SZRID is
    not looked at: "the right element is in RequestHeader" (data model). Nor is KATEGORIEAEO, which
    nothing public explains. States 10, 11, 12 and 14 are those of reports (SOURCES.md, Errors).
    """
    full, day = boolean_of(payload, "GETDATA"), day_if_given(desk, payload, "DATUM")
    holdings = _holdings(desk, payload.findtext("PROVOZOVNA") or "")
    if isinstance(holdings, ServiceError):
        return holdings
    if not full:
        return [("ZvirataBResult", _last_change(desk, holdings))]
    species = text_of(payload, "DRUH")
    dairy = str(desk.contract.constant("dairy_status"))
    found: list[Node] = []
    for holding in holdings:
        animals = desk.register.animals_on(holding.number, species, day)
        found.append(("PROVOZOVNA", [("CZ", holding.number), *_stables(animals, dairy)]))
    return [("ZvirataBResult", found)]


def _holdings(desk: Desk, number: str) -> list[Holding] | ServiceError:
    """The holding of a number, or all of the subject."""
    if not number:
        return known_subject(desk) or desk.register.holdings_of(desk.subject)
    holding = own_holding(desk, number)
    return holding if isinstance(holding, ServiceError) else [holding]


def _last_change(desk: Desk, holdings: Sequence[Holding]) -> list[Node]:
    """When the register last learned of something; before that, the day of the last event."""
    register = desk.register
    changes = Changes(register.transaction, register.environment)
    found = []
    for holding in holdings:
        day = register.last_day(holding.number)
        found.append(changes.last(holding.number) or (write_day(day) if day else ""))
    return given(("DATZMENY", max(found, default="")))


def _stables(animals: Sequence[tuple[Animal, Position]], dairy: str) -> Iterator[Node]:
    """Animals in no stable come first, in one without a number."""
    ordered = sorted(animals, key=lambda each: (each[1].stable, each[0].species, each[0].tag))
    for stable, inside in groupby(ordered, key=lambda each: each[1].stable):
        species: list[Node] = [
            ("DRUH", [("NAZEVDRUHU", name), *(_animal(animal, dairy) for animal, _ in group)])
            for name, group in groupby(inside, key=lambda each: each[0].species)
        ]
        yield ("STAJ", [*given(("CISLO", stable)), *species])


def _animal(animal: Animal, dairy: str) -> Node:
    return (
        "ZVIRE",
        given(
            ("USNIZNAMKA", animal.tag),
            ("POHLAVI", animal.sex),
            ("PLEMENO", animal.breed),
            ("HOSPODARSTVINAROZENI", animal.birth_holding),
            ("DUVODZAVEDENI", str(animal.entry)),
            ("DOJENYSTATUT", dairy),
            ("CISLOMATKY", animal.dam),
            ("CISLOOTCE", animal.sire),
        ),
    )
