"""Trouble as the caller meets it; others must not notice."""

import threading
from collections.abc import Callable

import pytest

from podatelna.kernel.exchange import PROMPT, Delivery, Request, Response
from tests.kernel.wire import (
    BODY,
    FINE,
    GET,
    HEAD,
    PATIENCE,
    SLASH,
    Serve,
    Wire,
    get,
    serving,
    troubled,
)

serve = pytest.fixture(serving)


@pytest.mark.parametrize(
    ("path", "received"),
    [
        ("/cut", HEAD + b"0123"),
        ("/cut-head", HEAD),
        ("/empty", b""),
        ("/cut-drip", HEAD + b"0123456"),
    ],
)
def test_a_broken_answer_ends_its_connection_and_no_other(
    serve: Serve, path: str, received: bytes
) -> None:
    server = serve(troubled)
    with Wire(server) as other, Wire(server) as wire:
        assert [other.ask(get("/prompt")), wire.ask(get("/prompt"))] == [FINE, FINE]
        wire.send(get(path) + get("/prompt"))
        assert wire.rest() == received
        assert other.ask(get("/prompt")) == FINE
    with Wire(server) as wire:
        assert wire.ask(get("/prompt")) == FINE


def test_a_reset_is_a_reset(serve: Serve) -> None:
    server = serve(troubled)
    with Wire(server) as other, Wire(server) as wire:
        assert [other.ask(get("/prompt")), wire.ask(get("/prompt"))] == [FINE, FINE]
        wire.send(get("/reset"))
        with pytest.raises(ConnectionResetError):
            wire.rest()
        assert other.ask(get("/prompt")) == FINE
    with Wire(server) as wire:
        assert wire.ask(get("/prompt")) == FINE


def test_a_delayed_answer_holds_nobody_up(serve: Serve) -> None:
    server = serve(troubled, threads=1)
    with Wire(server) as other, Wire(server) as wire, Wire(server) as long:
        long.send(get("/long"))
        wire.send(get("/delay"))
        assert other.ask(get("/prompt")) == FINE
        assert wire.answer() == FINE
        assert wire.ask(get("/prompt")) == FINE
        assert long.so_far() == b""


def test_a_dripping_answer_comes_byte_by_byte_and_holds_nobody_up(serve: Serve) -> None:
    server = serve(troubled, threads=1)
    with Wire(server) as other, Wire(server) as wire, Wire(server) as slow:
        wire.send(get("/drip"))
        slow.send(get("/trickle"))
        assert slow.head() == FINE[0]
        assert other.ask(get("/prompt")) == FINE
        assert wire.answer() == FINE
        assert wire.ask(get("/prompt")) == FINE
        assert BODY.startswith(slow.so_far())
        assert slow.so_far() != BODY


@pytest.mark.parametrize("path", ["/prompt", "/delay", "/drip", "/cut", "/reset", "/empty"])
@pytest.mark.parametrize("leave", [Wire.vanish, Wire.__exit__], ids=["reset", "closed"])
def test_a_vanished_caller_harms_nobody(
    serve: Serve, path: str, leave: Callable[[Wire], None]
) -> None:
    gone, done = threading.Event(), threading.Semaphore(0)

    def handle(request: Request) -> Response:
        if request.path != "/prompt" or "late" in request.query:
            assert gone.wait(PATIENCE)
            done.release()
        return troubled(request)

    server = serve(handle)
    with Wire(server) as other:
        wires = [Wire(server) for _ in range(5)]
        for wire in wires:
            wire.send(get(f"{path}?late") * 3)
            leave(wire)
        assert other.ask(get("/prompt")) == FINE
        gone.set()
        assert other.ask(get("/prompt")) == FINE
    # Those that only closed may be half-closed for all the server knows, so it answers them.
    if leave is Wire.__exit__:
        assert all(done.acquire(timeout=PATIENCE) for _ in wires)


def test_an_idle_connection_is_kept_as_long_as_the_last_answer_says(serve: Serve) -> None:
    def handle(request: Request) -> Response:
        brief = Delivery(keep_alive_seconds=1)
        return Response(200, b"/", delivery=brief if request.path == "/brief" else PROMPT)

    server = serve(handle)
    with Wire(server) as other, Wire(server) as again, Wire(server) as half, Wire(server) as idle:
        for wire in (other, again, half, idle):
            assert wire.ask(GET if wire is other else get("/brief")) == SLASH
        assert again.ask() == SLASH
        half.send(GET[:9])
        assert idle.rest() == b""
        # One never was told, one was told otherwise since, and one has begun to ask.
        half.send(GET[9:])
        assert half.answer() == SLASH
        assert [other.ask(), again.ask()] == [SLASH, SLASH]


def test_the_server_keeps_no_connection_longer_than_its_limits_allow(serve: Serve) -> None:
    long = Delivery(keep_alive_seconds=3600)
    server = serve(lambda _: Response(200, b"/", delivery=long), channel_timeout=1)
    with Wire(server) as wire:
        assert wire.ask() == SLASH
        assert wire.rest() == b""


def test_a_slow_taker_of_an_answer_is_not_idle(serve: Serve) -> None:
    body = b"x" * 30_000_000
    brief = Delivery(keep_alive_seconds=0)
    server = serve(lambda _: Response(200, body, delivery=brief))
    with Wire(server, receive_buffer=65536) as slow, Wire(server) as quick:
        slow.send(GET)
        slow.head()
        assert quick.ask()[1] == body
        assert quick.rest() == b""
        assert len(slow.rest()) == len(body)


def test_a_caller_that_vanishes_from_a_large_answer_harms_nobody(serve: Serve) -> None:
    body = b"x" * 30_000_000
    server = serve(lambda request: Response(200, body if request.path == "/big" else b"/"))
    with Wire(server) as other:
        for _ in range(3):
            wire = Wire(server, receive_buffer=4096)
            wire.send(get("/big"))
            wire.head()
            wire.vanish()
            assert other.ask() == SLASH
