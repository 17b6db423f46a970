"""Three working days after the arrival: calendars typed out, and a slow model of the same."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from podatelna.ubyport.deadlines import deadline, on_time_since
from tests.strategies import UNTIMED

DAY = timedelta(days=1)
THREE = 3

CASES = [
    # what stands in the way             arrival          with holidays   without them
    ("nothing", "2026-03-02 Mon", "2026-03-05 Thu", "2026-03-05 Thu"),
    ("nothing", "2026-03-03 Tue", "2026-03-06 Fri", "2026-03-06 Fri"),
    ("a weekend", "2026-03-04 Wed", "2026-03-09 Mon", "2026-03-09 Mon"),
    ("a weekend", "2026-03-06 Fri", "2026-03-11 Wed", "2026-03-11 Wed"),
    ("arrival on Saturday", "2026-03-07 Sat", "2026-03-11 Wed", "2026-03-11 Wed"),
    ("arrival on Sunday", "2026-03-08 Sun", "2026-03-11 Wed", "2026-03-11 Wed"),
    ("leap day", "2028-02-28 Mon", "2028-03-02 Thu", "2028-03-02 Thu"),
    ("Christmas", "2025-12-23 Tue", "2025-12-31 Wed", "2025-12-26 Fri"),
    ("Christmas, arrival in it", "2025-12-24 Wed", "2025-12-31 Wed", "2025-12-29 Mon"),
    ("Christmas on a weekend", "2027-12-23 Thu", "2027-12-29 Wed", "2027-12-28 Tue"),
    ("Christmas and the year's end", "2025-12-29 Mon", "2026-01-02 Fri", "2026-01-01 Thu"),
    ("New Year", "2025-12-30 Tue", "2026-01-05 Mon", "2026-01-02 Fri"),
    ("New Year on Saturday", "2027-12-30 Thu", "2028-01-04 Tue", "2028-01-04 Tue"),
    ("Easter", "2026-04-02 Thu", "2026-04-09 Thu", "2026-04-07 Tue"),
    ("Good Friday, a holiday since 2016", "2016-03-24 Thu", "2016-03-31 Thu", "2016-03-29 Tue"),
    ("Good Friday of 2015, none yet", "2015-04-02 Thu", "2015-04-08 Wed", "2015-04-07 Tue"),
    ("Easter Monday only", "2026-04-04 Sat", "2026-04-09 Thu", "2026-04-08 Wed"),
    ("1 May", "2026-04-29 Wed", "2026-05-05 Tue", "2026-05-04 Mon"),
    ("8 May", "2026-05-07 Thu", "2026-05-13 Wed", "2026-05-12 Tue"),
    ("5 and 6 July", "2027-07-02 Fri", "2027-07-09 Fri", "2027-07-07 Wed"),
    ("28 September", "2026-09-25 Fri", "2026-10-01 Thu", "2026-09-30 Wed"),
    ("28 October", "2026-10-27 Tue", "2026-11-02 Mon", "2026-10-30 Fri"),
    ("17 November", "2026-11-16 Mon", "2026-11-20 Fri", "2026-11-19 Thu"),
]


def day(text: str) -> date:
    """A day as the table has it; the name of the weekday keeps the table honest."""
    found = date.fromisoformat(text[:10])
    assert f"{found:%a}" == text[11:], text
    return found


@pytest.mark.parametrize(("why", "arrival", "holidays", "no_holidays"), CASES)
def test_last_day_for_the_report(why: str, arrival: str, holidays: str, no_holidays: str) -> None:
    assert deadline(day(arrival), THREE, public_holidays=True) == day(holidays), why
    assert deadline(day(arrival), THREE, public_holidays=False) == day(no_holidays), why


@pytest.mark.parametrize(("why", "arrival", "holidays", "no_holidays"), CASES)
def test_just_in_time_and_just_late(
    why: str, arrival: str, holidays: str, no_holidays: str
) -> None:
    for last, switched in ((day(holidays), True), (day(no_holidays), False)):
        in_time = on_time_since(last, THREE, public_holidays=switched) <= day(arrival)
        late = on_time_since(last + DAY, THREE, public_holidays=switched) > day(arrival)
        assert (in_time, late) == (True, True), why


@pytest.mark.parametrize(
    ("working_days", "last"),
    [(0, "2026-04-02 Thu"), (1, "2026-04-07 Tue"), (2, "2026-04-08 Wed"), (5, "2026-04-13 Mon")],
)
def test_another_number_of_working_days(working_days: int, last: str) -> None:
    arrival = day("2026-04-02 Thu")
    assert deadline(arrival, working_days, public_holidays=True) == day(last)


def test_arrivals_of_one_day_are_late_together() -> None:
    """Friday to Sunday share a deadline, so on Wednesday all are on time and on Thursday none."""
    wednesday, thursday = day("2026-03-11 Wed"), day("2026-03-12 Thu")
    assert on_time_since(wednesday, THREE, public_holidays=True) == day("2026-03-06 Fri")
    assert on_time_since(thursday, THREE, public_holidays=True) == day("2026-03-09 Mon")


# --- an independent model: no library, and every day looked at

FIXED = {
    (1, 1), (5, 1), (5, 8), (7, 5), (7, 6), (9, 28), (10, 28), (11, 17),
    (12, 24), (12, 25), (12, 26),
}  # fmt: skip
GOOD_FRIDAY_SINCE = 2016


def easter_sunday(year: int) -> date:
    """The anonymous Gregorian algorithm."""
    golden, century, rest = year % 19, year // 100, year % 100
    leaps, left = divmod(century, 4)
    moved = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - moved + 15) % 30
    fours, ones = divmod(rest, 4)
    to_sunday = (32 + 2 * left + 2 * fours - epact - ones) % 7
    late = (golden + 11 * epact + 22 * to_sunday) // 451
    month, before = divmod(epact + to_sunday - 7 * late + 114, 31)
    return date(year, month, before + 1)


def works(it: date, public_holidays: bool) -> bool:
    if f"{it:%a}" in ("Sat", "Sun"):
        return False
    if not public_holidays:
        return True
    easter = easter_sunday(it.year)
    good_friday = it == easter - 2 * DAY and it.year >= GOOD_FRIDAY_SINCE
    return not good_friday and it != easter + DAY and (it.month, it.day) not in FIXED


def late(arrival: date, today: date, working_days: int, public_holidays: bool) -> bool:
    """Whether so many working days have gone by, today not counted."""
    between = [arrival + number * DAY for number in range(1, (today - arrival).days)]
    gone = sum(works(it, public_holidays) for it in between)
    return arrival < today and gone >= working_days


days = st.dates(date(2010, 1, 1), date(2040, 12, 31))
numbers = st.integers(1, 6)


@UNTIMED
@given(days, numbers, st.booleans())
def test_on_time_since_is_the_first_arrival_whose_deadline_has_not_passed(
    today: date, working_days: int, switched: bool
) -> None:
    arrivals = [today - number * DAY for number in range(40)]
    on_time = [it for it in arrivals if not late(it, today, working_days, switched)]
    found = on_time_since(today, working_days, public_holidays=switched)
    assert found == min(on_time)
    assert deadline(found - DAY, working_days, public_holidays=switched) < today
    assert deadline(found, working_days, public_holidays=switched) >= today


@UNTIMED
@given(days, st.integers(0, 30), numbers, st.booleans())
def test_deadline_is_a_working_day_and_the_model_agrees(
    arrival: date, after: int, working_days: int, switched: bool
) -> None:
    last = deadline(arrival, working_days, public_holidays=switched)
    today = arrival + after * DAY
    assert works(last, switched)
    assert (today > last) == late(arrival, today, working_days, switched)


@UNTIMED
@given(days, days, numbers, st.booleans())
def test_later_arrivals_have_no_earlier_deadline(
    one: date, other: date, working_days: int, switched: bool
) -> None:
    assume(one < other)
    first, second = (deadline(it, working_days, public_holidays=switched) for it in (one, other))
    assert first <= second
    first, second = (
        on_time_since(it, working_days, public_holidays=switched) for it in (one, other)
    )
    assert first <= second


@UNTIMED
@given(days, numbers)
def test_holidays_only_give_more_time(arrival: date, working_days: int) -> None:
    longer = deadline(arrival, working_days, public_holidays=True)
    assert longer >= deadline(arrival, working_days, public_holidays=False)
