"""The receipt: its rows against an observed one, and the PDF as clients read it."""

import re
import string
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pypdf
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from podatelna.ubyport.paper import FONTS, print_receipt
from podatelna.ubyport.receipt import (
    MARGIN,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    ReceiptLine,
    ReceiptSheet,
    Row,
    receipt_rows,
)

OBSERVED = (Path(__file__).parent / "data" / "receipt.txt").read_text(encoding="utf-8")
PRAGUE = ZoneInfo("Europe/Prague")
SIGN_WIDTH = 0.55
DUPLICATE = "Záznam s hostem je duplicitní a byl již zpracován v jedné z předchozích dávek"

GUEST = ReceiptLine(
    surname="Bonifác",
    given_name="Vozembouch",
    birth_date="27021958",
    nationality="ROU",
    document_number="RO3253031",
    visa_number="VZ878480",
    purpose="99",
    arrival=date(2025, 11, 1),
    departure=date(2027, 2, 13),
    residence="Timioara, Piata Victoriei 40",
    note="Testovaci zamestnanec 1 - ROU",
)
GUESTS = (
    GUEST,
    replace(
        GUEST,
        surname="Sarkofág",
        given_name="Veliký",
        birth_date="28041978",
        document_number="RO3253784",
        visa_number="",
        arrival=date(2025, 11, 2),
        departure=date(2026, 12, 29),
        residence="Timioara, Piata Victoriei 41",
        note="Testovaci zamestnanec 2 - ROU",
    ),
    replace(
        GUEST,
        surname="Tomáš",
        given_name="Jasný",
        birth_date="03072003",
        nationality="SVK",
        document_number="SK236988",
        visa_number="",
        arrival=date(2025, 10, 3),
        departure=date(2027, 2, 1),
        residence="Nadrazni 31, Bratislava",
        note="Testovaci zamestnanec 3 SVK",
    ),
    replace(
        GUEST,
        surname="Borka",
        given_name="Jorka",
        birth_date="01112001",
        nationality="UKR",
        document_number="UKR369852",
        visa_number="VZ625187",
        arrival=date(2025, 11, 24),
        departure=date(2026, 7, 16),
        residence="Ukrajina",
        note="Testovaci zamestnanec 4 UKR",
    ),
    replace(
        GUEST,
        surname="Sarka",
        given_name="Farka",
        birth_date="05061998",
        nationality="ALB",
        document_number="SVK987456",
        visa_number="",
        arrival=date(2025, 11, 23),
        departure=date(2026, 2, 1),
        residence="Nadrazni 31, Bratislava",
        note="Testovaci zamestnanec 5 ALB",
        error=DUPLICATE,
    ),
    replace(
        GUEST,
        surname="Maluch",
        given_name="Polski",
        birth_date="06061990",
        nationality="POL",
        document_number="PL7210606",
        visa_number="VZ835911",
        arrival=date(2025, 10, 9),
        departure=date(2027, 1, 7),
        residence="Gdańsk, ul. Długa 19",
        note="Testovaci zamestnanec 6 - POL",
    ),
    replace(
        GUEST,
        surname="Ihor",
        given_name="Kyrylov",
        birth_date="12082001",
        nationality="UKR",
        document_number="UKR639745",
        visa_number="VZ316874",
        arrival=date(2025, 11, 27),
        departure=date(2027, 5, 31),
        residence="Ukrajina",
        note="Testovaci zamestnanec 7 UKR",
    ),
)
EMPTY = ReceiptSheet(
    idub="2196201250000",
    abbreviation="TWS000",
    user="UBY-WS_TWS000",
    facility_name="Test WS - Ukazkova s.r.o.",
    facility_address="Praha, Nové Město, Ukázková 1234/20",
    stamp="45f05079-c967-4013-a6bb-7333f0f8a557",
    delivered=datetime(2025, 11, 29, 2, 28, 9, tzinfo=PRAGUE),
    refused=(),
    accepted=(),
)
SHEET = replace(EMPTY, accepted=GUESTS)
BAD = replace(GUEST, error="Nekorektní datum ubytování od")


def pages(rows: list[Row]) -> list[list[Row]]:
    starts = [place for place, row in enumerate(rows) if row.new_page]
    return [rows[start:stop] for start, stop in pairwise([*starts, len(rows)])]


def texts(rows: list[Row]) -> list[str]:
    return [row.text for row in rows]


def printed(pdf: bytes) -> list[list[str]]:
    """The rows of each page as pypdf reads them; it drops empty ones."""
    return [page.extract_text().splitlines() for page in pypdf.PdfReader(BytesIO(pdf)).pages]


