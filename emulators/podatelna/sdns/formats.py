"""Format checks: whether a value is one that its column may have.

Sentences are in Czech, as all that the protocols of SDNS say; SOURCES.md has where they come from.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from typing import Final

from podatelna.sdns.patterns import compile_pattern
from podatelna.sdns.structure import Column, Type, number

Test = Callable[[str], object]
"""Truthy if the value is fine."""

OFF_MASK: Final = "hodnota neodpovídá masce"
NOT_LISTED: Final = "hodnota není v seznamu povolených hodnot"
EMPTY: Final = "prázdný sloupec se neuvádí"
MISSING: Final = "povinná hodnota není uvedena"
NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Mask:
    """How a Date or a Time is written: a regular expression whose groups are its parts."""

    type: Type
    shape: re.Pattern[str]
    order: tuple[str, ...] = ()
    """Groups from the greatest unit to the least."""

    def parts(self, text: str) -> tuple[int, ...] | None:
        """The units of a value as numbers that can be compared; None: it is none."""
        found = self.shape.fullmatch(text)
        if not found:
            return None
        units = tuple(int(found[name]) for name in self.order)
        return units if self.type == "Time" or _is_day(*units) else None


_YEAR, _MONTH, _DAY = "(?P<year>[0-9]{4})", "(?P<month>[0-9]{2})", "(?P<day>[0-9]{2})"
_HOUR, _MINUTE, _SECOND = "(?P<hour>[01]?[0-9]|2[0-3])", "(?P<min>[0-5][0-9])", "(?P<s>[0-5][0-9])"
_DAYS: Final = ("year", "month", "day")
_TIMES: Final = ("hour", "min", "s")
MASKS: Final[Mapping[str, Mask]] = {
    "YYYY-MM-DD": Mask("Date", re.compile(f"{_YEAR}-{_MONTH}-{_DAY}"), _DAYS),
    "YYYYMMDD": Mask("Date", re.compile(f"{_YEAR}{_MONTH}{_DAY}"), _DAYS),
    "DD.MM.YYYY": Mask("Date", re.compile(rf"{_DAY}\.{_MONTH}\.{_YEAR}"), _DAYS),
    "HH24:MI:SS": Mask("Time", re.compile(f"{_HOUR}:{_MINUTE}:{_SECOND}"), _TIMES),
    "HH24:MI": Mask("Time", re.compile(f"{_HOUR}:{_MINUTE}"), _TIMES[:2]),
    "HH24:MI:SSTZH": Mask(
        "Time", re.compile(f"{_HOUR}:{_MINUTE}:{_SECOND}[+-](0[0-9]|1[0-4])"), _TIMES
    ),
}
"""Hours without a leading zero were seen in real messages (observed messages, MOKAS42)."""


@dataclass(frozen=True, slots=True)
class ColumnTest:
    """A column's format, ready for many values."""

    column: Column
    tests: tuple[tuple[Test, str], ...]
    """With what is to be said of a value that fails; the first failure is told."""

    def wrong(self, value: str) -> str:
        """What is wrong with a value; empty if nothing is."""
        for test, sentence in self.tests:
            if not test(value):
                return sentence
        return ""


def column_test(column: Column) -> ColumnTest:
    """Lengths come first: no expression is tried on longer values than it was admitted for."""
    tests: list[tuple[Test, str]] = [
        (bool, EMPTY),
        (partial(_at_most, column.length), f"hodnota je delší než {column.length} znaků"),
    ]
    if column.type == "Number":
        tests += _of_number(column)
    if column.mask:
        tests.append((partial(_on_mask, column.mask), OFF_MASK))
    if column.pattern:
        tests.append((compile_pattern(column.pattern, column.length).fullmatch, OFF_MASK))
    if column.values:
        tests.append((frozenset(column.values).__contains__, NOT_LISTED))
    return ColumnTest(column, tuple(tests))


def comparable(mask: str, text: str) -> tuple[int, ...]:
    """A value of a Date or Time column so that later ones are greater."""
    return MASKS[mask].parts(text) or ()


def _of_number(column: Column) -> list[tuple[Test, str]]:
    tests: list[tuple[Test, str]] = [(NUMBER.fullmatch, "hodnota není číslo")]
    if column.decimals is not None:
        sentence = f"hodnota má více než {column.decimals} desetinných míst"
        tests.append((partial(_decimals, column.decimals), sentence))
    if column.least:
        sentence = f"hodnota je menší než {column.least}"
        tests.append((partial(_from, number(column.least)), sentence))
    if column.most:
        sentence = f"hodnota je větší než {column.most}"
        tests.append((partial(_up_to, number(column.most)), sentence))
    return tests


def _at_most(length: int, value: str) -> bool:
    return len(value) <= length


@lru_cache(maxsize=4096)
def _on_mask(mask: str, value: str) -> bool:
    return MASKS[mask].parts(value) is not None


def _decimals(most: int, value: str) -> bool:
    return len(value.partition(".")[2]) <= most


def _from(least: Decimal, value: str) -> bool:
    return Decimal(value) >= least


def _up_to(most: Decimal, value: str) -> bool:
    return Decimal(value) <= most


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        return bool(date(year, month, day))
    except ValueError:
        return False
