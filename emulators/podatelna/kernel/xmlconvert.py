"""Lexical values as .NET reads and writes them in XML (XmlConvert, XmlConverter, XsdDateTime)."""

import re
from datetime import date, time
from functools import lru_cache
from typing import Final, NamedTuple

_INT32: Final = re.compile(r"[\t-\r ]*+([+-]?)([0-9]++)[\t-\r ]*+")
_INT32_DIGITS: Final = 10
_INT32_RANGE: Final = range(-(2**31), 2**31)
_BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False}
_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_TIME: Final = r"([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(?:\.([0-9]+))?"
_ZONE: Final = r"(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))?"
_DATE_TIME: Final = re.compile(rf"([0-9]{{4}})-([0-9]{{2}})-([0-9]{{2}})(?:T{_TIME})?{_ZONE}")
_TIME_ONLY: Final = re.compile(rf"{_TIME}{_ZONE}")
_GREGORIAN: Final = re.compile(
    r"(?:(?P<year>[0-9]{4})(?:-(?P<year_month>[0-9]{2}))?"
    r"|--(?P<month>[0-9]{2})(?:-(?P<month_day>[0-9]{2})|--)?"
    rf"|---(?P<day>[0-9]{{2}})){_ZONE}"
)
_LEAP_YEAR: Final = 1904
"""The year that .NET gives an xs:gMonthDay."""
_LONGEST_CACHED: Final = 40


class ConversionError(ValueError):
    """The text is no value of the type; the message is .NET's sentence."""

    def __init__(self, text: str, type_name: str) -> None:
        super().__init__(f"The value '{text}' cannot be parsed as the type '{type_name}'.")


class Moment(NamedTuple):
    """An xs:dateTime as it was written: nothing is moved to another time zone.

    The seventh digit of a fraction, which .NET keeps, is dropped.
    """

    day: date
    time: time
    offset: int | None = None
    """Minutes east of UTC as written (`Z` is 0); None: written without a zone."""


UNSET: Final = Moment(date.min, time.min)
"""The value of a DateTime that nobody set, 0001-01-01T00:00:00."""


def to_int32(text: str) -> int:
    """Raises ConversionError; signs, leading zeros and white space around are welcome."""
    if len(text) < _INT32_DIGITS and text.isascii() and text.isdigit():  # The usual case, at once.
        return int(text)
    if found := _INT32.fullmatch(text):
        digits = found[2].lstrip("0") or "0"
        if len(digits) <= _INT32_DIGITS and (number := int(found[1] + digits)) in _INT32_RANGE:
            return number
    raise ConversionError(text, "Int32")


def to_boolean(text: str) -> bool:
    """`true`, `false`, `1` or `0` in lower case; raises ConversionError."""
    try:
        return _BOOLEANS[text.strip(" \t\r\n")]
    except KeyError:
        raise ConversionError(text, "Boolean") from None


def to_date_time(text: str, today: date) -> Moment:
    """Read what XmlConvert.ToDateTime reads; raises ConversionError.

    Besides xs:dateTime that is a bare date, a time and the five Gregorian types. `today` fills in
    what the text leaves out: the date of a time, the year of `---DD` and `--MM`.
    """
    if len(text) > _LONGEST_CACHED:
        return _date_time(text, today)
    return _cached_date_time(text, today)


def _date_time(text: str, today: date) -> Moment:
    stripped = text.strip()
    try:
        if found := _DATE_TIME.fullmatch(stripped):
            year, month, day = map(int, found.groups()[:3])
            clock = _time(*found.groups()[3:7]) if found[4] else time.min
            return Moment(date(year, month, day), clock, _offset(stripped, *found.groups()[7:]))
        if found := _TIME_ONLY.fullmatch(stripped):
            return Moment(today, _time(*found.groups()[:4]), _offset(stripped, *found.groups()[4:]))
        if found := _GREGORIAN.fullmatch(stripped):
            offset = _offset(stripped, *found.groups()[-3:])
            return Moment(_gregorian(found, today), time.min, offset)
    except ValueError:
        pass  # The form is right and the calendar has no such day.
    raise ConversionError(text, "DateTime")


_cached_date_time = lru_cache(maxsize=1024)(_date_time)


def _time(hour: str, minute: str, second: str, fraction: str | None) -> time:
    return time(int(hour), int(minute), int(second), int((fraction or "")[:6].ljust(6, "0")))


def _offset(text: str, sign: str | None, hours: str | None, minutes: str | None) -> int | None:
    if hours and minutes:
        return (int(hours) * 60 + int(minutes)) * (-1 if sign == "-" else 1)
    return 0 if text[-1] in "Zz" else None


def _gregorian(found: re.Match[str], today: date) -> date:
    if found["year"]:
        return date(int(found["year"]), int(found["year_month"] or 1), 1)
    if found["month_day"]:
        return date(_LEAP_YEAR, int(found["month"]), int(found["month_day"]))
    return date(today.year, int(found["month"] or 1), int(found["day"] or 1))


def date_time_text(moment: Moment) -> str:
    """The text that XmlConvert.ToString writes: the fraction has no trailing zeros."""
    text = f"{moment.day.isoformat()}T{moment.time.isoformat('seconds')}"
    if moment.time.microsecond:
        text += f".{moment.time.microsecond:06}".rstrip("0")
    if moment.offset is None:
        return text
    if moment.offset == 0:
        return text + "Z"
    hours, minutes = divmod(abs(moment.offset), 60)
    return f"{text}{'-' if moment.offset < 0 else '+'}{hours:02}:{minutes:02}"


def boolean_text(value: bool) -> str:
    """`true` or `false`."""
    return "true" if value else "false"


def xml_text(text: str) -> str:
    """The text with U+FFFD in place of every character that XML 1.0 cannot carry.

    .NET would write such a character as a reference (`&#x1;`) that no conforming parser reads, and
    half a surrogate pair as U+FFFD. The replacement shows the reader that something stood there.
    """
    return _NO_XML.sub("\ufffd", text)
