"""Reports to send, and what the services answer, as plain values.

Texts and letters of code lists are as on the wire. Moments in answers are aware; where the service
writes no offset it means Czech time. A moment to be sent is a date, a naive datetime in Czech time,
or an aware one, which is turned into Czech time.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

CATTLE: Final = "TUR"
SHEEP: Final = "OVC"
GOATS: Final = "KOZ"
RATITES: Final = "BEZ"
DEER: Final = "JLN"
CAMELIDS: Final = "VLB"

ACTIVE: Final = "A"
CANCELLED: Final = "Z"
ANY_STATE: Final = "X"

KEEPER: Final = "H"
TRADER: Final = "O"
RENDERING_PLANT: Final = "A"
ASSEMBLY_CENTRE: Final = "S"
SLAUGHTERHOUSE: Final = "J"
HATCHERY: Final = "L"
USERS_FACILITY: Final = "U"

_HARD = "TvrdaChyba"


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedAnimal:
    """An animal that was moved to a temporary holding."""

    tag: str
    """Without blanks; 15 characters for sheep and goats."""
    species: str
    """SHEEP or GOATS."""
    moved: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Sheep and goats moved to a temporary holding, to be slaughtered there at home.

    The person there is named by an identity card. The address may be left out; if any part of it
    is given, it must exist. The service judges the values; nothing is corrected here.
    """

    holding: str
    """Registration number of the holding that reports: 8 digits, without CZ."""
    animals: tuple[MovedAnimal, ...]
    identity_card: str | None = None
    stable: str | None = None
    street: str | None = None
    house_number: str | None = None
    town: str | None = None
    town_part: str | None = None
    postal_code: str | None = None
    """Five digits without a blank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """Who carried an animal."""

    registration: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    number_plate: str | None = None
    on_foot: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Another event in an animal's life."""

    tag: str
    code: int | None = None
    """Event code: 30 arrival, 40 theft, 50 death, 60 to slaughter, 63 slaughter at home,
    70 departure, 80 export."""
    day: date | None = None
    holding: str | None = None
    """Where from or where to: 8 digits, or 10 with the stable."""
    country: str | None = None
    mother: str | None = None
    carrier: Carrier | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventReport:
    """Events of one holding; in one report all animals are of one species."""

    holding: str
    events: tuple[Event, ...]
    stable: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A report that is valid; one that was submitted is waiting to be processed.

    What processing finds comes only into the error logs.
    """

    sid: str
    """The gateway's id of the exchange."""
    request_id: str
    at: datetime | None
    """When the gateway answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """A row of an error log."""

    species: str
    processed: datetime
    number: int
    """Within its log, ordered by ear tag and error."""
    severity: str
    """TvrdaChyba or MekkaChyba, hard or soft."""
    text: str
    code: str | None = None
    """Of the central register; see `codes`."""
    reported: str = ""
    """The day of the event, as it stands in the report."""
    tag: str = ""
    mother: str = ""
    holding: str = ""
    country: str = ""
    movement_code: int | None = None

    @property
    def hard(self) -> bool:
        """The event did not come into the register."""
        return self.severity == _HARD


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnimal:
    """An animal that is on a holding."""

    tag: str
    species: str
    holding: str
    stable: str
    """Two digits; empty if the service names none."""
    sex: str
    """M, F or X."""
    reason: int
    """Event code by which it came into the register."""
    dairy_status: str
    """A, N or X."""
    breed: str = ""
    birth_holding: str = ""
    mother: str = ""
    father: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnimalDetail:
    """What the register knows of an animal."""

    tag: str
    species: str
    sex: str
    """Samec, Samice or Nezname."""
    breed: str = ""
    more: tuple["Detail", ...] = ()
    """All else that the service tells; its public description is cut short."""


@dataclass(frozen=True, slots=True)
class Detail:
    """An element of an answer: its name, its text, and the elements in it."""

    name: str
    text: str = ""
    parts: tuple["Detail", ...] = ()

    def part(self, name: str) -> str:
        """The text of the first element of this name in it; empty if there is none."""
        return next((part.text for part in self.parts if part.name.lower() == name.lower()), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class TagOrderLine:
    """A series of ear tags in an order."""

    count: int
    first: str
    last: str
    unused: int
    sex: str
    """M, F or X."""
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TagOrder:
    """An order of ear tags."""

    species: str
    received: datetime
    manufacturer: int
    """Subject id."""
    number: int
    ordered_by: str = ""
    note: str = ""
    phone: str = ""
    lines: tuple[TagOrderLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A row of the list of holdings."""

    number: str
    name: str = ""
    type: str = ""
    """A letter: KEEPER, TRADER and so on."""
    changed: datetime | None = None
    cancelled: datetime | None = None


@dataclass(frozen=True, slots=True)
class HoldingChanges:
    """Holdings, and the date that the service gives with them."""

    holdings: tuple[Holding, ...]
    changed: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRow:
    """A row of a code list."""

    code: str
    text: str
    species: str = ""
    """Empty: for all."""
    valid_from: datetime | None = None
    valid_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class CodeList:
    """A code list by its name on the wire."""

    name: str
    rows: tuple[CodeRow, ...]
