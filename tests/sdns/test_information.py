"""Queries for the methodology: their lists as a whole, and those of the contract's methodology."""

from collections.abc import Iterator

import pytest

from podatelna.sdns.descriptions import area_dimensions
from podatelna.sdns.methodology import Methodology
from podatelna.sdns.nodes import document
from podatelna.sdns.semantics import AreaDimension, DataType
from tests.sdns.asking import CONTRACT, NEW, NOTHING, OLD, Answer, Bank, bank

BOTH = {"Metodika": NEW, "DatovySoubor": "MOKAS42"}


@pytest.fixture
def house() -> Iterator[Bank]:
    with bank() as opened:
        yield opened


def lines(answer: Answer) -> list[str]:
    """The lines of the result, without the blanks in front."""
    written = answer.data.decode().splitlines()
    start, end = written.index("    </Dotaz>"), written.index("    <ErrorLog>")
    return [line.strip() for line in written[start + 1 : end]]


def compact(answer: Answer) -> str:
    return "".join(lines(answer))


def test_methodologies(house: Bank) -> None:
    assert compact(house.ask("METODIKY_SEZNAM", {})) == (
        "<MetodikySeznam>"
        "<Metodika><Kod>MKT20071101.01</Kod><KodFO>MKT</KodFO>"
        "<PlanOd>01.11.2007</PlanOd><PlanDo>31.12.2012</PlanDo></Metodika>"
        "<Metodika><Kod>MKT20130101.01</Kod><KodFO>MKT</KodFO>"
        "<PlanOd>01.01.2013</PlanOd><PlanDo/></Metodika>"
        "</MetodikySeznam>"
    )


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"FunkcniOblast": "MKT"}, [OLD, NEW]),
        ({"FunkcniOblast": "", "PlatnostKe": ""}, [OLD, NEW]),
        ({"PlatnostKe": "31.12.2012"}, [OLD]),
        ({"PlatnostKe": "01.01.2013"}, [NEW]),
    ],
)
def test_methodologies_that_are_asked_for(
    house: Bank, asked: dict[str, str], found: list[str]
) -> None:
    assert house.ask("METODIKY_SEZNAM", asked).texts("*/e:Kod") == found


@pytest.mark.parametrize("asked", [{"FunkcniOblast": "POJ"}, {"PlatnostKe": "31.10.2007"}])
def test_no_methodology(house: Bank, asked: dict[str, str]) -> None:
    assert house.ask("METODIKY_SEZNAM", asked).log == NOTHING


def test_data_sets(house: Bank) -> None:
    head = "<Metodika><Kod>MKT20130101.01</Kod></Metodika>"
    assert compact(house.ask("DATOVE_SOUBORY_SEZNAM", {"Metodika": NEW})) == (
        f"<DatoveSouborySeznam>{head}<DatovySoubor><Kod>MOKAS42</Kod><Verze>4</Verze>"
        "<Varianta>0</Varianta><Nazev>Výkaz MOKAS42</Nazev><Popis>Deník</Popis>"
        "<IndZmeny>Z</IndZmeny></DatovySoubor>"
        f"{head}<DatovySoubor><Kod>MOKAS40</Kod><Verze>3</Verze>"
        "<Varianta>0</Varianta><Nazev>Výkaz MOKAS40</Nazev>"
        "<IndZmeny>N</IndZmeny></DatovySoubor></DatoveSouborySeznam>"
    )


def test_the_content_of_a_data_set(house: Bank) -> None:
    answer = house.ask("DATOVE_SOUBORY_OBSAH", BOTH)
    entry = (
        "<Metodika><Kod>MKT20130101.01</Kod></Metodika><DatovySoubor><Kod>MOKAS42</Kod>"
        "</DatovySoubor><DatovaOblast><Kod>MOKA42_11</Kod><Nazev>Obchody</Nazev>"
        "<Popis>Obchody deníku</Popis><IndZmeny/></DatovaOblast>"
    )
    (first,) = answer.texts("e:Udaj[1]/e:IID")

    assert compact(answer).startswith(
        f"<DatoveSouboryObsah>{entry}<Udaj><IID>{first}</IID><IndZmeny/><Radek>1</Radek>"
        "<Sloupec>1</Sloupec><Souctovy>N</Souctovy><Dynamicky>A</Dynamicky>"
        f'<DatovyTyp Datatyp="String"/></Udaj>{entry}'
    )
    assert '<DatovyTyp Datatyp="Date" Maska="YYYY-MM-DD"/>' in lines(answer)
    assert answer.texts("e:DatovaOblast/e:IndZmeny") == ["", "", "", "N", "N"]
    assert answer.texts("//e:Souctovy") == ["N", "N", "A", "N", "N"]
    assert answer.texts("//e:Dynamicky") == ["A", "A", "A", "N", "N"]
    assert answer.texts("//e:Radek") == ["1", "1", "1", "1", "3"]
    assert answer.texts("//e:Sloupec") == ["1", "8", "22", "1", "1"]
    assert len(set(answer.texts("//e:IID"))) == 5


