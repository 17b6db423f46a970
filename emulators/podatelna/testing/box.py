"""A sandbox in the hands of a test: its clock, settings, disruptions, journal and accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from podatelna.kernel.replay.replay import journal_line
from podatelna.kernel.replay.target import Sandbox
from podatelna.testing.clients import make_client


@dataclass(frozen=True, slots=True)
class Clock:
    """The sandbox's clock. What falls due on the way is done before a call returns."""

    sandbox: Sandbox

    def now(self) -> datetime:
        return self.sandbox.now()

    def freeze(self, at: datetime) -> None:
        """Let it stand at an aware time."""
        self.sandbox.freeze(at)

    def advance(self, by: str) -> None:
        """By a duration such as `1h30m` or `90d`."""
        self.sandbox.advance(by)


@dataclass(frozen=True, slots=True)
class Account:
    """A login of the sandbox's world."""

    login: str
    password: str = field(repr=False)
    environment: str
    about: Mapping[str, Any]
    """All that the world file says of it."""


@dataclass(frozen=True, slots=True)
class AgencyDoor:
    """One agency of the sandbox."""

    box: "Podatelna"
    name: str
    accounts: tuple[Account, ...]
    """In the order of the world file."""
    world: Mapping[str, Any]
    """The agency's part of the world file, by environment."""

    @property
    def url(self) -> str:
        """What stands in front of the agency's real paths, such as http://127.0.0.1:4711/s/x."""
        return self.box.url

    @property
    def account(self) -> Account:
        """The first one: the one that the agency's examples are of."""
        return self.accounts[0]

    def account_of(self, login: str, environment: str = "") -> Account:
        """By its login, in any case of letters; LookupError names those that there are."""
        for each in self.accounts:
            if each.login.lower() == login.lower() and environment in ("", each.environment):
                return each
        known = ", ".join(each.login for each in self.accounts)
        raise LookupError(f"{self.name} has no account {login}; there are {known}")

    def client(self, account: Account | None = None, **options: Any) -> Any:
        """The reference client in an account's hands; close it, or use it in a `with`.

        Options are those of its class, `podatelna_client.<agency>`. To the IZR's test environment a
        client goes by host name alone: for that make a client of your own.
        """
        return make_client(self, account or self.account, options)

    def set(self, **settings: Any) -> None:
        """Switch what the public record leaves open, for example `seal=True`."""
        self.box.sandbox.set(self.name, settings)

    def disrupt(self, kind: str, **plan: Any) -> None:
        """Plan trouble: `disrupt("delay", options={"seconds": 30}, moment="after", times=2)`."""
        self.box.sandbox.plan({"agency": self.name, "kind": kind, **plan})

    def admin(self, call: str, method: str = "GET", content: object = None, **query: str) -> Any:
        """One of the agency's own admin calls; AssertionError unless it was done."""
        status, answer = self.box.sandbox.call(self.name, call, method, query, content)
        assert status < 300, f"{method} {self.name}/{call}: {answer['detail']}"  # noqa: PLR2004 - done
        return answer

    def calls(self, **wanted: Any) -> Sequence[Mapping[str, Any]]:
        """Its exchanges in the journal; the members of the journal's filter narrow them."""
        return self.box.journal(agency=self.name, **wanted)


@dataclass(frozen=True, slots=True)
class Podatelna:
    """One sandbox of a server, made for one test."""

    sandbox: Sandbox
    agencies: Mapping[str, AgencyDoor] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """What stands in front of the agencies' real paths."""
        return self.sandbox.url

    @property
    def name(self) -> str:
        return self.sandbox.name

    @property
    def clock(self) -> Clock:
        return Clock(self.sandbox)

    def journal(self, **wanted: Any) -> Sequence[Mapping[str, Any]]:
        """What was called, oldest first. Filters: agency, operation, login, method, path, status,
        finding, after."""
        query = f"?{urlencode(wanted)}" if wanted else ""
        found: Sequence[Mapping[str, Any]] = self._ask("GET", f"/journal{query}")
        return found

    def why(self, number: int) -> Mapping[str, Any]:
        """Why an exchange of the journal was refused."""
        found: Mapping[str, Any] = self._ask("GET", f"/journal/{number}/explanation")
        return found

    def outbox(self, recipient: str = "") -> Sequence[Mapping[str, Any]]:
        """The e-mails that agencies have sent, to one recipient or to all."""
        return self.sandbox.outbox(recipient)

    def snapshot(self, name: str) -> None:
        self._ask("POST", "/snapshots", {"name": name})

    def restore(self, name: str) -> None:
        self._ask("POST", f"/snapshots/{name}/restore")

    def expect_calls(
        self, *calls: Mapping[str, Any], ordered: bool = False, complete: bool = False
    ) -> None:
        """AssertionError unless these calls were made.

        Each has the members of the journal's filter, and `times` (once if not said) or `at_least`
        and `at_most`. `complete`: there were no others.
        """
        wanted = {"calls": calls, "ordered": ordered, "complete": complete}
        found = self._ask("POST", "/journal/verification", wanted)
        unmet = [_told(each, calls) for each in found["unmet"]]
        assert not unmet, "\n".join([*unmet, "the journal has:", *self.lines()])

    def lines(self) -> list[str]:
        """The journal, a line for each exchange."""
        return [f"  {journal_line(exchange)}" for exchange in self.journal()]

    def _ask(self, method: str, path: str, content: object = None) -> Any:
        return self.sandbox.target.ask(method, f"/sandboxes/{self.name}{path}", content)


def _told(unmet: Mapping[str, Any], calls: Sequence[Mapping[str, Any]]) -> str:
    """An expectation that was not met, with what came nearest."""
    if unmet["position"] < 0:
        return str(unmet["why"])
    lines = [f"{dict(calls[unmet['position']])}: {unmet['why']}"]
    for name, (expected, received) in (unmet["differs"] or {}).items():
        lines.append(f"  exchange {unmet['nearest']} has {name} {received!r}, not {expected!r}")
    return "\n".join(lines)
