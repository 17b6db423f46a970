"""Instants as they are kept: texts that are ordered as the instants are."""

from datetime import UTC, datetime, timedelta


def instant(moment: datetime) -> str:
    """ISO 8601 in UTC, with microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moment(kept: str) -> datetime:
    """The instant that is kept, in UTC."""
    return datetime.fromisoformat(kept).astimezone(UTC)


def seconds_after(moment: datetime, seconds: int) -> datetime:
    """In UTC: local clocks are put forward and back in between. The year 9999 is not left."""
    try:
        return moment.astimezone(UTC) + timedelta(seconds=seconds)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)
