"""Walks through ASN.1 of the basic encoding (X.690) without copying it.

A signed message is mostly content of tens of megabytes, which a general reader copies for each
level around it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

INTEGER, OCTETS, OBJECT, SEQUENCE, SET = 0x02, 0x04, 0x06, 0x30, 0x31
CONSTRUCTED: Final = 0x20
_MOST: Final = 1 << 19
"""Steps through one encoding: content of a quarter of a gibibyte in pieces of a kilobyte takes so
many, two for each piece."""
_DEEPEST: Final = 24
_HIGH_TAG: Final = 0x1F
_INDEFINITE: Final = 0x80
_END: Final = b"\0\0"


class NotBer(ValueError):  # noqa: N818 - it says what the bytes are; nothing went wrong here
    """The bytes are no such encoding, or one that nobody makes; the text says why."""


def context(number: int) -> int:
    """The identifier octet of a constructed element [number]."""
    return 0xA0 | number


@dataclass(frozen=True, slots=True)
class Element:
    """Where an element is: [begin, start) is its head, [start, stop) its content."""

    tag: int
    """The identifier octet."""
    begin: int
    start: int
    stop: int
    end: int
    """Behind the end-of-contents octets, if there are any."""


class Reader:
    """Reads elements, and counts them, so that no encoding keeps it long. Raises NotBer."""

    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)
        self._left = _MOST
        self._ends: dict[int, int] = {}
        """Where contents end that do not say how long they are, by where they start."""

    def first(self) -> Element:
        """The outermost element. What follows it is the caller's concern."""
        return self._element(0, len(self._data), 0)

    def children(self, parent: Element) -> list[Element]:
        return list(self._inside(parent, 0))

    def whole(self, element: Element) -> bytes:
        """The element with its head."""
        return bytes(self._data[element.begin : element.end])

    def content(self, element: Element) -> bytes:
        return bytes(self._data[element.start : element.stop])

    def octets(self, element: Element) -> bytes:
        """The value of an OCTET STRING, which may be in pieces. It is copied once."""
        return b"".join(self._pieces(element, 0))

    def _pieces(self, element: Element, depth: int) -> Iterator[memoryview]:
        if element.tag == OCTETS:
            yield self._data[element.start : element.stop]
        elif element.tag == OCTETS | CONSTRUCTED:
            for each in self._inside(element, depth):
                yield from self._pieces(each, depth + 1)
        else:
            raise NotBer(f"An OCTET STRING is expected at byte {element.begin}.")

    def _inside(self, parent: Element, depth: int) -> Iterator[Element]:
        at = parent.start
        while at < parent.stop:
            element = self._element(at, parent.stop, depth)
            at = element.end
            yield element

    def _element(self, begin: int, limit: int, depth: int) -> Element:
        self._left -= 1
        if depth > _DEEPEST or self._left < 0:
            raise NotBer("The encoding is too deep, or of too many pieces.")
        if limit - begin < len(_END):
            raise NotBer("The data end too early.")
        tag, length = self._data[begin], self._data[begin + 1]
        if tag & _HIGH_TAG == _HIGH_TAG or not tag:
            raise NotBer(f"There is no element at byte {begin}.")
        start = begin + 2
        if length == _INDEFINITE:
            stop = self._ends.get(start) or self._indefinite(tag, start, limit, depth)
            return Element(tag, begin, start, stop, stop + len(_END))
        if length > _INDEFINITE:
            start += length - _INDEFINITE
            length = int.from_bytes(self._data[begin + 2 : start], "big")
        if start + length > limit:
            raise NotBer("The data end too early.")
        return Element(tag, begin, start, start + length, start + length)

    def _indefinite(self, tag: int, start: int, limit: int, depth: int) -> int:
        """Where the content ends of an element that does not say how long it is."""
        if not tag & CONSTRUCTED:
            raise NotBer(f"The element at byte {start} has no end.")
        at = start
        while bytes(self._data[at : min(at + 2, limit)]) != _END:
            at = self._element(at, limit, depth + 1).end
        self._ends[start] = at
        return at
