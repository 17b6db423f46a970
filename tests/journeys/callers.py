"""Callers that sign in by a real handshake: on a house without sockets, and on a raw socket."""

import json
import logging
import socket
import struct
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self
from urllib.parse import urlsplit

import spnego

from podatelna.kernel.exchange import Connection, Request, Response
from tests.journeys.messages import CONTENT_TYPE, PRODUCTION, action

PATIENCE = 30
"""Seconds. Nothing here takes long: who waits that long waits for ever."""
LOGIN, PASSWORD, DOMAIN = "uby-ws000001", "Heslo-1234", "EXRESORTMV"
ADMIN = "/_podatelna"
DEFAULT = f"{ADMIN}/sandboxes/default"

Handle = Callable[[Request], Response]


class Ntlm:
    """The client's half of a handshake, as the values of Authorization headers."""

    def __init__(self, login: str = LOGIN, password: str = PASSWORD) -> None:
        self._context = spnego.client(f"{DOMAIN}\\{login}", password, protocol="ntlm")

    def hello(self) -> str:
        return self._header(None)

    def proof(self, challenge: str) -> str:
        scheme, _, token = challenge.partition(" ")
        assert scheme == "NTLM"
        return self._header(b64decode(token))

    def _header(self, token: bytes | None) -> str:
        return f"NTLM {b64encode(self._context.step(token) or b'').decode()}"


class Caller:
    """One connection to a house."""

    def __init__(self, handle: Handle, path: str = PRODUCTION, login: str = LOGIN) -> None:
        self._handle = handle
        self._path = path
        self._login = login
        self.connection = Connection()

    def ask(self, method: str, headers: Mapping[str, str], body: bytes = b"") -> Response:
        path, _, query = self._path.partition("?")
        given = {"host": "ubyport.example"} | dict(headers)
        return self._handle(Request(method, path, query, given, body, connection=self.connection))

    def post(self, operation: str, message: bytes) -> Response:
        return self.ask("POST", soap_headers(operation), message)

    def sign_in(self) -> Self:
        ntlm = Ntlm(self._login)
        first = self.ask("GET", {"authorization": ntlm.hello()})
        assert first.status == 401
        challenge = dict(first.headers)["WWW-Authenticate"]
        assert self.ask("GET", {"authorization": ntlm.proof(challenge)}).status == 200
        return self


def soap_headers(operation: str) -> dict[str, str]:
    return {"content-type": CONTENT_TYPE, "soapaction": action(operation)}


def administer(handle: Handle, method: str, path: str, value: object = None) -> Any:
    """An admin call that must succeed; returns its JSON."""
    body = b"" if value is None else json.dumps(value).encode()
    path, _, query = path.partition("?")
    answer = handle(Request(method, path, query, {"host": "localhost"}, body))
    assert 200 <= answer.status < 300, answer
    return json.loads(answer.body) if answer.body else None


class Wire:
    """A caller that sees every byte. Answers are status, headers in lower case, body."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        assert address.hostname
        assert address.port
        self.socket = socket.create_connection((address.hostname, address.port), PATIENCE)
        self._received = b""
        self.was_reset = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def ask(self, data: bytes) -> tuple[int, dict[str, str], bytes]:
        self.send(data)
        return self.answer()

    def head(self) -> tuple[int, dict[str, str]]:
        while b"\r\n\r\n" not in self._received:
            self._more()
        head, _, self._received = self._received.partition(b"\r\n\r\n")
        line, *fields = head.decode("latin-1").split("\r\n")
        pairs = (field.partition(": ") for field in fields)
        return int(line.split(" ")[1]), {name.lower(): value for name, _, value in pairs}

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        status, headers = self.head()
        length = int(headers["content-length"])
        while len(self._received) < length:
            self._more()
        body, self._received = self._received[:length], self._received[length:]
        return status, headers, body

    def rest(self) -> bytes:
        """All until the server closes the connection, or resets it: then `was_reset` says so."""
        try:
            while data := self.socket.recv(65536):
                self._received += data
        except ConnectionResetError:
            self.was_reset = True
        rest, self._received = self._received, b""
        return rest

    def vanish(self) -> None:
        """Reset the connection instead of closing it."""
        linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.socket.close()

    def sign_in(self, path: str = PRODUCTION, login: str = LOGIN, password: str = PASSWORD) -> int:
        """The status of the answer to the proof."""
        ntlm = Ntlm(login, password)
        status, headers, _ = self.ask(get(path, f"Authorization: {ntlm.hello()}"))
        assert status == 401
        proof = ntlm.proof(headers["www-authenticate"])
        return self.ask(get(path, f"Authorization: {proof}"))[0]

    def _more(self) -> None:
        data = self.socket.recv(65536)
        assert data, f"the server closed after {self._received!r}"
        self._received += data


def get(path: str, *headers: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: h", *headers, "", ""]).encode("latin-1")


def post(operation: str, message: bytes, *headers: str, path: str = PRODUCTION) -> bytes:
    """A call as it should be; `headers` come on top."""
    lines = [f"POST {path} HTTP/1.1", "Host: h", f"Content-Length: {len(message)}", *headers]
    lines += [f"Content-Type: {CONTENT_TYPE}", f"SOAPAction: {action(operation)}", "", ""]
    return "\r\n".join(lines).encode() + message


@contextmanager
def no_complaints() -> Iterator[None]:
    """Fail if podatelna or waitress had anything to complain of."""
    heard: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(self.format(record))

    listener = Listener(logging.WARNING)
    loggers = [logging.getLogger(name) for name in ("podatelna", "waitress")]
    for logger in loggers:
        logger.addHandler(listener)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(listener)
    assert heard == []
