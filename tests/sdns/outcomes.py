"""What is expected of the bank of desks.py: whole issues and occurrences."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from podatelna.sdns.model import FailedCheck, Issue, Key, Occurrence, Trouble
from podatelna.sdns.moments import instant
from tests.sdns.desks import SUBJECT

PLAN, IN_A_WEEK = "2013-08-01T21:59:00.000000+00:00", "2013-08-08T21:59:00.000000+00:00"
"""23:59 in Prague, on the working day after 31 July and a week after that."""
BROKEN = Trouble("ZP-99", "Interní chyba, vydání není možné zpracovat")
NO_RECORDS = Trouble("ZP-01", "Zpráva neobsahuje žádné záznamy.")


def at(minute: int) -> str:
    """Minutes after ten in Prague."""
    return instant(datetime(2013, 8, 1, 8, minute, tzinfo=UTC))


def issue(number: str, state: int, minute: int, **changes: Any) -> Issue:
    usual = Issue(
        id=1,
        occurrence=1,
        number=number,
        file=f"ws999{int(number):07}.xml",
        sender=SUBJECT,
        status="new_data",
        accepted=at(2),
        state=state,
        since=at(minute),
    )
    return replace(usual, **changes)


def occurrence(state: int, current: int = 0, term: str = PLAN) -> Occurrence:
    return Occurrence(
        id=1,
        key=Key("ZKU01", SUBJECT, "S_BCPZB", "2013-07-31"),
        version=1,
        variant=0,
        state=state,
        term=term,
        current=current,
    )


def failed(kind: str, *lines: int, code: str = "") -> FailedCheck:
    details = tuple(f"Řádek {line}, sloupec 2: hodnota nevyhovuje kontrole" for line in lines)
    return FailedCheck(code or f"ZKU01_{kind}", f"Kontrola {kind}", kind, details)
