"""Every method may have a body, GET and DELETE too, and all of them reach the handler."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from podatelna.kernel.exchange import Request, Response
from podatelna.kernel.journal import exchanges
from podatelna.kernel.server import Server
from tests.kernel.conftest import OpenStore
from tests.kernel.depot import house
from tests.kernel.wire import SLASH, Serve, Wire, serving

serve = pytest.fixture(serving)

BODY = '{"list":"state","uprc":"CZ-0VR","note":"Příliš"}'.encode()
BODIES = (BODY, b"", b"x" * 300_000)


def measured(method: str, body: bytes) -> bytes:
    return f"{method} /x HTTP/1.1\r\nHost: h\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def chunked(method: str, body: bytes) -> bytes:
    head = f"{method} /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    half = len(body) // 2
    parts = [b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:half], body[half:]) if part]
    return b"".join([head, *parts, b"0\r\n\r\n"])


Spell = Callable[[str, bytes], bytes]
SPELLINGS = pytest.mark.parametrize("spell", [measured, chunked])


class Witness:
    """An echo that keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bytes]] = []

    def __call__(self, request: Request) -> Response:
        self.asked.append((request.method, request.body))
        return Response(200, request.body or request.path.encode())


@pytest.fixture
def witness() -> Witness:
    return Witness()


@pytest.fixture
def wire(serve: Serve, witness: Witness) -> Iterator[Wire]:
    with Wire(serve(witness)) as wire:
        yield wire


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "ODD"])
@SPELLINGS
def test_a_body_reaches_the_handler(
    wire: Wire, witness: Witness, method: str, spell: Spell
) -> None:
    for body in BODIES:
        assert wire.ask(spell(method, body))[1] == (body or b"/x")
        assert wire.ask() == SLASH
    assert witness.asked[::2] == [(method, body) for body in BODIES]


@SPELLINGS
def test_a_body_with_head_reaches_the_handler_and_none_comes_back(
    wire: Wire, witness: Witness, spell: Spell
) -> None:
    for body in BODIES:
        wire.send(spell("HEAD", body))
        assert wire.head() == f"HTTP/1.1 200 OK\r\nContent-Length: {len(body) or 2}"
        assert wire.ask() == SLASH
    assert witness.asked[::2] == [("HEAD", body) for body in BODIES]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@SPELLINGS
def test_an_agency_gets_it_and_the_journal_tells(
    papers: Path, open_memory: OpenStore, method: str, spell: Spell
) -> None:
    here = house(open_memory())

    def handle(request: Request) -> Response:
        return here.sandboxes.serve("default", here.agency, request)

    with Server(handle) as server, Wire(server) as wire:
        assert wire.ask(spell(method, BODY))[1] == BODY
    with here.sandboxes.open("default") as transaction:
        [exchange] = exchanges(transaction)
    assert (exchange.method, exchange.target, exchange.request_body) == (method, "/x", BODY)
