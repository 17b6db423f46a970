"""Pages of a party's alerts, as quick with a million of them as with a thousand.

How many alerts were raised in a month is known from the tally, by state. So the alerts that a query
finds are told without counting them, but for the two months where its bounds are, and a page begins
with an offset in its own month and not in all the years before.

Alerts whose state was set since a time are those raised since, which the tally knows, and older
ones. An alert that was 20 days old when its state was set last is in a span of 16 to 31 days, and
so it is looked for among those raised in the 31 days before that time. Within a span alerts lie in
the order of pages: a page merges the spans, and stops when it is full.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    GenerativeSelect,
    bindparam,
    func,
    select,
    union_all,
)

from podatelna.czmvo.model import NEVER, Alert
from podatelna.czmvo.tables import ALERT
from podatelna.czmvo.tally import (
    SPANS,
    TEN_DAYS,
    Instant,
    Share,
    Side,
    common,
    theirs,
    whole,
)
from podatelna.kernel.statements import Row, Statement

FIRST_INSTANT: Final = "0001-01-01 00:00:00"
INSTANTS: tuple[Instant, Instant] = ("changed", "created")
SOON = 20
"""Days within which most alerts are done with. Alerts that wait longer than that are few."""


def _days_before(days: int, instant: str) -> str:
    """The beginning of a day; "" if there was none that long ago."""
    found = date.fromisoformat(instant[:10]).toordinal() - days
    return f"{date.fromordinal(found)} 00:00:00" if found > 0 else ""


def _span_begins(length: int, changed: str) -> str:
    """Alerts of the span whose state was set at a time or later were not raised before this."""
    return _days_before(2**length, changed) if length < SPANS[-1] else ""


@dataclass(frozen=True, slots=True)
class Query:
    """Which of a party's alerts are wanted, and in which order. Bounds are inclusive."""

    side: Side
    party: str
    created_from: str = FIRST_INSTANT
    created_to: str = NEVER
    changed_from: str = FIRST_INSTANT
    state: int | None = None
    latest: bool = False
    """The newest first."""

    def finds(self, alert: Alert) -> bool:
        return (
            getattr(alert, self.side) == self.party
            and self.created_from <= alert.created <= self.created_to
            and self.changed_from <= alert.changed
            and self.state in (None, alert.state)
        )


def _seconds_off(seconds: int, instant: str) -> str:
    return (datetime.fromisoformat(instant) + timedelta(seconds=seconds)).isoformat(" ")


# -- statements


def _in_spans(side: Side, by_state: bool, *columns: ColumnElement[Any]) -> CompoundSelect[Any]:
    """A look-up for each span, of alerts whose state was set since they were raised."""
    lookups = (
        select(*columns).where(
            *theirs(side, by_state=by_state),
            ALERT.c.span == length,
            ALERT.c.created >= bindparam(f"start_{length}"),
            ALERT.c.created <= bindparam("end"),
            ALERT.c.changed >= bindparam("changed"),
        )
        for length in SPANS
    )
    return union_all(*lookups)


@cache
def _count_older(side: Side, by_state: bool) -> Statement:
    counts = _in_spans(side, by_state, func.count(ALERT.c.uprc).label("alerts"))
    return Statement(select(func.sum(counts.subquery().c.alerts)))


@cache
def _page(side: Side, by_state: bool, latest: bool) -> Statement:
    raised = (ALERT.c.created >= bindparam("start"), ALERT.c.created <= bindparam("end"))
    found = select(*_columns(side)).where(*theirs(side, by_state=by_state), *raised)
    return Statement(_cut(found, ALERT.c, latest))


@cache
def _page_of_older(side: Side, by_state: bool, latest: bool) -> Statement:
    found = _in_spans(side, by_state, *_columns(side))
    return Statement(_cut(found, found.selected_columns, latest))


def _columns(side: Side) -> tuple[ColumnElement[Any], ...]:
    columns = (ALERT.c.uprc, ALERT.c.created, ALERT.c.product_code, ALERT.c.state)
    return *columns, ALERT.c[f"last_for_{side}"]


def _cut(found: GenerativeSelect, columns: Any, latest: bool) -> GenerativeSelect:
    """The rows of a page, in its order."""
    order = [columns.created, columns.uprc]
    found = found.order_by(*([column.desc() for column in order] if latest else order))
    return found.limit(bindparam("size")).offset(bindparam("skipped"))


# -- the search


