"""The NTLM acceptor behind a real socket, called by clients that others wrote."""

import secrets
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from requests_ntlm import HttpNtlmAuth

from podatelna.kernel.auth.ntlm import (
    Authenticated,
    Challenged,
    NtlmOutcome,
    NtlmRealm,
    Refused,
    ntlm_step,
)
from podatelna.kernel.auth.ntlm_messages import NtlmServer

ACCOUNTS = {"ub-test1": "Heslo-123", "ub-test2": "Příliš žluťoučký kůň"}
REALM = NtlmRealm(
    "sandbox/agency",
    # A frozen clock, years away from the one of the clients.
    NtlmServer("EXAMPLE", "WEB1", lambda: datetime(2011, 5, 1, tzinfo=UTC), secrets.token_bytes),
    ACCOUNTS.get,
)


@dataclass(slots=True)
class Site:
    """A server, and what it made of each request: connection, outcome, body."""

    url: str
    seen: list[tuple[int, str, bytes]] = field(default_factory=list)
    connections: int = 0

    def answer(self, connection: int, outcome: NtlmOutcome, body: bytes) -> tuple[int, str, bytes]:
        why = f" {outcome.why}" if isinstance(outcome, Refused) else ""
        self.seen.append((connection, type(outcome).__name__ + why, body))
        if isinstance(outcome, Authenticated):
            return 200, "", f"{outcome.domain}/{outcome.login}".encode()
        return 401, f"NTLM {outcome.token}" if isinstance(outcome, Challenged) else "NTLM", b""


@pytest.fixture
def site() -> Iterator[Site]:
    found = Site("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def setup(self) -> None:
            super().setup()
            found.connections += 1
            self.number = found.connections
            self.memory: dict[object, object] = {}

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            outcome = ntlm_step(REALM, self.headers.get("Authorization"), self.memory)
            status, offer, answer = found.answer(self.number, outcome, body)
            self.send_response(status)
            if offer:
                self.send_header("WWW-Authenticate", offer)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = False

    with Server(("127.0.0.1", 0), Handler) as server:
        found.url = f"http://127.0.0.1:{server.server_port}/"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield found
        server.shutdown()
        thread.join()


def post(session: requests.Session, site: Site, body: bytes) -> tuple[int, bytes]:
    response = session.post(site.url, data=body, timeout=10)
    return response.status_code, response.content


def session_of(user: str, password: str) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.auth = HttpNtlmAuth(user, password)
    return session


@pytest.mark.parametrize("login", sorted(ACCOUNTS))
def test_requests_ntlm_signs_in_once_for_each_connection(site: Site, login: str) -> None:
    with session_of(f"EXAMPLE\\{login.upper()}", ACCOUNTS[login]) as session:
        answers = [post(session, site, b"first"), post(session, site, b"second")]
    assert answers == [(200, f"EXAMPLE/{login}".encode())] * 2
    assert site.seen == [
        (1, "Unauthenticated", b"first"),
        (1, "Challenged", b"first"),
        (1, "Authenticated", b"first"),
        (1, "Authenticated", b"second"),
    ]


def test_requests_ntlm_with_a_wrong_password(site: Site) -> None:
    with session_of(r"EXAMPLE\ub-test1", "Heslo-124") as session:
        assert post(session, site, b"x") == (401, b"")
    assert site.seen == [
        (1, "Unauthenticated", b"x"),
        (1, "Challenged", b"x"),
        (1, "Refused wrong_password", b"x"),
    ]


def test_basic_is_refused(site: Site) -> None:
    with session_of("", "") as session:
        session.auth = ("ub-test1", "Heslo-123")
        assert post(session, site, b"x") == (401, b"")
    assert site.seen == [(1, "Refused other_scheme", b"x")]


def test_sessions_side_by_side(site: Site) -> None:
    with (
        session_of(r"EXAMPLE\ub-test1", ACCOUNTS["ub-test1"]) as one,
        session_of(r"EXAMPLE\ub-test2", ACCOUNTS["ub-test2"]) as two,
    ):
        answers = [post(session, site, b"x") for session in (one, two, one, two)]
    assert answers == [(200, b"EXAMPLE/ub-test1"), (200, b"EXAMPLE/ub-test2")] * 2
    assert [entry[:2] for entry in site.seen] == [
        (1, "Unauthenticated"),
        (1, "Challenged"),
        (1, "Authenticated"),
        (2, "Unauthenticated"),
        (2, "Challenged"),
        (2, "Authenticated"),
        (1, "Authenticated"),
        (2, "Authenticated"),
    ]


def curl_speaks_ntlm() -> bool:
    curl = shutil.which("curl")
    return curl is not None and " NTLM" in subprocess.check_output([curl, "-V"], text=True)


@pytest.mark.skipif(not curl_speaks_ntlm(), reason="no curl with NTLM here")
@pytest.mark.parametrize(
    ("credentials", "answer", "outcomes"),
    [
        (
            r"EXAMPLE\ub-test1:Heslo-123",
            "EXAMPLE/ub-test1 200\nEXAMPLE/ub-test1 200\n",
            ["Challenged", "Authenticated", "Authenticated"],
        ),
        (
            "ub-test1@example:Heslo-123",
            "example/ub-test1 200\nexample/ub-test1 200\n",
            ["Challenged", "Authenticated", "Authenticated"],
        ),
        (
            "UB-TEST1:Heslo-123",
            "/ub-test1 200\n/ub-test1 200\n",
            ["Challenged", "Authenticated", "Authenticated"],
        ),
        (
            r"EXAMPLE\ub-test1:Heslo-124",
            " 401\n 401\n",
            ["Challenged", "Refused wrong_password"] * 2,
        ),
        (
            r"ELSEWHERE\ub-test1:Heslo-123",
            " 401\n 401\n",
            ["Challenged", "Refused unknown_domain"] * 2,
        ),
    ],
)
def test_curl(site: Site, credentials: str, answer: str, outcomes: list[str]) -> None:
    quietly = ["curl", "-q", "-s", "--noproxy", "*", "--max-time", "10", "-w", " %{http_code}\\n"]
    printed = subprocess.check_output(
        [*quietly, "--ntlm", "-u", credentials, "-d", "body", site.url, site.url], text=True
    )
    assert printed == answer
    assert [outcome for _, outcome, _ in site.seen] == outcomes
    if "Authenticated" in outcomes:
        assert site.seen[1:] == [(1, "Authenticated", b"body")] * 2
