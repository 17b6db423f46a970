"""The receipt (doručenka) as rows of fixed-width text; `paper.py` turns them into a PDF.

Wording, widths and columns are those of a receipt of the test service of November 2025; what a
receipt must contain is in the Operating Rules of Ubyport, 7.5.3. Not observed, so decided here: the
row of an imported file, lists longer than a page, and several errors of one guest.
"""

import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime

PAGE_WIDTH = 850.394
"""Points; the page is 300 x 200 mm."""
PAGE_HEIGHT = 566.929
MARGIN = 20
"""Points from the left edge to every row, and from the top and bottom to what may be printed on."""
LIST_WIDTH = 182
"""Characters of the widest row of a list, its two leading spaces counted."""
HEAD_WIDTH = 150
"""Characters of the header's larger type that fit the page."""

TITLE = (
    "Internetová aplikace Ubyport - doručenka elektronického oznámení ubytování cizinců"
    " ubytovatelem"
)
REFUSED = "SEZNAM NEPŘIJATÝCH ZÁZNAMŮ"
ACCEPTED = "SEZNAM PŘIJATÝCH ZÁZNAMŮ"
CONTINUES = "POKRAČOVÁNÍ NA DALŠÍ STRÁNCE"
END = "KONEC DORUČENKY"
LEGEND = (
    "***  Datum nar. - datum narození; STP - státní občanství; ÚP - Účel pobytu;"
    " Datum od - datum ubytování od; Datum do - datum ubytování do;"
)
COLUMNS = (
    ("Příjmení", 50),
    ("Jméno", 24),
    ("Datum nar.", 10),
    ("STP", 3),
    ("Číslo cestovního dokladu", 30),
    ("Číslo víza", 15),
    ("ÚP", 2),
    ("Datum od", 10),
    ("Datum do", 10),
)
SECOND_COLUMNS = (("Trvalé bydliště v zahraničí", 128), ("Poznámka", 47))
"""The note, the last column, ends where the first line ends; what is longer is cut off."""

_INDENT = "  "
_TABLE_WIDTH = 178
_NUMBER_AT = 31
_DELIVERED_AT, _IGNORED_AT = 107, 106
_MOST_ERRORS = 30
"""More rows than any error book can fill, and few enough that one guest always fits a page."""


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One guest as printed: the values as the service took them over, in the case they had."""

    surname: str
    given_name: str
    birth_date: str
    """The eight digits as they were sent."""
    nationality: str
    document_number: str
    visa_number: str
    purpose: str
    """Two digits."""
    arrival: date | None
    """None, like the next one, prints as spaces: the message had no date."""
    departure: date | None
    residence: str
    note: str
    error: str = ""
    """What stands after ERR:; several errors are separated by line feeds."""


@dataclass(frozen=True, slots=True)
class ReceiptSheet:
    """All that one receipt says. Which guest stands in which list is the caller's decision."""

    idub: str
    abbreviation: str
    user: str
    """UBY-WS_ and the abbreviation for the web service, the login for the web application."""
    facility_name: str
    facility_address: str
    stamp: str
    delivered: datetime
    """Aware, in Czech local time: the receipt prints the clock of the wall."""
    refused: tuple[ReceiptLine, ...]
    accepted: tuple[ReceiptLine, ...]
    ignored: int = 0
    source_file: str = ""
    """Name of the imported UNL file; empty for the web service, which prints no such row."""
    source_file_created: datetime | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One printed row. `size` is the type's, `step` the way down from the row above, in points."""

    text: str = ""
    size: int = 8
    step: int = 8
    bold: bool = False
    new_page: bool = False
    """The row is the first of its page; its step counts from the top margin."""


@dataclass(frozen=True, slots=True)
class _List:
    title: str
    lines: tuple[ReceiptLine, ...]
    code: str
    is_last: bool


def receipt_rows(sheet: ReceiptSheet, *, only_refused: bool = False) -> list[Row]:
    """Every row of the receipt, top to bottom, without trailing spaces.

    Both lists are there even when empty, the accepted one always on a page of its own.
    `only_refused` leaves that one out; the counts in the header stay those of the whole filing.
    """
    refused = _List(REFUSED, sheet.refused, _code(sheet, len(sheet.refused)), only_refused)
    pages = _pages(refused, _head(sheet))
    if not only_refused:
        accepted = _List(ACCEPTED, sheet.accepted, _code(sheet, len(sheet.accepted)), True)
        pages += _pages(accepted, [Row()])
    return [replace(row, new_page=place == 0) for page in pages for place, row in enumerate(page)]


def _head(sheet: ReceiptSheet) -> list[Row]:
    total = len(sheet.refused) + len(sheet.accepted)
    delivered = f"Datum doručení oznámení:{_minute(sheet.delivered)}"
    ignored = f"Počet ignorovaných záznamů: {sheet.ignored}"
    rows = [
        _beside(f"IDUB: {sheet.idub}  Zkratka: {sheet.abbreviation}", _DELIVERED_AT, delivered),
        f"Uživatel: {sheet.user}",
        f"Ubytovací zařízení         : {sheet.facility_name.upper()}",
        f"Adresa ubytovacího zařízení: {sheet.facility_address.upper()}",
        *_imported_file(sheet),
        "",
        _beside(_counted("Celkový počet záznamů:", total), _IGNORED_AT, ignored),
        _counted("Seznam nepřijatých záznamů:", len(sheet.refused)),
        _counted("Počet přijatých záznamů:", len(sheet.accepted)),
        "",
        "",
    ]
    title = Row(_INDENT + TITLE, size=14, step=14, bold=True)
    return [title, *(Row(_fit(row, HEAD_WIDTH), size=10, step=11) for row in rows)]


