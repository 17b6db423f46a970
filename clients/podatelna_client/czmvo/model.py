"""What the service answers, as plain values. All datetimes are aware, in UTC; all ids are int."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A row of the list of alert states (manual 2.7.1.1)."""

    uprc: str
    created: datetime
    product_code: str
    state_id: int
    state: str
    """Its name: depends on role and language. Branch on `state_id`."""
    last_message_id: int | None
    description: str = ""
    type_state: str = ""
    """What to do with the pack; only for end users, as its description."""
    type_state_description: str = ""


@dataclass(frozen=True, slots=True)
class StatePage:
    """One page of alerts, at most 500 of them."""

    alerts: tuple[Alert, ...]
    pages: int
    current: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message of an alert (manual 2.7.1.2)."""

    id: int
    parent: int | None
    """The id of the message that it answers."""
    uprc: str
    created: datetime
    changed: datetime
    subject: str
    text: str
    has_file: bool
    public: bool
    """Visible to all parties of the alert; otherwise to its author and to NOOL."""
    from_me: bool
    canned_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertState:
    """A row of the code list of alert states (manual 2.7.1.4)."""

    id: int
    name: str
    external_code: str
    """May hold several codes ("06a,06b,06c"), "#", or nothing."""
    final: bool
    settable: bool | None = None
    """May be set through the API if the workflow allows it; None: the service does not say."""
    description: str = ""
    type_state: str = ""
    type_state_description: str = ""

    @property
    def external_codes(self) -> tuple[str, ...]:
        """The codes one by one."""
        return tuple(code.strip() for code in self.external_code.split(",") if code.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class CannedMessage:
    """A row of the code list of messages (manual 2.7.1.5)."""

    id: int
    name: str
    text: str
    for_states: tuple[int, ...] | None = None
    """The states in which an alert takes it; None: the service does not say."""


@dataclass(frozen=True, slots=True)
class ReopenReason:
    """A row of the code list of reasons to reopen an alert (manual 2.7.1.7)."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class TypeState:
    """A row of the code list of what to do with a pack (manual 2.7.1.9)."""

    name: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A party's note to an alert (manual 2.7.1.8)."""

    uprc: str
    text: str
    """Empty if there is no note, or none that the caller may read."""
    private: bool
    changed: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Level3Alert:
    """An alert of level 3, by which the end user numbers the next one (manual 2.7.1.11)."""

    uprc: str
    created: datetime
    product_code: str
    state_id: int


@dataclass(frozen=True, slots=True)
class MessageEdit:
    """A message was changed."""

    id: int
    changed: datetime


@dataclass(frozen=True, slots=True)
class NoteChange:
    """A note was set. `changed` is older than the call if nothing was new (manual 2.7.3.3)."""

    uprc: str
    changed: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionCheck:
    """What the service thinks of a connection (manual 2.5)."""

    method: str
    module: str
    environment: str
    """production or sandbox."""
    auth: str
    """No authorization, Regular, Enduser alert based, or Verify only."""
    role: str
    """N/A, Enduser, or MAH/OBP."""
    ok: bool


@dataclass(frozen=True, slots=True)
class ExceptionState:
    """A row of the code list of the exceptions' states, OP and NO (manual 2.8.1.1)."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionRecord:
    """A product or batch excepted by the Ministry of Health (manual 2.8.1.3)."""

    id: int
    product_code: str
    batch: str | None
    """None: all batches of the product."""
    state_id: int | None = None
    state: str = ""
    validity: date | None = None


@dataclass(frozen=True, slots=True)
class ExceptionCheck:
    """Whether something is excepted, and by which record."""

    excepted: bool
    record: ExceptionRecord | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewException:
    """A line to import. What is None comes from the call; `state` is OP or NO."""

    product_code: str
    batch: str | None = None
    validity: date | str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedLine:
    """What became of one line (manual 2.8.2)."""

    line: int
    product_code: str
    batch: str | None
    validity: date | None
    state_id: int | None
    id: int | None
    """None: not stored."""
    error_code: int = 0
    error_text: str = ""

    @property
    def stored(self) -> bool:
        """Whether the exception is on the list now."""
        return self.error_code == 0 and self.id is not None


@dataclass(frozen=True, slots=True)
class Import:
    """What became of all lines. The manual does not say what `count` counts."""

    lines: tuple[ImportedLine, ...]
    count: int

    @property
    def stored(self) -> tuple[ImportedLine, ...]:
        """The lines that are on the list now."""
        return tuple(line for line in self.lines if line.stored)

    @property
    def refused(self) -> tuple[ImportedLine, ...]:
        """The lines that are not, each with its error."""
        return tuple(line for line in self.lines if not line.stored)


@dataclass(frozen=True, slots=True)
class DeletedException:
    """A record that is no longer on the list."""

    id: int
    product_code: str
    batch: str | None


@dataclass(frozen=True, slots=True)
class Deletion:
    """What was deleted (manual 2.8.3)."""

    affected: int
    deleted: tuple[DeletedException, ...]
