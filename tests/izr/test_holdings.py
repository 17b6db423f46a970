"""IZR_PRO01A and IZR_PRO01B: the list of holdings."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.izr.answers import refused, result_of
from tests.izr.houses import KEEPER, Premises, open_premises, world

A, B = "IZR_PRO01A", "IZR_PRO01B"
HOLDINGS = [
    {
        "number": "10000001",
        "subject": KEEPER,
        "name": "První",
        "region": "20",
        "registered": "2010-05-03",
    },
    {
        "number": "10000002",
        "subject": KEEPER,
        "name": "",
        "region": "31",
        "registered": "2011-01-01",
        "changed": "2025-04-30T12:30:00",
    },
    {
        "number": "10000003",
        "subject": KEEPER,
        "name": "Zrušená",
        "region": "20",
        "registered": "2005-01-01",
        "cancelled": "2025-05-02",
    },
    {
        "number": "10000004",
        "subject": KEEPER,
        "name": "Končící",
        "registered": "2005-01-01",
        "cancelled": "2025-05-03",
        "changed": "2025-01-01T00:00:00",
    },
    {
        "number": "10000005",
        "subject": KEEPER,
        "name": "Jatky",
        "type": "J",
        "registered": "2004-05-01",
    },
    {"number": "10000006", "subject": KEEPER, "name": "Obchod", "type": "O"},
]


@pytest.fixture
def here() -> Iterator[Premises]:
    with open_premises(world(holdings=HOLDINGS, stables=[])) as premises:
        yield premises


def asked(kind: str = "H", state: str = "X", get: str = "true", since: str = "") -> str:
    date = f"<DATUM>{since}</DATUM>" if since else ""
    return (
        f"<GETDATA>{get}</GETDATA>{date}<STAVPROVOZOVNY>{state}</STAVPROVOZOVNY>"
        f"<TYPPROVOZOVNY>{kind}</TYPPROVOZOVNY>"
    )


def in_region(region: str = "", kind: str = "H", state: str = "X") -> str:
    code = f"<KODKRAJE>{region}</KODKRAJE>" if region else ""
    return f"<STAVPROVOZOVNY>{state}</STAVPROVOZOVNY><TYPPROVOZOVNY>{kind}</TYPPROVOZOVNY>{code}"


def numbers(result: Any) -> list[str]:
    return [dict(children)["REGCIS"] for _, children in result]


def test_all_that_is_told_of_a_holding(here: Premises) -> None:
    first, second, third, _ = result_of(A, here.ask(A, asked()))
    assert first == (
        "PROVOZOVNY",
        [
            ("REGCIS", "10000001"),
            ("NAZEV", "První"),
            ("TYPPROVOZOVNY", "H"),
            ("DATUMPOSLEDNIZMENY", "2010-05-03T00:00:00"),
        ],
    )
    assert [name for name, _ in second[1]] == ["REGCIS", "TYPPROVOZOVNY", "DATUMPOSLEDNIZMENY"]
    assert third[1][-1] == ("ZRUSENIREGISTRACE", "2025-05-02T00:00:00")


@pytest.mark.parametrize(
    ("state", "found"),
    [("A", ["1", "2", "4"]), ("Z", ["3"]), ("X", ["1", "2", "3", "4"])],
)
def test_states_are_those_of_today(here: Premises, state: str, found: list[str]) -> None:
    expected = [f"1000000{number}" for number in found]
    assert numbers(result_of(A, here.ask(A, asked(state=state)))) == expected
    assert numbers(result_of(B, here.ask(B, in_region(state=state)))) == expected


@pytest.mark.parametrize(
    ("since", "found"),
    [
        ("2025-04-30T00:00:00", ["2", "3"]),
        ("2025-04-30T12:30:00", ["2", "3"]),
        ("2025-04-30T12:30:01", ["3"]),
        ("2025-04-30T10:30:00Z", ["2", "3"]),
        ("2025-04-30T10:30:01Z", ["3"]),
        ("2030-01-01T00:00:00", []),
    ],
)
def test_changed_since(here: Premises, since: str, found: list[str]) -> None:
    expected = [f"1000000{number}" for number in found]
    assert numbers(result_of(A, here.ask(A, asked(since=since)))) == expected


def test_the_last_change_is_that_of_the_type_in_any_state(here: Premises) -> None:
    for state in "AZX":
        result = result_of(A, here.ask(A, asked(state=state, get="false")))
        assert result == [("DATUM", "2025-05-02T00:00:00")]
    result = result_of(A, here.ask(A, asked("J", get="0")))
    assert result == [("DATUM", "2004-05-01T00:00:00")]


@pytest.mark.parametrize("kind", ["O", "S"])
def test_no_last_change(here: Premises, kind: str) -> None:
    """Of the trader nobody knows since when he is registered; there is no assembly centre."""
    assert refused(here.ask(A, asked(kind, get="false"))) == (
        "last_change_unknown",
        "GETDATA",
        kind,
    )


def test_a_date_without_data_comes_first(here: Premises) -> None:
    answer = here.ask(A, asked("?", get="false", since="2025-01-01T00:00:00"))
    assert refused(answer) == ("date_without_data", "DATUM", "2025-01-01T00:00:00")


@pytest.mark.parametrize("get", ["true", "false"])
def test_types_are_those_of_the_list(here: Premises, get: str) -> None:
    expected = ("holding_type_unknown", "TYPPROVOZOVNY", "h")
    assert refused(here.ask(A, asked("h", get=get))) == expected
    assert refused(here.ask(B, in_region(kind="h"))) == expected


def test_regions(here: Premises) -> None:
    assert numbers(result_of(B, here.ask(B, in_region("20")))) == ["10000001", "10000003"]
    assert numbers(result_of(B, here.ask(B, in_region("20", state="A")))) == ["10000001"]
    assert result_of(B, here.ask(B, in_region("99"))) == []
    assert numbers(result_of(B, here.ask(B, in_region(kind="J")))) == ["10000005"]


@pytest.mark.parametrize(
    ("payload", "name", "received"),
    [
        (asked(get="yes"), "GETDATA", "yes"),
        (asked(state="B"), "STAVPROVOZOVNY", "B"),
        (asked(since="yesterday"), "DATUM", "yesterday"),
        (asked(since="-0001-01-01T00:00:00"), "DATUM", "-0001-01-01T00:00:00"),
    ],
)
def test_without_the_schema_nonsense_is_refused_here(
    here: Premises, payload: str, name: str, received: str
) -> None:
    assert refused(here.ask(A, payload)) == ("request_not_valid", name, received)
