"""Every kind of credentials, in each version and environment: who gets in, and what it opens."""

from dataclasses import dataclass
from typing import Any

import pytest

from podatelna.czmvo.functions import ALERTS_GET, FILTER_GET
from podatelna.kernel.accounts import block_account, find_account
from tests.czmvo.ams import (
    BY_ALERT,
    BY_LOCATION,
    LOCATION,
    LOGIN,
    MAH_LOGIN,
    MAH_SECRET,
    PREFIXES,
    SECRET,
    STATES,
    UPRC,
    Ams,
    Pair,
    basic,
    bearer,
)

VERSIONS = ("1.0", "2.0", "2.1")
REGULAR, BOUND, ONLY = "Regular", "Enduser alert based", "Verify only"
ENDUSER, MAH = "Enduser", "MAH/OBP"
NOBODY = ("No authorization", "N/A", False)
DEV, DEV_OF_NOBODY = ("DEVLOGIN", "DEVPASSWORD"), ("DEVLOGIN2", "DEVPASSWORD2")
FOREIGN = "CZ-A02-01A-NEM-001"
"""An alert of another end user; of the same MAH."""


@dataclass(frozen=True)
class Row:
    """Credentials, and in which versions they are good for which words of connection=verify."""

    pair: Pair
    environments: str
    versions: str
    auth: str = REGULAR
    role: str = ENDUSER

    def __str__(self) -> str:
        return f"{':'.join(self.pair)}"


ROWS = [
    # a) generated logins are for version 1, generated pairs for version 2, in one environment
    Row(LOGIN, "production", "1"),
    Row(("login", "PASSWORD"), "production", "1"),
    Row(SECRET, "production", "2"),
    Row(MAH_LOGIN, "production", "1", role=MAH),
    Row(MAH_SECRET, "production", "2", role=MAH),
    Row(("PDLOGIN", "PDPASSWORD"), "production", "1", role=MAH),
    Row(("pd-id", "pd-secret"), "production", "2", role=MAH),
    Row(("TESTLOGIN", "TESTPASSWORD"), "test", "1"),
    Row(("test-id", "test-secret"), "test", "2"),
    Row(("TESTMAHLOGIN", "TESTMAHPASSWORD"), "test", "1", role=MAH),
    Row(("test-mah-id", "test-mah-secret"), "test", "2", role=MAH),
    Row(("BETALOGIN", "BETAPASSWORD"), "development", "1"),
    Row(("beta-id", "beta-secret"), "development", "2"),
    Row(("BETAMAHLOGIN", "BETAMAHPASSWORD"), "development", "1", role=MAH),
    Row(("beta-mah-id", "beta-mah-secret"), "development", "2", role=MAH),
    # b) an alert and its location; the data are everywhere the same at first
    Row(BY_ALERT, "production test development", "1 2", BOUND),
    Row((UPRC.lower(), LOCATION.upper()), "production test development", "1 2", BOUND),
    # c) a location
    Row(BY_LOCATION, "production test development", "1 2", ONLY),
    Row((LOCATION.upper(), LOCATION), "production test development", "1 2", ONLY),
    # d) developers
    Row(DEV, "test development", "1 2"),
    Row(DEV_OF_NOBODY, "test development", "1 2"),
    # and who is nobody
    Row(("LOGIN", "password"), "", ""),
    Row(("LOGIN", ""), "", ""),
    Row(("nobody", "PASSWORD"), "", ""),
    Row(("id", "PASSWORD"), "", ""),
    Row(("BLOCKED", "PASSWORD"), "", ""),
    Row(("blocked-id", "secret"), "", ""),
    Row((UPRC, "3f0c6a52-7d19-4e0b-9c44-2b8e51a7d603"), "", ""),
    Row((UPRC, UPRC), "", ""),
    Row((UPRC, ""), "", ""),
    Row(("CZ-MAH-01B-MOR-001", ""), "", ""),
    Row(("CZ-000-000-000-000-000", LOCATION), "", ""),
    Row(("858d085f-0000-4938-a796-333bfac94f05",) * 2, "", ""),
    Row((LOCATION, UPRC), "", ""),
    Row(("lekarna", "lekarna"), "", ""),
]


