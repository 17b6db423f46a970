"""The library of scenarios: all hold, and every error, setting, query and message is in it."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import pytest

from podatelna.kernel.authority import KINDS
from podatelna.kernel.catalogue import Entry
from podatelna.kernel.contract import Contract
from podatelna.kernel.disruptions import KINDS as DISRUPTIONS
from podatelna.kernel.replay.errors import is_fault
from podatelna.kernel.resources import resource
from podatelna.kernel.scenario.model import CallStep, HttpStep
from podatelna.sdns.directory import NAME
from podatelna.sdns.model import ENVIRONMENTS
from podatelna_client.acting.sdns_sending import MANIPULATED
from tests.scenarios.library import calls_of, disruptions_of, library, requests_of, settings_of

CONTRACT = Contract(NAME)
SCENARIOS = library(NAME).scenarios
MESSAGES = resource("scenarios", NAME) / "messages"
CODES = [row["code"] for row in CONTRACT.codelist("queries")]

BEGINNINGS = (
    *("take-over", "signature", "compression", "encoding", "query", "page", "fault", "setting"),
    *("lost", "disruption"),
    *("processing", "correction", "split", "time", "state", "header", "story"),
)
"""Of file names: they say what a scenario is about."""
WHEN_THE_PROGRAM_FAILS = {"fatal", "unexpected_exception", "query_internal_error"}
"""Errors that no call can bring about."""
TOLD_ONLINE = [
    key
    for key, entry in CONTRACT.errors.items()
    if entry.kind in ("take_over", "query", "fault", "http") and key not in WHEN_THE_PROGRAM_FAILS
]
WAYS = list(
    product(
        CONTRACT.constant("zip_methods"),
        ("windows-1250", "utf-8"),
        CONTRACT.constant("namespaces_load"),
    )
)
"""Of sending a message: compression, encoding and description."""
ASKING: Mapping[str, str] = {
    "issues": "VYDANI_SEZNAM_JH",
    "occurrences": "VYSKYTY_SEZNAM_JH",
    "header_errors": "DZ_ERR_SEZNAM",
    "methodologies": "METODIKY_SEZNAM",
    "data_sets": "DATOVE_SOUBORY_SEZNAM",
    "data_set_content": "DATOVE_SOUBORY_OBSAH",
    "dimensions": "DIMENZE_SEZNAM",
    "dimension_content": "DIMENZE_OBSAH",
    "area_dimensions": "DATOVA_OBLAST_DIMENZE",
    "accounting": "UCETNICTVI",
}
"""Queries by the client's methods."""


def _beginning(name: str) -> str:
    """The kind of a scenario; "" is none."""
    return next((each for each in BEGINNINGS if name.startswith(f"{each}-")), "")


def calls() -> Iterator[tuple[CallStep, dict[str, Any], dict[str, Any]]]:
    """All calls with their arguments, defaults among them, and what is expected of each."""
    for scenario in SCENARIOS.values():
        for step in calls_of(scenario):
            given = {**scenario.given.defaults, **step.with_}
            yield step, given, expected(step)


def requests() -> Iterator[HttpStep]:
    for scenario in SCENARIOS.values():
        yield from requests_of(scenario)


def expected(step: CallStep) -> dict[str, Any]:
    return step.expect.model_dump(exclude_unset=True) if step.expect else {}


def sent(method: str = "send") -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for step, given, expect in calls():
        if step.call == f"{NAME}.{method}":
            yield given, expect


# -- all of it


def test_names_say_what_they_are_about() -> None:
    assert [name for name in SCENARIOS if not _beginning(name)] == []


def test_the_clock_stands_still_in_all() -> None:
    assert [name for name, each in SCENARIOS.items() if not each.given.clock] == []


def test_all_say_where_they_are_from() -> None:
    assert [name for name, each in SCENARIOS.items() if not each.tags or not each.source] == []
    titles = [scenario.title for scenario in SCENARIOS.values()]
    assert len(set(titles)) == len(titles)


def test_both_environments_are_called() -> None:
    callers = [step.as_ for step, _, _ in calls() if step.as_]
    assert {caller.environment or "production" for caller in callers} == set(ENVIRONMENTS)


def test_every_message_is_sent() -> None:
    files = {step.http.body_file for step in requests()} - {None}
    assert {f"messages/{path.name}" for path in MESSAGES.iterdir()} == files


# -- errors


@pytest.mark.parametrize("key", TOLD_ONLINE)
def test_every_error_of_the_online_side_is_met(key: str) -> None:
    entry = CONTRACT.errors[key]
    by_calls = any(_is_told(entry, expect) for _, _, expect in calls())
    assert by_calls or any(_is_answered(entry, step) for step in requests())


