"""An HTTP server over waitress: listening, threads, start and stop."""

import errno
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from threading import Event, Lock, Thread
from time import monotonic
from typing import Self

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from podatelna.kernel.channel import Channel
from podatelna.kernel.exchange import Request, Response

_LONG_WAIT = 0.02
"""Seconds that a request waits for a busy thread before another one is called."""
_UNBOUNDED = 2**62
_LAST_PORT = 2**16 - 1
_ADVICE = {
    errno.EADDRINUSE: "another program listens there; stop it or choose another port, 0 for any",
    errno.EACCES: "this user may not; choose a port from 1024 up, or 0 for any",
    errno.EADDRNOTAVAIL: "this machine has no such address; choose 127.0.0.1, or 0.0.0.0 for all",
}


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """Sizes are in bytes, times in seconds."""

    threads: int = 64
    """Requests handled at once; one whose answer is being delayed or dripping does not count."""
    eager: int = 1
    """So many are handled at once without need; a request that has to wait for them calls for
    another thread. Handlers that only compute gain nothing from each other, and lose a good part of
    their time in taking turns at the interpreter; those that wait for a database gain."""
    connections: int = 1000
    """Connections beyond these wait in the system's queue."""
    channel_timeout: float = 120
    """For an idle connection, a whole head, and each pause in a body or in taking an answer."""
    head_bytes: int = 64 * 1024
    body_bytes: int = 96 * 1024 * 1024
    stop_seconds: float = 5
    """How long `stop` waits for running handlers and for callers to take their answers."""


USUAL_LIMITS = ServerLimits()

Handle = Callable[[Request], Response]


class CannotListenError(OSError):
    """The address cannot be served; the message says what to do."""


class _Workers(ThreadedTaskDispatcher):  # type: ignore[misc] # waitress has no types
    """Threads, started when there is more to do than there are idle ones."""

    def __init__(self, limits: ServerLimits) -> None:
        super().__init__()
        self._most = limits.threads
        self._eager = limits.eager
        self._aside = 0
        self._stopped = False
        self._started: list[Thread] = []

    def start_new_thread(self, target: Callable[[int], None], thread_no: int) -> None:
        thread = Thread(target=target, args=(thread_no,), name=f"podatelna-worker-{thread_no}")
        thread.daemon = True
        self._started.append(thread)
        thread.start()

    def add_task(self, task: Channel) -> None:
        task.queued_at = monotonic()
        with self.lock:
            self.queue.append(task)
            if self.active_count - self._aside < self._eager:
                self._call_one()

    def relieve(self) -> bool:
        """Call another thread if a request has waited for long; returns whether any waits."""
        with self.lock:
            waits = bool(self.queue)
            if waits and monotonic() - self.queue[0].queued_at > _LONG_WAIT:
                self._call_one()
        return waits

    def _call_one(self) -> None:
        self._grow()
        self.queue_cv.notify()

    @contextmanager
    def one_aside(self) -> Iterator[None]:
        """While a thread only waits, another may be started in its place."""
        with self.lock:
            self._aside += 1
            if self.queue:
                self._call_one()
        try:
            yield
        finally:
            with self.lock:
                self._aside -= 1

    def _grow(self) -> None:
        running = len(self.threads)
        wanted = len(self.queue) > running - self.active_count
        if wanted and running < self._most + self._aside and not self._stopped:
            self.threads.add(running)
            self.active_count += 1
            self.start_new_thread(self.handler_thread, running)

    def stop(self, deadline: float) -> None:
        """Let the running tasks finish; those that do not by the deadline are left behind."""
        with self.lock:
            self._stopped = True
        self.set_thread_count(0)
        for thread in self._started:
            thread.join(max(0, deadline - monotonic()))


