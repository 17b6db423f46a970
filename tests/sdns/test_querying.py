"""The two methods of EwiQueryWS, whatever they are asked."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from podatelna.kernel.xmlconvert import xml_text
from podatelna.sdns.parameters import read_definition
from podatelna.sdns.querying import (
    QUERIES,
    RAISED,
    crashed,
    get_params,
    known_query,
    perform_query,
)
from tests.sdns.asking import (
    CONTRACT,
    ERROR,
    ISSUES,
    NOTHING,
    PASSWORD,
    Answer,
    Bank,
    bank,
    document,
)

NAMES = [
    name for row in CONTRACT.codelist("queries") for name in (row["code"], *row["aliases"].split())
]
UNKNOWN = ("ERROR", "query.UnknownType", "Neznámý typ dotazu")
STRANGE = ["", " VYDANI_SEZNAM_JH", "VYDANI", "../VYDANI_SEZNAM_JH", "X" * 5000, "\0", "<a>&\"'"]


@pytest.fixture
def house() -> Iterator[Bank]:
    with bank() as opened:
        yield opened


# -- the contract and the code cover each other


def test_every_query_of_the_contract_is_answered() -> None:
    files = {path.stem for path in (CONTRACT.folder / "queries").iterdir()}

    assert files == set(QUERIES) == {row["code"] for row in CONTRACT.codelist("queries")}


def test_every_error_of_queries_is_reported() -> None:
    assert set(RAISED) == {key for key, entry in CONTRACT.errors.items() if entry.kind == "query"}


def test_parameter_documents_are_valid() -> None:
    schema = etree.XMLSchema(file=str(CONTRACT.folder / "ews-par.xsd"))
    for path in (CONTRACT.folder / "queries").iterdir():
        schema.assertValid(etree.fromstring(path.read_bytes()))


# -- getParams


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("spelled", [str.upper, str.lower, str.capitalize])
def test_parameters_are_the_file(house: Bank, name: str, spelled: Callable[[str], str]) -> None:
    code = known_query(CONTRACT, CONTRACT.settings.defaults, name)

    assert (
        get_params(house.desk(), spelled(name))
        == (CONTRACT.folder / "queries" / f"{code}.xml").read_bytes()
    )
    assert house.told == []


def test_the_observed_parameters(house: Bank) -> None:
    answer = get_params(house.desk(), "VYDANI_SEZNAM_JH")

    assert len(answer) == 2899  # the Content-Length of the part that they came in
    assert [takes.name for takes in read_definition(answer)] == list(ISSUES)
    assert b"<TypDotazu>VYDANI_SEZNAM</TypDotazu>\r\n" in answer


@pytest.mark.parametrize("query", STRANGE)
def test_parameters_of_an_unknown_query(house: Bank, query: str) -> None:
    answer = Answer(get_params(house.desk(), query))

    assert answer.log == UNKNOWN
    assert answer.root.findtext("{*}Dotaz/{*}DotazTyp", "") == query.replace("\0", "\ufffd")
    assert house.told == [("query_unknown", "queryType", query)]


# -- performQuery


@pytest.mark.parametrize("query", STRANGE)
def test_an_unknown_query_echoes_what_was_given(house: Bank, query: str) -> None:
    answer = house.ask(query, ISSUES)
    echoed = {each.get("Jmeno"): each.get("Hodnota") for each in answer.root[0][1:]}

    assert answer.log == UNKNOWN
    assert answer.root[0][0].text == (query.replace("\0", "\ufffd") or None)
    assert echoed == ISSUES | {"Password": "***"}
    assert house.told == [("query_unknown", "queryType", query)]


@pytest.mark.parametrize("query", ["VYDANI_SEZNAM_JH", "vydani_seznam_jh", "Vydani_Seznam"])
def test_the_type_is_echoed_as_it_was_sent(house: Bank, query: str) -> None:
    house.deliver(house.occur(), "1")
    answer = house.ask(query, ISSUES)

    assert answer.log == ("SUCCESS", "", "")
    assert answer.root[0][0].text == query


@pytest.mark.parametrize("named", ["VYDANI_SEZNAM", "METODIKY_SEZNAM", "X", ""])
def test_the_type_in_the_parameters_does_not_matter(house: Bank, named: str) -> None:
    house.deliver(house.occur(), "1")
    data = perform_query(house.desk(), "VYDANI_SEZNAM_JH", document(ISSUES, named))

    assert Answer(data).log == ("SUCCESS", "", "")


def test_strict_keeps_what_is_documented(house: Bank) -> None:
    house.settings["strict"] = True
    settings = CONTRACT.settings.over({"strict": True})
    missing = [name for name in NAMES if not known_query(CONTRACT, settings, name)]

    assert missing == ["DZ_ERR_SEZNAM", "DZ_ERR_SEZNAM_JH"]
    assert Answer(get_params(house.desk(), "DZ_ERR_SEZNAM_JH")).log == UNKNOWN


UNREADABLE = [
    (b"", "there is nothing"),
    (b"<a/>", "the root element is a, not DefiniceDotazu"),
    (b"<!DOCTYPE a><DefiniceDotazu/>", "a document type declaration is not accepted"),
]


@pytest.mark.parametrize(("data", "reason"), UNREADABLE)
@pytest.mark.parametrize("query", ["VYDANI_SEZNAM_JH", "X"])
def test_unreadable_parameters(house: Bank, query: str, data: bytes, reason: str) -> None:
    answer = Answer(perform_query(house.desk(), query, data))

    assert answer.log == (
        "ERROR",
        "query.InvalidDocument",
        f"Parametry dotazu nelze přečíst: {reason}",
    )
    assert [each.text for each in answer.root[0]] == [query]
    assert house.told == [("query_parameters_unreadable", "xmlParam", reason)]


@pytest.mark.parametrize("name", list(ISSUES))
@pytest.mark.parametrize("value", ["", None])
def test_missing_parameters(house: Bank, name: str, value: str | None) -> None:
    answer = house.issues(**{name: value})

    assert answer.log == (
        "ERROR",
        "query.MissingParameter",
        f"Chybí povinný parametr {name}",
    )
    assert house.told == [("query_parameter_missing", name, "")]


@pytest.mark.parametrize(
    ("name", "value"),
    [("ObdobiV", "2013-07-31"), ("Rozsah", "vse"), ("Rozsah", "Vsechny"), ("Popis", "Ano")],
)
@pytest.mark.parametrize("codes", ["proposed", "observed"])
def test_wrong_parameters(house: Bank, name: str, value: str, codes: str) -> None:
    house.settings["query_error_codes"] = codes
    answer = house.issues(**{name: value})
    code = "query.InvalidParameter" if codes == "proposed" else ERROR[1]

    assert answer.log == ("ERROR", code, f"Chybná hodnota parametru {name}")
    assert house.told == [("query_parameter_wrong", name, value)]


def test_a_wrong_number(house: Bank) -> None:
    assert house.occurrences(Stav="platné").log[2] == "Chybná hodnota parametru Stav"


def test_parameters_are_checked_before_the_log_in(house: Bank) -> None:
    assert house.issues(Password="x", Popis="x").log[1] == "query.InvalidParameter"


def test_braces_in_what_was_sent_are_no_places_of_texts(house: Bank) -> None:
    data = b'<r xmlns="{detail}{parameter}"/>'
    answer = Answer(perform_query(house.desk(), "VYDANI_SEZNAM_JH", data))

    assert "'{detail}{parameter}'" in answer.log[2]


def test_parameters_that_a_query_does_not_take(house: Bank) -> None:
    house.deliver(house.occur(), "1")
    answer = house.issues(Heslo="x", Alfa="y")

    assert answer.log == ("SUCCESS", "", "")
    assert {each.get("Jmeno") for each in answer.root[0][1:]} == {*ISSUES, "Heslo", "Alfa"}
    assert house.notes == ["the query takes no Heslo, Alfa: passed over"]


def test_a_note_of_many_strangers_is_short(house: Bank) -> None:
    house.issues(**{"X" * 60 + str(number): "" for number in range(1000)})

    assert len(house.notes[0]) == 232


def test_a_document_that_is_not_valid_is_read_all_the_same(house: Bank) -> None:
    house.deliver(house.occur(), "1")
    data = document(ISSUES).replace(b"<Popis/>", b"")

    assert Answer(perform_query(house.desk(), "VYDANI_SEZNAM_JH", data)).log[0] == "SUCCESS"
    (note,) = house.notes
    assert note.startswith("xmlParam is not valid by ews-par.xsd, and read all the same: ")
    assert "Expected is ( Popis )" in note
    assert PASSWORD not in note


def test_more_than_eight_parameters_are_in_the_order_of_a_grown_table(house: Bank) -> None:
    answer = house.issues(Navic="x")

    # As java.util.Hashtable of JDK 17 enumerates them.
    assert [each.get("Jmeno") for each in answer.root[0][1:]] == [
        "RozsahV",
        "ObdobiV",
        "Username",
        "SubjektV",
        "Rozsah",
        "Password",
        "Navic",
        "DatovySoubor",
        "Popis",
    ]


@pytest.mark.parametrize("password", [PASSWORD, "jiné", ""])
def test_no_answer_and_no_record_has_the_password(house: Bank, password: str) -> None:
    sent = {"Password": password} if password else {"Password": PASSWORD, "Popis": "x"}
    answer = house.issues(**sent)
    secret = sent["Password"]

    assert secret.encode() not in answer.data
    assert secret not in repr((house.told, house.notes))


def test_the_answer_of_a_crash() -> None:
    log = ("ERROR", "internal.Error", "Nespecifikovaná interní chyba")

    assert Answer(crashed(CONTRACT, CONTRACT.settings.defaults, "X")).log == log
    observed = CONTRACT.settings.over({"query_error_codes": "observed"})
    assert Answer(crashed(CONTRACT, observed, "X")).log == (*ERROR, log[2])


TEXTS = st.text(max_size=30)


@pytest.fixture(scope="module")
def standing() -> Iterator[Bank]:
    """For many questions that change nothing."""
    with bank() as opened:
        opened.deliver(opened.occur(), "1")
        yield opened


@given(
    query=st.sampled_from(sorted(QUERIES)),
    asked=st.dictionaries(st.sampled_from(list(ISSUES)), TEXTS),
)
def test_any_values_get_an_answer(standing: Bank, query: str, asked: dict[str, str]) -> None:
    clean = {name: "".join(filter(_is_xml, value)) for name, value in asked.items()}
    answer = standing.ask(query, ISSUES | {"Metodika": "MKT20130101.01"}, **clean)

    assert answer.log[0] in ("SUCCESS", "ERROR")


def _is_xml(character: str) -> bool:
    return character >= " " and xml_text(character) == character


@given(query=st.sampled_from(sorted(QUERIES)), data=st.binary(max_size=100))
def test_any_bytes_get_an_answer(standing: Bank, query: str, data: bytes) -> None:
    assert Answer(perform_query(standing.desk(), query, data)).log[0] == "ERROR"


def test_texts_that_no_database_can_hold_are_not_found(house: Bank) -> None:
    assert house.issues(RozsahV="🐑" * 1000).log == NOTHING
