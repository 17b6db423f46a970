"""IZR_OUZ01A: ordered ear tags, and how many of them are left."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.izr.answers import refused, result_of
from tests.izr.houses import HOME, KEEPER, MAKER, OTHER, Premises, open_premises, row, world

OUZ = "IZR_OUZ01A"
FIRST = {
    "holding": HOME,
    "species": "OVC",
    "received": "2025-01-15T10:12:00",
    "producer": MAKER,
    "sequence": 1,
    "first": "CZ0000012348126",
    "last": "CZ0000012369126",
    "sex": "F",
    "colour": "B",
    "note": "Náhradní",
}
ORDERS = [
    FIRST,
    {**FIRST, "first": "CZ0000012400126", "last": "CZ0000012419126", "sex": "M"},
    {
        **FIRST,
        "received": "2025-02-01T00:00:00",
        "sequence": 2,
        "first": "CZ0000013000126",
        "last": "CZ0000013000126",
        "note": "",
    },
    {**FIRST, "species": "TUR", "first": "CZ000012345962", "last": "CZ000012354962"},
    {**FIRST, "holding": OTHER, "first": "CZ0000099000106", "last": "CZ0000099009106"},
]


@pytest.fixture
def here() -> Iterator[Premises]:
    worn = [
        row("CZ0000012348126"),
        row("CZ0000012369126"),
        row("CZ0000012350106"),
        row("CZ0000012370126"),
    ]
    with open_premises(
        world(*worn, row("CZ000012345962", species="TUR"), orders=ORDERS)
    ) as premises:
        yield premises


def asked(holding: str = HOME, **elements: str) -> str:
    given = {"Provozovna": holding} | elements
    return "".join(f"<{name}>{text}</{name}>" for name, text in given.items())


def ordered(result: Any) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """Species, dates of orders, first tags of their rows."""
    return [
        (species[0][1], [(order[0][1][:10], _first_tags(order)) for _, order in species[1:]])
        for _, species in result[1:]
    ]


def _first_tags(order: Any) -> list[str]:
    return [dict(children)["UzOd"] for name, children in order if name == "Radky"]


SHEEP = (
    "OVC",
    [
        ("2025-01-15", ["CZ0000012348126", "CZ0000012400126"]),
        ("2025-02-01", ["CZ0000013000126"]),
    ],
)
CATTLE = ("TUR", [("2025-01-15", ["CZ000012345962"])])


def test_orders_by_species_with_their_rows(here: Premises) -> None:
    result = result_of(OUZ, here.ask(OUZ, asked()))
    assert result[0] == ("Provozovna", HOME)
    assert ordered(result) == [SHEEP, CATTLE]
    assert ordered(result_of(OUZ, here.ask(OUZ, asked(Druh="TUR")))) == [CATTLE]
    assert ordered(result_of(OUZ, here.ask(OUZ, asked(Druh="BEZ")))) == []


def test_all_that_is_told_of_an_order(here: Premises) -> None:
    ((_, order), (_, second)) = result_of(OUZ, here.ask(OUZ, asked(Druh="OVC")))[1][1][1:]
    assert order[:6] == [
        ("DatumPrijeti", "2025-01-15T10:12:00"),
        ("VyrobceSZRID", MAKER),
        ("Poradi", "1"),
        ("NazevSubjektu", "Výrobce"),
        ("Poznamka", "Náhradní"),
        (
            "Radky",
            [
                ("Pocet", "22"),
                ("UzOd", "CZ0000012348126"),
                ("UzDo", "CZ0000012369126"),
                # The tag between them with the code of another district is of another order.
                ("ZbyvaZnamek", "20"),
                ("Pohlavi", "F"),
                ("BarvaZnamky", "B"),
            ],
        ),
    ]
    assert "Poznamka" not in dict(second)
    assert dict(second[-1][1])["ZbyvaZnamek"] == "1"


def test_tags_of_cattle_are_counted_too(here: Premises) -> None:
    result = result_of(OUZ, here.ask(OUZ, asked(Druh="TUR")))
    rows = dict(result[1][1][1][1][-1][1])
    assert (rows["Pocet"], rows["ZbyvaZnamek"]) == ("10", "9")


def test_wasted_tags_do_not_remain() -> None:
    wasted = {**FIRST, "ordered": 22, "remaining": 3}
    with open_premises(world(orders=[wasted])) as here:
        result = result_of(OUZ, here.ask(OUZ, asked()))
        assert dict(result[1][1][1][1][-1][1])["ZbyvaZnamek"] == "3"


@pytest.mark.parametrize(
    ("interval", "found"),
    [
        ({"DatumOd": "2025-01-15T23:59:59"}, 2),
        ({"DatumOd": "2025-01-16T00:00:00"}, 1),
        ({"DatumDo": "2025-02-01T00:00:00"}, 2),
        ({"DatumDo": "2025-01-31T00:00:00"}, 1),
        ({"DatumDo": "2025-01-14T00:00:00"}, 0),
        ({"DatumOd": "2025-01-15T00:00:00", "DatumDo": "2025-01-15T00:00:00"}, 1),
        ({"DatumOd": "2025-02-01T00:00:00", "DatumDo": "2025-01-15T00:00:00"}, 0),
    ],
)
def test_intervals_of_days(here: Premises, interval: dict[str, str], found: int) -> None:
    result = result_of(OUZ, here.ask(OUZ, asked(Druh="OVC", **interval)))
    assert sum(len(orders) for _, orders in ordered(result)) == found


@pytest.mark.parametrize(
    ("payload", "subject", "expected"),
    [
        (asked(), "1000000099", ("subject_not_found", "Subject/@subjectID", "1000000099")),
        (asked("CZ12345678"), KEEPER, ("holding_number_length", "Provozovna", "CZ12345678")),
        (asked("99999999"), KEEPER, ("holding_unknown", "Provozovna", "99999999")),
        (asked(OTHER), KEEPER, ("holding_not_owned", "Provozovna", OTHER)),
        (asked(DatumDo="never"), KEEPER, ("request_not_valid", "DatumDo", "never")),
    ],
)
def test_what_is_refused(
    here: Premises, payload: str, subject: str, expected: tuple[str, str, str]
) -> None:
    assert refused(here.ask(OUZ, payload, subject)) == expected