def _imported_file(sheet: ReceiptSheet) -> list[str]:
    """Operating Rules 7.5.3, points 3 and 5: the name and the creation date of a UNL file."""
    if not sheet.source_file:
        return []
    created = sheet.source_file_created
    beside = f"Datum vytvoření souboru:{_minute(created)}" if created else ""
    return [_beside(f"Název importovaného souboru UNL: {sheet.source_file}", _DELIVERED_AT, beside)]


def _counted(label: str, count: int) -> str:
    return f"{label:{_NUMBER_AT - len(_INDENT)}}{count}"


def _beside(left: str, column: int, right: str) -> str:
    width = column - len(_INDENT)
    return f"{_plain(left)[:width]:{width}}{right}"


def _pages(part: _List, first: list[Row]) -> list[list[Row]]:
    """The list's pages; `first` are the rows that stand above it on its first one.

    A guest is never torn apart. Each further page repeats the titles, and each page but the last
    of the receipt says that the receipt goes on.
    """
    titles = _titles(part.title)
    pages = [[*first, *titles]]
    for number, line in enumerate(part.lines, start=1):
        record = _record(number, line)
        if not _fits([*pages[-1], *record, *_foot(part.code, is_last=True)]):
            pages[-1] += _foot(part.code, is_last=False)
            pages.append([Row(), *titles])
        pages[-1] += record
    pages[-1] += _foot(part.code, is_last=part.is_last)
    return pages


def _fits(rows: list[Row]) -> bool:
    return sum(row.step for row in rows) <= PAGE_HEIGHT - 2 * MARGIN


def _titles(title: str) -> list[Row]:
    return [
        _row(f"  {title}  ".center(LIST_WIDTH - len(_INDENT), "=")),
        _row(_cells(COLUMNS, [name for name, _ in COLUMNS])),
        _row(_cells(SECOND_COLUMNS, [name for name, _ in SECOND_COLUMNS])),
    ]


def _record(number: int, line: ReceiptLine) -> list[Row]:
    errors = [error for error in line.error.splitlines() if error.strip()][:_MOST_ERRORS]
    head = f"{number:03} ERR: " if errors else f"{number:03} "
    values = [
        line.surname,
        line.given_name,
        line.birth_date,
        line.nationality,
        line.document_number,
        line.visa_number,
        line.purpose,
        _day(line.arrival),
        _day(line.departure),
    ]
    return [
        _row(head.ljust(LIST_WIDTH - len(_INDENT), "-")),
        _row(_cells(COLUMNS, values)),
        _row(_cells(SECOND_COLUMNS, [line.residence, line.note])),
        *(_row(f" ERR: {_plain(error)}") for error in errors),
        *([Row()] if errors else []),
    ]


def _foot(code: str, *, is_last: bool) -> list[Row]:
    label = END if is_last else CONTINUES
    dashes = "-" * (_TABLE_WIDTH - len(label) - len(code) - 2)
    legend = [_row(LEGEND)] if is_last else []
    return [_row("_" * _TABLE_WIDTH), *legend, _row(f"{label} {dashes} {code}")]


def _code(sheet: ReceiptSheet, count: int) -> str:
    """The filing's mark: stamp, IDUB, day, time and the number of guests in the list.

    Day and time are the Czech default wording of .NET with its dots and spaces made hyphens and
    its colons dropped, so the hour has no leading zero: 2:28:09 is 22809.
    """
    at = sheet.delivered
    moment = f"{at.day:02}-{at.month:02}-{at.year:04}-{at.hour}{at.minute:02}{at.second:02}"
    return f"©CODE : {sheet.stamp.upper()}-{sheet.idub}-{moment}-{count}"


def _cells(columns: tuple[tuple[str, int], ...], values: list[str]) -> str:
    cells = (
        f"{_plain(value)[:width]:{width}}"
        for (_, width), value in zip(columns, values, strict=True)
    )
    return " | ".join(cells)


def _row(text: str) -> Row:
    return Row(_fit(text, LIST_WIDTH))


def _fit(text: str, width: int) -> str:
    return (_INDENT + _plain(text))[:width].rstrip()


def _plain(text: str) -> str:
    """One character, one column: composed letters, and a space for what cannot be printed."""
    composed = unicodedata.normalize("NFC", text)
    if composed.isprintable():
        return composed
    return "".join(sign if sign.isprintable() else " " for sign in composed)


def _day(day: date | None) -> str:
    return f"{day.day:02}.{day.month:02}.{day.year:04}" if day else ""


def _minute(at: datetime) -> str:
    return f"{_day(at)} {at.hour}:{at.minute:02}"
