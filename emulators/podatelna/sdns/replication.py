"""Data that the bank helps itself with when none came until the term (states -1)."""

from podatelna.sdns.desk import Desk
from podatelna.sdns.model import Issue, Key
from podatelna.sdns.moments import instant
from podatelna.sdns.occurrences import find_or_make
from podatelna.sdns.states import IN_FORCE, REPLICATED
from podatelna.sdns.structure import DataSet


def replicate(desk: Desk, data_set: DataSet, key: Key) -> None:
    """Make an issue of the last valid data of the data set, if there are any.

    It counts for nothing else: whatever is delivered takes its place.
    """
    source = _last_valid(desk, key)
    if source is None:
        return
    occurrence, now = find_or_make(desk, data_set, key), instant(desk.now)
    issue = Issue(
        id=0,
        occurrence=occurrence.id,
        number=source.number,
        file=source.file,
        sender=source.sender,
        status=source.status,
        accepted=now,
        state=REPLICATED,
        since=now,
        based_on=source.id,
    )
    desk.register.data.copy(source.id, desk.register.add_issue(issue))


def _last_valid(desk: Desk, key: Key) -> Issue | None:
    """Data of an earlier day that only wait for a confirmation are passed over."""
    while last := desk.register.last_before(key):
        issue = desk.register.issue(last.current)
        if issue is not None and issue.state in IN_FORCE:
            return issue
        key = last.key
    return None
