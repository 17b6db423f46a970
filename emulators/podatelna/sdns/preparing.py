"""Issues that are prepared in the application of SDNS, and not sent (observed answers, getParams).

Nothing is known of them but that they are there: their data are not in the database (state 5).
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from podatelna.kernel.rows import Row, build, one_of
from podatelna.sdns import calendar
from podatelna.sdns.desk import Desk
from podatelna.sdns.model import Issue, Key
from podatelna.sdns.moments import instant
from podatelna.sdns.occurrences import find_or_make
from podatelna.sdns.structure import DataSet
from podatelna.sdns.worldreader import check_day, fits

PREPARED: Final = 5
_NUMBER: Final = "[0-9]{1,14}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What somebody prepares."""

    number: str
    """CisloVydani."""
    data_set: str
    """Code.version.variant."""
    subject: str
    scope: str
    as_of: str
    sender: str = ""
    """Empty: the subject itself."""
    test: bool = False


def prepare(desk: Desk, row: Row) -> Issue:
    """Make the issue. A ValueError is the reason why it cannot be."""
    prepared = build(Prepared, row)
    data_set = desk.methodology.find(prepared.data_set)
    if data_set is None:
        raise ValueError(f"data_set is not known: {prepared.data_set!r}")
    fits(_NUMBER, prepared.number, "number")
    sender = prepared.sender or prepared.subject
    one_of({each.code for each in desk.register.subjects()}, sender, "sender")
    if desk.register.issues_numbered(sender, prepared.number):
        raise ValueError(f"{sender} has an issue {prepared.number} already")
    key = Key(data_set.code, prepared.subject, prepared.scope, prepared.as_of, prepared.test)
    _check_expected(desk, data_set, key)
    now = instant(desk.now)
    issue = Issue(
        id=0,
        occurrence=find_or_make(desk, data_set, key).id,
        number=prepared.number,
        file="",
        sender=sender,
        status="new_data",
        accepted=now,
        state=PREPARED,
        since=now,
        sent=False,
    )
    return replace(issue, id=desk.register.add_issue(issue))


def _check_expected(desk: Desk, data_set: DataSet, key: Key) -> None:
    check_day(key.as_of)
    expected = calendar.is_reference_day(data_set.period, date.fromisoformat(key.as_of))
    of = key.subject, key.scope, key.data_set, key.as_of
    if not (expected and desk.register.is_obliged(*of)):
        subject, scope, code, day = of
        raise ValueError(f"{subject} is not obliged to report {code}, {scope}, as of {day}")
