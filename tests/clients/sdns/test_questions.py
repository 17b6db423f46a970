"""Queries: how they are framed, and what their answers tell."""

from base64 import b64decode, b64encode, encodebytes
from datetime import date, datetime
from email import message_from_bytes
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from podatelna_client.sdns import (
    Choice,
    Definition,
    Detail,
    FailedCheck,
    HeaderError,
    InvalidInput,
    Issue,
    IssueState,
    LoginDenied,
    MessageRefused,
    NothingFound,
    Occurrence,
    OccurrenceState,
    Parameter,
    ProcessingError,
    QueryError,
    QueryLoginDenied,
    SdnsError,
    SoapFault,
    UnreadableAnswer,
)
from tests.clients.sdns.bank import (
    ENVELOPE,
    NOTHING,
    SET,
    Bank,
    issue,
    issues,
    occurrence,
    related,
    result,
)

PRAGUE = ZoneInfo("Europe/Prague")
ASKED: tuple[Any, ...] = ("MOKAS42.04.00", date(2013, 7, 31), "99990000", "S_BCPZB")
OCCURRENCE = Occurrence(
    data_set="MOKAS42",
    version=4,
    variant=0,
    subject="99990000",
    scope="S_BCPZB",
    as_of=date(2013, 7, 31),
    state=OccurrenceState.VALID,
    text="stav 50",
    due=datetime(2013, 8, 20, 23, 59, tzinfo=PRAGUE),
    deadline=None,
    test=True,
)
ISSUE = Issue(
    occurrence=OCCURRENCE,
    filename="ws9990900002.xml",
    number=900002,
    received=datetime(2013, 8, 21, 10, 20, tzinfo=PRAGUE),
    state=IssueState.VALID,
    text="stav 51",
    since=datetime(2013, 8, 21, 10, 24, tzinfo=PRAGUE),
    kind="Odeslané",
)
DEFINITION = """<?xml version="1.0" encoding="UTF-8"?>
<!-- $Revision:   1.0  $ -->
<DefiniceDotazu xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:noNamespaceSchemaLocation=".\\ews-par.xsd">
    <TypDotazu>VYDANI_SEZNAM</TypDotazu>
    <Popis>
        Seznam vydání
        datových souborů.
    </Popis>
    <Parametr Nazev="ObdobiV" Datatyp="Date" Povinny="A" Maska="DD.MM.YYYY">
        <Popis>Den</Popis>
        <HodnotaPar/>
    </Parametr>
    <Parametr Nazev="Rozsah" Datatyp="String" Povinny="N" Maska="">
        <Popis>Co</Popis>
        <SeznamHodnot>
            <Hodnota Default="N" Jmeno="Vsechny" Hodnota="VSE"/>
            <Hodnota Default="A" Jmeno="Posledni" Hodnota="POSLEDNI"/>
        </SeznamHodnot>
        <HodnotaPar/>
    </Parametr>
</DefiniceDotazu>
""".replace("\n", "\r\n")
KNOWN = Definition(
    query="VYDANI_SEZNAM",
    description="Seznam vydání datových souborů.",
    parameters=(
        Parameter(name="ObdobiV", kind="Date", mask="DD.MM.YYYY", description="Den"),
        Parameter(
            name="Rozsah",
            required=False,
            description="Co",
            choices=(Choice("Vsechny", "VSE", False), Choice("Posledni", "POSLEDNI", True)),
        ),
    ),
)


def parameters(document: bytes) -> list[dict[str, str]]:
    """The parameters of a query, each with its value."""
    root = etree.fromstring(document)
    assert [child.tag for child in root[:2]] == ["TypDotazu", "Popis"]
    return [
        {**{str(n): str(v) for n, v in each.attrib.items()}, "": each.findtext("HodnotaPar") or ""}
        for each in root.iterfind("Parametr")
    ]


def values(document: bytes) -> dict[str, str]:
    return {each["Nazev"]: each[""] for each in parameters(document)}


