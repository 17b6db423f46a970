"""The outbox: letters that agencies post, for whoever tests a client to read."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    String,
    Table,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from podatelna.kernel.statements import Statement
from podatelna.kernel.tables import TABLES, heard
from podatelna.kernel.visit import Visit

LETTER = Table(
    "letter",
    TABLES,
    Column("number", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("agency", String, nullable=False),
    Column("sender", String, nullable=False),
    Column("recipient", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("body", String, nullable=False),
    Column("sent", Boolean, nullable=False),
    Column("message_id", String, nullable=False),
    sqlite_autoincrement=True,
)
_POST = Statement(
    insert(LETTER).returning(LETTER.c.number),
    [column.name for column in LETTER.c if column.name != "number"],
)
_FORGET = Statement(delete(LETTER).where(LETTER.c.number <= bindparam("until")))
_AFTER = select(LETTER).where(LETTER.c.number > bindparam("after")).order_by(LETTER.c.number)
_MARK = update(LETTER).where(LETTER.c.message_id == bindparam("which")).values(sent=True)

MOST = 1000
"""So many of the last letters are kept."""
SWEEP = 64
"""Old letters are dropped in strides."""


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail of plain text. The lines of its body end as the agency ends them."""

    agency: str
    sender: str
    recipient: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Posted:
    """A letter in the outbox."""

    number: int
    at: str
    """ISO 8601, the sandbox's time in UTC."""
    agency: str
    sender: str
    recipient: str
    subject: str
    body: str
    sent: bool
    """A real mail server has taken it."""
    message_id: str


def post(visit: Visit, letter: Letter) -> int:
    """Put a letter into the outbox and return its number.

    It goes on to a mail server, if there is one, when the visit is over and all of it is kept. What
    was due earlier is posted on the visit as it was then: `replace(visit, now=due)`.
    """
    row = _POST.row(
        visit.transaction,
        {
            "at": visit.now.isoformat(),
            "agency": letter.agency,
            "sender": heard(letter.sender),
            "recipient": heard(letter.recipient),
            "subject": heard(letter.subject),
            "body": heard(letter.body),
            "sent": False,
            "message_id": f"<{visit.ids.guid('letter')}@podatelna.invalid>",
        },
    )
    assert row is not None
    number = int(row[0])
    if number % SWEEP == 0:
        _FORGET.run(visit.transaction, {"until": number - MOST})
    visit.trail.posted.append(number)
    return number


def letters(transaction: Connection, after: int = 0, recipient: str = "") -> list[Posted]:
    """The letters with a higher number than `after`, oldest first; of one recipient, or of all.

    Addresses are compared without regard to the case of letters.
    """
    found = [Posted(*row) for row in transaction.execute(_AFTER, {"after": after})]
    wanted = heard(recipient).lower()
    return [each for each in found if wanted in ("", each.recipient.lower())]


def mark_sent(transaction: Connection, message_ids: Sequence[str]) -> None:
    """Tell that a mail server has taken letters. Those that are no longer here are passed over."""
    for message_id in message_ids:
        transaction.execute(_MARK, {"which": message_id})


def clear_outbox(transaction: Connection) -> None:
    transaction.execute(delete(LETTER))
