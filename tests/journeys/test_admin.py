"""The admin API: what each call does and answers."""

import json
from base64 import b64decode
from collections.abc import Iterator
from contextlib import closing

import pytest

from podatelna import __version__
from podatelna.app import Config, House
from podatelna.kernel.exchange import Request, Response
from podatelna.kernel.outbox import Letter, post
from podatelna.kernel.visit import Visit
from tests.journeys.callers import (
    ADMIN,
    DEFAULT,
    LOGIN,
    PASSWORD,
    Caller,
)
from tests.journeys.desks import AT, BOXES, NOW, Desk, open_desk
from tests.journeys.messages import PRODUCTION, call, filing, guest, payload, read_filed

_GUEST = "U|01.02.2026|02.02.2026|ABDALLA|FAZUL||25.02.1974|||AFG|Kábul|321654|999|01||"
UNL = "\r\n".join(
    [
        "A|2|123456789012|VODPO|Hotel Pošta|tel: 261 197 135|Strakonice|Vodňany|Vodňany I|Alešova|"
        "26||38901|2026.03.04 04:31:26||",
        _GUEST,
        "what is this",
        _GUEST,
        "",
    ]
)


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as desk:
        yield desk


def test_it_says_what_there_is(desk: Desk) -> None:
    assert desk.ask("GET", f"{ADMIN}/health") == {
        "status": "ok",
        "version": __version__,
        "agencies": list(desk.house.agencies),
    }
    assert desk.ask("GET", f"{ADMIN}/") == {
        "podatelna": __version__,
        "agencies": [path for each in desk.house.agencies.values() for path in each.paths],
        "sandboxes": BOXES,
    }
    about = {"name": "default", "now": AT, "path": "/s/default/"}
    assert desk.ask("GET", BOXES) == [about]
    assert desk.ask("GET", DEFAULT) == about


def test_sandboxes_are_made_reset_and_dropped(desk: Desk) -> None:
    made = desk.ask("POST", BOXES, {"name": "job-7", "world": "default"})
    assert (made["name"], made["path"]) == ("job-7", "/s/job-7/")
    assert [box["name"] for box in desk.ask("GET", BOXES)] == ["default", "job-7"]
    place = f"{BOXES}/job-7"
    desk.ask("PUT", f"{place}/clock", {"freeze": NOW})
    caller = Caller(desk.house.handle, f"/s/job-7{PRODUCTION}").sign_in()
    caller.post("ZapisUbytovane", filing([guest(1)]))
    assert len(desk.ask("GET", f"{place}/ubyport/stays")) == 1
    assert desk.ask("POST", f"{place}/reset", {"world": "default"})["name"] == "job-7"
    assert desk.ask("GET", f"{place}/ubyport/stays") == []
    assert desk.ask("GET", f"{place}/journal") == []
    assert desk.ask("DELETE", place) is None
    assert [box["name"] for box in desk.ask("GET", BOXES)] == ["default"]


def test_a_sandbox_dropped_while_it_is_listed_is_left_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.house.sandboxes, "names", lambda: ["default", "gone"])
    assert [box["name"] for box in desk.ask("GET", BOXES)] == ["default"]


def test_the_clock_stands_runs_and_advances(desk: Desk) -> None:
    clock = f"{DEFAULT}/clock"
    assert desk.ask("PUT", clock, {"advance": "1d2h3m4s"}) == {"now": "2026-03-05T10:33:04+00:00"}
    assert desk.ask("PUT", clock, {"freeze": "2026-05-01T00:00:00+02:00"}) == {
        "now": "2026-04-30T22:00:00+00:00"
    }
    assert desk.ask("GET", DEFAULT)["now"] == "2026-04-30T22:00:00+00:00"
    assert desk.ask("PUT", clock, {"freeze": "2026-05-01"}) == {"now": "2026-05-01T00:00:00+00:00"}
    running = desk.ask("PUT", clock, {"run": NOW})["now"]
    assert running > AT
    later = desk.ask("GET", DEFAULT)["now"]
    assert later > running
    stopped = desk.ask("PUT", clock, {"freeze": "now"})["now"]
    assert desk.ask("GET", DEFAULT)["now"] == stopped > later
    assert desk.ask("PUT", clock, {"run": "now"})["now"] > stopped


