"""Working days, as Act 326/1999 counts them for a report of accommodation."""

from datetime import date, timedelta
from functools import lru_cache

DAY = timedelta(days=1)
SATURDAY = 5


def deadline(arrival: date, working_days: int, *, public_holidays: bool) -> date:
    """The last day for the report: so many working days after the arrival (section 102)."""
    day, left = arrival, working_days
    while left:
        day += DAY
        left -= _works(day, public_holidays=public_holidays)
    return day


@lru_cache(maxsize=64)
def on_time_since(today: date, working_days: int, *, public_holidays: bool) -> date:
    """The earliest arrival whose deadline has not passed today."""
    since = today
    while deadline(since - DAY, working_days, public_holidays=public_holidays) >= today:
        since -= DAY
    return since


def _works(day: date, *, public_holidays: bool) -> bool:
    return day.weekday() < SATURDAY and not (public_holidays and day in _holidays(day.year))


@lru_cache(maxsize=8)
def _holidays(year: int) -> frozenset[date]:
    # Imported when the first guest is filed: it takes a quarter of a second.
    from holidays import country_holidays  # noqa: PLC0415 - see above

    return frozenset(country_holidays("CZ", years=year))
