"""Time in the model: escalations and the nightly refresh, in the order of their instants."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.czmvo.machine.lifecycle import CLOSED, closing_due, reminder_due
from tests.czmvo.machine.records import ENVIRONMENTS, Alert, Data, Letter

Occasion = tuple[datetime, int, str, str, str]
"""When, nights before alerts, and for an alert: environment, UPRC, what happens."""
NIGHT = "night"


class Calendar:
    """Lets time pass over the data of the three environments."""

    def __init__(
        self,
        data: dict[str, Data],
        settings: dict[str, Any],
        post: Callable[[str, Letter], None],
    ) -> None:
        self.data = data
        self.settings = settings
        self.post = post

    def begin(self, now: datetime) -> None:
        """A world's alerts are as they are, however old: nothing is made up for."""
        for data in self.data.values():
            for alert in data.alerts.values():
                while (due := reminder_due(alert)) and due <= now:
                    alert.reminded += 1
                closing = closing_due(alert)
                alert.left_alone = closing is not None and closing <= now

    def pass_until(self, since: datetime, until: datetime) -> None:
        """Do all that falls due after `since`, up to and with `until`."""
        while (first := min(self._ahead(since), default=None)) and first[0] <= until:
            since, _, environment, uprc, what = first
            if what == NIGHT:
                self.refresh()
            else:
                self._escalate(environment, uprc, what, since)

    def refresh(self) -> None:
        """Test and development become copies of production (manual 1.1)."""
        for environment in ENVIRONMENTS[1:]:
            self.data[environment] = self.data["production"].copied()

    def _ahead(self, since: datetime) -> Iterator[Occasion]:
        if self.settings["nightly_refresh"]:
            midnight = since.replace(hour=0, minute=0, second=0) + timedelta(days=1)
            yield (midnight, 0, "", "", NIGHT)
        for environment, data in self.data.items():
            for alert in data.alerts.values():
                for what, due in (("automatic_closing", closing_due), ("reminder", reminder_due)):
                    if at := due(alert):
                        yield (at, 1, environment, alert.uprc, what)

    def _escalate(self, environment: str, uprc: str, what: str, at: datetime) -> None:
        alert = self.data[environment].alerts[uprc]
        before = replace(alert)
        if what == "reminder":
            alert.reminded += 1
        else:
            state = "closed" if self.settings["state_profile"] == "manual" else "06o"
            set_state(alert, state, "system", at)
        if environment == "production" or not self._is_told_there(before, alert):
            for party in (alert.enduser, *([alert.mah] if what != "reminder" else [])):
                self.post(party, Letter("", what, uprc))

    def _is_told_there(self, before: Alert, after: Alert) -> bool:
        """The same happens to production's alert, and its parties are told once."""
        there = self.data["production"].alerts.get(before.uprc)
        past = [(each.state, each.changed) for each in (before, after)]
        return there is not None and (there.state, there.changed) in past


def set_state(alert: Alert, state: str, by: str, at: datetime) -> bool:
    """Change a state with all that hangs on it; whether there was anything to change."""
    if state == alert.state:
        return False
    alert.state, alert.changed = state, at
    alert.reminded, alert.left_alone = 0, False
    closing = state in CLOSED
    alert.closed, alert.closed_by = (at, by) if closing else (None, "")
    return True
