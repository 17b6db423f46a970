"""Two values side by side: what was expected, and what came."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import yaml

SHORT = 200
"""Longest value that a message shows whole."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One expectation that did not hold, in words."""

    what: str
    expected: str
    received: str


Differences = Iterator[Difference]


def misses(what: str, expected: object, received: object, at: str = "") -> Differences:
    """What was expected and is not there; `at` is a JSON Pointer to the values below `what`.

    Mappings may have more members than expected; lists, texts and numbers must be equal.
    """
    where = f"{what} {at}".rstrip()
    if isinstance(expected, Mapping) and isinstance(received, Mapping):
        for key, value in expected.items():
            below = f"{at}/{_escaped(key)}"
            if key in received:
                yield from misses(what, value, received[key], below)
            else:
                yield Difference(f"{what} {below}", shown(value), "no such member")
    elif _alike(expected, received):
        pairs = zip(expected, received, strict=True)  # type: ignore[call-overload] # both are lists
        for position, (one, other) in enumerate(pairs):
            yield from misses(what, one, other, f"{at}/{position}")
    elif not contains(received, expected):
        yield Difference(where, _told(expected), _told(received))


def contains(whole: object, part: object) -> bool:
    """Whether `part` is there: keys of mappings may be more, lists and values are equal."""
    if isinstance(part, Mapping):
        return isinstance(whole, Mapping) and all(
            key in whole and contains(whole[key], value) for key, value in part.items()
        )
    if isinstance(part, list):
        return (
            isinstance(whole, list) and len(whole) == len(part) and all(map(contains, whole, part))
        )
    if isinstance(part, datetime) and isinstance(whole, datetime):
        return _instant(whole) == _instant(part)
    # To Python, true is 1; to a scenario it is not.
    return type(whole) is type(part) and whole == part


def pointed(value: object, pointer: str) -> tuple[bool, object]:
    """Whether a JSON Pointer (RFC 6901) leads to something, and to what."""
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, Mapping) and key in value:
            value = value[key]
        elif isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        else:
            return False, None
    return True, value


def shown(value: object) -> str:
    """A value as a scenario file writes it, in one line."""
    text = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, width=float("inf"), sort_keys=False
    )
    return short(text.removesuffix("\n").removesuffix("\n..."))


def short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[:SHORT]}..."


def unequal_texts(what: str, expected: str, received: str) -> Differences:
    """Two texts that must be equal; long ones are shown from shortly before they part."""
    if expected != received:
        pairs = enumerate(zip(expected, received, strict=False))
        common = next((at for at, (one, other) in pairs if one != other), len(expected))
        start = max(0, common - SHORT // 4) if max(len(expected), len(received)) > SHORT else 0
        before = f"from character {start}: " if start else ""
        pair = (before + short(repr(text[start:])) for text in (expected, received))
        yield Difference(what, *pair)


def _alike(expected: object, received: object) -> bool:
    """Lists that are worth comparing item by item: as long, and of mappings."""
    return (
        isinstance(expected, list)
        and isinstance(received, list)
        and len(expected) == len(received)
        and any(isinstance(item, Mapping) for item in expected)
    )


def _told(value: object) -> str:
    """As a scenario writes it; a list that is too long for that, with its length."""
    text = shown(value)
    if isinstance(value, list) and len(text) > SHORT:
        return f"{len(value)} of them: {text}"
    return text


def _escaped(key: object) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")


def _instant(at: datetime) -> datetime:
    """A time without a zone is UTC, as everywhere in scenarios."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)