@pytest.mark.parametrize("environment", PREFIXES)
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_who_gets_in(ams: Ams, row: Row, environment: str) -> None:
    prefix = PREFIXES[environment]
    for version in VERSIONS:
        good = environment in row.environments.split() and version[0] in row.versions
        path = f"{prefix}/filter/"
        verified = ams.ask(row.pair, path, version, query="connection=verify").result
        words = (row.auth, row.role, True) if good else NOBODY
        assert (verified["auth"], verified["userrole"], verified["state"]) == words
        code = ams.ask(row.pair, path, version).code
        barred = 2 if version == "1.0" else 38
        assert code == ((3 if row.auth == ONLY else 0) if good else barred)


@pytest.mark.parametrize("environment", PREFIXES)
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_who_gets_tokens(ams: Ams, row: Row, environment: str) -> None:
    answer = ams.token_for(row.pair, environment)
    if environment in row.environments.split() and "2" in row.versions:
        assert answer.status == 200
    else:
        assert (answer.status, answer.body) == (400, b'{"error":"invalid_client"}')


# -- what comes in Authorization


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic",
        "Basic ",
        "Basic !!!",
        "Basic TE9HSU4=",
        "Basic TE9HSU46UEFTU1dPUkQ",
        "Bearer x",
        "Digest x",
        "TE9HSU46UEFTU1dPUkQ=",
        basic("LOGIN\x00", "PASSWORD"),
        basic("", ""),
        basic("ž", "\U0001f4a9"),
    ],
)
def test_no_login_of_version_1(ams: Ams, header: str) -> None:
    answer = ams.call("GET", "/filter/", STATES, {"authorization": header})
    assert answer.outcome == (401, 2, "1.0")


@pytest.mark.parametrize("header", ["bAsIc TE9HSU46UEFTU1dPUkQ=", " Basic  TE9HSU46UEFTU1dPUkQ= "])
def test_a_login_of_version_1(ams: Ams, header: str) -> None:
    assert ams.call("GET", "/filter/", STATES, {"authorization": header}).code == 0


@pytest.mark.parametrize(
    "header", [basic(*LOGIN), basic(*SECRET), "Bearer", "Bearer x y", "Bearer \x00", "x"]
)
def test_no_token(ams: Ams, header: str) -> None:
    answer = ams.call("GET", "/filter/", STATES, bearer("") | {"authorization": header})
    assert answer.outcome == (401, 38, "2.0")


def test_a_token_is_of_one_environment_and_of_version_2(ams: Ams) -> None:
    token = ams.token_for(BY_ALERT).json["access_token"]
    headers = bearer(token)
    assert ams.call("GET", "/filter/", STATES, headers).code == 0
    assert ams.call("GET", "/t/filter/", STATES, headers).code == 38
    assert ams.call("GET", "/beta/filter/", STATES, headers).code == 38
    assert ams.call("GET", "/filter/", STATES, headers | {"amscz-version": None}).code == 2
    upper = headers | {"authorization": f"bearer {token}"}
    assert ams.call("GET", "/filter/", STATES, upper).code == 0


def test_who_is_blocked_loses_the_token_too(ams: Ams) -> None:
    headers = ams.signed(SECRET)
    with ams.house.sandboxes.open(ams.name) as transaction:
        account = find_account(transaction, "czmvo", "production", "id")
        assert account
        block_account(transaction, account)
    assert ams.call("GET", "/filter/", STATES, headers).code == 38
    assert ams.token_for(SECRET).json == {"error": "invalid_client"}


# -- what opens to whom

