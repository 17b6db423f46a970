"""Time that a test can move. The only module that reads the wall clock."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

STILL = timedelta(0)


class ClockRefusedError(ValueError):
    """A time that a clock cannot be set to; the message says why."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A sandbox's time: the wall clock plus an offset, or one frozen instant (always UTC)."""

    offset: timedelta = STILL
    frozen_at: datetime | None = None

    def now(self) -> datetime:
        return self.frozen_at or datetime.now(UTC) + self.offset

    def advanced(self, by: timedelta) -> "Clock":
        """The same clock, later. Going back is refused: what was settled cannot be unsettled."""
        if by < STILL:
            raise ClockRefusedError(
                "A clock only advances; to go back, reset the sandbox and set it."
            )
        try:
            self.now() + by
        except OverflowError:
            raise ClockRefusedError("A clock ends with the year 9999.") from None
        if self.frozen_at:
            return replace(self, frozen_at=self.frozen_at + by)
        return replace(self, offset=self.offset + by)

    def frozen(self, at: datetime | None = None) -> "Clock":
        """Standing still, now or at the given instant."""
        return Clock(self.offset, _utc(at) if at else self.now())

    def running(self, since: datetime | None = None) -> "Clock":
        """Going on from where it stands, or from the given instant."""
        start = _utc(since) if since else self.frozen_at
        return Clock(start - datetime.now(UTC)) if start else self


def _utc(at: datetime) -> datetime:
    """Refuse an instant of no zone: it would be another one on every machine."""
    if at.tzinfo is None:
        raise ClockRefusedError(f"{at.isoformat()} has no time zone; write Z at its end for UTC.")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ClockRefusedError(f"{at.isoformat()} is outside the years 1 to 9999.") from None
