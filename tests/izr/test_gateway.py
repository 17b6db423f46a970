"""The gateway: who is let in, what is answered, and the pages beside it."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from lxml import etree

from podatelna.izr.model import ServiceError
from tests.izr.gate import OTHER, PATH, RESULT, Gate, fault_of, opened, payload_of
from tests.izr.messages import (
    KEY,
    LOGIN,
    MOVE,
    SUBJECT,
    anonymous,
    body,
    dn_of,
    envelope,
    header,
    move,
    signed,
    token_element,
    token_of,
    uidkey,
)

WSDL = "/ssl/nosso-app/EPO/WS/Online/vOKOsrv.aspx"
MODEL = "/ssl/nosso-app/eagriapp/EPO/Wsdl.aspx"
SIMULATOR = "/ssl/nosso-app/eagriapp/EPO/Simulator.aspx"


@pytest.fixture
def gate() -> Iterator[Gate]:
    with opened() as made:
        yield made


def test_a_signed_message_is_answered_in_the_namespace_of_the_caller(gate: Gate) -> None:
    answer = gate.post(move(namespace="urn:mine"))
    payload = payload_of(answer)
    assert answer.status == 200
    assert payload.tag == "{urn:mine}Response"
    assert payload.findtext(f"{{urn:mine}}{RESULT}") == "true"
    assert b'<Response xmlns="urn:mine">' in answer.body
    assert gate.trail.notes == ["the token matches the canonical form: reference"]
    assert (gate.trail.operation, gate.trail.login) == ("IZR_ODH01B", LOGIN)


def test_the_only_subject_of_a_login_need_not_be_named(gate: Gate) -> None:
    assert gate.post(move(head=uidkey() + header(subject=None))).status == 200
    assert gate.calls[-1][0].subject == SUBJECT
    gate.login("98two", "K", SUBJECT, OTHER)
    assert gate.post(signed(body(head=uidkey(dn_of("98two"))), "K")).status == 200
    assert gate.calls[-1][0].subject == ""


def test_anybody_may_call_an_anonymous_service(gate: Gate) -> None:
    assert gate.post(anonymous()).status == 200
    assert gate.calls[-1][0].caller is None


BAD = {
    "no token": (envelope(body()), "there is no token in the SOAP Header"),
    "another type": (envelope(body(), token_element(token_of(body()), "A02")), "the type A02"),
    "wrong key": (signed(body(), "other"), "of another Body or of another key"),
    "another body": (move().replace(b"OVC", b"KOZ"), "of another Body or of another key"),
    "unknown login": (move(head=uidkey(dn_of("99nobody"))), "'99nobody' is unknown"),
}


@pytest.mark.parametrize(("message", "why"), BAD.values(), ids=BAD)
def test_callers_are_not_told_what_was_wrong_with_their_token(
    gate: Gate, message: bytes, why: str
) -> None:
    told = fault_of(gate.post(message))
    assert (told.code, told.text) == ("401", "Neplatná autentizace.")
    assert (told.faultcode, told.service) == ("SOAP:Client", "IZR_ODH01B")
    assert gate.keys() == ["not_authenticated"]
    assert why in gate.received()
    assert gate.calls == []


def test_an_expired_key_and_a_strict_gateway(gate: Gate) -> None:
    gate.set(canonicalisation="strict")
    idle = body().replace("<v:Request ", '<v:Request xmlns:idle="urn:idle" ')
    assert fault_of(gate.post(signed(idle))).code == "401"
    assert gate.post(move()).status == 200
    gate.set(key_expired=[LOGIN.upper()])
    assert fault_of(gate.post(move())).code == "401"


def test_a_certificate_stands_for_a_token_if_that_is_allowed(gate: Gate) -> None:
    gate.certificate("0A", LOGIN)
    message = envelope(body(head=uidkey(certificateSN="0A")))
    assert fault_of(gate.post(message)).code == "401"
    gate.set(certificate_login=True)
    assert gate.post(message).status == 200


def test_faults_of_the_gateway(gate: Gate) -> None:
    foreign = fault_of(gate.post(move(head=uidkey() + header(subject=OTHER))))
    assert foreign.text == f"Uživatel nemá oprávnění k subjektu {OTHER}."
    unknown = fault_of(gate.post(signed(body(service="IZR_X"))))
    assert unknown.text == "Služba IZR_X neexistuje."
    invalid = fault_of(gate.post(signed(body(MOVE.replace("OVC", "PES")))))
    assert (invalid.code, "'PES' is not an element of the set" in invalid.text) == ("400", True)
    assert fault_of(gate.post(b"<a>")).faultcode == "SOAP:Client"
    gate.set(maximum_animals=1)
    rows = MOVE.replace("</ZVIRE>", "</ZVIRE><ZVIRE/>")
    assert fault_of(gate.post(signed(body(rows)))).text == "Hlášení obsahuje více než 1 zvířat."
    gate.set(maximum_bytes=1024)
    assert fault_of(gate.post(move() + b" " * 1024)).text == "Zpráva je delší než 1024 bajtů."


def test_faults_of_a_service_and_of_what_is_behind_the_gateway(gate: Gate) -> None:
    inner = [("ValidacniChyby", [("Chyby", [("Element", "X")])])]
    gate.answers["IZR_ODH01B"] = ServiceError("validation_failed", inner=inner)
    answer = gate.post(move(namespace="urn:mine"))
    assert (answer.status, fault_of(answer).code) == (500, "5")
    assert b'<ValidacniChyby xmlns="urn:mine">' in answer.body
    gate.set(backend_available=False, fault_status=200)
    answer = gate.post(move())
    assert (answer.status, fault_of(answer).code) == (200, "500")


def test_wsdl_and_data_model_in_any_capitals(gate: Gate) -> None:
    served = gate.ask("GET", f"{WSDL.upper()}?serviceid=izr_odh01b", host="localhost:8080")
    assert served.headers == (("Content-Type", "text/xml; charset=utf-8"),)
    assert f'location="http://localhost:8080{PATH}"'.encode() in served.body
    assert etree.fromstring(served.body).get("name") == "IZR_ODH01B"
    model = gate.ask("GET", f"{MODEL}?id=IZR_ODH01B&test=A")
    assert "testovací".encode() in model.body
    assert b"USNIZNAMKA" in model.body


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", PATH, 405),
        ("PUT", WSDL, 405),
        ("GET", WSDL, 404),
        ("GET", f"{MODEL}?id=IZR_X", 404),
        ("GET", "/ssl/nosso-app/", 404),
    ],
)
def test_pages_that_there_are_not(gate: Gate, method: str, path: str, status: int) -> None:
    assert gate.ask(method, path).status == status


def test_the_simulator_shows_all_and_keeps_nothing(gate: Gate) -> None:
    form = urlencode({"key": KEY, "request": envelope(body()).decode()}).encode()
    page = gate.ask("POST", SIMULATOR, form).body.decode()
    assert token_of(body()) in page
    assert "The request fits the schema of IZR_ODH01B." in page
    assert "HTTP 200" in page
    assert gate.ask("GET", SIMULATOR).status == 200
    script = urlencode({"key": "<script>", "request": "<script>"}).encode()
    assert b"<script>" not in gate.ask("POST", SIMULATOR, script).body
