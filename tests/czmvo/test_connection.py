"""connection=verify: on everything, carried out never (manual 2.5)."""

from itertools import product
from typing import Any

import pytest

from tests.czmvo.ams import (
    LOCATION,
    LOGIN,
    MAH_LOGIN,
    SECRET,
    STATES,
    UPRC,
    Ams,
    Headers,
    Pair,
    basic,
    bearer,
)

VERIFY = "connection=verify"
METHODS = ("GET", "POST", "PUT", "DELETE")
MODULES = {"": "", "/alerts": "alerts", "/filter": "filter"}
ENVIRONMENTS: dict[str, tuple[str, Pair, Pair]] = {
    # Word and credentials of each.
    "": ("production", LOGIN, SECRET),
    "/t": ("sandbox", ("TESTLOGIN", "TESTPASSWORD"), ("test-id", "test-secret")),
    "/beta": ("sandbox", ("BETALOGIN", "BETAPASSWORD"), ("beta-id", "beta-secret")),
}


@pytest.mark.parametrize("version", ["1.0", "2.0", "2.1"])
@pytest.mark.parametrize("prefix", ENVIRONMENTS)
def test_everything_can_be_verified(ams: Ams, prefix: str, version: str) -> None:
    """All methods of all modules, even those that there are not."""
    word, login, secret = ENVIRONMENTS[prefix]
    signed = ams.signed(login if version == "1.0" else secret, version, f"{prefix}/")
    for method, (path, module), slash in product(METHODS, MODULES.items(), ("", "/")):
        where = f"{prefix}{path}{slash}" or "/"
        answer = ams.call(method, where, STATES, signed, query=VERIFY)
        assert answer.outcome == (200, 0, version)
        assert list(answer.result.items()) == [
            ("method", method),
            ("module", module),
            ("environment", word),
            ("auth", "Regular"),
            ("userrole", "Enduser"),
            ("state", True),
        ]
        assert ams.last().operation == "verify"


@pytest.mark.parametrize(
    ("path", "host", "word"),
    [
        ("/alerts/", "api.czmvo.cz", "production"),
        ("/t/alerts/", "api.czmvo.cz", "sandbox"),
        ("/alerts/", "betaapi.czmvo.cz", "sandbox"),
        ("/", "api.czmvo.cz", "production"),
        ("/", "betaapi.czmvo.cz", "sandbox"),
    ],
)
def test_environments_by_host(ams: Ams, path: str, host: str, word: str) -> None:
    answer = ams.call("GET", path, b"", {"host": host}, query=VERIFY)
    assert answer.result["environment"] == word


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": basic("LOGIN", "wrong")},
        {"authorization": "Bearer x"},
        bearer("unknown"),
        bearer("") | {"authorization": basic(*LOGIN)},
    ],
)
def test_a_sign_in_that_fails_is_no_error(ams: Ams, headers: Headers) -> None:
    answer = ams.call("POST", "/alerts/", b"", headers, query=VERIFY)
    assert (answer.status, answer.code, answer.json["message"]) == (200, 0, "OK")
    assert answer.result == {
        "method": "POST",
        "module": "alerts",
        "environment": "production",
        "auth": "No authorization",
        "userrole": "N/A",
        "state": False,
    }
    assert "WWW-Authenticate" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "headers", "code"),
    [
        ("GET", "/t/nothing/", {}, 1),
        ("PATCH", "/alerts/", {}, 4),
        ("PATCH", "/t/", {}, 4),
        ("GET", "/alerts/", {"amscz-version": "3.0"}, 39),
        ("GET", "/alerts/", bearer("x") | {"user-agent": None}, 39),
        ("GET", "/alerts/", bearer("x") | {"authorization": None}, 39),
        ("GET", "/alerts/", bearer("x") | {"accept": None}, 33),
        ("GET", "/alerts/", bearer("x") | {"accept": "image/webp"}, 33),
    ],
)
def test_what_is_looked_at_before(
    ams: Ams, method: str, path: str, headers: Headers, code: int
) -> None:
    loose = Ams(ams.house, ams.name, held=path != "/t/")
    host = {"host": "api.czmvo.cz"}
    assert loose.call(method, path, b"", {**host, **headers}, query=VERIFY).code == code


