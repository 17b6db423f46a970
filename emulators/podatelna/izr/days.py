"""Days and instants on the wire: xs:dateTime, even where only a day is meant."""

from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import Final

from podatelna.kernel.xmlconvert import ConversionError, to_date_time

_NEVER: Final = date.min


def read_day(text: str, zone: tzinfo) -> str | None:
    """The local day of an xs:dateTime as YYYY-MM-DD. Without an offset it is local (Q16).

    None: no day between the years 1 and 9999.
    """
    local = _read(text, zone)
    return local.date().isoformat() if local else None


def read_instant(text: str, zone: tzinfo) -> str | None:
    """The local time of an xs:dateTime, whole seconds, without an offset; otherwise as a day."""
    local = _read(text, zone)
    return local.replace(tzinfo=None).isoformat(timespec="seconds") if local else None


def write_day(day: str) -> str:
    """A day as xs:dateTime, without an offset as all times in payloads (Q16)."""
    return f"{day}T00:00:00"


def _read(text: str, zone: tzinfo) -> datetime | None:
    try:
        found = to_date_time(text, _NEVER)
        if found.offset is None:
            return datetime.combine(found.day, found.time, zone)
        there = timezone(timedelta(minutes=found.offset))
        return datetime.combine(found.day, found.time, there).astimezone(zone)
    except (ConversionError, ValueError, OverflowError):
        return None
