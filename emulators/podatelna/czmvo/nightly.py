"""The nightly refresh: test and development are overwritten with production's data (manual 1.1)."""

from collections.abc import Mapping

from sqlalchemy import Connection, String, Table, bindparam, cast, delete, insert, select, update

from podatelna.czmvo.model import DEVELOPMENT, ENVIRONMENTS, PRODUCTION, TEST
from podatelna.czmvo.tables import COPIED, REFRESH
from podatelna.kernel.controls import counted, set_count
from podatelna.kernel.statements import Statement

SERIES = "czmvo.{of}.{environment}"
"""What the ids of an environment are counted by; `of` is message or exemption."""

_TOUCH = Statement(
    update(REFRESH)
    .where(REFRESH.c.environment == bindparam("where"))
    .values(revision=REFRESH.c.revision + 1)
)
_REVISIONS = Statement(select(REFRESH.c.environment, REFRESH.c.revision, REFRESH.c.copied))
_COPIED = Statement(
    update(REFRESH)
    .where(REFRESH.c.environment == bindparam("where"))
    .values(copied=bindparam("now_of"))
)


def _overwrite(table: Table) -> tuple[Statement, Statement]:
    """What clears an environment's rows, and what copies production's."""
    others = [column for column in table.columns if column.name != "environment"]
    rows = select(cast(bindparam("where"), String), *others)
    return (
        Statement(delete(table).where(table.c.environment == bindparam("where"))),
        Statement(
            insert(table).from_select(
                ["environment", *(column.name for column in others)],
                rows.where(table.c.environment == PRODUCTION),
            )
        ),
    )


_OVERWRITE = tuple(map(_overwrite, COPIED))


def start(transaction: Connection) -> None:
    """Begin with three environments that have nothing to tell each other."""
    rows = [{"environment": name, "revision": 0, "copied": "0 0"} for name in ENVIRONMENTS]
    transaction.execute(insert(REFRESH), rows)


def touch(transaction: Connection, environment: str) -> None:
    """Tell that data of an environment have changed."""
    _TOUCH.run(transaction, {"where": environment})


def refresh(transaction: Connection) -> list[str]:
    """Overwrite test and development, as far as they differ from production; tells which."""
    rows = _REVISIONS.rows(transaction)
    revisions = {environment: revision for environment, revision, _ in rows}
    made_of = {environment: copied for environment, _, copied in rows}
    changed = [
        environment
        for environment in (TEST, DEVELOPMENT)
        if made_of[environment] != _both(revisions, environment)
    ]
    for environment in changed:
        copy(transaction, environment)
        marker = {"where": environment, "now_of": _both(revisions, environment)}
        _COPIED.run(transaction, marker)
    return changed


def copy(transaction: Connection, environment: str) -> None:
    """Overwrite an environment; its ids go on where production's are."""
    for clear, fill in _OVERWRITE:
        clear.run(transaction, {"where": environment})
        fill.run(transaction, {"where": environment})
    for of in ("message", "exemption"):
        here, there = (SERIES.format(of=of, environment=name) for name in (environment, PRODUCTION))
        set_count(transaction, here, counted(transaction, there))


def _both(revisions: Mapping[str, int], environment: str) -> str:
    return f"{revisions[PRODUCTION]} {revisions[environment]}"
