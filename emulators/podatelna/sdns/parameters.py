"""Parameters of the queries of EwiQueryWS: documents of ews-par.xsd, their checks and their echo.

The same document says what a query takes (the answer of getParams) and, filled in, what a caller
gives (xmlParam of performQuery).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from lxml import etree

from podatelna.kernel.reading import Element

Values = Mapping[str, str]
"""What a caller gave, by name, in the order of the document."""

MASKED: Final = "***"
"""What answers and records show in place of a password."""

_LARGEST: Final = 1 << 18
"""Bytes of a document; that of the widest query has three thousand."""
_LONGEST_REASON: Final = 200
_HARDENED: Final[dict[str, Any]] = {
    "resolve_entities": False,
    "load_dtd": False,
    "no_network": True,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_CAPACITY: Final = 11
_LOAD_NUMERATOR, _LOAD_DENOMINATOR = 3, 4
_DATE: Final = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,38}(?:\.[0-9]{1,38})?")


class NotParameters(Exception):  # noqa: N818 - it says what the bytes are
    """The bytes are no DefiniceDotazu; the reason says why."""

    def __init__(self, reason: str) -> None:
        self.reason = reason[:_LONGEST_REASON]
        super().__init__(self.reason)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter that a query takes."""

    name: str
    kind: str
    """Datatyp: Number, Date or String."""
    required: bool
    allowed: tuple[str, ...] = ()
    """SeznamHodnot; empty: anything."""


@dataclass(frozen=True, slots=True)
class QueryError:
    """Why a query is not answered."""

    key: str
    """Of errors.yaml."""
    parameter: str = ""
    """Which one is to blame; empty: none, or all together."""
    received: str = ""
    """What the journal shows; never a password."""


def read_parameters(data: bytes) -> Values:
    """What a filled document gives; raises NotParameters.

    Only Parametr, its Nazev and its HodnotaPar are looked at: the server goes by the query type of
    the call, and TypDotazu of an observed client differed from it. A value that is left out is "".
    Of two parameters with one name the second value holds, at the first one's place.
    """
    return {_name(found): _given(found) for found in _root(data).iterfind("Parametr")}


def read_definition(data: bytes) -> tuple[Parameter, ...]:
    """What the query of a getParams document takes, in its order; raises NotParameters."""
    return tuple(
        Parameter(
            _name(found),
            found.get("Datatyp", "String"),
            found.get("Povinny") == "A",
            tuple(one.get("Hodnota", "") for one in found.iterfind("SeznamHodnot/Hodnota")),
        )
        for found in _root(data).iterfind("Parametr")
    )


def breach(data: bytes, schema: etree.XMLSchema) -> str:
    """Where a document that could be read is not valid by ews-par.xsd; "" if it is."""
    try:
        schema.assertValid(_root(data))
    except etree.DocumentInvalid as invalid:
        return str(invalid)[:_LONGEST_REASON]
    return ""


def _root(data: bytes) -> Element:
    if len(data) > _LARGEST:
        raise NotParameters(f"there are {len(data)} bytes, more than {_LARGEST}")
    if not data.strip():
        raise NotParameters("there is nothing")
    try:
        root = etree.fromstring(data, etree.XMLParser(**_HARDENED))
    except etree.XMLSyntaxError as error:
        raise NotParameters(error.msg or "it is no XML") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotParameters("a document type declaration is not accepted")
    if root.tag != "DefiniceDotazu":
        raise NotParameters(f"the root element is {root.tag}, not DefiniceDotazu")
    return root


def _name(parameter: Element) -> str:
    name = parameter.get("Nazev")
    if not name:
        raise NotParameters(f"line {parameter.sourceline}: Parametr without Nazev")
    return name


def _given(parameter: Element) -> str:
    value = parameter.find("HodnotaPar")
    if value is None:
        return ""
    if len(value):
        raise NotParameters(f"line {value.sourceline}: HodnotaPar holds elements")
    return value.text or ""


def wrong(takes: Iterable[Parameter], given: Values) -> QueryError | None:
    """The first parameter that is missing or has a value that it cannot have, in their order."""
    for parameter in takes:
        value = given.get(parameter.name, "")
        if value and not _fits(parameter, value):
            return QueryError(
                "query_parameter_wrong", parameter.name, _shown(parameter.name, value)
            )
        if not value and parameter.required:
            return QueryError("query_parameter_missing", parameter.name)
    return None


def _fits(parameter: Parameter, value: str) -> bool:
    if parameter.allowed:
        return value in parameter.allowed
    if parameter.kind == "Date":
        return to_day(value) is not None
    return parameter.kind != "Number" or _NUMBER.fullmatch(value) is not None


def to_day(value: str) -> date | None:
    """A date of the mask DD.MM.YYYY; None: it is none."""
    found = _DATE.fullmatch(value)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None


def echo(takes: Iterable[Parameter], given: Values) -> list[tuple[str, str]]:
    """Names and values as an answer repeats them: all that were given, also unknown ones.

    The password is masked, and dates are YYYYMMDD whatever their mask (observed answer).
    """
    dates = {parameter.name for parameter in takes if parameter.kind == "Date"}
    return [
        (name, _day_shown(given[name]) if name in dates else _shown(name, given[name]))
        for name in hashtable_order(given)
    ]


def _shown(name: str, value: str) -> str:
    return MASKED if name.strip().lower() == "password" else value


def _day_shown(value: str) -> str:
    day = to_day(value)
    return day.isoformat().replace("-", "") if day else value


def hashtable_order(names: Iterable[str]) -> list[str]:
    """The order in which a java.util.Hashtable enumerates keys that were put into it in an order.

    The observed order of DotazParametr is that of such a table (SOURCES.md Q15). It starts with 11
    buckets and grows to twice as many and one when three quarters of them are taken. Buckets are
    enumerated from the last one, and in each the key that was put last comes first. Growing moves
    keys in the order of enumeration, so those that stay together change places.
    """
    buckets: list[list[str]] = [[] for _ in range(_CAPACITY)]
    for count, name in enumerate(dict.fromkeys(names)):
        if count >= len(buckets) * _LOAD_NUMERATOR // _LOAD_DENOMINATOR:
            buckets = _grown(buckets)
        buckets[_hash_code(name) % len(buckets)].append(name)
    return [name for bucket in reversed(buckets) for name in reversed(bucket)]


def _grown(buckets: list[list[str]]) -> list[list[str]]:
    grown: list[list[str]] = [[] for _ in range(len(buckets) * 2 + 1)]
    for bucket in reversed(buckets):
        for name in reversed(bucket):
            grown[_hash_code(name) % len(grown)].append(name)
    return grown


def _hash_code(text: str) -> int:
    """String.hashCode of Java without its sign bit: over UTF-16 code units, modulo 2 ** 32."""
    code = 0
    units = text.encode("utf-16-le", "surrogatepass")
    for low, high in zip(units[::2], units[1::2], strict=True):
        code = (31 * code + (high << 8 | low)) & 0xFFFFFFFF
    return code & 0x7FFFFFFF
