"""Envelopes: what is read from a request in any encoding, and what answers look like."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from podatelna.izr.decoding import NotDecodableError, to_utf8
from podatelna.izr.envelope import (
    Fault,
    Message,
    NotVoko,
    Stamp,
    fault,
    plain_fault,
    read_message,
    response,
)
from podatelna.izr.model import Tree
from podatelna.izr.tokens import candidates
from tests.izr.messages import (
    MOVE,
    NAMES,
    SOAP,
    VOKO,
    WSS,
    anonymous,
    body,
    dn_of,
    envelope,
    header,
    move,
    token_element,
    uidkey,
)

PRAGUE = ZoneInfo("Europe/Prague")
STAMP = Stamp("0f8f", datetime(2025, 5, 2, 8, 0, 1, 230000, PRAGUE), "EPO-SANDBOX")
TREE: Tree = [("A", "x < y & z"), ("B", ""), ("C", [("D", "1"), ("D", "2")]), ("E", [])]


# --- requests


def test_what_is_read_of_a_message() -> None:
    found = read_message(move())
    assert (found.service, found.dn, found.login) == ("IZR_ODH01B", dn_of("99sandbox"), "99sandbox")
    assert (found.subject, found.request_id) == ("1000000001", "r/1")
    assert (found.token_type, len(found.token), found.certificate) == ("A01", 88, "")
    assert found.namespace == "http://www.pds.eu/IZR_ODH01B"
    assert found.payload is not None
    assert found.source == move()


def test_what_is_read_of_an_anonymous_message() -> None:
    found = read_message(anonymous())
    assert (found.login, found.subject, found.request_id, found.token) == ("", "", None, "")


@pytest.mark.parametrize(
    ("dn", "login"),
    [
        ("cn=99sandbox,cn=Farmar,cn=Users,o=mze,c=cz", "99sandbox"),
        (" CN = 99sandbox , CN=Farmar", "99sandbox"),
        ("o=mze,cn=99sandbox", "99sandbox"),
        ("99sandbox", "99sandbox"),
        ("xcn=99sandbox", "xcn=99sandbox"),
        ("", ""),
    ],
)
def test_the_login_is_the_first_cn(dn: str, login: str) -> None:
    assert read_message(move(head=uidkey(dn))).login == login


def test_a_token_counts_only_in_the_header_itself() -> None:
    wrapped = f"<x:Security xmlns:x='urn:x'>{token_element('T')}</x:Security>"
    assert read_message(envelope(body(), wrapped)).token == ""
    assert read_message(envelope(body(), token_element("T").replace(WSS, "urn:x"))).token == ""
    assert read_message(envelope(body(), token_element(" T\n"))).token == "T"


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (b"", "no element found|Document is empty"),
        (b"<a>", "Premature end|not match|Couldn't find end"),
        (b"<a/>", "the root element is a, not"),
        (b"\xff\xfe", "Document is empty|no element found"),
        (b"\x80<a/>", "Start tag expected|Document is empty|Invalid"),
        (envelope(""), "one SOAP Body"),
        (envelope(body() + body()), "one SOAP Body"),
        (envelope(f'<s:Body xmlns:s="{SOAP}"/>'), "alone"),
        (envelope(body().replace(VOKO, "urn:other")), "alone"),
        (envelope(body().replace("</s:Body>", "<x/></s:Body>")), "alone"),
        (b"<!DOCTYPE a []>" + move(), "document type declaration"),
        (b'<!DOCTYPE a [<!ENTITY e "x">]>' + envelope(body("&e;")), "document type declaration"),
        (
            move().replace(SOAP.encode(), b"http://www.w3.org/2003/05/soap-envelope"),
            "the root element is {http://www.w3.org/2003/05/soap-envelope}Envelope",
        ),
    ],
)
def test_what_is_no_message(message: bytes, why: str) -> None:
    with pytest.raises(NotVoko, match=why):
        read_message(message)


def test_comments_and_instructions_are_passed_over() -> None:
    odd = body().replace("<v:RequestContent>", "<v:RequestContent><!-- c --><?pi x?>")
    found = read_message(envelope(f"<!-- c -->{odd}<?pi?>"))
    assert found.payload is not None
    assert found.namespace == "http://www.pds.eu/IZR_ODH01B"


# --- encodings

WORD = "Žďár"
ODD = body(MOVE.replace("12345678", WORD))
ENCODINGS = {
    "UTF-8": ("", "utf-8"),
    "UTF-8 with a mark": ("", "utf-8-sig"),
    "UTF-8, declared": ('<?xml version="1.0" encoding="UTF-8"?>', "utf-8"),
    "UTF-16": ('<?xml version="1.0" encoding="utf-16"?>', "utf-16"),
    "UTF-16, undeclared": ("", "utf-16"),
    "UTF-16, little endian": ("", "utf-16-le"),
    "UTF-16, big endian": ('<?xml version="1.0" encoding="utf-16"?>', "utf-16-be"),
    "windows-1250": ('<?xml version="1.0" encoding="windows-1250"?>', "cp1250"),
    "ISO 8859-2": ("<?xml version='1.0' encoding = 'ISO-8859-2' standalone='yes' ?>", "iso8859-2"),
}


@pytest.mark.parametrize(("declaration", "encoding"), ENCODINGS.values(), ids=ENCODINGS)
def test_encodings_are_read_alike_by_all(declaration: str, encoding: str) -> None:
    sent = (declaration + envelope(ODD).decode()).encode(encoding)
    found = read_message(sent)
    assert found.payload is not None
    assert found.payload.findtext("{*}HLASENI/{*}PROVOZOVNA") == WORD
    expected = list(candidates(envelope(ODD)))
    assert list(candidates(found.source)) == expected


@pytest.mark.parametrize(
    "sent",
    [
        b'<?xml version="1.0" encoding="utf-16"?><a/>',
        '<?xml version="1.0" encoding="windows-1250"?><a>\x98</a>'.encode("latin-1"),
        b'<?xml version="1.0" encoding="utf-7"?><a/>',
        b'<?xml version="1.0" encoding="rot13"?><a/>',
        b'<?xml version="1.0" encoding=""?><a/>',
        b'\xef\xbb\xbf<?xml version="1.0" encoding="windows-1250"?><a/>',
        b"\xff\xfe<",
    ],
)
def test_encodings_that_are_not_what_they_claim(sent: bytes) -> None:
    with pytest.raises(NotDecodableError, match="the message is not in"):
        to_utf8(sent)
    with pytest.raises(NotVoko, match="the message is not in"):
        read_message(sent)


# --- answers


def asked(**about: str | None) -> Message:
    return read_message(move(head=uidkey() + header(**about)))


def test_an_answer() -> None:
    assert response(asked(), STAMP, TREE).decode() == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<SOAP:Envelope xmlns:SOAP="{SOAP}"><SOAP:Body>'
        f'<vOKO:Response xmlns:vOKO="{VOKO}" vOKOid="IZR_ODH01B" SID="0f8f">'
        '<vOKO:SRVid serverID="EPO-SANDBOX" />'
        '<vOKO:TimeStamp type="base">2025-05-02T08:00:01.23+02:00</vOKO:TimeStamp>'
        "<vOKO:ResponseHeader><vOKO:RequestID>r/1</vOKO:RequestID></vOKO:ResponseHeader>"
        '<vOKO:ResponseContent><Response xmlns="http://www.pds.eu/IZR_ODH01B">'
        "<A>x &lt; y &amp; z</A><B /><C><D>1</D><D>2</D></C><E /></Response>"
        "</vOKO:ResponseContent></vOKO:Response></SOAP:Body></SOAP:Envelope>"
    )


def test_an_answer_without_a_request_id() -> None:
    assert b"ResponseHeader" not in response(asked(request_id=None), STAMP, TREE)
    assert b"<vOKO:RequestID></vOKO:RequestID>" in response(asked(request_id=""), STAMP, TREE)


@pytest.mark.parametrize("namespace", ["urn:a&b", "", "http://example.org/izr"])
def test_an_answer_is_in_the_namespace_of_the_caller(namespace: str) -> None:
    message = replace(asked(), namespace=namespace)
    found = etree.fromstring(response(message, STAMP, TREE))
    payload = found.find(".//v:ResponseContent", NAMES)
    assert payload is not None
    assert etree.QName(payload[0]).namespace == (namespace or None)
    assert {etree.QName(each).namespace for each in payload[0]} == {namespace or None}


def test_texts_that_xml_cannot_carry() -> None:
    odd = '\x00\ud800<&>"\r\n'
    written = response(asked(), replace(STAMP, server=odd), [("A", odd)])
    found = etree.fromstring(written)
    assert found.findtext(".//{*}A") == '\ufffd\ufffd<&>"\r\n'
    server = found.find(".//v:SRVid", NAMES)
    assert server is not None
    assert server.get("serverID", "").startswith("\ufffd\ufffd<&>")


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (datetime(2025, 5, 2, 8, 0, 0, 0, PRAGUE), "2025-05-02T08:00:00+02:00"),
        (datetime(2025, 1, 2, 8, 0, 0, 1, PRAGUE), "2025-01-02T08:00:00.000001+01:00"),
        (datetime(2025, 10, 26, 2, 30, 0, 0, PRAGUE, fold=1), "2025-10-26T02:30:00+01:00"),
    ],
)
def test_times_have_their_zone(at: datetime, written: str) -> None:
    assert replace(STAMP, at=at).time == written


def test_a_fault() -> None:
    error = Fault("SOAP:Server", "5", "Chyba <A>", [("ValidacniChyby", [("Chyby", TREE[:1])])])
    assert fault(asked(), STAMP, error).decode() == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<SOAP:Envelope xmlns:SOAP="{SOAP}"><SOAP:Body><SOAP:Fault>'
        "<faultcode>SOAP:Server</faultcode><faultstring>Chyba &lt;A&gt;</faultstring>"
        f'<detail><vOKO:Error xmlns:vOKO="{VOKO}"><vOKO:ErrorCode>5</vOKO:ErrorCode>'
        "<vOKO:ErrorDescription>Chyba &lt;A&gt;</vOKO:ErrorDescription>"
        "<vOKO:DateTime>2025-05-02T08:00:01.23+02:00</vOKO:DateTime><vOKO:SID>0f8f</vOKO:SID>"
        '<vOKO:RequestID>r/1</vOKO:RequestID><vOKO:SRVid serverID="EPO-SANDBOX" />'
        "<vOKO:vOKOid>IZR_ODH01B</vOKO:vOKOid><vOKO:InnerException>"
        '<ValidacniChyby xmlns="http://www.pds.eu/IZR_ODH01B"><Chyby><A>x &lt; y &amp; z</A>'
        "</Chyby></ValidacniChyby></vOKO:InnerException></vOKO:Error></detail></SOAP:Fault>"
        "</SOAP:Body></SOAP:Envelope>"
    )


def test_a_fault_to_somebody_unknown() -> None:
    written = fault(None, STAMP, Fault("SOAP:Client", "400", "Proč"))
    error = etree.fromstring(written).find(".//v:Error", NAMES)
    assert error is not None
    names = [etree.QName(each).localname for each in error]
    assert names == ["ErrorCode", "ErrorDescription", "DateTime", "SID", "SRVid"]


def test_what_a_fault_copies_is_no_longer_than_the_schema_allows() -> None:
    message = replace(asked(request_id="ř" * 101), service="X" * 16)
    found = etree.fromstring(fault(message, STAMP, Fault("SOAP:Client", "404", "")))
    assert found.findtext(".//v:RequestID", None, NAMES) == "ř" * 100
    assert found.findtext(".//v:vOKOid", None, NAMES) == "X" * 15


def test_a_fault_of_a_server_that_has_crashed() -> None:
    found = etree.fromstring(plain_fault(Fault("SOAP:Server", "500", "Interní chyba")))
    assert [each.tag for each in found[0][0]] == ["faultcode", "faultstring"]
    assert found.findtext(".//faultstring") == "Interní chyba"
