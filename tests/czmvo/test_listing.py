"""What the alerts module tells of alerts, groups, notes and locations, and whom."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from podatelna.czmvo import listing, wire
from podatelna.czmvo.directory import Directory
from podatelna.czmvo.model import (
    ENDUSER,
    MAH,
    NOOL,
    TEST,
    Alert,
    Answer,
    Caller,
    Level3Alert,
    Location,
    Note,
    Refusal,
    Role,
    Table,
)
from podatelna.kernel.rest import csv_table
from tests.czmvo.desks import (
    CREATED,
    DEVELOPER,
    HOLDER,
    LISTS,
    OTHER_HOLDER,
    OTHER_PHARMACY,
    PHARMACY,
    STATES,
    UPRC,
    Office,
    alert,
    bound,
    open_office,
    refused,
)
from tests.czmvo.manual import PRINTED

SECOND, THIRD, FOREIGN = "CZ-BBB-BBB-BBB-BBB", "CZ-CCC-CCC-CCC-CCC", "CZ-DDD-DDD-DDD-DDD"
LATER = "2026-03-01 08:00:00"
LOCATION = "858d085f-324a-4938-a796-333bfac94f05"


@pytest.fixture
def office() -> Iterator[Office]:
    with open_office() as opened:
        yield opened


def state(office: Office, caller: Caller = HOLDER, **given: Any) -> Answer:
    return office.ask(listing.list_states, listing.STATE_TAKES, caller, **given)


def listed(answer: Answer) -> dict[str, Any]:
    """A result as JSON has it."""
    if isinstance(answer, Table):
        rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
        return {**answer.before, answer.member: rows}
    assert isinstance(answer, dict)
    return answer


def uprcs(answer: Answer) -> list[str]:
    return [row["uprc"] for row in listed(answer)["alerts"]]


def body(answer: Answer) -> str:
    assert not isinstance(answer, Refusal)
    return wire.success(answer).body.decode()


# -- alerts


def test_what_a_holder_is_told(office: Office) -> None:
    office.settings["state_profile"] = "manual"
    printed = alert(
        "CZ-0VR-Y94-KK5-6FJ", created="2022-07-16 07:50:04", last_for_mah=20, last_for_enduser=21
    )
    office.add(printed)
    assert body(state(office)) == PRINTED["E8_answer"]


def test_what_an_end_user_is_told(office: Office) -> None:
    office.add(
        alert(
            "CZ-KSR-RLB-6MF-E8C-8RT",
            created="2022-05-05 11:07:00",
            product_code="08594175410327",
            last_for_mah=20,
        )
    )
    assert body(state(office, PHARMACY)) == PRINTED["E10_answer"]


def test_each_side_has_its_newest_message(office: Office) -> None:
    office.add(alert(last_for_mah=20, last_for_enduser=19))
    for caller, newest in ((HOLDER, "20"), (PHARMACY, "19"), (bound(), "19")):
        assert listed(state(office, caller))["alerts"][0]["lastmessageid"] == newest
    office.settings["ids"] = "integers"
    assert listed(state(office))["alerts"][0]["lastmessageid"] == 20


def test_english(office: Office) -> None:
    office.language = "en"
    office.add(alert(state="04a"))
    (told,) = listed(state(office, PHARMACY))["alerts"]
    assert told["state"] == "04a - MAH - info from end user"
    assert told["typestatedescription"] == "Additional information is required from the user"


def test_a_state_of_the_other_profile_has_no_name(office: Office) -> None:
    office.settings["state_profile"] = "manual"
    office.add(alert(state="06f"))
    for caller in (HOLDER, PHARMACY):
        (told,) = listed(state(office, caller))["alerts"]
        assert (told["stateid"], told["state"], told["statedescription"]) == (STATES["06f"], "", "")


def test_a_table(office: Office) -> None:
    office.add(alert(state="#", last_for_mah=20))
    answer = state(office)
    assert isinstance(answer, Table)
    assert csv_table(answer.columns, answer.rows).decode() == (
        '"uprc","created","productcode","stateid","state","lastmessageid","statedescription"\r\n'
        f'"{UPRC}","{CREATED}","08595116521485","5","V řešení","20","V řešení"\r\n'
    )


SOME = (
    alert(created="2026-01-31 23:59:59", changed=LATER),
    alert(SECOND, "04a", created="2026-02-01 00:00:00", changed="2026-02-20 08:00:00"),
    alert(THIRD, created="2026-02-01 00:00:00", changed="2026-02-01 00:00:00"),
    alert(FOREIGN, mah="m2", enduser="e2"),
)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, [UPRC, SECOND, THIRD]),
        ({"latest": True}, [THIRD, SECOND, UPRC]),
        ({"latest": "false"}, [UPRC, SECOND, THIRD]),
        ({"createdFrom": "2026-02-01 00:00:00"}, [SECOND, THIRD]),
        ({"createdTo": "2026-02-01 00:00:00"}, [UPRC, SECOND, THIRD]),
        ({"createdTo": "2026-01-31 23:59:59"}, [UPRC]),
        ({"createdFrom": "2026-02-01 00:00:01"}, []),
        ({"changedFrom": "2026-02-20 08:00:00"}, [UPRC, SECOND]),
        ({"changedFrom": "2026-02-20 08:00:01", "latest": True}, [UPRC]),
        ({"state": STATES["04a"]}, [SECOND]),
        ({"state": str(STATES["01a"])}, [UPRC, THIRD]),
        ({"state": 99}, []),
        ({"state": -1}, []),
        ({"state": STATES["04a"], "createdTo": "2026-01-31 23:59:59"}, []),
        ({"uprc": SECOND}, [SECOND]),
        ({"uprc": f" {SECOND.lower()} "}, [SECOND]),
        ({"uprc": SECOND, "state": STATES["04a"], "latest": True}, [SECOND]),
        ({"uprc": SECOND, "state": STATES["01a"]}, []),
        ({"uprc": SECOND, "changedFrom": LATER}, []),
        ({"uprc": "", "page": None}, [UPRC, SECOND, THIRD]),
        ({"nonsense": 1}, [UPRC, SECOND, THIRD]),
    ],
)
@pytest.mark.parametrize("caller", [HOLDER, PHARMACY, replace(DEVELOPER, party="e1")])
def test_filters(office: Office, caller: Caller, given: dict[str, Any], found: list[str]) -> None:
    office.add(*SOME)
    answer = state(office, caller, **given)
    assert uprcs(answer) == found
    assert listed(answer)["pages"] == bool(found)
    assert state(office, caller, **given, **{"page": -1} if "page" not in given else {})


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ({"createdFrom": "2026-02-30 00:00:00"}, "createdFrom"),
        ({"createdTo": "2026-02-01T00:00:00"}, "createdTo"),
        ({"changedFrom": "2026-02-01"}, "changedFrom"),
        ({"state": "new"}, "state"),
        ({"page": 2**31}, "page"),
        ({"page": 1.5}, "page"),
        ({"latest": "yes"}, "latest"),
        ({"uprc": [UPRC]}, "uprc"),
    ],
)
def test_values_that_are_not_allowed(office: Office, given: dict[str, Any], at: str) -> None:
    answer = state(office, **given)
    assert isinstance(answer, Refusal)
    assert (answer.key, answer.at, answer.details) == ("value_not_allowed", at, {"name": at})


@pytest.mark.parametrize(
    ("caller", "uprc", "key"),
    [
        (HOLDER, SECOND, "alert_not_found"),
        (HOLDER, " ", "alert_not_found"),
        (OTHER_HOLDER, UPRC, "alert_not_found"),
        (PHARMACY, UPRC, ""),
        (OTHER_PHARMACY, UPRC, "alert_not_found"),
        (bound(), UPRC, ""),
        (bound(SECOND), UPRC, "alert_not_found"),
        (bound(), " ", "alert_not_found"),
        (DEVELOPER, UPRC, "alert_not_found"),
        (replace(DEVELOPER, party="e1"), UPRC, ""),
    ],
)
def test_who_sees_one_alert(office: Office, caller: Caller, uprc: str, key: str) -> None:
    office.add(alert())
    assert refused(state(office, caller, uprc=uprc)) == key


@pytest.mark.parametrize(
    ("caller", "found"),
    [
        (HOLDER, [UPRC, THIRD]),
        (OTHER_HOLDER, [SECOND]),
        (PHARMACY, [UPRC, SECOND]),
        (OTHER_PHARMACY, []),
        (bound(SECOND), [SECOND]),
        (DEVELOPER, []),
        (replace(DEVELOPER, party="e1"), [UPRC, SECOND]),
    ],
)
def test_who_sees_which_alerts(office: Office, caller: Caller, found: list[str]) -> None:
    office.add(alert(), alert(SECOND, mah="m2"), alert(THIRD, origin="mah", enduser=""))
    office.environment = TEST
    office.add(alert(FOREIGN))
    office.environment = "production"
    assert uprcs(state(office, caller)) == found
    assert uprcs(state(office, caller, changedFrom="2026-01-01 00:00:00")) == found


def many(number: int) -> list[Alert]:
    return [alert(f"CZ-{at:03}-AAA-AAA-AAA") for at in range(number)]


@pytest.mark.parametrize(
    ("alerts", "page", "outcome"),
    [
        # pages, page that came, alerts on it
        (0, 1, (0, 1, 0)),
        (1, None, (1, 1, 1)),
        (4, 1, (2, 1, 3)),
        (4, 2, (2, 2, 1)),
        (6, 2, (2, 2, 3)),
        (6, 3, (2, 3, 0)),
        (6, 2**31 - 1, (2, 2**31 - 1, 0)),
        (6, 0, (2, 1, 3)),
    ],
)
def test_pages(
    office: Office, alerts: int, page: int | None, outcome: tuple[int, int, int]
) -> None:
    office.settings["page_size"] = 3
    office.add(*many(alerts))
    answer = listed(state(office, page=page))
    assert list(answer) == ["pages", "currentPage", "alerts"]
    assert (answer["pages"], answer["currentPage"], len(answer["alerts"])) == outcome


def test_the_number_of_pages_alone(office: Office) -> None:
    office.settings["page_size"] = 3
    office.add(*many(7))
    assert body(state(office, page=-1)) == PRINTED["E9_answer"]
    assert state(office, page=-5, uprc="CZ-001-AAA-AAA-AAA") == {"pages": 1, "currentPage": 0}
    assert state(office, DEVELOPER, page=-1) == {"pages": 0, "currentPage": 0}


def test_one_alert_has_one_page(office: Office) -> None:
    office.add(alert())
    assert uprcs(state(office, uprc=UPRC, page=2)) == []
    assert uprcs(state(office, bound(), page=2)) == []


def test_five_hundred_alerts_are_on_a_page(office: Office) -> None:
    office.add(*many(501))
    first, second = state(office), state(office, page=2)
    assert (len(uprcs(first)), uprcs(second)) == (500, ["CZ-500-AAA-AAA-AAA"])


# -- groups


def group(office: Office, caller: Caller = HOLDER, **given: Any) -> Answer:
    return office.ask(listing.list_group, listing.GROUP_TAKES, caller, **given)


def test_a_group(office: Office) -> None:
    first, other = "CZ-0VR-YE5-C1N-KLM", "CZ-0VR-YE5-VS7-BXP"
    office.add(
        alert(other, group="g"),
        alert(first, group="g"),
        alert(anonymous_group="g"),
        alert(FOREIGN, group="g", mah="m2"),
    )
    assert body(group(office, uprc=first)) == PRINTED["E15_answer"]
    assert group(office, uprc=UPRC) == {"uprc": []}


def test_groups_that_are_not_to_be_seen(office: Office) -> None:
    office.add(alert(group="g"))
    assert refused(group(office, OTHER_HOLDER, uprc=UPRC)) == "alert_not_found"
    assert refused(group(office, uprc=SECOND)) == "alert_not_found"
    assert refused(group(office)) == "value_missing"


# -- notes


def note(office: Office, caller: Caller = HOLDER, **given: Any) -> Answer:
    return office.ask(listing.read_note, listing.NOTE_TAKES, caller, **{"uprc": UPRC, **given})


def written(role: Role, *, private: bool = False) -> Note:
    return Note(UPRC, role, f"of {role}", private, CREATED)


NONE = {"note": "", "uprc": UPRC, "private": False, "changed": None}


def test_a_note_as_printed(office: Office) -> None:
    uprc = "CZ-LD8-F79-ABY-PFC-5J0"
    office.add(alert(uprc))
    changed = "2022-01-12 11:13:42"
    office.correspondence.put_note(Note(uprc, MAH, "Test note", False, changed))
    assert body(note(office, uprc=uprc)) == PRINTED["E17_answer"]
    assert body(note(office, PHARMACY, uprc=uprc, **{"from": "mah"})) == PRINTED["E17_answer"]


@pytest.mark.parametrize(
    ("caller", "whose", "role"),
    [
        (HOLDER, None, MAH),
        (HOLDER, "", MAH),
        (HOLDER, "mah", MAH),
        (HOLDER, "enduser", ENDUSER),
        (HOLDER, "nool", NOOL),
        (PHARMACY, None, ENDUSER),
        (PHARMACY, "mah", MAH),
        (bound(), None, ENDUSER),
        # "any other value behaves as if it was not given"
        (PHARMACY, "MAH", ENDUSER),
        (PHARMACY, "system", ENDUSER),
        (PHARMACY, 1, ENDUSER),
        (PHARMACY, ["mah"], ENDUSER),
        (PHARMACY, {"mah": True}, ENDUSER),
        (PHARMACY, False, ENDUSER),
    ],
)
def test_whose_note(office: Office, caller: Caller, whose: object, role: Role) -> None:
    office.add(alert())
    assert note(office, caller, **{"from": whose}) == NONE
    for each in (MAH, ENDUSER, NOOL):
        office.correspondence.put_note(written(each))
    assert note(office, caller, **{"from": whose}) == {
        "note": f"of {role}",
        "uprc": UPRC,
        "private": False,
        "changed": CREATED,
    }


def test_a_private_note_is_its_authors(office: Office) -> None:
    office.add(alert())
    for each in (MAH, ENDUSER, NOOL):
        office.correspondence.put_note(written(each, private=True))
    own = {"note": "of mah", "uprc": UPRC, "private": True, "changed": CREATED}
    assert note(office) == note(office, **{"from": "mah"}) == own
    assert note(office, **{"from": "enduser"}) == NONE
    assert note(office, **{"from": "nool"}) == NONE
    assert note(office, PHARMACY, **{"from": "mah"}) == NONE


def test_notes_of_alerts_that_are_not_to_be_seen(office: Office) -> None:
    office.add(alert(), alert(SECOND))
    for caller in (OTHER_HOLDER, OTHER_PHARMACY, DEVELOPER, bound(SECOND)):
        assert refused(note(office, caller)) == "alert_not_found"
    assert refused(note(office, uprc=THIRD)) == "alert_not_found"
    assert refused(office.ask(listing.read_note, listing.NOTE_TAKES, HOLDER)) == "value_missing"


# -- level 3


def counter(office: Office, caller: Caller = PHARMACY, **given: Any) -> Answer:
    return office.ask(listing.level_3_counter, listing.COUNTER_TAKES, caller, **given)


def level_3(office: Office, caller: Caller = PHARMACY, **given: Any) -> Answer:
    return office.ask(listing.list_level_3, listing.LEVEL_3_TAKES, caller, **given)


@pytest.fixture
def pharmacy(office: Office) -> Office:
    """The location of the manual, with its two alerts, and one that has none."""
    directory = Directory(office.transaction)
    directory.add_locations([Location(LOCATION, "e1"), Location("l2", "e1")])
    made = [
        Level3Alert(LOCATION, number, f"2022-10-19 07:48:{second}", "18901138057340", 6)
        for number, second in ((1, "04"), (2, "38"))
    ]
    directory.add_level_3(office.environment, made)
    return office


def test_level_3_as_printed(pharmacy: Office) -> None:
    assert body(counter(pharmacy, location=LOCATION)) == PRINTED["E19_answer"]
    assert body(level_3(pharmacy, location=LOCATION)) == PRINTED["E20_answer"]


@pytest.mark.parametrize(("start", "numbers"), [(-5, [1, 2]), (1, [1, 2]), ("2", [2]), (3, [])])
def test_level_3_from_a_number(pharmacy: Office, start: object, numbers: list[int]) -> None:
    answer = listed(level_3(pharmacy, location=LOCATION.upper(), **{"from": start}))
    found = [int(each["uprc"][-6:]) for each in answer["alalerts"]]
    assert found == numbers


def test_a_location_without_level_3(pharmacy: Office) -> None:
    assert counter(pharmacy, location="l2") == {"counter": 0}
    assert level_3(pharmacy, location="l2") == {"alalerts": []}
    pharmacy.environment = TEST
    assert counter(pharmacy, location=LOCATION) == {"counter": 0}


@pytest.mark.parametrize("ask", [counter, level_3])
def test_locations_of_others(pharmacy: Office, ask: Any) -> None:
    assert refused(ask(pharmacy)) == "value_missing"
    assert refused(ask(pharmacy, location="l3")) == "location_not_found"
    assert refused(ask(pharmacy, location="\0\udc80")) == "location_not_found"
    for caller in (OTHER_PHARMACY, DEVELOPER, bound()):
        assert refused(ask(pharmacy, caller, location=LOCATION)) == "no_right_to_location"
    assert not refused(ask(pharmacy, replace(DEVELOPER, party="e1"), location=LOCATION))


def test_errors_are_in_the_catalogue() -> None:
    assert set(listing.RAISED) <= LISTS.contract.errors.keys()