@pytest.mark.parametrize(("told", "count"), [("A", 2), ("N", 0), ("", 0)])
def test_meanings_are_told_when_they_are_asked_for(house: Bank, told: str, count: int) -> None:
    answer = house.ask("DATOVE_SOUBORY_OBSAH", BOTH, SemantickyPopis=told)

    assert lines(answer).count("<SemantickyPopis>") == count


def test_a_meaning(house: Bank) -> None:
    answer = house.ask("DATOVE_SOUBORY_OBSAH", BOTH, SemantickyPopis="A")

    assert (
        '<SemantickyPopis><Parametr Hodnota="ENB0001" Kod="IP"/>'
        '<Parametr Hodnota="S_BCPZB" Kod="P0046"/></SemantickyPopis>'
    ) in compact(answer)


def test_dimensions(house: Bank) -> None:
    head = "<Metodika><Kod>MKT20071101.01</Kod></Metodika>"
    assert compact(house.ask("DIMENZE_SEZNAM", {"Metodika": OLD})) == (
        f"<DimenzeSeznam>{head}<Dimenze><Kod>IP</Kod><Nazev>IP</Nazev>"
        "<Popis>Informační prvek</Popis><Dynamicka>N</Dynamicka></Dimenze>"
        f"{head}<Dimenze><Kod>P0002</Kod><Nazev>Subjekt</Nazev><Dynamicka>A</Dynamicka>"
        "</Dimenze></DimenzeSeznam>"
    )
    one = house.ask("DIMENZE_SEZNAM", {"Metodika": OLD, "Dimenze": "P0002"})
    assert one.texts("e:Dimenze/e:Kod") == ["P0002"]


@pytest.mark.parametrize(
    ("dimension", "value"),
    [
        (
            "IP",
            "<InformacniPrvek><Kod>ENB0001</Kod><Nazev>Den</Nazev><IndZmeny/></InformacniPrvek>",
        ),
        (
            "P0046",
            "<PolozkaCiselniku><Kod>S</Kod><Nazev>Celek</Nazev><Popis>x</Popis><IndZmeny/>"
            "<ElementarniPolozka>A</ElementarniPolozka><ElementarniPolozka>B</ElementarniPolozka>"
            "</PolozkaCiselniku>",
        ),
        (
            "P0053",
            "<DomenaNadDT><Kod>D_DATUM</Kod><Nazev>Datum</Nazev><IndZmeny/></DomenaNadDT>",
        ),
    ],
)
def test_values_of_dimensions(house: Bank, dimension: str, value: str) -> None:
    answer = house.ask("DIMENZE_OBSAH", {"Metodika": NEW, "Dimenze": dimension})

    assert compact(answer) == (
        "<DimenzeObsah><Metodika><Kod>MKT20130101.01</Kod></Metodika>"
        f"<Dimenze><Kod>{dimension}</Kod></Dimenze>"
        f"<HodnotaDimenze>{value}</HodnotaDimenze></DimenzeObsah>"
    )


def test_dimensions_of_an_area(house: Bank) -> None:
    answer = house.ask("DATOVA_OBLAST_DIMENZE", {"Metodika": NEW, "DatovaOblast": "MOKA42_11"})

    assert compact(answer).startswith(
        "<DatovaOblastDimenze><Metodika><Kod>MKT20130101.01</Kod></Metodika>"
        "<DatovaOblast><Kod>MOKA42_11</Kod></DatovaOblast>"
        "<Dimenze><Kod>P0002</Kod><TypDimenze>D</TypDimenze>"
        "<HodnotaDimenze>D_SUBJEKT</HodnotaDimenze><IndSouctova>N</IndSouctova>"
        '<DatovyTyp Datatyp="String" Delka="16"/></Dimenze>'
    )
    assert answer.texts("e:Dimenze/e:Kod") == ["P0002", "P0046", "P0053", "IP", "IP"]
    assert answer.texts("//e:TypDimenze") == ["D", "K", "D", "S", "S"]
    assert answer.texts("//e:HodnotaDimenze") == [
        "D_SUBJEKT",
        "S_BCPZB",
        "D_DATUM",
        "ENB0001",
        "ENB0002",
    ]
    assert answer.texts("//e:IndSouctova") == ["N", "N", "N", "N", "A"]


