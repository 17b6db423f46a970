"""What the register objects to. The name of a rule is its key in contracts/ubyport/errors.yaml."""

import re
from dataclasses import dataclass
from datetime import date

from podatelna.kernel.rules import rule
from podatelna.ubyport.model import Facility, Guest, Header

EARLIEST_YEAR = 1900
LONGEST_CONTACT = 50
LONGEST_SURNAME = 50
LONGEST_GIVEN_NAME = 24
LONGEST_NOTE = 255
OTHER_PURPOSE = 99
"""What the service takes for a purpose that is null (Appendix 5, table of members)."""

_DOCUMENT = re.compile(r"[A-Z0-9]{1,30}", re.ASCII)
_VISA = re.compile(r"[A-Z0-9]{1,15}", re.ASCII)
_BIRTH_DATE = re.compile(r"(\d\d)\.?(\d\d)\.?(\d{4}|\d\d)", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"(?:\d[\s/-]*){9}")

CHILD_IN_PASSPORT = "INPASS"
"""A child without a document of its own; the parent's number then stands in the note."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule may know besides the guest. Dates are of the agency's day."""

    today: date
    on_time_since: date
    """The earliest arrival that is not reported late today."""
    countries: frozenset[str] | None
    """Codes of nationalities; None: any is taken."""
    purposes: frozenset[int]
    document_number_minimum: int
    residence_maximum: int
    surname_may_be_null: bool
    same_day_departure: bool


@rule(at="name")
def header_name_wrong(header: Header, registered: Facility) -> bool:
    return _differs(header.name, registered.name)


@rule(at="contact")
def header_contact_wrong(header: Header, registered: Facility) -> bool:
    """Any e-mail address or telephone number will do: the sample of 2019 has one of its own."""
    if not _differs(header.contact, registered.contact):
        return False
    given = header.contact or ""
    return len(given) > LONGEST_CONTACT or not (_EMAIL.search(given) or _PHONE.search(given))


@rule(at="district")
def header_district_wrong(header: Header, registered: Facility) -> bool:
    return _differs(header.district, registered.district)


@rule(at="town")
def header_town_wrong(header: Header, registered: Facility) -> bool:
    return _differs(header.town, registered.town)


@rule(at="town_part")
def header_town_part_wrong(header: Header, registered: Facility) -> bool:
    return _differs(header.town_part, registered.town_part)


@rule(at="street")
def header_street_wrong(header: Header, registered: Facility) -> bool:
    return _differs(header.street, registered.street)


@rule(at="house_number")
def header_house_number_wrong(header: Header, registered: Facility) -> bool:
    return _differs(header.house_number, registered.house_number)


@rule(at="orientation_number")
def header_orientation_number_wrong(header: Header, registered: Facility) -> bool:
    return _differs(header.orientation_number, registered.orientation_number)


@rule(at="postal_code")
def header_postal_code_wrong(header: Header, registered: Facility) -> bool:
    return _differs(header.postal_code, registered.postal_code)


HEADER_RULES = (
    header_name_wrong,
    header_contact_wrong,
    header_district_wrong,
    header_town_wrong,
    header_town_part_wrong,
    header_street_wrong,
    header_house_number_wrong,
    header_orientation_number_wrong,
    header_postal_code_wrong,
)
"""In the order of fields 5 to 13 of UNL record A, in which the documents print them."""


@rule(at="arrival")
def reported_late(guest: Guest, facts: Facts) -> bool:
    return guest.arrival is not None and guest.arrival < facts.on_time_since


@rule(at="arrival")
def arrival_wrong(guest: Guest, facts: Facts) -> bool:
    """A guest can only be reported once accommodated (manual of Ubyport 2.0)."""
    return guest.arrival is None or guest.arrival > facts.today


@rule(at="departure")
def departure_wrong(guest: Guest, facts: Facts) -> bool:
    if guest.departure is None:
        return True
    if guest.arrival is None:
        return False
    if facts.same_day_departure:
        return guest.departure < guest.arrival
    return guest.departure <= guest.arrival


@rule(at="surname")
def surname_wrong(guest: Guest, facts: Facts) -> bool:
    if guest.surname is None:
        return not facts.surname_may_be_null
    return not 1 <= len(guest.surname) <= LONGEST_SURNAME


@rule(at="given_name")
def given_name_wrong(guest: Guest, facts: Facts) -> bool:
    return len(guest.given_name or "") > LONGEST_GIVEN_NAME


@rule(at="birth_date")
def birth_date_wrong(guest: Guest, facts: Facts) -> bool:
    earliest = earliest_birth(guest.birth_date or "", facts.today)
    return earliest is None or earliest > min(facts.today, guest.arrival or facts.today)


@rule(at="document_number")
def document_number_wrong(guest: Guest, facts: Facts) -> bool:
    number = guest.document_number or ""
    if number == CHILD_IN_PASSPORT:
        return not guest.note
    return len(number) < facts.document_number_minimum or not _DOCUMENT.fullmatch(number)


@rule(at="nationality")
def nationality_wrong(guest: Guest, facts: Facts) -> bool:
    if not guest.nationality:
        return True
    return facts.countries is not None and guest.nationality not in facts.countries


@rule(at="residence")
def residence_wrong(guest: Guest, facts: Facts) -> bool:
    return len(guest.residence or "") > facts.residence_maximum


@rule(at="visa_number")
def visa_number_wrong(guest: Guest, facts: Facts) -> bool:
    return bool(guest.visa_number) and not _VISA.fullmatch(guest.visa_number or "")


@rule(at="purpose")
def purpose_wrong(guest: Guest, facts: Facts) -> bool:
    return guest.purpose is not None and guest.purpose not in facts.purposes


@rule(at="note")
def note_wrong(guest: Guest, facts: Facts) -> bool:
    return len(guest.note or "") > LONGEST_NOTE


GUEST_RULES = (
    reported_late,
    arrival_wrong,
    departure_wrong,
    surname_wrong,
    given_name_wrong,
    birth_date_wrong,
    document_number_wrong,
    nationality_wrong,
    residence_wrong,
    visa_number_wrong,
    purpose_wrong,
    note_wrong,
)
"""Lateness first, as the documented ";112;106;" has it, then by number."""


def earliest_birth(text: str, today: date) -> date | None:
    """The earliest day that a birth date may mean; None if it means none.

    DDMMRRRR, 00MMRRRR and 0000RRRR (Appendix 5), with dots too, as a documented request has it.
    Two digits of a year mean the nearest past one (Appendix 3).
    """
    match = _BIRTH_DATE.fullmatch(text)
    if not match:
        return None
    day, month, year = map(int, match.groups())
    if len(match[3]) < len("RRRR"):
        century = today.year // 100 * 100
        year += century if century + year <= today.year else century - 100
    if year < EARLIEST_YEAR or (day and not month):
        return None
    try:
        return date(year, month or 1, day or 1)
    except ValueError:
        return None


def _differs(given: str | None, registered: str) -> bool:
    """The optional data of a header are compared with the registered ones (developers' FAQ)."""
    return given != registered and _folded(given or "") != _folded(registered)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
