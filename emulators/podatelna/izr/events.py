"""IZR_OZO01A and IZR_OZK01A: all other events of sheep and of goats are verified and sent.

Elements: data model of IZR_OZO01A. That IZR_OZK01A is the same for goats is reconstructed (Q20).
"""

from collections.abc import Callable
from functools import partial
from typing import Final

from podatelna.izr.desk import Desk
from podatelna.izr.history import CODES
from podatelna.izr.model import ServiceError, Tree
from podatelna.izr.premises import LENGTH, own_holding
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
from podatelna.izr.rules import HEADER, Event, Header
from podatelna.izr.sendings import Form, Sending

SHEEP: Final = "IZR_OZO01A"
GOATS: Final = "IZR_OZK01A"
_SPECIES: Final = {SHEEP: "OVC", GOATS: "KOZ"}
_RESULT: Final = "OvereniZaslaniHlaseniIndiv{species}Result"

FORM: Final = Form(
    rules=HEADER,
    report="ZasilaneHlaseni",
    rows=("Hlaseni",),
    header=("Provozovna",),
    row=("Datum", "UsniZnamka"),
    names={
        "PROVOZOVNA": "Provozovna",
        "DATUMPREMISTENI": "Datum",
        "USNIZNAMKA": "UsniZnamka",
        "UZ": "UsniZnamka",
    },
    consecutive=True,
)
Run = Callable[[Desk, Element], Tree | ServiceError]


def _run(service: str, desk: Desk, payload: Element) -> Tree | ServiceError:
    """Verify a report, and send it if JenOverit is false: the rules of IZR_ODH01B."""
    species = _SPECIES[service]
    try:
        submits, report = not boolean_of(payload, "JenOverit"), child(payload, "ZasilaneHlaseni")
        events = [_read_event(desk, species, row) for row in rows_of(desk, report, "Hlaseni")]
    except NotReadable as reason:
        return reason.error
    holding = own_holding(desk, report.findtext("Provozovna") or "", "Provozovna")
    if isinstance(holding, ServiceError):
        return holding
    header = Header(holding, text_of(report, "Staj"))
    sending = Sending(service, FORM, header, events, submits, text_of(payload, "EMAIL"))
    return answer(desk, sending, _RESULT.format(species=species))


run_sheep: Run = partial(_run, SHEEP)
run_goats: Run = partial(_run, GOATS)


def _read_event(desk: Desk, species: str, row: Element) -> Event:
    return Event(
        tag=row.findtext("UsniZnamka") or "",
        species=species,
        day=day_of(desk, row, "Datum"),
        code=_code(row),
        other=text_of(row, "Provozovna")[:LENGTH],
        country=text_of(row, "Zeme"),
        dam=text_of(row, "Matka"),
    )


def _code(row: Element) -> int:
    """No documented error is about a code that is in no list; so it is an error of the request.

    The model lets code and day be left out, but there is no event without them.
    """
    text = text_of(row, "KodPohybu")
    code = int(text) if text.isascii() and text.isdigit() else -1
    if code not in CODES:
        raise unreadable("KodPohybu", text)
    return code
