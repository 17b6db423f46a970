"""Which state follows which, by the manual, the operator's news and the contract's rulings.

Functions return the code of a state, or the number of an error.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.czmvo.machine.records import NOOL, Alert

Verdict = str | int
STANDARD = "-1"
TECHNICAL = ("A2", "A3", "A52", "A68")
PROCESS = ("A7", "A24")
CLOSED = ("06a", "06b", "06c", "06f", "06k", "06m", "06o", "closed")
WORKED_ON = ("01a", "04a", "#", *CLOSED)
"""Where an end user's alert can be closed."""
WORKED_ON_BY_HOLDER = ("01b", "04a", "#", *CLOSED)
SETTABLE = {
    ("workflow", "mah"): ("#", "06a", "06b", "06c", "06f", "06k", "06o"),
    ("workflow", "enduser"): ("06b", "06f", "06m"),
    ("manual", "mah"): ("#", "closed", "postponed"),
    ("manual", "enduser"): ("#", "closed", "postponed"),
}


@dataclass(frozen=True)
class Wish:
    role: str
    state: str
    reasoned: bool = False


@dataclass(frozen=True)
class LifeCycle:
    settings: dict[str, Any]

    @property
    def manual(self) -> bool:
        return bool(self.settings["state_profile"] == "manual")

    def initial(self, alert: Alert) -> str:
        if self.manual:
            return "01"
        return "01a" if alert.origin == "enduser" else "01b"

    def archived(self, alert: Alert, now: datetime) -> bool:
        """90 days after closing (manual 2.6, code 25)."""
        return alert.closed is not None and now >= alert.closed + timedelta(days=90)

    # -- states that are set

    def impossible(self, role: str, state: str, nsol_error: bool) -> int:
        """The error that a wish meets at any alert whatever; 0: none."""
        if role == NOOL or state == STANDARD:
            return 27 if state == "unknown" else 0
        if state not in SETTABLE[str(self.settings["state_profile"]), role]:
            return 27
        return 32 if state in self.settings["nsol_error_states"] and not nsol_error else 0

    def decide(self, alert: Alert, wish: Wish, now: datetime) -> Verdict:
        if self.archived(alert, now):
            return 25
        if wish.role == NOOL:
            return self.initial(alert) if wish.state == STANDARD else wish.state
        verdict = self._follow(alert, wish, now)
        return self._reopen(alert, wish, verdict) if alert.state in CLOSED else verdict

    def _reopen(self, alert: Alert, wish: Wish, verdict: Verdict) -> Verdict:
        """The right comes first and the reason last (contract: transitions)."""
        if not self._may_reopen(alert, wish.role):
            return 29
        if wish.state == alert.state:
            return 27
        return verdict if isinstance(verdict, int) or wish.reasoned else 30

    def _may_reopen(self, alert: Alert, role: str) -> bool:
        if role == "mah":
            return True
        rule = self.settings["end_user_reopens"]
        return bool(rule == "always" or (rule == "own" and alert.closed_by == "enduser"))

    def _follow(self, alert: Alert, wish: Wish, now: datetime) -> Verdict:
        if wish.state == STANDARD:
            return self._standard(alert, wish.role)
        if wish.state == "#" or self.manual:
            return wish.state
        if wish.role == "enduser":
            return _closed_by_end_user(alert, wish.state)
        own = alert.origin != "enduser"
        return _closed_by_origin(alert, wish.state) if own else _closed_by_holder(alert, wish, now)

    def _standard(self, alert: Alert, role: str) -> Verdict:
        """A holder may from anywhere; an end user only reopens its own transaction's alert."""
        reopens = alert.state in CLOSED and alert.origin == "enduser"
        return self.initial(alert) if role == "mah" or self.manual or reopens else 28

    # -- what messages make of states

    def write(self, alert: Alert, role: str, request: int, now: datetime) -> Verdict:
        """The state after a regular message; `request` is a canned one or 0."""
        if self.archived(alert, now):
            return 25
        if role == NOOL:
            return alert.state
        if alert.state in CLOSED:
            return 31
        return self._asked(alert, role) if request else self._wrote(alert, role)

    def _wrote(self, alert: Alert, role: str) -> Verdict:
        if role == "mah":
            return self._holder_wrote(alert)
        replied = alert.state == "04a" and alert.origin == "enduser"
        return "#" if replied else alert.state

    def _holder_wrote(self, alert: Alert) -> str:
        if self.manual:
            return "#" if alert.state == "01" else alert.state
        return "04a" if alert.state in ("01a", "01b", "#") else alert.state

    def _asked(self, alert: Alert, role: str) -> Verdict:
        """By a canned message: only in the states that its list names (forStates)."""
        if role == "enduser":
            denied = alert.state == "01a" and alert.origin == "enduser"
            return "#" if denied else 31
        if alert.state not in ("01", "01a", "01b", "#"):
            return 31
        return "#" if self.manual else "04a"


def _closed_by_origin(alert: Alert, state: str) -> Verdict:
    """What a holder's or a distributor's own transaction has raised."""
    possible = ("06k",) if alert.origin == "distributor" else ("06a", "06c")
    return state if state in possible and alert.state in WORKED_ON_BY_HOLDER else 27


def _closed_by_holder(alert: Alert, wish: Wish, now: datetime) -> Verdict:
    if wish.state == "06o" and alert.state == "04a":
        # The end user has two weeks to cooperate (operator's news).
        return "06o" if now >= alert.changed + timedelta(days=14) else 30
    if wish.state in ("06k", "06o") or alert.state not in WORKED_ON:
        return 27
    if wish.state == "06f" and alert.code not in PROCESS:
        return 35
    # Process errors are the end user's for two days (operator's news on closing).
    young = now < alert.created + timedelta(days=2)
    return 28 if young and alert.code in PROCESS else wish.state


def _closed_by_end_user(alert: Alert, state: str) -> Verdict:
    if alert.origin != "enduser" or alert.state not in WORKED_ON:
        return 27
    fitting = TECHNICAL if state == "06b" else PROCESS
    return state if alert.code in fitting else 35


# -- what the system does of its own accord


REMINDERS = (timedelta(hours=48), timedelta(days=5))
YEAR = timedelta(days=365)


def reminder_due(alert: Alert) -> datetime | None:
    """Alerts in 04a wait for the end user (operator's news on notification e-mails)."""
    if alert.state != "04a" or alert.reminded >= len(REMINDERS):
        return None
    return alert.changed + REMINDERS[alert.reminded]


def closing_due(alert: Alert) -> datetime | None:
    """A year after the creation; one that was reopened after that has another year."""
    if alert.state in CLOSED or alert.left_alone:
        return None
    due = alert.created + YEAR
    return due if due > alert.changed else alert.changed + YEAR
