"""The answers of EwiQueryWS to the byte, against the observed one and the manual's structure."""

from pathlib import Path

import pytest

from podatelna.sdns import parameters
from podatelna.sdns.model import FailedCheck, Trouble
from podatelna.sdns.nodes import Node, document
from podatelna.sdns.querying import perform_query
from podatelna.sdns.results import Asked, day_text, failure, success
from tests.sdns import asking
from tests.sdns.asking import CONTRACT, ISSUES, KEY, Bank, at, bank

GOLDEN = Path(__file__).parent / "golden"
OBSERVED_ERROR = """<?xml version="1.0" encoding="UTF-8"?>
<EwiWSResult xmlns="www.ewi.ws">
    <Dotaz>
        <DotazTyp>VYDANI_SEZNAM_JH</DotazTyp>
        <DotazParametr Hodnota="UZIV0001" Jmeno="Username"/>
        <DotazParametr Hodnota="S_BCPZB" Jmeno="RozsahV"/>
        <DotazParametr Hodnota="99990000" Jmeno="SubjektV"/>
        <DotazParametr Hodnota="A" Jmeno="Popis"/>
        <DotazParametr Hodnota="VSE" Jmeno="Rozsah"/>
        <DotazParametr Hodnota="20100531" Jmeno="ObdobiV"/>
        <DotazParametr Hodnota="***" Jmeno="Password"/>
        <DotazParametr Hodnota="MOKAS42.01.00" Jmeno="DatovySoubor"/>
    </Dotaz>
    <ErrorLog>
        <Status>ERROR</Status>
        <ErrorCode>sql.pcgcall.InternalProcedureError</ErrorCode>
        <ErrorText>Pro zadané vstupní parametry nebyla vybrána žádná data</ErrorText>
    </ErrorLog>
</EwiWSResult>
"""
"""The observed answer, as it came, with invented identifiers of equal length."""


@pytest.fixture
def house():
    with bank() as opened:
        yield opened


def test_the_observed_error(house: Bank) -> None:
    given = ISSUES | {"ObdobiV": "31.05.2010", "DatovySoubor": "MOKAS42.01.00"}
    answer = perform_query(house.desk(), "VYDANI_SEZNAM_JH", asking.document(given))

    assert answer == OBSERVED_ERROR.encode()
    assert len(answer) == 850  # the Content-Length of the part that it came in


def test_a_correction_is_required(house: Bank) -> None:
    key = asking.replace(KEY, test=True)
    check = FailedCheck(
        "MOKA42_11_001",
        "Formát údaje - Identifikace nástroje (ISIN)",
        "O",
        ("Řádek 1, sloupec 12: hodnota neodpovídá masce",),
    )
    occurrence = house.occur(key, 40, term=at(27, 23, 59))
    house.deliver(occurrence, "900002", 16, file="ws9990900002.xml", failed=(check,))

    assert house.issues().data == (GOLDEN / "performQuery-correction.xml").read_bytes()


def test_a_wrong_issue_and_a_valid_one(house: Bank) -> None:
    occurrence = house.occur(asking.replace(KEY, test=True), 50)
    house.deliver(occurrence, "900002", 61, since=at(21, 10, 40))
    house.deliver(occurrence, "900003", 51, accepted=at(21, 10, 38), since=at(21, 10, 40))

    assert house.issues().data == (GOLDEN / "performQuery-valid.xml").read_bytes()


def test_errors_of_processing_and_details(house: Bank) -> None:
    house.deliver(
        house.occur(state=40),
        "7",
        16,
        troubles=(Trouble("ZP-01", "Žádné záznamy"),),
        failed=(FailedCheck("K1", "První", "O", ("a", "b")), FailedCheck("K2", "Druhá", "P")),
    )
    lines = house.issues().data.decode().splitlines()
    start = lines.index("            <Druh>Odeslané</Druh>")

    assert lines[start + 1 : start + 8] == [
        '            <ChybaZpracovani Kod="ZP-01" Msg="Žádné záznamy"/>',
        '            <ChybnyKrokKontroly Druh="O" Kod="K1" Msg="První">',
        '                <DetailChyby Msg="a" Poradi="1"/>',
        '                <DetailChyby Msg="b" Poradi="2"/>',
        "            </ChybnyKrokKontroly>",
        '            <ChybnyKrokKontroly Druh="P" Kod="K2" Msg="Druhá"/>',
        "        </Vydani>",
    ]


