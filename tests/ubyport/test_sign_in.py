"""Signing in: NTLM, which is bound to the connection, and what IIS says to everybody else."""

import http.client
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field

import pytest
import requests
import spnego
from requests.auth import HTTPBasicAuth
from requests_ntlm import HttpNtlmAuth

from podatelna.app import House
from podatelna.kernel.accounts import Account, add_accounts, block_account, find_account
from tests.sandboxes import (
    ACTIONS,
    DATE,
    DOMAIN,
    OWN_HEADERS,
    PASSWORD,
    PATHS,
    XML,
    Sandbox,
    SignIn,
    ntlm,
    plain_session,
)
from tests.ubyport.messages import TRIAL, bare, call, filing, guest, member

AVAILABLE = call("TestDostupnosti")
HEAD = {"Content-Type": XML, "SOAPAction": f"{ACTIONS}TestDostupnosti"}
PAGE = (
    b'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" '
    b'"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">\n'
    b'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>401 - Unauthorized: Access is denied '
    b"due to invalid credentials.</title></head>\n"
    b'<body><div id="header"><h1>Server Error</h1></div>\n'
    b'<div id="content"><fieldset><h2>401 - Unauthorized: Access is denied due to invalid '
    b"credentials.</h2><h3>You do not have permission to view this directory or page using the "
    b"credentials that you supplied.</h3></fieldset></div></body></html>\n"
)


@dataclass
class Line:
    """One TCP connection, which never opens itself anew."""

    connection: http.client.HTTPConnection = field(repr=False)
    operation: str = "TestDostupnosti"
    offers: list[str] = field(default_factory=list)
    """WWW-Authenticate of the last answer."""

    def post(self, path: str, token: bytes | None = None, body: str = AVAILABLE) -> int:
        """The status of the answer to one request, whose body is read to its end."""
        sent = {"Content-Type": XML, "SOAPAction": ACTIONS + self.operation}
        if token is not None:
            sent["Authorization"] = f"NTLM {b64encode(token).decode()}"
        self.connection.request("POST", path, body.encode(), sent)
        answer = self.connection.getresponse()
        self.offers = answer.headers.get_all("WWW-Authenticate", [])
        answer.read()
        return answer.status

    def sign_in(self, path: str, login: str, *, first: str = "", last: str = AVAILABLE) -> int:
        """The whole handshake, with these bodies on its legs; the status of the last answer."""
        caller = client(login)
        assert self.post(path, caller.step(), first) == 401
        return self.post(path, caller.step(self.challenge()), last)

    def challenge(self) -> bytes:
        [offer] = self.offers
        return b64decode(offer.removeprefix("NTLM "))


def client(login: str) -> spnego.ContextProxy:
    options = spnego.NegotiateOptions.use_ntlm
    return spnego.client(f"{DOMAIN}\\{login}", PASSWORD, protocol="ntlm", options=options)


@pytest.fixture
def line(sandbox: Sandbox) -> Iterator[Line]:
    connection = http.client.HTTPConnection(sandbox.server.removeprefix("http://"), timeout=10)
    connection.connect()
    connection.auto_open = 0
    with closing(connection):
        yield Line(connection)


def path_of(sandbox: Sandbox, environment: str = "production") -> str:
    return f"/s/{sandbox.name}{PATHS[environment]}"


def refusals(sandbox: Sandbox) -> list[str]:
    """Why callers were turned away, as the journal has it."""
    found = [each for exchange in sandbox.journal() for each in exchange["findings"]]
    assert all(each["code"] == "unauthorized" for each in found)
    return [each["received"] for each in found]


def asked(sandbox: Sandbox, environment: str, session: requests.Session) -> requests.Response:
    return session.post(sandbox.url(environment), data=AVAILABLE, headers=HEAD, timeout=10)


# --- what IIS says


