"""What is sent, and what a delivery is answered with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import NamedTuple

from podatelna_client.sdns.codes import Audit, Category, End, Function, Line, Reason, Status

Cell = str | int | Decimal | date | time | None
"""A text goes as it is. Numbers get a decimal point, dates and times are written as in ISO 8601,
times without a fraction and with their offset, if they have one (09:30:05+02). None and the empty
text are left out: what is not given is empty."""

Cells = Mapping[int, Cell]
"""The values of a row by the number of their column."""


class Row(NamedTuple):
    """A row with a number of its own."""

    number: int
    cells: Cells


@dataclass(frozen=True, slots=True)
class Area:
    """A data area with its rows, which are asked for once each time the message is written.

    Rows without a number are numbered by their place, from 1.
    """

    code: str
    rows: Iterable[Cells | Row] = ()

    def numbered(self) -> Iterable[Row]:
        """All rows with their numbers."""
        for place, row in enumerate(self.rows, 1):
            yield row if isinstance(row, Row) else Row(place, row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Who answers for the content."""

    name: str
    lines: Sequence[tuple[Line, str]] = ()
    """Kind and number, as ("Telefon", "200000001")."""
    department: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """The sender's; all of it may be left out."""

    code: str = ""
    name: str = ""
    town: str = ""
    postcode: str = ""
    street: str = ""
    contacts: Sequence[Contact] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which part of a split issue a message is."""

    issue: int
    """CISLO-VYDANI, common to all parts."""
    number: int
    """From 1."""
    end: End | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One delivery: what it is, of which occurrence, and its rows."""

    number: int
    """CISLO-ZPRAVY: unique among all messages of the sender, refused or not."""
    methodology: str
    data_set: str
    """With version and variant: MOKAS42.04.00."""
    subject: str
    """For whom it is reported; may be another than the sender."""
    scope: str
    as_of: date
    function: Function
    status: Status = Status.NEW_DATA
    reason: Reason = Reason.METHODOLOGY
    reference: int | None = None
    areas: Sequence[Area] = ()
    """None, and there is no element DATA."""
    part: Part | None = None
    sender: str = ""
    """Empty: the client's own."""
    created: date | None = None
    """None: the day on which it is sent."""
    address: Address | None = None
    audit: Audit | None = None
    note: str = ""

    @property
    def issue(self) -> int:
        """By which the whole issue is known: of one that was not split, the message's number."""
        return self.part.issue if self.part else self.number


@dataclass(frozen=True, slots=True)
class Notice:
    """What the service has to say of a delivery."""

    type: str
    """error, warn or info."""
    text: str
    """In the language that was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The answer to a delivery."""

    filename: str
    category: str
    code: str
    request_received: datetime | None
    """By the clock of the bank's application server; None where it is unreadable."""
    response_sent: datetime | None
    messages: tuple[Notice, ...] = field(default=())

    @property
    def accepted(self) -> bool:
        """Taken over for processing; `code` is then OK or Warning."""
        return self.category == Category.SUCCESS

    @property
    def arrived_before(self) -> bool:
        """The service has this file name already, from another time it was sent."""
        return self.code == "Duplicate data"

    def __str__(self) -> str:
        said = "".join(f"; {notice.type}: {notice.text}" for notice in self.messages)
        return f"{self.filename}: {self.category}, {self.code}{said}"
