"""IZR_ZVI01A: what is known of animals."""

from collections.abc import Iterator
from typing import Any

import pytest

from podatelna.izr.details import Stay, stays_of
from podatelna.izr.model import Movement
from tests.izr.answers import result_of
from tests.izr.houses import EWE, HOME, OTHER, Premises, open_premises, row, world

ZVI = "IZR_ZVI01A"
RAM, LAMB, COW = "CZ0000012347126", "CZ0000012348126", "CZ000012345962"
OLD, NEW = "CZ0000012380126", "CZ0000012381126"
IMPORT = {"code": 11, "day": "2024-06-03", "holding": HOME, "stable": "01", "country": "SK"}
SOLD = {"code": 70, "day": "2025-04-10", "holding": HOME, "stable": "01", "other": OTHER}
BOUGHT = {"code": 30, "day": "2025-04-10", "holding": OTHER, "other": HOME}
TAKEN_BACK = {"code": 97, "day": "2025-04-10", "holding": HOME}
ANIMALS = [
    row(stable="01", movements=[SOLD, BOUGHT]),
    row(RAM, sex="M", breed="SF"),
    row(LAMB, born="2025-02-20", dam=EWE, sire=RAM, sex="X"),
    row(COW, species="TUR"),
    row("SK000012345678", birth_holding="", movements=[IMPORT]),
    row(OLD, replaced_by=NEW),
    row(NEW),
]
BIRTH = [
    ("PROVOZOVNAHLASICI", HOME),
    ("STAJHLASENI", "01"),
    ("KODPOHYBU", "21"),
    ("DATUM", "2023-03-14T00:00:00"),
]


@pytest.fixture
def here() -> Iterator[Premises]:
    with open_premises(world(*ANIMALS)) as premises:
        yield premises


def asked(*kinds: str, tags: tuple[str, ...] = (EWE,), species: str = "OVC") -> str:
    types = "".join(f"<TYPDATA><TYP>{kind}</TYP></TYPDATA>" for kind in kinds)
    animals = "".join(
        f"<USNIZNAMKY><USNIZNAMKA>{tag}</USNIZNAMKA><DRUHZVIRETE>{species}</DRUHZVIRETE></USNIZNAMKY>"
        for tag in tags
    )
    return types + animals


def told(here: Premises, *kinds: str, **about: Any) -> list[Any]:
    """What is told of each animal."""
    return [inside for _, inside in result_of(ZVI, here.ask(ZVI, asked(*kinds, **about)))]


def test_the_basics(here: Premises) -> None:
    assert told(here, "Zaklad", tags=(LAMB,)) == [
        [
            ("USNIZNAMKA", LAMB),
            ("DRUHZVIRETE", "OVC"),
            ("POHLAVI", "Nezname"),
            ("DATUMNAROZENI", "2025-02-20T00:00:00"),
            ("HOSPODARSTVINAROZENI", HOME),
            ("DUVODZAVEDENI", "21"),
            ("CISLOMATKY", EWE),
            ("CISLOOTCE", RAM),
        ]
    ]
    assert told(here, "Zmetani", tags=(RAM,)) == [
        [("USNIZNAMKA", RAM), ("DRUHZVIRETE", "OVC"), ("POHLAVI", "Samec"), ("PLEMENO", "SF")]
    ]
    (imported,) = told(here, "Zaklad", tags=("SK000012345678",))
    assert [name for name, _ in imported[3:]] == ["DATUMNAROZENI", "DUVODZAVEDENI"]


def test_reports_with_what_was_taken_back(here: Premises) -> None:
    here.register().record(Movement(EWE, 97, "2025-04-10", HOME))
    ((_, _, _, *reports),) = told(here, "Hlaseni")
    assert reports[0] == ("HLASENI", BIRTH)
    assert reports[1][1][2] == ("PROVOZOVNA", OTHER)
    assert [dict(report)["KODPOHYBU"] for _, report in reports] == ["21", "70", "30", "97"]
    (imported,) = told(here, "Hlaseni", tags=("SK000012345678",))
    assert ("ZEME", "SK") in imported[-1][1]