@pytest.mark.parametrize(
    ("negotiate", "offers"), [(False, "NTLM"), (True, "Negotiate, NTLM")], ids=["NTLM", "both"]
)
def test_stranger(sandbox: Sandbox, negotiate: bool, offers: str) -> None:
    """A page for people, never a fault (reconstructed; the documents name NTLM only)."""
    sandbox.set(offer_negotiate=negotiate)
    with plain_session() as session:
        answer = asked(sandbox, "production", session)
    headers = {"Content-Type": "text/html", "WWW-Authenticate": offers}
    assert bare(answer) == (401, PAGE, headers | OWN_HEADERS | {"Date": DATE})
    assert answer.reason == "Unauthorized"
    assert refusals(sandbox) == []


def test_challenge(sandbox: Sandbox, line: Line) -> None:
    """The second leg's 401 offers nothing but the challenge, which names the domain."""
    sandbox.set(offer_negotiate=True)
    assert line.post(path_of(sandbox), client("uby-ws000001").step()) == 401
    challenge = line.challenge()
    assert challenge.startswith(b"NTLMSSP\0\2\0\0\0")
    assert DOMAIN.encode("utf-16-le") in challenge


@pytest.mark.parametrize(
    ("login", "environment", "why"),
    [
        ("uby-ws000003", "production", "unknown_login"),
        ("uby-ws00blok", "production", "the account is blocked"),
        ("ub0000001", "production", "a login of the web application"),
        ("uby-ws000001", "test", "unknown_login"),
        ("uby-tws00001", "production", "unknown_login"),
        ("uby-tws0blok", "test", "the account is blocked"),
        ("", "production", "anonymous"),
    ],
)
def test_login_is_refused(sandbox: Sandbox, login: str, environment: str, why: str) -> None:
    """Blocked, of the web application, or of the other address: the answer is the same for all."""
    with plain_session() as session:
        session.auth = ntlm(login)
        answer = asked(sandbox, environment, session)
    assert bare(answer)[:2] == (401, PAGE)
    assert answer.headers["WWW-Authenticate"] == "NTLM"
    assert refusals(sandbox) == [why]


def test_wrong_password(sandbox: Sandbox) -> None:
    with plain_session() as session:
        session.auth = ntlm("uby-ws000001", "heslo-1234")
        answer = asked(sandbox, "production", session)
    assert bare(answer)[:2] == (401, PAGE)
    assert refusals(sandbox) == ["wrong_password"]


@pytest.mark.parametrize("login", ["uby-ws000001", f"{DOMAIN}\\uby-ws000001"])
def test_basic_is_refused(sandbox: Sandbox, login: str) -> None:
    """Right credentials in the wrong scheme; one public client tries this and gets nowhere."""
    with plain_session() as session:
        session.auth = HTTPBasicAuth(login, PASSWORD)
        answer = asked(sandbox, "production", session)
    assert bare(answer)[:2] == (401, PAGE)
    assert answer.headers["WWW-Authenticate"] == "NTLM"
    assert refusals(sandbox) == ["other_scheme"]
    assert sandbox.last()["request_headers"]["authorization"] == f"Basic {login}"


@pytest.mark.parametrize(
    "user", ["EXRESORTMV\\UBY-WS000001", "exresortmv\\uby-ws000001", "uby-ws000001@EXRESORTMV"]
)
def test_login_in_other_letters(sandbox: Sandbox, user: str) -> None:
    """Letters and receipts print logins in upper case."""
    with plain_session() as session:
        session.auth = HttpNtlmAuth(user, PASSWORD)
        assert member(asked(sandbox, "production", session), "TestDostupnostiResult") == "true"
    assert sandbox.last()["login"] == "uby-ws000001"


# --- connections


def test_connection_stays_signed_in(sandbox: Sandbox, line: Line) -> None:
    """IIS: the handshake is the connection's, and what follows on it needs no header."""
    path = path_of(sandbox)
    assert line.post(path) == 401
    assert line.sign_in(path, "uby-ws000001") == 200
    assert [line.post(path), line.post(path)] == [200, 200]
    assert [each["login"] for each in sandbox.journal()] == ["", "", *["uby-ws000001"] * 3]


FILED = filing(guest(), header=TRIAL)


@pytest.mark.parametrize("first", ["", FILED], ids=["empty", "whole"])
def test_body_of_the_first_leg(sandbox: Sandbox, line: Line, first: str) -> None:
    """Clients send the body with every leg or with the last alone; it counts once."""
    line.operation = "ZapisUbytovane"
    path = path_of(sandbox, "test")
    assert line.sign_in(path, "uby-tws00001", first=first, last=FILED) == 200
    assert [each["request_body"] for each in sandbox.journal()] == [first, FILED]
    assert len(sandbox.stays()) == 1


