"""How long a call waits for the service: rate limits are waited out, lost questions repeated."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from podatelna_client.czmvo.errors import (
    CzmvoError,
    OutcomeUnknown,
    RateLimited,
    UnreadableAnswer,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """What one call may spend on waiting, all its pauses together.

    The limit counts requests of five minutes (manual 3.1), so that a longer wait is in vain: the
    default has half a minute to spare.
    """

    longest: float = 330.0
    """Seconds. 0: never wait, and raise what the first attempt raised."""
    first_pause: float = 1.0
    """Seconds; doubles with each pause, unless the service names the seconds."""
    longest_pause: float = 60.0
    repeats: int = 2
    """How often a call without an answer is sent again, if that does no harm. 0: nothing is sent
    twice, not even when a token was refused."""
    sleep: Callable[[float], object] = time.sleep


NO_PATIENCE = Patience(longest=0.0, repeats=0)
"""Each call is sent once: for callers who wait and repeat by themselves."""

_GATEWAY = (502, 503, 504)


def patiently(attempt: Callable[[], T], patience: Patience, *, changes: bool) -> T:
    """What the attempt returns, or the last thing it raised.

    After a lost answer to a change, a refusal of its repetition proves nothing: the change may have
    been made the first time. So it comes out as OutcomeUnknown, caused by the refusal.
    """
    wait = _Wait(patience)
    while True:
        try:
            return attempt()
        except RateLimited as error:
            if not wait.out(error):
                wait.judge(error, changes)
                raise
        except OutcomeUnknown as error:
            if not wait.after(error):
                raise
        except CzmvoError as error:
            wait.judge(error, changes)
            raise


class _Wait:
    """The waiting of one call."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._waited = 0.0
        self._pauses = 0
        self._lost: OutcomeUnknown | None = None
        self._repeats = 0

    def out(self, limited: RateLimited) -> bool:
        """Wait a rate limit out; False if that takes too long."""
        return self._pause(limited.retry_after)

    def after(self, lost: OutcomeUnknown) -> bool:
        """Wait before a repetition; False if there may be none."""
        if not lost.repeatable or self._repeats >= self._patience.repeats:
            return False
        # A gateway that found nobody behind it says as little as a cut connection.
        if isinstance(lost, UnreadableAnswer) and lost.status not in _GATEWAY:
            return False
        self._lost = lost
        self._repeats += 1
        return self._pause(None)

    def judge(self, refusal: CzmvoError, changes: bool) -> None:
        """Raise OutcomeUnknown if a refusal proves nothing, after all that came before it."""
        if self._lost is not None and changes:
            reason = f"{self._lost.reason}; its repetition: {refusal}"
            raise OutcomeUnknown(reason, repeatable=False) from refusal

    def _pause(self, named: float | None) -> bool:
        grown = self._patience.first_pause * 2.0**self._pauses
        pause = named or min(grown, self._patience.longest_pause)
        if self._waited + pause > self._patience.longest:
            return False
        self._patience.sleep(pause)
        self._waited += pause
        self._pauses += 1
        return True
