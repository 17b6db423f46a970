"""How requests arrive: 100-continue, chunks and limits, and callers that keep others waiting."""

import threading
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

import pytest

from podatelna.kernel.exchange import Request, Response
from tests.kernel.wire import (
    GET,
    HALF_BODY,
    PATIENCE,
    SLASH,
    Seal,
    Serve,
    Wire,
    echo,
    get,
    post,
    serving,
)

serve = pytest.fixture(serving)


def test_a_caller_that_waits_for_100_gets_it_before_its_body_is_sent(serve: Serve) -> None:
    whole = post(b"abc", "Expect: 100-continue")
    with Wire(serve()) as wire:
        for _ in range(2):
            wire.send(whole[:-3])
            assert wire.head() == "HTTP/1.1 100 Continue"
            assert wire.ask(whole[-3:]) == ("HTTP/1.1 200 OK\r\nContent-Length: 3", b"abc")


def test_a_100_waits_its_turn_behind_an_unfinished_answer(serve: Serve) -> None:
    whole = post(b"abc", "Expect: 100-continue")
    with Wire(serve()) as wire:
        wire.send(get("/first") + whole[:-3])
        assert wire.answer()[1] == b"/first"
        assert wire.head() == "HTTP/1.1 100 Continue"
        assert wire.ask(whole[-3:])[1] == b"abc"


def test_expecting_100_without_a_body_is_just_a_request(serve: Serve) -> None:
    with Wire(serve()) as wire:
        assert wire.ask(get("/", "Expect: 100-continue")) == SLASH


