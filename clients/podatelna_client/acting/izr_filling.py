"""What calls of the IZR need, laid under the part that a scenario gives.

Of the world this takes the caller's first subject, its first holding, the animals that are there
and the first person. What the world does not tell is that of the documented default.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from podatelna_client.acting import Shape
from podatelna_client.izr import SHEEP
from podatelna_client.izr.item import LOCAL_TIME

HOW: Mapping[str, Shape] = {"subject": "text", "namespace": "text", "certificate": "text"}
"""Of every call: for whom, in which payload namespace, and with a certificate instead of a token.
"""

Rows = Sequence[Mapping[str, Any]]
Given = Mapping[str, Any]

_SUBJECT, _HOLDING = "1000000001", "12345678"
_TAG, _IDENTITY_CARD = "CZ0000012345126", "123456789"
_DEATH = 50
_COMING = frozenset({11, 12, 21, 22, 27, 28, 30, *range(35, 40)})
_LEAVING = frozenset({40, 41, 50, 53, 60, 63, 64, 70, *range(75, 80), 80})
"""Event codes: an animal is on a holding from the first on, and is not from the others on."""


def completed_arguments(method: str, given: Given, setting: Given) -> dict[str, Any]:
    """The whole arguments of a call."""
    place = _Place.of(setting)
    laid = {name: place.defaults[name] for name in HOW if name in place.defaults}
    fill = _FILLS.get(method)
    return {"subject": place.subject, **laid, **(fill(given, place) if fill else given)}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a call is made: the world as its caller has it."""

    defaults: Given
    today: date
    subject: str
    holdings: Rows
    animals: Rows
    persons: Rows

    @classmethod
    def of(cls, setting: Given) -> "_Place":
        part = setting["world"].get(setting["environment"], {})
        account: Given = next(
            (row for row in part.get("accounts", ()) if _is_for(row, setting["login"])), {}
        )
        subjects = account.get("subjects") or [_SUBJECT]
        return cls(
            defaults=setting["defaults"],
            today=setting["now"].astimezone(ZoneInfo(LOCAL_TIME)).date(),
            subject=str(next(iter(subjects))),
            holdings=part.get("holdings", ()),
            animals=part.get("animals", ()),
            persons=part.get("persons", ()),
        )

    def holding(self, given: Given) -> Any:
        """That of the call, of the scenario, or the first one of the subject."""
        own = (row["number"] for row in self.holdings if row.get("subject") == self.subject)
        usual = self.defaults.get("holding") or next(own, _HOLDING)
        return given.get("holding", usual)

    def kept(self, holding: Any) -> list[dict[str, Any]]:
        """Tags and species of a holding's animals; of one that has none, the documented one."""
        rows = [row for row in self.animals if _is_at(row, holding)] or [{}]
        return [{"tag": row.get("tag", _TAG), "species": row.get("species", SHEEP)} for row in rows]

    @property
    def identity_card(self) -> Any:
        """Of a person whom the registers know."""
        usual = next((row["card"] for row in self.persons), _IDENTITY_CARD)
        return self.defaults.get("identity_card", usual)


def _is_for(row: Given, login: str) -> bool:
    return str(row.get("login", "")).lower() == login.lower()


def _is_at(animal: Given, holding: Any) -> bool:
    """Whether an animal is on a holding, so that it can be reported without an error."""
    place = animal.get("birth_holding")
    for movement in animal.get("movements", ()):
        if movement["code"] in _LEAVING:
            place = None
        elif movement["code"] in _COMING:
            place = movement["holding"]
    changed = animal.get("replaced_by") or animal.get("sex_changed")
    return place == holding and not changed


def _move(given: Given, place: _Place) -> dict[str, Any]:
    holding = place.holding(given)
    usual = [{**animal, "moved": place.today} for animal in place.kept(holding)]
    rest = {name: value for name, value in given.items() if name != "animal"}
    animals = _listed(given, "animal", place, usual)
    return {"holding": holding, "identity_card": place.identity_card, **rest, "animals": animals}


def _events(given: Given, place: _Place) -> dict[str, Any]:
    holding, species = place.holding(given), given.get("species", SHEEP)
    kept = [animal["tag"] for animal in place.kept(holding) if animal["species"] == species]
    usual = [{"tag": tag, "code": _DEATH, "day": place.today} for tag in kept or [_TAG]]
    rest = {name: value for name, value in given.items() if name != "event"}
    events = _listed(given, "event", place, usual)
    return {"holding": holding, "species": species, **rest, "events": events}


def _listed(
    given: Given, name: str, place: _Place, usual: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The animals or events of a report: those given, or so many, each laid over its usual one."""
    several = given.get(f"{name}s", [given.get(name, {})])
    rows = [{}] * several if isinstance(several, int) else several
    default = place.defaults.get(name, {})
    return [{**_one(usual, position), **default, **row} for position, row in enumerate(rows)]


def _one(usual: Sequence[Mapping[str, Any]], position: int) -> Mapping[str, Any]:
    """The usual one at a position; behind the last one the first again, with a tag of its own."""
    if position < len(usual):
        return usual[position]
    return {**usual[0], "tag": f"CZ{position:013}"}


def _with_holding(given: Given, place: _Place) -> dict[str, Any]:
    return {"holding": place.holding(given), **given}


def _since_today(given: Given, place: _Place) -> dict[str, Any]:
    return {"start": place.today, **given}


def _with_animals(given: Given, place: _Place) -> dict[str, Any]:
    return {"animals": place.kept(place.holding(given))[:1], **given}


_FILLS: Mapping[str, Callable[[Given, _Place], dict[str, Any]]] = {
    "verify_move": _move,
    "submit_move": _move,
    "verify_events": _events,
    "submit_events": _events,
    "logs": _since_today,
    "last_change_of_logs": _since_today,
    "animal_details": _with_animals,
    "ordered_tags": _with_holding,
}
