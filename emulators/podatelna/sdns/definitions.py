"""Data sets as rows of YAML, those of the contract and those of a world file alike.

What is wrong with a row is a ValueError that names the area, column or check. A row says how sure
it is and who says so (`certainty`, `source`); what is inside it inherits that.
"""

import json
import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace
from datetime import time
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeVar

from podatelna.kernel.ledger import Fact
from podatelna.kernel.rows import Row, build, one_of, refuse_unknown, remember
from podatelna.sdns.crosschecks import check_form
from podatelna.sdns.editions import read_edition
from podatelna.sdns.formats import MASKS, Mask
from podatelna.sdns.patterns import compile_pattern
from podatelna.sdns.structure import (
    Area,
    Check,
    Column,
    DataSet,
    Term,
    format_code,
    identity_code,
)

T = TypeVar("T")

UNPROVEN: Final = {"certainty": "reconstructed", "source": "world file"}
"""What a row is taken for that says nothing of it."""
_LONGEST_CODE: Final = 16
_LONGEST_NAME: Final = 60
"""IDType and NazevType of ews-result.xsd."""
_LONGEST_VALUE: Final = 2000
_CODE: Final = re.compile("[A-Z][A-Z0-9_]{0,15}")
_DATA_SET: Final = re.compile(r"([A-Z][A-Z0-9_]{0,15})\.(\d\d)\.(\d\d)")
_MOST_PLACES: Final = 99_999
_MOST_DAYS: Final = 366
_LISTS: Final = ("data_set", "term", "methodologies", "scopes", "areas", "checks")
_PROOF: Final = ("certainty", "source")


def read_data_set(row: Row) -> DataSet:
    """One row of `data_sets:`."""
    known = ["data_set", *DataSet.__dataclass_fields__]
    refuse_unknown(row, [name for name in known if name not in ("code", "version", "variant")])
    proof = _proof(row, UNPROVEN)
    code, version, variant = _split(row.get("data_set"))
    plain = {name: value for name, value in row.items() if name not in _LISTS}
    lists: dict[str, Any] = {
        "term": _term(row.get("term")),
        "methodologies": _texts(row, "methodologies", least=1),
        "scopes": _texts(row, "scopes", least=1),
        "areas": _each(row, "areas", lambda area: _area(area, proof), least=1),
        "checks": _each(row, "checks", lambda check: _check(check, proof)),
    }
    coded = {"code": code, "version": version, "variant": variant}
    _storable(row)
    return _whole(replace(build(DataSet, {**plain, **proof, **coded}), **lists))


