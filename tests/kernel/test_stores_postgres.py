"""PostgreSQL: replicas that see, await and never overrun each other."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection

from podatelna.kernel.store import Store, StoreError, UnknownSandboxError
from tests.kernel.conftest import OpenStore
from tests.kernel.threads import finish, outcome, start, together
from tests.kernel.words import LATER, METADATA, add, bump, fill, number_of, words


def test_a_database_of_another_version_is_refused(open_postgres: OpenStore) -> None:
    open_postgres(METADATA).create("one", "world", fill())
    later = open_postgres(LATER)
    assert later.names() == ["one"]
    with pytest.raises(StoreError) as refused, later.transaction("one"):
        pass
    assert str(refused.value) == (
        "sandbox one was made by another version of podatelna;"
        ' drop the schema "podatelna_box_one" or use another database'
    )


def test_a_server_that_does_not_answer() -> None:
    pytest.importorskip("psycopg")
    from podatelna.kernel.store_postgres import PostgresStore

    with pytest.raises(StoreError) as refused:
        PostgresStore(METADATA, "postgresql+psycopg://me:secret@127.0.0.1:1/test")
    assert str(refused.value).startswith(
        "no database at postgresql+psycopg://me:***@127.0.0.1:1/test: connection failed: "
    )


def test_replicas_see_each_other_at_once(open_postgres: OpenStore) -> None:
    here, there = open_postgres(METADATA), open_postgres(METADATA)
    here.create("one", "world", fill("a"))
    assert there.names() == ["one"]
    add(there, "one", "b")
    assert words(here, "one") == ["a", "b"]
    there.reset("one", "world", fill("z"))
    assert words(here, "one") == ["z"]
    here.drop("one")
    with pytest.raises(UnknownSandboxError):
        words(there, "one")
    there.create("one", "world", fill("y"))
    assert words(here, "one") == ["y"]


def test_replicas_lose_nothing(open_postgres: OpenStore) -> None:
    replicas = [open_postgres(METADATA), open_postgres(METADATA)]
    replicas[0].create("one", "world", fill("a"))

    def bumps(store: Store) -> None:
        for _ in range(15):
            bump(store, "one")

    assert together(*(lambda store=store: bumps(store) for store in replicas * 4)) == [None] * 8
    assert number_of(replicas[0], "one") == 121


def test_statements_are_prepared_for_each_sandbox_anew(open_postgres: OpenStore) -> None:
    """psycopg prepares what comes often; the plan must not lead into another schema."""
    store = open_postgres(METADATA)
    for name in ("one", "two"):
        store.create(name, "world", fill("a"))
    for _ in range(12):
        bump(store, "one")
        bump(store, "two")
        bump(store, "two")
    store.reset("one", "world", fill("a"))
    bump(store, "one")
    assert (number_of(store, "one"), number_of(store, "two")) == (2, 25)


WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database ="
HERE = " (SELECT oid FROM pg_database WHERE datname = current_database())"


def until_waiting(connection: Any, many: int) -> None:
    """Return when so many wait for a sandbox's lock."""
    for _ in range(100_000):
        if connection.execute(WAITING + HERE).fetchone() == (many,):
            return
    raise AssertionError(f"{many} should be waiting")


def in_turn(connection: Any, store: Store, *jobs: Callable[[], object]) -> list[object]:
    """What those got who waited, one behind the other, for the sandbox `one` of the store."""
    results: list[object] = [None] * len(jobs)
    threads = []

    def work(place: int) -> None:
        results[place] = outcome(jobs[place])

    with store.transaction("one"):
        for place in range(len(jobs)):
            threads.append(start(partial(work, place)))
            until_waiting(connection, place + 1)
        assert results == [None] * len(jobs)
    finish(*threads)
    return results


def test_replicas_enter_a_sandbox_one_after_the_other(
    open_postgres: OpenStore, connection: Any
) -> None:
    here, there = open_postgres(METADATA), open_postgres(METADATA)
    here.create("one", "world", fill("a"))
    got = in_turn(connection, here, lambda: bump(there, "one"), lambda: number_of(here, "one"))
    assert got == [None, 2]


def test_who_waits_while_a_sandbox_is_dropped_finds_none(
    open_postgres: OpenStore, connection: Any
) -> None:
    here, there = open_postgres(METADATA), open_postgres(METADATA)
    here.create("one", "world", fill("a"))
    number_of(there, "one")
    dropped, missed = in_turn(
        connection, here, lambda: here.drop("one"), lambda: number_of(there, "one")
    )
    assert dropped is None
    assert isinstance(missed, UnknownSandboxError)


def test_who_waits_while_a_sandbox_is_reset_finds_the_new_one(
    open_postgres: OpenStore, connection: Any
) -> None:
    here, there = open_postgres(METADATA), open_postgres(METADATA)
    here.create("one", "world", fill("a"))
    bump(there, "one")
    reset = in_turn(
        connection,
        here,
        lambda: here.reset("one", "other", fill("z")),
        lambda: words(there, "one"),
    )
    assert reset == [None, ["z"]]


def test_a_sandbox_that_is_just_being_made_is_awaited(
    open_postgres: OpenStore, connection: Any
) -> None:
    here, there = open_postgres(METADATA), open_postgres(METADATA)
    results: list[object] = []
    visitors = []

    def slowly(transaction: Connection) -> None:
        fill("a")(transaction)
        visitors.append(start(lambda: results.append(words(there, "one"))))
        until_waiting(connection, 1)

    here.create("one", "world", slowly)
    finish(*visitors)
    assert results == [["a"]]