def attached(bank: Bank) -> bytes:
    """The attachment of the last request, as another reader of MIME finds it."""
    head = f"Content-Type: {bank.last.headers['content-type']}\r\n\r\n".encode()
    envelope, file = message_from_bytes(head + bank.last.body).get_payload()
    (call,) = etree.fromstring(envelope.get_payload(decode=True)).findall(f"{{{ENVELOPE}}}Body/*")  # type: ignore[union-attr,arg-type] # parts
    assert call.tag == "{EwiQueryWS}performQuery"
    assert [child.tag for child in call] == ["queryType", "xmlParam"]
    assert f"<{call[1].get('href').removeprefix('cid:')}>" == file["Content-ID"]  # type: ignore[union-attr,index] # there is one
    content: bytes = file.get_payload(decode=True)  # type: ignore[union-attr,assignment] # octets
    return content


# --- requests


def test_asking_for_parameters(bank: Bank) -> None:
    bank.play_file(DEFINITION.encode(), "getParams")
    assert bank.client().get_params("vydani_seznam_jh") == KNOWN
    assert bank.last.path == "/ewi-ws/EwiSOAPRouter"
    assert bank.last.headers["content-type"] == "text/xml; charset=utf-8"
    (call,) = etree.fromstring(bank.last.body).findall(f"{{{ENVELOPE}}}Body/*")
    assert (call.tag, [child.tag for child in call]) == ("{EwiQueryWS}getParams", ["queryType"])
    assert call[0].text == "vydani_seznam_jh"


def test_the_parameters_of_issues(bank: Bank) -> None:
    bank.play_file(issues(issue()))
    bank.client().issues(*ASKED)
    assert "soapaction" not in bank.last.headers
    assert bank.last.headers["user-agent"] == "Oracle JAX-RPC 1.1"
    text = {"Datatyp": "String", "Povinny": "A", "Maska": ""}
    assert parameters(attached(bank)) == [
        {"Nazev": "Username", **text, "": "UZIV0001"},
        {"Nazev": "Password", **text, "": "Heslo-123"},
        {
            "Nazev": "ObdobiV",
            "Datatyp": "Date",
            "Povinny": "A",
            "Maska": "DD.MM.YYYY",
            "": "31.07.2013",
        },
        {"Nazev": "SubjektV", **text, "": "99990000"},
        {"Nazev": "RozsahV", **text, "": "S_BCPZB"},
        {"Nazev": "DatovySoubor", **text, "": "MOKAS42"},
        {"Nazev": "Rozsah", **text, "": "VSE"},
        {"Nazev": "Popis", **text, "": "A"},
    ]


@pytest.mark.parametrize("framing", ["mime", "observed", "raw"])
def test_each_framing_can_be_read(bank: Bank, framing: Any) -> None:
    bank.play_file(issues(issue()))
    bank.client().issues(*ASKED, last_only=True, texts=False, framing=framing)
    asked = values(attached(bank))
    assert (asked["Rozsah"], asked["Popis"]) == ("POSLEDNI", "N")


def test_the_framing_that_was_observed(bank: Bank) -> None:
    bank.play_file(issues(issue()))
    bank.client().issues(*ASKED, framing="observed")
    kind = 'multipart/related; type="text/xml"; start="Part1"; boundary="----=_Boundary"'
    assert bank.last.headers["content-type"] == kind
    lines = bank.last.body.split(b"\n")
    assert lines[:4] == [
        b"------=_Boundary",
        b"Content-Type: text/xml; charset=utf-8",
        b"Content-Transfer-Encoding: 8bit",
        b"Content-ID: <Part1>",
    ]
    encoded = [line for line in lines if line.endswith(b"\r")]
    assert len(encoded) > 10
    assert all(len(line) == 77 for line in encoded[:-1])
    assert lines[-2:] == [b"------=_Boundary--", b""]


