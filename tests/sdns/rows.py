"""Rows of the contract's data sets that every check finds right, and those of published samples."""

from collections.abc import Iterator, Mapping
from typing import Final

from podatelna.kernel.contract import Contract
from podatelna.sdns.methodology import Area, DataSet, Methodology
from podatelna.sdns.model import Row

CONTRACT: Final = Contract("sdns")
METHODOLOGY: Final = Methodology.of(CONTRACT)
SETS: Final = METHODOLOGY.data_sets


def _numbered(text: str, last: int) -> dict[str, str]:
    """Cells of columns 1 to `last`, told between bars; what is empty is not sent."""
    cells = [cell.strip() for cell in text.split("|")]
    assert len(cells) == last, len(cells)
    return {str(number): cell for number, cell in enumerate(cells, 1) if cell}


TRADE: Final = _numbered(
    "CNBACZPPXXX|107|CNBACZPPXXX|CZK|2007-11-07|09:30:05+02|B|A|CZ0001001945|||98.95|50000000"
    "|CNBACZPPXXX12|Y|XPRA|100003181052|XPRA|CNBACZPPXXX10|2007-11-12|50290972.22",
    21,
)
CANCEL: Final = _numbered("CNBACZPPXXX|107|CNBACZPPXXX|108|CNBACZPPXXX|T", 6)
ORDER: Final = _numbered(
    "130741000001|USD|04|04|I|2013-07-01|00:00:06|9000000010C10000||900000001|900000001|"
    "|CZ0001001945|AAAACZP1XXX-GBPUSD|S|1.25||100|0.20000|K" + "|" * 14 + "N|N|||||DIRECT|",
    41,
)
ORDER_2013: Final = {
    str(int(number) - (int(number) > 13)): value
    for number, value in ORDER.items()
    if number != "13"
}
"""From column 14 on one to the left; the instrument itself is in column 13."""
DEAL: Final = _numbered(
    "130742000001|CZK|33|R|9000000010C10000|9000001|AAAACZP1|2013-07-01|12:13:00|S|A||CEZ.CZ"
    "|900000001|912.5||100|AAAACZP1|AAAACZP1|2013-07-04||91250.00|||||||DIRECT|",
    30,
)
NOTE: Final = _numbered("130742000001|9000001|", 3)
SHARE: Final = _numbered("10060171|CZK|211|99|CZ|CS0008434759||MJML|||||||||", 17)
BOND: Final = _numbered("10060166|EUR|219|99|AT|CZ0002001134||Česká společnost|||||||||", 17)
OPTION: Final = _numbered(
    "10070167|CZK|6211|08|CZ||CITICZPXXXX010101|opce City|CZ0001001945||City|OCASCS|2010-09-17"
    "|95.00||1000|",
    17,
)
PERSON: Final = _numbered(
    "130744000001|900000001|1100|AAAACZP1XXX||90000001|Zkušební zákazník, a.s.||Zkušební 1"
    "|Praha 1|110 00|CZ",
    12,
)
VALID: Final[Mapping[str, Mapping[str, str]]] = {
    "MOKAS40 MOKA40_11": TRADE,
    "MOKAS40 MOKA40_21": CANCEL,
    "MOKAS50 MOKA50_11": TRADE,
    "MOKAS50 MOKA50_21": CANCEL,
    "MOKAS41 MOKA41_11": ORDER,
    "MOKAS41.04 MOKA41_11": ORDER_2013,
    "MOKAS42 MOKA42_11": DEAL,
    "MOKAS42 MOKA42_12": NOTE,
    "MOKAS43 MOKA43_11": OPTION,
    "MOKAS44 MOKA44_11": PERSON,
}
_COUNTED: Final = {"MOKAS40": "2", "MOKAS50": "2"}
"""The column that tells rows apart; else it is the first."""


def valid_cells(data_set: DataSet, area: Area, number: int = 1) -> dict[str, str]:
    """Cells that no check refuses; another `number` is another row by its identity."""
    key = f"{data_set.code}.{data_set.version:02} {area.code}"
    cells = dict(VALID.get(key) or VALID[f"{data_set.code} {area.code}"])
    column = _COUNTED.get(data_set.code, "1")
    cells[column] = str(int(cells[column]) + number - 1)
    return cells


def valid_rows(data_set: DataSet, count: int = 1, area: str = "", start: int = 1) -> Iterator[Row]:
    """Rows of one area, the first one if none is told, numbered from `start` on."""
    found = data_set.area(area) if area else data_set.areas[0]
    assert found, area
    for number in range(start, start + count):
        yield Row(found.code, str(number), valid_cells(data_set, found, number))


def sample(name: str) -> list[Row]:
    """The rows of a published or reconstructed sample message, by its data set."""
    return {
        "MOKAS40.01.00": [
            Row("MOKA40_11", "1", TRADE),
            Row("MOKA40_11", "2", {**TRADE, "2": "109", "19": "CNBACZPPXXX50"}),
            Row("MOKA40_21", "1", CANCEL),
        ],
        "MOKAS41.04.00": [
            Row("MOKA41_11", "1", _order("130741000001")),
            Row("MOKA41_11", "2", _order("130741000002", SECOND)),
        ],
        "MOKAS42.04.00": [Row("MOKA42_11", "1", DEAL)],
        "MOKAS43.01.00": [
            Row("MOKA43_11", "1", SHARE),
            Row("MOKA43_11", "2", BOND),
            Row("MOKA43_11", "3", OPTION),
        ],
    }[name]


SECOND: Final = {
    "2": "CHF",
    "7": "00:00:10",
    "8": "9000000020O10000",
    "10": "900000002",
    "11": "900000002",
    "13": "AAAACZP1XXX-USDCHF",
    "14": "B",
    "18": "0.10000",
}


def _order(number: str, changes: Mapping[str, str] | None = None) -> Mapping[str, str]:
    """The samples have no limits."""
    plain = {name: value for name, value in ORDER_2013.items() if name not in ("15", "17")}
    return {**plain, "1": number, **(changes or {})}
