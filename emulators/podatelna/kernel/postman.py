"""Takes posted letters to a real mail server, in a thread of its own: no answer waits for it."""

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime
from email.message import EmailMessage
from smtplib import SMTP, SMTPServerDisconnected
from threading import BoundedSemaphore

from podatelna.kernel.outbox import Posted

log = logging.getLogger(__name__)

PATIENCE = 5.0
"""Seconds that a mail server is waited for; at the end, for all the letters that are left."""
MOST_WAITING = 1000
"""Visits whose letters wait. Those of further ones stay unsent: the mail server is too slow."""

Delivered = Callable[[str, Sequence[str]], None]
"""Told of a sandbox and the message ids of those of its letters that the mail server has taken."""


class Postman:
    """One for each process. Letters that cannot be delivered are logged, and not tried again."""

    def __init__(self, host: str, port: int, delivered: Delivered) -> None:
        self._server = (host, port)
        self._delivered = delivered
        self._thread = ThreadPoolExecutor(1, "podatelna-postman")
        self._room = BoundedSemaphore(MOST_WAITING)

    def take(self, sandbox: str, letters: Sequence[Posted]) -> None:
        """Take over the letters of one visit; returns at once."""
        if self._room.acquire(blocking=False):
            self._thread.submit(self._carry, sandbox, letters)
        else:
            self._complain("is too slow", sandbox, letters)

    def drain(self) -> bool:
        """Wait until all letters were tried, but not for long; returns whether they were."""
        last = self._thread.submit(lambda: None)
        return not wait([last], PATIENCE).not_done

    def close(self) -> None:
        """Send what is left, if that can be done in a few seconds."""
        self.drain()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _carry(self, sandbox: str, letters: Sequence[Posted]) -> None:
        left = list(letters)
        taken: list[str] = []
        try:
            for letter, refusal in self._hand_over(letters):
                left.remove(letter)
                if refusal:
                    self._complain(f"did not get it ({refusal})", sandbox, [letter])
                else:
                    taken.append(letter.message_id)
        except Exception as error:  # whatever keeps a connection from coming about, or ends it
            self._complain(f"cannot be reached ({error})", sandbox, left)
        try:
            if taken:
                self._delivered(sandbox, taken)
        except Exception:
            log.exception("Letters of sandbox %s were sent and could not be marked so", sandbox)
        finally:
            self._room.release()

    def _hand_over(self, letters: Sequence[Posted]) -> Iterator[tuple[Posted, Exception | None]]:
        """Each letter, once it was tried, and why it was not taken."""
        host, port = self._server
        # Without a name of its own smtplib would ask the network for one, which may take long.
        with SMTP(host, port, "localhost", PATIENCE) as connection:
            for letter in letters:
                refusal = None
                try:
                    connection.send_message(written(letter))
                except (SMTPServerDisconnected, ConnectionError, TimeoutError):
                    raise
                except Exception as error:  # what the mail server or the e-mail library refuses
                    refusal = error
                yield letter, refusal

    def _complain(self, why: str, sandbox: str, letters: Sequence[Posted]) -> None:
        host, port = self._server
        for letter in letters:
            where = f"letter {letter.number} of sandbox {sandbox}"
            log.warning("The mail server at %s:%s %s: %s stays unsent", host, port, why, where)


def written(letter: Posted) -> EmailMessage:
    """The letter as an e-mail of plain text in UTF-8."""
    mail = EmailMessage()
    mail["From"] = letter.sender
    mail["To"] = letter.recipient
    mail["Subject"] = " ".join(letter.subject.split())
    mail["Date"] = datetime.fromisoformat(letter.at)
    mail["Message-ID"] = letter.message_id
    mail.set_content(letter.body)
    return mail