@pytest.mark.parametrize("accept", ["application/json", "text/csv", "application/octet-stream"])
def test_the_answer_is_json_always(ams: Ams, accept: str) -> None:
    for pair, version in ((LOGIN, "1.0"), (SECRET, "2.0")):
        answer = ams.ask(pair, version=version, headers={"accept": accept}, query=VERIFY)
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.result["state"] is True


CALLS: list[tuple[str, dict[str, Any]]] = [
    ("POST", {"uprc": UPRC, "subject": "x", "message": "x"}),
    ("PUT", {"uprc": UPRC, "state": 5}),
    ("PUT", {"uprc": UPRC, "note": "x"}),
    ("DELETE", {"id": 20}),
    ("DELETE", {"note": UPRC}),
]


def test_nothing_is_carried_out(ams: Ams) -> None:
    asked = {"list": "messages", "uprc": UPRC}, {"list": "note", "uprc": UPRC}, {"list": "state"}

    def seen() -> list[Any]:
        return [ams.ask(MAH_LOGIN, "/alerts/", "1.0", given=given).result for given in asked]

    before = seen()
    for method, given in CALLS:
        answer = ams.ask(MAH_LOGIN, "/alerts/", "1.0", method=method, given=given, query=VERIFY)
        assert answer.result["method"] == method
    assert seen() == before
    posted = ams.ask(MAH_LOGIN, "/alerts/", "1.0", method="POST", given=CALLS[0][1])
    assert posted.result == {"id": 22}


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\x00", b'{"list":5}', b"[]"])
def test_no_request_is_needed(ams: Ams, body: bytes) -> None:
    ams.set(malformed_json="refused")
    for query in (VERIFY, f"list=x&{VERIFY}", f"{VERIFY}&page=x"):
        assert ams.ask(LOGIN, "/alerts/", "1.0", given=body, query=query).result["state"] is True


@pytest.mark.parametrize(
    "query",
    [
        "",
        "connection=",
        "connection",
        "connection=Verify",
        "connection=check",
        "connection[]=verify",
        "connection=verify&connection=no",
        "Connection=verify",
        "x=connection%3Dverify",
    ],
)
def test_other_parameters_do_not_verify(ams: Ams, query: str) -> None:
    answer = ams.ask(LOGIN, version="1.0", query=query)
    assert "states" in answer.result


def test_the_parameter_is_one_of_the_url(ams: Ams) -> None:
    """A "GET parameter": in the body it is one of those that nobody knows."""
    given = {**STATES, "connection": "verify"}
    assert "states" in ams.ask(LOGIN, version="1.0", given=given).result


@pytest.mark.parametrize(
    "query", ["connection=%76erify", "%63onnection=verify", "x&&connection=verify"]
)
def test_spelled_in_other_ways(ams: Ams, query: str) -> None:
    assert ams.ask(LOGIN, version="1.0", query=query).result["state"] is True


def test_it_counts_as_a_call(ams: Ams) -> None:
    ams.set(limit_per_client=2)
    statuses = [ams.ask(LOGIN, version="1.0", query=VERIFY).status for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_tokens_are_asked_for_and_not_verified(ams: Ams) -> None:
    """The token endpoint is none of the two modules."""
    form = b"grant_type=client_credentials&client_id=id&client_secret=secret"
    answer = ams.call("POST", "/auth/token/", form, {}, query=VERIFY)
    assert list(answer.json) == ["access_token", "expires_in", "token_type"]
    assert ams.call("GET", "/auth/token/", b"", {}, query=VERIFY).code == 4


def test_a_location_for_nothing_but_this(ams: Ams) -> None:
    """Manual 2.5: the id of a location, for login and password alike."""
    pair = (LOCATION, LOCATION)
    answer = ams.ask(pair, "/alerts/", "1.0", given=STATES, query=VERIFY)
    assert (answer.result["auth"], answer.result["state"]) == ("Verify only", True)
    assert ams.ask(pair, "/alerts/", "1.0", given=STATES).code == 3
