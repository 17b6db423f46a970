"""Tokens, and where they are kept so that nobody asks for one too often (manual 3.1)."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from podatelna_client.czmvo.errors import TokenStoreFailed

if TYPE_CHECKING:
    import sqlite3


@dataclass(frozen=True, slots=True)
class Token:
    """An opaque token; moments are seconds since 1970."""

    value: str = field(repr=False)
    renew_at: float
    """From then on a new one is asked for."""
    ends_at: float
    """From then on the service takes it no more."""


Decide = Callable[[Token | None], Token]


class TokenStore(Protocol):
    """Keeps one token for each key. Hand one store to all clients that share credentials."""

    def exchange(self, key: str, decide: Decide) -> Token:
        """Replace the key's token by what `decide` makes of it, one caller at a time; return it.

        What `decide` raises goes through, and the token stays.
        """


class MemoryTokenStore:
    """For the clients of one process."""

    def __init__(self) -> None:
        self._tokens: dict[str, Token] = {}
        self._locks: dict[str, Lock] = {}

    def exchange(self, key: str, decide: Decide) -> Token:
        """See TokenStore."""
        with self._locks.setdefault(key, Lock()):
            token = decide(self._tokens.get(key))
            self._tokens[key] = token
            return token


class FileTokenStore:
    """For all processes of a machine, as the runs of a continuous integration: an SQLite file.

    Whoever can read the file can use the tokens as long as they last: a new file belongs to its
    user alone. Client IDs and secrets are not in it. Raises TokenStoreFailed.
    """

    def __init__(self, path: str | os.PathLike[str], *, patience: float = 180.0) -> None:
        self._path = Path(path)
        self._patience = patience
        """Seconds to wait for another process that is fetching a token."""

    def exchange(self, key: str, decide: Decide) -> Token:
        """See TokenStore."""
        with self._transaction() as database:
            row = database.execute("SELECT token FROM tokens WHERE key = ?", (key,)).fetchone()
            token = decide(_read(row[0]) if row else None)
            text = json.dumps(asdict(token))
            database.execute("INSERT OR REPLACE INTO tokens VALUES (?, ?)", (key, text))
            return token

    @contextmanager
    def _transaction(self) -> "Iterator[sqlite3.Connection]":
        # Most clients have no file, and need not wait for the import.
        import sqlite3  # noqa: PLC0415 - see above

        try:
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            database = sqlite3.connect(self._path, timeout=self._patience, isolation_level=None)
            with closing(database):
                database.execute("BEGIN IMMEDIATE")
                database.execute("CREATE TABLE IF NOT EXISTS tokens (key PRIMARY KEY, token)")
                yield database
                database.execute("COMMIT")
        except (OSError, sqlite3.Error) as error:
            raise TokenStoreFailed(f"{self._path}: {error}") from error


def _read(text: str) -> Token | None:
    try:
        return Token(**json.loads(text))
    except (TypeError, ValueError):
        # Another version of this client wrote it.
        return None
