"""The worlds that ship: what can be met in them, through the services themselves."""

from collections.abc import Iterator

import pytest

from podatelna.app import build_agencies
from podatelna.izr.credentials import Credentials
from podatelna.izr.history import position
from podatelna.izr.model import ENVIRONMENTS, PRODUCTION, TEST, Tree
from podatelna.izr.register import HoldingSearch
from podatelna.kernel.world import load_world
from tests.izr.answers import refused, result_of
from tests.izr.desks import codes_in, row
from tests.izr.houses import EWE, HOME, KEEPER, Premises, open_premises, shipped_world

ODH = "IZR_ODH01B"


@pytest.fixture(scope="module")
def here() -> Iterator[Premises]:
    with open_premises(shipped_world()) as premises:
        yield premises


def move(
    tag: str = EWE, holding: str = HOME, species: str = "OVC", day: str = "2025-05-02", **about: str
) -> str:
    """A move to a temporary holding, to be verified, in the words of the hash vectors."""
    header = {"PROVOZOVNA": holding, "CISLOOP": "123456789"} | about
    elements = "".join(f"<{name}>{text}</{name}>" for name, text in header.items() if text)
    return (
        f"<JenOverit>true</JenOverit><HLASENI>{elements}"
        f"<ZVIRATA>{row(tag, day, species)}</ZVIRATA></HLASENI>"
    )


def test_the_hash_vectors_verify(here: Premises) -> None:
    address = {"ULICE": "Hlavní", "CISLO": "1", "OBEC": "Mělník", "PSC": "27601"}
    for payload in (move(), move(**address)):
        result: Tree | str = result_of(ODH, here.ask(ODH, payload))
        assert result == "true"
    for environment in ENVIRONMENTS:
        known = Credentials(here.transaction, environment)
        account = known.account("99sandbox")
        assert account
        assert account.password == "Sandbox0Key0Example1"
        assert known.subjects("99sandbox") == {KEEPER}


@pytest.mark.parametrize(
    ("payload", "codes"),
    [
        (move(CISLOOP=""), ["70"]),
        (move(ULICE="Hlavní", CISLO="99"), ["71"]),
        (move("CZ0000020010166", "12345680", "KOZ"), ["99"]),
        (move("CZ0000012372126", "12345681"), ["02"]),
        (move("CZ0000012373126", "12345682"), ["02"]),
        (move("CZ12345"), ["04"]),
        (move("CZ0000099999999"), ["07"]),
        (move("CZ0000012380126"), ["07"]),
        (move("CZ0000012382126"), ["07"]),
        (move("CZ0000012383126"), ["08"]),
        (move("CZ0000012384126"), ["08"]),
        (move("CZ0000012385126"), ["08"]),
        (move("CZ0000012386126"), ["08"]),
        (move("CZ0000012387126"), ["08"]),
        (move("CZ0000012388126"), ["08"]),
        (move("CZ0000012389126"), ["08"]),
        (move("CZ0000012390126"), ["08"]),
        (move("CZ0000054321106", day="2025-04-27"), ["08"]),
        (move("CZ0000054322106"), ["21"]),
        (move("CZ0000054323106"), ["18"]),
        (move("CZ0000060001146", species="KOZ"), ["18"]),
    ],
)
def test_every_validation_error_can_be_met(here: Premises, payload: str, codes: list[str]) -> None:
    assert codes_in(here.ask(ODH, payload)) == codes


@pytest.mark.parametrize(
    ("payload", "subject", "key"),
    [
        (move(), "1000000003", "subject_not_found"),
        (move(), "1000000099", "subject_not_found"),
        (move(holding="1234567"), KEEPER, "holding_number_length"),
        (move(holding="99999999"), KEEPER, "holding_unknown"),
        (move(holding="23456789"), KEEPER, "holding_not_owned"),
        (move("CZ000012345962", species="TUR"), KEEPER, "species_not_allowed"),
    ],
)
def test_every_state_can_be_met(here: Premises, payload: str, subject: str, key: str) -> None:
    assert refused(here.ask(ODH, payload, subject))[0] == key


