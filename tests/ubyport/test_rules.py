"""Every rule, just inside and just outside."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podatelna.kernel.contract import Contract
from podatelna.kernel.rules import Rule, check
from podatelna.ubyport import rules
from podatelna.ubyport.model import Facility, Guest, Header
from podatelna.ubyport.rules import GUEST_RULES, HEADER_RULES, Facts, earliest_birth
from tests.factories import FACTS, ON_TIME_SINCE, TODAY, GuestFactory
from tests.strategies import ERRORS, UNTIMED, boundary_guests, one_error_guests, valid_guests

DAY = timedelta(days=1)

REGISTERED = Facility(
    idub="100227887600",
    abbreviation="CZGFW",
    name="Penzion U Vzorku",
    contact="recepce@vzorek.example",
    district="Praha",
    town="Praha",
    town_part="Nové Město",
    street="Ukázková",
    house_number="1234",
    orientation_number="20",
    postal_code="11000",
)
TRUE = Header(*(getattr(REGISTERED, name) for name in Header.__slots__))

HEADER_CASES = [
    # rule                            member                just inside              just outside
    ("header_name_wrong", "name", "penzion  u VZORKU ", "Penzion U Vzorků"),
    ("header_contact_wrong", "contact", "test@seznam.example", "aaa"),
    ("header_contact_wrong", "contact", "tel: 261 197 135", "tel: 261 197 13"),
    ("header_contact_wrong", "contact", "a@b.cz" + "x" * 44, "a@b.cz" + "x" * 45),
    ("header_contact_wrong", "contact", "recepce@vzorek.example", "recepce@vzorek"),
    ("header_district_wrong", "district", "PRAHA", "Praha 2"),
    ("header_town_wrong", "town", "praha", "Brno"),
    ("header_town_part_wrong", "town_part", "NOVÉ MĚSTO", "Nove Mesto"),
    ("header_street_wrong", "street", " Ukázková", "Ukázková 1"),
    ("header_house_number_wrong", "house_number", "1234", "1234E"),
    ("header_orientation_number_wrong", "orientation_number", "20", "20a"),
    ("header_postal_code_wrong", "postal_code", "11000", "110 00"),
]

CLEAN = GuestFactory.build(
    surname="Vzorová",
    given_name="Anna",
    birth_date="27021958",
    nationality="DEU",
    document_number="AB1234567",
    visa_number="VZ878480",
    purpose=10,
    arrival=TODAY - DAY,
    departure=TODAY,
    residence="Musterstadt",
    note="pokoj 7",
)

GUEST_CASES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    # rule              just inside                         just outside
    ("reported_late", {"arrival": ON_TIME_SINCE}, {"arrival": ON_TIME_SINCE - DAY}),
    ("arrival_wrong", {"arrival": TODAY}, {"arrival": TODAY + DAY, "departure": TODAY + DAY}),
    ("arrival_wrong", {}, {"arrival": None}),
    ("departure_wrong", {"departure": TODAY - DAY}, {"departure": TODAY - 2 * DAY}),
    ("departure_wrong", {"departure": date(9999, 12, 31)}, {"departure": None}),
    ("surname_wrong", {"surname": "Ř"}, {"surname": ""}),
    ("surname_wrong", {"surname": None}, {"surname": ""}),
    ("surname_wrong", {"surname": "Ř" * 50}, {"surname": "Ř" * 51}),
    ("given_name_wrong", {"given_name": "Ů" * 24}, {"given_name": "Ů" * 25}),
    ("given_name_wrong", {"given_name": ""}, {"given_name": "Ů" * 1000}),
    ("given_name_wrong", {"given_name": None}, {"given_name": "Ů" * 25}),
    ("birth_date_wrong", {"birth_date": "01011900"}, {"birth_date": "31121899"}),
    ("birth_date_wrong", {"birth_date": "00001900"}, {"birth_date": "00001899"}),
    ("birth_date_wrong", {"birth_date": "03032026"}, {"birth_date": "04032026"}),
    ("birth_date_wrong", {"birth_date": "00032026"}, {"birth_date": "00042026"}),
    ("birth_date_wrong", {"birth_date": "00002026"}, {"birth_date": "00002027"}),
    ("birth_date_wrong", {"birth_date": "29022000"}, {"birth_date": "29021900"}),
    ("birth_date_wrong", {"birth_date": "31.12.1911"}, {"birth_date": "31.13.1911"}),
    ("birth_date_wrong", {"birth_date": "00.02.1950"}, {"birth_date": "02.00.1950"}),
    ("birth_date_wrong", {"birth_date": "00.00.1950"}, {"birth_date": "00.00.0000"}),
    ("birth_date_wrong", {"birth_date": "00002000"}, {"birth_date": "00000000"}),
    ("birth_date_wrong", {"birth_date": "27021958"}, {"birth_date": "2721958"}),
    ("birth_date_wrong", {"birth_date": "27021958"}, {"birth_date": "1958-02-27"}),
    ("birth_date_wrong", {"birth_date": "27021958"}, {"birth_date": "٢٧٠٢١٩٥٨"}),
    ("birth_date_wrong", {"birth_date": "010158"}, {"birth_date": "01011"}),
    ("birth_date_wrong", {}, {"birth_date": ""}),
    ("birth_date_wrong", {}, {"birth_date": None}),
    ("document_number_wrong", {"document_number": "NONE"}, {"document_number": "AAA"}),
    ("document_number_wrong", {"document_number": "9" * 30}, {"document_number": "9" * 31}),
    ("document_number_wrong", {"document_number": "A1B2"}, {"document_number": "A1-B2"}),
    ("document_number_wrong", {"document_number": "CISLO1"}, {"document_number": "ČÍSLO1"}),
    ("document_number_wrong", {"document_number": "1234"}, {"document_number": "١٢٣٤"}),
    ("document_number_wrong", {"document_number": "INPASS"}, {"document_number": ""}),
    (
        "document_number_wrong",
        {"document_number": "INPASS", "note": "AB1234567"},
        {"document_number": "INPASS", "note": ""},
    ),
    ("document_number_wrong", {}, {"document_number": "INPASS", "note": None}),
    ("document_number_wrong", {}, {"document_number": None}),
    ("nationality_wrong", {"nationality": "AFG"}, {"nationality": "UK"}),
    ("nationality_wrong", {"nationality": "DEU"}, {"nationality": "D"}),
    ("nationality_wrong", {"nationality": "SVK"}, {"nationality": "CZE"}),
    ("nationality_wrong", {"nationality": "SVK"}, {"nationality": "svk"}),
    ("nationality_wrong", {}, {"nationality": ""}),
    ("nationality_wrong", {}, {"nationality": None}),
    ("residence_wrong", {"residence": "b" * 128}, {"residence": "b" * 129}),
    ("residence_wrong", {"residence": ""}, {"residence": "b" * 1000}),
    ("residence_wrong", {"residence": None}, {"residence": "b" * 129}),
    ("visa_number_wrong", {"visa_number": "V" * 15}, {"visa_number": "V" * 16}),
    ("visa_number_wrong", {"visa_number": "V1"}, {"visa_number": "V-1"}),
    ("visa_number_wrong", {"visa_number": ""}, {"visa_number": "Č"}),
    ("visa_number_wrong", {"visa_number": None}, {"visa_number": "٣"}),
    ("purpose_wrong", {"purpose": 99}, {"purpose": 98}),
    ("purpose_wrong", {"purpose": 0}, {"purpose": -1}),
    ("purpose_wrong", {"purpose": None}, {"purpose": 20}),
    ("note_wrong", {"note": "p" * 255}, {"note": "p" * 256}),
    ("note_wrong", {"note": None}, {"note": "p" * 256}),
]


def codes(guest: Guest, facts: Facts = FACTS) -> list[str]:
    return [rule.code for rule in check(GUEST_RULES, guest, facts)]


def header_codes(header: Header, registered: Facility = REGISTERED) -> list[str]:
    return [rule.code for rule in check(HEADER_RULES, header, registered)]


@pytest.mark.parametrize(("code", "member", "inside", "outside"), HEADER_CASES)
def test_header_rule(code: str, member: str, inside: str, outside: str | None) -> None:
    assert header_codes(replace(TRUE, **{member: inside})) == []
    assert header_codes(replace(TRUE, **{member: outside})) == [code]


@pytest.mark.parametrize("nothing", [None, ""])
@pytest.mark.parametrize("rule", HEADER_RULES, ids=lambda rule: rule.code)
def test_what_is_registered_must_be_sent(rule: Rule[Header, Facility], nothing: str | None) -> None:
    assert header_codes(replace(TRUE, **{rule.at: nothing})) == [rule.code]


@pytest.mark.parametrize(("code", "inside", "outside"), GUEST_CASES)
def test_guest_rule(code: str, inside: dict[str, Any], outside: dict[str, Any]) -> None:
    assert codes(replace(CLEAN, **inside)) == []
    assert codes(replace(CLEAN, **outside)) == [code]


def test_header_of_a_facility_that_lacks_a_text() -> None:
    house = replace(REGISTERED, orientation_number="", contact="")
    silent = replace(TRUE, orientation_number="", contact=None)
    assert header_codes(silent, house) == []
    assert header_codes(TRUE, replace(house, contact="aaa")) == ["header_orientation_number_wrong"]


SWITCHES: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    # guest                                    switched the other way           rule
    ({"nationality": "UK"}, {"countries": None}, "nationality_wrong"),
    ({"surname": None}, {"surname_may_be_null": True}, "surname_wrong"),
    ({"departure": TODAY - DAY}, {"same_day_departure": True}, "departure_wrong"),
    ({"document_number": "ABCDE"}, {"document_number_minimum": 5}, "document_number_wrong"),
    ({"residence": "b" * 255}, {"residence_maximum": 255}, "residence_wrong"),
]
STRICT = replace(
    FACTS, surname_may_be_null=False, same_day_departure=False, document_number_minimum=6
)


@pytest.mark.parametrize(("change", "lenient", "code"), SWITCHES)
def test_switch(change: dict[str, Any], lenient: dict[str, Any], code: str) -> None:
    assert codes(replace(CLEAN, **change), STRICT) == [code]
    assert codes(replace(CLEAN, **change), replace(STRICT, **lenient)) == []


@pytest.mark.parametrize("missing", ["", None])
def test_a_nationality_that_is_missing_is_wrong_by_any_list(missing: str | None) -> None:
    anything = replace(FACTS, countries=None)
    assert codes(replace(CLEAN, nationality=missing), anything) == ["nationality_wrong"]


BIRTHS = [
    ("27021958", date(1958, 2, 27)),
    ("27.02.1958", date(1958, 2, 27)),
    ("00021958", date(1958, 2, 1)),
    ("0000.1958", date(1958, 1, 1)),
    ("270258", date(1958, 2, 27)),
    ("27.02.26", date(2026, 2, 27)),
    ("27.02.27", date(1927, 2, 27)),
    ("270200", date(2000, 2, 27)),
    ("27020000", None),
    ("27020058", None),
    ("27001958", None),
    (" 27021958", None),
    ("27021958\n", None),
    ("27..021958", None),
]


@pytest.mark.parametrize(("text", "earliest"), BIRTHS)
def test_earliest_day_that_a_birth_date_may_mean(text: str, earliest: date | None) -> None:
    assert earliest_birth(text, TODAY) == earliest


def test_tuples_hold_every_rule_in_the_order_of_the_answers() -> None:
    written = {thing.code for thing in vars(rules).values() if isinstance(thing, Rule)}
    assert written == {rule.code for rule in (*HEADER_RULES, *GUEST_RULES)}
    numbers = {key: entry.number for key, entry in Contract("ubyport").errors.items()}
    assert [numbers[rule.code] for rule in HEADER_RULES] == list(range(205, 214))
    assert [numbers[rule.code] for rule in GUEST_RULES] == [112, *range(101, 112)]


def test_every_rule_is_tried() -> None:
    tried = dict.fromkeys(case[0] for case in (*HEADER_CASES, *GUEST_CASES))
    assert list(tried) == [rule.code for rule in (*HEADER_RULES, *GUEST_RULES)]
    assert list(ERRORS) == [rule.code for rule in GUEST_RULES]


def test_catalogue_has_the_rules_and_the_duplicate_and_no_others() -> None:
    """Below 101 are codes that only files meet, and the header's in their old numbering."""
    errors = Contract("ubyport").errors
    listed = {key for key, entry in errors.items() if (entry.number or 0) > 100}
    assert listed == {rule.code for rule in (*HEADER_RULES, *GUEST_RULES)} | {"duplicate"}


