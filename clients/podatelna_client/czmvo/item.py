"""JSON as PHP writes it: a number may be text, a list may be an object, nothing may be a list."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

_NUMBER = re.compile(r"[+-]?[0-9]{1,18}")
_TRUTH: Mapping[Any, bool] = {
    True: True,
    False: False,
    "1": True,
    "0": False,
    "true": True,
    "false": False,
}


class Unreadable(ValueError):  # noqa: N818 - it is said of the answer, not of the program
    """The bytes are not the answer that the contract promises; the text says where and why."""


def parse(body: bytes) -> Any:
    """Any JSON in UTF-8, with or without a byte order mark. Raises Unreadable."""
    try:
        return json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not JSON: {error}") from error


@dataclass(frozen=True, slots=True)
class Item:
    """An object of an answer; `place` is its JSON pointer. Members are read by what they mean."""

    members: Mapping[str, Any]
    place: str = field(default="")

    @classmethod
    def of(cls, value: Any, place: str = "") -> "Item":
        """The object itself. PHP writes an empty one as an empty list."""
        if value == []:
            return cls({}, place)
        if not isinstance(value, dict):
            raise Unreadable(f"{place or '/'} is {_short(value)}, not an object")
        return cls(value, place)

    def text(self, name: str, default: str | None = None) -> str:
        """A text; numbers count as such. `default` stands for null and for a missing member."""
        value = self.members.get(name)
        if value is None and default is not None:
            return default
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        if not isinstance(value, str):
            raise self._wrong(name, "a text")
        return value

    def number(self, name: str) -> int:
        """A whole number, be it written as 20 or as "20"."""
        value = self.members.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if not isinstance(value, str) or not _NUMBER.fullmatch(value.strip()):
            raise self._wrong(name, "a whole number")
        return int(value)

    def reference(self, name: str) -> int | None:
        """An id, or None for none: 0, "0", empty, null and missing all say so (manual 2.7.1)."""
        return (self.number(name) or None) if self.members.get(name) not in (None, "") else None

    def flag(self, name: str, default: bool | None = None) -> bool:
        """True or false, also as 1 and 0. `default` stands for null and for a missing member."""
        value = self.members.get(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, bool | int | str) or value not in _TRUTH:
            raise self._wrong(name, "true or false")
        return _TRUTH[value]

    def moment(self, name: str) -> datetime:
        """An aware datetime in UTC (manual 2.7.1.1: all times are)."""
        try:
            read = datetime.fromisoformat(self.text(name).strip())
            return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise self._wrong(name, "a date and time") from error

    def moment_if_any(self, name: str) -> datetime | None:
        """The same, or None for null and for an empty text."""
        return self.moment(name) if self.members.get(name) not in (None, "") else None

    def day_if_any(self, name: str) -> date | None:
        """A date written YYYY-MM-DD, or None for null and for an empty text."""
        if self.members.get(name) in (None, ""):
            return None
        try:
            return date.fromisoformat(self.text(name).strip())
        except ValueError as error:
            raise self._wrong(name, "a date") from error

    def values(self, name: str) -> list[Any]:
        """A list. PHP writes one with gaps as an object whose keys are numbers."""
        value = self.members.get(name)
        if isinstance(value, dict) and all(key.isdecimal() for key in value):
            return list(value.values())
        if not isinstance(value, list):
            raise self._wrong(name, "a list")
        return value

    def items(self, name: str) -> "tuple[Item, ...]":
        """A list of objects."""
        place = f"{self.place}/{name}"
        return tuple(
            Item.of(value, f"{place}/{number}") for number, value in enumerate(self.values(name))
        )

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        listed = self._listed(name)
        return tuple(listed.text(number) for number in listed.members)

    def numbers(self, name: str) -> tuple[int, ...]:
        """A list of whole numbers."""
        listed = self._listed(name)
        return tuple(listed.number(number) for number in listed.members)

    def _listed(self, name: str) -> "Item":
        """A list as an object, so that its members can be read like any others."""
        values = {str(number): value for number, value in enumerate(self.values(name))}
        return Item(values, f"{self.place}/{name}")

    def _wrong(self, name: str, wanted: str) -> Unreadable:
        place = f"{self.place}/{name}"
        if name not in self.members:
            return Unreadable(f"{place} is missing")
        return Unreadable(f"{place} is {_short(self.members[name])}, not {wanted}")


_LONGEST = 60


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
