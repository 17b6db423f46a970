"""Deliveries: what goes over the wire, and what each answer means."""

import gzip
from base64 import b64decode, b64encode
from datetime import datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from asn1crypto import cms
from lxml import etree

from podatelna_client.sdns import (
    AccessDenied,
    Area,
    DecompressionFailed,
    DuplicateData,
    InternalError,
    InvalidData,
    InvalidInput,
    InvalidParameters,
    InvalidXmlData,
    LoginDenied,
    MessageRefused,
    Notice,
    OutcomeUnknown,
    Receipt,
    Refusal,
    SdnsClient,
    SendDenied,
    SendLoginDenied,
    SignatureCheckFailed,
    SoapFault,
    Unreachable,
    UnreadableAnswer,
)
from podatelna_client.sdns.exchange import Call
from tests.clients.sdns.bank import ENVELOPE, RUNTIME, Bank, message, response, returned, signer

PRAGUE = ZoneInfo("Europe/Prague")
RECEIPT = Receipt(
    filename="ws9990900002.xml",
    category="Success",
    code="OK",
    request_received=datetime(2010, 12, 1, 12, 43, 24, 334000, PRAGUE),
    response_sent=datetime(2010, 12, 1, 12, 43, 25, 210000, PRAGUE),
)
DESIGNTIME = [
    "filename",
    "username",
    "password",
    "zipmethod",
    "signaturemethod",
    "inputdata",
    "language",
    "country",
]


def refused(bank: Bank, *told: str, **more: Any) -> Refusal:
    bank.play_receipt(*told)
    with pytest.raises(Refusal) as caught:
        bank.client().send(message(), **more)
    return caught.value


# --- what is sent


def test_a_delivery_in_the_runtime_shape(bank: Bank) -> None:
    bank.play_receipt()
    assert bank.client().send(message()) == RECEIPT
    parameters = bank.sent
    data = parameters.pop("param5")
    assert parameters == {
        "param0": "ws9990900002.xml",
        "param1": "UZIV0001",
        "param2": "Heslo-123",
        "param3": "GZIP",
        "param4": "NONE",
        "param6": "cs",
        "param7": "CZ",
    }
    root = etree.fromstring(gzip.decompress(b64decode(data, validate=True)))
    assert root.getroottree().docinfo.encoding == "windows-1250"
    assert root.findtext(".//ZASLAL") == "99990000"
    assert root.findtext(".//DATUM") == "20130821"
    assert bank.last.path == "/ewi-ws/ZaslaniDat"
    headers = {name: bank.last.headers[name] for name in ("content-type", "soapaction")}
    assert headers == {
        "content-type": "text/xml; charset=utf-8",
        "soapaction": f'"{RUNTIME}/loadData"',
    }


def test_the_types_and_names_on_the_wire(bank: Bank) -> None:
    bank.play_receipt()
    bank.client().send(message())
    root = etree.fromstring(bank.last.body)
    body = root.find(f"{{{ENVELOPE}}}Body")
    assert body is not None
    encoded = "http://schemas.xmlsoap.org/soap/encoding/"
    assert body.get(f"{{{ENVELOPE}}}encodingStyle") == encoded
    (call,) = body
    assert call.tag == f"{{{RUNTIME}}}loadData"
    kinds = [child.get("{http://www.w3.org/2001/XMLSchema-instance}type") for child in call]
    assert kinds == [*["xsd:string"] * 5, "xsd:base64Binary", *["xsd:string"] * 2]
    assert call[0].nsmap["xsd"] == "http://www.w3.org/2001/XMLSchema"


def test_a_delivery_in_the_designtime_shape(bank: Bank) -> None:
    bank.play_receipt()
    client = bank.client(shape="designtime", compression="NONE", language="en", country="US")
    client.send(message())
    assert list(bank.sent) == DESIGNTIME
    assert (bank.sent["language"], bank.sent["country"]) == ("en", "US")
    assert bank.sent["zipmethod"] == "NONE"
    assert b64decode(bank.sent["inputdata"]).startswith(b'<?xml version="1.0" encoding="windows')
    assert bank.last.headers["soapaction"] == '""'
    assert b'<q1:loadData xmlns:q1="ZaslaniDat">' in bank.last.body


