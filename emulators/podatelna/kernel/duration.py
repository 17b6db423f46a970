"""Spans of time as people write them in scenario files and admin calls."""

import re
from datetime import timedelta

_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_SPAN = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")


def read_duration(text: str) -> timedelta:
    """`90d`, `1h30m`, `5m`, `45s`; units from days down, each at most once. Raises ValueError."""
    match = _SPAN.fullmatch(text.strip())
    if not match or not any(match.groups()):
        raise ValueError(f"a duration is written like 5m, 1h30m or 90d, not {text!r}")
    parts = zip(_UNITS.values(), match.groups(), strict=True)
    try:
        return timedelta(**{unit: int(number) for unit, number in parts if number})
    except OverflowError:
        raise ValueError(f"a duration is 999999999 days at most, not {text!r}") from None
