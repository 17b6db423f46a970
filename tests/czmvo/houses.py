"""A whole AMS in memory: the house's tables and the agency's, with a world in them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection

from podatelna.czmvo.alerts import Alerts
from podatelna.czmvo.model import PRODUCTION, Alert
from podatelna.czmvo.seeding import seed
from podatelna.czmvo.tables import TABLES
from podatelna.czmvo.timetable import Timetable, touch
from podatelna.kernel.controls import count, set_settings
from podatelna.kernel.exchange import Request
from podatelna.kernel.ids import Ids
from podatelna.kernel.outbox import Posted, letters
from podatelna.kernel.resources import resource
from podatelna.kernel.settings import Value
from podatelna.kernel.visit import Visit
from podatelna.kernel.yamlfile import read_yaml
from tests.czmvo.desks import LISTS
from tests.databases import all_tables, fresh_database

LOCATION = "858d085f-324a-4938-a796-333bfac94f05"
PARTIES = [
    {"id": "m1", "role": "mah", "name": "Vzorek Pharma", "email": "mah@vzorek.example"},
    {"id": "e1", "role": "enduser", "name": "Lékárna", "email": "lekarna@vzorek.example"},
]
LOCATIONS = [{"id": LOCATION, "party": "e1"}]


def row(uprc: str, state: str = "01a", **changes: Any) -> dict[str, Any]:
    """An alert of a world file."""
    usual = {
        "uprc": uprc,
        "created": "2026-03-01 08:00:00",
        "product_code": "08595116521485",
        "state": state,
        "code": "A2",
        "mah": "m1",
        "enduser": "e1",
        "location": LOCATION,
    }
    return usual | changes


def world(*alerts: Mapping[str, Any], **lists: Any) -> dict[str, Any]:
    """The agency's part of a world with a MAH, an end user and a location."""
    production = {"parties": PARTIES, "locations": LOCATIONS, "alerts": list(alerts), **lists}
    return {"production": production}


def shipped_world(name: str = "default") -> dict[str, Any]:
    """The agency's part of a world that comes with the house."""
    part: dict[str, Any] = read_yaml(resource("scenarios", f"worlds/{name}.yaml"))["czmvo"]
    return part


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass
class Premises:
    """The agency's rooms. `settings` may be changed at any time."""

    transaction: Connection
    settings: dict[str, Value] = field(
        default_factory=lambda: dict(LISTS.contract.settings.defaults)
    )
    timetable: Timetable = field(default_factory=lambda: Timetable(LISTS))

    def visit(self, now: str, request: Request | None = None) -> Visit:
        ids = Ids("seed", partial(count, self.transaction))
        asked = request or Request("", "")
        return Visit(asked, self.transaction, at(now), ids, self.settings)

    def settle(self, now: str) -> None:
        self.timetable.settle(self.visit(now))

    def alert(self, uprc: str, environment: str = PRODUCTION) -> Alert:
        found = Alerts(self.transaction, environment).find(uprc)
        assert found
        return found

    def state(self, uprc: str, environment: str = PRODUCTION) -> str:
        """The external code of an alert's state."""
        return LISTS.profiles["workflow"].by_id[self.alert(uprc, environment).state].external

    def move(self, uprc: str, state: str, now: str, environment: str = PRODUCTION) -> None:
        """Set a state as the service does: the change is told to the timetable."""
        visit = self.visit(now)
        before = self.alert(uprc, environment)
        number = LISTS.profiles["workflow"].by_external[state].id
        after = LISTS.workflow(self.settings).settled(before, number, "mah", now)
        Alerts(self.transaction, environment).change(before, after)
        touch(visit.transaction, environment)

    def posted(self) -> list[Posted]:
        return letters(self.transaction)

    def told(self) -> list[tuple[str, str, str]]:
        """When who was written to, and the first words."""
        return [(each.at[:19], each.recipient, each.subject) for each in self.posted()]

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """All rows of all tables."""
        return {
            table.name: sorted(
                (tuple(found) for found in self.transaction.execute(table.select())), key=repr
            )
            for table in all_tables(TABLES).sorted_tables
            if table.name != "control"
        }


@contextmanager
def open_premises(
    part: Mapping[str, Any],
    given: Mapping[str, Value] | None = None,
    url: str = "sqlite://",
) -> Iterator[Premises]:
    """A world, and settings that are laid over the defaults before it is written.

    Nothing of it is committed.
    """
    with fresh_database(TABLES, url) as transaction:
        set_settings(transaction, {"czmvo": dict(given or {})})
        seed(LISTS, transaction, part)
        premises = Premises(transaction)
        premises.settings.update(given or {})
        yield premises