def test_all_others_can_leave(here: Premises) -> None:
    """Sheep and goats of the keeper that nothing is said about in the file."""
    for holding in (HOME, "12345679"):
        for animal, _ in here.register().animals_on(holding):
            if animal.species in ("OVC", "KOZ") and animal.tag not in (
                "CZ0000012382126",
                "CZ0000012389126",
            ):
                payload = move(animal.tag, holding, animal.species)
                assert result_of(ODH, here.ask(ODH, payload)) == "true", animal


def test_who_asks_is_told_something(here: Premises) -> None:
    orders = result_of("IZR_OUZ01A", here.ask("IZR_OUZ01A", f"<Provozovna>{HOME}</Provozovna>"))
    assert [name for name, _ in orders] == ["Provozovna", "DruhZvirete", "DruhZvirete"]
    interval = "<DATUMOD>2025-04-01T00:00:00</DATUMOD><DATUMDO>2025-05-31T00:00:00</DATUMDO>"
    asked = f"<PROVOZOVNA>{HOME}</PROVOZOVNA><DRUH>OVC</DRUH>{interval}<GETDATA>true</GETDATA>"
    log = result_of("IZR_CHIZZ01B", here.ask("IZR_CHIZZ01B", asked))
    assert "72" in str(log)
    kept = result_of("IZR_GAZ01B", here.ask("IZR_GAZ01B", "<GETDATA>true</GETDATA>"))
    assert [inside[0][1] for _, inside in kept] == [f"1234567{end}" for end in "89"] + [
        f"1234568{end}" for end in "012"
    ]
    for kind in "HOASJLU":
        types = f"<STAVPROVOZOVNY>X</STAVPROVOZOVNY><TYPPROVOZOVNY>{kind}</TYPPROVOZOVNY>"
        assert result_of("IZR_PRO01B", here.ask("IZR_PRO01B", types))


def test_animals_are_told_in_detail(here: Premises) -> None:
    kinds = "".join(
        f"<TYPDATA><TYP>{kind}</TYP></TYPDATA>"
        for kind in ("Zaklad", "Hlaseni", "Polohy", "PolohyStaje", "Potomci")
    )
    for animal, _ in here.register().animals_on(HOME):
        if animal.species != "BEZ":
            asked = (
                f"<USNIZNAMKY><USNIZNAMKA>{animal.tag}</USNIZNAMKA>"
                f"<DRUHZVIRETE>{animal.species}</DRUHZVIRETE></USNIZNAMKY>"
            )
            (found,) = result_of("IZR_ZVI01A", here.ask("IZR_ZVI01A", kinds + asked))
            assert {"HLASENI", "POLOHY"} <= {name for name, _ in found[1]}


def test_the_test_environment_begins_with_the_same_rows(here: Premises) -> None:
    real, test = (here.register(name) for name in (PRODUCTION, TEST))
    assert real.subjects() == test.subjects()
    assert real.holdings(HoldingSearch()) == test.holdings(HoldingSearch())
    assert real.animals_on(HOME) == test.animals_on(HOME)


def test_positions_are_those_that_movements_lead_to(here: Premises) -> None:
    register = here.register()
    for found in here.call("GET", "animals"):
        place = position(register.movements(found["tag"]))
        assert (found["holding"], found["stable"], found["since"]) == (
            place.holding,
            place.stable,
            place.since,
        )


def test_the_worlds_can_be_read() -> None:
    agencies = build_agencies()
    for name in ("default", "izr-large"):
        assert load_world(name, agencies).data["izr"]


def test_the_large_world() -> None:
    part = shipped_world("izr-large")
    part[PRODUCTION]["generate"] |= {"animals": 700, "holdings": 20, "at_first": 600}
    with open_premises(part) as large:
        rows = [animal.tag for animal, _ in large.register().animals_on(HOME)]
        assert len(rows) == 600
        for payload in (move(), move(rows[-1])):
            assert result_of(ODH, large.ask(ODH, payload)) == "true"
