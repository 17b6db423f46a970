"""Names that nobody knows, beside those that were perhaps meant."""

from collections.abc import Iterable
from difflib import get_close_matches

MOST_LISTED = 12


def meant(name: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown name: the nearest known one, or all of a few."""
    names = list(known)
    if near := get_close_matches(name, names, n=1):
        return f"; did you mean {near[0]}?"
    return f"; there are {', '.join(names)}" if 0 < len(names) <= MOST_LISTED else ""
