"""SDNS under load, and with large reports: their time, their memory, and those that do harm.

Run from the project's root: python -m benchmarks.sdns [seconds a round] [rounds of large reports]
Small calls are compared with bare Flask. What is large is taken over and processed by a server of
its own: processor times are beside those of expat for the same XML, memory beside the size of the
XML.
"""

import gzip
import io
import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from time import perf_counter, process_time
from urllib.request import Request, urlopen
from xml.parsers import expat

from benchmarks import reports
from benchmarks.processes import Process, part_cores, served, serving
from benchmarks.reports import Packing
from benchmarks.turns import FLASK, HELLO, Subject, measure, print_beside_flask

ROUNDS, LARGE_ROUNDS = 10, 3
ROWS = 73_161
"""Of a real report, of 52 MB."""
FEW, MANY = 10_000, 300_000
ONE = range(1, 2)
LOAD, ROUTER = "/ewi-ws/ZaslaniDat", "/ewi-ws/EwiSOAPRouter"
OTHER_LOAD = "/ewitest-ws/ZaslaniDat"
SANDBOX = "/_podatelna/sandboxes/default"
XML_TYPE = "text/xml; charset=utf-8"
ANYTHING = {"sdns": {"maximum_request_bytes": 90_000_000}}
"""Settings: 10 MB are the usual limit."""
PATIENCE = 600
MEGABYTE = 1024 * 1024
OK, REFUSED = ("OK",), ("Decompression failed", "Invalid XML data")
_CODE = re.compile(r"code=&quot;([^&]*)&quot;|code=\"([^\"]*)\"")
_STATE = re.compile(r"<StavKod>(-?\d+)")
_VALID = ["50", "51"]
"""States of an occurrence with valid data, and of the issue that brought them."""


class UnexpectedError(Exception):
    """An answer that is not what is measured."""


@dataclass(frozen=True, slots=True)
class Bank:
    """A running server, as the bank's office and a reporter call it."""

    process: Process

    def start(self) -> None:
        """Stop the clock on the day when reports are due, and let large ones in.

        A small message, in the other environment, has all imported that is needed for any.
        """
        self._administer("PUT", "clock", {"freeze": reports.NOW})
        self._administer("PATCH", "settings", ANYTHING)
        packing = Packing(signed=True)
        self.load(packing.call(1, packing.packed(reports.message(1, ONE))), path=OTHER_LOAD)
        self.process_all()

    def load(self, call: bytes, codes: Sequence[str] = OK, path: str = LOAD) -> None:
        found = _CODE.search(self._ask("POST", path, call, XML_TYPE))
        code = found and (found[1] or found[2])
        if code not in codes:
            raise UnexpectedError(f"the answer to loadData is {code}")

    def process_all(self) -> None:
        self._administer("PUT", "clock", {"advance": "2h"})

    def check(self) -> None:
        """Raise UnexpectedError unless what was sent has become valid data."""
        answer = self._ask("POST", ROUTER, reports.question(), reports.QUESTION_TYPE)
        if _STATE.findall(answer) != _VALID:
            raise UnexpectedError(answer)

    def _administer(self, method: str, what: str, given: Mapping[str, object]) -> None:
        body = json.dumps(given).encode()
        self._ask(method, f"{SANDBOX}/{what}", body, "application/json")

    def _ask(self, method: str, path: str, body: bytes, content_type: str) -> str:
        address = f"http://127.0.0.1:{self.process.port}{path}"
        request = Request(address, body, {"Content-Type": content_type}, method=method)
        with urlopen(request, timeout=PATIENCE) as answer:
            return str(answer.read().decode())


# -- small calls


def small(process: Process) -> Iterator[Subject]:
    """Each file has another name; that numbers of messages are the same is found in processing."""
    bank, files = Bank(process), count(2)
    bank.start()
    one = reports.message(1, ONE)
    bank.load(Packing().call(1, Packing().packed(one)))
    bank.process_all()
    bank.check()
    for packing in (Packing(), Packing(signed=True)):
        data, name = packing.packed(one), "loadData, signed" if packing.signed else "loadData"
        yield Subject(name, process, _files(packing, data, files))
    yield Subject("performQuery", process, post(ROUTER, reports.question(), reports.QUESTION_TYPE))


def _files(packing: Packing, data: bytes, files: Iterator[int]) -> Callable[[int], bytes]:
    return lambda _: post(LOAD, packing.call(next(files), data), XML_TYPE)


