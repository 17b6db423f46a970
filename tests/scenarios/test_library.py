"""The library of scenarios: every error, setting, call and disruption of an agency is in it."""

import pytest

from podatelna.kernel.disruptions import KINDS
from tests.scenarios.library import (
    AGENCIES,
    calls_of,
    disruptions_of,
    errors_of,
    library,
    settings_of,
    words,
)

ERRORS = [(agency, key) for agency in ("czmvo", "izr") for key in words().agencies[agency].errors]
"""Scenarios of Ubyport tell some of theirs in other ways, by HTTP statuses and fields of files."""
SETTINGS = [
    (agency, name) for agency in AGENCIES for name in words().agencies[agency].settings.defaults
]


@pytest.mark.parametrize("agency", AGENCIES)
def test_all_can_be_selected_and_say_where_they_are_from(agency: str) -> None:
    scenarios = library(agency).scenarios
    assert [name for name, each in scenarios.items() if not each.tags or not each.source] == []
    titles = [scenario.title for scenario in scenarios.values()]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(("agency", "key"), ERRORS)
def test_every_error_is_met(agency: str, key: str) -> None:
    """In a scenario of its own; errors that come in rows go by their texts."""
    known = library(agency)
    expected = errors_of(known.scenarios[f"error-{key.replace('_', '-')}"])
    assert {key, known.words.errors[key].text} & expected


@pytest.mark.parametrize(("agency", "name"), SETTINGS)
def test_every_setting_is_tried(agency: str, name: str) -> None:
    assert any(name in settings_of(each) for each in library(agency).scenarios.values())


@pytest.mark.parametrize("agency", AGENCIES)
def test_every_call_of_the_client_is_made(agency: str) -> None:
    known = library(agency)
    made = {step.call for each in known.scenarios.values() for step in calls_of(each)}
    assert {f"{agency}.{name}" for name in known.words.calls} - made == set()


@pytest.mark.parametrize("agency", AGENCIES)
def test_every_kind_of_disruption_is_met(agency: str) -> None:
    met = {kind for each in library(agency).scenarios.values() for kind in disruptions_of(each)}
    assert KINDS.keys() - met == set()
