"""Sandboxes in PostgreSQL: a schema each, so that any number of processes serve the same ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b

from sqlalchemy import Connection, MetaData, bindparam, create_engine, text
from sqlalchemy.exc import OperationalError

from podatelna.kernel.store import (
    NAME,
    Fill,
    NameTakenError,
    StoreError,
    UnknownSandboxError,
    fingerprint,
)

PREFIX = "podatelna_box_"

_LOCK = text("SELECT pg_advisory_xact_lock(:key)").bindparams(bindparam("key"))
_ENTER = text(
    "SELECT pg_try_advisory_xact_lock(:key), set_config('search_path', :quoted, true),"
    " EXISTS (SELECT FROM pg_namespace WHERE nspname = :schema)"
)
_NAMES = text(
    "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, :prefix) ORDER BY nspname"
)
_VERSION = text("SELECT fingerprint FROM podatelna")


class PostgresStore:
    """`url` is SQLAlchemy's, for example postgresql+psycopg://user@host/database."""

    def __init__(self, tables: MetaData, url: str) -> None:
        self._tables = tables
        self._fingerprint = fingerprint(tables.sorted_tables)
        self._engine = create_engine(url, pool_size=16, max_overflow=48, pool_pre_ping=False)
        self._checked: set[str] = set()
        try:
            self._engine.connect().close()
        except OperationalError as error:
            self.close()
            where, why = self._engine.url.render_as_string(), " ".join(str(error.orig).split())
            raise StoreError(f"no database at {where}: {why}") from error

    def create(self, name: str, world: str, fill: Fill) -> None:
        """A sandbox that another process is just making is awaited, and then is there already."""
        with self._locked(name) as connection:
            if name in self._names(connection):
                raise NameTakenError(name)
            self._make(connection, name, fill)

    def reset(self, name: str, world: str, fill: Fill) -> None:
        with self._locked(name) as connection:
            self._remove(connection, name)
            self._make(connection, name, fill)

    def drop(self, name: str) -> None:
        with self._locked(name) as connection:
            self._remove(connection, name)

    def names(self) -> list[str]:
        with self._engine.connect() as connection:
            return self._names(connection)

    @contextmanager
    def transaction(self, name: str) -> Iterator[Connection]:
        if not NAME.fullmatch(name):
            raise UnknownSandboxError(name)
        with self._engine.begin() as connection:
            if not self._enter(connection, name):
                raise UnknownSandboxError(name)
            if name not in self._checked:
                self._check(connection, name)
            yield connection

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _locked(self, name: str) -> Iterator[Connection]:
        if not NAME.fullmatch(name):
            raise UnknownSandboxError(name)
        with self._engine.begin() as connection:
            connection.execute(_LOCK, {"key": _key(name)})
            yield connection

    def _enter(self, connection: Connection, name: str) -> bool:
        """Lock the sandbox and stand in its schema; returns whether there is one."""
        place = {"schema": PREFIX + name, "quoted": _schema(name), "key": _key(name)}
        alone, _, exists = connection.execute(_ENTER, place).one()
        if not alone:
            # Whoever had the lock may have made or dropped the sandbox: look again.
            connection.execute(_LOCK, {"key": _key(name)})
            _, _, exists = connection.execute(_ENTER, place).one()
        return bool(exists)

    def _names(self, connection: Connection) -> list[str]:
        found = connection.execute(_NAMES, {"prefix": PREFIX}).scalars()
        return [schema.removeprefix(PREFIX) for schema in found]

    def _make(self, connection: Connection, name: str, fill: Fill) -> None:
        connection.execute(text(f"CREATE SCHEMA {_schema(name)}"))
        self._enter(connection, name)
        self._tables.create_all(connection, checkfirst=False)
        connection.execute(text("CREATE TABLE podatelna (fingerprint TEXT)"))
        connection.execute(text("INSERT INTO podatelna VALUES (:it)"), {"it": self._fingerprint})
        fill(connection)

    def _remove(self, connection: Connection, name: str) -> None:
        if name not in self._names(connection):
            raise UnknownSandboxError(name)
        connection.execute(text(f"DROP SCHEMA {_schema(name)} CASCADE"))

    def _check(self, connection: Connection, name: str) -> None:
        if connection.execute(_VERSION).scalar_one() != self._fingerprint:
            raise StoreError(
                f"sandbox {name} was made by another version of podatelna; "
                f"drop the schema {_schema(name)} or use another database"
            )
        self._checked.add(name)


def _schema(name: str) -> str:
    """The quoted schema name; sandboxes' names hold nothing that could leave the quotes."""
    return f'"{PREFIX}{name}"'


def _key(name: str) -> int:
    """The advisory lock of a sandbox: a signed number of 64 bits."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)
