"""When the animals of a holding changed last, whoever reported it.

The days of events do not tell: what is reported today may have happened a week ago, and a neighbour
may be the first to report a move.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select

from podatelna.izr import queries
from podatelna.izr.tables import CHANGE
from podatelna.kernel.statements import Statement
from podatelna.kernel.tables import heard

_OF_HOLDING = (queries.here(CHANGE), CHANGE.c.holding == bindparam("the_holding"))
_LAST = Statement(select(CHANGE.c.changed).where(*_OF_HOLDING))
_FORGET = Statement(delete(CHANGE).where(*_OF_HOLDING))
_ADD = Statement(insert(CHANGE))


@dataclass(frozen=True, slots=True)
class Changes:
    """The last changes in one environment."""

    transaction: Connection
    environment: str

    def tell(self, holdings: Iterable[str], at: str) -> None:
        """The animals of these holdings changed at a local time; "" is no holding."""
        for holding in sorted({heard(each) for each in holdings if each}):
            which = {"where": self.environment, "the_holding": holding}
            _FORGET.run(self.transaction, which)
            row = {"environment": self.environment, "holding": holding, "changed": at}
            _ADD.run(self.transaction, row)

    def last(self, holding: str) -> str:
        """The local time; "" if nothing has changed since the world was made."""
        asked = {"where": self.environment, "the_holding": heard(holding)}
        row = _LAST.row(self.transaction, asked)
        return str(row[0]) if row else ""
