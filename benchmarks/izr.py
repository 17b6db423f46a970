"""IZR under load: beside bare Flask, and a register of a million animals beside one of a thousand.

Run from the project's root: python -m benchmarks.izr [seconds a round] [animals]
What is asked are signed verifications of moves to a temporary holding, of one animal and of 500.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import yaml
from lxml import etree

from benchmarks.processes import Process, part_cores, served, serving
from benchmarks.turns import FLASK, HELLO, Line, Subject, measure, print_beside_flask
from podatelna_client.izr import add_token

ROUNDS = 10
FEW, MANY = 1_000, 1_000_000
BATCH = 500
WORLD = Path("scenarios/worlds/izr-large.yaml")
FIRST_TAG = 12_345
"""The first holding of that world has a thousand sheep, numbered from here on."""
KEY = "Sandbox0Key0Example1"
GATEWAY = "/ssl/nosso-app/EPO/WS/v2Online/vOKOsrv.ashx"
OF_FEW = ", few"

_ENVELOPE = """<SOAP:Envelope xmlns:SOAP="http://schemas.xmlsoap.org/soap/envelope/"><SOAP:Body>
<vOKO:Request xmlns:vOKO="http://www.pds.eu/vOKO/v0200" vOKOid="IZR_ODH01B">
<vOKO:UIDkey dn="cn=99sandbox,cn=Farmar,cn=Users,o=mze,c=cz"/>
<vOKO:RequestHeader><vOKO:Subject subjectID="1000000001"/></vOKO:RequestHeader>
<vOKO:RequestContent><Request xmlns="http://www.pds.eu/IZR_ODH01B">
<JenOverit>true</JenOverit><HLASENI><PROVOZOVNA>12345678</PROVOZOVNA>
<CISLOOP>123456789</CISLOOP><ZVIRATA>{animals}</ZVIRATA></HLASENI></Request>
</vOKO:RequestContent></vOKO:Request></SOAP:Body></SOAP:Envelope>"""
_ANIMAL = (
    "<ZVIRE><USNIZNAMKA>CZ{serial:010}126</USNIZNAMKA><DRUH>OVC</DRUH>"
    "<DATUMPREMISTENI>2025-05-02T00:00:00</DATUMPREMISTENI></ZVIRE>"
)


def verification(first: int, animals: int) -> bytes:
    """A signed request, over HTTP, about so many sheep that can be moved."""
    serials = range(FIRST_TAG + first, FIRST_TAG + first + animals)
    rows = "".join(_ANIMAL.format(serial=serial) for serial in serials)
    envelope = etree.fromstring(_ENVELOPE.format(animals=rows))
    add_token(envelope, KEY)
    body = etree.tostring(envelope)
    lines = (
        f"POST {GATEWAY} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: text/xml; charset=utf-8",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join((*lines, "", "")).encode() + body


def write_world(folder: Path, animals: int) -> Path:
    """A world file like the large one that ships, with so many animals."""
    world = yaml.safe_load(WORLD.read_text("utf-8"))
    world["izr"]["production"]["generate"]["animals"] = animals
    file = folder / f"{animals}.yaml"
    file.write_text(yaml.safe_dump(world, allow_unicode=True), "utf-8")
    return file


def open_world(running: ExitStack, core: Sequence[str], animals: int) -> Process:
    """A server over a register that is in a file; the one that wrote it had it in memory, too."""
    folder = Path(running.enter_context(TemporaryDirectory()))
    options = ("--data", str(folder / "data"), "--world", str(write_world(folder, animals)))
    started = perf_counter()
    with served(core, *options):
        print(f"{animals:,} animals were written in {perf_counter() - started:.0f} s", flush=True)
    return running.enter_context(served(core, *options))


def subjects(few: Process, many: Process) -> Iterator[Subject]:
    singles = [verification(number, 1) for number in range(BATCH)]
    batch = verification(0, BATCH)
    for process, animals in ((few, OF_FEW), (many, "")):
        yield Subject(f"verify 1{animals}", process, lambda number: singles[number % BATCH])
        yield Subject(f"verify {BATCH}{animals}", process, batch)


def beside(lines: Sequence[Line]) -> Iterator[str]:
    """How many times as long the p50 is as on the small register."""
    p50 = {line.name: line.result.p50_ms for line in lines}
    for name, ms in p50.items():
        few = p50.get(f"{name}{OF_FEW}", 0)
        yield f"{ms / few:.2f}" if few else ""


def main(seconds: float, animals: int = MANY) -> None:
    core = part_cores()
    with ExitStack() as running:
        few, many = (open_world(running, core, number) for number in (FEW, animals))
        flask = running.enter_context(serving("benchmarks.hello", "waitress + flask", core))
        before = many.memory_mb()
        lines = measure([Subject(FLASK, flask, HELLO), *subjects(few, many)], seconds, ROUNDS)
        print_beside_flask(lines, [f"of {FEW:,}", *beside(lines)])
        print(f"memory of the large one: {before:.1f} MB before, {many.memory_mb():.1f} MB after")


if __name__ == "__main__":
    main(
        float(sys.argv[1]) if len(sys.argv) > 1 else 0.5,
        int(sys.argv[2]) if len(sys.argv) > 2 else MANY,
    )
