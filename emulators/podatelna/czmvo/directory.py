"""Who is who: the companies, their locations, and the level-3 alerts that locations number."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, bindparam, func, insert, select

from podatelna.czmvo.model import Level3Alert, Location, Party
from podatelna.czmvo.tables import LEVEL_3, LOCATION, PARTY
from podatelna.kernel.statements import Statement
from podatelna.kernel.tables import heard

_PARTY_COLUMNS = (PARTY.c.id, PARTY.c.role, PARTY.c.name, PARTY.c.email)
_PARTY = Statement(select(*_PARTY_COLUMNS).where(PARTY.c.id == bindparam("which")))
_PARTIES = select(*_PARTY_COLUMNS).order_by(PARTY.c.id)
_ADD_PARTY = Statement(insert(PARTY))

_LOCATION_COLUMNS = (LOCATION.c.id, LOCATION.c.party, LOCATION.c.name)
_LOCATION = Statement(select(*_LOCATION_COLUMNS).where(LOCATION.c.id == bindparam("which")))
_LOCATIONS = select(*_LOCATION_COLUMNS).order_by(LOCATION.c.id)
_ADD_LOCATION = Statement(insert(LOCATION))

_AT_LOCATION = (
    LEVEL_3.c.environment == bindparam("where"),
    LEVEL_3.c.location == bindparam("which"),
)
_LEVEL_3 = Statement(
    select(
        LEVEL_3.c.location,
        LEVEL_3.c.number,
        LEVEL_3.c.created,
        LEVEL_3.c.product_code,
        LEVEL_3.c.state,
    )
    .where(*_AT_LOCATION, LEVEL_3.c.number >= bindparam("start"))
    .order_by(LEVEL_3.c.number)
)
_COUNTER = Statement(select(func.max(LEVEL_3.c.number)).where(*_AT_LOCATION))
_ADD_LEVEL_3 = Statement(insert(LEVEL_3))


@dataclass(frozen=True, slots=True)
class Directory:
    """The directory, within one transaction. All environments share companies and locations."""

    transaction: Connection

    def party(self, party: str) -> Party | None:
        row = _PARTY.row(self.transaction, {"which": heard(party)})
        return Party(*row) if row else None

    def parties(self) -> list[Party]:
        return [Party(*row) for row in self.transaction.execute(_PARTIES)]

    def add_parties(self, parties: Iterable[Party]) -> None:
        _ADD_PARTY.run_many(self.transaction, [asdict(party) for party in parties])

    def location(self, location: str) -> Location | None:
        """GUIDs are the same in any case; the agency writes them in lower case."""
        row = _LOCATION.row(self.transaction, {"which": heard(location.strip().lower())})
        return Location(*row) if row else None

    def locations(self) -> list[Location]:
        return [Location(*row) for row in self.transaction.execute(_LOCATIONS)]

    def locations_of(self, party: str) -> list[Location]:
        found = self.transaction.execute(_LOCATIONS.where(LOCATION.c.party == heard(party)))
        return [Location(*row) for row in found]

    def add_locations(self, locations: Iterable[Location]) -> None:
        _ADD_LOCATION.run_many(self.transaction, [asdict(location) for location in locations])

    def level_3(self, environment: str, location: str, from_number: int = 0) -> list[Level3Alert]:
        """The level-3 alerts of a location whose number is not lower, in the order of numbers."""
        asked = {"where": environment, "which": heard(location), "start": from_number}
        return [Level3Alert(*row) for row in _LEVEL_3.rows(self.transaction, asked)]

    def counter(self, environment: str, location: str) -> int:
        """The number used last; 0: none yet (manual 2.7.1.10 counts 2 with two alerts)."""
        row = _COUNTER.row(self.transaction, {"where": environment, "which": heard(location)})
        return int(row[0] or 0) if row else 0

    def add_level_3(self, environment: str, alerts: Iterable[Level3Alert]) -> None:
        rows = [asdict(alert) | {"environment": environment} for alert in alerts]
        _ADD_LEVEL_3.run_many(self.transaction, rows)
