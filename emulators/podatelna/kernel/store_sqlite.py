"""Sandboxes in SQLite: in memory, or one file each in a folder."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

from sqlalchemy import Connection, MetaData, NullPool, create_engine, text

from podatelna.kernel.store import (
    Fill,
    NameTakenError,
    StoreError,
    UnknownSandboxError,
    fingerprint,
)

MEMORY = ":memory:"
PATIENCE = 5.0
"""How long a process that is just leaving the folder is waited for, in seconds."""

_TABLES = "SELECT count(*) FROM sqlite_master"
_OURS = "SELECT count(*) FROM sqlite_master WHERE name = 'podatelna'"
_VERSION = "SELECT fingerprint FROM podatelna"


class SqliteStore:
    """Each sandbox keeps one connection, used by one thread at a time.

    Who takes a sandbox's lock and the store's takes the sandbox's first.
    """

    def __init__(self, tables: MetaData, folder: Path | None = None) -> None:
        self._tables = tables
        self._folder = folder
        self._fingerprint = fingerprint(tables.sorted_tables)
        self._opening = MEMORY
        # One engine for all sandboxes, because each engine compiles every statement anew.
        self._engine = create_engine("sqlite://", poolclass=NullPool, creator=self._open_file)
        self._lock = RLock()
        self._worlds: dict[str, Connection] = {}
        self._sandboxes: dict[str, tuple[RLock, Connection]] = {}
        if folder:
            self._move_in(folder)

    def create(self, name: str, world: str, fill: Fill) -> None:
        with self._lock:
            if name in self._sandboxes:
                raise NameTakenError(name)
            template = self._template(world, fill)
            connection = self._open(self._place(name))
            try:
                _raw(template).backup(_raw(connection))
            except BaseException:
                connection.close()
                raise
            self._sandboxes[name] = (RLock(), connection)

    def reset(self, name: str, world: str, fill: Fill) -> None:
        with self._only_user(name) as connection, self._lock:
            _raw(self._template(world, fill)).backup(_raw(connection))

    def drop(self, name: str) -> None:
        with self._only_user(name) as connection, self._lock:
            del self._sandboxes[name]
            connection.close()
            if self._folder:
                for leftover in self._folder.glob(f"{name}.sqlite*"):
                    leftover.unlink()

    def names(self) -> list[str]:
        return sorted(self._sandboxes)

    @contextmanager
    def transaction(self, name: str) -> Iterator[Connection]:
        with self._only_user(name) as connection, connection.begin():
            yield connection

    def close(self) -> None:
        for lock, connection in list(self._sandboxes.values()):
            with lock:
                connection.close()
        with self._lock:
            for connection in self._worlds.values():
                connection.close()
            self._sandboxes.clear()
            self._worlds.clear()
            self._engine.dispose()

    @contextmanager
    def _only_user(self, name: str) -> Iterator[Connection]:
        try:
            lock, connection = self._sandboxes[name]
        except KeyError:
            raise UnknownSandboxError(name) from None
        with lock:
            if connection.closed:
                raise UnknownSandboxError(name)
            yield connection

    def _place(self, name: str) -> str:
        return str(self._folder / f"{name}.sqlite") if self._folder else MEMORY

    def _move_in(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for file in sorted(folder.glob("*.sqlite")):
                self._adopt(file.stem)
        except OSError as error:
            raise StoreError(f"{folder}: {error.strerror}") from error
        except StoreError:
            self.close()
            raise

    def _adopt(self, name: str) -> None:
        connection = self._open(self._place(name))
        if self._whole(connection, self._place(name)):
            self._sandboxes[name] = (RLock(), connection)
        else:
            connection.close()

    def _whole(self, connection: Connection, place: str) -> bool:
        """Whether a sandbox is in the file. None is, if the process was killed as it made it."""
        query = _raw(connection).execute
        if not query(_TABLES).fetchone()[0]:
            return False
        wrong = "is no sandbox of podatelna; move it away"
        if query(_OURS).fetchone()[0]:
            if query(_VERSION).fetchone() == (self._fingerprint,):
                return True
            wrong = "was made by another version of podatelna; delete it"
        connection.close()
        raise StoreError(f"{place} {wrong} or start with another --data folder")

    def _template(self, world: str, fill: Fill) -> Connection:
        if world not in self._worlds:
            self._worlds[world] = self._world(fill)
        return self._worlds[world]

    def _world(self, fill: Fill) -> Connection:
        connection = self._open(MEMORY)
        try:
            with connection.begin():
                self._tables.create_all(connection, checkfirst=False)
                connection.execute(text("CREATE TABLE podatelna (fingerprint TEXT)"))
                connection.execute(
                    text("INSERT INTO podatelna VALUES (:it)"), {"it": self._fingerprint}
                )
                fill(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _open(self, place: str) -> Connection:
        with self._lock:
            self._opening = place
            return self._engine.connect()

    def _open_file(self) -> sqlite3.Connection:
        place = self._opening
        try:
            connection = sqlite3.connect(place, timeout=PATIENCE, check_same_thread=False)
            if place != MEMORY:
                _own(connection)
        except sqlite3.OperationalError as error:
            raise StoreError(
                f"{place}: {error}; is another podatelna using this folder?"
            ) from error
        except sqlite3.DatabaseError as error:
            raise StoreError(
                f"{place}: {error}; move it away or start with another --data folder"
            ) from error
        return connection


def _own(connection: sqlite3.Connection) -> None:
    """One process owns the folder; WAL makes a commit survive the death of the process."""
    try:
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
    except sqlite3.Error:
        connection.close()
        raise


def _raw(connection: Connection) -> sqlite3.Connection:
    raw = connection.connection.dbapi_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw
