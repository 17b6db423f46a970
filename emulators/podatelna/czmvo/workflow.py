"""The life cycle of alerts: which state may follow which, and what falls due when.

Pure: nothing is stored or sent, and what is known comes from the rulebook's tables.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal, Protocol

from podatelna.czmvo.model import ENDUSER, NEVER, NOOL, STANDARD_PROCESSING, Alert, Role
from podatelna.czmvo.rulebook import ANY, SYSTEM, Book, Escalation, Transition
from podatelna.kernel.settings import Settings

_ARCHIVED: Final = "alert_archived"
_UNEXPECTED: Final = "new_state_unexpected"
_NO_RIGHT: Final = "no_right_to_state"
_CLOSED: Final = "alert_closed"
_UNMET: Final = "conditions_not_met"
_NOT_OPEN: Final = "alert_not_open_to_messages"
_NSOL_ERROR: Final = "nsol_error_not_specified"
RAISED = (
    *(_ARCHIVED, _UNEXPECTED, _NO_RIGHT, _CLOSED, _UNMET, _NOT_OPEN, _NSOL_ERROR),
    "against_workflow",
)
"""Keys of errors.yaml that the life cycle reports; the last stands in transitions.csv."""

Event = Literal["state", "standard", "message", "request"]
Verdict = int | str
"""The id of the state that an alert goes to, or the key of an error."""


class Chosen(Protocol):
    """A canned message. Its states are external codes; those of the other profile say nothing."""

    @property
    def for_states(self) -> Sequence[str]: ...

    @property
    def to_state(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks of an alert."""

    role: Role
    state: int
    """The id of the new state, or -1: its usual way (manual 2.7.3.2)."""
    reasoned: bool = False
    """A reason for reopening is given (manual 2.7.1.7)."""


@dataclass(frozen=True, slots=True)
class Step:
    """What the system does with one alert of its own accord."""

    alert: Alert
    """As it is afterwards."""
    name: str = ""
    """The escalation, which is also the name of its letter; "": there is nothing to do any more."""
    mail: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class Workflow:
    """The life cycle as a sandbox is set."""

    book: Book
    settings: Settings

    def first_state(self, origin: str) -> int:
        """What the system's analysis gives a new alert, by whose transaction raised it."""
        created = self.book.transitions["created", SYSTEM]
        return next(row.target for row in created if row.origin in (origin, ANY))

    def closed(self, alert: Alert) -> bool:
        """Closed alerts stay so if the sandbox turns to the other profile's states."""
        return bool(alert.closed) or alert.state in self.book.final

    def archived(self, alert: Alert, now: str) -> bool:
        """Alerts are archived 90 days after closing (manual 2.6, code 25)."""
        return bool(alert.closed) and later(alert.closed, days=self._whole("archive_days")) <= now

    def refuse(self, wish: Wish, *, nsol_error: bool) -> str:
        """The key of the error if no alert could take the state from this role, else none.

        `settingallowed` says which states a role may set (manual 2.7.1.4).
        """
        if wish.role == NOOL or wish.state == STANDARD_PROCESSING:
            return "" if wish.state in {STANDARD_PROCESSING, *self.book.externals} else _UNEXPECTED
        rows = self.book.transitions.get(("state", wish.role), ())
        if all(row.target != wish.state for row in rows):
            return _UNEXPECTED
        demanding = self.settings["nsol_error_states"]
        assert isinstance(demanding, list)
        if not nsol_error and self.book.externals[wish.state] in demanding:
            return _NSOL_ERROR
        return ""

    def decide(self, alert: Alert, wish: Wish, now: str) -> Verdict:
        """The state that an alert goes to if somebody sets it, or why it does not."""
        if self.archived(alert, now):
            return _ARCHIVED
        if wish.role == NOOL:
            return self._usual(alert) if wish.state == STANDARD_PROCESSING else wish.state
        follow = self._reopen if self.closed(alert) else self._follow
        return follow(alert, wish, now)

    def answer(self, alert: Alert, role: Role, canned: Chosen | None, now: str) -> Verdict:
        """The state that an alert goes to by a public message, its present one for most.

        A message that wants a state against the workflow is refused (manual 2.6, code 31).
        """
        if self.archived(alert, now):
            return _ARCHIVED
        if role == NOOL:
            return alert.state
        if self.closed(alert):
            return _NOT_OPEN
        return self._by_canned(alert, role, canned) if canned else self._by_message(alert, role)

    def settled(self, alert: Alert, state: int, by: str, now: str) -> Alert:
        """The alert after its state was set by a role or the system."""
        if state == alert.state:
            return alert
        closing = state in self.book.final
        after = replace(
            alert,
            state=state,
            changed=now,
            closed=now if closing else "",
            closed_by=by if closing else "",
            escalation=0,
        )
        return self.waiting(after)

    def waiting(self, alert: Alert) -> Alert:
        """The alert with the instant at which the system next does something with it."""
        return replace(
            alert, due=min((instant for instant, _ in self._ahead(alert)), default=NEVER)
        )

    def step(self, alert: Alert) -> Step:
        """What is done at the instant `alert.due`, whatever time it is by now.

        Settings may have changed since the instant was set; then nothing but a new one comes of it.
        """
        ahead = [(instant, row) for instant, row in self._ahead(alert) if instant <= alert.due]
        if not ahead:
            return Step(self.waiting(alert))
        _, row = min(ahead, key=lambda pair: (pair[0], pair[1].name))
        if not row.target:
            after = replace(alert, escalation=alert.escalation + 1)
            return Step(self.waiting(after), row.name, row.mail)
        return Step(
            self.settled(alert, self._closing_state(row), SYSTEM, alert.due), row.name, row.mail
        )

    def _reopen(self, alert: Alert, wish: Wish, now: str) -> Verdict:
        """The reason is asked for last: the rest must be possible (manual 2.6, code 30)."""
        if not self._reopens(alert, wish.role):
            return _CLOSED
        if wish.state == alert.state:
            return _UNEXPECTED
        verdict = self._follow(alert, wish, now)
        return verdict if isinstance(verdict, str) or wish.reasoned else _UNMET

    def _follow(self, alert: Alert, wish: Wish, now: str) -> Verdict:
        if wish.state == STANDARD_PROCESSING:
            allowed = self._fitting(alert, "standard", wish.role)
            return self._usual(alert) if allowed else _NO_RIGHT
        rows = [row for row in self._fitting(alert, "state", wish.role) if row.target == wish.state]
        for row in rows:
            if self._of_kind(row, alert):
                return self._unmet(row, alert, now) or row.target
        return rows[0].otherwise if rows else _UNEXPECTED

    def _by_message(self, alert: Alert, role: Role) -> Verdict:
        rows = self._fitting(alert, "message", role)
        return next((row.target for row in rows if self._of_kind(row, alert)), alert.state)

    def _by_canned(self, alert: Alert, role: Role, canned: Chosen) -> Verdict:
        known = self._states_of(canned.for_states)
        if known and alert.state not in known:
            return _NOT_OPEN
        rows = self._fitting(alert, "request", role)
        targets = [row.target for row in rows if self._of_kind(row, alert)]
        wanted = self._states_of((canned.to_state,))
        if not wanted:
            return next(iter(targets), alert.state)
        (target,) = wanted
        return target if target in targets else _NOT_OPEN

    def _fitting(self, alert: Alert, event: Event, role: Role) -> list[Transition]:
        """The rows for an alert's state and origin; its kind of error is another matter."""
        closed = self.closed(alert)
        return [
            row
            for row in self.book.transitions.get((event, role), ())
            if row.origin in (ANY, alert.origin) and row.start.has(alert.state, closed=closed)
        ]

    def _of_kind(self, row: Transition, alert: Alert) -> bool:
        return row.kinds in (ANY, self._kind(alert))

    def _unmet(self, row: Transition, alert: Alert, now: str) -> str:
        """The key of the error if a transition's condition is not met."""
        if row.condition == "intervention" and self._kind(alert) == "process":
            # Process errors are the end user's to solve for two days (operator's news).
            days = self._whole("intervention_days")
            return _NO_RIGHT if now < later(alert.created, days=days) else ""
        if row.condition == "cooperation":
            days = self._whole("cooperation_days")
            return _UNMET if now < later(alert.changed, days=days) else ""
        return ""

    def _reopens(self, alert: Alert, role: Role) -> bool:
        """Who may reopen is not public: the holder may, and the end user what it closed itself."""
        rule = self.settings["end_user_reopens"]
        return role != ENDUSER or rule == "always" or (rule == "own" and alert.closed_by == ENDUSER)

    def _usual(self, alert: Alert) -> int:
        """The state that the system gave it; of another profile's, what it would give it now."""
        known = alert.initial in self.book.externals
        return alert.initial if known else self.first_state(alert.origin)

    def _ahead(self, alert: Alert) -> Iterator[tuple[str, Escalation]]:
        """What the system will do with an alert, and when."""
        closed = self.closed(alert)
        for row in self.book.escalations:
            if row.start.has(alert.state, closed=closed):
                for instant in self._instants(row, alert):
                    yield instant, row

    def _instants(self, row: Escalation, alert: Alert) -> Iterator[str]:
        since = alert.created if row.since == "created" else alert.changed
        after = self.settings[row.setting]
        if isinstance(after, list):
            hours = sorted(int(each) for each in after if each.isdecimal())
            yield from (later(since, hours=each) for each in hours[alert.escalation :][:1])
            return
        days = self._whole(row.setting)
        instant = later(since, days=days)
        # An alert that was reopened after its year is given another one.
        yield instant if instant > alert.changed else later(alert.changed, days=days)

    def _closing_state(self, row: Escalation) -> int:
        code = row.target
        if row.setting == "automatic_closing_days":
            code = str(self.settings["automatic_closing_state"])
        return self.book.ids.get(code, self.book.ids[row.target])

    def _states_of(self, codes: Sequence[str]) -> set[int]:
        return {self.book.ids[code] for code in codes if code in self.book.ids}

    def _kind(self, alert: Alert) -> str:
        return self.book.kinds.get(alert.code, "")

    def _whole(self, name: str) -> int:
        value = self.settings[name]
        assert isinstance(value, int)
        return value


def later(instant: str, *, days: int = 0, hours: int = 0) -> str:
    """An instant of the API so much later; the end of time if that is beyond it."""
    try:
        moved = datetime.fromisoformat(instant) + timedelta(days=days, hours=hours)
    except OverflowError:
        return NEVER
    return moved.isoformat(" ", "seconds")
