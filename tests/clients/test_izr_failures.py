"""What the IZR client says when things go wrong."""

import pickle
import socket
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml

from podatelna_client.izr import (
    SHEEP,
    Event,
    EventReport,
    FaultKind,
    FaultRecord,
    GatewayFault,
    IzrClient,
    IzrError,
    MessageRefused,
    Move,
    MovedAnimal,
    OutcomeUnknown,
    ServiceRefused,
    ServiceUnreachable,
    SignInRefused,
    SubjectRefused,
    UnreadableAnswer,
    ValidationError,
    ValidationFailed,
    codes,
)
from podatelna_client.izr.codes import code_of_text
from tests.clients.epo import HOLDING, KEY, Epo, fault

CATALOGUE = Path(__file__).parents[2] / "contracts" / "izr" / "errors.yaml"
DAY = date(2025, 5, 2)
TAGS = ("CZ0000012345126", "bad", "CZ0000012345128")
MOVE = Move(
    holding=HOLDING,
    animals=tuple(MovedAnimal(tag=tag, species=SHEEP, moved=DAY) for tag in TAGS),
)
EVENTS = EventReport(holding=HOLDING, events=tuple(Event(tag=tag) for tag in TAGS))
HTML = b"<html><body>503 Service Unavailable</body></html>"
BAD_TAG = "Chybný formát čísla UZ."
NO_CARD = "Chybí číslo občanského průkazu u Dočasného hospodářství."
NO_ADDRESS = (
    "Neexistující adresa Dočasného hospodářství, pokud byly vyplněny alespoň některé položky "
    "adresy."
)
OWN_REGISTER = (
    "Hospodářství které hlásí vede stájový registr v IZR, ale hlášení není z tohoto registru."
)
NOT_REGISTERED = "Hlásící provozovna nebyla k datu události registrována"
LEFT = "Zvíře bylo již z provozovny odsunuto."

# How a request can fail: the scripted answer, the exception, its words, the body that it keeps.
FAILURES: dict[str, tuple[dict[str, Any], type[IzrError], str, bytes | None]] = {
    "moved": (
        {"status": 302, "headers": (("Location", "http://x/"),)},
        MessageRefused,
        "HTTP 302 Found (sent on to http://x/)",
        None,
    ),
    "forbidden": ({"status": 403, "body": HTML}, MessageRefused, "HTTP 403 Forbidden", None),
    "method": ({"status": 405}, MessageRefused, "HTTP 405 Method Not Allowed", None),
    "no fault": (
        {"status": 503, "body": HTML},
        UnreadableAnswer,
        "HTTP 503 without a readable answer: not a SOAP 1.1 envelope but html",
        HTML,
    ),
    "empty 500": (
        {"status": 500},
        UnreadableAnswer,
        "HTTP 500 without a readable answer: not XML",
        b"",
    ),
    "page": (
        {"body": HTML},
        UnreadableAnswer,
        "HTTP 200 without a readable answer: not a SOAP 1.1 envelope but html",
        HTML,
    ),
    "cut": (
        {"body": b"<s:Envelope/>", "cut": 5},
        OutcomeUnknown,
        "the connection failed after the message may have left",
        None,
    ),
    "nothing": (
        {"nothing": True},
        OutcomeUnknown,
        "the connection failed after the message may have left",
        None,
    ),
}


@pytest.mark.parametrize("name", FAILURES)
@pytest.mark.parametrize("way", ["verify_move", "submit_move"])
def test_each_failure_of_a_report(epo: Epo, name: str, way: str) -> None:
    answer, kind, words, body = FAILURES[name]
    epo.server.play(**answer)
    with pytest.raises(IzrError) as caught:
        getattr(epo.client(), way)(MOVE)
    error = caught.value
    assert type(error) is kind
    assert str(error).startswith(words)
    assert getattr(error, "answer", None) == body
    if isinstance(error, OutcomeUnknown):
        assert error.repeatable == (way == "verify_move")
        again = "it may be sent again" if error.repeatable else "look before you send it again"
        assert str(error).endswith(again)
    assert len(epo.server.received) == 1


