"""The answers of EwiQueryWS: EwiWSResult of ews-result.xsd, with lists of what was reported.

The schema's Czech names are here and in `descriptions`, nowhere else.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from podatelna.sdns.model import FailedCheck, Issue, Key, Message
from podatelna.sdns.nodes import Node, document

_NAMESPACE: Final = "www.ewi.ws"
_TEST: Final = {True: "Testovací", False: "Provozní"}
_ORIGIN: Final = {True: "Odeslané", False: "Připravené"}
_LONGEST: Final = 2000
"""Characters of a message of an error (annotations of ews-result.xsd)."""

States = Mapping[int, str]
"""What each state is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownOccurrence:
    """An occurrence as lists show it at one time. Times are local."""

    key: Key
    version: int
    variant: int
    state: int
    plan: datetime | None
    """PlanDo, until when its first data were required."""
    term: datetime | None
    """Termin, until when something is required now."""


@dataclass(frozen=True, slots=True)
class ShownIssue:
    """An issue, with its local times, beside its occurrence."""

    occurrence: ShownOccurrence
    issue: Issue
    accepted: datetime
    since: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """What an answer repeats of its question."""

    query_type: str
    """As it was sent."""
    parameters: tuple[tuple[str, str], ...] = ()
    """As they are shown, in their order."""


def success(asked: Asked, found: Node) -> bytes:
    """An answer with what was found. That code and text are empty is not observed."""
    return _result(asked, [found], ("SUCCESS", "", ""))


def failure(asked: Asked, code: str, text: str) -> bytes:
    """An answer with an error, which has no list (observed)."""
    return _result(asked, [], ("ERROR", code, text))


def _result(asked: Asked, found: list[Node], log: tuple[str, str, str]) -> bytes:
    parameters = (
        Node("DotazParametr", attributes={"Jmeno": name, "Hodnota": value})
        for name, value in asked.parameters
    )
    question = Node("Dotaz", [Node("DotazTyp", asked.query_type), *parameters])
    status, code, text = log
    state = texts({"Status": status, "ErrorCode": code, "ErrorText": text})
    root = [question, *found, Node("ErrorLog", state)]
    return document(Node("EwiWSResult", root, {"xmlns": _NAMESPACE}))


def issues(shown: Iterable[ShownIssue], states: tuple[States, States], *, told: bool) -> Node:
    """VydaniSeznam: data set and occurrence are repeated for each issue.

    `states` are those of occurrences and of issues. Unless `told`, errors come without texts and
    details.
    """
    return Node("VydaniSeznam", _issues(shown, states, told))


def _issues(
    shown: Iterable[ShownIssue], states: tuple[States, States], told: bool
) -> Iterator[Node]:
    of_occurrences, of_issues = states
    for one in shown:
        yield from _occurrence(one.occurrence, of_occurrences)
        yield Node("Vydani", _issue(one, of_issues, told))


def occurrences(shown: Iterable[ShownOccurrence], states: States) -> Node:
    """VyskytySeznam."""
    return Node("VyskytySeznam", (node for one in shown for node in _occurrence(one, states)))


def _occurrence(shown: ShownOccurrence, states: States) -> Iterator[Node]:
    key = shown.key
    identity = {"Kod": key.data_set, "Verze": str(shown.version), "Varianta": str(shown.variant)}
    yield Node("DatovySoubor", texts(identity))
    known = {
        "Subjekt": key.subject,
        "Obdobi": day_text(date.fromisoformat(key.as_of)),
        "Rozsah": key.scope,
        "StavKod": str(shown.state),
        "Stav": states[shown.state],
        "PlanDo": minute_text(shown.plan),
        "Termin": minute_text(shown.term),
        "Testovaci": _TEST[key.test],
    }
    yield Node("Vyskyt", texts(known))


def _issue(shown: ShownIssue, states: States, told: bool) -> Iterator[Node]:
    issue = shown.issue
    if issue.file:
        yield Node("SouborExt", issue.file)
    known = {
        "CisloVydani": issue.number,
        "DatumPrijmu": minute_text(shown.accepted),
        "StavKod": str(issue.state),
        "Stav": states[issue.state],
        "StavOd": minute_text(shown.since),
        "Druh": _ORIGIN[issue.sent],
    }
    yield from texts(known)
    for trouble in issue.troubles:
        message = trouble.text[:_LONGEST] if told else None
        yield Node("ChybaZpracovani", attributes={"Kod": trouble.code, "Msg": message})
    for failed in issue.failed:
        yield _failed(failed, told)


def _failed(failed: FailedCheck, told: bool) -> Node:
    details = [
        Node("DetailChyby", attributes={"Poradi": str(number), "Msg": detail[:_LONGEST]})
        for number, detail in enumerate(failed.details if told else (), 1)
    ]
    message = failed.name if told else None
    attributes = {"Kod": failed.code, "Druh": failed.kind, "Msg": message}
    return Node("ChybnyKrokKontroly", details, attributes)


def refused_messages(shown: Iterable[tuple[Message, datetime]]) -> Node:
    """DzErrSeznam: messages with an error in their headers, with the local times of their refusal.

    The element is ours: programmer's manual 1.6 announces the query, its form is not public
    (SOURCES.md Q12).
    """
    return Node("DzErrSeznam", (_refused(message, at) for message, at in shown))


def _refused(message: Message, at: datetime) -> Node:
    header = message.header
    known = {
        "SouborExt": message.file,
        "CisloZpravy": header.number,
        "DatumPrijmu": minute_text(at),
        "Zaslal": header.sender,
        "DatovySoubor": header.data_set,
        "Subjekt": header.subject,
        "Obdobi": _day_of(header.as_of),
        "Rozsah": header.scope,
    }
    errors = (
        Node("ChybaHlavicky", attributes={"Kod": error.code, "Msg": error.text})
        for error in message.refused
    )
    return Node("DoslaZprava", [*texts(known), *errors])


def texts(known: Mapping[str, str]) -> list[Node]:
    """Elements with these names and texts, in the order given."""
    return [Node(name, text) for name, text in known.items()]


def _day_of(compact: str) -> str:
    """A day of yyyyMMdd as DD.MM.YYYY; "" when it is none."""
    try:
        return day_text(date.fromisoformat(compact)) if compact.isdigit() else ""
    except ValueError:
        return ""


def day_text(day: date | None) -> str:
    """DD.MM.YYYY, or nothing."""
    return f"{day.day:02}.{day.month:02}.{day.year:04}" if day else ""


def minute_text(at: datetime | None) -> str:
    """DD.MM.YYYY HH24:MI, or nothing."""
    return f"{day_text(at)} {at:%H:%M}" if at else ""
