"""The sample messages of the programmer's manual, appendix 7, and some of their kind, in our words.

Each has the values of its model; persons and what the manual leaves out are invented. The manual's
are of the bank's own subject 9999.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from podatelna.sdns.model import Row
from tests.sdns.messages import UTF8_MARK, vydani
from tests.sdns.rows import sample

_ADDRESS = (
    '<ADRESA STRANA="Odesílatel"><KOD-SUBJEKTU>{subject}</KOD-SUBJEKTU>'
    "<NAZEV-SUBJEKTU>{name}</NAZEV-SUBJEKTU><MESTO>Praha 1</MESTO><PSC>110 00</PSC>"
    '<ULICE>Zkušební 1</ULICE><KONTAKT KOD-FUNKCE="Osoba-odpovědná-za-obsah">'
    '<JMENO-OSOBY>Jan Vzorný</JMENO-OSOBY><SPOJENI TYP="Telefon">200000001</SPOJENI>'
    "</KONTAKT></ADRESA>"
)
BANKS_OWN: Final[Mapping[str, Any]] = {
    "sender": "9999",
    "subject": "9999",
    "addresses": _ADDRESS.format(subject="9999", name="Technologický subjekt"),
    "function": "Testovací",
    "audit": "Data-před-auditem",
}
FIRMS: Final[Mapping[str, Any]] = {
    "addresses": _ADDRESS.format(subject="99990000", name="Zkušební obchodník, a.s."),
    "function": "Testovací",
    "created": "20130821",
    "as_of": "20130731",
}
ENCODINGS: Final[Mapping[str, Mapping[str, Any]]] = {
    "windows-1250": {"encoding": "windows-1250"},
    "UTF-8": {"encoding": "utf-8"},
    "UTF-8 with a mark": {"encoding": "utf-8", "mark": UTF8_MARK},
}
"""The manual's samples, and what the observed client sent."""


def areas(rows: Iterable[Row]) -> dict[str, list[tuple[str, Mapping[str, str]]]]:
    """Rows as a message has them."""
    found: dict[str, list[tuple[str, Mapping[str, str]]]] = {}
    for row in rows:
        found.setdefault(row.area, []).append((row.order, row.cells))
    return found


TRADES: Final[Mapping[str, Any]] = {
    **BANKS_OWN,
    "number": "162708",
    "methodology": "MKT20071101.01",
    "created": "20080207",
    "data_set": "MOKAS40.01.00",
    "scope": "S_BCRPZB",
    "as_of": "20071201",
    "rows": areas(sample("MOKAS40.01.00")),
}
ORDERS: Final[Mapping[str, Any]] = {
    **FIRMS,
    "data_set": "MOKAS41.04.00",
    "rows": areas(sample("MOKAS41.04.00")),
}
SECOND_PART: Final[Mapping[str, Any]] = {
    **ORDERS,
    "number": "900012",
    "part": (2, "900010", ""),
    "rows": {
        area: [("1", {**cells, "1": "130741001501"}) for _, cells in rows[1:]]
        for area, rows in ORDERS["rows"].items()
    },
}
DEALS: Final[Mapping[str, Any]] = {
    **FIRMS,
    "data_set": "MOKAS42.04.00",
    "rows": areas(sample("MOKAS42.04.00")),
}
CORRECTION: Final[Mapping[str, Any]] = {
    **DEALS,
    "number": "900003",
    "status": "Oprava",
    "reason": "Na-základě-požadavku-centrální-banky",
    "reference": "900002",
}
CONFIRMATION: Final[Mapping[str, Any]] = {
    **CORRECTION,
    "number": "900004",
    "status": "Potvrzení",
    "reference": "900003",
    "rows": None,
}
CANCELLATION: Final[Mapping[str, Any]] = {
    **CONFIRMATION,
    "number": "900005",
    "status": "Storno",
    "reason": "Úmysl-vykazujícího-subjektu",
}
CHANGES: Final[Mapping[str, Any]] = {
    **BANKS_OWN,
    "number": "2608971",
    "part": (1, "260897", "První"),
    "methodology": "MKT20100401.01",
    "created": "20091118",
    "data_set": "MOKAS43.01.00",
    "as_of": "20100630",
    "status": "Změnová-oprava",
    "reason": "Úmysl-vykazujícího-subjektu",
    "reference": "260845",
    "rows": areas(sample("MOKAS43.01.00")),
}


def changed(message: Mapping[str, Any], cells: Mapping[str, str], **words: Any) -> dict[str, Any]:
    """A message whose rows have other cells, and that says other things."""
    rows = {
        area: [(order, {**row, **cells}) for order, row in rows]
        for area, rows in message["rows"].items()
    }
    return {**message, "rows": rows, **words}


SAMPLES: Final = {
    "MOKAS40-nova-data": TRADES,
    "MOKAS41-nova-data": ORDERS,
    "MOKAS41-delene-cast2": SECOND_PART,
    "MOKAS42-oprava": CORRECTION,
    "potvrzeni": CONFIRMATION,
    "storno": CANCELLATION,
    "MOKAS43-delene-zmenova-oprava-cast1": CHANGES,
}


def written(message: Mapping[str, Any], encoding: str = "windows-1250") -> bytes:
    return vydani(**ENCODINGS[encoding], **message)
