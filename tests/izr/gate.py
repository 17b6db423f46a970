"""The gateway with two services that do nothing but remember, and visits made by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from lxml import etree
from sqlalchemy import Connection, create_engine, insert

from podatelna.izr.desk import Desk
from podatelna.izr.door import Door
from podatelna.izr.gateway import Gateway
from podatelna.izr.model import ServiceError, Tree
from podatelna.izr.schemas import Schemas
from podatelna.izr.services import Service
from podatelna.izr.tables import CERTIFICATE, RIGHT, TABLES
from podatelna.kernel.accounts import Account, add_accounts
from podatelna.kernel.contract import Contract
from podatelna.kernel.controls import count
from podatelna.kernel.exchange import Request, Response
from podatelna.kernel.ids import Ids
from podatelna.kernel.reading import Element
from podatelna.kernel.settings import Value
from podatelna.kernel.tables import TABLES as KERNEL_TABLES
from podatelna.kernel.visit import Trail, Visit
from tests.izr.messages import KEY, LOGIN, NAMES, SUBJECT

CONTRACT = Contract("izr")
SCHEMAS = Schemas(CONTRACT)
PATH = "/ssl/nosso-app/EPO/WS/v2Online/vOKOsrv.ashx"
NOW = datetime(2025, 5, 2, 6, 0, 1, 234567, tzinfo=UTC)
OTHER = "1000000002"
RESULT = "OvereniZaslaniHlaseniDocasneHospodarstviResult"


@dataclass
class Gate:
    """A gateway in one transaction. `answers` is what the services answer, by vOKOid."""

    transaction: Connection
    calls: list[tuple[Desk, str]] = field(default_factory=list)
    """What the services were asked: the desk, and the payload as text."""
    answers: dict[str, Tree | ServiceError] = field(default_factory=dict)
    settings: dict[str, Value] = field(default_factory=dict)
    trail: Trail = field(default_factory=Trail)
    """Of the last visit."""

    def __post_init__(self) -> None:
        services = {
            "IZR_ODH01B": Service("IZR_ODH01B", "PF", partial(self._run, "IZR_ODH01B")),
            "IZR_OUZ01A": Service("IZR_OUZ01A", "PF", partial(self._run, "IZR_OUZ01A")),
            "IZR_PRO01B": Service("IZR_PRO01B", "BA", partial(self._run, "IZR_PRO01B")),
        }
        self.answers |= {
            "IZR_ODH01B": [(RESULT, "true")],
            "IZR_PRO01B": [("ProvozovnyBResult", [])],
        }
        self.gateway = Gateway(Door(CONTRACT, services), SCHEMAS)

    def _run(self, service: str, desk: Desk, payload: Element) -> Tree | ServiceError:
        self.calls.append((desk, etree.tostring(payload, encoding="unicode")))
        return self.answers[service]

    def set(self, **settings: Value) -> None:
        for name, value in settings.items():
            CONTRACT.settings.check(name, value)
        self.settings |= settings

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Response:
        """One request. Headers by name with _ for -."""
        sent = {"host": "epomze.gov.cz", "content-type": "text/xml"} | headers
        path, _, query = path.partition("?")
        named = {name.replace("_", "-"): value for name, value in sent.items()}
        return self.visit(Request(method, path, query, named, body))

    def visit(self, request: Request) -> Response:
        self.trail = Trail()
        visit = Visit(
            request=request,
            transaction=self.transaction,
            now=NOW,
            ids=Ids("seed", lambda series: count(self.transaction, series)),
            settings=CONTRACT.settings.over(self.settings),
            trail=self.trail,
        )
        return self.gateway.door.authenticate(visit, self.gateway.handle)

    def post(self, body: bytes, host: str = "epomze.gov.cz") -> Response:
        return self.ask("POST", PATH, body, host=host)

    def keys(self) -> list[str]:
        """What the last visit told the journal, by key."""
        return [finding.code for finding in self.trail.findings]

    def received(self) -> str:
        """What was received where the last finding was made."""
        return self.trail.findings[-1].received

    def login(self, login: str, key: str, *subjects: str, **more: Any) -> None:
        """Let somebody call for these subjects."""
        about = {"environment": "production"} | more
        add_accounts(self.transaction, [Account("izr", login=login, password=key, **about)])
        rows = [{"environment": about["environment"], "login": login, "subject": each}
                for each in subjects]  # fmt: skip
        if rows:
            self.transaction.execute(insert(RIGHT), rows)

    def certificate(self, serial: str, login: str) -> None:
        row = {"environment": "production", "serial": serial, "login": login}
        self.transaction.execute(insert(CERTIFICATE), [row])


@contextmanager
def opened() -> Iterator[Gate]:
    """A gateway that LOGIN may call for SUBJECT in production."""
    engine = create_engine("sqlite://")
    with engine.begin() as transaction:
        for tables in (KERNEL_TABLES, TABLES):
            tables.create_all(transaction)
        gate = Gate(transaction)
        gate.login(LOGIN, KEY, SUBJECT)
        yield gate
    engine.dispose()


@dataclass(frozen=True)
class Told:
    """A fault, as a client reads it."""

    faultcode: str
    code: str
    text: str
    request_id: str | None
    service: str | None


def fault_of(response: Response) -> Told:
    root = etree.fromstring(response.body)
    found = root.find("s:Body/s:Fault", NAMES)
    assert found is not None, response.body
    error = found.find("detail/v:Error", NAMES)
    assert error is not None
    assert found.findtext("faultstring") == error.findtext("v:ErrorDescription", None, NAMES)
    return Told(
        faultcode=found.findtext("faultcode") or "",
        code=error.findtext("v:ErrorCode", "", NAMES),
        text=found.findtext("faultstring") or "",
        request_id=error.findtext("v:RequestID", None, NAMES),
        service=error.findtext("v:vOKOid", None, NAMES),
    )


def payload_of(response: Response) -> Element:
    """The payload of an answer."""
    found = etree.fromstring(response.body).find("s:Body/v:Response/v:ResponseContent", NAMES)
    assert found is not None, response.body
    return found[0]
