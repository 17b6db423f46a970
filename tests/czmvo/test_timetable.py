"""What falls due: reminders, closings and nights, each at its time and in its order."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from podatelna.czmvo.alerts import Alerts
from podatelna.czmvo.model import DEVELOPMENT, NEVER, PRODUCTION, TEST
from podatelna.kernel.controls import counted
from podatelna.kernel.settings import Value
from tests.czmvo.houses import at, open_premises, row, shipped_world, world

A, B = "CZ-AAA-AAA-AAA-AAA", "CZ-BBB-BBB-BBB-BBB"
BEGIN = "2026-03-02 08:00:00"
PHARMACY, MAH = "lekarna@vzorek.example", "mah@vzorek.example"
REMINDER = f"AMS: alert {A} čeká na vaši odpověď"
CLOSED = f"AMS: alert {A} byl automaticky uzavřen"


# -- escalations


def test_an_end_user_is_reminded_twice() -> None:
    asked = row(A, "04a", changed="2026-03-02 07:00:00")
    with open_premises(world(asked)) as here:
        here.settle(BEGIN)
        here.settle("2026-03-04 06:59:59")
        assert here.told() == []
        here.settle("2026-03-04 07:00:00")
        assert here.told() == [("2026-03-04T07:00:00", PHARMACY, REMINDER)]
        here.settle("2026-03-30 00:00:00")
        assert [when for when, _, _ in here.told()] == [
            "2026-03-04T07:00:00",
            "2026-03-07T07:00:00",
        ]
        assert here.alert(A).escalation == 2
        assert here.state(A) == "04a"


def test_nobody_is_reminded_of_what_was_answered() -> None:
    with open_premises(world(row(A, "04a", changed="2026-03-02 07:00:00"))) as here:
        here.settle(BEGIN)
        here.move(A, "#", "2026-03-03 08:00:00")
        here.settle("2026-03-30 00:00:00")
        assert here.told() == []


def test_an_alert_is_closed_after_a_year() -> None:
    with open_premises(world(row(A, created="2026-03-01 08:00:00"))) as here:
        here.settle(BEGIN)
        here.settle("2027-02-28 23:00:00")
        assert here.state(A) == "01a"
        here.settle("2027-05-01 00:00:00")
        alert = here.alert(A)
        assert (alert.closed, alert.changed) == ("2027-03-01 08:00:00", "2027-03-01 08:00:00")
        assert (alert.closed_by, here.state(A), alert.due) == ("system", "06o", NEVER)
        # Test and development are copies: what is told from production is not told again.
        assert here.told() == [
            ("2027-03-01T08:00:00", PHARMACY, CLOSED),
            ("2027-03-01T08:00:00", MAH, CLOSED),
        ]
        assert [here.state(A, each) for each in (TEST, DEVELOPMENT)] == ["06o", "06o"]


def test_what_happens_in_test_only_is_told_from_there() -> None:
    with open_premises(world(row(A)), {"reminder_hours": ["1"]}) as here:
        here.settle(BEGIN)
        here.move(A, "04a", BEGIN, TEST)
        here.settle("2026-03-02 12:00:00")
        assert here.told() == [("2026-03-02T09:00:00", PHARMACY, REMINDER)]


def test_a_closed_alert_is_left_alone() -> None:
    closed = row(A, "06a", changed="2026-03-01 09:00:00")
    with open_premises(world(closed)) as here:
        here.settle(BEGIN)
        before = here.alert(A)
        here.settle("2028-01-01 00:00:00")
        assert here.alert(A) == before


# -- how a sandbox begins


def test_a_sandbox_opens_with_its_alerts_as_they_are() -> None:
    old = row(A, created="2022-07-16 07:50:04")
    asked = row(B, "04a", created="2026-02-14 08:00:00", changed="2026-02-15 08:00:00")
    with open_premises(world(old, asked)) as here:
        here.settle(BEGIN)
        assert (here.state(A), here.state(B)) == ("01a", "04a")
        # The reminders are taken for sent, and the year is not over yet.
        assert here.alert(B).escalation == 2
        here.settle("2027-03-01 00:00:00")
        assert (here.state(A), here.state(B)) == ("01a", "06o")
        assert [recipient for _, recipient, _ in here.told()] == [PHARMACY, MAH]


def test_an_old_alert_that_is_set_anew_has_a_year_from_then() -> None:
    with open_premises(world(row(A, created="2022-07-16 07:50:04"))) as here:
        here.settle(BEGIN)
        here.move(A, "#", BEGIN)
        here.settle("2027-03-02 07:59:59")
        assert here.state(A) == "#"
        here.settle("2027-03-02 08:00:00")
        assert here.state(A) == "06o"


def test_the_documented_alerts_stay_as_printed_whenever_it_is() -> None:
    for now in ("2022-10-20 08:00:00", "2026-03-02 08:00:00", "2040-01-01 00:00:00"):
        with open_premises(shipped_world()) as here:
            here.settle(now)
            assert here.state("CZ-KSR-RLB-6MF-E8C-8RT") == "01a"
            assert here.posted() == []


def test_a_world_without_the_agencys_part_begins_too() -> None:
    with open_premises({}) as here:
        here.transaction.exec_driver_sql("DELETE FROM czmvo_schedule")
        here.transaction.exec_driver_sql("DELETE FROM czmvo_refresh")
        here.settle(BEGIN)
        here.settle("2026-03-09 08:00:00")
        assert counted(here.transaction, "czmvo.message.test") == 0


# -- settings and clocks that change


def test_settings_that_change_hold_from_then_on() -> None:
    with open_premises(world(row(A, "04a", changed="2026-03-02 07:00:00"))) as here:
        here.settle(BEGIN)
        here.settings |= {"reminder_hours": ["24"], "automatic_closing_days": 10}
        here.settle("2026-03-20 08:00:00")
        assert [when for when, _, _ in here.told()] == [
            "2026-03-03T07:00:00",
            "2026-03-11T08:00:00",
            "2026-03-11T08:00:00",
        ]
        assert here.state(A) == "06o"


def test_settings_of_the_world_hold_from_the_beginning() -> None:
    given: dict[str, Value] = {"automatic_closing_days": 5, "automatic_closing_state": "06c"}
    with open_premises(world(row(A)), given) as here:
        here.settle(BEGIN)
        here.settle("2026-03-20 08:00:00")
        assert here.state(A) == "06c"
        assert here.alert(A).closed == "2026-03-06 08:00:00"


def test_a_clock_that_is_set_back_has_its_time_before_it_again() -> None:
    with open_premises(world(row(A, "04a", changed="2026-03-02 07:00:00"))) as here:
        here.settle("2026-11-22 09:00:00")
        assert here.alert(A).escalation == 2
        here.settle(BEGIN)
        assert here.alert(A).escalation == 0
        here.settle("2026-03-08 08:00:00")
        assert [when for when, _, _ in here.told()] == [
            "2026-03-04T07:00:00",
            "2026-03-07T07:00:00",
        ]


def test_the_end_of_all_clocks_is_near() -> None:
    with open_premises(world(row(A))) as here:
        here.settle(BEGIN)
        here.settle("9998-12-31 23:59:59")
        assert here.state(A) == "06o"


# -- nights


def test_test_and_development_are_overwritten_at_midnight() -> None:
    with open_premises(world(row(A), row(B), next_message=22)) as here:
        here.settle(BEGIN)
        here.move(A, "#", BEGIN)
        here.move(B, "06c", BEGIN, TEST)
        here.settle("2026-03-02 23:59:59")
        assert [here.state(uprc, TEST) for uprc in (A, B)] == ["01a", "06c"]
        here.settle("2026-03-03 00:00:00")
        for environment in (TEST, DEVELOPMENT):
            assert [here.state(uprc, environment) for uprc in (A, B)] == ["#", "01a"]
        assert here.state(B) == "01a"


def test_all_data_are_copied_and_ids_go_on_from_there() -> None:
    with open_premises(shipped_world()) as here:
        here.settle(BEGIN)
        tables = here.dump()
        for name in ("alert", "tally", "message", "file", "note", "exemption", "level_3"):
            rows = tables[f"czmvo_{name}"]
            parts = [
                [found[1:] for found in rows if found[0] == environment]
                for environment in (PRODUCTION, TEST, DEVELOPMENT)
            ]
            assert parts[0] == parts[1] == parts[2]
            assert parts[0]
        assert counted(here.transaction, "czmvo.message.development") == 21


def test_where_nothing_has_changed_nothing_is_copied() -> None:
    with open_premises(world(row(A))) as here:
        here.settle(BEGIN)
        # A change that nobody has told of is not seen, so it is not undone.
        before = here.alert(A, TEST)
        Alerts(here.transaction, TEST).change(before, replace(before, state=5))
        here.settle("2026-03-05 00:00:00")
        assert here.state(A, TEST) == "#"


def test_a_refresh_on_demand() -> None:
    with open_premises(world(row(A))) as here:
        here.settle(BEGIN)
        here.move(A, "#", BEGIN, TEST)
        assert here.timetable.refresh(here.visit(BEGIN)) == [TEST]
        assert here.state(A, TEST) == "01a"
        assert here.timetable.refresh(here.visit(BEGIN)) == []
        here.move(A, "#", BEGIN)
        assert here.timetable.refresh(here.visit(BEGIN)) == [TEST, DEVELOPMENT]


@pytest.mark.parametrize(
    ("given", "refreshed"),
    [
        ({"refresh_hour": 9}, "2026-03-02 09:00:00"),
        ({"refresh_hour": 8}, "2026-03-03 08:00:00"),
        ({"refresh_hour": 23}, "2026-03-02 23:00:00"),
    ],
)
def test_the_hour_of_the_night(given: Mapping[str, Value], refreshed: str) -> None:
    with open_premises(world(row(A)), given) as here:
        here.settle(BEGIN)
        here.move(A, "#", BEGIN, TEST)
        day, hour = refreshed.split(" ")
        here.settle(f"{day} {int(hour[:2]) - 1:02}:59:59")
        assert here.state(A, TEST) == "#"
        here.settle(refreshed)
        assert here.state(A, TEST) == "01a"


def test_no_nights_if_the_sandbox_is_set_so() -> None:
    with open_premises(world(row(A)), {"nightly_refresh": False}) as here:
        here.settle(BEGIN)
        here.move(A, "#", BEGIN, TEST)
        here.settle("2026-04-02 08:00:00")
        assert here.state(A, TEST) == "#"


def test_a_night_comes_before_what_falls_due_at_its_instant() -> None:
    asked = row(A, "04a", created="2026-02-28 10:00:00", changed="2026-03-01 00:00:00")
    with open_premises(world(asked, row(B))) as here:
        here.settle("2026-03-02 08:00:00")
        here.move(B, "#", BEGIN)
        here.settle("2026-03-03 00:00:00")
        # The reminder of that instant was not there to be copied: test has sent one of its own.
        assert [here.alert(A, each).escalation for each in (PRODUCTION, TEST)] == [1, 1]
        assert here.state(B, TEST) == "#"


# -- one long step is as good as many short ones

STATES = ("01a", "04a", "#", "06b", "postponed")
HOURS = st.integers(0, 24 * 400)


def _instant(hours_before: int) -> str:
    return f"{at(BEGIN) - timedelta(hours=hours_before):%Y-%m-%d %H:%M:%S}"


@st.composite
def alerts(draw: st.DrawFn) -> list[dict[str, Any]]:
    made = []
    for number in range(draw(st.integers(1, 4))):
        created = draw(HOURS)
        made.append(
            row(
                f"CZ-AAA-AAA-AAA-00{number}",
                draw(st.sampled_from(STATES)),
                created=_instant(created),
                changed=_instant(draw(st.integers(0, created))),
            )
        )
    return made


SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "reminder_hours": st.lists(st.sampled_from(["1", "24", "48", "120", "500"]), max_size=3),
        "automatic_closing_days": st.integers(1, 400),
        "refresh_hour": st.integers(0, 23),
        "nightly_refresh": st.booleans(),
        "state_profile": st.sampled_from(["workflow", "workflow", "manual"]),
        "notifications": st.booleans(),
    },
)
MOVES = st.lists(
    st.tuples(st.sampled_from([PRODUCTION, TEST]), st.sampled_from(["04a", "#", "06c"])),
    max_size=3,
)


@profile(max_examples=150)
@given(part=alerts(), given=SETTINGS, moves=MOVES, steps=st.sampled_from([7, 24, 31]))
def test_ninety_days_at_once_are_ninety_days(
    part: list[dict[str, Any]],
    given: dict[str, Value],
    moves: list[tuple[str, str]],
    steps: int,
) -> None:
    if given.get("state_profile") == "manual":
        part = [each | {"state": "closed" if each["state"] == "06b" else 1} for each in part]
        moves = []

    def after(hours: list[int]) -> dict[str, list[tuple[Any, ...]]]:
        with open_premises(world(*part), given) as here:
            here.settle(BEGIN)
            for environment, state in moves:
                here.move(part[0]["uprc"], state, BEGIN, environment)
            for hour in hours:
                here.settle(_instant(-hour))
            return here.dump()

    assert after([90 * 24]) == after([*range(0, 90 * 24, steps), 90 * 24])