def _storable(row: Row) -> None:
    """Worlds keep their rows as JSON."""
    try:
        json.dumps(row, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ValueError(f"what looks like a day must be in quotes here: {error}") from error


def _whole(data_set: DataSet) -> DataSet:
    """What can only be seen of all parts together."""
    _name(data_set.name)
    for methodology in data_set.methodologies:
        read_edition(methodology)
    for scope in data_set.scopes:
        _code(scope, "scopes")
    known: dict[Hashable, object] = {}
    for area in data_set.areas:
        _once(known, area.code, "area")
    for check in data_set.all_checks():
        _once(known, check.code, "check")
    for check in data_set.checks:
        if check.form != "rows":
            raise ValueError(f"checks: {check.code}: of a whole data set only rows are counted")
    return data_set


# -- areas and columns


def _area(row: Row, outer: Row) -> Area:
    refuse_unknown(row, ["area", *(name for name in Area.__dataclass_fields__ if name != "code")])
    proof = _proof(row, outer)
    plain = {
        name: value
        for name, value in row.items()
        if name not in ("area", "columns", "checks", "rows")
    }
    lists: dict[str, Any] = {
        "columns": _each(row, "columns", lambda column: _column(column, proof), least=1),
        "checks": _each(row, "checks", lambda check: _check(check, proof)),
        "rows": _numbers(row, "rows"),
    }
    code = _code(row.get("area"), "area")
    area = replace(build(Area, {**plain, **proof, "code": code}), **lists)
    _name(area.name)
    known: dict[Hashable, object] = {}
    for column in area.columns:
        _once(known, column.number, "column")
        _short(format_code(area, column), "its format check")
    _short(identity_code(area), "the check of its rows")
    _fits_area(area)
    return area


def _fits_area(area: Area) -> None:
    if area.rows and area.identity_columns:
        raise ValueError("a form's rows are known by their numbers; no column is their identity")
    columns = {column.number: column for column in area.columns}
    for check in area.checks:
        try:
            check_form(check, columns)
        except ValueError as error:
            raise ValueError(f"checks: {check.code}: {error}") from error


def _column(row: Row, outer: Row) -> Column:
    plain = {name: value for name, value in row.items() if name != "values"}
    column = build(Column, {**plain, **_proof(row, outer)})
    column = replace(column, values=_texts(row, "values"))
    if not 0 < column.number <= _MOST_PLACES:
        raise ValueError(f"number cannot be {column.number!r}")
    if not 0 < column.length <= _LONGEST_VALUE:
        raise ValueError(f"length is from 1 to {_LONGEST_VALUE}, not {column.length!r}")
    for bound in ("least", "most", "decimals"):
        if getattr(column, bound) not in ("", None) and column.type != "Number":
            raise ValueError(f"{bound} is for a Number, not for a {column.type}")
    _decimal(column.least, "least")
    _decimal(column.most, "most")
    _mask(column)
    if column.pattern:
        compile_pattern(column.pattern, column.length)
    if column.identity and not column.required:
        raise ValueError("a column that identifies the row must be required")
    return column


def _mask(column: Column) -> None:
    """The masks that a type may have; a Date and a Time need one."""
    known: Mapping[str, Mask] = {
        name: mask for name, mask in MASKS.items() if mask.type == column.type
    }
    if column.mask or known:
        one_of(known, column.mask, f"mask of a {column.type} ({', '.join(known) or 'none'})")


# -- checks


def _check(row: Row, outer: Row) -> Check:
    lists: dict[str, Any] = {
        "columns": _numbers(row, "columns"),
        "values": _texts(row, "values"),
        "when": _when(row.get("when", {})),
    }
    plain = {name: value for name, value in row.items() if name not in ("check", *lists)}
    if "code" in row:
        raise ValueError("unknown key code; check?")
    code = _code(row.get("check"), "check")
    check = replace(build(Check, {**plain, **_proof(row, outer), "code": code}), **lists)
    for name in ("least", "most", "tolerance", "scale"):
        _decimal(getattr(check, name), name)
    if not check.name:
        raise ValueError("name must not be empty")
    if (check.kind == "C") != (check.form in ("rows", "sum")):
        raise ValueError("kind C goes with the forms rows and sum, and only with them")
    if check.form in ("rows", "sum") and check.fold < 2:  # noqa: PLR2004 - the same is no fold
        raise ValueError("fold is 2 or more")
    return check


def _when(value: object) -> Mapping[str, str]:
    if not isinstance(value, Mapping) or not all(isinstance(v, str) for v in value.values()):
        raise ValueError(f"when has columns with the texts that they must have, not {value!r}")
    return {str(name): text for name, text in value.items()}


# -- terms


def _term(value: object) -> Term:
    if not isinstance(value, Mapping):
        raise ValueError("term must be there, such as {working_days: 1} or {day_of_next_month: 20}")
    try:
        term = build(Term, value)
        if f"{time.fromisoformat(term.at):%H:%M}" != term.at:
            raise ValueError(f"at is a time such as 23:59, not {term.at!r}")
    except ValueError as error:
        raise ValueError(f"term: {error}") from error
    told = [term.working_days, term.days, term.day_of_next_month]
    if sum(bool(count) for count in told) > 1 or not all(0 <= n <= _MOST_DAYS for n in told):
        raise ValueError(
            "term: one of working_days, days, day_of_next_month, of at most 366, is told"
        )
    return term


# -- pieces


def _proof(row: Row, outer: Row) -> Row:
    proof = {name: row.get(name, outer[name]) for name in _PROOF}
    build(Fact, proof)  # so that what is wrong with it is not told of a part that inherits it
    return proof


def _split(value: object) -> tuple[str, int, int]:
    found = _DATA_SET.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise ValueError(f"data_set is code.version.variant, such as MOKAS40.01.00, not {value!r}")
    return found[1], int(found[2]), int(found[3])


def _code(value: object, name: str) -> str:
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        raise ValueError(f"{name} is a code of at most 16 capitals, digits and _, not {value!r}")
    return value


def _short(code: str, whose: str) -> None:
    if len(code) > _LONGEST_CODE:
        raise ValueError(
            f"{code}, the code of {whose}, has more than 16 characters: shorten the area's code"
        )


def _name(value: str) -> None:
    if not value or len(value) > _LONGEST_NAME or not value.isprintable():
        raise ValueError(f"name has 1 to {_LONGEST_NAME} printable characters, not {value!r}")


def _decimal(text: str, name: str) -> None:
    try:
        if text and not Decimal(text).is_finite():
            raise ValueError(f"{name} is a number in quotes, not {text!r}")
    except InvalidOperation:
        raise ValueError(f"{name} is a number in quotes, not {text!r}") from None


def _once(known: dict[Hashable, object], key: Hashable, name: str) -> None:
    try:
        remember(known, key, True)
    except ValueError:
        raise ValueError(f"{name} {key} is there twice") from None


def _texts(row: Row, name: str, least: int = 0) -> tuple[str, ...]:
    found = row.get(name, [])
    if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
        raise ValueError(f"{name} is a list of texts; put codes in quotes: {found!r}")
    return tuple(_enough(name, found, least))


def _numbers(row: Row, name: str) -> tuple[int, ...]:
    found = row.get(name, [])
    if not isinstance(found, list) or not all(type(item) is int and item > 0 for item in found):
        raise ValueError(f"{name} is a list of numbers, not {found!r}")
    if len(set(found)) < len(found):
        raise ValueError(f"{name}: a number is there twice")
    return tuple(found)


def _each(row: Row, name: str, reader: Callable[[Row], T], least: int = 0) -> tuple[T, ...]:
    found = row.get(name, [])
    if not isinstance(found, list):
        raise ValueError(f"{name} is a list of mappings, not {found!r}")
    return tuple(_read(name, item, reader) for item in _enough(name, found, least))


def _enough(name: str, found: list[Any], least: int) -> Iterable[Any]:
    if len(found) < least:
        raise ValueError(f"{name} must have an entry")
    return found


def _read(name: str, row: object, reader: Callable[[Row], T]) -> T:
    if not isinstance(row, Mapping):
        raise ValueError(f"{name} is a list of mappings; this is none: {row!r}")
    try:
        return reader(row)
    except ValueError as error:
        raise ValueError(f"{name}: {next(iter(row.values()), '{}')}: {error}") from error
