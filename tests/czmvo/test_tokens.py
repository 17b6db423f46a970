"""The token endpoint: OAuth 2 client credentials, opaque tokens that expire (manual 2.1.2.2)."""

from collections.abc import Mapping
from urllib.parse import quote_plus, urlencode

import pytest

from podatelna.czmvo.seeding import add_logins
from podatelna.czmvo.worldreader import Login
from podatelna.kernel.disruptions import Disruption, plan
from podatelna.kernel.journal import Exchange
from tests.czmvo.ams import (
    BY_ALERT,
    BY_LOCATION,
    FORM,
    LOCATION,
    LOGIN,
    MAH_SECRET,
    SECRET,
    STATES,
    Ams,
    basic,
    bearer,
)

GRANT = "grant_type=client_credentials"
ASKED = f"{GRANT}&client_id=id&client_secret=secret"
HIDDEN = "přísně/tajné+heslo"
DENIED = {"error": "invalid_client"}


# -- requests


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": "application/x-www-form-urlencoded; charset=UTF-8"},
        {"accept": "text/html"},
        {"amscz-version": "2.0", "user-agent": "Client 1.0", "cache-control": "no-store"},
        {"authorization": "Bearer x"},
    ],
)
@pytest.mark.parametrize("path", ["/auth/token/", "/auth/token"])
def test_a_token(ams: Ams, path: str, headers: Mapping[str, str]) -> None:
    """No header is needed: the documented request has neither a version nor Accept."""
    answer = ams.call("POST", path, ASKED.encode(), headers)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert list(answer.json) == ["access_token", "expires_in", "token_type"]
    token = answer.json["access_token"]
    assert answer.json == {"access_token": token, "expires_in": 1800, "token_type": "Bearer"}
    assert answer.version == headers.get("amscz-version", "2.1")
    assert ams.last().operation == "token"
    assert ams.call("GET", "/filter/", STATES, bearer(token)).code == 0


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("", "invalid_request"),
        ("client_id=id&client_secret=secret", "invalid_request"),
        ("grant_type=&client_id=id&client_secret=secret", "invalid_request"),
        (GRANT, "invalid_request"),
        (f"{GRANT}&client_id=id", "invalid_request"),
        (f"{GRANT}&client_secret=secret", "invalid_request"),
        (f"{GRANT}&client_id=&client_secret=secret", "invalid_request"),
        (f"{ASKED}&client_secret=secret", "invalid_request"),
        ('{"grant_type":"client_credentials","client_id":"id"}', "invalid_request"),
        ("\xff\xfe", "invalid_request"),
        ("grant_type=password&client_id=id&client_secret=secret", "unsupported_grant_type"),
        ("grant_type=Client_Credentials&client_id=id", "unsupported_grant_type"),
        (f"{GRANT}&{ASKED}", "unsupported_grant_type"),
        (f"{GRANT}&client_id=id&client_secret=", "invalid_client"),
        (f"{GRANT}&client_id=id&client_secret=Secret", "invalid_client"),
        (f"{GRANT}&client_id=LOGIN&client_secret=PASSWORD", "invalid_client"),
        (f"{GRANT}&client_id=blocked-id&client_secret=secret", "invalid_client"),
        (f"{GRANT}&client_id=test-id&client_secret=test-secret", "invalid_client"),
        (f"{GRANT}&client_id=%00&client_secret=%FF", "invalid_client"),
    ],
)
def test_no_token(ams: Ams, body: str, error: str) -> None:
    """400 and the error alone; but for invalid_client the names are those of RFC 6749."""
    answer = ams.call("POST", "/auth/token/", body.encode("latin-1"), FORM)
    assert (answer.status, answer.body.decode()) == (400, f'{{"error":"{error}"}}')
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.version == "2.1"


def test_parameters_in_the_url_are_none(ams: Ams) -> None:
    answer = ams.call("POST", "/auth/token/", b"", FORM, query=ASKED)
    assert answer.json == {"error": "invalid_request"}


@pytest.mark.parametrize(
    ("body", "authorization", "status"),
    [
        (GRANT, basic(*SECRET), 200),
        (ASKED, basic("id", "wrong"), 200),
        (GRANT, basic("id", "wrong"), 400),
        (GRANT, basic(*LOGIN), 400),
        (GRANT, "Bearer x", 400),
    ],
)
def test_credentials_in_the_header(ams: Ams, body: str, authorization: str, status: int) -> None:
    """As RFC 6749 has it; the form's go first."""
    headers = {**FORM, "authorization": authorization}
    assert ams.call("POST", "/auth/token/", body.encode(), headers).status == status


