"""IZR_ODH01B: moves of sheep and goats to a temporary holding are verified and sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from podatelna.izr.desk import Desk
from podatelna.izr.model import Address, Holding, ServiceError, Tree
from podatelna.izr.premises import own_holding
from podatelna.izr.reading import (
    Element,
    NotReadable,
    boolean_of,
    child,
    day_of,
    rows_of,
    text_of,
    unreadable,
)
from podatelna.izr.reporting import answer
from podatelna.izr.rules import HEADER_OF_TEMPORARY, Event, Header
from podatelna.izr.sendings import Form, Sending

ID: Final = "IZR_ODH01B"
ALLOWED: Final = ("OVC", "KOZ")
RAISED = ("species_not_allowed",)
"""What is reported here without a rule."""

FORM: Final = Form(
    rules=HEADER_OF_TEMPORARY,
    report="HLASENI",
    rows=("ZVIRATA", "ZVIRE"),
    header=("PROVOZOVNA", "CISLOOP", "ULICE", "CISLO", "OBEC", "CASTOBCE", "PSC"),
    row=("USNIZNAMKA", "DATUMPREMISTENI"),
)


@dataclass(frozen=True, slots=True)
class _Report:
    submits: bool
    email: str
    holding: str
    """As it was written, of any length."""
    stable: str
    card: str
    address: Address
    events: Sequence[Event]


def run(desk: Desk, payload: Element) -> Tree | ServiceError:
    """Verify a report, and send it if JenOverit is false.

    Errors in the order 10, 11, 12, 14, 21, and then those of the validation (SOURCES.md, Errors).
    """
    try:
        report = _read(desk, payload)
    except NotReadable as reason:
        return reason.error
    holding = own_holding(desk, report.holding)
    if isinstance(holding, ServiceError):
        return holding
    if error := _wrong_species(report.events):
        return error
    sending = Sending(
        ID, FORM, _header(report, holding), report.events, report.submits, report.email
    )
    return answer(desk, sending, str(desk.settings["result_element_odh01b"]))


def _read(desk: Desk, payload: Element) -> _Report:
    report = child(payload, "HLASENI")
    address = (text_of(report, name) for name in ("ULICE", "CISLO", "OBEC", "CASTOBCE", "PSC"))
    rows = rows_of(desk, report, "ZVIRATA/ZVIRE")
    return _Report(
        submits=not boolean_of(payload, "JenOverit"),
        email=text_of(payload, "EMAIL"),
        holding=report.findtext("PROVOZOVNA") or "",
        stable=text_of(report, "STAJ"),
        card=text_of(report, "CISLOOP"),
        address=Address(*address),
        events=[_read_event(desk, report, row) for row in rows],
    )


def _read_event(desk: Desk, report: Element, row: Element) -> Event:
    """The day and the species may be those of the whole report; the nearest counts (Q5)."""
    by_species = row if row.find("DRUH") is not None else report
    by_day = row if row.find("DATUMPREMISTENI") is not None else report
    species = text_of(by_species, "DRUH")
    if not species:
        raise unreadable("DRUH", "")
    code = desk.settings["move_code"]
    assert isinstance(code, int)
    tag = row.findtext("USNIZNAMKA") or ""
    return Event(tag, species, day_of(desk, by_day, "DATUMPREMISTENI"), code)


def _wrong_species(events: Sequence[Event]) -> ServiceError | None:
    """State 21, which has nothing to do with the validation error 21."""
    for event in events:
        if event.species not in ALLOWED:
            return ServiceError("species_not_allowed", {}, "DRUH", event.species)
    return None


def _header(report: _Report, holding: Holding) -> Header:
    return Header(holding, report.stable, report.card, report.address)
