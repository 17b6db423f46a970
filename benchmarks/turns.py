"""What is measured takes turns, because a machine is never as fast as it was a minute ago."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.load import Load, Preamble, Result, Source, drive
from benchmarks.processes import Process

ROUNDS = 5
CONNECTIONS = 8
FLASK = "bare Flask hello"
HELLO = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n\r\nhello"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is measured: a server, and what it is asked."""

    name: str
    process: Process
    request: Source
    preamble: Preamble | None = None
    status: int = 200
    """Of every answer."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of figures. `cpu_us`: processor time of the server for one answer."""

    name: str
    result: Result
    cpu_us: float


def measure(subjects: Sequence[Subject], seconds: float, rounds: int = ROUNDS) -> list[Line]:
    """Each subject's fastest round, after a round to warm up."""
    lines = [[_measured(subject, seconds) for subject in subjects] for _ in range(rounds + 1)]
    return [max(own, key=lambda line: line.result.rps) for own in zip(*lines[1:], strict=True)]


def _measured(subject: Subject, seconds: float) -> Line:
    before = subject.process.cpu_seconds()
    load = Load(CONNECTIONS, seconds, status=subject.status)
    result = drive(subject.process.port, subject.request, load, subject.preamble)
    spent = subject.process.cpu_seconds() - before
    return Line(subject.name, result, spent / result.requests * 1e6)


def print_beside_flask(lines: Sequence[Line], more: Sequence[str] = ("",)) -> None:
    """A table of figures; the first line is Flask's. `more`: a column, with its heading first."""
    flask = lines[0]
    heading, *column = [*more, *("" for _ in lines)]
    print(
        f"{'':32}{'requests/s':>11}{'p50 ms':>8}{'p99 ms':>8}{'cpu us':>8}"
        f"{'ratio':>7}{'by cpu':>8}{heading:>10}"
    )
    for line, told in zip(lines, column, strict=False):
        result = line.result
        by_cpu = flask.cpu_us / line.cpu_us if line.cpu_us else 0
        print(
            f"{line.name:32}{result.rps:11.0f}{result.p50_ms:8.2f}{result.p99_ms:8.2f}"
            f"{line.cpu_us:8.0f}{result.rps / flask.result.rps:7.2f}{by_cpu:8.2f}{told:>10}"
        )
