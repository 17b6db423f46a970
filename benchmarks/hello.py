"""The server alone, against the two measures: waitress with bare Flask, and with bare WSGI.

Run from the project's root: python -m benchmarks.hello [seconds a round]
Server and load generator are processes of their own; where the system allows it, each has a core.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from benchmarks.load import Load, Result, drive
from benchmarks.processes import part_cores, pin, serving

ROUNDS = 3
TEXT = b"Hello, World!"
HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Date", "Mon, 02 Mar 2026 08:00:00 GMT"),
    ("Server", "waitress"),
)
REQUEST = (
    b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: load\r\nAccept: */*\r\n"
    b"Content-Type: text/xml; charset=utf-8\r\nContent-Length: 5\r\n\r\nhello"
)


def _podatelna() -> None:
    from podatelna.kernel.exchange import Request, Response  # noqa: PLC0415 - only one is measured
    from podatelna.kernel.server import Server  # noqa: PLC0415 - only one is measured

    def hello(_: Request) -> Response:
        return Response(200, TEXT, HEADERS)

    with Server(hello) as server:
        print(server.port, flush=True)
        sys.stdin.read()


def _flask() -> None:
    from flask import Flask  # noqa: PLC0415 - only one is measured

    app = Flask(__name__)

    @app.post("/")
    def hello() -> str:
        return TEXT.decode()

    _waitress(app)


def _wsgi() -> None:
    def hello(_: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        start_response("200 OK", [*HEADERS, ("Content-Length", str(len(TEXT)))])
        return [TEXT]

    _waitress(hello)


def _waitress(app: Callable[..., Iterable[bytes]]) -> None:
    from waitress.server import create_server  # noqa: PLC0415 - only one is measured

    server = create_server(app, listen="127.0.0.1:0", threads=64, connection_limit=1000)
    print(server.effective_port, flush=True)
    server.run()


SERVERS = {"podatelna": _podatelna, "waitress + flask": _flask, "waitress + wsgi": _wsgi}


def _best(name: str, seconds: float, core: Sequence[str]) -> Result:
    with serving("benchmarks.hello", name, core) as process:
        drive(process.port, REQUEST, Load(seconds=seconds / 4))
        load = Load(seconds=seconds)
        return max((drive(process.port, REQUEST, load) for _ in range(ROUNDS)), key=_rps)


def _rps(result: Result) -> float:
    return result.rps


def main(seconds: float) -> None:
    core = part_cores()
    results = {name: _best(name, seconds, core) for name in SERVERS}
    measure = results["waitress + flask"].rps
    print(f"{'':18}{'requests/s':>12}{'p50 ms':>9}{'p99 ms':>9}{'ratio':>8}")
    for name, result in results.items():
        figures = f"{result.rps:12.0f}{result.p50_ms:9.2f}{result.p99_ms:9.2f}"
        print(f"{name:18}{figures}{result.rps / measure:8.2f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        for given in sys.argv[3:]:
            pin(int(given))
        SERVERS[sys.argv[2]]()
    else:
        main(float(sys.argv[1]) if len(sys.argv) > 1 else 3.0)
