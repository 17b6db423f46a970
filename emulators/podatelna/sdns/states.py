"""States of issues and occurrences, and which follows which (programmer's manual, StavKod).

The manual lists the states; the ways between them are our reading of it (SOURCES.md, Q19).
"""

from collections.abc import Sequence
from typing import Final

from podatelna.sdns.model import Issue, Status

REPLICATED: Final = -1
"""Made by the bank of the last valid data."""
FICTIVE: Final = 0
"""Of a message without data of its own: a confirmation, a cancellation."""
BEGUN: Final = 10
FATAL: Final = 15
WRONG: Final = 16
DOUBTFUL: Final = 17
CLEAN: Final = 19
STORING: Final = 20
UNCONFIRMED: Final = 31
IMPLAUSIBLE: Final = 32
VALID: Final = 51
CONFIRMED: Final = 52
CANCELLED: Final = 59
DISCARDED: Final = 61
DROPPED: Final = 62
BROKEN: Final = 99

ISSUE_STATES: Final[dict[int, frozenset[int]]] = {
    REPLICATED: frozenset(),
    FICTIVE: frozenset({BROKEN}),
    # An issue of which only some parts have come can be cancelled: else it would stay for ever.
    BEGUN: frozenset({FATAL, WRONG, DOUBTFUL, CLEAN, DISCARDED, BROKEN}),
    FATAL: frozenset({DISCARDED}),
    WRONG: frozenset({DISCARDED}),
    DOUBTFUL: frozenset({UNCONFIRMED, BROKEN}),
    CLEAN: frozenset({STORING, BROKEN}),
    STORING: frozenset({IMPLAUSIBLE, VALID, BROKEN}),
    UNCONFIRMED: frozenset({CONFIRMED, DROPPED}),
    IMPLAUSIBLE: frozenset({CONFIRMED, DROPPED}),
    VALID: frozenset({CANCELLED}),
    CONFIRMED: frozenset({CANCELLED}),
    CANCELLED: frozenset(),
    DISCARDED: frozenset(),
    DROPPED: frozenset(),
    BROKEN: frozenset(),
}
"""What may follow each state of an issue."""

REFUSED: Final = frozenset({FATAL, WRONG})
TO_CONFIRM: Final = frozenset({UNCONFIRMED, IMPLAUSIBLE})
IN_FORCE: Final = frozenset({VALID, CONFIRMED})
STANDING: Final = REFUSED | TO_CONFIRM | IN_FORCE

WHEN_CANCELLED: Final[dict[int, int]] = {
    BEGUN: DISCARDED,
    FATAL: DISCARDED,
    WRONG: DISCARDED,
    UNCONFIRMED: DROPPED,
    IMPLAUSIBLE: DROPPED,
    VALID: CANCELLED,
    CONFIRMED: CANCELLED,
}
"""What a Storno makes of an issue."""
WHEN_REPLACED: Final[dict[int, int]] = {
    FATAL: DISCARDED,
    WRONG: DISCARDED,
    UNCONFIRMED: DROPPED,
    IMPLAUSIBLE: DROPPED,
}
"""What the next issue that is stored makes of the others; valid ones stay listed as they are."""

_WAS_STORED: Final = TO_CONFIRM | IN_FORCE | {CANCELLED, DROPPED}
_WITH_DATA: Final = frozenset[Status]({"new_data", "correction", "change"})

NOTHING: Final = 0
IN_PROCESSING: Final = 20
CONFIRMATION_DUE: Final = 30
CORRECTION_DUE: Final = 40
FILLED: Final = 50


def occurrence_state(issues: Sequence[Issue], current: int) -> int:
    """What an occurrence is in because of its issues, of which the last one that counts decides."""
    stored = max((issue.id for issue in issues if issue.state in _WAS_STORED), default=0)
    known = (_because_of(issue, current, stored) for issue in reversed(issues))
    return next((state for state in known if state), NOTHING)


def _because_of(issue: Issue, current: int, stored: int) -> int:
    """NOTHING: this issue does not count, as one in 99 does not once another was stored."""
    if issue.id == current:
        return CONFIRMATION_DUE if issue.state in TO_CONFIRM else FILLED
    if issue.state == BROKEN:
        counts = issue.id > stored and issue.status in _WITH_DATA
        return CORRECTION_DUE if counts else NOTHING
    if issue.state in REFUSED:
        return CORRECTION_DUE
    return IN_PROCESSING if issue.state == BEGUN else NOTHING


def standing(issues: Sequence[Issue], current: int) -> Issue | None:
    """What new data would have to correct: the data that are kept, or a later issue with errors.

    An issue that was valid until a correction took its place is still listed as valid, and stands
    for nothing any more, even when the correction is cancelled.
    """
    counting = (each for each in reversed(issues) if each.state in REFUSED or each.id == current)
    return next(counting, None)
