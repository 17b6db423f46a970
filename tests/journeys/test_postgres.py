"""The three stores are one and the same to callers: in memory, in a folder, in PostgreSQL."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from podatelna.app import Config, House
from podatelna.kernel.exchange import Request, Response
from tests.journeys.callers import ADMIN, DEFAULT, Caller, administer, no_complaints, soap_headers
from tests.journeys.messages import (
    call,
    code_list,
    filing,
    guest,
    payload,
    read_fault,
    read_filed,
)
from tests.journeys.processes import database

NOW = "2026-03-04T08:30:00Z"
UNAVAILABLE = {"agency": "ubyport", "kind": "status", "options": {"code": 503}, "moment": "after"}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with database() as url:
        yield url


@pytest.fixture(params=["memory", "folder", "postgres"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    yield from _house(request, tmp_path)


@pytest.fixture(params=["folder", "postgres"])
def lasting(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    yield from _house(request, tmp_path)


def _house(request: pytest.FixtureRequest, folder: Path) -> Iterator[House]:
    places = {
        "memory": lambda: Config(seed="1"),
        "folder": lambda: Config(seed="1", data=folder / "data"),
        "postgres": lambda: Config(seed="1", database=request.getfixturevalue("url")),
    }
    with closing(House(places[request.param]())) as house, no_complaints():
        house.sandboxes.reset("default")
        yield house


def ask(house: House, method: str, path: str, value: object = None) -> Any:
    return administer(house.handle, method, DEFAULT + path, value)


def test_a_whole_journey(house: House) -> None:
    ask(house, "PUT", "/clock", {"freeze": NOW})
    caller = Caller(house.handle).sign_in()
    assert payload(caller.post("TestDostupnosti", call("TestDostupnosti")).body)[0].text == "true"
    rows = {
        kind: len(payload(caller.post("DejMiCiselnik", code_list(kind)).body)[0])
        for kind in ("Staty", "UcelyPobytu", "Chyby")
    }
    assert rows == {"Staty": 256, "UcelyPobytu": 17, "Chyby": 34}
    guests = [guest(1), guest(1), guest(2, cNati="UK"), guest(3, "2026-02-01T00:00:00")]
    first = read_filed(caller.post("ZapisUbytovane", filing(guests)).body)
    assert first.records == [[], [150], [107], [112]]
    assert read_filed(caller.post("ZapisUbytovane", filing(guests)).body).records == [
        [150],
        [150],
        [107],
        [112, 150],
    ]
    fault = read_fault(caller.post("ZapisUbytovane", filing([])).body)
    assert fault.text == "Seznam ubytovaných je prázdný"
    ask(house, "POST", "/disruptions", UNAVAILABLE)
    assert caller.post("ZapisUbytovane", filing([guest(4)])).status == 503
    stays = ask(house, "GET", "/ubyport/stays")
    assert sorted(row["document_number"] for row in stays) == [
        "AB0000001",
        "AB0000003",
        "AB0000004",
    ]
    journal = ask(house, "GET", "/journal")
    assert [(row["number"], row["operation"], row["status"]) for row in journal] == [
        (1, "", 401),
        (2, "", 200),
        (3, "TestDostupnosti", 200),
        *((number, "DejMiCiselnik", 200) for number in (4, 5, 6)),
        (7, "ZapisUbytovane", 200),
        (8, "ZapisUbytovane", 200),
        (9, "ZapisUbytovane", 500),
        (10, "ZapisUbytovane", 503),
    ]
    ask(house, "POST", "/reset")
    for records in ("/ubyport/stays", "/ubyport/filings", "/journal", "/disruptions"):
        assert ask(house, "GET", records) == []
    ask(house, "PUT", "/clock", {"freeze": NOW})
    assert read_filed(caller.post("ZapisUbytovane", filing(guests)).body) == first


def travel(house: House) -> tuple[list[Response], list[Any]]:
    """Everything a caller gets, and everything that is remembered of it."""
    ask(house, "PUT", "/clock", {"freeze": NOW})
    ask(house, "PATCH", "/settings", {"ubyport": {"unknown_nationality": "accepted"}})
    caller = Caller(house.handle).sign_in()
    odd = filing([guest(1, cNati="'\u0085\u200b\U0001f600"), guest(2, cNote="\ufffd|\t")], pdf="1")
    answers = [
        caller.post("ZapisUbytovane", odd),
        caller.post("ZapisUbytovane", filing([guest(number) for number in range(1, 33)])),
        caller.post("\udc80\x00", odd),
        caller.ask("\x00\udc80", soap_headers("x") | {"x-odd": "\x00\xff"}, b"\x00\xff"),
    ]
    house.sandboxes.advance("default", timedelta(days=30))
    answers.append(caller.post("ZapisUbytovane", filing([guest(99)], pdf="true")))
    kept = [
        ask(house, "GET", path)
        for path in ("", "/journal", "/ubyport/stays", "/ubyport/filings", "/accounts", "/settings")
    ]
    return answers, kept


def test_a_lasting_store_answers_and_remembers_what_memory_does(lasting: House) -> None:
    with closing(House(Config(seed="1"))) as memory:
        assert travel(lasting) == travel(memory)


UNL = (
    "A|2|123456789012|VODPO|Hotel Pošta|tel: 261 197 135|Strakonice|Vodňany|Vodňany I|Alešova|26||"
    "38901|2026.03.04 04:31:26||\r\n"
    "U|01.03.2026|02.03.2026|ABDALLA|FAZUL||25.02.1974|||AFG|Kábul|321654|999|01||\x01\r\n"
).encode("cp1250")


@pytest.mark.parametrize(
    ("query", "content", "status"),
    [
        ("file=a.unl", UNL, 200),
        ("file=a.unl&environment=moon", UNL, 422),
        ("file=%00.unl", UNL, 422),
        ("file=%ED%A0%80%FF.unl", UNL, 200),
        ("file=a.unl&login=%00", UNL, 422),
        ("file=a.unl", UNL.replace(b"ABDALLA", b"AB\x00DALLA"), 422),
        ("file=a.unl", UNL.replace(b"AFG", b"A\x00G"), 422),
        ("file=a.unl", UNL.replace(b"AFG", b"A\x01G"), 200),
        ("file=a.unl", UNL.replace(b"Hotel", b"H\x01tel"), 200),
        ("file=a.unl", UNL.replace(b"VODPO", b"VO\x01PO"), 422),
        ("file=a.unl", UNL.replace(b"321654", b"\x81654"), 422),
        ("file=a.unl", bytes(range(256)), 422),
        ("", b"", 422),
    ],
)
def test_an_imported_file_is_processed_or_refused_whatever_is_in_it(
    house: House, query: str, content: bytes, status: int
) -> None:
    ask(house, "PUT", "/clock", {"freeze": NOW})
    ask(house, "PATCH", "/settings", {"ubyport": {"unknown_nationality": "accepted"}})
    path = f"{ADMIN}/sandboxes/default/ubyport/unl"
    answer = house.handle(Request("POST", path, query, {"host": "localhost"}, content))
    assert answer.status == status, answer.body
    filings = ask(house, "GET", "/ubyport/filings")
    assert [row["total"] for row in filings] == ([1] if status == 200 else [])


def test_a_lost_database_connection_costs_one_call_at_most(url: str) -> None:
    with closing(House(Config(seed="1", database=url))) as house:
        caller = Caller(house.handle).sign_in()
        psycopg = __import__("psycopg")
        with psycopg.connect(url.replace("+psycopg", "")) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        first, second = (caller.post("TestDostupnosti", call("TestDostupnosti")) for _ in range(2))
    assert read_fault(first.body).code == "a:InternalServiceFault"
    assert second.status == 200
