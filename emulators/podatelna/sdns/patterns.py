"""Regular expressions of methodologies, a user's ones among them: none may take too long.

Python tries, in the worst case, every way in which an expression can divide a value. So those ways
are counted, and an expression that has too many is refused.
"""

import re
from collections.abc import Callable, Iterable
from math import prod
from re import _parser  # type: ignore[attr-defined] # typeshed does not know it
from typing import Any, Final

WAYS: Final = 1_000_000
"""The most that a value may make one cell try; a search for the mistake takes 0.1 s at worst."""
_SINGLE: Final = frozenset({"LITERAL", "NOT_LITERAL", "ANY", "IN", "AT", "CATEGORY", "RANGE"})


def compile_pattern(pattern: str, length: int) -> re.Pattern[str]:
    """An expression for values of at most `length` characters; ValueError if it cannot be used."""
    try:
        found = re.compile(pattern)
        ways = _of_all(_parser.parse(pattern), length)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"pattern {pattern!r} is no regular expression: {error}") from error
    if ways > WAYS:
        raise ValueError(
            f"pattern {pattern!r} could take too long for {length} characters: "
            "tell how often its parts may repeat, such as {1,5}, or a smaller length"
        )
    return found


def _of_all(items: Iterable[tuple[Any, Any]], length: int) -> int:
    return prod(min(_of(str(kind), value, length), WAYS + 1) for kind, value in items)


def _of(kind: str, value: Any, length: int) -> int:
    if kind in _SINGLE:
        return 1
    count = _WAYS.get(kind)
    if count is None:
        raise re.error(f"{kind.lower()} is not known here")
    return count(value, length)


def _repeated(value: tuple[int, int, Any], length: int) -> int:
    least, most, body = value
    inner = _of_all(body, length)
    times = range(min(least, length), min(int(most), length) + 1)
    if inner == 1:
        return max(len(times), 1)
    # A body of several ways may be taken in any of them each time.
    return sum(inner ** min(count, 20) for count in times) or 1


def _either(value: tuple[None, list[Any]], length: int) -> int:
    return sum(_of_all(branch, length) for branch in value[1])


def _group(value: tuple[Any, ...], length: int) -> int:
    return _of_all(value[-1], length)


def _inside(value: Any, length: int) -> int:
    return _of_all(value, length)


_WAYS: Final[dict[str, Callable[[Any, int], int]]] = {
    "MAX_REPEAT": _repeated,
    "MIN_REPEAT": _repeated,
    "POSSESSIVE_REPEAT": _repeated,
    "BRANCH": _either,
    "SUBPATTERN": _group,
    "ASSERT": _group,
    "ASSERT_NOT": _group,
    "ATOMIC_GROUP": _inside,
}
"""What is missing, references to groups and conditions, no mask of a methodology needs."""
