"""What the register deals in. Instants are local times of Prague as ISO 8601 texts, "" for none.

Sources are named as in contracts/izr/SOURCES.md; Qn are the questions there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

PRODUCTION: Final = "production"
TEST: Final = "test"
ENVIRONMENTS = (PRODUCTION, TEST)

Access = Literal["BA", "PF"]
"""Of a service: without authorisation, or with an account of Portal farmare (service pages)."""

OTHER_HOLDING_DEPARTURE: Final = 70
"""Departure to another holding; a move to a temporary holding is kept as one (Q17)."""
HOME_SLAUGHTER: Final = 63

Tree = Sequence["Node"]
Node = tuple[str, "str | Tree"]
"""An element of an answer: its local name, and its text or its children."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls a PF service."""

    login: str
    subjects: frozenset[str]
    """The subjects (IDSZR, ten digits) that the login may act for."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A keeper in the register of subjects."""

    id: str
    """IDSZR: ten digits."""
    name: str
    keeper: bool = True
    """Whether the IZR knows the subject as a keeper; error 10 otherwise."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A registered holding."""

    number: str
    """Eight digits, without CZ."""
    subject: str
    name: str
    type: str = "H"
    """One letter: H keeper, O trader, A rendering, S assembly, J slaughter, L, U (service page of
    IZR_PRO01A)."""
    region: str = ""
    """Two digits."""
    registered: str = ""
    """The day of registration, YYYY-MM-DD."""
    cancelled: str = ""
    changed: str = ""
    own_stable_register: bool = False
    """It keeps its stable register in IZR itself and reports from there only (error 99)."""


@dataclass(frozen=True, slots=True)
class Stable:
    """A stable of a holding; its number has two digits."""

    holding: str
    number: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Animal:
    """An animal. The ear tag is in its canonical form, see `eartags`."""

    tag: str
    species: str
    """TUR, OVC, KOZ or BEZ."""
    sex: str
    """M, F or X."""
    born: str = ""
    birth_holding: str = ""
    breed: str = ""
    dam: str = ""
    sire: str = ""
    replaced_by: str = ""
    """The tag that the animal wears now; this record is of the old one."""
    sex_changed: bool = False
    """The recorded sex was corrected since the animal was registered."""
    entry: int = 21
    """The event code by which it came into the register."""


@dataclass(frozen=True, slots=True)
class Movement:
    """One event in an animal's life, as the register has it."""

    tag: str
    code: int
    """Event code, see codelists/event_codes.csv."""
    day: str
    """YYYY-MM-DD"""
    holding: str
    """The holding that the event happened at."""
    stable: str = ""
    other: str = ""
    """The holding that it came from or went to."""
    country: str = ""
    number: int = 0
    """In the order of recording."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where an animal is, and since which day; all "" if it is nowhere."""

    holding: str = ""
    stable: str = ""
    since: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """An address that exists (a part of RUIAN)."""

    street: str
    number: str
    town: str
    town_part: str
    postal_code: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person in the basic registers, by the number of the identity card."""

    card: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was sent and not yet processed: one row for each animal."""

    number: int
    """Of the sending, in its environment."""
    line: int
    """Of the animal in the sending, from 1."""
    service: str
    subject: str
    holding: str
    stable: str
    species: str
    tag: str
    day: str
    code: int
    sent: str
    due: str
    card: str = ""
    email: str = ""
    other: str = ""
    country: str = ""
    dam: str = ""


@dataclass(frozen=True, slots=True)
class LogRow:
    """A row of the error log (data model of IZR_CHIZZ01B)."""

    subject: str
    holding: str
    species: str
    processed: str
    """When the report was processed, local time."""
    code: str
    severity: Literal["MekkaChyba", "TvrdaChyba"]
    text: str
    reported: str = ""
    """The day as it was written on the report, DD.MM.YYYY."""
    tag: str = ""
    dam: str = ""
    other: str = ""
    country: str = ""
    event: int | None = None


@dataclass(frozen=True, slots=True)
class TagOrder:
    """An order of ear tags, with one row of it (data model of IZR_OUZ01A)."""

    holding: str
    species: str
    received: str
    producer: str
    """IDSZR of the producer."""
    sequence: int
    first: str
    last: str
    ordered: int
    remaining: int
    sex: str = "X"
    colour: str = "Z"
    note: str = ""


@dataclass(frozen=True, slots=True)
class ServiceError:
    """What a service answers instead of a result: a fault with `vOKO:Error` (public WSDLs)."""

    key: str
    """Of errors.yaml."""
    details: Mapping[str, str] = field(default_factory=dict)
    """The variable parts of its text."""
    at: str = ""
    received: str = ""
    inner: Tree = ()
    """What InnerException holds: one element with its children, in the caller's namespace."""
