"""The methods of the IZR client: what each takes, how it is called, what is told of its answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from podatelna_client.acting import Shape
from podatelna_client.acting.shapes import shape_of
from podatelna_client.izr import (
    Accepted,
    AnimalDetail,
    Answer,
    Carrier,
    CodeRow,
    Event,
    EventReport,
    Holding,
    Item,
    IzrClient,
    KeptAnimal,
    LogEntry,
    Move,
    MovedAnimal,
    TagOrder,
    TagOrderLine,
    ValidationError,
)

Arguments = Mapping[str, Any]
Values = dict[str, Any]
Run = Callable[[IzrClient, Arguments], Values]

_DAY: Shape = ("day", "text", "null")
_TEXT: Shape = ("text", "null")
ANIMAL: Mapping[str, Shape] = {**shape_of(MovedAnimal), "moved": ("day", "text")}
EVENT: Mapping[str, Shape] = {**shape_of(Event), "day": _DAY, "carrier": (shape_of(Carrier),)}
_ANIMALS: Mapping[str, Shape] = {"animal": ANIMAL, "animals": ("number", [ANIMAL])}
_EVENTS: Mapping[str, Shape] = {"event": EVENT, "events": ("number", [EVENT])}
MOVE: Mapping[str, Shape] = {**shape_of(Move), **_ANIMALS}
EVENTS: Mapping[str, Shape] = {"species": "text", **shape_of(EventReport), **_EVENTS}
_EMAIL: Mapping[str, Shape] = {"email": _TEXT}
_PLACE: Mapping[str, Shape] = {"holding": _TEXT, "species": _TEXT}
_PERIOD: Mapping[str, Shape] = {"start": _DAY, "end": _DAY, **_PLACE}
_HOLDINGS: Mapping[str, Shape] = {"kind": "text", "state": "text"}
_DETAILED: Mapping[str, Shape] = {"tag": "text", "species": "text"}
_LINE = shape_of(TagOrderLine)

ERROR_ROW: Mapping[str, Shape] = {**shape_of(ValidationError), "elements": ["text"]}
"""An error of a report, with which it was refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method of the client."""

    takes: Mapping[str, Shape] = field(default_factory=dict)
    answers: Mapping[str, Shape]
    run: Run
    exclusive: Sequence[Sequence[str]] = ()


def error_values(errors: Sequence[ValidationError]) -> Values:
    """The errors of a report, row by row, and their codes alone."""
    return {"rows": rows_of(errors), "codes": [error.code for error in errors]}


def rows_of(values: Sequence[Any]) -> list[Any]:
    """A row for each of the client's values."""
    return [_plain(asdict(value)) for value in values]


