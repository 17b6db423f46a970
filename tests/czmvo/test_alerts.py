"""Alerts as they are kept: who sees them, which falls due first, and that the tally adds up."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from podatelna.czmvo.alerts import Alerts, next_due, sees
from podatelna.czmvo.model import DEVELOPMENT, ENDUSER, NEVER, PRODUCTION, TEST, Alert, Caller
from podatelna.czmvo.tables import ALERT, TALLY
from podatelna.czmvo.tally import EVERY_STATE, MONTH, TEN_DAYS
from tests.czmvo.desks import (
    CREATED,
    DEVELOPER,
    HOLDER,
    OFFICE,
    OTHER_HOLDER,
    OTHER_PHARMACY,
    PHARMACY,
    STATES,
    UPRC,
    Office,
    alert,
    bound,
    open_office,
)
from tests.strategies import UNTIMED

SECOND, THIRD, FOURTH = "CZ-BBB-BBB-BBB-BBB", "CZ-CCC-CCC-CCC-CCC", "CZ-DDD-DDD-DDD-DDD"
EARLIER, LATER = "2026-02-19 08:00:00", "2026-03-01 08:00:00"


@pytest.fixture
def office() -> Iterator[Office]:
    with open_office() as opened:
        yield opened


def uprcs(alerts: list[Alert]) -> list[str]:
    return [each.uprc for each in alerts]


# -- finding


def test_an_alert_comes_back_as_it_went(office: Office) -> None:
    full = alert(
        location="l1",
        batch="B1",
        changed=LATER,
        group="g",
        anonymous_group="a",
        closed=LATER,
        closed_by=ENDUSER,
        last_for_mah=20,
        last_for_enduser=19,
        due=LATER,
        escalation=2,
    )
    office.add(full, alert(SECOND))
    assert office.alerts.find(UPRC) == full
    assert office.alerts.find(THIRD) is None
    assert Alerts(office.transaction, TEST).find(UPRC) is None


@pytest.mark.parametrize("uprc", ["", "\0", "\udc80", "ž" * 10_000, UPRC.lower(), f"{UPRC} "])
def test_what_no_alert_is_called(office: Office, uprc: str) -> None:
    office.add(alert())
    assert office.alerts.find(uprc) is None


def test_those_that_exist_come_once_each_and_in_order(office: Office) -> None:
    office.add(alert(), alert(SECOND), alert(THIRD))
    assert uprcs(office.alerts.find_all([THIRD, UPRC, FOURTH, THIRD])) == [UPRC, THIRD]
    assert office.alerts.find_all([]) == []


@pytest.mark.parametrize("changed", ["", EARLIER])
def test_a_state_is_not_set_before_the_alert_is_raised(office: Office, changed: str) -> None:
    office.add(alert(changed=changed))
    assert office.stored().changed == CREATED
    office.alerts.change(office.stored(), alert(changed=LATER))
    assert office.stored().changed == LATER
    office.alerts.change(office.stored(), alert(changed=changed))
    assert office.stored().changed == CREATED


# -- groups

GROUPED = (
    alert(group="g", anonymous_group="a"),
    alert(SECOND, group="g"),
    alert(THIRD, anonymous_group="a"),
    alert(FOURTH),
)


@pytest.mark.parametrize(
    ("uprc", "group", "anonymous", "alike"),
    [
        (UPRC, True, False, [UPRC, SECOND]),
        (UPRC, False, True, [UPRC, THIRD]),
        (UPRC, True, True, [UPRC, SECOND, THIRD]),
        (UPRC, False, False, [UPRC]),
        (SECOND, True, True, [UPRC, SECOND]),
        (THIRD, True, False, [THIRD]),
        (FOURTH, True, True, [FOURTH]),
    ],
)
def test_groups(office: Office, uprc: str, group: bool, anonymous: bool, alike: list[str]) -> None:
    office.add(*GROUPED)
    Alerts(office.transaction, TEST).add([alert(FOURTH, group="g", anonymous_group="a")])
    found = office.alerts.alike(office.stored(uprc), group=group, anonymous=anonymous)
    assert uprcs(found) == alike


# -- who sees what

UNOWNED = alert(origin="mah", enduser="")


@pytest.mark.parametrize(
    ("caller", "seen", "outcome"),
    [
        (HOLDER, alert(), True),
        (OTHER_HOLDER, alert(), False),
        (PHARMACY, alert(), True),
        (OTHER_PHARMACY, alert(), False),
        (OFFICE, alert(), True),
        (bound(), alert(), True),
        (bound(), alert(SECOND), False),
        (bound(SECOND), replace(alert(SECOND), enduser="e2"), False),
        (DEVELOPER, alert(), False),
        (replace(DEVELOPER, party="e1"), alert(), True),
        (DEVELOPER, UNOWNED, False),
        (Caller("location", "l1", ENDUSER), UNOWNED, False),
        (HOLDER, UNOWNED, True),
        (PHARMACY, UNOWNED, False),
        # A company's id opens its own side only.
        (Caller("client", "id", ENDUSER, "m1"), alert(), False),
    ],
)
def test_who_sees_an_alert(caller: Caller, seen: Alert, outcome: bool) -> None:
    assert sees(caller, seen) is outcome


# -- what falls due


def test_the_first_that_falls_due(office: Office) -> None:
    assert next_due(office.transaction, NEVER) is None
    office.add(alert(SECOND, due=LATER), alert(UPRC, due=LATER), alert(THIRD))
    Alerts(office.transaction, TEST).add([alert(UPRC, due=LATER), alert(FOURTH, due=EARLIER)])
    Alerts(office.transaction, DEVELOPMENT).add([alert(FOURTH, due=LATER)])
    assert next_due(office.transaction, "2026-02-19 07:59:59") is None
    order = []
    while found := next_due(office.transaction, LATER):
        environment, due = found
        order.append((environment, due.uprc))
        Alerts(office.transaction, environment).change(due, replace(due, due=NEVER))
    assert order == [
        (TEST, FOURTH),
        (DEVELOPMENT, FOURTH),
        (PRODUCTION, UPRC),
        (PRODUCTION, SECOND),
        (TEST, UPRC),
    ]


# -- changes

CHANGES: list[dict[str, Any]] = [
    {},
    {"last_for_mah": 20},
    {"last_for_mah": 20, "last_for_enduser": 21},
    {"due": LATER, "escalation": 1},
    {"group": "g", "anonymous_group": "a"},
    {"state": STATES["06a"], "changed": LATER, "closed": LATER, "closed_by": "mah", "due": LATER},
    {"initial": STATES["01b"]},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: ",".join(change) or "none")
def test_a_change_is_written_to_that_alert_only(office: Office, change: dict[str, Any]) -> None:
    office.add(alert(), alert(SECOND))
    Alerts(office.transaction, TEST).add([alert()])
    office.alerts.change(alert(), replace(alert(), **change))
    assert office.stored() == replace(alert(), **change)
    assert office.stored(SECOND) == alert(SECOND)
    assert Alerts(office.transaction, TEST).find(UPRC) == alert()


# -- the tally

Entry = tuple[str, str, str, int, str]
"""Environment, party, series, state, and a month, ten days or a span."""


def tallied(office: Office) -> dict[Entry, int]:
    rows = office.transaction.execute(select(TALLY))
    return {
        (row.environment, row.party, row.series, row.state, row.period): row.alerts
        for row in rows
        if row.alerts
    }


def counted(office: Office) -> dict[Entry, int]:
    """The same, from the alerts themselves."""
    found: Counter[Entry] = Counter()
    for row in office.transaction.execute(select(ALERT)).mappings():
        for party in filter(None, (row["mah"], row["enduser"])):
            for state in (row["state"], EVERY_STATE):
                found[row["environment"], party, "span", state, f"{row['span']:02}"] += 1
                for instant, length in product(("created", "changed"), (MONTH, TEN_DAYS)):
                    found[row["environment"], party, instant, state, row[instant][:length]] += 1
    return dict(found)


def test_alerts_are_counted_with_both_sides_in_their_month(office: Office) -> None:
    office.add(alert(), alert(SECOND, "06a"), alert(THIRD, created="2026-03-01 00:00:00"))
    office.add(replace(UNOWNED, uprc=FOURTH))
    new, closed = STATES["01a"], STATES["06a"]
    assert tallied(office) == counted(office)
    of_created = {
        (environment, party, state, period): alerts
        for (environment, party, series, state, period), alerts in tallied(office).items()
        if series == "created" and len(period) == MONTH
    }
    assert of_created == {
        (PRODUCTION, "m1", new, "2026-02"): 2,
        (PRODUCTION, "m1", closed, "2026-02"): 1,
        (PRODUCTION, "m1", EVERY_STATE, "2026-02"): 3,
        (PRODUCTION, "m1", new, "2026-03"): 1,
        (PRODUCTION, "m1", EVERY_STATE, "2026-03"): 1,
        (PRODUCTION, "e1", new, "2026-02"): 1,
        (PRODUCTION, "e1", closed, "2026-02"): 1,
        (PRODUCTION, "e1", EVERY_STATE, "2026-02"): 2,
        (PRODUCTION, "e1", new, "2026-03"): 1,
        (PRODUCTION, "e1", EVERY_STATE, "2026-03"): 1,
    }


def test_more_alerts_than_are_written_at_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("podatelna.czmvo.alerts._AT_ONCE", 3)
    office.alerts.add(alert(f"CZ-{number:03}-AAA-AAA-AAA") for number in range(7))
    assert tallied(office)[PRODUCTION, "m1", "created", EVERY_STATE, "2026-02"] == 7
    assert tallied(office) == counted(office)


steps = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(sorted(STATES.values())), st.integers(1, 3)),
    max_size=12,
)


@UNTIMED
@given(st.lists(st.integers(1, 12), min_size=1, max_size=6), steps)
def test_the_tally_follows_every_change(
    months: list[int], moves: list[tuple[int, int, int]]
) -> None:
    with open_office() as office:
        made = [
            alert(f"CZ-{number:03}-AAA-AAA-AAA", created=f"2025-{month:02}-01 00:00:00")
            for number, month in enumerate(months)
        ]
        office.add(*made)
        assert tallied(office) == counted(office)
        for position, state, month in moves:
            before = office.stored(made[position % len(made)].uprc)
            changed = f"2026-{month:02}-01 00:00:00"
            office.alerts.change(before, replace(before, state=state, changed=changed))
            assert tallied(office) == counted(office)
