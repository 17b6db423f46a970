"""What scenarios do to their sandbox: clock, settings and disruptions."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Protocol

from podatelna.kernel.disruptions import Disruption
from podatelna.kernel.replay.difference import Difference, Differences
from podatelna.kernel.replay.target import Sandbox
from podatelna.kernel.scenario.model import (
    AdvanceStep,
    ClockStep,
    DisruptStep,
    ResetStep,
    Scenario,
    SettingsStep,
)
from podatelna.kernel.scenario.trouble import Planned


def prepare(sandbox: Sandbox, scenario: Scenario) -> None:
    """Make a new sandbox what the scenario says is given."""
    given = scenario.given
    if given.clock:
        sandbox.freeze(given.clock)
    if given.settings:
        sandbox.set(scenario.agency, given.settings)
    for planned in given.disruptions:
        _plan(sandbox, scenario, planned)


def unused_disruptions(sandbox: Sandbox) -> Differences:
    """Trouble that was planned and met no call: the scenario does not show what it says."""
    for planned in sandbox.disruptions():
        if planned["times"]:
            of = " ".join(filter(None, (planned["operation"], planned["login"]))) or "any call"
            name = f"disruption {planned['kind']} {planned['moment']} {of}"
            received = f"{planned['used']} met it, {planned['times']} more were planned"
            yield Difference(name, "every planned call meets it", received)


def steer(sandbox: Sandbox, scenario: Scenario, step: Any) -> list[Difference]:
    """Do what a step about the sandbox says."""
    return list(_STEERING[type(step)](sandbox, scenario, step))


def _plan(sandbox: Sandbox, scenario: Scenario, planned: Planned) -> None:
    disruption = Disruption(
        agency=scenario.agency,
        kind=planned.kind,
        moment=planned.moment,
        options=planned.options,
        operation=planned.operation,
        login=planned.login,
        times=planned.times,
    )
    wanted = asdict(disruption)
    del wanted["used"]
    sandbox.plan(wanted)


class _Steer(Protocol):
    def __call__(self, sandbox: Sandbox, scenario: Scenario, step: Any, /) -> Differences: ...


def _advance(sandbox: Sandbox, _: Scenario, step: AdvanceStep) -> Differences:
    sandbox.advance(step.advance)
    yield from ()


def _set_clock(sandbox: Sandbox, _: Scenario, step: ClockStep) -> Differences:
    sandbox.freeze(step.clock)
    yield from ()


def _set(sandbox: Sandbox, scenario: Scenario, step: SettingsStep) -> Differences:
    sandbox.set(scenario.agency, step.settings)
    yield from ()


def _disrupt(sandbox: Sandbox, scenario: Scenario, step: DisruptStep) -> Differences:
    _plan(sandbox, scenario, step.disrupt)
    yield from ()


def _reset(sandbox: Sandbox, scenario: Scenario, _: ResetStep) -> Differences:
    # The reset forgets the plans, and with them that they were never used.
    yield from unused_disruptions(sandbox)
    sandbox.reset()
    prepare(sandbox, scenario)


_STEERING: Mapping[type, _Steer] = {
    AdvanceStep: _advance,
    ClockStep: _set_clock,
    SettingsStep: _set,
    DisruptStep: _disrupt,
    ResetStep: _reset,
}
