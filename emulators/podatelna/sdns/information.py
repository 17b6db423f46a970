"""Queries for the methodology, which is public: nobody has to log in (observed answers, getParams).

The results are those of ews-result.xsd; codes and parameters of the queries are ours (SOURCES.md
Q12).
"""

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import Final

from podatelna.sdns import descriptions
from podatelna.sdns.desk import Desk
from podatelna.sdns.methodology import Methodology
from podatelna.sdns.nodes import Node
from podatelna.sdns.parameters import QueryError, Values, to_day
from podatelna.sdns.semantics import meaning
from podatelna.sdns.structure import Area, DataSet, Datum

_NOTHING: Final = QueryError("nothing_found")

_Query = Callable[[Desk, Values], Node | QueryError]
_Answer = Callable[[Methodology, str, Values], Node | None]


def editions(desk: Desk, given: Values) -> Node | QueryError:
    """METODIKY_SEZNAM: methodologies, of a functional area or valid on a day if that is asked."""
    area, day = given.get("FunkcniOblast", ""), to_day(given.get("PlatnostKe", ""))
    found = [
        edition
        for edition in desk.methodology.editions.values()
        if area in ("", edition.area) and (day is None or desk.methodology.valid(edition.code, day))
    ]
    return descriptions.editions(found) if found else _NOTHING


def _of_methodology(answer: _Answer) -> _Query:
    """A query about one methodology: of an unknown one, as of what it has not, there is nothing."""

    @wraps(answer)
    def query(desk: Desk, given: Values) -> Node | QueryError:
        methodology = given["Metodika"]
        known = methodology in desk.methodology.editions
        found = answer(desk.methodology, methodology, given) if known else None
        return found or _NOTHING

    return query


@_of_methodology
def data_sets(known: Methodology, methodology: str, _: Values) -> Node | None:
    """DATOVE_SOUBORY_SEZNAM."""
    found = [(one, known.change(methodology, one)) for one in known.part(methodology)]
    return descriptions.data_sets(methodology, found) if found else None


@_of_methodology
def content(known: Methodology, methodology: str, given: Values) -> Node | None:
    """DATOVE_SOUBORY_OBSAH, with the meaning of data if it is asked for."""
    code, told = given["DatovySoubor"], given.get("SemantickyPopis", "") == "A"
    data_set = next((one for one in known.part(methodology) if one.code == code), None)
    if not data_set:
        return None

    def places(data_set: DataSet) -> Iterator[tuple[Area, str, Datum, Mapping[str, str]]]:
        for area in data_set.areas:
            change = known.change_of_area(methodology, data_set, area)
            for datum in area.data():
                yield area, change, datum, meaning(datum.column, data_set) if told else {}

    return descriptions.content(methodology, data_set, places(data_set))


@_of_methodology
def dimensions(known: Methodology, methodology: str, given: Values) -> Node | None:
    """DIMENZE_SEZNAM; of one dimension if that is asked."""
    code = given.get("Dimenze", "")
    found = [one for one in known.semantics.dimensions if code in ("", one.code)]
    return descriptions.dimensions(methodology, found) if found else None


@_of_methodology
def values(known: Methodology, methodology: str, given: Values) -> Node | None:
    """DIMENZE_OBSAH."""
    found = known.semantics.values_of(given["Dimenze"])
    return descriptions.values(methodology, found) if found else None


@_of_methodology
def area_dimensions(known: Methodology, methodology: str, given: Values) -> Node | None:
    """DATOVA_OBLAST_DIMENZE."""
    code = given["DatovaOblast"]
    for data_set in known.part(methodology):
        if area := data_set.area(code):
            found = known.semantics.of_area(data_set, area)
            return descriptions.area_dimensions(methodology, code, found)
    return None


@_of_methodology
def accounts(known: Methodology, methodology: str, _: Values) -> Node | None:
    """UCETNICTVI."""
    found = known.semantics.accounts
    return descriptions.accounts(methodology, found) if found else None


QUERIES: Final[Mapping[str, _Query]] = {
    "METODIKY_SEZNAM": editions,
    "DATOVE_SOUBORY_SEZNAM": data_sets,
    "DATOVE_SOUBORY_OBSAH": content,
    "DIMENZE_SEZNAM": dimensions,
    "DIMENZE_OBSAH": values,
    "DATOVA_OBLAST_DIMENZE": area_dimensions,
    "UCETNICTVI": accounts,
}
