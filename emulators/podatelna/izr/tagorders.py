"""The register of ear tags that were ordered."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection, bindparam, func, insert, select

from podatelna.izr import queries
from podatelna.izr.model import TagOrder
from podatelna.izr.tables import ANIMAL, TAG_ORDER
from podatelna.kernel.statements import Statement
from podatelna.kernel.tables import heard

CODE_DIGITS: Final = 3
"""At the end of a tag, behind the serial number."""

_ORDER = (TAG_ORDER.c.species, TAG_ORDER.c.received, TAG_ORDER.c.sequence, TAG_ORDER.c.first)
_OF_HOLDING = Statement(
    select(*(TAG_ORDER.c[name] for name in queries.names(TagOrder)))
    .where(queries.here(TAG_ORDER), TAG_ORDER.c.holding == bindparam("the_holding"))
    .order_by(*_ORDER)
)
_WORN = Statement(
    select(func.count())
    .select_from(ANIMAL)
    .where(
        queries.here(ANIMAL),
        ANIMAL.c.tag >= bindparam("the_first"),
        ANIMAL.c.tag <= bindparam("the_last"),
        ANIMAL.c.tag.like(bindparam("the_end")),
    )
)
_ADD = Statement(insert(TAG_ORDER))


@dataclass(frozen=True, slots=True)
class TagOrders:
    """The orders of one environment."""

    transaction: Connection
    environment: str

    def add(self, orders: Iterable[TagOrder]) -> None:
        rows = [queries.row(order) | {"environment": self.environment} for order in orders]
        _ADD.run_many(self.transaction, rows)

    def of(self, holding: str) -> list[TagOrder]:
        """By species and time of receipt. Tags of registered animals do not remain."""
        asked = {"where": self.environment, "the_holding": heard(holding)}
        found = (TagOrder(*row) for row in _OF_HOLDING.rows(self.transaction, asked))
        return [self._with_rest(order) for order in found]

    def _with_rest(self, order: TagOrder) -> TagOrder:
        # Tags of one species have the same length, so texts are ordered as numbers are. Those of an
        # order differ in the serial number; the last three digits are a code (description of tags).
        asked = {
            "where": self.environment,
            "the_first": order.first,
            "the_last": order.last,
            "the_end": f"%{order.first[-CODE_DIGITS:]}",
        }
        row = _WORN.row(self.transaction, asked)
        worn = int(row[0]) if row else 0
        return replace(order, remaining=max(0, min(order.remaining, order.ordered - worn)))