READS: dict[str, dict[str, Any]] = {
    "state": {},
    "messages": {"uprc": UPRC},
    "file": {"id": 20},
    "enumState": {},
    "enumRequest": {},
    "group": {"uprc": UPRC},
    "enumReopenReason": {},
    "note": {"uprc": UPRC},
    "enumTypeState": {},
    "alcounter": {"location": LOCATION},
    "alalerts": {"location": LOCATION},
}
WRITES: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/alerts/", {"uprc": UPRC, "subject": "x", "message": "x"}),
    ("PUT", "/alerts/", {"uprc": UPRC, "state": 5}),
    ("PUT", "/alerts/", {"uprc": UPRC, "note": "x"}),
    ("PUT", "/alerts/", {"id": 20, "subject": "x"}),
    ("DELETE", "/alerts/", {"note": UPRC}),
    ("DELETE", "/alerts/", {"id": 20}),
    ("POST", "/filter/", {"productCode": "1", "batch": "1", "validity": "2030-01-01"}),
    ("DELETE", "/filter/", {"id": [99]}),
]
FILTERS = {"enumState": {}, "product": {}, "verify": {"productCode": "08594158891136"}}
CALLS = [
    *(("GET", "/alerts/", {"list": name, **given}) for name, given in READS.items()),
    *(("GET", "/filter/", {"list": name, **given}) for name, given in FILTERS.items()),
    *WRITES,
]
MAH_ONLY = {"GET /alerts/ group", "GET /filter/ product", "POST /filter/", "DELETE /filter/"}
ENDUSER_ONLY = {"GET /alerts/ enumTypeState", "GET /alerts/ alcounter", "GET /alerts/ alalerts"}
LEVEL_3 = {"GET /alerts/ alcounter", "GET /alerts/ alalerts"}


def name_of(method: str, path: str, given: dict[str, Any]) -> str:
    return f"{method} {path} {given.get('list', '')}".strip()


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("pair", "barred"),
    [
        (LOGIN, MAH_ONLY),
        (MAH_LOGIN, ENDUSER_ONLY),
        (BY_ALERT, MAH_ONLY),
        (BY_LOCATION, {name_of(*call) for call in CALLS} - {"GET /filter/ verify"}),
    ],
    ids=["end user", "MAH", "alert", "location"],
)
def test_functions(ams: Ams, pair: Pair, barred: set[str], version: str) -> None:
    """Code 3, or any other. Level-3 calls are no functions from version 2 on (manual 2.7.1.11)."""
    known = {LOGIN: SECRET, MAH_LOGIN: MAH_SECRET}
    signed = ams.signed(pair if version == "1.0" else known.get(pair, pair), version)
    for method, path, given in CALLS:
        name = name_of(method, path, given)
        answer = ams.call(method, path, given, signed)
        gone = name in LEVEL_3 and version != "1.0" and pair != BY_LOCATION
        assert (answer.code == 3) == (name in barred and not gone), name
        assert (answer.code == 5) == gone, name
        if answer.code == 3:
            assert answer.status == 401


def test_all_functions_were_tried() -> None:
    assert (set(READS), set(FILTERS)) == (set(ALERTS_GET), set(FILTER_GET))


