"""What calls of SDNS need, laid under the part that a scenario gives.

Of the world this takes the caller's subject and its prefix. What the world does not tell is that of
the documented default. The number of a message is counted by who sends it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from podatelna_client.acting import Shape
from podatelna_client.acting.sdns_rows import form_of
from podatelna_client.sdns.exchange import LOCAL_TIME

Given = Mapping[str, Any]

_TEXT: Shape = ("text", "null")
_PART: Shape = ({"issue": "number", "number": "number", "end": _TEXT}, "null")
_ROWS: Mapping[str, Shape] = {"row": "any", "rows": ("number", ["any"])}

CALLER: Mapping[str, Shape] = {"username": _TEXT, "password": _TEXT}
"""Of every call: in whose name, if not in the caller's own."""
HOW: Mapping[str, Shape] = {
    **CALLER,
    "prefix": "text",
    "signature": "text",
    "digest": "text",
    "compression": "text",
    "encoding": "text",
    "shape": "text",
    "language": _TEXT,
    "country": _TEXT,
}
"""Of every message: how it is sent."""
MESSAGE: Mapping[str, Shape] = {
    "number": "number",
    "sender": "text",
    "methodology": "text",
    "data_set": "text",
    "subject": "text",
    "scope": "text",
    "as_of": "day",
    "function": "text",
    "status": "text",
    "reason": "text",
    "reference": ("number", "null"),
    "created": "day",
    "part": _PART,
    "audit": _TEXT,
    "note": "text",
    "address": "flag",
    "area": "text",
    "areas": "any",
    **_ROWS,
}
DEFAULTS: Mapping[str, Shape] = {
    **{name: shape for name, shape in MESSAGE.items() if name not in ("number", "areas", "rows")},
    **HOW,
}
"""What may be laid under every call."""

_USUAL: Mapping[str, Any] = {
    "methodology": "MKT20130101.01",
    "data_set": "MOKAS42.04.00",
    "scope": "S_BCPZB",
    "as_of": date(2013, 7, 31),
}
_SUBJECT, _PREFIX = "99990000", "999"
_OCCURRENCE = ("data_set", "as_of", "subject", "scope")
_ROW_NAMES = frozenset({"row", "rows", "area", "areas"})
_WITHOUT_DATA = frozenset({"confirm", "cancel", "withdraw"})


def completed_arguments(method: str, given: Given, setting: Given) -> dict[str, Any]:
    """The whole arguments of a call."""
    place = _Place.of(setting)
    if method in SENDING:
        return _message(method, given, place)
    laid = place.only(CALLER)
    return {**laid, **_FILLS.get(method, _as_given)(place), **given}


SENDING = frozenset(
    {"send", "send_split", "correct", "confirm", "cancel", "change", "withdraw", "complete"}
)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a call is made: the world as its caller has it."""

    usual: Given
    """Values by name: of the scenario's defaults, else of the world, else the documented ones."""
    today: date

    @classmethod
    def of(cls, setting: Given) -> "_Place":
        part = setting["world"].get(setting["environment"], {})
        known = {"subject": _SUBJECT, "prefix": _PREFIX, **_registered(part, setting["login"])}
        return cls(
            usual={**_USUAL, **known, "sender": known["subject"], **setting["defaults"]},
            today=setting["now"].astimezone(ZoneInfo(LOCAL_TIME)).date(),
        )

    def only(self, names: "Mapping[str, Any] | tuple[str, ...]") -> dict[str, Any]:
        """The values of these names, as far as there are any."""
        return {name: self.usual[name] for name in names if name in self.usual}


def _registered(part: Given, login: str) -> dict[str, str]:
    """Subject and prefix of an account; users are known in any case."""
    accounts = part.get("accounts", ())
    own: Given = next((row for row in accounts if _is_for(row, login)), {})
    subject = str(own.get("subject", _SUBJECT))
    subjects = part.get("subjects", ())
    registered: Given = next((row for row in subjects if str(row.get("code")) == subject), {})
    prefix = registered.get("prefix") or own.get("prefix")
    return {"subject": subject, **({"prefix": str(prefix)} if prefix else {})}


def _is_for(row: Given, login: str) -> bool:
    return str(row.get("login", "")).lower() == login.lower()


def _message(method: str, given: Given, place: _Place) -> dict[str, Any]:
    laid = place.only({**MESSAGE, **HOW})
    whole = {"function": "test", **laid, **given}
    rest = {name: value for name, value in whole.items() if name not in _ROW_NAMES}
    if method in _WITHOUT_DATA and not given.keys() & _ROW_NAMES:
        return {**rest, "areas": {}}
    return {**rest, "areas": _areas(given, whole, place.usual.get("row", {}))}


def _areas(given: Given, whole: Given, default: Given) -> Any:
    """The rows of each area: those given, or so many, each laid over a valid one; null: no cell."""
    if "areas" in given:
        return given["areas"]
    form, as_of = form_of(whole["data_set"]), whole["as_of"]
    several = given.get("rows", [given.get("row", {})])
    rows = [{}] * several if isinstance(several, int) else several
    laid = [{**form.row(as_of, place), **default, **row} for place, row in enumerate(rows, 1)]
    return {whole.get("area", form.area): laid}


def _occurrence(place: _Place) -> dict[str, Any]:
    return place.only(_OCCURRENCE)


def _period(place: _Place) -> dict[str, Any]:
    as_of = place.usual["as_of"]
    return {"since": as_of, "until": as_of, **place.only(("subject",))}


def _today(place: _Place) -> dict[str, Any]:
    return {"since": place.today, "until": place.today}


def _methodology(place: _Place) -> dict[str, Any]:
    return place.only(("methodology",))


def _data_set(place: _Place) -> dict[str, Any]:
    return {**_methodology(place), "data_set": place.usual["data_set"].partition(".")[0]}


def _area(place: _Place) -> dict[str, Any]:
    usual = form_of(place.usual["data_set"]).area
    return {**_methodology(place), "area": place.usual.get("area", usual)}


def _dimension(place: _Place) -> dict[str, Any]:
    return {**_methodology(place), "dimension": "IP"}


def _kind(_: _Place) -> dict[str, Any]:
    return {"query": "VYDANI_SEZNAM_JH"}


def _as_given(_: _Place) -> dict[str, Any]:
    return {}


_FILLS: Mapping[str, Callable[[_Place], dict[str, Any]]] = {
    "get_params": _kind,
    "issues": _occurrence,
    "occurrences": _period,
    "header_errors": _today,
    "data_sets": _methodology,
    "data_set_content": _data_set,
    "dimensions": _methodology,
    "dimension_content": _dimension,
    "area_dimensions": _area,
    "accounting": _methodology,
}
