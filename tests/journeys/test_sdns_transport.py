"""SDNS over the wire, in the ways in which software of its time made its calls."""

from base64 import b64encode

import pytest
from lxml import etree

from tests.sandboxes import Sandbox
from tests.sdns.samples import DEALS, changed, written
from tests.sdns.sockets import (
    ISSUES,
    LOAD,
    ROUTER,
    attachment,
    connection,
    converse,
    exchange,
    first_of,
    get_params,
    head,
    load_head,
    load_message,
    one,
    parameters,
    path_of,
    perform_query,
    rest,
    set_up,
    status,
)

NOW, LATER = "2013-08-21T10:00:00Z", "2013-08-21T10:10:00Z"
DEAL = {**DEALS, "number": "900002"}
WRONG_ISIN = {"12": "CZ00"}
OK = ("Success", "OK")


@pytest.fixture
def bank(sandbox: Sandbox) -> Sandbox:
    """Ten o'clock on a day when the report of July is overdue."""
    set_up(sandbox, NOW)
    return sandbox


def values(data: bytes) -> list[str]:
    text = b64encode(data).decode()
    return ["ws9990900002.xml", "UZIV0001", "Heslo-123", "NONE", "NONE", text, "cs", "CZ"]


# -- the observed client


def test_the_observed_client_asks_and_reads(bank: Sandbox) -> None:
    """It reads until the connection is closed, and then looks for a few first elements."""
    path = path_of(bank, LOAD)
    wrong = written(changed(DEAL, WRONG_ISIN))
    octets = load_message(values(wrong))
    call = load_head(path, f"Content-Length: {len(octets)}") + octets
    assert status(exchange(bank, call)) == OK
    bank.freeze(LATER)
    answer = converse(bank, perform_query(parameters(**ISSUES), path_of(bank, ROUTER)))
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    document = attachment(answer)
    assert first_of(
        document,
        "ErrorLog/Status",
        "ErrorLog/ErrorCode",
        "ErrorLog/ErrorText",
        "VydaniSeznam/Vyskyt/StavKod",
        "VydaniSeznam/Vyskyt/Stav",
        "VydaniSeznam/Vydani/StavKod",
        "VydaniSeznam/Vydani/Stav",
        "VydaniSeznam/Vydani/StavOd",
        "VydaniSeznam/Vydani/DatumPrijmu",
        "VydaniSeznam/Vydani/Druh",
    ) == [
        "SUCCESS",
        "",
        "",
        "40",
        "Je požadováno zaslání opravy dat vykazujícím subjektem",
        "16",
        "Zjištěny chyby v JVK, požadavek na opravu dat",
        "21.08.2013 12:03",
        "21.08.2013 12:02",
        "Odeslané",
    ]
    failed = etree.fromstring(document).find(".//{*}ChybnyKrokKontroly")
    assert failed is not None
    assert failed.items() == [
        ("Druh", "O"),
        ("Kod", "MOKA42_11_001"),
        ("Msg", "Formát údaje - Identifikace nástroje (ISIN)"),
    ]
    assert [detail.get("Poradi") for detail in failed] == ["1"]


@pytest.mark.parametrize("encoding", ["8bit", "base64"])
def test_attachments_are_read_in_base64_or_without(bank: Sandbox, encoding: str) -> None:
    """That client tries Base64 first, as the manual has it, and then takes the text."""
    bank.call("PATCH", "/settings", json={"sdns": {"attachment_encoding": encoding}})
    answer = exchange(bank, get_params(path_of(bank, ROUTER)))
    assert f"Content-Transfer-Encoding: {encoding}\r\n".encode() in answer
    document = etree.fromstring(attachment(answer))
    assert document.findtext("TypDotazu") == "VYDANI_SEZNAM"


def test_two_questions_on_one_connection(bank: Sandbox) -> None:
    """A client that keeps its connection gets it kept, for as long as the setting has it."""
    question = perform_query(parameters(**ISSUES), path_of(bank, ROUTER))
    with connection(bank) as opened:
        answers = []
        for _ in range(2):
            opened.sendall(question)
            answers.append(attachment(one(opened)))
        assert rest(opened) == b""
    assert answers[0] == answers[1]
    assert first_of(answers[0], "ErrorLog/Status") == ["ERROR"]


# -- transport


def test_the_body_comes_after_100(bank: Sandbox) -> None:
    """.NET does so with what is large."""
    octets = load_message(values(written(DEAL)))
    top = load_head(path_of(bank, LOAD), "Expect: 100-continue", f"Content-Length: {len(octets)}")
    with connection(bank) as opened:
        opened.sendall(top)
        promise = b""
        while b"\r\n\r\n" not in promise:
            promise += opened.recv(1)
        assert promise == b"HTTP/1.1 100 Continue\r\n\r\n"
        opened.sendall(octets)
        assert status(one(opened)) == OK


def in_chunks(octets: bytes, size: int) -> bytes:
    pieces = [octets[at : at + size] for at in range(0, len(octets), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in [*pieces, b""])


@pytest.mark.parametrize("size", [7, 4096])
def test_the_body_comes_in_chunks(bank: Sandbox, size: int) -> None:
    octets = load_message(values(written(DEAL)))
    call = load_head(path_of(bank, LOAD), "Transfer-Encoding: chunked") + in_chunks(octets, size)
    assert status(exchange(bank, call)) == OK


def test_a_question_in_chunks_after_100(bank: Sandbox) -> None:
    top, _, octets = perform_query(parameters(**ISSUES), path_of(bank, ROUTER)).partition(b"\n\n")
    lines = [line for line in top.decode().split("\n") if "Content-Length" not in line]
    with connection(bank) as opened:
        opened.sendall(head([*lines, "Transfer-Encoding: chunked", "Expect: 100-continue"]))
        assert opened.recv(4096) == b"HTTP/1.1 100 Continue\r\n\r\n"
        opened.sendall(in_chunks(octets, 100))
        assert first_of(attachment(one(opened)), "ErrorLog/Status") == ["ERROR"]


def test_http_1_0(bank: Sandbox) -> None:
    """It has no Host and its connection is closed at once."""
    bank.call("PATCH", "/settings", json={"sdns": {"router_idle_seconds": 3600}})
    octets = load_message(values(written(DEAL)))
    lines = [
        f"POST {path_of(bank, LOAD)} HTTP/1.0",
        "Content-Type: text/xml",
        f"Content-Length: {len(octets)}",
    ]
    answer = converse(bank, head(lines) + octets)
    assert answer[:5] == b"HTTP/"
    assert status(answer) == OK


def test_a_fault_is_one_over_the_wire(bank: Sandbox) -> None:
    path = path_of(bank, ROUTER)
    octets = b"<Envelope/>"
    lines = [f"POST {path} HTTP/1.1", "Host: h", "Content-Type: text/xml"]
    answer = exchange(bank, head([*lines, f"Content-Length: {len(octets)}"]) + octets)
    assert answer.startswith(b"HTTP/1.1 500 Internal Server Error\r\n")
    fault = etree.fromstring(answer[answer.index(b"<?xml") :])
    assert [child.tag for child in fault.iterfind(".//{*}Fault/*")] == [
        "faultcode",
        "faultstring",
        "faultactor",
    ]
    assert fault.findtext(".//faultactor") == path
