"""The IZR client in an actor's hands: plain data in and out, and each call sent exactly once."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from inspect import getmembers, isfunction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from podatelna.kernel.scenario.shapes import misfits
from podatelna_client.acting import Caller
from podatelna_client.acting.izr import (
    CALLS,
    DEFAULTS,
    KINDS,
    NAMESPACES,
    PATHS,
    IzrActor,
    code_of,
    completed,
)
from podatelna_client.actor import actor
from podatelna_client.izr import IzrClient, sign
from tests.clients.epo import HOLDING, KEY, LOGIN, NAMES, PATH, START, SUBJECT, Epo, fault
from tests.clients.test_izr_answers import ANIMALS, DETAILS, HOLDINGS, LISTS, LOG, ORDERS

NOW = datetime.fromtimestamp(START, UTC)
PRAGUE = ZoneInfo("Europe/Prague")
TAG = "CZ0000012345126"
TODAY = date(2025, 5, 2)
WORLD = {
    "production": {
        "accounts": [
            {"login": "99other", "password": "x", "subjects": ["1000000002"]},
            {"login": LOGIN, "password": KEY, "subjects": [SUBJECT]},
            {"login": "98several", "password": "x", "subjects": ["1000000003", SUBJECT]},
        ],
        "holdings": [
            {"number": "11111111", "subject": "1000000002"},
            {"number": "22222222", "subject": SUBJECT},
        ],
        "animals": [
            {
                "tag": "CZ0000000000106",
                "species": "OVC",
                "birth_holding": "22222222",
                "replaced_by": "CZ0000000001106",
            },
            {
                "tag": "CZ0000000009106",
                "species": "OVC",
                "birth_holding": "22222222",
                "movements": [{"code": 70, "day": TODAY, "holding": "22222222"}],
            },
            {"tag": "CZ0000000001106", "species": "OVC", "birth_holding": "22222222"},
            {
                "tag": "CZ0000000002186",
                "species": "KOZ",
                "birth_holding": "11111111",
                "movements": [
                    {"code": 70, "day": TODAY, "holding": "11111111"},
                    {"code": 30, "day": TODAY, "holding": "22222222"},
                    {"code": 17, "day": TODAY, "holding": "11111111"},
                ],
            },
            {"tag": "CZ0000000003106", "species": "OVC", "birth_holding": "11111111"},
        ],
        "persons": [{"card": "987654321"}],
    }
}
AT = datetime(2025, 5, 2, 8, 0, 1, 234567, timezone(timedelta(hours=2)))
ACCEPTED = {"sid": "SID-1", "request_id": "", "at": AT, "rows": [], "codes": []}
CHANGED = "<R><DATZMENY>2025-05-02T21:00:00</DATZMENY></R>"
LAST = {"value": datetime(2025, 5, 2, 21, tzinfo=PRAGUE)}

# The service, what is given, what is answered, and part of what is told.
PLAYS: dict[str, tuple[str, dict[str, Any], str, dict[str, Any]]] = {
    "verify_move": ("IZR_ODH01B", {"animal": {"moved": TODAY}}, "<R>true</R>", ACCEPTED),
    "submit_move": ("IZR_ODH01B", {"animals": 3, "email": "a@b.cz"}, "<R>true</R>", ACCEPTED),
    "verify_events": (
        "IZR_OZO01A",
        {"event": {"code": 80, "carrier": {"on_foot": True}}},
        "<R>true</R>",
        ACCEPTED,
    ),
    "submit_events": ("IZR_OZK01A", {"species": "KOZ", "events": 2}, "<R>true</R>", ACCEPTED),
    "logs": (
        "IZR_CHIZZ01B",
        {"start": date(2025, 5, 1), "holding": HOLDING},
        LOG,
        {
            "rows": [
                {
                    "species": "OVC",
                    "processed": datetime(2025, 5, 2, 21, tzinfo=PRAGUE),
                    "number": 1,
                    "severity": "TvrdaChyba",
                    "text": "Osoba nenalezena.",
                    "code": "72",
                    "reported": "02.05.2025",
                    "tag": TAG,
                    "mother": "CZ0000012345127",
                    "holding": "87654321",
                    "country": "XX",
                    "movement_code": 70,
                }
            ]
        },
    ),
    "last_change_of_logs": ("IZR_CHIZZ01B", {"start": "2025-05-01T00:00:00"}, CHANGED, LAST),
    "animals": (
        "IZR_GAZ01B",
        {"species": "KOZ", "day": TODAY, "categories": True},
        ANIMALS,
        {"rows": [{"tag": TAG, "stable": "01"}]},
    ),
    "last_change_of_animals": ("IZR_GAZ01B", {"holding": HOLDING}, CHANGED, LAST),
    "animal_details": (
        "IZR_ZVI01A",
        {"animals": [{"tag": TAG, "species": "OVC"}], "kinds": ["Zaklad"]},
        DETAILS,
        {"rows": [{"sex": "Samice", "breed": "S"}]},
    ),
    "ordered_tags": (
        "IZR_OUZ01A",
        {"end": None},
        ORDERS,
        {"rows": [{"number": 5, "note": "p"}]},
    ),
    "holdings": ("IZR_PRO01B", {"kind": "J", "region": None}, HOLDINGS, {"rows": [{"type": "H"}]}),
    "changed_holdings": (
        "IZR_PRO01A",
        {"since": TODAY, "state": "X"},
        HOLDINGS,
        {"rows": [{"type": "H"}], "changed": datetime(2025, 5, 1, tzinfo=PRAGUE)},
    ),
    "last_change_of_holdings": ("IZR_PRO01A", {}, "<R><DATUM/></R>", {"value": None}),
    "code_lists": (
        "IZR_GCZ01A",
        {"name": "POHLAVI"},
        LISTS,
        {"lists": ["POHLAVI", "KRAJE"], "rows": [{"list": "POHLAVI", "code": "M"}]},
    ),
    "call": (
        "RDM_CIS01A",
        {"service": "RDM_CIS01A", "payload": {"ciselnik_nazev": "c"}, "signed": False},
        "<a><b>1</b><b/></a>",
        {"sid": "SID-1", "request_id": "", "content": {"a": [{"b": ["1", ""]}]}},
    ),
}


@pytest.fixture
def caller(epo: Epo) -> Caller:
    url = epo.url.removesuffix(PATH)
    return Caller(url=url, environment="production", login=LOGIN, password=KEY)


@pytest.fixture
def made(caller: Caller) -> Iterator[IzrActor]:
    made = IzrActor(caller)
    yield made
    made.close()


def filled(
    method: str, given: dict[str, Any], login: str = LOGIN, world: Any = None, **defaults: Any
) -> dict[str, Any]:
    setting = {
        "now": NOW,
        "defaults": defaults,
        "environment": "production",
        "login": login,
        "world": WORLD if world is None else world,
    }
    return completed(method, given, setting)


def test_all_methods_of_the_client_can_be_called_but_one_that_waits() -> None:
    methods = {name for name, _ in getmembers(IzrClient, isfunction) if not name.startswith("_")}
    assert methods - {"close", "poll_logs"} == set(CALLS) == set(PLAYS)


@pytest.mark.parametrize("method", PLAYS)
def test_an_answer_is_told_in_the_shape_that_was_promised(
    epo: Epo, made: IzrActor, method: str
) -> None:
    service, given, answer, told = PLAYS[method]
    assert list(misfits(given, CALLS[method]["takes"], ())) == []
    arguments = filled(method, given)
    assert list(misfits(arguments, CALLS[method]["takes"], ())) == []
    epo.play(service, answer)
    outcome = made.call(method, arguments, NOW, None)
    assert (outcome["kind"], outcome["codes"]) == ("answer", {}), outcome
    values = outcome["values"]
    assert list(misfits(values, CALLS[method]["answers"], ())) == []
    assert values["http"] == 200
    for name, value in told.items():
        if name == "rows" and value:
            first = {key: values["rows"][0][key] for key in value[0]}
            assert first == value[0]
        else:
            assert values[name] == value
    assert len(epo.server.received) == 1


# --- arguments


def test_a_move_of_nothing_is_complete() -> None:
    assert filled("verify_move", {}) == {
        "subject": SUBJECT,
        "holding": "22222222",
        "identity_card": "987654321",
        "animals": [{"tag": "CZ0000000001106", "species": "OVC", "moved": TODAY}],
    }


def test_animals_are_those_of_the_holding_as_many_as_wanted() -> None:
    three = filled("submit_move", {"animals": 3})["animals"]
    assert [(animal["tag"], animal["species"]) for animal in three] == [
        ("CZ0000000001106", "OVC"),
        ("CZ0000000002186", "KOZ"),
        ("CZ0000000000002", "OVC"),
    ]
    other = filled("verify_move", {"holding": "11111111", "identity_card": None})
    assert (other["identity_card"], other["animals"][0]["tag"]) == (None, "CZ0000000003106")


def test_what_is_given_comes_before_defaults_and_they_before_the_world() -> None:
    defaults: dict[str, Any] = {
        "holding": "33333333",
        "identity_card": "1",
        "animal": {"species": "KOZ", "moved": date(2025, 4, 1)},
        "namespace": "urn:n",
    }
    given = {"animals": [{"tag": "x"}, {"species": "TUR"}], "town": "y"}
    assert filled("verify_move", given, **defaults) == {
        "subject": SUBJECT,
        "namespace": "urn:n",
        "holding": "33333333",
        "identity_card": "1",
        "town": "y",
        "animals": [
            {"tag": "x", "species": "KOZ", "moved": date(2025, 4, 1)},
            {"tag": "CZ0000000000001", "species": "TUR", "moved": date(2025, 4, 1)},
        ],
    }
    assert filled("verify_move", {"subject": "1"}, subject="2")["subject"] == "1"
    assert filled("verify_move", {}, subject="2")["subject"] == "2"


def test_without_a_world_there_is_the_documented_one() -> None:
    assert filled("verify_move", {}, world={}) == {
        "subject": "1000000001",
        "holding": "12345678",
        "identity_card": "123456789",
        "animals": [{"tag": TAG, "species": "OVC", "moved": TODAY}],
    }


def test_events_are_of_one_species() -> None:
    sheep = filled("verify_events", {})
    assert (sheep["species"], sheep["events"]) == (
        "OVC",
        [{"tag": "CZ0000000001106", "code": 50, "day": TODAY}],
    )
    goats = filled("submit_events", {"species": "KOZ", "event": {"code": 40}}, event={"day": None})
    assert goats["events"] == [{"tag": "CZ0000000002186", "code": 40, "day": None}]
    cattle = filled("submit_events", {"species": "TUR"})
    assert [event["tag"] for event in cattle["events"]] == [TAG]


@pytest.mark.parametrize(
    ("login", "subject"),
    [(LOGIN.upper(), SUBJECT), ("98several", "1000000003"), ("nobody", "1000000001")],
)
def test_for_whom_a_login_calls(login: str, subject: str) -> None:
    assert filled("animals", {}, login) == {"subject": subject}


@pytest.mark.parametrize(
    ("method", "laid"),
    [
        ("logs", {"start": TODAY}),
        ("last_change_of_logs", {"start": TODAY}),
        ("ordered_tags", {"holding": "22222222"}),
        ("animal_details", {"animals": [{"tag": "CZ0000000001106", "species": "OVC"}]}),
        ("holdings", {}),
        ("code_lists", {}),
        ("call", {}),
    ],
)
def test_what_other_calls_need(method: str, laid: dict[str, Any]) -> None:
    assert filled(method, {}) == {"subject": SUBJECT, **laid}
    given = dict.fromkeys(laid, "given")
    assert filled(method, given) == {"subject": SUBJECT, **given}


@pytest.mark.parametrize(
    ("moved", "sent"),
    [
        (TODAY, "2025-05-02T00:00:00"),
        (datetime(2025, 5, 2, 8), "2025-05-02T10:00:00"),  # noqa: DTZ001 - as YAML
        ("tomorrow", "tomorrow"),
    ],
)
def test_moments_of_scenarios_are_in_utc_and_days_are_czech(
    epo: Epo, made: IzrActor, moved: Any, sent: str
) -> None:
    epo.play_true()
    made.call("verify_move", filled("verify_move", {"animal": {"moved": moved}}), NOW, None)
    assert [each.text for each in epo.payload.iter("{*}DATUMPREMISTENI")] == [sent]


@pytest.mark.parametrize(
    ("method", "given", "reason"),
    [
        ("verify_move", {"animal": {"tag": "\x00"}}, "HLASENI/ZVIRATA/ZVIRE[1]/USNIZNAMKA holds"),
        ("verify_move", {"subject": "1"}, "verify_move: subject cannot be '1'"),
        ("verify_move", {"certificate": "\x00"}, "UIDkey: "),
        ("verify_move", {"namespace": "{"}, "'{' is no namespace"),
        ("submit_events", {"species": "TUR"}, "events are reported of OVC and KOZ"),
        ("call", {"payload": {}}, "call: "),
    ],
)
def test_what_cannot_be_called(
    epo: Epo, made: IzrActor, method: str, given: dict[str, Any], reason: str
) -> None:
    outcome = made.call(method, filled(method, given), NOW, None)
    assert outcome["kind"] == "invalid"
    assert outcome["reason"].startswith(reason)
    assert epo.server.received == []


# --- how it calls


def test_calls_are_signed_and_dated_by_the_clock_that_is_handed_in(
    epo: Epo, made: IzrActor
) -> None:
    for minutes in (0, 10):
        epo.play_true()
        made.call("verify_move", filled("verify_move", {}), NOW + timedelta(minutes=minutes), None)
    assert epo.found("v:TimeStamp/text()") == ["2025-05-02T08:10:00+02:00"]
    assert epo.found("v:RequestHeader/v:RequestID/text()") == ["scenario/0002"]
    assert epo.found("v:UIDkey/@dn") == ["cn=99sandbox,cn=Farmar,cn=Users,o=mze,c=cz"]
    assert epo.found("v:RequestHeader/v:Subject/@subjectID") == [SUBJECT]
    token = epo.sent.findtext("{*}Header/{*}Token")
    assert token == sign(epo.server.received[-1].body, KEY)
    assert [request.connection for request in epo.server.received] == [0, 0]


def test_one_client_for_each_way_of_calling(epo: Epo, made: IzrActor) -> None:
    ways: list[tuple[dict[str, Any], float | None]] = [
        ({"namespace": "urn:n"}, None),
        ({"certificate": "01AB"}, None),
        ({"subject": "1000000009"}, None),
        ({}, 5.0),
    ]
    for given, timeout in ways:
        epo.play_true()
        outcome = made.call("verify_move", filled("verify_move", given), NOW, timeout)
        assert outcome["kind"] == "answer"
    bodies = epo.server.bodies()
    assert b"urn:n" in bodies[0]
    assert b'certificateSN="01AB"' in bodies[1]
    assert b"Token" not in bodies[1]
    assert b'subjectID="1000000009"' in bodies[2]
    assert len(made._clients) == 4


@pytest.mark.parametrize(
    ("environment", "host"), [("production", None), ("test", "epomzetest.gov.cz")]
)
def test_the_test_environment_goes_by_its_name(
    epo: Epo, caller: Caller, environment: str, host: str | None
) -> None:
    made = actor(
        "izr",
        url=f"{caller.url}/s/mine",
        environment=environment,
        login=LOGIN,
        password=KEY,
    )
    epo.play_true()
    made.call("verify_move", filled("verify_move", {}), NOW, None)
    made.close()
    (request,) = epo.server.received
    assert request.path == f"/s/mine{PATH}"
    assert PATHS[environment] == PATH
    assert request.headers["host"] == host or host is None
    assert request.headers["host"].startswith("127.") or host


def test_a_server_with_the_name_of_the_test_environment_keeps_it(caller: Caller) -> None:
    made = IzrActor(replace(caller, url="https://epomzetest.example", environment="test"))
    assert made._session() is None
    assert KINDS == ()


def test_others_must_sign_by_themselves(made: IzrActor) -> None:
    assert made.sign_in({}, NOW) == {
        "failed": "a message to the IZR carries its token in itself: write it there"
    }


# --- errors


def test_a_state_of_the_service(epo: Epo, made: IzrActor) -> None:
    epo.play_fault("12", "Provozovna neexistuje.")
    outcome = made.call("verify_move", filled("verify_move", {}), NOW, None)
    assert outcome == {
        "kind": "error",
        "code": 12,
        "status": 500,
        "reason": "code 12: Provozovna neexistuje. (HTTP 500, SOAP:Server)",
        "values": {
            "http": 500,
            "code": 12,
            "message": "Provozovna neexistuje.",
            "sid": "SID-1",
            "rows": [],
            "codes": [],
        },
    }


def test_the_errors_of_a_report(epo: Epo, made: IzrActor) -> None:
    inner = (
        "<V><Chyby><CisloRadku>1</CisloRadku><Element>A, B</Element><KodChyby>04</KodChyby>"
        "<PopisChyby>t</PopisChyby></Chyby><Chyby><PopisChyby>u</PopisChyby></Chyby></V>"
    )
    epo.play_fault("5", "Chyba validace vstupních dat", inner, status=200)
    outcome = made.call("verify_move", filled("verify_move", {}), NOW, None)
    values = outcome["values"]
    assert (outcome["code"], outcome["status"], values["codes"]) == (5, 200, ["04", None])
    assert values["rows"] == [
        {
            "text": "t",
            "elements": ["A", "B"],
            "code": "04",
            "row": 1,
            "tag": "CZ0000000001106",
        },
        {"text": "u", "elements": [], "code": None, "row": None, "tag": ""},
    ]
    assert list(misfits(values, CALLS["verify_move"]["answers"], ())) == []


def test_faults_of_the_gateway(epo: Epo, made: IzrActor) -> None:
    epo.play_fault("401", "Neplatná autentizace.", side="Client")
    outcome = made.call("animals", filled("animals", {}), NOW, None)
    assert (outcome["kind"], outcome["code"], outcome["status"]) == ("error", 401, 500)
    epo.play_fault("E1", "Jiná")
    assert made.call("animals", filled("animals", {}), NOW, None)["code"] == "E1"
    epo.play_fault("", "Bez kódu")
    assert made.call("animals", filled("animals", {}), NOW, None) == {
        "kind": "fault",
        "reason": "Bez kódu (HTTP 500, SOAP:Server)",
        "faultcode": "SOAP:Server",
        "faultstring": "Bez kódu",
    }


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (
            {"status": 405},
            {"kind": "refused", "reason": "HTTP 405 Method Not Allowed", "status": 405},
        ),
        ({"nothing": True}, {"kind": "unknown"}),
        ({"body": b"<html/>"}, {"kind": "unknown"}),
    ],
)
def test_an_answer_that_is_none(
    epo: Epo, made: IzrActor, answer: dict[str, Any], outcome: dict[str, Any]
) -> None:
    epo.server.play(**answer)
    told = made.call("submit_move", filled("submit_move", {}), NOW, None)
    assert {name: told[name] for name in outcome} == outcome
    assert len(epo.server.received) == 1


def test_nobody_there() -> None:
    made = actor("izr", url="http://127.0.0.1:1", environment="test", login=LOGIN, password=KEY)
    outcome = made.call("animals", filled("animals", {}), NOW, 1)
    made.close()
    assert outcome["kind"] == "unreachable"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (fault("12", "t"), 12),
        (fault("E1", "t"), "E1"),
        (fault("", "t"), None),
        (b"<Error/>", None),
        (b"", None),
        (b"\xff\xfe\x00", None),
        (b"<html>", None),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', None),
        (b"<a>" * 100_000, None),
    ],
)
def test_the_code_of_a_body(body: bytes, code: int | str | None) -> None:
    assert code_of(body) == code


def test_all_that_is_said_of_calls_is_plain_data() -> None:
    def told(value: Any) -> Any:
        return list(value) if isinstance(value, tuple) else dict(value)

    assert json.loads(json.dumps(CALLS, default=told)).keys() == CALLS.keys()
    assert list(DEFAULTS)[:3] == ["subject", "namespace", "certificate"]
    assert set(NAMES.values()) == set(NAMESPACES.values())
