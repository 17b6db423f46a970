"""A small load generator: keep-alive connections that ask again as soon as they are answered."""

import selectors
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from statistics import quantiles
from time import perf_counter

LEAST_REQUESTS = 2
MOST_REQUESTS = 1_000_000
PATIENCE_SECONDS = 30

Source = bytes | Callable[[int], bytes]
"""A whole request, head and body; or what makes the n-th one, counted from 0 on all connections."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    head: bytes
    body: bytes


Ask = Callable[[bytes], Reply]
Preamble = Callable[[Ask], None]
"""Talks on a new connection before it is measured, for example to sign it in."""


@dataclass(frozen=True, slots=True)
class Result:
    """`rps`: answers a second; p50 and p99: from sending a request to having its whole answer."""

    requests: int
    rps: float
    p50_ms: float
    p99_ms: float


class BadReplyError(Exception):
    """An answer of another status than is expected, or none."""


class Caller:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._asked_at = 0.0
        self._received = b""

    def send(self, request: bytes) -> None:
        self._asked_at = perf_counter()
        self.socket.sendall(request)

    def receive(self) -> Reply | None:
        """Read once; None if the answer is not complete yet."""
        data = self.socket.recv(256 * 1024)
        if not data:
            raise BadReplyError(f"the server hung up after {self._received[:200]!r}")
        self._received += data
        head, gap, body = self._received.partition(b"\r\n\r\n")
        if not gap or len(body) < _content_length(head):
            return None
        self._received = b""
        return Reply(int(head[9:12]), head, body)

    def ask(self, request: bytes) -> Reply:
        self.send(request)
        while (reply := self.receive()) is None:
            pass
        return reply

    def waited(self) -> float:
        return perf_counter() - self._asked_at


def _content_length(head: bytes) -> int:
    return int(head.lower().partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0])


@dataclass(frozen=True, slots=True)
class Load:
    """How much is asked: on so many connections, until the time is up or `most` are answered."""

    connections: int = 8
    seconds: float = 5.0
    most: int = MOST_REQUESTS
    status: int = 200
    """What every answer must have: figures of a failing server mean nothing."""


def drive(
    port: int, request: Source, load: Load | None = None, preamble: Preamble | None = None
) -> Result:
    """Ask 127.0.0.1:port; at least LEAST_REQUESTS are answered.

    Every answer must have a Content-Length and the status that is expected; else BadReplyError.
    """
    load = load or Load()
    callers = [Caller(port) for _ in range(load.connections)]
    try:
        if preamble is not None:
            for caller in callers:
                preamble(caller.ask)
        return _measure(callers, _requests(request), load)
    finally:
        for caller in callers:
            caller.socket.close()


def _requests(source: Source) -> Iterator[bytes]:
    return (source(number) if callable(source) else source for number in count())


def _measure(callers: list[Caller], requests: Iterator[bytes], load: Load) -> Result:
    waits: list[float] = []
    with selectors.DefaultSelector() as selector:
        for caller in callers:
            selector.register(caller.socket, selectors.EVENT_READ, caller)
            caller.send(next(requests))
        started = perf_counter()
        while len(waits) < LEAST_REQUESTS or _goes_on(waits, started, load):
            ready = selector.select(PATIENCE_SECONDS)
            if not ready:
                raise BadReplyError(f"no answer within {PATIENCE_SECONDS} s")
            for key, _ in ready:
                _go_on(key.data, requests, waits, load.status)
        took = perf_counter() - started
    for caller in callers:  # what is under way would cost what is measured next
        while caller.receive() is None:
            pass
    cuts = quantiles(waits, n=100)
    return Result(len(waits), len(waits) / took, cuts[49] * 1000, cuts[98] * 1000)


def _goes_on(waits: list[float], started: float, load: Load) -> bool:
    return perf_counter() < started + load.seconds and len(waits) < load.most


def _go_on(caller: Caller, requests: Iterator[bytes], waits: list[float], status: int) -> None:
    reply = caller.receive()
    if reply is None:
        return
    if reply.status != status:
        raise BadReplyError(f"{reply.head!r} {reply.body[:200]!r}")
    waits.append(caller.waited())
    caller.send(next(requests))
