"""Databases with the house's tables and one agency's, for what needs no whole house."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy import Connection, Engine, MetaData, NullPool, create_engine

from podatelna.kernel.clock import Clock
from podatelna.kernel.controls import start_controls
from podatelna.kernel.tables import TABLES


@contextmanager
def fresh_database(tables: MetaData, url: str = "sqlite://") -> Iterator[Connection]:
    """A sandbox's database without a world. Nothing of it is committed."""
    with _engine(url).connect() as transaction:
        all_tables(tables).create_all(transaction, checkfirst=False)
        start_controls(transaction, "seed", "default", Clock())
        yield transaction


@cache
def _engine(url: str) -> Engine:
    """One for all that is opened, because each engine compiles every statement anew.

    Of SQLite in memory every connection is a database of its own.
    """
    return create_engine(url, poolclass=NullPool)


@cache
def all_tables(tables: MetaData) -> MetaData:
    """The house's and these."""
    together = MetaData()
    for metadata in (TABLES, tables):
        for table in metadata.sorted_tables:
            table.to_metadata(together)
    return together
