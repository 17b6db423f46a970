"""Messages as XML: each element in its place, each value in its form."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from podatelna_client.sdns import (
    Address,
    Area,
    Audit,
    Contact,
    Encoding,
    End,
    InvalidInput,
    Message,
    Part,
    Reason,
    Row,
    Status,
    write,
)
from podatelna_client.sdns.writing import cell_text
from tests.clients.sdns.bank import message

FILLED: dict[str, Any] = {"sender": "99990000", "created": date(2013, 8, 21)}
TEXTS = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=("Cs",),
        exclude_characters=[
            *map(chr, range(9)),
            *map(chr, (11, 12, *range(14, 32), 0xFFFE, 0xFFFF)),
        ],
    ),
    min_size=1,
)


def written(of: Message, encoding: Encoding = "windows-1250") -> bytes:
    out = BytesIO()
    write(of, out, encoding)
    return out.getvalue()


def read(octets: bytes) -> etree._Element:
    return etree.fromstring(octets, etree.XMLParser(load_dtd=False, no_network=True))


def values(row: Any) -> list[tuple[str, str]]:
    return [(cell.get("PORADI"), cell.text) for cell in row]


WHOLE = message(
    **FILLED,
    address=Address(
        code="99990000",
        name="Zkušební obchodník, a.s.",
        town="Praha 1",
        postcode="110 00",
        street="Zkušební 1",
        contacts=(
            Contact(name="Jan Novák", lines=(("Telefon", "1"), ("Email", "j@e.cz"))),
            Contact(name="", department="<7>"),
        ),
    ),
    status=Status.CHANGE,
    reason=Reason.OWN,
    reference=260845,
    audit=Audit.BEFORE,
    part=Part(issue=900001, number=1, end=End.FIRST),
    note="a & b",
    areas=(
        Area("MOKA42_11", ({2: "CZK", 1: "1", 3: None, 4: ""}, Row(7, {9: time(12, 13)}))),
        Area('MOKA42_"12'),
    ),
)
GOLDEN = """<?xml version="1.0" encoding="windows-1250"?>
<!DOCTYPE VYDANI SYSTEM "vydani.dtd">
<VYDANI>
<IDENTIFIKACE-ZPRAVY>
<ZASLAL>99990000</ZASLAL>
<CISLO-ZPRAVY>900002</CISLO-ZPRAVY>
<CASTECNA-ZPRAVA PORADI="1" TYP="První"><CISLO-VYDANI>900001</CISLO-VYDANI>
</CASTECNA-ZPRAVA>
<NAZEV-DOKUMENTU KOD="Vydání-výskytu-výkazu"></NAZEV-DOKUMENTU>
<METODIKA>MKT20130101.01</METODIKA>
<FUNKCE-ZPRAVY KOD="Testovací"></FUNKCE-ZPRAVY>
<DATUM>20130821</DATUM>
</IDENTIFIKACE-ZPRAVY>
<ADRESA STRANA="Odesílatel">
<KOD-SUBJEKTU>99990000</KOD-SUBJEKTU>
<NAZEV-SUBJEKTU>Zkušební obchodník, a.s.</NAZEV-SUBJEKTU>
<MESTO>Praha 1</MESTO>
<PSC>110 00</PSC>
<ULICE>Zkušební 1</ULICE>
<KONTAKT KOD-FUNKCE="Osoba-odpovědná-za-obsah"><JMENO-OSOBY>Jan Novák</JMENO-OSOBY>
<SPOJENI TYP="Telefon">1</SPOJENI>
<SPOJENI TYP="Email">j@e.cz</SPOJENI>
</KONTAKT>
<KONTAKT KOD-FUNKCE="Osoba-odpovědná-za-obsah"><KOD-ODDELENI>&lt;7&gt;</KOD-ODDELENI>
</KONTAKT>
</ADRESA>
<IDENTIFIKACE-VYKAZU>
<DATOVY-SOUBOR>MOKAS42.04.00</DATOVY-SOUBOR>
<VYSKYT>
<SUBJEKT>99990000</SUBJEKT>
<ROZSAH-SUBJEKTU>S_BCPZB</ROZSAH-SUBJEKTU>
<STAV-KE-DNI>20130731</STAV-KE-DNI>
</VYSKYT>
<STATUS KOD="Změnová-oprava"></STATUS>
<DUVOD KOD="Úmysl-vykazujícího-subjektu"></DUVOD>
<REFERENCNI-ZPRAVA>260845</REFERENCNI-ZPRAVA>
<AUDIT KOD="Data-před-auditem"></AUDIT>
</IDENTIFIKACE-VYKAZU>
<DATA>
<DATOVA-OBLAST KOD="MOKA42_11">
<RADEK PORADI="1"><SLOUPEC PORADI="1">1</SLOUPEC><SLOUPEC PORADI="2">CZK</SLOUPEC></RADEK>
<RADEK PORADI="7"><SLOUPEC PORADI="9">12:13:00</SLOUPEC></RADEK>
</DATOVA-OBLAST>
<DATOVA-OBLAST KOD="MOKA42_&quot;12">
</DATOVA-OBLAST>
</DATA>
<POZNAMKA>a &amp; b</POZNAMKA>
</VYDANI>
"""


def test_a_whole_message() -> None:
    assert written(WHOLE) == GOLDEN.encode("windows-1250")


def test_a_message_in_utf_8_with_or_without_a_mark() -> None:
    plain = GOLDEN.replace("windows-1250", "utf-8").encode()
    assert written(WHOLE, "utf-8") == plain
    assert written(WHOLE, "utf-8-sig") == b"\xef\xbb\xbf" + plain


def test_what_is_not_said_is_not_there() -> None:
    plain = message(**FILLED, areas=())
    names = [element.tag for element in read(written(plain)).iter()]
    absent = {"CASTECNA-ZPRAVA", "ADRESA", "REFERENCNI-ZPRAVA", "AUDIT", "DATA", "POZNAMKA"}
    assert absent.isdisjoint(names)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("", ""),
        ("04", "04"),
        (0, "0"),
        (-7, "-7"),
        (Decimal("98.950"), "98.950"),
        (Decimal("5E+7"), "50000000"),
        (Decimal("1E-7"), "0.0000001"),
        (date(2007, 11, 7), "2007-11-07"),
        (time(15, 16, 58), "15:16:58"),
        (time(9, 30, 5, tzinfo=timezone(timedelta(hours=2))), "09:30:05+02"),
        (time(9, 30, tzinfo=timezone(timedelta(hours=-5, minutes=-30))), "09:30:00-05:30"),
        (time(9, 0, tzinfo=UTC), "09:00:00+00"),
        (time(9, 0, tzinfo=ZoneInfo("Europe/Prague")), "09:00:00"),
    ],
)
def test_the_form_of_a_cell(value: Any, text: str) -> None:
    assert cell_text(value) == text


@pytest.mark.parametrize(
    "value",
    [
        True,
        1.5,
        Decimal("NaN"),
        Decimal("Infinity"),
        datetime(2013, 7, 1, tzinfo=UTC),
        time(9, 0, 0, 1),
        b"x",
        "\x00",
        "\ud800",
    ],
)
def test_what_cannot_be_a_cell_is_told_with_its_place(value: Any) -> None:
    wrong = message(**FILLED, areas=(Area("MOKA42_11", ({1: "x"}, {1: value})),))
    with pytest.raises(InvalidInput, match="MOKA42_11, row 2: "):
        written(wrong)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"subject": "\x01"}, "SUBJEKT: holds U"),
        ({"created": None}, "a day is missing"),
        ({"areas": (Area("\x01"),)}, "KOD: holds U"),
        ({"areas": (Area("A", ({"x": "y"},)),)}, "A, row 1: "),  # type: ignore[dict-item] # wrong
    ],
)
def test_what_else_cannot_be_written(changed: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidInput, match=f"^{named}"):
        written(replace(message(**FILLED), **changed))


def test_characters_that_windows_1250_does_not_have_become_references() -> None:
    octets = written(message(**FILLED, areas=(Area("A", ({1: "ž Ж 🐎 \x80"},)),)))
    assert "ž &#1046; &#128014; &#128;".encode("windows-1250") in octets
    assert read(octets).findtext(".//SLOUPEC") == "ž Ж 🐎 \x80"


@given(
    rows=st.lists(st.dictionaries(st.integers(1, 99), TEXTS, max_size=4), max_size=5),
    code=TEXTS,
    encoding=st.sampled_from(["windows-1250", "utf-8", "utf-8-sig"]),
)
def test_what_was_written_is_what_is_read(
    rows: list[dict[int, Any]], code: str, encoding: Encoding
) -> None:
    root = read(written(message(**FILLED, areas=(Area(code, rows), Area("B"))), encoding))
    first, second = root.iterfind("DATA/DATOVA-OBLAST")
    assert (first.get("KOD"), second.get("KOD"), len(second)) == (code, "B", 0)
    assert [row.get("PORADI") for row in first] == [str(at) for at in range(1, len(rows) + 1)]
    told = [sorted((str(column), text) for column, text in row.items()) for row in rows]
    assert [sorted(values(row)) for row in first] == told
    assert all(
        list(map(int, row.xpath("*/@PORADI"))) == sorted(cells)
        for row, cells in zip(first, rows, strict=True)
    )


def test_rows_are_taken_one_by_one() -> None:
    """No more of them are in memory than are written at once."""
    lengths: list[int] = []

    class Narrow(BytesIO):
        def write(self, octets: Any) -> int:
            lengths.append(len(octets))
            return super().write(octets)

    with Narrow() as out:
        rows = ({1: "x" * 100} for _ in range(1000))
        write(message(**FILLED, areas=(Area("A", rows),)), out)
        assert out.getvalue().count(b"<RADEK") == 1000
    assert max(lengths) < 40_000


@pytest.mark.parametrize("of", [WHOLE, message(**FILLED), message(**FILLED, areas=())])
def test_messages_are_as_the_type_definition_wants_them(of: Message) -> None:
    definition = etree.DTD(str(Path(__file__).parents[3] / "contracts" / "sdns" / "vydani.dtd"))
    assert definition.validate(read(written(of))), definition.error_log
