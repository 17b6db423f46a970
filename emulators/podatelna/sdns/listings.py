"""Queries for what was reported: issues, occurrences, and messages with a wrong header.

They are not public: the user logs in by parameters of the query (observed answers, getParams).
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final

from podatelna.kernel.contract import Contract
from podatelna.sdns import calendar, queries
from podatelna.sdns.access import admitted
from podatelna.sdns.desk import Desk
from podatelna.sdns.methodology import Methodology
from podatelna.sdns.model import Issue, Key, Message, Obligation, Occurrence, User
from podatelna.sdns.moments import instant, moment
from podatelna.sdns.nodes import Node
from podatelna.sdns.occurrences import data_set_of, plan_term
from podatelna.sdns.parameters import QueryError, Values, to_day
from podatelna.sdns.register import Search
from podatelna.sdns.results import (
    ShownIssue,
    ShownOccurrence,
    States,
    issues,
    occurrences,
    refused_messages,
)
from podatelna.sdns.states import IN_FORCE
from podatelna.sdns.structure import DataSet
from podatelna.sdns.tables import MESSAGE
from podatelna.sdns.written import message_of

_MOST: Final = 5000
"""Entries of a list: no question may cost without bound. A daily data set has them in 20 years."""
_NOTHING: Final = QueryError("nothing_found")
_DAY: Final = timedelta(days=1)
_BOUNDED: Final = range(1900, 9999)
"""Years that a time zone can take to UTC; the days of others are no bounds."""


def issues_of(desk: Desk, given: Values) -> Node | QueryError:
    """VYDANI_SEZNAM_JH: the issues of an occurrence, of test data too; all, or the last one sent.

    A prepared issue is always listed (observed answers, getParams). A message whose header was
    refused is not: it has made none.
    """
    user = admitted(desk, given, given["SubjektV"])
    if isinstance(user, QueryError):
        return user
    found = list(_issues(desk, given))
    if not found:
        _explain(desk, given["DatovySoubor"])
        return _NOTHING
    states = _states(desk.contract, "occurrence_states"), _states(desk.contract, "issue_states")
    return issues(found, states, told=given["Popis"] == "A")


def _issues(desk: Desk, given: Values) -> Iterator[ShownIssue]:
    code, subject, scope = (given[name] for name in ("DatovySoubor", "SubjektV", "RozsahV"))
    for test in (False, True):
        key = Key(code, subject, scope, _day(given, "ObdobiV").isoformat(), test)
        occurrence = desk.register.occurrence(key)
        if occurrence:
            shown = shown_occurrence(desk, occurrence)
            for issue in _chosen(desk.register.issues(occurrence.id), given["Rozsah"]):
                times = _local(desk, issue.accepted), _local(desk, issue.since)
                yield ShownIssue(shown, issue, *times)


def _chosen(found: list[Issue], extent: str) -> list[Issue]:
    if extent == "VSE":
        return found
    last = max((issue.id for issue in found if issue.sent), default=0)
    return [issue for issue in found if not issue.sent or issue.id == last]


def _explain(desk: Desk, data_set: str) -> None:
    if "." in data_set:
        desk.note(
            f"DatovySoubor {data_set}: the query takes the code alone; with version and variant it "
            "finds nothing (programmer's manual, DatovySoubor; observed answers)"
        )


def occurrences_of(desk: Desk, given: Values) -> Node | QueryError:
    """VYSKYTY_SEZNAM_JH: what is to be reported in a period, and the state of it."""
    user = admitted(desk, given, given["SubjektV"])
    if isinstance(user, QueryError):
        return user
    known = _wanted(desk, given)
    if len(known) > _MOST:
        return _too_many(desk, "ObdobiDo", given)
    shown = (shown_occurrence(desk, known[key]) for key in sorted(known, key=_order))
    asked = given.get("Stav", "")
    found = [one for one in shown if not asked or Decimal(asked) == one.state]
    states = _states(desk.contract, "occurrence_states")
    return occurrences(found, states) if found else _NOTHING


def _wanted(desk: Desk, given: Values) -> dict[Key, Occurrence]:
    """What there is and what is obliged, by keys; hardly more than _MOST."""
    since, until = _day(given, "ObdobiOd"), _day(given, "ObdobiDo")
    subject = given["SubjektV"]
    scope, data_set = given.get("RozsahV", ""), given.get("DatovySoubor", "")
    search = Search(
        subject=subject,
        scope=scope,
        data_set=data_set,
        since=since.isoformat(),
        until=until.isoformat(),
    )
    known = {found.key: found for found in desk.register.occurrences(search)}
    for obligation in desk.register.obligations(subject, data_set, scope):
        for expected in _expected(desk, obligation, since, until):
            if len(known) > _MOST:
                return known
            known.setdefault(expected.key, expected)
    return known


def _expected(desk: Desk, obligation: Obligation, since: date, until: date) -> Iterator[Occurrence]:
    """The occurrences of an obligation, as if nothing was sent for them."""
    first = max(since, date.fromisoformat(obligation.since))
    last = min(until, date.fromisoformat(obligation.until)) if obligation.until else until
    for data_set, day in _reference_days(desk.methodology, obligation.data_set, first, last):
        key = Key(obligation.data_set, obligation.subject, obligation.scope, day.isoformat())
        version, variant = data_set.version, data_set.variant
        yield Occurrence(id=0, key=key, version=version, variant=variant, state=0, term="")


def _reference_days(
    methodology: Methodology, code: str, since: date, until: date
) -> Iterator[tuple[DataSet, date]]:
    """The days for which a data set is to be reported, each with the version valid for it.

    Goes by the validity of methodologies, so that nobody counts days for which there is none.
    """
    for data_set in methodology.versions(code):
        for name in data_set.methodologies:
            edition = methodology.editions[name]
            first, last = max(since, edition.since), min(until, edition.until or until)
            for day in calendar.reference_days(data_set.period, first, last):
                if methodology.by_code(code, day) is data_set:
                    yield data_set, day


def _order(key: Key) -> tuple[str, str, str, bool]:
    return key.data_set, key.scope, key.as_of, key.test


def refused_messages_of(desk: Desk, given: Values) -> Node | QueryError:
    """DZ_ERR_SEZNAM: messages of the user's communicating subject whose headers were refused."""
    user = admitted(desk, given)
    if isinstance(user, QueryError):
        return user
    since, until = _day(given, "DatumOd"), _day(given, "DatumDo")
    refused, subject = _refused(desk, user, since, until), given.get("SubjektV", "")
    if len(refused) > _MOST:
        return _too_many(desk, "DatumDo", given)
    found = [
        (message, _local(desk, message.accepted))
        for message in refused
        if subject in ("", message.header.subject)
    ]
    return refused_messages(found) if found else _NOTHING


