"""Runs of a seed are the same everywhere."""

from pathlib import Path

from podatelna.kernel.controls import read_controls
from podatelna.kernel.sandbox import HouseRules
from tests.kernel.conftest import OpenStore
from tests.kernel.depot import (
    House,
    house,
)
from tests.kernel.states import MINUTE, journal_of


def run_of(of: House, name: str = "default") -> list[object]:
    """Everything that a run gives to see."""
    seen: list[object] = [
        of.call("file", b"a hat", name),
        of.call("promise", b"a coat", name, query="minutes=5", headers={"x-login": "porter"}),
        of.call("crash", b"", name),
        of.sandboxes.advance(name, MINUTE * 5),
        of.call("file", b"a stick", name),
        of.call("crowd", b"", name),
    ]
    return [*seen, of.parcels(name), journal_of(of, name)]


def test_a_seed_gives_the_same_run_in_every_store(
    papers: Path, open_store: OpenStore, open_memory: OpenStore
) -> None:
    here, model = house(open_store()), house(open_memory())
    here.sandboxes.create("other")
    expected = run_of(model)
    assert run_of(here) == expected
    assert run_of(here, "other") == expected
    here.sandboxes.reset("default")
    assert run_of(here) == expected


def test_the_answers_of_a_seed_are_these(here: House) -> None:
    """The SHA-256 sum of `a seed|depot.mark|1`, made a UUID of version 4 by hand."""
    assert here.call("file", b"a hat").body == b'[101, "c0366d54-ebac-4d02-916b-115cbfe841a2"]'


def test_another_seed_gives_another_run(papers: Path, open_memory: OpenStore) -> None:
    one, other = (house(open_memory(), HouseRules(seed=seed)) for seed in ("a", "b"))
    assert one.call("file").body != other.call("file").body


def test_without_a_seed_no_two_sandboxes_are_the_same(papers: Path, open_store: OpenStore) -> None:
    here = house(open_store(), HouseRules())
    here.sandboxes.create("other")
    marks = [here.call("file", b"", name).body for name in ("default", "other")]
    here.sandboxes.reset("other")
    marks.append(here.call("file", b"", "other").body)
    assert len(set(marks)) == 3


def test_a_sandbox_keeps_its_seed(papers: Path, open_lasting: OpenStore) -> None:
    seeds = []
    for _ in range(2):
        here = house(open_lasting(), HouseRules())
        here.call("echo")
        with here.sandboxes.open("default") as transaction:
            seeds.append(read_controls(transaction).seed)
        here.store.close()
    assert len(seeds[0]) == 32
    assert seeds[0] == seeds[1]