def fonts(pdf: bytes) -> Iterator[tuple[str, bytes]]:
    """Names and embedded files of the fonts that the first page uses."""
    for font in pypdf.PdfReader(BytesIO(pdf)).pages[0]["/Resources"]["/Font"].values():
        descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
        yield font["/BaseFont"], descriptor["/FontFile2"].get_data()


class TestRows:
    def test_are_those_of_the_observed_receipt(self) -> None:
        got = "\n\f\n".join("\n".join(texts(page)) for page in pages(receipt_rows(SHEET)))
        assert got + "\n" == OBSERVED

    def test_are_set_like_the_observed_receipt(self) -> None:
        first, second = pages(receipt_rows(SHEET))
        head = Row(first[0].text, size=14, step=14, bold=True, new_page=True)
        assert first[0] == head
        assert {(row.size, row.step, row.bold) for row in first[1:11]} == {(10, 11, False)}
        assert {(row.size, row.step, row.bold) for row in first[11:]} == {(8, 8, False)}
        assert {(row.size, row.step, row.bold) for row in second} == {(8, 8, False)}

    def test_of_an_empty_filing_still_show_both_lists(self) -> None:
        first, second = pages(receipt_rows(EMPTY))
        assert texts(first)[6] == f"  Celkový počet záznamů:       0{74 * ' '}" + (
            "Počet ignorovaných záznamů: 0"
        )
        assert texts(first)[-1].startswith("  POKRAČOVÁNÍ NA DALŠÍ STRÁNCE ---")
        assert [text.strip(" =") for text in texts(second)[1:2]] == ["SEZNAM PŘIJATÝCH ZÁZNAMŮ"]
        assert texts(second)[4:] == [
            "  " + 178 * "_",
            "  ***  Datum nar. - datum narození; STP - státní občanství; ÚP - Účel pobytu;"
            " Datum od - datum ubytování od; Datum do - datum ubytování do;",
            f"  KONEC DORUČENKY {84 * '-'} ©CODE : "
            "45F05079-C967-4013-A6BB-7333F0F8A557-2196201250000-29-11-2025-22809-0",
        ]

    def test_of_a_refused_guest_give_the_reason(self) -> None:
        first, _ = pages(receipt_rows(replace(SHEET, refused=(BAD,), ignored=3)))
        assert [text.split(":")[1].split() for text in texts(first)[6:9]] == [
            ["8", "Počet", "ignorovaných", "záznamů"],
            ["1"],
            ["7"],
        ]
        assert texts(first)[6].endswith("Počet ignorovaných záznamů: 3")
        assert texts(first)[14:19] == [
            "  001 ERR: " + 171 * "-",
            "  Bonifác                                            | Vozembouch               "
            "| 27021958   | ROU | RO3253031                      | VZ878480        | 99 "
            "| 01.11.2025 | 13.02.2027",
            "  Timioara, Piata Victoriei 40" + 101 * " " + "| Testovaci zamestnanec 1 - ROU",
            "   ERR: Nekorektní datum ubytování od",
            "",
        ]
        assert texts(first)[-1].endswith("-29-11-2025-22809-1")

    def test_print_each_error_of_a_guest(self) -> None:
        guest = replace(GUEST, error="Nekorektní číslo víza\n\nOznámeno pozdě\n")
        first, _ = pages(receipt_rows(replace(EMPTY, refused=(guest,))))
        assert texts(first)[17:21] == [
            "   ERR: Nekorektní číslo víza",
            "   ERR: Oznámeno pozdě",
            "",
            "  " + 178 * "_",
        ]

    def test_cut_off_what_is_longer_than_its_column(self) -> None:
        long = ReceiptLine(
            *(letter * 300 for letter in "ABCDEFG"), date(1, 1, 1), date(9999, 12, 31), *"HI"
        )
        long = replace(long, residence="H" * 300, note="I" * 300, error="J" * 300)
        _, second = pages(receipt_rows(replace(EMPTY, accepted=(long,))))
        assert texts(second)[5:8] == [
            "  "
            + " | ".join(
                letter * width
                for letter, width in zip("ABCDEFG", (50, 24, 10, 3, 30, 15, 2), strict=True)
            )
            + " | 01.01.0001 | 31.12.9999",
            f"  {'H' * 128} | {'I' * 47}",
            f"   ERR: {'J' * 174}",
        ]

    def test_of_the_header_are_cut_off_at_the_page_edge(self) -> None:
        sheet = replace(EMPTY, idub="1" * 99, facility_name="ß" * 99, user="u" * 200)
        rows = texts(receipt_rows(sheet))
        assert rows[1] == (f"  IDUB: {'1' * 99}Datum doručení oznámení:29.11.2025 2:28")
        assert rows[2:4] == [
            f"  Uživatel: {'u' * 138}",
            f"  Ubytovací zařízení         : {'S' * 119}",
        ]

    def test_hold_one_character_to_a_column(self) -> None:
        guest = replace(GUEST, surname="Ru\u030aže\u030cna", given_name="A\tB\nC\u00a0D\ud800E")
        _, second = pages(receipt_rows(replace(EMPTY, accepted=(guest,))))
        assert texts(second)[5].startswith(f"  {'Růžěna':50} | {'A B C D E':24} | 27021958 ")

    @pytest.mark.parametrize(
        ("idub", "at", "mark"),
        [
            ("100227887600", datetime(2026, 1, 2, 0, 3, 4, tzinfo=PRAGUE), "02-01-2026-00304-0"),
            (
                "10016201258899",
                datetime(2026, 7, 31, 23, 59, 58, tzinfo=PRAGUE),
                "31-07-2026-235958-0",
            ),
        ],
    )
    def test_end_with_a_code_line_of_fixed_width(self, idub: str, at: datetime, mark: str) -> None:
        rows = receipt_rows(replace(EMPTY, idub=idub, delivered=at))
        for page, label in zip(
            pages(rows), ("POKRAČOVÁNÍ NA DALŠÍ STRÁNCE", "KONEC DORUČENKY"), strict=True
        ):
            code = f" ©CODE : 45F05079-C967-4013-A6BB-7333F0F8A557-{idub}-{mark}"
            assert page[-1].text == f"  {label} ".ljust(180 - len(code), "-") + code

    def test_of_an_import_name_the_file(self) -> None:
        sheet = replace(
            EMPTY,
            source_file="123456789012_2015_12_06_0431_vzor.unl",
            source_file_created=datetime(2015, 12, 6, 4, 31, tzinfo=PRAGUE),
        )
        rows, plain = texts(receipt_rows(sheet)), texts(receipt_rows(EMPTY))
        left = "  Název importovaného souboru UNL: 123456789012_2015_12_06_0431_vzor.unl"
        assert rows[5] == f"{left:107}Datum vytvoření souboru:06.12.2015 4:31"
        assert rows[:5] + rows[6:] == plain

    def test_of_an_import_do_without_the_date(self) -> None:
        rows = texts(receipt_rows(replace(EMPTY, source_file="vzor.unl")))
        assert rows[5] == "  Název importovaného souboru UNL: vzor.unl"

    def test_can_leave_the_accepted_out(self) -> None:
        sheet = replace(SHEET, refused=(BAD, BAD))
        rows = receipt_rows(sheet, only_refused=True)
        whole = pages(receipt_rows(sheet))[0]
        assert rows[:-3] == whole[:-2]
        assert texts(rows)[-2].startswith("  ***  Datum nar.")
        assert re.fullmatch(r"  KONEC DORUČENKY -+ ©CODE : .*-22809-2", rows[-1].text)


