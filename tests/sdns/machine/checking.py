"""Which checks the rows of an issue fail (SOURCES.md, Q13)."""

from collections.abc import Iterator, Sequence

from tests.sdns.machine import world
from tests.sdns.machine.records import Failed, Row

SENTENCE = "hodnota nevyhovuje kontrole"


def failed(code: str, rows: Sequence[Row], details_most: int) -> tuple[Failed, ...]:
    """Formats first, then in the methodology's order."""
    return tuple(
        Failed(check, kind, name, tuple(details[:details_most]))
        for check, kind, name, details in _steps(code, rows)
        if details
    )


def _steps(code: str, rows: Sequence[Row]) -> Iterator[tuple[str, str, str, list[str]]]:
    yield f"{code}_A_F02", "F", "Formát údaje - Hodnota", _with_value(rows, "F")
    yield f"{code}_A_FID", "F", "Jednoznačnost identifikace řádku", list(_repeated(rows))
    for kind in "OLPX":
        yield f"{code}_{kind}", kind, f"Kontrola {kind}", _with_value(rows, kind)


def _with_value(rows: Sequence[Row], value: str) -> list[str]:
    return [f"Řádek {row.order}, sloupec 2: {SENTENCE}" for row in rows if row.value == value]


def _repeated(rows: Sequence[Row]) -> Iterator[str]:
    seen: set[str] = set()
    for row in rows:
        if row.name in seen:
            yield f"Řádek {row.order}: řádek se stejnou identifikací je uveden vícekrát"
        seen.add(row.name)


def implausible(code: str, rows: Sequence[Row], before: Sequence[Row] | None) -> tuple[Failed, ...]:
    """Time series: how many rows there are, beside the occurrence before."""
    count = len(rows)
    text = ""
    if any(row.value == "C" for row in rows):
        text = f"Počet řádků {count}: {SENTENCE}"
    elif before and not _near(count, len(before)):
        text = (
            f"Počet řádků {count} se liší od předchozího výskytu ({len(before)}) "
            f"více než {world.FOLD}násobně"
        )
    return (Failed(f"{code}_C", "C", "Kontrola C", (text,)),) if text else ()


def _near(count: int, last: int) -> bool:
    return last <= count * world.FOLD and count <= last * world.FOLD
