"""Houses that go through the same days and calls, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from podatelna.app import Config, House
from podatelna.kernel.exchange import Response
from tests.journeys.callers import DEFAULT, Caller, administer

NOW = "2026-03-04T08:30:00Z"

Step = tuple[str, bytes] | timedelta
"""A call of an operation with a message, or some time that passes."""


class Office:
    """A house with one signed-in caller."""

    def __init__(self, always: Mapping[str, object] | None = None) -> None:
        """`always` are settings that every new start has."""
        self._always = always or {}
        self.house = House(Config(seed="1"))
        self.caller = Caller(self.house.handle).sign_in()

    def anew(self, settings: Mapping[str, object] | None = None) -> None:
        """The same world at the same time."""
        self.house.sandboxes.reset("default")
        administer(self.house.handle, "PUT", f"{DEFAULT}/clock", {"freeze": NOW})
        given = {"ubyport": {**self._always, **(settings or {})}}
        administer(self.house.handle, "PATCH", f"{DEFAULT}/settings", given)

    def rows(self, what: str) -> list[dict[str, object]]:
        found = administer(self.house.handle, "GET", f"{DEFAULT}/ubyport/{what}")
        assert isinstance(found, list)
        return found


@dataclass(frozen=True)
class Travel:
    """What came of a journey: every answer, the records, and the time at its end."""

    answers: list[Response]
    records: list[object]
    end: datetime


def travel(office: Office, journey: Sequence[Step]) -> Travel:
    office.anew()
    caller = Caller(office.house.handle).sign_in()
    answers = []
    for step in journey:
        if isinstance(step, timedelta):
            office.house.sandboxes.advance("default", step)
        else:
            answers.append(caller.post(*step))
    records = [
        administer(office.house.handle, "GET", f"{DEFAULT}/{of}")
        for of in ("journal", "ubyport/filings", "ubyport/stays")
    ]
    return Travel(answers, records, office.house.sandboxes.now("default"))
