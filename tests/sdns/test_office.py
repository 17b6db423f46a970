"""The admin calls of the bank's own desk."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate

from podatelna.app import Config, House
from podatelna.kernel.exchange import Request
from podatelna.sdns.certificates import identity, registered
from podatelna.sdns.inspection import MOST_ROWS
from podatelna.sdns.model import Header, Message, Subject, Trouble
from podatelna.sdns.moments import instant
from tests.sdns.desks import header as header_of
from tests.sdns.desks import xml
from tests.sdns.houses import FIRM, NOW, OTHER, SCOPE, Premises, duty, open_premises, world
from tests.sdns.test_timetable import QUARTERLY

NEW = {"code": "1", "name": "Nový", "prefix": "111", "email": "n@novy.example"}
USER = {"login": "NOVY", "password": "Heslo-1", "subject": FIRM}
TRIGGER = {"data_set": "MOKAS42", "check": "MOKA42_11_005", "column": "14", "value": "ABC"}
PREPARED = {
    "number": "17",
    "data_set": "MOKAS42.04.00",
    "subject": FIRM,
    "scope": SCOPE,
    "as_of": "2026-02-28",
}
FOREIGN = identity("x", "foreign")


@pytest.fixture
def here() -> Iterator[Premises]:
    with open_premises(world(obligations=[duty("MOKAS42")])) as premises:
        yield premises


def header(number: str, **changes: Any) -> Header:
    about = {
        "data_set": "MOKAS42.04.00",
        "methodology": "MKT20130101.01",
        "as_of": "20260228",
        "scope": SCOPE,
    }
    return header_of(number, **(about | changes))


def send(here: Premises, number: str, **changes: Any) -> int:
    """Have a message taken over, the rows of which no area has."""
    message = Message(
        id=0,
        file=f"ws999{int(number):07}.xml",
        login="uziv0001",
        received=instant(here.now),
        header=header(number, **changes),
    )
    taken = here.register().add_message(message, xml("MOKAS42.04.00", [("a", "1")]))
    here.register().plan(here.now, "accept", message=taken)
    return taken


# -- whom the bank knows


def test_subjects(here: Premises) -> None:
    assert here.call("POST", "subjects", **NEW) == NEW
    codes = [row["code"] for row in here.call("GET", "subjects")]
    assert codes == ["1", FIRM, OTHER]
    assert here.call("GET", "subjects", f"after={FIRM}")[0]["code"] == OTHER
    assert here.register().prefix_owner("111") == Subject(**NEW)


def test_users(here: Premises) -> None:
    told = {
        "login": "novy",
        "password": "Heslo-1",
        "subject": FIRM,
        "may_send": True,
        "may_query": True,
        "blocked": False,
        "about": "",
    }
    assert here.call("POST", "users", **USER) == told
    assert [row["login"] for row in here.call("GET", "users")] == ["novy", "uziv0001"]
    assert here.call("GET", "users", "after=novy")[0]["login"] == "uziv0001"
    assert here.call("GET", "users", f"subject={OTHER}") == []
    assert set(here.register().certificates("novy")) == set(registered("novy"))
    changed = here.call("PUT", "users", login="Novy", may_send=False, blocked=True)
    assert changed == told | {"may_send": False, "blocked": True}
    assert here.call("GET", "users", f"subject={FIRM}")[0] == changed
    changed = here.call("PUT", "users", login="NOVY", blocked=False)
    assert changed == told | {"may_send": False}


def test_a_user_without_test_certificates(here: Premises) -> None:
    here.call("POST", "users", **USER, certificates=False)
    assert here.call("GET", "certificates", "login=NOVY") == []
    assert len(here.call("GET", "certificates")) == 4


def test_certificates_of_other_authorities(here: Premises) -> None:
    pem = FOREIGN.certificate_pem.decode()
    named = {"issuer": FOREIGN.issuer, "serial": str(FOREIGN.serial)}
    told = named | {"login": "uziv0001", "revoked": ""}
    assert here.call("POST", "certificates", login="UZIV0001", pem=pem) == told
    assert told in here.call("GET", "certificates", "login=UZIV0001")
    twice = here.call("POST", "certificates", login="uziv0001", **named)
    assert twice == "there is another one before it"
    revoked = {"certificates": [told | {"revoked": "2026-03-02T08:00:00.000000+00:00"}]}
    assert here.call("PUT", "certificates", **named) == revoked
    earlier = {"certificates": [told | {"revoked": "2026-02-28T23:00:00.000000+00:00"}]}
    since = "2026-03-01T00:00:00+01:00"
    assert here.call("PUT", "certificates", **named, since=since) == earlier
    assert here.call("PUT", "certificates", **named, since="") == {"certificates": [told]}
    assert here.call("DELETE", "certificates", login="UZIV0001", **named) == {"dropped": 1}
    gone = here.call("DELETE", "certificates", login="UZIV0001", **named)
    assert gone == "there is nothing like that"
    assert len(here.call("GET", "certificates", "login=uziv0001")) == 4


def test_pages_of_certificates_have_two_keys(here: Premises) -> None:
    rows = here.call("GET", "certificates")
    after = f"after=uziv0001,{rows[1]['serial']}"
    assert here.call("GET", "certificates", after) == rows[2:]


def test_rights(here: Premises) -> None:
    right = {"sender": FIRM, "subject": OTHER}
    assert here.call("POST", "rights", **right) == right
    assert here.call("GET", "rights") == [right]
    assert here.call("GET", "rights", f"sender={OTHER}") == []
    assert here.call("GET", "rights", f"after={FIRM},{OTHER}") == []
    assert here.call("POST", "rights", **right) == "there is another one before it"
    assert here.call("DELETE", "rights", **right) == {"dropped": 1}
    assert here.call("GET", "rights") == []
    assert here.call("DELETE", "rights", **right) == "there is nothing like that"


# -- what is to be reported


def test_obligations(here: Premises) -> None:
    new = {**duty("MOKAS41", "MOKAS43"), "until": "2026-12-31"}
    added = [{**new, "data_sets": [code]} for code in ("MOKAS41", "MOKAS43")]
    assert here.call("POST", "obligations", **new) == {"obligations": added}
    before = {**duty("MOKAS42"), "until": ""}
    assert here.call("GET", "obligations") == [added[0], before, added[1]]
    assert here.call("GET", "obligations", "data_set=MOKAS42") == [before]
    assert here.call("GET", "obligations", f"subject={OTHER}") == []
    after = f"after={FIRM},{SCOPE},MOKAS41,2026-02-23"
    assert here.call("GET", "obligations", after) == [before, added[1]]
    again = here.call("POST", "obligations", **before)
    assert again == "there is another one before it"


def test_data_sets(here: Premises) -> None:
    assert here.call("POST", "data_sets", **QUARTERLY) == QUARTERLY
    assert here.call("GET", "data_sets") == [QUARTERLY]
    assert here.call("GET", "data_sets", "after=CTVRT01.01.00") == []
    assert here.call("POST", "data_sets", **QUARTERLY) == "there is another one before it"
    assert "obligations" in here.call("POST", "obligations", **duty("CTVRT01"))


def test_triggers(here: Premises) -> None:
    told = TRIGGER | {"area": "", "cells": {"10": "B"}}
    assert here.call("POST", "triggers", **TRIGGER, cells={"10": "B"}) == told
    here.call("POST", "triggers", **(TRIGGER | {"column": 15}))
    first, second = here.call("GET", "triggers")
    assert (first, second["column"]) == (told | {"id": first["id"]}, "15")
    assert here.call("GET", "triggers", f"after={first['id']}") == [second]
    assert here.call("GET", "triggers", "data_set=MOKAS40") == []
    assert here.call("DELETE", "triggers", id=first["id"]) == {"dropped": 1}
    assert here.call("DELETE", "triggers", id=first["id"]) == "there is nothing like that"
    assert here.call("DELETE", "triggers") == {"dropped": 1}
    assert here.call("DELETE", "triggers") == {"dropped": 0}


# -- what was sent


def test_messages_and_what_becomes_of_them(here: Premises) -> None:
    good, wrong = send(here, "1"), send(here, "2", scope="NIC")
    waiting = here.call("GET", "messages", "state=waiting")
    assert [(row["id"], row["state"], row["accepted"]) for row in waiting] == [
        (good, "waiting", ""),
        (wrong, "waiting", ""),
    ]
    assert waiting[0]["header"]["data_set"] == "MOKAS42.04.00"
    assert here.call("POST", "process") == {"processed": 4}
    assert here.call("GET", "messages", "state=waiting") == []
    (refused,) = here.call("GET", "messages", "state=refused")
    assert (refused["id"], refused["state"], refused["issue"]) == (wrong, "refused", 0)
    assert [trouble["code"] for trouble in refused["refused"]] == ["DZ-05"]
    (accepted,) = here.call("GET", "messages", "state=accepted")
    assert (accepted["id"], accepted["state"], accepted["refused"]) == (good, "accepted", [])
    assert len(here.call("GET", "messages", f"sender={FIRM}")) == 2
    assert here.call("GET", "messages", f"sender={OTHER}") == []
    assert [row["id"] for row in here.call("GET", "messages", f"after={good}")] == [wrong]


def test_occurrences_issues_and_rows(here: Premises) -> None:
    """The rows are of an area that the data set does not have."""
    send(here, "1")
    here.call("POST", "process")
    (occurrence,) = here.call("GET", "occurrences")
    assert occurrence == {
        "id": 1,
        "data_set": "MOKAS42",
        "subject": FIRM,
        "scope": SCOPE,
        "as_of": "2026-02-28",
        "test": False,
        "version": 4,
        "variant": 0,
        "state": 40,
        "state_text": "Je požadováno zaslání opravy dat vykazujícím subjektem",
        "plan": "2026-03-20T22:59:00.000000+00:00",
        "term": "2026-03-09T22:59:00.000000+00:00",
        "current": 0,
    }
    (issue,) = here.call("GET", "issues", "occurrence=1")
    assert (issue["state"], issue["number"], issue["file"]) == (16, "1", "ws9990000001.xml")
    assert issue["state_text"]
    assert [check["code"] for check in issue["failed"]] == ["MOKAS42_F00"]
    (row,) = here.call("GET", "rows", f"issue={issue['id']}")
    assert row == {"id": 1, "area": "MOKAS42_A", "order": "1", "cells": {"1": "a", "2": "1"}}
    assert here.call("GET", "rows", f"issue={issue['id']}&after=1") == []
    assert here.call("GET", "issues") == [issue]
    assert here.call("GET", "issues", "occurrence=2") == []
    for query in ("data_set=MOKAS42", "as_of=2026-02-28", f"subject={FIRM}", f"scope={SCOPE}"):
        assert here.call("GET", "occurrences", query) == [occurrence]
    for query in ("data_set=MOKAS40", "as_of=2026-03-31", f"subject={OTHER}", "after=1"):
        assert here.call("GET", "occurrences", query) == []


def test_occurrences_show_the_state_of_now(here: Premises) -> None:
    here.call("POST", "prepared", **PREPARED)
    states = []
    for day in ("2026-03-20", "2026-03-21", "2026-04-04", "2027-03-21"):
        here.settle_at(f"{day}T12:00:00+00:00")
        states.append(here.call("GET", "occurrences")[0]["state"])
    assert states == [10, 15, 18, 65]


def test_an_issue_is_prepared(here: Premises) -> None:
    now = instant(NOW)
    issue = {
        "id": 1,
        "occurrence": 1,
        "number": "17",
        "file": "",
        "sender": FIRM,
        "status": "new_data",
        "accepted": now,
        "state": 5,
        "since": now,
        "sent": False,
        "complete": True,
        "parts": 0,
        "based_on": 0,
        "troubles": [],
        "failed": [],
    }
    assert here.call("POST", "prepared", **PREPARED) == issue
    text = "Data vydání připravena uživatelem SDNS, data nejsou v db"
    assert here.call("GET", "issues") == [issue | {"state_text": text}]
    assert here.call("GET", "occurrences")[0]["state"] == 10
    again = here.call("POST", "prepared", **PREPARED)
    assert again == f"{FIRM} has an issue 17 already"
    other = here.call("POST", "prepared", **PREPARED, sender=OTHER, test=True)
    assert (other["sender"], other["occurrence"]) == (OTHER, 2)


def test_data_may_be_sent_for_what_is_prepared(here: Premises) -> None:
    here.call("POST", "prepared", **PREPARED)
    send(here, "1")
    here.call("POST", "process")
    states = {row["number"]: row["state"] for row in here.call("GET", "issues")}
    assert states == {"17": 5, "1": 16}


@pytest.mark.parametrize("kind", ["valid", "foreign"])
def test_signers(here: Premises, kind: str) -> None:
    told = here.call("GET", "signer", f"login=UZIV0001&kind={kind}")
    certificate = load_pem_x509_certificate(told["certificate"].encode())
    key = load_pem_private_key(told["key"].encode(), None)
    assert key.public_key() == certificate.public_key()
    assert certificate.issuer.rfc4514_string() == told["issuer"]
    assert str(certificate.serial_number) == told["serial"]
    assert (told["login"], told["kind"]) == ("uziv0001", kind)
    known = {row["serial"] for row in here.call("GET", "certificates", "login=uziv0001")}
    assert (told["serial"] in known) == (kind == "valid")


def test_other_environments_are_asked_for(here: Premises) -> None:
    assert here.call("GET", "subjects", "environment=test") == []
    here.call("POST", "subjects", "environment=test", **NEW)
    assert here.call("GET", "subjects", "environment=test") == [NEW]
    assert len(here.call("GET", "subjects")) == 2
    why = "environment is one of production, test, not nowhere"
    assert here.call("GET", "subjects", "environment=nowhere") == why


def test_answers_have_an_end(here: Premises) -> None:
    codes = [f"{number:05}" for number in range(MOST_ROWS + 5)]
    here.register("test").add_subjects(Subject(code, "") for code in codes)
    first = here.call("GET", "subjects", "environment=test")
    assert [row["code"] for row in first] == codes[:MOST_ROWS]
    rest = here.call("GET", "subjects", f"environment=test&after={codes[MOST_ROWS - 1]}")
    assert [row["code"] for row in rest] == codes[MOST_ROWS:]


@pytest.mark.parametrize(
    ("method", "name", "given", "why"),
    [
        ("POST", "subjects", NEW | {"code": FIRM}, "there is another one before it"),
        ("POST", "subjects", NEW | {"prefix": "999"}, "there is another one before it"),
        ("POST", "users", USER | {"login": "uziv0001"}, "there is another one before it"),
        ("POST", "users", USER | {"subject": "2"}, "subject is not known: '2'"),
        ("PUT", "users", {"login": "x"}, "there is no user x"),
        ("PUT", "users", {"blocked": True}, "login must be a text, not None"),
        ("PUT", "users", {"login": "uziv0001", "password": "x"}, "unknown key password"),
        ("PUT", "users", {"login": "uziv0001", "blocked": "no"}, "blocked cannot be 'no'"),
        ("POST", "certificates", {"login": "x", "issuer": "a", "serial": "1"}, "login is not"),
        ("POST", "certificates", {"login": "uziv0001", "pem": "x"}, "pem is no certificate in PEM"),
        ("POST", "certificates", {"login": "uziv0001", "pem": 1}, "pem must be a text, not 1"),
        ("POST", "certificates", {"login": "uziv0001"}, "issuer, serial must be there"),
        ("PUT", "certificates", {"issuer": "a", "serial": "1"}, "there is no certificate 1 of a"),
        ("PUT", "certificates", {"login": "uziv0001"}, "unknown key login"),
        ("DELETE", "certificates", {"login": "uziv0001"}, "issuer must be a text, not None"),
        ("DELETE", "rights", {"sender": FIRM}, "subject must be a text, not None"),
        ("DELETE", "triggers", {"id": "1"}, "id cannot be '1'"),
        ("DELETE", "triggers", {"id": True}, "id cannot be True"),
        ("DELETE", "triggers", {"id": 2**31}, "id cannot be 2147483648"),
        ("DELETE", "triggers", {"data_set": "MOKAS42"}, "unknown key data_set"),
        ("POST", "triggers", TRIGGER | {"id": 1}, "unknown key id"),
        ("POST", "triggers", TRIGGER | {"check": "X"}, "check is not known: 'X'"),
        ("POST", "data_sets", {}, "data_set is code.version.variant, such as"),
        ("POST", "prepared", PREPARED | {"data_set": "MOKAS42"}, "data_set is not known: 'M"),
        ("POST", "prepared", PREPARED | {"number": "x"}, "number does not look like"),
        ("POST", "prepared", PREPARED | {"sender": "2"}, "sender is not known: '2'"),
        ("POST", "prepared", PREPARED | {"as_of": "soon"}, "'soon' is no day"),
        ("POST", "prepared", PREPARED | {"as_of": "2026-02-27"}, "is not obliged to report MOK"),
        ("POST", "prepared", PREPARED | {"scope": "X"}, "is not obliged to report MOKAS42, X"),
        ("POST", "prepared", {}, "as_of, data_set, number, scope, subject must be there"),
    ],
)  # fmt: skip
def test_what_is_not_done(
    here: Premises, method: str, name: str, given: dict[str, Any], why: str
) -> None:
    answer = here.call(method, name, **given)
    assert isinstance(answer, str)
    assert re.search(re.escape(why), answer), answer


@pytest.mark.parametrize(
    ("name", "query", "why"),
    [
        ("messages", "state=lost", "state is one of waiting, refused, accepted, not lost"),
        ("messages", "after=x", "after is a number, not 'x'"),
        ("occurrences", "as_of=soon", "'soon' is no day such as 2026-03-02"),
        ("issues", "occurrence=x", "occurrence is a number, not 'x'"),
        ("rows", "", "issue is a number, not ''"),
        ("rows", "issue=99", "there is no issue 99"),
        ("rights", "after=1", "after is sender,subject of the last row, not 1"),
        ("signer", "login=a&kind=good", "kind is one of valid, expired, future, revoked, "),
        ("signer", "", "A certificate is of a name of 1 to 59 characters: not ''"),
    ],
)
def test_what_is_not_shown(here: Premises, name: str, query: str, why: str) -> None:
    answer = here.call("GET", name, query)
    assert isinstance(answer, str)
    assert answer.startswith(why)


def test_a_row_of_another_environment_is_not_shown(here: Premises) -> None:
    here.call("POST", "prepared", **PREPARED)
    assert here.call("GET", "rows", "issue=1") == []
    assert here.call("GET", "rows", "issue=1&environment=test") == "there is no issue 1"


def test_methods(here: Premises) -> None:
    assert here.call("DELETE", "subjects") == "subjects takes GET, POST"


def test_a_refused_message_has_troubles_in_words(here: Premises) -> None:
    number = send(here, "1", scope="NIC")
    here.call("POST", "process")
    (row,) = here.call("GET", "messages")
    found = here.register().message(number)
    assert found
    assert [Trouble(**each) for each in row["refused"]] == list(found.refused)


def test_through_the_house() -> None:
    """The calls are where the admin API has those of all agencies."""
    with closing(House(Config(seed="test"))) as house:

        def ask(method: str, call: str, query: str = "", **given: Any) -> tuple[int, Any]:
            body = json.dumps(given).encode() if given else b""
            path = f"/_podatelna/sandboxes/default/sdns/{call}"
            answer = house.handle(Request(method, path, query=query, body=body))
            return answer.status, json.loads(answer.body)

        status, subjects = ask("GET", "subjects")
        assert status == 200
        assert [row["code"] for row in subjects] == ["9999", FIRM, OTHER, "99990002"]
        assert ask("POST", "subjects", "environment=test", **NEW) == (200, NEW)
        status, problem = ask("DELETE", "rights", sender=FIRM, subject="9999")
        assert (status, problem["detail"]) == (422, "there is nothing like that")
        assert ask("POST", "process") == (200, {"processed": 0})
        assert ask("PUT", "subjects")[0] == 405
