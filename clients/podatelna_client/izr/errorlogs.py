"""Error logs: what came to light when reports were processed (IZR_CHIZZ01B)."""

from collections.abc import Iterator
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from podatelna_client.izr import reading, writing
from podatelna_client.izr.calling import Call, Caller
from podatelna_client.izr.fields import Fields
from podatelna_client.izr.item import LOCAL_TIME
from podatelna_client.izr.model import LogEntry

A_DAY = 86_400.0


class ErrorLogs:
    """Rows by the day of processing. A report that was processed without an error has none."""

    _caller: Caller

    def logs(
        self,
        start: date,
        end: date | None = None,
        holding: str | None = None,
        species: str | None = None,
    ) -> tuple[LogEntry, ...]:
        """All rows of an interval; without an end, until now."""
        payload = writing.logs(self._period(start, end), holding, species, rows=True)
        return self._caller.result(_asking(payload), reading.logs)

    def last_change_of_logs(
        self,
        start: date,
        end: date | None = None,
        holding: str | None = None,
        species: str | None = None,
    ) -> datetime | None:
        """When rows of an interval were last added; None if there are none."""
        payload = writing.logs(self._period(start, end), holding, species, rows=False)
        return self._caller.result(_asking(payload), reading.last_change)

    def poll_logs(
        self,
        start: date,
        holding: str | None = None,
        species: str | None = None,
        *,
        pause: float = 60.0,
        longest: float = A_DAY,
    ) -> Iterator[LogEntry]:
        """Rows as they appear, each once: those since the start, then the new ones.

        Asks every `pause` seconds until `longest` seconds are over, by the clock that the client
        was given; so it also ends when nothing was wrong. Failures come out as they are, and who
        goes on polling with another call gets all rows since its start again.
        """
        told: set[LogEntry] = set()
        habits = self._caller.habits
        until = habits.clock() + longest
        while True:
            for entry in self.logs(start, None, holding, species):
                if entry not in told:
                    told.add(entry)
                    yield entry
            if habits.clock() + pause > until:
                return
            habits.sleep(pause)

    def _period(self, start: date, end: date | None) -> tuple[date, date]:
        """Of a day as the end its last second: nobody says whether the service counts in days."""
        last = self._caller.now().date() if end is None else end
        return start, last if isinstance(last, datetime) else _last_second(last)


def _last_second(day: date) -> datetime:
    return datetime.combine(day, time.max, ZoneInfo(LOCAL_TIME)).replace(microsecond=0)


def _asking(payload: Fields) -> Call:
    return Call(service="IZR_CHIZZ01B", payload=payload)
