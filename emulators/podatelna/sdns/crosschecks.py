"""Checks inside one report (JVK) that look at a row: what each form needs, and its test."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Final

from podatelna.kernel.rows import one_of
from podatelna.sdns.formats import NOT_LISTED, OFF_MASK, comparable
from podatelna.sdns.model import Cells
from podatelna.sdns.patterns import compile_pattern
from podatelna.sdns.structure import Check, Column, Type, number

Columns = Mapping[int, Column]


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a row."""

    column: str
    """PORADI; empty: it is of the row as a whole."""
    text: str
    fatal: bool = False
    """The step could not be reckoned (issue state 15: division by zero)."""


RowTest = Callable[[Cells], Finding | None]
"""Of a row whose formats are right."""


@dataclass(frozen=True, slots=True)
class FormRule:
    """What checks of a form are made of."""

    least: int
    most: int
    """How many columns they look at."""
    needs: tuple[str, ...] = ()
    """Fields of which at least one is told."""
    uses: tuple[str, ...] = ()
    """Further ones that may be."""
    types: tuple[Type, ...] = ()
    """Of the columns; none: any."""
    make: Callable[[Check, Columns], RowTest] | None = None
    """None: the form is one of time series."""


def check_form(check: Check, columns: Columns) -> None:
    """ValueError if a check is not what its form needs, or looks at columns that are not there."""
    rule = FORMS[check.form]
    if not rule.least <= len(check.columns) <= rule.most:
        least, most = rule.least, rule.most
        raise ValueError(f"{check.form} looks at {least} to {most} columns")
    for name in (*check.columns, *check.when):
        one_of({*columns, *map(str, columns)}, name, "column")
    wrong = [name for name in check.columns if rule.types and columns[name].type not in rule.types]
    if wrong:
        raise ValueError(f"column {wrong[0]} is no {' or '.join(rule.types)}")
    if rule.needs and not any(getattr(check, name) for name in rule.needs):
        raise ValueError(f"{check.form} needs {' or '.join(rule.needs)}")
    _refuse_unused(check, {*rule.needs, *rule.uses})
    if check.pattern:
        compile_pattern(check.pattern, max(columns[name].length for name in check.columns))


def _refuse_unused(check: Check, used: set[str]) -> None:
    usual = {"pattern": "", "values": (), "least": "", "most": "", "tolerance": "0", "scale": "1"}
    for name, default in {**usual, "fold": 0}.items():
        if name not in used and getattr(check, name) != default:
            raise ValueError(f"{check.form} does not use {name}")


def row_test(check: Check, columns: Columns) -> RowTest:
    """The test of a check, ready for many rows. A check of time series has none: see forms."""
    make = FORMS[check.form].make
    assert make
    test = make(check, columns)
    return partial(_if_so, tuple(check.when.items()), test) if check.when else test


def _if_so(when: tuple[tuple[str, str], ...], test: RowTest, cells: Cells) -> Finding | None:
    for name, value in when:
        if cells.get(name) != value:
            return None
    return test(cells)


# -- one value each


def _each(check: Check, test: Callable[[str], object], sentence: str) -> RowTest:
    names = tuple(map(str, check.columns))

    def look(cells: Cells) -> Finding | None:
        for name in names:
            value = cells.get(name)
            if value is not None and not test(value):
                return Finding(name, sentence)
        return None

    return look


def _matches(check: Check, columns: Columns) -> RowTest:
    longest = max(columns[name].length for name in check.columns)
    return _each(check, compile_pattern(check.pattern, longest).fullmatch, OFF_MASK)


def _one_of(check: Check, columns: Columns) -> RowTest:
    return _each(check, frozenset(check.values).__contains__, NOT_LISTED)


def _between(check: Check, columns: Columns) -> RowTest:
    least = number(check.least or "-Infinity")
    most = number(check.most or "Infinity")
    sentence = "hodnota je mimo obvyklé meze"
    return _each(check, lambda value: least <= Decimal(value) <= most, sentence)


def _not_zero(check: Check, columns: Columns) -> RowTest:
    return _each(check, Decimal, "hodnota je nulová")


# -- several values


def _present(check: Check, columns: Columns) -> RowTest:
    names = tuple(map(str, check.columns))

    def look(cells: Cells) -> Finding | None:
        missing = next((name for name in names if name not in cells), None)
        return Finding(missing, "hodnota není uvedena") if missing else None

    return look


def _counted(check: Check, fine: Callable[[int, int], bool], sentence: str) -> RowTest:
    names = tuple(map(str, check.columns))
    listed = ", ".join(names)

    def look(cells: Cells) -> Finding | None:
        there = sum(name in cells for name in names)
        return None if fine(there, len(names)) else Finding("", f"{sentence} {listed}")

    return look


def _one_present(check: Check, columns: Columns) -> RowTest:
    sentence = "musí být uveden právě jeden ze sloupců"
    return _counted(check, lambda there, _: there == 1, sentence)


def _any_present(check: Check, columns: Columns) -> RowTest:
    sentence = "musí být uveden alespoň jeden ze sloupců"
    return _counted(check, lambda there, _: there > 0, sentence)


def _together(check: Check, columns: Columns) -> RowTest:
    sentence = "musí být uvedeny všechny, nebo žádný ze sloupců"
    return _counted(check, lambda there, all_of: there in (0, all_of), sentence)


def _not_before(check: Check, columns: Columns) -> RowTest:
    later, earlier = check.columns
    masks = columns[later].mask, columns[earlier].mask

    def look(cells: Cells) -> Finding | None:
        after, before = cells.get(str(later)), cells.get(str(earlier))
        if after is None or before is None:
            return None
        if comparable(masks[0], after) >= comparable(masks[1], before):
            return None
        return Finding(str(later), f"hodnota předchází hodnotě ve sloupci {earlier}")

    return look


def _quotient(check: Check, columns: Columns) -> RowTest:
    """The first column is the second one divided by the third."""
    names = tuple(map(str, check.columns))
    tolerance, scale = number(check.tolerance), number(check.scale)

    def look(cells: Cells) -> Finding | None:
        if not all(name in cells for name in names):
            return None
        told, whole, parts = (Decimal(cells[name]) for name in names)
        if not parts:
            return Finding(names[2], "dělení nulou", fatal=True)
        expected = whole / parts * scale
        if abs(told - expected) <= abs(expected) * tolerance:
            return None
        return Finding(names[0], f"hodnota neodpovídá podílu sloupců {names[1]} a {names[2]}")

    return look


_ANY: Final = 99
FORMS: Final[Mapping[str, FormRule]] = {
    "matches": FormRule(1, _ANY, needs=("pattern",), make=_matches),
    "one_of": FormRule(1, _ANY, needs=("values",), make=_one_of),
    "present": FormRule(1, _ANY, make=_present),
    "one_present": FormRule(2, _ANY, make=_one_present),
    "any_present": FormRule(2, _ANY, make=_any_present),
    "together": FormRule(2, _ANY, make=_together),
    "not_before": FormRule(2, 2, types=("Date",), make=_not_before),
    "between": FormRule(1, _ANY, needs=("least", "most"), types=("Number",), make=_between),
    "not_zero": FormRule(1, _ANY, types=("Number",), make=_not_zero),
    "quotient": FormRule(3, 3, uses=("tolerance", "scale"), types=("Number",), make=_quotient),
    "rows": FormRule(0, 0, needs=("fold",)),
    "sum": FormRule(1, 1, needs=("fold",), types=("Number",)),
}
"""Values that a row does not have are not looked at, but by the forms that count them."""
