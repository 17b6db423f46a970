"""VYDANI messages: read, refused, and held against a validation of the whole tree."""

import io
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from podatelna.kernel.contract import Contract
from podatelna.sdns import scan
from podatelna.sdns.message import NotValid, Reading, read_header, read_message, rows
from podatelna.sdns.model import Header, Part, Row
from tests.sdns.messages import DOCTYPE, TRADE, UTF8_MARK, body, vydani

DTD = (Contract("sdns").folder / "vydani.dtd").read_bytes()

HEADER: dict[str, Any] = {
    "sender": "99990000",
    "number": "900001",
    "methodology": "MKT20130101.01",
    "test": False,
    "created": "20130821",
    "data_set": "MOKAS40.03.00",
    "subject": "99990000",
    "scope": "S_BCPZB",
    "as_of": "20130731",
    "status": "new_data",
    "reason": "methodology",
    "has_data": True,
}


def header(**changes: Any) -> Header:
    return Header(**{**HEADER, **changes})


def why(xml: bytes) -> str:
    with pytest.raises(NotValid) as refused:
        read_message(xml, DTD)
    return str(refused.value)


# -- what is read


def test_a_message_is_read_into_header_and_rows() -> None:
    xml = vydani()
    assert read_message(xml, DTD) == Reading(header(), 2)
    first = {str(number): text for number, text in TRADE.items()}
    assert list(rows(xml)) == [
        Row("MOKA40_11", "1", first),
        Row("MOKA40_11", "2", first | {"2": "108"}),
    ]


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ({"function": "Testovací"}, {"test": True}),
        ({"status": "Oprava"}, {"status": "correction"}),
        ({"status": "Storno"}, {"status": "cancellation"}),
        ({"status": "Potvrzení"}, {"status": "confirmation"}),
        ({"status": "Dotaz"}, {"status": "query"}),
        ({"status": "Změnová-oprava"}, {"status": "change"}),
        ({"status": "Storno-DZ"}, {"status": "withdrawal"}),
        ({"reason": "Na-základě-požadavku-centrální-banky"}, {"reason": "request"}),
        ({"reason": "Úmysl-vykazujícího-subjektu"}, {"reason": "intent"}),
        ({"reference": "900000"}, {"reference": "900000"}),
        ({"reference": ""}, {"reference": ""}),
        ({"part": (1, "900010", "První")}, {"part": Part("1", "900010", "first")}),
        ({"part": (2, "900010", "")}, {"part": Part("2", "900010")}),
        ({"part": (" 3 ", " 900010\n", "Poslední")}, {"part": Part("3", "900010", "last")}),
        ({"sender": "\n\t 99990001 ", "as_of": " 31.7.2013 "}, {}),
    ],
)
def test_each_element_of_the_header(said: dict[str, Any], read: dict[str, Any]) -> None:
    if not read:
        read = {name: text.strip() for name, text in said.items()}
    assert read_header(vydani(**said), DTD) == header(**read)


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"sender": "9" * 251}, "ZASLAL"),
        ({"number": "9" * 251}, "CISLO-ZPRAVY"),
        ({"reference": "9" * 251}, "REFERENCNI-ZPRAVA"),
        ({"part": (1, "9" * 251, "")}, "CISLO-VYDANI"),
        ({"part": ("9" * 251, "1", "")}, "CASTECNA-ZPRAVA"),
    ],
)
def test_values_of_the_header_have_a_limit(said: dict[str, Any], where: str) -> None:
    with pytest.raises(NotValid, match=f"the value of {where} has more than 250 characters"):
        read_message(vydani(**said), DTD)


def test_a_value_of_the_header_may_be_as_long_as_the_limit() -> None:
    number = "9" * 250
    assert read_header(vydani(number=f" {number} "), DTD) == header(number=number)


def test_a_message_without_data_has_none() -> None:
    xml = vydani(rows=None)
    assert read_message(xml, DTD) == Reading(header(has_data=False), 0)
    assert list(rows(xml)) == []


def test_blocks_in_place_of_areas_are_told() -> None:
    xml = vydani(blocks=["one", "two"])
    assert read_message(xml, DTD) == Reading(header(blocks=True), 0)
    assert list(rows(xml)) == []


