"""Messages as XML: written row by row, so that the largest one needs no memory (vydani.dtd)."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import BinaryIO

from podatelna_client.sdns.codes import Encoding
from podatelna_client.sdns.errors import InvalidInput
from podatelna_client.sdns.model import Address, Cell, Cells, Contact, Message, Row
from podatelna_client.soap import writable

_MARKUP = re.compile('[&<>"\r\n\t]')
# Whatever is not sure to stand in a text as it is.
_SPECIAL = re.compile("[&<>\r\x00-\x1f]|[^\x00-\ud7ff]")
# A parser makes a line feed of a carriage return, and a blank of either in an attribute.
_IN_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_IN_VALUE = {**_IN_TEXT, '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
_ROWS_AT_ONCE = 200

_Lines = Iterator[str]


def write(message: Message, out: BinaryIO, encoding: Encoding = "windows-1250") -> None:
    """A message; sender and day of creation must be filled in. Raises InvalidInput.

    Characters that windows-1250 does not have are written as references, which every parser reads.
    """
    named = "windows-1250" if encoding == "windows-1250" else "utf-8"
    if encoding == "utf-8-sig":
        out.write(b"\xef\xbb\xbf")
    for lines in _batches(_lines(message, named)):
        out.write(lines.encode(named, "xmlcharrefreplace"))


def cell_text(value: Cell) -> str:
    """A cell's text; empty: to be left out. Raises InvalidInput for what no cell can hold."""
    form = next((form for kind, form in _FORMS if isinstance(value, kind)), None)
    if form is None:
        raise InvalidInput(f"{value!r} cannot be a cell")
    return form(value)


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise InvalidInput(f"{value} is no number that can be reported")
    return f"{value:f}"


def _time(value: time) -> str:
    if value.microsecond:
        raise InvalidInput(f"{value} has a fraction of a second")
    text = value.isoformat()
    # The manual's samples name whole hours only: 09:30:05+02.
    return text.removesuffix(":00") if value.tzinfo and len(text) > len("00:00:00") else text


def _refuse(value: object) -> str:
    raise InvalidInput(f"{value!r} cannot be a cell: write it as the column wants it")


_FORMS: tuple[tuple[type, Callable[..., str]], ...] = (
    (type(None), lambda _: ""),
    (str, str),
    # To Python true is a number, and a moment is a day.
    (bool, _refuse),
    (datetime, _refuse),
    (int, str),
    (Decimal, _decimal),
    (date, date.isoformat),
    (time, _time),
)


def _batches(lines: _Lines) -> Iterator[str]:
    batch: list[str] = []
    for line in lines:
        batch.append(line)
        if len(batch) >= _ROWS_AT_ONCE:
            yield "".join(batch)
            batch.clear()
    yield "".join(batch)


def _lines(message: Message, encoding: str) -> _Lines:
    yield f'<?xml version="1.0" encoding="{encoding}"?>\n<!DOCTYPE VYDANI SYSTEM "vydani.dtd">\n'
    yield "<VYDANI>\n"
    yield from _identification(message)
    if message.address:
        yield from _address(message.address)
    yield from _report(message)
    if message.areas:
        yield from _data(message)
    yield _optional("POZNAMKA", message.note)
    yield "</VYDANI>\n"


def _identification(message: Message) -> _Lines:
    yield "<IDENTIFIKACE-ZPRAVY>\n"
    yield _text("ZASLAL", message.sender)
    yield _text("CISLO-ZPRAVY", str(message.number))
    if message.part:
        part = message.part
        end = _attribute("TYP", part.end) if part.end else ""
        yield f"<CASTECNA-ZPRAVA{_attribute('PORADI', str(part.number))}{end}>"
        yield f"{_text('CISLO-VYDANI', str(part.issue))}</CASTECNA-ZPRAVA>\n"
    yield _coded("NAZEV-DOKUMENTU", "Vydání-výskytu-výkazu")
    yield _text("METODIKA", message.methodology)
    yield _coded("FUNKCE-ZPRAVY", message.function)
    yield _text("DATUM", _day(message.created))
    yield "</IDENTIFIKACE-ZPRAVY>\n"


