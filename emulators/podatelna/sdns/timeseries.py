"""Time-series checks (KČŘ): whether an issue is plausible beside the last occurrence's data."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from podatelna.sdns.formats import NUMBER
from podatelna.sdns.model import FailedCheck, Row, Trigger
from podatelna.sdns.structure import Check, DataSet
from podatelna.sdns.triggers import SENTENCE, applies

_NOTHING: Final = Decimal(0)
_SENTENCES: Final = {"rows": "Počet řádků", "sum": "Součet hodnot sloupce"}


@dataclass(frozen=True, slots=True)
class Aggregate:
    """What the checks of time series compare."""

    rows: int = 0
    values: Mapping[str, Decimal] = field(default_factory=dict)
    """By the check's code."""
    triggered: frozenset[str] = frozenset()
    """Checks that a scenario wants to fail."""


def aggregate(
    data_set: DataSet, rows: Iterable[Row], triggers: Iterable[Trigger] = ()
) -> Aggregate:
    """Sum up all rows of an issue. Rows without a value do not count."""
    checks = {check.code for _, check in _series(data_set)}
    wished = [trigger for trigger in triggers if trigger.check in checks]
    sums = [(area, check.columns[0], check) for area, check in _series(data_set) if check.columns]
    counts: Counter[str] = Counter()
    totals: dict[str, Decimal] = dict.fromkeys((check.code for *_, check in sums), _NOTHING)
    triggered: set[str] = set()
    for row in rows:
        if not row.cells:
            continue
        counts[row.area] += 1
        triggered |= {trigger.check for trigger in wished if applies(trigger, row)}
        for area, column, check in sums:
            if row.area == area and (text := row.cells.get(str(column))):
                totals[check.code] += _number(text)
    counted = {
        check.code: Decimal(counts[area] if area else counts.total())
        for area, check in _series(data_set)
        if check.form == "rows"
    }
    return Aggregate(counts.total(), {**counted, **totals}, frozenset(triggered))


def compare(data_set: DataSet, now: Aggregate, before: Aggregate | None) -> tuple[FailedCheck, ...]:
    """The checks that fail, in the methodology's order; `before` None: there is no data before.

    Nothing is compared with an occurrence that had nothing itself.
    """
    return tuple(
        FailedCheck(check.code, check.name, check.kind, (sentence,))
        for _, check in _series(data_set)
        if (sentence := _compared(check, now, before))
    )


def _compared(check: Check, now: Aggregate, before: Aggregate | None) -> str:
    """What is wrong; empty if nothing is."""
    value = now.values.get(check.code, _NOTHING)
    if check.code in now.triggered:
        return f"{_subject(check)} {value:f}: {SENTENCE}"
    if before is None or not (last := before.values.get(check.code, _NOTHING)):
        return ""
    if abs(last) <= abs(value) * check.fold and abs(value) <= abs(last) * check.fold:
        return ""
    return (
        f"{_subject(check)} {value:f} se liší od předchozího výskytu ({last:f}) "
        f"více než {check.fold}násobně"
    )


def _subject(check: Check) -> str:
    return " ".join([_SENTENCES[check.form], *map(str, check.columns)])


def _series(data_set: DataSet) -> Iterator[tuple[str, Check]]:
    """With their areas; no area: all of them."""
    for area in data_set.areas:
        yield from ((area.code, check) for check in area.checks if check.kind == "C")
    yield from (("", check) for check in data_set.checks if check.kind == "C")


def _number(text: str) -> Decimal:
    """Stored data were found right, unless a scenario has put them there."""
    return Decimal(text) if NUMBER.fullmatch(text) else _NOTHING
