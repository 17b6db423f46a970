"""Payloads as plain data: what services take, written in the order of the mapping."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from podatelna_client.izr.errors import InvalidInput
from podatelna_client.izr.item import LOCAL_TIME
from podatelna_client.soap import writable

Fields = Mapping[str, Any]
"""Elements by their names. A value is a text, a whole number, a flag, a date or datetime, again
elements, or a list of such values, which repeats the element. None leaves the element out."""


def request(fields: Fields, namespace: str) -> etree._Element:
    """The element Request of a payload. Raises InvalidInput, which names the element."""
    try:
        element = etree.Element(f"{{{namespace}}}Request", nsmap={"izr": namespace})
    except ValueError as error:
        raise InvalidInput(f"{namespace!r} is no namespace: {error}") from error
    _fill(element, fields, namespace, "")
    return element


def _fill(parent: etree._Element, fields: Fields, namespace: str, place: str) -> None:
    for name, value, where in _singles(fields, place):
        try:
            element = etree.SubElement(parent, f"{{{namespace}}}{name}")
            if isinstance(value, Mapping):
                _fill(element, value, namespace, where)
            else:
                element.text = as_text(value)
        except InvalidInput:
            raise
        except (TypeError, ValueError, OverflowError) as error:
            raise InvalidInput(f"{where} {error}") from error


def _singles(fields: Fields, place: str) -> Iterator[tuple[str, Any, str]]:
    """Name, value and place of each element; those that repeat have a number."""
    for name, value in fields.items():
        where = f"{place}/{name}" if place else name
        if isinstance(value, Sequence) and not isinstance(value, str | bytes):
            for number, single in enumerate(value, 1):
                yield name, single, f"{where}[{number}]"
        elif value is not None:
            yield name, value, where


def as_text(value: Any) -> str:
    """A simple value as XML Schema writes it. Raises TypeError or ValueError."""
    if isinstance(value, str):
        return writable(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, date):
        return _moment(value)
    raise TypeError(f"cannot be {type(value).__name__}")


def _moment(value: date) -> str:
    """Dates are xs:dateTime even where only a day is meant; there are no offsets in payloads."""
    if not isinstance(value, datetime):
        return f"{value.isoformat()}T00:00:00"
    local = value.astimezone(ZoneInfo(LOCAL_TIME)) if value.tzinfo else value
    return local.replace(tzinfo=None).isoformat(timespec="seconds")
