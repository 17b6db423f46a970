"""Many calls at once in few sandboxes."""

import json
from dataclasses import replace
from pathlib import Path
from threading import Barrier

from podatelna.kernel.controls import read_controls
from podatelna.kernel.exchange import Response
from podatelna.kernel.sandbox import Sandboxes
from podatelna.kernel.visit import Visit
from tests.kernel.conftest import OpenStore
from tests.kernel.depot import (
    DATE,
    SEEDED,
    House,
    depot,
    house,
)
from tests.kernel.states import MINUTE, journal_of
from tests.kernel.threads import PATIENCE, together


def test_eight_threads_file_in_one_sandbox(papers: Path, open_store: OpenStore) -> None:
    here = house(open_store(), SEEDED)
    answers: list[bytes] = []

    def file() -> None:
        for _ in range(10):
            answers.append(here.call("file", b"a hat").body)

    assert together(*[file] * 8) == [None] * 8
    filed = here.parcels()[1:]
    assert [number for number, *_ in filed] == list(range(101, 181))
    assert sorted(json.loads(answer) for answer in answers) == [
        [number, mark] for number, _, _, mark in filed
    ]
    assert [each.number for each in journal_of(here)] == list(range(1, 81))
    assert len({mark for *_, mark in filed}) == 80


def test_eight_threads_file_in_two_sandboxes(papers: Path, open_store: OpenStore) -> None:
    here = house(open_store(), SEEDED)
    here.sandboxes.create("other")

    def file(name: str) -> None:
        for _ in range(10):
            assert here.call("file", name.encode(), name).status == 200

    files = [lambda: file("default"), lambda: file("other")]
    assert together(*files * 4) == [None] * 8
    for name in ("default", "other"):
        filed = here.parcels(name)[1:]
        assert [number for number, *_ in filed] == list(range(101, 141))
        assert {what for _, what, *_ in filed} == {name}
    assert here.parcels()[-1][3] == here.parcels("other")[-1][3]


def test_calls_of_two_sandboxes_are_answered_side_by_side(
    papers: Path, open_store: OpenStore
) -> None:
    """Each waits in its handler for the other."""
    store, meeting = open_store(), Barrier(2)

    def meet(visit: Visit) -> Response:
        meeting.wait(PATIENCE)
        return Response(204)

    agencies = {"depot": replace(depot(), handler=meet)}
    here = House(store, Sandboxes(store, agencies, SEEDED))
    here.sandboxes.create("other")
    calls = [lambda: here.call(""), lambda: here.call("", b"", "other")]
    assert together(*calls) == [Response(204, b"", (DATE,))] * 2


def test_sandboxes_are_changed_while_they_are_served(papers: Path, open_store: OpenStore) -> None:
    here = house(open_store(), SEEDED)

    def serve() -> None:
        for _ in range(10):
            assert here.call("echo", b"hello").body in (b"hello", b"HELLO")

    def change() -> None:
        for loud in (True, False) * 3:
            here.sandboxes.set("default", {"depot": {"loud": loud}})
            here.sandboxes.reset("default")
            here.sandboxes.advance("default", MINUTE)

    assert together(*[serve] * 4, change) == [None] * 5
    here.sandboxes.set("default", {"depot": {"loud": True}})
    assert here.call("echo", b"hello").body == b"HELLO"


def test_first_visits_at_the_same_time_agree_on_the_seed(
    papers: Path, open_store: OpenStore
) -> None:
    here = house(open_store(), replace(SEEDED, seed=None))
    seeds: list[str] = []

    def look() -> None:
        here.call("echo")
        with here.sandboxes.open("default") as transaction:
            seeds.append(read_controls(transaction).seed)

    assert together(*[look] * 8) == [None] * 8
    assert len(set(seeds)) == 1
    assert seeds[0]
