"""The organisation's desk: its admin calls, what they do, and what they refuse."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podatelna.czmvo.agency import build
from podatelna.czmvo.correspondence import Correspondence
from podatelna.czmvo.credentials import Credentials
from podatelna.czmvo.model import ENDUSER, MAH, NOOL, PRODUCTION, TEST, Caller, Note
from podatelna.kernel.exchange import Request, Response
from tests.czmvo.houses import LOCATION, LOCATIONS, PARTIES, Premises, open_premises, row, world

A, B = "CZ-AAA-AAA-AAA-AAA", "CZ-BBB-BBB-BBB-BBB"
NOW = "2026-03-02 08:00:00"
AGENCY = build()
DEVELOPER = {"login": "DEV", "password": "Pass", "kind": "developer"}
NEW = {"product_code": "08595116521485", "code": "A3", "mah": "m1", "enduser": "e1"}


@pytest.fixture
def here() -> Iterator[Premises]:
    part = world(row(A), row(B, group="G"), row("CZ-CCC-CCC-CCC-CCC", group="G"), next_message=22)
    part["test"] = {"accounts": [DEVELOPER]}
    with open_premises(part) as opened:
        opened.settle(NOW)
        yield opened


def respond(here: Premises, method: str, call: str, content: Any = None, **query: str) -> Response:
    body = content if isinstance(content, bytes) else json.dumps(content or {}).encode()
    request = Request(method, call, urlencode(query), body=body if content is not None else b"")
    return AGENCY.admin[call](here.visit(NOW, request))


def ask(here: Premises, method: str, call: str, content: Any = None, **query: str) -> Any:
    answer = respond(here, method, call, content, **query)
    assert answer.status == 200, answer.body.decode()
    return json.loads(answer.body)


def refused(here: Premises, method: str, call: str, content: Any = None, **query: str) -> str:
    answer = respond(here, method, call, content, **query)
    assert answer.status == 422
    assert ("Content-Type", "application/problem+json") in answer.headers
    return str(json.loads(answer.body)["detail"])


# -- looking


def test_alerts_are_listed_with_all_that_the_api_does_not_tell(here: Premises) -> None:
    (found,) = ask(here, "GET", "alerts", uprc=B.lower())
    assert found == {
        "uprc": B,
        "created": "2026-03-01 08:00:00",
        "product_code": "08595116521485",
        "state": 1,
        "initial": 1,
        "code": "A2",
        "origin": "enduser",
        "mah": "m1",
        "enduser": "e1",
        "location": LOCATION,
        "batch": "",
        "changed": "2026-03-01 08:00:00",
        "group": "G",
        "anonymous_group": "",
        "closed": "",
        "closed_by": "",
        "last_for_mah": 0,
        "last_for_enduser": 0,
        "due": "2027-03-01 08:00:00",
        "escalation": 0,
    }
    after = ask(here, "GET", "alerts", environment=TEST, after=A)
    assert [each["uprc"] for each in after] == [B, "CZ-CCC-CCC-CCC-CCC"]
    assert ask(here, "GET", "alerts", uprc="\0") == []


def test_messages_are_listed_private_ones_too(here: Premises) -> None:
    for uprc in (A, B):
        ask(here, "POST", "nool", {"uprc": uprc, "subject": "s", "message": "t", "public": False})
    assert [(each["id"], each["uprc"]) for each in ask(here, "GET", "messages")] == [
        (22, A),
        (23, B),
    ]
    assert [each["id"] for each in ask(here, "GET", "messages", uprc=B)] == [23]
    (last,) = ask(here, "GET", "messages", after="22")
    assert (last["public"], last["author"], last["author_role"]) == (False, "nool", "nool")
    assert ask(here, "GET", "messages", environment=TEST) == []


def test_parties_are_listed_with_their_locations(here: Premises) -> None:
    assert ask(here, "GET", "parties") == [
        {**PARTIES[1], "locations": [{"id": LOCATION, "name": ""}]},
        {**PARTIES[0], "locations": []},
    ]


# -- raising alerts


def test_a_new_alert(here: Premises) -> None:
    made = ask(here, "POST", "alerts", {**NEW, "location": LOCATION, "batch": "B1"})
    assert made == {**ask(here, "GET", "alerts", uprc=made["uprc"])[0]}
    assert (made["created"], made["state"], made["initial"]) == (NOW, 1, 1)
    assert made["uprc"].startswith("CZ-")
    assert len(made["uprc"]) == len("CZ-XXX-XXX-XXX-XXX-XXX")
    assert ask(here, "POST", "alerts", NEW)["uprc"] != made["uprc"]


def test_a_new_alert_as_one_likes_it(here: Premises) -> None:
    chosen = {"uprc": "DE-ZZZ-ZZZ-ZZZ-ZZZ", "created": "2026-02-01 08:00:00", "state": "04a"}
    made = ask(here, "POST", "alerts", {**NEW, **chosen, "origin": "mah"}, environment=TEST)
    assert (made["uprc"], made["created"]) == (chosen["uprc"], chosen["created"])
    assert (made["state"], made["initial"]) == (8, 2)
    # It is not in production, so the night takes it away.
    assert ask(here, "POST", "refresh") == {"refreshed": [TEST]}
    assert ask(here, "GET", "alerts", environment=TEST, uprc=chosen["uprc"]) == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"uprc": A}, f"there is an alert {A} already"),
        ({"mah": "m9"}, "there is no mah called 'm9'"),
        ({"code": None}, "code cannot be None"),
        ({"colour": "red"}, "unknown key colour"),
        ({"batch": "\0"}, "batch cannot be '\\x00'"),
        ({"origin": {}}, "origin is not known: {}"),
    ],
)
def test_an_alert_that_cannot_be(here: Premises, changes: dict[str, Any], why: str) -> None:
    assert why in refused(here, "POST", "alerts", {**NEW, **changes})


def test_an_old_alert_is_not_closed_as_soon_as_it_is_raised(here: Premises) -> None:
    ask(
        here,
        "POST",
        "alerts",
        {**NEW, "uprc": "CZ-000-000-000-000", "created": "2022-01-01 08:00:00"},
    )
    here.settle("2026-03-09 08:00:00")
    assert here.state("CZ-000-000-000-000") == "01a"


# -- credentials


def test_a_pair_is_generated(here: Premises) -> None:
    made = ask(here, "POST", "client", {"party": "m1"}, environment=TEST)
    assert (made["environment"], made["party"]) == (TEST, "m1")
    assert (len(made["client_id"]), len(made["client_secret"])) == (16, 32)
    pair = made["client_id"], made["client_secret"]
    known = Credentials(here.transaction, TEST)
    assert known.client(*pair) == Caller("client", pair[0], MAH, "m1")
    assert Credentials(here.transaction, PRODUCTION).client(*pair) is None
    again = ask(here, "POST", "client", {"party": "e1", "about": "for a job"})
    assert again["client_id"] != made["client_id"]


def test_a_pair_for_nobody(here: Premises) -> None:
    assert refused(here, "POST", "client", {"party": "x"}) == "party is not known: 'x'"
    assert "party is not known" in refused(here, "POST", "client")
    assert "unknown key secret" in refused(here, "POST", "client", {"secret": "x"})


def test_a_developer_chooses_an_end_user(here: Premises) -> None:
    known = Credentials(here.transaction, TEST)
    assert known.basic("dev", "Pass") == Caller("developer", "dev", ENDUSER, "")
    choice = {"login": "Dev", "acts_for": "e1"}
    assert ask(here, "PUT", "developer", choice, environment=TEST) == {
        "environment": TEST,
        **choice,
    }
    assert known.basic("dev", "Pass") == Caller("developer", "dev", ENDUSER, "e1")
    ask(here, "POST", "developer", {**choice, "acts_for": ""}, environment=TEST)
    assert known.basic("dev", "Pass") == Caller("developer", "dev", ENDUSER, "")


@pytest.mark.parametrize(
    ("choice", "why"),
    [
        ({"login": "dev", "acts_for": "m1"}, "there is no end user called 'm1'"),
        ({"login": "dev"}, "acts_for must be a text, not None"),
        ({"login": "x", "acts_for": "e1"}, "test has no developer account 'x'"),
    ],
)
def test_a_choice_that_cannot_be(here: Premises, choice: dict[str, str], why: str) -> None:
    assert refused(here, "POST", "developer", choice, environment=TEST) == why


# -- level 3


def test_level_3_alerts_are_numbered(here: Premises) -> None:
    given = {"location": LOCATION, "product_code": "18901138057340"}
    first = ask(here, "POST", "level-3", given)
    assert first == {
        "uprc": f"CZ-{LOCATION}-000001",
        "location": LOCATION,
        "number": 1,
        "created": NOW,
        "product_code": "18901138057340",
        "state": 6,
    }
    assert ask(here, "POST", "level-3", {**given, "number": 7, "state": "01a"})["state"] == 1
    assert ask(here, "POST", "level-3", given)["number"] == 8
    assert refused(here, "POST", "level-3", {**given, "number": 7}) == (
        "number must be 9 or higher, not 7"
    )
    assert "location is not known" in refused(here, "POST", "level-3", {**given, "location": "x"})
    assert "location must be a text" in refused(here, "POST", "level-3")


# -- acting


def test_the_organisation_writes_to_both_sides(here: Premises) -> None:
    told = {"uprc": A, "subject": "Výsledek", "message": "V pořádku."}
    assert ask(here, "POST", "nool", told) == {"id": 22}
    assert here.alert(A).last_for_mah == here.alert(A).last_for_enduser == 22
    assert here.state(A) == "01a"
    recipients = [each.recipient for each in here.posted()]
    assert sorted(recipients) == ["lekarna@vzorek.example", "mah@vzorek.example"]


def test_the_organisation_sets_states_and_notes(here: Premises) -> None:
    assert ask(here, "PUT", "nool", {"uprc": B, "state": 12, "group": True}) == {
        "uprc": [B, "CZ-CCC-CCC-CCC-CCC"]
    }
    assert (here.state(B), here.alert(B).closed_by) == ("06c", NOOL)
    assert ask(here, "PUT", "nool", {"uprc": A, "note": "n", "private": False}) == {
        "uprc": A,
        "changed": NOW,
    }
    kept = Correspondence(here.transaction, PRODUCTION)
    assert kept.note(A, NOOL) == Note(A, NOOL, "n", private=False, changed=NOW)
    assert ask(here, "DELETE", "nool", {"note": A}) == {"uprc": A}
    assert kept.note(A, NOOL) is None


def test_what_the_organisation_does_in_test_is_undone_at_night(here: Premises) -> None:
    ask(here, "PUT", "nool", {"uprc": A, "state": 12}, environment=TEST)
    assert (here.state(A), here.state(A, TEST)) == ("01a", "06c")
    here.settle("2026-03-03 00:00:00")
    assert here.state(A, TEST) == "01a"


@pytest.mark.parametrize(
    ("method", "content", "why"),
    [
        ("PUT", {"uprc": A}, "value_missing (11): Nevyplněná hodnota pro parametr. id nothing"),
        ("PUT", {"uprc": "CZ-X", "state": 12}, "alert_not_found (12): Alert nebyl nalezen."),
        ("PUT", {"uprc": A, "state": "x"}, "value_not_allowed (5): Nepovolená hodnota"),
        ("PUT", {"uprc": A, "state": 99}, "new_state_unexpected (27)"),
        ("DELETE", {"id": 99}, "no_right_to_edit (17)"),
        ("POST", b"[]", "the body must be a JSON object"),
    ],
)
def test_what_the_organisation_cannot_do(
    here: Premises, method: str, content: Any, why: str
) -> None:
    assert refused(here, method, "nool", content).startswith(why)


# -- all calls


@pytest.mark.parametrize("call", AGENCY.admin)
def test_methods_and_environments(here: Premises, call: str) -> None:
    answer = respond(here, "PATCH", call)
    assert answer.status == 405
    allowed = dict(answer.headers)["Allow"].split(", ")
    assert json.loads(answer.body)["detail"] == f"{call} takes {', '.join(allowed)}"
    for method in allowed:
        why = refused(here, method, call, environment="beta")
        assert why == "environment is one of production, test, development, not beta"


def test_where_lists_go_on(here: Premises) -> None:
    assert refused(here, "GET", "messages", after="x") == "after is a number, not x"
    assert refused(here, "GET", "messages", after="9" * 10) == f"after is a number, not {'9' * 10}"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from([A, "e1"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)
MEMBERS = (*NEW, "uprc", "state", "location", "number", "login", "acts_for", "party", "note", "id")


@given(
    call=st.sampled_from(sorted(AGENCY.admin)),
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    content=st.dictionaries(st.sampled_from(MEMBERS), VALUES, max_size=4),
)
def test_no_call_breaks(call: str, method: str, content: dict[str, Any]) -> None:
    with open_premises(world(row(A), locations=LOCATIONS)) as here:
        answer = respond(here, method, call, content)
        assert answer.status in (200, 405, 422)
        json.loads(answer.body)
