"""What the model keeps. Instants are datetimes in UTC; states go by the contract's codes."""

from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

NOOL = "nool"
ENVIRONMENTS = ("production", "test", "development")
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass
class Alert:
    """An alert, and what the model must remember of its past."""

    uprc: str
    created: datetime
    code: str
    state: str
    mah: str
    enduser: str = ""
    location: str = ""
    origin: str = "enduser"
    product: str = "08595116521485"
    group: str = ""
    anonymous: str = ""
    changed: datetime = NEVER
    closed: datetime | None = None
    closed_by: str = ""
    reminded: int = 0
    """Reminders sent since its state was set."""
    left_alone: bool = False
    """It was older than a year when the world began."""

    def party(self, role: str) -> str:
        return self.mah if role == "mah" else self.enduser


@dataclass
class Message:
    """A message in one alert; `sending` is the id of the first of those sent at once."""

    id: int
    uprc: str
    created: datetime
    changed: datetime
    author: str
    subject: str = ""
    text: str = ""
    public: bool = True
    parent: int = 0
    request: int = 0
    sending: int = 0
    file: tuple[str, bytes] | None = None

    def readable(self, party: str) -> bool:
        """Non-public ones are for their author and NOOL (manual 2.7.1.2)."""
        return self.public or party == NOOL or (bool(party) and party == self.author)


@dataclass
class Note:
    text: str
    private: bool
    changed: datetime


@dataclass
class Exemption:
    id: int
    product: str
    batch: str | None
    validity: str | None
    owner: str


@dataclass
class Data:
    """What the nightly refresh copies."""

    alerts: dict[str, Alert] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    notes: dict[tuple[str, str], Note] = field(default_factory=dict)
    exemptions: dict[int, Exemption] = field(default_factory=dict)
    level_3: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    last_message: int = 0
    last_exemption: int = 0

    def copied(self) -> "Data":
        return Data(
            alerts={key: copy(each) for key, each in self.alerts.items()},
            messages={key: copy(each) for key, each in self.messages.items()},
            notes={key: copy(each) for key, each in self.notes.items()},
            exemptions={key: copy(each) for key, each in self.exemptions.items()},
            level_3={key: list(each) for key, each in self.level_3.items()},
            last_message=self.last_message,
            last_exemption=self.last_exemption,
        )

    def messages_of(self, uprc: str) -> list[Message]:
        return [each for _, each in sorted(self.messages.items()) if each.uprc == uprc]

    def copies(self, sending: int) -> list[Message]:
        return [each for _, each in sorted(self.messages.items()) if each.sending == sending]

    def newest(self, uprc: str, party: str) -> int:
        readable = (each.id for each in self.messages_of(uprc) if each.readable(party))
        return max(readable, default=0)


@dataclass(frozen=True)
class Caller:
    """Who is signed in, and how far the credentials reach (manual 1.1)."""

    kind: str
    login: str
    role: str
    party: str = ""
    alert: str = ""

    def sees(self, alert: Alert) -> bool:
        if self.role == NOOL:
            return True
        mine = bool(self.party) and alert.party(self.role) == self.party
        return mine and self.alert in ("", alert.uprc)


@dataclass(frozen=True, order=True)
class Letter:
    """An e-mail: to whom, on what occasion, about which alert, with which message in its footer."""

    recipient: str
    kind: str
    uprc: str
    message: int = 0


@dataclass(frozen=True)
class Outcome:
    """What an answer says: the status, the code (0 is success), the variable part of its text."""

    status: int
    code: int | None = None
    result: Any = None
    """The envelope's result; of CSV the rows, of a file its bytes, of a token all of it."""
    about: str = ""
    wait: int | None = None
    """Seconds in Retry-After."""


def written(instant: datetime) -> str:
    """As the wire has it (manual 2.7.1.1)."""
    return instant.strftime("%Y-%m-%d %H:%M:%S")


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
