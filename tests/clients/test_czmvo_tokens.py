"""Tokens of the AMS: asked for as seldom as can be, shared, renewed, and never shown."""

import pickle
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from podatelna_client.czmvo import (
    CzmvoClient,
    FileTokenStore,
    MemoryTokenStore,
    RateLimited,
    ServiceUnreachable,
    Token,
    TokenRefused,
    TokenStoreFailed,
    codes,
)
from tests.clients.ams import START, Ams

TOKEN = "auth/token/"


def asked(ams: Ams) -> int:
    """How many tokens were asked for."""
    return ams.paths.count(TOKEN)


def ask(ams: Ams, client: CzmvoClient) -> None:
    """Any call that succeeds."""
    ams.play_ok({"reasons": []})
    assert client.reopen_reasons() == ()


def test_a_token_serves_until_a_minute_before_its_end(ams: Ams) -> None:
    client = ams.client()
    ams.play_token("T1")
    ask(ams, client)
    ams.now = START + 1739
    ask(ams, client)
    ams.now = START + 1740
    ams.play_token("T2")
    ask(ams, client)
    assert ams.bearers == ["T1", "T1", "T2"]


def test_a_short_life_is_used_to_nine_tenths(ams: Ams) -> None:
    client = ams.client()
    ams.play_token("T1", lifetime=20)
    ask(ams, client)
    ams.now = START + 17
    ask(ams, client)
    ams.now = START + 18
    ams.play_token("T2")
    ask(ams, client)
    assert ams.bearers == ["T1", "T1", "T2"]


@pytest.mark.parametrize("lifetime", [",", ',"expires_in":null,', ',"expires_in":"1800",'])
def test_the_documented_lifetime_counts_if_none_is_said(ams: Ams, lifetime: str) -> None:
    client = ams.client()
    ams.play(f'{{"access_token":"T1"{lifetime}"token_type":"Bearer"}}')
    ask(ams, client)
    ams.now = START + 1739
    ask(ams, client)
    assert asked(ams) == 1


def test_nothing_is_asked_before_it_is_needed(ams: Ams) -> None:
    ams.client().close()
    assert ams.server.received == []


def test_closing_keeps_the_token(ams: Ams) -> None:
    client = ams.client()
    ams.play_token()
    ask(ams, client)
    client.close()
    ask(ams, client)
    assert asked(ams) == 1


@pytest.mark.parametrize("answer", ["refused", "unreachable"])
def test_an_early_renewal_that_fails_leaves_the_old_token_its_last_minute(
    ams: Ams, answer: str
) -> None:
    client = ams.client()
    ams.play_token("T1")
    ask(ams, client)
    ams.now = START + 1750
    if answer == "refused":
        ams.play_limit(Retry_After="1850")
    else:
        ams.play("<html>", status=503)
    ask(ams, client)
    ams.now = START + 1799
    ask(ams, client)
    assert ams.bearers == ["T1", "T1", "T1"]
    assert asked(ams) == 2
    ams.now = START + 1800
    ams.play_token("T2")
    ask(ams, client)
    assert ams.bearers[-1] == "T2"


def test_a_second_token_within_the_hour_may_be_refused(ams: Ams) -> None:
    client = ams.client()
    ams.play_token("T1")
    ask(ams, client)
    ams.now = START + 1801
    ams.play_limit(Retry_After="1799")
    with pytest.raises(RateLimited) as caught:
        client.reopen_reasons()
    error = caught.value
    assert (error.retry_after, error.of_token, ams.pauses) == (1799.0, True, [])
    assert str(error) == "HTTP 429: no token for now, try again after 1799 s"


def test_a_short_wait_for_a_token_is_waited_out(ams: Ams) -> None:
    ams.play_limit(Retry_After="200")
    ams.play_token()
    ask(ams, ams.client())
    assert ams.pauses == [200.0]


def test_a_refused_token_is_replaced_once(ams: Ams) -> None:
    client = ams.client()
    ams.play_token("T1")
    ams.play_error(38, 401)
    ams.play_token("T2")
    ams.play_ok({"id": 22})
    assert client.send_message("CZ-0VR-Y94-KK5-6FJ", "s", "m") == 22
    assert ams.bearers == ["T1", "T2"]
    assert len({body for body in ams.server.bodies() if body.startswith(b"{")}) == 1
    ask(ams, client)
    assert asked(ams) == 2


def test_code_38_counts_whatever_the_status(ams: Ams) -> None:
    ams.play_token("T1")
    ams.play_error(38, 200)
    ams.play_token("T2")
    ask(ams, ams.client())
    assert ams.bearers == ["T1", "T2"]


