"""The server over real sockets: requests, bodies, and what handlers do."""

import socket
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from podatelna.kernel.exchange import Request, Response
from tests.kernel.wire import GET, PATIENCE, SLASH, Seal, Serve, Wire, echo, get, post, serving

serve = pytest.fixture(serving)


def test_the_handler_is_given_the_request_as_it_came(serve: Serve) -> None:
    seen: list[Request] = []

    def handle(request: Request) -> Response:
        seen.append(request)
        return Response(200)

    with Wire(serve(handle)) as wire:
        wire.ask(b"PUT /%C4%8D%2f?a=%20&b HTTP/1.1\r\nHOST: h\r\nSOAPAction: \"x\"\r\n"
                 b"X_Under: 1\r\nContent-Length: 3\r\n\r\n\x00\r\n")  # fmt: skip
    (request,) = seen
    assert request == Request(
        method="PUT",
        path="/%C4%8D%2f",
        query="a=%20&b",
        headers={"host": "h", "soapaction": '"x"', "x_under": "1", "content-length": "3"},
        body=b"\x00\r\n",
        peer="127.0.0.1",
        connection=request.connection,
    )
    assert type(request.body) is bytes
    assert request.connection.number == 1


def test_a_connection_is_one_object_for_all_its_requests_and_goes_with_it(serve: Serve) -> None:
    dropped = threading.Event()

    def handle(request: Request) -> Response:
        memory = request.connection.memory
        if "seal" not in memory:
            memory["seal"] = seal = Seal()
            weakref.finalize(seal, dropped.set)
        memory["asked"] = asked = memory.get("asked", 0) + 1
        return Response(200, f"{request.connection.number}:{asked}".encode())

    server = serve(handle)
    with Wire(server) as first, Wire(server) as second:
        asked = [wire.ask()[1] for wire in (first, first, second, first, second)]
        assert not dropped.is_set()
    assert asked == [b"1:1", b"1:2", b"2:1", b"1:3", b"2:2"]
    assert dropped.wait(PATIENCE)


def test_headers_leave_in_their_order_and_spelling(serve: Serve) -> None:
    headers = (("x-b", "2"), ("WWW-Authenticate", "NTLM"), ("DATE", "now"), ("A", ""), ("x-b", "1"))
    with Wire(serve(lambda _: Response(401, b"no", headers, reason="Nein"))) as wire:
        assert wire.ask() == (
            "HTTP/1.1 401 Nein\r\nx-b: 2\r\nWWW-Authenticate: NTLM\r\nDATE: now\r\nA: \r\nx-b: 1"
            "\r\nContent-Length: 2",
            b"no",
        )


def test_an_answer_without_a_body_is_followed_by_the_next(serve: Serve) -> None:
    with Wire(serve(lambda request: Response(int(request.path[1:]), b"body"))) as wire:
        wire.send(b"HEAD /200 HTTP/1.1\r\n\r\n" + get("/204") + get("/304"))
        heads = [wire.head() for _ in range(3)]
        assert wire.ask(get("/404")) == ("HTTP/1.1 404 Not Found\r\nContent-Length: 4", b"body")
    assert heads == [
        "HTTP/1.1 200 OK\r\nContent-Length: 4",
        "HTTP/1.1 204 No Content",
        "HTTP/1.1 304 Not Modified",
    ]


def test_http_1_0_closes_unless_asked_to_keep_alive(serve: Serve) -> None:
    server = serve()
    with Wire(server) as wire:
        kept = wire.ask(b"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")
        wire.send(b"GET /x HTTP/1.0\r\n\r\n")
        closed = wire.rest()
    assert kept == ("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1", b"/")
    assert closed == b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n/x"


def test_requests_sent_together_are_answered_in_order(serve: Serve) -> None:
    second_caller = threading.Event()

    def handle(request: Request) -> Response:
        if request.path == "/waits":
            assert second_caller.wait(PATIENCE)
        if request.path == "/frees":
            second_caller.set()
        return echo(request)

    server = serve(handle)
    with Wire(server) as wire, Wire(server) as other:
        wire.send(get("/waits") + post(b"posted") + b"\r\n" + get("/last"))
        assert other.ask(get("/frees"))[1] == b"/frees"
        answers = [wire.answer()[1] for _ in range(3)]
    assert answers == [b"/waits", b"posted", b"/last"]


def test_nothing_is_served_behind_a_request_that_closes(serve: Serve) -> None:
    served: list[str] = []

    def handle(request: Request) -> Response:
        served.append(request.path)
        return echo(request)

    with Wire(serve(handle)) as wire:
        wire.send(get("/a", "Connection: close") + get("/b"))
        answer = wire.rest()
    assert answer == b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n/a"
    assert served == ["/a"]


@pytest.mark.parametrize("times", [1, 3])
def test_a_caller_that_has_said_all_still_gets_its_answers(serve: Serve, times: int) -> None:
    release = threading.Event()

    def handle(request: Request) -> Response:
        if request.path == "/frees":
            release.set()
        if request.path == "/waits":
            assert release.wait(PATIENCE)
        return echo(request)

    server = serve(handle)
    with Wire(server) as wire, Wire(server) as other:
        wire.send(get("/waits") * times)
        wire.socket.shutdown(socket.SHUT_WR)
        assert [other.ask(), other.ask(get("/frees"))[1]] == [SLASH, b"/frees"]
        assert wire.rest() == b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n/waits" * times


def test_bare_line_feeds_are_served(serve: Serve) -> None:
    with Wire(serve()) as wire:
        assert wire.ask(b"POST / HTTP/1.1\nContent-Length: 4\n\n\n\nab")[1] == b"\n\nab"
        assert wire.ask() == SLASH


def test_fifty_callers_are_served_at_once(serve: Serve) -> None:
    together = threading.Barrier(50, timeout=PATIENCE)

    def handle(request: Request) -> Response:
        together.wait()
        return echo(request)

    server = serve(handle)

    def call(number: int) -> list[bytes]:
        with Wire(server) as wire:
            return [wire.ask(get(f"/{number}/{turn}"))[1] for turn in range(3)]

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(call, range(50)))
    assert answers == [[b"/%d/%d" % (number, turn) for turn in range(3)] for number in range(50)]


def test_callers_beyond_the_threads_are_served_in_turn(serve: Serve) -> None:
    server = serve(threads=2)
    with ExitStack() as stack:
        wires = [stack.enter_context(Wire(server)) for _ in range(10)]
        for wire in wires:
            wire.send(GET)
        assert [wire.answer() for wire in wires] == [SLASH] * 10


class NotAnError(BaseException):
    """What pytest.fail and sys.exit raise is not an Exception either."""


@pytest.mark.parametrize("error", [ValueError("secret"), NotAnError("secret")])
def test_an_exception_is_a_bare_500_and_logged(
    serve: Serve, caplog: pytest.LogCaptureFixture, error: BaseException
) -> None:
    def handle(request: Request) -> Response:
        if request.path == "/raises":
            raise error
        return echo(request)

    with Wire(serve(handle)) as wire:
        answer = wire.ask(get("/raises"))
        assert wire.ask() == SLASH
    assert answer == ("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0", b"")
    (record,) = caplog.records
    assert record.getMessage() == "No answer to GET /raises"
    assert record.exc_info is not None
    assert record.exc_info[1] is error
    caplog.clear()


def test_an_answer_that_cannot_be_written_is_a_bare_500(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    with Wire(serve(lambda _: Response(200, headers=(("X", "a\r\nb"),)))) as wire:
        assert wire.ask() == ("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0", b"")
    assert "line break" in caplog.text
    caplog.clear()
