"""What data mean, for the information queries: dimensions, their values, links to accounts.

The names of the results that they go into are those of ews-result.xsd.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from podatelna.kernel.ledger import Fact
from podatelna.sdns.structure import Area, Column, DataSet, Type

ELEMENT: Final = "IP"
"""The dimension of information elements (informační prvky)."""
SUBJECT: Final = "P0002"
SCOPE: Final = "P0046"
DAY: Final = "P0053"
"""Parameters of every occurrence: who reports, in what scope, as of which day."""

Link = Literal["DZ", "VKZ", "KO", "VDO", "KDO", "VKO", "DO", "VO", "VDZ", "KZ", "VZ"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension(Fact):
    """Dimenze (DimenzeSeznam)."""

    code: str
    """IP, or the code of a parameter."""
    name: str
    about: str = ""
    dynamic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Value(Fact):
    """HodnotaDimenze (DimenzeObsah): one value that a dimension may have."""

    dimension: str
    code: str
    name: str
    about: str = ""
    kind: Literal["element", "item", "domain"] = "item"
    """InformacniPrvek, PolozkaCiselniku, DomenaNadDT."""
    parts: tuple[str, ...] = ()
    """ElementarniPolozka: the items that a total item sums up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account(Fact):
    """VazbaNaUcet (Ucetnictvi): an account from which an information element is drawn."""

    element: str
    account: str
    link: Link
    part: Literal["C", "A"]
    minus: bool = False
    """Operator M."""
    selective: bool = False
    """Vyberove V: it need not be counted in."""


@dataclass(frozen=True, slots=True)
class DataType:
    """DatovyTyp of a dynamic dimension."""

    type: Type
    length: int
    mask: str = ""
    decimals: int | None = None
    least: str = ""
    most: str = ""


@dataclass(frozen=True, slots=True)
class AreaDimension:
    """Dimenze of a data area (DatovaOblastDimenze)."""

    code: str
    kind: Literal["K", "S", "D"]
    """Constant, static, dynamic."""
    value: str
    total: bool = False
    type: DataType | None = None


@dataclass(frozen=True, slots=True)
class Semantics:
    """All that the contract tells of meanings, in its order."""

    dimensions: tuple[Dimension, ...] = ()
    values: tuple[Value, ...] = ()
    accounts: tuple[Account, ...] = ()

    def values_of(self, dimension: str) -> tuple[Value, ...]:
        return tuple(value for value in self.values if value.dimension == dimension)

    def of_area(self, data_set: DataSet, area: Area) -> Iterator[AreaDimension]:
        """The dimensions of a data area: whose, which scope, which day, and what its columns are.

        A scope is constant if the data set has but one.
        """
        yield AreaDimension(SUBJECT, "D", "D_SUBJEKT", type=DataType("String", 16))
        for scope in data_set.scopes:
            yield AreaDimension(SCOPE, "K" if len(data_set.scopes) == 1 else "S", scope)
        yield AreaDimension(DAY, "D", "D_DATUM", type=DataType("Date", 8, "YYYYMMDD"))
        for item, column in _by_item(area).items():
            yield AreaDimension(ELEMENT, "S", item, column.total)


def meaning(column: Column, data_set: DataSet) -> Mapping[str, str]:
    """SemantickyPopis of a place: code of the dimension and its value; empty: it is not told."""
    if not column.item:
        return {}
    scope = {SCOPE: data_set.scopes[0]} if len(data_set.scopes) == 1 else {}
    return {ELEMENT: column.item, **scope}


def _by_item(area: Area) -> dict[str, Column]:
    found: dict[str, Column] = {}
    for column in area.columns:
        if column.item:
            found.setdefault(column.item, column)
    return found