def test_a_second_refusal_is_told_and_the_next_call_starts_anew(ams: Ams) -> None:
    client = ams.client()
    ams.play_token("T1")
    ams.play_error(38, 401)
    ams.play_token("T1")
    ams.play_error(38, 401)
    with pytest.raises(codes.TokenInvalid):
        client.reopen_reasons()
    ams.play_token("T3")
    ask(ams, client)
    assert ams.bearers == ["T1", "T1", "T3"]


def test_without_repeats_a_refused_token_is_told_at_once(ams: Ams) -> None:
    client = ams.client(patience={"repeats": 0})
    ams.play_token("T1")
    ams.play_error(38, 401)
    with pytest.raises(codes.TokenInvalid):
        client.reopen_reasons()
    ams.play_token("T2")
    ask(ams, client)
    assert ams.bearers == ["T1", "T2"]


def test_version_1_has_no_tokens_to_replace(ams: Ams) -> None:
    ams.play_error(38, 401)
    with pytest.raises(codes.TokenInvalid):
        ams.v1.reopen_reasons()
    assert ams.paths == ["alerts/"]


# --- sharing


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    return MemoryTokenStore() if request.param == "memory" else FileTokenStore(tmp_path / "tokens")


def test_clients_of_one_store_share_a_token(ams: Ams, store: Any) -> None:
    ams.play_token("T1")
    for _ in range(3):
        ask(ams, ams.client(tokens=store))
    assert ams.bearers == ["T1"] * 3
    assert asked(ams) == 1


@pytest.mark.parametrize("other", [{"login": "other"}, {"password": "other"}])
def test_others_have_tokens_of_their_own(ams: Ams, store: Any, other: dict[str, str]) -> None:
    ams.play_token("T1")
    ask(ams, ams.client(tokens=store))
    ams.play_token("T2")
    ask(ams, ams.client(tokens=store, **other))
    assert ams.bearers == ["T1", "T2"]


def test_environments_have_tokens_of_their_own(ams: Ams, store: Any) -> None:
    ams.play_token("T1")
    ask(ams, ams.client(tokens=store))
    ams.base_url = ams.base_url.removesuffix("t/")
    ams.play_token("T2")
    ask(ams, ams.client(tokens=store))
    assert ams.bearers == ["T1", "T2"]


def test_what_one_client_renewed_the_others_take_over(ams: Ams, store: Any) -> None:
    one, other = ams.client(tokens=store), ams.client(tokens=store)
    ams.play_token("T1")
    ask(ams, one)
    ask(ams, other)
    ams.play_error(38, 401)
    ams.play_token("T2")
    ask(ams, one)
    ams.play_error(38, 401)
    ask(ams, other)
    assert ams.bearers == ["T1", "T1", "T1", "T2", "T1", "T2"]
    assert asked(ams) == 2


def test_a_failed_fetch_leaves_the_store_as_it_was(ams: Ams, store: Any) -> None:
    ams.play_limit()
    with pytest.raises(RateLimited):
        ams.client(tokens=store, patience={"longest": 0}).reopen_reasons()
    ams.play_token("T1")
    ask(ams, ams.client(tokens=store))
    assert ams.bearers == ["T1"]


def test_a_store_keeps_what_is_decided() -> None:
    held = MemoryTokenStore()
    first, second = Token("1", 1, 2), Token("2", 2, 3)
    seen: list[Token | None] = []

    def decide(token: Token) -> Any:
        return lambda stored: (seen.append(stored), token)[1]

    assert held.exchange("a", decide(first)) == first
    assert held.exchange("b", decide(first)) == first
    assert held.exchange("a", decide(second)) == second
    assert seen == [None, None, first]


