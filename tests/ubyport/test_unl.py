"""UNL files: the official sample with other names, its variants in the wild, and bad ones."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from podatelna.ubyport.model import Batch, Guest, Header, Source
from podatelna.ubyport.rules import purpose_wrong
from podatelna.ubyport.unl import UnlFile, UnlRefused, read_unl
from tests.factories import FACTS
from tests.strategies import UNTIMED

SAMPLE = (Path(__file__).parent / "data" / "sample.unl").read_bytes()
NAME = "123456789012_2015_12_06_0431_vzor.unl"
OCTOBER = 10


def stay(until: int, *texts: str, purpose: int) -> Guest:
    surname, given_name, birth_date, nationality, residence, document, visa, note = texts
    return Guest(
        surname=surname,
        given_name=given_name,
        birth_date=birth_date,
        nationality=nationality,
        document_number=document,
        visa_number=visa,
        purpose=purpose,
        arrival=date(2015, OCTOBER, 1),
        departure=date(2015, OCTOBER, until),
        residence=residence,
        note=note,
    )


HEADER = Header(
    idub="123456789012",
    abbreviation="VODPO",
    name="Hotel Pošta",
    contact="tel: 261 197 135",
    district="Strakonice",
    town="Vodňany",
    town_part="Vodňany I",
    street="Alešova",
    house_number="26",
    orientation_number="",
    postal_code="38901",
)
GUESTS = (
    stay(2, "MUSTERMANN", "ERIKA", "25021974", "XXX", "Köln, Heidestraße 17", "321654", "999", "",
         purpose=1),
    stay(3, "VZORÁKOVÁ", "ŽOFIE", "15011977", "SYR", "Žilina, Ukážková 12", "987654", "123", "",
         purpose=2),
    stay(4, "PRZYKŁAD", "WZÓR", "13061970", "SCG", "Łódź, Próbna 32", "753159", "321", "",
         purpose=3),
    stay(5, "MINTA", "PÉLDA", "01011950", "BLZ", "Győr", "159753", "888", "", purpose=4),
    stay(6, "EXEMPLU", "ŞTEFAN", "00001950", "AFG", "Târgu, Strada 1234", "123456", "777", "",
         purpose=5),
    stay(7, "SAMPLE", "", "00002000", "DEU", "Berlin, Musterweg 45", "159753", "666",
         "host přijel bez zavazadel", purpose=6),
)  # fmt: skip
READ = UnlFile(
    batch=Batch(HEADER, GUESTS, want_pdf=True),
    ignored=0,
    source=Source(NAME, datetime(2015, 12, 6, 4, 31, 26)),  # noqa: DTZ001 - printed as it stands
)

A = "A|2|123456789012|VODPO|Hotel Pošta||||||26||38901|2015.12.06 04:31:26||"
U = "U|01.10.2015|02.10.2015|VZOROVÁ|ANNA||25.02.1974|||DEU|Köln|321654|999|01||"


def written(*rows: str) -> bytes:
    return "".join(row + "\r\n" for row in rows).encode("cp1250")


def read(*rows: str) -> UnlFile:
    """A file that is taken over."""
    found = read_unl(written(*rows), NAME)
    assert isinstance(found, UnlFile)
    return found


def a_with(position: int, text: str) -> str:
    """Record A with another text in a field; positions from 1, as in Appendix 3."""
    fields = A.split("|")
    fields[position - 1] = text
    return "|".join(fields)


def with_a(position: int, text: str) -> bytes:
    """A file of one guest with such a record A."""
    return written(a_with(position, text), U)


def guest_with(position: int, text: str) -> Guest:
    """What is read of a guest with another text in a field."""
    fields = U.split("|")
    fields[position - 1] = text
    (guest,) = read(A, "|".join(fields)).batch.guests
    assert guest is not None
    return guest


def test_sample() -> None:
    assert read_unl(SAMPLE, NAME) == READ


VARIANTS = {
    "line feeds only": SAMPLE.replace(b"\r\n", b"\n"),
    "no line end after the last record": SAMPLE.removesuffix(b"\r\n"),
    "line feeds, none after the last record": SAMPLE.replace(b"\r\n", b"\n").removesuffix(b"\n"),
    "a bar after the last field": SAMPLE.replace(b"\r\n", b"|\r\n"),
    "the date of a Java library": SAMPLE.replace(b"2015.12.06 ", b"06.12.2015 "),
    "spaces before bars": SAMPLE.replace(b"|", b"  |")
    .replace(b"U  |", b"U|")
    .replace(b"A  |", b"A|", 1),
}


@pytest.mark.parametrize("content", VARIANTS.values(), ids=VARIANTS.keys())
def test_variants_that_public_writers_make(content: bytes) -> None:
    assert content != SAMPLE
    assert read_unl(content, NAME) == READ


def test_six_characters_of_a_test_facility_and_letters_in_an_idub() -> None:
    header = read(a_with(3, "ABCdef12345678").replace("VODPO", "TWS000"), U).batch.header
    assert (header.idub, header.abbreviation) == ("ABCdef12345678", "TWS000")


FIRST = UnlRefused(1, "typ záznamu", "an A record of 16 fields comes first")
NO_GUESTS = UnlRefused(0, "", "a file has 1 to 99 U records, this one 0")


def in_header(field: str, why: str) -> UnlRefused:
    return UnlRefused(1, field, f"expected {why}")


def not_in_1250(line: int, octet: str) -> UnlRefused:
    return UnlRefused(line, "", f"byte {octet} is not Windows-1250")


BAD_FILES = {
    "an empty file": (b"", FIRST),
    "a line end": (b"\r\n", FIRST),
    "guests without a facility": (written(U), FIRST),
    "a small a": (written("a" + A[1:], U), FIRST),
    "a field too few": (written(A[:-1], U), FIRST),
    "a field too many": (written(A + "|x", U), FIRST),
    "two bars too many": (written(A + "||", U), FIRST),
    "old line ends": (written(A, U).replace(b"\r\n", b"\r"), FIRST),
    "a mark of UTF-8": (b"\xef\xbb\xbf" + written(A, U), FIRST),
    "a huge line": (b"A" * 2_000_000, FIRST),
    "many bars": (b"|" * 2_000_000, FIRST),
    "an old format": (with_a(2, "1"), in_header("formát", "2, got '1'")),
    "no format": (with_a(2, ""), in_header("formát", "2, got ''")),
    "11 characters": (
        with_a(3, "1" * 11), in_header("IDUB", f"12 to 14 letters and digits, got '{'1' * 11}'")),
    "15 characters": (
        with_a(3, "1" * 15), in_header("IDUB", f"12 to 14 letters and digits, got '{'1' * 15}'")),
    "a sign in an IDUB": (
        with_a(3, "12345678901-"),
        in_header("IDUB", "12 to 14 letters and digits, got '12345678901-'")),
    "4 characters": (
        with_a(4, "VODP"), in_header("zkratka", "5 or 6 letters and digits, got 'VODP'")),
    "7 characters": (
        with_a(4, "VODPOST"), in_header("zkratka", "5 or 6 letters and digits, got 'VODPOST'")),
    "an accent": (
        with_a(4, "VODŇA"), in_header("zkratka", "5 or 6 letters and digits, got 'VODŇA'")),
    "a space in a postal code": (
        with_a(13, "389 01"), in_header("PSČ", "5 digits, got '389 01'")),
    "a date without a time": (
        with_a(14, "2015.12.06"),
        in_header("datum a čas exportu", "yyyy.mm.dd HH:MM:SS, got '2015.12.06'")),
    "a day that is none": (
        with_a(14, "2015.02.30 04:31:26"),
        in_header("datum a čas exportu", "yyyy.mm.dd HH:MM:SS, got '2015.02.30 04:31:26'")),
    "a huge field": (
        with_a(14, "x" * 100_000),
        in_header("datum a čas exportu", f"yyyy.mm.dd HH:MM:SS, got '{'x' * 40}'")),
    "no guest": (written(A), NO_GUESTS),
    "no guest but ignored rows": (written(A, A, "", U[:-1]), NO_GUESTS),
    "100 guests": (
        written(A, *[U] * 100),
        UnlRefused(101, "", "a file has 1 to 99 U records, this one 100")),
    "101 guests between ignored rows": (
        written(A, "", *[U] * 50, "", *[U] * 51),
        UnlRefused(103, "", "a file has 1 to 99 U records, this one 101")),
    "UTF-8": (f"{A}\r\n{U}".encode(), not_in_1250(2, "0x81")),
    "an octet that is nothing, in record A": (b"A|2\x98" + SAMPLE, not_in_1250(1, "0x98")),
    "an octet that is nothing, on the third line": (
        SAMPLE.replace("ŽOFIE".encode("cp1250"), b"\x90\x81"), not_in_1250(3, "0x90")),
    "an octet that is nothing, at the end": (SAMPLE + b"\x83", not_in_1250(8, "0x83")),
}  # fmt: skip


@pytest.mark.parametrize(("content", "refused"), BAD_FILES.values(), ids=BAD_FILES.keys())
def test_bad_files(content: bytes, refused: UnlRefused) -> None:
    assert read_unl(content, NAME) == refused


@pytest.mark.parametrize("count", [1, 2, 98, 99])
def test_up_to_99_guests(count: int) -> None:
    assert len(read(A, *[U] * count).batch.guests) == count


@pytest.mark.parametrize(
    "row", ["", "U", A, U.replace("U", "u", 1), U[:-1], U + "||", U + "|x", " " + U, "X" + U[1:]]
)
def test_rows_without_the_skeleton_of_a_guest_are_ignored(row: str) -> None:
    alone = read(A, U)
    assert read(A, row, U) == replace(alone, ignored=1)
    assert read(A, U, row, row) == replace(alone, ignored=2)


FIELDS = [
    # field, its text               member            what is read of it
    (2, "31.12.2015", "arrival", date(2015, 12, 31)),
    (2, "31.11.2015", "arrival", None),
    (2, "1.10.2015", "arrival", None),
    (2, "2015-10-01", "arrival", None),
    (2, "01.10.15", "arrival", None),
    (2, "00.10.2015", "arrival", None),
    (2, "01.10.0000", "arrival", None),
    (2, "", "arrival", None),
    (3, "01.10.2015 12:00", "departure", None),
    (3, "01.10.2015", "departure", date(2015, 10, 1)),
    (4, "", "surname", ""),
    (4, "  VAN  DER  ", "surname", "  VAN  DER"),
    (5, "", "given_name", ""),
    (7, "00.02.1974", "birth_date", "00021974"),
    (7, "25021974", "birth_date", "25021974"),
    (7, "", "birth_date", ""),
    (10, "", "nationality", ""),
    (11, "Žďár, ul. Nová 1", "residence", "Žďár, ul. Nová 1"),
    (12, "ab 12", "document_number", "ab 12"),
    (13, "", "visa_number", ""),
    (14, "00", "purpose", 0),
    (14, "99", "purpose", 99),
    (14, "", "purpose", None),
    (16, "PŘEDCHOZÍ OZNÁMENÍ", "note", "PŘEDCHOZÍ OZNÁMENÍ"),
]


@pytest.mark.parametrize(("position", "text", "member", "value"), FIELDS)
def test_field(position: int, text: str, member: str, value: object) -> None:
    assert getattr(guest_with(position, text), member) == value


@pytest.mark.parametrize("text", ["7", "007", "-1", "1.", "x", "9" * 5000])
def test_a_purpose_that_is_not_two_digits_is_in_no_code_list(text: str) -> None:
    assert purpose_wrong.broken(guest_with(14, text), FACTS)


@pytest.mark.parametrize("position", [6, 8, 9, 15])
def test_reserves_are_not_read(position: int) -> None:
    assert guest_with(position, "anything") == guest_with(1, "U")


# --- properties

rows = st.lists(st.sampled_from([A.encode("cp1250"), U.encode("cp1250"), b"", b"|", b"\x81"]))
nearly_files = st.builds(b"\r\n".join, rows)
fields = st.lists(st.binary(max_size=20), min_size=16, max_size=16)
guest_rows = fields.map(lambda it: b"|".join([A.encode("cp1250") + b"\nU", *it[1:]]))


@UNTIMED
@given(st.binary() | nearly_files | guest_rows)
@example(b"\x00")
@example(SAMPLE[:-7])
@example(SAMPLE * 2)
def test_no_file_is_a_surprise(content: bytes) -> None:
    found = read_unl(content, NAME)
    lines = content.count(b"\n") + 1
    if isinstance(found, UnlRefused):
        assert 0 <= found.line <= lines
        assert found.why
    else:
        assert 1 <= len(found.batch.guests) <= 99
        assert len(found.batch.guests) + found.ignored in (lines - 1, lines - 2)
