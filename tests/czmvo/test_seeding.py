"""Worlds: what a world file may have, what becomes of it, and which rows are refused."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import pytest

from podatelna.app import build_agencies
from podatelna.czmvo.alerts import Alerts
from podatelna.czmvo.correspondence import Correspondence
from podatelna.czmvo.credentials import Credentials
from podatelna.czmvo.directory import Directory
from podatelna.czmvo.exemptions import Exemptions
from podatelna.czmvo.model import (
    DEVELOPMENT,
    ENDUSER,
    ENVIRONMENTS,
    MAH,
    NEVER,
    NOOL,
    PRODUCTION,
    TEST,
    Alert,
    Caller,
    Exemption,
    File,
    Level3Alert,
    Location,
    Message,
    Note,
    Party,
)
from podatelna.kernel.controls import count
from podatelna.kernel.world import load_world, world_names
from tests.czmvo.houses import (
    LOCATION,
    LOCATIONS,
    PARTIES,
    open_premises,
    row,
    shipped_world,
    world,
)

A, B = "CZ-AAA-AAA-AAA-AAA", "CZ-BBB-BBB-BBB-BBB"
NOOL_ROW = {"id": "nool", "role": "nool", "name": "NOOL", "email": ""}
WROTE = {"id": 7, "uprc": A, "created": "2026-03-01 09:00:00", "author": "m1"}
NOTE = {
    "uprc": A,
    "role": "mah",
    "text": "Test note",
    "private": False,
    "changed": "2026-03-01 09:00:00",
}
NUMBERED = {
    "location": LOCATION,
    "number": 1,
    "created": "2022-10-19 07:48:04",
    "product_code": "18901138057340",
    "state": "postponed",
}


# -- what becomes of it


def test_an_alert_of_a_world() -> None:
    short = row(A, batch="B1", group="G", anonymous_group="N")
    with open_premises(world(short)) as here:
        assert here.alert(A) == Alert(
            uprc=A,
            created="2026-03-01 08:00:00",
            product_code="08595116521485",
            state=1,
            initial=1,
            code="A2",
            origin=ENDUSER,
            mah="m1",
            enduser="e1",
            location=LOCATION,
            batch="B1",
            changed="2026-03-01 08:00:00",
            group="G",
            anonymous_group="N",
            due="2027-03-01 08:00:00",
        )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"origin": "mah", "state": "01b"}, {"initial": 2, "state": 2}),
        ({"origin": "distributor", "state": 2}, {"initial": 2, "state": 2}),
        ({"state": "#", "initial": "01b"}, {"initial": 2, "state": 5}),
        ({"state": "postponed"}, {"state": 6}),
        (
            {"state": "06b", "changed": "2026-03-02 08:00:00", "closed_by": "enduser"},
            {"closed": "2026-03-02 08:00:00", "closed_by": "enduser", "due": NEVER},
        ),
        (
            {"state": "06a", "changed": "2026-03-03 08:00:00", "closed": "2026-03-02 08:00:00"},
            {"closed": "2026-03-02 08:00:00", "closed_by": "mah"},
        ),
        ({"enduser": "", "location": ""}, {"enduser": ""}),
    ],
)
def test_states_and_closings(changes: dict[str, Any], expected: dict[str, Any]) -> None:
    with open_premises(world(row(A, **changes))) as here:
        alert = here.alert(A)
        assert {name: getattr(alert, name) for name in expected} == expected


def test_the_other_profile_has_other_states() -> None:
    closed = row(B, "closed")
    with open_premises(world(row(A, "01"), closed), {"state_profile": "manual"}) as here:
        assert (here.alert(A).state, here.alert(B).state) == (1, 3)


def test_yaml_makes_instants_of_what_looks_like_one() -> None:
    part = shipped_world()
    with open_premises(part) as here:
        assert here.alert("CZ-KSR-RLB-6MF-E8C-8RT").created == "2022-05-05 11:07:00"
        (found, *_) = Exemptions(here.transaction, PRODUCTION).all()
        assert found.validity == "2019-04-30"


def test_messages_with_their_files() -> None:
    texts = {"subject": "Obal", "text": "V příloze."}
    attached = {"name": "xxx.pdf", "content": b64encode(b"%PDF-1.7").decode() + "\n"}
    messages = [
        {**WROTE, **texts, "file": attached},
        {**WROTE, "id": 8, "uprc": B, "sending": 7, **texts, "file": attached},
        {**WROTE, "id": 9, "author": "e1", "parent": 7, "public": False},
        {**WROTE, "id": 10, "author": "nool", "changed": "2026-03-02 09:00:00", "request": 1},
    ]
    parties = [*PARTIES, NOOL_ROW]
    with open_premises(world(row(A), row(B), parties=parties, messages=messages)) as here:
        kept = Correspondence(here.transaction, PRODUCTION)
        assert kept.message(8) == Message(
            id=8,
            uprc=B,
            created="2026-03-01 09:00:00",
            author="m1",
            author_role=MAH,
            subject="Obal",
            text="V příloze.",
            changed="2026-03-01 09:00:00",
            has_file=True,
            sending=7,
        )
        assert kept.file(7) == File("xxx.pdf", b"%PDF-1.7")
        first, private, third = kept.messages_of(A)
        assert (first.sending, private.sending, private.parent) == (7, 9, 7)
        assert (third.author_role, third.changed) == (NOOL, "2026-03-02 09:00:00")
        newest = [(each.last_for_mah, each.last_for_enduser) for each in map(here.alert, (A, B))]
        assert newest == [(10, 10), (8, 8)]
        # Without a word on it the next message is the one after the last.
        assert count(here.transaction, "czmvo.message.production") == 11


def test_private_messages_are_the_newest_to_their_author_only() -> None:
    private = {**WROTE, "author": "e1", "public": False}
    with open_premises(world(row(A), messages=[private])) as here:
        assert (here.alert(A).last_for_mah, here.alert(A).last_for_enduser) == (0, 7)


def test_notes_exceptions_and_level_3() -> None:
    exempted = {"id": 41, "product_code": "1", "state": "NO", "owner": "m1"}
    lists: dict[str, Any] = {"notes": [NOTE], "exceptions": [exempted], "level_3": [NUMBERED]}
    with open_premises(world(row(A), **lists, next_exception=5)) as here:
        assert Correspondence(here.transaction, TEST).note(A, "mah") == Note(**NOTE)
        found = Exemptions(here.transaction, TEST).all()
        assert found == [Exemption(41, "1", None, None, "NO", "m1")]
        directory = Directory(here.transaction)
        assert directory.level_3(TEST, LOCATION) == [
            Level3Alert(LOCATION, 1, "2022-10-19 07:48:04", "18901138057340", 6)
        ]
        assert directory.counter(TEST, LOCATION) == 1
        drawn = [count(here.transaction, f"czmvo.exemption.{each}") for each in ENVIRONMENTS]
        assert drawn == [5, 5, 5]


def test_the_directory() -> None:
    with open_premises(world()) as here:
        directory = Directory(here.transaction)
        assert directory.parties() == [
            Party("e1", ENDUSER, "Lékárna", "lekarna@vzorek.example"),
            Party("m1", MAH, "Vzorek Pharma", "mah@vzorek.example"),
        ]
        assert directory.party("m2") is None
        assert directory.location(f" {LOCATION.upper()} ") == Location(LOCATION, "e1")
        assert directory.location("\0") is None
        assert directory.locations_of("e1") == directory.locations() == [Location(LOCATION, "e1")]
        assert directory.locations_of("m1") == []
        assert (directory.counter(TEST, LOCATION), directory.level_3(TEST, LOCATION)) == (0, [])


def test_each_environment_has_its_own_credentials() -> None:
    part = world() | {
        "test": {
            "accounts": [
                {"login": "Dev", "password": "Pass", "kind": "developer", "acts_for": "e1"},
                {"login": "nobody", "password": "Pass", "kind": "developer"},
                {"login": "pair", "password": "Pass", "kind": "client", "party": "m1"},
            ]
        }
    }
    part["production"]["accounts"] = [
        {"login": "LOGIN", "password": "PASSWORD", "party": "e1"},
        {"login": "barred", "password": "Pass", "party": "e1", "blocked": True},
    ]
    with open_premises(part) as here:
        doors = {name: Credentials(here.transaction, name) for name in ENVIRONMENTS}
        login = Caller("account", "login", ENDUSER, "e1")
        assert doors[PRODUCTION].basic("LOGIN", "PASSWORD") == login
        assert doors[PRODUCTION].basic("barred", "Pass") is None
        assert doors[TEST].basic("LOGIN", "PASSWORD") is None
        assert doors[TEST].basic("Dev", "Pass") == Caller("developer", "dev", ENDUSER, "e1")
        assert doors[TEST].basic("nobody", "Pass") == Caller("developer", "nobody", ENDUSER, "")
        assert doors[TEST].client("pair", "Pass") == Caller("client", "pair", MAH, "m1")
        assert doors[DEVELOPMENT].client("pair", "Pass") is None


def test_an_environment_may_begin_without_data() -> None:
    part = world(row(A)) | {"development": {"copied": False}}
    with open_premises(part) as here:
        assert here.alert(A, TEST).uprc == A
        assert Alerts(here.transaction, DEVELOPMENT).find(A) is None


# -- what is refused

LISTS_OF: Mapping[str, Mapping[str, Any]] = {
    "parties": PARTIES[0],
    "locations": LOCATIONS[0],
    "alerts": row(A),
    "messages": WROTE,
    "notes": NOTE,
    "exceptions": {"id": 41, "product_code": "1", "state": "NO", "owner": "m1"},
    "level_3": NUMBERED,
    "accounts": {"login": "LOGIN", "password": "PASSWORD", "party": "e1"},
}


def part_with(name: str, changed: Mapping[str, Any]) -> dict[str, Any]:
    """A world whose list has one row more than is needed."""
    lists: dict[str, Any] = {"alerts": [row(A)], "parties": [*PARTIES, NOOL_ROW]}
    lists[name] = [*lists.get(name, LOCATIONS if name == "locations" else []), changed]
    return {"production": world(**lists)["production"] | lists}


@pytest.mark.parametrize(
    ("name", "changes", "why"),
    [
        (
            "parties",
            {"id": "m2", "role": "distributor"},
            "parties: m2: role cannot be 'distributor'",
        ),
        ("parties", {}, "parties: m1: there is another one before it"),
        ("parties", {"id": "m2", "colour": "red"}, "parties: m2: unknown key colour; id, role, "),
        ("parties", {"id": "m2", "emial": ""}, "parties: m2: unknown key emial; email\\?"),
        ("parties", {"id": 5}, "parties: 5: id cannot be 5"),
        ("parties", {"id": "a\0"}, "id cannot be 'a\\\\x00'"),
        ("locations", {"id": "here"}, "locations: here: it does not look like"),
        (
            "locations",
            {"id": LOCATION[:-1] + "0", "party": "m1"},
            "there is no enduser called 'm1'",
        ),
        ("alerts", {"uprc": "CZ-1"}, "alerts: CZ-1: it does not look like"),
        ("alerts", {}, f"alerts: {A}: there is another one before it"),
        ("alerts", {"uprc": B, "state": "06z"}, "state is not known: '06z'"),
        ("alerts", {"uprc": B, "state": 3}, "state is not known: 3"),
        ("alerts", {"uprc": B, "state": ["01a"]}, "state is not known: \\['01a'\\]"),
        ("alerts", {"uprc": B, "origin": "wholesaler"}, "origin is not known: 'wholesaler'"),
        ("alerts", {"uprc": B, "code": "A1"}, "A1 is no code of an alert of level 5"),
        ("alerts", {"uprc": B, "mah": "e1"}, "there is no mah called 'e1'"),
        ("alerts", {"uprc": B, "enduser": "m1"}, "there is no enduser called 'm1'"),
        ("alerts", {"uprc": B, "location": "x"}, "location is not known: 'x'"),
        ("alerts", {"uprc": B, "enduser": ""}, f"location {LOCATION} is not the end user's"),
        ("alerts", {"uprc": B, "created": "1 March"}, "'1 March' is no instant such as"),
        ("alerts", {"uprc": B, "changed": "2026-02-01 08:00:00"}, "set before it was raised"),
        ("alerts", {"uprc": B, "closed_by": "mah"}, "its state is not a final one"),
        ("alerts", {"uprc": B, "product_code": "1"}, "product_code has 14 digits, not 1"),
        ("messages", {"author": "m9"}, "messages: 7: author is not known: 'm9'"),
        ("messages", {"uprc": B}, f"uprc is not known: '{B}'"),
        ("messages", {"parent": 6}, "parent or sending is not known: 6"),
        ("messages", {"file": "x"}, "file is a mapping of name and content"),
        ("messages", {"file": {"name": "x", "content": 1}}, "name and content of file are texts"),
        ("messages", {"file": {"name": "x", "content": "%"}}, "the content of file is not base64"),
        ("messages", {"id": True}, "messages: True: .* cannot be True"),
        ("messages", {"id": 0}, "messages: 0: id must be 1 or more"),
        ("exceptions", {"id": -1}, "exceptions: -1: id must be 1 or more"),
        ("notes", {"uprc": B}, f"notes: {B}: uprc is not known"),
        ("notes", {"role": "other"}, "role cannot be 'other'"),
        ("exceptions", {"state": "XX"}, "exceptions: 41: state is not known: 'XX'"),
        ("exceptions", {"owner": "e1"}, "there is no mah called 'e1'"),
        ("exceptions", {"validity": "tomorrow"}, "exceptions: 41: "),
        ("level_3", {"location": "x"}, "level_3: x: location is not known"),
        ("level_3", {"number": 10**6}, "number is not known: 1000000"),
        ("accounts", {"kind": "alert"}, "accounts: LOGIN: kind is not known: 'alert'"),
        ("accounts", {"party": "x"}, "party is not known: 'x'"),
        ("accounts", {"kind": "developer"}, "a developer is of no party"),
        ("accounts", {"acts_for": "m1"}, "there is no enduser called 'm1'"),
    ],
)
def test_a_mistake_names_its_row(name: str, changes: dict[str, Any], why: str) -> None:
    part = part_with(name, {**LISTS_OF[name], **changes})
    with pytest.raises(ValueError, match=why), open_premises(part):
        pass


@pytest.mark.parametrize(
    ("part", "why"),
    [
        ({"productoin": {}}, "environments production, test, development, not productoin"),
        ({"production": []}, "an environment is a mapping, not \\[\\]"),
        ({"production": {"alert": []}}, "unknown key alert; alerts\\?"),
        ({"test": {"alerts": []}}, "unknown key alerts; accounts, copied\\?"),
        ({"production": {"alerts": 5}}, "alerts is a list of mappings, not 5"),
        ({"production": {"alerts": ["x"]}}, "alerts is a list of mappings; this is none: 'x'"),
        ({"production": {"parties": [{"id": "x"}]}}, "parties: x: email, name, role must be there"),
        ({"production": {"next_message": 0}}, "next_message is a number from 1 on, not 0"),
        ({"production": {"next_exception": "1"}}, "next_exception is a number from 1 on"),
        ({"production": {"generate": 10}}, "generate is a mapping, not 10"),
        ({"test": {"copied": "no"}}, "copied is true or false, not 'no'"),
    ],
)
def test_a_mistake_in_the_file(part: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why), open_premises(part):
        pass


def test_a_message_cannot_have_an_id_that_is_still_to_come() -> None:
    part = world(row(A), messages=[WROTE], next_message=7)
    why = "next_message is a number from 8 on, not 7"
    with pytest.raises(ValueError, match=why), open_premises(part):
        pass


@pytest.mark.parametrize("name", ["messages", "notes", "exceptions", "level_3"])
def test_there_is_one_of_each(name: str) -> None:
    part = part_with(name, LISTS_OF[name])
    part["production"][name] *= 2
    why = f"{name}: .*: there is another one before it"
    with pytest.raises(ValueError, match=why), open_premises(part):
        pass


def test_a_login_is_given_out_once() -> None:
    part = part_with("accounts", LISTS_OF["accounts"])
    part["production"]["accounts"].append({**LISTS_OF["accounts"], "login": "login"})
    with pytest.raises(ValueError, match="production: accounts: twice login"), open_premises(part):
        pass


# -- the worlds that ship


def test_all_shipped_worlds_can_be_read() -> None:
    agencies = build_agencies()
    assert {"default", "czmvo-large"} <= set(world_names())
    for name in world_names():
        load_world(name, agencies)
