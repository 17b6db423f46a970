"""Waiting for the result of a message: asking again, with pauses that grow."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from podatelna_client.sdns import packing
from podatelna_client.sdns.access import Pause, Sending
from podatelna_client.sdns.errors import LoginDenied, NothingFound, QueryError, StillProcessing
from podatelna_client.sdns.model import Message
from podatelna_client.sdns.questions import Questions
from podatelna_client.sdns.results import HeaderError, Issue


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait; processing normally takes minutes, and may take longer."""

    first_pause: float = 15.0
    """Seconds; doubles with each pause."""
    longest_pause: float = 300.0
    longest: float = 3600.0
    """Seconds, all pauses together. 0: ask once."""
    pause: Pause = time.sleep


class Waiting(Questions):
    """The methods of a client that wait."""

    _sending: Sending

    def wait_for_result(
        self, message: Message, patience: Patience | None = None, *, look_at_headers: bool = True
    ) -> Issue | HeaderError:
        """The issue of a message as soon as its processing has ended, or why there is none.

        Of a split report it is the issue of all of its parts, so wait after the last one.
        `look_at_headers` asks for errors of the header as long as there is no issue; services
        older than manual 1.6 do not know that query, which is no failure. Raises StillProcessing.
        """
        for _ in _pauses(patience or Patience()):
            issue = self._issue(message)
            if issue and not issue.state.in_progress:
                return issue
            error = self._header_error(message) if look_at_headers and not issue else None
            if error:
                return error
        raise StillProcessing(f"there is no result of message {message.number} yet")

    def _issue(self, message: Message) -> Issue | None:
        try:
            found = self.issues(message.data_set, message.as_of, message.subject, message.scope)
        except NothingFound:
            return None
        # A confirmation or cancellation may be listed under another number than its own.
        name = packing.filename(self._sending.prefix, message.number)
        by_name = (issue for issue in found if issue.filename == name and not message.part)
        by_number = (issue for issue in found if issue.number == message.issue)
        return next(by_name, None) or next(by_number, None)

    def _header_error(self, message: Message) -> HeaderError | None:
        today = self._caller.today()
        since: date = min(message.created or today, today) - timedelta(days=1)
        try:
            found = self.header_errors(since, today)
        except LoginDenied:
            raise
        except QueryError:
            return None
        name = packing.filename(self._sending.prefix, message.number)
        return next((error for error in found if error.filename == name), None)


def _pauses(patience: Patience) -> Iterator[None]:
    """Once at the beginning, and once after each pause."""
    waited, pause = 0.0, patience.first_pause
    while True:
        yield
        if waited + pause > patience.longest:
            return
        patience.pause(pause)
        waited += pause
        pause = min(pause * 2, patience.longest_pause)