def _plain(value: Any) -> Any:
    """Tuples as lists, however deep."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, tuple | list) else value


def _moment(value: Any) -> Any:
    """Scenarios write moments without a zone in UTC; a date is a day in Czech time."""
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return value


def _with_moments(given: Arguments) -> Values:
    return {name: _moment(value) for name, value in given.items()}


def _move(given: Arguments) -> Move:
    rest = {name: value for name, value in given.items() if name not in ("animals", "email")}
    animals = tuple(MovedAnimal(**_with_moments(animal)) for animal in given["animals"])
    return Move(animals=animals, **rest)


def _events(given: Arguments) -> EventReport:
    return EventReport(
        holding=given["holding"],
        stable=given.get("stable"),
        events=tuple(_event(event) for event in given["events"]),
    )


def _event(given: Arguments) -> Event:
    carrier = given.get("carrier")
    rest = {**_with_moments(given), "carrier": Carrier(**carrier) if carrier else None}
    return Event(**rest)


def _accepted(accepted: Accepted) -> Values:
    return {**asdict(accepted), **error_values(())}


def _reporting(takes: Mapping[str, Shape], names: Sequence[str], run: Run) -> Method:
    answers = {**shape_of(Accepted), "rows": [ERROR_ROW], "codes": [_TEXT]}
    return Method(takes=takes, answers=answers, run=run, exclusive=[tuple(names)])


def _listing(name: str, takes: Mapping[str, Shape], kind: type, **members: Shape) -> Method:
    def run(client: IzrClient, given: Arguments) -> Values:
        return {"rows": rows_of(getattr(client, name)(**_with_moments(given)))}

    return Method(takes=takes, answers={"rows": [{**shape_of(kind), **members}]}, run=run)


def _telling(name: str, takes: Mapping[str, Shape]) -> Method:
    def run(client: IzrClient, given: Arguments) -> Values:
        return {"value": getattr(client, name)(**_with_moments(given))}

    return Method(takes=takes, answers={"value": ("day", "null")}, run=run)


def _details(client: IzrClient, given: Arguments) -> Values:
    animals = [(animal["tag"], animal["species"]) for animal in given["animals"]]
    kinds = {"kinds": given["kinds"]} if "kinds" in given else {}
    return {"rows": rows_of(client.animal_details(animals, **kinds))}


def _changes(client: IzrClient, given: Arguments) -> Values:
    found = client.changed_holdings(**_with_moments(given))
    return {"rows": rows_of(found.holdings), "changed": found.changed}


def _code_lists(client: IzrClient, given: Arguments) -> Values:
    """Rows of all lists, each with the name of its list."""
    lists = client.code_lists(**given)
    rows = [{"list": each.name, **row} for each in lists for row in rows_of(each.rows)]
    return {"lists": [each.name for each in lists], "rows": rows}


def _call(client: IzrClient, given: Arguments) -> Values:
    answer: Answer = client.call(**given)
    return {"sid": answer.sid, "request_id": answer.request_id, "content": _content(answer.content)}


def _content(item: Item) -> Any:
    """An element as plain data: its text, or lists of what is in it, by name."""
    if not item.children:
        return item.value
    names = dict.fromkeys(child.name for child in item.children)
    return {name: [_content(child) for child in item.items(name)] for name in names}


METHODS: Mapping[str, Method] = {
    "verify_move": _reporting(
        MOVE, tuple(_ANIMALS), lambda client, given: _accepted(client.verify_move(_move(given)))
    ),
    "submit_move": _reporting(
        {**MOVE, **_EMAIL},
        tuple(_ANIMALS),
        lambda client, given: _accepted(client.submit_move(_move(given), given.get("email"))),
    ),
    "verify_events": _reporting(
        EVENTS,
        tuple(_EVENTS),
        lambda client, given: _accepted(client.verify_events(given["species"], _events(given))),
    ),
    "submit_events": _reporting(
        {**EVENTS, **_EMAIL},
        tuple(_EVENTS),
        lambda client, given: _accepted(
            client.submit_events(given["species"], _events(given), given.get("email"))
        ),
    ),
    "logs": _listing("logs", _PERIOD, LogEntry),
    "last_change_of_logs": _telling("last_change_of_logs", _PERIOD),
    "animals": _listing(
        "animals", {**_PLACE, "day": _DAY, "categories": ("flag", "null")}, KeptAnimal
    ),
    "last_change_of_animals": _telling("last_change_of_animals", _PLACE),
    "animal_details": Method(
        takes={"animals": [_DETAILED], "kinds": ["text"]},
        answers={"rows": [{**shape_of(AnimalDetail), "more": ["any"]}]},
        run=_details,
    ),
    "ordered_tags": _listing("ordered_tags", _PERIOD, TagOrder, lines=[_LINE]),
    "holdings": _listing("holdings", {**_HOLDINGS, "region": _TEXT}, Holding),
    "changed_holdings": Method(
        takes={**_HOLDINGS, "since": _DAY},
        answers={"rows": [shape_of(Holding)], "changed": ("day", "null")},
        run=_changes,
    ),
    "last_change_of_holdings": _telling("last_change_of_holdings", _HOLDINGS),
    "code_lists": Method(
        takes={"name": _TEXT},
        answers={"lists": ["text"], "rows": [{"list": "text", **shape_of(CodeRow)}]},
        run=_code_lists,
    ),
    "call": Method(
        takes={"service": "text", "payload": "any", "signed": "flag"},
        answers={"sid": "text", "request_id": "text", "content": "any"},
        run=_call,
    ),
}
