"""The errors of a report that come with state 5, in the two forms that are likely.

How the collection looks is not public. Either it is a list of rows, each with the name of an
element and a text, or the report comes back with the texts in the elements concerned.
"""

from collections.abc import Iterator
from itertools import count
from typing import NamedTuple

from lxml import etree

from podatelna_client.izr.codes import ValidationError, code_of_text, known_texts, two_digits
from podatelna_client.izr.item import Item, local_name

_TAG = "usniznamka"
_CODE = "KodChyby"
_TEXT = "PopisChyby"


def validation_errors(inner: Item, sent: etree._Element) -> tuple[ValidationError, ...]:
    """All errors in an InnerException, in its order; `sent` is the payload with the report."""
    listed = [Item(row) for row in inner.element.iterdescendants(etree.Element)]
    rows = [row for row in listed if row.item(_TEXT) is not None]
    report = _Report.of(sent)
    return tuple(_listed(rows, report) if rows else _mirrored(inner, report))


class _Report(NamedTuple):
    """The report that was sent."""

    animals: str
    """What the elements of animals are called, in lower case."""
    tags: tuple[str, ...]
    """The animals' ear tags."""
    values: frozenset[tuple[str, str]]
    """Names, in lower case, and texts of all elements."""

    @classmethod
    def of(cls, sent: etree._Element) -> "_Report":
        elements = list(sent.iter(etree.Element))
        tags = [element for element in elements if _name(element) == _TAG]
        parents = {_name(parent) for tag in tags if (parent := tag.getparent()) is not None}
        return cls(
            animals=next(iter(parents), ""),
            tags=tuple((tag.text or "").strip() for tag in tags),
            values=frozenset((_name(each), (each.text or "").strip()) for each in elements),
        )

    def tag(self, row: int | None) -> str:
        """That of an animal by its place, as far as it is known."""
        return self.tags[row - 1] if row is not None and 0 < row <= len(self.tags) else ""


def _listed(rows: list[Item], report: _Report) -> Iterator[ValidationError]:
    for row in rows:
        text, number = row.text(_TEXT, "").strip(), row.number_if_any("CisloRadku")
        names = row.text("Element", "").split(",")
        yield ValidationError(
            text=text,
            elements=tuple(name.strip() for name in names if name.strip()),
            code=two_digits(row.text(_CODE, "")) or code_of_text(text),
            row=number,
            tag=report.tag(number),
        )


def _mirrored(inner: Item, report: _Report) -> list[ValidationError]:
    """An error that belongs to several elements stands in each of them, and is one all the same."""
    found: dict[tuple[int | None, str], tuple[str | None, list[str]]] = {}
    for element, row in _leaves(inner, report):
        for text in _texts(element, report):
            code = code_of_text(text) or two_digits(element.get(_CODE, ""))
            names = found.setdefault((row, text), (code, []))[1]
            names.append(local_name(element))
    return [
        ValidationError(text=text, elements=tuple(names), code=code, row=row, tag=report.tag(row))
        for (row, text), (code, names) in found.items()
    ]


def _leaves(inner: Item, report: _Report) -> Iterator[tuple[etree._Element, int | None]]:
    """Elements without others in them, and the place of the animal that they belong to."""
    numbers = count(1)
    rows: dict[etree._Element, int] = {}
    for element in inner.element.iterdescendants(etree.Element):
        if _name(element) == report.animals:
            rows[element] = next(numbers)
        if len(element) == 0:
            around = (rows[each] for each in element.iterancestors() if each in rows)
            yield element, next(around, None)


def _texts(element: etree._Element, report: _Report) -> tuple[str, ...]:
    """The errors that an element tells: none where it holds what was sent."""
    text = (element.text or "").strip()
    if not text or (_name(element), text) in report.values:
        return ()
    return known_texts(text) or (text,)


def _name(element: etree._Element) -> str:
    return local_name(element).lower()
