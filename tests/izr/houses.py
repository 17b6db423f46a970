"""A whole IZR in memory: the house's tables and the agency's, with a world in them."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from lxml import etree
from sqlalchemy import Connection

from podatelna.izr import office
from podatelna.izr.desk import Desk, open_desk
from podatelna.izr.model import PRODUCTION, Caller, ServiceError, Tree
from podatelna.izr.register import Register
from podatelna.izr.seeding import seed
from podatelna.izr.services import SERVICES
from podatelna.izr.tables import TABLES
from podatelna.kernel.controls import count
from podatelna.kernel.exchange import Request
from podatelna.kernel.ids import Ids
from podatelna.kernel.resources import resource
from podatelna.kernel.settings import Value
from podatelna.kernel.visit import Visit
from podatelna.kernel.yamlfile import read_yaml
from tests.databases import fresh_database
from tests.izr.contract import ACCESS
from tests.izr.desks import CONTRACT

KEEPER, NEIGHBOUR, MAKER = "1000000001", "1000000002", "1000000008"
HOME, OTHER = "12345678", "23456789"
EWE = "CZ0000012345126"
NOW = "2025-05-02 06:00:00"
"""Eight o'clock in Prague."""

SUBJECTS = [
    {"id": KEEPER, "name": "Farma"},
    {"id": NEIGHBOUR, "name": "Soused"},
    {"id": MAKER, "name": "Výrobce", "keeper": False},
]
HOLDINGS = [
    {
        "number": HOME,
        "subject": KEEPER,
        "name": "Ovčín",
        "region": "20",
        "registered": "2010-05-03",
    },
    {"number": OTHER, "subject": NEIGHBOUR, "name": "Stráň", "registered": "2012-02-20"},
]
STABLES = [{"holding": HOME, "number": "01"}, {"holding": HOME, "number": "02"}]


def row(tag: str = EWE, **changes: Any) -> dict[str, Any]:
    """An animal of a world file: a ewe that was born at home."""
    usual = {
        "tag": tag,
        "species": "OVC",
        "sex": "F",
        "born": "2023-03-14",
        "birth_holding": HOME,
    }
    return usual | changes


def world(*animals: Mapping[str, Any], **lists: Any) -> dict[str, Any]:
    """The agency's part of a world with two keepers, each with a holding."""
    usual = {"subjects": SUBJECTS, "holdings": HOLDINGS, "stables": STABLES}
    return {PRODUCTION: usual | {"animals": list(animals)} | lists}


def shipped_world(name: str = "default") -> dict[str, Any]:
    """The agency's part of a world that comes with the house."""
    part: dict[str, Any] = read_yaml(resource("scenarios", f"worlds/{name}.yaml"))["izr"]
    return part


@dataclass
class Premises:
    """The agency's rooms."""

    transaction: Connection
    now: str = NOW
    settings: dict[str, Value] = field(default_factory=dict)

    def register(self, environment: str = PRODUCTION) -> Register:
        return Register(self.transaction, environment)

    def visit(self, request: Request | None = None) -> Visit:
        return Visit(
            request or Request("", ""),
            self.transaction,
            datetime.fromisoformat(self.now).replace(tzinfo=UTC),
            Ids("seed", partial(count, self.transaction)),
            CONTRACT.settings.over(self.settings),
        )

    def desk(self, subject: str = KEEPER, environment: str = PRODUCTION) -> Desk:
        """A desk that a subject is at; "" for nobody."""
        desk = open_desk(self.visit(), CONTRACT, environment)
        caller = Caller("99sandbox", frozenset({subject})) if subject else None
        return replace(desk, caller=caller, subject=subject)

    def ask(self, service: str, payload: str = "", subject: str = KEEPER) -> Tree | ServiceError:
        """What a service answers. Nobody in particular asks a BA service."""
        desk = self.desk(subject if ACCESS[service] == "PF" else "")
        return SERVICES[service].run(desk, etree.fromstring(f"<Request>{payload}</Request>"))

    def call(self, method: str, name: str, query: str = "", /, **given: Any) -> Any:
        """An admin call: its JSON, or the reason of a refusal."""
        body = json.dumps(given).encode() if given else b""
        request = Request(method, f"/_podatelna/izr/{name}", query=query, body=body)
        response = office.calls(CONTRACT)[name](self.visit(request))
        answer = json.loads(response.body)
        return answer if response.status == 200 else answer["detail"]


@contextmanager
def open_premises(part: Mapping[str, Any]) -> Iterator[Premises]:
    """A world that has just been written."""
    with fresh_database(TABLES) as transaction:
        seed(CONTRACT, transaction, part)
        yield Premises(transaction)
