"""What the agency deals in. Instants are texts in UTC, as the API writes them.

`YYYY-MM-DD HH:MM:SS` (manual 2.2) sorts as time does; "" stands for none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

PRODUCTION: Final = "production"
TEST: Final = "test"
DEVELOPMENT: Final = "development"
ENVIRONMENTS = (PRODUCTION, TEST, DEVELOPMENT)

Role = Literal["enduser", "mah", "nool"]
ENDUSER: Final = "enduser"
MAH: Final = "mah"
NOOL: Final = "nool"
"""The organisation itself: a third party, which acts in its web application only."""
ROLES: tuple[Role, ...] = (ENDUSER, MAH, NOOL)

Kind = Literal["account", "client", "alert", "location", "developer"]
"""Of credentials (manual 1.1): login, generated pair, one alert, one location, developer."""

STANDARD_PROCESSING = -1
"""The state that a caller asks for to let an alert go its usual way (manual 2.7.3.2)."""

TIME = "%Y-%m-%d %H:%M:%S"
NEVER = "9999-12-31 23:59:59"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and how far the credentials reach."""

    kind: Kind
    login: str
    """What the limits count by: the login or the client id."""
    role: Role
    party: str = ""
    """Whose alerts are seen; "", as for a developer who has chosen nobody, sees none."""
    alert: str = ""
    """The only alert of alert-based credentials."""


@dataclass(frozen=True, slots=True)
class Party:
    """A company: one that holds registrations, or one that runs pharmacies."""

    id: str
    role: Role
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Location:
    """A pharmacy or a warehouse of an end user. Its id is a GUID in lower case."""

    id: str
    party: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert of level 5."""

    uprc: str
    created: str
    product_code: str
    state: int
    initial: int
    """The state that the system gave it; standard processing leads back there."""
    code: str
    """The EU's alert code, for example A2; not on this API's wire."""
    origin: str
    """Whose transaction raised it: enduser, mah or distributor."""
    mah: str
    enduser: str = ""
    location: str = ""
    batch: str = ""
    changed: str = ""
    """When its state was set last."""
    group: str = ""
    """Alerts that are similar (manual 2.7.1.6)."""
    anonymous_group: str = ""
    closed: str = ""
    closed_by: str = ""
    """The role that closed it, or "system"."""
    last_for_mah: int = 0
    last_for_enduser: int = 0
    """The newest message that the side can read; 0: none."""
    due: str = NEVER
    """When the system next does something of its own accord."""
    escalation: int = 0
    """How many of the reminders of its present state were sent."""


@dataclass(frozen=True, slots=True)
class Level3Alert:
    """An alert of level 3 (EU codes A1 and A5), which the end user's software numbers itself."""

    location: str
    number: int
    """Counts the alerts of one location, from 1."""
    created: str
    product_code: str
    state: int

    @property
    def uprc(self) -> str:
        """Before AMS 6.0 it was made of the location and the number (manual 2.7.1.11)."""
        return f"CZ-{self.location}-{self.number:06d}"


@dataclass(frozen=True, slots=True)
class Message:
    """A message of an alert. One that was sent to a group has a copy in each alert."""

    id: int
    uprc: str
    created: str
    author: str
    """The party that wrote it."""
    author_role: Role
    subject: str = ""
    text: str = ""
    parent: int = 0
    changed: str = ""
    public: bool = True
    request: int = 0
    """The canned message that it was made of."""
    has_file: bool = False
    sending: int = 0
    """The first copy of what was sent at once; the file is kept under its id."""


@dataclass(frozen=True, slots=True)
class Note:
    """What one side has written on an alert. A private one is read by that side only."""

    uprc: str
    role: Role
    text: str
    private: bool
    changed: str


@dataclass(frozen=True, slots=True)
class Exemption:
    """A product or a batch that the Ministry of Health has excepted (Medicines Act, 11r)."""

    id: int
    product_code: str
    batch: str | None
    """None: all batches."""
    validity: str | None
    """The last day, YYYY-MM-DD; None: without end."""
    state: str
    """OP or NO: what alerts of the product are closed as."""
    owner: str
    """The holder of the registration who entered it."""


# -- what operations give back


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error of the catalogue."""

    key: str
    at: str = ""
    """The parameter, as the wire spells it."""
    received: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    """The variable parts of the text."""
    result: Mapping[str, Any] | None = None
    """What the envelope carries beside the error; only code 40 has something."""


@dataclass(frozen=True, slots=True)
class Table:
    """A result that can also be had as CSV."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    member: str
    """What JSON calls the list."""
    before: Mapping[str, Any] = field(default_factory=dict)
    """Members that come before the list, in JSON only."""


@dataclass(frozen=True, slots=True)
class File:
    """A stored file."""

    name: str
    content: bytes


Result = Mapping[str, Any]
"""The envelope's `result`, in the wire's names and order."""
Answer = Result | Table | File | Refusal
