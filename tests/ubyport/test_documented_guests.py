"""The examples that Appendix 5 prints get the answers that it prints."""

from dataclasses import replace
from datetime import date

import pytest

from podatelna.kernel.rules import check
from podatelna.ubyport.cleaning import cleaned
from podatelna.ubyport.deadlines import on_time_since
from podatelna.ubyport.model import Facility, Guest, Header
from podatelna.ubyport.rules import GUEST_RULES, HEADER_RULES, Facts
from tests.factories import FACTS, FacilityFactory


def codes(guest: Guest, facts: Facts) -> list[str]:
    return [rule.code for rule in check(GUEST_RULES, cleaned(guest), facts)]


def header_codes(header: Header, registered: Facility) -> list[str]:
    return [rule.code for rule in check(HEADER_RULES, header, registered)]


def test_record_of_2016() -> None:
    """Appendix 5, 5.1.1: `;112;106;`."""
    arrival = date(2016, 4, 27)
    sent = Guest(
        surname=None,
        given_name="aaa",
        birth_date="01.01.1911",
        nationality="AFG",
        document_number="aaa",
        visa_number=None,
        purpose=None,
        arrival=arrival,
        departure=arrival,
        residence=None,
        note=None,
    )
    today = date(2016, 6, 1)
    facts = replace(FACTS, today=today, on_time_since=on_time_since(today, 3, public_holidays=True))
    assert codes(sent, facts) == ["reported_late", "document_number_wrong"]


def test_header_of_2016() -> None:
    """Appendix 5, 5.1.1: `5;6;7;8;9;10;11;12;13;`."""
    sent = Header("100227887600", "CZGFW", contact="aaa", house_number="aaa", postal_code="14200")
    registered = FacilityFactory.build(postal_code="11000")
    assert header_codes(sent, registered) == [rule.code for rule in HEADER_RULES]


def test_header_of_2019() -> None:
    """Appendix 5, 5.1.3 and 5.1.4: `5;7;8;9;10;11;12;13;`."""
    sent = Header(
        "125", "aaa", "U Dubu", "test@seznam.cz", "Praha", "Praha", "Nusle", "Lennonova",
        house_number="123", orientation_number="152", postal_code="1110",
    )  # fmt: skip
    registered = FacilityFactory.build(
        idub="125", abbreviation="aaa", district="Brno", town="Brno", street="Ukázková"
    )
    wrong = [rule.code for rule in HEADER_RULES if rule.code != "header_contact_wrong"]
    assert header_codes(sent, registered) == wrong


SAMPLE_DAY = date(2019, 6, 25)
SWITCHED = replace(FACTS, today=SAMPLE_DAY, on_time_since=SAMPLE_DAY, countries=None)


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (SWITCHED, []),
        (replace(SWITCHED, countries=FACTS.countries), ["nationality_wrong"]),
        (replace(SWITCHED, same_day_departure=False), ["departure_wrong"]),
        (replace(SWITCHED, document_number_minimum=6), ["document_number_wrong"]),
    ],
)
def test_record_of_2019(facts: Facts, found: list[str]) -> None:
    """Appendix 5, 5.1.3 and 5.1.4: `;`."""
    sent = Guest(
        surname="Vzorov",
        given_name="Vzor",
        birth_date="00001950",
        nationality="UK",
        document_number="aa123",
        visa_number="123456",
        purpose=None,
        arrival=SAMPLE_DAY,
        departure=SAMPLE_DAY,
        residence="Uzgorod",
        note=None,
    )
    assert codes(sent, facts) == found
