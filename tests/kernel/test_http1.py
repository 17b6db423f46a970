"""Requests and answers as bytes; what sockets do with them is in test_server."""

from dataclasses import dataclass, replace

import pytest

from podatelna.kernel.exchange import Response
from podatelna.kernel.http1 import Incoming, outgoing, refusal


@dataclass
class Sizes:
    max_request_header_size: int = 200
    max_request_body_size: int = 10


def read(*pieces: bytes) -> Incoming:
    incoming = Incoming(Sizes())
    for each in pieces:
        piece = each
        while piece and not incoming.completed:
            piece = piece[incoming.received(piece) :]
        assert piece == b""
    return incoming


def get(*headers: str, version: str = "1.1", method: str = "GET") -> Incoming:
    return read("\r\n".join([f"{method} / HTTP/{version}", *headers, "", ""]).encode())


def test_a_request_is_the_same_however_it_is_cut_into_pieces() -> None:
    head = b"POST /a%20b?c=%31 HTTP/1.1\r\nHost: h\r\nX-Two: 1\r\nx-two:2 \r\nContent-Length: 3"
    whole = head + b"\r\n\r\nabc"
    for size in (1, 2, 7, len(whole)):
        incoming = read(*(whole[at : at + size] for at in range(0, len(whole), size)))
        assert (incoming.method, incoming.path, incoming.query) == ("POST", "/a%20b", "c=%31")
        assert incoming.headers == {"host": "h", "x-two": "1, 2", "content-length": "3"}
        assert (incoming.body, incoming.completed, incoming.error) == (b"abc", True, None)


def test_bytes_behind_a_request_are_left_for_the_next_one() -> None:
    incoming = Incoming(Sizes())
    assert incoming.received(b"GET / HTTP/1.1\r\n\r\nGET /next") == len("GET / HTTP/1.1\r\n\r\n")
    assert incoming.received(b"GET /next") == 0
    posted = Incoming(Sizes())
    assert posted.received(b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n") == 38
    assert posted.received(b"abGET /next") == 2
    assert posted.body == b"ab"


def test_a_body_that_was_taken_is_not_kept_besides() -> None:
    incoming = read(b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc")
    assert (incoming.take_body(), incoming.body_size, incoming.body) == (b"abc", 0, b"")


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        ("/", "/", ""),
        ("/%C4%8D/%2e?x=?&y=%20", "/%C4%8D/%2e", "x=?&y=%20"),
        ("//double//slash", "//double//slash", ""),
        ("http://h.example:80/a?b", "/a", "b"),
        ("https://h.example", "/", ""),
        ("http://h.example?b", "/", "b"),
        ("http://[/a", "/a", ""),
        ("*", "*", ""),
    ],
)
def test_the_target_is_kept_as_sent_without_the_origin(target: str, path: str, query: str) -> None:
    incoming = read(f"GET {target} HTTP/1.1\r\n\r\n".encode())
    assert (incoming.path, incoming.query, incoming.error) == (path, query, None)


@pytest.mark.parametrize(
    "head",
    [
        b"\r\n\r\n\nGET /lf HTTP/1.1\nHost: h\nContent-Length: 2\n\n",
        b"\r\nGET /lf HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n",
        b"GET /lf HTTP/1.1\r\nHost:\r\n\t h\r\nContent-Length: 2\r\n\r\n",
    ],
)
def test_bare_line_feeds_empty_lines_and_folded_headers_are_understood(head: bytes) -> None:
    for pieces in ([head, b"\n\n"], [bytes([each]) for each in head + b"\n\n"]):
        incoming = read(*pieces)
        assert (incoming.path, incoming.body, incoming.error) == ("/lf", b"\n\n", None)
        assert incoming.headers == {"host": "h", "content-length": "2"}


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET /\r\n\r\n", 400),
        (b"GET / HTTP/1.1 \r\n\r\n", 400),
        (b"GET  / HTTP/1.1\r\n\r\n", 400),
        (b"GET relative HTTP/1.1\r\n\r\n", 400),
        (b"GET /\r\n HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n Host: h\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost : h\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: \x00\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: h\r\r\n\r\n", 400),
        (b"GET / HTTP/1.1\nHost: h\r\n\r\n", 400),
        (b"GET / HTTP/1.1\nHost: h\r\nA: b\n\n", 400),
        (b"GET / HTTP/1.1\r\nHost: h\nA: b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: h\n\n", 400),
        (b"GET / HTTP/1.1\r\nHost: h\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: h\r\n\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: \xb2\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n", 413),
        (b"GET / HTTP/1.1\r\nContent-Length: " + b"9" * 100 + b"\r\n\r\n", 413),
        (b"GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
        (b"PRI * HTTP/2.0\r\n\r\n", 505),
        (b"GET /" + b"a" * 200, 431),
    ],
)
def test_a_bad_head_is_refused_with_all_that_follows(head: bytes, status: int) -> None:
    for following in (b"", b"GET /smuggled HTTP/1.1\r\n\r\n"):
        incoming = read(head + following)
        assert (incoming.error, incoming.completed) == (status, True)
        assert not incoming.expect_continue
        assert not incoming.keep_alive


