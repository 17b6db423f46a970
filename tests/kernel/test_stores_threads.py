"""Stores of all three kinds under many threads."""

from collections import Counter

from podatelna.kernel.store import Store
from tests.kernel.threads import together
from tests.kernel.words import bump, fill, number_of, words


def test_eight_threads_lose_nothing(store: Store) -> None:
    """Six on one sandbox, two on another."""
    store.create("two", "world", fill("a", "b"))

    def bumps(name: str) -> None:
        for _ in range(25):
            bump(store, name)

    assert together(*[lambda: bumps("one")] * 6, *[lambda: bumps("two")] * 2) == [None] * 8
    assert (number_of(store, "one"), number_of(store, "two")) == (151, 51)


def test_sandboxes_do_not_wait_for_each_other(store: Store) -> None:
    store.create("two", "world", fill("a", "b"))
    with store.transaction("one"):
        assert together(lambda: bump(store, "two")) == [None]


def test_one_of_many_makes_a_sandbox(store: Store) -> None:
    results = together(*[lambda: store.create("two", "world", fill("a", "b"))] * 4)
    assert sorted(map(str, results)) == ["None"] + ["there is already a sandbox called two"] * 3
    assert words(store, "two") == ["a", "b"]


def test_one_of_many_drops_a_sandbox(store: Store) -> None:
    results = together(*[lambda: store.drop("one")] * 4)
    assert Counter(map(repr, results)) == {"None": 1, "UnknownSandboxError('one')": 3}
    assert store.names() == []


def test_sandboxes_come_and_go_while_others_are_served(store: Store) -> None:
    def come_and_go(name: str) -> None:
        for _ in range(5):
            store.create(name, "world", fill("a", "b"))
            bump(store, name)
            store.reset(name, "world", fill("a", "b"))
            assert number_of(store, name) == 1
            store.drop(name)

    def serve() -> None:
        for _ in range(20):
            bump(store, "one")

    assert together(lambda: come_and_go("x"), lambda: come_and_go("y"), serve, serve) == [None] * 4
    assert (store.names(), number_of(store, "one")) == (["one"], 41)