def test_settings_are_laid_over_the_defaults(desk: Desk) -> None:
    before = desk.ask("GET", f"{DEFAULT}/settings")
    assert (before["ubyport"]["max_list_length"], before["ubyport"]["seal"]) == (32, False)
    after = before | {"ubyport": before["ubyport"] | {"max_list_length": 2, "seal": True}}
    given = {"ubyport": {"max_list_length": 2, "seal": True}}
    assert desk.ask("PATCH", f"{DEFAULT}/settings", given) == after
    assert desk.ask("GET", f"{DEFAULT}/settings") == after
    assert desk.ask("PATCH", f"{DEFAULT}/settings", {}) == after
    answer = (
        Caller(desk.house.handle)
        .sign_in()
        .post("MaximalniDelkaSeznamu", call("MaximalniDelkaSeznamu"))
    )
    assert payload(answer.body)[0].text == "2"


def test_disruptions_are_planned_counted_and_cleared(desk: Desk) -> None:
    place = f"{DEFAULT}/disruptions"
    plan = {"agency": "ubyport", "kind": "status", "options": {"code": 429}, "times": 2}
    whole = plan | {"moment": "after", "operation": "", "login": "", "used": 0}
    assert desk.ask("POST", place, plan) == whole
    caller = Caller(desk.house.handle)
    assert caller.post("TestDostupnosti", b"").status == 401
    assert desk.ask("GET", place) == [whole]
    caller.connection.memory |= _signed_in(desk)
    assert caller.post("TestDostupnosti", call("TestDostupnosti")).status == 429
    assert desk.ask("GET", place) == [whole | {"times": 1, "used": 1}]
    assert desk.ask("DELETE", place) is None
    assert desk.ask("GET", place) == []
    assert caller.post("TestDostupnosti", call("TestDostupnosti")).status == 200


def _signed_in(desk: Desk) -> dict[object, object]:
    """What a connection remembers that has signed in, in a sandbox of the same name."""
    with closing(House(Config(seed="2"))) as other:
        return Caller(other.handle).sign_in().connection.memory


def test_accounts_are_listed(desk: Desk) -> None:
    listed = desk.ask("GET", f"{DEFAULT}/accounts")
    assert {account["agency"] for account in listed} == set(desk.house.agencies)
    accounts = [account for account in listed if account["agency"] == "ubyport"]
    assert accounts[2] == {
        "agency": "ubyport",
        "environment": "production",
        "login": LOGIN,
        "password": PASSWORD,
        "subject": "100227887600",
        "blocked": False,
        "about": "the documented examples",
    }
    assert [account["login"] for account in accounts if account["blocked"]] == [
        "uby-ws00blok",
        "uby-tws0blok",
    ]


def test_the_journal_tells_everything_but_secrets(desk: Desk) -> None:
    caller = Caller(desk.house.handle).sign_in()
    caller.ask("POST", {"content-type": "text/xml", "cookie": "secret"}, b"\xff\x00")
    *_, last = desk.ask("GET", f"{DEFAULT}/journal")
    assert last == {
        "number": 3,
        "at": AT,
        "agency": "ubyport",
        "operation": "",
        "login": LOGIN,
        "method": "POST",
        "target": PRODUCTION,
        "request_headers": {
            "host": "ubyport.example",
            "content-type": "text/xml",
            "cookie": "[blanked]",
        },
        "request_body": "",
        "request_body_base64": "/wA=",
        "status": 400,
        "response_headers": last["response_headers"],
        "response_body": "",
        "findings": last["findings"],
        "notes": [],
        "delivery": {},
    }
    assert [finding["code"] for finding in last["findings"]] == ["bad_request"]
    journal = desk.ask("GET", f"{DEFAULT}/journal")
    assert desk.ask("GET", f"{DEFAULT}/journal?after=1") == journal[1:]
    told = [exchange["request_headers"]["authorization"] for exchange in journal[:2]]
    assert told[0] == "NTLM negotiate"
    assert told[1].startswith(f"NTLM authenticate login={LOGIN} domain=EXRESORTMV")
    assert desk.ask("DELETE", f"{DEFAULT}/journal") is None
    assert desk.ask("GET", f"{DEFAULT}/journal") == []


def test_records_of_the_agency_are_listed(desk: Desk) -> None:
    caller = Caller(desk.house.handle).sign_in()
    filed = read_filed(caller.post("ZapisUbytovane", filing([guest(1), guest(2, cNati="UK")])).body)
    assert desk.ask("GET", f"{DEFAULT}/ubyport/filings") == [
        {
            "stamp": filed.stamp,
            "environment": "production",
            "idub": "100227887600",
            "login": LOGIN,
            "at": "2026-03-04T09:30:00+01:00",
            "day": "2026-03-04",
            "total": 2,
            "accepted": 1,
            "refused": 1,
            "duplicates": 0,
            "ignored": 0,
            "source": "",
        }
    ]
    (stay,) = desk.ask("GET", f"{DEFAULT}/ubyport/stays")
    assert stay == {
        "stamp": filed.stamp,
        "position": 0,
        "environment": "production",
        "idub": "100227887600",
        "key": stay["key"],
        "surname": "Vzorový",
        "given_name": "Jan",
        "birth_date": "01011980",
        "nationality": "SVK",
        "document_number": "AB0000001",
        "visa_number": None,
        "purpose": None,
        "arrival": "2026-03-03",
        "departure": "2026-03-03",
        "residence": None,
        "note": None,
    }


