"""Filing guests at a desk: what is stored, what is refused, and what interrupts everything."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import timedelta

import pytest

from podatelna.kernel.rules import Finding
from podatelna.ubyport.model import Batch, Filing, Guest, Header, Refusal, Source, Verdict
from podatelna.ubyport.operations import RAISED, check_code
from podatelna.ubyport.rules import HEADER_RULES
from podatelna.ubyport.state import Register, duplicate_key, filings, stays
from tests.factories import GuestFactory, HeaderFactory
from tests.strategies import ERRORS, LIGHT, with_error
from tests.ubyport.office import LOGIN, NOW, SEVERITY, TEST, Office, codes, open_office, outcomes


@pytest.fixture
def office() -> Iterator[Office]:
    with open_office() as opened:
        yield opened


# --- what is stored


def test_a_filing_as_answered_and_as_stored(office: Office) -> None:
    guest = GuestFactory.build(note="pokoj 7", purpose=None)
    assert office.file(guest) == Filing(
        facility=office.facility,
        at=NOW,
        stamp="STAMP-1",
        header_findings=(),
        verdicts=(Verdict(guest, (), True, False, duplicate_key(guest)),),
    )
    place = {"environment": "production", "idub": office.facility.idub}
    days = {"arrival": str(guest.arrival), "departure": str(guest.departure)}
    stay = {"stamp": "STAMP-1", "position": 0, "key": duplicate_key(guest)}
    assert [dict(row) for row in stays(office.transaction)] == [asdict(guest) | days | place | stay]
    counts = {"total": 1, "accepted": 1, "refused": 0, "duplicates": 0, "ignored": 0}
    at = {"at": "2026-03-04T09:30:00", "day": "2026-03-04"}
    assert [dict(row) for row in filings(office.transaction)] == [
        {"stamp": "STAMP-1", "login": LOGIN, "source": ""} | place | counts | at
    ]


def test_one_bad_guest_does_not_sink_the_batch(office: Office) -> None:
    good, other, twice = GuestFactory.build_batch(3)
    bad, late = with_error(other, "document_number_wrong"), with_error(other, "reported_late")
    filing = office.file(good, bad, twice, late, twice)
    assert outcomes(filing) == ["stored", "refused", "stored", "stored", "duplicate"]
    assert [verdict.guest for verdict in filing.verdicts] == [good, bad, twice, late, twice]
    keys = [duplicate_key(good), "", *map(duplicate_key, (twice, late, twice))]
    assert [verdict.key for verdict in filing.verdicts] == keys
    assert [row["position"] for row in stays(office.transaction)] == [0, 2, 3]
    (row,) = filings(office.transaction)
    assert (row["total"], row["accepted"], row["refused"], row["duplicates"]) == (5, 3, 1, 1)


@pytest.mark.parametrize("key", ERRORS)
def test_a_guest_with_one_error(office: Office, key: str) -> None:
    filing = office.file(with_error(GuestFactory.build(), key))
    assert codes(filing) == [[key]]
    assert outcomes(filing) == ["stored" if key in LIGHT else "refused"]
    assert len(stays(office.transaction)) == (key in LIGHT)


@pytest.mark.parametrize(
    ("severity", "outcome"),
    [(0, "stored"), (1, "stored"), (2, "stored"), (4, "refused"), (5, "refused"), (6, "refused")],
)
def test_severity_decides(office: Office, severity: int, outcome: str) -> None:
    """Police letter of 2026: 0 to 2 accept a record, 4 to 6 do not."""
    office.severity["nationality_wrong"] = severity
    filing = office.file(with_error(GuestFactory.build(), "nationality_wrong"))
    assert (outcomes(filing), codes(filing)) == ([outcome], [["nationality_wrong"]])


def test_findings_say_which_guest_and_what_was_received(office: Office) -> None:
    bad = replace(GuestFactory.build(), purpose=20, nationality=None, visa_number="V-1")
    filing = office.file(GuestFactory.build(), bad)
    assert filing.findings == [
        Finding("nationality_wrong", "nationality", 1, "null"),
        Finding("visa_number_wrong", "visa_number", 1, "V-1"),
        Finding("purpose_wrong", "purpose", 1, "20"),
    ]


def test_a_wrong_header_is_only_reported(office: Office) -> None:
    header = Header(office.facility.idub, office.facility.abbreviation)
    filing = office.try_to_file(Batch(header, (GuestFactory.build(),), want_pdf=False))
    assert isinstance(filing, Filing)
    assert filing.header_findings == tuple(
        Finding(rule.code, rule.at, received="null") for rule in HEADER_RULES
    )
    assert outcomes(filing) == ["stored"]


def test_guests_are_examined_and_stored_without_the_characters_that_are_dropped(
    office: Office,
) -> None:
    guest = GuestFactory.build(surname="Vzor\u0219", document_number="ab 12")
    gone = GuestFactory.build(surname="漢字")
    filing = office.file(guest, gone)
    kept = replace(guest, surname="Vzor", document_number="AB12")
    assert [verdict.guest for verdict in filing.verdicts] == [kept, replace(gone, surname="")]
    assert codes(filing) == [[], ["surname_wrong"]]
    (row,) = stays(office.transaction)
    assert (row["surname"], row["document_number"]) == ("Vzor", "AB12")


def test_a_file_is_noted_with_the_rows_that_were_ignored(office: Office) -> None:
    source = Source("123456789012_2026_03_04_0930.unl", NOW)
    filing = office.file(GuestFactory.build(), source=source, ignored=2)
    assert (filing.source, filing.ignored) == (source, 2)
    (row,) = filings(office.transaction)
    assert (row["source"], row["total"], row["ignored"]) == (source.name, 1, 2)


# --- what interrupts the processing


@pytest.mark.parametrize(
    ("required", "code", "refused"),
    [(False, None, False), (False, "", False), (False, "X", False), (True, None, True),
     (True, "", True), (True, "X", False), (True, " ", False)],
)  # fmt: skip
def test_code(office: Office, required: bool, code: str | None, refused: bool) -> None:
    office.practice = replace(office.practice, code_required=required)
    refusal = Refusal("authentication_code_empty", at="code")
    assert check_code(office.desk(), code) == (refusal if refused else None)


EMPTY = Refusal("guest_list_empty", at="guests")
TOO_LONG = Refusal("guest_list_too_long", {"limit": "32"}, at="guests", received="33 guests")
NULL_GUEST = Refusal("null_reference", at="guest")
CRASH_IDUB = Refusal("backend_crash", at="idub")
CRASH_ABBREVIATION = Refusal("backend_crash", at="abbreviation")
UNREGISTERED = Refusal("facility_refused", at="idub")


def facility(received: str) -> Refusal:
    return Refusal("facility_refused", at="idub", received=received)


def abbreviation(received: str) -> Refusal:
    return Refusal("abbreviation_refused", at="abbreviation", received=received)


HEADERS = [
    # what is said                                       answer
    ({"idub": None}, facility("null")),
    ({"idub": " "}, facility(" ")),
    ({"idub": "200000000000000"}, facility("200000000000000")),
    ({"idub": None, "abbreviation": None}, facility("null")),
    ({"idub": ""}, CRASH_IDUB),
    ({"idub": "", "abbreviation": ""}, CRASH_IDUB),
    ({"idub": "", "abbreviation": None}, CRASH_IDUB),
    ({"abbreviation": ""}, CRASH_ABBREVIATION),
    ({"idub": "200000000000000", "abbreviation": ""}, CRASH_ABBREVIATION),
    ({"idub": None, "abbreviation": ""}, CRASH_ABBREVIATION),
    ({"abbreviation": None}, abbreviation("null")),
    ({"abbreviation": " "}, abbreviation(" ")),
    ({"abbreviation": "XXXXX"}, abbreviation("XXXXX")),
]


@pytest.mark.parametrize(("lies", "refusal"), HEADERS)
def test_facility_refused(office: Office, lies: dict[str, str | None], refusal: Refusal) -> None:
    header = HeaderFactory.build(facility=office.facility, **lies)
    assert office.try_to_file(Batch(header, (GuestFactory.build(),), want_pdf=False)) == refusal
    assert_nothing_happened(office)


def test_facility_taken_whatever_its_case_and_spaces(office: Office) -> None:
    header = replace(
        office.header,
        idub=f" {office.facility.idub} ",
        abbreviation=f" {office.facility.abbreviation.lower()} ",
    )
    filing = office.try_to_file(Batch(header, (GuestFactory.build(),), want_pdf=False))
    assert isinstance(filing, Filing)
    assert filing.header_findings == ()


def test_an_account_files_for_its_own_facility_only(office: Office) -> None:
    header = HeaderFactory.build(facility=office.neighbour)
    batch = Batch(header, (GuestFactory.build(),), want_pdf=False)
    assert office.try_to_file(batch) == facility(office.neighbour.idub)
    assert_nothing_happened(office)


def test_an_account_of_a_facility_that_is_not_registered(office: Office) -> None:
    office.environment = "elsewhere"
    batch = Batch(office.header, (GuestFactory.build(),), want_pdf=False)
    assert office.try_to_file(batch) == UNREGISTERED
    assert_nothing_happened(office)


GUEST = GuestFactory.build()
ORDER: list[tuple[Refusal, tuple[Guest | None, ...], dict[str, str | None]]] = [
    # answer             guests                header: all that comes later is wrong too
    (EMPTY, (), {"idub": "", "abbreviation": ""}),
    (TOO_LONG, (None,) * 33, {"idub": "", "abbreviation": ""}),
    (NULL_GUEST, (GUEST, None), {"idub": "", "abbreviation": ""}),
    (CRASH_IDUB, (GUEST,), {"idub": "", "abbreviation": "XXXXX"}),
    (CRASH_ABBREVIATION, (GUEST,), {"idub": "1", "abbreviation": ""}),
    (facility("1"), (GUEST,), {"idub": "1", "abbreviation": "XXXXX"}),
    (abbreviation("XXXXX"), (GUEST,), {"abbreviation": "XXXXX"}),
]


@pytest.mark.parametrize(("refusal", "sent", "lies"), ORDER)
def test_order_of_refusals(
    office: Office,
    refusal: Refusal,
    sent: tuple[Guest | None, ...],
    lies: dict[str, str | None],
) -> None:
    header = HeaderFactory.build(facility=office.facility, **lies)
    assert office.try_to_file(Batch(header, sent, want_pdf=True)) == refusal
    assert_nothing_happened(office)


def test_no_list_at_all(office: Office) -> None:
    assert office.try_to_file(None) == Refusal("null_reference", at="list")
    assert_nothing_happened(office)


def test_every_refusal_is_tried() -> None:
    """The desk takes the order of its refusals from the tables above, and its words from RAISED."""
    tried = {refusal.code for refusal, _, _ in ORDER} | {"authentication_code_empty", "duplicate"}
    assert tried == set(RAISED) <= SEVERITY.keys()


@pytest.mark.parametrize(("limit", "taken"), [(32, 32), (1, 1), (99, 99)])
def test_longest_list(office: Office, limit: int, taken: int) -> None:
    office.practice = replace(office.practice, list_length=limit)
    assert len(office.file(*GuestFactory.build_batch(taken)).verdicts) == taken
    batch = Batch(office.header, tuple(GuestFactory.build_batch(taken + 1)), want_pdf=False)
    sent = f"{taken + 1} guests"
    refusal = Refusal("guest_list_too_long", {"limit": str(limit)}, at="guests", received=sent)
    assert office.try_to_file(batch) == refusal
    assert len(stays(office.transaction)) == taken


# --- the limit of a day


def reports(office: Office, good: int, bad: int = 0) -> None:
    refused = [with_error(it, "nationality_wrong") for it in GuestFactory.build_batch(bad)]
    office.file(*GuestFactory.build_batch(good), *refused)


def test_more_persons_a_day_than_allowed_block_the_account(office: Office) -> None:
    """Operating Rules 12.4. Refused ones have been reported too, and the last list is kept."""
    office.practice = replace(office.practice, persons_a_day=4)
    reports(office, good=1, bad=1)
    reports(office, good=2)
    assert office.blocked == []
    reports(office, good=1)
    assert office.blocked == [LOGIN]
    assert len(stays(office.transaction)) == 4


def test_what_does_not_count_towards_the_limit(office: Office) -> None:
    office.practice = replace(office.practice, persons_a_day=4)
    reports(office, good=3)
    office.now += timedelta(days=1)
    reports(office, good=3)
    office.login = "uby-ws000002"
    reports(office, good=3)
    office.environment = TEST
    reports(office, good=3)
    office.file(GuestFactory.build(), ignored=10)
    assert office.blocked == []
    assert Register(office.transaction, TEST).reported("uby-ws000002", office.now.date()) == 4


def test_no_limit(office: Office) -> None:
    reports(office, good=32)
    assert office.blocked == []


def assert_nothing_happened(office: Office) -> None:
    assert (stays(office.transaction), filings(office.transaction)) == ([], [])
    assert office.blocked == []
    assert next(office.stamps) == 1
