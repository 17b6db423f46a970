"""A server on 127.0.0.1 that plays a script, and keeps what it was sent."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from xml.sax.saxutils import escape

import pytest
import requests

from podatelna_client.ubyport import UbyportClient
from tests.clients.ams import Ams
from tests.clients.epo import Epo


@dataclass(frozen=True)
class Answer:
    """One scripted answer. A cut closes the connection after that many bytes of the body."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/xml; charset=utf-8"),)
    reason: str | None = None
    cut: int | None = None
    nothing: bool = False
    """Close without a byte."""
    never: bool = False
    """Keep the caller waiting until the server stops."""


@dataclass(frozen=True)
class Received:
    """One request as it came; header names in lower case."""

    connection: int
    path: str
    headers: dict[str, str]
    body: bytes
    method: str = "POST"


def enveloped(payload: str) -> bytes:
    """A SOAP 1.1 message around the payload."""
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        f"{payload}</s:Body></s:Envelope>"
    ).encode()


Gate = Callable[[Received, dict[str, Any]], Answer | None]


@dataclass
class ScriptedServer:
    """Answers in the order of the script; `gate` may answer first and so protect it."""

    url: str
    script: deque[Answer] = field(default_factory=deque)
    received: list[Received] = field(default_factory=list)
    gate: Gate = lambda request, memory: None
    stopping: threading.Event = field(default_factory=threading.Event)
    numbers: Iterator[int] = field(default_factory=count)

    def play(self, body: bytes = b"", **answer: Any) -> None:
        """Add one answer; the further arguments are those of Answer."""
        self.script.append(Answer(body=body, **answer))

    @staticmethod
    def answer(**answer: Any) -> Answer:
        """An answer for a gate to give."""
        return Answer(**answer)

    def play_result(self, operation: str, result: str, **answer: Any) -> None:
        """Add an answer as WCF writes it: one line, no declaration, prefixes s, a, b and i."""
        payload = (
            f'<{operation}Response xmlns="http://UBY.pcr.cz/WS_UBY">'
            f'<{operation}Result xmlns:a="http://schemas.datacontract.org/2004/07/WS_UBY" '
            f'xmlns:i="http://www.w3.org/2001/XMLSchema-instance">{result}</{operation}Result>'
            f"</{operation}Response>"
        )
        self.play(enveloped(payload), **answer)

    def play_filing(self, *records: str, header: str = "", more: str = "", **answer: Any) -> None:
        """Add the answer to a filing: one string for each record, and any further members."""
        strings = "".join(f"<b:string>{record}</b:string>" for record in records)
        self.play_result(
            "ZapisUbytovane",
            f"<a:ChybyHlavicky>{header}</a:ChybyHlavicky>"
            '<a:ChybyZaznamu xmlns:b="http://schemas.microsoft.com/2003/10/Serialization/Arrays">'
            f"{strings}</a:ChybyZaznamu>{more}",
            **answer,
        )

    def play_fault(self, code: str, text: str, status: int = 500) -> None:
        """Add a SOAP fault; the text is escaped here."""
        self.play(
            enveloped(
                f'<s:Fault><faultcode xmlns:a="urn:a">{code}</faultcode>'
                f'<faultstring xml:lang="cs-CZ">{escape(text)}</faultstring></s:Fault>'
            ),
            status=status,
        )

    def bodies(self) -> list[bytes]:
        return [request.body for request in self.received]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    scripted: ScriptedServer

    def setup(self) -> None:
        super().setup()
        self.memory: dict[str, Any] = {}
        self.number = next(self.scripted.numbers)

    def do_POST(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        request = Received(self.number, self.path, headers, body, self.command)
        self.scripted.received.append(request)
        answer = self.scripted.gate(request, self.memory) or self._next()
        if answer.never:
            self.scripted.stopping.wait()
        if answer.never or answer.nothing:
            self.close_connection = True
            return
        self._send(answer)

    do_GET = do_PUT = do_DELETE = do_POST  # noqa: N815 - the library calls them by these names

    def _next(self) -> Answer:
        # A status that no client of this project knows: the script was too short for the test.
        return self.scripted.script.popleft() if self.scripted.script else Answer(599)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status, answer.reason)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body[: answer.cut])
        if answer.cut is not None:
            self.close_connection = True

    def log_message(self, *arguments: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *arguments: object) -> None:
        """Clients that hang up are part of the play."""


@pytest.fixture
def listener() -> Iterator[_Server]:
    """The bare server, bound but not yet serving."""
    with _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {})) as server:
        yield server


@pytest.fixture
def unsigned() -> Iterator[requests.Session]:
    """A session that signs nothing, so that one message is one request."""
    with requests.Session() as session:
        session.trust_env = False
        session.auth = lambda request: request
        yield session


@pytest.fixture
def client(server: ScriptedServer, unsigned: requests.Session) -> Iterator[UbyportClient]:
    """The client under test, without NTLM."""
    with UbyportClient(server.url, "uby-tws1ab45", "Heslo123", session=unsigned) as client:
        yield client


@pytest.fixture
def server(listener: _Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedServer]:
    """A running scripted server. At the end every scripted answer must have been asked for."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    scripted = ScriptedServer(f"http://127.0.0.1:{listener.server_port}/ws_uby_test/ws_uby.svc")
    listener.RequestHandlerClass.scripted = scripted
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield scripted
    scripted.stopping.set()
    listener.shutdown()
    thread.join()
    assert not scripted.script, "answers that nobody asked for"


@pytest.fixture
def ams(server: ScriptedServer) -> Iterator[Ams]:
    """The scripted server as the test environment of the AMS."""
    with Ams(server) as played:
        yield played


@pytest.fixture
def epo(server: ScriptedServer) -> Iterator[Epo]:
    """The scripted server as the gateway of the ministry."""
    with Epo(server) as played:
        yield played
