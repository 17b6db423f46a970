"""Performs the steps of one scenario."""

import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from podatelna.kernel.clock import Clock
from podatelna.kernel.replay.answers import (
    admin_differences,
    broken_differences,
    http_differences,
    outbox_differences,
)
from podatelna.kernel.replay.cast import Cast
from podatelna.kernel.replay.comparison import call_differences
from podatelna.kernel.replay.difference import Difference, Differences
from podatelna.kernel.replay.line import BrokenError, Incoming, Line, Login, Outgoing
from podatelna.kernel.replay.steering import steer
from podatelna.kernel.replay.target import Sandbox
from podatelna.kernel.replay.words import actors
from podatelna.kernel.scenario.file import ScenarioFile
from podatelna.kernel.scenario.model import (
    AdminStep,
    CallStep,
    Http,
    HttpStep,
    ImportStep,
    OutboxStep,
    ResetStep,
)
from podatelna.kernel.scenario.part import Caller
from podatelna.kernel.scenario.vocabulary import AgencyWords


@dataclass(frozen=True, slots=True)
class Performance:
    """A scenario on its way. Without a sandbox it can only call and send requests."""

    file: ScenarioFile
    cast: Cast
    sandbox: Sandbox | None = None

    def perform(self, step: Any) -> list[Difference]:
        """Do what a step says; what did not come as expected. Raises TargetError."""
        acts: Mapping[type, Callable[[Any], Differences]] = {
            CallStep: self._call,
            HttpStep: self._http,
            ImportStep: self._import,
            AdminStep: self._admin,
            OutboxStep: self._outbox,
        }
        act = acts.get(type(step))
        if isinstance(step, ResetStep):
            # Of what the agency gave them, such as tokens, the sandbox knows nothing any more.
            self.cast.leave()
        if act is None:
            return steer(self._steered, self.file.scenario, step)
        for turn in range(1, getattr(step, "repeat", 1) + 1):
            if differences := list(act(step)):
                return [_in_turn(difference, turn) for difference in differences]
        return []

    @property
    def _words(self) -> AgencyWords:
        return self.cast.vocabulary.agencies[self.cast.agency]

    @property
    def _steered(self) -> Sandbox:
        """Steps that need it are not performed without one."""
        assert self.sandbox is not None
        return self.sandbox

    def _now(self) -> datetime:
        return self.sandbox.now() if self.sandbox else Clock().now()

    def _call(self, step: CallStep) -> Differences:
        account, now = self.cast.account(step.as_), self._now()
        method = step.call.partition(".")[2]
        setting = {
            "now": now,
            "defaults": self.file.scenario.given.defaults,
            "environment": account.environment,
            "login": account.login.lower(),
            "kind": account.kind,
            "world": self.cast.vocabulary.data(self.file.world)[self.cast.agency],
        }
        arguments = actors().completed(self.cast.agency, method, step.with_, setting)
        outcome = self.cast.actor(account).call(method, arguments, now, step.timeout)
        return call_differences(step.expect, outcome, self._words.errors)

    def _http(self, step: HttpStep) -> Differences:
        try:
            answer = self._sent(step.http, step.timeout)
        except BrokenError as error:
            return broken_differences(step.expect, error)
        return http_differences(step.expect, answer, self._words)

    def _sent(self, http: Http, timeout: float | None) -> Incoming:
        request = _written(http, self.file.path.parent)
        with Line(self.cast.url, timeout) as line:
            if http.as_ is None:
                return line.send(request)
            by = self._sign_in(http.as_, request)
            if "ntlm" in by:
                return line.sign_in_and_send(request, Login(**by["ntlm"]))
            return line.send(_with_headers(request, by["headers"]))

    def _sign_in(self, caller: Caller, request: Outgoing) -> Mapping[str, Any]:
        """What the agency's actor says. Raises BrokenError where the caller is not let in."""
        actor = self.cast.actor(self.cast.account(caller))
        by: Mapping[str, Any] = actor.sign_in(request.headers, self._now())
        if "failed" in by:
            raise BrokenError("invalid", f"signing in failed: {by['failed']}")
        return by

    def _import(self, step: ImportStep) -> Differences:
        wanted = step.import_
        path = self.file.path.parent / wanted.file
        name = wanted.name or path.name
        about = {"file": name, "environment": wanted.environment, "login": wanted.login}
        status, content = self._steered.hand_in(
            self.cast.agency,
            path.suffix.removeprefix("."),
            path.read_bytes(),
            {name: value for name, value in about.items() if value},
        )
        return admin_differences(step.expect, status, content)

    def _admin(self, step: AdminStep) -> Differences:
        asked = step.admin
        status, content = self._steered.call(
            self.cast.agency, asked.call, asked.method, asked.query, asked.json_
        )
        return admin_differences(step.expect, status, content)

    def _outbox(self, step: OutboxStep) -> Differences:
        return outbox_differences(step.expect, self._steered.outbox(step.outbox.recipient))


def _in_turn(difference: Difference, turn: int) -> Difference:
    if turn == 1:
        return difference
    return replace(difference, what=f"{difference.what} (time {turn})")


def _written(http: Http, folder: Path) -> Outgoing:
    """The request as it goes out, not yet signed in."""
    way = http.body_given_as
    body = _BODIES[way](http, folder) if way else None
    request = Outgoing(http.method, http.path, http.headers, body)
    return _with_headers(request, {"Content-Type": _TYPES[way]} if way in _TYPES else {})


def _with_headers(request: Outgoing, more: Mapping[str, str]) -> Outgoing:
    """With those that it does not have yet: what the scenario itself wrote stands."""
    given = {name.lower() for name in request.headers}
    added = {name: value for name, value in more.items() if name.lower() not in given}
    return replace(request, headers={**request.headers, **added})


_TYPES = {"json": "application/json", "form": "application/x-www-form-urlencoded"}
_BODIES: Mapping[str, Callable[[Http, Path], bytes]] = {
    "body": lambda http, _: (http.body or "").encode(),
    "body_file": lambda http, folder: (folder / (http.body_file or "")).read_bytes(),
    "body_base64": lambda http, _: b64decode(http.body_base64 or ""),
    "json": lambda http, _: json.dumps(http.json_, ensure_ascii=False).encode(),
    "form": lambda http, _: urlencode(http.form or {}).encode(),
}
