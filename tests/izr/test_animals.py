"""IZR_GAZ01B: the animals that a keeper has."""

from collections.abc import Iterator
from typing import Any

import pytest

from podatelna.izr.model import Movement
from tests.izr.answers import refused, result_of
from tests.izr.houses import (
    EWE,
    HOLDINGS,
    HOME,
    KEEPER,
    NEIGHBOUR,
    OTHER,
    Premises,
    open_premises,
    row,
    world,
)

GAZ = "IZR_GAZ01B"
SECOND = "12345679"
RAM, GOAT, COW = "CZ0000012347126", "CZ0000020001166", "CZ000012345962"
ANIMALS = [
    row(stable="02", breed="SF", dam="CZ0000012346126", sire=RAM),
    row(RAM, sex="M", stable="01"),
    row(GOAT, species="KOZ", stable="02"),
    row(COW, species="TUR"),
    row("CZ0000054323106", birth_holding=OTHER),
]


@pytest.fixture
def here() -> Iterator[Premises]:
    more = {"number": SECOND, "subject": KEEPER, "name": "Salaš"}
    with open_premises(world(*ANIMALS, holdings=[*HOLDINGS, more])) as premises:
        yield premises


def asked(get: str = "true", **elements: str) -> str:
    """Elements in the order of the schema; PROVOZOVNA and DRUH stand before GETDATA."""
    before = {
        name: elements.pop(name) for name in ("SZRID", "PROVOZOVNA", "DRUH") if name in elements
    }
    given = before | {"GETDATA": get} | elements
    return "".join(f"<{name}>{text}</{name}>" for name, text in given.items())


def outline(result: Any) -> Any:
    """Holdings, stables, species and tags."""
    return [
        (holding[0][1], [_stable(inside) for _, inside in holding[1:]]) for _, holding in result
    ]


def _stable(children: Any) -> Any:
    number = "".join(text for name, text in children if name == "CISLO")
    species = [inside for name, inside in children if name == "DRUH"]
    return (
        number,
        [(each[0][1], [animal[0][1] for _, animal in each[1:]]) for each in species],
    )


AT_HOME = (
    HOME,
    [
        ("", [("TUR", [COW])]),
        ("01", [("OVC", [RAM])]),
        ("02", [("KOZ", [GOAT]), ("OVC", [EWE])]),
    ],
)


def test_animals_by_holding_stable_and_species(here: Premises) -> None:
    assert outline(result_of(GAZ, here.ask(GAZ, asked()))) == [AT_HOME, (SECOND, [])]
    assert outline(result_of(GAZ, here.ask(GAZ, asked(PROVOZOVNA=HOME)))) == [AT_HOME]
    found = result_of(GAZ, here.ask(GAZ, asked(PROVOZOVNA=HOME, DRUH="KOZ")))
    assert outline(found) == [(HOME, [("02", [("KOZ", [GOAT])])])]
    assert outline(result_of(GAZ, here.ask(GAZ, asked(PROVOZOVNA=SECOND)))) == [(SECOND, [])]


def test_all_that_is_told_of_an_animal(here: Premises) -> None:
    ((_, holding),) = result_of(GAZ, here.ask(GAZ, asked(PROVOZOVNA=HOME, DRUH="OVC")))
    stables = [inside for _, inside in holding[1:]]
    ram, ewe = (stable[-1][1][-1] for stable in stables)
    assert ewe == (
        "ZVIRE",
        [
            ("USNIZNAMKA", EWE),
            ("POHLAVI", "F"),
            ("PLEMENO", "SF"),
            ("HOSPODARSTVINAROZENI", HOME),
            ("DUVODZAVEDENI", "21"),
            ("DOJENYSTATUT", "X"),
            ("CISLOMATKY", "CZ0000012346126"),
            ("CISLOOTCE", RAM),
        ],
    )
    told = ["USNIZNAMKA", "POHLAVI", "HOSPODARSTVINAROZENI", "DUVODZAVEDENI", "DOJENYSTATUT"]
    assert [name for name, _ in ram[1]] == told
    assert dict(ram[1])["DUVODZAVEDENI"] == "22"


