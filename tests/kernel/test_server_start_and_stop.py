"""Starting, stopping, and where a server listens."""

import gc
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
import requests
from waitress import wasyncore

from podatelna.kernel.exchange import Request, Response
from podatelna.kernel.server import CannotListenError, Server, ServerLimits
from tests.kernel.wire import (
    BODY,
    FINE,
    GET,
    HALF_BODY,
    PATIENCE,
    SLASH,
    Serve,
    Wire,
    echo,
    get,
    serving,
    troubled,
)

serve = pytest.fixture(serving)


def descriptors() -> set[str]:
    listing = Path("/proc/self/fd")
    return {path.name for path in listing.iterdir()} if listing.is_dir() else set()


def test_starting_and_stopping_leaves_nothing_behind() -> None:
    gc.collect()
    before = set(threading.enumerate()), len(descriptors())
    server = Server(echo)
    for _ in range(20):
        with server, Wire(server) as wire, Wire(server) as half, Wire(server):
            half.send(HALF_BODY)
            assert wire.ask() == SLASH
    gc.collect()
    assert (set(threading.enumerate()), len(descriptors())) == before


def test_stopping_closes_idle_connections_and_the_door() -> None:
    server = Server(echo)
    server.start()
    server.start()
    port = server.port
    with ExitStack() as stack:
        wires = [stack.enter_context(Wire(server)) for _ in range(3)]
        assert [wire.ask() for wire in wires[1:]] == [SLASH, SLASH]
        server.stop()
        server.stop()
        assert [wire.rest() for wire in wires] == [b"", b"", b""]
    assert _refused(port)
    with pytest.raises(RuntimeError, match="call start"):
        _ = server.url


def _refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return True
    return False


@pytest.mark.parametrize("path", ["/long", "/trickle"])
def test_stopping_does_not_wait_for_slow_deliveries(path: str) -> None:
    handled = threading.Event()

    def handle(request: Request) -> Response:
        handled.set()
        return troubled(request)

    server = Server(handle)
    with server, Wire(server) as wire:
        wire.send(get(path))
        assert handled.wait(PATIENCE)
        if path == "/trickle":
            assert wire.head() == FINE[0]
        server.stop()
        received = wire.rest()
    assert BODY.startswith(received)
    assert len(received) < (len(BODY) if path == "/trickle" else 1)


def test_stopping_lets_a_running_handler_finish() -> None:
    running, release = threading.Event(), threading.Event()

    def handle(_: Request) -> Response:
        running.set()
        assert release.wait(PATIENCE)
        return Response(200, b"x" * 10_000_000)

    server = Server(handle)
    server.start()
    port = server.port
    with Wire(server, receive_buffer=65536) as wire, ThreadPoolExecutor(1) as pool:
        wire.send(GET)
        assert running.wait(PATIENCE)
        stopped = pool.submit(server.stop)
        assert any(_refused(port) for _ in range(10_000))
        assert not stopped.done()
        release.set()
        assert wire.answer()[1] == b"x" * 10_000_000
        stopped.result(PATIENCE)


def test_stopping_leaves_a_handler_behind_that_does_not_finish(
    caplog: pytest.LogCaptureFixture,
) -> None:
    running, release = threading.Event(), threading.Event()

    def handle(request: Request) -> Response:
        running.set()
        assert release.wait(PATIENCE)
        return echo(request)

    before = set(threading.enumerate())
    server = Server(handle, limits=ServerLimits(stop_seconds=0.05))
    server.start()
    with Wire(server) as wire:
        wire.send(GET)
        assert running.wait(PATIENCE)
        server.stop()
        assert wire.rest() == b""
    release.set()
    for thread in set(threading.enumerate()) - before:
        thread.join(PATIENCE)
    assert set(threading.enumerate()) == before
    assert caplog.records == []


def test_two_servers_do_not_know_of_each_other(serve: Serve) -> None:
    def numbered(request: Request) -> Response:
        return Response(200, str(request.connection.number).encode())

    first, second = serve(numbered), serve(numbered)
    assert first.port != second.port
    with Wire(first) as one, Wire(second) as two:
        assert [one.ask()[1], two.ask()[1]] == [b"1", b"1"]
        first.stop()
        assert one.rest() == b""
        assert two.ask()[1] == b"1"
        # Waitress' own map is left to whoever else uses waitress in this process.
        assert wasyncore.socket_map == {}


def test_serving_forever_ends_with_stop() -> None:
    server = Server(echo)
    server.start()
    with ThreadPoolExecutor(1) as pool:
        serving = pool.submit(server.serve_forever)
        with Wire(server) as wire:
            assert wire.ask() == SLASH
        server.stop()
        serving.result(PATIENCE)


SCRIPT = """
import signal, sys
from podatelna.kernel.exchange import Response
from podatelna.kernel.server import Server
server = Server(lambda request: Response(200, b"/"))
for wanted in (signal.SIGINT, signal.SIGTERM):
    signal.signal(wanted, lambda *_: server.stop())
server.start()
print(server.url, flush=True)
server.serve_forever()
print("stopped", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to send")
@pytest.mark.parametrize("wanted", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_handler_may_stop_the_server(wanted: signal.Signals) -> None:
    command = [sys.executable, "-c", SCRIPT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        with requests.Session() as session:
            assert session.get(url, timeout=PATIENCE).content == b"/"
            os.kill(process.pid, wanted)
            assert process.wait(PATIENCE) == 0
        assert process.stdout.read() == "stopped\n"


def test_an_address_that_cannot_be_served_is_explained(serve: Serve) -> None:
    port = serve().port
    for host, number, message in (
        ("127.0.0.1", port, f"cannot listen on 127.0.0.1 port {port}: another program listens"),
        ("192.0.2.1", 0, "cannot listen on 192.0.2.1 port 0: this machine has no such address"),
        ("127.0.0.1", 70000, "choose a host as 127.0.0.1 and a port up to 65535, 0 for any"),
        ("no host", 0, "choose a host as 127.0.0.1 and a port up to 65535, 0 for any"),
    ):
        with pytest.raises(CannotListenError, match=re.escape(message)):
            Server(echo, host, number).start()


@pytest.mark.parametrize(
    ("host", "url"), [("0.0.0.0", "http://127.0.0.1:"), ("::1", "http://[::1]:")]
)
def test_the_url_can_be_called(host: str, url: str) -> None:
    if ":" in host and not _has_ipv6():
        pytest.skip("this machine has no IPv6")
    with Server(echo, host) as server, requests.Session() as session:
        assert server.url == f"{url}{server.port}"
        assert session.get(server.url + "/x", timeout=PATIENCE).content == b"/x"


def _has_ipv6() -> bool:
    with suppress(OSError), socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
        return True
    return False
