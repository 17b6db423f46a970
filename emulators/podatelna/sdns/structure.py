"""What a methodology consists of: data sets, their areas and columns, and the checks of them.

Labels and names of checks are the bank's Czech ones: they are data of the contract.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, Literal
from zlib import crc32

from podatelna.kernel.ledger import Fact
from podatelna.sdns.model import Cells

Period = Literal["day", "month", "quarter", "year"]
Type = Literal["String", "Number", "Date", "Time"]
Kind = Literal["O", "L", "P", "C", "X"]
"""Correct, correct locally, confirm, time series, fatal; F (format) comes from the columns."""
Form = Literal[
    "matches",
    "one_of",
    "present",
    "one_present",
    "any_present",
    "together",
    "not_before",
    "between",
    "not_zero",
    "quotient",
    "rows",
    "sum",
]
"""What a check tests; see crosschecks.py, and timeseries.py for the last two."""

LENGTH: Final = 250
"""Of a value of which the methodology does not tell more (EDI messages carry no longer ones)."""
_UNIT: Final = "\x1f"
_AREAS: Final = 100_000_000
_PLACES: Final = 100_000
"""Rows and columns of an area: RadekSloupecType of ews-result.xsd has five digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Fact):
    """A column of a data area: what its values look like."""

    number: int
    """PORADI of its cells."""
    label: str
    english: str = ""
    type: Type = "String"
    mask: str = ""
    """How a Date or a Time is written, as Oracle spells it."""
    pattern: str = ""
    """A regular expression that the whole value fits."""
    length: int = LENGTH
    """The most characters of a value."""
    decimals: int | None = None
    """The most digits after the point of a Number; None: as many as it has."""
    least: str = ""
    most: str = ""
    """Bounds of a Number; empty: there is none."""
    values: tuple[str, ...] = ()
    """All that are allowed; none: any."""
    required: bool = False
    identity: bool = False
    """It identifies the row, with the other such columns of the area."""
    item: str = ""
    """The information element (informační prvek) whose value it is."""
    total: bool = False
    """Souctovy: it is a sum of others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(Fact):
    """One step of checking besides formats. Which fields it uses is up to its form."""

    code: str
    name: str
    kind: Kind
    form: Form
    columns: tuple[int, ...] = ()
    pattern: str = ""
    values: tuple[str, ...] = ()
    least: str = ""
    most: str = ""
    tolerance: str = "0"
    """Of a quotient: the part of the expected value by which it may differ."""
    scale: str = "1"
    """Of a quotient: 100 if the price is in percent."""
    fold: int = 0
    """Of a time series: how many times more or less than the last occurrence is plausible."""
    when: Mapping[str, str] = field(default_factory=dict)
    """Columns that must have these values for the check to be made."""


@dataclass(frozen=True, slots=True)
class Datum:
    """Údaj: one place of a data area."""

    iid: int
    """Its internal number: the same wherever the area is used."""
    row: int
    column: Column
    dynamic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Area(Fact):
    """Datová oblast: one table of the report."""

    code: str
    name: str
    about: str = ""
    columns: tuple[Column, ...] = ()
    checks: tuple[Check, ...] = ()
    rows: tuple[int, ...] = ()
    """PORADI of the rows of a form; none: the area is dynamic, its rows are records."""

    @property
    def dynamic(self) -> bool:
        return not self.rows

    @property
    def identity_columns(self) -> tuple[str, ...]:
        """PORADI of the columns that identify a row."""
        return tuple(str(column.number) for column in self.columns if column.identity)

    def identity(self, cells: Cells) -> str:
        """What tells a row from all others of the area; empty if nothing does."""
        names = self.identity_columns
        if not names or not all(name in cells for name in names):
            return ""
        return _UNIT.join(cells[name] for name in names)

    def only_identity(self, cells: Cells) -> bool:
        """Whether a row says no more than which one it is: such a change removes that row."""
        names = self.identity_columns
        return bool(names) and cells.keys() == set(names)

    def data(self) -> Iterator[Datum]:
        """All places; of a dynamic area those of its one model row."""
        first = crc32(self.code.encode()) % _AREAS * _PLACES
        for row in self.rows or (1,):
            for column in self.columns:
                iid = (first + row) * _PLACES + column.number
                yield Datum(iid, row, column, self.dynamic)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Until when data are due after their reference day. One of the three is not 0."""

    working_days: int = 0
    days: int = 0
    day_of_next_month: int = 0
    at: str = "23:59"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet(Fact):
    """Datový soubor: a report type."""

    code: str
    """Without version and variant: MOKAS40."""
    version: int
    variant: int
    name: str
    about: str = ""
    methodologies: tuple[str, ...] = ()
    """Those that it belongs to."""
    period: Period
    term: Term = Term()
    scopes: tuple[str, ...] = ()
    splittable: bool = False
    """Dělitelný: several messages may make one issue."""
    additive: bool = False
    """A correction may have only some rows (process manual, corrections of MOKAS40 and MOKAS50)."""
    areas: tuple[Area, ...] = ()
    checks: tuple[Check, ...] = ()
    """Time series over all areas."""

    @property
    def full_code(self) -> str:
        """As DATOVY-SOUBOR has it: MOKAS40.01.00."""
        return f"{self.code}.{self.version:02}.{self.variant:02}"

    def area(self, code: str) -> Area | None:
        return next((area for area in self.areas if area.code == code), None)

    def all_checks(self) -> Iterator[Check]:
        """All but formats, in the methodology's order."""
        for area in self.areas:
            yield from area.checks
        yield from self.checks

    def check_codes(self) -> frozenset[str]:
        """All codes that a failed step may have; a trigger may name any of them."""
        formats = {f"{self.code}_F00"}
        for area in self.areas:
            formats |= {structure_code(area), identity_code(area)}
            formats |= {format_code(area, column) for column in area.columns}
        return frozenset(formats | {check.code for check in self.all_checks()})


@dataclass(frozen=True, slots=True)
class Edition:
    """Metodika: from one day on, until the next one of its functional area."""

    code: str
    area: str
    """KodFO, for example MKT."""
    since: date
    until: date | None = None
    """The last day; None: it goes on."""


def format_code(area: Area, column: Column) -> str:
    """The code of a column's format check (SOURCES.md: reconstructed)."""
    return f"{area.code}_F{column.number:02}"


def structure_code(area: Area) -> str:
    """The code of the check that rows and columns are those of the area."""
    return f"{area.code}_F00"


def identity_code(area: Area) -> str:
    """The code of the check that no row is there twice."""
    return f"{area.code}_FID"


def number(text: str) -> Decimal:
    """A number of a methodology, which was checked when it was read."""
    return Decimal(text)
