"""Arguments of calls: whether they have the shape that the call takes.

A shape is a mapping of keys to shapes, a list of the shape of its items, one of the words in
`WORDS`, or a tuple of shapes of which one must fit. It is plain data, so that the clients can
describe their calls without knowing this house.
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
}


def misfits(value: Any, shape: Any, place: Place) -> Iterator[Refusal]:
    """Where `value` does not have the shape."""
    alternatives = shape if isinstance(shape, tuple) else (shape,)
    fitting = next((each for each in alternatives if _is_kind(value, each)), None)
    if fitting is None:
        wanted = " or ".join(_told(each) for each in alternatives)
        yield Refusal(place, f"{_name(place)} takes {wanted}, not {value!r}")
    elif isinstance(fitting, Mapping):
        yield from _members(value, fitting, place)
    elif isinstance(fitting, list):
        for position, item in enumerate(value):
            yield from misfits(item, fitting[0], (*place, position))


def _members(value: Any, shape: Mapping[str, Any], place: Place) -> Iterator[Refusal]:
    for key, member in value.items():
        if key in shape:
            yield from misfits(member, shape[key], (*place, key))
        else:
            yield Refusal((*place, key), f"unknown key {key}{meant(str(key), shape)}")


def _is_kind(value: Any, shape: Any) -> bool:
    if isinstance(shape, str):
        kind, _ = WORDS[shape]
        # To Python true and false are numbers; to a scenario they are not.
        return isinstance(value, kind) and (kind is not int or not isinstance(value, bool))
    return isinstance(value, Mapping if isinstance(shape, Mapping) else list)


def _told(shape: Any) -> str:
    if isinstance(shape, str):
        return WORDS[shape][1]
    return "a mapping" if isinstance(shape, Mapping) else "a list"


def _name(place: Place) -> str:
    return next((step for step in reversed(place) if isinstance(step, str)), "it")
