"""A generated world: as many alerts as one likes, the same ones for the same seed.

Companies, locations and products are made up by factory-boy. Of alerts there are too many for that:
each is read out of a digest of its number, so that a million of them is written in a minute or two.
"""

# mypy: allow-untyped-calls
# factory-boy says that it is typed, and its declarations are not.

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import blake2b

from factory.base import Factory
from factory.declarations import LazyAttribute
from factory.faker import Faker
from sqlalchemy import Connection

from podatelna.czmvo.alerts import Alerts
from podatelna.czmvo.directory import Directory
from podatelna.czmvo.model import ENDUSER, MAH, PRODUCTION, Alert, Location, Party
from podatelna.czmvo.rulebook import SYSTEM
from podatelna.czmvo.uprc import make_uprc
from podatelna.czmvo.workflow import Workflow
from podatelna.czmvo.worldreader import WorldReader
from podatelna.kernel.rows import Row, build
from podatelna.kernel.sowing import sown

CODES = ("A3", "A3", "A3", "A7", "A7", "A24", "A2", "A52", "A68")
"""As often as they are here; how often the real ones are is not public."""
CLOSINGS = {
    "technical": (("06b", ENDUSER), ("06a", MAH), ("06c", MAH)),
    "process": (("06f", ENDUSER), ("06m", ENDUSER)),
    MAH: (("06a", MAH), ("06c", MAH)),
}
"""How alerts end and by whom: by the kind of error, or those of a MAH's own transactions."""
BIG_SHARE = 230
"""Of 256 alerts so many are of the big companies: the first of each kind."""
OPEN_FOR = timedelta(days=40)
"""Alerts are closed within this time."""
LEFT_ALONE = timedelta(days=2)
"""So long nobody asks."""
FORGOTTEN = 8
"""Of 256 alerts so many are closed by nobody; the system does it after a year."""
MOST_YEARS = 50
IN_GROUPS = range(3)
OF_GROUPS = 50
"""Of so many alerts in a row the first three are similar: a group."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`generate` in a world file."""

    alerts: int
    seed: str = "podatelna"
    mahs: int = 40
    endusers: int = 120
    locations: int = 300
    products: int = 400
    until: str = "2026-03-01"
    """The day before which all alerts were raised."""
    years: int = 10


class PartyFactory(Factory[Party]):
    """A company of a role; its id tells the role and a number."""

    class Meta:
        model = Party

    class Params:
        number = 1

    role = MAH
    id = LazyAttribute(lambda party: f"{party.role}-{party.number}")
    name = Faker("company", locale="cs_CZ")
    email = LazyAttribute(lambda party: f"ams@{party.id}.example")


class LocationFactory(Factory[Location]):
    """A pharmacy in some town."""

    class Meta:
        model = Location

    id = Faker("uuid4")
    party = "enduser-1"
    name = Faker("city", locale="cs_CZ")


class ProductFactory(Factory[dict[str, str]]):
    """A product code and a batch of it."""

    class Meta:
        model = dict

    code = Faker("numerify", text="0859##########")
    batch = Faker("bothify", text="?#####", letters="ABCDEFGHKLMNPRSTVXZ")


def generate(transaction: Connection, reader: WorldReader, row: Row) -> None:
    """Write companies, locations and alerts into production. ValueError if the plan is no plan."""
    plan = build(Plan, row)
    _check(plan)
    with sown(plan.seed):
        people = _people(plan)
    directory = Directory(transaction)
    directory.add_parties(reader.party(asdict(party)) for party in people.mahs + people.endusers)
    directory.add_locations(reader.location(asdict(location)) for location in people.locations)
    Alerts(transaction, PRODUCTION).add(Generator(plan, people, reader.workflow).alerts())


def _check(plan: Plan) -> None:
    for name in ("alerts", "mahs", "endusers", "locations", "products", "years"):
        if getattr(plan, name) < 1:
            raise ValueError(f"generate: {name} must be 1 or more")
    if plan.years > MOST_YEARS:
        raise ValueError(f"generate: years must be {MOST_YEARS} at most")


@dataclass(frozen=True)
class People:
    """Who there is. The first of a kind is the big one."""

    mahs: list[Party]
    endusers: list[Party]
    locations: list[Location]
    products: list[dict[str, str]]

    @cached_property
    def locations_of(self) -> dict[str, list[Location]]:
        found: dict[str, list[Location]] = {party.id: [] for party in self.endusers}
        for location in self.locations:
            found[location.party].append(location)
        return found