def test_the_file_is_for_its_user_and_holds_no_secret(ams: Ams, tmp_path: Path) -> None:
    path = tmp_path / "tokens"
    ams.play_token("T1")
    client = ams.client(login="my-client-id", password="my-secret-id", tokens=FileTokenStore(path))
    ask(ams, client)
    content = path.read_bytes()
    assert b"T1" in content
    assert b"my-client-id" not in content
    assert b"my-secret-id" not in content
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_row_of_another_program_is_replaced(ams: Ams, tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "tokens"
    ams.play_token("T1")
    ask(ams, ams.client(tokens=FileTokenStore(path)))
    database = sqlite3.connect(path)
    for text in ("[]", "{", '{"value":"x"}'):
        with database:
            database.execute("UPDATE tokens SET token = ?", (text,))
        ams.play_token("T2")
        ask(ams, ams.client(tokens=FileTokenStore(path)))
    database.close()
    assert ams.bearers == ["T1", "T2", "T2", "T2"]


def test_a_store_out_of_order_is_told_and_nothing_is_sent(ams: Ams, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("this is no database, and longer than the head of one" * 10)
    for path in (broken, tmp_path, tmp_path / "no" / "such" / "folder"):
        with pytest.raises(TokenStoreFailed, match=path.name):
            ams.client(tokens=FileTokenStore(path)).reopen_reasons()
    assert ams.server.received == []


def test_a_file_that_somebody_else_holds_is_waited_for(ams: Ams, tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "tokens"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(TokenStoreFailed, match="database is locked"):
        ams.client(tokens=FileTokenStore(path, patience=0)).reopen_reasons()
    other.close()


# --- refusals of the token endpoint


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        ({"body": '{"error":"invalid_client"}', "status": 400}, "invalid_client"),
        ({"body": '{"error":"unsupported_grant_type"}', "status": 400}, "unsupported_grant_type"),
        (
            {"body": '{"status":"error","code":2,"message":"Neověřený přístup."}', "status": 401},
            "Neověřený přístup.",
        ),
        ({"body": "<html>", "status": 403}, "Forbidden"),
        ({"body": "[1]", "status": 404}, "Not Found"),
    ],
)
def test_wrong_credentials(ams: Ams, answer: dict[str, Any], word: str) -> None:
    ams.play(**answer)
    with pytest.raises(TokenRefused) as caught:
        ams.client().send_message("CZ-0VR-Y94-KK5-6FJ", "s", "m")
    assert (caught.value.error, caught.value.status) == (word, answer["status"])
    assert str(caught.value) == f"HTTP {answer['status']} from the token endpoint: {word}"
    assert ams.paths == [TOKEN]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"body": "<html>", "status": 503}, "HTTP 503 without a readable answer: no token in it"),
        ({"body": "<html>"}, "HTTP 200 without a readable answer: not JSON"),
        ({"body": "{}"}, "/access_token is missing"),
        ({"body": '{"access_token":""}'}, "/access_token does not fit into a header"),
        ({"body": '{"access_token":"a\\r\\nb: c"}'}, "/access_token does not fit into a header"),
        ({"body": '{"access_token":"T","expires_in":"soon"}'}, '/expires_in is "soon", not a'),
        ({"body": "", "status": 302, "headers": (("Location", "/x"),)}, "HTTP 302"),
        ({"nothing": True}, "no token: the connection failed"),
        ({"body": '{"access_token":"T"}', "cut": 5}, "no token: the connection failed"),
    ],
)
def test_no_token_means_that_nothing_was_sent(ams: Ams, answer: dict[str, Any], words: str) -> None:
    ams.play(**answer)
    with pytest.raises(ServiceUnreachable, match="no token: ") as caught:
        ams.client().send_message("CZ-0VR-Y94-KK5-6FJ", "s", "m")
    assert words in str(caught.value)
    assert ams.paths == [TOKEN]


# --- what goes along, and what is never shown


def test_a_login_from_netrc_does_not_replace_the_token(
    ams: Ams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login wrong password wrong\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    ams.play_token("T1")
    ask(ams, ams.client())
    assert "authorization" not in ams.server.received[0].headers
    assert ams.bearers == ["T1"]


def test_a_session_handed_in_is_used_and_stays_open(ams: Ams) -> None:
    class Session(requests.Session):
        closed = 0

        def close(self) -> None:
            self.closed += 1
            super().close()

    with Session() as session:
        session.auth = ("not", "used")
        client = ams.client(session=session)
        ams.play_token("T1")
        ask(ams, client)
        client.close()
        assert session.closed == 0
    assert ams.bearers == ["T1"]


def test_a_login_may_be_any_text(ams: Ams) -> None:
    ams.play_ok({"reasons": []})
    ams.client("1.0", login="Žlutý", password="kůň:€").reopen_reasons()
    assert ams.last.headers["authorization"] == "Basic xb1sdXTDvTprxa/FiDrigqw="
    ams.play_token()
    assert ams.client(login="Ž&=", password="+ %").authorization() == "Bearer T1"
    assert ams.last.body.endswith(b"client_id=%C5%BD%26%3D&client_secret=%2B+%25")


def test_secrets_are_in_no_repr(ams: Ams) -> None:
    client = ams.client(password="my-secret-id")
    ams.play_token("my-token")
    ask(ams, client)
    shown = repr(vars(client)) + repr(vars(client._caller)) + repr(client._caller._tokens._token)
    assert "my-secret-id" not in shown
    assert "my-token" not in shown


@pytest.mark.parametrize("error", [TokenRefused("invalid_client", 400), RateLimited(5.0, True)])
def test_errors_survive_a_process_boundary(error: Exception) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))
