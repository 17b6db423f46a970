"""IZR_CHIZZ01B: the error logs of a keeper (data model of IZR_CHIZZ01B)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Final

from podatelna.izr.desk import Desk
from podatelna.izr.errorlog import Asked
from podatelna.izr.model import LogRow, Node, ServiceError, Tree
from podatelna.izr.premises import known_subject, own_holding
from podatelna.izr.reading import Element, NotReadable, boolean_of, day_of, text_of

ID: Final = "IZR_CHIZZ01B"


@dataclass(frozen=True, slots=True)
class _Question:
    holding: str
    species: str
    since: str
    until: str
    data: bool


def run(desk: Desk, payload: Element) -> Tree | ServiceError:
    """Rows that were written in an interval of days, or the date of the last change.

    States 10, 11, 12 and 14 are those of the services that report (SOURCES.md, Errors).
    """
    try:
        question = _read(desk, payload)
    except NotReadable as reason:
        return reason.error
    if error := _wrong(desk, question.holding):
        return error
    asked = Asked(desk.subject, question.holding, question.species)
    result = _rows(desk, asked, question) if question.data else _last_change(desk, asked)
    return [("ChybnikyBResult", [("SZRID", desk.subject.lstrip("0")), *result])]


def _read(desk: Desk, payload: Element) -> _Question:
    return _Question(
        holding=payload.findtext("PROVOZOVNA") or "",
        species=text_of(payload, "DRUH"),
        since=day_of(desk, payload, "DATUMOD"),
        until=day_of(desk, payload, "DATUMDO"),
        data=boolean_of(payload, "GETDATA"),
    )


def _wrong(desk: Desk, holding: str) -> ServiceError | None:
    if not holding:
        return known_subject(desk)
    found = own_holding(desk, holding)
    return found if isinstance(found, ServiceError) else None


def _last_change(desk: Desk, asked: Asked) -> list[Node]:
    last = desk.register.log.last(asked)
    return [("DATZMENY", last)] if last else []


def _rows(desk: Desk, asked: Asked, question: _Question) -> list[Node]:
    """By species and time of processing; both ends of the interval are included (Q32)."""
    found = desk.register.log.find(asked, question.since, question.until)
    result: list[Node] = [("PROVOZOVNA", asked.holding)] if asked.holding else []
    for species, rows in groupby(found, attrgetter("species")):
        logs = [_log(when, list(each)) for when, each in groupby(rows, attrgetter("processed"))]
        result.append(("DRUHZVIRETE", [("NAZEVDRUHU", species), *logs]))
    return result


def _log(when: str, rows: Sequence[LogRow]) -> Node:
    """One error log; its rows are numbered by ear tag and code (data model, PORADI)."""
    lines: list[Node] = [("RADKY", _row(place, row)) for place, row in enumerate(rows, start=1)]
    # The collection and the date in it have the same name.
    return ("DATUMZPRACOVANI", [("DATUMZPRACOVANI", when), *lines])


def _row(place: int, row: LogRow) -> list[Node]:
    elements: list[tuple[str, str]] = [
        ("PORADI", str(place)),
        ("KODCHYBY", row.code),
        ("ZAVAZNOST", row.severity),
        ("DATUMHLASENI", row.reported),
        ("ZVIRE", row.tag),
        ("MATKA", row.dam),
        ("PROVOZOVNA", row.other),
        ("ZEME", row.country),
        ("TEXTCHYBY", row.text),
        ("KODPOHYBU", "" if row.event is None else str(row.event)),
    ]
    return [(name, text) for name, text in elements if text]
