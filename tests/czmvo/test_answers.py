"""What every answer has: versions, language, challenge. The contract has the same words."""

import pytest

from podatelna.czmvo import door, place, wire
from podatelna.czmvo.agency import build
from podatelna.czmvo.service import Service
from podatelna.kernel.contract import Contract
from tests.czmvo.ams import (
    LOGIN,
    MAH_LOGIN,
    SECRET,
    STATES,
    UPRC,
    Ams,
    Headers,
)

VERSIONS = {
    "amscz-supported-versions": "2.0,2.1",
    "amscz-deprecated-versions": "1.0",
}
CONSTANTS = Contract("czmvo").constants

# -- languages


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize(
    ("header", "text"),
    [
        (None, "Neznámá funkce"),
        ("", "Neznámá funkce"),
        ("cs", "Neznámá funkce"),
        ("cs-CZ", "Neznámá funkce"),
        ("en", "Unknown function"),
        ("EN", "Unknown function"),
        ("en-GB", "Unknown function"),
        ("en-US,en;q=0.9,cs;q=0.8", "Unknown function"),
        ("cs;q=0.8, en;q=0.9", "Unknown function"),
        ("de, en;q=0.5", "Unknown function"),
        ("de", "Neznámá funkce"),
        ("sk, de;q=0.1", "Neznámá funkce"),
        ("*", "Neznámá funkce"),
        ("cs;q=0, *", "Unknown function"),
        ("en;q=x", "Neznámá funkce"),
        (";;,,=", "Neznámá funkce"),
    ],
)
def test_languages(ams: Ams, header: str | None, text: str, version: str) -> None:
    """cs and en (manual 2.2.1); without a wish that can be met it is Czech (ours)."""
    headers = {"accept-language": header, "amscz-version": version}
    assert ams.call("GET", "/t/nothing/", b"", headers).json["message"] == text


# -- what every answer has


def test_every_answer_tells_the_versions(ams: Ams) -> None:
    """Manual 2.1: "in all answers"."""
    answers = [
        ams.ask(SECRET),
        ams.ask(LOGIN, version="1.0"),
        ams.ask(SECRET, headers={"accept": "text/csv"}),
        ams.ask(SECRET, "/alerts/", given={"list": "file", "id": 21}),
        ams.ask(MAH_LOGIN, "/alerts/", "1.0", given={"list": "file", "id": 21, "resultAs": "csv"}),
        ams.ask(SECRET, query="connection=verify"),
        ams.ask(SECRET, "/alerts/", given={"list": "state", "uprc": "CZ-000"}),
        ams.ask(("nobody", "x"), version="1.0"),
        ams.token_for(SECRET),
        ams.token_for(("nobody", "x")),
        ams.call("GET", "/t/nothing/"),
        ams.call("PATCH"),
    ]
    ams.set(limit_per_client=1)
    answers.append(ams.ask(LOGIN, version="1.0"))
    ams.set(backend_available=False, limit_per_client=9)
    answers.append(ams.ask(LOGIN, version="1.0"))
    ams.set(limit_per_address=1)
    answers.append(ams.call("GET", "/alerts/"))
    assert [answer.status for answer in answers[-3:]] == [429, 500, 429]
    assert {answer.status for answer in answers} == {200, 400, 401, 404, 405, 429, 500}
    for answer in answers:
        assert VERSIONS.items() <= answer.headers.items()
        assert answer.version in {"1.0", "2.0", "2.1"}


@pytest.mark.parametrize(
    ("headers", "version", "text"),
    [
        ({}, "1.0", "Interní chyba API."),
        ({"amscz-version": "2.0", "accept-language": "en"}, "2.0", "Internal API error."),
    ],
)
def test_a_crash(
    ams: Ams, monkeypatch: pytest.MonkeyPatch, headers: Headers, version: str, text: str
) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr(Service, "desk", crash)
    pair = LOGIN if version == "1.0" else SECRET
    answer = ams.ask(pair, version=version, headers=headers)
    assert answer.outcome == (500, 24, version)
    assert answer.json["message"] == text
    assert VERSIONS.items() <= answer.headers.items()
    assert ams.last().operation == "filter.enumState"


