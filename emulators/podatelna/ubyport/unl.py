"""UNL files: the batch format of the web application, to our model.

Windows-1250 text, a record a line, fields separated by bars: one record A with the facility, then
up to 99 records U with a guest each (Appendix 3). The other wall, beside wire.py, where the
contract's names stop.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from podatelna.ubyport.model import Batch, Guest, Header, Source

FIELDS = 16
MOST_GUESTS = 99
FORMAT = "2"
"""The format number since UbyPrototype_7."""
NO_PURPOSE = -1

HEADER_FIELDS = (
    "typ záznamu",
    "formát",
    "IDUB",
    "zkratka",
    "ubytovatel",
    "kontakt",
    "okres",
    "obec",
    "část obce",
    "ulice",
    "číslo domovní",
    "číslo orientační",
    "PSČ",
    "datum a čas exportu",
)
_EXPORTED = ("%Y.%m.%d %H:%M:%S", "%d.%m.%Y %H:%M:%S")
_IDUB = re.compile(r"[A-Za-z0-9]{12,14}")
_ABBREVIATION = re.compile(r"[A-Za-z0-9]{5,6}")
_POSTAL_CODE = re.compile(r"\d{5}")
_DAY = re.compile(r"(\d\d)\.(\d\d)\.(\d{4})")
_PURPOSE = re.compile(r"\d\d")
_SHOWN = 40
"""Characters of a wrong field that a refusal repeats."""


@dataclass(frozen=True, slots=True)
class UnlRefused:
    """A file that is not taken over: where, and why. `line` counts from 1; 0 is the file itself."""

    line: int
    field: str
    why: str


@dataclass(frozen=True, slots=True)
class UnlFile:
    """A file that was read. `ignored` counts rows in a guest's place that are no guest's record."""

    batch: Batch
    ignored: int
    source: Source


def read_unl(content: bytes, name: str) -> UnlFile | UnlRefused:
    """Read a file; the facility is checked against the register later, guests by the rules."""
    try:
        text = content.decode("cp1250")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return UnlRefused(line, "", f"byte {content[error.start]:#04x} is not Windows-1250")
    rows = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    head = rows[0].split("|")
    if refused := _head_refused(head):
        return refused
    guests = [row.split("|") for row in rows[1:]]
    places = [place for place, fields in enumerate(guests) if _is_guest(fields)]
    if not 1 <= len(places) <= MOST_GUESTS:
        line = places[MOST_GUESTS] + 2 if places else 0
        return UnlRefused(
            line, "", f"a file has 1 to {MOST_GUESTS} U records, this one {len(places)}"
        )
    records = tuple(_guest(guests[place]) for place in places)
    return UnlFile(
        Batch(_header(head), records, want_pdf=True),
        ignored=len(guests) - len(places),
        source=Source(name, _exported(head[13])),
    )


def _head_refused(head: Sequence[str]) -> UnlRefused | None:
    if head[0] != "A" or not _is_whole(head):
        return UnlRefused(1, HEADER_FIELDS[0], f"an A record of {FIELDS} fields comes first")
    checks: Sequence[tuple[int, Callable[[str], object], str]] = (
        (1, FORMAT.__eq__, FORMAT),
        (2, _IDUB.fullmatch, "12 to 14 letters and digits"),
        (3, _ABBREVIATION.fullmatch, "5 or 6 letters and digits"),
        (12, _POSTAL_CODE.fullmatch, "5 digits"),
        (13, _exported, "yyyy.mm.dd HH:MM:SS"),
    )
    for position, fits, wanted in checks:
        if not fits(head[position].rstrip()):
            return UnlRefused(
                1, HEADER_FIELDS[position], f"expected {wanted}, got {head[position][:_SHOWN]!r}"
            )
    return None


def _is_whole(fields: Sequence[str]) -> bool:
    """Some exporters end a record with one bar more."""
    return len(fields) == FIELDS or (len(fields) == FIELDS + 1 and not fields[-1])


def _is_guest(fields: Sequence[str]) -> bool:
    return fields[0] == "U" and _is_whole(fields)


def _exported(text: str) -> datetime | None:
    for mask in _EXPORTED:
        try:
            return datetime.strptime(text.rstrip(), mask)  # noqa: DTZ007 - printed as it stands
        except ValueError:
            continue
    return None


def _header(fields: Sequence[str]) -> Header:
    kept = [text.rstrip() for text in fields]
    return Header(
        idub=kept[2],
        abbreviation=kept[3],
        name=kept[4],
        contact=kept[5],
        district=kept[6],
        town=kept[7],
        town_part=kept[8],
        street=kept[9],
        house_number=kept[10],
        orientation_number=kept[11],
        postal_code=kept[12],
    )


def _guest(fields: Sequence[str]) -> Guest:
    kept = [text.rstrip() for text in fields]
    return Guest(
        arrival=_day(kept[1]),
        departure=_day(kept[2]),
        surname=kept[3],
        given_name=kept[4],
        birth_date=kept[6].replace(".", ""),
        nationality=kept[9],
        residence=kept[10],
        document_number=kept[11],
        visa_number=kept[12],
        purpose=_purpose(kept[13]),
        note=kept[15],
    )


def _day(text: str) -> date | None:
    match = _DAY.fullmatch(text)
    if not match:
        return None
    day, month, year = map(int, match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _purpose(text: str) -> int | None:
    """A code of two digits; what is none of it becomes a number that no code list has."""
    if not text:
        return None
    return int(text) if _PURPOSE.fullmatch(text) else NO_PURPOSE