def test_chunks_arrive_as_one_body(serve: Serve) -> None:
    with Wire(serve()) as wire:
        wire.send(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n")
        assert wire.head() == "HTTP/1.1 100 Continue"
        assert wire.ask(b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n")[1] == b"abcde"
        assert wire.ask() == SLASH


TOO_LARGE = (
    b"HTTP/1.1 413 Request Entity Too Large\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Connection: close\r\nContent-Length: 52\r\n\r\n"
    b"The request's body is over the limit of 1000 bytes.\n"
)


@pytest.mark.parametrize(
    "request_bytes",
    [
        post(b"x" * 1001),
        b"POST / HTTP/1.1\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n"
        + b"x" * 1000
        + b"\r\n1\r\n",
        post(b"x" * 20_000_000),
        post(GET * 100),
    ],
    ids=["length", "expect", "chunks", "all of it", "requests"],
)
def test_a_body_over_the_limit_is_refused_without_waiting_for_it(
    serve: Serve, request_bytes: bytes
) -> None:
    server = serve(body_bytes=1000)
    with Wire(server) as wire, Wire(server) as other:
        assert other.ask(post(b"x" * 1000))[1] == b"x" * 1000
        wire.send(request_bytes)
        assert wire.rest() == TOO_LARGE
        assert other.ask() == SLASH


def test_a_head_of_64_kilobytes_fits_and_no_more(serve: Serve) -> None:
    server = serve()
    fits = get("/", "Authorization: Negotiate ")
    fits = fits.replace(b"Negotiate ", b"Negotiate " + b"A" * (64 * 1024 - len(fits)))
    with Wire(server) as wire:
        assert wire.ask(fits) == SLASH
        wire.send(fits.replace(b"AAAA", b"AAAAA", 1))
        assert wire.rest() == (
            b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
            b"Content-Type: text/plain; charset=utf-8\r\nConnection: close\r\n"
            b"Content-Length: 53\r\n\r\nThe request's head is over the limit of 65536 bytes.\n"
        )


def test_a_malformed_head_is_refused_in_plain_words(serve: Serve) -> None:
    server = serve()
    with Wire(server) as wire, Wire(server) as other:
        wire.send(b"GET / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n" + GET)
        assert wire.rest() == (
            b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
            b"Connection: close\r\nContent-Length: 26\r\n\r\nThe request is malformed.\n"
        )
        assert other.ask() == SLASH


def test_large_bodies_go_both_ways(serve: Serve) -> None:
    body = bytes(range(256)) * 40_000
    server = serve()
    with Wire(server) as wire, Wire(server) as other:
        with ThreadPoolExecutor(1) as pool:
            sent = pool.submit(wire.send, post(body) + GET)
            assert other.ask() == SLASH
            head, answer = wire.answer()
            sent.result()
        assert (head, answer == body) == (f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}", True)
        assert wire.answer() == SLASH


def test_silent_callers_are_let_go_while_others_are_served(serve: Serve) -> None:
    server = serve(channel_timeout=1)
    with ExitStack() as stack:
        *silent, other = (stack.enter_context(Wire(server)) for _ in range(5))
        for wire, sent in zip(silent, (b"", b"GET / HT", HALF_BODY, GET), strict=True):
            wire.send(sent)
        assert silent[-1].answer() == SLASH
        _wait_for_end(*silent, meanwhile=lambda: other.ask() == SLASH)


def test_dribbling_callers_are_let_go_while_others_are_served(serve: Serve) -> None:
    server = serve(channel_timeout=1)

    def dribble() -> bool:
        for wire in (head, body):
            with suppress(ConnectionError):
                wire.send(b"a")
        return other.ask() == SLASH

    with Wire(server) as head, Wire(server) as body, Wire(server) as other:
        head.send(b"GET /")
        body.send(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nFFF\r\n")
        _wait_for_end(head, body, meanwhile=dribble)


def _wait_for_end(*wires: Wire, meanwhile: Callable[[], bool]) -> None:
    for wire in wires:
        rounds = 0
        while not wire.ended(within=0.02):
            assert meanwhile()
            assert (rounds := rounds + 1) < 500
    assert meanwhile()


def test_a_caller_that_does_not_take_its_answer_is_let_go(serve: Serve) -> None:
    body = b"x" * 30_000_000
    let_go = threading.Event()

    def handle(request: Request) -> Response:
        if request.path == "/big":
            _seal(request, let_go)
        return Response(200, body if request.path == "/big" else b"/")

    server = serve(handle, channel_timeout=1)
    with Wire(server, receive_buffer=4096) as stalled:
        stalled.send(get("/big"))
        assert let_go.wait(PATIENCE)
        got = 0
        with suppress(ConnectionError):
            while data := stalled.socket.recv(1_000_000):
                got += len(data)
        assert 0 < got < len(body)
    with Wire(server) as other:
        assert other.ask() == SLASH


def test_a_caller_whose_request_takes_long_is_not_let_go(serve: Serve) -> None:
    let_go = threading.Event()

    def handle(request: Request) -> Response:
        if request.path == "/long":
            assert let_go.wait(PATIENCE)
        else:
            _seal(request, let_go)
        return echo(request)

    server = serve(handle, channel_timeout=1)
    with Wire(server) as patient, Wire(server) as idle:
        patient.send(get("/long"))
        assert idle.ask() == SLASH
        assert patient.answer()[1] == b"/long"
        assert idle.rest() == b""


def test_a_caller_that_sends_steadily_is_not_let_go(serve: Serve) -> None:
    server = serve(channel_timeout=1)
    piece = b"3e8\r\n" + b"x" * 1000 + b"\r\n"
    sent = 0

    def send_on() -> bool:
        nonlocal sent
        busy.send(piece)
        sent += 1
        return True

    with Wire(server) as busy, Wire(server) as idle:
        busy.send(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
        idle.send(b"GET /")
        _wait_for_end(idle, meanwhile=send_on)
        assert busy.ask(b"0\r\n\r\n")[1] == b"x" * 1000 * sent


def _seal(request: Request, broken: threading.Event) -> None:
    """Have the event set when the server drops the connection."""
    request.connection.memory["seal"] = seal = Seal()
    weakref.finalize(seal, broken.set)


def test_a_slow_reader_gets_all(serve: Serve) -> None:
    body = bytes(range(256)) * 40_000
    server = serve(lambda request: Response(200, body if request.path == "/big" else b"/"))
    with Wire(server, receive_buffer=65536) as slow, Wire(server) as other:
        slow.send(get("/big") + get("/big"))
        assert other.ask() == SLASH
        assert [slow.answer()[1] == body for _ in range(2)] == [True, True]


def test_connections_over_the_limit_wait_for_a_place(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    server = serve(connections=2)
    with Wire(server) as first, Wire(server) as second:
        assert [first.ask(), second.ask()] == [SLASH, SLASH]
        with Wire(server) as third:
            third.send(GET)
            assert not third.ended(within=0.1)
            first.socket.close()
            assert third.answer() == SLASH
    caplog.clear()
