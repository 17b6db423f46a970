"""Acceptance of messages into processing: the header is checked, and an issue is made.

DatumPrijmu of an issue is when this happens, some minutes after the take-over (ews-result.xsd).
"""

from collections.abc import Iterator
from dataclasses import replace

from podatelna.sdns import corrections, letters, message
from podatelna.sdns.deciding import fail
from podatelna.sdns.desk import Desk
from podatelna.sdns.headers import Case, broken, look_up, troubles
from podatelna.sdns.model import Issue, Message, Occurrence, Row, Status
from podatelna.sdns.moments import instant, moment, seconds_after
from podatelna.sdns.occurrences import data_set_of, enter, find_or_make, occurrence_of, trouble
from podatelna.sdns.rowstore import Delivered
from podatelna.sdns.states import BEGUN, FICTIVE, IN_PROCESSING
from podatelna.sdns.structure import DataSet

RAISED = ("block_not_supported",)
"""What is reported here without a rule."""


def accept(desk: Desk, taken: Message) -> None:
    """Take up a message that was taken over.

    Messages of one occurrence are processed one after another: while an issue of it is in
    processing, the next message waits (SOURCES.md, Q16).
    """
    case = look_up(desk, taken)
    busy = desk.register.backlog.busy_until(case.occurrence.id) if case.occurrence else ""
    if busy:
        desk.register.plan(moment(busy), "accept", message=taken.id)
        return
    rules = broken(case)
    if rules:
        _refuse(desk, replace(taken, refused=troubles(desk, taken.header, rules)))
        named = ", ".join(rule.code for rule in rules)
        desk.note(f"{taken.file} was refused for its header: {named}")
        return
    assert case.data_set is not None
    if taken.header.has_data:
        _begin(desk, case, find_or_make(desk, case.data_set, case.key))
    else:
        _without_data(desk, case)


def _refuse(desk: Desk, taken: Message) -> None:
    """No issue is made of it; it has to be sent again (process manual 2.1)."""
    refused = replace(taken, accepted=instant(desk.now))
    desk.register.change_message(refused)
    desk.register.drop_content(refused.id)
    letters.tell_refused(desk, refused)


# -- messages with data


def _begin(desk: Desk, case: Case, occurrence: Occurrence) -> None:
    """Make an issue, or find the one that the message is a part of; its rows are read next."""
    part = case.message.header.part
    begun = case.known.begun if part and part.edge != "first" else None
    issue = begun or _made(desk, case, occurrence, BEGUN)
    if part:
        issue = replace(issue, parts=int(part.order), complete=part.edge == "last")
        desk.register.change_issue(issue)
    enter(desk, occurrence, IN_PROCESSING)
    _become(desk, case.message, issue)
    desk.register.plan(desk.now, "read", message=case.message.id, issue=issue.id)


def read(desk: Desk, taken: Message, issue: Issue) -> None:
    """Store the rows of a message with its issue; with the last part it goes on to be checked."""
    data_set = data_set_of(desk, occurrence_of(desk, issue))
    assert data_set is not None
    if taken.header.blocks and desk.settings["block_structure"] == "refuse":
        wrong = trouble(desk, "block_not_supported")
        issue = replace(issue, troubles=(*issue.troubles, wrong))
        desk.register.change_issue(issue)
    rows = message.rows(desk.register.content(taken.id))
    desk.register.data.add(issue.id, taken.id, _delivered(rows, data_set, issue.status))
    desk.register.drop_content(taken.id)
    part = taken.header.part
    if part is None or part.edge == "last":
        delay = desk.settings["checking_delay_seconds"]
        assert isinstance(delay, int)
        desk.register.plan(seconds_after(desk.now, delay), "check", issue=issue.id)


def _delivered(rows: Iterator[Row], data_set: DataSet, status: Status) -> Iterator[Delivered]:
    """A row of a change that has its identifying columns alone takes out the row it names.

    How a removed row is told in a Změnová-oprava is in no public document (SOURCES.md, Q28).
    """
    for row in rows:
        if not row.cells:
            continue  # "What is not entered is empty" (programmer's manual): it is no row.
        area = data_set.area(row.area)
        removed = status == "change" and area is not None and area.only_identity(row.cells)
        identity = area.identity(row.cells) if area else ""
        cells = None if removed else row.cells
        yield Delivered(row.area, identity or f"#{row.order}", row.order, cells)


# -- messages without data


def _without_data(desk: Desk, case: Case) -> None:
    """Such a message appears as an issue itself (programmer's manual, state 0)."""
    occurrence, referred = case.occurrence, case.known.referred
    assert occurrence is not None
    assert referred is not None
    issue = _made(desk, case, occurrence, FICTIVE)
    _become(desk, case.message, issue)
    desk.register.drop_content(case.message.id)
    if is_broken(desk, case.message):
        fail(desk, issue)
        return
    corrections.apply(desk, case.message, occurrence, referred)
    letters.tell_result(desk, case.message, issue)


def is_broken(desk: Desk, taken: Message) -> bool:
    """Whether a scenario wants the processing of a message to break down."""
    files = desk.settings["internal_error_files"]
    assert isinstance(files, list)
    return taken.file in files


# -- both


def _made(desk: Desk, case: Case, occurrence: Occurrence, state: int) -> Issue:
    header, now = case.message.header, instant(desk.now)
    referred = case.known.referred
    issue = Issue(
        id=0,
        occurrence=occurrence.id,
        number=header.issue_number,
        file=case.message.file,
        sender=header.sender,
        status=header.status,
        accepted=now,
        state=state,
        since=now,
        based_on=referred.id if referred else 0,
    )
    return replace(issue, id=desk.register.add_issue(issue))


def _become(desk: Desk, taken: Message, issue: Issue) -> None:
    accepted = replace(taken, issue=issue.id, accepted=instant(desk.now))
    desk.register.change_message(accepted)
