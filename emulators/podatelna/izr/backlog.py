"""What was sent and not yet processed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, select

from podatelna.izr import queries
from podatelna.izr.model import Report
from podatelna.izr.tables import REPORT
from podatelna.kernel.statements import Statement

_COLUMNS = [REPORT.c[name] for name in queries.names(Report)]
_ORDER = (REPORT.c.number, REPORT.c.line)
_ALL = Statement(select(*_COLUMNS).where(queries.here(REPORT)).order_by(*_ORDER))
_ONE = (queries.here(REPORT), REPORT.c.number == bindparam("the_number"))
_SENDING = Statement(select(*_COLUMNS).where(*_ONE).order_by(REPORT.c.line))
_NEXT = Statement(
    select(REPORT.c.due, REPORT.c.environment, REPORT.c.number)
    .order_by(REPORT.c.due, REPORT.c.environment, REPORT.c.number)
    .limit(1)
)
_ADD = Statement(insert(REPORT))
_DROP = Statement(delete(REPORT).where(*_ONE))
_NUMBERS = Statement(
    select(REPORT.c.number)
    .where(queries.here(REPORT), REPORT.c.line == 1)
    .order_by(REPORT.c.due, REPORT.c.number)
)

Next = tuple[str, str, int]
"""When it is due, its environment and its number."""

NOTHING_DUE: Final[Next] = ("9999", "", 0)


def next_due(transaction: Connection) -> Next:
    """The sending of all environments that is due first, whether it is time or not."""
    row = _NEXT.row(transaction)
    return (row[0], row[1], row[2]) if row else NOTHING_DUE


@dataclass(frozen=True, slots=True)
class Backlog:
    """Sendings that wait, each with one row for each animal."""

    transaction: Connection
    environment: str

    def add(self, reports: Iterable[Report]) -> None:
        rows = [queries.row(report) | {"environment": self.environment} for report in reports]
        _ADD.run_many(self.transaction, rows)

    def take(self, number: int) -> list[Report]:
        """The rows of a sending, which waits no longer."""
        which = {"where": self.environment, "the_number": number}
        found = [Report(*row) for row in _SENDING.rows(self.transaction, which)]
        _DROP.run(self.transaction, which)
        return found

    def all(self) -> list[Report]:
        """In the order of sending."""
        rows = _ALL.rows(self.transaction, {"where": self.environment})
        return [Report(*row) for row in rows]

    def numbers(self) -> list[int]:
        """Of the sendings, in the order in which they are due."""
        return [row[0] for row in _NUMBERS.rows(self.transaction, {"where": self.environment})]
