"""What later messages do to what is there: they confirm, cancel, withdraw, complete and correct."""

from collections.abc import Callable, Iterable
from typing import Final

from podatelna.sdns.desk import Desk
from podatelna.sdns.model import Issue, Message, Occurrence, Status
from podatelna.sdns.occurrences import enter, turn
from podatelna.sdns.states import (
    BROKEN,
    CONFIRMED,
    FILLED,
    WHEN_CANCELLED,
    WHEN_REPLACED,
    occurrence_state,
)
from podatelna.sdns.structure import DataSet

LOCAL: Final = "L"
WRONG_KINDS: Final = frozenset({"F", "O", "X"})


def apply(desk: Desk, message: Message, occurrence: Occurrence, referred: Issue) -> None:
    """Do what a message without data asks for."""
    _EFFECTS[message.header.status](desk, message, occurrence, referred)


def _confirm(desk: Desk, _: Message, occurrence: Occurrence, referred: Issue) -> None:
    """The reporter says that the values are right, however strange (process manual 2.1)."""
    turn(desk, referred, CONFIRMED)
    enter(desk, occurrence, FILLED)


def _cancel(desk: Desk, _: Message, occurrence: Occurrence, referred: Issue) -> None:
    _cancel_all(desk, occurrence, [referred])


def _withdraw(desk: Desk, message: Message, occurrence: Occurrence, referred: Issue) -> None:
    """The rows that one message brought go, from corrections that carried them on, too.

    An issue that has none left is cancelled (SOURCES.md, Q31).
    """
    register, header = desk.register, message.header
    withdrawn = register.message_numbered(header.sender, header.reference)
    assert withdrawn is not None
    touched = register.data.issues_with(withdrawn.id)
    register.data.drop_of_message(withdrawn.id)
    emptied = [issue for number in touched if (issue := register.issue(number))]
    _cancel_all(desk, occurrence, [each for each in emptied if not register.data.any(each.id)])


_Effect = Callable[[Desk, Message, Occurrence, Issue], None]
_EFFECTS: Final[dict[Status, _Effect]] = {
    "confirmation": _confirm,
    "cancellation": _cancel,
    "withdrawal": _withdraw,
}


def _cancel_all(desk: Desk, occurrence: Occurrence, cancelled: Iterable[Issue]) -> None:
    """What is left decides about the occurrence: data before a cancelled correction still are."""
    current = occurrence.current
    for issue in cancelled:
        if issue.state in WHEN_CANCELLED:
            turn(desk, issue, WHEN_CANCELLED[issue.state])
            desk.register.data.drop(issue.id)
            current = 0 if issue.id == current else current
    state = occurrence_state(desk.register.issues(occurrence.id), current)
    enter(desk, occurrence, state, current)


# -- messages with data


def complete(desk: Desk, data_set: DataSet, occurrence: Occurrence, issue: Issue) -> None:
    """Give an issue, all rows of which have come, those that it leaves as they were."""
    base = _base(desk, occurrence, issue)
    data = desk.register.data
    if base is None or not _builds_on(data_set, issue, base):
        return
    if issue.status == "new_data":
        data.copy(base.id, issue.id)
    else:
        data.overlay(base.id, issue.id)


def _base(desk: Desk, occurrence: Occurrence, issue: Issue) -> Issue | None:
    """The issue that is referred to, or what has taken its place since then.

    One that could not be processed (state 99) was never made whole: the data before it count.
    """
    referred = desk.register.issue(issue.based_on) if issue.based_on else None
    if referred and referred.state != BROKEN and referred.id >= occurrence.current:
        return referred
    return desk.register.issue(occurrence.current) if referred and occurrence.current else None


def _builds_on(data_set: DataSet, issue: Issue, base: Issue) -> bool:
    """Whether an issue has only some of the rows; else it replaces all (SOURCES.md, Q27)."""
    if issue.status != "correction":
        return True
    kinds = {check.kind for check in base.failed}
    if kinds == {LOCAL} and not base.troubles:
        return True
    return data_set.additive and not kinds & WRONG_KINDS


def replace_others(desk: Desk, occurrence: Occurrence, stored: Issue) -> None:
    """What a stored issue does to the others: it takes their place, and their rows go."""
    for issue in desk.register.issues(occurrence.id):
        if issue.id == stored.id:
            continue
        if issue.state in WHEN_REPLACED:
            turn(desk, issue, WHEN_REPLACED[issue.state])
        if issue.complete:
            desk.register.data.drop(issue.id)
