"""Performs the steps of one scenario."""

from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from podatelna.kernel.clock import Clock
from podatelna.kernel.replay.answers import (
    admin_differences,
    broken_differences,
    http_differences,
)
from podatelna.kernel.replay.cast import Cast
from podatelna.kernel.replay.comparison import Difference, Differences, call_differences
from podatelna.kernel.replay.line import BrokenError, Incoming, Line, Login, Outgoing
from podatelna.kernel.replay.steering import steer
from podatelna.kernel.replay.target import Sandbox
from podatelna.kernel.replay.words import actors
from podatelna.kernel.scenario.file import ScenarioFile
from podatelna.kernel.scenario.model import CallStep, Http, HttpStep, ImportStep
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
        }
        act = acts.get(type(step))
        if act is None:
            assert self.sandbox is not None
            return steer(self.sandbox, self.file.scenario, step)
        for turn in range(1, getattr(step, "repeat", 1) + 1):
            if differences := list(act(step)):
                return [_in_turn(difference, turn) for difference in differences]
        return []

    @property
    def _words(self) -> AgencyWords:
        return self.cast.vocabulary.agencies[self.file.scenario.agency]

    def _call(self, step: CallStep) -> Differences:
        scenario = self.file.scenario
        account = self.cast.account(step.as_)
        method = step.call.partition(".")[2]
        setting = {
            "now": self.sandbox.now() if self.sandbox else Clock().now(),
            "defaults": scenario.given.defaults,
            "environment": account.environment,
            "login": account.login.lower(),
            "world": self.cast.vocabulary.data(scenario.given.world)[scenario.agency],
        }
        arguments = actors().completed(scenario.agency, method, step.with_, setting)
        outcome = self.cast.actor(account, step.timeout).call(method, arguments)
        return call_differences(step.expect, outcome, self._words.errors)

    def _http(self, step: HttpStep) -> Differences:
        try:
            answer = self._sent(step.http, step.timeout)
        except BrokenError as error:
            return broken_differences(step.expect, error)
        return http_differences(step.expect, answer, self._words)

    def _sent(self, http: Http, timeout: float | None) -> Incoming:
        body = _body(http, self.file.path.parent)
        request = Outgoing(http.method, http.path, http.headers, body)
        with Line(self.cast.url, timeout) as line:
            if http.as_ is None:
                return line.send(request)
            account = self.cast.account(http.as_)
            name = f"{self._words.domain}\\{account.login}"
            return line.sign_in_and_send(request, Login(name, account.password))

    def _import(self, step: ImportStep) -> Differences:
        assert self.sandbox is not None
        wanted = step.import_
        path = self.file.path.parent / wanted.file
        name = wanted.name or path.name
        about = {"file": name, "environment": wanted.environment, "login": wanted.login}
        status, content = self.sandbox.hand_in(
            self.file.scenario.agency,
            path.suffix.removeprefix("."),
            path.read_bytes(),
            {name: value for name, value in about.items() if value},
        )
        return admin_differences(step.expect, status, content)


def _in_turn(difference: Difference, turn: int) -> Difference:
    if turn == 1:
        return difference
    return replace(difference, what=f"{difference.what} (time {turn})")


def _body(http: Http, folder: Path) -> bytes | None:
    if http.body is not None:
        return http.body.encode()
    if http.body_file is not None:
        return (folder / http.body_file).read_bytes()
    return None if http.body_base64 is None else b64decode(http.body_base64)
