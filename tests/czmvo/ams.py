"""The AMS of one sandbox, called without a socket. Every answer is held against the contract."""

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from podatelna.app import House
from podatelna.kernel.exchange import Request, Response
from podatelna.kernel.journal import Exchange, exchanges
from podatelna.kernel.sandbox import YEARS
from tests.czmvo.contract import hold

START = "2026-03-02T08:00:00Z"
"""The time that the alerts of the default world are made for."""
PREFIXES = {"production": "", "test": "/t", "development": "/beta"}
LOCATION = "858d085f-324a-4938-a796-333bfac94f05"
UPRC = "CZ-0VR-Y94-KK5-6FJ"
STATES = {"list": "enumState"}
"""What both modules have, for everybody but locations."""
FORM = {"content-type": "application/x-www-form-urlencoded"}

Pair = tuple[str, str]
Headers = Mapping[str, str | None]

# Logins of version 1 and pairs of version 2: of an end user, of a MAH, and of others like them.
LOGIN, SECRET = ("LOGIN", "PASSWORD"), ("id", "secret")
MAH_LOGIN, MAH_SECRET = ("MAHLOGIN", "MAHPASSWORD"), ("mah-id", "mah-secret")
BY_ALERT, BY_LOCATION = (UPRC, LOCATION), (LOCATION, LOCATION)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> int | None:
        """The envelope's code; None if there is no envelope."""
        return self.json.get("code") if self.body else None

    @property
    def result(self) -> Any:
        return self.json["result"]

    @property
    def outcome(self) -> tuple[int, int | None, str]:
        """Status, code, and the version that was used."""
        return self.status, self.code, self.version

    @property
    def version(self) -> str:
        return self.headers["amscz-version"]


@dataclass(frozen=True)
class Ams:
    """Calls, and the admin's grip on the sandbox."""

    house: House = field(repr=False)
    name: str
    held: bool = True
    """Whether answers are held against the contract; a setting may make them others."""

    def call(
        self,
        method: str = "GET",
        path: str = "/alerts/",
        given: Mapping[str, Any] | bytes = b"",
        headers: Headers | None = None,
        **more: str,
    ) -> Answer:
        """One request. None leaves a header out; `more`: query, peer."""
        sent = {name: value for name, value in (headers or {}).items() if value is not None}
        body = given if isinstance(given, bytes) else json.dumps(given).encode()
        request = Request(method, f"/s/{self.name}{path}", headers=sent, body=body, **more)
        response = self.house.handle(request)
        if self.held:
            hold(request, response)
        return _read(response)

    def ask(self, pair: Pair, path: str = "/filter/", version: str = "2.0", **more: Any) -> Answer:
        """A call of somebody in a version, with all headers that it needs."""
        given = more.pop("given", STATES)
        headers = self.signed(pair, version, path) | more.pop("headers", {})
        return self.call(more.pop("method", "GET"), path, given, headers, **more)

    def signed(self, pair: Pair, version: str = "2.0", path: str = "") -> dict[str, str | None]:
        """Headers of somebody, with a new token from version 2 on; without one if there is none."""
        if version == "1.0":
            return {"authorization": basic(*pair)}
        token = self.token_for(pair, environment_of(path)).json.get("access_token", "none")
        return bearer(token, version)

    def token_for(self, pair: Pair, environment: str = "production", **headers: str) -> Answer:
        form = {"grant_type": "client_credentials", "client_id": pair[0], "client_secret": pair[1]}
        return self.form(form, environment, **headers)

    def form(
        self, form: Mapping[str, str], environment: str = "production", **headers: str
    ) -> Answer:
        """A token request with these parameters."""
        path = f"{PREFIXES[environment]}/auth/token/"
        return self.call("POST", path, urlencode(form).encode(), FORM | headers)

    # -- the sandbox

    def set(self, **settings: Any) -> None:
        self.house.sandboxes.set(self.name, {"czmvo": settings})

    def freeze(self, at: str) -> None:
        assert int(at[:4]) in YEARS
        instant = datetime.fromisoformat(at)
        self.house.sandboxes.change_clock(self.name, lambda clock: clock.frozen(instant))

    def advance(self, **by: float) -> None:
        self.house.sandboxes.advance(self.name, timedelta(**by))

    def admin(self, method: str, path: str, given: Mapping[str, Any]) -> Any:
        """One of the agency's own admin calls that is granted."""
        place = f"/_podatelna/sandboxes/{self.name}/czmvo/{path}"
        headers = {"content-type": "application/json"}
        query = urlencode({name: given[name] for name in ("environment",) if name in given})
        body = json.dumps({name: given[name] for name in given if name != "environment"}).encode()
        answer = self.house.handle(Request(method, place, query, headers, body))
        assert answer.status == 200, answer.body
        return json.loads(answer.body)

    def journal(self) -> list[Exchange]:
        with self.house.sandboxes.open(self.name) as transaction:
            return exchanges(transaction)

    def last(self) -> Exchange:
        return self.journal()[-1]


def _read(response: Response) -> Answer:
    headers = dict(response.headers)
    assert len(headers) == len(response.headers)
    return Answer(response.status, headers, response.body)


def environment_of(path: str) -> str:
    """The environment that a path is of."""
    found = [
        name for name, prefix in PREFIXES.items() if prefix and f"{path}/".startswith(f"{prefix}/")
    ]
    return found[0] if found else "production"


def basic(login: str, password: str) -> str:
    return "Basic " + b64encode(f"{login}:{password}".encode()).decode()


def bearer(token: str, version: str = "2.0") -> dict[str, str | None]:
    """The headers that version 2 demands."""
    return {
        "user-agent": "Client 1.0",
        "amscz-version": version,
        "authorization": f"Bearer {token}",
        "accept": "application/json",
    }