def test_a_head_and_a_body_may_be_as_long_as_the_limit() -> None:
    start = b"POST / HTTP/1.1\r\nContent-Length: 10\r\nX: "
    fits = start + b"x" * (200 - len(start) - 4) + b"\r\n\r\n"
    assert len(fits) == 200
    assert read(fits, b"0123456789").body == b"0123456789"
    assert read(fits.replace(b"X: ", b"X: x")).error == 431


CHUNKED = b"POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n"


def test_chunks_are_put_together() -> None:
    incoming = read(CHUNKED, b"3;a=b\r\nabc\r\n", b"0", b"7\r\n1234567\r\n0\r\nTrailer: t\r\n\r\n")
    assert (incoming.body, incoming.completed, incoming.error) == (b"abc1234567", True, None)
    assert incoming.headers == {"transfer-encoding": "Chunked"}


@pytest.mark.parametrize(
    ("chunks", "status"),
    [
        (b"b\r\n", 413),
        (b"a\r\n0123456789\r\n1\r\n", 413),
        (b"FFFFFFFFFFFFFFFFFFFFFF\r\n", 413),
        (b"x\r\n", 400),
        (b"2\r\nabc\r\n", 400),
        (b"1;" + b"e" * 200, 400),
        (b"0\r\nTrailer: " + b"t" * 200, 400),
    ],
)
def test_bad_chunks_are_refused_as_soon_as_they_show(chunks: bytes, status: int) -> None:
    incoming = read(CHUNKED, chunks)
    assert (incoming.error, incoming.completed) == (status, True)


