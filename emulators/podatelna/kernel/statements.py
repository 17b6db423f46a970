"""Statements of the hot path: written in SQLAlchemy Core, compiled once, run by the driver itself.

Core's own execution costs five times what SQLite needs for a row, and a filing runs eight
statements. Everything that is not on the way of a call executes statements as Core does.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import ClauseElement, Connection, Dialect

Values = Mapping[str, Any]
Row = Sequence[Any]

_NOTHING: Values = {}


@dataclass(frozen=True, slots=True)
class _Compiled:
    sql: str
    bound: Values
    """Values that stand in the statement itself."""
    ordered: Callable[[Values], Any] | None
    """Values in the order of the marks; None: the driver takes them by name."""

    def arguments(self, values: Values) -> Any:
        if self.bound:
            values = {**self.bound, **values}
        return self.ordered(values) if self.ordered else values


class Statement:
    """A statement with bound parameters. Types are the driver's: SQLite has 0 and 1 for booleans.

    `columns` are those that an insert is given; without them all of its table.
    """

    def __init__(self, core: ClauseElement, columns: Sequence[str] | None = None) -> None:
        self._core = core
        self._columns = columns
        self._compiled: dict[str, _Compiled] = {}

    def row(self, transaction: Connection, values: Values = _NOTHING) -> Row | None:
        """Execute, and the first row of the result."""
        row: Row | None = self._execute(transaction, values).fetchone()
        return row

    def rows(self, transaction: Connection, values: Values = _NOTHING) -> list[Row]:
        rows: list[Row] = self._execute(transaction, values).fetchall()
        return rows

    def run(self, transaction: Connection, values: Values = _NOTHING) -> None:
        """Execute what has no result."""
        self._execute(transaction, values)

    def run_many(self, transaction: Connection, many: Sequence[Values]) -> None:
        compiled = self._for(transaction.dialect)
        arguments = [compiled.arguments(values) for values in many]
        _driver(transaction).cursor().executemany(compiled.sql, arguments)

    def _execute(self, transaction: Connection, values: Values) -> Any:
        compiled = self._for(transaction.dialect)
        cursor = _driver(transaction).cursor()
        cursor.execute(compiled.sql, compiled.arguments(values))
        return cursor

    def _for(self, dialect: Dialect) -> _Compiled:
        found = self._compiled.get(dialect.name)
        return found or self._compiled.setdefault(dialect.name, self._compile(dialect))

    def _compile(self, dialect: Dialect) -> _Compiled:
        compiled: Any = self._core.compile(dialect=dialect, column_keys=self._columns)
        bound = {name: value for name, value in compiled.params.items() if value is not None}
        names = compiled.positiontup
        return _Compiled(str(compiled), bound, None if names is None else _in_order(names))


def _in_order(names: Sequence[str]) -> Callable[[Values], Any]:
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: tuple(values[name] for name in names)


def _driver(transaction: Connection) -> Any:
    """The driver's own connection, within the transaction that SQLAlchemy keeps."""
    return transaction.connection.dbapi_connection
