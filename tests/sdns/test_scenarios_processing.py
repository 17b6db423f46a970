"""The library of scenarios: every state, rule of the header, kind of check and letter is in it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from podatelna.kernel.contract import Contract
from podatelna.kernel.scenario.model import CallStep, OutboxStep, Scenario
from podatelna.kernel.yamlfile import read_yaml
from podatelna.sdns.names import STATUSES
from podatelna.sdns.rules import RULES
from tests.scenarios.library import calls_of, library, settings_of

CONTRACT = Contract("sdns")
FAMILIES = ("processing-", "correction-", "split-", "time-", "state-", "header-")
SCENARIOS = {
    name: scenario
    for name, scenario in library("sdns").scenarios.items()
    if name.startswith(FAMILIES)
}
HEADER = [rule.code for rule in RULES]
PROCESSING = [key for key, entry in CONTRACT.errors.items() if entry.kind == "processing"]
ISSUE_STATES = {
    int(row["code"]): row["name_cs"]
    for row in CONTRACT.codelist("issue_states")
    if row["code"] not in ("18", "20")
}
"""All but one that is not used, and one in which an issue is for no time that could be asked at."""
OCCURRENCE_STATES = {
    int(row["code"]): row["name_cs"] for row in CONTRACT.codelist("occurrence_states")
}
KINDS = [row["code"] for row in CONTRACT.codelist("check_kinds")]
SETTINGS = (
    "acceptance_delay_seconds",
    "block_structure",
    "checking_delay_seconds",
    "closing_days",
    "confirmation_days",
    "correction_days",
    "details_most",
    "internal_error_files",
    "protocols",
    "refused_state",
    "reminder_days",
    "reminders",
    "replicated_data_sets",
    "storing_delay_seconds",
)
"""Those that decide what becomes of a message once it was taken over."""
LETTERS = read_yaml(CONTRACT.folder / "mail.yaml")
_STATUS_OF_CALL = {
    "sdns.send": "new_data",
    "sdns.send_split": "new_data",
    "sdns.complete": "new_data",
    "sdns.correct": "correction",
    "sdns.confirm": "confirmation",
    "sdns.cancel": "cancellation",
    "sdns.change": "change",
    "sdns.withdraw": "withdrawal",
}
_STATUSES = {"question": "query"}
"""What scenarios call a status, where that is not our own name."""

Row = Mapping[str, Any]


def answers(*calls: str, of: Mapping[str, Scenario] = SCENARIOS) -> Iterator[Row]:
    """What is expected of these calls, as far as they are to be answered."""
    for scenario in of.values():
        for step in calls_of(scenario):
            if step.call in calls and step.expect:
                yield step.expect.of_answer


def rows(*calls: str, of: Mapping[str, Scenario] = SCENARIOS) -> Iterator[Row]:
    return (answer.get("row") or {} for answer in answers(*calls, of=of))


def codes(found: Iterator[Row], member: str, what: str = "code") -> set[str]:
    """Of errors or checks in rows."""
    listed: Iterator[Sequence[Row]] = (row.get(member) or [] for row in found)
    return {each[what] for several in listed for each in several if what in each}


def statuses_of(step: CallStep) -> str:
    usual = _STATUS_OF_CALL.get(step.call, "")
    said = str(step.with_.get("status", usual))
    return _STATUSES.get(said, said)


def letters() -> Iterator[Row]:
    for scenario in SCENARIOS.values():
        for step in scenario.steps:
            if isinstance(step, OutboxStep) and step.expect.row:
                yield step.expect.row


def test_the_clock_stands_still_in_all() -> None:
    assert [name for name, each in SCENARIOS.items() if not each.given.clock] == []


def test_all_are_told_apart() -> None:
    """Each says where it is from, can be selected, and has a title of its own."""
    assert [name for name, each in SCENARIOS.items() if not each.tags or not each.source] == []
    titles = [each.title for each in library("sdns").scenarios.values()]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("key", HEADER)
def test_every_rule_of_the_header_is_broken(key: str) -> None:
    """In a scenario of its own that quotes the error with its text."""
    scenario = SCENARIOS[f"header-{key.replace('_', '-')}"]
    assert key in scenario.tags
    entry = CONTRACT.errors[key]
    told = list(rows("sdns.header_errors", of={key: scenario}))
    assert entry.extra["code"] in codes(iter(told), "errors")
    beginning = entry.text.partition("{")[0]
    assert any(text.startswith(beginning) for text in codes(iter(told), "errors", "text"))


@pytest.mark.parametrize("key", PROCESSING)
def test_every_error_of_processing_is_met(key: str) -> None:
    tagged = {name: each for name, each in SCENARIOS.items() if key in each.tags}
    entry = CONTRACT.errors[key]
    found = list(rows("sdns.issues", of=tagged))
    assert entry.extra["code"] in codes(iter(found), "errors")
    assert entry.text in codes(iter(found), "errors", "text")


@pytest.mark.parametrize("state", ISSUE_STATES)
def test_every_state_of_an_issue_is_reached(state: int) -> None:
    """And its text is quoted."""
    assert state in {each for answer in answers("sdns.issues") for each in answer.get("states", [])}
    assert ISSUE_STATES[state] in {row.get("text") for row in rows("sdns.issues")}


@pytest.mark.parametrize("state", OCCURRENCE_STATES)
def test_every_state_of_an_occurrence_is_reached(state: int) -> None:
    """And its text is quoted."""
    told, found = list(rows("sdns.occurrences")), list(answers("sdns.issues"))
    states = {answer.get("occurrence_state") for answer in found}
    texts = {(answer.get("row") or {}).get("occurrence_text") for answer in found}
    assert state in states | {row.get("state") for row in told}
    assert OCCURRENCE_STATES[state] in texts | {row.get("text") for row in told}


@pytest.mark.parametrize("status", sorted(STATUSES.values()))
def test_every_status_is_sent(status: str) -> None:
    sent = {statuses_of(step) for scenario in SCENARIOS.values() for step in calls_of(scenario)}
    assert status in sent


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_check_fails_somewhere(kind: str) -> None:
    assert kind in codes(rows("sdns.issues"), "checks", "kind")


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_setting_of_processing_is_tried(setting: str) -> None:
    assert setting in CONTRACT.settings.defaults
    assert any(setting in settings_of(each) for each in SCENARIOS.values())


@pytest.mark.parametrize("occasion", LETTERS)
def test_every_letter_is_quoted_whole(occasion: str) -> None:
    fixed = {line for line in LETTERS[occasion]["body"].splitlines() if "{" not in line}
    assert any(fixed <= set(str(each.get("body", "")).splitlines()) for each in letters())
