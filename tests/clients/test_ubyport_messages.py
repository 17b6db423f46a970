"""The requests that the Ubyport client writes, and the codes that it reads: for any values."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from podatelna_client import soap
from podatelna_client.soap import Fault, Unreadable
from podatelna_client.ubyport import Facility, Guest, InvalidInput, PartialDate, reading, writing

UBY = "{http://UBY.pcr.cz/WS_UBY}"
DATA = "{http://schemas.datacontract.org/2004/07/WS_UBY}"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"

# The tables of the contract, once more and by hand: a member that comes late is lost in silence.
GUEST_MEMBERS = [
    "cDate",
    "cDocN",
    "cFirstN",
    "cFrom",
    "cNati",
    "cNote",
    "cPlac",
    "cPurp",
    "cResi",
    "cSpz",
    "cSurN",
    "cUntil",
    "cVisN",
]
HEADER_MEMBERS = [
    "Ubytovani",
    "VracetPDF",
    "uCont",
    "uHomN",
    "uIdub",
    "uMark",
    "uName",
    "uOb",
    "uObCa",
    "uOkr",
    "uOriN",
    "uPsc",
    "uStr",
]

UNTIMED = settings(deadline=None)

WRITABLE = st.text(
    st.characters(
        exclude_categories=["Cs"],
        exclude_characters="".join(map(chr, [*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])),
    )
)
MAYBE = st.none() | WRITABLE
MOMENTS = st.dates() | st.datetimes()
PARTIAL = st.builds(PartialDate, st.integers(1, 9999), st.none() | st.integers(1, 12))
GUESTS = st.builds(
    Guest,
    surname=MAYBE,
    given_name=MAYBE,
    birth_date=st.none() | st.dates() | PARTIAL | WRITABLE,
    nationality=MAYBE,
    document_number=MAYBE,
    arrival=MOMENTS,
    departure=MOMENTS,
    visa_number=MAYBE,
    purpose=st.none() | st.integers(-(2**31), 2**31 - 1),
    residence=MAYBE,
    note=MAYBE,
)
FACILITIES = st.builds(Facility, **dict.fromkeys(Facility.__slots__, MAYBE))


def stay(**changes: object) -> Guest:
    values: dict[str, object] = {
        "surname": "VZOROVÁ",
        "given_name": "ANNA",
        "birth_date": date(1980, 2, 1),
        "nationality": "SVK",
        "document_number": "EA123456",
        "arrival": date(2026, 3, 2),
        "departure": date(2026, 3, 4),
    }
    return Guest(**{**values, **changes})  # type: ignore[arg-type]  # any value, to be refused


def written(guest: Guest, member: str) -> str | None:
    """A member of the only guest, null as None."""
    message = writing.filing(Facility(idub="1", abbreviation="A"), [guest], want_pdf=False)
    element = etree.fromstring(message).find(f".//{DATA}Ubytovany/{DATA}{member}")
    assert element is not None
    return None if element.get(NIL) == "true" else element.text or ""


def texts(parent: etree._Element, names: list[str]) -> list[str | None]:
    found = [parent.find(f"{DATA}{name}") for name in names]
    return [None if element.get(NIL) == "true" else element.text or "" for element in found]


@UNTIMED
@given(FACILITIES, st.lists(GUESTS, max_size=3), st.booleans())
def test_any_filing_is_xml_with_all_members_in_order(facility, guests, want_pdf):
    payload = soap.read(writing.filing(facility, guests, want_pdf=want_pdf))

    assert payload.tag == f"{UBY}ZapisUbytovane"
    assert [child.tag for child in payload] == [f"{UBY}AutentificationCode", f"{UBY}Seznam"]
    code, header = payload
    assert code.text == "X"
    assert [child.tag for child in header] == [f"{DATA}{name}" for name in HEADER_MEMBERS]
    assert header[1].text == ("true" if want_pdf else "false")
    assert [record.tag for record in header[0]] == [f"{DATA}Ubytovany"] * len(guests)
    for record in header[0]:
        assert [child.tag for child in record] == [f"{DATA}{name}" for name in GUEST_MEMBERS]


@UNTIMED
@given(FACILITIES, GUESTS)
@example(Facility(idub="\r\n", abbreviation=""), stay(surname="\r", note=" ]]> & <", residence=""))
def test_any_text_arrives_as_it_was_given(facility, guest):
    payload = soap.read(writing.filing(facility, [guest], want_pdf=True))
    header = payload[1]

    assert texts(header, HEADER_MEMBERS[2:]) == [
        facility.contact,
        facility.house_number,
        facility.idub,
        facility.abbreviation,
        facility.name,
        facility.town,
        facility.town_part,
        facility.district,
        facility.orientation_number,
        facility.postal_code,
        facility.street,
    ]
    assert texts(
        header[0][0], ["cDocN", "cFirstN", "cNati", "cNote", "cResi", "cSurN", "cVisN"]
    ) == [
        guest.document_number,
        guest.given_name,
        guest.nationality,
        guest.note,
        guest.residence,
        guest.surname,
        guest.visa_number,
    ]


@UNTIMED
@given(GUESTS)
def test_members_that_cannot_be_null_never_are(guest):
    day = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"

    assert re.fullmatch(day, written(guest, "cFrom") or "")
    assert re.fullmatch(day, written(guest, "cUntil") or "")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(1980, 2, 1), "01021980"),
        (PartialDate(1950), "00001950"),
        (PartialDate(1950, 7), "00071950"),
        (PartialDate(1950, 7, 4), "04071950"),
        ("01.01.1911", "01.01.1911"),
        ("", ""),
        (None, None),
    ],
)
def test_birth_date(value, expected):
    assert written(stay(birth_date=value), "cDate") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2026, 3, 2), "2026-03-02T00:00:00"),
        (datetime(2026, 3, 2, 14, 5, 6, 999), "2026-03-02T14:05:06"),  # noqa: DTZ001 - a hotel's
        # Half past eleven in Greenwich is the next day in Prague.
        (datetime(2026, 3, 1, 23, 30, tzinfo=UTC), "2026-03-02T00:30:00"),
        (datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2))), "2026-07-01T12:00:00"),
        (date(1, 1, 1), "0001-01-01T00:00:00"),
    ],
)
def test_moment(value, expected):
    assert written(stay(arrival=value), "cFrom") == expected


@pytest.mark.parametrize(("value", "expected"), [(0, "0"), (99, "99"), (None, None), (True, "1")])
def test_purpose(value, expected):
    assert written(stay(purpose=value), "cPurp") == expected


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"surname": "A\x00B"}, "surname holds U+0000, which XML 1.0 cannot carry"),
        ({"note": "\x1f"}, "note holds U+001F, which XML 1.0 cannot carry"),
        ({"residence": "\ud800"}, "residence holds U+D800, which XML 1.0 cannot carry"),
        ({"birth_date": "\uffff"}, "birth_date holds U+FFFF, which XML 1.0 cannot carry"),
        ({"document_number": 123456}, "document_number must be text, not int"),
        ({"arrival": "2026-03-02"}, "arrival must be a date, not str"),
        ({"departure": None}, "departure must be a date, not NoneType"),
        ({"purpose": 2**31}, "purpose must be a whole number of 32 bits"),
        ({"purpose": "99"}, "purpose must be a whole number of 32 bits"),
        (
            {"arrival": datetime(9999, 12, 31, 23, 30, tzinfo=UTC)},
            "arrival date value out of range",
        ),
    ],
)
def test_what_cannot_be_written_is_refused_with_its_place(changes, sentence):
    facility = Facility(idub="1", abbreviation="A")

    with pytest.raises(InvalidInput) as caught:
        writing.filing(facility, [stay(), stay(**changes)], want_pdf=True, first=33)

    assert str(caught.value) == f"guest 34: {sentence}"


def test_the_facility_is_checked_too():
    with pytest.raises(InvalidInput) as caught:
        writing.filing(Facility(idub="1", abbreviation="A", street="\x08"), [], want_pdf=True)

    assert str(caught.value) == "facility: street holds U+0008, which XML 1.0 cannot carry"


@UNTIMED
@given(st.text(), st.sampled_from(Facility.__slots__))
def test_text_is_written_or_refused_and_never_breaks_the_message(text, field):
    facility = Facility(**{"idub": "1", "abbreviation": "A", field: text})
    if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", text):
        with pytest.raises(InvalidInput, match=f"facility: {field} holds U"):
            writing.filing(facility, [], want_pdf=False)
    else:
        assert etree.fromstring(writing.filing(facility, [], want_pdf=False)) is not None


@pytest.mark.parametrize(
    "values", [(1950, None, 1), (1950, 13), (1950, 2, 30), (0,), (1950, 0), (1950, 1, 0)]
)
def test_partial_date_refuses_what_is_no_date(values):
    with pytest.raises(ValueError, match=r"day of birth|month|day|year"):
        PartialDate(*values)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (";", ()),
        ("", ()),
        (";112;106;", (112, 106)),
        ("5;6;7;8;9;10;11;12;13;", (5, 6, 7, 8, 9, 10, 11, 12, 13)),
        ("\n ;112;\n 106; ", (112, 106)),
    ],
)
def test_codes_keep_their_order(text, codes):
    assert reading.codes_of(text) == codes


@UNTIMED
@given(st.lists(st.integers(0, 999_999_999)), st.booleans())
def test_any_codes_are_read_as_they_were_written(codes, leading):
    text = (";" if leading else "") + "".join(f"{code};" for code in codes)

    assert reading.codes_of(text) == tuple(codes)


@pytest.mark.parametrize("text", [";112;10", "112", ";;", ";1a;", ";-1;", ";E_NATI_INVALID;", "ok"])
def test_what_is_no_list_of_codes_is_unreadable(text):
    with pytest.raises(Unreadable) as caught:
        reading.codes_of(text)

    assert str(caught.value) == f"{text!r} is not a list of error numbers"


@UNTIMED
@given(st.text(alphabet=";0123456789 E\n", max_size=12))
def test_codes_are_numbers_between_semicolons_or_nothing(text):
    try:
        codes = reading.codes_of(text)
    except Unreadable:
        return
    assert "".join(f"{code};" for code in codes) == re.sub(
        "(^|;)0+(?=[0-9])", r"\1", "".join(text.split())
    ).removeprefix(";")


@UNTIMED
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_unreadable(body):
    assume(b"Envelope" not in body)

    with pytest.raises(Unreadable):
        soap.read(body)


def test_comments_and_instructions_do_not_split_a_text():
    message = (
        b'<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">'
        b"<!-- a --><s:Header/><s:Body><?b c?><d>1<!-- e -->2<?f g?>3</d></s:Body></s:Envelope>"
    )

    assert soap.text_of(soap.read(message)) == "123"


def test_a_fault_without_its_parts_is_still_a_fault():
    message = (
        b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault/>'
        b"</s:Body></s:Envelope>"
    )

    assert soap.read(message) == Fault("", "")
