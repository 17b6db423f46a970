"""The contract of a store, for all three kinds."""

import pytest
from sqlalchemy import Connection, MetaData

from podatelna.kernel.controls import count
from podatelna.kernel.store import (
    NAME,
    NameTakenError,
    Store,
    StoreError,
    UnknownSandboxError,
    fingerprint,
)
from podatelna.kernel.tables import heard
from tests.kernel.conftest import OpenStore
from tests.kernel.words import LATER, METADATA, add, explode, fill, words


def test_a_store_begins_empty(open_store: OpenStore) -> None:
    assert open_store(METADATA).names() == []


def test_a_sandbox_is_a_copy_of_its_world(store: Store) -> None:
    assert words(store, "one") == ["a", "b"]


def test_names_are_in_alphabetical_order(store: Store) -> None:
    for name in ("two", "a", "0-0"):
        store.create(name, "world", fill())
    assert store.names() == ["0-0", "a", "one", "two"]


def test_what_is_written_stays(store: Store) -> None:
    add(store, "one", "c")
    assert words(store, "one") == ["a", "b", "c"]


def test_sandboxes_never_see_each_other(store: Store) -> None:
    store.create("two", "world", fill("a", "b"))
    add(store, "one", "c")
    add(store, "two", "d")
    assert (words(store, "one"), words(store, "two")) == (["a", "b", "c"], ["a", "b", "d"])


def test_an_exception_takes_everything_back_and_goes_on(store: Store) -> None:
    with pytest.raises(RuntimeError, match="boom"), store.transaction("one") as transaction:
        explode(transaction)
    assert words(store, "one") == ["a", "b"]


def test_a_statement_that_fails_takes_everything_back(store: Store) -> None:
    with pytest.raises(Exception, match=r"(?i)unique"), store.transaction("one") as transaction:
        fill("c", "a")(transaction)
    assert words(store, "one") == ["a", "b"]


def test_a_reset_sandbox_is_as_new(store: Store) -> None:
    add(store, "one", "c")
    store.reset("one", "world", fill("a", "b"))
    assert words(store, "one") == ["a", "b"]
    add(store, "one", "c")


def test_a_sandbox_is_reset_to_another_world(store: Store) -> None:
    store.reset("one", "other", fill("z"))
    assert words(store, "one") == ["z"]


def test_a_reset_leaves_other_sandboxes_alone(store: Store) -> None:
    store.create("two", "world", fill("a", "b"))
    add(store, "two", "c")
    store.reset("one", "world", fill("a", "b"))
    assert words(store, "two") == ["a", "b", "c"]


def test_a_dropped_sandbox_is_gone_and_its_name_free(store: Store) -> None:
    store.drop("one")
    assert store.names() == []
    with pytest.raises(UnknownSandboxError, match=r"^one$"):
        words(store, "one")
    store.create("one", "other", fill("z"))
    assert words(store, "one") == ["z"]


def test_a_name_is_taken_once(store: Store) -> None:
    with pytest.raises(NameTakenError) as refused:
        store.create("one", "other", fill("z"))
    assert str(refused.value) == "there is already a sandbox called one"
    assert isinstance(refused.value, StoreError)
    assert words(store, "one") == ["a", "b"]


UNKNOWN = (
    "two",
    "",
    "On",
    "one\0",
    "\udc80",
    'one"',
    "one; DROP SCHEMA public",
    "x" * 300,
    "../one",
)


@pytest.mark.parametrize("name", UNKNOWN)
def test_an_unknown_sandbox_cannot_be_entered_reset_or_dropped(store: Store, name: str) -> None:
    for attempt in (
        lambda: words(store, name),
        lambda: store.reset(name, "world", fill()),
        lambda: store.drop(name),
    ):
        with pytest.raises(UnknownSandboxError) as refused:
            attempt()
        assert refused.value.args == (name,)
    assert store.names() == ["one"]


def test_a_world_that_cannot_be_made_leaves_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError, match="boom"):
        store.create("two", "broken", explode)
    assert store.names() == ["one"]
    store.create("two", "broken", fill("mended"))
    assert words(store, "two") == ["mended"]


def test_a_reset_to_a_world_that_cannot_be_made_changes_nothing(store: Store) -> None:
    add(store, "one", "c")
    with pytest.raises(RuntimeError, match="boom"):
        store.reset("one", "broken", explode)
    assert words(store, "one") == ["a", "b", "c"]


def test_a_closed_store_holds_nothing_open(store: Store) -> None:
    store.create("two", "world", fill())
    store.close()
    store.close()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", ""),
        ("Příliš 🐎", "Příliš 🐎"),
        ("\x85\xff", "\x85\xff"),
        ("a\0b", r"a\x00b"),
        ("\ud800", r"\ud800"),
        ("é\0\udc80", r"é\x00\udc80"),
    ],
)
def test_any_text_from_outside_is_stored_and_found(store: Store, text: str, kept: str) -> None:
    assert heard(text) == kept
    add(store, "one", heard(text))
    assert kept in words(store, "one")


def test_names_that_every_store_can_hold() -> None:
    assert all(NAME.fullmatch(name) for name in ("a", "0", "job-7", "x" * 40))
    assert not any(map(NAME.fullmatch, (*UNKNOWN[1:], "-a", "A", "a_b", "a.b", "é", "x" * 41)))


def test_a_fingerprint_changes_with_the_tables() -> None:
    assert len(fingerprint(METADATA.sorted_tables)) == 12
    assert fingerprint(METADATA.sorted_tables) == fingerprint(METADATA.sorted_tables)
    assert len({fingerprint(each.sorted_tables) for each in (METADATA, LATER, MetaData())}) == 3


def test_data_survive_closing(open_lasting: OpenStore) -> None:
    first = open_lasting(METADATA)
    first.create("one", "world", fill("a"))
    first.create("two", "world", fill("a"))
    add(first, "one", "b")
    first.drop("two")
    first.close()
    second = open_lasting(METADATA)
    assert (second.names(), words(second, "one")) == (["one"], ["a", "b"])
    second.reset("one", "world", fill("z"))
    second.create("two", "world", fill("z"))
    assert (words(second, "one"), words(second, "two")) == (["z"], ["z"])


def draw(store: Store, name: str) -> int:
    with store.transaction(name) as transaction:
        return count(transaction, "a")


def draw_in_vain(transaction: Connection) -> None:
    assert count(transaction, "a") == 3
    raise RuntimeError("boom")


def test_a_series_is_counted_within_the_sandbox(open_store: OpenStore) -> None:
    store = open_store()
    for name in ("one", "two"):
        store.create(name, "empty", lambda transaction: None)
    assert [draw(store, name) for name in ("one", "two", "one")] == [1, 1, 2]
    with pytest.raises(RuntimeError, match="boom"), store.transaction("one") as transaction:
        draw_in_vain(transaction)
    assert draw(store, "one") == 3