def _is_told(entry: Entry, expect: Mapping[str, Any]) -> bool:
    """Whether a call is to come back with this error."""
    if entry.key in (expect.get("error"), expect.get("fault"), expect.get("refused")):
        return True
    text = entry.text.partition("{")[0]
    message = str(expect.get("message", ""))
    told = {"take_over": bool(entry.extra.get("category")), "query": message.startswith(text)}
    return bool(told.get(entry.kind) and expect.get("code") == entry.extra["code"])


def _is_answered(entry: Entry, step: HttpStep) -> bool:
    """Whether a request is to be answered with this error."""
    expect = step.expect
    return entry.key in (expect.error, expect.fault, _fault(expect.xpath))


def _fault(xpath: Mapping[str, Any]) -> str:
    """The fault that an answer is to have; of those that fit, the one with the longest text."""
    found = [str(xpath.get(f"//s:Fault/{name}", "")) for name in ("faultcode", "faultstring")]
    fitting = [entry for entry in CONTRACT.errors.values() if is_fault(entry, *found)]
    return max(fitting, key=lambda entry: len(entry.text)).key if fitting else ""


@pytest.mark.parametrize("name", CONTRACT.constant("parameters_load"))
def test_every_parameter_of_loaddata_is_wrong_once(name: str) -> None:
    text = CONTRACT.errors["invalid_input_parameter"].text.format(parameter=name)
    told = [each for _, expect in sent() for each in expect.get("messages", [])]
    assert text in [each.get("text") for each in told]


@pytest.mark.parametrize("key", [key for key in TOLD_ONLINE if CONTRACT.errors[key].kind == "http"])
def test_pages_tell_their_errors(key: str) -> None:
    """By their names, so that the status is held, too."""
    told = {step.expect.error for step in requests()}
    assert key in told | {expect.get("refused") for _, _, expect in calls()}


def test_after_a_refusal_the_file_name_is_free() -> None:
    """What is refused on-line is sent again under its name, and in the end it is accepted."""
    online = ("take-over-", "signature-", "compression-", "encoding-")
    last = {
        (name, step.with_["number"]): expected(step).get("code", "OK")
        for name, scenario in SCENARIOS.items()
        for step in calls_of(scenario)
        if name.startswith(online) and "number" in step.with_
    }
    accepted = ("OK", "Warning", "Duplicate data")
    assert [place for place, code in last.items() if code not in accepted] == []


# -- what there is to choose


@pytest.mark.parametrize("name", CONTRACT.settings.defaults)
def test_every_setting_is_set(name: str) -> None:
    assert any(name in settings_of(scenario) for scenario in SCENARIOS.values())


@pytest.mark.parametrize("kind", DISRUPTIONS)
def test_every_kind_of_disruption_is_met(kind: str) -> None:
    assert any(kind in disruptions_of(scenario) for scenario in SCENARIOS.values())


@pytest.mark.parametrize("kind", [*KINDS, *sorted(MANIPULATED), "none"])
def test_every_kind_of_signature_is_sent(kind: str) -> None:
    assert kind in {given.get("signature") for given, _ in sent()}


@pytest.mark.parametrize(
    ("compression", "encoding", "shape"),
    WAYS,
)
def test_each_way_of_sending_is_accepted(compression: str, encoding: str, shape: str) -> None:
    ways = [
        [given.get(name) for name in ("compression", "encoding", "shape")]
        for given, expect in sent()
        if expect.get("code") == "OK"
    ]
    assert [compression, encoding, shape] in ways


@pytest.mark.parametrize("locale", CONTRACT.constant("locales").values(), ids="-".join)
def test_every_locale_is_asked_for(locale: list[str]) -> None:
    usual = {"language": "cs", "country": "CZ"}
    asked = [{**usual, **given} for given, expect in sent() if expect.get("messages")]
    assert locale in [[each["language"], each["country"]] for each in asked]


# -- queries


@pytest.mark.parametrize("code", CODES)
def test_of_every_query_the_parameters_are_asked(code: str) -> None:
    assert code in {given.get("query") for given, _ in sent("get_params")}


def test_every_query_has_a_method() -> None:
    assert set(ASKING.values()) == set(CODES)


@pytest.mark.parametrize("method", ASKING)
def test_every_query_is_answered_and_finds_nothing(method: str) -> None:
    expects = [expect for _, expect in sent(method)]
    assert [each for each in expects if each.get("rows") or each.get("row") or each.get("states")]
    nothing = CONTRACT.errors["nothing_found"]
    told = [each for each in expects if each.get("message") == nothing.text]
    assert told or method == "dimensions"


@pytest.mark.parametrize("framing", ["mime", "observed", "raw", "inline"])
def test_parameters_of_queries_travel_in_every_way(framing: str) -> None:
    assert framing in {given.get("framing") for _, given, _ in calls()}