def test_places(here: Premises) -> None:
    ((_, _, _, *places),) = told(here, "Polohy", "PolohyStaje")
    since, until = ("DATUMOD", "2023-03-14T00:00:00"), ("DATUMDO", "2025-04-10T00:00:00")
    there = ("DATUMOD", "2025-04-10T00:00:00")
    assert places == [
        ("POLOHY", [("PROVOZOVNA", HOME), since, until]),
        ("POLOHY", [("PROVOZOVNA", OTHER), there]),
        ("POLOHYSTAJE", [("PROVOZOVNA", HOME), ("STAJ", "01"), since, until]),
    ]


def test_offspring_of_dam_and_sire(here: Premises) -> None:
    lamb = [
        ("USNIZNAMKA", LAMB),
        ("DRUHZVIRETE", "OVC"),
        ("POHLAVI", "Nezname"),
        ("DATUMNAROZENI", "2025-02-20T00:00:00"),
    ]
    for parent in (EWE, RAM):
        ((*_, child),) = told(here, "Potomci", tags=(parent,))
        assert child == ("POTOMCI", lamb)
    ((*_, last),) = told(here, "Potomci", tags=(LAMB,))
    assert last == ("POHLAVI", "Nezname")


def test_kinds_come_in_the_order_of_the_schema(here: Premises) -> None:
    kinds = ("PrirozenaPlemenitba", "Potomci", "PolohyStaje", "Polohy", "SystemChovu", "Hlaseni")
    (found,) = told(here, *kinds, "Zaklad", "Zmetani")
    names = list(dict.fromkeys(name for name, _ in found))
    assert names[-4:] == ["HLASENI", "POLOHY", "POLOHYSTAJE", "POTOMCI"]


def test_animals_in_the_order_asked_and_unknown_ones_left_out(here: Premises) -> None:
    tags = (RAM, "CZ0000099999999", "CZ000012345126", RAM)
    found = told(here, "Zaklad", tags=tags)
    assert [dict(each)["USNIZNAMKA"] for each in found] == [RAM, EWE, RAM]
    assert told(here, "Zaklad", tags=(COW,)) == []
    assert len(told(here, "Zaklad", tags=(COW,), species="TUR")) == 1
    assert told(here, "Zaklad", tags=()) == []


def test_the_record_of_an_old_tag_has_no_events(here: Premises) -> None:
    (old,) = told(here, "Zaklad", "Hlaseni", "Polohy", tags=(OLD,))
    assert old[-1][0] == "DUVODZAVEDENI"
    (new,) = told(here, "Hlaseni", tags=(NEW,))
    assert new[-1][0] == "HLASENI"


def life(*events: tuple[int, str, str, str]) -> list[Movement]:
    """Events as code, day, holding and stable."""
    return [Movement(EWE, code, day, holding, stable) for code, day, holding, stable in events]


@pytest.mark.parametrize(
    ("events", "stables", "expected"),
    [
        ([], False, []),
        ([(21, "1", "A", "")], False, [Stay("A", "", "1", "")]),
        ([(21, "1", "A", ""), (50, "2", "A", "")], False, [Stay("A", "", "1", "2")]),
        # moved to another stable of the same holding
        ([(21, "1", "A", "01"), (30, "2", "A", "02")], False, [Stay("A", "", "1", "")]),
        (
            [(21, "1", "A", "01"), (30, "2", "A", "02")],
            True,
            [Stay("A", "01", "1", "2"), Stay("A", "02", "2", "")],
        ),
        # on the way for two days
        (
            [(21, "1", "A", ""), (70, "2", "A", ""), (30, "4", "B", "")],
            False,
            [Stay("A", "", "1", "2"), Stay("B", "", "4", "")],
        ),
        # never left, as it turned out
        (
            [(21, "1", "A", ""), (70, "2", "A", ""), (97, "2", "A", "")],
            False,
            [Stay("A", "", "1", "")],
        ),
        ([(50, "1", "A", "")], False, []),
    ],
)
def test_stays(events: list[Any], stables: bool, expected: list[Stay]) -> None:
    assert list(stays_of(life(*events), stables=stables)) == expected
