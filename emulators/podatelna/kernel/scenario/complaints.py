"""What pydantic finds wrong, in sentences that name the key and what it takes."""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic_core import ErrorDetails

from podatelna.kernel.scenario.document import Place, Refusal
from podatelna.kernel.scenario.part import REFUSED

_TAKES = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "tuple_type": "a list",
    "list_type": "a list",
    "datetime_type": "an instant such as 2026-03-02T08:00:00Z",
    "greater_than_equal": "{ge:g} or more",
    "greater_than": "more than {gt:g}",
    "literal_error": "{expected}",
}


def complaints(raw: Any, errors: Sequence[ErrorDetails]) -> list[Refusal]:
    """One for each place: all that it might have taken is one sentence."""
    told: dict[Place, list[str]] = {}
    found: list[Refusal] = []
    for error in errors:
        place = _place(raw, error)
        if takes := _TAKES.get(error["type"]):
            told.setdefault(place, []).append(takes.format(**error.get("ctx", {})))
        else:
            found.append(Refusal(place, _sentence(error)))
    return found + [_refusal(raw, place, takes) for place, takes in told.items()]


def _refusal(raw: Any, place: Place, takes: Sequence[str]) -> Refusal:
    value = raw
    for step in place:
        value = value[step]
    name = next((step for step in reversed(place) if isinstance(step, str)), "a scenario file")
    # Instead of True and False the way YAML writes them.
    wanted = " or ".join(takes).replace("True", "true")
    return Refusal(place, f"{name} takes {wanted}, not {value!r}")


def _sentence(error: ErrorDetails) -> str:
    if error["type"] == "missing":
        return f"{error['loc'][-1]} is missing"
    if error["type"] == REFUSED:
        return error["msg"]
    return str(error.get("ctx", {}).get("error", error["msg"]))


def _place(raw: Any, error: ErrorDetails) -> Place:
    """The error's place in the document, without what pydantic puts in for members of unions."""
    key = error.get("ctx", {}).get("key", "")
    return tuple(_existing(raw, (*error["loc"], key)))


def _existing(value: Any, steps: Sequence[str | int]) -> Iterator[str | int]:
    for step in steps:
        inside = isinstance(value, dict) and step in value
        if inside or (isinstance(value, list) and isinstance(step, int) and step < len(value)):
            value = value[step]
            yield step
