"""Valid rows of the data sets that scenarios report: made-up values in the shapes of real ones."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

_Row = dict[int, Any]


@dataclass(frozen=True, slots=True)
class Form:
    """A data set: its area, and how a row of it looks."""

    area: str
    row: Callable[[date, int], _Row]
    """Of the day that is reported, by its place, from 1."""


def form_of(data_set: str) -> Form:
    """That of a data set by its code, with or without version; MOKAS42 for one not known here."""
    return _FORMS.get(data_set.partition(".")[0], _FORMS["MOKAS42"])


def _identification(as_of: date, kind: str, place: int) -> str:
    """Year and month, the data set, and six digits."""
    return f"{as_of:%y%m}{kind}{place:06}"


def _report(as_of: date, place: int) -> _Row:
    """As in the manual's sample."""
    return {
        1: "CNBACZPPXXX",
        2: str(106 + place),
        3: "CNBACZPPXXX",
        4: "CZK",
        5: as_of,
        6: "09:30:05+02",
        7: "B",
        8: "A",
        9: "CZ0001001945",
        12: "98.95",
        13: "50000000",
        14: "CNBACZPPXXX12",
        15: "Y",
        16: "XPRA",
        17: "100003181052",
        18: "XPRA",
        19: "CNBACZPPXXX10",
        20: as_of + timedelta(days=5),
        21: "50290972.22",
    }


def _order(as_of: date, place: int) -> _Row:
    return {
        1: _identification(as_of, "41", place),
        2: "CHF",
        3: "04",
        4: "04",
        5: "I",
        6: as_of.replace(day=1),
        7: "00:00:10",
        8: f"{9_000_000_019 + place}O10000",
        10: "900000002",
        11: "900000002",
        13: "AAAACZP1XXX-USDCHF",
        14: "B",
        18: "0.10000",
        19: "K",
        33: "N",
        34: "N",
        39: "DIRECT",
    }


def _trade(as_of: date, place: int) -> _Row:
    return {
        1: _identification(as_of, "42", place),
        2: "CZK",
        3: "33",
        4: "R",
        5: f"{9_000_000_000 + place}C10000",
        6: str(9_000_000 + place),
        7: "AAAACZP1",
        8: as_of.replace(day=1),
        9: "12:13:00",
        10: "S",
        11: "A",
        13: "CEZ.CZ",
        14: "900000001",
        15: "912.5",
        17: "100",
        18: "AAAACZP1",
        19: "AAAACZP1",
        20: as_of.replace(day=4),
        22: "91250.00",
        29: "DIRECT",
    }


def _instrument(as_of: date, place: int) -> _Row:
    return {
        1: f"{as_of:%y%m}{place:04}",
        2: "CZK",
        3: "211",
        4: "99",
        5: "CZ",
        6: "CZ0001001945",
        8: "MJML",
    }


def _person(as_of: date, place: int) -> _Row:
    return {
        1: _identification(as_of, "44", place),
        2: str(900_000_000 + place),
        4: "AAAACZP1XXX",
        5: date(1968, 8, 15),
        7: "Nováková",
        8: "Jana",
        9: "Zkušební 2",
        10: "Praha",
        11: "11000",
        12: "CZ",
    }


_FORMS: Mapping[str, Form] = {
    "MOKAS40": Form("MOKA40_11", _report),
    "MOKAS41": Form("MOKA41_11", _order),
    "MOKAS42": Form("MOKA42_11", _trade),
    "MOKAS43": Form("MOKA43_11", _instrument),
    "MOKAS44": Form("MOKA44_11", _person),
}
