"""The library of scenarios: every transition of the AMS is in it, and every refused state."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pytest

from podatelna.czmvo.credentials import NAME
from podatelna.kernel.contract import Contract
from podatelna.kernel.scenario.model import AdminStep, CallStep, HttpStep, Scenario
from podatelna.kernel.scenario.part import Caller
from tests.scenarios.library import calls_of, library, words

CONTRACT = Contract(NAME)
TRANSITIONS = CONTRACT.codelist("transitions")
Scenarios = Mapping[str, Scenario]


@pytest.fixture(scope="module")
def scenarios() -> Scenarios:
    return library(NAME).scenarios


def refusals_of(scenario: Scenario) -> set[str | None]:
    """The errors that a scenario expects."""
    steps = (step for step in scenario.steps if isinstance(step, CallStep | HttpStep))
    return {step.expect.error for step in steps if step.expect} - {None}


def states_of(scenario: Scenario) -> set[object]:
    """Ids of the states that a scenario finds alerts in, as the client or an admin call tells."""
    rows = [step.expect.row or {} for step in calls_of(scenario) if step.expect]
    told = [step.expect.json_ or {} for step in scenario.steps if isinstance(step, AdminStep)]
    return {row.get("state_id") for row in rows} | {row.get("state") for row in told}


def callers_of(scenario: Scenario) -> Iterable[Caller]:
    for step in scenario.steps:
        caller = step.http.as_ if isinstance(step, HttpStep) else getattr(step, "as_", None)
        if caller:
            yield caller


def profile_of(scenario: Scenario) -> str:
    return str(scenario.given.settings.get("state_profile", "workflow"))


def states(profile: str) -> dict[str, int]:
    """Ids of a profile's states by the code that the tables have for them."""
    rows = CONTRACT.codelist("states")
    return {row["code"]: int(row["id"]) for row in rows if row["profile"] == profile}


def test_the_clock_stands_still_in_all(scenarios: Scenarios) -> None:
    """The alerts of the default world are young at one time only."""
    assert [name for name, each in scenarios.items() if not each.given.clock] == []


@pytest.mark.parametrize("row", TRANSITIONS, ids=[row["code"] for row in TRANSITIONS])
def test_every_transition_is_made(scenarios: Scenarios, row: Mapping[str, str]) -> None:
    """In a scenario that is called as the row, and that refuses something as well."""
    scenario = scenarios[f"transition-{row['code'].replace('_', '-')}"]
    assert row["code"] in scenario.tags
    assert profile_of(scenario) == row["profile"]
    assert states(row["profile"])[row["to"]] in states_of(scenario)
    # Nobody raises alerts through the API, and a message that moves nothing is no error.
    assert refusals_of(scenario) or row["event"] in ("created", "message")


@dataclass(frozen=True)
class Asker:
    """Somebody with an alert that is open."""

    profile: str
    role: str
    origin: str
    uprc: str
    login: str = ""


@pytest.mark.parametrize(
    "asker",
    [
        Asker("workflow", "enduser", "enduser", "CZ-A02-01A-LEK-001"),
        Asker("workflow", "mah", "enduser", "CZ-A02-01A-LEK-001", "mah-id"),
        Asker("workflow", "mah", "mah", "CZ-MAH-01B-MOR-001", "mah-id"),
        Asker("workflow", "mah", "distributor", "CZ-PD0-01B-PAR-001", "pd-id"),
        Asker("manual", "enduser", "enduser", "CZ-A02-01A-LEK-001"),
        Asker("manual", "mah", "enduser", "CZ-A02-01A-LEK-001", "mah-id"),
    ],
    ids=str,
)
def test_every_state_without_a_transition_is_refused(scenarios: Scenarios, asker: Asker) -> None:
    refused = {
        step.with_["state"]
        for name, scenario in scenarios.items()
        if name.startswith("refused-states-") and profile_of(scenario) == asker.profile
        for step in calls_of(scenario)
        if (step.as_.login if step.as_ else "") == asker.login
        and step.with_.get("uprc") == asker.uprc
        and step.expect
        and step.expect.error
    }
    settable = {
        states(asker.profile)[row["to"]]
        for row in TRANSITIONS
        if (row["profile"], row["role"], row["event"]) == (asker.profile, asker.role, "state")
        and row["origin"] in ("*", asker.origin)
    }
    assert set(states(asker.profile).values()) - refused - settable == set()


def test_every_kind_of_credentials_is_used(scenarios: Scenarios) -> None:
    kinds = {each.login.lower(): each.kind for each in words().accounts("default", NAME)}
    used = {
        caller.kind or kinds[caller.login.lower()]
        for scenario in scenarios.values()
        for caller in callers_of(scenario)
        if not caller.unknown
    }
    assert used == set(words().agencies[NAME].kinds)
