"""The table of services against the contract."""

from podatelna.izr.services import SERVICES
from tests.izr.answers import result_of
from tests.izr.contract import ACCESS, LISTS
from tests.izr.houses import HOME, Premises, open_premises, row, world

RESULTS = {row["code"]: row["result"] for row in LISTS["services"]}


def test_the_services_are_those_of_the_contract() -> None:
    assert {name: service.access for name, service in SERVICES.items()} == ACCESS
    assert list(SERVICES) == list(ACCESS)
    assert all(name == service.id for name, service in SERVICES.items())


def test_every_service_answers() -> None:
    """What each is asked for is the least that its schema allows."""
    day = "2025-05-02T00:00:00"
    report = (
        "<ZasilaneHlaseni><Provozovna>{holding}</Provozovna><Hlaseni><KodPohybu>50</KodPohybu>"
        f"<Datum>{day}</Datum><UsniZnamka>{{tag}}</UsniZnamka></Hlaseni></ZasilaneHlaseni>"
        "<JenOverit>true</JenOverit>"
    )
    asked = {
        "IZR_ODH01B": (
            f"<JenOverit>true</JenOverit><HLASENI><PROVOZOVNA>{HOME}</PROVOZOVNA><CISLOOP>1</CISLOOP>"
            "<ZVIRATA><ZVIRE><USNIZNAMKA>CZ0000012345126</USNIZNAMKA><DRUH>OVC</DRUH>"
            f"<DATUMPREMISTENI>{day}</DATUMPREMISTENI></ZVIRE></ZVIRATA></HLASENI>"
        ),
        "IZR_CHIZZ01B": (
            f"<DATUMOD>{day}</DATUMOD><DATUMDO>{day}</DATUMDO><GETDATA>true</GETDATA>"
        ),
        "IZR_OZO01A": report.format(holding=HOME, tag="CZ0000012345126"),
        "IZR_OZK01A": report.format(holding=HOME, tag="CZ0000020001166"),
        "IZR_GAZ01B": "<GETDATA>true</GETDATA>",
        "IZR_ZVI01A": (
            "<TYPDATA><TYP>Zaklad</TYP></TYPDATA><USNIZNAMKY><USNIZNAMKA>CZ0000012345126</USNIZNAMKA>"
            "<DRUHZVIRETE>OVC</DRUHZVIRETE></USNIZNAMKY>"
        ),
        "IZR_OUZ01A": f"<Provozovna>{HOME}</Provozovna>",
        "IZR_PRO01A": (
            "<GETDATA>true</GETDATA><STAVPROVOZOVNY>A</STAVPROVOZOVNY>"
            "<TYPPROVOZOVNY>H</TYPPROVOZOVNY>"
        ),
        "IZR_PRO01B": "<STAVPROVOZOVNY>A</STAVPROVOZOVNY><TYPPROVOZOVNY>H</TYPPROVOZOVNY>",
        "IZR_GCZ01A": "",
    }
    assert set(asked) == set(SERVICES)
    with open_premises(world(row(), row("CZ0000020001166", species="KOZ"))) as here:
        for name, payload in asked.items():
            _answers(here, name, payload)


def _answers(here: Premises, name: str, payload: str) -> None:
    answer = here.ask(name, payload)
    result_of(name, answer)
    assert isinstance(answer, list)
    assert [element for element, _ in answer] == [RESULTS[name]]