def test_errors_without_their_texts(house: Bank) -> None:
    house.deliver(
        house.occur(state=40),
        "7",
        16,
        troubles=(Trouble("ZP-01", "Žádné záznamy"),),
        failed=(FailedCheck("K1", "První", "O", ("a", "b")),),
    )
    lines = house.issues(Popis="N").data.decode().splitlines()
    start = lines.index("            <Druh>Odeslané</Druh>")

    assert lines[start + 1 : start + 4] == [
        '            <ChybaZpracovani Kod="ZP-01"/>',
        '            <ChybnyKrokKontroly Druh="O" Kod="K1"/>',
        "        </Vydani>",
    ]


def test_messages_have_at_most_2000_characters(house: Bank) -> None:
    house.deliver(
        house.occur(),
        "7",
        16,
        troubles=(Trouble("ZP", "x" * 2001),),
        failed=(FailedCheck("K1", "n", "O", ("y" * 2001,)),),
    )
    answer = house.issues()

    assert answer.texts("//e:ChybaZpracovani/@Msg") == ["x" * 2000]
    assert answer.texts("//e:DetailChyby/@Msg") == ["y" * 2000]


def test_success_and_failure_without_parameters() -> None:
    assert success(Asked("X"), Node("VydaniSeznam")).decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<EwiWSResult xmlns="www.ewi.ws">\n'
        "    <Dotaz>\n"
        "        <DotazTyp>X</DotazTyp>\n"
        "    </Dotaz>\n"
        "    <VydaniSeznam/>\n"
        "    <ErrorLog>\n"
        "        <Status>SUCCESS</Status>\n"
        "        <ErrorCode/>\n"
        "        <ErrorText/>\n"
        "    </ErrorLog>\n"
        "</EwiWSResult>\n"
    )
    assert b"    <ErrorLog>\n        <Status>ERROR</Status>\n" in failure(Asked("X"), "c", "t")


def test_special_characters_are_read_as_they_were() -> None:
    text = "<a>&\"'\t\n\r]]>🐑"
    written = document(Node("A", [Node("B", text, {"c": text, "a": None, "b": ""})]))

    assert written.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n<A>\n'
        '    <B b="" c="&lt;a&gt;&amp;&quot;\'&#9;&#10;&#13;]]&gt;🐑">'
        "&lt;a&gt;&amp;\"'\t\n&#13;]]&gt;🐑</B>\n</A>\n"
    )
    assert asking.etree.fromstring(written)[0].text == text
    assert asking.etree.fromstring(written)[0].get("c") == text


def test_characters_that_xml_has_not_are_replaced() -> None:
    assert document(Node("A", "\0\ud800")).endswith("<A>��</A>\n".encode())


def test_an_element_of_no_elements_is_empty() -> None:
    assert document(Node("A", iter(()))).endswith(b"\n<A/>\n")


def test_words_are_those_of_the_contract() -> None:
    assert CONTRACT.constant("password_mask") == parameters.MASKED
    assert day_text(asking.NOW) == asking.NOW.strftime(CONTRACT.constant("result_date"))
    assert CONTRACT.constant("result_indent") == 4
    assert document(Node("A")).decode().startswith(CONTRACT.constant("result_declaration"))
    assert CONTRACT.constant("namespace_result") == asking.NS["e"]


def test_words_of_origin_and_of_test_data(house: Bank) -> None:
    live, test = house.occur(), house.occur(asking.replace(KEY, test=True))
    house.deliver(live, "1")
    house.deliver(live, "2", 5, file="", sent=False)
    house.deliver(test, "3")
    answer = house.issues()
    origin, kind = CONTRACT.constant("origin_words"), CONTRACT.constant("test_words")

    assert answer.texts("//e:Druh") == [origin["sent"], origin["prepared"], origin["sent"]]
    assert answer.texts("//e:Testovaci") == [kind[False], kind[False], kind[True]]