def test_a_delivery_is_signed_and_then_compressed(bank: Bank) -> None:
    bank.play_receipt()
    bank.client(signer=signer(), encoding="utf-8-sig").send(message())
    assert bank.sent["param4"] == "PKCS7"
    data = cms.ContentInfo.load(gzip.decompress(b64decode(bank.sent["param5"])))["content"]
    content = data["encap_content_info"]["content"].native
    assert content.startswith(b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?>')
    attributes = data["signer_infos"][0]["signed_attrs"]
    (at,) = [each for each in attributes if each["type"].native == "signing_time"]
    assert at["values"][0].native.timestamp() == bank.now


def test_a_large_delivery_arrives_as_it_is(bank: Bank) -> None:
    """In several pieces of Base64, by way of a file."""
    bank.play_receipt()
    rows = [{1: str(number) * 100} for number in range(20_000)]
    client = bank.client(compression="NONE")
    with client.prepare(message(areas=(Area("A", rows),))) as delivery:
        client.send(delivery)
        delivery.data.seek(0)
        expected = delivery.data.read()
    assert len(expected) > 8_000_000
    assert bank.sent["param5"] == b64encode(expected).decode()


def test_a_password_is_written_as_xml(bank: Bank) -> None:
    bank.play_receipt()
    with SdnsClient(bank.url + "/", "a<&>", '"\r\n', "999", "1", clock=lambda: 0) as client:
        client.send(message())
    assert (bank.sent["param1"], bank.sent["param2"]) == ("a<&>", '"\r\n')


def test_a_call_with_parameters_of_ones_own(bank: Bank) -> None:
    bank.play_receipt("Invalid parameters", "Invalid input parameter")
    call = Call(
        filename="x",
        username="",
        password=None,
        zipmethod="RAR",
        signaturemethod=None,
        language="de",
        country=None,
    )
    receipt = bank.client().load_data(call, BytesIO(b"<x/>"))
    assert (receipt.accepted, receipt.code) == (False, "Invalid input parameter")
    assert bank.sent == {
        "param0": "x",
        "param1": "",
        "param3": "RAR",
        "param5": "PHgvPg==",
        "param6": "de",
    }


# --- what is answered


def test_a_warning_is_success(bank: Bank) -> None:
    bank.play_receipt("Success", "Warning", '<message type="warn" value="Pozor &amp; pozor"/>')
    receipt = bank.client().send(message())
    assert (receipt.accepted, receipt.code) == (True, "Warning")
    assert receipt.messages == (Notice("warn", "Pozor & pozor"),)
    assert str(receipt) == "ws9990900002.xml: Success, Warning; warn: Pozor & pozor"


@pytest.mark.parametrize(
    ("category", "code", "kind"),
    [
        ("Internal error", "Fatal", InternalError),
        ("Internal error", "Severe", InternalError),
        ("Invalid parameters", "Invalid input parameter", InvalidParameters),
        ("Access denied", "Login denied", SendLoginDenied),
        ("Access denied", "Data send denied", SendDenied),
        ("Access denied", "Something new", AccessDenied),
        ("Invalid data", "Decompression failed", DecompressionFailed),
        ("Invalid data", "Signature check failed", SignatureCheckFailed),
        ("Invalid data", "Invalid XML data", InvalidXmlData),
        ("Invalid data", "Duplicate data", DuplicateData),
        ("Invalid data", "Something new", InvalidData),
        ("Something new", "Something new", Refusal),
    ],
)
def test_each_code_is_an_error_of_its_own(
    bank: Bank, category: str, code: str, kind: type[Refusal]
) -> None:
    error = refused(bank, category, code, '<message type="error" value="Chyba"/>')
    assert type(error) is kind
    assert (error.code, error.receipt.category) == (code, category)
    assert str(error) == f"ws9990900002.xml: {category}, {code}; error: Chyba"


def test_a_login_is_denied_in_one_word() -> None:
    assert issubclass(SendLoginDenied, LoginDenied)
    assert issubclass(SendLoginDenied, AccessDenied)
    assert issubclass(DecompressionFailed, InvalidData)


def test_a_resend_that_finds_itself_there_has_succeeded(bank: Bank) -> None:
    bank.server.play(nothing=True)
    bank.play_receipt("Invalid data", "Duplicate data")
    client = bank.client()
    with client.prepare(message()) as delivery:
        with pytest.raises(OutcomeUnknown):
            client.send(delivery)
        receipt = client.send(delivery, resend=True)
    assert (receipt.accepted, receipt.arrived_before) == (False, True)
    first, second = (etree.fromstring(body) for body in bank.server.bodies())
    assert etree.tostring(first) == etree.tostring(second)


def test_a_resend_is_refused_for_anything_else(bank: Bank) -> None:
    assert type(refused(bank, "Invalid data", "Invalid XML data", resend=True)) is InvalidXmlData
    assert type(refused(bank, "Invalid data", "Duplicate data")) is DuplicateData


def test_moments_that_cannot_be_read_are_no_failure(bank: Bank) -> None:
    text = response().replace("01.12.2010 12:43:24,334", "yesterday").replace(",210", "")
    bank.server.play(returned(text))
    receipt = bank.client().send(message())
    assert (receipt.request_received, receipt.response_sent) == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        b64encode(response().encode()).decode(),
        "\n" + response().replace('encoding="utf-8"', 'encoding="windows-1250"'),
        response().replace('<?xml version="1.0" encoding="utf-8"?>\n', ""),
    ],
)
def test_receipts_in_other_clothes(bank: Bank, text: str) -> None:
    bank.server.play(returned(text))
    assert bank.client().send(message()) == RECEIPT


