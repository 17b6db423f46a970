"""What the model's bank answers and writes: rows of lists, and letters, as they are on the wire."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from tests.sdns.machine import terms, world
from tests.sdns.machine.records import CONFIRMATION, Header, Issue, Key, Message, Occurrence

if TYPE_CHECKING:
    from tests.sdns.machine.bank import Bank

CONTRACT = Path(__file__).parents[3] / "contracts" / "sdns"
Shown = tuple[Any, ...]
"""An element: its name, its attributes in order, its text, its children."""


@dataclass(frozen=True)
class Letter:
    at: str
    """UTC."""
    recipient: str
    subject: str
    body: str


# -- the contract's lists


@cache
def lists(name: str) -> Any:
    return yaml.safe_load((CONTRACT / name).read_text("utf-8"))


@cache
def _states(name: str) -> dict[int, str]:
    text = (CONTRACT / "codelists" / f"{name}.csv").read_text("utf-8")
    return {int(row["code"]): row["name_cs"] for row in csv.DictReader(text.splitlines())}


@cache
def _header_texts() -> dict[str, str]:
    return {
        row["code"]: row["text"] for row in lists("errors.yaml").values() if row["kind"] == "header"
    }


def trouble(key: str) -> tuple[str, str]:
    row = lists("errors.yaml")[key]
    return row["code"], row["text"]


def header_errors(codes: Sequence[str], header: Header) -> tuple[tuple[str, str], ...]:
    words = {
        name: getattr(header, name)
        for name in (
            "number",
            "sender",
            "methodology",
            "data_set",
            "subject",
            "scope",
            "as_of",
            "status",
            "reason",
            "reference",
        )
    }
    words |= {"function": "Testovací" if header.test else "Ostrá"}
    words |= {"part": header.part.order if header.part else ""}
    words |= {"issue": header.part.issue if header.part else ""}
    told = {name: word or "-" for name, word in words.items()}
    return tuple((code, _header_texts()[code].format(**told)) for code in codes)


# -- lists


def minute(at: datetime) -> str:
    return f"{at.astimezone(terms.PRAGUE):%d.%m.%Y %H:%M}"


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _leaf(name: str, text: str) -> Shown:
    return (name, (), text, ())


def issues(bank: "Bank", key: Key, extent: str, *, told: bool) -> list[Shown]:
    """VydaniSeznam of an occurrence: its live issues, then those of its test."""
    found: list[Shown] = []
    for test in (False, True):
        occurrence = bank.occurrences.get(Key(key.code, key.subject, key.scope, key.as_of, test))
        listed = occurrence.issues if occurrence else []
        for issue in listed if extent == "VSE" else listed[-1:]:
            assert occurrence is not None
            found += _occurrence(bank, occurrence.key, occurrence)
            found.append(("Vydani", (), "", tuple(_issue(issue, told))))
    return found


def _issue(issue: Issue, told: bool) -> Iterator[Shown]:
    yield _leaf("SouborExt", issue.file)
    yield _leaf("CisloVydani", issue.number)
    yield _leaf("DatumPrijmu", minute(issue.accepted))
    yield _leaf("StavKod", str(issue.state))
    yield _leaf("Stav", _states("issue_states")[issue.state])
    yield _leaf("StavOd", minute(issue.since))
    yield _leaf("Druh", "Odeslané")
    for code, text in issue.troubles:
        message = (("Msg", text),) if told else ()
        yield ("ChybaZpracovani", (("Kod", code), *message), "", ())
    for step in issue.failed:
        plain = (("Druh", step.kind), ("Kod", step.code))
        details = tuple(
            ("DetailChyby", (("Msg", text), ("Poradi", str(number))), "", ())
            for number, text in enumerate(step.details, 1)
        )
        known = (*plain, ("Msg", step.name)) if told else plain
        yield ("ChybnyKrokKontroly", known, "", details if told else ())


def _occurrence(bank: "Bank", key: Key, occurrence: Occurrence | None) -> Iterator[Shown]:
    plan = terms.plan(key.code, key.day)
    state = shown_state(bank, key, occurrence)
    yield (
        "DatovySoubor",
        (),
        "",
        (_leaf("Kod", key.code), _leaf("Verze", "1"), _leaf("Varianta", "0")),
    )
    known = {
        "Subjekt": key.subject,
        "Obdobi": _day(key.day),
        "Rozsah": key.scope,
        "StavKod": str(state),
        "Stav": _states("occurrence_states")[state],
        "PlanDo": minute(plan),
        "Termin": minute(occurrence.term if occurrence else plan),
        "Testovaci": "Testovací" if key.test else "Provozní",
    }
    yield ("Vyskyt", (), "", tuple(_leaf(name, text) for name, text in known.items()))


def shown_state(bank: "Bank", key: Key, occurrence: Occurrence | None) -> int:
    current = occurrence.current if occurrence else None
    valid = current is not None and current.state in (51, 52)
    state = occurrence.state if occurrence else 0
    return terms.shown(state, valid, terms.plan(key.code, key.day), bank.now, bank.settings)


def occurrences(bank: "Bank", subject: str) -> list[Shown]:
    """VyskytySeznam of a subject: what is expected in the window, and what came."""
    keys = {key for key in bank.occurrences if key.subject == subject}
    since, until = world.WINDOW
    for (of, code), first in world.OBLIGATIONS.items():
        day = since
        while day <= until:
            if of == subject and day >= first and _is_expected(code, day):
                keys.add(Key(code, of, world.SCOPE, f"{day:%Y%m%d}", False))
            day += timedelta(days=1)
    found: list[Shown] = []
    for key in sorted(keys, key=lambda it: (it.code, it.scope, it.as_of, it.test)):
        found += _occurrence(bank, key, bank.occurrences.get(key))
    return found


def _is_expected(code: str, day: date) -> bool:
    if world.SETS[code]["period"] == "day":
        return day.weekday() < 5
    return (day + timedelta(days=1)).day == 1


def refused_messages(bank: "Bank", login: str) -> list[Shown]:
    """DzErrSeznam of all users of a communicating subject."""
    subject = world.USERS[login]
    found = [each for each in bank.messages if each.refused]
    return [
        ("DoslaZprava", (), "", tuple(_refused(each)))
        for each in found
        if world.USERS[each.login] == subject
    ]


def _refused(message: Message) -> Iterator[Shown]:
    header = message.header
    assert message.accepted is not None
    try:
        day = _day(header.key.day)
    except ValueError:
        day = ""
    known = {
        "SouborExt": message.file,
        "CisloZpravy": header.number,
        "DatumPrijmu": minute(message.accepted),
        "Zaslal": header.sender,
        "DatovySoubor": header.data_set,
        "Subjekt": header.subject,
        "Obdobi": day,
        "Rozsah": header.scope,
    }
    yield from (_leaf(name, text) for name, text in known.items())
    for code, text in message.refused:
        yield ("ChybaHlavicky", (("Kod", code), ("Msg", text)), "", ())


# -- letters


def refused(bank: "Bank", message: Message) -> Letter:
    errors = "\n".join(f"{code} {text}" for code, text in message.refused)
    more = {"received": minute(message.received), "errors": errors}
    sent_by = world.USERS[message.login]
    return _letter(bank, "header_refused", sent_by, {**_about(bank, message), **more})


def result(bank: "Bank", occurrence: Occurrence, issue: Issue) -> Letter:
    """About the message that made the issue whole."""
    message = issue.messages[-1]
    confirmed = issue.status == CONFIRMATION
    forms = {51: "valid", 15: "correction_required", 16: "correction_required"}
    forms |= {61: "correction_required", 31: "confirmation_required", 32: "confirmation_required"}
    forms |= {0: "confirmed" if confirmed else "cancelled", 99: "internal_error"}
    state = shown_state(bank, occurrence.key, occurrence)
    more = {
        "issue": issue.number,
        "accepted": minute(issue.accepted),
        "issue_state": f"{issue.state} {_states('issue_states')[issue.state]}",
        "occurrence_state": f"{state} {_states('occurrence_states')[state]}",
        "term": minute(occurrence.term),
        "errors": "\n".join(_errors(issue)) or "Bez chyb.",
    }
    words = {**_about(bank, message), **more}
    return _letter(bank, forms[issue.state], message.header.subject, words)


def _errors(issue: Issue) -> Iterator[str]:
    yield from (f"{code} {text}" for code, text in issue.troubles)
    for step in issue.failed:
        yield f"{step.code} {step.kind} {step.name}"
        yield from (f"  {detail}" for detail in step.details)


def _about(bank: "Bank", message: Message) -> dict[str, str]:
    header = message.header
    try:
        as_of = _day(header.key.day)
    except ValueError:
        as_of = header.as_of
    return {
        "file": message.file,
        "message": header.number,
        "sender": header.sender,
        "processed": minute(bank.now),
        "data_set": header.data_set,
        "subject": header.subject,
        "scope": header.scope,
        "as_of": as_of,
        "function": "Testovací" if header.test else "Ostrá",
    }


def _letter(bank: "Bank", occasion: str, to: str, words: dict[str, str]) -> Letter:
    form = lists("mail.yaml")[occasion]
    at = f"{bank.now:%Y-%m-%dT%H:%M:%S}"
    recipient = world.EMAILS.get(to, "")
    return Letter(at, recipient, form["subject"].format(**words), form["body"].format(**words))
