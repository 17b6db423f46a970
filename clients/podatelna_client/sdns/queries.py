"""Queries: the parameters that each kind takes (ews-par.xsd)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal

from lxml import etree

from podatelna_client.sdns.errors import InvalidInput
from podatelna_client.sdns.exchange import document
from podatelna_client.soap import Unreadable, writable

ISSUES = "VYDANI_SEZNAM_JH"
OCCURRENCES = "VYSKYTY_SEZNAM_JH"
HEADER_ERRORS = "DZ_ERR_SEZNAM"

Kind = Literal["Number", "Date", "String"]
Value = str | int | date | None
"""None leaves a parameter out."""
Parameters = Mapping[str, Value]

DAY = "DD.MM.YYYY"


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a parameter may have."""

    name: str
    value: str
    default: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """What a query wants to know."""

    name: str
    kind: str = "String"
    """Number, Date or String."""
    required: bool = True
    mask: str = ""
    description: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A kind of query with its parameters; the answer of getParams."""

    query: str
    """As the document names itself, which need not be what was asked for."""
    description: str = ""
    parameters: tuple[Parameter, ...] = ()


def _strings(*names: str) -> tuple[Parameter, ...]:
    return tuple(Parameter(name=name) for name in names)


def _days(*names: str) -> tuple[Parameter, ...]:
    return tuple(Parameter(name=name, kind="Date", mask=DAY) for name in names)


_USER = _strings("Username", "Password")
KNOWN: Mapping[str, Definition] = MappingProxyType(
    {
        # As the service answered it.
        ISSUES: Definition(
            query="VYDANI_SEZNAM",
            parameters=(
                *_USER,
                *_days("ObdobiV"),
                *_strings("SubjektV", "RozsahV", "DatovySoubor", "Rozsah", "Popis"),
            ),
        ),
    }
)
"""Of other queries it is what a value is that says what its parameter is."""


def parameters_document(query: str, values: Parameters, definition: Definition | None) -> bytes:
    """A DefiniceDotazu with the values in it, in their order. Raises InvalidInput."""
    known = definition or KNOWN.get(query.upper(), Definition(query=query))
    by_name = {parameter.name: parameter for parameter in known.parameters}
    root = etree.Element("DefiniceDotazu")
    etree.SubElement(root, "TypDotazu").text = known.query
    etree.SubElement(root, "Popis").text = known.description
    for name, value in values.items():
        if value is not None:
            _write(root, by_name.get(name) or _guessed(name, value), value)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def read_definition(octets: bytes) -> Definition:
    """The answer of getParams. Raises Unreadable."""
    root = document(octets)
    if root.tag != "DefiniceDotazu":
        raise Unreadable(f"{root.tag} is no DefiniceDotazu")
    return Definition(
        query=root.findtext("TypDotazu", ""),
        description=_told(root),
        parameters=tuple(_parameter(each) for each in root.iterfind("Parametr")),
    )


def value_text(value: str | int | date) -> str:
    """As the masks of the service want it: days as 31.07.2013."""
    if isinstance(value, date):
        return f"{value:%d.%m.}{value.year:04}"
    return str(value)


def _write(root: etree._Element, parameter: Parameter, value: str | int | date) -> None:
    element = etree.SubElement(root, "Parametr", Nazev=_fitting(parameter.name))
    element.set("Datatyp", parameter.kind)
    element.set("Povinny", "A" if parameter.required else "N")
    element.set("Maska", parameter.mask)
    etree.SubElement(element, "Popis").text = parameter.description
    if parameter.choices:
        listed = etree.SubElement(element, "SeznamHodnot")
        for choice in parameter.choices:
            default = "A" if choice.default else "N"
            about = {"Default": default, "Jmeno": choice.name, "Hodnota": choice.value}
            etree.SubElement(listed, "Hodnota", about)
    etree.SubElement(element, "HodnotaPar").text = _fitting(value_text(value))


def _guessed(name: str, value: object) -> Parameter:
    if isinstance(value, date):
        return Parameter(name=name, kind="Date", mask=DAY)
    return Parameter(name=name, kind="Number" if isinstance(value, int) else "String")


def _fitting(text: str) -> str:
    try:
        return writable(text)
    except ValueError as error:
        raise InvalidInput(f"a parameter {error}") from error


def _parameter(element: etree._Element) -> Parameter:
    return Parameter(
        name=element.get("Nazev", ""),
        kind=element.get("Datatyp", ""),
        required=element.get("Povinny") == "A",
        mask=element.get("Maska", ""),
        description=_told(element),
        choices=tuple(
            Choice(each.get("Jmeno", ""), each.get("Hodnota", ""), each.get("Default") == "A")
            for each in element.iterfind("SeznamHodnot/Hodnota")
        ),
    )


def _told(element: etree._Element) -> str:
    return " ".join((element.findtext("Popis") or "").split())
