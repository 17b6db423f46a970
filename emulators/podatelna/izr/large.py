"""A generated register: as many animals as one likes, the same ones for the same seed.

Keepers and holdings are made up by factory-boy. Of animals there are too many for that: each is
read out of a digest of its number, so that a million of them is written in a minute or two.
"""

# mypy: allow-untyped-calls
# factory-boy says that it is typed, and its declarations are not.

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cached_property
from hashlib import blake2b
from typing import Final

from factory.base import Factory
from factory.declarations import LazyAttribute
from factory.faker import Faker

from podatelna.izr.lifereader import Life
from podatelna.izr.model import Animal, Holding, Movement, Subject
from podatelna.izr.register import Register
from podatelna.izr.worldreader import WorldReader, check_day
from podatelna.kernel.rows import Row, build
from podatelna.kernel.sowing import sown

FIRST_SUBJECT: Final = 1_000_000_001
FIRST_HOLDING: Final = 12_345_678
FIRST_SERIAL: Final = 12_345
FIRST_DAM: Final = 9_000_000_000
CODE: Final = "126"
"""The first keeper, holding and tag are those of the default world; the others go on from there."""
SLAUGHTERHOUSE: Final = "11111111"
GOATS: Final = 50
"""Of 256 animals so many are goats."""
BREEDS: Final = {"OVC": ("SF", "T", "ZV", "RM"), "KOZ": ("B", "H", "BU")}
SOLD: Final = 70
"""Of 256 animals so many have been sold once."""
DEAD: Final = 30
SLAUGHTERED: Final = 60
MOST_YEARS: Final = 30
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """`generate` in a world file."""

    animals: int
    seed: str = "podatelna"
    holdings: int = 2000
    at_first: int = 1000
    """So many animals are on the first holding, where they were born: sheep that nothing befell."""
    until: str = "2025-04-01"
    """The day before which all events were."""
    years: int = 8


class SubjectFactory(Factory[Subject]):
    """A keeper with one holding."""

    class Meta:
        model = Subject

    class Params:
        number = 0

    id = LazyAttribute(lambda keeper: str(FIRST_SUBJECT + keeper.number))
    name = Faker("company", locale="cs_CZ")


class HoldingFactory(Factory[Holding]):
    """A holding in some town, registered before the first animal was born."""

    class Meta:
        model = Holding

    class Params:
        number_in_row = 0

    number = LazyAttribute(lambda holding: str(FIRST_HOLDING + holding.number_in_row))
    subject = LazyAttribute(lambda holding: str(FIRST_SUBJECT + holding.number_in_row))
    name = Faker("city_name", locale="cs_CZ")
    region = Faker("random_element", elements=("20", "31", "32", "51", "63", "64", "71", "80"))
    registered = "1995-01-01"


def generate(register: Register, reader: WorldReader, row: Row) -> None:
    """Write keepers, holdings and animals. ValueError if the plan is no plan."""
    plan = build(Plan, row)
    _check(plan)
    numbers = range(plan.holdings)
    with sown(plan.seed):
        keepers = [SubjectFactory.build(number=number) for number in numbers]
        holdings = [HoldingFactory.build(number_in_row=number) for number in numbers]
    butcher = SubjectFactory.build(number=plan.holdings, name="Jatky")
    holdings.append(
        HoldingFactory.build(number=SLAUGHTERHOUSE, subject=butcher.id, name="Jatky", type="J")
    )
    register.add_subjects(reader.subject(asdict(keeper)) for keeper in (*keepers, butcher))
    register.add_holdings(reader.holding(asdict(holding)) for holding in holdings)
    register.add_animals(Generator(plan).lives())


def _check(plan: Plan) -> None:
    for name in ("animals", "holdings", "years"):
        if getattr(plan, name) < 1:
            raise ValueError(f"generate: {name} must be 1 or more")
    if plan.years > MOST_YEARS:
        raise ValueError(f"generate: years must be {MOST_YEARS} at most")
    check_day(plan.until)


@dataclass(frozen=True)
class Generator:
    """Makes animals."""

    plan: Plan

    def lives(self) -> Iterator[Life]:
        for number in range(self.plan.animals):
            yield self._at_first(number) if number < self.plan.at_first else self._life(number)

    @cached_property
    def _until(self) -> date:
        return date.fromisoformat(self.plan.until)

    @cached_property
    def _days(self) -> int:
        return round(365.25 * self.plan.years)

    def _at_first(self, number: int) -> Life:
        animal = self._animal(number, "OVC", self._digest(number), str(FIRST_HOLDING))
        return animal, [_event(animal, animal.entry, animal.born, animal.birth_holding)]

    def _life(self, number: int) -> Life:
        digest = self._digest(number)
        species = "KOZ" if digest[0] < GOATS else "OVC"
        animal = self._animal(number, species, digest, self._holding(digest[1:5]))
        return animal, self._events(animal, digest)

    def _animal(self, number: int, species: str, digest: bytes, holding: str) -> Animal:
        """Dams are of the time before the register."""
        born = self._until - DAY * (1 + _number(digest[5:8]) % self._days)
        female = digest[8] < 2**7
        breeds = BREEDS[species]
        return Animal(
            tag=tag_of(number),
            species=species,
            sex="F" if female else "M",
            born=born.isoformat(),
            birth_holding=holding,
            breed=breeds[digest[9] % len(breeds)],
            dam=_tag(FIRST_DAM + number // 2),
            entry=21 if female else 22,
        )

    def _events(self, animal: Animal, digest: bytes) -> list[Movement]:
        """Birth, perhaps a sale, perhaps an end: each later than the last one."""
        here, born = animal.birth_holding, date.fromisoformat(animal.born)
        life = [_event(animal, animal.entry, animal.born, here)]
        left = (self._until - born).days
        sale, end = (
            born + DAY * (1 + left * share // 512) for share in (digest[10], 256 + digest[11])
        )
        if digest[12] < SOLD and sale < self._until:
            buyer = self._holding(digest[13:17])
            if buyer != here:
                day = sale.isoformat()
                life.append(_event(animal, 70, day, here, other=buyer))
                life.append(_event(animal, 30, day, buyer, other=here))
                here = buyer
        if end < self._until:
            life += _ends(animal, digest[17], end.isoformat(), here)
        return life

    def _holding(self, digest: bytes) -> str:
        """Any but the first, if there is another."""
        others = self.plan.holdings - 1
        return str(FIRST_HOLDING + (1 + _number(digest) % others if others else 0))

    def _digest(self, number: int) -> bytes:
        return blake2b(f"{self.plan.seed}|animal {number}".encode(), digest_size=18).digest()


def tag_of(number: int) -> str:
    """The ear tag of the animal with a number, from 0."""
    return _tag(FIRST_SERIAL + number)


def _tag(serial: int) -> str:
    return f"CZ{serial:010}{CODE}"


def _ends(animal: Animal, lot: int, day: str, here: str) -> list[Movement]:
    if lot < DEAD:
        return [_event(animal, 50, day, here)]
    if lot < DEAD + SLAUGHTERED:
        return [
            _event(animal, 60, day, here, other=SLAUGHTERHOUSE),
            _event(animal, 66, day, SLAUGHTERHOUSE, other=here),
        ]
    return []


def _event(animal: Animal, code: int, day: str, holding: str, other: str = "") -> Movement:
    return Movement(animal.tag, code, day, holding, other=other)


def _number(octets: bytes) -> int:
    return int.from_bytes(octets)
