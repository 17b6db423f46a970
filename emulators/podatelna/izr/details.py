"""IZR_ZVI01A, what is known of animals, by ear tag (data model of IZR_ZVI01A, which is cut; Q21).

Everybody is told of every animal: nothing public says whom the service refuses.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from podatelna.izr.asking import given, readable
from podatelna.izr.codes import Codes, codes
from podatelna.izr.days import write_day
from podatelna.izr.desk import Desk
from podatelna.izr.eartags import canonical
from podatelna.izr.history import positions, standing
from podatelna.izr.model import Animal, Movement, Node, Tree
from podatelna.izr.reading import Element, text_of
from podatelna.izr.register import Register

ID: Final = "IZR_ZVI01A"


@dataclass(frozen=True, slots=True)
class Known:
    """An animal with its events, and where more is to be found."""

    animal: Animal
    movements: Sequence[Movement]
    """In the order of recording."""
    register: Register
    sexes: Codes


@dataclass(frozen=True, slots=True)
class Stay:
    """How long an animal was at one place; `until` is "" if it is there."""

    holding: str
    stable: str
    since: str
    until: str


@readable
def run(desk: Desk, payload: Element) -> Tree:
    """Animals in the order in which they were asked for, without those that are not registered.

    An old tag has a record of its own, which ends where the new tag's begins.
    """
    kinds = {text_of(each, "TYP") for each in payload.findall("TYPDATA")}
    asked = [_tag_of(each) for each in payload.findall("USNIZNAMKY")]
    tags = list(dict.fromkeys(tag for tag, _ in asked))
    animals, movements = desk.register.animals(tags), desk.register.movements_of(tags)
    sexes = codes(desk.contract, "sexes")
    found: list[Node] = []
    for tag, species in asked:
        animal = animals.get(tag)
        if animal is not None and animal.species == species:
            known = Known(animal, movements[tag], desk.register, sexes)
            found.append(("USNIZNAMKY", [*_always(known), *_more(known, kinds)]))
    return [("ZvireDetailResult", found)]


def _tag_of(asked: Element) -> tuple[str, str]:
    species = text_of(asked, "DRUHZVIRETE")
    return canonical(text_of(asked, "USNIZNAMKA"), species), species


def _always(known: Known) -> list[Node]:
    animal = known.animal
    return given(
        ("USNIZNAMKA", animal.tag),
        ("DRUHZVIRETE", animal.species),
        ("POHLAVI", known.sexes[animal.sex]["word"]),
        ("PLEMENO", animal.breed),
    )


def _more(known: Known, kinds: Iterable[str]) -> Iterator[Node]:
    for kind, tell in KINDS.items():
        if kind in kinds:
            yield from tell(known)


def _basics(known: Known) -> list[Node]:
    animal = known.animal
    return given(
        ("DATUMNAROZENI", write_day(animal.born) if animal.born else ""),
        ("HOSPODARSTVINAROZENI", animal.birth_holding),
        ("DUVODZAVEDENI", str(animal.entry)),
        ("CISLOMATKY", animal.dam),
        ("CISLOOTCE", animal.sire),
    )


def _reports(known: Known) -> list[Node]:
    """All that was reported, cancellations and what they took back too."""
    return [("HLASENI", _report(movement)) for movement in known.movements]


def _report(movement: Movement) -> list[Node]:
    return given(
        ("PROVOZOVNAHLASICI", movement.holding),
        ("STAJHLASENI", movement.stable),
        ("PROVOZOVNA", movement.other),
        ("ZEME", movement.country),
        ("KODPOHYBU", str(movement.code)),
        ("DATUM", write_day(movement.day)),
    )


def _holdings(known: Known) -> list[Node]:
    """A change of stables ends no stay on a holding."""
    stays = list(stays_of(known.movements, stables=False))
    return [("POLOHY", [("PROVOZOVNA", stay.holding), *_interval(stay)]) for stay in stays]


def _stables(known: Known) -> list[Node]:
    """Where the stable was told."""
    return [
        ("POLOHYSTAJE", [("PROVOZOVNA", stay.holding), ("STAJ", stay.stable), *_interval(stay)])
        for stay in stays_of(known.movements, stables=True)
        if stay.stable
    ]


def _interval(stay: Stay) -> list[Node]:
    return given(
        ("DATUMOD", write_day(stay.since)),
        ("DATUMDO", write_day(stay.until) if stay.until else ""),
    )


def _offspring(known: Known) -> list[Node]:
    return [("POTOMCI", _child(known, each)) for each in known.register.offspring(known.animal.tag)]


def _child(known: Known, child: Animal) -> list[Node]:
    return given(
        ("USNIZNAMKA", child.tag),
        ("DRUHZVIRETE", child.species),
        ("POHLAVI", known.sexes[child.sex]["word"]),
        ("DATUMNAROZENI", write_day(child.born) if child.born else ""),
    )


KINDS: Final[Mapping[str, Callable[[Known], list[Node]]]] = {
    "Zaklad": _basics,
    "Hlaseni": _reports,
    "Polohy": _holdings,
    "PolohyStaje": _stables,
    "Potomci": _offspring,
}
"""Kinds of data, in the order of their elements; of the others nothing is known (Q21)."""


def stays_of(movements: Iterable[Movement], *, stables: bool) -> Iterator[Stay]:
    """Where an animal has been, in the order of time; with or without its stables."""
    here: Stay | None = None
    for movement, place in positions(standing(movements)):
        stable = place.stable if stables else ""
        if here and (here.holding, here.stable) == (place.holding, stable):
            continue
        if here:
            yield Stay(here.holding, here.stable, here.since, movement.day)
        here = Stay(place.holding, stable, movement.day, "") if place.holding else None
    if here:
        yield here
