"""Names of payloads: capitals, other names and places, namespaces."""

import pytest
from lxml import etree

from podatelna.izr.names import NotFitting, Shape, read_shape, rename
from podatelna.kernel.contract import Contract
from podatelna.kernel.reading import Element
from tests.izr.messages import MOVE

CONTRACT = Contract("izr")
SERVICES = [row["code"] for row in CONTRACT.codelist("services")]
NAMESPACE = "urn:of-the-caller"
ANIMAL = (
    "<ZVIRE><USNIZNAMKA>{}</USNIZNAMKA><DRUH>OVC</DRUH><DATUMPREMISTENI>D</DATUMPREMISTENI></ZVIRE>"
)


def shape_of(service: str) -> Shape:
    rows = [row for row in CONTRACT.codelist("synonyms") if row["service"] == service]
    return read_shape(etree.fromstring(CONTRACT.text(f"payload/{service}.xsd").encode()), rows)


SHAPES = {service: shape_of(service) for service in SERVICES}


def renamed(
    payload: str, service: str = "IZR_ODH01B", namespace: str = NAMESPACE
) -> tuple[Element, list[str]]:
    root = etree.fromstring(f'<Request xmlns="{namespace}">{payload}</Request>')
    return root, rename(root, SHAPES[service])


def written(payload: str, service: str = "IZR_ODH01B") -> str:
    """The payload after it was renamed, without its root."""
    root, _ = renamed(payload, service)
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="unicode").partition(">")[2].removesuffix("</Request>")


def test_a_payload_that_has_the_right_names_loses_its_namespace() -> None:
    root, told = renamed(MOVE)
    assert told == []
    assert {each.tag.startswith("{") for each in root.iter()} == {False}
    assert written(MOVE) == MOVE


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_takes_its_names_in_any_capitals(service: str) -> None:
    def build(shape: Shape, letters: str) -> str:
        name = shape.name.swapcase() if letters == "other" else shape.name
        return (
            f"<{name}>{''.join(build(each, letters) for each in shape.children.values())}</{name}>"
        )

    plain, other = (
        "".join(build(each, letters) for each in SHAPES[service].children.values())
        for letters in ("plain", "other")
    )
    root, told = renamed(other, service)
    assert written(other, service) == written(plain, service)
    assert len(told) == len({each.tag for each in root.iter()} - {"Request"})
    assert all(" was read as " in each for each in told)


def test_names_of_the_sibling_service() -> None:
    """Sheep were reported by IZR_OZO01A before: its names and its order are taken, too."""
    sibling = (
        "<ZasilaneHlaseni><Provozovna>12345678</Provozovna>"
        "<Hlaseni><Datum>D</Datum><UsniZnamka>1</UsniZnamka><DruhZvirete>OVC</DruhZvirete></Hlaseni>"
        "<Hlaseni><UZ>2</UZ><DRUH>KOZ</DRUH><Datum>D</Datum></Hlaseni>"
        "<CisloOp>1</CisloOp></ZasilaneHlaseni><JenOverit>true</JenOverit>"
    )
    _, told = renamed(sibling)
    assert written(sibling) == (
        "<JenOverit>true</JenOverit><HLASENI><PROVOZOVNA>12345678</PROVOZOVNA><CISLOOP>1</CISLOOP>"
        "<ZVIRATA>"
        + ANIMAL.format(1)
        + ANIMAL.format(2).replace("OVC", "KOZ")
        + "</ZVIRATA></HLASENI>"
    )
    assert told == [
        "ZasilaneHlaseni was read as HLASENI",
        "Provozovna was read as PROVOZOVNA",
        "Hlaseni was read as ZVIRATA/ZVIRE",
        "CisloOp was read as CISLOOP",
        "Datum was read as DATUMPREMISTENI",
        "UsniZnamka was read as USNIZNAMKA",
        "DruhZvirete was read as DRUH",
        "UZ was read as USNIZNAMKA",
    ]


