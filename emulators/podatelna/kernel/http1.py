"""HTTP/1 as bytes, without sockets: requests coming in, answers going out (RFC 9110, 9112)."""

import re
from http import HTTPStatus
from time import monotonic
from typing import Protocol

from waitress.receiver import ChunkedReceiver, FixedStreamReceiver

from podatelna.kernel.exchange import Response

_REQUEST_LINE = re.compile(r"([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([!-~\x80-\xff]+) HTTP/([0-9]\.[0-9])")
_FIELD = re.compile(r"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):([\t -~\x80-\xff]*)")
_FOLD = re.compile(r"\r\n[ \t]+")
_ORIGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://[^/?]*")

# Python 3.13 renamed some; an answer must not depend on the interpreter.
_REASONS = {status.value: status.phrase for status in HTTPStatus} | {
    413: "Request Entity Too Large",
    414: "Request-URI Too Long",
    416: "Requested Range Not Satisfiable",
    422: "Unprocessable Entity",
}
_BODILESS = (204, 304)
_SLOWEST_BODY = 1000
"""Bytes per second."""


class Sizes(Protocol):
    """The two settings of waitress that a request is held against, in bytes."""

    max_request_header_size: int
    max_request_body_size: int


class _Refused(Exception):  # noqa: N818 - not an error of the program, but of the caller
    def __init__(self, status: int) -> None:
        self.status = status


class _Body:
    """What waitress' receivers write to."""

    def __init__(self) -> None:
        self.data = bytearray()

    def append(self, part: bytes) -> None:
        self.data += part