def test_no_answer_in_time(epo: Epo) -> None:
    epo.server.play(never=True)
    with pytest.raises(OutcomeUnknown, match="timed out"):
        epo.client(timeout=0.2).verify_move(MOVE)


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
        with IzrClient(url, "l", KEY) as client, pytest.raises(ServiceUnreachable):
            client.submit_move(MOVE)


@pytest.mark.parametrize("name", FAILURES)
def test_failures_can_be_pickled(epo: Epo, name: str) -> None:
    epo.server.play(**FAILURES[name][0])
    with pytest.raises(IzrError) as caught:
        epo.client().verify_move(MOVE)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (type(again), str(again)) == (type(caught.value), str(caught.value))


# --- states of the service


@pytest.mark.parametrize("status", [500, 200, 400])
def test_a_state_of_the_service(epo: Epo, status: int) -> None:
    epo.play_fault("10", "Subjekt s IDSZR 1000000001 nebyl v IZR nalezen.", status=status)
    with pytest.raises(ServiceRefused) as caught:
        epo.client().verify_move(MOVE)
    error = caught.value
    assert type(error) is ServiceRefused
    assert (error.code, error.status) == ("10", status)
    assert error.text == "Subjekt s IDSZR 1000000001 nebyl v IZR nalezen."
    assert str(error) == f"code 10: {error.text} (HTTP {status}, SOAP:Server)"
    assert error.record == FaultRecord(
        faultcode="SOAP:Server",
        text=error.text,
        code="10",
        sid="SID-1",
        request_id="sandbox/0001",
        service="IZR_ODH01B",
        server_id="EPO-1",
        at=datetime(2025, 5, 2, 8, 0, 1, 234567, timezone(timedelta(hours=2))),
    )
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_a_fault_with_a_time_that_is_none(epo: Epo) -> None:
    octets = fault("14", "t").replace(b"2025-05-02T08:00:01.2345678+02:00", b"soon")
    epo.server.play(octets, status=500)
    with pytest.raises(ServiceRefused) as caught:
        epo.client().verify_move(MOVE)
    assert (caught.value.code, caught.value.record.at) == ("14", None)


# --- faults of the gateway


@pytest.mark.parametrize(
    ("code", "text", "kind", "what"),
    [
        ("401", "Neplatná autentizace.", SignInRefused, FaultKind.NOT_AUTHENTICATED),
        ("", "Neplatná autentizace.", SignInRefused, FaultKind.NOT_AUTHENTICATED),
        ("X1", " Neplatná autentizace", SignInRefused, FaultKind.NOT_AUTHENTICATED),
        ("401", "Jinak řečeno", SignInRefused, FaultKind.NOT_AUTHENTICATED),
        (
            "403",
            "Uživatel nemá oprávnění k subjektu 1.",
            SubjectRefused,
            FaultKind.SUBJECT_NOT_ALLOWED,
        ),
        ("404", "Služba X neexistuje.", GatewayFault, FaultKind.UNKNOWN_SERVICE),
        ("400", "Element 'x': Not expected.", GatewayFault, FaultKind.INVALID_REQUEST),
        ("413", "Mnoho", GatewayFault, FaultKind.TOO_LARGE),
        ("500", "Chyba", GatewayFault, FaultKind.CRASHED),
        ("100", "Chyba", GatewayFault, FaultKind.OTHER),
    ],
)
def test_a_fault_of_the_gateway(
    epo: Epo, code: str, text: str, kind: type[GatewayFault], what: FaultKind
) -> None:
    epo.play_fault(code, text, side="Client")
    with pytest.raises(GatewayFault) as caught:
        epo.client().verify_move(MOVE)
    error = caught.value
    assert type(error) is kind
    assert (error.kind, error.code, error.text) == (what, code, text)