def test_half_a_handshake(sandbox: Sandbox, line: Line) -> None:
    """The answer to a challenge of another connection, or to none, is out of sequence."""
    path = path_of(sandbox)
    caller = client("uby-ws000001")
    line.post(path, caller.step())
    answer = caller.step(line.challenge())
    assert line.post(path) == 401
    assert line.post(path, answer) == 200
    assert line.post(path, answer) == 401
    assert line.post(path) == 401
    assert refusals(sandbox) == ["out_of_sequence"]


def test_each_connection_signs_in_for_itself(sandbox: Sandbox, line: Line) -> None:
    path = path_of(sandbox)
    assert line.sign_in(path, "uby-ws000001") == 200
    with plain_session() as session:
        assert asked(sandbox, "production", session).status_code == 401
    assert line.post(path) == 200


def test_another_address_on_the_connection(sandbox: Sandbox, line: Line) -> None:
    """Production, test and other sandboxes are realms of their own, and none forgets."""
    production, test = path_of(sandbox), path_of(sandbox, "test")
    elsewhere = PATHS["production"]
    assert line.sign_in(production, "uby-ws000001") == 200
    assert [line.post(test), line.post(elsewhere)] == [401, 401]
    assert line.sign_in(test, "uby-tws00001") == 200
    assert [line.post(production), line.post(test), line.post(elsewhere)] == [200, 200, 401]


def test_another_account_on_the_connection(sandbox: Sandbox, line: Line) -> None:
    """A new handshake puts the old one out of force, even when it fails."""
    path = path_of(sandbox)
    assert line.sign_in(path, "uby-ws000001") == 200
    assert line.sign_in(path, "uby-ws000002") == 200
    assert sandbox.last()["login"] == "uby-ws000002"
    assert line.sign_in(path, "uby-ws000009") == 401
    assert line.post(path) == 401


def test_account_of_another_sandbox(emulator: House, sandbox: Sandbox, line: Line) -> None:
    """The same login with another password elsewhere opens nothing here."""
    own = Account("ubyport", "production", "uby-ws00own1", PASSWORD, "100227887600")
    with emulator.sandboxes.open(sandbox.name) as transaction:
        add_accounts(transaction, [own])
    assert line.sign_in(path_of(sandbox), own.login) == 200
    assert line.sign_in(PATHS["production"], own.login) == 401
    assert line.post(path_of(sandbox)) == 200


def test_account_blocked_while_it_is_signed_in(
    emulator: House, sandbox: Sandbox, line: Line
) -> None:
    """The next request is refused, and a new handshake too, until somebody lifts the block."""
    path = path_of(sandbox)
    assert line.sign_in(path, "uby-ws000001") == 200
    with emulator.sandboxes.open(sandbox.name) as transaction:
        account = find_account(transaction, "ubyport", "production", "uby-ws000001")
        assert account
        block_account(transaction, account)
    assert line.post(path) == 401
    assert line.offers == ["NTLM"]
    assert line.sign_in(path, "uby-ws000001") == 401
    with emulator.sandboxes.open(sandbox.name) as transaction:
        block_account(transaction, account, blocked=False)
    assert line.sign_in(path, "uby-ws000001") == 200
    assert refusals(sandbox) == ["the account is blocked", "the account is blocked"]


def test_account_of_the_production_kind_at_the_test_address(
    emulator: House, sandbox: Sandbox, sign_in: SignIn
) -> None:
    """Accounts issued for the test service in 2026 are called UBY-WS too (reported)."""
    account = Account("ubyport", "test", "uby-ws12cdef", PASSWORD, "2016201258899")
    with emulator.sandboxes.open(sandbox.name) as transaction:
        add_accounts(transaction, [account])
    caller = sign_in("UBY-WS12CDEF", "test")
    assert member(caller.post(filing(guest(), header=TRIAL)), "string") == ";"
    assert sandbox.last()["login"] == "uby-ws12cdef"
