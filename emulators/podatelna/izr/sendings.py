"""Reports that are sent, of whichever service: what they say, and what is wrong with them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from podatelna.izr.desk import Desk
from podatelna.izr.eartags import canonical
from podatelna.izr.history import BIRTHS, CANCELS, IMPORTS, REGISTRATIONS, standing
from podatelna.izr.model import Address, Animal, Holding, Movement
from podatelna.izr.register import Register
from podatelna.izr.rules import (
    NO_ADDRESS,
    Event,
    EventRule,
    Header,
    HeaderRule,
    Life,
    Outside,
    first_broken,
    holding_not_registered,
)

_SEX = {11: "F", 12: "M", 21: "F", 22: "M", 27: "F", 28: "M"}
"""Of sheep and goats; cattle have them the other way round (Q34)."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a service writes a report: the elements of its payload, and which rules are for it."""

    rules: tuple[HeaderRule, ...]
    report: str
    """The element that holds the report."""
    rows: tuple[str, ...]
    """The way from there to a row."""
    header: tuple[str, ...]
    """Elements of the report itself that can be wrong, in their order."""
    row: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    """What this service calls the elements of IZR_ODH01B."""
    consecutive: bool = False
    """Whether a row builds on those before it: a birth, and a sale of what was born."""

    def named(self, at: str) -> list[str]:
        """The elements that an error belongs to, as this service calls them."""
        return [self.names.get(name, name) for name in at.split(", ")]


@dataclass(frozen=True, slots=True)
class Sending:
    """A report of one holding."""

    service: str
    form: Form
    header: Header
    events: Sequence[Event]
    submits: bool
    """Whether it is sent; else it is only verified."""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A rule that a report breaks."""

    rule: HeaderRule | EventRule
    line: int | None = None
    """The row, from 1; None: the report itself."""
    received: str = ""


class Lives:
    """The animals of a report, read at once, and what becomes of them row by row."""

    def __init__(self, register: Register, header: Header, events: Iterable[Event]) -> None:
        tags = list(dict.fromkeys(canonical(event.tag, event.species) for event in events))
        self._header = header
        self._animals = register.animals(tags)
        self._movements = register.movements_of(tags)
        self._standing: dict[str, list[Movement]] = {}

    def of(self, event: Event, last_day: str = "") -> Life:
        tag = canonical(event.tag, event.species)
        if tag not in self._standing:
            self._standing[tag] = standing(self._movements[tag])
        animal = self._animals.get(tag)
        return Life(self._header.holding, animal, self._standing[tag], last_day)

    def happen(self, event: Event) -> None:
        """Take an event for true."""
        movement = as_movement(event, self._header)
        if event.code in REGISTRATIONS:
            self._animals.setdefault(movement.tag, born(event, self._header.holding))
        elif ends_registration(event.code):
            self._animals.pop(movement.tag, None)
        self._movements[movement.tag].append(movement)
        self._standing.pop(movement.tag, None)


def as_movement(event: Event, header: Header) -> Movement:
    """What the register keeps of an event."""
    return Movement(
        tag=canonical(event.tag, event.species),
        code=event.code,
        day=event.day,
        holding=header.holding.number,
        stable=header.stable,
        other=event.other,
        country=event.country,
    )


def born(event: Event, holding: Holding) -> Animal:
    """The animal that an event brings into the register."""
    return Animal(
        tag=canonical(event.tag, event.species),
        species=event.species,
        sex=_SEX.get(event.code, "X"),
        born=event.day if event.code in BIRTHS else "",
        birth_holding="" if event.code in IMPORTS else holding.number,
        dam=canonical(event.dam, event.species),
        entry=event.code,
    )


def ends_registration(code: int) -> bool:
    """Whether a code cancels births and imports, and the animal with them."""
    return bool(CANCELS.get(code, frozenset()) & REGISTRATIONS)


def verify(desk: Desk, sending: Sending) -> list[Found]:
    """All that is wrong: of each animal the first error, and all of the report itself.

    Only the register is asked: what others, or the same, have sent and what waits is not in it.
    """
    days, events = _in_events(desk, sending)
    if days and len(days) == len(sending.events):
        # An error of every day is one of the report.
        return [*events, *_in_header(desk, sending), replace(days[0], line=None)]
    rows = sorted([*days, *events], key=lambda found: found.line or 0)
    return [*rows, *_in_header(desk, sending)]


def _in_header(desk: Desk, sending: Sending) -> Iterator[Found]:
    header = sending.header
    counts = sending.submits or bool(desk.settings["own_register_in_verification"])
    exists = header.address == NO_ADDRESS or desk.register.has_address(header.address)
    outside = Outside(exists, counts)
    received = {
        "CISLOOP": header.card,
        "PROVOZOVNA": header.holding.number,
        "ULICE, CISLO, OBEC, CASTOBCE, PSC": _written(header.address),
    }
    for rule in sending.form.rules:
        if rule.broken(header, outside):
            yield Found(rule, received=received[rule.at])


def _in_events(desk: Desk, sending: Sending) -> tuple[list[Found], list[Found]]:
    """What is wrong with the days, and with the animals."""
    lives = Lives(desk.register, sending.header, sending.events)
    refused = desk.settings["future_dates"] == "refused"
    last_day = desk.now.date().isoformat() if refused else ""
    days, events = [], []
    for line, event in enumerate(sending.events, start=1):
        life = lives.of(event, last_day)
        if holding_not_registered.broken(event, life):
            days.append(Found(holding_not_registered, line, event.day))
        if rule := first_broken(event, life):
            events.append(Found(rule, line, f"{event.tag} {event.day}"))
        elif sending.form.consecutive:
            lives.happen(event)
    return days, events


def _written(address: Address) -> str:
    parts = (address.street, address.number, address.town, address.town_part, address.postal_code)
    return ", ".join(part for part in parts if part)
