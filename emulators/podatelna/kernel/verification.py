"""Whether the calls that were to be made were made, from the journal."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from podatelna.kernel.journal import Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """Which exchanges are meant; what is not said may be anything."""

    agency: str | None = None
    operation: str | None = None
    login: str | None = None
    """Agencies do not look at its case, and neither does this."""
    method: str | None = None
    path: str | None = None
    """The beginning of the target."""
    status: int | None = None
    finding: str | None = None
    """The name of an error that the agency found."""

    def differences(self, exchange: Exchange) -> dict[str, tuple[object, object]]:
        """Expected and received, by member; empty: it is meant."""
        return {
            name: (wanted, _received(name, exchange))
            for name in NAMES
            if (wanted := getattr(self, name)) is not None and not _fits(name, wanted, exchange)
        }

    def means(self, exchange: Exchange) -> bool:
        return not self.differences(exchange)


NAMES = tuple(each.name for each in fields(Pattern))
ANY = Pattern()


@dataclass(frozen=True, slots=True)
class Expected:
    """How often calls of a pattern are made."""

    pattern: Pattern
    least: int = 1
    most: int | None = 1
    """None: any number."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """An expectation that the journal does not meet."""

    position: int
    """Of the expectation, from 0; -1: nobody expected the call."""
    why: str
    nearest: int | None = None
    """The number of the exchange that comes closest."""
    differs: Mapping[str, tuple[object, object]] | None = None
    """In what: expected and received, by member."""


def verify(
    recorded: Sequence[Exchange],
    expected: Sequence[Expected],
    *,
    ordered: bool = False,
    complete: bool = False,
) -> list[Unmet]:
    """All that is not met. `ordered`: the first call of each pattern comes after that of the one
    before it; `complete`: there are no other calls."""
    unmet = [*_counts(recorded, expected)]
    if ordered and not unmet:
        unmet += _order(recorded, expected)
    if complete:
        unmet += _strangers(recorded, expected)
    return unmet


def _counts(recorded: Sequence[Exchange], expected: Sequence[Expected]) -> Iterator[Unmet]:
    for position, each in enumerate(expected):
        made = sum(each.pattern.means(one) for one in recorded)
        if made < each.least or (each.most is not None and made > each.most):
            why = f"expected {_times(each)}, made {made}"
            yield _beside(position, why, each.pattern, recorded if made < each.least else ())


def _order(recorded: Sequence[Exchange], expected: Sequence[Expected]) -> Iterator[Unmet]:
    before = 0
    for position, each in enumerate(expected):
        meant = [one.number for one in recorded if each.pattern.means(one)]
        if meant and max(meant) <= before:
            yield Unmet(position, f"made, but not after exchange {before}", meant[-1])
        before = min((number for number in meant if number > before), default=before)


def _strangers(recorded: Sequence[Exchange], expected: Sequence[Expected]) -> Iterator[Unmet]:
    for one in recorded:
        if not any(each.pattern.means(one) for each in expected):
            yield Unmet(-1, f"nobody expected {one.method} {one.target}", one.number)


def _beside(position: int, why: str, pattern: Pattern, recorded: Sequence[Exchange]) -> Unmet:
    others = [(found, one) for one in recorded if (found := pattern.differences(one))]
    if not others:
        return Unmet(position, why)
    differs, nearest = min(others, key=lambda pair: (len(pair[0]), -pair[1].number))
    return Unmet(position, why, nearest.number, differs)


def _times(expected: Expected) -> str:
    if expected.most is None:
        return f"at least {expected.least}"
    if expected.least == expected.most:
        return f"{expected.least}"
    return f"{expected.least} to {expected.most}"


def _fits(name: str, wanted: Any, exchange: Exchange) -> bool:
    received: Any = _received(name, exchange)
    if name == "login":
        return bool(wanted.lower() == received.lower())
    if name == "path":
        return bool(received.startswith(wanted))
    return bool(wanted in received) if name == "finding" else bool(wanted == received)


def _received(name: str, exchange: Exchange) -> object:
    if name == "path":
        return exchange.target
    if name == "finding":
        return [found.code for found in exchange.findings]
    return getattr(exchange, name)
