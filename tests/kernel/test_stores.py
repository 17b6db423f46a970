"""The contract of a store, for all three kinds, and what only one kind can get wrong."""

import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Barrier, Event, RLock, Thread
from typing import Any

import pytest
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    insert,
    select,
    update,
)

from podatelna.kernel import store_sqlite
from podatelna.kernel.controls import count
from podatelna.kernel.store import (
    NAME,
    NameTakenError,
    Store,
    StoreError,
    UnknownSandboxError,
    fingerprint,
)
from podatelna.kernel.store_sqlite import SqliteStore
from podatelna.kernel.tables import heard
from tests.kernel.conftest import OpenStore

METADATA = MetaData()
WORD = Table(
    "word",
    METADATA,
    Column("text", String, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("order", String),
)
ADD = insert(WORD)
NUMBER = select(WORD.c.number).where(WORD.c.text == bindparam("which"))
SET = update(WORD).where(WORD.c.text == bindparam("which")).values(number=bindparam("to"))
LATER = MetaData()
WORD.to_metadata(LATER).append_column(Column("more", String))

PATIENCE = 30
"""Seconds until a test that hangs fails."""


def fill(*texts: str) -> Callable[[Connection], None]:
    def write(transaction: Connection) -> None:
        for text in texts:
            transaction.execute(ADD, {"text": text, "number": 1, "order": None})

    return write


def words(store: Store, name: str) -> list[str]:
    with store.transaction(name) as transaction:
        return sorted(transaction.execute(select(WORD.c.text)).scalars())


def add(store: Store, name: str, text: str) -> None:
    with store.transaction(name) as transaction:
        fill(text)(transaction)


def explode(transaction: Connection) -> None:
    fill("half")(transaction)
    raise RuntimeError("boom")


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    store = open_store(METADATA)
    store.create("one", "world", fill("a", "b"))
    return store


def run(*jobs: Callable[[], object]) -> list[object]:
    """Run all at once and wait; returns what each returned or raised."""
    results: list[object] = [None] * len(jobs)
    start = Barrier(len(jobs))

    def work(place: int, job: Callable[[], object]) -> None:
        start.wait(PATIENCE)
        try:
            results[place] = job()
        except Exception as error:
            results[place] = error

    threads = [Thread(target=work, args=each, daemon=True) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive(), "a thread hangs"
    return results


# -- the contract


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
    assert len(fingerprint(METADATA)) == 12
    assert fingerprint(METADATA) == fingerprint(METADATA)
    assert len({fingerprint(each) for each in (METADATA, LATER, MetaData())}) == 3


# -- threads


def bump(store: Store, name: str) -> None:
    """Read, then write what was read and one: two at once would lose one of them."""
    with store.transaction(name) as transaction:
        number = transaction.execute(NUMBER, {"which": "a"}).scalar_one()
        transaction.execute(SET, {"which": "a", "to": number + 1})


def number_of(store: Store, name: str) -> int:
    with store.transaction(name) as transaction:
        return int(transaction.execute(NUMBER, {"which": "a"}).scalar_one())


def test_eight_threads_lose_nothing(store: Store) -> None:
    """Six on one sandbox, two on another."""
    store.create("two", "world", fill("a", "b"))

    def bumps(name: str) -> None:
        for _ in range(25):
            bump(store, name)

    assert run(*[lambda: bumps("one")] * 6, *[lambda: bumps("two")] * 2) == [None] * 8
    assert (number_of(store, "one"), number_of(store, "two")) == (151, 51)


def test_sandboxes_do_not_wait_for_each_other(store: Store) -> None:
    store.create("two", "world", fill("a", "b"))
    with store.transaction("one"):
        assert run(lambda: bump(store, "two")) == [None]


def test_one_of_many_makes_a_sandbox(store: Store) -> None:
    results = run(*[lambda: store.create("two", "world", fill("a", "b"))] * 4)
    assert sorted(map(str, results)) == ["None"] + ["there is already a sandbox called two"] * 3
    assert words(store, "two") == ["a", "b"]


def test_one_of_many_drops_a_sandbox(store: Store) -> None:
    results = run(*[lambda: store.drop("one")] * 4)
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

    assert run(lambda: come_and_go("x"), lambda: come_and_go("y"), serve, serve) == [None] * 4
    assert (store.names(), number_of(store, "one")) == (["one"], 41)


# -- stores that last


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


def test_a_folder_of_another_version_is_refused(open_folder: OpenStore, tmp_path: Path) -> None:
    store = open_folder(METADATA)
    store.create("a", "world", fill())
    store.create("b", "world", fill())
    store.close()
    for _ in range(2):  # what was refused is let go of
        with pytest.raises(StoreError) as refused:
            open_folder(LATER)
        assert str(refused.value) == (
            f"{tmp_path / 'data' / 'a.sqlite'} was made by another version of podatelna;"
            " delete it or start with another --data folder"
        )
    assert open_folder(METADATA).names() == ["a", "b"]


def test_a_folder_that_is_refused_is_let_go_of(open_folder: OpenStore, tmp_path: Path) -> None:
    store = open_folder(METADATA)
    store.create("a", "world", fill())
    store.close()
    foreign(tmp_path / "data" / "b.sqlite")
    begun: list[SqliteStore] = []

    class Remembered(SqliteStore):
        def __init__(self, *how: Any) -> None:
            begun.append(self)
            super().__init__(*how)

    with pytest.raises(StoreError, match="is no sandbox of podatelna"):
        Remembered(METADATA, tmp_path / "data")
    (tmp_path / "data" / "b.sqlite").unlink()
    assert open_folder(METADATA).names() == ["a"]
    assert begun[0].names() == []


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


# -- folders


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipe (name TEXT)")
        connection.commit()


@pytest.mark.parametrize(
    ("write", "why"),
    [
        (foreign, " is no sandbox of podatelna; move it away"),
        (
            lambda path: path.write_bytes(b"not a database" * 100),
            ": file is not a database; move it away",
        ),
    ],
)
def test_a_file_of_somebody_else_is_refused_and_kept(
    open_folder: OpenStore, tmp_path: Path, write: Callable[[Path], object], why: str
) -> None:
    path = tmp_path / "data" / "z.sqlite"
    store = open_folder(METADATA)
    store.create("a", "world", fill())
    store.close()
    write(path)
    before = path.read_bytes()
    with pytest.raises(StoreError) as refused:
        open_folder(METADATA)
    assert str(refused.value) == f"{path}{why} or start with another --data folder"
    assert len(path.read_bytes()) == len(before)
    path.unlink()
    assert open_folder(METADATA).names() == ["a"]


@pytest.mark.parametrize("tables", [0, 1])
def test_a_file_that_was_never_filled_is_no_sandbox(
    open_folder: OpenStore, tmp_path: Path, tables: int
) -> None:
    """The process was killed as it made the sandbox; nobody was told that there is one."""
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "one.sqlite"
    if tables:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
    else:
        path.touch()
    store = open_folder(METADATA)
    assert store.names() == []
    store.create("one", "world", fill("a"))
    store.close()
    assert words(open_folder(METADATA), "one") == ["a"]


def test_a_world_that_cannot_be_made_leaves_no_file(open_folder: OpenStore, tmp_path: Path) -> None:
    store = open_folder(METADATA)
    with pytest.raises(RuntimeError, match="boom"):
        store.create("one", "broken", explode)
    assert list((tmp_path / "data").iterdir()) == []


def test_a_dropped_sandbox_leaves_no_file(open_folder: OpenStore, tmp_path: Path) -> None:
    store = open_folder(METADATA)
    for name in ("a", "ab"):
        store.create(name, "world", fill())
    store.drop("a")
    store.close()
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["ab.sqlite"]


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(StoreError) as refused:
        SqliteStore(METADATA, tmp_path / "data")
    assert str(refused.value) == f"{tmp_path / 'data'}: File exists"


def test_a_folder_that_went_away(open_folder: OpenStore, tmp_path: Path) -> None:
    store = open_folder(METADATA)
    (tmp_path / "data").rmdir()
    with pytest.raises(StoreError) as refused:
        store.create("one", "world", fill())
    assert str(refused.value) == (
        f"{tmp_path / 'data' / 'one.sqlite'}: unable to open database file;"
        " is another podatelna using this folder?"
    )
    assert store.names() == []


def test_a_disk_that_is_full_leaves_no_sandbox(
    open_folder: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_folder(METADATA)

    class Full:
        def backup(self, target: object) -> None:
            raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(SqliteStore, "_template", lambda *_: None)
        patch.setattr(store_sqlite, "_raw", lambda connection: Full())
        with pytest.raises(sqlite3.OperationalError, match="disk is full"):
            store.create("one", "world", fill("a"))
    assert store.names() == []
    store.create("one", "world", fill("a"))
    assert words(store, "one") == ["a"]


class _Knocking:
    """A lock that says when somebody wants it."""

    def __init__(self) -> None:
        self._lock = RLock()
        self.knocked = Event()

    def __enter__(self) -> bool:
        self.knocked.set()
        return self._lock.__enter__()

    def __exit__(self, *what: Any) -> None:
        self._lock.__exit__(*what)


@pytest.mark.parametrize("act", [lambda store: store.drop("one"), lambda store: store.close()])
def test_who_waits_for_a_sandbox_does_not_hold_the_store(
    open_memory: OpenStore, act: Callable[[Store], None]
) -> None:
    store: Any = open_memory(METADATA)
    store.create("one", "world", fill())
    lock, (_, connection) = _Knocking(), store._sandboxes["one"]
    store._sandboxes["one"] = (lock, connection)
    waiting = Thread(target=act, args=[store], daemon=True)
    with store.transaction("one"):
        lock.knocked.clear()
        waiting.start()
        assert lock.knocked.wait(PATIENCE)
        assert run(lambda: store.create("two", "world", fill())) == [None]
    waiting.join(PATIENCE)
    assert not waiting.is_alive()
    assert "one" not in store.names()
    store.close()


def test_who_waited_for_a_dropped_sandbox_is_told(open_memory: OpenStore) -> None:
    store: Any = open_memory(METADATA)
    store.create("one", "world", fill())
    connection = store._sandboxes["one"][1]
    connection.close()
    for attempt in (
        lambda: words(store, "one"),
        lambda: store.reset("one", "world", fill()),
        lambda: store.drop("one"),
    ):
        with pytest.raises(UnknownSandboxError):
            attempt()


# -- PostgreSQL


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

    assert run(*(lambda store=store: bumps(store) for store in replicas * 4)) == [None] * 8
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


def in_turn(
    connection: Any, store: Store, first: Callable[[], object], second: Callable[[], object]
) -> list[object]:
    """What two got who waited, one behind the other, for the sandbox `one` of the store."""
    results: list[object] = [None, None]

    def work(place: int, job: Callable[[], object]) -> None:
        try:
            results[place] = job()
        except Exception as error:
            results[place] = error

    threads = [Thread(target=work, args=each, daemon=True) for each in enumerate((first, second))]
    with store.transaction("one"):
        for waiting, thread in enumerate(threads, start=1):
            thread.start()
            until_waiting(connection, waiting)
        assert results == [None, None]
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive(), "a thread hangs"
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
    visitor = Thread(target=lambda: results.append(words(there, "one")), daemon=True)

    def slowly(transaction: Connection) -> None:
        fill("a")(transaction)
        visitor.start()
        until_waiting(connection, 1)

    here.create("one", "world", slowly)
    visitor.join(PATIENCE)
    assert results == [["a"]]


# -- counters


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
