"""The whole house with the gateway in it: messages go in at the house's door, without a socket."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from podatelna.app import Config, House
from podatelna.kernel.exchange import Request, Response
from podatelna.kernel.journal import Exchange, exchanges
from tests.journeys.callers import administer
from tests.sandboxes import Sandbox, plain_session

GATEWAY = "/ssl/nosso-app/EPO/WS/v2Online/vOKOsrv.ashx"
WSDL = "/ssl/nosso-app/EPO/WS/Online/vOKOsrv.aspx"
DATA_MODEL = "/ssl/nosso-app/eagriapp/EPO/Wsdl.aspx"
SIMULATOR = "/ssl/nosso-app/eagriapp/EPO/Simulator.aspx"
XML = "text/xml; charset=utf-8"
NOW = "2025-05-02T06:00:01.234567Z"
"""When the clocks of these tests stand still."""


@dataclass(frozen=True)
class Gatehouse:
    """One sandbox of a house."""

    house: House = field(repr=False)
    sandbox: str = "default"

    def post(self, message: bytes, **headers: str) -> Response:
        """A message to the gateway. Headers by name with _ for -."""
        return self.visit("POST", GATEWAY, message, **headers)

    def visit(self, method: str, path: str, body: bytes = b"", **headers: str) -> Response:
        """Any request to the agency."""
        sent = {"host": "epomze.gov.cz", "content-type": XML} | headers
        named = {name.replace("_", "-"): value for name, value in sent.items()}
        path, _, query = path.partition("?")
        base = "" if self.sandbox == "default" else f"/s/{self.sandbox}"
        return self.house.handle(Request(method, base + path, query, named, body))

    def ask(self, method: str, path: str, value: object = None) -> Any:
        """An admin call about this sandbox that must succeed."""
        place = f"/_podatelna/sandboxes/{self.sandbox}{path}"
        return administer(self.house.handle, method, place, value)

    def reset(self, at: str = NOW) -> None:
        """The sandbox as new, with a clock that stands still."""
        self.ask("POST", "/reset")
        self.ask("PUT", "/clock", {"freeze": at})

    def set(self, **settings: object) -> None:
        self.ask("PATCH", "/settings", {"izr": settings})

    def journal(self) -> list[dict[str, Any]]:
        exchanges: list[dict[str, Any]] = self.ask("GET", "/journal")
        return exchanges

    def last(self) -> dict[str, Any]:
        """The journal's last exchange."""
        return self.journal()[-1]

    def recorded(self) -> list[Exchange]:
        """The journal as it is stored."""
        with self.house.sandboxes.open(self.sandbox) as transaction:
            return exchanges(transaction)


@contextmanager
def opened(**config: Any) -> Iterator[Gatehouse]:
    """A house of its own, with the default world at NOW."""
    with closing(House(Config(seed="1", **config))) as house:
        gatehouse = Gatehouse(house)
        gatehouse.reset()
        yield gatehouse


def post_to(sandbox: Sandbox, message: bytes) -> tuple[int, str, str]:
    """A message over a socket: status, media type and body of the answer."""
    with plain_session() as session:
        url = f"{sandbox.server}/s/{sandbox.name}{GATEWAY}"
        answer = session.post(url, data=message, headers={"Content-Type": "text/xml"})
    return answer.status_code, answer.headers["Content-Type"], answer.content.decode()
