"""What is replayed against: a sandbox server with its admin API, or a service that has none."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from podatelna.kernel.replay.line import BrokenError, Incoming, Line, Outgoing

ROOT = "/_podatelna"
_OK = range(200, 300)


class TargetError(RuntimeError):
    """The target does not answer, or refuses what was asked of its admin API."""


@dataclass(frozen=True, slots=True)
class Target:
    """A server. `url` is what stands in front of the agencies' real paths."""

    url: str
    token: str = field(default="", repr=False)
    """For the admin API, if it wants one."""

    def is_sandbox(self) -> bool:
        """Whether the admin API is there. Raises TargetError if nothing answers at all."""
        answer = self._send("GET", f"{ROOT}/health")
        try:
            return answer.status in _OK and "agencies" in json.loads(answer.body)
        except ValueError:
            return False

    def create(self, name: str, world: str) -> "Sandbox":
        """A new sandbox; raises TargetError if the name is taken or there is no such world."""
        self.ask("POST", "/sandboxes", {"name": name, "world": world})
        return Sandbox(self, name)

    def ask(self, method: str, path: str, content: object = None) -> Any:
        """An admin call: JSON in and out. Raises TargetError with the reason that was given."""
        body = None if content is None else json.dumps(content).encode()
        answer = self._send(method, ROOT + path, body)
        if answer.status not in _OK:
            raise TargetError(_why(answer))
        return json.loads(answer.body) if answer.body else None

    def _send(self, method: str, path: str, body: bytes | None = None) -> Incoming:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        try:
            with Line(self.url) as line:
                return line.send(Outgoing(method, path, headers, body))
        except BrokenError as error:
            raise TargetError(f"{self.url}: {error.reason}") from error

    def call(self, method: str, path: str, content: bytes | None) -> tuple[int, Any]:
        """An agency's own admin call; status and JSON of its answer, None where it is empty."""
        answer = self._send(method, ROOT + path, content)
        try:
            return answer.status, json.loads(answer.body) if answer.body else None
        except ValueError as error:
            raise TargetError(f"HTTP {answer.status} without JSON from {path}") from error


@dataclass(frozen=True, slots=True)
class Sandbox:
    """One sandbox of a target."""

    target: Target
    name: str

    @property
    def url(self) -> str:
        """What stands in front of the agencies' real paths."""
        return f"{self.target.url}/s/{self.name}"

    def now(self) -> datetime:
        return datetime.fromisoformat(self._ask("GET")["now"])

    def freeze(self, at: datetime) -> None:
        self._ask("PUT", "/clock", {"freeze": at.isoformat()})

    def advance(self, by: str) -> None:
        """By a duration as `read_duration` takes it."""
        self._ask("PUT", "/clock", {"advance": by})

    def set(self, agency: str, settings: Mapping[str, Any]) -> None:
        self._ask("PATCH", "/settings", {agency: settings})

    def plan(self, disruption: Mapping[str, Any]) -> None:
        self._ask("POST", "/disruptions", disruption)

    def disruptions(self) -> Sequence[Mapping[str, Any]]:
        """All that were planned; `times` is how many calls each still waits for."""
        planned: Sequence[Mapping[str, Any]] = self._ask("GET", "/disruptions")
        return planned

    def last_exchange(self) -> Mapping[str, Any] | None:
        """What the journal recorded last."""
        recorded: Sequence[Mapping[str, Any]] = self._ask("GET", "/journal")
        return recorded[-1] if recorded else None

    def reset(self) -> None:
        self._ask("POST", "/reset")

    def drop(self) -> None:
        self._ask("DELETE")

    def outbox(self, recipient: str = "") -> Sequence[Mapping[str, Any]]:
        """The letters that were sent, to one recipient or to all."""
        query = f"?{urlencode({'recipient': recipient})}" if recipient else ""
        letters: Sequence[Mapping[str, Any]] = self._ask("GET", f"/outbox{query}")
        return letters

    def hand_in(
        self, agency: str, call: str, content: bytes, about: Mapping[str, str]
    ) -> tuple[int, Any]:
        """A file for an agency's own admin call; status and JSON of the answer."""
        return self.target.call("POST", self._path(agency, call, about), content)

    def call(
        self, agency: str, call: str, method: str, query: Mapping[str, str], content: object
    ) -> tuple[int, Any]:
        """An agency's own admin call, without a body if it is None; status and JSON."""
        body = None if content is None else json.dumps(content).encode()
        return self.target.call(method, self._path(agency, call, query), body)

    def _path(self, agency: str, call: str, query: Mapping[str, str]) -> str:
        path = f"/sandboxes/{self.name}/{agency}/{call}"
        return f"{path}?{urlencode(query)}" if query else path

    def _ask(self, method: str, path: str = "", content: object = None) -> Any:
        return self.target.ask(method, f"/sandboxes/{self.name}{path}", content)


def _why(answer: Incoming) -> str:
    try:
        problem = json.loads(answer.body)
        return f"{problem['title']}: {problem['detail']}"
    except (ValueError, KeyError, TypeError):
        return f"HTTP {answer.status}"
