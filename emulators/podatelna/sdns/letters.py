"""Protocols of processing: letters to the reporting subject (process manual 2.3)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from podatelna.kernel.ledger import Fact
from podatelna.kernel.yamlfile import read_yaml
from podatelna.sdns import calendar
from podatelna.sdns.desk import Desk
from podatelna.sdns.headers import reference_day
from podatelna.sdns.model import FailedCheck, Header, Issue, Message, Occurrence, Trouble
from podatelna.sdns.moments import moment
from podatelna.sdns.names import LIVE, TEST
from podatelna.sdns.occurrences import data_set_of, occurrence_of, plan_term
from podatelna.sdns.results import day_text, minute_text
from podatelna.sdns.states import (
    BROKEN,
    DISCARDED,
    IN_FORCE,
    REFUSED,
    TO_CONFIRM,
)

_NOTHING_WRONG: Final = "Bez chyb."
_BY_STATE: Final[Mapping[int, str]] = {
    **dict.fromkeys(IN_FORCE, "valid"),
    **dict.fromkeys(REFUSED | {DISCARDED}, "correction_required"),
    **dict.fromkeys(TO_CONFIRM, "confirmation_required"),
    BROKEN: "internal_error",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(Fact):
    """A letter; {name} stands for what the issue or the message has."""

    subject: str
    body: str


@cache
def read_forms(folder: Path) -> Mapping[str, Form]:
    """By the occasion."""
    return {name: Form(**form) for name, form in read_yaml(folder / "mail.yaml").items()}


def tell_result(desk: Desk, message: Message, issue: Issue) -> None:
    """Tell what has become of an issue; `message` made it whole, or is without data itself."""
    occurrence = occurrence_of(desk, issue)
    header = message.header
    fictive = "confirmed" if header.status == "confirmation" else "cancelled"
    about = {
        "issue": issue.number,
        "accepted": _minute(desk, issue.accepted),
        "issue_state": _state(desk, "issue_states", issue.state),
        "occurrence_state": _state(desk, "occurrence_states", _shown(desk, occurrence)),
        "term": _minute(desk, occurrence.term),
        "errors": _errors(issue.troubles, issue.failed),
    }
    _send(
        desk, _BY_STATE.get(issue.state, fictive), header.subject, _of_message(desk, message, about)
    )


def tell_refused(desk: Desk, message: Message) -> None:
    """Tell whose user sent a message that its header was refused: ZASLAL may be what is wrong."""
    about = {
        "received": _minute(desk, message.received),
        "errors": _errors(message.refused),
    }
    user = desk.register.user(message.login)
    if user:
        _send(desk, "header_refused", user.subject, _of_message(desk, message, about))


def _send(desk: Desk, occasion: str, to: str, words: Mapping[str, str]) -> None:
    subject = desk.register.subject(to)
    if subject is None or not subject.email or not desk.settings["protocols"]:
        return
    form = read_forms(desk.contract.folder)[occasion]
    desk.post(subject.email, form.subject.format_map(words), form.body.format_map(words))


# -- words


def _of_message(desk: Desk, message: Message, about: Mapping[str, str]) -> Mapping[str, str]:
    header = message.header
    return {
        "file": message.file,
        "message": header.number,
        "sender": header.sender,
        "processed": minute_text(desk.now),
        "data_set": header.data_set,
        "subject": header.subject,
        "scope": header.scope,
        "as_of": _day(desk, header),
        "function": TEST if header.test else LIVE,
        **about,
    }


def _shown(desk: Desk, occurrence: Occurrence) -> int:
    data_set = data_set_of(desk, occurrence)
    if data_set is None:
        return occurrence.state
    current = desk.register.issue(occurrence.current) if occurrence.current else None
    due = plan_term(desk, data_set, date.fromisoformat(occurrence.key.as_of))
    valid = current is not None and current.state in IN_FORCE
    by = calendar.rules(desk.settings, data_set.code)
    return calendar.shown_state(occurrence.state, valid, due, desk.now, by)


def _errors(troubles: Iterable[Trouble], failed: Iterable[FailedCheck] = ()) -> str:
    return "\n".join([*(f"{each.code} {each.text}" for each in troubles), *_lines(failed)]) or (
        _NOTHING_WRONG
    )


def _lines(failed: Iterable[FailedCheck]) -> Iterator[str]:
    for check in failed:
        yield f"{check.code} {check.kind} {check.name}"
        yield from (f"  {detail}" for detail in check.details)


def _state(desk: Desk, codelist: str, code: int) -> str:
    names = {row["code"]: row["name_cs"] for row in desk.contract.codelist(codelist)}
    return f"{code} {names.get(str(code), '')}".strip()


def _day(desk: Desk, header: Header) -> str:
    """As query answers have it; what is no day stays as it was sent."""
    day = reference_day(header.as_of)
    return day_text(day) if day else header.as_of


def _minute(desk: Desk, kept: str) -> str:
    local = moment(kept).astimezone(desk.now.tzinfo)
    return minute_text(local)
