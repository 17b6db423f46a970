"""What SDNS talks about, in English and free of its wire form.

Texts are kept as they were sent, so that what is wrong with them can be told. Days are ISO 8601.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

ENVIRONMENTS: Final = ("production", "test")
"""`/ewi-ws`, and `/ewitest-ws`, where the bank tries the services themselves."""

Status = Literal[
    "new_data", "correction", "cancellation", "confirmation", "query", "change", "withdrawal"
]
"""STATUS: Nová-data, Oprava, Storno, Potvrzení, Dotaz, Změnová-oprava, Storno-DZ."""

Reason = Literal["methodology", "request", "intent"]
"""DUVOD: the methodology, a request of the central bank, the reporter's own intent."""


@dataclass(frozen=True, slots=True)
class Part:
    """CASTECNA-ZPRAVA: which part of a split issue a message is."""

    order: str
    issue: str
    """CISLO-VYDANI, the same for all messages of the issue."""
    edge: Literal["first", "last", ""] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Everything of a VYDANI message but its rows."""

    sender: str
    """ZASLAL, the communicating subject."""
    number: str
    """CISLO-ZPRAVY, unique for the sender."""
    part: Part | None = None
    methodology: str
    """For example MKT20130101.01."""
    test: bool
    """FUNKCE-ZPRAVY: Testovací. Such data live apart from real ones."""
    created: str
    """DATUM, as sent: yyyyMMdd."""
    data_set: str
    """DATOVY-SOUBOR, code.version.variant, for example MOKAS40.01.00."""
    subject: str
    """SUBJEKT, whom the report is of; it need not be the sender."""
    scope: str
    as_of: str
    """STAV-KE-DNI, as sent: yyyyMMdd."""
    status: Status
    reason: Reason
    reference: str = ""
    """REFERENCNI-ZPRAVA; empty: there is none."""
    has_data: bool = False
    blocks: bool = False
    """DATA holds BLOK elements in place of data areas."""

    @property
    def issue_number(self) -> str:
        """CISLO-VYDANI of the issue that this message makes, or is a part of."""
        return self.part.issue if self.part else self.number

    @property
    def code(self) -> str:
        """The data set without version and variant."""
        return self.data_set.partition(".")[0]


Cells = Mapping[str, str]
"""The text of each SLOUPEC by its PORADI, both as sent."""


@dataclass(frozen=True, slots=True)
class Row:
    """RADEK of a data area."""

    area: str
    order: str
    """PORADI, as sent."""
    cells: Cells


@dataclass(frozen=True, slots=True)
class Key:
    """What makes an occurrence (výskyt): one data set, one subject in one scope, one day."""

    data_set: str
    """The code alone: MOKAS40."""
    subject: str
    scope: str
    as_of: str
    """ISO 8601."""
    test: bool = False


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """ChybnyKrokKontroly: one step of checking that failed, with where it did."""

    code: str
    name: str
    kind: str
    """Druh: O correct, L correct locally, P confirm, C time series, F format, X fatal."""
    details: tuple[str, ...] = ()
    """DetailChyby, in order; the first ones only (setting details_most)."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """ChybaZpracovani: what went wrong in processing besides failed checks."""

    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """Výskyt: what is known of one once anything was sent for it. Instants are ISO 8601 in UTC."""

    id: int
    key: Key
    version: int
    variant: int
    state: int
    """20, 30, 40, 50; 0: nothing is there. With the calendar it becomes a code of the contract."""
    term: str
    """Termin, until when something is required now."""
    current: int = 0
    """The issue whose data are kept, 0: none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Vydání: one delivery for an occurrence."""

    id: int
    occurrence: int
    number: str
    """CisloVydani."""
    file: str
    """SouborExt; empty while prepared only (state 5)."""
    sender: str
    status: Status
    accepted: str
    """DatumPrijmu, ISO 8601 in UTC."""
    state: int
    since: str
    """StavOd, ISO 8601 in UTC."""
    sent: bool = True
    """Druh: Odeslané, else Připravené."""
    complete: bool = True
    """All parts of a split issue have come."""
    parts: int = 0
    """The part that came last; 0: it is not split."""
    based_on: int = 0
    """The issue that a correction or change refers to."""
    troubles: tuple[Trouble, ...] = ()
    failed: tuple[FailedCheck, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message that was taken over (došlá zpráva)."""

    id: int
    file: str
    """The file name of the call, ws + three digits + seven digits + .xml."""
    login: str
    received: str
    """ISO 8601 in UTC."""
    header: Header
    issue: int = 0
    """What it became; 0: nothing yet, or its header was refused."""
    refused: tuple[Trouble, ...] = ()
    """Errors of the header."""
    accepted: str = ""
    """When processing took it up, ISO 8601 in UTC; empty: it waits."""


@dataclass(frozen=True, slots=True)
class Subject:
    """An entity that the bank knows."""

    code: str
    """Usually the company number (IČO)."""
    name: str
    prefix: str = ""
    """The three digits of its file names; empty: it sends nothing."""
    email: str = ""
    """Where protocols go; empty: nowhere."""


@dataclass(frozen=True, slots=True)
class User:
    """A registered user of a communicating subject. Logins are kept in lower case."""

    login: str
    password: str
    subject: str
    may_send: bool = True
    may_query: bool = True
    blocked: bool = False
    about: str = ""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate that is registered for a user, known by its issuer and serial number."""

    login: str
    issuer: str
    """The issuer's name, RFC 4514."""
    serial: str
    """Decimal."""
    revoked: str = ""
    """Since when, ISO 8601 in UTC; empty: it is not revoked."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """What a subject has to report: a data set in a scope, at each day of its period."""

    subject: str
    scope: str
    data_set: str
    """The code alone."""
    since: str
    """The first reference day, ISO 8601."""
    until: str = ""
    """The last one; empty: it goes on."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """A scenario's wish: rows whose column has this value fail this check."""

    data_set: str
    """The code alone."""
    check: str
    column: str
    """PORADI of the column."""
    value: str
    area: str = ""
    """Empty: any."""
    cells: Cells = field(default_factory=dict)
    """Further columns that must have these values, too."""
