"""Shapes of the clients' own classes."""

from dataclasses import fields
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Any, get_args, get_type_hints

_WORDS = {
    str: "text",
    int: "number",
    bool: "flag",
    date: "day",
    datetime: "day",
    NoneType: "null",
}


def shape_of(kind: type) -> dict[str, tuple[str, ...]]:
    """The fields of a dataclass; what a scenario cannot write is left out of alternatives."""
    hints = get_type_hints(kind)
    return {item.name: _words(hints[item.name]) for item in fields(kind)}


def _words(hint: Any) -> tuple[str, ...]:
    members = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    return tuple(_WORDS[each] for each in members if each in _WORDS) or ("any",)
