"""What is not JSON: files of messages, and tables."""

import csv
import io
import os
import re
from dataclasses import dataclass, field
from email.message import Message
from itertools import chain, count
from pathlib import Path

from podatelna_client.czmvo.item import Unreadable

# Characters that one file system or another does not take, and those that lead out of a folder.
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
_LONGEST_NAME = 150


@dataclass(frozen=True, slots=True)
class AlertFile:
    """A file that somebody sent with a message. The name is the sender's: do not trust it."""

    name: str
    """Empty if the service did not say."""
    content: bytes = field(repr=False)
    media_type: str = ""

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write it under a harmless form of its name; returns where it is.

        Makes the folder. Never overwrites: a taken name gets a number, unless the bytes agree.
        """
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        plain = _UNSAFE.sub("_", self.name).strip(". ")[-_LONGEST_NAME:] or "file"
        stem, suffix = Path(plain).stem, Path(plain).suffix
        names = chain([plain], (f"{stem}-{number}{suffix}" for number in count(2)))
        for path in (target / name for name in names):
            try:
                with path.open("xb") as file:
                    file.write(self.content)
            except FileExistsError:
                if path.read_bytes() != self.content:
                    continue
            return path
        raise AssertionError("numbers do not end")  # pragma: no cover


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV answer. Its dialect is not documented, so `raw` has it as it came."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    raw: bytes = field(repr=False)

    def records(self) -> tuple[dict[str, str], ...]:
        """The rows by the names of the header."""
        return tuple(dict(zip(self.header, row, strict=False)) for row in self.rows)


def read_table(raw: bytes) -> Table:
    """UTF-8 with commas or semicolons, whichever the first line has more of. Raises Unreadable."""
    text = raw.decode("utf-8-sig", "replace")
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        lines = [line for line in reader if line]
    except csv.Error as error:
        raise Unreadable(f"not a table: {error}") from error
    header, *rows = lines or [[]]
    return Table(tuple(header), tuple(map(tuple, rows)), raw)


def attached_name(disposition: str) -> str:
    """The file name of a Content-Disposition header; empty if it has none."""
    # HTTP headers are read as Latin-1, although names in them are mostly sent as UTF-8.
    octets = disposition.encode("latin-1", "replace")
    message = Message()
    message["Content-Disposition"] = octets.decode("utf-8", "replace")
    return message.get_filename("") or ""
