"""Stores of all three kinds for the kernel's tests, and the papers of the depot."""

import importlib
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData

from podatelna.kernel.store import Store
from podatelna.kernel.store_sqlite import SqliteStore
from tests.kernel.depot import House, depot, house, resource_in, tables, write_files
from tests.kernel.words import METADATA, fill

SERVER = "postgresql://root@127.0.0.1:5432"
KINDS = ("memory", "folder", "postgres")

OpenStore = Callable[..., Store]
"""Opens a store, over the depot's tables or the given ones; it is closed after the test."""


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder with the depot's contract and worlds, in the place of the project's."""
    root = tmp_path_factory.mktemp("papers")
    write_files(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("podatelna.kernel.contract.resource", resource_in(root))
        patch.setattr("podatelna.kernel.world.resource", resource_in(root))
        yield root


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    """A database of this run's own, as libpq has it; skipped where no server answers."""
    psycopg = _psycopg()
    try:
        server = psycopg.connect(f"{SERVER}/test", autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        if _required():
            raise
        pytest.skip(f"no PostgreSQL: {' '.join(str(error).split())}")
    name = f"podatelna_test_{secrets.token_hex(6)}"
    with closing(server):
        server.execute(f"CREATE DATABASE {name}")
        # Nothing here outlives the server, so no commit has to wait for the disk.
        server.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
        try:
            yield f"{SERVER}/{name}"
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _required() -> bool:
    return os.environ.get("PODATELNA_REQUIRE_POSTGRES") == "1"


def _psycopg() -> Any:
    if _required():
        return importlib.import_module("psycopg")
    return pytest.importorskip("psycopg", reason="PostgreSQL's driver is not installed")


@pytest.fixture(scope="session")
def database_url(database: str) -> str:
    """The same as SQLAlchemy has it."""
    return database.replace("postgresql:", "postgresql+psycopg:")


@pytest.fixture(scope="session")
def connection(database: str) -> Iterator[Any]:
    """A connection of psycopg's own, for what no store does."""
    with closing(_psycopg().connect(database, autocommit=True)) as connection:
        yield connection


@pytest.fixture
def open_postgres(database_url: str, connection: Any) -> Iterator[OpenStore]:
    from podatelna.kernel.store_postgres import PostgresStore

    with ExitStack() as stack:

        def open_store(over: MetaData | None = None) -> Store:
            store = PostgresStore(tables(depot()) if over is None else over, database_url)
            stack.callback(store.close)
            return store

        yield open_store
    left = connection.execute(
        "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, 'podatelna_box_')"
    )
    for (schema,) in left.fetchall():
        connection.execute(f'DROP SCHEMA "{schema}" CASCADE')


@pytest.fixture
def open_folder(tmp_path: Path) -> Iterator[OpenStore]:
    with ExitStack() as stack:

        def open_store(over: MetaData | None = None) -> Store:
            store = SqliteStore(tables(depot()) if over is None else over, tmp_path / "data")
            stack.callback(store.close)
            return store

        yield open_store


@pytest.fixture
def open_memory() -> Iterator[OpenStore]:
    with ExitStack() as stack:

        def open_store(over: MetaData | None = None) -> Store:
            store = SqliteStore(tables(depot()) if over is None else over)
            stack.callback(store.close)
            return store

        yield open_store


@pytest.fixture(params=KINDS)
def open_store(request: pytest.FixtureRequest) -> OpenStore:
    opens: OpenStore = request.getfixturevalue(f"open_{request.param}")
    return opens


@pytest.fixture(params=KINDS[1:])
def open_lasting(request: pytest.FixtureRequest) -> OpenStore:
    """Opens the same store again and again."""
    opens: OpenStore = request.getfixturevalue(f"open_{request.param}")
    return opens


@pytest.fixture
def anywhere(papers: Path, open_store: OpenStore) -> House:
    """A house over each kind of store."""
    return house(open_store())


@pytest.fixture
def here(papers: Path, open_memory: OpenStore) -> House:
    """A house in memory."""
    return house(open_memory())


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    """A store of each kind over the table of words, with the sandbox `one` in it."""
    store = open_store(METADATA)
    store.create("one", "world", fill("a", "b"))
    return store
