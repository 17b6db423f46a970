"""A whole SDNS in memory: the house's tables and the agency's, with a world in them."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection

from podatelna.kernel.contract import Contract
from podatelna.kernel.controls import count
from podatelna.kernel.exchange import Request
from podatelna.kernel.ids import Ids
from podatelna.kernel.outbox import Posted, letters
from podatelna.kernel.resources import resource
from podatelna.kernel.settings import Value
from podatelna.kernel.visit import Visit
from podatelna.kernel.yamlfile import read_yaml
from podatelna.sdns import office
from podatelna.sdns.agency import settle
from podatelna.sdns.desk import Desk, open_desk
from podatelna.sdns.register import Register
from podatelna.sdns.seeding import seed
from podatelna.sdns.tables import TABLES
from tests.databases import fresh_database

CONTRACT = Contract("sdns")
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
"""A Monday, nine o'clock in Prague."""
FIRM, OTHER = "99990000", "99990001"
SCOPE = "S_BCPZB"
SUBJECTS = [
    {"code": FIRM, "name": "Zkušební obchodník", "prefix": "999", "email": "a@firm.example"},
    {"code": OTHER, "name": "Druhý obchodník", "prefix": "998"},
]
ACCOUNTS = [{"login": "UZIV0001", "password": "Heslo-123", "subject": FIRM}]


def duty(*data_sets: str, **changes: Any) -> dict[str, Any]:
    """A row of obligations: of the firm, since a Monday of February."""
    usual = {"subject": FIRM, "scope": SCOPE, "data_sets": list(data_sets), "since": "2026-02-23"}
    return usual | changes


def world(**lists: Any) -> dict[str, Any]:
    """The agency's part of a world with two subjects and a user."""
    return {"production": {"subjects": SUBJECTS, "accounts": ACCOUNTS} | lists}


def shipped_world(name: str = "default") -> dict[str, Any]:
    """The agency's part of a world that comes with the house."""
    part: dict[str, Any] = read_yaml(resource("scenarios", f"worlds/{name}.yaml"))["sdns"]
    return part


@dataclass
class Premises:
    """The agency's rooms, whose time passes when it is told to."""

    transaction: Connection
    now: datetime = NOW
    settings: dict[str, Value] = field(default_factory=dict)

    def register(self, environment: str = "production") -> Register:
        return Register(self.transaction, environment)

    def visit(self, request: Request | None = None) -> Visit:
        return Visit(
            request or Request("", ""),
            self.transaction,
            self.now,
            Ids("seed", partial(count, self.transaction)),
            CONTRACT.settings.over(self.settings),
        )

    def desk(self, environment: str = "production") -> Desk:
        return open_desk(self.visit(), CONTRACT, environment)

    def set(self, **settings: Value) -> None:
        for name, value in settings.items():
            CONTRACT.settings.check(name, value)
        self.settings |= settings

    def settle(self, **later: float) -> None:
        """Let time pass, and do what falls due in it: `settle(days=2)`."""
        self.now += timedelta(**later)
        settle(self.visit(), CONTRACT)

    def settle_at(self, iso: str) -> None:
        self.now = datetime.fromisoformat(iso).astimezone(UTC)
        settle(self.visit(), CONTRACT)

    def letters(self) -> list[Posted]:
        return letters(self.transaction)

    def posted(self) -> list[tuple[str, str]]:
        """When letters were sent, in UTC to the minute, and what about."""
        return [
            (letter.at[:16], letter.subject.removeprefix("SDNS: ")) for letter in self.letters()
        ]

    def call(self, method: str, name: str, query: str = "", /, **given: Any) -> Any:
        """An admin call: its JSON, or the reason of a refusal."""
        body = json.dumps(given).encode() if given else b""
        request = Request(method, name, query=query, body=body)
        response = office.calls(CONTRACT)[name](self.visit(request))
        answer = json.loads(response.body)
        return answer if response.status == 200 else answer["detail"]


@contextmanager
def open_premises(part: Mapping[str, Any]) -> Iterator[Premises]:
    """A world that has just been written."""
    with fresh_database(TABLES) as transaction:
        seed(CONTRACT, transaction, part)
        yield Premises(transaction)
