"""A method of the AMS client as plain data: its arguments from it, its answer to it."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from podatelna_client.acting import Shape
from podatelna_client.czmvo import AlertFile, Deletion, Import, NewException, StatePage, Table

Tell = Callable[[Any], Mapping[str, Any]]
"""What is told of an answer of the client."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method of the client."""

    takes: Mapping[str, Shape] = field(default_factory=dict)
    answers: Mapping[str, Shape]
    tell: Tell
    exclusive: Sequence[Sequence[str]] = ()
    octets: str = ""
    """The argument that the octets of a file become."""
    samples: Mapping[str, Any] = field(default_factory=dict)
    """Arguments that are needed, and may be any."""

    def arguments(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Keyword arguments for the client. Raises ValueError."""
        read = {
            name: _READ[name](value) if name in _READ else value
            for name, value in given.items()
            if name not in _FORMS
        }
        for name in _FORMS:
            if name in given:
                read[self.octets] = _FORMS[name](given[name])
        return read


def by_name(name: str) -> Tell:
    """The whole answer under one name."""
    return lambda value: {name: _plain(value)}


def rows(items: Iterable[Any]) -> Mapping[str, Any]:
    """A row for each of the client's values."""
    return {"rows": [_plain(asdict(item)) for item in items]}


def table(answer: Table) -> Mapping[str, Any]:
    """Rows by the names of the header."""
    return {"header": list(answer.header), "rows": list(answer.records())}


def file(answer: AlertFile) -> Mapping[str, Any]:
    """A file, its octets in base64."""
    return {
        "name": answer.name,
        "media_type": answer.media_type,
        "size": len(answer.content),
        "base64": b64encode(answer.content).decode("ascii"),
    }


def page(answer: StatePage) -> Mapping[str, Any]:
    """A page of alerts."""
    return {**rows(answer.alerts), "pages": answer.pages, "current": answer.current}


def imported(answer: Import) -> Mapping[str, Any]:
    """Lines that were imported or not."""
    return {**rows(answer.lines), "count": answer.count}


def deleted(answer: Deletion) -> Mapping[str, Any]:
    """Exceptions that were deleted."""
    return {**rows(answer.deleted), "affected": answer.affected}


def _plain(value: Any) -> Any:
    """Tuples as lists, however deep."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, tuple | list) else value


def _moment(value: Any) -> Any:
    """Scenarios write moments without a zone in UTC, and midnight without a time."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value


def _lines(value: Any) -> list[NewException]:
    return [NewException(**{"product_code": "", **line}) for line in value]


_READ: Mapping[str, Callable[[Any], Any]] = {
    "created_from": _moment,
    "created_to": _moment,
    "changed_from": _moment,
    "lines": _lines,
}
_FORMS: Mapping[str, Callable[[Any], bytes]] = {
    "content": str.encode,
    "base64": b64decode,
    "size": lambda size: b"x" * size,
}