def test_two_lengths_end_the_connection() -> None:
    both = read(
        b"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    )
    assert (both.body, both.keep_alive) == (b"", False)


def test_only_a_body_that_will_come_is_waited_for_with_a_100() -> None:
    expect = "Expect: 100-Continue"
    assert get(expect, "Content-Length: 1").expect_continue
    assert get(expect, "Transfer-Encoding: chunked").expect_continue
    assert not get(expect).expect_continue
    assert not get(expect, "Content-Length: 1", version="1.0").expect_continue
    assert not get("Expect: something", "Content-Length: 1").expect_continue


def test_patience_counts_from_the_first_byte_and_grows_with_the_body() -> None:
    silent, started = read(b"\r\n"), read(b"\r\nGET")
    assert not silent.slower_than(0, silent.began + 1)
    assert started.slower_than(5, started.began + 5.1)
    assert not started.slower_than(5, started.began + 4.9)
    sending = read(b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n", b"12345")
    assert sending.slower_than(5, sending.began + 5.006)
    assert not sending.slower_than(5, sending.began + 5.004)


def answer(response: Response, asked: Incoming) -> tuple[str, bytes, bool]:
    head, body, goes_on = outgoing(response, asked)
    return head.decode("latin-1"), body, goes_on


def with_header(name: str, value: str) -> Response:
    return Response(200, headers=((name, value),))


def test_headers_keep_their_order_and_spelling_and_the_length_comes_last() -> None:
    headers = (("x-b", "1"), ("WWW-Authenticate", "NTLM"), ("X-A", "\xe9"), ("x-b", "2"))
    assert answer(Response(401, b"no", headers), get()) == (
        "HTTP/1.1 401 Unauthorized\r\nx-b: 1\r\nWWW-Authenticate: NTLM\r\nX-A: \xe9\r\nx-b: 2\r\n"
        "Content-Length: 2\r\n\r\n",
        b"no",
        True,
    )


@pytest.mark.parametrize(
    ("version", "asked", "answered", "sent", "goes_on"),
    [
        ("1.1", "", "", "", True),
        ("1.1", "keep-alive", "", "", True),
        ("1.1", "TE, Close", "", "Connection: close\r\n", False),
        ("1.1", "", "close", "Connection: close\r\n", False),
        ("1.1", "close", "x", "Connection: x\r\n", False),
        ("1.0", "", "", "Connection: close\r\n", False),
        ("1.0", "Keep-Alive", "", "Connection: keep-alive\r\n", True),
        ("1.0", "Keep-Alive", "close", "Connection: close\r\n", False),
    ],
)
def test_the_connection_goes_on_if_both_sides_want_it(
    version: str, asked: str, answered: str, sent: str, goes_on: bool
) -> None:
    request = get(*([f"Connection: {asked}"] if asked else []), version=version)
    headers = (("Connection", answered),) if answered else ()
    head = f"HTTP/1.1 200 OK\r\n{sent}Content-Length: 0\r\n\r\n"
    assert answer(Response(200, headers=headers), request) == (head, b"", goes_on)


@pytest.mark.parametrize(
    ("method", "response", "lines", "body", "goes_on"),
    [
        ("HEAD", Response(200), "Content-Length: 4\r\n", b"", True),
        ("HEAD", with_header("content-length", "9"), "content-length: 9\r\n", b"", True),
        ("GET", Response(204), "", b"", True),
        ("GET", Response(304, headers=(("ETag", "1"),)), "ETag: 1\r\n", b"", True),
        ("GET", with_header("content-length", "4"), "content-length: 4\r\n", b"body", True),
        (
            "GET",
            with_header("content-length", "9"),
            "content-length: 9\r\nConnection: close\r\n",
            b"body",
            False,
        ),
        (
            "GET",
            with_header("Transfer-Encoding", "chunked"),
            "Transfer-Encoding: chunked\r\nConnection: close\r\n",
            b"body",
            False,
        ),
    ],
)
def test_the_body_is_framed(
    method: str,
    response: Response,
    lines: str,
    body: bytes,
    goes_on: bool,
) -> None:
    head = f"HTTP/1.1 {response.status} So\r\n{lines}\r\n"
    assert answer(replace(response, body=b"body", reason="So"), get(method=method)) == (
        head,
        body,
        goes_on,
    )


def test_a_promise_of_more_than_nothing_is_not_kept_either() -> None:
    response = Response(200, b"", (("Content-Length", "9"),))
    assert answer(response, get())[2] is False


def test_reasons_do_not_depend_on_the_interpreter() -> None:
    starts = [answer(Response(status), get())[0].split("\r\n")[0] for status in (413, 422, 299)]
    assert starts == [
        "HTTP/1.1 413 Request Entity Too Large",
        "HTTP/1.1 422 Unprocessable Entity",
        "HTTP/1.1 299 ",
    ]


@pytest.mark.parametrize(
    "response",
    [
        with_header("X", "a\r\nSet-Cookie: b"),
        with_header("X\n", "a"),
        Response(200, reason="a\rb"),
        with_header("X", "č"),
    ],
)
def test_a_header_that_would_break_out_is_an_error(response: Response) -> None:
    with pytest.raises(ValueError, match=r"line break|latin-1"):
        outgoing(response, get())


def test_a_refusal_tells_what_to_change_and_nothing_else() -> None:
    asked = get("Content-Length: 11")
    assert answer(refusal(413, Sizes()), asked) == (
        "HTTP/1.1 413 Request Entity Too Large\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Connection: close\r\nContent-Length: 50\r\n\r\n",
        b"The request's body is over the limit of 10 bytes.\n",
        False,
    )
