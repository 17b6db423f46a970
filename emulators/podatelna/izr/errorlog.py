"""The error log: what could not be processed, and what was processed with a warning."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, String, bindparam, func, insert, or_, select

from podatelna.izr import queries
from podatelna.izr.model import LogRow
from podatelna.izr.tables import LOG
from podatelna.kernel.statements import Statement
from podatelna.kernel.tables import heard

_COLUMNS = [LOG.c[name] for name in queries.names(LogRow)]


_OF = (
    queries.here(LOG),
    LOG.c.subject == bindparam("the_subject"),
    or_(LOG.c.holding == bindparam("the_holding"), bindparam("the_holding", type_=String) == ""),
    or_(LOG.c.species == bindparam("the_species"), bindparam("the_species", type_=String) == ""),
)
_FIND = Statement(
    select(*_COLUMNS)
    .where(
        *_OF,
        LOG.c.processed >= bindparam("since"),
        LOG.c.processed < bindparam("until"),
    )
    .order_by(LOG.c.species, LOG.c.processed, LOG.c.tag, LOG.c.code, LOG.c.number)
)
_LAST = Statement(select(func.max(LOG.c.processed)).where(*_OF))
_ADD = Statement(insert(LOG))


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose rows are asked for; "" leaves a condition out."""

    subject: str
    holding: str = ""
    species: str = ""


@dataclass(frozen=True, slots=True)
class ErrorLog:
    """The error log of one environment."""

    transaction: Connection
    environment: str

    def add(self, rows: Iterable[tuple[int, LogRow]]) -> None:
        """Rows with their numbers, of the series "log"."""
        written = [
            queries.row(row) | {"environment": self.environment, "number": number}
            for number, row in rows
        ]
        _ADD.run_many(self.transaction, written)

    def find(self, asked: Asked, since: str, until: str) -> list[LogRow]:
        """Rows processed from one day to another, both included; days are YYYY-MM-DD.

        By species, time of processing, tag and code.
        """
        values = self._values(asked) | {"since": since, "until": f"{until}T24"}
        return [LogRow(*row) for row in _FIND.rows(self.transaction, values)]

    def last(self, asked: Asked) -> str:
        """When a row was written last; "" if there is none."""
        row = _LAST.row(self.transaction, self._values(asked))
        return (row[0] if row else "") or ""

    def _values(self, asked: Asked) -> dict[str, str]:
        return {
            "where": self.environment,
            "the_subject": heard(asked.subject),
            "the_holding": heard(asked.holding),
            "the_species": heard(asked.species),
        }
