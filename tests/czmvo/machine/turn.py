"""One call in the model: who calls, what of, and how answers are put."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.czmvo.machine.lifecycle import LifeCycle
from tests.czmvo.machine.lists import State, states
from tests.czmvo.machine.records import Alert, Caller, Data, Letter, Outcome

Values = dict[str, Any]
HTTP = {
    **dict.fromkeys((5, 11, 14, 15, 20, 30, 32, 39), 400),
    **dict.fromkeys((2, 3, 17, 18, 19, 22, 37, 38), 401),
    **dict.fromkeys((1, 12, 21, 36), 404),
    **dict.fromkeys((4, 13, 25, 26, 27, 28, 29, 31, 34, 35, 40), 405),
    **{16: 500, 23: 415, 24: 500, 33: 406},
}
"""The statuses of the error table."""


@dataclass(frozen=True)
class Turn:
    """What an operation of the model works with."""

    caller: Caller
    data: Data
    now: datetime
    settings: dict[str, Any]
    language: str
    version_1: bool
    output: str
    """json, csv or binary."""
    post: Callable[[str, Letter], None]
    locations: dict[str, str]

    @property
    def life(self) -> LifeCycle:
        return LifeCycle(self.settings)

    @property
    def states(self) -> dict[str, State]:
        return states(self.settings["state_profile"])

    def id(self, number: int) -> str | int:
        """Ids are texts in most answers."""
        return str(number) if self.settings["ids"] == "literal" else number

    def visible(self, uprc: str) -> Alert | None:
        alert = self.data.alerts.get(uprc)
        return alert if alert and self.caller.sees(alert) else None

    def table(self, member: str, rows: Sequence[Values], before: Values | None = None) -> Outcome:
        """A result that can be had as CSV; a list of rows then, with all values as texts."""
        if self.output != "csv":
            return Outcome(200, 0, {**(before or {}), member: list(rows)})
        return Outcome(200, None, [{k: _cell(v) for k, v in row.items()} for row in rows])


def refused(code: int, about: object = "", result: Any = None) -> Outcome:
    return Outcome(HTTP[code], code, result, str(about))


def done(result: Any) -> Outcome:
    return Outcome(200, 0, result)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ",".join(map(str, value))
    return "" if value is None else str(value)
