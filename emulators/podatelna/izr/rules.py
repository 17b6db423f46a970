"""The rules of reports. A rule is true when broken; its name is its key in errors.yaml.

Places are named as the service page of IZR_ODH01B names them, where "UZ" is the ear tag.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from podatelna.izr.eartags import is_tag
from podatelna.izr.history import (
    ARRIVALS,
    CANCELS,
    DEPARTURES,
    IMPORTS,
    RECEIPTS,
    REGISTRATIONS,
    REMOVALS,
    TRANSFERS,
    cancelled,
    last_by,
    position_at,
    taken,
)
from podatelna.izr.model import HOME_SLAUGHTER, Address, Animal, Holding, Movement
from podatelna.kernel.rules import Rule, rule

_COMING: Final = REGISTRATIONS | ARRIVALS | RECEIPTS
"""Of an animal that need not be on the holding that reports."""
ON_HOLDING: Final = "DATUMPREMISTENI, UZ, PROVOZOVNA"
NO_ADDRESS: Final = Address("", "", "", "", "")


@dataclass(frozen=True, slots=True)
class Header:
    """What a report says of itself."""

    holding: Holding
    """The one that reports."""
    stable: str = ""
    card: str = ""
    """Number of the identity card of the person at the temporary holding."""
    address: Address = NO_ADDRESS


@dataclass(frozen=True, slots=True)
class Outside:
    """What is known beside the report."""

    address_exists: bool = True
    own_register_counts: bool = True
    """Whether it matters now that a holding keeps its stable register in the IZR."""


@dataclass(frozen=True, slots=True)
class Event:
    """A row of a report: what befell an animal, and when."""

    tag: str
    """As it was written."""
    species: str
    day: str
    """YYYY-MM-DD"""
    code: int
    other: str = ""
    """The holding that it came from or went to; "" at a temporary holding, which has no number."""
    country: str = ""
    dam: str = ""


@dataclass(frozen=True, slots=True)
class Life:
    """What the register knows of the animal of an event."""

    holding: Holding
    """The one that reports."""
    animal: Animal | None = None
    standing: Sequence[Movement] = ()
    """Its events that hold, in the order of days."""
    last_day: str = ""
    """The last day that is accepted; "": any."""


HeaderRule = Rule[Header, Outside]
EventRule = Rule[Event, Life]


@rule(at="CISLOOP")
def identity_card_missing(header: Header, _: Outside) -> bool:
    return not header.card.strip()


@rule(at="ULICE, CISLO, OBEC, CASTOBCE, PSC")
def address_unknown(_: Header, outside: Outside) -> bool:
    return not outside.address_exists


@rule(at="PROVOZOVNA")
def holding_keeps_own_register(header: Header, outside: Outside) -> bool:
    """Such a holding may report from that register only, on the portal."""
    return header.holding.own_stable_register and outside.own_register_counts


@rule(at="DATUMPREMISTENI, PROVOZOVNA")
def holding_not_registered(event: Event, life: Life) -> bool:
    """A move must be later than the registration of the holding (ČMSCH page)."""
    begin, end = life.holding.registered, life.holding.cancelled
    return event.day <= begin or bool(end and event.day > end)


@rule(at="USNIZNAMKA")
def tag_format(event: Event, _: Life) -> bool:
    return not is_tag(event.tag)


@rule(at="USNIZNAMKA")
def animal_already_registered(event: Event, life: Life) -> bool:
    """With the same place of birth it is no error (public list of error codes, 11)."""
    place = "" if event.code in IMPORTS else life.holding.number
    return life.animal is not None and life.animal.birth_holding != place


@rule(at="USNIZNAMKA")
def animal_unknown(event: Event, life: Life) -> bool:
    return life.animal is None or life.animal.species != event.species


@rule(at="USNIZNAMKA")
def animal_tag_replaced(_: Event, life: Life) -> bool:
    return life.animal is not None and bool(life.animal.replaced_by)


@rule(at="USNIZNAMKA")
def animal_sex_changed(_: Event, life: Life) -> bool:
    return life.animal is not None and life.animal.sex_changed


@rule(at="USNIZNAMKA")
def animal_gone(event: Event, life: Life) -> bool:
    """Out of the register, or something later is known."""
    return any(_rules_out(known, event) for known in life.standing)


@rule(at=ON_HOLDING)
def animal_left(event: Event, life: Life) -> bool:
    here = life.holding.number
    left = any(
        known.code in DEPARTURES and known.holding == here and known.day <= event.day
        for known in life.standing
    )
    return left and not _is_there(event, life) and not _was_sent_here(event, life)


@rule(at=ON_HOLDING)
def arrival_not_reported(event: Event, life: Life) -> bool:
    return _was_sent_here(event, life)


@rule(at=ON_HOLDING)
def animal_not_on_holding(event: Event, life: Life) -> bool:
    """Nor is anything that could be cancelled. A day to come gets this if it is refused at all."""
    if life.last_day and event.day > life.last_day:
        return True
    if event.code in CANCELS:
        return not _can_cancel(event, life)
    return event.code not in _COMING and not _is_there(event, life)


HEADER: Final[tuple[HeaderRule, ...]] = (holding_keeps_own_register,)
"""All of them are looked at. Of a report to be kept by the holding itself."""
HEADER_OF_TEMPORARY: Final[tuple[HeaderRule, ...]] = (
    identity_card_missing,
    address_unknown,
    holding_keeps_own_register,
)
"""Of a move to a temporary holding."""

_REGISTERED = (tag_format, animal_unknown, animal_tag_replaced, animal_sex_changed)
_ENTERING = (tag_format, animal_already_registered, animal_not_on_holding)
_ARRIVING = (*_REGISTERED, animal_gone, animal_not_on_holding)
_LEAVING = (
    *_REGISTERED,
    animal_gone,
    animal_left,
    arrival_not_reported,
    animal_not_on_holding,
)
_CANCELLING = (tag_format, animal_unknown, animal_not_on_holding)
RULES: Final[tuple[Rule[Any, Any], ...]] = (
    *HEADER_OF_TEMPORARY,
    holding_not_registered,
    *_LEAVING,
    animal_already_registered,
)
"""Each of them once."""


def first_broken(event: Event, life: Life) -> EventRule | None:
    """The first rule that an event breaks: in the order 04, 07, 08, 21, 18 (SOURCES.md, Errors)."""
    return next((rule for rule in _chain(event.code) if rule.broken(event, life)), None)


def _chain(code: int) -> tuple[EventRule, ...]:
    if code in REGISTRATIONS:
        return _ENTERING
    if code in _COMING:
        return _ARRIVING
    return _CANCELLING if code in CANCELS else _LEAVING


def _rules_out(known: Movement, event: Event) -> bool:
    """Whether an event that is known leaves no room for another one."""
    if known.code in REMOVALS:
        return event.code not in RECEIPTS
    if known.code in RECEIPTS:
        return event.code in RECEIPTS or event.day > known.day
    return known.code in TRANSFERS and event.day < known.day


def _is_there(event: Event, life: Life) -> bool:
    """Whether the animal was on the holding at the end of the day, or only left it that day.

    Who takes an animal over may be the first to report. A slaughter at home is reported by the
    holding that has sent the animal to a temporary one, which has no number and reports nothing.
    """
    here = life.holding.number
    if position_at(life.standing, event.day).holding == here:
        return True
    if event.code == HOME_SLAUGHTER and _is_at_temporary(event, life):
        return True
    by = taken(life.standing, here, event.day)
    if by is None:
        return False
    return by.code in RECEIPTS if event.code in REMOVALS else by.holding == event.other


def _is_at_temporary(event: Event, life: Life) -> bool:
    last = last_by(life.standing, event.day)
    return (
        last is not None
        and last.code in DEPARTURES
        and (last.holding, last.other) == (life.holding.number, "")
    )


def _was_sent_here(event: Event, life: Life) -> bool:
    last = last_by(life.standing, event.day)
    return last is not None and last.code in DEPARTURES and last.other == life.holding.number


def _can_cancel(event: Event, life: Life) -> bool:
    """A registration can be cancelled as long as nothing else is known of the animal."""
    by = Movement(event.tag, event.code, event.day, life.holding.number)
    only = len(life.standing) == 1 or not CANCELS[event.code] & REGISTRATIONS
    return only and cancelled(life.standing, by) is not None
