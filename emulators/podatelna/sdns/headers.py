"""What is looked up for the header of a message, and what is wrong with it then."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from podatelna.kernel.rules import check
from podatelna.sdns import calendar
from podatelna.sdns.desk import Desk
from podatelna.sdns.model import Header, Issue, Key, Message, Occurrence, Part, Trouble
from podatelna.sdns.names import LIVE, REASONS, STATUSES, TEST
from podatelna.sdns.occurrences import is_closed, trouble
from podatelna.sdns.rules import RULES, Form, HeaderRule, Known
from podatelna.sdns.states import standing
from podatelna.sdns.statuses import read_forms
from podatelna.sdns.structure import DataSet

_DAY_LENGTH: Final = len("yyyyMMdd")
_NO_PART: Final = Part("", "")


@dataclass(frozen=True, slots=True)
class Case:
    """A message whose header is being checked, with everything that is known about it."""

    message: Message
    key: Key
    """STAV-KE-DNI as it was sent, if it is no day."""
    data_set: DataSet | None
    occurrence: Occurrence | None
    known: Known


def look_up(desk: Desk, message: Message) -> Case:
    header, register = message.header, desk.register
    day = reference_day(header.as_of)
    key = key_of(header, day)
    data_set = _data_set(desk, header, day)
    occurrence = register.occurrence(key)
    form = read_forms(desk.contract.folder).get(header.status)
    user = register.user(message.login)
    known = Known(
        form=form,
        number_used=_is_used(desk, message),
        communicating=user.subject if user and register.subject(user.subject) else "",
        entitled=register.may_send_for(header.sender, header.subject),
        methodology=day is not None and desk.methodology.valid(header.methodology, day),
        data_set=data_set is not None,
    )
    case = Case(message, key, data_set, occurrence, known)
    if data_set is None or day is None:
        return case
    known = replace(
        known,
        splittable=data_set.splittable,
        expected=_is_expected(desk, data_set, key, day),
        closed=is_closed(desk, data_set, day),
    )
    return replace(case, known=_with_issues(desk, replace(case, known=known)))


def broken(case: Case) -> list[HeaderRule]:
    """The rules that a header breaks, in their order."""
    return check(RULES, case.message.header, case.known)


def troubles(desk: Desk, header: Header, rules: list[HeaderRule]) -> tuple[Trouble, ...]:
    """Broken rules as they are told to the sender."""
    words = dict(_words(header))
    return tuple(trouble(desk, rule.code, **words) for rule in rules)


def key_of(header: Header, day: date | None) -> Key:
    as_of = day.isoformat() if day else header.as_of
    return Key(header.code, header.subject, header.scope, as_of, header.test)


def reference_day(text: str) -> date | None:
    """yyyyMMdd as a day; None: it is none."""
    if len(text) != _DAY_LENGTH or not (text.isascii() and text.isdigit()):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


# -- single facts


def _is_used(desk: Desk, message: Message) -> bool:
    """The number of a message is that of its issue, too, unless it is a part of one."""
    header, register = message.header, desk.register
    if register.message_numbered(header.sender, header.number):
        return True
    return header.part is None and any(_numbered(desk, header, header.number))


def _data_set(desk: Desk, header: Header, day: date | None) -> DataSet | None:
    """None, too, if nothing can be said of it because STAV-KE-DNI is no day."""
    if day is None or not desk.methodology.has(header.methodology, header.data_set):
        return None
    return desk.methodology.find(header.data_set)


def _is_expected(desk: Desk, data_set: DataSet, key: Key, day: date) -> bool:
    """Data of a test are expected when live ones are."""
    if not calendar.is_reference_day(data_set.period, day):
        return False
    return desk.register.is_obliged(key.subject, key.scope, key.data_set, key.as_of)


# -- other issues


def _with_issues(desk: Desk, case: Case) -> Known:
    header, here = case.message.header, case.occurrence
    issues = desk.register.issues(here.id) if here else []
    begun = list(_numbered(desk, header, (header.part or _NO_PART).issue))
    named = _named(desk, case, issues) if header.reference and case.known.form else []
    inside = [issue for issue in begun if here and issue.occurrence == here.id]
    first = header.part is not None and header.part.edge == "first"
    return replace(
        case.known,
        standing=standing(issues, here.current if here else 0),
        referred=next((each for each in named if here and each.occurrence == here.id), None),
        # Numbers of issues are unique for their sender, whatever the occurrence.
        begun=next(iter(begun if first else inside), None),
        elsewhere=_is_elsewhere(desk, case.key, [*named, *([] if first else begun)]),
    )


def _named(desk: Desk, case: Case, issues: list[Issue]) -> list[Issue]:
    """Issues that a reference may mean: a message stands for its issue (process manual 2.1).

    Those of the sender, and besides those of the occurrence (`issues`): a subject may correct what
    another one has sent for it. What a change or a completion refers to must still have its rows.
    """
    header, form = case.message.header, case.known.form
    assert form is not None
    if _names_message(form):
        message = desk.register.message_numbered(header.sender, header.reference)
        issue = desk.register.issue(message.issue) if message else None
        found = [issue] if issue else []
    else:
        found = list(_numbered(desk, header, header.reference))
    found += [each for each in issues if _is_anothers(each, header)]
    return [each for each in found if _may_be_built_on(desk, case, each)]


def _is_anothers(issue: Issue, header: Header) -> bool:
    return issue.sent and issue.sender != header.sender and issue.number == header.reference


def _may_be_built_on(desk: Desk, case: Case, issue: Issue) -> bool:
    if case.message.header.status not in ("change", "new_data"):
        return True
    current = case.occurrence.current if case.occurrence else 0
    return desk.register.data.any(max(issue.id, current))


def _names_message(form: Form) -> bool:
    return form.reference == "message"


def _numbered(desk: Desk, header: Header, number: str) -> Iterator[Issue]:
    found = desk.register.issues_numbered(header.sender, number) if number else []
    return (issue for issue in found if issue.sent)


def _is_elsewhere(desk: Desk, key: Key, issues: list[Issue]) -> bool:
    """Whether issues are of the test data of this occurrence, or of its live ones if it is one."""
    other = desk.register.occurrence(replace(key, test=not key.test)) if issues else None
    return other is not None and any(issue.occurrence == other.id for issue in issues)


# -- words


def _words(header: Header) -> Iterator[tuple[str, str]]:
    """What the texts of header errors may tell, in the words of the message."""
    for name in ("number", "sender", "methodology", "data_set", "subject", "scope", "as_of"):
        yield name, getattr(header, name)
    part = header.part or _NO_PART
    yield from (("reference", header.reference or "-"), ("part", part.order), ("issue", part.issue))
    yield "status", _spelling(STATUSES, header.status)
    yield "reason", _spelling(REASONS, header.reason)
    yield "function", TEST if header.test else LIVE


def _spelling(words: Mapping[str, str], meaning: str) -> str:
    return next(word for word, means in words.items() if means == meaning)