# --- splitting


def test_all_parts_are_sent(bank: Bank) -> None:
    for number in (11, 12, 13):
        bank.play_receipt(name=f"ws99900000{number}.xml")
    whole = message(10, areas=(Area("A", [{1: "x"}] * 5),))
    done = bank.client(compression="NONE").send_all(whole, 2)
    assert (done.complete, done.failed, done.error) == (True, None, None)
    names = ["ws9990000011.xml", "ws9990000012.xml", "ws9990000013.xml"]
    assert [receipt.filename for receipt in done.sent] == names
    sent = [etree.fromstring(body) for body in bank.server.bodies()]
    assert [root.findtext(".//param0") for root in sent] == names
    parts = [etree.fromstring(b64decode(root.findtext(".//param5") or "")) for root in sent]
    assert [part.findtext(".//CISLO-VYDANI") for part in parts] == ["10"] * 3
    told = [dict(part.find(".//CASTECNA-ZPRAVA").attrib) for part in parts]  # type: ignore[union-attr] # there is one
    assert told == [
        {"PORADI": "1", "TYP": "První"},
        {"PORADI": "2"},
        {"PORADI": "3", "TYP": "Poslední"},
    ]


def test_sending_stops_at_the_first_part_that_is_not_taken_over(bank: Bank) -> None:
    bank.play_receipt(name="first")
    bank.play_receipt("Access denied", "Data send denied")
    whole = message(10, areas=(Area("A", [{1: "x"}] * 5),))
    done = bank.client().send_all(whole, 2)
    assert [receipt.filename for receipt in done.sent] == ["first"]
    assert isinstance(done.error, SendDenied)
    assert not done.complete
    assert done.failed is not None
    assert (done.failed.number, done.failed.areas) == (12, ())