def test_parameters_within_the_envelope(bank: Bank) -> None:
    bank.play_file(issues(issue()))
    bank.client().issues(*ASKED, framing="inline")
    assert bank.last.headers["content-type"] == "text/xml; charset=utf-8"
    inside = etree.fromstring(bank.last.body).findtext(".//xmlParam") or ""
    assert values(b64decode(inside))["ObdobiV"] == "31.07.2013"


def test_parameters_are_described_as_a_definition_has_them(bank: Bank) -> None:
    bank.play_file(result())
    asked = {"ObdobiV": date(2013, 7, 1), "Rozsah": "VSE", "Dalsi": 7, "Nic": None}
    bank.client().perform_query("JINY_DOTAZ", asked, definition=KNOWN)
    document = attached(bank)
    assert parameters(document) == [
        {
            "Nazev": "ObdobiV",
            "Datatyp": "Date",
            "Povinny": "A",
            "Maska": "DD.MM.YYYY",
            "": "01.07.2013",
        },
        {"Nazev": "Rozsah", "Datatyp": "String", "Povinny": "N", "Maska": "", "": "VSE"},
        {"Nazev": "Dalsi", "Datatyp": "Number", "Povinny": "A", "Maska": "", "": "7"},
    ]
    listed = etree.fromstring(document).findall("Parametr/SeznamHodnot/Hodnota")
    assert [dict(each.attrib) for each in listed] == [
        {"Default": "N", "Jmeno": "Vsechny", "Hodnota": "VSE"},
        {"Default": "A", "Jmeno": "Posledni", "Hodnota": "POSLEDNI"},
    ]


QUESTIONS: dict[str, tuple[dict[str, Any], str, dict[str, str]]] = {
    "occurrences": (
        {"since": date(2013, 7, 1), "until": date(2013, 7, 31), "subject": "1", "state": 30},
        "VYSKYTY_SEZNAM_JH",
        {"ObdobiOd": "01.07.2013", "ObdobiDo": "31.07.2013", "SubjektV": "1", "Stav": "30"},
    ),
    "header_errors": (
        {"since": date(2013, 7, 1), "until": date(2013, 7, 2)},
        "DZ_ERR_SEZNAM",
        {"DatumOd": "01.07.2013", "DatumDo": "02.07.2013"},
    ),
    "methodologies": (
        {"area": "MKT", "valid_on": date(2013, 1, 1)},
        "METODIKY_SEZNAM",
        {"FunkcniOblast": "MKT", "PlatnostKe": "01.01.2013"},
    ),
    "data_sets": ({"methodology": "M.01"}, "DATOVE_SOUBORY_SEZNAM", {"Metodika": "M.01"}),
    "data_set_content": (
        {"methodology": "M.01", "data_set": "D"},
        "DATOVE_SOUBORY_OBSAH",
        {"Metodika": "M.01", "DatovySoubor": "D", "SemantickyPopis": "N"},
    ),
    "dimensions": ({"methodology": "M.01"}, "DIMENZE_SEZNAM", {"Metodika": "M.01"}),
    "dimension_content": (
        {"methodology": "M.01", "dimension": "IP"},
        "DIMENZE_OBSAH",
        {"Metodika": "M.01", "Dimenze": "IP"},
    ),
    "area_dimensions": (
        {"methodology": "M.01", "area": "A"},
        "DATOVA_OBLAST_DIMENZE",
        {"Metodika": "M.01", "DatovaOblast": "A"},
    ),
    "accounting": ({"methodology": "M.01"}, "UCETNICTVI", {"Metodika": "M.01"}),
}


@pytest.mark.parametrize("method", QUESTIONS)
def test_each_question_has_its_query_and_parameters(bank: Bank, method: str) -> None:
    given, query, expected = QUESTIONS[method]
    bank.play_file(result())
    found: Any = getattr(bank.client(), method)(**given)
    assert list(found) == []
    asked = values(attached(bank))
    who = {"Username": "UZIV0001", "Password": "Heslo-123"}
    private = method in ("occurrences", "header_errors")
    assert asked == ({**who, **expected} if private else expected)
    assert f">{query}</queryType>".encode() in bank.last.body


