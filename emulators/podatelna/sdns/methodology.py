"""The methodology: which data sets there are, in which methodology and from when.

Those of the contract are in its folder `methodology`; a world may add to them, or put its own in
their place.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar

from podatelna.kernel.contract import Contract, ContractError
from podatelna.kernel.ledger import Fact
from podatelna.kernel.rows import Row, build, refuse_unknown
from podatelna.kernel.yamlfile import read_yaml
from podatelna.sdns.definitions import read_data_set
from podatelna.sdns.editions import in_sequence
from podatelna.sdns.semantics import Account, Dimension, Semantics, Value
from podatelna.sdns.structure import Area, Check, Column, DataSet, Edition, Term

__all__ = [
    "Area",
    "Check",
    "Column",
    "DataSet",
    "Edition",
    "Methodology",
    "Semantics",
    "Term",
    "read_data_set",
]

T = TypeVar("T")

FOLDER: Final = "methodology"
SEMANTICS: Final = "semantics.yaml"
NEW, CHANGED, SAME = "N", "Z", ""
"""IndZmeny."""


@dataclass(frozen=True)
class Methodology:
    """All methodologies with all data sets."""

    data_sets: Mapping[str, DataSet]
    """By code.version.variant, in the order of files and of the world's rows."""
    semantics: Semantics = field(default_factory=Semantics)

    @classmethod
    def of(cls, contract: Contract, added: Iterable[Row] = ()) -> "Methodology":
        """The contract's and the rows of a world, which were read without complaint before."""
        rows = tuple(json.dumps(row) for row in added)
        return _put_together(contract.folder / FOLDER, rows)

    @cached_property
    def editions(self) -> Mapping[str, Edition]:
        """Methodologies by their codes, area by area in the order of time."""
        told = (code for data_set in self.data_sets.values() for code in data_set.methodologies)
        return in_sequence(told)

    def find(self, name: str) -> DataSet | None:
        """A data set by code.version.variant, as DATOVY-SOUBOR names it."""
        return self.data_sets.get(name)

    def valid(self, methodology: str, day: date) -> bool:
        """Whether a methodology exists and is valid on a day."""
        found = self.editions.get(methodology)
        return found is not None and _covers(found, day)

    def has(self, methodology: str, data_set: str) -> bool:
        """Whether a data set (code.version.variant) is part of a methodology."""
        found = self.find(data_set)
        return found is not None and methodology in found.methodologies

    def versions(self, code: str) -> tuple[DataSet, ...]:
        """All data sets of one code, the oldest version first; none: the code is not known."""
        found = [data_set for data_set in self.data_sets.values() if data_set.code == code]
        return tuple(sorted(found, key=lambda it: (it.version, it.variant)))

    def by_code(self, code: str, day: date) -> DataSet | None:
        """The data set of a code that is to be used for a day: the latest version valid then."""
        valid = [
            data_set
            for data_set in self.versions(code)
            if any(self.valid(methodology, day) for methodology in data_set.methodologies)
        ]
        return valid[-1] if valid else None

    def codes(self) -> tuple[str, ...]:
        """The codes of all data sets, without version and variant."""
        return tuple(dict.fromkeys(data_set.code for data_set in self.data_sets.values()))

    def part(self, methodology: str) -> tuple[DataSet, ...]:
        """The data sets of a methodology."""
        return tuple(it for it in self.data_sets.values() if methodology in it.methodologies)

    # -- what is new

    def change(self, methodology: str, data_set: DataSet) -> str:
        """IndZmeny of a data set: N new, Z changed, empty: as in the methodology before."""
        last = self._before(methodology, data_set.code)
        if last is None:
            return NEW
        return SAME if last.full_code == data_set.full_code else CHANGED

    def change_of_area(self, methodology: str, data_set: DataSet, area: Area) -> str:
        """IndZmeny of a data area."""
        last = self._before(methodology, data_set.code)
        known = last.area(area.code) if last else None
        if known is None:
            return NEW
        return SAME if _shape(known) == _shape(area) else CHANGED

    def _before(self, methodology: str, code: str) -> DataSet | None:
        """The data set of a code in the methodology before."""
        edition = self.editions.get(methodology)
        earlier = [
            it
            for it in self.editions.values()
            if edition and it.area == edition.area and it.since < edition.since
        ]
        if not earlier:
            return None
        return next((it for it in self.part(earlier[-1].code) if it.code == code), None)

    # -- the ledger

    def facts(self) -> Iterator[tuple[str, Fact]]:
        """Every entry by its name, for the ledger of what is known how surely."""
        for name, data_set in self.data_sets.items():
            yield name, data_set
            for area in data_set.areas:
                yield f"{name} {area.code}", area
                for column in area.columns:
                    yield f"{name} {area.code} {column.number}", column
            for check in data_set.all_checks():
                yield f"{name} {check.code}", check
        yield from ((dimension.code, dimension) for dimension in self.semantics.dimensions)
        yield from ((f"{it.dimension} {it.code}", it) for it in self.semantics.values)
        yield from ((f"{it.element} {it.account}", it) for it in self.semantics.accounts)


# -- reading


@lru_cache(maxsize=32)
def _put_together(folder: Path, rows: tuple[str, ...]) -> Methodology:
    """Read once for each world; the contract's part once at all."""
    known = _of_contract(folder)
    if not rows:
        return known
    added = {data_set.full_code: data_set for data_set in map(_added, rows)}
    return replace(known, data_sets={**known.data_sets, **added})


@lru_cache(maxsize=256)
def _added(row: str) -> DataSet:
    return read_data_set(json.loads(row))


@lru_cache(maxsize=4)
def _of_contract(folder: Path) -> Methodology:
    found: dict[str, DataSet] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name != SEMANTICS:
            for data_set in _data_sets(path):
                if data_set.full_code in found:
                    raise ContractError(f"{path}: {data_set.full_code} is there twice")
                found[data_set.full_code] = data_set
    return Methodology(found, _semantics(folder / SEMANTICS))


def _data_sets(path: Path) -> list[DataSet]:
    content = read_yaml(path)
    try:
        refuse_unknown(content, ["data_sets"])
        return [read_data_set(row) for row in content["data_sets"]]
    except (ValueError, TypeError, KeyError) as error:
        raise ContractError(f"{path}: {error}") from error


def _semantics(path: Path) -> Semantics:
    content = read_yaml(path)
    try:
        refuse_unknown(content, ["dimensions", "values", "accounts"])
        return Semantics(
            tuple(build(Dimension, row) for row in content["dimensions"]),
            tuple(_value(row) for row in content["values"]),
            tuple(build(Account, row) for row in content["accounts"]),
        )
    except (ValueError, TypeError, KeyError) as error:
        raise ContractError(f"{path}: {error}") from error


def _value(row: Mapping[str, Any]) -> Value:
    plain = {name: value for name, value in row.items() if name != "parts"}
    return replace(build(Value, plain), parts=tuple(row.get("parts", ())))


def _covers(edition: Edition, day: date) -> bool:
    return edition.since <= day and (edition.until is None or day <= edition.until)


def _shape(area: Area) -> object:
    """What a reporter has to know of an area; who told us of it does not matter."""
    columns = tuple(replace(it, certainty="documented", source="-") for it in area.columns)
    return area.name, area.about, columns, area.rows
