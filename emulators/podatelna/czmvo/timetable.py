"""What the system does of its own accord: escalations, and the nightly refresh.

Nothing runs by itself. Before each request all is done that has fallen due since the last one, in
the order of its instants: one long step of the clock has the same outcome as many short ones.
"""

from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import Connection, bindparam, func, insert, select, update

from podatelna.czmvo import nightly
from podatelna.czmvo.alerts import Alerts, next_due
from podatelna.czmvo.directory import Directory
from podatelna.czmvo.lists import Lists
from podatelna.czmvo.mail import Mail
from podatelna.czmvo.model import NEVER, PRODUCTION, Alert
from podatelna.czmvo.tables import ALERT, FALLS_DUE, SCHEDULE
from podatelna.czmvo.workflow import Workflow
from podatelna.kernel.contract import Contract
from podatelna.kernel.outbox import Letter, post
from podatelna.kernel.settings import Settings
from podatelna.kernel.statements import Statement
from podatelna.kernel.visit import Visit

DAY = timedelta(days=1)

_SCHEDULE = Statement(
    select(
        SCHEDULE.c.next_refresh,
        SCHEDULE.c.reckoning,
        select(func.min(ALERT.c.due)).where(FALLS_DUE).scalar_subquery(),
    )
)
_SET = Statement(
    update(SCHEDULE).values(next_refresh=bindparam("instant"), reckoning=bindparam("key"))
)
_OPEN = (
    select(ALERT.c.environment, *(ALERT.c[item.name] for item in fields(Alert)))
    .where(ALERT.c.closed == "")
    .order_by(ALERT.c.environment, ALERT.c.uprc)
)
_RECKONED_WITH = (
    "state_profile",
    "reminder_hours",
    "automatic_closing_days",
    "refresh_hour",
)
"""Settings that say when something falls due."""


def start(transaction: Connection, settings: Settings) -> None:
    """The schedule of a new world. Its first instants are told by the first call."""
    row = {"next_refresh": "", "reckoning": _reckoning(settings)}
    transaction.execute(insert(SCHEDULE), row)
    nightly.start(transaction)


def touch(transaction: Connection, environment: str) -> None:
    """To be called after an operation that has changed data of an environment."""
    nightly.touch(transaction, environment)


def replanned(workflow: Workflow, alert: Alert, now: str) -> Alert:
    """The alert with what still lies ahead of it; what would have been done by now is left out."""
    ahead = workflow.waiting(replace(alert, escalation=0))
    while ahead.due <= now:
        after = workflow.step(ahead).alert
        if after.state != ahead.state:
            return replace(ahead, due=NEVER)
        ahead = after
    return ahead


@dataclass(frozen=True)
class Timetable:
    """Does what falls due, in all environments."""

    lists: Lists

    def settle(self, visit: Visit) -> None:
        """Do all that has fallen due until `visit.now`, each at its own instant."""
        now = _text(visit.now)
        planned, reckoning, due = _read(visit)
        # A night that is more than a day ahead was planned before the clock was set back.
        if not planned or planned > _text(visit.now + DAY):
            self._plan(visit, visit.now, first=not planned)
        elif reckoning != _reckoning(visit.settings):
            # The last call came after the night before the one that is planned.
            self._plan(visit, _instant(planned) - DAY)
            self._work_off(visit, now)
        elif planned <= now or due <= now:
            self._work_off(visit, now)

    def refresh(self, visit: Visit) -> list[str]:
        """Overwrite test and development now; tells which of them differed from production."""
        return nightly.refresh(visit.transaction)

    # -- planning

    def _plan(self, visit: Visit, since: datetime, *, first: bool = False) -> None:
        """Reckon anew when things fall due, after the settings have changed or the clock went back.

        What would have been done before is taken for done, if it was a reminder, else for left
        undone: a sandbox opens with the alerts of its world as they are, however old. So the first
        time only those are looked at that would be overdue.
        """
        workflow, transaction = self.lists.workflow(visit.settings), visit.transaction
        now = _text(since)
        if first:
            while found := next_due(transaction, now):
                environment, alert = found
                Alerts(transaction, environment).change(alert, replanned(workflow, alert, now))
        else:
            for environment, *values in transaction.execute(_OPEN).all():
                alert = Alert(*values)
                Alerts(transaction, environment).change(alert, replanned(workflow, alert, now))
        _set(visit, _night_after(since, visit.settings))

    # -- working off

    def _work_off(self, visit: Visit, now: str) -> None:
        """Nights come before what falls due at their very instant."""
        workflow = self.lists.workflow(visit.settings)
        planned, *_ = _read(visit)
        found = next_due(visit.transaction, now)
        while found or planned <= now:
            if planned <= now and (not found or planned <= found[1].due):
                self._pass_night(visit)
                # Nothing changes before something falls due: the nights until then are idle.
                until = _instant(found[1].due) if found else visit.now
                planned = _night_after(until, visit.settings)
            elif found:
                self._escalate(visit, workflow, *found)
            found = next_due(visit.transaction, now)
        _set(visit, planned)

    def _pass_night(self, visit: Visit) -> None:
        if visit.settings["nightly_refresh"]:
            nightly.refresh(visit.transaction)

    def _escalate(self, visit: Visit, workflow: Workflow, environment: str, alert: Alert) -> None:
        step = workflow.step(alert)
        Alerts(visit.transaction, environment).change(alert, step.alert)
        if not step.name:
            return
        nightly.touch(visit.transaction, environment)
        if environment == PRODUCTION or not _is_a_copy(visit.transaction, alert, step.alert):
            at_its_time = replace(visit, now=_instant(alert.due))
            send = partial(send_letter, at_its_time, self.lists.contract)
            Mail(self.lists, visit.settings, Directory(visit.transaction), send).escalate(step)


def send_letter(visit: Visit, contract: Contract, recipient: str, subject: str, body: str) -> None:
    """Post an e-mail of the system's."""
    sender = str(contract.constant("mail_sender"))
    post(visit, Letter(contract.agency, sender, recipient, subject, body))


def _is_a_copy(transaction: Connection, before: Alert, after: Alert) -> bool:
    """Whether the same befalls the alert in production, which tells the parties; once is enough."""
    there = Alerts(transaction, PRODUCTION).find(before.uprc)
    return there is not None and (there.state, there.changed) in (
        (before.state, before.changed),
        (after.state, after.changed),
    )


def _read(visit: Visit) -> tuple[str, str, str]:
    """The next night, the reckoning, and when the first alert falls due.

    A sandbox whose world has nothing of the agency's begins here.
    """
    row = _SCHEDULE.row(visit.transaction)
    if row is None:
        start(visit.transaction, visit.settings)
        return "", _reckoning(visit.settings), NEVER
    return row[0], row[1], row[2] or NEVER


def _set(visit: Visit, planned: str) -> None:
    row = {"instant": planned, "key": _reckoning(visit.settings)}
    _SET.run(visit.transaction, row)


def _reckoning(settings: Settings) -> str:
    return str([settings[name] for name in _RECKONED_WITH])


def _night_after(instant: datetime, settings: Settings) -> str:
    """When test and development are overwritten next."""
    hour = settings["refresh_hour"]
    assert isinstance(hour, int)
    night = instant.replace(hour=hour % 24, minute=0, second=0, microsecond=0)
    return _text(night if night > instant else night + DAY)


def _text(instant: datetime) -> str:
    """As the API writes it; faster than by a format, and this is done for every request."""
    return instant.isoformat(" ")[:19]


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
