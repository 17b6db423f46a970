"""Elements of answers, read by their local names in any case and in any namespace.

The namespaces of IZR payloads are not public, and answers are in the one that the caller used. Nor
is it known of all names whether they are in capitals.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from zoneinfo import ZoneInfo

from lxml import etree

from podatelna_client.soap import Unreadable, text_of

LOCAL_TIME = "Europe/Prague"

_NUMBER = re.compile(r"[+-]?[0-9]{1,18}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_TRUTH: Mapping[str, bool] = MappingProxyType({"true": True, "1": True, "false": False, "0": False})


@dataclass(frozen=True)
class Item:
    """An element. `place` tells where it is in the answer, for people."""

    element: etree._Element
    place: str = ""

    @property
    def name(self) -> str:
        """Its local name, as on the wire."""
        return local_name(self.element)

    @property
    def value(self) -> str:
        """Its own text; empty also for nil."""
        return text_of(self.element) or ""

    @cached_property
    def children(self) -> "tuple[Item, ...]":
        """All elements in it."""
        return tuple(
            Item(child, f"{self.place}/{local_name(child)}")
            for child in self.element.iterchildren(etree.Element)
        )

    @cached_property
    def _by_name(self) -> "Mapping[str, tuple[Item, ...]]":
        found: dict[str, list[Item]] = {}
        for child in self.children:
            found.setdefault(child.name.lower(), []).append(child)
        return {name: tuple(children) for name, children in found.items()}

    def items(self, name: str) -> "tuple[Item, ...]":
        """The elements of this name, none or many."""
        return self._by_name.get(name.lower(), ())

    def item(self, name: str) -> "Item | None":
        """The element of this name, if there is one. Raises Unreadable for several."""
        found = self.items(name)
        if len(found) > 1:
            raise Unreadable(f"{self.place}/{name} is there {len(found)} times")
        return found[0] if found else None

    def text(self, name: str, default: str | None = None) -> str:
        """The text of an element. `default` stands for a missing one, and for nil."""
        found = self.item(name)
        text = None if found is None else text_of(found.element)
        if text is not None:
            return text
        if default is None:
            raise Unreadable(f"{self.place}/{name} is missing")
        return default

    def number(self, name: str) -> int:
        """A whole number."""
        text = self.text(name).strip()
        if not _NUMBER.fullmatch(text):
            raise Unreadable(f"{self.place}/{name} is {text!r}, not a whole number")
        return int(text)

    def number_if_any(self, name: str) -> int | None:
        """The same; None where it is missing or empty."""
        return self.number(name) if self.text(name, "").strip() else None

    def flag(self, name: str) -> bool:
        """xs:boolean."""
        return truth(self.text(name), f"{self.place}/{name}")

    def moment(self, name: str) -> datetime:
        """xs:dateTime as an aware datetime; without an offset it is local time."""
        return moment(self.text(name), f"{self.place}/{name}")

    def moment_if_any(self, name: str) -> datetime | None:
        """The same; None where it is missing or empty."""
        return self.moment(name) if self.text(name, "").strip() else None


def local_name(element: etree._Element) -> str:
    """An element's name without its namespace."""
    return etree.QName(element).localname


def truth(text: str, place: str) -> bool:
    """An xs:boolean's value."""
    if text.strip() not in _TRUTH:
        raise Unreadable(f"{place} is {text!r}, not true or false")
    return _TRUTH[text.strip()]


def moment(text: str, place: str) -> datetime:
    """The value of an xs:dateTime; digits beyond microseconds are dropped."""
    stripped = text.strip()
    try:
        if not _MOMENT.fullmatch(stripped):
            raise ValueError("another form")
        read = datetime.fromisoformat(stripped)
    except ValueError as error:
        raise Unreadable(f"{place} is {text!r}, not a date and time") from error
    return read if read.tzinfo else read.replace(tzinfo=ZoneInfo(LOCAL_TIME))
