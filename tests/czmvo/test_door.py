"""The door: addresses, methods, versions and headers, and which of them is looked at first."""

from typing import Any

import pytest

from podatelna.kernel.contract import Contract
from podatelna.kernel.exchange import Request
from tests.czmvo.ams import (
    LOGIN,
    MAH_SECRET,
    PREFIXES,
    SECRET,
    STATES,
    Ams,
    Headers,
    basic,
    bearer,
)

VERSIONS = {
    "amscz-supported-versions": "2.0,2.1",
    "amscz-deprecated-versions": "1.0",
}
V1 = {"authorization": basic(*LOGIN)}
AT_TEST = {"authorization": basic("TESTLOGIN", "TESTPASSWORD")}
AT_DEVELOPMENT = {"authorization": basic("BETALOGIN", "BETAPASSWORD")}
CONSTANTS = Contract("czmvo").constants


# -- addresses


@pytest.mark.parametrize("path", ["/alerts/", "/alerts", "/filter/", "/filter"])
@pytest.mark.parametrize(
    ("prefix", "headers"),
    [("", V1), ("/t", AT_TEST), ("/beta", AT_DEVELOPMENT)],
)
def test_a_function_answers_with_and_without_the_final_slash(
    ams: Ams, path: str, prefix: str, headers: Headers
) -> None:
    for method, code in (("GET", 0), ("DELETE", 3 if "filter" in path else 11)):
        answer = ams.call(method, prefix + path, STATES, headers)
        assert answer.code == code
        assert "Location" not in answer.headers


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("environment", PREFIXES)
def test_tokens_are_given_out_with_and_without_the_final_slash(
    ams: Ams, environment: str, slash: str
) -> None:
    body = b"grant_type=client_credentials&client_id=nobody&client_secret=x"
    answer = ams.call("POST", f"{PREFIXES[environment]}/auth/token{slash}", body)
    assert (answer.status, answer.body) == (400, b'{"error":"invalid_client"}')


