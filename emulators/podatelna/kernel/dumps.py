"""All that a sandbox holds, as plain data: for copies, and for files to compare line by line.

A dump is JSON. It fits tables of the version that it was made of, in any kind of store.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Table, delete, func, insert, select, text

Dump = Mapping[str, Any]
"""`version`, and under `tables` for each table its `rows`, in the order of their keys, and `last`,
the last number that was given out where the table numbers its rows."""

BINARY: Final = "base64"
_SEQUENCES = text("SELECT name, seq FROM sqlite_sequence")
_FORGET_SEQUENCE = text("DELETE FROM sqlite_sequence WHERE name = :name")
_SET_SEQUENCE = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)")
_POSTGRES_SEQUENCE = text("SELECT pg_get_serial_sequence(quote_ident(:name), :column)")
_SET_POSTGRES = text("SELECT setval(CAST(:sequence AS regclass), :last, :given)")


class UnfitDumpError(ValueError):
    """No dump, or one of another version; the message says which."""


def dump(transaction: Connection, tables: Sequence[Table], version: str) -> Dump:
    """Everything in these tables."""
    last = _last_numbers(transaction, tables)
    return {
        "version": version,
        "tables": {table.name: _written(transaction, table, last) for table in tables},
    }


def load(transaction: Connection, tables: Sequence[Table], given: Dump, version: str) -> None:
    """Put a dump in the place of all that is in these tables; raises UnfitDumpError before."""
    rows = _checked(given, {table.name: table for table in tables}, version)
    for table in tables:
        transaction.execute(delete(table))
        if rows[table.name]:
            transaction.execute(insert(table), rows[table.name])
        if column := _numbering(table):
            last = given["tables"][table.name].get("last", 0)
            _go_on_after(transaction, table.name, column, last)


def lines(given: Dump) -> Iterator[str]:
    """A dump as JSON with each row on a line of its own, so that two of them diff well."""
    yield f'{{"version": {json.dumps(given["version"])}, "tables": {{'
    tables = list(given["tables"].items())
    for position, (name, table) in enumerate(tables, 1):
        last = f'"last": {table["last"]}, ' if "last" in table else ""
        yield f'{json.dumps(name)}: {{{last}"rows": ['
        rows = [json.dumps(row, ensure_ascii=False, sort_keys=True) for row in table["rows"]]
        yield from (
            f"  {row}{',' if count < len(rows) else ''}" for count, row in enumerate(rows, 1)
        )
        yield "]}" if position == len(tables) else "]},"
    yield "}}"


def _written(transaction: Connection, table: Table, last: Mapping[str, int]) -> dict[str, Any]:
    keys = table.primary_key.columns
    order = keys if len(keys) else table.columns
    found = transaction.execute(select(table).order_by(*order)).mappings()
    rows = [{name: _plain(value) for name, value in row.items()} for row in found]
    return ({"last": last[table.name]} if table.name in last else {}) | {"rows": rows}


def _plain(value: object) -> object:
    return {BINARY: b64encode(value).decode()} if isinstance(value, bytes | memoryview) else value


def _checked(given: object, known: Mapping[str, Table], version: str) -> dict[str, list[Any]]:
    """The rows of each table, as they are written."""
    if not isinstance(given, Mapping) or not isinstance(given.get("tables"), Mapping):
        raise UnfitDumpError("this is no export of a sandbox")
    if given.get("version") != version:
        raise UnfitDumpError(
            f"it was exported by another version of podatelna ({given.get('version')!r}, "
            f"not {version!r}), and its tables differ"
        )
    tables = given["tables"]
    try:
        return {
            name: [_row(table, row) for row in tables[name]["rows"]]
            for name, table in known.items()
        }
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnfitDumpError(f"this is no whole export of a sandbox: {error!r}") from error


def _row(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    if row.keys() != set(table.columns.keys()):
        raise ValueError(f"a row of {table.name} has {sorted(row)}")
    return {
        name: b64decode(value[BINARY], validate=True) if isinstance(value, Mapping) else value
        for name, value in row.items()
    }


# -- numbers of rows


def _numbering(table: Table) -> str:
    """The column that the database numbers; "" if it does not."""
    numbered = table.dialect_options["sqlite"]["autoincrement"]
    column = table.autoincrement_column if numbered else None
    return column.name if column is not None else ""


def _last_numbers(transaction: Connection, tables: Iterable[Table]) -> dict[str, int]:
    numbered = {table.name: table for table in tables if _numbering(table)}
    if transaction.dialect.name == "sqlite":
        known = {name: last for name, last in transaction.execute(_SEQUENCES)}
    else:
        known = {name: _last_of(transaction, name, table) for name, table in numbered.items()}
    return {name: int(known.get(name, 0)) for name in numbered}


def _last_of(transaction: Connection, name: str, table: Table) -> int:
    column = _numbering(table)
    sequence = transaction.execute(_POSTGRES_SEQUENCE, {"name": name, "column": column}).scalar()
    if sequence is None:
        return int(transaction.execute(select(func.max(table.c[column]))).scalar() or 0)
    given, last = transaction.execute(text(f"SELECT is_called, last_value FROM {sequence}")).one()
    return int(last) if given else 0


def _go_on_after(transaction: Connection, name: str, column: str, last: int) -> None:
    if transaction.dialect.name == "sqlite":
        transaction.execute(_FORGET_SEQUENCE, {"name": name})
        transaction.execute(_SET_SEQUENCE, {"name": name, "last": last})
        return
    sequence = transaction.execute(_POSTGRES_SEQUENCE, {"name": name, "column": column}).scalar()
    if sequence is not None:
        about = {"sequence": sequence, "last": max(last, 1), "given": last > 0}
        transaction.execute(_SET_POSTGRES, about)
