"""SQLite: what stands in a folder, and the locks of sandboxes and store."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event, RLock
from typing import Any

import pytest

from podatelna.kernel import store_sqlite
from podatelna.kernel.store import Store, StoreError, UnknownSandboxError
from podatelna.kernel.store_sqlite import SqliteStore
from tests.kernel.conftest import OpenStore
from tests.kernel.threads import PATIENCE, finish, start, together
from tests.kernel.words import LATER, METADATA, explode, fill, words


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipe (name TEXT)")
        connection.commit()


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
    with store.transaction("one"):
        lock.knocked.clear()
        waiting = start(lambda: act(store))
        assert lock.knocked.wait(PATIENCE)
        assert together(lambda: store.create("two", "world", fill())) == [None]
    finish(waiting)
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