def _people(plan: Plan) -> People:
    """Every end user has a location at least; the others are spread over them."""
    mahs = [PartyFactory.build(role=MAH, number=number + 1) for number in range(plan.mahs)]
    endusers = [
        PartyFactory.build(role=ENDUSER, number=number + 1) for number in range(plan.endusers)
    ]
    locations = [
        LocationFactory.build(party=endusers[number % plan.endusers].id)
        for number in range(max(plan.locations, plan.endusers))
    ]
    return People(mahs, endusers, locations, ProductFactory.build_batch(plan.products))


@dataclass(frozen=True)
class Generator:
    """Makes alerts."""

    plan: Plan
    people: People
    workflow: Workflow

    def alerts(self) -> Iterator[Alert]:
        """Oldest first."""
        for number in range(self.plan.alerts):
            yield self._alert(number)

    @cached_property
    def _until(self) -> datetime:
        return datetime.fromisoformat(self.plan.until).replace(tzinfo=UTC)

    @cached_property
    def _since(self) -> datetime:
        return self._until - timedelta(days=365.25 * self.plan.years)

    @cached_property
    def _step(self) -> timedelta:
        return (self._until - self._since) / self.plan.alerts

    def _alert(self, number: int) -> Alert:
        own = self._digest(f"alert {number}")
        grouped = number % OF_GROUPS in IN_GROUPS
        # What similar alerts have in common comes out of one digest.
        shared = self._digest(f"group {number // OF_GROUPS}") if grouped else own
        product = self.people.products[_number(shared[0:3]) % self.plan.products]
        code = CODES[shared[3] % len(CODES)]
        origin = MAH if shared[4] == 0 else ENDUSER
        enduser, location = self._where(shared) if origin == ENDUSER else ("", "")
        first = self.workflow.first_state(origin)
        created = self._since + self._step * (number + own[5] / 256)
        alert = Alert(
            uprc=make_uprc(own[16:]),
            created=_text(created),
            product_code=product["code"],
            state=first,
            initial=first,
            code=code,
            origin=origin,
            mah=_big_or(self.people.mahs, shared[6:9]).id,
            enduser=enduser,
            location=location,
            batch=product["batch"],
            changed=_text(created),
            group=f"G-{number // OF_GROUPS}" if grouped else "",
        )
        return self._lived(alert, own, created)

    def _where(self, digest: bytes) -> tuple[str, str]:
        enduser = _big_or(self.people.endusers, digest[9:12]).id
        locations = self.people.locations_of[enduser]
        return enduser, locations[_number(digest[12:14]) % len(locations)].id

    def _lived(self, alert: Alert, digest: bytes, created: datetime) -> Alert:
        """The alert as it is by the last day: closed, or on its way."""
        if digest[14] < FORGOTTEN:
            ended = created + timedelta(days=365)
            closing, by = str(self.workflow.settings["automatic_closing_state"]), SYSTEM
        else:
            ended = created + OPEN_FOR * (_number(digest[12:15]) / 2**24)
            kind = self.workflow.book.kinds[alert.code] if alert.enduser else MAH
            closing, by = CLOSINGS[kind][digest[15] % len(CLOSINGS[kind])]
        if ended < self._until:
            at = _text(ended)
            state = self._state(closing, "closed")
            return replace(alert, state=state, changed=at, closed=at, closed_by=by)
        asked = created + LEFT_ALONE
        if digest[15] % 2 and asked < self._until:
            alert = replace(alert, state=self._state("04a", "#"), changed=_text(asked))
        return self.workflow.waiting(alert)

    def _state(self, code: str, otherwise: str) -> int:
        """A state by its code; the manual's profile has fewer."""
        ids = self.workflow.book.ids
        return ids.get(code) or ids[otherwise]

    def _digest(self, of: str) -> bytes:
        return blake2b(f"{self.plan.seed}|{of}".encode(), digest_size=32).digest()


def _big_or(parties: list[Party], digest: bytes) -> Party:
    others = parties[1:]
    if digest[0] < BIG_SHARE or not others:
        return parties[0]
    return others[_number(digest[1:]) % len(others)]


def _number(octets: bytes) -> int:
    return int.from_bytes(octets)


def _text(instant: datetime) -> str:
    return instant.isoformat(" ")[:19]
