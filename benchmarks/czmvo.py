"""CZMVO AMS under load: beside bare Flask, and a million alerts of one party beside a thousand.

Run from the project's root: python -m benchmarks.czmvo [seconds a round] [alerts]
The worlds are kept in files, as with `serve --data`; to write a million alerts takes two minutes.
Server and load generator are processes of their own; where the system allows it, each has a core.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

import yaml

from benchmarks.load import Caller
from benchmarks.processes import Process, part_cores, served, serving
from benchmarks.turns import FLASK, HELLO, Line, Subject, measure, print_beside_flask

ROUNDS = 10
FEW, MANY = 1_000, 1_000_000
PAGE = 500
WORLD = Path("scenarios/worlds/czmvo-large.yaml")
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
"""The day after the last alert of that world."""
UNLIMITED = {"limit_per_client": 10**9, "limit_per_address": 10**9}
LONG_AGO, LATELY = "2018-03-15 12:00:00", "2026-02-26 00:00:00"
BETWEEN = {"createdFrom": "2017-03-15 12:00:00", "createdTo": "2025-10-15 12:00:00"}
SAMPLE_PAGES = 20
CLIENT = {"client_id": "mah-id", "client_secret": "mah-secret"}
MESSAGE = {"subject": "Dotaz", "message": "Prosíme o fotografii balení."}
FORM = "application/x-www-form-urlencoded"
TOKEN = urlencode({"grant_type": "client_credentials", **CLIENT}).encode()


def request(method: str, target: str, *headers: str, body: bytes = b"") -> bytes:
    """An HTTP request, and the headers that a client sends with all of them."""
    lines = (
        f"{method} {target} HTTP/1.1",
        "Host: 127.0.0.1",
        "User-Agent: load",
        "Accept: application/json",
        *headers,
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join((*lines, "", "")).encode() + body


ISSUE = request("POST", "/auth/token/", f"Content-Type: {FORM}", body=TOKEN)


@dataclass(frozen=True)
class Ams:
    """A running AMS, as the large holder of registrations calls it."""

    process: Process

    @cached_property
    def _headers(self) -> tuple[str, str]:
        token = self._ask(ISSUE)["access_token"]
        return "amscz-version: 2.0", f"Authorization: Bearer {token}"

    def states(self, **parameters: Any) -> bytes:
        query = urlencode({"list": "state", **parameters})
        return request("GET", f"/alerts/?{query}", *self._headers)

    def message(self, uprc: str) -> bytes:
        body = json.dumps({"uprc": uprc, **MESSAGE}).encode()
        return request(
            "POST", "/alerts/", *self._headers, "Content-Type: application/json", body=body
        )

    def listed(self, **parameters: Any) -> Any:
        """The result of the function `state`."""
        return self._ask(self.states(**parameters))["result"]

    def fills_page(self, **parameters: Any) -> bool:
        """Whether so many alerts are found: a page that is not full costs less."""
        return len(self.listed(**parameters)["alerts"]) == PAGE

    def middle(self, **parameters: Any) -> int:
        """The page in the middle of all."""
        count: int = self.listed(**parameters, page=-1)["pages"]
        return max(1, count // 2)

    def some(self) -> list[str]:
        """Alerts of all ages, in no order."""
        random, pages = Random(0), range(1, self.listed(page=-1)["pages"] + 1)
        picked = random.sample(pages, min(SAMPLE_PAGES, len(pages)))
        found = [alert["uprc"] for page in picked for alert in self.listed(page=page)["alerts"]]
        random.shuffle(found)
        return found

    def open(self) -> list[str]:
        """Alerts that may be written to."""
        states = self._ask(request("GET", "/alerts/?list=enumState", *self._headers))["result"]
        unsolved = [state["id"] for state in states["states"] if not state["finalstate"]]
        return [
            alert["uprc"]
            for state in unsolved
            for alert in self.listed(state=state, latest=True)["alerts"]
        ]

    def _ask(self, asked: bytes) -> Any:
        caller = Caller(self.process.port)
        reply = caller.ask(asked)
        caller.socket.close()
        assert reply.status == 200, reply
        return json.loads(reply.body)


def in_turn(requests: Sequence[bytes]) -> Callable[[int], bytes]:
    return lambda number: requests[number % len(requests)]


# -- worlds


def write_world(folder: Path, alerts: int, settings: Mapping[str, object]) -> Path:
    """A world file like the large one that ships, with so many alerts, whose clock stands still."""
    world = yaml.safe_load(WORLD.read_text("utf-8"))
    world["clock"] = NOW
    world["settings"]["czmvo"] |= settings
    world["czmvo"]["production"]["generate"]["alerts"] = alerts
    file = folder / f"{alerts}.yaml"
    file.write_text(yaml.safe_dump(world, allow_unicode=True), "utf-8")
    return file


def open_world(running: ExitStack, core: Sequence[str], alerts: int, **settings: object) -> Ams:
    """An AMS over a world that is in a file; the server that wrote it had it in memory, too."""
    folder = Path(running.enter_context(TemporaryDirectory()))
    data, world = str(folder / "data"), str(write_world(folder, alerts, settings))
    started = perf_counter()
    with served(core, "--data", data, "--world", world):
        print(f"{alerts:,} alerts were written in {perf_counter() - started:.0f} s", flush=True)
    return Ams(running.enter_context(served(core, "--data", data, "--world", world)))


# -- what is measured

OF_FEW = ", few"
SINGLE, FIRST = "single alert", "page, first"
"""What the few are asked. Filters of which they have a full page are asked of them, too."""


def readings(few: Ams, many: Ams) -> Iterator[Subject]:
    for ams, alerts in ((few, OF_FEW), (many, "")):
        requests = [ams.states(uprc=uprc) for uprc in ams.some()]
        yield Subject(f"{SINGLE}{alerts}", ams.process, in_turn(requests))
        for name, parameters in pages(ams):
            if ams.fills_page(**parameters):
                yield Subject(f"{name}{alerts}", ams.process, ams.states(**parameters))


def pages(ams: Ams) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """First pages and others, by filters and by all of them."""
    state = ams.listed(page=ams.middle())["alerts"][0]["stateid"]
    changed = {"changedFrom": LONG_AGO}
    for name, filters in {
        "page": {},
        "by state": {"state": state},
        "by creation": BETWEEN,
        "changed since": changed,
        "by all of them": {**changed, "state": state, **BETWEEN},
    }.items():
        yield f"{name}, first", filters
        yield f"{name}, newest first", {**filters, "latest": "true"}
        yield f"{name}, in the middle", {**filters, "page": ams.middle(**filters)}
    # Alerts raised before that time come first, and they have to be put in order.
    yield "changed since, page 5", {**changed, "page": 5}
    yield "changed lately", {"changedFrom": LATELY}


def others(many: Ams, refused: Ams) -> Iterator[Subject]:
    messages = [many.message(uprc) for uprc in many.open()]
    yield Subject("POST message", many.process, in_turn(messages))
    yield Subject("token", many.process, ISSUE)
    yield Subject("429", refused.process, refused.states(), status=429)


def beside(lines: Sequence[Line]) -> Iterator[str]:
    """How many times as long the p50 is as that of the few, of the same request or a first page."""
    p50 = {line.name: line.result.p50_ms for line in lines}
    for name, ms in p50.items():
        few = p50.get(f"{name}{OF_FEW}", p50[f"{FIRST}{OF_FEW}"] if "," in name else 0)
        yield f"{ms / few:.2f}" if few and not name.endswith(OF_FEW) else ""


def main(seconds: float, alerts: int = MANY) -> None:
    core = part_cores()
    with ExitStack() as running:
        few, many = (open_world(running, core, number, **UNLIMITED) for number in (FEW, alerts))
        refused = open_world(running, core, FEW, **UNLIMITED | {"limit_per_client": 1})
        flask = running.enter_context(serving("benchmarks.hello", "waitress + flask", core))
        subjects = [
            Subject(FLASK, flask, HELLO),
            *readings(few, many),
            *others(many, refused),
        ]
        lines = measure(subjects, seconds, ROUNDS)
        print_beside_flask(lines, [f"of {FEW:,}", *beside(lines)])


if __name__ == "__main__":
    main(
        float(sys.argv[1]) if len(sys.argv) > 1 else 0.5,
        int(sys.argv[2]) if len(sys.argv) > 2 else MANY,
    )
