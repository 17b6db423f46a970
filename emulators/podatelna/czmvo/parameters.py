"""Parameters of a call, from a JSON body or a URL, as the functions take them (manual 2.2-2.3)."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from podatelna.czmvo.model import TIME, Refusal

Given = Mapping[str, Any]
"""What came: values of JSON, or texts and lists of texts of a URL."""
Values = Mapping[str, Any]
"""What was read, by the wire's names. What was not given is not there."""

LARGEST = 2**31 - 1
"""Numbers are kept in 32 bits; no id, page or counter of the agency comes near."""
_NUMBER = re.compile(r"-?[0-9]{1,10}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_FLAGS = {"true": True, "1": True, "false": False, "0": False}

Read = Callable[[Any], Any]
"""A value as the function takes it; ValueError if it cannot be one."""
Needed = Callable[[Values], bool]
"""Whether the other values call for one more; those that are wrong count as given."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a function."""

    name: str
    read: Read
    required: bool | Needed = False
    may_be_empty: bool = False
    """An empty text is a value of its own; else it counts as not given."""


def text(value: Any) -> str:
    """PHP takes a number for a text without a word."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise ValueError(value)


def uprc(value: Any) -> str:
    """Ids of alerts are compared without regard to case, and answered in capitals (Q38)."""
    return text(value).strip().upper()


def uprcs(value: Any) -> tuple[str, ...]:
    """One alert or an array of them, each once."""
    return tuple(dict.fromkeys(map(uprc, value if isinstance(value, list) else [value])))


def flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    found = _FLAGS.get(text(value).lower())
    if found is None:
        raise ValueError(value)
    return found


def number(value: Any) -> int:
    """An integer, as a number or as digits (`"id":"20"` and `"id":22` both occur)."""
    written = text(value)
    if not _NUMBER.fullmatch(written) or abs(int(written)) > LARGEST:
        raise ValueError(value)
    return int(written)


def numbers(value: Any) -> tuple[int, ...]:
    """An array of numbers; in a URL `id=1,2` too."""
    if isinstance(value, str):
        value = value.split(",")
    return tuple(map(number, value if isinstance(value, list) else [value]))


def moment(value: Any) -> str:
    """An instant in UTC, `YYYY-MM-DD HH:MM:SS`, as it was given."""
    written = text(value)
    if not _MOMENT.fullmatch(written):
        raise ValueError(value)
    datetime.strptime(written, TIME)  # noqa: DTZ007 - it is only checked; the text goes on
    return written


def day(value: Any) -> str:
    """A day, `YYYY-MM-DD`, as it was given."""
    written = text(value)
    if not _DAY.fullmatch(written):
        raise ValueError(value)
    date.fromisoformat(written)
    return written


def read(takes: Iterable[Parameter], given: Given) -> Values | Refusal:
    """The values of a function's parameters; others are passed over.

    What is missing is told before what is wrong, as in the order that SOURCES.md tells.
    """
    takes = tuple(takes)
    values = {
        parameter.name: _read(parameter, given[parameter.name])
        for parameter in takes
        if _is_given(parameter, given.get(parameter.name))
    }
    for parameter in takes:
        if parameter.name not in values and _is_needed(parameter, values):
            return Refusal("value_missing", parameter.name, "nothing")
    wrong = next((value for value in values.values() if isinstance(value, Refusal)), None)
    return wrong or values


def not_allowed(name: str, value: object) -> Refusal:
    """Code 5, which names the parameter."""
    return Refusal("value_not_allowed", name, repr(value)[:200], {"name": name})


def _read(parameter: Parameter, value: Any) -> Any:
    try:
        return parameter.read(value)
    except (ValueError, TypeError):
        return not_allowed(parameter.name, value)


def _is_needed(parameter: Parameter, values: Values) -> bool:
    needed = parameter.required
    return needed if isinstance(needed, bool) else needed(values)


def _is_given(parameter: Parameter, value: Any) -> bool:
    return value is not None and (parameter.may_be_empty or value not in ("", []))
