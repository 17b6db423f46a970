"""The tally: how many alerts a party sees, by state and by time, kept with every change.

The number of pages is part of every answer, and nobody counts a million rows for it. Two instants
of an alert are tallied, when it was raised and when its state was set last, by months and by ten
days; what is cut within those is counted. Spans tell how far the two instants lie apart.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import product
from typing import Final, Literal

from sqlalchemy import ColumnElement, Connection, bindparam, func, select, text

from podatelna.czmvo.model import Alert
from podatelna.czmvo.tables import ALERT, TALLY
from podatelna.kernel.statements import Row, Statement

Side = Literal["mah", "enduser"]
Instant = Literal["created", "changed"]
Series = Literal[Instant, "span"]

EVERY_STATE: Final = -(2**31)
"""The row of all states together. No state that anybody can ask for has this number."""

MONTH, TEN_DAYS = len("2026-03"), len("2026-03-0")
"""Lengths of what names a period: the beginning of all instants in it."""
_LENGTHS = (MONTH, TEN_DAYS)
SPANS = range(3, 11)
"""From under 8 days to 512 days and more; by then alerts are closed and archived."""
_SPAN = len("10")
_BEGINS, _ENDS = "0000-00-00 00:00:00", "9999-19-39 23:59:59"
"""What a period's name goes on with: texts that none of its instants is before or after."""

# SQLite and PostgreSQL spell it alike; SQLAlchemy has a construct for each, and none for both.
_ADD = Statement(
    text(
        "INSERT INTO czmvo_tally (environment, party, series, state, length, period, alerts)"
        " VALUES (:environment, :party, :series, :state, :length, :period, :alerts)"
        " ON CONFLICT (environment, party, series, state, length, period)"
        " DO UPDATE SET alerts = czmvo_tally.alerts + excluded.alerts"
    )
)
_PERIODS = Statement(
    select(TALLY.c.period, TALLY.c.alerts)
    .where(
        TALLY.c.environment == bindparam("where"),
        TALLY.c.party == bindparam("party"),
        TALLY.c.series == bindparam("series"),
        TALLY.c.state == bindparam("state"),
        TALLY.c.length == bindparam("length"),
        TALLY.c.period >= bindparam("first"),
        TALLY.c.period <= bindparam("last"),
    )
    .order_by(TALLY.c.period)
)
_COLUMNS = ("party", "series", "state", "length", "period")
_Entry = tuple[str, Series, int, int, str]
Bounds = tuple[str, str]
"""The first and the last instant."""


def span(created: str, changed: str) -> int:
    """How old an alert was when its state was set last, in days, as the number of binary digits.

    4 is 8 to 15 days, 5 is 16 to 31.
    """
    first, last = (date.fromisoformat(instant[:10]) for instant in (created, changed))
    return min(max((last - first).days.bit_length(), SPANS[0]), SPANS[-1])


# -- keeping it


def add(transaction: Connection, environment: str, alerts: Sequence[Alert]) -> None:
    """Count new alerts."""
    _write(transaction, environment, Counter(_entries(alerts)))


def move(transaction: Connection, environment: str, before: Alert, after: Alert) -> None:
    """Count an alert where it is now, and no longer where it was."""
    moved = Counter(_entries([after]))
    moved.subtract(_entries([before]))
    _write(transaction, environment, moved)


def _entries(alerts: Iterable[Alert]) -> Iterator[_Entry]:
    for alert in alerts:
        places = _places(alert.created, max(alert.changed, alert.created))
        parties = [party for party in (alert.mah, alert.enduser) if party]
        for party, state in product(parties, (alert.state, EVERY_STATE)):
            for series, length, period in places:
                yield party, series, state, length, period


def _places(created: str, changed: str) -> list[tuple[Series, int, str]]:
    """Where an alert is counted, whoever sees it."""
    places: list[tuple[Series, int, str]] = [("span", _SPAN, f"{span(created, changed):02}")]
    for length in _LENGTHS:
        places.append(("created", length, created[:length]))
        places.append(("changed", length, changed[:length]))
    return places


def _write(transaction: Connection, environment: str, entries: Counter[_Entry]) -> None:
    rows = [
        {"environment": environment, "alerts": alerts, **dict(zip(_COLUMNS, entry, strict=True))}
        for entry, alerts in entries.items()
        if alerts
    ]
    _ADD.run_many(transaction, rows)


# -- asking it


def whole(period: str) -> Bounds:
    """The bounds of a period."""
    return period + _BEGINS[len(period) :], period + _ENDS[len(period) :]


def common(some: Bounds, others: Bounds) -> Bounds:
    """What lies within both bounds."""
    return max(some[0], others[0]), min(some[1], others[1])


def theirs(side: Side, *, by_state: bool) -> list[ColumnElement[bool]]:
    """The condition that alerts are of a share."""
    whose = [ALERT.c.environment == bindparam("where"), ALERT.c[side] == bindparam("party")]
    return [*whose, ALERT.c.state == bindparam("state")] if by_state else whose


@cache
def _count(side: Side, by_state: bool, instant: Instant) -> Statement:
    at = ALERT.c[instant]
    between = (at >= bindparam("start"), at <= bindparam("end"))
    found = select(func.count()).select_from(ALERT)
    return Statement(found.where(*theirs(side, by_state=by_state), *between))


@dataclass(frozen=True, slots=True)
class Share:
    """The alerts that a party sees in one environment, in one state or in all."""

    transaction: Connection
    environment: str
    side: Side
    party: str
    state: int | None

    @property
    def by_state(self) -> bool:
        return self.state is not None

    def rows(self, statement: Statement, **asked: object) -> list[Row]:
        """Execute a statement on alerts that are `theirs`."""
        whose = {"where": self.environment, "party": self.party, "state": self.state}
        return statement.rows(self.transaction, whose | asked)

    def number(self, statement: Statement, **asked: object) -> int:
        """The number that is the result."""
        return int(self.rows(statement, **asked)[0][0] or 0)

    def spans(self) -> frozenset[int]:
        """Those that any alerts have."""
        tallied = self._tallied("span", _SPAN, ("", str(SPANS[-1])))
        return frozenset(int(length) for length, alerts in tallied if alerts)

    def periods(
        self, instant: Instant, within: Bounds, length: int = MONTH
    ) -> list[tuple[str, int]]:
        """Periods of a length, and how many alerts each has within the bounds."""
        if within[0] > within[1]:
            return []
        first, last = (bound[:length] for bound in within)
        return [
            (period, self._part(instant, period, alerts, within))
            if period in (first, last)
            else (period, alerts)
            for period, alerts in self._tallied(instant, length, (first, last))
        ]

    def _tallied(self, series: Series, length: int, within: Bounds) -> list[Row]:
        state = self.state if self.by_state else EVERY_STATE
        asked = {"series": series, "length": length, "first": within[0], "last": within[1]}
        return self.rows(_PERIODS, **asked, state=state)

    def _part(self, instant: Instant, period: str, alerts: int, within: Bounds) -> int:
        """The alerts of a period that may be cut."""
        start, end = common(within, whole(period))
        if (start, end) == whole(period):
            return alerts
        if len(period) == MONTH:
            return sum(part for _, part in self.periods(instant, (start, end), TEN_DAYS))
        return self.number(_count(self.side, self.by_state, instant), start=start, end=end)
