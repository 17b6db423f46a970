"""Checking of an issue: formats, then the checks inside one report (JVK), row by row.

A row whose formats are wrong is not looked at further. Nothing but what failed is kept, and what
tells the rows apart.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from podatelna.sdns.crosschecks import Finding, RowTest, row_test
from podatelna.sdns.formats import MISSING, ColumnTest, column_test
from podatelna.sdns.model import FailedCheck, Row, Trigger
from podatelna.sdns.structure import (
    Area,
    Check,
    DataSet,
    format_code,
    identity_code,
    structure_code,
)
from podatelna.sdns.timeseries import Aggregate, aggregate, compare
from podatelna.sdns.triggers import SENTENCE, applies

__all__ = ["Aggregate", "Checking", "aggregate", "compare"]

FORMAT: Final = "F"
FATAL: Final = "X"
_REMEMBERED: Final = 1000
"""Right values of a column that are not looked at again."""
_SHOWN: Final = 20
"""The most characters of a code or number that is told as it was sent."""
_DIGITS: Final = 9
_NO_COLUMN: Final = "sloupec není součástí datové oblasti"


@dataclass(frozen=True, slots=True)
class _Step:
    """A step of checking, as the protocol has it."""

    code: str
    name: str
    kind: str


@dataclass(slots=True)
class _Failure:
    """What was found by one step so far."""

    fatal: bool = False
    details: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Plan:
    """An area, ready for many rows."""

    area: Area
    columns: dict[str, ColumnTest]
    known: dict[str, set[str]]
    """Values of each column that were right before."""
    required: frozenset[str]
    checks: tuple[tuple[str, RowTest], ...]
    identity: tuple[str, ...]
    forms: frozenset[str]
    """PORADI of a form's rows."""
    seen: set[tuple[str | None, ...]] = field(default_factory=set)


class Checking:
    """Checks the rows of one issue as they come; parts of a split issue follow each other."""

    def __init__(
        self, data_set: DataSet, triggers: Iterable[Trigger] = (), details_most: int = 100
    ) -> None:
        self._data_set = data_set
        self._most = details_most
        self._plans = {area.code: _plan(area) for area in data_set.areas}
        self._steps = list(_steps(data_set))
        codes = {step.code for step in self._steps}
        self._triggers = tuple(trigger for trigger in triggers if trigger.check in codes)
        self._failures: dict[str, _Failure] = {}

    def row(self, row: Row) -> None:
        """Look at one row. An empty one is as if it were not there (programmer's manual, body)."""
        if not row.cells:
            return
        plan = self._plans.get(row.area)
        if plan is None:
            text = f"datová oblast {row.area[:_SHOWN]} není součástí datového souboru"
            self._tell(f"{self._data_set.code}_F00", row, Finding("", text))
        elif self._well_formed(plan, row):
            self._cross_check(plan, row)
        for trigger in self._triggers:
            if applies(trigger, row):
                self._tell(trigger.check, row, Finding(trigger.column, SENTENCE))

    def failed(self) -> tuple[FailedCheck, ...]:
        """The steps that failed: formats first, then in the methodology's order.

        A step that divided by zero is of kind X, whatever else it found.
        """
        return tuple(
            FailedCheck(
                step.code,
                step.name,
                FATAL if failure.fatal else step.kind,
                tuple(failure.details),
            )
            for step in self._steps
            if (failure := self._failures.get(step.code))
        )

    def _cross_check(self, plan: _Plan, row: Row) -> None:
        for code, test in plan.checks:
            if finding := test(row.cells):
                self._tell(code, row, finding)

    # -- formats

    def _well_formed(self, plan: _Plan, row: Row) -> bool:
        fine = self._has_its_place(plan, row)
        known = plan.known
        for name, value in row.cells.items():
            if name not in known or value not in known[name]:
                fine &= self._cell(plan, row, name, value)
        if not plan.required <= row.cells.keys():
            fine = False
            for name in plan.required - row.cells.keys():
                self._wrong(plan, row, name, MISSING)
        return fine and self._is_new(plan, row)

    def _has_its_place(self, plan: _Plan, row: Row) -> bool:
        if not is_order(row.order):
            text = "pořadí řádku není kladné celé číslo"
        elif plan.forms and row.order not in plan.forms:
            text = "řádek není součástí datové oblasti"
        else:
            return True
        self._tell(structure_code(plan.area), row, Finding("", text))
        return False

    def _cell(self, plan: _Plan, row: Row, name: str, value: str) -> bool:
        column = plan.columns.get(name)
        if column is None:
            self._tell(structure_code(plan.area), row, Finding(name, _NO_COLUMN))
            return False
        if wrong := column.wrong(value):
            self._wrong(plan, row, name, wrong)
            return False
        known = plan.known[name]
        if len(known) < _REMEMBERED:
            known.add(value)
        return True

    def _wrong(self, plan: _Plan, row: Row, name: str, text: str) -> None:
        code = format_code(plan.area, plan.columns[name].column)
        self._tell(code, row, Finding(name, text))

    def _is_new(self, plan: _Plan, row: Row) -> bool:
        if plan.forms:
            key: tuple[str | None, ...] = (row.order,)
        elif plan.identity:
            key = tuple(map(row.cells.get, plan.identity))
        else:
            return True
        if key not in plan.seen:
            plan.seen.add(key)
            return True
        text = "řádek se stejnou identifikací je uveden vícekrát"
        self._tell(identity_code(plan.area), row, Finding("", text))
        return False

    def _tell(self, code: str, row: Row, finding: Finding) -> None:
        failure = self._failures.get(code)
        if failure is None or (finding.fatal and not failure.fatal):
            failure = self._failures[code] = _Failure(finding.fatal)
        if finding.fatal == failure.fatal and len(failure.details) < self._most:
            failure.details.append(_place(row, finding))


def is_order(text: str) -> bool:
    """PORADI is a positive number."""
    return text.isascii() and text.isdigit() and len(text) <= _DIGITS and text[0] != "0"


def _plan(area: Area) -> _Plan:
    by_number = {column.number: column for column in area.columns}
    columns = {str(column.number): column_test(column) for column in area.columns}
    return _Plan(
        area=area,
        columns=columns,
        known={name: set() for name in columns},
        required=frozenset(str(column.number) for column in area.columns if column.required),
        checks=tuple(
            (check.code, row_test(check, by_number)) for check in area.checks if check.kind != "C"
        ),
        identity=area.identity_columns,
        forms=frozenset(map(str, area.rows)),
    )


def _steps(data_set: DataSet) -> Iterator[_Step]:
    """All steps in order. Time series have steps of their own, after the data were stored."""
    yield _Step(f"{data_set.code}_F00", "Struktura datového souboru", FORMAT)
    for area in data_set.areas:
        yield _Step(structure_code(area), "Struktura datové oblasti", FORMAT)
        for column in area.columns:
            name = f"Formát údaje - {column.label}"
            yield _Step(format_code(area, column), name, FORMAT)
        yield _Step(identity_code(area), "Jednoznačnost identifikace řádku", FORMAT)
    yield from (_of(check) for check in data_set.all_checks() if check.kind != "C")


def _of(check: Check) -> _Step:
    return _Step(check.code, check.name, check.kind)


def _place(row: Row, finding: Finding) -> str:
    where = f"Řádek {row.order[:_SHOWN]}"
    if finding.column:
        where += f", sloupec {finding.column[:_SHOWN]}"
    return f"{where}: {finding.text}"