def test_areas_and_rows_may_be_empty_and_numbers_have_gaps() -> None:
    xml = vydani(rows={"A": [], "B": [(7, {}), (3, {"x": ""}), ("", {1: " a\n"})], "C": [{2: "c"}]})
    assert read_message(xml, DTD).rows == 4
    assert list(rows(xml)) == [
        Row("B", "7", {}),
        Row("B", "3", {"x": ""}),
        Row("B", "", {"1": " a\n"}),
        Row("C", "1", {"2": "c"}),
    ]


def test_a_text_may_be_written_in_any_way_of_xml() -> None:
    text = '<SLOUPEC PORADI="1">a<!-- b -->&amp;<![CDATA[<c>]]>&#x159;<?d e?>f</SLOUPEC>'
    xml = vydani(rows={"A": [{1: "?"}]}).replace(b'<SLOUPEC PORADI="1">?</SLOUPEC>', text.encode())
    assert read_message(xml, DTD).rows == 1
    assert list(rows(xml)) == [Row("A", "1", {"1": "a&<c>řf"})]


def test_of_two_cells_with_one_number_the_later_counts() -> None:
    xml = vydani(rows={"A": [{1: "first", 2: "last"}]}).replace(b'PORADI="2"', b'PORADI="1"')
    assert list(rows(xml)) == [Row("A", "1", {"1": "last"})]


@pytest.mark.parametrize(
    ("changes", "remarks"),
    [
        ({"addresses": '<ADRESA STRANA="Odesílatel"/>'}, ()),
        ({"addresses": '<ADRESA STRANA="Příjemce"/>'}, ("ADRESA/@STRANA",)),
        (
            {
                "addresses": '<ADRESA STRANA="Odesílatel"><KONTAKT KOD-FUNKCE="'
                'Osoba-odpovědná-za-obsah"/></ADRESA>'
            },
            (),
        ),
        (
            {"addresses": '<ADRESA STRANA="Odesílatel"><KONTAKT/></ADRESA>'},
            ("KONTAKT/@KOD-FUNKCE",),
        ),
        ({"audit": "Data-před-auditem"}, ("AUDIT",)),
        ({"remark": "x"}, ("POZNAMKA",)),
        ({"doctype": ""}, ("DOCTYPE",)),
        ({"doctype": "", "audit": "Data-po-auditu"}, ("DOCTYPE", "AUDIT")),
    ],
)
def test_what_the_manual_does_not_want_is_remarked(
    changes: dict[str, Any], remarks: tuple[str, ...]
) -> None:
    assert read_message(vydani(**changes), DTD).remarks == remarks


# -- encodings and document types


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("windows-1250", b""),
        ("iso-8859-2", b""),
        ("utf-8", b""),
        ("utf-8", UTF8_MARK),
        ("UTF-8", UTF8_MARK),
        ("utf8", UTF8_MARK),
        ("utf-16", b""),
        ("UTF-16", b""),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
    ],
)
def test_a_declared_encoding_is_honoured(encoding: str, mark: bytes) -> None:
    declared = encoding.removesuffix("-le").removesuffix("-be")
    told = {"encoding": encoding, "declared": declared, "mark": mark}
    xml = vydani(**told, rows={"A": [{1: "žluťoučký"}]})
    assert read_header(xml, DTD) == header()
    assert list(rows(xml)) == [Row("A", "1", {"1": "žluťoučký"})]


def test_without_a_declaration_it_is_utf_8() -> None:
    assert read_header(body().encode(), DTD) == header()
    assert why(body().encode("windows-1250")).startswith("line ")


