"""What the model knows: messages, issues and occurrences, in the words of vydani.dtd."""

from dataclasses import dataclass, field
from datetime import date, datetime

NEW, CORRECTION, CHANGE = "Nová-data", "Oprava", "Změnová-oprava"
CONFIRMATION, CANCELLATION, WITHDRAWAL = "Potvrzení", "Storno", "Storno-DZ"
QUERY = "Dotaz"
METHODOLOGY, REQUEST, INTENT = (
    "Na-základě-metodiky",
    "Na-základě-požadavku-centrální-banky",
    "Úmysl-vykazujícího-subjektu",
)
FIRST, LAST = "První", "Poslední"


@dataclass(frozen=True)
class Part:
    order: str
    issue: str
    edge: str = ""


@dataclass(frozen=True)
class Row:
    order: int
    name: str
    value: str = ""
    """Empty: it has its name alone."""


@dataclass(frozen=True, kw_only=True)
class Header:
    """What a message says, as it is written."""

    sender: str
    number: str
    part: Part | None
    methodology: str
    test: bool
    data_set: str
    subject: str
    scope: str
    as_of: str
    status: str
    reason: str
    reference: str
    rows: tuple[Row, ...] | None
    """None: there is no DATA."""
    blocks: bool = False
    """BLOK in place of data areas."""

    @property
    def code(self) -> str:
        return self.data_set.partition(".")[0]

    @property
    def key(self) -> "Key":
        return Key(self.code, self.subject, self.scope, self.as_of, self.test)

    @property
    def has_data(self) -> bool:
        return self.rows is not None or self.blocks


@dataclass(frozen=True, order=True)
class Key:
    """Which occurrence. Days are yyyyMMdd here."""

    code: str
    subject: str
    scope: str
    as_of: str
    test: bool

    @property
    def day(self) -> date:
        return date.fromisoformat(self.as_of)


@dataclass(eq=False)
class Message:
    id: int
    file: str
    login: str
    received: datetime
    header: Header
    accepted: datetime | None = None
    refused: tuple[tuple[str, str], ...] = ()
    """Codes and texts of header errors."""
    issue: "Issue | None" = None


@dataclass(frozen=True)
class Stored:
    """A row of an issue, with the message that brought it."""

    message: int
    row: Row
    removes: bool = False


@dataclass(frozen=True)
class Failed:
    """A step of checking that failed."""

    code: str
    kind: str
    name: str
    details: tuple[str, ...]


@dataclass(eq=False)
class Issue:
    id: int
    number: str
    file: str
    sender: str
    status: str
    accepted: datetime
    state: int
    since: datetime
    referred: "Issue | None" = None
    parts: int = 0
    complete: bool = True
    rows: list[Stored] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    troubles: list[tuple[str, str]] = field(default_factory=list)
    failed: tuple[Failed, ...] = ()
    blocks: bool = False


@dataclass(eq=False)
class Occurrence:
    key: Key
    term: datetime
    """Termin."""
    state: int = 0
    """20, 30, 40, 50; 0: nothing is there, and the calendar tells the state."""
    current: Issue | None = None
    issues: list[Issue] = field(default_factory=list)
    busy: bool = False
    """An issue of it is being processed."""