def test_a_response_has_nothing_else(ams: Ams) -> None:
    assert list(ams.ask(LOGIN, version="1.0").headers) == [
        "Content-Type",
        "amscz-version",
        "amscz-supported-versions",
        "amscz-deprecated-versions",
        "Date",
    ]


@pytest.mark.parametrize(("challenge", "version"), [(True, "1.0"), (True, "2.0"), (False, "1.0")])
def test_challenges(ams: Ams, challenge: bool, version: str) -> None:
    """With every 401, whatever is the reason."""
    ams.set(challenge=challenge)
    offered = {"1.0": 'Basic realm="AMS"', "2.0": "Bearer"}[version] if challenge else None
    nobody = ams.ask(("nobody", "x"), version=version)
    pair = LOGIN if version == "1.0" else SECRET
    barred = ams.ask(pair, version=version, given={"list": "product"})
    foreign = ams.ask(pair, "/alerts/", version, method="PUT", given={"id": 19})
    assert (nobody.code, barred.code, foreign.code) == (2 if version == "1.0" else 38, 3, 17)
    for answer in (nobody, barred, foreign):
        assert answer.status == 401
        assert answer.headers.get("WWW-Authenticate") == offered
    assert "WWW-Authenticate" not in ams.ask(pair, version=version).headers


@pytest.mark.parametrize(
    ("number", "headers"),
    [
        (33, {"accept": "image/webp"}),
        (38, {"authorization": "Bearer none"}),
        (39, {"user-agent": None}),
    ],
)
def test_statuses_that_the_manual_has_lost(ams: Ams, number: int, headers: Headers) -> None:
    """They can be set, so that the answers are no longer those of the description."""
    loose = Ams(ams.house, ams.name, held=False)
    sent = {**ams.signed(SECRET), **headers}
    ams.set(**{f"status_{number}": 418})
    answer = loose.call("GET", "/filter/", STATES, sent)
    assert answer.outcome == (418, number, "2.0")


# -- the contract has the same


def test_places_and_versions_are_those_of_the_contract() -> None:
    value = {name: constant.value for name, constant in CONSTANTS.items()}
    assert [module for module in place.MODULES if module] == value["functions"]
    assert [*place.MODULES[:2]] == value["modules"]
    assert {name: value[f"path_{name}"] for name in place.PATHS} == dict(place.PATHS)
    assert list(place.SUPPORTED) == value["versions_supported"]
    assert value["version_newest"] == place.NEWEST
    assert value["versions_deprecated"] == [place.VERSION_1]
    assert value["version_without_header"] == place.VERSION_1
    assert [name for name, _ in place.VERSIONS] == [
        value["header_supported_versions"],
        value["header_deprecated_versions"],
    ]
    assert value["header_version"] == place.VERSION_HEADER
    assert list(place.ALIASES) == value["header_version_aliases"]


def test_words_are_those_of_the_contract() -> None:
    value = {name: constant.value for name, constant in CONSTANTS.items()}
    assert list(door.METHODS) == value["methods"]
    assert {*door.MANDATORY, place.VERSION_HEADER} == {*value["mandatory_headers"]}
    assert list(door.LANGUAGES) == value["languages"]
    assert door.LANGUAGES[0] == value["language"]
    assert [wire.JSON, list(wire.CSV_NAMES), wire.BINARY] == [
        value["media_json"],
        value["media_csv"],
        value["media_binary"],
    ]
    written = wire.success({})
    assert written.body.decode() == '{{"status":"{}","code":0,"message":"{}","result":[]}}'.format(
        value["status_ok"], value["ok_message"]
    ).replace("[]", "{}")
    assert value["status_error"] in wire.error(1, "", None).body.decode()


def test_hosts_are_those_of_the_contract() -> None:
    agency = build()
    hosts = {CONSTANTS["host"].value: "", CONSTANTS["host_development"].value: "/beta"}
    assert agency.hosts == hosts
    prefixes = {prefix for prefix in place.PATHS.values() if prefix}
    functions = {f"/{module}" for module in place.MODULES if module}
    assert set(agency.paths) == prefixes | functions


def test_the_sample_alert_is_there(ams: Ams) -> None:
    """What the other modules here count on."""
    assert ams.ask(SECRET, "/alerts/", given={"list": "state", "uprc": UPRC}).code == 0
