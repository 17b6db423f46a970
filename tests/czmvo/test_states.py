"""PUT of a state: whose alerts, one, several or groups, and what goes along with it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from podatelna.czmvo.model import MAH, Caller, Refusal
from tests.czmvo.desks import (
    DEVELOPER,
    HOLDER,
    NOW,
    OFFICE,
    OTHER_HOLDER,
    OTHER_PHARMACY,
    PHARMACY,
    UPRC,
    Office,
    alert,
    bound,
    open_office,
    refused,
)

SECOND, THIRD = "CZ-BBB-BBB-BBB-BBB", "CZ-CCC-CCC-CCC-CCC"
UNKNOWN = "CZ-000-000-000-000"
ARCHIVED = {"state": "06a", "closed": "2025-11-01 08:00:00", "closed_by": MAH}
CLOSED = {"state": "06a", "closed": "2026-03-01 08:00:00", "closed_by": MAH}


@pytest.fixture
def office() -> Iterator[Office]:
    with open_office() as opened:
        yield opened


def told(answer: Any) -> tuple[str, str]:
    """The key of an error and the parameter."""
    assert isinstance(answer, Refusal)
    return answer.key, answer.at


def states(office: Office, *uprcs: str) -> list[str]:
    return [office.state(uprc) for uprc in uprcs]


def test_one_alert(office: Office) -> None:
    office.add(alert(), alert(SECOND))
    assert office.put_state(HOLDER, "#", group=False) == {"uprc": [UPRC]}
    assert states(office, UPRC, SECOND) == ["#", "01a"]
    assert office.stored().changed == NOW


def test_several_are_answered_in_their_own_order(office: Office) -> None:
    office.add(alert(), alert(SECOND), alert(THIRD))
    assert office.put_state(HOLDER, "#", [SECOND.lower(), UPRC, SECOND]) == {"uprc": [UPRC, SECOND]}
    assert states(office, UPRC, SECOND, THIRD) == ["#", "#", "01a"]


def test_standard_processing(office: Office) -> None:
    office.add(alert(state="#"), alert(SECOND, "#", origin="mah"))
    assert office.put_state(HOLDER, -1, [UPRC, SECOND], group=False) == {"uprc": [UPRC, SECOND]}
    assert states(office, UPRC, SECOND) == ["01a", "01b"]


def test_a_state_that_it_has(office: Office) -> None:
    office.add(alert(state="#"))
    before = office.stored()
    assert office.put_state(HOLDER, "#") == {"uprc": [UPRC]}
    assert office.stored() == before


@pytest.mark.parametrize(
    ("caller", "uprc", "outcome"),
    [
        (HOLDER, [UPRC, UNKNOWN], "alert_not_found"),
        (OTHER_HOLDER, UPRC, "alert_of_other_mah"),
        (HOLDER, [UPRC, THIRD], "alert_of_other_mah"),
        (OTHER_PHARMACY, UPRC, "alert_of_other_enduser"),
        (PHARMACY, [THIRD, UPRC], "alert_of_other_enduser"),
        (PHARMACY, [THIRD, UNKNOWN], "alert_not_found"),
        (DEVELOPER, UPRC, "alert_not_found"),
        (bound(), SECOND, "no_right_to_write"),
        (bound(), UNKNOWN, "no_right_to_write"),
        (bound(), [UPRC, SECOND], "no_right_to_write"),
        (bound(), UPRC, ""),
        (replace(DEVELOPER, party="e1"), [UPRC], ""),
    ],
)
def test_whose_alerts(office: Office, caller: Caller, uprc: Any, outcome: str) -> None:
    office.add(alert(), alert(SECOND), alert(THIRD, mah="m2", enduser="e2"))
    state = "06b" if caller.role == "enduser" else "#"
    assert refused(office.put_state(caller, state, uprc)) == outcome
    done = "01a" if outcome else state
    assert states(office, UPRC, SECOND) == [done, "01a"]


def test_one_that_cannot_stops_them_all(office: Office) -> None:
    office.add(alert(), alert(SECOND, **CLOSED), alert(THIRD, **ARCHIVED))
    for version_1 in (False, True):
        office.version_1 = version_1
        assert told(office.put_state(HOLDER, "#", [UPRC, SECOND])) == ("conditions_not_met", "uprc")
        assert told(office.put_state(HOLDER, "#", [UPRC, THIRD])) == ("alert_archived", "uprc")
    assert office.state() == "01a"


# -- groups


def grouped(office: Office, **third: Any) -> None:
    office.add(
        alert(group="g"),
        alert(SECOND, group="g", anonymous_group="a"),
        alert(THIRD, **{"anonymous_group": "a"} | third),
    )


@pytest.mark.parametrize(
    ("uprc", "given", "touched"),
    [
        (UPRC, {"group": True}, [UPRC, SECOND]),
        (SECOND, {"group": True}, [UPRC, SECOND]),
        (SECOND, {"group_a": True}, [SECOND, THIRD]),
        (SECOND, {"group": True, "group_a": True}, [UPRC, SECOND, THIRD]),
        ([UPRC, THIRD], {"group": True}, [UPRC, SECOND, THIRD]),
        (THIRD, {"group": True}, [THIRD]),
    ],
)
def test_groups(office: Office, uprc: Any, given: dict[str, Any], touched: list[str]) -> None:
    grouped(office)
    assert office.put_state(HOLDER, "#", uprc, **given) == {"uprc": touched}
    untouched = {UPRC, SECOND, THIRD} - set(touched)
    assert states(office, *touched) == ["#"] * len(touched)
    assert states(office, *untouched) == ["01a"] * len(untouched)


@pytest.mark.parametrize("third", [ARCHIVED, CLOSED, {"state": "01b", "origin": "distributor"}])
def test_alerts_that_block_their_group(office: Office, third: dict[str, Any]) -> None:
    grouped(office, **third, group="g")
    answer = office.put_state(HOLDER, "06c", group=True)
    assert told(answer) == ("group_blocked", "group")
    assert isinstance(answer, Refusal)
    assert answer.result == {"uprc": [THIRD]}
    assert states(office, UPRC, SECOND) == ["01a", "01a"]
    office.version_1 = True
    assert office.put_state(HOLDER, "06c", group=True) == {"uprc": [UPRC, SECOND]}
    office.settings["group_in_version_1"] = "blocked"
    assert refused(office.put_state(HOLDER, "06c", group=True)) == "group_blocked"


def test_a_state_that_fits_no_alert_blocks_no_group(office: Office) -> None:
    grouped(office, **CLOSED)
    assert told(office.put_state(HOLDER, "06m", group=True)) == ("new_state_unexpected", "state")


# -- reasons for reopening, errors of the verification system


@pytest.mark.parametrize(
    "name", ["id_reason", "id_reopenreason", "id_reopenReason", "reopenReason", "reason"]
)
def test_names_of_the_reason(office: Office, name: str) -> None:
    office.add(alert(**CLOSED))
    assert told(office.put_state(HOLDER, "#", **{name: 99})) == ("value_not_allowed", name)
    assert refused(office.put_state(HOLDER, "#", **{name: 0})) == "conditions_not_met"
    assert refused(office.put_state(HOLDER, "#", other=1)) == "conditions_not_met"
    assert office.put_state(HOLDER, "#", **{name: "1"}) == {"uprc": [UPRC]}
    assert (office.state(), office.stored().closed) == ("#", "")


def test_a_name_of_the_reason_that_a_sandbox_sets(office: Office) -> None:
    office.add(alert(**CLOSED))
    office.settings["reopen_parameters"] = ["duvod"]
    assert refused(office.put_state(HOLDER, -1, id_reason=1)) == "conditions_not_met"
    assert refused(office.put_state(HOLDER, -1, duvod=1)) == ""


def test_the_error_of_the_verification_system(office: Office) -> None:
    office.add(alert())
    office.settings["nsol_error_states"] = ["06c"]
    assert told(office.put_state(HOLDER, "06c")) == ("nsol_error_not_specified", "state")
    office.settings["nsol_error_parameter"] = "chyba"
    assert refused(office.put_state(HOLDER, "06c", nsolError="x")) == "nsol_error_not_specified"
    assert refused(office.put_state(HOLDER, "06c", chyba="x")) == ""


# -- a canned message that goes along


def test_a_canned_message_goes_along(office: Office) -> None:
    office.add(alert(), alert(SECOND))
    assert office.put_state(HOLDER, "06c", [UPRC, SECOND], id_request=1) == {"uprc": [UPRC, SECOND]}
    assert states(office, UPRC, SECOND) == ["06c", "06c"]
    (message,) = office.correspondence.messages_of(SECOND)
    assert (message.subject, message.request, message.sending) == ("Fotka", 1, 22)
    assert office.stored(SECOND).last_for_enduser == message.id
    assert office.recipients() == ["lekarna@vzorek.example"] * 2


def test_a_canned_message_that_does_not_fit(office: Office) -> None:
    office.add(alert(state="04a"))
    assert refused(office.put_state(HOLDER, "06c", id_request=1)) == "alert_not_open_to_messages"
    assert told(office.put_state(HOLDER, "06c", id_request=7)) == (
        "value_not_allowed",
        "id_request",
    )
    assert office.correspondence.messages_of(UPRC) == []


# -- the order in which errors are told


def test_one_error_at_a_time(office: Office) -> None:
    office.add(
        alert(**ARCHIVED),
        alert(SECOND, state="01b", origin="distributor"),
        alert(THIRD, mah="m2"),
    )
    answers = (
        office.put_state(HOLDER, "06m", UNKNOWN, id_reason=99),
        office.put_state(HOLDER, "06m", UNKNOWN),
        office.put_state(HOLDER, "06m", THIRD),
        office.put_state(HOLDER, "06m", UPRC),
        office.put_state(HOLDER, "06m", SECOND),
        office.put_state(HOLDER, "06c", SECOND),
        office.put_state(HOLDER, "06k", SECOND),
    )
    assert [refused(answer) for answer in answers] == [
        "value_not_allowed",
        "alert_not_found",
        "alert_of_other_mah",
        "alert_archived",
        "new_state_unexpected",
        "new_state_unexpected",
        "",
    ]


def test_the_organisation_sets_states_of_all(office: Office) -> None:
    office.add(alert(), alert(SECOND, mah="m2", enduser="e2"))
    assert office.put_state(OFFICE, "06o", [UPRC, SECOND]) == {"uprc": [UPRC, SECOND]}
    assert office.stored(SECOND).closed_by == "nool"