def _address(address: Address) -> _Lines:
    yield f"<ADRESA{_attribute('STRANA', 'Odesílatel')}>\n"
    yield _optional("KOD-SUBJEKTU", address.code)
    yield _optional("NAZEV-SUBJEKTU", address.name)
    yield _optional("MESTO", address.town)
    yield _optional("PSC", address.postcode)
    yield _optional("ULICE", address.street)
    for contact in address.contacts:
        yield from _contact(contact)
    yield "</ADRESA>\n"


def _contact(contact: Contact) -> _Lines:
    yield f"<KONTAKT{_attribute('KOD-FUNKCE', 'Osoba-odpovědná-za-obsah')}>"
    yield _optional("KOD-ODDELENI", contact.department)
    yield _optional("JMENO-OSOBY", contact.name)
    for kind, number in contact.lines:
        yield f"<SPOJENI{_attribute('TYP', kind)}>{_escaped(number)}</SPOJENI>\n"
    yield "</KONTAKT>\n"


def _report(message: Message) -> _Lines:
    yield "<IDENTIFIKACE-VYKAZU>\n"
    yield _text("DATOVY-SOUBOR", message.data_set)
    yield "<VYSKYT>\n"
    yield _text("SUBJEKT", message.subject)
    yield _text("ROZSAH-SUBJEKTU", message.scope)
    yield _text("STAV-KE-DNI", _day(message.as_of))
    yield "</VYSKYT>\n"
    yield _coded("STATUS", message.status)
    yield _coded("DUVOD", message.reason)
    yield _optional("REFERENCNI-ZPRAVA", "" if message.reference is None else message.reference)
    if message.audit:
        yield _coded("AUDIT", message.audit)
    yield "</IDENTIFIKACE-VYKAZU>\n"


def _data(message: Message) -> _Lines:
    yield "<DATA>\n"
    for area in message.areas:
        yield f"<DATOVA-OBLAST{_attribute('KOD', area.code)}>\n"
        yield from _rows(area.numbered(), area.code)
        yield "</DATOVA-OBLAST>\n"
    yield "</DATA>\n"


def _rows(rows: Iterable[Row], area: str) -> _Lines:
    for number, cells in rows:
        try:
            yield f'<RADEK PORADI="{number:d}">{_cells(cells)}</RADEK>\n'
        except (TypeError, ValueError) as error:
            raise InvalidInput(f"{area}, row {number}: {error}") from error


def _cells(cells: Cells) -> str:
    # An empty cell "is not implemented" (programmer's manual): it must be left out.
    written = []
    for column in sorted(cells):
        value = cells[column]
        # Nearly all are texts, and a large report has more than a million of them.
        text = value if isinstance(value, str) else cell_text(value)
        if text:
            written.append(f'<SLOUPEC PORADI="{column:d}">{_escaped(text)}</SLOUPEC>')
    return "".join(written)


def _day(day: date | None) -> str:
    if day is None:
        raise InvalidInput("a day is missing")
    return f"{day.year:04}{day:%m%d}"


def _optional(name: str, text: object) -> str:
    return _text(name, str(text)) if text != "" else ""


def _text(name: str, text: str) -> str:
    try:
        return f"<{name}>{_escaped(text)}</{name}>\n"
    except ValueError as error:
        raise InvalidInput(f"{name}: {error}") from error


def _coded(name: str, code: str) -> str:
    """With an end tag, as the process manual writes it."""
    return f"<{name}{_attribute('KOD', code)}></{name}>\n"


def _attribute(name: str, value: str) -> str:
    try:
        writable(value)
    except ValueError as error:
        raise InvalidInput(f"{name}: {error}") from error
    return f' {name}="{_MARKUP.sub(lambda found: _IN_VALUE[found.group()], value)}"'


def _escaped(text: str) -> str:
    if not _SPECIAL.search(text):
        return text
    return _MARKUP.sub(lambda found: _IN_TEXT.get(found.group(), found.group()), writable(text))
