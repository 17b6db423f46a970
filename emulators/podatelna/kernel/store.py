"""Where sandboxes live: one database each, through SQLAlchemy Core.

In memory by default, a folder of SQLite files, or PostgreSQL with a schema per sandbox. One request
is one transaction, and one at a time per sandbox, on whichever process it comes in.
"""

import re
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from hashlib import sha256
from typing import Protocol

from sqlalchemy import Connection, Table
from sqlalchemy.schema import CreateTable

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
"""Names of sandboxes stand in paths, host names, file names and schema names alike."""

Fill = Callable[[Connection], None]
"""Writes a world into an empty database."""


class StoreError(RuntimeError):
    """The store cannot do what was asked; the message says what to do."""


class NameTakenError(StoreError):
    """There is a sandbox of that name already."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is already a sandbox called {name}")


class UnfitNameError(StoreError):
    """No sandbox can have such a name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name!r} cannot name a sandbox: up to 40 lower-case letters, digits and hyphens"
        )


class UnknownSandboxError(LookupError):
    """No sandbox of that name."""


class Store(Protocol):
    """Databases by name. A world is filled once; sandboxes are copies of it."""

    def create(self, name: str, world: str, fill: Fill) -> None:
        """Make a sandbox as a copy of a world; `fill` writes the world if it is not there yet.

        All of it or nothing. Raises NameTakenError, also when two make it at the same time.
        """

    def reset(self, name: str, world: str, fill: Fill) -> None:
        """Make an existing sandbox a copy of a world again. Raises UnknownSandboxError."""

    def drop(self, name: str) -> None:
        """Raises UnknownSandboxError."""

    def names(self) -> list[str]:
        """In alphabetical order."""

    def transaction(self, name: str) -> AbstractContextManager[Connection]:
        """Commits at the end, rolls back on an exception. Raises UnknownSandboxError.

        One at a time: inside it, another one of the same sandbox would wait for ever or fail.
        """

    def close(self) -> None: ...


def fingerprint(tables: Iterable[Table]) -> str:
    """Changes with any table, so that data of another version is noticed and not misread."""
    ddl: Iterable[str] = (str(CreateTable(table)) for table in tables)
    return sha256("".join(ddl).encode()).hexdigest()[:12]
