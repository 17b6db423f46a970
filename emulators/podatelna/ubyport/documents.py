"""Receipts of a filing: what goes into which list, printed and, if the office seals, sealed."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass

from podatelna.kernel.catalogue import Entry
from podatelna.ubyport.model import Facility, Filing, Guest, Verdict
from podatelna.ubyport.operations import WORST_ACCEPTED
from podatelna.ubyport.paper import print_receipt
from podatelna.ubyport.receipt import ReceiptLine, ReceiptSheet
from podatelna.ubyport.rules import OTHER_PURPOSE

WEB_SERVICE_LOGIN = "uby-"
SEALED_BY = "podatelna"


@dataclass(frozen=True, slots=True)
class Stationery:
    """How the office writes receipts."""

    errors: Mapping[str, Entry]
    duplicates_accepted: bool
    """Whether duplicates stand among the accepted records, with their error."""
    error_document: str
    """What the second document holds when guests were refused: refused, whole or none."""
    sealed: bool
    seed: bytes
    """The sandbox's: all its seals have one certificate."""


def confirmation(stationery: Stationery, filing: Filing, login: str) -> str:
    """The receipt of the whole filing: a PDF in base64."""
    return _printed(stationery, filing, login, only_refused=False)


def error_list(stationery: Stationery, filing: Filing, login: str) -> str | None:
    """The document about refused guests, or None where the office issues none."""
    if stationery.error_document == "none" or not any(
        _is_refused(stationery, verdict) for verdict in filing.verdicts
    ):
        return None
    only_refused = stationery.error_document == "refused"
    return _printed(stationery, filing, login, only_refused=only_refused)


def sheet(stationery: Stationery, filing: Filing, login: str) -> ReceiptSheet:
    """What the receipt says. Name and address are the registered ones, not those sent."""
    lines = [
        (_is_refused(stationery, verdict), _line(stationery, verdict))
        for verdict in filing.verdicts
    ]
    facility, source = filing.facility, filing.source
    return ReceiptSheet(
        idub=facility.idub,
        abbreviation=facility.abbreviation,
        user=_user(login, facility),
        facility_name=facility.name,
        facility_address=_address(facility),
        stamp=filing.stamp,
        delivered=filing.at,
        refused=tuple(line for is_refused, line in lines if is_refused),
        accepted=tuple(line for is_refused, line in lines if not is_refused),
        ignored=filing.ignored,
        source_file=source.name if source else "",
        source_file_created=source.created if source else None,
    )


def _printed(stationery: Stationery, filing: Filing, login: str, *, only_refused: bool) -> str:
    pdf = print_receipt(sheet(stationery, filing, login), only_refused=only_refused)
    if stationery.sealed:
        # pyHanko and its certificates are needed by those only who switch the seal on.
        from podatelna.kernel.seal import seal_pdf  # noqa: PLC0415 - see above

        pdf = seal_pdf(pdf, at=filing.at, name=SEALED_BY, seed=stationery.seed)
    return b64encode(pdf).decode("ascii")


def _is_refused(stationery: Stationery, verdict: Verdict) -> bool:
    if verdict.duplicate:
        return not stationery.duplicates_accepted
    return not verdict.stored


def _line(stationery: Stationery, verdict: Verdict) -> ReceiptLine:
    guest = verdict.guest
    entries = [stationery.errors[finding.code] for finding in verdict.findings]
    # Lateness and other light findings are not printed, as a receipt of November 2025 shows.
    grave = [entry.text for entry in entries if (entry.severity or 0) > WORST_ACCEPTED]
    return ReceiptLine(
        surname=guest.surname or "",
        given_name=guest.given_name or "",
        birth_date=guest.birth_date or "",
        nationality=guest.nationality or "",
        document_number=guest.document_number or "",
        visa_number=guest.visa_number or "",
        purpose=_purpose(guest),
        arrival=guest.arrival,
        departure=guest.departure,
        residence=guest.residence or "",
        note=guest.note or "",
        error="\n".join(grave),
    )


def _purpose(guest: Guest) -> str:
    return f"{OTHER_PURPOSE if guest.purpose is None else guest.purpose:02d}"


def _user(login: str, facility: Facility) -> str:
    if login.startswith(WEB_SERVICE_LOGIN):
        return f"UBY-WS_{facility.abbreviation}"
    return login


def _address(facility: Facility) -> str:
    numbers = "/".join(filter(None, (facility.house_number, facility.orientation_number)))
    street = " ".join(filter(None, (facility.street, numbers)))
    return ", ".join(filter(None, (facility.town, facility.town_part, street)))
