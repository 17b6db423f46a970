"""A sandbox as tests see it: its addresses, its admin calls, and those who sign in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests
from requests_ntlm import HttpNtlmAuth

DOMAIN = "EXRESORTMV"
PASSWORD = "Heslo-1234"
"""Of every account in the default world."""
PATHS = {"production": "/ws_uby/ws_uby.svc", "test": "/ws_uby_test/ws_uby.svc"}
ACTIONS = "http://UBY.pcr.cz/WS_UBY/IWS_UBY/"
XML = "text/xml; charset=utf-8"
NOW = "2026-03-04T08:00:00Z"
"""When the clock of a test's sandbox stands still, unless the test moves it: TODAY at nine."""
DATE = "Wed, 04 Mar 2026 08:00:00 GMT"

OWN_HEADERS = {
    "Cache-Control": "private",
    "Server": "Microsoft-IIS/10.0",
    "X-AspNet-Version": "4.0.30319",
    "X-Powered-By": "ASP.NET",
}
"""What every answer of the agency carries (IIS and ASP.NET defaults; reconstructed)."""


@dataclass
class Sandbox:
    """One isolated world of a running server, and the admin API's grip on it."""

    server: str
    name: str
    admin: requests.Session = field(repr=False)
    disturbed: bool = False
    """Answers were broken on purpose, so they need not fit the contract."""

    def url(self, environment: str = "production") -> str:
        """The whole address of ws_uby.svc."""
        return f"{self.server}/s/{self.name}{PATHS[environment]}"

    def call(self, method: str, path: str, **options: Any) -> Any:
        """An admin call about this sandbox; its JSON, or None. Fails on any refusal."""
        place = f"{self.server}/_podatelna/sandboxes/{self.name}{path}"
        answer = self.admin.request(method, place, **options)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def freeze(self, at: str) -> None:
        self.call("PUT", "/clock", json={"freeze": at})

    def set(self, **settings: object) -> None:
        """Ubyport's settings, by name."""
        self.call("PATCH", "/settings", json={"ubyport": settings})

    def disrupt(self, kind: str, moment: str, **options: object) -> None:
        """Plan trouble for the next filing of guests."""
        self.disturbed = True
        plan = {"agency": "ubyport", "operation": "ZapisUbytovane", "kind": kind}
        self.call("POST", "/disruptions", json=plan | {"moment": moment, "options": options})

    def journal(self) -> list[dict[str, Any]]:
        exchanges: list[dict[str, Any]] = self.call("GET", "/journal")
        return exchanges

    def last(self) -> dict[str, Any]:
        """The journal's last exchange."""
        return self.journal()[-1]

    def stays(self) -> list[dict[str, Any]]:
        """The stored guests."""
        stored: list[dict[str, Any]] = self.call("GET", "/ubyport/stays")
        return stored


@dataclass(frozen=True)
class Caller:
    """Somebody with an account at one address of the web service."""

    url: str
    session: requests.Session = field(repr=False)

    def post(
        self, body: bytes | str, operation: str = "ZapisUbytovane", **headers: str | None
    ) -> requests.Response:
        """One message. Headers by name with _ for -; None leaves one out."""
        sent = {"Content-Type": XML, "SOAPAction": ACTIONS + operation}
        changed = {name.replace("_", "-"): value for name, value in headers.items()}
        data = body.encode() if isinstance(body, str) else body
        return self.session.post(self.url, data=data, headers={**sent, **changed})

    def get(self, query: str = "") -> requests.Response:
        """A page of the service; the query with its question mark."""
        return self.session.get(self.url + query)


SignIn = Callable[..., Caller]
"""Makes a caller: login, environment and password."""


def plain_session() -> requests.Session:
    """A session that no variable of the environment reaches."""
    session = requests.Session()
    session.trust_env = False
    return session


def ntlm(login: str, password: str = PASSWORD) -> HttpNtlmAuth:
    return HttpNtlmAuth(f"{DOMAIN}\\{login}", password)
