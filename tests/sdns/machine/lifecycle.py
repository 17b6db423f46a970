"""States of issues, and what issues are to each other (SOURCES.md, Q19, Q27, Q31)."""

from collections.abc import Iterable, Mapping

from tests.sdns.machine import world
from tests.sdns.machine.header import WITH_DATA
from tests.sdns.machine.records import CORRECTION, NEW, Issue, Key, Occurrence, Row

CANCELLED = {10: 61, 15: 61, 16: 61, 31: 62, 32: 62, 51: 59, 52: 59}
"""What Storno makes of an issue."""
REPLACED = {15: 61, 16: 61, 31: 62, 32: 62}
"""What the next stored issue makes of it."""
STORED = {31, 32, 51, 52, 59, 62}
"""Its data were stored once, and so took the place of what was before."""
EDGES: Mapping[int, set[int]] = {
    0: {99},
    10: {15, 16, 17, 19, 61, 99},
    15: {61},
    16: {61},
    17: {31, 99},
    19: {20, 99},
    20: {51, 32, 99},
    31: {52, 62},
    32: {52, 62},
    51: {59},
    52: {59},
}
"""The ways between states of issues (SOURCES.md, Q19, Q31)."""


def left(occurrence: Occurrence) -> int:
    """What is left after a cancellation decides: the last issue that counts."""
    stored = False
    for issue in reversed(occurrence.issues):
        stored = stored or issue.state in STORED
        if issue is occurrence.current:
            return 30 if issue.state in (31, 32) else 50
        broken_down = issue.state == 99 and issue.status in WITH_DATA and not stored
        if broken_down or issue.state in (15, 16):
            return 40
        if issue.state == 10:
            return 20
    return 0


def complete(occurrence: Occurrence, issue: Issue) -> None:
    """Rows that an issue leaves as they were, from the one that it refers to (Q27, Q28)."""
    base, current = issue.referred, occurrence.current
    if base and (base.state == 99 or (current and current.id > base.id)):
        base = current  # it has taken its place
    if base is None or (issue.status == CORRECTION and not _is_partial(occurrence, base)):
        return
    named = {each.row.name for each in issue.rows}
    issue.rows += [each for each in base.rows if issue.status == NEW or each.row.name not in named]
    if issue.status != NEW:
        issue.rows = [each for each in issue.rows if not each.removes]


def before(occurrence: Occurrence, known: Iterable[Occurrence]) -> Issue | None:
    """The data of the last occurrence before."""
    key = occurrence.key
    earlier = [
        each
        for each in known
        if each.current
        and each.key.as_of < key.as_of
        and Key(key.code, key.subject, key.scope, each.key.as_of, key.test) == each.key
    ]
    return max(earlier, key=lambda each: each.key.as_of).current if earlier else None


def checked(issue: Issue) -> int:
    """The state that its failed checks lead to."""
    kinds = {each.kind for each in issue.failed}
    if "X" in kinds:
        return 15
    if issue.troubles or kinds & {"F", "O", "L"}:
        return 16
    return 17 if "P" in kinds else 19


def rows(issue: Issue) -> list[Row]:
    return [each.row for each in issue.rows]


def _is_partial(occurrence: Occurrence, base: Issue) -> bool:
    """Whether a correction may have some of the rows only."""
    kinds = {each.kind for each in base.failed}
    if kinds == {"L"} and not base.troubles:
        return True
    return bool(world.SETS[occurrence.key.code].get("additive")) and not kinds & {"F", "O", "X"}