@pytest.mark.parametrize("query", ["", "1X", "A B", "<A>", "A" * 31])
def test_what_cannot_be_a_query(bank: Bank, query: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be a kind of query"):
        bank.client().perform_query(query, {})
    with pytest.raises(InvalidInput, match="a parameter holds U"):
        bank.client().perform_query("AB", {"x": "\x00"})
    assert bank.server.received == []


# --- answers


def test_issues_with_their_occurrence(bank: Bank) -> None:
    bank.play_file(issues(issue(), issue(900003, 61, file="")))
    first, second = bank.client().issues(*ASKED)
    assert first == ISSUE
    assert (second.filename, second.number, second.state) == (None, 900003, IssueState.WRONG)


def test_errors_and_failed_checks(bank: Bank) -> None:
    inside = (
        '<ChybaZpracovani Kod="E1" Msg="Chyba"/><ChybaZpracovani Kod="E2"/>'
        '<ChybnyKrokKontroly Druh="O" Kod="K1" Msg="Krok">'
        '<DetailChyby Msg="Řádek 1" Poradi="1"/><DetailChyby Msg="Řádek 2" Poradi="x"/>'
        '</ChybnyKrokKontroly><ChybnyKrokKontroly Druh="P" Kod="K2"/>'
    )
    bank.play_file(issues(issue(inside=inside)))
    (found,) = bank.client().issues(*ASKED)
    assert found.errors == (ProcessingError("E1", "Chyba"), ProcessingError("E2", None))
    assert found.checks == (
        FailedCheck(
            code="K1",
            kind="O",
            text="Krok",
            details=(Detail(1, "Řádek 1"), Detail(None, "Řádek 2")),
        ),
        FailedCheck(code="K2", kind="P", text=None),
    )


def test_occurrences(bank: Bank) -> None:
    listed = occurrence() + occurrence(-1, "Provozní")
    bank.play_file(result(f"<VyskytySeznam>{listed}</VyskytySeznam>"))
    first, second = bank.client().occurrences(ASKED[1], ASKED[1], "99990000")
    assert first == OCCURRENCE
    assert (second.state, second.test) == (OccurrenceState.REPLICATED, False)


def test_header_errors(bank: Bank) -> None:
    listed = (
        "<DoslaZprava><SouborExt>ws9990000007.xml</SouborExt><CisloZpravy>7</CisloZpravy>"
        "<DatumPrijmu>21.08.2013 10:20</DatumPrijmu><Zaslal>99990000</Zaslal>"
        "<DatovySoubor>MOKAS42.04.00</DatovySoubor><Subjekt>1</Subjekt>"
        "<Obdobi>31.07.2013</Obdobi><Rozsah>S</Rozsah>"
        '<ChybaHlavicky Kod="DZ-01" Msg="x"/></DoslaZprava>'
        "<DoslaZprava><SouborExt>y</SouborExt></DoslaZprava>"
    )
    bank.play_file(result(f"<DzErrSeznam>{listed}</DzErrSeznam>"))
    first, second = bank.client().header_errors(ASKED[1], ASKED[1])
    assert first == HeaderError(
        filename="ws9990000007.xml",
        number=7,
        received=datetime(2013, 8, 21, 10, 20, tzinfo=PRAGUE),
        sender="99990000",
        data_set="MOKAS42.04.00",
        subject="1",
        scope="S",
        as_of=date(2013, 7, 31),
        errors=(ProcessingError("DZ-01", "x"),),
    )
    assert (second.filename, second.number, second.as_of, second.errors) == ("y", None, None, ())


def test_rows_of_the_methodology_are_plain_trees(bank: Bank) -> None:
    content = (
        "<DatoveSouboryObsah><Metodika><Kod>M.01</Kod></Metodika>"
        f"{SET}<Udaj><IID>1</IID><IndZmeny/><DatovyTyp Datatyp='NUMBER' Maska=''/>"
        "<SemantickyPopis><Parametr Hodnota='H' Kod='K'/><Parametr Hodnota='I' Kod='L'/>"
        "</SemantickyPopis></Udaj><Metodika><Kod>N.01</Kod></Metodika></DatoveSouboryObsah>"
    )
    bank.play_file(result(content))
    assert bank.client().data_set_content("M.01", "MOKAS42", True) == [
        {
            "Metodika": {"Kod": "M.01"},
            "DatovySoubor": {"Kod": "MOKAS42", "Verze": "4", "Varianta": "0"},
            "Udaj": {
                "IID": "1",
                "IndZmeny": "",
                "DatovyTyp": {"Datatyp": "NUMBER", "Maska": ""},
                "SemantickyPopis": {
                    "Parametr": [{"Hodnota": "H", "Kod": "K"}, {"Hodnota": "I", "Kod": "L"}]
                },
            },
        },
        {"Metodika": {"Kod": "N.01"}},
    ]
    assert values(attached(bank))["SemantickyPopis"] == "A"


def test_what_the_service_repeats_of_a_query(bank: Bank) -> None:
    bank.play_file(result())
    found = bank.client().perform_query("VYDANI_SEZNAM_JH", {})
    assert (found.query, found.content) == ("VYDANI_SEZNAM_JH", None)
    assert found.parameters == {"Username": "UZIV0001", "Password": "***"}


@pytest.mark.parametrize(
    ("code", "text", "kind"),
    [
        ("sql.pcgcall.InternalProcedureError", NOTHING, NothingFound),
        ("other", f"{NOTHING}.", NothingFound),
        ("security.LoginDenied", "x", QueryLoginDenied),
        (
            "sql.pcgcall.InternalProcedureError",
            "Neplatné uživatelské jméno nebo heslo",
            QueryLoginDenied,
        ),
        ("query.UnknownType", "Neznámý typ dotazu", QueryError),
    ],
)
def test_errors_of_queries(bank: Bank, code: str, text: str, kind: type[QueryError]) -> None:
    bank.play_error(text, code)
    with pytest.raises(QueryError) as caught:
        bank.client().issues(*ASKED)
    assert type(caught.value) is kind
    assert (caught.value.code, caught.value.text) == (code, text)
    assert issubclass(QueryLoginDenied, LoginDenied)


def test_states_have_the_words_of_the_bank() -> None:
    assert IssueState.VALID.text == "Data jsou uložena v db a jsou platná"
    assert OccurrenceState(40).text == "Je požadováno zaslání opravy dat vykazujícím subjektem"
    assert [state for state in IssueState if not state.text] == [IssueState.UNDOCUMENTED]
    assert all(state.text and len(state.text) <= 60 for state in OccurrenceState)
    assert [state for state in IssueState if state.in_progress] == [10, 17, 19, 20]


def test_an_answer_without_an_attachment(bank: Bank) -> None:
    """Base64 in the envelope itself, as the description of the service has it."""
    inside = (
        f'<s:Envelope xmlns:s="{ENVELOPE}"><s:Body><r><return>%s</return></r></s:Body></s:Envelope>'
    )
    encoded = "\n".join(["", b64encode(result()).decode(), ""])
    bank.server.play((inside % encoded).encode())
    assert bank.client().data_sets("M.01") == []
    for wrong in ("", "%%%"):
        bank.server.play((inside % wrong).encode())
        with pytest.raises(UnreadableAnswer):
            bank.client().data_sets("M.01")


def test_an_attachment_in_base64(bank: Bank) -> None:
    kind, body = related(b"CONTENT")
    encoded = encodebytes(result())
    second = body.rindex(b"Content-Transfer-Encoding: 8bit")
    changed = body[:second] + body[second:].replace(b"8bit", b"BASE64").replace(b"CONTENT", encoded)
    bank.server.play(changed, headers=(("Content-Type", kind),))
    assert bank.client().data_sets("M.01") == []


def test_an_answer_with_bare_line_feeds(bank: Bank) -> None:
    kind, body = related(result())
    bank.server.play(
        body.replace(b"\r\n", b"\n"), headers=(("Content-Type", kind.replace('"', "")),)
    )
    assert bank.client().data_sets("M.01") == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"cid:18703218", b"cid:1"),
        (b"href", b"hrev"),
        (b"------=_Part", b"--nothing"),
        (b"<EwiWSResult", b"<EwiWSResult <"),
        (b"EwiWSResult", b"OtherResult"),
        (b"SUCCESS", b"PERHAPS"),
        (b"VydaniSeznam", b"VyskytySeznam"),
        (b"<Vyskyt>", b"<Jiny>"),
        (b"</CisloVydani>", b"x</CisloVydani>"),
        (b"<StavKod>51<", b"<StavKod>52.5<"),
        (b"<StavKod>51<", b"<StavKod>21<"),
        (b"31.07.2013", b"2013-07-31"),
        (b"21.08.2013 10:20", b"21.08.2013"),
    ],
)
def test_what_is_no_answer(bank: Bank, old: bytes, new: bytes) -> None:
    kind, body = related(issues(issue()))
    assert old in body
    changed = body.replace(old, new).replace(
        b"</Vyskyt>", b"</Jiny>" if b"Jiny" in new else b"</Vyskyt>"
    )
    bank.server.play(changed, headers=(("Content-Type", kind),))
    with pytest.raises(UnreadableAnswer):
        bank.client().issues(*ASKED)


