"""The library of scenarios: every error in both modes, every service, every message there is."""

from collections.abc import Iterator

import pytest

from podatelna.izr.credentials import NAME
from podatelna.izr.model import ENVIRONMENTS
from podatelna.izr.services import SERVICES
from podatelna.izr.tokens import CANDIDATES
from podatelna.kernel.contract import Contract
from podatelna.kernel.resources import resource
from podatelna.kernel.scenario.model import CallStep, HttpStep, Scenario
from podatelna_client.izr import sign
from tests.izr.messages import KEY
from tests.scenarios.library import calls_of, errors_of, library, requests_of

ERRORS = Contract(NAME).errors
SCENARIOS = library(NAME).scenarios
MESSAGES = resource("scenarios", NAME) / "messages"
REPORTED = [
    key
    for key, entry in ERRORS.items()
    if entry.kind in ("header", "animal") or (entry.kind == "state" and "PRO01A" not in entry.about)
]
"""Errors that answer a report."""
_MODES = {"izr.verify_": "verify", "izr.submit_": "submit"}


def modes_of(scenario: Scenario) -> set[str]:
    """The modes in which a scenario is refused."""
    refused = [step for step in calls_of(scenario) if step.expect and step.expect.error]
    return {mode for step in refused for call, mode in _MODES.items() if step.call.startswith(call)}


def body_files() -> Iterator[tuple[str, HttpStep]]:
    for scenario in SCENARIOS.values():
        for step in requests_of(scenario):
            if step.http.body_file:
                yield step.http.body_file.removeprefix("messages/"), step


def test_the_clock_stands_still_in_all() -> None:
    assert [name for name, each in SCENARIOS.items() if not each.given.clock] == []


@pytest.mark.parametrize("key", REPORTED)
def test_every_error_of_reports_is_met_in_both_modes(key: str) -> None:
    scenario = SCENARIOS[f"error-{key.replace('_', '-')}"]
    assert modes_of(scenario) == {"verify", "submit"}
    assert {key, ERRORS[key].text} & errors_of(scenario)


def test_code_72_is_in_no_answer() -> None:
    text = ERRORS["person_not_found"].text
    for scenario in SCENARIOS.values():
        for step in calls_of(scenario):
            row = (step.expect.row if step.expect else None) or {}
            assert row.get("text") != text or step.call == "izr.logs"


def test_every_message_is_sent() -> None:
    assert {path.name for path in MESSAGES.iterdir()} == {name for name, _ in body_files()}


def test_all_messages_that_shall_be_let_in_are_signed() -> None:
    """By the reference form, unless their names tell another one."""
    for name, step in body_files():
        body = (MESSAGES / name).read_bytes()
        signed = sign(body, KEY).encode() in body
        assert signed or step.expect.error == "not_authenticated" or _is_of_another_form(name)


def _is_of_another_form(name: str) -> bool:
    return any(word in name for word in ("exclusive", "in-place"))


def test_every_canonical_form_is_sent() -> None:
    forms = {each.name.replace(" ", "-") for each in CANDIDATES}
    assert forms == {path.stem.removeprefix("form-") for path in MESSAGES.glob("form-*")}


def test_every_service_is_asked() -> None:
    text = "".join(path.read_text("utf-8") for path in MESSAGES.parent.glob("*.yaml"))
    assert [service for service in SERVICES if service not in text] == []


def test_both_environments_are_called() -> None:
    steps = [step for each in SCENARIOS.values() for step in each.steps]
    callers = [step.as_ for step in steps if isinstance(step, CallStep) and step.as_]
    assert {caller.environment or "production" for caller in callers} == set(ENVIRONMENTS)