def _too_many(desk: Desk, parameter: str, given: Values) -> QueryError:
    desk.note(f"there are more than {_MOST} entries: ask for a shorter period")
    return QueryError("query_parameter_wrong", parameter, given[parameter])


def _refused(desk: Desk, user: User, since: date, until: date) -> list[Message]:
    """Of all users of the subject: a wrong sender in the header may be what was refused.

    Hardly more than _MOST.
    """
    register = desk.register
    logins = [each.login for each in register.users() if each.subject == user.subject]
    found = queries.REFUSED.where(MESSAGE.c.login.in_(logins)).limit(_MOST + 1)
    if since.year in _BOUNDED:
        found = found.where(MESSAGE.c.accepted >= _midnight(desk, since))
    if until.year in _BOUNDED:
        found = found.where(MESSAGE.c.accepted < _midnight(desk, until + _DAY))
    rows = register.transaction.execute(found, {"where": register.environment})
    return [message_of(row) for row in rows]


# -- what lists show


def shown_occurrence(desk: Desk, occurrence: Occurrence) -> ShownOccurrence:
    """An occurrence with its term and its state now."""
    plan = _plan(desk, occurrence)
    return ShownOccurrence(
        key=occurrence.key,
        version=occurrence.version,
        variant=occurrence.variant,
        state=_state(desk, occurrence, plan),
        plan=plan,
        term=_local(desk, occurrence.term) if occurrence.term else plan,
    )


def _plan(desk: Desk, occurrence: Occurrence) -> datetime | None:
    """None: the methodology does not know the data set any more."""
    data_set = data_set_of(desk, occurrence)
    as_of = date.fromisoformat(occurrence.key.as_of)
    return plan_term(desk, data_set, as_of) if data_set else None


def _state(desk: Desk, occurrence: Occurrence, plan: datetime | None) -> int:
    if not plan:
        return occurrence.state or calendar.EMPTY
    by = calendar.rules(desk.settings, occurrence.key.data_set)
    valid = _is_valid(desk, occurrence)
    return calendar.shown_state(occurrence.state, valid, plan, desk.now, by)


def _is_valid(desk: Desk, occurrence: Occurrence) -> bool:
    current = desk.register.issue(occurrence.current) if occurrence.current else None
    return current is not None and current.state in IN_FORCE


def _day(given: Values, name: str) -> date:
    day = to_day(given[name])
    assert day, f"{name} was checked before"
    return day


def _local(desk: Desk, kept: str) -> datetime:
    return moment(kept).astimezone(desk.now.tzinfo)


def _midnight(desk: Desk, day: date) -> str:
    return instant(datetime(day.year, day.month, day.day, tzinfo=desk.now.tzinfo))


@lru_cache(maxsize=8)
def _states(contract: Contract, name: str) -> States:
    return {int(row["code"]): row["name_cs"] for row in contract.codelist(name)}