def test_what_is_no_definition(bank: Bank) -> None:
    bank.play_file(b"<x/>", "getParams")
    with pytest.raises(UnreadableAnswer, match="x is no DefiniceDotazu"):
        bank.client().get_params("AB")
    bank.server.play(b"", headers=(("Content-Type", "multipart/related"),))
    with pytest.raises(UnreadableAnswer, match="no boundary"):
        bank.client().get_params("AB")


def test_faults_and_refusals(bank: Bank) -> None:
    bank.play_fault("SOAP-ENV:Server.BadTargetObjectURI", "Unable")
    bank.server.play(b"no", status=404)
    for kind in (SoapFault, MessageRefused):
        with pytest.raises(kind) as caught:
            bank.client().issues(*ASKED)
        assert isinstance(caught.value, SdnsError)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"return href", b"return x", "does not refer"),
        (b"<ns1:performQueryResponse", b"<x/><ns1:performQueryResponse", "exactly one message"),
        (b"8bit\r\nContent-ID: <18703218", b"base64\r\nContent-ID: <18703218", "no Base64"),
    ],
)
def test_why_an_attachment_cannot_be_had(bank: Bank, old: bytes, new: bytes, reason: str) -> None:
    kind, body = related(b"a")
    assert old in body
    bank.server.play(body.replace(old, new), headers=(("Content-Type", kind),))
    with pytest.raises(UnreadableAnswer, match=reason):
        bank.client().data_sets("M.01")


def test_a_fault_with_an_attachment_is_no_answer(bank: Bank) -> None:
    fault = "<SOAP-ENV:Fault><faultcode>x</faultcode><faultstring>Broken</faultstring>"
    kind, body = related(b"")
    start, end = body.index(b"<ns1:"), body.index(b"</ns1:performQueryResponse>")
    body = body[:start] + f"{fault}</SOAP-ENV:Fault>".encode() + body[end + 27 :]
    bank.server.play(body, headers=(("Content-Type", kind),))
    with pytest.raises(UnreadableAnswer, match="Broken"):
        bank.client().data_sets("M.01")
    bank.server.play(b"--y--", headers=(("Content-Type", "multipart/related; boundary=x"),))
    with pytest.raises(UnreadableAnswer, match="not one part"):
        bank.client().data_sets("M.01")