@pytest.mark.parametrize(
    ("side", "kind"), [("Client", FaultKind.OTHER), ("Server", FaultKind.CRASHED)]
)
@pytest.mark.parametrize("detail", ["", "<detail/>", "<detail><x/></detail>"])
def test_a_fault_without_a_word_of_the_gateway(
    epo: Epo, detail: str, side: str, kind: FaultKind
) -> None:
    epo.server.play(
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault>'
        f"<faultcode>e:{side}</faultcode><faultstring>s</faultstring>{detail}</e:Fault>"
        "</e:Body></e:Envelope>".encode(),
        status=500,
    )
    with pytest.raises(GatewayFault) as caught:
        epo.client().verify_move(MOVE)
    assert caught.value.record == FaultRecord(faultcode=f"e:{side}", text="s")
    assert str(caught.value) == f"s (HTTP 500, e:{side})"
    assert caught.value.kind == kind


# --- the errors of a report


def listed(*rows: str) -> str:
    inside = "".join(f"<Chyby>{row}</Chyby>" for row in rows)
    return f'<ValidacniChyby xmlns="http://www.pds.eu/IZR_ODH01B">{inside}</ValidacniChyby>'


def row(element: str, text: str, number: int | None = None, code: str | None = None) -> str:
    parts = ("CisloRadku", number), ("Element", element), ("KodChyby", code), ("PopisChyby", text)
    return "".join(f"<{name}>{value}</{name}>" for name, value in parts if value is not None)


ERRORS = (
    ValidationError(text=BAD_TAG, elements=("USNIZNAMKA",), code="04", row=2, tag="bad"),
    ValidationError(text=NO_CARD, elements=("CISLOOP",), code="70"),
    ValidationError(
        text=NO_ADDRESS, elements=("ULICE", "CISLO", "OBEC", "CASTOBCE", "PSC"), code="71"
    ),
    ValidationError(
        text=LEFT,
        elements=("DATUMPREMISTENI", "UZ", "PROVOZOVNA"),
        code="08",
        row=3,
        tag=TAGS[2],
    ),
)


def refused(epo: Epo, inner: str, move: Move = MOVE) -> ValidationFailed:
    epo.play_fault("5", "Chyba validace vstupních dat", inner)
    with pytest.raises(ValidationFailed) as caught:
        epo.client().verify_move(move)
    return caught.value


@pytest.mark.parametrize("code", ["04", "4", "", None])
def test_errors_as_a_list(epo: Epo, code: str | None) -> None:
    def of(error: ValidationError) -> str:
        given = error.code if code == "04" else code and str(int(error.code or 0))
        return row(", ".join(error.elements), error.text, error.row, given)

    error = refused(epo, listed(*map(of, ERRORS)))
    assert error.errors == ERRORS
    assert error.of_report == ERRORS[1:3]
    assert error.of_animals == {2: ERRORS[:1], 3: ERRORS[3:]}
    assert str(error).split("; ")[1:3] == [f"animal 2 bad: 04 {BAD_TAG}", f"report: 70 {NO_CARD}"]
    assert pickle.loads(pickle.dumps(error)).errors == ERRORS


def test_errors_that_nobody_knows(epo: Epo) -> None:
    error = refused(epo, listed(row("X", "Nová chyba.", 9), "<PopisChyby/>"))
    assert error.errors == (
        ValidationError(text="Nová chyba.", elements=("X",), row=9),
        ValidationError(text=""),
    )
    assert str(error).endswith("animal 9: ? Nová chyba.; report: ? ")


@pytest.mark.parametrize("inner", ["", "<x/>", listed()])
def test_no_errors_at_all(epo: Epo, inner: str) -> None:
    assert refused(epo, inner).errors == ()


def mirrored(report: str, *animals: str) -> str:
    inside = "".join(f"<ZVIRE>{animal}</ZVIRE>" for animal in animals)
    return (
        '<Request xmlns="http://www.pds.eu/IZR_ODH01B"><HLASENI>'
        f"{report}<ZVIRATA>{inside}</ZVIRATA></HLASENI></Request>"
    )