def test_a_day_in_the_past(here: Premises) -> None:
    register = here.register()
    register.record(Movement(EWE, 70, "2025-04-10", HOME, other=OTHER))
    now = result_of(GAZ, here.ask(GAZ, asked(PROVOZOVNA=HOME, DRUH="OVC")))
    assert outline(now) == [(HOME, [("01", [("OVC", [RAM])])])]
    for day, there in (("2025-04-10", False), ("2025-04-09", True), ("2023-03-13", False)):
        payload = asked(PROVOZOVNA=HOME, DRUH="OVC", DATUM=f"{day}T00:00:00")
        assert (EWE in str(result_of(GAZ, here.ask(GAZ, payload)))) is there
    # Half past eleven at night in Greenwich is the next day in Prague.
    payload = asked(PROVOZOVNA=HOME, DATUM="2025-04-09T23:30:00Z")
    assert EWE not in str(result_of(GAZ, here.ask(GAZ, payload)))


def changed(here: Premises, subject: str = KEEPER, **elements: str) -> str:
    """DATZMENY; "" if there is none."""
    result = result_of(GAZ, here.ask(GAZ, asked("false", **elements), subject))
    return dict(result).get("DATZMENY", "")


def test_before_any_report_the_last_change_is_the_day_of_the_last_event(here: Premises) -> None:
    assert changed(here) == changed(here, PROVOZOVNA=HOME) == "2023-03-14T00:00:00"
    assert changed(here, PROVOZOVNA=SECOND) == ""
    assert result_of(GAZ, here.ask(GAZ, asked("0", PROVOZOVNA=SECOND))) == []


def test_the_last_change_is_when_the_register_learned_of_it(here: Premises) -> None:
    report = (
        f"<ZasilaneHlaseni><Provozovna>{HOME}</Provozovna><Hlaseni><KodPohybu>50</KodPohybu>"
        f"<Datum>2025-04-20T00:00:00</Datum><UsniZnamka>{EWE}</UsniZnamka></Hlaseni>"
        "</ZasilaneHlaseni><JenOverit>false</JenOverit>"
    )
    result_of("IZR_OZO01A", here.ask("IZR_OZO01A", report))
    assert changed(here, PROVOZOVNA=HOME) == "2025-05-02T08:00:00"
    assert changed(here, NEIGHBOUR) == "2023-03-14T00:00:00"
    here.now = "2025-05-03 06:00:00"
    assert changed(here) == "2025-05-02T08:00:00"


def test_a_neighbour_who_takes_an_animal_changes_both(here: Premises) -> None:
    here.call("POST", "movements", tag=EWE, code=30, day="2025-04-20", holding=OTHER, other=HOME)
    assert changed(here, PROVOZOVNA=HOME) == changed(here, NEIGHBOUR) == "2025-05-02T08:00:00"
    here.now = "2025-05-03 06:00:00"
    here.call("PUT", "animals", tag=RAM, breed="T")
    assert changed(here) == "2025-05-03T08:00:00"
    assert changed(here, NEIGHBOUR) == "2025-05-02T08:00:00"


def test_the_subject_is_that_of_the_header(here: Premises) -> None:
    payload = asked(SZRID=KEEPER, KATEGORIEAEO="true")
    assert outline(result_of(GAZ, here.ask(GAZ, payload, NEIGHBOUR))) == [
        (OTHER, [("", [("OVC", ["CZ0000054323106"])])])
    ]


@pytest.mark.parametrize(
    ("payload", "subject", "expected"),
    [
        (asked(), "1000000099", ("subject_not_found", "Subject/@subjectID", "1000000099")),
        (asked(), "1000000008", ("subject_not_found", "Subject/@subjectID", "1000000008")),
        (asked(PROVOZOVNA="1"), KEEPER, ("holding_number_length", "PROVOZOVNA", "1")),
        (asked(PROVOZOVNA="99999999"), KEEPER, ("holding_unknown", "PROVOZOVNA", "99999999")),
        (asked(PROVOZOVNA=OTHER), KEEPER, ("holding_not_owned", "PROVOZOVNA", OTHER)),
        (asked("maybe"), KEEPER, ("request_not_valid", "GETDATA", "maybe")),
        (asked(DATUM="soon"), KEEPER, ("request_not_valid", "DATUM", "soon")),
    ],
)
def test_what_is_refused(
    here: Premises, payload: str, subject: str, expected: tuple[str, str, str]
) -> None:
    assert refused(here.ask(GAZ, payload, subject)) == expected