class TestPageBreaks:
    @pytest.mark.parametrize(
        ("refused", "accepted", "on_each"),
        [
            (0, 19, [0, 19]),
            (0, 20, [0, 19, 1]),
            (0, 32, [0, 19, 13]),
            (0, 99, [0, 19, 19, 19, 19, 19, 4]),
            (8, 0, [8, 0]),
            (32, 3, [8, 11, 11, 2, 3]),
        ],
    )
    def test_come_when_the_page_is_full(
        self, refused: int, accepted: int, on_each: list[int]
    ) -> None:
        sheet = replace(EMPTY, refused=(BAD,) * refused, accepted=(GUEST,) * accepted)
        got = pages(receipt_rows(sheet))
        assert [sum("27021958" in row.text for row in page) for page in got] == on_each
        assert all(sum(row.step for row in page) <= PAGE_HEIGHT - 2 * MARGIN for page in got)

    def test_repeat_the_titles_and_say_that_the_receipt_goes_on(self) -> None:
        _, second, third = pages(receipt_rows(replace(EMPTY, accepted=(GUEST,) * 20)))
        assert third[:4] == second[:4]
        assert third[4].text == f"  020 {176 * '-'}"
        assert texts(second)[-2] == "  " + 178 * "_"
        assert re.fullmatch(
            r"  POKRAČOVÁNÍ NA DALŠÍ STRÁNCE -{70} ©CODE : .*-22809-20", second[-1].text
        )

    def test_never_tear_a_guest_apart_for_many_errors(self) -> None:
        hopeless = replace(GUEST, error="\n".join(["Nekorektní jméno"] * 500))
        got = pages(receipt_rows(replace(EMPTY, refused=(hopeless,) * 2)))
        assert [sum("ERR: N" in row.text for row in page) for page in got] == [30, 30, 0]
        assert all(sum(row.step for row in page) <= PAGE_HEIGHT - 2 * MARGIN for page in got)


