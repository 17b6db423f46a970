"""SOAP 1.1 messages read as WCF's text encoder reads them, and written as WCF writes them."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from podatelna.kernel.reading import Edge
from podatelna.kernel.soap import (
    Envelope,
    NotSoap,
    answer,
    fault,
    not_understood,
    read_envelope,
)

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
UNSUPPORTED = "Processing instructions (other than the XML declaration) and DTDs are not supported."
SHAPE = "An envelope holds an optional Header and one Body, nothing else."


def message(body: str = "<x>Ř🐎</x>", header: str = "", envelope: str = SOAP) -> str:
    return f'<s:Envelope xmlns:s="{envelope}">{header}<s:Body>{body}</s:Body></s:Envelope>'


MESSAGE = message()


def refusal(body: bytes, charset: str | None = None) -> tuple[str, bool]:
    """Why the bytes are no SOAP, and whether the body had begun."""
    with pytest.raises(NotSoap) as raised:
        read_envelope(body, charset)
    assert str(raised.value) == raised.value.text
    return raised.value.text, raised.value.in_body


def texts(envelope: Envelope) -> list[tuple[str, str | None]]:
    return [(str(part.tag), part.text) for part in envelope.body]


# -- reading


@pytest.mark.parametrize(
    "text",
    [
        MESSAGE,
        f'<?xml version="1.0"?>{MESSAGE}',
        f"<?xml version='1.0' encoding='UTF-8' standalone=\"yes\" ?>\r\n{MESSAGE}\n",
        f" \t\r\n<!-- <?no?> <!DOCTYPE x> -->\n{MESSAGE}<!-- <? -->",
        MESSAGE.replace("<s:Body>", "<s:Header/><s:Body>"),
        MESSAGE.replace("<s:Body>", "\n<s:Header></s:Header> <!-- a --> <s:Body>\n<!-- b -->"),
        re.sub(r"\bs(?=[:=])", "soap-env", MESSAGE),
        f'<Envelope xmlns="{SOAP}"><Body><x xmlns="">Ř🐎</x></Body></Envelope>',
        MESSAGE.replace("Ř🐎", "&#344;<![CDATA[🐎]]>"),
    ],
)
def test_an_envelope_is_read_whatever_its_dress(text: str) -> None:
    envelope = read_envelope(text.encode())
    assert (texts(envelope), envelope.headers) == ([("x", "Ř🐎")], ())
    assert envelope.source == text.encode()


def test_headers_and_several_body_elements_are_kept_in_order() -> None:
    header = '<s:Header><a xmlns="urn:a"/><!-- c --><b/></s:Header>'
    envelope = read_envelope(message("<x/> <y><z/></y>", header).encode())
    assert [one.tag for one in envelope.headers] == ["{urn:a}a", "b"]
    assert [one.tag for one in envelope.body] == ["x", "y"]


@pytest.mark.parametrize("body", ["", " \n ", "<!-- nothing -->", "text"])
def test_a_body_may_be_without_elements(body: str) -> None:
    assert read_envelope(message(body).encode()).body == ()


def declared(encoding: str, text: str = MESSAGE) -> str:
    return f'<?xml version="1.0" encoding="{encoding}"?>{text}'


BOM_8 = b"\xef\xbb\xbf"
BOM_LE = b"\xff\xfe"
BOM_BE = b"\xfe\xff"


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        (MESSAGE.encode(), None),
        (MESSAGE.encode(), "utf-8"),
        (MESSAGE.encode(), "UTF-8"),
        (MESSAGE.encode(), "utf-16"),
        (BOM_8 + MESSAGE.encode(), "utf-8"),
        (BOM_8 + declared("Utf-8").encode(), None),
        (BOM_LE + declared("utf-16").encode("utf-16-le"), None),
        (BOM_BE + declared("UTF-16").encode("utf-16-be"), "utf-16"),
        (declared("utf-16").encode("utf-16-le"), None),
        (declared("utf-16BE").encode("utf-16-be"), "utf-16"),
        (declared("utf-16LE").encode("utf-16-le"), "utf-16LE"),
        (BOM_LE + MESSAGE.encode("utf-16-le"), "utf-16le"),
        (MESSAGE.encode("utf-16-be"), "utf-16BE"),
    ],
)
def test_utf_8_and_utf_16_are_read(body: bytes, charset: str | None) -> None:
    envelope = read_envelope(body, charset)
    assert texts(envelope) == [("x", "Ř🐎")]
    assert envelope.source.endswith(MESSAGE.encode())
    assert not envelope.source.startswith(BOM_8)


NO_MATCH = "The encoding in the declaration '{}' does not match the encoding of the document '{}'."
NOT_EXPECTED = "The expected encoding '{}' does not match the actual encoding '{}'."
DECLARE = "An XML declaration with an encoding is required for all non-UTF8 documents."


@pytest.mark.parametrize(
    ("body", "charset", "text"),
    [
        # Every XML parser could read it; WCF's does not.
        (
            declared("windows-1250").encode("cp1250", "replace"),
            None,
            NO_MATCH.format("windows-1250", "utf-8"),
        ),
        (declared("iso-8859-1").encode(), "utf-8", NO_MATCH.format("iso-8859-1", "utf-8")),
        (declared("utf-16").encode(), None, NO_MATCH.format("utf-16", "utf-8")),
        (declared("utf-16LE").encode(), None, NO_MATCH.format("utf-16LE", "utf-8")),
        (declared("utf8").encode(), None, NO_MATCH.format("utf8", "utf-8")),
        (declared("").encode(), None, NO_MATCH.format("", "utf-8")),
        (declared("ř").encode(), None, NO_MATCH.format("\ufffd\ufffd", "utf-8")),
        (
            BOM_LE + declared("utf-8").encode("utf-16-le"),
            None,
            NO_MATCH.format("utf-8", "utf-16LE"),
        ),
        (
            declared("utf-16le").encode("utf-16-be"),
            "utf-16be",
            NO_MATCH.format("utf-16le", "utf-16BE"),
        ),
        (BOM_LE + MESSAGE.encode("utf-16-le"), "utf-8", NOT_EXPECTED.format("utf-8", "utf-16LE")),
        (BOM_8 + MESSAGE.encode(), "utf-16be", NOT_EXPECTED.format("utf-16BE", "utf-8")),
        (MESSAGE.encode(), "utf-16LE", NOT_EXPECTED.format("utf-16LE", "utf-8")),
        (MESSAGE.encode(), "latin1", NOT_EXPECTED.format("latin1", "utf-8")),
        (BOM_BE + MESSAGE.encode("utf-16-be"), None, DECLARE),
        (MESSAGE.encode("utf-16-le"), "utf-16", DECLARE),
        (BOM_LE + f'<?xml version="1.0"?>{MESSAGE}'.encode("utf-16-le"), None, DECLARE),
        (declared("utf-16").encode("utf-16-le")[:-1], None, "Invalid byte encoding."),
        (BOM_LE + declared("utf-16").encode("utf-16-le") + b"\x00\xd8", None,
         "Invalid byte encoding."),
        (b"", None, "Unexpected end of file."),
        (b"<a>", None, "Unexpected end of file."),
        (f'<?xml version="1.1"?>{MESSAGE}'.encode(), None, "XML version must be '1.0'."),
        (f'<?xml encoding="utf-8"?>{MESSAGE}'.encode(), None, "XML version must be '1.0'."),
    ],
)  # fmt: skip
def test_other_encodings_are_refused(body: bytes, charset: str | None, text: str) -> None:
    assert refusal(body, charset) == (text, False)


ENTITIES = [f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9)]
BOMB = f'<!DOCTYPE x [<!ENTITY e0 "aaaaaaaaaa">{"".join(ENTITIES)}]>'


@pytest.mark.parametrize(
    "text",
    [
        f"<!DOCTYPE x>{MESSAGE}",
        f"{BOMB}{message('<x>&e8;</x>')}",
        BOMB + message('<x a="&e8;"/>'),
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>{message("<x>&e;</x>")}',
        f'<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">{MESSAGE}',
        f'<?xml version="1.0"?>\n<!-- a --> <!DOCTYPE x>{MESSAGE}',
        f"<!doctype x>{MESSAGE}",
        f"<!ENTITY x>{MESSAGE}",
        f"<![CDATA[x]]>{MESSAGE}",
        f'<?xml-stylesheet href="x"?>{MESSAGE}',
        f'<?xml version="1.0"?><?xml version="1.0"?>{MESSAGE}',
        f"<?xml?>{MESSAGE}",
        f"{MESSAGE}<?end?>",
        MESSAGE.replace("<s:Body>", "<s:Header><?a b?></s:Header><s:Body>"),
    ],
)
def test_dtds_and_processing_instructions_are_refused(text: str) -> None:
    assert refusal(text.encode()) == (UNSUPPORTED, False)


def test_a_processing_instruction_in_the_body_is_refused_as_one() -> None:
    assert refusal(message("<x><?a?></x>").encode()) == (UNSUPPORTED, True)
    assert texts(read_envelope(message("<x><![CDATA[<?a?>]]></x>").encode())) == [("x", "<?a?>")]


@pytest.mark.parametrize(
    ("body", "in_body"),
    [
        (b"nonsense", False),
        (b"    ", False),
        (b"<<<<<", False),
        (b'{"a": 1}', False),
        (b"\x00\x00\x00\x00", False),
        (BOM_8 + b"x", False),
        (b" <?xml version='1.0'?>" + MESSAGE.encode(), False),
        (MESSAGE.encode() + b"x", True),
        (MESSAGE.encode() + b"\x00", True),
        (MESSAGE.encode() * 2, True),
        (message("<x>\x00</x>").encode(), True),
        (message("<x>\x01</x>").encode(), True),
        (message("<x>&#0;</x>").encode(), True),
        (message("<x>&nbsp;</x>").encode(), True),
        (message("<x>&i;</x>").encode(), True),
        (message("<x>\uffff</x>").encode(), True),
        (message("<x>").encode() + b"\xff", True),
        (message("<x>\u0159</x>").encode("cp1250"), True),
        (message("<x a='1' a='2'/>").encode(), False),
        (message("<p:x/>").encode(), True),
        (message("<x><p:y/></x>").encode(), True),
        (message("<x").encode(), False),
        (message("<x></y>").encode(), True),
        (MESSAGE.encode()[:-3], True),
        (MESSAGE.encode()[:80], True),
        (MESSAGE.encode()[:70], False),
        (MESSAGE.encode()[:40], False),
        (b"<a>" * 300, False),
        (message("<a>" * 1000 + "</a>" * 1000).encode(), True),
        (message("<a>" * 100_000).encode(), True),
    ],
)
def test_broken_xml_is_refused_and_says_how_far_it_went(body: bytes, in_body: bool) -> None:
    text, began = refusal(body)
    assert text
    assert began is in_body


@pytest.mark.parametrize("length", range(len(MESSAGE.encode())))
def test_every_truncated_message_is_refused(length: int) -> None:
    with pytest.raises(NotSoap):
        read_envelope(MESSAGE.encode()[:length])


def test_a_huge_attribute_is_only_an_attribute() -> None:
    envelope = read_envelope(message(f'<x a="{"y" * 5_000_000}"/>').encode())
    assert len(envelope.body[0].get("a", "")) == 5_000_000


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<x/>  ", f"The root element is x, not {{{SOAP}}}Envelope."),
        (
            message(envelope="urn:other"),
            f"The root element is {{urn:other}}Envelope, not {{{SOAP}}}Envelope.",
        ),
        (
            MESSAGE.replace("s:Envelope", "s:envelope"),
            f"The root element is {{{SOAP}}}envelope, not {{{SOAP}}}Envelope.",
        ),
        (
            message(envelope=SOAP_12),
            f"The envelope version of the incoming message (Soap12 ({SOAP_12})) does not match "
            f"that of the encoder (Soap11 ({SOAP})). Make sure the binding is configured with the "
            "same version as the expected messages.",
        ),
        (f'<s:Envelope xmlns:s="{SOAP}"/>', SHAPE),
        (f'<s:Envelope xmlns:s="{SOAP}"><s:Header/></s:Envelope>', SHAPE),
        (MESSAGE.replace("s:Body", "s:body"), SHAPE),
        (MESSAGE.replace("<s:Body>", "<Header/><s:Body>"), SHAPE),
        (MESSAGE.replace("</s:Body>", "</s:Body><s:Header/>"), SHAPE),
        (MESSAGE.replace("</s:Body>", "</s:Body><s:Body/>"), SHAPE),
        (MESSAGE.replace("</s:Body>", "</s:Body><x/>"), SHAPE),
        (
            MESSAGE.replace("<s:Body>", "x<s:Body>"),
            "There is text between the parts of the envelope.",
        ),
        (
            MESSAGE.replace("</s:Body>", "</s:Body>x"),
            "There is text between the parts of the envelope.",
        ),
    ],
)
def test_well_formed_xml_that_is_no_envelope_is_refused(text: str, reason: str) -> None:
    assert refusal(text.encode()) == (reason, False)


PIECES = st.sampled_from(
    [
        b"<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'>",
        b"</s:Envelope>",
        b"<s:Header>",
        b"</s:Header>",
        b"<s:Body>",
        b"</s:Body>",
        b"<?xml version='1.0' encoding='utf-16'?>",
        b"<?pi?>",
        b"<!DOCTYPE x [",
        b"<!ENTITY a 'b'>",
        b"]>",
        b"<!--",
        b"-->",
        b"<![CDATA[",
        b"]]>",
        b"&a;",
        b"&#0;",
        b"<x y='",
        b"'/>",
        b"\x00",
        BOM_8,
        BOM_LE,
        BOM_BE,
    ]
)
CHARSETS = st.sampled_from([None, "utf-8", "utf-16", "utf-16le", "utf-16BE", "x"])


@given(
    st.binary() | st.lists(PIECES | st.binary(max_size=3), max_size=12).map(b"".join),
    CHARSETS,
)
@example(b"<\x00?\x00" + b"x" * 5, None)
@example(b"\xff\xfe<\x00", "utf-16le")
def test_any_bytes_are_an_envelope_or_not_soap(body: bytes, charset: str | None) -> None:
    assert isinstance(outcome(body, charset), Envelope | NotSoap)


def outcome(body: bytes, charset: str | None) -> Envelope | NotSoap:
    try:
        return read_envelope(body, charset)
    except NotSoap as refused:
        return refused


# -- places in the source

LOCATED = f"""<?xml version="1.0" encoding="utf-8" ?>\r
<SOAP:Envelope xmlns:SOAP="{SOAP}" a='>"/>'>
<SOAP:Body><!-- <x> -->
<Test xmlns="">
<test>
<item><![CDATA[</item>]]>é</item>
<item/>\ttext
</test>
</Test></SOAP:Body>
</SOAP:Envelope>"""


@pytest.mark.parametrize(
    ("name", "edge", "place"),
    [
        # "Found element 'item' from namespace ''. Line 6, position 7.": a recorded WCF message.
        ("item", "start tag", (6, 7)),
        (".", "text inside", (6, 1)),
        ("item", "end tag", (6, 35)),
        ("item[2]", "start tag", (7, 8)),
        ("item[2]", "end tag", (7, 8)),
        ("item[2]", "text after", (8, 1)),
        ("..", "start tag", (4, 16)),
        ("..", "end tag", (9, 8)),
        ("../../..", "start tag", (2, 80)),
        ("../../..", "end tag", (10, 17)),
    ],
)
def test_edges_are_located_in_bytes(name: str, edge: Edge, place: tuple[int, int]) -> None:
    envelope = read_envelope(LOCATED.encode())
    found = envelope.body[0][0].find(name)
    assert found is not None
    assert envelope.locate(found, edge) == place


def test_utf_16_is_located_as_the_utf_8_it_becomes() -> None:
    text = LOCATED.replace("utf-8", "utf-16")
    envelope = read_envelope(BOM_BE + text.encode("utf-16-be"))
    assert envelope.locate(envelope.body[0][0][1], "start tag") == (7, 8)


def test_every_element_is_found_where_it_stands() -> None:
    for document in (LOCATED, message("<a><b/><a><a/></a>x</a><a/>", "<s:Header><h/></s:Header>")):
        envelope = read_envelope(document.encode())
        lines = envelope.source.replace(b"\r\n", b"\n").split(b"\n")
        for element in envelope.body[0].getroottree().getroot().iter(etree.Element):
            line, position = envelope.locate(element, "start tag")
            name = etree.QName(element).localname.encode()
            before = lines[line - 1][: position - 1]
            assert re.search(rb"<(\w+:)?" + name + rb"\b[^<]*>$", before)


# -- headers that must be understood


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("<h/>", None),
        ('<h s:mustUnderstand="0"/>', None),
        ('<h s:mustUnderstand="false"/>', None),
        ('<h mustUnderstand="1"/>', None),
        ('<h s:mustUnderstand="yes"/>', None),
        ('<h s:mustUnderstand="1"/>', ("h", "")),
        ('<h s:mustUnderstand=" true "/>', ("h", "")),
        (
            '<a/><p:b xmlns:p="urn:p" s:mustUnderstand="1"/><c s:mustUnderstand="1"/>',
            ("b", "urn:p"),
        ),
        ('<h s:mustUnderstand="1" s:actor="urn:someone-else"/>', ("h", "")),
        ('<k xmlns="urn:k" s:mustUnderstand="1"/>', None),
        ('<k s:mustUnderstand="1"/>', ("k", "")),
    ],
)
def test_headers_that_must_be_understood(header: str, found: tuple[str, str] | None) -> None:
    envelope = read_envelope(message(header=f"<s:Header>{header}</s:Header>").encode())
    assert not_understood(envelope.headers, {"{urn:k}k"}) == found


def test_without_headers_all_is_understood() -> None:
    assert not_understood(()) is None


# -- writing


def test_an_answer_is_one_line_without_declaration_and_header() -> None:
    scope: dict[None, str] = {None: "urn:x"}
    content = etree.Element("{urn:x}Done", nsmap=scope)
    etree.SubElement(content, "{urn:x}Empty")
    etree.SubElement(content, "{urn:x}Text").text = "a\r\n\t<&>\"' Ř🐎\xa0\x85"
    content.tail = "not ours"
    assert (
        answer(content)
        == (
            f'<s:Envelope xmlns:s="{SOAP}"><s:Body><Done xmlns="urn:x"><Empty/>'
            "<Text>a&#xD;\n\t&lt;&amp;&gt;\"' Ř🐎\xa0\x85</Text></Done></s:Body></s:Envelope>"
        ).encode()
    )


@pytest.mark.parametrize(
    ("code", "namespace", "text", "written"),
    [
        (
            "s:Chyba běhu programu",
            "",
            "Server was unable to process request. ---> Length cannot be less than zero.\n"
            "Parameter name: length",
            "<faultcode>s:Chyba běhu programu</faultcode>"
            '<faultstring xml:lang="cs-CZ">Server was unable to process request. ---&gt; Length '
            "cannot be less than zero.\nParameter name: length</faultstring>",
        ),
        (
            "a:ActionNotSupported",
            "http://schemas.microsoft.com/ws/2005/05/addressing/none",
            "No <action> & no 🐎",
            '<faultcode xmlns:a="http://schemas.microsoft.com/ws/2005/05/addressing/none">'
            'a:ActionNotSupported</faultcode><faultstring xml:lang="cs-CZ">'
            "No &lt;action&gt; &amp; no 🐎</faultstring>",
        ),
        (
            "s:Client",
            SOAP,
            "\r\n",
            '<faultcode>s:Client</faultcode><faultstring xml:lang="cs-CZ">&#xD;\n</faultstring>',
        ),
        (
            "s:\x00",
            "",
            "\x01\x1f\ud83d\uffff",
            "<faultcode>s:\ufffd</faultcode>"
            '<faultstring xml:lang="cs-CZ">\ufffd\ufffd\ufffd\ufffd</faultstring>',
        ),
    ],
)
def test_faults_are_written_as_wcf_writes_them(
    code: str, namespace: str, text: str, written: str
) -> None:
    before = f'<s:Envelope xmlns:s="{SOAP}"><s:Body><s:Fault>'
    whole = f"{before}{written}</s:Fault></s:Body></s:Envelope>"
    assert fault(code, namespace, text, "cs-CZ") == whole.encode()


@given(st.text())
def test_a_fault_with_any_text_is_an_envelope(text: str) -> None:
    envelope = read_envelope(fault("s:Client", "", text, "cs-CZ"), "utf-8")
    assert [part.tag for part in envelope.body[0]] == ["faultcode", "faultstring"]
