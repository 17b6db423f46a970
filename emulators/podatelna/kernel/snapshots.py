"""What a sandbox held at some time, kept within it by name. A reset forgets it."""

import json
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select

from podatelna.kernel.dumps import Dump
from podatelna.kernel.tables import SNAPSHOT

_KEPT = select(SNAPSHOT.c.name, SNAPSHOT.c.at).order_by(SNAPSHOT.c.name)
_ONE = select(SNAPSHOT.c.held).where(SNAPSHOT.c.name == bindparam("which"))
_FORGET = delete(SNAPSHOT).where(SNAPSHOT.c.name == bindparam("which"))
_KEEP = insert(SNAPSHOT)


class UnknownSnapshotError(LookupError):
    """No snapshot of that name; the message names those that there are."""


def keep_snapshot(transaction: Connection, name: str, at: datetime, held: Dump) -> None:
    """In the place of one of the same name."""
    transaction.execute(_FORGET, {"which": name})
    row = {"name": name, "at": at.isoformat(), "held": json.dumps(held, ensure_ascii=False)}
    transaction.execute(_KEEP, row)


def kept_snapshots(transaction: Connection) -> list[dict[str, str]]:
    """`name` and `at` of each, by name."""
    return [{"name": name, "at": at} for name, at in transaction.execute(_KEPT)]


def find_snapshot(transaction: Connection, name: str) -> Dump:
    """Raises UnknownSnapshotError."""
    held = transaction.execute(_ONE, {"which": name}).scalar_one_or_none()
    if held is None:
        known = ", ".join(each["name"] for each in kept_snapshots(transaction)) or "none yet"
        raise UnknownSnapshotError(f"there is no snapshot {name}; there are: {known}")
    found: Dump = json.loads(held)
    return found


def forget_snapshot(transaction: Connection, name: str) -> None:
    """Raises UnknownSnapshotError."""
    find_snapshot(transaction, name)
    transaction.execute(_FORGET, {"which": name})
