"""Answers byte for byte."""

from base64 import b64decode, b64encode
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from podatelna.sdns.wire import (
    Stamp,
    Status,
    fault,
    load_data_answer,
    load_data_response,
    query_answer,
)
from tests.sdns.front import CONTRACT, RUNTIME

GOLDEN = Path(__file__).parent / "golden"
AT = datetime(2010, 12, 1, 12, 43, 24, 334999, tzinfo=ZoneInfo("Europe/Prague"))
OK = Status("Success", "OK")
DTD = etree.DTD(str(CONTRACT.folder / "ZaslaniDatOdpoved.dtd"))

DUPLICATE = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE LoadDataResponse SYSTEM "ZaslaniDatOdpoved.dtd">
<LoadDataResponse>
	<filename>ws9990900002.xml</filename>
	<requestReceived>01.12.2010 12:43:24,334</requestReceived>
	<responseSent>01.12.2010 12:43:24,334</responseSent>
	<status category="Invalid data" code="Duplicate data">
		<messages>
		</messages>
	</status>
</LoadDataResponse>
"""


def document(status: Status, filename: str = "ws9990900002.xml") -> str:
    return load_data_response(CONTRACT, filename, AT, status)


def parsed(text: str) -> etree._Element:
    root = etree.fromstring(text.encode(), etree.XMLParser(no_network=True, load_dtd=False))
    DTD.assertValid(root)
    return root


def told(root: etree._Element) -> list[tuple[str | None, str | None]]:
    return [(found.get("type"), found.get("value")) for found in root.iter("message")]


def test_the_document_as_it_was_observed() -> None:
    assert document(Status("Invalid data", "Duplicate data")) == DUPLICATE


def test_messages() -> None:
    status = Status("Invalid data", "Invalid XML data", (("error", 'A "b" <c>'), ("warn", "ž\n d")))
    lines = (
        '\t\t\t<message type="error" value="A &quot;b&quot; &lt;c&gt;"/>\n'
        '\t\t\t<message type="warn" value="ž d"/>\n'
    )
    whole = DUPLICATE.replace("Duplicate data", "Invalid XML data")
    assert document(status) == whole.replace("<messages>\n", f"<messages>\n{lines}")


def test_times_have_leading_zeros() -> None:
    early = datetime(2011, 2, 3, 4, 5, 6, 7000, tzinfo=AT.tzinfo)
    text = load_data_response(CONTRACT, "a", early, OK)
    assert text.count(">03.02.2011 04:05:06,007<") == 2


def test_messages_that_do_not_fit_are_left_out_and_the_frame_stays() -> None:
    many = Status("Invalid data", "Invalid XML data", (("error", "ž" * 5000),) * 9)
    text = document(many, "&" * 9999)
    assert len(text.encode()) < 8192
    root = parsed(text)
    assert told(root) == [("error", "ž" * 1000)] * 2
    assert root.findtext("filename") == "&" * 500


def test_the_document_in_base64() -> None:
    many = Status("Invalid data", "Invalid XML data", (("error", "a" * 1000),) * 99)
    text = load_data_response(CONTRACT, "a", AT, many, encoded=True)
    assert len(text) < 8192
    assert told(parsed(b64decode(text, validate=True).decode())) == [("error", "a" * 1000)] * 5


@given(st.text(), st.lists(st.tuples(st.sampled_from(["error", "warn", "info"]), st.text())))
def test_any_text_makes_a_valid_document(name: str, messages: list[tuple[str, str]]) -> None:
    text = document(Status("Invalid data", "Invalid XML data", tuple(messages)), name)
    assert len(text) < 8192
    assert len(told(parsed(text))) <= len(messages)


def test_the_answer_of_load_data() -> None:
    golden = (GOLDEN / "loadData-answer.xml").read_bytes()
    assert load_data_answer(CONTRACT, RUNTIME, document(OK)) == golden


def test_a_text_comes_out_of_the_answer_as_it_went_in() -> None:
    answer = load_data_answer(CONTRACT, "ZaslaniDat", "'\"<&>\n\tž")
    assert b"&apos;&quot;&lt;&amp;&gt;\n\t\xc5\xbe" in answer
    [found] = etree.fromstring(answer).iter("return")
    assert found.text == "'\"<&>\n\tž"


SOAP = (
    b"<?xml version='1.0' encoding='UTF-8'?>\r\n"
    b'<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" '
    b'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    b'xmlns:xsd="http://www.w3.org/2001/XMLSchema">\r\n'
    b"<SOAP-ENV:Body>\r\n"
    b'<ns1:performQueryResponse xmlns:ns1="EwiQueryWS" '
    b'SOAP-ENV:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">\r\n'
    b'<return href ="cid:1357924.1291376892611.apache-soap.azdnms84"/>\r\n'
    b"</ns1:performQueryResponse>\r\n"
    b"\r\n"
    b"</SOAP-ENV:Body>\r\n"
    b"</SOAP-ENV:Envelope>\r\n"
)
STAMP = Stamp(1291376892611, 1677, (7012345, 17654321, 1357924))


@pytest.mark.parametrize(
    ("encoded", "label", "sent"),
    [(False, b"8bit", b"<a>\n" * 30), (True, b"base64", b"PGE+CjxhPgo8YT4K")],
)
def test_the_answer_of_a_query(encoded: bool, label: bytes, sent: bytes) -> None:
    plain = sent if not encoded else b64decode(sent)
    body, content_type = query_answer(CONTRACT, "performQuery", plain, STAMP, encoded=encoded)
    assert content_type == (
        'multipart/related; boundary="----=_Part_1677_7012345.1291376892611"; type="text/xml"; '
        'start="17654321.1291376892611.apache-soap.azdnms84"'
    )
    assert body == (
        b"------=_Part_1677_7012345.1291376892611\r\n"
        b"Content-Type: text/xml; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: 8bit\r\n"
        b"Content-ID: <17654321.1291376892611.apache-soap.azdnms84>\r\n"
        b"Content-Length: %d\r\n"
        b"\r\n" % len(SOAP) + SOAP + b"\r\n"
        b"------=_Part_1677_7012345.1291376892611\r\n"
        b"Content-Type: application/octet-stream\r\n"
        b"Content-Transfer-Encoding: " + label + b"\r\n"
        b"Content-ID: <1357924.1291376892611.apache-soap.azdnms84>\r\n"
        b"Content-Length: %d\r\n"
        b"\r\n" % len(sent) + sent + b"\r\n"
        b"------=_Part_1677_7012345.1291376892611--\r\n"
    )


def test_lengths_of_the_observed_envelopes() -> None:
    # Their hash codes have eight digits.
    stamp = Stamp(1291376892611, 1677, (7012345, 17654321, 13579246))
    for method, length in (("performQuery", 492), ("getParams", 486)):
        body, _ = query_answer(CONTRACT, method, b"", stamp)
        assert f"Content-Length: {length}\r\n".encode() in body


def test_an_attachment_in_base64_has_lines_of_76_characters() -> None:
    body, _ = query_answer(CONTRACT, "getParams", b"x" * 100, STAMP, encoded=True)
    text = b64encode(b"x" * 100)
    assert b"\r\n\r\n" + text[:76] + b"\r\n" + text[76:] + b"\r\n--" in body


def test_a_fault() -> None:
    head, tail = SOAP.split(b"<ns1:")[0], SOAP.split(b"Response>\r\n")[1]
    assert fault(CONTRACT, "SOAP-ENV:Client", "A <b>\0", "/ewi-ws/EwiSOAPRouter") == (
        head + b"<SOAP-ENV:Fault>\r\n"
        b"<faultcode>SOAP-ENV:Client</faultcode>\r\n"
        b"<faultstring>A &lt;b&gt;\xef\xbf\xbd</faultstring>\r\n"
        b"<faultactor>/ewi-ws/EwiSOAPRouter</faultactor>\r\n"
        b"</SOAP-ENV:Fault>\r\n" + tail
    )