@pytest.mark.parametrize(
    ("encoding", "declared", "mark", "reason"),
    [
        ("utf-8", "windows-1250", b"", "line 4: Syntax of value for attribute KOD"),
        ("windows-1250", "utf-8", b"", "line 4: "),
        ("windows-1250", "iso-8859-1", b"", 'Value "Zmìnová-oprava" for attribute KOD of STATUS'),
        (
            "utf-8",
            "windows-1250",
            UTF8_MARK,
            "line 1: the encoding is utf-8, but windows-1250 is declared",
        ),
        ("windows-1250", "windows-1250", UTF8_MARK, ""),
        ("utf-16", "utf-8", b"", "line 1: the encoding is utf-16-le, but utf-8 is declared"),
        ("utf-16-be", "utf-8", b"", "line 1: the encoding is utf-16-be, but utf-8 is declared"),
        ("utf-16-le", "windows-1250", b"", "line 1: the encoding is utf-16-le, but windows"),
        ("utf-8", "utf-16", b"", ""),
        ("utf-8", "x-unknown", b"", "Unsupported encoding"),
    ],
)
def test_another_encoding_than_the_declared_is_refused(
    encoding: str, declared: str, mark: bytes, reason: str
) -> None:
    xml = vydani(encoding=encoding, declared=declared, mark=mark, status="Změnová-oprava")
    assert reason in why(xml)


@pytest.mark.parametrize(
    "doctype",
    [
        "",
        DOCTYPE,
        "<!DOCTYPE VYDANI>",
        "<!DOCTYPE VYDANI SYSTEM 'http://127.0.0.1:9/vydani.dtd'>",
        '<!DOCTYPE VYDANI SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE VYDANI PUBLIC "-//CNB//VYDANI" "a&amp;b.dtd">',
        "<!DOCTYPE VYDANI SYSTEM 'a\"b'>",
        '<!DOCTYPE VYDANI SYSTEM "[x">',
        '<!DOCTYPE VYDANI SYSTEM "" [ ]>',
        '<!-- before --><!DOCTYPE VYDANI SYSTEM "vydani.dtd"><?and behind?>',
    ],
)
def test_any_document_type_stands_for_the_built_in_one(doctype: str) -> None:
    assert read_message(vydani(doctype=doctype), DTD).header == header()


@pytest.mark.parametrize(
    "declaration",
    [
        '<!ENTITY a "b">',
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
        '<!ENTITY % a SYSTEM "http://127.0.0.1:9/"> %a;',
        "<!ELEMENT A ANY>",
        '<!ATTLIST ZASLAL A CDATA "b">',
        '<!NOTATION a SYSTEM "b">',
    ],
)
def test_declarations_inside_the_document_are_refused(declaration: str) -> None:
    doctype = f'<!DOCTYPE VYDANI SYSTEM "vydani.dtd" [ {declaration} ]>'
    assert why(vydani(doctype=doctype)) == (
        "declarations inside the document (an internal subset) are not allowed"
    )


def test_another_document_type_is_refused() -> None:
    xml = vydani(doctype='<!DOCTYPE DATA SYSTEM "vydani.dtd">')
    assert why(xml) == "the document type is DATA, not VYDANI"


# -- what is refused


