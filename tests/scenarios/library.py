"""The shipped scenarios of an agency, and what is in them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from podatelna.app import build_agencies
from podatelna.kernel.replay.words import vocabulary
from podatelna.kernel.scenario.file import load_scenario, shipped_scenarios
from podatelna.kernel.scenario.model import (
    CallStep,
    DisruptStep,
    HttpStep,
    ImportStep,
    Scenario,
    SettingsStep,
)
from podatelna.kernel.scenario.vocabulary import AgencyWords, Vocabulary

AGENCIES = ("ubyport", "sdns", "izr", "czmvo")


@dataclass(frozen=True)
class Library:
    """The scenarios of one agency by name, and the names that they may use."""

    words: AgencyWords
    scenarios: Mapping[str, Scenario]


@cache
def words() -> Vocabulary:
    return vocabulary(build_agencies())


@cache
def library(agency: str) -> Library:
    """What is misspelt does not load."""
    paths = shipped_scenarios(agency)
    scenarios = {path.stem: load_scenario(path, words()).scenario for path in paths}
    return Library(words().agencies[agency], scenarios)


def calls_of(scenario: Scenario) -> list[CallStep]:
    return [step for step in scenario.steps if isinstance(step, CallStep)]


def requests_of(scenario: Scenario) -> list[HttpStep]:
    return [step for step in scenario.steps if isinstance(step, HttpStep)]


def settings_of(scenario: Scenario) -> set[str]:
    steps = (step.settings for step in scenario.steps if isinstance(step, SettingsStep))
    return {name for given in (scenario.given.settings, *steps) for name in given}


def disruptions_of(scenario: Scenario) -> set[str]:
    steps = (step.disrupt for step in scenario.steps if isinstance(step, DisruptStep))
    return {planned.kind for planned in (*scenario.given.disruptions, *steps)}


def errors_of(scenario: Scenario) -> set[str]:
    """All texts in expectations: keys of errors among them, and what rows tell of errors."""
    steps = (step for step in scenario.steps if isinstance(step, CallStep | HttpStep | ImportStep))
    return {
        text
        for step in steps
        if step.expect
        for text in _texts(step.expect.model_dump(exclude_unset=True, by_alias=True))
    }


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
