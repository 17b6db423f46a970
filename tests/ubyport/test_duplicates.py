"""Duplicates: which reports are the same, where they are looked for, and that all adds up."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podatelna.kernel.rules import Finding
from podatelna.ubyport.model import Guest
from podatelna.ubyport.state import duplicate_key, filings, stays
from tests.factories import ON_TIME_SINCE, TODAY, GuestFactory
from tests.strategies import UNTIMED, guests, valid_guests, with_error
from tests.ubyport.office import SEVERITY, TEST, Office, codes, open_office, outcomes


@pytest.fixture
def office() -> Iterator[Office]:
    with open_office() as opened:
        yield opened


GUEST = GuestFactory.build(
    surname="Vzorová",
    given_name="Anna",
    birth_date="27021958",
    nationality="DEU",
    document_number="AB1234567",
    visa_number="VZ878480",
    purpose=99,
    arrival=TODAY - timedelta(days=1),
    departure=TODAY,
    residence="Musterstadt",
    note="pokoj 7",
)

COUNTS: list[dict[str, Any]] = [
    {"arrival": TODAY},
    {"departure": date(2026, 3, 5)},
    {"surname": "Vzorova"},
    {"surname": None},
    {"given_name": "Hanna"},
    {"given_name": None},
    {"birth_date": "28021958"},
    {"birth_date": "00021958"},
    {"nationality": "POL"},
    {"document_number": "AB1234568"},
    {"document_number": "INPASS"},
    {"purpose": 10},
    {"surname": "Anna", "given_name": "Vzorová"},
]
DOES_NOT_COUNT: list[dict[str, Any]] = [
    {},
    {"note": "PŘEDCHOZÍ OZNÁMENÍ OBSAHOVALO CHYBY"},
    {"note": None},
    {"visa_number": "VZ878481"},
    {"residence": "Köln"},
    {"note": "", "visa_number": "", "residence": ""},
    {"surname": "VZOROVÁ", "given_name": "ANNA"},
    {"surname": " Vzorová\u0219"},
    {"document_number": "ab 1234567"},
    {"birth_date": "27.02.1958"},
    {"purpose": None},
]


@pytest.mark.parametrize("change", COUNTS)
def test_what_makes_another_report(office: Office, change: dict[str, Any]) -> None:
    office.file(GUEST)
    assert outcomes(office.file(replace(GUEST, **change))) == ["stored"]


@pytest.mark.parametrize("change", DOES_NOT_COUNT)
def test_what_is_the_same_report(office: Office, change: dict[str, Any]) -> None:
    office.file(GUEST)
    filing = office.file(replace(GUEST, **change))
    assert (outcomes(filing), codes(filing)) == (["duplicate"], [["duplicate"]])
    assert len(stays(office.transaction)) == 1


def test_nothing_given_and_nothing_known_are_the_same_name() -> None:
    assert duplicate_key(replace(GUEST, given_name=None)) == duplicate_key(
        replace(GUEST, given_name="")
    )


def test_a_key_is_32_hexadecimal_digits() -> None:
    assert len(f"{int(duplicate_key(GUEST), 16):032x}") == 32


SWITCHES = [
    # looked for   within the list   three of one list                         one more later
    (True, True, ["stored", "duplicate", "duplicate"], ["duplicate"]),
    (True, False, ["stored", "stored", "stored"], ["duplicate"]),
    (False, True, ["stored", "stored", "stored"], ["stored"]),
    (False, False, ["stored", "stored", "stored"], ["stored"]),
]


@pytest.mark.parametrize(("check", "within", "at_once", "later"), SWITCHES)
def test_switches(
    office: Office, check: bool, within: bool, at_once: list[str], later: list[str]
) -> None:
    office.practice = replace(
        office.practice, duplicate_check=check, duplicates_within_batch=within
    )
    other = GuestFactory.build()
    assert outcomes(office.file(GUEST, other, GUEST, GUEST)) == [at_once[0], "stored", *at_once[1:]]
    assert outcomes(office.file(GUEST)) == later
    assert outcomes(office.file(GUEST, GuestFactory.build())) == [*later, "stored"]


def test_other_facilities_and_environments_know_nothing(office: Office) -> None:
    office.file(GUEST)
    office.facility, office.neighbour = office.neighbour, office.facility
    assert outcomes(office.file(GUEST)) == ["stored"]
    office.environment = TEST
    assert outcomes(office.file(GUEST)) == ["stored"]
    assert outcomes(office.file(GUEST)) == ["duplicate"]


def test_refused_guests_are_not_remembered(office: Office) -> None:
    """The residence is not compared: refused with it and corrected is the same report."""
    bad = with_error(GUEST, "residence_wrong")
    assert outcomes(office.file(bad, bad, GUEST, bad)) == [
        "refused",
        "refused",
        "stored",
        "refused",
    ]
    assert outcomes(office.file(bad, GUEST)) == ["refused", "duplicate"]


def test_a_duplicate_is_named_last_and_points_at_no_member(office: Office) -> None:
    late = replace(GUEST, arrival=ON_TIME_SINCE - timedelta(days=1))
    office.file(late)
    assert office.file(GuestFactory.build(), late).findings == [
        Finding("reported_late", "arrival", 1, "2026-02-26"),
        Finding("duplicate", "", 1),
    ]


# --- properties

batches = st.lists(guests(), min_size=1, max_size=8)


@UNTIMED
@given(batches, st.booleans(), st.booleans())
def test_every_guest_is_stored_refused_or_a_duplicate(
    sent: list[Guest], check: bool, within: bool
) -> None:
    with open_office() as office:
        office.practice = replace(
            office.practice, duplicate_check=check, duplicates_within_batch=within
        )
        filing = office.file(*sent)
        (row,) = filings(office.transaction)
        stored = stays(office.transaction)
    counted = {name: outcomes(filing).count(name) for name in ("stored", "refused", "duplicate")}
    assert sum(counted.values()) == len(sent) == row["total"]
    assert (row["accepted"], row["refused"], row["duplicates"]) == tuple(counted.values())
    assert len(stored) == counted["stored"]
    for verdict in filing.verdicts:
        grave = any(SEVERITY[found.code] >= 4 for found in verdict.findings)
        assert verdict.stored is not grave
        assert verdict.duplicate == ("duplicate" in [found.code for found in verdict.findings])


@UNTIMED
@given(st.lists(valid_guests(), min_size=1, max_size=8), st.booleans())
def test_an_accepted_batch_sent_again_is_all_duplicates(sent: list[Guest], within: bool) -> None:
    with open_office() as office:
        office.practice = replace(office.practice, duplicates_within_batch=within)
        office.file(*sent)
        before = stays(office.transaction)
        again = office.file(*sent)
        assert outcomes(again) == ["duplicate"] * len(sent)
        assert stays(office.transaction) == before


@UNTIMED
@given(batches)
def test_only_what_was_stored_is_a_duplicate_later(sent: list[Guest]) -> None:
    with open_office() as office:
        first, again = office.file(*sent), office.file(*sent)
    meant = ["refused" if it == "refused" else "duplicate" for it in outcomes(first)]
    assert outcomes(again) == meant