def test_a_file_is_imported(desk: Desk) -> None:
    asked = Request(
        "POST",
        f"{DEFAULT}/ubyport/unl",
        "file=a.unl&login=ub0000002",
        {"host": "localhost"},
        UNL.encode("cp1250"),
    )
    answer = desk.house.handle(asked)
    summary = json.loads(answer.body)
    assert b64decode(summary.pop("receipt")).startswith(b"%PDF-1.4")
    (filing,) = desk.ask("GET", f"{DEFAULT}/ubyport/filings")
    late = {"error": "reported_late", "number": 112, "text": "Oznámeno pozdě"}
    assert (answer.status, summary) == (
        200,
        {
            "stamp": filing["stamp"],
            "total": 2,
            "accepted": 1,
            "refused": 0,
            "duplicates": 1,
            "ignored": 1,
            "header": [],
            "records": [
                [late],
                [
                    late,
                    {
                        "error": "duplicate",
                        "number": 150,
                        "text": "Záznam s hostem je duplicitní a byl již zpracován v jedné z "
                        "předchozích dávek",
                    },
                ],
            ],
        },
    )
    assert (filing["login"], filing["source"], filing["ignored"]) == ("ub0000002", "a.unl", 1)


def _write(desk: Desk, sandbox: str, *recipients: str) -> None:
    def call(visit: Visit) -> Response:
        for number, recipient in enumerate(recipients, 1):
            post(visit, Letter("ubyport", "s@x.example", recipient, f"No. {number}", "Dobrý den"))
        return Response(200)

    agency = desk.house.agencies["ubyport"]
    desk.house.sandboxes.visit(sandbox, agency, Request("POST", ""), call)


def test_the_outbox_is_read_and_cleared(desk: Desk) -> None:
    outbox, here = f"{DEFAULT}/outbox", f"{ADMIN}/outbox"
    assert desk.ask("GET", outbox) == desk.ask("GET", here) == []
    _write(desk, "default", "a@x.example", "B@x.example", "a@x.example")
    written = desk.ask("GET", outbox)
    assert written[1] | {"message_id": ""} == {
        "number": 2,
        "at": AT,
        "agency": "ubyport",
        "sender": "s@x.example",
        "recipient": "B@x.example",
        "subject": "No. 2",
        "body": "Dobrý den",
        "sent": False,
        "message_id": "",
    }
    assert desk.ask("GET", here) == written
    assert desk.ask("GET", f"{here}?after=1") == written[1:]
    assert desk.ask("GET", f"{here}?recipient=b%40X.example") == [written[1]]
    assert desk.ask("GET", f"{outbox}?recipient=a@x.example&after=1") == [written[2]]
    assert desk.ask("DELETE", outbox) is None
    assert desk.ask("GET", here) == []
    _write(desk, "default", "a@x.example")
    assert [letter["number"] for letter in desk.ask("GET", here)] == [4]


def test_each_sandbox_has_an_outbox_of_its_own(desk: Desk) -> None:
    desk.ask("POST", BOXES, {"name": "job-7"})
    _write(desk, "job-7", "a@x.example")
    for place in (f"{BOXES}/job-7/outbox", f"{ADMIN}/outbox?sandbox=job-7"):
        assert [letter["recipient"] for letter in desk.ask("GET", place)] == ["a@x.example"]
    assert desk.ask("GET", f"{ADMIN}/outbox") == []
    assert desk.ask("POST", f"{BOXES}/job-7/reset")["name"] == "job-7"
    assert desk.ask("GET", f"{BOXES}/job-7/outbox") == []


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_an_agencys_own_call_takes_its_methods(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    def tell(visit: Visit) -> Response:
        request = visit.request
        told = [request.method, request.path, request.query, request.body.decode()]
        return Response(200, json.dumps(told).encode(), (("Content-Type", "application/json"),))

    calls = desk.house.agencies["ubyport"].admin
    assert isinstance(calls, dict)
    monkeypatch.setitem(calls, "tell", tell)
    told = desk.ask(method, f"{DEFAULT}/ubyport/tell?a=1", {"b": 2})
    assert told == [method, "tell", "a=1", '{"b": 2}']
