"""One TCP connection, and the answering of its requests; with `server` all that touches sockets.

Waitress' loop thread reads, sends what a socket did not take at once, and closes; worker threads
run the handler and send. A worker never closes a socket, because the loop may be waiting for it:
it leaves a mark on the channel, and the loop does it.
"""

import logging
import socket
import struct
import sys
from contextlib import suppress
from time import monotonic
from typing import Any

from waitress.channel import ClientDisconnected, HTTPChannel

from podatelna.kernel.exchange import PROMPT, Connection, Delivery, Request, Response
from podatelna.kernel.http1 import Incoming, outgoing, refusal

_log = logging.getLogger(__name__)

_LINGER_SECONDS = 5
_PIECES_PER_SECOND = 10
_RESET = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
"""SO_LINGER: on, for no time; closing then resets the connection."""


class Channel(HTTPChannel):  # type: ignore[misc] # waitress has no types
    """One TCP connection."""

    parser_class = Incoming
    close_when_flushed = False
    input_over = False
    """The caller sends nothing more, but may be waiting for answers."""
    reset_at_end = False
    keep_alive: float | None = None
    """Seconds that the last answer leaves the caller to begin the next request."""
    hung_up_at: float | None = None
    """Set while the caller is left the time to read what was sent before the connection goes."""

    def __init__(self, server: Any, sock: socket.socket, *others: Any, **more: Any) -> None:
        super().__init__(server, sock, *others, **more)
        self.connection = Connection(next(server.numbers))
        self.active_at = self.queued_at = monotonic()

    # What the loop calls.

    def readable(self) -> bool:
        return self.connected and not self.input_over and bool(super().readable())

    def writable(self) -> bool:
        return self.connected and bool(super().writable())

    def handle_read(self) -> None:
        try:
            data = self.socket.recv(self.adj.recv_bytes)
        except BlockingIOError:
            return
        except OSError:
            self.handle_close()
            return
        if not data:
            self._input_ended()
        elif self.hung_up_at is None:
            self.active_at = monotonic()
            self.received(data)

    def _input_ended(self) -> None:
        with self.requests_lock:
            self.input_over = True
            self.close_when_flushed = self.close_when_flushed or not self.requests

    def handle_write(self) -> None:
        self._flush_exception(self._flush_some_if_lockable)
        if self.will_close:
            self.handle_close()
        elif self.connected and self.close_when_flushed and not self.total_outbufs_len:
            self._hang_up()

    def _hang_up(self) -> None:
        """Close so that the caller gets all that was sent (RFC 9112, 9.6), or a reset."""
        try:
            if self.reset_at_end:
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            else:
                self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            self.input_over = True
        if self.reset_at_end or self.input_over:
            self.handle_close()
        self.close_when_flushed = False
        self.hung_up_at = monotonic()

    def handle_close(self) -> None:
        super().handle_close()
        # An idle worker still holds the channel of its last task; what was kept here must go now.
        self.connection = Connection(self.connection.number)

    def overdue(self, now: float) -> bool:
        """Whether the caller was waited for long enough, by the monotonic clock."""
        if self.hung_up_at is not None:
            return now > self.hung_up_at + _LINGER_SECONDS
        if self.requests:
            return False
        patience: float = self.adj.channel_timeout
        if self.request is None and self.keep_alive is not None and not self.total_outbufs_len:
            patience = min(patience, self.keep_alive)
        return now > self.active_at + patience or (
            self.request is not None and self.request.slower_than(patience, now)
        )

    # What workers call.

    def send(self, data: bytes, do_close: bool = True) -> int:
        sent: int = super().send(data, do_close)
        if sent:
            self.active_at = monotonic()
        return sent

    def put(self, data: bytes) -> None:
        """Send now what the socket takes and leave the rest to the loop.

        Raises ClientDisconnected if the caller has gone.
        """
        with self.outbuf_lock:
            if not self.connected:
                raise ClientDisconnected
            sent = 0 if self.total_outbufs_len else self.send(data, do_close=False)
            if sent < len(data):
                # A buffer that is not emptied at once would keep what it has sent; take a new one.
                self.current_outbuf_count = self.adj.outbuf_high_watermark
                self.write_soon(data[sent:])
                self.server.pull_trigger()

    def send_continue(self) -> None:
        self.request.expect_continue = False
        self.sent_continue = True
        with suppress(ClientDisconnected, OSError):
            self.put(b"HTTP/1.1 100 Continue\r\n\r\n")

    def service(self) -> None:
        """Answer the first request that waits. Requests behind it are answered in order."""
        goes_on = _Task(self, self.requests[0]).run()
        with self.requests_lock:
            waiting = len(self.requests)
            del self.requests[0 if goes_on else slice(None)]
            over = not goes_on or (self.input_over and not self.requests)
            self.active_at = monotonic()
            self.close_when_flushed = self.close_when_flushed or over
            if self.requests:
                self.server.add_task(self)
            elif self._continue_is_due():
                self.send_continue()
        if over or waiting > 1:
            self.server.pull_trigger()

    def _continue_is_due(self) -> bool:
        """A caller that asked for it behind other requests gets its 100 when they are answered."""
        coming = self.request
        return coming is not None and coming.expect_continue and coming.headers_finished


class _Task:
    """One request, answered in a worker thread."""

    def __init__(self, channel: Channel, asked: Incoming) -> None:
        self._channel = channel
        self._server = channel.server
        self._asked = asked

    def run(self) -> bool:
        """Answer; returns whether the connection goes on."""
        if not self._channel.connected:
            return False
        try:
            return self._deliver(*self._answer())
        except (ClientDisconnected, OSError):
            return False

    def _answer(self) -> tuple[Delivery, bytes, bytes, bool]:
        asked, channel = self._asked, self._channel
        if asked.error:
            return PROMPT, *outgoing(refusal(asked.error, channel.adj), asked)
        try:
            response = self._server.application(
                Request(
                    method=asked.method,
                    path=asked.path,
                    query=asked.query,
                    headers=asked.headers,
                    body=asked.take_body(),
                    peer=channel.addr[0],
                    connection=channel.connection,
                )
            )
            return response.delivery, *outgoing(response, asked)
        except BaseException:
            _log.exception("No answer to %s %s", asked.method, asked.path)
            return PROMPT, *outgoing(Response(500), asked)

    def _deliver(self, how: Delivery, head: bytes, body: bytes, goes_on: bool) -> bool:
        if how.delay_seconds and self._pause(how.delay_seconds):
            return False
        if how.reset or how.empty:
            self._channel.reset_at_end = how.reset
            return False
        body = body[: how.cut_after_bytes]
        if how.drip_bytes_per_second:
            self._channel.put(head)
            goes_on = self._drip(body, how.drip_bytes_per_second) and goes_on
        else:
            self._channel.put(head + body)
        self._channel.keep_alive = how.keep_alive_seconds
        return goes_on and how.cut_after_bytes is None

    def _drip(self, body: bytes, rate: int) -> bool:
        size = max(1, rate // _PIECES_PER_SECOND)
        for at in range(0, len(body), size):
            if at and self._pause(size / rate):
                return False
            self._channel.put(body[at : at + size])
        return True

    def _pause(self, seconds: float) -> bool:
        """Wait; true if the server is stopped meanwhile."""
        with self._server.task_dispatcher.one_aside():
            stopped: bool = self._server.stopping.wait(seconds)
        return stopped
