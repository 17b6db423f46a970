"""Rows of a world file, read into frozen dataclasses. A mistake names its list and its row."""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime
from difflib import get_close_matches
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from podatelna.kernel.tables import heard

K = TypeVar("K")
T = TypeVar("T")
Row = Mapping[str, Any]


class Rows:
    """What a world file has for one environment: lists of rows, and a few values beside them."""

    def __init__(self, part: object, known: Iterable[str]) -> None:
        if not isinstance(part, Mapping):
            raise ValueError(f"an environment is a mapping, not {part!r}")
        refuse_unknown(part, known)
        self._part: Row = part

    def read(self, name: str, reader: Callable[[Row], T]) -> list[T]:
        """Read each row of a list; there need be no such list."""
        rows = self._part.get(name) or []
        if not isinstance(rows, list):
            raise ValueError(f"{name} is a list of mappings, not {rows!r}")
        return [_read(name, row, reader) for row in rows]

    def number(self, name: str, least: int) -> int:
        """A number; the least that is possible if it is not given."""
        value = self._part.get(name, least)
        if type(value) is not int or value < least:
            raise ValueError(f"{name} is a number from {least} on, not {value!r}")
        return value

    def flag(self, name: str, *, usual: bool) -> bool:
        value = self._part.get(name, usual)
        if not isinstance(value, bool):
            raise ValueError(f"{name} is true or false, not {value!r}")
        return value

    def mapping(self, name: str) -> Row | None:
        value = self._part.get(name)
        if value is not None and not isinstance(value, Mapping):
            raise ValueError(f"{name} is a mapping, not {value!r}")
        return value


def in_utc(instant: datetime) -> str:
    """An instant as `2026-03-02 08:00:00`, UTC; without a zone it is taken for UTC."""
    return (instant.astimezone(UTC) if instant.tzinfo else instant).strftime("%Y-%m-%d %H:%M:%S")


def build(kind: type[T], row: Row, instant: Callable[[datetime], str] = in_utc) -> T:
    """A row as a dataclass; ValueError if a key is unknown or missing, or a value does not fit.

    YAML makes instants and days of what looks like one; to agencies they are texts. `instant` says
    how they write instants.
    """
    shaped: Any = kind  # mypy takes a type that it does not know yet for unhashable
    hints, needed = _shape(shaped)
    refuse_unknown(row, hints)
    if missing := sorted(needed - row.keys()):
        raise ValueError(f"{', '.join(missing)} must be there")
    texts = {key: _without_times(value, instant) for key, value in row.items()}
    return kind(**{key: _fitting(key, value, hints[key]) for key, value in texts.items()})


def refuse_unknown(row: Row, known: Iterable[str]) -> None:
    known = list(known)
    for key in row:
        if key not in known:
            near = get_close_matches(str(key), known, n=1)
            raise ValueError(f"unknown key {key}; {near[0] if near else ', '.join(known)}?")


def one_of(known: Container[object], value: object, name: str) -> None:
    """ValueError if a value refers to nothing that is there."""
    try:
        found = value in known
    except TypeError:  # a list or a mapping
        found = False
    if not found:
        raise ValueError(f"{name} is not known: {value!r}")


def remember(known: dict[K, T], name: K, row: T) -> T:
    """Keep a row by its name; ValueError if there is one of that name."""
    if name in known:
        raise ValueError("there is another one before it")
    known[name] = row
    return row


def _read(name: str, row: object, reader: Callable[[Row], T]) -> T:
    if not isinstance(row, Mapping):
        raise ValueError(f"{name} is a list of mappings; this is none: {row!r}")
    try:
        return reader(row)
    except ValueError as error:
        raise ValueError(f"{name}: {next(iter(row.values()), '{}')}: {error}") from error


@cache
def _shape(kind: type[Any]) -> tuple[dict[str, Any], frozenset[str]]:
    """The types of a dataclass's fields, and those fields that have no default."""
    needed = (
        item.name
        for item in fields(kind)
        if item.default is MISSING and item.default_factory is MISSING
    )
    return get_type_hints(kind), frozenset(needed)


def _without_times(value: object, instant: Callable[[datetime], str]) -> object:
    if isinstance(value, datetime):
        return instant(value)
    return value.isoformat() if isinstance(value, date) else value


def _fitting(key: str, value: object, hint: Any) -> object:
    alternatives = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    storable = not isinstance(value, str) or heard(value) == value
    if not storable or not any(_is(value, each) for each in alternatives):
        raise ValueError(f"{key} cannot be {value!r}")
    return value


def _is(value: object, hint: Any) -> bool:
    return type(value) is hint if isinstance(hint, type) else value in get_args(hint)
