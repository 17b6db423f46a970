"""The alerts of the environments, and the tally of them."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache
from itertools import islice
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from podatelna.czmvo import tally
from podatelna.czmvo.model import MAH, NOOL, Alert, Caller
from podatelna.czmvo.paging import Query, Search
from podatelna.czmvo.tables import ALERT, FALLS_DUE, IN_ANONYMOUS_GROUP, IN_GROUP
from podatelna.czmvo.tally import span
from podatelna.kernel.statements import Statement
from podatelna.kernel.tables import heard

_FIELDS = tuple(item.name for item in fields(Alert))
_VALUES = attrgetter(*_FIELDS)
_COLUMNS = tuple(ALERT.c[name] for name in _FIELDS)
_MUTABLE = (
    "state",
    "initial",
    "changed",
    "group",
    "anonymous_group",
    "closed",
    "closed_by",
    "last_for_mah",
    "last_for_enduser",
    "due",
    "escalation",
)
"""What may become of an alert. What raised it, where and whose it is stays."""

_HERE = ALERT.c.environment == bindparam("where")
_ONE = (_HERE, ALERT.c.uprc == bindparam("which"))
_ALERT = Statement(select(*_COLUMNS).where(*_ONE))
_GROUP = Statement(select(*_COLUMNS).where(_HERE, IN_GROUP, ALERT.c.group == bindparam("which")))
_ANONYMOUS_GROUP = Statement(
    select(*_COLUMNS).where(
        _HERE, IN_ANONYMOUS_GROUP, ALERT.c.anonymous_group == bindparam("which")
    )
)
_DUE = Statement(
    select(ALERT.c.environment, *_COLUMNS)
    .where(FALLS_DUE, ALERT.c.due <= bindparam("now"))
    .order_by(ALERT.c.due, ALERT.c.environment, ALERT.c.uprc)
    .limit(1)
)
_ADD = Statement(insert(ALERT))

_AT_ONCE = 10_000
"""Rows that are written in one go, so that a large world is not in memory twice."""


@cache
def _change(names: tuple[str, ...]) -> Statement:
    """An update of some columns; there are few sets of them."""
    return Statement(update(ALERT).where(*_ONE), names)


def next_due(transaction: Connection, now: str) -> tuple[str, Alert] | None:
    """The alert of all environments that falls due first, if any is due by `now`, and where it is.

    Of those that fall due at once the first by environment and UPRC.
    """
    row = _DUE.row(transaction, {"now": now})
    return (row[0], Alert(*row[1:])) if row else None


def sees(caller: Caller, alert: Alert) -> bool:
    """Whether an alert is the caller's to see.

    Alert-based credentials see the one; a developer who has chosen no end user sees none (manual
    1.1).
    """
    if caller.kind == "alert" and caller.alert != alert.uprc:
        return False
    if caller.role == NOOL:
        return True
    owner = alert.mah if caller.role == MAH else alert.enduser
    return bool(owner) and owner == caller.party


@dataclass(frozen=True, slots=True)
class Alerts:
    """The alerts of one environment, within one transaction."""

    transaction: Connection
    environment: str

    def find(self, uprc: str) -> Alert | None:
        row = _ALERT.row(self.transaction, {"where": self.environment, "which": heard(uprc)})
        return Alert(*row) if row else None

    def find_all(self, uprcs: Iterable[str]) -> list[Alert]:
        """Those that exist, each once, by UPRC."""
        found = map(self.find, sorted(set(uprcs)))
        return [alert for alert in found if alert]

    def alike(self, alert: Alert, *, group: bool, anonymous: bool) -> list[Alert]:
        """The alerts of its groups, itself included, by UPRC; itself alone if it is in none."""
        found = {alert.uprc: alert}
        if group and alert.group:
            found |= self._members(_GROUP, alert.group)
        if anonymous and alert.anonymous_group:
            found |= self._members(_ANONYMOUS_GROUP, alert.anonymous_group)
        return [found[uprc] for uprc in sorted(found)]

    def search(self, query: Query) -> Search:
        """The alerts that a query finds, by pages."""
        return Search(self.transaction, self.environment, query)

    def add(self, alerts: Iterable[Alert]) -> None:
        """Store new alerts. Their state was set when they were raised, if not told otherwise."""
        coming = iter(alerts)
        while chunk := list(islice(coming, _AT_ONCE)):
            _ADD.run_many(self.transaction, [self._row(alert) for alert in chunk])
            tally.add(self.transaction, self.environment, chunk)

    def change(self, before: Alert, after: Alert) -> None:
        """Write what differs; `before` is the alert as it is stored."""
        written = {
            name: value
            for name in _MUTABLE
            if (value := getattr(after, name)) != getattr(before, name)
        }
        if not written:
            return
        if "changed" in written:
            written |= _set(after)
        place = {"where": self.environment, "which": before.uprc}
        _change(tuple(written)).run(self.transaction, written | place)
        if {"state", "changed"} & written.keys():
            tally.move(self.transaction, self.environment, before, after)

    def _members(self, statement: Statement, group: str) -> dict[str, Alert]:
        rows = statement.rows(self.transaction, {"where": self.environment, "which": group})
        return {alert.uprc: alert for alert in (Alert(*row) for row in rows)}

    def _row(self, alert: Alert) -> dict[str, Any]:
        row = dict(zip(_FIELDS, _VALUES(alert), strict=True))
        row["environment"] = self.environment
        return row | _set(alert)


def _set(alert: Alert) -> dict[str, Any]:
    """When its state was set last, and how long that is after it was raised; never before."""
    changed = max(alert.changed, alert.created)
    return {"changed": changed, "span": span(alert.created, changed)}