short, long = st.text(max_size=6), st.text().map(lambda text: text * 30)
values = short | long
lines = st.builds(
    ReceiptLine,
    *[values] * 7,
    arrival=st.dates(),
    departure=st.dates(),
    residence=values,
    note=values,
    error=values,
)
# Many guests are few different ones, again and again: that breaks pages as well, and is quick.
lists = st.builds(
    lambda guests, times: tuple(guests) * times, st.lists(lines, max_size=3), st.integers(1, 20)
)
sheets = st.builds(
    ReceiptSheet,
    *[values] * 6,
    delivered=st.datetimes(timezones=st.just(PRAGUE)),
    refused=lists,
    accepted=lists,
    ignored=st.integers(0, 999),
    source_file=values,
)


@settings(max_examples=50, deadline=None)
@given(sheets)
def test_any_guests_are_counted_and_fit_the_page(sheet: ReceiptSheet) -> None:
    rows = receipt_rows(sheet)
    heading = re.compile(r"  \d{3} (?:ERR: )?-+")
    second_list = next(
        place
        for place, row in enumerate(rows)
        if row.text.strip(" =") == "SEZNAM PŘIJATÝCH ZÁZNAMŮ"
    )
    found = [bool(heading.fullmatch(row.text)) for row in rows]
    counts = [
        re.search(label + r":\s+(\d+)", "\n".join(texts(rows))).group(1)
        for label in (
            "Celkový počet záznamů",
            "Seznam nepřijatých záznamů",
            "Počet přijatých záznamů",
        )
    ]
    refused, accepted = len(sheet.refused), len(sheet.accepted)
    assert counts == [str(refused + accepted), str(refused), str(accepted)]
    assert [sum(found[:second_list]), sum(found[second_list:])] == [refused, accepted]
    assert all(MARGIN + len(row.text) * row.size * SIGN_WIDTH <= PAGE_WIDTH for row in rows)
    assert all(len(row.text) <= 182 for row in rows)
    assert all(row.text.isprintable() and row.text == row.text.rstrip() for row in rows)
    for page in pages(rows):
        assert sum(row.step for row in page) <= PAGE_HEIGHT - 2 * MARGIN


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return print_receipt(SHEET)