def test_errors_in_the_report_itself(epo: Epo) -> None:
    address = "".join(
        f"<{name}>{NO_ADDRESS}</{name}>" for name in ("ULICE", "CISLO", "OBEC", "CASTOBCE", "PSC")
    )
    error = refused(
        epo,
        mirrored(
            f"<PROVOZOVNA/><CISLOOP>{NO_CARD}</CISLOOP>{address}",
            "",
            f"<USNIZNAMKA> {BAD_TAG} </USNIZNAMKA>",
            f"<DATUMPREMISTENI>{LEFT}</DATUMPREMISTENI><UZ>{LEFT}</UZ><PROVOZOVNA>{LEFT}</PROVOZOVNA>",
        ),
    )
    assert sorted(error.errors, key=str) == sorted(ERRORS, key=str)


def test_what_was_sent_is_no_error(epo: Epo) -> None:
    error = refused(
        epo,
        mirrored(
            f"<PROVOZOVNA>{HOLDING}</PROVOZOVNA>",
            *(
                f"<USNIZNAMKA>{tag}</USNIZNAMKA><DRUH>OVC</DRUH>"
                f"<DATUMPREMISTENI>{'2025-05-02T00:00:00' if tag != 'bad' else LEFT}"
                "</DATUMPREMISTENI>"
                for tag in TAGS
            ),
        ),
    )
    assert error.errors == (
        ValidationError(text=LEFT, elements=("DATUMPREMISTENI",), code="08", row=2, tag="bad"),
    )


def test_several_errors_in_one_element(epo: Epo) -> None:
    error = refused(
        epo, mirrored(f'<PROVOZOVNA KodChyby="99">{NOT_REGISTERED}; {OWN_REGISTER}</PROVOZOVNA>')
    )
    assert [(each.code, each.elements) for each in error.errors] == [
        ("02", ("PROVOZOVNA",)),
        ("99", ("PROVOZOVNA",)),
    ]


def test_the_code_of_an_unknown_text_may_stand_beside_it(epo: Epo) -> None:
    error = refused(epo, mirrored('<CISLOOP KodChyby="7">Nová</CISLOOP>'))
    assert error.errors == (ValidationError(text="Nová", elements=("CISLOOP",), code="07"),)


def test_errors_of_other_events(epo: Epo) -> None:
    epo.play_fault(
        "5",
        "Chyba validace vstupních dat",
        "<Request><ZasilaneHlaseni><Provozovna/><Hlaseni/><Hlaseni>"
        f"<UsniZnamka>{BAD_TAG}</UsniZnamka></Hlaseni></ZasilaneHlaseni></Request>",
    )
    with pytest.raises(ValidationFailed) as caught:
        epo.client().submit_events(SHEEP, EVENTS)
    assert caught.value.errors == (
        ValidationError(text=BAD_TAG, elements=("UsniZnamka",), code="04", row=2, tag="bad"),
    )


def test_a_report_without_animals(epo: Epo) -> None:
    error = refused(epo, mirrored(f"<CISLOOP>{NO_CARD}</CISLOOP>"), Move(holding="1", animals=()))
    assert error.errors == (ValidationError(text=NO_CARD, elements=("CISLOOP",), code="70"),)


def test_the_texts_have_their_codes() -> None:
    assert [code_of_text(text) for text in (BAD_TAG, NO_CARD, LEFT, f" {NO_ADDRESS}\n", "x")] == [
        codes.TAG_FORMAT,
        codes.IDENTITY_CARD_MISSING,
        codes.ANIMAL_GONE,
        codes.ADDRESS_UNKNOWN,
        None,
    ]


def test_the_errors_of_the_service_page_are_known() -> None:
    """Texts and codes, held against the contract, which was written independently."""
    entries = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8")).values()
    documented = [
        (entry["text"], f"{entry['number']:02}")
        for entry in entries
        if entry["source"].startswith("service page of IZR_ODH01B, types of validation errors")
    ]
    assert len(documented) == 13
    assert [(text, code_of_text(text)) for text, _ in documented] == documented