def test_rules_look_where_the_catalogue_says() -> None:
    wire = {
        "name": "uName", "contact": "uCont", "district": "uOkr", "town": "uOb",
        "town_part": "uObCa", "street": "uStr", "house_number": "uHomN",
        "orientation_number": "uOriN", "postal_code": "uPsc",
        "arrival": "cFrom", "departure": "cUntil", "surname": "cSurN", "given_name": "cFirstN",
        "birth_date": "cDate", "document_number": "cDocN", "nationality": "cNati",
        "residence": "cResi", "visa_number": "cVisN", "purpose": "cPurp", "note": "cNote",
    }  # fmt: skip
    errors = Contract("ubyport").errors
    for rule in (*HEADER_RULES, *GUEST_RULES):
        assert wire[rule.at] == errors[rule.code].at


# --- properties


@UNTIMED
@given(valid_guests() | boundary_guests())
def test_faultless_guests_break_no_rule(guest: Guest) -> None:
    assert codes(guest) == []


@UNTIMED
@given(one_error_guests())
def test_one_error_is_one_finding(pair: tuple[str, Guest]) -> None:
    key, guest = pair
    assert codes(guest) == [key]


def anything() -> st.SearchStrategy[Guest]:
    text, day = st.none() | st.text(), st.none() | st.dates()
    return st.builds(
        Guest,
        **dict.fromkeys(Guest.__slots__, text)
        | {"purpose": st.none() | st.integers(), "arrival": day, "departure": day},
    )


@UNTIMED
@given(anything(), st.builds(Header, **dict.fromkeys(Header.__slots__, st.none() | st.text())))
def test_rules_never_raise(guest: Guest, header: Header) -> None:
    assert set(codes(guest)) <= set(ERRORS)
    assert len(header_codes(header)) <= len(HEADER_RULES)