class TestPaper:
    def test_reads_as_the_observed_receipt(self, pdf: bytes) -> None:
        assert printed(pdf) == [
            [line for line in page.splitlines() if line] for page in OBSERVED.split("\f")
        ]

    def test_reads_alike_with_another_reader(self, pdf: bytes) -> None:
        document = pypdfium2.PdfDocument(pdf)
        words = [document[page].get_textpage().get_text_range().split() for page in range(2)]
        document.close()
        assert words == [page.split() for page in OBSERVED.split("\f")]

    def test_answers_the_expressions_that_clients_use(self) -> None:
        sheet = replace(SHEET, refused=(BAD, BAD), ignored=12)
        text = "".join(
            page.extract_text() for page in pypdf.PdfReader(BytesIO(print_receipt(sheet))).pages
        )
        tight = re.sub(r"\s+", "", text)
        expressions = {
            r"Celkový počet záznamů:\s*(\d+)": ["9"],
            r"Počet přijatých záznamů:\s*(\d+)": ["7"],
            r"Seznam nepřijatých záznamů:\s*(\d+)": ["2"],
            r"(\d+)\s*ERR:": ["001", "002", "005"],
            r"SEZNAM\s*NEP\wIJAT\wCH\s*Z\wZNAM\w": ["SEZNAM NEPŘIJATÝCH ZÁZNAMŮ"],
            r"SEZNAM\s*P\wIJAT\wCH\s*Z\wZNAM\w": ["SEZNAM PŘIJATÝCH ZÁZNAMŮ"],
        }
        assert {each: re.findall(each, text) for each in expressions} == expressions
        reason = r"(\d+)\s*ERR:.*?\n\s*(\w+)\s*\|\s*(\w+)\s*\|.*?\n.*?ERR:\s*([^\n]+)"
        assert re.findall(reason, text, re.DOTALL) == [
            ("001", "Bonifác", "Vozembouch", "Nekorektní datum ubytování od"),
            ("002", "Bonifác", "Vozembouch", "Nekorektní datum ubytování od"),
            ("005", "Sarka", "Farka", DUPLICATE),
        ]
        assert re.findall(r"Početignorovanýchzáznamů:(\d+)", tight) == ["12"]
        assert re.findall(r"IDUB:(\d+)", tight) == ["2196201250000"]

    def test_is_a_plain_landscape_pdf_1_4(self, pdf: bytes) -> None:
        reader = pypdf.PdfReader(BytesIO(pdf))
        assert reader.pdf_header == "%PDF-1.4"
        assert [tuple(map(float, page.mediabox)) for page in reader.pages] == [
            (0, 0, 850.39, 566.93)
        ] * 2
        assert reader.metadata == {
            "/Producer": "podatelna",
            "/CreationDate": "D:20251129022809+01'00'",
        }
        assert {"/AcroForm", "/Metadata"} & set(reader.root_object) == set()

    def test_gives_the_date_the_offset_of_summer(self) -> None:
        summer = replace(EMPTY, delivered=datetime(2026, 7, 1, 12, 0, tzinfo=PRAGUE))
        metadata = pypdf.PdfReader(BytesIO(print_receipt(summer))).metadata
        assert metadata is not None
        assert metadata["/CreationDate"] == "D:20260701120000+02'00'"

    def test_embeds_both_fonts(self, pdf: bytes) -> None:
        embedded = dict(fonts(pdf))
        assert [name.partition("+")[2] for name in embedded] == [
            "PodatelnaMono",
            "PodatelnaMonoBold",
        ]
        for file in embedded.values():
            with TTFont(BytesIO(file)) as font:
                assert {"glyf", "loca", "hmtx"} <= set(font.keys())

    def test_starts_every_row_at_the_margin(self, pdf: bytes) -> None:
        starts = []
        for page in pypdf.PdfReader(BytesIO(pdf)).pages:
            page.extract_text(
                visitor_text=lambda text, _, matrix, font, size: (
                    starts.append((matrix[4], PAGE_HEIGHT - matrix[5], size))
                    if text.strip()
                    else None
                )
            )
        assert {x for x, _, _ in starts} == {20}
        assert [(round(y), size) for _, y, size in starts[:3]] == [(34, 14), (45, 10), (56, 10)]

    @pytest.mark.parametrize(("guests", "expected"), [(0, 2), (1, 2), (32, 3), (99, 7)])
    def test_has_the_pages_that_the_rows_ask_for(self, guests: int, expected: int) -> None:
        sheet = replace(EMPTY, accepted=(GUEST,) * guests)
        got = printed(print_receipt(sheet))
        assert len(got) == expected
        assert got == [
            [row.text for row in page if row.text] for page in pages(receipt_rows(sheet))
        ]

    def test_can_show_the_refused_only(self) -> None:
        sheet = replace(SHEET, refused=(BAD,))
        got = printed(print_receipt(sheet, only_refused=True))
        assert got == [[row.text for row in receipt_rows(sheet, only_refused=True) if row.text]]

    def test_is_the_same_for_equal_sheets(self, pdf: bytes) -> None:
        assert print_receipt(replace(SHEET)) == pdf
        assert print_receipt(replace(SHEET, ignored=1)) != pdf

    def test_keeps_the_letters_of_central_europe(self) -> None:
        letters = "".join(
            sign for sign in bytes(range(128, 256)).decode("cp1250", "ignore") if sign.isalpha()
        )
        guest = replace(GUEST, residence=letters + "șțȘȚ€©", note=string.punctuation)
        row = printed(print_receipt(replace(EMPTY, accepted=(guest,))))[1][5]
        assert row == f"  {letters + 'șțȘȚ€©':128} | {string.punctuation}"

    def test_marks_what_cannot_be_printed_without_a_warning(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        guest = replace(GUEST, surname="Иван 王", given_name="🐎")
        row = printed(print_receipt(replace(EMPTY, accepted=(guest,))))[1][4]
        assert row.startswith(f"  {'???? ?':50} | {'?':24} | 27021958")
        assert caplog.messages == []

    def test_costs_nothing_until_it_is_asked_for(self) -> None:
        code = "import sys, podatelna.ubyport.paper; sys.exit('fpdf' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("file", FONTS.values(), ids=lambda file: file.stem)
def test_font_is_as_wide_as_the_agencys(file: Path) -> None:
    with TTFont(file) as font:
        widths = {font["hmtx"][glyph][0] for glyph in font.getBestCmap().values()}
        assert widths == {SIGN_WIDTH * font["head"].unitsPerEm}


def test_fonts_come_with_their_licence() -> None:
    licence = (FONTS[""].parent / "OFL.txt").read_text(encoding="utf-8")
    assert licence.startswith("Copyright 2006 The Inconsolata Project Authors")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
