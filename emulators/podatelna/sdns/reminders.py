"""Letters to subjects from whom nothing came until the term (programmer's manual, states 15
and 18)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from podatelna.kernel.contract import Contract
from podatelna.sdns import calendar
from podatelna.sdns.desk import Desk
from podatelna.sdns.letters import read_forms
from podatelna.sdns.model import Key
from podatelna.sdns.names import LIVE
from podatelna.sdns.results import day_text, minute_text
from podatelna.sdns.structure import DataSet


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder (upomínka) of an occurrence."""

    key: Key
    data_set: DataSet
    level: int
    """From 1 on."""
    levels: int
    term: datetime
    """PlanDo."""


def remind(desk: Desk, reminder: Reminder) -> None:
    """Write to the reporting subject, if it has an address."""
    key = reminder.key
    subject = desk.register.subject(key.subject)
    if subject is None or not subject.email:
        return
    form = read_forms(desk.contract.folder)["reminder"]
    words = {
        "level": str(reminder.level),
        "levels": str(reminder.levels),
        "data_set": reminder.data_set.full_code,
        "subject": key.subject,
        "scope": key.scope,
        "as_of": day_text(date.fromisoformat(key.as_of)),
        "function": LIVE,
        "occurrence_state": _state(desk, reminder),
        "term": minute_text(reminder.term),
    }
    desk.post(subject.email, form.subject.format_map(words), form.body.format_map(words))


def _state(desk: Desk, reminder: Reminder) -> str:
    """Code and text of the state that the occurrence is in from now on."""
    by = calendar.rules(desk.settings, reminder.key.data_set)
    code = str(calendar.shown_state(0, False, reminder.term, desk.now, by))
    return f"{code} {_states(desk.contract)[code]}"


@lru_cache(maxsize=4)
def _states(contract: Contract) -> Mapping[str, str]:
    """Read once: there may be many letters in a night."""
    return {row["code"]: row["name_cs"] for row in contract.codelist("occurrence_states")}
