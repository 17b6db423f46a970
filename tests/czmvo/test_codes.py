"""The code lists of the alerts module, as each role is told them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from podatelna.czmvo import codes, wire
from podatelna.czmvo.desk import Desk
from podatelna.czmvo.lists import Lists
from podatelna.czmvo.model import Caller, Table
from podatelna.czmvo.parameters import Values
from podatelna.kernel.rest import csv_table
from tests.czmvo.desks import DEVELOPER, HOLDER, LISTS, PHARMACY, STATES, Office, bound, open_office
from tests.czmvo.manual import PRINTED

BASIC = ["id", "name", "externalcode", "finalstate"]
DETAILS = ["settingallowed", "description"]
TYPES = ["typestate", "typestatedescription"]


@pytest.fixture
def office() -> Iterator[Office]:
    with open_office() as opened:
        yield opened


def told(
    office: Office, run: Callable[[Desk, Values], Table], caller: Caller = HOLDER
) -> list[dict[str, Any]]:
    table = run(office.desk(caller), {})
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def body(office: Office, run: Callable[[Desk, Values], Table], caller: Caller = HOLDER) -> str:
    table = run(office.desk(caller), {})
    return wire.success(table).body.decode()


# -- states


def test_states_as_printed(office: Office) -> None:
    office.settings |= {"state_profile": "manual", "mah_state_details": False}
    assert body(office, codes.list_state_codes) == PRINTED["E13_answer_mah"]


def test_the_first_state_as_an_end_user_is_told_it(office: Office) -> None:
    """The manual leaves the description out."""
    first, *_ = told(office, codes.list_state_codes, PHARMACY)
    table = Table(tuple(first), [tuple((first | {"description": "..."}).values())], "states")
    written = wire.success(table).body.decode()
    assert written == PRINTED["E13_answer_enduser"]
    assert first["description"].startswith("Nová výstraha - výsledek investigace NOOL")


@pytest.mark.parametrize(
    ("caller", "details", "members"),
    [
        (HOLDER, True, BASIC + DETAILS),
        (HOLDER, False, BASIC),
        (PHARMACY, True, BASIC + DETAILS + TYPES),
        (PHARMACY, False, BASIC + DETAILS + TYPES),
        (bound(), True, BASIC + DETAILS + TYPES),
        (DEVELOPER, True, BASIC + DETAILS + TYPES),
    ],
)
@pytest.mark.parametrize("profile", ["workflow", "manual"])
def test_members_of_a_state(
    office: Office, profile: str, caller: Caller, details: bool, members: list[str]
) -> None:
    office.settings |= {"state_profile": profile, "mah_state_details": details}
    for state in told(office, codes.list_state_codes, caller):
        assert list(state) == members


@pytest.mark.parametrize("profile", ["workflow", "manual"])
def test_ids_of_states(office: Office, profile: str) -> None:
    """A number first, then texts: the only example is so."""
    office.settings["state_profile"] = profile
    states = [each.id for each in LISTS.profiles[profile].states]
    ids = [each["id"] for each in told(office, codes.list_state_codes)]
    assert ids == [states[0], *map(str, states[1:])]
    office.settings["ids"] = "integers"
    assert [each["id"] for each in told(office, codes.list_state_codes)] == states


def test_each_role_is_told_what_it_may_set(office: Office) -> None:
    for caller in (HOLDER, PHARMACY):
        allowed = {
            each["externalcode"]
            for each in told(office, codes.list_state_codes, caller)
            if each["settingallowed"]
        }
        assert allowed == {
            each.external
            for each in LISTS.profiles["workflow"].states
            if caller.role in each.set_by
        }
        assert "01a" not in allowed


def test_states_in_english(office: Office) -> None:
    office.language = "en"
    first, *_ = told(office, codes.list_state_codes, PHARMACY)
    assert first["name"] == "01a - New - End User transaction"
    assert first["typestatedescription"] == "Additional information is required from the user"


# -- canned messages


def test_canned_messages_as_printed(office: Office) -> None:
    """The manual's example has no forStates, which its text describes."""
    table = codes.list_canned(office.desk(HOLDER), {})
    rows = [row[:3] for row in table.rows]
    bare = Table(table.columns[:3], rows, table.member)
    assert wire.success(bare).body.decode() == PRINTED["E14_answer"]


def test_states_of_canned_messages(office: Office) -> None:
    of_holder = {each["id"]: each["forStates"] for each in told(office, codes.list_canned)}
    open_to_holder = sorted(STATES[external] for external in ("01a", "01b", "#"))
    assert {number: sorted(states) for number, states in of_holder.items()} == {
        1: open_to_holder,
        2: open_to_holder,
    }
    (reply,) = told(office, codes.list_canned, PHARMACY)
    assert (reply["id"], reply["forStates"]) == (101, [STATES["01a"]])
    office.settings["state_profile"] = "manual"
    assert [each["forStates"] for each in told(office, codes.list_canned)] == [[1, 5], [1, 5]]


def test_a_canned_message_for_no_state_is_for_all_that_are_open(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = Lists(LISTS.contract)
    canned = replace(lists.requests["mah"][0], for_states=())
    monkeypatch.setitem(lists.__dict__, "requests", {"mah": (canned,)})
    monkeypatch.setattr("tests.czmvo.desks.LISTS", lists)
    (only,) = told(office, codes.list_canned)
    assert set(only["forStates"]) == {
        each.id for each in LISTS.profiles["workflow"].states if not each.final
    }


def test_canned_messages_in_english_and_as_a_table(office: Office) -> None:
    office.language = "en"
    table = codes.list_canned(office.desk(PHARMACY), {})
    assert csv_table(table.columns, table.rows).decode() == (
        '"id","name","text","forStates"\r\n'
        '"101","Is not technical end-user error","Is not technical end-user error","1"\r\n'
    )
    (row,) = csv_table(*_first_of(office)).decode().splitlines()[1:]
    assert row.endswith(f'"{STATES["01a"]},{STATES["01b"]},{STATES["#"]}"')


def _first_of(office: Office) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    table = codes.list_canned(office.desk(HOLDER), {})
    return table.columns, table.rows[:1]


# -- others


def test_reopening_reasons_as_printed(office: Office) -> None:
    assert body(office, codes.list_reopen_reasons) == PRINTED["E16_answer"]


def test_type_states(office: Office) -> None:
    """The manual prints one of two that it has."""
    found = told(office, codes.list_type_states, PHARMACY)
    assert found[0] == {"name": "N", "description": "Neprovádět nic"}
    names = {each.typestate for each in LISTS.profiles["workflow"].states}
    assert names <= {each["name"] for each in found}
