"""Bodies of the size of a memory, sent to a server in a process of its own."""

from contextlib import suppress

from tests.journeys.callers import Wire, post
from tests.journeys.messages import PRODUCTION, call
from tests.journeys.processes import ServerProcess

AVAILABLE = post("TestDostupnosti", call("TestDostupnosti"))
MEGABYTE = 2**20
LIMIT = 96 * MEGABYTE
"""Of bodies, by the server; the agency's own limit is far lower."""


def test_huge_bodies_do_not_fill_the_memory() -> None:
    """What is under the limit is held, twice for a moment, and let go of; the rest is not held."""
    with ServerProcess() as server, Wire(server.url) as other:
        assert other.sign_in() == 200
        before = server.peak_memory()
        for send in (_declared, _chunked):
            for length, status in ((LIMIT, 401), (LIMIT, 401), (LIMIT + 1, 413), (10**12, 413)):
                with Wire(server.url) as wire:
                    send(wire, length)
                    assert wire.answer()[0] == status
                assert other.ask(AVAILABLE)[0] == 200
        assert server.peak_memory() - before < 2.5 * LIMIT


def _declared(wire: Wire, length: int) -> None:
    wire.send(_head(f"Content-Length: {length}"))
    _pour(wire, length, b"x" * MEGABYTE)


def _chunked(wire: Wire, length: int) -> None:
    wire.send(_head("Transfer-Encoding: chunked"))
    _pour(wire, length, b"100000\r\n" + b"x" * MEGABYTE + b"\r\n")
    with suppress(ConnectionError):
        rest = length % MEGABYTE
        wire.send(b"%x\r\n%s\r\n" % (rest, b"x" * rest) * bool(rest) + b"0\r\n\r\n")


def _head(framing: str) -> bytes:
    return f"POST {PRODUCTION} HTTP/1.1\r\nHost: h\r\n{framing}\r\n\r\n".encode()


def _pour(wire: Wire, length: int, piece: bytes) -> None:
    """Send whole pieces, but not many more than anybody would take."""
    with suppress(ConnectionError):
        for _ in range(min(length // MEGABYTE, 2 * LIMIT // MEGABYTE)):
            wire.send(piece)