def changed(old: str, new: str, **changes: Any) -> bytes:
    text = vydani(encoding="utf-8", **changes).decode()
    assert old in text
    return text.replace(old, new, 1).encode()


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("<ZASLAL>99990000</ZASLAL>", "", "line 4: Element IDENTIFIKACE-ZPRAVY content does not"),
        ("<ZASLAL>", "<ZASLAL KOD='a'>", "line 4: No declaration for attribute KOD of element"),
        ("Ostrá", "Ostra", 'line 4: Value "Ostra" for attribute KOD of FUNKCE-ZPRAVY is not'),
        ("Ostrá", " Ostrá ", "for attribute KOD of FUNKCE-ZPRAVY is not"),
        ('KOD="Ostrá"></F', 'KOD="Ostrá"> </F', "Element FUNKCE-ZPRAVY was declared EMPTY"),
        ("<VYDANI>", "<VYDANI xmlns='urn:a'>", "the root element is {urn:a}VYDANI, not VYDANI"),
        ("<VYDANI>", "<VYDANI xmlns:a='urn:a'>", "No declaration for attribute xmlns:a"),
        ("<VYSKYT>", "<VYSKYT xmlns=''>", "No declaration for attribute xmlns of element VYSKYT"),
        ("<SUBJEKT>", "<SUBJEKT xml:space='preserve'>", "No declaration for attribute"),
        ("</RADEK>", "x</RADEK>", "Element RADEK content does not follow the DTD"),
        ("</RADEK>", "</RADEK>x", "Element DATOVA-OBLAST content does not follow the DTD"),
        ("</RADEK>", "</RADEK><A/>", "DATOVA-OBLAST content does not follow the DTD"),
        ("</RADEK>", "<A/></RADEK>", "Element RADEK content does not follow the DTD"),
        ('RADEK PORADI="2"', "RADEK", "line 16: Element RADEK does not carry attribute PORADI"),
        (' KOD="MOKA40_11"', "", "Element DATOVA-OBLAST does not carry attribute KOD"),
        ("</DATA>", "<BLOK>a</BLOK></DATA>", "Element DATA content does not follow the DTD"),
        ("</DATA>", "</DATA><DATA/>", "line 3: Element VYDANI content does not follow the DTD"),
        ("99990000", "&who;", "line 4: Entity 'who' not defined"),
        ("Ostrá", "Ostrá&who;", "line 4: Entity 'who' not defined"),
        ("107", "&who;", "line 11: Entity 'who' not defined"),
        ("<ZASLAL>", "<a:ZASLAL>", "line 4: "),
        ("</VYDANI>", "", "line "),
        ("</VYDANI>", "</VYDANI>x", "Extra content at the end of the document"),
        ("</ZASLAL>", "</SUBJEKT>", "Opening and ending tag mismatch"),
        ("99990000", "\x01", "PCDATA invalid Char value 1"),
    ],
)
def test_what_vydani_dtd_does_not_allow_is_refused(old: str, new: str, reason: str) -> None:
    text = why(changed(old, new))
    assert reason in text
    assert len(text) <= 300
    assert "\n" not in text


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (b"", "no element found"),
        (b"   ", ""),
        (b"\x00", ""),
        (b"0\x82\x01\x00 CMS", "line 1: Start tag expected, '<' not found"),
        (b"PK\x03\x04", "line 1: Start tag expected, '<' not found"),
        (b"PFZZREFOST4=", "line 1: Start tag expected, '<' not found"),
        (b"<VYDANI", ""),
        (b"<SUBJEKT>a</SUBJEKT>", "line 1: the root element is SUBJEKT, not VYDANI"),
        (b"<A><VYDANI/></A>", "the root element is A, not VYDANI"),
        (b"<VYDANI/>", "line 1: Element VYDANI content does not follow the DTD, expecting"),
    ],
)
def test_what_is_no_message_is_refused(xml: bytes, reason: str) -> None:
    assert reason in why(xml)


def test_a_long_reason_is_cut() -> None:
    text = why(b"<VYDANI>" + b"<ADRESA/>" * 100 + b"</VYDANI>")
    assert len(text) == 300
    assert text.endswith("...")


# -- as a whole tree


def whole(xml: bytes) -> list[Row] | None:
    """The rows of the whole tree, if libxml2 says of it at once that it is valid."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError:
        return None
    if root.tag != "VYDANI" or not etree.DTD(io.BytesIO(DTD)).validate(root):
        return None
    return [
        Row(
            area.attrib["KOD"],
            row.attrib["PORADI"],
            {cell.attrib["PORADI"]: cell.text or "" for cell in row},
        )
        for area in root.iter("DATOVA-OBLAST")
        for row in area
    ]


def streamed(xml: bytes) -> list[Row] | None:
    try:
        count = read_message(xml, DTD).rows
    except NotValid:
        return None
    found = list(rows(xml))
    assert len(found) == count
    return found


RICH = vydani(
    encoding="utf-8",
    addresses='<ADRESA STRANA="Odesílatel"><MESTO>Praha</MESTO><KONTAKT><SPOJENI TYP="Fax">1'
    "</SPOJENI></KONTAKT></ADRESA>",
    part=(1, "5", "První"),
    audit="Data-po-auditu",
    rows={"A": [{1: "a", 2: "b"}, {}, {1: "c"}], "B": [], "C": [{9: "d"}, {9: "e"}]},
    remark="f",
)
PIECES = re.findall(rb"<[^>]*>|[^<]+", RICH)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A message some of whose tags and texts are left out, doubled, swapped or replaced."""
    pieces = list(PIECES)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(2, len(pieces) - 1))
        other = draw(st.integers(2, len(pieces) - 1))
        kind = draw(st.sampled_from(["drop", "double", "swap", "copy", "blank", "element"]))
        if kind == "drop":
            pieces[at] = b""
        elif kind == "double":
            pieces[at] *= 2
        elif kind == "swap":
            pieces[at], pieces[other] = pieces[other], pieces[at]
        elif kind == "copy":
            pieces[at] += pieces[other]
        elif kind == "blank":
            pieces[at] += draw(st.sampled_from([b" ", b"\n", b"x", b"<!-- -->", b"&amp;"]))
        else:
            names = re.findall(rb"<!ELEMENT ([A-Z-]+)", DTD)
            pieces[at] += b"<%s/>" % draw(st.sampled_from(names))
    return b"".join(pieces)


