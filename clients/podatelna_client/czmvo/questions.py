"""What is asked of `alerts` by GET (manual 2.7.1), and the check of the connection (manual 2.5)."""

from collections.abc import Iterator
from typing import TypedDict, Unpack

from podatelna_client.czmvo import reading
from podatelna_client.czmvo.calling import ALERTS, BINARY, Call, Caller
from podatelna_client.czmvo.exchange import Reply
from podatelna_client.czmvo.files import AlertFile, Table, attached_name
from podatelna_client.czmvo.model import (
    Alert,
    AlertState,
    CannedMessage,
    ConnectionCheck,
    Level3Alert,
    Message,
    Note,
    ReopenReason,
    StatePage,
    TypeState,
)
from podatelna_client.czmvo.writing import Moment, given, renamed

FIRST_PAGE = 1
COUNT_ONLY = -1
"""The page that stands for the number of pages (manual 2.7.1.1)."""


class Filters(TypedDict, total=False):
    """Which alerts; those that fit all of it."""

    uprc: str
    latest: bool
    """Newest first."""
    created_from: Moment
    created_to: Moment
    changed_from: Moment
    """A change of state was recorded since then."""
    state: int
    """An id of `alert_states()`."""


_FILTERS = {
    "uprc": "uprc",
    "latest": "latest",
    "created_from": "createdFrom",
    "created_to": "createdTo",
    "changed_from": "changedFrom",
    "state": "state",
}


class Questions:
    """Reading alerts, messages, files, notes and code lists."""

    _caller: Caller

    def list_states(self, page: int | None = None, **filters: Unpack[Filters]) -> StatePage:
        """One page of alerts with their states, the first if none is named; oldest alert first.

        A page beyond the end is empty.
        """
        wanted = renamed(filters, _FILTERS)
        return self._caller.result(_asking("state", **wanted, page=page), reading.state_page)

    def iterate_states(self, **filters: Unpack[Filters]) -> Iterator[Alert]:
        """All alerts that fit, page after page, each page asked for when it is reached.

        Alerts that stop fitting on the way move later ones to pages that were read already: collect
        the alerts first, then change what the filter looks at.
        """
        number, before = FIRST_PAGE, frozenset[str]()
        while True:
            page = self.list_states(number, **filters)
            # With the newest first, an alert that comes in moves others to the next page.
            yield from (alert for alert in page.alerts if alert.uprc not in before)
            if not page.alerts or number >= page.pages:
                return
            number, before = number + 1, frozenset(alert.uprc for alert in page.alerts)

    def count_pages(self, **filters: Unpack[Filters]) -> int:
        """How many pages of alerts there are."""
        wanted = renamed(filters, _FILTERS)
        return self._caller.result(_asking("state", **wanted, page=COUNT_ONLY), reading.pages)

    def list_states_csv(self, page: int | None = None, **filters: Unpack[Filters]) -> Table:
        """The same page as a table; it does not say how many pages there are."""
        return self._caller.table(_asking("state", **renamed(filters, _FILTERS), page=page))

    def messages(
        self,
        uprc: str | None = None,
        *,
        message_id: int | None = None,
        changed_from: Moment | None = None,
    ) -> tuple[Message, ...]:
        """The messages of an alert, one message, or those changed since; one of them is needed.

        The moment alone should not lie back more than a month.
        """
        return self._caller.result(_messages(uprc, message_id, changed_from), reading.messages)

    def messages_csv(
        self,
        uprc: str | None = None,
        *,
        message_id: int | None = None,
        changed_from: Moment | None = None,
    ) -> Table:
        """The same as a table, which the manual does not promise: perhaps AcceptNotSupported."""
        return self._caller.table(_messages(uprc, message_id, changed_from))

    def file(self, message_id: int) -> AlertFile:
        """The file of a message, sent as JSON."""
        return self._caller.result(_asking("file", id=str(message_id)), reading.file)

    def download(self, message_id: int) -> AlertFile:
        """The same file, sent as it is: a quarter less to carry, but perhaps without its name."""
        call = _asking("file", id=str(message_id))
        return self._caller.document(call, BINARY, _attachment, reading.file)

    def alert_states(self) -> tuple[AlertState, ...]:
        """The states that alerts can have. Names and texts depend on role and language."""
        return self._caller.result(_asking("enumState"), reading.alert_states)

    def alert_states_csv(self) -> Table:
        """The same as a table."""
        return self._caller.table(_asking("enumState"))

    def canned_messages(self) -> tuple[CannedMessage, ...]:
        """The messages with a text of the service's own, which it prefers."""
        return self._caller.result(_asking("enumRequest"), reading.canned_messages)

    def canned_messages_csv(self) -> Table:
        """The same as a table."""
        return self._caller.table(_asking("enumRequest"))

    def type_states(self) -> tuple[TypeState, ...]:
        """What can be asked to be done with a pack; only for end users."""
        return self._caller.result(_asking("enumTypeState"), reading.type_states)

    def reopen_reasons(self) -> tuple[ReopenReason, ...]:
        """The reasons for which a closed alert may be opened again."""
        return self._caller.result(_asking("enumReopenReason"), reading.reopen_reasons)

    def group(self, uprc: str) -> tuple[str, ...]:
        """All alerts of an alert's group, itself among them; empty without one. Only for MAHs."""
        return self._caller.result(_asking("group", uprc=uprc), reading.uprcs)

    def note(self, uprc: str, party: str | None = None) -> Note:
        """The caller's own note to an alert, or that of a party: mah, enduser or nool."""
        return self._caller.result(_asking("note", uprc=uprc, **{"from": party}), reading.note)

    def level3_counter(self, location: str) -> int:
        """The last number used for alerts of level 3. Only in version 1.0, only for end users."""
        return self._caller.result(_asking("alcounter", location=location), reading.level3_counter)

    def level3_alerts(
        self, location: str, from_counter: int | None = None
    ) -> tuple[Level3Alert, ...]:
        """Alerts of level 3, from a number on. Only in version 1.0, only for end users."""
        call = _asking("alalerts", location=location, **{"from": from_counter})
        return self._caller.result(call, reading.level3_alerts)

    def verify_connection(self, module: str = "alerts", method: str = "GET") -> ConnectionCheck:
        """What the service thinks of this client; nothing else is done.

        `module` is alerts, filter or, for the bare address, empty. Wrong credentials are an answer
        in version 1.0; later ones give them no token, so that nothing can be asked: TokenRefused.
        """
        call = Call(
            method=method,
            path=f"{module}/" if module else "",
            parameters={},
            repeatable=True,
            query={"connection": "verify"},
        )
        return self._caller.result(call, reading.connection_check)


def _asking(name: str, **parameters: object) -> Call:
    return Call(
        method="GET",
        path=ALERTS,
        parameters=given(list=name, **parameters),
        repeatable=True,
    )


def _messages(uprc: str | None, message_id: int | None, changed_from: Moment | None) -> Call:
    number = None if message_id is None else str(message_id)
    return _asking("messages", uprc=uprc, id=number, changedFrom=changed_from)


def _attachment(reply: Reply) -> AlertFile:
    name = attached_name(reply.headers.get("Content-Disposition", ""))
    return AlertFile(name, reply.body, reply.media_type)