@pytest.mark.parametrize(
    "given", [{}, {"list": "x"}, {"list": "group"}, {"list": "state", "page": "x"}]
)
def test_a_location_is_told_nothing_of_parameters(ams: Ams, given: dict[str, Any]) -> None:
    """The right to the function comes first."""
    for version in VERSIONS:
        assert ams.ask(BY_LOCATION, "/alerts/", version, given=given).code == 3
        verified = ams.ask(BY_LOCATION, "/filter/", version, given={"list": "verify"})
        assert verified.code == 11


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("method", "given", "code"),
    [
        ("GET", {"list": "state", "uprc": UPRC}, 0),
        ("GET", {"list": "state", "uprc": FOREIGN}, 12),
        ("GET", {"list": "messages", "uprc": "CZ-KSR-RLB-6MF-E8C-8RT"}, 12),
        ("GET", {"list": "note", "uprc": "CZ-KSR-RLB-6MF-E8C-8RT"}, 12),
        ("GET", {"list": "file", "id": 21}, 22),
        ("PUT", {"uprc": UPRC, "note": "x"}, 0),
        ("PUT", {"uprc": FOREIGN, "note": "x"}, 13),
        ("PUT", {"uprc": [UPRC, FOREIGN], "state": 11}, 13),
        ("PUT", {"uprc": UPRC, "state": 11, "group": True}, 13),
        ("PUT", {"uprc": UPRC, "state": 11, "group_a": True}, 13),
        ("PUT", {"uprc": UPRC, "state": 11}, 0),
        ("POST", {"uprc": UPRC, "subject": "x", "message": "x", "group": True}, 13),
        ("POST", {"uprc": "CZ-KSR-RLB-6MF-E8C-8RT", "subject": "x", "message": "x"}, 13),
        ("POST", {"uprc": UPRC, "subject": "x", "message": "x"}, 0),
    ],
)
def test_credentials_of_an_alert(
    ams: Ams, method: str, given: dict[str, Any], code: int, version: str
) -> None:
    """Exactly one alert, no bulk and no groups (manual 1.1)."""
    assert ams.ask(BY_ALERT, "/alerts/", version, method=method, given=given).code == code


@pytest.mark.parametrize("version", VERSIONS)
def test_credentials_of_an_alert_see_it_alone(ams: Ams, version: str) -> None:
    def found(given: dict[str, Any], pair: Pair = BY_ALERT) -> set[str]:
        [rows] = (
            rows
            for rows in ams.ask(pair, "/alerts/", version, given=given).result.values()
            if isinstance(rows, list)
        )
        return {row["uprc"] for row in rows}

    assert found({"list": "state"}) == {UPRC}
    since = {"list": "messages", "changedFrom": "2020-01-01 00:00:00"}
    assert found(since) == {UPRC}
    if version == "1.0":
        level_3 = {"list": "alcounter", "location": LOCATION}
        assert ams.ask(BY_ALERT, "/alerts/", version, given=level_3).code == 37


# -- developers


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("prefix", ["/t", "/beta"])
def test_a_developer_acts_for_an_end_user(ams: Ams, prefix: str, version: str) -> None:
    """Who has chosen nobody has no right to any alert or message (manual 1.1, d)."""
    path = f"{prefix}/alerts/"
    states = {"list": "state", "uprc": UPRC}
    note = {"uprc": UPRC, "note": "x"}
    changed = {"list": "messages", "changedFrom": "2020-01-01 00:00:00"}
    assert ams.ask(DEV, path, version, given=states).code == 0
    assert ams.ask(DEV, path, version, method="PUT", given=note).code == 0
    assert ams.ask(DEV, path, version, given=changed).result["messages"]
    nobody = DEV_OF_NOBODY
    empty = {"pages": 0, "currentPage": 1, "alerts": []}
    assert ams.ask(nobody, path, version, given={"list": "state"}).result == empty
    assert ams.ask(nobody, path, version, given=states).outcome == (404, 12, version)
    assert ams.ask(nobody, path, version, method="PUT", given=note).code == 12
    assert ams.ask(nobody, path, version, given=changed).result == {"messages": []}
    assert ams.ask(nobody, path, version, given={"list": "enumState"}).code == 0


def test_a_developers_choice_can_be_changed_at_any_time(ams: Ams) -> None:
    headers = ams.signed(DEV, path="/t/")
    given = {"list": "state", "uprc": FOREIGN}
    assert ams.call("GET", "/t/alerts/", given, headers).code == 12
    choose(ams, "nemocnice")
    assert ams.call("GET", "/t/alerts/", given, headers).code == 0
    choose(ams, "")
    assert ams.call("GET", "/t/alerts/", given, headers).code == 12


def choose(ams: Ams, enduser: str) -> None:
    """As the select box in the portal's header does."""
    ams.admin("PUT", "developer", {"environment": "test", "login": "DEVLOGIN", "acts_for": enduser})