def test_a_data_type_with_all_that_it_can_have() -> None:
    told = DataType("Number", 10, "9", decimals=0, least="0", most="9")
    node = area_dimensions(NEW, "A", [AreaDimension("P1", "D", "X", type=told)])

    assert (
        b'<DatovyTyp Datatyp="Number" Delka="10" Desetiny="0" DolniMez="0" HorniMez="9" Maska="9"/>'
    ) in document(node)


def test_accounts(house: Bank) -> None:
    head = (
        "<Metodika><Kod>MKT20130101.01</Kod></Metodika>"
        "<InformacniPrvek><Kod>ENB0002</Kod></InformacniPrvek>"
    )
    assert compact(house.ask("UCETNICTVI", {"Metodika": NEW})) == (
        f'<Ucetnictvi>{head}<VazbaNaUcet Cast="C" Kod="211" TypVazby="KDO"/>'
        f'{head}<VazbaNaUcet Cast="A" Kod="221" Operator="M" TypVazby="DZ" Vyberove="V"/>'
        "</Ucetnictvi>"
    )


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("DATOVE_SOUBORY_SEZNAM", {"Metodika": "MKT20130101.02"}),
        ("DATOVE_SOUBORY_SEZNAM", {"Metodika": "mkt20130101.01"}),
        ("DATOVE_SOUBORY_OBSAH", {**BOTH, "Metodika": "X"}),
        ("DATOVE_SOUBORY_OBSAH", {**BOTH, "DatovySoubor": "MOKAS42.04.00"}),
        ("DATOVE_SOUBORY_OBSAH", {"Metodika": OLD, "DatovySoubor": "MOKAS40"}),
        ("DIMENZE_SEZNAM", {"Metodika": "X"}),
        ("DIMENZE_SEZNAM", {"Metodika": NEW, "Dimenze": "P9999"}),
        ("DIMENZE_OBSAH", {"Metodika": NEW, "Dimenze": "P0002"}),
        ("DIMENZE_OBSAH", {"Metodika": "X", "Dimenze": "IP"}),
        ("DATOVA_OBLAST_DIMENZE", {"Metodika": NEW, "DatovaOblast": "MOKA40_11"}),
        ("DATOVA_OBLAST_DIMENZE", {"Metodika": OLD, "DatovaOblast": "MOKA42_12"}),
        ("UCETNICTVI", {"Metodika": "X"}),
    ],
)
def test_nothing_is_found(house: Bank, query: str, asked: dict[str, str]) -> None:
    assert house.ask(query, asked).log == NOTHING
    assert house.told == [("nothing_found", "", "")]


@pytest.mark.parametrize(
    ("query", "asked", "missing"),
    [
        ("DATOVE_SOUBORY_SEZNAM", {}, "Metodika"),
        ("DATOVE_SOUBORY_OBSAH", {"Metodika": NEW}, "DatovySoubor"),
        ("DIMENZE_OBSAH", {"Metodika": NEW}, "Dimenze"),
        ("DATOVA_OBLAST_DIMENZE", {"Metodika": NEW}, "DatovaOblast"),
        ("UCETNICTVI", {"Metodika": ""}, "Metodika"),
    ],
)
def test_what_must_be_asked(house: Bank, query: str, asked: dict[str, str], missing: str) -> None:
    assert house.ask(query, asked).log == (
        "ERROR",
        "query.MissingParameter",
        f"Chybí povinný parametr {missing}",
    )


def test_without_methodologies_there_is_nothing(house: Bank) -> None:
    house.methodology = Methodology({})

    assert house.ask("METODIKY_SEZNAM", {}).log == NOTHING


def test_everything_of_the_contract_is_valid(house: Bank) -> None:
    """Each answer is validated by the schema as it is read."""
    house.methodology = known = Methodology.of(CONTRACT)
    editions = house.ask("METODIKY_SEZNAM", {}).texts("*/e:Kod")
    assert editions == list(known.editions)
    for edition in editions:
        asked = {"Metodika": edition}
        sets = house.ask("DATOVE_SOUBORY_SEZNAM", asked).texts("e:DatovySoubor/e:Kod")
        assert sets
        for code in sets:
            content = house.ask(
                "DATOVE_SOUBORY_OBSAH", asked, DatovySoubor=code, SemantickyPopis="A"
            )
            for area in set(content.texts("e:DatovaOblast/e:Kod")):
                assert house.ask("DATOVA_OBLAST_DIMENZE", asked, DatovaOblast=area).found.tag
        for dimension in house.ask("DIMENZE_SEZNAM", asked).texts("e:Dimenze/e:Kod"):
            house.ask("DIMENZE_OBSAH", asked, Dimenze=dimension)
        assert house.ask("UCETNICTVI", asked).found.tag
