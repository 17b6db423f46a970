"""How often one caller may call: a sliding log over the sandbox's clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
)

from podatelna.kernel.controls import EPOCH, MICROSECOND
from podatelna.kernel.tables import TABLES, heard

HIT = Table(
    "limit_hit",
    TABLES,
    Column("limit", String, nullable=False),
    Column("caller", String, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Index("limit_hit_by_caller", "limit", "caller", "at_us"),
)
_WHOSE = (HIT.c.limit == bindparam("of"), HIT.c.caller == bindparam("who"))
_SEEN = select(func.count()).select_from(HIT).where(*_WHOSE)
_IN_THE_WAY = (
    select(HIT.c.at_us).where(*_WHOSE).order_by(HIT.c.at_us).limit(1).offset(bindparam("over"))
)
_FORGET = delete(HIT).where(*_WHOSE, HIT.c.at_us <= bindparam("until"))
_ADD = insert(HIT)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many calls of one caller within any window of this length."""

    name: str
    calls: int
    window: timedelta

    def __post_init__(self) -> None:
        if self.calls < 1 or self.window <= timedelta(0):
            raise ValueError(f"limit {self.name} would never let a call through, or always")

    def hit(self, transaction: Connection, caller: str, now: datetime) -> timedelta | None:
        """Count a call. None: it is within the limit; else the wait until the next one would be.

        A call over the limit is not counted, so that waiting always helps.
        """
        at = (now - EPOCH) // MICROSECOND
        length = self.window // MICROSECOND
        whose = {"of": self.name, "who": heard(caller)}
        transaction.execute(_FORGET, whose | {"until": at - length})
        over = transaction.execute(_SEEN, whose).scalar_one() - self.calls
        if over >= 0:
            # More are counted than the limit allows if it was higher when they came.
            first = transaction.execute(_IN_THE_WAY, whose | {"over": over}).scalar_one()
            return timedelta(microseconds=first + length - at)
        transaction.execute(_ADD, {"limit": self.name, "caller": whose["who"], "at_us": at})
        return None
