"""The register: whom the bank knows, what was sent, and what has become of it."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from podatelna.kernel.statements import Statement
from podatelna.kernel.tables import heard
from podatelna.sdns import queries
from podatelna.sdns.backlog import Backlog, Kind
from podatelna.sdns.directory import Directory
from podatelna.sdns.model import Issue, Key, Message, Occurrence
from podatelna.sdns.rowstore import RowStore
from podatelna.sdns.tables import MESSAGE, OCCURRENCE
from podatelna.sdns.written import (
    issue_of,
    issue_outcome,
    issue_row,
    key_row,
    message_of,
    message_outcome,
    message_row,
    occurrence_of,
    occurrence_outcome,
    occurrence_row,
)

_FASTEST = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Which occurrences are looked for; "" and None leave a condition out."""

    subject: str = ""
    scope: str = ""
    data_set: str = ""
    """The code alone."""
    since: str = ""
    """The first reference day, ISO 8601."""
    until: str = ""
    test: bool | None = None


@dataclass(frozen=True, slots=True)
class Register(Directory):
    """The register of one environment, within one transaction.

    What is added gets an id of its own; the id that it has itself is passed over.
    """

    @property
    def data(self) -> RowStore:
        """The rows of issues."""
        return RowStore(self.transaction)

    @property
    def backlog(self) -> Backlog:
        """What is to be done, and when."""
        return Backlog(self.transaction, self.environment)

    def plan(self, due: datetime, step: Kind, message: int = 0, issue: int = 0) -> None:
        """Have a step of processing done."""
        self.backlog.plan(due, step, message, issue)

    # -- messages

    def has_file(self, file: str) -> bool:
        """Whether a message of this file name was taken over."""
        return self._row(queries.HAS_FILE, the_file=file) is not None

    def add_message(self, message: Message, content: bytes) -> int:
        """Keep a message and its XML until it is processed."""
        row = message_row(message) | {"content": zlib.compress(content, _FASTEST)}
        return self._added(queries.ADD_MESSAGE, row)

    def message(self, number: int) -> Message | None:
        """By its id."""
        row = self._row(queries.ONE_MESSAGE, the_id=number)
        return message_of(row) if row else None

    def message_numbered(self, sender: str, number: str) -> Message | None:
        """By CISLO-ZPRAVY: the one that was accepted; those refused in the header leave it free."""
        row = self._row(queries.ACCEPTED_MESSAGE, the_sender=sender, the_number=number)
        return message_of(row) if row else None

    def messages(self, sender: str = "") -> list[Message]:
        """All, or those of one sender, in the order in which they came."""
        found = queries.MESSAGES
        if sender:
            found = found.where(MESSAGE.c.sender == heard(sender))
        rows = self.transaction.execute(found, {"where": self.environment})
        return [message_of(row) for row in rows]

    def messages_of(self, issue: int) -> list[Message]:
        """What an issue came in, in the order in which it came."""
        return [message_of(row) for row in self._rows(queries.MESSAGES_OF, the_issue=issue)]

    def messages_refused(self, sender: str, since: str = "", until: str = "") -> list[Message]:
        """Those with an error in the header that processing took up in an interval of instants.

        Both are ISO 8601 in UTC; `until` itself is not in it; "" leaves a condition out.
        """
        found = queries.REFUSED.where(MESSAGE.c.sender == heard(sender))
        if since:
            found = found.where(MESSAGE.c.accepted >= since)
        if until:
            found = found.where(MESSAGE.c.accepted < until)
        rows = self.transaction.execute(found, {"where": self.environment})
        return [message_of(row) for row in rows]

    def content(self, number: int) -> bytes:
        """The XML of a message; empty once it was processed."""
        row = self._row(queries.CONTENT, the_id=number)
        kept = bytes(row[0]) if row else b""
        return zlib.decompress(kept) if kept else b""

    def change_message(self, message: Message) -> None:
        """Record what a message has become. Its XML is kept."""
        self._change(queries.CHANGE_MESSAGE, message.id, message_outcome(message))

    def drop_content(self, number: int) -> None:
        """Forget the XML of a message."""
        self._change(queries.EMPTY_MESSAGE, number, {"content": b""})

    # -- occurrences

    def occurrence(self, key: Key) -> Occurrence | None:
        """None: nothing was ever sent for it."""
        values = {f"the_{name}": value for name, value in key_row(key).items()}
        row = self._row(queries.OCCURRENCE_OF_KEY, **values)
        return occurrence_of(row) if row else None

    def last_before(self, key: Key) -> Occurrence | None:
        """The occurrence with data that is next to this one in the past."""
        values = {f"the_{name}": value for name, value in key_row(key).items()}
        row = self._row(queries.LAST_BEFORE, **values, before=key.as_of)
        return occurrence_of(row) if row else None

    def occurrence_by_id(self, number: int) -> Occurrence | None:
        row = self._row(queries.ONE_OCCURRENCE, the_id=number)
        return occurrence_of(row) if row else None

    def occurrences(self, search: Search) -> list[Occurrence]:
        """In the order of their keys."""
        found, column = queries.OCCURRENCES, OCCURRENCE.c
        for name in ("subject", "scope", "data_set"):
            if value := getattr(search, name):
                found = found.where(column[name] == heard(value))
        if search.since:
            found = found.where(column.as_of >= search.since)
        if search.until:
            found = found.where(column.as_of <= search.until)
        if search.test is not None:
            found = found.where(column.test == search.test)
        rows = self.transaction.execute(found, {"where": self.environment})
        return [occurrence_of(row) for row in rows]

    def add_occurrence(self, occurrence: Occurrence) -> int:
        return self._added(queries.ADD_OCCURRENCE, occurrence_row(occurrence))

    def change_occurrence(self, occurrence: Occurrence) -> None:
        self._change(queries.CHANGE_OCCURRENCE, occurrence.id, occurrence_outcome(occurrence))

    # -- issues

    def issue(self, number: int) -> Issue | None:
        """By its id."""
        row = self._row(queries.ONE_ISSUE, the_id=number)
        return issue_of(row) if row else None

    def issues(self, occurrence: int) -> list[Issue]:
        """Of an occurrence, in the order in which they were made."""
        return [issue_of(row) for row in self._rows(queries.ISSUES, the_occurrence=occurrence)]

    def issues_numbered(self, sender: str, number: str) -> list[Issue]:
        """By CISLO-VYDANI."""
        rows = self._rows(queries.ISSUES_NUMBERED, the_sender=sender, the_number=number)
        return [issue_of(row) for row in rows]

    def issue_numbered(self, sender: str, number: str) -> Issue | None:
        """By CISLO-VYDANI: the first one."""
        return next(iter(self.issues_numbered(sender, number)), None)

    def add_issue(self, issue: Issue) -> int:
        return self._added(queries.ADD_ISSUE, issue_row(issue))

    def change_issue(self, issue: Issue) -> None:
        """Record what processing has changed."""
        self._change(queries.CHANGE_ISSUE, issue.id, issue_outcome(issue))

    # -- statements, in this environment

    def _added(self, statement: Statement, row: Mapping[str, Any]) -> int:
        made = statement.row(self.transaction, {**row, "environment": self.environment})
        assert made is not None
        return int(made[0])

    def _change(self, statement: Statement, number: int, values: Mapping[str, Any]) -> None:
        which = {"the_id": number, "where": self.environment}
        statement.run(self.transaction, {**values, **which})
