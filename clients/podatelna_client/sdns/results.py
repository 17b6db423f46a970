"""Results of queries (ews-result.xsd): issues and occurrences typed, all others as plain trees."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from lxml import etree

from podatelna_client.sdns.codes import IssueState, OccurrenceState
from podatelna_client.sdns.errors import query_error
from podatelna_client.sdns.exchange import LOCAL_TIME, document
from podatelna_client.soap import Unreadable

T = TypeVar("T")

_NAMESPACE = "{www.ewi.ws}"
_DAY, _MINUTE = "%d.%m.%Y", "%d.%m.%Y %H:%M"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """A report that is due: of one data set, subject, scope and day."""

    data_set: str
    """Without version and variant."""
    version: int | None
    variant: int | None
    subject: str
    scope: str
    as_of: date | None
    state: OccurrenceState
    text: str
    due: datetime | None
    deadline: datetime | None
    """The day that is wanted now, as for a correction."""
    test: bool


@dataclass(frozen=True, slots=True)
class ProcessingError:
    """Something that went wrong in processing; texts only where they were asked for."""

    code: str
    text: str | None


@dataclass(frozen=True, slots=True)
class Detail:
    """A line about a check that failed."""

    number: int | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedCheck:
    """A step of the checks inside a report (JVK) that failed."""

    code: str
    kind: str
    text: str | None
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One delivered content of an occurrence."""

    occurrence: Occurrence
    filename: str | None
    """None for what was prepared in the web application and not yet sent."""
    number: int
    received: datetime | None
    """When its processing began, not when it was sent."""
    state: IssueState
    text: str
    since: datetime | None
    kind: str
    errors: tuple[ProcessingError, ...] = ()
    checks: tuple[FailedCheck, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderError:
    """A message that was taken over, and then refused for its header: there is no issue of it."""

    filename: str
    number: int | None
    received: datetime | None
    sender: str
    data_set: str
    subject: str
    scope: str
    as_of: date | None
    errors: tuple[ProcessingError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came back from a query."""

    query: str
    parameters: Mapping[str, str]
    """As the service repeats them; of the password only asterisks."""
    content: etree._Element | None
    """The element with the result."""

    def rows(self) -> list[dict[str, Any]]:
        """The repeated groups of the result as plain trees, by the names on the wire."""
        return [{_local(each): tree(each) for each in group} for group in _groups(self.content)]


def read_result(octets: bytes) -> Result:
    """A result. Raises QueryError or Unreadable."""
    root = document(octets)
    log = root.find(f"{_NAMESPACE}ErrorLog")
    if root.tag != f"{_NAMESPACE}EwiWSResult" or log is None:
        raise Unreadable(f"{root.tag} is no EwiWSResult with an ErrorLog")
    status = _text(log, "Status")
    if status == "ERROR":
        raise query_error(_text(log, "ErrorCode"), _text(log, "ErrorText"))
    if status != "SUCCESS":
        raise Unreadable(f"its Status is {status!r}")
    about = (f"{_NAMESPACE}Dotaz", f"{_NAMESPACE}ErrorLog")
    echoed = root.iterfind(f"{about[0]}/{_NAMESPACE}DotazParametr")
    return Result(
        query=(root.findtext(f"{about[0]}/{_NAMESPACE}DotazTyp") or "").strip(),
        parameters={each.get("Jmeno", ""): each.get("Hodnota", "") for each in echoed},
        content=next((each for each in _elements(root) if each.tag not in about), None),
    )


def issues(result: Result) -> tuple[Issue, ...]:
    """Of a VydaniSeznam."""
    return tuple(_issue(*_of(group, _SETS, "Vydani")) for group in _listed(result, "VydaniSeznam"))


def occurrences(result: Result) -> tuple[Occurrence, ...]:
    """Of a VyskytySeznam."""
    return tuple(_occurrence(*_of(group, _SETS)) for group in _listed(result, "VyskytySeznam"))


def header_errors(result: Result) -> tuple[HeaderError, ...]:
    """Of a DzErrSeznam: its form is not public."""
    groups = _listed(result, "DzErrSeznam")
    return tuple(_header_error(each) for group in groups for each in group)


def tree(element: etree._Element) -> Any:
    """A text, or members by name: attributes, elements, and lists of those that are repeated."""
    children = list(_elements(element))
    if not children and not element.attrib:
        return (element.text or "").strip()
    members: dict[str, Any] = {str(name): str(value) for name, value in element.attrib.items()}
    for name in dict.fromkeys(_local(child) for child in children):
        found = [tree(child) for child in children if _local(child) == name]
        members[name] = found if len(found) > 1 else found[0]
    return members


_SETS = ("DatovySoubor", "Vyskyt")


def _issue(data_set: etree._Element, occurrence: etree._Element, issue: etree._Element) -> Issue:
    number = _number(issue, "CisloVydani")
    if number is None:
        raise Unreadable("an issue has no number")
    return Issue(
        occurrence=_occurrence(data_set, occurrence),
        filename=_text(issue, "SouborExt") or None,
        number=number,
        received=_moment(issue, "DatumPrijmu"),
        state=_state(issue, IssueState),
        text=_text(issue, "Stav"),
        since=_moment(issue, "StavOd"),
        kind=_text(issue, "Druh"),
        errors=_errors(issue, "ChybaZpracovani"),
        checks=tuple(_check(each) for each in issue.iterfind(f"{_NAMESPACE}ChybnyKrokKontroly")),
    )


def _occurrence(data_set: etree._Element, element: etree._Element) -> Occurrence:
    return Occurrence(
        data_set=_text(data_set, "Kod"),
        version=_number(data_set, "Verze"),
        variant=_number(data_set, "Varianta"),
        subject=_text(element, "Subjekt"),
        scope=_text(element, "Rozsah"),
        as_of=_day(element, "Obdobi"),
        state=_state(element, OccurrenceState),
        text=_text(element, "Stav"),
        due=_moment(element, "PlanDo"),
        deadline=_moment(element, "Termin"),
        test=_text(element, "Testovaci") == "Testovací",
    )


def _header_error(element: etree._Element) -> HeaderError:
    return HeaderError(
        filename=_text(element, "SouborExt"),
        number=_number(element, "CisloZpravy"),
        received=_moment(element, "DatumPrijmu"),
        sender=_text(element, "Zaslal"),
        data_set=_text(element, "DatovySoubor"),
        subject=_text(element, "Subjekt"),
        scope=_text(element, "Rozsah"),
        as_of=_day(element, "Obdobi"),
        errors=_errors(element, "ChybaHlavicky"),
    )


def _errors(element: etree._Element, name: str) -> tuple[ProcessingError, ...]:
    found = element.iterfind(f"{_NAMESPACE}{name}")
    return tuple(ProcessingError(each.get("Kod", ""), each.get("Msg")) for each in found)


def _check(element: etree._Element) -> FailedCheck:
    found = element.iterfind(f"{_NAMESPACE}DetailChyby")
    return FailedCheck(
        code=element.get("Kod", ""),
        kind=element.get("Druh", ""),
        text=element.get("Msg"),
        details=tuple(Detail(_whole(e.get("Poradi", "")), e.get("Msg", "")) for e in found),
    )


def _listed(result: Result, name: str) -> Iterator[list[etree._Element]]:
    if result.content is not None and result.content.tag != f"{_NAMESPACE}{name}":
        raise Unreadable(f"{result.content.tag} is no {name}")
    return _groups(result.content)


def _groups(content: etree._Element | None) -> Iterator[list[etree._Element]]:
    """Elements that stand together: each group begins with one of the first element's name."""
    group: list[etree._Element] = []
    for element in () if content is None else _elements(content):
        if group and element.tag == group[0].tag:
            yield group
            group = []
        group.append(element)
    if group:
        yield group


def _of(group: list[etree._Element], names: tuple[str, ...], *more: str) -> list[etree._Element]:
    by_name = {_local(each): each for each in group}
    missing = [name for name in (*names, *more) if name not in by_name]
    if missing:
        raise Unreadable(f"a row has no {missing[0]}")
    return [by_name[name] for name in (*names, *more)]


def _elements(element: etree._Element) -> Iterator[etree._Element]:
    return element.iterchildren(etree.Element)


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


def _text(element: etree._Element, name: str) -> str:
    return (element.findtext(f"{_NAMESPACE}{name}") or "").strip()


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _number(element: etree._Element, name: str) -> int | None:
    return _whole(_text(element, name))


def _state(element: etree._Element, states: Callable[[int], T]) -> T:
    text = _text(element, "StavKod")
    try:
        return states(int(text))
    except ValueError as error:
        raise Unreadable(f"{_local(element)} is in the state {text!r}") from error


def _moment(element: etree._Element, name: str) -> datetime | None:
    return _read(_text(element, name), _MINUTE)


def _day(element: etree._Element, name: str) -> date | None:
    read = _read(_text(element, name), _DAY)
    return read.date() if read else None


def _read(text: str, mask: str) -> datetime | None:
    """In local time; None where there is nothing."""
    if not text:
        return None
    try:
        return datetime.strptime(text, mask).replace(tzinfo=ZoneInfo(LOCAL_TIME))
    except ValueError as error:
        raise Unreadable(f"{text!r} is not as {mask}") from error
