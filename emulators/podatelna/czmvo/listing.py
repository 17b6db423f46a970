"""What the alerts module tells of alerts, their groups and their notes (manual 2.7.1)."""

from dataclasses import dataclass
from typing import Any

from podatelna.czmvo.alerts import sees
from podatelna.czmvo.codes import TYPE_COLUMNS, told
from podatelna.czmvo.desk import Desk
from podatelna.czmvo.model import (
    ENDUSER,
    MAH,
    ROLES,
    Alert,
    Location,
    Refusal,
    Result,
    Role,
    Table,
)
from podatelna.czmvo.paging import Query, Search
from podatelna.czmvo.parameters import Parameter, Values, flag, moment, number, text, uprc
from podatelna.czmvo.seeing import chosen, literal, side, visible
from podatelna.czmvo.tally import Side
from podatelna.kernel.statements import Row

RAISED = ("alert_not_found", "location_not_found", "no_right_to_location")
"""Keys of errors.yaml that are reported here."""


# -- alerts (manual 2.7.1.1)

STATE_TAKES = (
    Parameter("uprc", uprc),
    Parameter("latest", flag),
    Parameter("createdFrom", moment),
    Parameter("createdTo", moment),
    Parameter("changedFrom", moment),
    Parameter("state", number),
    Parameter("page", number),
)
_COLUMNS = (
    "uprc",
    "created",
    "productcode",
    "stateid",
    "state",
    "lastmessageid",
    "statedescription",
)


@dataclass(frozen=True, slots=True)
class _Few:
    """What is found without a search: one alert, or none."""

    rows: list[Row]

    @property
    def total(self) -> int:
        return len(self.rows)

    def page(self, page: int, _size: int) -> list[Row]:
        return self.rows if page == 1 else []


def list_states(desk: Desk, values: Values) -> Table | Result | Refusal:
    """The states of alerts, by pages; of a page below 0 only how many there are."""
    found = _found(desk, values)
    if isinstance(found, Refusal):
        return found
    # There is no page 0; PHP takes it for none.
    page, size = values.get("page", 1) or 1, desk.whole("page_size")
    pages = {"pages": -(-found.total // size), "currentPage": max(page, 0)}
    return pages if page < 0 else _table(desk, found.page(page, size), pages)


def _found(desk: Desk, values: Values) -> Search | _Few | Refusal:
    query = _query(desk, values)
    alert = chosen(desk, values.get("uprc"))
    if isinstance(alert, Refusal):
        return alert
    if alert:
        return _Few([_row(query.side, alert)] if query.finds(alert) else [])
    return desk.alerts.search(query) if desk.caller.party else _Few([])


def _query(desk: Desk, values: Values) -> Query:
    given = {
        name: values[parameter]
        for parameter, name in (
            ("createdFrom", "created_from"),
            ("createdTo", "created_to"),
            ("changedFrom", "changed_from"),
            ("state", "state"),
            ("latest", "latest"),
        )
        if parameter in values
    }
    return Query(side(desk), desk.caller.party, **given)


def _row(whose: Side, alert: Alert) -> Row:
    """An alert as pages have it."""
    last = alert.last_for_mah if whose == MAH else alert.last_for_enduser
    return alert.uprc, alert.created, alert.product_code, alert.state, last


def _table(desk: Desk, rows: list[Row], pages: dict[str, int]) -> Table:
    columns = _COLUMNS + (TYPE_COLUMNS if side(desk) == ENDUSER else ())
    texts = {state: told(desk, desk.profile.named(state)) for state in {row[3] for row in rows}}
    as_text = literal(desk)
    listed: list[tuple[Any, ...]] = []
    for of_alert, created, product_code, state, last in rows:
        name, *more = texts[state]
        # The manual's examples have a text for a message and the number 0 for none.
        last_id = str(last) if as_text and last else last
        listed.append((of_alert, created, product_code, state, name, last_id, *more))
    return Table(columns, listed, "alerts", pages)


# -- groups and notes (manual 2.7.1.6, 2.7.1.8)

GROUP_TAKES = (Parameter("uprc", uprc, required=True),)


def list_group(desk: Desk, values: Values) -> Result | Refusal:
    """The alerts of an alert's group; none if it is in no group."""
    alert = visible(desk, values["uprc"])
    if isinstance(alert, Refusal):
        return alert
    if not alert.group:
        return {"uprc": []}
    alike = desk.alerts.alike(alert, group=True, anonymous=False)
    return {"uprc": [each.uprc for each in alike if sees(desk.caller, each)]}


def _whose(value: object) -> Role | None:
    """Whose note is wanted. Any other value is as good as none (manual 2.7.1.8)."""
    return next((role for role in ROLES if role == value), None)


NOTE_TAKES = (Parameter("uprc", uprc, required=True), Parameter("from", _whose))


def read_note(desk: Desk, values: Values) -> Result | Refusal:
    """The caller's own note, or another side's unless it is private."""
    alert = visible(desk, values["uprc"])
    if isinstance(alert, Refusal):
        return alert
    own = side(desk)
    whose = values.get("from") or own
    note = desk.correspondence.note(alert.uprc, whose)
    if note is None or (note.private and whose != own):
        return {"note": "", "uprc": alert.uprc, "private": False, "changed": None}
    return {
        "note": note.text,
        "uprc": alert.uprc,
        "private": note.private,
        "changed": note.changed,
    }


# -- alerts of level 3 (manual 2.7.1.10, 2.7.1.11)

COUNTER_TAKES = (Parameter("location", text, required=True),)
LEVEL_3_TAKES = (*COUNTER_TAKES, Parameter("from", number))


def level_3_counter(desk: Desk, values: Values) -> Result | Refusal:
    """The number that a location's last alert of level 3 has."""
    location = _own_location(desk, values)
    if isinstance(location, Refusal):
        return location
    return {"counter": desk.directory.counter(desk.environment, location.id)}


def list_level_3(desk: Desk, values: Values) -> Result | Refusal:
    """A location's alerts of level 3, from a number on."""
    location = _own_location(desk, values)
    if isinstance(location, Refusal):
        return location
    found = desk.directory.level_3(desk.environment, location.id, values.get("from", 0))
    return {
        "alalerts": [
            {
                "uprc": alert.uprc,
                "created": alert.created,
                "productcode": alert.product_code,
                "stateid": alert.state,
            }
            for alert in found
        ]
    }


def _own_location(desk: Desk, values: Values) -> Location | Refusal:
    asked, caller = values["location"], desk.caller
    location = desk.directory.location(asked)
    if location is None:
        return Refusal("location_not_found", "location", asked)
    # Credentials for one alert open that alert and nothing else (manual 1.1).
    if location.party != caller.party or caller.kind == "alert":
        return Refusal("no_right_to_location", "location", asked)
    return location
