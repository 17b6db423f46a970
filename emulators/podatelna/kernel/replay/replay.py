"""Replays a scenario file against a target, in a sandbox of its own."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from podatelna.kernel.ids import random_seed
from podatelna.kernel.replay.cast import Cast
from podatelna.kernel.replay.difference import Difference
from podatelna.kernel.replay.performance import Performance
from podatelna.kernel.replay.steering import prepare, unused_disruptions
from podatelna.kernel.replay.target import Sandbox, Target, TargetError
from podatelna.kernel.scenario.file import ScenarioFile
from podatelna.kernel.scenario.model import (
    AdminStep,
    CallStep,
    HttpStep,
    ImportStep,
    OutboxStep,
    Scenario,
)
from podatelna.kernel.scenario.vocabulary import Credentials, Vocabulary
from podatelna.kernel.world import DEFAULT


@dataclass(frozen=True, slots=True)
class Failure:
    """Where a scenario did not go as expected."""

    doing: str
    line: int
    """Of the step, in the scenario's file."""
    differences: tuple[Difference, ...]
    journal: str = ""
    """What the sandbox recorded last; "" where it recorded nothing."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a scenario."""

    file: ScenarioFile
    seconds: float
    performed: int
    """Steps."""
    failure: Failure | None = None
    skipped: str = ""
    """Why some steps, or all, were not performed."""


@dataclass(frozen=True, slots=True)
class Audience:
    """For whom all scenarios of one run are replayed: the target, and who calls there."""

    target: Target
    vocabulary: Vocabulary
    steerable: bool
    """Whether the target has an admin API, and so sandboxes."""
    stranger: Credentials | None = None
    """Who calls where there are no sandboxes, and so no accounts of a world."""
    own_world: Callable[[Path], Target] | None = None
    """A server whose default world is that file; None: all must go to the one target."""


def replay(file: ScenarioFile, audience: Audience) -> Result:
    """Perform the scenario until its end, or until something is not as expected."""
    started = perf_counter()
    willing, skipped = _willing(file, audience)
    performed, failure = 0, None
    try:
        if willing:
            with _stage(file, audience) as performance:
                performed, failure = _perform(performance, willing)
    except TargetError as error:
        failure = Failure("preparing the sandbox", 1, (_refused(error),))
    return Result(file, perf_counter() - started, performed, failure, skipped)


@contextmanager
def _stage(file: ScenarioFile, audience: Audience) -> Iterator[Performance]:
    sandbox = _sandbox(file, audience) if audience.steerable else None
    url = sandbox.url if sandbox else audience.target.url
    cast = Cast(file, audience.vocabulary, url, audience.stranger)
    try:
        if sandbox:
            prepare(sandbox, file.scenario)
        yield Performance(file, cast, sandbox)
    finally:
        cast.leave()
        if sandbox:
            with suppress(TargetError):
                sandbox.drop()


def _sandbox(file: ScenarioFile, audience: Audience) -> Sandbox:
    if file.world_file and audience.own_world:
        return audience.own_world(file.world_file).create(_name(file), DEFAULT)
    return audience.target.create(_name(file), file.scenario.given.world)


def _name(file: ScenarioFile) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", file.path.stem.lower()).strip("-")[:24]
    return f"run-{stem}-{random_seed()[:8]}"


def _perform(performance: Performance, willing: int) -> tuple[int, Failure | None]:
    """How many steps were performed as expected, and what was not."""
    file, sandbox = performance.file, performance.sandbox
    for position, step in enumerate(file.scenario.steps[:willing]):
        line = file.lines[position]
        if failure := _failure(doing(step), line, partial(performance.perform, step), sandbox):
            return position, failure
    if sandbox is None:
        return willing, None
    ending = _failure("at the end", 1, lambda: list(unused_disruptions(sandbox)), sandbox)
    return willing, ending


def _failure(
    what: str, line: int, act: Callable[[], list[Difference]], sandbox: Sandbox | None
) -> Failure | None:
    try:
        differences = act()
    except TargetError as error:
        return Failure(what, line, (_refused(error),))
    return Failure(what, line, tuple(differences), _recorded(sandbox)) if differences else None


def _refused(error: TargetError) -> Difference:
    return Difference("admin API", "does as it is told", str(error))


_DOING: Mapping[type, Callable[[Any], str]] = {
    CallStep: lambda step: f"call {step.call}",
    HttpStep: lambda step: f"{step.http.method} {step.http.path}",
    ImportStep: lambda step: f"import {step.import_.file}",
    AdminStep: lambda step: f"admin {step.admin.method} {step.admin.call}",
    OutboxStep: lambda step: f"outbox {step.outbox.recipient}".rstrip(),
}


def doing(step: Any) -> str:
    """A step in a few words."""
    # The other steps have one key each.
    tell = _DOING.get(type(step), lambda other: str(next(iter(type(other).model_fields))))
    return tell(step)


def _recorded(sandbox: Sandbox | None) -> str:
    if sandbox is None:
        return ""
    try:
        exchange = sandbox.last_exchange()
    except TargetError:
        return ""
    return journal_line(exchange) if exchange else ""


def journal_line(exchange: Mapping[str, Any]) -> str:
    """An exchange of the journal in one line: what it was, and what the sandbox made of it."""
    called = f"{exchange['method']} {exchange['target']} {exchange['operation']}".rstrip()
    login = f" by {exchange['login']}" if exchange["login"] else ""
    head = f"#{exchange['number']} {called}{login}"
    made = [*map(_found, exchange["findings"]), *exchange["notes"]]
    return "; ".join([f"{head}: HTTP {exchange['status']}", *made])


def _found(finding: Mapping[str, Any]) -> str:
    place = f" at {finding['at']}" if finding["at"] else ""
    record = "" if finding["record"] is None else f" of record {finding['record']}"
    received = f" ({finding['received']})" if finding["received"] else ""
    return f"{finding['code']}{place}{record}{received}"


def _willing(file: ScenarioFile, audience: Audience) -> tuple[int, str]:
    """How many steps can be performed, and why the others cannot."""
    if not audience.steerable:
        return _without_sandbox(file.scenario, audience)
    if file.world_file and not audience.own_world:
        return 0, "needs a server of its own for given.world: leave --target out"
    return len(file.scenario.steps), ""


def _without_sandbox(scenario: Scenario, audience: Audience) -> tuple[int, str]:
    """A step counts on those before it: nothing is performed after the first that cannot be."""
    given = sorted(scenario.given.model_fields_set - {"defaults"})
    if given:
        return 0, f"needs a sandbox for given.{given[0]}"
    for position, step in enumerate(scenario.steps):
        if why := _why_not(step, audience):
            return position, f"from step {position + 1}: {doing(step)} {why}"
    return len(scenario.steps), ""


def _why_not(step: Any, audience: Audience) -> str:
    if isinstance(step, CallStep):
        if step.as_:
            return "is made by an account of the sandbox"
        return "" if audience.stranger else "needs a login"
    if isinstance(step, HttpStep):
        return "is made by an account of the sandbox" if step.http.as_ else ""
    return "needs a sandbox"