class Search:
    """What a query finds at one moment."""

    def __init__(self, transaction: Connection, environment: str, query: Query) -> None:
        share = Share(transaction, environment, query.side, query.party, query.state)
        parts: list[_Older | _Newer] = [_Newer(share, query)]
        if query.changed_from > query.created_from:
            parts.insert(0, _Older(share, query))
        self._parts = parts[::-1] if query.latest else parts
        self.total = sum(part.total for part in parts)

    def page(self, number: int, size: int) -> list[Row]:
        """The rows of a page, counted from 1: UPRC, creation, product code, state, newest message.

        The newest message is the one that the side can read, 0 if there is none.
        """
        rows: list[Row] = []
        skipped = (number - 1) * size
        for part in self._parts:
            if len(rows) < size and skipped < part.total:
                rows += part.fetch(skipped, size - len(rows))
            skipped = max(0, skipped - part.total)
        return rows


class _Newer:
    """Alerts raised since the time of the change that is asked for, if one is."""

    def __init__(self, share: Share, query: Query) -> None:
        self._share, self._latest = share, query.latest
        self._bounds = max(query.created_from, query.changed_from), query.created_to
        self._months = share.periods("created", self._bounds)
        self.total = sum(alerts for _, alerts in self._months)

    def fetch(self, skipped: int, size: int) -> list[Row]:
        """Alerts from a position that there is: they begin in the period where that is."""
        period, skipped = self._reached(self._months, skipped)
        if skipped:
            within = common(self._bounds, whole(period))
            period, skipped = self._reached(
                self._share.periods("created", within, TEN_DAYS), skipped
            )
        (start, end), (begins, ends) = self._bounds, whole(period)
        start, end = (start, min(end, ends)) if self._latest else (max(start, begins), end)
        statement = _page(self._share.side, self._share.by_state, self._latest)
        asked = {"start": start, "end": end, "size": size, "skipped": skipped}
        return self._share.rows(statement, **asked)

    def _reached(self, periods: list[tuple[str, int]], skipped: int) -> tuple[str, int]:
        """The period that a position is in, and how many of its alerts are before it."""
        for period, alerts in reversed(periods) if self._latest else periods:
            if skipped < alerts:
                return period, skipped
            skipped -= alerts
        raise IndexError(skipped)


class _Older:
    """Alerts raised before the time of the change that is asked for, and changed since."""

    def __init__(self, share: Share, query: Query) -> None:
        self._share, self._latest = share, query.latest
        self._changed = query.changed_from
        self._last = _seconds_off(-1, query.changed_from)
        self._bounds = query.created_from, min(query.created_to, self._last)
        self._spans = share.spans()
        self.total = self._count(*self._bounds)

    def fetch(self, skipped: int, size: int) -> list[Row]:
        """Alerts from a position on, merged from the end that is nearer."""
        size = min(size, self.total - skipped)
        from_end = self.total - skipped - size
        if skipped > from_end:
            return self._merged(not self._latest, from_end, size)[::-1]
        return self._merged(self._latest, skipped, size)

    def _merged(self, latest: bool, skipped: int, size: int) -> list[Row]:
        statement = _page_of_older(self._share.side, self._share.by_state, latest)
        asked = self._between(*self._bounds)
        return self._share.rows(statement, **asked, size=size, skipped=skipped)

    def _count(self, start: str, end: str) -> int:
        """How many there are between the bounds.

        If that are nearly all, those beyond are counted: how many there are is known from the
        tally, because what was raised since was changed since, too.
        """
        nearly_all = start < _days_before(SOON, self._changed) <= end
        if not nearly_all:
            return self._counted(start, end)
        changed, raised = (
            sum(alerts for _, alerts in self._share.periods(instant, (self._changed, NEVER)))
            for instant in INSTANTS
        )
        before = (
            self._counted(FIRST_INSTANT, _seconds_off(-1, start)) if start > FIRST_INSTANT else 0
        )
        after = self._counted(_seconds_off(1, end), self._last)
        return changed - raised - before - after

    def _counted(self, start: str, end: str) -> int:
        if start > end:
            return 0
        statement = _count_older(self._share.side, self._share.by_state)
        return self._share.number(statement, **self._between(start, end))

    def _between(self, start: str, end: str) -> dict[str, str]:
        begins = {
            f"start_{length}": max(start, _span_begins(length, self._changed))
            if length in self._spans
            else NEVER
            for length in SPANS
        }
        return begins | {"end": end, "changed": self._changed}
