"""Terms, and what time alone does to an occurrence (SOURCES.md, Q23 to Q25, Q43)."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.sdns.machine import world

PRAGUE = ZoneInfo("Europe/Prague")
EVENING = time(23, 59)
MINUTE = timedelta(minutes=1)


def evening(day: date) -> datetime:
    return datetime.combine(day, EVENING, PRAGUE)


def plan(code: str, day: date) -> datetime:
    """PlanDo."""
    rule = world.SETS[code]["term"]
    if "days" in rule:
        return evening(day + timedelta(days=rule["days"]))
    if "working_days" in rule:
        found = day
        for _ in range(rule["working_days"]):
            found += timedelta(days=1)
            while found.weekday() > 4:
                found += timedelta(days=1)
        return evening(found)
    first_of_next = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return evening(first_of_next.replace(day=rule["day_of_next_month"]))


def passed(due: datetime, days: int = 0) -> datetime:
    """When the minute of a term, or of a day after it, is over."""
    local = due.astimezone(PRAGUE).replace(tzinfo=None) + timedelta(days=days) + MINUTE
    return local.replace(tzinfo=PRAGUE)


def later(now: datetime, days: int) -> datetime:
    """A new Termin."""
    return evening(now.astimezone(PRAGUE).date() + timedelta(days=days))


def is_closed(due: datetime, now: datetime, settings: Mapping[str, Any]) -> bool:
    return now >= passed(due, settings["closing_days"])


def shown(
    state: int, valid: bool, due: datetime, now: datetime, settings: Mapping[str, Any]
) -> int:
    """StavKod of an occurrence."""
    if is_closed(due, now, settings):
        return 55 if valid else 65
    if state:
        return state
    if now < passed(due):
        return 10
    days = [int(each) for each in settings["reminder_days"]]
    return 18 if days and now >= passed(due, max(days)) else 15
