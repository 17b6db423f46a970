"""Arguments and answers of calls: whether what a scenario says of them has their shape.

A shape is a mapping of keys to shapes, a list of the shape of its items, one of the words in
`WORDS`, `error:KIND` for the key of an error of that kind, or a tuple of shapes of which one must
fit. It is plain data, so that the clients can describe their calls without knowing this house.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from podatelna.kernel.scenario.document import Place, Refusal
from podatelna.kernel.spelling import meant

WORDS: Mapping[str, tuple[type, str]] = {
    "text": (str, "text in quotes"),
    "number": (int, "a whole number"),
    "flag": (bool, "true or false"),
    "day": (date, "a date or an instant"),
    "null": (type(None), "null"),
    "error": (str, "the key of an error"),
    "any": (object, "anything"),
}
_SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    "number": {"type": "integer"},
    "flag": {"type": "boolean"},
    "null": {"type": "null"},
    "any": {},
}
_TEXT = {"type": "string"}


def misfits(value: Any, shape: Any, place: Place) -> Iterator[Refusal]:
    """Where `value` does not have the shape."""
    fitting = _fitting(value, shape)
    if fitting is None:
        wanted = " or ".join(_told(each) for each in _alternatives(shape))
        yield Refusal(place, f"{_name(place)} takes {wanted}, not {value!r}")
        return
    for key in _strange_keys(value, fitting):
        yield Refusal((*place, key), f"unknown key {key}{meant(str(key), fitting)}")
    for part, of, where in _parts(value, fitting, place):
        yield from misfits(part, of, where)


def error_keys(value: Any, shape: Any, place: Place) -> Iterator[tuple[str, str, Place]]:
    """Kind, key and place of the errors that a value of this shape names."""
    fitting = _fitting(value, shape)
    if isinstance(fitting, str) and fitting.startswith("error:"):
        yield fitting.partition(":")[2], value, place
    for part, of, where in _parts(value, fitting, place):
        yield from error_keys(part, of, where)


def schema_of(shape: Any) -> Mapping[str, Any]:
    """The JSON Schema of a shape, for editors."""
    if isinstance(shape, tuple):
        alternatives = [schema_of(each) for each in shape]
        return alternatives[0] if len(shape) == 1 else {"anyOf": alternatives}
    if isinstance(shape, Mapping):
        members = {key: schema_of(of) for key, of in shape.items()}
        return {"type": "object", "properties": members, "additionalProperties": False}
    if isinstance(shape, list):
        return {"type": "array", "items": schema_of(shape[0])}
    return _SCHEMAS.get(shape, _TEXT)


def _alternatives(shape: Any) -> tuple[Any, ...]:
    return shape if isinstance(shape, tuple) else (shape,)


def _fitting(value: Any, shape: Any) -> Any:
    return next((each for each in _alternatives(shape) if _is_kind(value, each)), None)


def _strange_keys(value: Any, shape: Any) -> list[Any]:
    return [key for key in value if key not in shape] if isinstance(shape, Mapping) else []


def _parts(value: Any, shape: Any, place: Place) -> Iterator[tuple[Any, Any, Place]]:
    """Members or items that have a shape of their own."""
    if isinstance(shape, Mapping):
        for key in value:
            if key in shape:
                yield value[key], shape[key], (*place, key)
    elif isinstance(shape, list):
        for position, item in enumerate(value):
            yield item, shape[0], (*place, position)


def _is_kind(value: Any, shape: Any) -> bool:
    if isinstance(shape, str):
        kind, _ = WORDS[shape.partition(":")[0]]
        # To Python true and false are numbers; to a scenario they are not.
        return isinstance(value, kind) and (kind is not int or not isinstance(value, bool))
    return isinstance(value, Mapping if isinstance(shape, Mapping) else list)


def _told(shape: Any) -> str:
    if isinstance(shape, str):
        return WORDS[shape.partition(":")[0]][1]
    return "a mapping" if isinstance(shape, Mapping) else "a list"


def _name(place: Place) -> str:
    return next((step for step in reversed(place) if isinstance(step, str)), "it")
