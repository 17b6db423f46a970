"""What the service answered, guest by guest, and which of it counts as filed."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path
from types import MappingProxyType

from podatelna_client.ubyport.model import Guest

LATE = 112
DUPLICATE = 150
HIGHEST_ACCEPTED = 2
LOWEST_REFUSED = 4

DEFAULT_SEVERITIES: Mapping[int, int] = MappingProxyType(
    {**dict.fromkeys(range(101, 111), 4), 111: 1, LATE: 0, DUPLICATE: 4}
)
"""Until `error_book()` is read. 112 is documented, 150 reported; the rest is reconstructed."""


@dataclass(frozen=True, slots=True)
class GuestAnswer:
    """One guest's result. Neither accepted nor refused: the error book does not know the code."""

    guest: Guest
    codes: tuple[int, ...] = ()
    severity: int | None = 0
    """The worst of the codes; 0 without any; None when it hangs on a code of unknown severity."""

    @property
    def accepted(self) -> bool:
        """Stored by this filing. Never send an accepted record again, late or not."""
        return self.severity is not None and self.severity <= HIGHEST_ACCEPTED

    @property
    def refused(self) -> bool:
        """Not stored. Correct it first: each refusal counts against the account."""
        return self.severity is not None and self.severity >= LOWEST_REFUSED

    @property
    def late(self) -> bool:
        """Reported after the third working day; accepted all the same."""
        return LATE in self.codes

    @property
    def duplicate(self) -> bool:
        """An earlier filing already stored this stay: the duty is fulfilled."""
        return DUPLICATE in self.codes


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """The answer to one request, guests in the order in which they were sent."""

    header_codes: tuple[int, ...]
    """Facility values that differ from the registration; they never block a record."""
    guests: tuple[GuestAnswer, ...]
    stamp: str | None = None
    """The mark printed in the receipt. By itself it does not prove that anything was accepted."""
    receipt: bytes | None = field(default=None, repr=False)
    error_receipt: bytes | None = field(default=None, repr=False)
    damaged: tuple[str, ...] = ()
    """Wire names of documents that came but are not base64; the answers stand all the same."""


@dataclass(frozen=True, slots=True)
class Filing:
    """The answers to all requests of one `file_guests`."""

    batches: tuple[BatchAnswer, ...] = ()

    @property
    def guests(self) -> tuple[GuestAnswer, ...]:
        """All guests' answers, in the order in which the guests were given."""
        return tuple(chain.from_iterable(batch.guests for batch in self.batches))

    @property
    def accepted(self) -> tuple[GuestAnswer, ...]:
        """The answers of guests that this filing stored."""
        return tuple(answer for answer in self.guests if answer.accepted)

    @property
    def refused(self) -> tuple[GuestAnswer, ...]:
        """The answers of guests that were not stored, duplicates among them."""
        return tuple(answer for answer in self.guests if answer.refused)

    def save_receipts(self, folder: str | os.PathLike[str]) -> tuple[Path, ...]:
        """Write every PDF that came, named after its stamp; returns where each one is.

        Makes the folder. Never overwrites: a taken name gets a number, unless the bytes agree.
        """
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        documents = chain.from_iterable(_documents(batch) for batch in self.batches)
        return tuple(_save(target, stem, content) for stem, content in documents)


def worst(codes: tuple[int, ...], severities: Mapping[int, int]) -> int | None:
    """The severity that decides: a known refusal wins over a code that nobody knows."""
    known = [severities[code] for code in codes if code in severities]
    highest = max(known, default=0)
    return highest if len(known) == len(codes) or highest >= LOWEST_REFUSED else None


def _documents(batch: BatchAnswer) -> Iterator[tuple[str, bytes]]:
    stamp = batch.stamp or ""
    # The stamp becomes a file name: only what a GUID may hold gets that far.
    stem = f"receipt-{stamp}" if re.fullmatch(r"[0-9A-Za-z-]{1,64}", stamp) else "receipt"
    if batch.receipt is not None:
        yield stem, batch.receipt
    if batch.error_receipt is not None:
        yield f"{stem}-errors", batch.error_receipt


def _save(folder: Path, stem: str, content: bytes) -> Path:
    names = chain([f"{stem}.pdf"], (f"{stem}-{number}.pdf" for number in count(2)))
    for path in (folder / name for name in names):
        try:
            with path.open("xb") as file:
                file.write(content)
        except FileExistsError:
            if path.read_bytes() != content:
                continue
        return path
    raise AssertionError("numbers do not end")  # pragma: no cover
