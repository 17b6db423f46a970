"""Messages, files and notes on alerts: what the parties of an alert write each other."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    true,
    update,
)

from podatelna.czmvo.model import ENDUSER, MAH, NOOL, File, Message, Note, Role
from podatelna.czmvo.tables import ALERT, FILE, MESSAGE, NOTE
from podatelna.kernel.statements import Row, Statement
from podatelna.kernel.tables import heard

_FIELDS = tuple(item.name for item in fields(Message))
_COLUMNS = tuple(MESSAGE.c[name] for name in _FIELDS)
_HERE = MESSAGE.c.environment == bindparam("where")
_OF_ALERT = MESSAGE.c.uprc == bindparam("which")
_OF_SENDING = MESSAGE.c.sending == bindparam("sending")
_READABLE = or_(MESSAGE.c.public == true(), MESSAGE.c.author == bindparam("who"))

_MESSAGE = Statement(select(*_COLUMNS).where(_HERE, MESSAGE.c.id == bindparam("number")))
_MESSAGES_OF = Statement(select(*_COLUMNS).where(_HERE, _OF_ALERT).order_by(MESSAGE.c.id))
_COPIES = Statement(select(*_COLUMNS).where(_HERE, _OF_SENDING).order_by(MESSAGE.c.id))
_NEWEST = Statement(
    select(func.coalesce(func.max(MESSAGE.c.id), 0)).where(_HERE, _OF_ALERT, _READABLE)
)


def _changed(party: ColumnElement[str]) -> Statement:
    """The alerts' side is part of the statement, so that no index is passed by."""
    return Statement(
        select(*_COLUMNS)
        .join(
            ALERT,
            (ALERT.c.environment == MESSAGE.c.environment) & (ALERT.c.uprc == MESSAGE.c.uprc),
        )
        .where(
            _HERE,
            MESSAGE.c.changed >= bindparam("since"),
            party == bindparam("party"),
            _READABLE,
        )
        .order_by(MESSAGE.c.id)
    )


_CHANGED = {ENDUSER: _changed(ALERT.c.enduser), MAH: _changed(ALERT.c.mah)}
_COPY = MESSAGE.alias("copy")
_REPLIES = Statement(
    select(MESSAGE.c.id)
    .join(
        _COPY,
        (_COPY.c.environment == MESSAGE.c.environment) & (_COPY.c.id == MESSAGE.c.parent),
    )
    .where(_HERE, _COPY.c.sending == bindparam("sending"))
    .limit(1)
)
_ADD = Statement(insert(MESSAGE))
_EDIT = Statement(
    update(MESSAGE)
    .where(_HERE, _OF_SENDING)
    .values(
        subject=bindparam("new_subject"),
        text=bindparam("new_text"),
        public=bindparam("new_public"),
        request=bindparam("new_request"),
        changed=bindparam("new_changed"),
    )
)
_DELETE = Statement(delete(MESSAGE).where(_HERE, _OF_SENDING))
_FILE_HERE = (FILE.c.environment == bindparam("where"), FILE.c.sending == bindparam("sending"))
_FILE = Statement(select(FILE.c.name, FILE.c.content).where(*_FILE_HERE))
_ADD_FILE = Statement(insert(FILE))
_DELETE_FILE = Statement(delete(FILE).where(*_FILE_HERE))
_NOTE_HERE = (
    NOTE.c.environment == bindparam("where"),
    NOTE.c.uprc == bindparam("which"),
    NOTE.c.role == bindparam("whose"),
)
_NOTE = Statement(select(NOTE.c.text, NOTE.c.private, NOTE.c.changed).where(*_NOTE_HERE))
_ADD_NOTE = Statement(insert(NOTE))
_DELETE_NOTE = Statement(delete(NOTE).where(*_NOTE_HERE))


def readable(message: Message, role: Role, party: str) -> bool:
    """A message that is not public is read by its author and NOOL only (manual 2.7.1.2)."""
    return message.public or role == NOOL or (bool(party) and message.author == party)


