"""The tables of the alerts' life cycle, as the contract has them.

Pure: the rows are handed in.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from podatelna.czmvo.model import ENDUSER, MAH, Role

OPEN, FINAL, ANY = "open", "final", "*"
"""Words of the tables: all states that are not final, all that are, and no matter which."""
SYSTEM: Final = "system"
"""The role of what happens of its own accord."""

Rows = Callable[[str], Sequence[Mapping[str, str]]]
"""The rows of one of the contract's code lists."""
SIDES: tuple[Role, ...] = (ENDUSER, MAH)


@dataclass(frozen=True, slots=True)
class From:
    """Which states a row of a table begins at."""

    ids: frozenset[int]
    words: frozenset[str]

    def has(self, state: int, *, closed: bool) -> bool:
        """A state that the profile does not know is open or final all the same."""
        return state in self.ids or (FINAL if closed else OPEN) in self.words


@dataclass(frozen=True, slots=True)
class Transition:
    """A row of transitions.csv."""

    start: From
    origin: str
    kinds: str
    """The kind of error that it is for: technical, process or *."""
    target: int
    condition: str
    """intervention, cooperation or none."""
    otherwise: str
    """The error if the alert is of another kind."""


@dataclass(frozen=True, slots=True)
class Escalation:
    """A row of escalations.csv: what the system does of its own accord."""

    name: str
    setting: str
    """How long after: hours, one for each time, or days."""
    start: From
    since: str
    """created, or state: since its state was set."""
    target: str
    """The code of the state that follows; none: it only reminds."""
    mail: tuple[Role, ...]
    """Which sides are told, the end user first."""


@dataclass(frozen=True, slots=True)
class Book:
    """The tables of one profile."""

    ids: Mapping[str, int]
    """States by their code in the tables."""
    externals: Mapping[int, str]
    final: frozenset[int]
    transitions: Mapping[tuple[str, str], tuple[Transition, ...]]
    """By event and role."""
    escalations: tuple[Escalation, ...]
    kinds: Mapping[str, str]
    """EU alert codes: technical, process or level3."""


def read_book(rows: Rows, profile: str) -> Book:
    """The tables of a profile; KeyError if they name a state that it does not have."""
    states = [row for row in rows("states") if row["profile"] == profile]
    ids = {row["code"]: int(row["id"]) for row in states}
    transitions: dict[tuple[str, str], tuple[Transition, ...]] = {}
    for row in rows("transitions"):
        if row["profile"] == profile:
            key = row["event"], row["role"]
            transitions[key] = (*transitions.get(key, ()), _transition(row, ids))
    return Book(
        ids=ids,
        externals={int(row["id"]): row["externalcode"] for row in states},
        final=frozenset(int(row["id"]) for row in states if row["final"] == "1"),
        transitions=transitions,
        escalations=tuple(
            _escalation(row, ids)
            for row in rows("escalations")
            # Archiving does nothing to an alert and tells nobody: it follows from the closing.
            if row["profile"] in (profile, ANY) and (row["to"] or row["mail"])
        ),
        kinds={row["code"]: row["kind"] for row in rows("alert_codes")},
    )


def _transition(row: Mapping[str, str], ids: Mapping[str, int]) -> Transition:
    return Transition(
        start=_from(row["from"], ids),
        origin=row["origin"],
        kinds=row["kinds"],
        target=ids[row["to"]],
        condition=row["condition"],
        otherwise=row["otherwise"],
    )


def _escalation(row: Mapping[str, str], ids: Mapping[str, int]) -> Escalation:
    return Escalation(
        name=row["code"],
        setting=row["setting"],
        start=_from(row["from"], ids),
        since=row["since"],
        target=row["to"],
        mail=tuple(role for role in SIDES if role in row["mail"].split()),
    )


def _from(codes: str, ids: Mapping[str, int]) -> From:
    words = frozenset(codes.split()) & {OPEN, FINAL}
    return From(frozenset(ids[code] for code in codes.split() if code not in words), words)
