"""Facilities, headers, guests and batches that nothing is wrong with, on the day of the tests.

Every one is new: guests differ in their document, facilities in their IDUB. The same run makes the
same names.
"""

# mypy: allow-untyped-calls
# factory-boy says that it is typed, and its declarations are not.

from datetime import date, timedelta

from factory.base import Factory
from factory.declarations import LazyAttribute, SelfAttribute, Sequence, SubFactory
from factory.faker import Faker
from factory.random import reseed_random

from podatelna.ubyport.model import Batch, Facility, Guest, Header
from podatelna.ubyport.rules import Facts

TODAY = date(2026, 3, 4)
"""The agency's day: a Wednesday with no public holiday near."""
ON_TIME_SINCE = date(2026, 2, 27)
"""The Friday before it: the third working day after is TODAY."""
COUNTRIES = ("AFG", "DEU", "POL", "SVK", "UKR")
PURPOSES = (0, 1, 7, 10, 27, 99)
FACTS = Facts(
    today=TODAY,
    on_time_since=ON_TIME_SINCE,
    countries=frozenset(COUNTRIES),
    purposes=frozenset(PURPOSES),
    document_number_minimum=4,
    residence_maximum=128,
    surname_may_be_null=True,
    same_day_departure=True,
)
"""What the rules know on that day, with the defaults of service.yaml and shorter code lists."""

CZECH, FOREIGN = "cs_CZ", "sk_SK"

reseed_random("podatelna")


class FacilityFactory(Factory[Facility]):
    """A registered facility with all its texts."""

    class Meta:
        model = Facility

    idub = Sequence(lambda number: f"{200_000_000_000 + number}")
    abbreviation = Faker("lexify", text="?????", letters="ABCDEFGHJKLMNOPRSTUVWXYZ")
    name = Sequence(lambda number: f"Penzion U Vzorku {number}")
    contact = Sequence(lambda number: f"recepce{number}@vzorek.example")
    district = "Praha"
    town = Faker("city_name", locale=CZECH)
    town_part = "Nové Město"
    street = Faker("street_name", locale=CZECH)
    house_number = Faker("numerify", text="%###")
    orientation_number = Faker("numerify", text="%#")
    postal_code = Faker("numerify", text="1####")


class HeaderFactory(Factory[Header]):
    """What a message says of a facility, which is what the register says.

    `HeaderFactory(facility=it)` speaks of that one; other arguments are its lies.
    """

    class Meta:
        model = Header

    class Params:
        facility = SubFactory(FacilityFactory)

    idub = SelfAttribute("facility.idub")
    abbreviation = SelfAttribute("facility.abbreviation")
    name = SelfAttribute("facility.name")
    contact = SelfAttribute("facility.contact")
    district = SelfAttribute("facility.district")
    town = SelfAttribute("facility.town")
    town_part = SelfAttribute("facility.town_part")
    street = SelfAttribute("facility.street")
    house_number = SelfAttribute("facility.house_number")
    orientation_number = SelfAttribute("facility.orientation_number")
    postal_code = SelfAttribute("facility.postal_code")


class GuestFactory(Factory[Guest]):
    """A stay that no rule objects to by FACTS and that the character filter leaves alone."""

    class Meta:
        model = Guest

    surname = Faker("last_name", locale=FOREIGN)
    given_name = Faker("first_name", locale=FOREIGN)
    birth_date = Faker("date", pattern="%d%m%Y", end_datetime=date(2007, 1, 1))
    nationality = Faker("random_element", elements=COUNTRIES)
    document_number = Sequence(lambda number: f"AB{number:07}")
    visa_number = ""
    purpose = Faker("random_element", elements=PURPOSES)
    arrival = TODAY - timedelta(days=1)
    departure = LazyAttribute(lambda guest: guest.arrival + timedelta(days=7))
    residence = Faker("city", locale=FOREIGN)
    note = None


class BatchFactory(Factory[Batch]):
    """A list of guests for one facility: `BatchFactory(header__facility=it, size=32)`."""

    class Meta:
        model = Batch

    class Params:
        size = 3

    header = SubFactory(HeaderFactory)
    guests = LazyAttribute(lambda batch: tuple(GuestFactory.build_batch(batch.size)))
    want_pdf = False
