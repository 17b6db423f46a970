"""A server, and a caller that sees every byte. Nothing sleeps: who waits, waits for bytes."""

import socket
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from typing import Any, Self

import pytest

from podatelna.kernel.exchange import PROMPT, Delivery, Request, Response
from podatelna.kernel.server import Server, ServerLimits

PATIENCE = 10
GET = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"
HALF_BODY = b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nab"
SLASH = ("HTTP/1.1 200 OK\r\nContent-Length: 1", b"/")


def get(path: str, *headers: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: h", *headers, "", ""]).encode()


def post(body: bytes, *headers: str) -> bytes:
    length = f"Content-Length: {len(body)}"
    return "\r\n".join(["POST / HTTP/1.1", "Host: h", length, *headers, "", ""]).encode() + body


def echo(request: Request) -> Response:
    return Response(200, request.body or request.path.encode())


class Wire:
    """A caller that sees every byte."""

    def __init__(self, server: Server, *, receive_buffer: int | None = None) -> None:
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(("127.0.0.1", server.port))
        self._received = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def ask(self, request: bytes = GET) -> tuple[str, bytes]:
        self.send(request)
        return self.answer()

    def head(self) -> str:
        while b"\r\n\r\n" not in self._received:
            self._more()
        head, _, self._received = self._received.partition(b"\r\n\r\n")
        return head.decode("latin-1")

    def answer(self) -> tuple[str, bytes]:
        head = self.head()
        length = int(head.lower().partition("content-length: ")[2].partition("\r\n")[0])
        while len(self._received) < length:
            self._more()
        body, self._received = self._received[:length], self._received[length:]
        return head, body

    def rest(self) -> bytes:
        """All until the server closes."""
        while data := self.socket.recv(65536):
            self._received += data
        rest, self._received = self._received, b""
        return rest

    def so_far(self) -> bytes:
        """All that has come and was not asked for."""
        self.socket.setblocking(False)
        with suppress(BlockingIOError):
            self._received += self.socket.recv(65536)
        self.socket.settimeout(PATIENCE)
        return self._received

    def ended(self, within: float) -> bool:
        """Whether the server closes, or sends something, in this time."""
        self.socket.settimeout(within)
        try:
            return self.socket.recv(1) == b""
        except ConnectionError:
            return True
        except TimeoutError:
            return False
        finally:
            self.socket.settimeout(PATIENCE)

    def vanish(self) -> None:
        """Reset the connection."""
        linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.socket.close()

    def _more(self) -> None:
        data = self.socket.recv(65536)
        assert data, f"the server closed after {self._received!r}"
        self._received += data


class Seal:
    """Something to keep in a connection."""


Serve = Callable[..., Server]


def serving(caplog: pytest.LogCaptureFixture) -> Iterator[Serve]:
    """Starts servers, and fails the test if one of them or waitress had anything to complain of."""
    with ExitStack() as running:

        def start(handle: Callable[[Request], Response] = echo, **limits: Any) -> Server:
            return running.enter_context(Server(handle, limits=ServerLimits(**limits)))

        yield start
    assert [record.getMessage() for record in caplog.get_records("call")] == []


BODY = b"0123456789"
DELIVERIES = {
    "/prompt": PROMPT,
    "/delay": Delivery(delay_seconds=0.2),
    "/long": Delivery(delay_seconds=3600),
    "/cut": Delivery(cut_after_bytes=4),
    "/cut-head": Delivery(cut_after_bytes=0),
    "/reset": Delivery(reset=True),
    "/empty": Delivery(empty=True),
    "/drip": Delivery(drip_bytes_per_second=50),
    "/trickle": Delivery(drip_bytes_per_second=1),
    "/cut-drip": Delivery(drip_bytes_per_second=50, cut_after_bytes=7),
}


def troubled(request: Request) -> Response:
    return Response(200, BODY, (("X", "y"),), delivery=DELIVERIES[request.path])


HEAD = b"HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 10\r\n\r\n"
FINE = (HEAD.decode().strip(), BODY)
