"""Large reports in several messages (programmer's manual, splittable reports)."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count, islice

from podatelna_client.sdns.codes import End
from podatelna_client.sdns.errors import InvalidInput
from podatelna_client.sdns.model import Area, Message, Part, Row

ROWS_PER_MESSAGE = 1500
"""As a reporter did it, for about 100 kB each."""

_Placed = tuple[str, Row]


def split(
    message: Message,
    rows_per_message: int = ROWS_PER_MESSAGE,
    numbers: Iterable[int] | None = None,
) -> Iterator[Message]:
    """The messages of one issue, made while they are asked for: two of them are in memory.

    The message's own number becomes that of the issue; those of its parts come from `numbers`, and
    without them go on from it. Rows keep their numbers, and an area without rows in a part is left
    out of it. What fits in one message comes back as it was, under its own number.
    """
    if rows_per_message < 1:
        raise InvalidInput(f"a message of {rows_per_message} rows")
    fragments = _fragments(message, rows_per_message)
    first, following = next(fragments, ()), next(fragments, None)
    if following is None:
        yield replace(message, areas=_areas(first) or message.areas)
        return
    own = iter(count(message.number + 1) if numbers is None else numbers)
    end: End | None = End.FIRST
    for number in count(1):
        part = Part(issue=message.number, number=number, end=end)
        yield replace(message, number=next(own), part=part, areas=_areas(first))
        if following is None:
            return
        first, following = following, next(fragments, None)
        end = None if following is not None else End.LAST


def _fragments(message: Message, size: int) -> Iterator[tuple[_Placed, ...]]:
    rows = ((area.code, row) for area in message.areas for row in area.numbered())
    while fragment := tuple(islice(rows, size)):
        yield fragment


def _areas(rows: Iterable[_Placed]) -> tuple[Area, ...]:
    found: dict[str, list[Row]] = {}
    for code, row in rows:
        found.setdefault(code, []).append(row)
    return tuple(Area(code, tuple(rows)) for code, rows in found.items())
