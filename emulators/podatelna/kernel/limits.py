"""How often one caller may call, over the sandbox's clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    bindparam,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from podatelna.kernel.controls import EPOCH, MICROSECOND
from podatelna.kernel.statements import Statement
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
_SEEN = Statement(select(func.count()).select_from(HIT).where(*_WHOSE))
_IN_THE_WAY = Statement(
    select(HIT.c.at_us).where(*_WHOSE).order_by(HIT.c.at_us).limit(1).offset(bindparam("over"))
)
_FORGET = Statement(delete(HIT).where(*_WHOSE, HIT.c.at_us <= bindparam("until")))
_ADD = Statement(insert(HIT))

WINDOW = Table(
    "limit_window",
    TABLES,
    Column("limit", String, primary_key=True),
    Column("caller", String, primary_key=True),
    Column("since_us", BigInteger, nullable=False),
    Column("calls", Integer, nullable=False),
)
_OF_CALLER = (WINDOW.c.limit == bindparam("of"), WINDOW.c.caller == bindparam("who"))
_IS_OVER = WINDOW.c.since_us <= bindparam("until")
_COUNT = Statement(
    update(WINDOW)
    .where(*_OF_CALLER, or_(WINDOW.c.calls < bindparam("most"), _IS_OVER))
    .values(
        since_us=case((_IS_OVER, bindparam("now")), else_=WINDOW.c.since_us),
        calls=case((_IS_OVER, 1), else_=WINDOW.c.calls + 1),
    )
    .returning(WINDOW.c.calls)
)
_SINCE = Statement(select(WINDOW.c.since_us).where(*_OF_CALLER))
_OPEN = Statement(insert(WINDOW))


class Limit(Protocol):
    """So many calls of one caller within a time. Limits and callers are counted apart.

    A call over the limit is not counted, so that waiting always helps.
    """

    def hit(self, transaction: Connection, caller: str, now: datetime) -> timedelta | None:
        """Count a call. None: it is within the limit; else the wait until the next one would be."""


@dataclass(frozen=True, slots=True)
class SlidingLimit:
    """So many calls within any window of this length."""

    name: str
    calls: int
    window: timedelta

    def __post_init__(self) -> None:
        _check(self)

    def hit(self, transaction: Connection, caller: str, now: datetime) -> timedelta | None:
        """See Limit: the log of the window's calls is kept."""
        at = (now - EPOCH) // MICROSECOND
        length = self.window // MICROSECOND
        whose = {"of": self.name, "who": heard(caller)}
        _FORGET.run(transaction, whose | {"until": at - length})
        seen = _SEEN.row(transaction, whose)
        over = int(seen[0]) - self.calls if seen else 0
        # More are counted than the limit allows if it was higher when they came.
        first = _IN_THE_WAY.row(transaction, whose | {"over": over}) if over >= 0 else None
        if first:
            return timedelta(microseconds=first[0] + length - at)
        _ADD.run(transaction, {"limit": self.name, "caller": whose["who"], "at_us": at})
        return None


@dataclass(frozen=True, slots=True)
class FixedLimit:
    """So many calls within a window, which begins with the first call after the last window."""

    name: str
    calls: int
    window: timedelta

    def __post_init__(self) -> None:
        _check(self)

    def hit(self, transaction: Connection, caller: str, now: datetime) -> timedelta | None:
        """See Limit: one row is kept of each caller, and one statement counts a call."""
        at = (now - EPOCH) // MICROSECOND
        length = self.window // MICROSECOND
        whose = {"of": self.name, "who": heard(caller)}
        asked = whose | {"most": self.calls, "until": at - length, "now": at}
        if _COUNT.row(transaction, asked):
            return None
        since = _SINCE.row(transaction, whose)
        if since:
            return timedelta(microseconds=since[0] + length - at)
        row = {"limit": self.name, "caller": whose["who"], "since_us": at, "calls": 1}
        _OPEN.run(transaction, row)
        return None


def _check(limit: SlidingLimit | FixedLimit) -> None:
    if limit.calls < 1 or limit.window <= timedelta(0):
        raise ValueError(f"limit {limit.name} would never let a call through, or always")