@st.composite
def rearranged(draw: st.DrawFn) -> bytes:
    """A well-formed message, elements of which were moved, copied, renamed or dropped."""
    root = etree.fromstring(RICH)
    names = [element.tag for element in root.iter()]
    for _ in range(draw(st.integers(1, 3))):
        elements = list(root.iter())[1:]
        element = elements[draw(st.integers(0, len(elements) - 1))]
        kind = draw(st.sampled_from(["drop", "copy", "move", "rename", "text", "attribute"]))
        parent = element.getparent()
        assert parent is not None
        if kind == "drop":
            parent.remove(element)
        elif kind == "copy":
            copied = etree.fromstring(etree.tostring(element, with_tail=False))
            elements[draw(st.integers(0, len(elements) - 1))].append(copied)
        elif kind == "move":
            root.append(element)
        elif kind == "rename":
            element.tag = draw(st.sampled_from(names))
        elif kind == "text":
            element.tail = draw(st.sampled_from(["x", " ", "\n"]))
        else:
            element.set(draw(st.sampled_from(["KOD", "PORADI", "TYP", "X"])), "1")
    return etree.tostring(root, encoding="utf-8")


@pytest.mark.parametrize("piece", [1, 7, 64, 65_536])
@given(xml=st.one_of(mutated(), rearranged()))
def test_the_outcome_is_that_of_the_whole_tree(piece: int, xml: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan, "_FIRST", piece)
        patch.setattr(scan, "_PIECE", piece)
        assert streamed(xml) == whole(xml)


def test_some_mutations_stay_valid() -> None:
    """Else the comparison would tell little."""
    assert len(whole(RICH) or []) == 5
    assert len(whole(RICH.replace(b'<RADEK PORADI="2">\n</RADEK>\n', b"", 1)) or []) == 4


@pytest.mark.parametrize("piece", [1, 2, 3, 17, 100, 1000, 65_536])
def test_rows_do_not_depend_on_how_a_message_is_cut(
    piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "_FIRST", piece)
    monkeypatch.setattr(scan, "_PIECE", piece)
    assert read_message(RICH, DTD).rows == 5
    assert list(rows(RICH)) == [
        Row("A", "1", {"1": "a", "2": "b"}),
        Row("A", "2", {}),
        Row("A", "3", {"1": "c"}),
        Row("C", "1", {"9": "d"}),
        Row("C", "2", {"9": "e"}),
    ]


@pytest.mark.parametrize("row", [0, 1, 998, 999])
@pytest.mark.parametrize("bad", [b"<A/>", b"x", b"&a;"])
def test_a_fault_in_any_row_of_many_is_found(row: int, bad: bytes) -> None:
    good = vydani(rows={"A": [{1: "a" * 300}] * 1000})
    assert read_message(good, DTD).rows == 1000
    ends = [found.end() for found in re.finditer(rb"</SLOUPEC>", good)]
    at = ends[row]
    assert why(good[:at] + bad + good[at:]).startswith("line ")


def test_lines_beyond_65535_are_told() -> None:
    xml = vydani(rows={"A": [{1: "a"}] * 40_000})
    at = xml.rindex(b"</RADEK>")
    line = xml[:at].count(b"\n") + 1
    assert f"line {line}: " in why(xml[:at] + b"<RADEK" + xml[at:])