@pytest.mark.parametrize(
    "path",
    [
        "/alerts/1",
        "/alerts//",
        "/t//alerts/",
        "/alerts/alerts/",
        "/Alerts/",
        "/auth/token/new",
        "/t/x/",
        "/t/t/alerts/",
        "/t/beta/alerts/",
        "/beta/x",
        "/beta/filter/x/",
        "/t/",
        "/beta",
        "/t/auth/",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
def test_other_paths_are_unknown_functions(ams: Ams, method: str, path: str) -> None:
    """Before anything else is looked at; the bare base has nothing but the check."""
    answer = ams.call(method, path, STATES, {})
    assert answer.outcome == (404, 1, "1.0")
    assert [found.received for found in ams.last().findings] == [path]


@pytest.mark.parametrize(
    ("host", "path", "headers", "code"),
    [
        ("api.czmvo.cz", "/filter/", V1, 0),
        ("API.czmvo.cz:443", "/filter/", V1, 0),
        ("api.czmvo.cz", "/t/filter/", AT_TEST, 0),
        ("api.czmvo.cz", "/beta/filter/", AT_DEVELOPMENT, 0),
        ("betaapi.czmvo.cz", "/filter/", AT_DEVELOPMENT, 0),
        ("betaapi.czmvo.cz:443", "/filter", AT_DEVELOPMENT, 0),
        ("betaapi.czmvo.cz", "/filter/", V1, 2),
        ("betaapi.czmvo.cz", "/t/filter/", AT_TEST, 1),
        ("betaapi.czmvo.cz", "/beta/filter/", AT_DEVELOPMENT, 1),
        ("api.czmvo.cz", "/ws_uby/ws_uby.svc", V1, 1),
        ("api.czmvo.cz", "/", V1, 1),
        ("localhost:8420", "/filter/", V1, 0),
    ],
)
def test_hosts(ams: Ams, host: str, path: str, headers: Headers, code: int) -> None:
    """Each host answers at its own paths; at those of others and of nobody it says so itself."""
    answer = ams.call("GET", path, STATES, {**headers, "host": host})
    assert answer.code == code


def test_the_base_without_a_host_is_the_houses(ams: Ams) -> None:
    request = Request("GET", f"/s/{ams.name}/")
    assert ams.house.handle(request).headers == (("Content-Type", "application/problem+json"),)
    assert ams.call("GET", "/", query="connection=verify").result["module"] == ""


# -- methods

ALLOWED = {
    "/alerts/": {"GET", "POST", "PUT", "DELETE"},
    "/filter/": {"GET", "POST", "DELETE"},
    "/auth/token/": {"POST"},
}


@pytest.mark.parametrize("path", ALLOWED)
@pytest.mark.parametrize(
    "method", ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "get"]
)
def test_methods(ams: Ams, path: str, method: str) -> None:
    """Others are refused before the headers are looked at."""
    answer = ams.call(method, path, b"", {"amscz-version": "2.0"})
    if method in ALLOWED[path]:
        assert answer.status in {400, 401}
        assert answer.code != 4
    else:
        assert answer.outcome == (405, 4, "2.0")


# -- versions


@pytest.mark.parametrize(
    ("asked", "used", "code"),
    [
        (None, "1.0", 2),
        ("1.0", "1.0", 2),
        (" 1.0 ", "1.0", 2),
        ("2.0", "2.0", 38),
        ("2.1", "2.1", 38),
        (" 2.1 ", "2.1", 38),
        ("3.0", "2.1", 39),
        ("2", "2.1", 39),
        ("2.0,2.1", "2.1", 39),
        ("abc", "2.1", 39),
        ("", "2.1", 39),
    ],
)
def test_versions(ams: Ams, asked: str | None, used: str, code: int) -> None:
    """Without a header it is 1.0 (manual 3.1); what there is not is refused (ours)."""
    answer = ams.call("GET", "/alerts/", STATES, bearer("none") | {"amscz-version": asked})
    assert (answer.code, answer.version) == (code, used)
    assert VERSIONS.items() <= answer.headers.items()


@pytest.mark.parametrize("named", [{}, {"amscz-version": "1.0"}])
@pytest.mark.parametrize(("version_1", "code"), [(True, 0), (False, 39)])
def test_version_1_can_be_off(ams: Ams, version_1: bool, code: int, named: Headers) -> None:
    ams.set(version_1=version_1)
    answer = ams.call("GET", "/filter/", STATES, {**V1, **named})
    assert (answer.code, answer.version) == (code, "1.0" if version_1 else "2.1")
    assert ams.ask(SECRET).code == 0


@pytest.mark.parametrize("name", ["amsapi-version", "ams-api-version"])
@pytest.mark.parametrize(("aliases", "used"), [(False, "1.0"), (True, "2.0")])
def test_other_names_of_the_header(ams: Ams, name: str, aliases: bool, used: str) -> None:
    ams.set(version_aliases=aliases)
    headers = ams.signed(SECRET) | {"amscz-version": None, name: "2.0"}
    answer = ams.call("GET", "/filter/", STATES, headers)
    assert (answer.code, answer.version) == (0 if aliases else 2, used)
    both = ams.call("GET", "/filter/", STATES, headers | {"amscz-version": "2.1"})
    assert (both.code, both.version) == (0, "2.1")


# -- mandatory headers of version 2


MISSING = [
    # Header, settings, status and code.
    ("user-agent", {}, 400, 39),
    ("authorization", {}, 400, 39),
    ("authorization", {"missing_authorization": "token_invalid"}, 401, 38),
    ("accept", {}, 406, 33),
    ("accept", {"missing_accept": "request_invalid"}, 400, 39),
]


@pytest.mark.parametrize("version", ["2.0", "2.1"])
@pytest.mark.parametrize("value", [None, "", "  "])
@pytest.mark.parametrize("row", MISSING)
def test_a_mandatory_header_is_missing(
    ams: Ams, row: tuple[str, dict[str, str], int, int], value: str | None, version: str
) -> None:
    missing, settings, status, code = row
    ams.set(**settings)
    headers = ams.signed(SECRET, version) | {missing: value}
    assert ams.call("GET", "/filter/", STATES, headers).outcome == (status, code, version)
    assert [found.at.lower() for found in ams.last().findings] == [missing]
    given = ams.call("GET", "/filter/", STATES, {**V1, missing: value})
    assert given.code == (2 if missing == "authorization" else 0)


def test_a_long_user_agent_is_accepted(ams: Ams) -> None:
    """It "should not" have more than 100 characters (manual 2.1.2.1)."""
    headers = ams.signed(SECRET) | {"user-agent": "x" * 5000}
    assert ams.call("GET", "/filter/", STATES, headers).code == 0


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_no_content_type_is_needed(ams: Ams, version: str) -> None:
    pair = LOGIN if version == "1.0" else SECRET
    for kind in (None, "text/plain", "application/x-www-form-urlencoded"):
        assert ams.ask(pair, version=version, headers={"content-type": kind}).code == 0


# -- which error comes first

LATER: dict[int, tuple[str, dict[str, Any]]] = {
    # Code: what the fault is called, and how the call differs from one that has only later faults.
    1: ("path", {"path": "/t/nothing/"}),
    4: ("method", {"method": "PATCH"}),
    39: ("version", {"amscz-version": "9"}),
    33: ("accept", {"accept": "image/webp"}),
    38: ("token", {"authorization": "Bearer none"}),
    3: ("function", {"list": "enumTypeState"}),
    11: ("missing", {"list": "group"}),
    5: ("wrong", {"list": "state", "page": "x"}),
    0: ("none", {"list": "enumState"}),
}


@pytest.mark.parametrize("code", LATER)
def test_order_of_checks(ams: Ams, code: int) -> None:
    """Each call has its own fault and all faults that are looked at later, as far as one can."""
    signed = ams.signed(MAH_SECRET)
    sent: dict[str, Any] = {"method": "GET", "path": "/alerts/", **signed, "list": "enumState"}
    for _, fault in list(LATER.values())[list(LATER).index(code) :]:
        sent = {**sent, **fault, **{name: sent[name] for name in fault if _is_faulty(sent, name)}}
    method, path = sent.pop("method"), sent.pop("path")
    headers = {name: sent.pop(name) for name in signed}
    assert ams.call(method, path, sent, headers).code == code


def _is_faulty(sent: dict[str, Any], name: str) -> bool:
    """What is wrong already stays so; a list is what the first fault needs."""
    return name == "list" and sent[name] != "enumState"


@pytest.mark.parametrize("name", ["user-agent", "authorization", "accept"])
def test_a_missing_header_goes_before_the_sign_in(ams: Ams, name: str) -> None:
    answer = ams.call("GET", "/filter/", STATES, bearer("none") | {name: None})
    assert answer.code == (33 if name == "accept" else 39)


def test_headers_are_looked_at_in_the_manuals_order(ams: Ams) -> None:
    headers: dict[str, str | None] = {"amscz-version": "x"}
    told = []
    for name, value in (
        ("amscz-version", "2.0"),
        ("user-agent", "x"),
        ("authorization", "Bearer x"),
        ("accept", "image/webp"),
        ("accept", "*/*"),
    ):
        told.append(ams.call("GET", "/filter/", STATES, headers).code)
        headers[name] = value
    assert told == [39, 39, 39, 33, 33]
    assert [found.at for call in ams.journal() for found in call.findings] == [
        "amscz-version",
        "User-Agent",
        "Authorization",
        "Accept",
        "Accept",
    ]