def test_animals_without_a_collection_around_them() -> None:
    loose = f"<HLASENI><PROVOZOVNA/>{ANIMAL.format(1)}{ANIMAL.format(2)}</HLASENI>"
    assert written(loose) == (
        f"<HLASENI><PROVOZOVNA/><ZVIRATA>{ANIMAL.format(1)}{ANIMAL.format(2)}</ZVIRATA></HLASENI>"
    )


def test_day_and_species_of_the_whole_report() -> None:
    """The nearest counts."""
    whole = (
        "<HLASENI><DRUH>KOZ</DRUH><ZVIRATA><ZVIRE><USNIZNAMKA>1</USNIZNAMKA></ZVIRE>"
        "<ZVIRE><USNIZNAMKA>2</USNIZNAMKA><DRUH>OVC</DRUH></ZVIRE></ZVIRATA>"
        "<DATUMPREMISTENI>D</DATUMPREMISTENI></HLASENI>"
    )
    assert written(whole) == (
        f"<HLASENI><ZVIRATA>{ANIMAL.format(1).replace('OVC', 'KOZ')}{ANIMAL.format(2)}</ZVIRATA>"
        "</HLASENI>"
    )


def test_the_order_of_who_has_the_right_names_is_left_alone() -> None:
    wrong = "<HLASENI><CISLOOP/><PROVOZOVNA/></HLASENI><JenOverit/>"
    assert written(wrong) == wrong


def test_unknown_elements_stay_where_they_are() -> None:
    root, told = renamed("<HLASENI><X><PROVOZOVNA/></X></HLASENI>")
    [unknown] = root[0]
    assert (unknown.tag, told) == ("X", [])


def test_a_payload_of_another_name_stays_as_it_is() -> None:
    root = etree.fromstring(f'<Response xmlns="{NAMESPACE}"><JenOverit/></Response>')
    assert rename(root, SHAPES["IZR_ODH01B"]) == []
    assert root.tag == f"{{{NAMESPACE}}}Response"


@pytest.mark.parametrize(
    ("payload", "name", "why"),
    [
        (
            '<JenOverit xmlns=""/>',
            "JenOverit",
            "It is in no namespace and its payload in urn:of-the",
        ),
        ('<x:EMAIL xmlns:x="urn:x"/>', "EMAIL", "It is in the namespace urn:x and its payload in"),
        ('<HLASENI><STAJ xmlns=""/></HLASENI>', "STAJ", "elements are qualified"),
        ('<EMAIL lang="cs"/>', "EMAIL", "The attribute 'lang' is not allowed"),
        ('<EMAIL xml:lang="cs"/>', "EMAIL", "The attribute .*lang' is not allowed"),
    ],
)
def test_elements_that_no_schema_would_have(payload: str, name: str, why: str) -> None:
    with pytest.raises(NotFitting, match=why) as caught:
        renamed(payload)
    assert etree.QName(caught.value.element).localname == name


def test_attributes_of_schemas_are_left_to_the_schema() -> None:
    nil = '<EMAIL xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>'
    root, _ = renamed(nil)
    assert len(root[0].attrib) == 1


def test_of_what_is_said_twice_of_the_report_the_first_counts() -> None:
    twice = "<HLASENI><DRUH>OVC</DRUH><DRUH>KOZ</DRUH><ZVIRATA><ZVIRE/></ZVIRATA></HLASENI>"
    expected = (
        "<HLASENI><ZVIRATA><ZVIRE><DRUH>OVC</DRUH></ZVIRE></ZVIRATA><DRUH>KOZ</DRUH></HLASENI>"
    )
    assert written(twice) == expected


def test_a_payload_without_any_namespace() -> None:
    root, told = renamed(MOVE, namespace="")
    assert (root.tag, told) == ("Request", [])
    with pytest.raises(NotFitting, match="the namespace urn:x and its payload in none"):
        renamed('<JenOverit xmlns="urn:x"/>', namespace="")