def post(path: str, body: bytes, content_type: str) -> bytes:
    """A request as it goes over the wire."""
    lines = (
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join((*lines, "", "")).encode() + body


# -- large reports


@dataclass(frozen=True, slots=True)
class Report:
    """What is sent. `parsing`: processor time, in seconds, that expat takes for its XML."""

    name: str
    rows: int
    size: int
    """Bytes of XML."""
    parsing: float
    calls: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Taken:
    """Of the server: seconds of processor time, and megabytes above those that it had at first."""

    taking_over: float
    processing: float
    memory: float


def large() -> Iterator[Report]:
    signed, plain = Packing(signed=True), Packing("NONE")
    yield report("10,000 rows, signed", FEW, signed)
    yield report("a real report, signed", ROWS, signed)
    yield report("not compressed", ROWS, plain)
    yield report("in 49 parts, signed", ROWS, signed, split=True)
    yield report("300,000 rows, signed", MANY, signed)


def report(name: str, rows: int, packing: Packing, *, split: bool = False) -> Report:
    whole = range(1, rows + 1)
    messages = reports.parts(rows) if split else [reports.message(1, whole)]
    size, parsing, calls = 0, 0.0, []
    for number, xml in enumerate(messages, 1):
        size += len(xml)
        parsing += min(_parse(xml) for _ in range(LARGE_ROUNDS))
        calls.append(packing.call(number, packing.packed(xml)))
    return Report(name, rows, size, parsing, calls)


def _parse(xml: bytes) -> float:
    began = process_time()
    expat.ParserCreate().Parse(xml, True)
    return process_time() - began


def send(sent: Report, core: Sequence[str]) -> Taken:
    """To a server of its own."""
    with served(core) as process:
        bank, idle = Bank(process), process.peak_mb()
        bank.start()
        began = process.cpu_seconds()
        for call in sent.calls:
            bank.load(call)
        taken_over = process.cpu_seconds()
        bank.process_all()
        processed = process.cpu_seconds()
        memory = process.peak_mb() - idle
        bank.check()
    return Taken(taken_over - began, processed - taken_over, memory)


def print_large(core: Sequence[str], rounds: int) -> None:
    """The fastest of so many rounds, and the most memory of any. Times are processor times."""
    print(
        f"{'':32}{'take-over':>10}{'rows/s':>8}{'x expat':>8}{'processing':>11}{'rows/s':>8}"
        f"{'x expat':>8}{'a row':>7}{'memory':>9}"
    )
    first = 0.0
    for sent in large():
        rows = [send(sent, core) for _ in range(rounds)]
        taking_over = min(taken.taking_over for taken in rows)
        processing = min(taken.processing for taken in rows)
        memory = max(taken.memory for taken in rows) * MEGABYTE / sent.size
        a_row = (taking_over + processing) / sent.rows
        first = first or a_row
        print(
            f"{sent.name:32}{taking_over:8.2f} s{sent.rows / taking_over:8,.0f}"
            f"{taking_over / sent.parsing:8.1f}{processing:9.2f} s{sent.rows / processing:8,.0f}"
            f"{processing / sent.parsing:8.1f}{a_row / first:7.2f}{memory:5.1f} XML",
            flush=True,
        )


# -- what does harm


def harmful() -> Iterator[tuple[str, str, bytes]]:
    """Name, word of zipmethod, and data that have to be refused."""
    laughs = "".join(f'<!ENTITY l{each} "{f"&l{each - 1};" * 10}">' for each in range(1, 10))
    lol = f'<!DOCTYPE VYDANI [<!ENTITY l0 "lol">{laughs}]><VYDANI>&l9;</VYDANI>'
    zeros = bytes(250_000_000)
    yield "entities, a billion of them", "NONE", lol.encode()
    yield "an element in another, and on", "NONE", b"<VYDANI>" + b"<a>" * 20_000_000
    yield "as many, one by one", "NONE", b"<VYDANI>" + b"<a/>" * 15_000_000
    yield "a text of 60 MB", "NONE", b"<VYDANI>" + b" text" * 12_000_000
    yield "an archive, 1000 : 1", "ZIP", zipped(zeros)
    yield "an archive in an archive", "ZIP", zipped(zipped(zipped(zeros)))
    yield "GZIP of 100,000 members", "GZIP", gzip.compress(b"") * 100_000


def zipped(data: bytes) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("message.xml", data)
    return output.getvalue()


def refuse(call: bytes, core: Sequence[str]) -> tuple[float, float]:
    """Seconds until it was refused, and megabytes above what a server needs for a small message."""
    with served(core) as process:
        bank = Bank(process)
        bank.start()
        before = process.peak_mb()
        began = perf_counter()
        bank.load(call, REFUSED)
        return perf_counter() - began, process.peak_mb() - before


def print_harmful(core: Sequence[str]) -> None:
    print(f"{'':32}{'sent':>12}{'refused in':>12}{'memory':>10}")
    for name, method, data in harmful():
        call = Packing(method).call(1, data)
        took, memory = refuse(call, core)
        print(f"{name:32}{len(call):10,d} B{took * 1000:9.0f} ms{memory:7.1f} MB", flush=True)


def main(round_seconds: float, rounds: int = LARGE_ROUNDS) -> None:
    core = part_cores()
    with ExitStack() as running:
        flask = running.enter_context(serving("benchmarks.hello", "waitress + flask", core))
        bank = running.enter_context(served(core))
        subjects = [Subject(FLASK, flask, HELLO), *small(bank)]
        print_beside_flask(measure(subjects, round_seconds, ROUNDS))
    print(f"\nLarge reports; `a row`: its time beside that of one of {FEW:,}\n")
    print_large(core, rounds)
    print("\nReports that do harm\n")
    print_harmful(core)


if __name__ == "__main__":
    main(
        float(sys.argv[1]) if len(sys.argv) > 1 else 0.5,
        int(sys.argv[2]) if len(sys.argv) > 2 else LARGE_ROUNDS,
    )
