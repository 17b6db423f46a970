"""The journal tells why somebody was not let in; the caller is not told, and no secret is."""

import pytest

from tests.czmvo.ams import LOGIN, SECRET, Ams, basic, bearer

WRONG = "a-wrong-secret"


def _received(ams: Ams) -> str:
    """What the journal says of the last call; WRONG must not stand in it."""
    exchange = ams.last()
    assert WRONG not in str(exchange)
    [finding] = exchange.findings
    return finding.received


@pytest.mark.parametrize(
    ("login", "password", "why"),
    [
        ("LOGIN", WRONG, "Basic: its secret is another"),
        ("nobody", WRONG, "Basic: nobody is called so"),
        ("BLOCKED", WRONG, "Basic: it is blocked"),
        ("id", WRONG, "Basic: it is a pair of version 2"),
        ("DEVLOGIN", WRONG, "Basic: test and development, not here"),
    ],
)
def test_refused_logins(ams: Ams, login: str, password: str, why: str) -> None:
    answer = ams.call(headers={"authorization": basic(login, password)})
    assert (answer.status, answer.code, _received(ams)) == (401, 2, why)


def test_a_token_without_a_version_is_one_of_version_1(ams: Ams) -> None:
    headers = ams.signed(SECRET) | {"amscz-version": None}
    assert ams.call(headers=headers).code == 2
    told = "Bearer: without amscz-version the call is one of version 1.0, which takes Basic"
    assert _received(ams) == told


def test_refused_tokens(ams: Ams) -> None:
    told = []
    ams.call(headers=bearer("no-such-token"))
    told.append(_received(ams))
    signed = ams.signed(SECRET)
    ams.call("GET", "/t/alerts/", headers=signed)
    told.append(_received(ams))
    ams.advance(minutes=30)
    ams.call(headers=signed)
    told.append(_received(ams))
    ams.call(headers=signed | {"authorization": basic(*LOGIN)})
    told.append(_received(ams))
    assert told == [
        "Bearer: no such token was given out, or it is long expired",
        "Bearer: it is a token of production",
        "Bearer: it expired at 2026-03-02 08:30:00",
        "Basic: version 2.0 takes a Bearer token",
    ]


@pytest.mark.parametrize(
    ("client", "why"),
    [
        ("id", "its secret is another"),
        ("test-id", "test, not here"),
        ("LOGIN", "it is a login of version 1.0"),
        ("blocked-id", "it is blocked"),
    ],
)
def test_refused_clients(ams: Ams, client: str, why: str) -> None:
    answer = ams.token_for((client, WRONG))
    assert (answer.status, answer.body) == (400, b'{"error":"invalid_client"}')
    assert _received(ams) == why


def test_which_limit_was_met(ams: Ams) -> None:
    told = []
    headers = {"authorization": basic(*LOGIN)}
    for settings in ({"limit_per_client": 1}, {"limit_per_address": 1}):
        ams.set(**settings)
        while ams.call(headers=headers).status != 429:
            pass
        told.append(_received(ams))
    assert told == [
        "the limit of calls of one client",
        "the limit of calls from one address",
    ]
