"""What becomes of an issue: its rows are checked and stored, and the occurrence follows."""

from dataclasses import replace
from typing import Final

from podatelna.sdns import letters
from podatelna.sdns.checks import Checking, aggregate, compare
from podatelna.sdns.corrections import complete, replace_others
from podatelna.sdns.desk import Desk
from podatelna.sdns.model import FailedCheck, Issue, Occurrence, Trouble
from podatelna.sdns.moments import seconds_after
from podatelna.sdns.occurrences import data_set_of, enter, occurrence_of, trouble, turn
from podatelna.sdns.states import (
    BROKEN,
    CLEAN,
    CONFIRMATION_DUE,
    CORRECTION_DUE,
    DISCARDED,
    DOUBTFUL,
    FATAL,
    FICTIVE,
    FILLED,
    IMPLAUSIBLE,
    REFUSED,
    STORING,
    TO_CONFIRM,
    UNCONFIRMED,
    VALID,
    WRONG,
)
from podatelna.sdns.structure import DataSet

RAISED = ("no_records", "internal_error")
"""What is reported here without a rule."""

_STATES: Final = (("X", FATAL), ("F", WRONG), ("O", WRONG), ("L", WRONG), ("P", DOUBTFUL))
"""What a failed check of each kind leads to; the worst one counts."""


def check(desk: Desk, issue: Issue) -> None:
    """Check the rows of an issue that has come whole."""
    messages = desk.register.messages_of(issue.id)
    files = desk.settings["internal_error_files"]
    assert isinstance(files, list)
    if any(message.file in files for message in messages):
        fail(desk, issue)
        return
    occurrence = occurrence_of(desk, issue)
    data_set = data_set_of(desk, occurrence)
    assert data_set is not None
    blocks = any(message.header.blocks for message in messages)
    nothing = not blocks and _merged_nothing(desk, data_set, occurrence, issue)
    wrong = (trouble(desk, "no_records"),) if nothing else ()
    checked = replace(issue, failed=_failed(desk, data_set, issue))
    _decide(desk, occurrence, checked, wrong)


def _merged_nothing(desk: Desk, data_set: DataSet, occurrence: Occurrence, issue: Issue) -> bool:
    """Complete the rows of an issue; true if none came, or none are left.

    A file without records is accepted on-line and answered by an error in processing (notice on
    the methodology of April 2010).
    """
    came = desk.register.data.any(issue.id)
    if came:
        complete(desk, data_set, occurrence, issue)
    return not came or not desk.register.data.any(issue.id)


def _failed(desk: Desk, data_set: DataSet, issue: Issue) -> tuple[FailedCheck, ...]:
    most = desk.settings["details_most"]
    assert isinstance(most, int)
    checking = Checking(data_set, desk.register.triggers(data_set.code), most)
    for row in desk.register.data.rows(issue.id):
        checking.row(row)
    return checking.failed()


def _decide(desk: Desk, occurrence: Occurrence, checked: Issue, wrong: tuple[Trouble, ...]) -> None:
    kinds = {failure.kind for failure in checked.failed}
    state = next((state for kind, state in _STATES if kind in kinds), CLEAN)
    if (wrong or checked.troubles) and state != FATAL:
        state = WRONG
    turned = turn(desk, checked, state, *wrong)
    if state in REFUSED:
        _refuse(desk, occurrence, turned)
        return
    delay = desk.settings["storing_delay_seconds"]
    assert isinstance(delay, int)
    desk.register.plan(seconds_after(desk.now, delay), "store", issue=turned.id)


def _refuse(desk: Desk, occurrence: Occurrence, issue: Issue) -> None:
    if desk.settings["refused_state"] == "at_once":
        issue = turn(desk, issue, DISCARDED)
    enter(desk, occurrence, CORRECTION_DUE)
    _tell(desk, issue)


def store(desk: Desk, issue: Issue) -> None:
    """Store the data of an issue; if its checks found nothing, time series are looked at now."""
    occurrence = occurrence_of(desk, issue)
    if issue.state == DOUBTFUL:
        stored = turn(desk, issue, UNCONFIRMED)
    else:
        stored = _compare(desk, occurrence, turn(desk, issue, STORING))
    replace_others(desk, occurrence, stored)
    state = CONFIRMATION_DUE if stored.state in TO_CONFIRM else FILLED
    enter(desk, occurrence, state, current=stored.id)
    _tell(desk, stored)


def _compare(desk: Desk, occurrence: Occurrence, issue: Issue) -> Issue:
    """Hold the data against those of the last occurrence (KČŘ)."""
    data_set, data = data_set_of(desk, occurrence), desk.register.data
    assert data_set is not None
    if not data.any(issue.id):
        return turn(desk, issue, VALID)  # BLOK, which is stored unchecked
    now = aggregate(data_set, data.rows(issue.id), desk.register.triggers(data_set.code))
    last = desk.register.last_before(occurrence.key)
    before = aggregate(data_set, data.rows(last.current)) if last else None
    failed = compare(data_set, now, before)
    return turn(desk, replace(issue, failed=failed), IMPLAUSIBLE if failed else VALID)


def fail(desk: Desk, issue: Issue) -> None:
    """An issue that cannot be processed (programmer's manual, state 99).

    A confirmation or a cancellation that fails leaves the occurrence as it was.
    """
    wrong = trouble(desk, "internal_error")
    if issue.state != FICTIVE:
        enter(desk, occurrence_of(desk, issue), CORRECTION_DUE)
    _tell(desk, turn(desk, issue, BROKEN, wrong))


def _tell(desk: Desk, issue: Issue) -> None:
    """The protocol of processing, about the message that made the issue whole."""
    messages = desk.register.messages_of(issue.id)
    if messages:
        letters.tell_result(desk, messages[-1], issue)
