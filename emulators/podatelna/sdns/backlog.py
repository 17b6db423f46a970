"""What is to be done, and when: the steps of processing, of all environments."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from podatelna.sdns import queries
from podatelna.sdns.moments import instant

Kind = Literal["accept", "read", "check", "store"]


@dataclass(frozen=True, slots=True)
class Step:
    """Accept a message, read its rows into an issue, check an issue, store an issue."""

    id: int
    environment: str
    due: str
    """ISO 8601 in UTC."""
    step: Kind
    message: int = 0
    issue: int = 0


def next_step(transaction: Connection) -> Step | None:
    """The step that is due first, whether it is time or not.

    Of what is due at the same time, issues go on before the next message is accepted.
    """
    row = queries.NEXT_STEP.row(transaction)
    return Step(*row) if row else None


def drop_step(transaction: Connection, step: Step) -> None:
    queries.DROP_STEP.run(transaction, {"the_id": step.id})


@dataclass(frozen=True, slots=True)
class Backlog:
    """The steps of one environment."""

    transaction: Connection
    environment: str

    def plan(self, due: datetime, step: Kind, message: int = 0, issue: int = 0) -> None:
        row = {"due": instant(due), "step": step, "message": message, "issue": issue}
        queries.ADD_STEP.run(self.transaction, {**row, "environment": self.environment})

    def steps(self) -> list[Step]:
        """In the order in which they are due."""
        rows = queries.STEPS.rows(self.transaction, {"where": self.environment})
        return [Step(*row) for row in rows]

    def busy_until(self, occurrence: int) -> str:
        """When the next thing is done to an issue of an occurrence; "": nothing is planned."""
        row = queries.BUSY_UNTIL.row(self.transaction, {"the_occurrence": occurrence})
        return (row[0] if row else "") or ""