# --- failures


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, MessageRefused),
        (404, MessageRefused),
        (500, UnreadableAnswer),
        (200, UnreadableAnswer),
    ],
)
def test_http_without_a_word_of_the_service(bank: Bank, status: int, kind: type[Exception]) -> None:
    bank.server.play(b"<html>", status=status, headers=(("Location", "/elsewhere"),))
    with pytest.raises(kind) as caught:
        bank.client().send(message())
    assert f"HTTP {status}" in str(caught.value)


def test_success_with_a_status_that_says_otherwise_is_not_believed(bank: Bank) -> None:
    bank.server.play(returned(response()), status=500)
    with pytest.raises(UnreadableAnswer, match="HTTP 500 without a readable answer: it says"):
        bank.client().send(message())


def test_a_fault(bank: Bank) -> None:
    bank.play_fault("SOAP-ENV:Server", "Method 'x' is not supported.")
    with pytest.raises(SoapFault) as caught:
        bank.client().send(message())
    assert caught.value.args == ("SOAP-ENV:Server", "Method 'x' is not supported.", 500)
    assert str(caught.value) == "SOAP-ENV:Server: Method 'x' is not supported. (HTTP 500)"


def test_nobody_is_there(bank: Bank) -> None:
    with (
        SdnsClient("http://127.0.0.1:9/ewi-ws", "u", "p", "999", "1") as client,
        pytest.raises(Unreachable),
    ):
        client.send(message())


def test_a_cut_answer_leaves_the_outcome_open(bank: Bank) -> None:
    bank.server.play(returned(response()), cut=40)
    with pytest.raises(OutcomeUnknown, match="may have left"):
        bank.client().send(message())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<x/>",
        "<LoadDataResponse/>",
        "no document",
        "<a",
        "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>",
    ],
)
def test_what_is_no_receipt(bank: Bank, text: str) -> None:
    bank.server.play(returned(text))
    with pytest.raises(UnreadableAnswer) as caught:
        bank.client().send(message())
    assert (caught.value.status, caught.value.answer) == (200, returned(text))


def test_an_answer_without_a_return(bank: Bank) -> None:
    bank.server.play(
        f'<s:Envelope xmlns:s="{ENVELOPE}"><s:Body><x/></s:Body></s:Envelope>'.encode()
    )
    with pytest.raises(UnreadableAnswer, match="has no return"):
        bank.client().send(message())


def test_nothing_is_fetched_for_an_answer(bank: Bank) -> None:
    text = response().replace('"ZaslaniDatOdpoved.dtd"', f'"{bank.url}/ZaslaniDatOdpoved.dtd"')
    bank.server.play(returned(text))
    bank.client().send(message())
    assert len(bank.server.received) == 1


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"url": "ftp://x"}, "url must be"),
        ({"prefix": "99"}, "prefix must be"),
        ({"shape": "other"}, "the shape is one of"),
    ],
)
def test_clients_that_cannot_be(options: dict[str, str], reason: str) -> None:
    given: dict[str, Any] = {"url": "http://x", "prefix": "999", **options}
    with pytest.raises(ValueError, match=reason):
        SdnsClient(username="u", password="p", sender="1", **given)


def test_nothing_is_sent_that_cannot_be_written(bank: Bank) -> None:
    with pytest.raises(InvalidInput, match="A, row 1: "):
        bank.client().send(message(areas=(Area("A", ({1: 1.5},)),)))  # type: ignore[dict-item] # wrong
    with pytest.raises(InvalidInput, match="does not fit"):
        bank.client().send(message(10**7))
    with (
        SdnsClient(bank.url, "\x00", "p", "999", "1") as client,
        pytest.raises(InvalidInput, match="param1: holds"),
    ):
        client.send(message())
    assert bank.server.received == []


def test_a_password_is_not_shown() -> None:
    client = SdnsClient("http://x", "u", "Heslo-123", "999", "1")
    assert "Heslo" not in repr(client._caller.access)