@dataclass(frozen=True, slots=True)
class Correspondence:
    """What is written on the alerts of one environment, within one transaction."""

    transaction: Connection
    environment: str

    def message(self, number: int) -> Message | None:
        row = _MESSAGE.row(self.transaction, {"where": self.environment, "number": number})
        return _message(row) if row else None

    def messages_of(self, uprc: str) -> list[Message]:
        """All messages of an alert by id; who may read which is `readable`'s."""
        asked = {"where": self.environment, "which": heard(uprc)}
        return [_message(row) for row in _MESSAGES_OF.rows(self.transaction, asked)]

    def changed_since(self, side: Role, party: str, since: str) -> list[Message]:
        """What the party can read on its alerts and what was written or changed since, by id.

        `side` is enduser or mah.
        """
        asked = {"where": self.environment, "since": since, "party": party, "who": party}
        return [_message(row) for row in _CHANGED[side].rows(self.transaction, asked)]

    def newest(self, uprc: str, party: str) -> int:
        """The id of the newest message of an alert that the party can read; 0: none."""
        asked = {"where": self.environment, "which": heard(uprc), "who": party}
        row = _NEWEST.row(self.transaction, asked)
        return int(row[0]) if row else 0

    def copies(self, message: Message) -> list[Message]:
        """The message in each alert that it was sent to at once, itself included, by id."""
        rows = _COPIES.rows(self.transaction, self._sending(message.sending))
        return [_message(row) for row in rows]

    def replies(self, message: Message) -> bool:
        """Whether anybody has answered it, in any of the alerts that it was sent to."""
        return _REPLIES.row(self.transaction, self._sending(message.sending)) is not None

    def add(self, messages: Iterable[Message]) -> None:
        rows = [self._row(message) for message in messages]
        if rows:
            _ADD.run_many(self.transaction, rows)

    def edit(self, message: Message) -> None:
        """Write what an author may change, and when; in all alerts that it was sent to."""
        _EDIT.run(
            self.transaction,
            {
                **self._sending(message.sending),
                "new_subject": heard(message.subject),
                "new_text": heard(message.text),
                "new_public": message.public,
                "new_request": message.request,
                "new_changed": message.changed,
            },
        )

    def delete(self, message: Message) -> None:
        """Take it, and its file, out of all alerts that it was sent to."""
        _DELETE.run(self.transaction, self._sending(message.sending))
        if message.has_file:
            _DELETE_FILE.run(self.transaction, self._sending(message.sending))

    def add_file(self, sending: int, name: str, content: bytes) -> None:
        """Keep a file, once for all alerts that it is sent to."""
        row = {
            "environment": self.environment,
            "sending": sending,
            "name": heard(name),
            "content": content,
        }
        _ADD_FILE.run(self.transaction, row)

    def file(self, sending: int) -> File | None:
        """The file of a message, by the message's `sending`."""
        row = _FILE.row(self.transaction, self._sending(sending))
        return File(row[0], bytes(row[1])) if row else None

    def note(self, uprc: str, role: Role) -> Note | None:
        asked = {"where": self.environment, "which": heard(uprc), "whose": role}
        row = _NOTE.row(self.transaction, asked)
        return Note(uprc, role, row[0], bool(row[1]), row[2]) if row else None

    def put_note(self, note: Note) -> None:
        """Each side has one note on an alert: a new one takes the place of the old."""
        self.delete_note(note.uprc, note.role)
        row = {
            "environment": self.environment,
            "uprc": heard(note.uprc),
            "role": note.role,
            "text": heard(note.text),
            "private": note.private,
            "changed": note.changed,
        }
        _ADD_NOTE.run(self.transaction, row)

    def delete_note(self, uprc: str, role: Role) -> None:
        """A note that is not there is deleted as well."""
        asked = {"where": self.environment, "which": heard(uprc), "whose": role}
        _DELETE_NOTE.run(self.transaction, asked)

    def _sending(self, sending: int) -> dict[str, Any]:
        return {"where": self.environment, "sending": sending}

    def _row(self, message: Message) -> dict[str, Any]:
        row: dict[str, Any] = {name: getattr(message, name) for name in _FIELDS}
        row["environment"] = self.environment
        row["uprc"], row["author"] = heard(message.uprc), heard(message.author)
        row["subject"], row["text"] = heard(message.subject), heard(message.text)
        return row


def _message(row: Row) -> Message:
    """A row of the driver, which has 0 and 1 for booleans."""
    values = dict(zip(_FIELDS, row, strict=True))
    values["public"], values["has_file"] = bool(values["public"]), bool(values["has_file"])
    return Message(**values)