class _Listener(TcpWSGIServer):  # type: ignore[misc] # waitress has no types
    """A listening socket with the loop that serves its connections, in a map of its own."""

    channel_class = Channel

    def __init__(self, handle: Handle, door: socket.socket, limits: ServerLimits) -> None:
        self.numbers = count(1)
        self.stopping = Event()
        self._limits = limits
        self._deadline: float | None = None
        self._gone = False
        self._gone_lock = Lock()
        super().__init__(
            handle,
            map={},
            _sock=door,
            dispatcher=_Workers(limits),
            adj=_adjustments(limits),
            sockinfo=(door.family, door.type, door.proto, door.getsockname()),
            bind_socket=False,
        )
        self.thread = Thread(
            target=self._loop, name=f"podatelna-{self.effective_port}", daemon=True
        )
        self.thread.start()

    def maintenance(self, now: float) -> None:
        """Close the connections whose callers keep it waiting; `now` is not to be relied on."""
        for channel in list(self.active_channels.values()):
            if channel.overdue(monotonic()):
                channel.handle_close()

    def pull_trigger(self, thunk: Callable[[], None] | None = None) -> None:
        """Wake the loop. A handler left behind may do so when the descriptor is somebody else's."""
        with self._gone_lock:
            if not self._gone:
                self.trigger.pull_trigger(thunk)

    def stop(self) -> None:
        deadline = monotonic() + self._limits.stop_seconds
        self.stopping.set()
        self.pull_trigger(lambda: wasyncore.dispatcher.close(self))
        self.task_dispatcher.stop(deadline)
        self._deadline = deadline
        self.pull_trigger()
        self.thread.join()

    def _loop(self) -> None:
        pace = self.adj.cleanup_interval
        while self._deadline is None or (monotonic() < self._deadline and self._unsent()):
            timeout = _LONG_WAIT if self.task_dispatcher.relieve() else pace
            wasyncore.loop(timeout=timeout, use_poll=True, map=self._map, count=1)
        for channel in list(self.active_channels.values()):
            channel.handle_close()
        with self._gone_lock:
            self._gone = True
            self.close()

    def _unsent(self) -> bool:
        return any(channel.total_outbufs_len for channel in self.active_channels.values())


class Server:
    """Serves a handler over HTTP/1.1. Each server has its own threads, connections and numbers.

    An exception in the handler is answered with an empty 500 and logged. Of headers the server
    adds Content-Length, and Connection where HTTP needs it, unless the response has its own.
    """

    def __init__(
        self,
        handle: Handle,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        limits: ServerLimits = USUAL_LIMITS,
    ) -> None:
        """Port 0 takes any free one; nothing is opened before `start`."""
        self._handle = handle
        self._address = (host, port)
        self._limits = limits
        self._listener: _Listener | None = None

    @property
    def port(self) -> int:
        return int(self._running().effective_port)

    @property
    def url(self) -> str:
        """Without a slash at the end."""
        host = str(self._running().effective_host)
        reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
        return f"http://{f'[{reachable}]' if ':' in reachable else reachable}:{self.port}"

    def start(self) -> None:
        """Serve in threads of its own; connections are accepted when this returns.

        Raises CannotListenError.
        """
        if self._listener is None:
            self._listener = _Listener(self._handle, _open_door(*self._address), self._limits)

    def stop(self) -> None:
        """Let running handlers finish, then close everything; delayed answers are not sent.

        May be called again, and from a signal handler, but not from a handler of requests.
        """
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.stop()

    def serve_forever(self) -> None:
        """Serve until `stop` is called, by a signal handler or another thread."""
        self.start()
        thread = self._running().thread
        while thread.is_alive():
            # On Windows a signal does not end a wait, so the wait has to end by itself.
            thread.join(0.5)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def _running(self) -> _Listener:
        if self._listener is None:
            raise RuntimeError("the server has no address: call start() first, or use it in a with")
        return self._listener


def _open_door(host: str, port: int) -> socket.socket:
    try:
        return _listening(host, port)
    except (OSError, OverflowError) as error:
        usual = f"{error}; choose a host as 127.0.0.1 and a port up to 65535, 0 for any"
        advice = _ADVICE.get(getattr(error, "errno", None) or 0, usual)
        raise CannotListenError(f"cannot listen on {host} port {port}: {advice}") from error


def _listening(host: str, port: int) -> socket.socket:
    if not 0 <= port <= _LAST_PORT:
        # Some systems would take it for the port that its last 16 bits are.
        raise OverflowError("there is no such port")
    passive = socket.AI_PASSIVE
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=passive)
    family, kind, protocol, _, address = found[0]
    door = socket.socket(family, kind, protocol)
    try:
        # Windows means something else by reuse: it lets two programs listen on one port.
        if sys.platform == "win32":
            door.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(address)
        door.listen()
    except BaseException:
        door.close()
        raise
    return door


def _adjustments(limits: ServerLimits) -> Adjustments:
    settings = Adjustments(
        channel_request_lookahead=1,
        clear_untrusted_proxy_headers=False,
        connection_limit=limits.connections + len(("the listening socket", "the trigger")),
        log_socket_errors=False,
        max_request_header_size=limits.head_bytes,
        max_request_body_size=limits.body_bytes,
        outbuf_high_watermark=_UNBOUNDED,
        outbuf_overflow=_UNBOUNDED,
        recv_bytes=64 * 1024,
    )
    # Waitress would cut these to whole seconds.
    settings.channel_timeout = limits.channel_timeout
    settings.cleanup_interval = min(1.0, limits.channel_timeout / 4)
    return settings