def test_a_secret_of_any_letters(ams: Ams) -> None:
    """UTF-8, percent-encoded or not."""
    with ams.house.sandboxes.open(ams.name) as transaction:
        add_logins(transaction, "production", [Login("x", HIDDEN, "client", "lekarna")])
    for spelled in (quote_plus(HIDDEN), HIDDEN.replace("+", "%2B")):
        body = f"{GRANT}&client_id=X&client_secret={spelled}".encode()
        assert ams.call("POST", "/auth/token/", body, FORM).status == 200
    assert ams.token_for(("x", HIDDEN.upper())).json == DENIED


def test_a_generated_pair(ams: Ams) -> None:
    made = ams.admin("POST", "client", {"party": "lekarna"})
    pair = (made["client_id"], made["client_secret"])
    assert ams.token_for(pair).status == ams.token_for((pair[0].upper(), pair[1])).status == 200


# -- expiry


def test_a_token_lives_for_half_an_hour(ams: Ams) -> None:
    headers = ams.signed(SECRET)
    ams.advance(seconds=1799)
    assert ams.call("GET", "/filter/", STATES, headers).code == 0
    ams.advance(seconds=1)
    answer = ams.call("GET", "/filter/", STATES, headers)
    assert answer.outcome == (401, 38, "2.0")
    assert ams.ask(SECRET).code == 0


def test_the_lifetime_is_a_setting(ams: Ams) -> None:
    ams.set(token_lifetime_seconds=7200)
    assert ams.token_for(SECRET).json["expires_in"] == 7200
    headers = ams.signed(SECRET)
    ams.set(token_lifetime_seconds=1)
    ams.advance(minutes=119)
    assert ams.call("GET", "/filter/", STATES, headers).code == 0
    ams.advance(minutes=1)
    assert ams.call("GET", "/filter/", STATES, headers).code == 38


# -- one in an hour


def test_lenient(ams: Ams) -> None:
    """Any number of tokens, all of them good."""
    tokens = [ams.token_for(SECRET).json["access_token"] for _ in range(3)]
    assert len(set(tokens)) == 3
    for token in tokens:
        assert ams.call("GET", "/filter/", STATES, bearer(token)).code == 0


@pytest.mark.parametrize("pair", [SECRET, BY_ALERT, BY_LOCATION])
def test_strict(ams: Ams, pair: tuple[str, str]) -> None:
    """One in 60 minutes to a client (manual 3.1), so that it has none for 30 of them."""
    ams.set(token_reissue="strict")
    assert ams.token_for(pair).status == 200
    assert ams.token_for(MAH_SECRET).status == 200
    again = ams.token_for(pair)
    assert (again.status, again.body) == (429, b"")
    assert again.headers["Retry-After"] == "3600"
    assert again.version == "2.1"
    ams.advance(minutes=59, seconds=59)
    assert ams.token_for(pair).headers["Retry-After"] == "1"
    assert [found.code for found in ams.last().findings] == ["rate_limited"]
    ams.advance(seconds=1)
    assert ams.token_for(pair).status == 200
    assert ams.token_for(pair).status == 429


def test_strict_counts_what_was_given_out(ams: Ams) -> None:
    """Not what was asked for in vain, and not what another environment gave out."""
    ams.set(token_reissue="strict")
    for _ in range(3):
        assert ams.token_for(("id", "wrong")).json == DENIED
    assert ams.token_for(SECRET).status == 200
    assert ams.token_for(BY_ALERT, "test").status == 200
    assert ams.token_for(BY_ALERT, "production").status == 200
    assert ams.token_for(BY_ALERT, "test").status == 429


def test_strict_looks_back_to_when_it_was_lenient(ams: Ams) -> None:
    assert ams.token_for(SECRET).status == 200
    ams.advance(minutes=45)
    ams.set(token_reissue="strict", retry_after=False)
    refused = ams.token_for(SECRET)
    assert (refused.status, "Retry-After" in refused.headers) == (429, False)
    ams.set(token_interval_minutes=45)
    assert ams.token_for(SECRET).status == 200


