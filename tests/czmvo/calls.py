"""Calls of the AMS in a sandbox: addresses of its environments, credentials, headers."""

from base64 import b64encode
from dataclasses import dataclass, field

import requests

from tests.sandboxes import Sandbox

UNLIMITED = {"limit_per_address": 10**6, "limit_per_client": 10**6}
HOSTS = {
    "production": ("api.czmvo.cz", ""),
    "test": ("api.czmvo.cz", "/t"),
    "development": ("betaapi.czmvo.cz", ""),
}


@dataclass
class Office:
    """The AMS in one sandbox, with limits that nobody meets."""

    sandbox: Sandbox
    session: requests.Session = field(repr=False)
    touched: bool = True
    """Whether anything may have been written since the beginning."""

    def begin(self) -> None:
        """The default world as new, at the time that its alerts are made for."""
        self.touched = False
        self.sandbox.call("POST", "/reset", json={})
        self.sandbox.freeze("2026-03-02T08:00:00Z")
        self.sandbox.call("PATCH", "/settings", json={"czmvo": UNLIMITED})

    def url(self, environment: str) -> str:
        return f"{self.sandbox.server}/s/{self.sandbox.name}{HOSTS[environment][1]}"

    def token(self, environment: str, client: str, secret: str) -> str:
        """A token of version 2, or none that holds."""
        form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}
        url, host = self.url(environment), HOSTS[environment][0]
        answer = self.session.post(f"{url}/auth/token/", data=form, headers={"Host": host})
        return str(answer.json().get("access_token"))


@dataclass(frozen=True)
class Manner:
    """Where and how somebody calls, beside the parameters."""

    environment: str
    version: str
    credentials: tuple[str, str] | None
    accept: str | None
    language: str | None

    def headers(self, office: Office) -> dict[str, str]:
        given = {
            "Host": HOSTS[self.environment][0],
            "User-Agent": "schemathesis",
            "amscz-version": self.version,
            "Accept": self.accept,
            "Accept-Language": self.language,
            "Authorization": self._authorization(office),
        }
        return {name: value for name, value in given.items() if value}

    def _authorization(self, office: Office) -> str | None:
        if self.credentials is None:
            return None
        if self.version.startswith("2"):
            return f"Bearer {office.token(self.environment, *self.credentials)}"
        return "Basic " + b64encode(":".join(self.credentials).encode()).decode()
