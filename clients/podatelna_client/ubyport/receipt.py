"""The text of a receipt (doručenka), from whatever PDF text extractor.

Extractors place words one by one and often lose the spaces between them, so every space of a label
is optional here.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from podatelna_client.ubyport.errors import UnreadableReceipt
from podatelna_client.ubyport.model import LOCAL_TIME


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedRecord:
    """A record that the receipt marks with ERR, by its number in its own list."""

    accepted: bool
    """Which of the two lists it stands in: duplicates have been seen among the accepted."""
    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptSummary:
    """The head of a receipt, and the records that it marks."""

    idub: str
    abbreviation: str
    delivered: datetime
    user: str
    total: int
    ignored: int
    refused: int
    accepted: int
    stamp: str
    """The first part of the code line; the same as `BatchAnswer.stamp`."""
    marked: tuple[MarkedRecord, ...] = ()


def read_receipt(text: str) -> ReceiptSummary:
    """Raises UnreadableReceipt, naming the first label that is missing."""
    clean = unicodedata.normalize("NFC", text).replace("\u00a0", " ")
    return ReceiptSummary(
        idub=_found(clean, "IDUB:", r"([0-9A-Za-z]+?)(?=\s|Zkratka|$)"),
        abbreviation=_found(clean, "Zkratka:", r"([0-9A-Z]+?)(?=\s|Datum|Uživatel|$)"),
        delivered=_delivered(clean),
        user=_found(clean, "Uživatel:", r"(\S+?)(?=\s|Ubytovací|$)"),
        total=_count(clean, "Celkový počet záznamů:"),
        ignored=_count(clean, "Počet ignorovaných záznamů:"),
        # So it is printed: the count of refused records is labelled as a list.
        refused=_count(clean, "Seznam nepřijatých záznamů:"),
        accepted=_count(clean, "Počet přijatých záznamů:"),
        stamp=_found(clean, "CODE :", r"([0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12})"),
        marked=_marked(clean),
    )


def _loose(label: str) -> str:
    return r"\s*".join(re.escape(part) for part in re.findall(r"\w+|:", label))


def _search(text: str, label: str, value: str) -> re.Match[str]:
    found = re.search(rf"{_loose(label)}\s*{value}", text)
    if found is None:
        raise UnreadableReceipt(f'"{label}" is missing, or nothing readable follows it')
    return found


def _found(text: str, label: str, value: str) -> str:
    return _search(text, label, value)[1]


def _count(text: str, label: str) -> int:
    return int(_found(text, label, r"([0-9]{1,9})"))


def _delivered(text: str) -> datetime:
    label = "Datum doručení oznámení:"
    # "29.11.2025 2:28": four digits of year, so that a lost space does no harm.
    found = _search(
        text, label, r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})\s*([0-9]{1,2}):([0-9]{2})"
    )
    day, month, year, hour, minute = (int(part) for part in found.groups())
    try:
        return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(LOCAL_TIME))
    except ValueError as error:
        raise UnreadableReceipt(f'"{label}" is followed by no date: {error}') from error


_ACCEPTED_LIST = re.compile(_loose("SEZNAM PŘIJATÝCH ZÁZNAMŮ"))
# The head of a marked record; its text is in the next line that starts with ERR.
_MARK = re.compile(r"([0-9]{3})\s*ERR:\s*-{3}.*?^\s*ERR:\s*(.*?)\s*$", re.DOTALL | re.MULTILINE)


def _marked(text: str) -> tuple[MarkedRecord, ...]:
    title = _ACCEPTED_LIST.search(text)
    accepted_from = title.start() if title else len(text)
    return tuple(
        MarkedRecord(accepted=mark.start() > accepted_from, number=int(mark[1]), text=mark[2])
        for mark in _MARK.finditer(text)
    )
