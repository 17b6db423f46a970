"""Guests for property tests: faultless ones, ones on the edge, and ones with exactly one error.

All are as of TODAY and hold by FACTS of factories.py, and the character filter leaves them alone.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from podatelna.ubyport.model import Guest
from tests.factories import COUNTRIES, FACTS, ON_TIME_SINCE, PURPOSES, TODAY

UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""For every property: a busy machine is no finding."""

LOWER = "aáäbcčdďeéěfghiíjklłľĺmnňńoóöőpqrřŕsšśßtťţuúůüűvwxyýzžźż"
LETTERS = LOWER + LOWER.replace("ß", "").upper()
"""Letters of Windows-1250, typed out here and not taken from the emulator."""
DIGITS = "0123456789"
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

DAY = timedelta(days=1)
OLDEST, YOUNGEST = date(1900, 1, 1), date(2026, 2, 1)


def texts(alphabet: str, shortest: int, longest: int) -> st.SearchStrategy[str]:
    """Words of an alphabet with single spaces between them: nothing that the filter changes."""
    words = st.text(alphabet + " ", min_size=shortest, max_size=longest)
    return words.map(lambda text: " ".join(text.split())).filter(lambda text: len(text) >= shortest)


def codes(shortest: int, longest: int) -> st.SearchStrategy[str]:
    """Numbers of documents and visas."""
    return st.text(CAPITALS + DIGITS, min_size=shortest, max_size=longest)


def birth_dates() -> st.SearchStrategy[str]:
    """Whole ones, ones with dots, and ones of which the day or all but the year is unknown."""
    masks = st.sampled_from(["%d%m%Y", "%d.%m.%Y", "00%m%Y", "0000%Y"])
    days = st.dates(OLDEST, YOUNGEST)
    return st.builds(lambda day, mask: day.strftime(mask), days, masks)


NAMES = LETTERS + "'-"
ADDRESSES = LETTERS + DIGITS + "'-/.,;:()&#@"
NOTES = ADDRESSES + '!?+=*%$"<>[]{}_^~\\'


def _guests(departures: st.SearchStrategy[timedelta]) -> st.SearchStrategy[Guest]:
    arrivals = st.dates(ON_TIME_SINCE, TODAY)
    stays = st.tuples(arrivals, departures)
    return st.builds(
        lambda stay, **fields: Guest(arrival=stay[0], departure=stay[0] + stay[1], **fields),
        stays,
        surname=texts(NAMES, 1, 50),
        given_name=st.none() | texts(NAMES, 0, 24),
        birth_date=birth_dates(),
        nationality=st.sampled_from(COUNTRIES),
        document_number=codes(4, 30).filter(lambda number: number != "INPASS"),
        visa_number=st.none() | codes(0, 15),
        purpose=st.none() | st.sampled_from(PURPOSES),
        residence=st.none() | texts(ADDRESSES, 0, 128),
        note=st.none() | texts(NOTES, 0, 255),
    )


def valid_guests() -> st.SearchStrategy[Guest]:
    """Guests with no finding at all."""
    return _guests(st.integers(0, 600).map(timedelta))


BOUNDARIES: dict[str, tuple[dict[str, Any], ...]] = {
    "surname": ({"surname": None}, {"surname": "Ř"}, {"surname": "Ž" * 50}),
    "given_name": ({"given_name": None}, {"given_name": ""}, {"given_name": "ů" * 24}),
    "birth_date": (
        {"birth_date": "01011900"},
        {"birth_date": "00001900"},
        {"birth_date": "00002026"},
        {"birth_date": "00022026"},
        {"birth_date": "27.02.2026"},
    ),
    "document_number": (
        {"document_number": "NONE"},
        {"document_number": "9" * 30},
        {"document_number": "INPASS", "note": "AB1234567"},
    ),
    "stay": (
        {"arrival": TODAY, "departure": TODAY},
        {"arrival": ON_TIME_SINCE, "departure": ON_TIME_SINCE},
        {"arrival": TODAY, "departure": date(9999, 12, 31)},
    ),
    "residence": ({"residence": None}, {"residence": ""}, {"residence": "9" * 128}),
    "visa_number": ({"visa_number": None}, {"visa_number": ""}, {"visa_number": "V" * 15}),
    "purpose": ({"purpose": None}, {"purpose": 0}, {"purpose": 99}),
    "note": ({}, {"note": "n" * 255}),
}
"""Values just inside, by what they are about. INPASS needs the note, so notes only grow."""


def boundary_guests() -> st.SearchStrategy[Guest]:
    """Guests with no finding, each of whose values is the last of its kind that has none."""
    edges = st.tuples(*(st.sampled_from(changes) for changes in BOUNDARIES.values()))

    def on_the_edge(guest: Guest, changes: tuple[dict[str, Any], ...]) -> Guest:
        for change in changes:
            guest = replace(guest, **change)
        return guest

    return st.builds(on_the_edge, valid_guests(), edges)


ERRORS: dict[str, dict[str, Any]] = {
    "reported_late": {"arrival": ON_TIME_SINCE - DAY},
    "arrival_wrong": {"arrival": TODAY + DAY, "departure": TODAY + 3 * DAY},
    "departure_wrong": {"departure": ON_TIME_SINCE - DAY},
    "surname_wrong": {"surname": ""},
    "given_name_wrong": {"given_name": "j" * 25},
    "birth_date_wrong": {"birth_date": "30021980"},
    "document_number_wrong": {"document_number": "AAA"},
    "nationality_wrong": {"nationality": "UK"},
    "residence_wrong": {"residence": "b" * (FACTS.residence_maximum + 1)},
    "visa_number_wrong": {"visa_number": "V" * 16},
    "purpose_wrong": {"purpose": 20},
    "note_wrong": {"note": "p" * 256},
}
"""What to change in any valid guest so that it has this error and no other."""
LIGHT = ("reported_late", "note_wrong")
"""The errors that a guest is accepted with."""


def with_error(guest: Guest, key: str) -> Guest:
    """The guest with one error, named by its key in errors.yaml."""
    return replace(guest, **ERRORS[key])


def one_error_guests() -> st.SearchStrategy[tuple[str, Guest]]:
    """Pairs of an error's key and a guest that has it alone."""
    keys = st.sampled_from(sorted(ERRORS))
    return st.tuples(keys, valid_guests()).map(lambda pair: (pair[0], with_error(pair[1], pair[0])))


def guests() -> st.SearchStrategy[Guest]:
    """Any of them, faultless or not."""
    return valid_guests() | boundary_guests() | one_error_guests().map(lambda pair: pair[1])