class Incoming:
    """A request on its way in; stands in for waitress' parser in its channel.

    Heads end their lines with CR LF. A head without a single CR may end them with bare LF
    (RFC 9112, 2.2): some callers do. Since a valid head has a CR before its first LF, the two
    cannot be mistaken for each other; heads that mix them are refused.
    """

    completed = False
    headers_finished = False
    expect_continue = False
    empty = False
    error: int | None = None
    """The status that the request is refused with."""
    began = 0.0
    """When its first byte came, on the monotonic clock; 0: not yet."""

    method = ""
    path = ""
    query = ""
    keep_alive = False
    modern = True
    """HTTP/1.1, not 1.0."""

    def __init__(self, sizes: Sizes) -> None:
        self.headers: dict[str, str] = {}
        self._sizes = sizes
        self._head = b""
        self._body = _Body()
        self._receiver: ChunkedReceiver | FixedStreamReceiver | None = None

    @property
    def body(self) -> bytes:
        return bytes(self._body.data)

    def take_body(self) -> bytes:
        """The body, which is not kept here any longer: it may be large."""
        body = self.body
        self._body.data.clear()
        return body

    @property
    def body_size(self) -> int:
        """What has come of the body so far."""
        return len(self._body.data)

    def slower_than(self, patience: float, now: float) -> bool:
        """Whether the head took longer than this, or the body comes at a snail's pace."""
        return bool(self.began) and now - self.began > patience + self.body_size / _SLOWEST_BODY

    def received(self, data: bytes) -> int:
        """Take what belongs to this request; returns how many bytes that was."""
        if self.completed:
            return 0
        try:
            if self._receiver is None:
                return self._take_head(data)
            return self._take_body(data, self._receiver)
        except _Refused as refused:
            self.error = refused.status
            self.expect_continue = self.keep_alive = False
            self.completed = True
            return len(data)

    def _take_head(self, data: bytes) -> int:
        self.began = self.began or monotonic()
        # Callers may send empty lines between requests (RFC 9112, 2.2).
        known = (self._head + data).lstrip(b"\r\n")
        end = _end_of_head(known)
        if (len(known) if end < 0 else end) > self._sizes.max_request_header_size:
            raise _Refused(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        if end < 0:
            self._head = known
            self.began = self.began if known else 0.0
            return len(data)
        self._read_head(known[:end].decode("latin-1"))
        self._frame_body()
        self.headers_finished = True
        self.completed = self._receiver is None
        return len(data) - (len(known) - end)

    def _read_head(self, head: str) -> None:
        text = head if "\r" in head else head.replace("\n", "\r\n")
        start, _, fields = text.removesuffix("\r\n\r\n").partition("\r\n")
        line = _REQUEST_LINE.fullmatch(start)
        if line is None:
            raise _Refused(HTTPStatus.BAD_REQUEST)
        self.method, target, version = line.groups()
        if version not in ("1.0", "1.1"):
            raise _Refused(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED)
        self.modern = version == "1.1"
        self.path, self.query = _path_and_query(target)
        for each in _FOLD.sub(" ", fields).split("\r\n") if fields else ():
            self._read_field(each)

    def _read_field(self, line: str) -> None:
        field = _FIELD.fullmatch(line)
        if field is None:
            raise _Refused(HTTPStatus.BAD_REQUEST)
        name, value = field[1].lower(), field[2].strip(" \t")
        self.headers[name] = f"{self.headers[name]}, {value}" if name in self.headers else value

    def _frame_body(self) -> None:
        wishes = [wish.strip().lower() for wish in self.headers.get("connection", "").split(",")]
        self.keep_alive = "close" not in wishes if self.modern else "keep-alive" in wishes
        if "transfer-encoding" in self.headers:
            self._frame_chunks(self.headers["transfer-encoding"].lower())
        elif length := _length(self.headers.get("content-length", "0")):
            if length > self._sizes.max_request_body_size:
                raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            self._receiver = FixedStreamReceiver(length, self._body)
        expected = self.headers.get("expect", "").lower() == "100-continue"
        self.expect_continue = expected and self.modern and self._receiver is not None

    def _frame_chunks(self, coding: str) -> None:
        if not self.modern:
            raise _Refused(HTTPStatus.BAD_REQUEST)
        if coding != "chunked":
            raise _Refused(HTTPStatus.NOT_IMPLEMENTED)
        # Whoever sends both lengths may be smuggling: RFC 9112, 6.3 has the connection closed.
        self.keep_alive = self.keep_alive and "content-length" not in self.headers
        self._receiver = ChunkedReceiver(self._body)

    def _take_body(self, data: bytes, receiver: ChunkedReceiver | FixedStreamReceiver) -> int:
        taken: int = receiver.received(data)
        if isinstance(receiver, ChunkedReceiver):
            self._check_chunks(receiver)
        self.completed = receiver.completed
        return taken

    def _check_chunks(self, receiver: ChunkedReceiver) -> None:
        if self.body_size + receiver.chunk_remainder > self._sizes.max_request_body_size:
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        beside = max(len(receiver.control_line), len(receiver.trailer))
        if receiver.error or beside > self._sizes.max_request_header_size:
            raise _Refused(HTTPStatus.BAD_REQUEST)


def _end_of_head(data: bytes) -> int:
    """Where the first empty line ends, whichever way the lines are ended; -1: not there yet."""
    ends = [at + len(gap) for gap in (b"\n\r\n", b"\n\n") if (at := data.find(gap)) >= 0]
    return min(ends, default=-1)


def _path_and_query(target: str) -> tuple[str, str]:
    if not target.startswith("/") and target != "*":
        origin = _ORIGIN.match(target)
        if origin is None:
            raise _Refused(HTTPStatus.BAD_REQUEST)
        target = target[origin.end() :]
    path, _, query = target.partition("?")
    return path or "/", query


def _length(text: str) -> int:
    if not text.isdecimal():
        raise _Refused(HTTPStatus.BAD_REQUEST)
    if len(text) > len(str(2**63)):
        raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return int(text)


def refusal(status: int, sizes: Sizes) -> Response:
    """The answer to a request that never becomes one; it tells no more than what to change."""
    sentences = {
        400: "The request is malformed.",
        413: f"The request's body is over the limit of {sizes.max_request_body_size} bytes.",
        431: f"The request's head is over the limit of {sizes.max_request_header_size} bytes.",
        501: "Of the transfer codings only chunked is understood.",
        505: "Only HTTP/1.1 and HTTP/1.0 are understood.",
    }
    headers = (("Content-Type", "text/plain; charset=utf-8"), ("Connection", "close"))
    return Response(status, sentences[status].encode() + b"\n", headers)


def outgoing(response: Response, asked: Incoming) -> tuple[bytes, bytes, bool]:
    """Head and body for the wire, and whether the connection may serve another request after them.

    Raises ValueError if a header would break out of its line or cannot be written in latin-1.
    """
    named = {name.lower(): value for name, value in response.headers}
    bodiless = response.status in _BODILESS
    without = bodiless or asked.method == "HEAD"
    length = named.get("content-length", str(len(response.body)))
    # A body that is not as long as promised, or in chunks of the handler's making, ends with the
    # connection: nobody could tell where the next answer begins.
    sound = without or (length == str(len(response.body)) and "transfer-encoding" not in named)
    goes_on = asked.keep_alive and sound and named.get("connection", "").lower() != "close"
    extra: list[tuple[str, str]] = []
    if "connection" not in named and not (goes_on and asked.modern):
        extra.append(("Connection", "keep-alive" if goes_on else "close"))
    if not bodiless and not named.keys() & {"content-length", "transfer-encoding"}:
        extra.append(("Content-Length", length))
    return _head(response, extra), b"" if without else response.body, goes_on


def _head(response: Response, extra: list[tuple[str, str]]) -> bytes:
    reason = _REASONS.get(response.status, "") if response.reason is None else response.reason
    lines = [f"HTTP/1.1 {response.status} {reason}"]
    lines += [f"{name}: {value}" for name, value in (*response.headers, *extra)]
    head = "\r\n".join(lines)
    if head.count("\n") != len(lines) - 1 or head.count("\r") != len(lines) - 1:
        raise ValueError(f"a line break in the reason or a header of {lines}")
    return f"{head}\r\n\r\n".encode("latin-1")