def test_a_token_of_long_life_is_remembered(ams: Ams) -> None:
    """Tokens are dropped when they have expired and can be no reason for a refusal any more."""
    ams.set(token_lifetime_seconds=10, token_reissue="strict")
    assert ams.token_for(SECRET).status == 200
    ams.advance(minutes=30)
    assert ams.token_for(MAH_SECRET).status == 200
    assert ams.token_for(SECRET).status == 429
    ams.set(token_lifetime_seconds=36000)
    ams.advance(minutes=30)
    headers = ams.signed(SECRET)
    ams.advance(hours=9)
    assert ams.token_for(MAH_SECRET).status == 200
    assert ams.call("GET", "/filter/", STATES, headers).code == 0


# -- what the journal has of it


def recorded(exchange: Exchange) -> str:
    """All that was written down, in one text."""
    bodies = (exchange.request_body + exchange.response_body).decode("latin-1")
    heads = (exchange.request_headers, exchange.response_headers, exchange.findings, exchange.notes)
    return f"{exchange.target} {exchange.login} {bodies} {heads!r}"


def test_a_granted_token_is_not_recorded(ams: Ams) -> None:
    token = ams.token_for(SECRET).json["access_token"]
    granted = ams.last()
    assert granted.request_body == f"{GRANT}&client_id=id&client_secret=[blanked]".encode()
    assert b'"access_token":"[blanked]"' in granted.response_body
    ams.call("GET", "/filter/", STATES, bearer(token))
    assert ams.last().request_headers["authorization"] == "Bearer [blanked]"
    assert (granted.login, ams.last().login) == ("id", "id")
    assert token not in "".join(map(recorded, ams.journal()))


SPOILED = {
    "refused": {},
    "another method": {"method": "PUT"},
    "no grant": {"grant_type": ""},
    "another grant": {"grant_type": "password"},
    "no client": {"client_id": ""},
    "in the URL": {"query": f"client_secret={quote_plus(HIDDEN)}"},
    "disrupted": {"disrupted": "yes"},
    "too often": {"limit": "1"},
    "out": {"out": "yes"},
}


@pytest.mark.parametrize("how", SPOILED)
def test_a_secret_is_never_recorded(ams: Ams, how: str) -> None:
    """Whatever becomes of the request."""
    spoiled = SPOILED[how]
    if "limit" in spoiled:
        ams.set(limit_per_address=1)
        ams.call("GET", "/alerts/")
    if "disrupted" in spoiled:
        with ams.house.sandboxes.open(ams.name) as transaction:
            plan(transaction, Disruption("czmvo", "status", "before", {"code": 503}, "token"))
    ams.set(backend_available="out" not in spoiled)
    form = {"grant_type": "client_credentials", "client_id": "id", "client_secret": HIDDEN}
    body = urlencode({name: spoiled.get(name, value) for name, value in form.items()})
    loose = Ams(ams.house, ams.name, held="disrupted" not in spoiled)
    query = spoiled.get("query", "")
    answer = loose.call(
        spoiled.get("method", "POST"), "/auth/token/", body.encode(), FORM, query=query
    )
    assert answer.status in {400, 405, 429, 500, 503}
    last = recorded(ams.last())
    assert ams.last().operation == "token"
    assert "[blanked]" in last
    for spelled in (HIDDEN, HIDDEN.encode().decode("latin-1"), quote_plus(HIDDEN)):
        assert spelled not in last


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_logins_that_are_secrets_are_not_recorded(ams: Ams, version: str) -> None:
    """A location's id is both."""
    assert ams.ask(BY_LOCATION, version=version).code == 3
    assert LOCATION not in "".join(map(recorded, ams.journal()))
    assert ams.last().login == "[blanked]"


@pytest.mark.parametrize(
    "header",
    [basic("LOGIN", HIDDEN), f"Bearer {HIDDEN}", HIDDEN, f"{HIDDEN} x", f"Digest {HIDDEN}"],
)
@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_what_is_no_sign_in_is_not_recorded(ams: Ams, header: str, version: str) -> None:
    headers = bearer("") | {"authorization": header, "amscz-version": version}
    assert ams.call("GET", "/filter/", STATES, headers).code in {2, 38}
    told = recorded(ams.last())
    assert HIDDEN not in told
    assert header.removeprefix("Basic ") not in told
