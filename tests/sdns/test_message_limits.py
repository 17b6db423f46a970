"""Large and hostile messages: what they cost, measured in a process of their own."""

import subprocess
import sys
from pathlib import Path

import pytest

from podatelna.kernel.contract import Contract
from podatelna.sdns.message import NotValid, read_message, rows
from podatelna.sdns.scan import LONGEST_TEXT
from tests.sdns.messages import DOCTYPE, body, vydani

DTD = Contract("sdns").folder / "vydani.dtd"
STATUS = Path("/proc/self/status")
MEGABYTE = 1 << 20
ORDER = {column: f"value {column:03}" for column in range(1, 21)}

_MEASURED = """
import re, sys
from pathlib import Path
from podatelna.sdns.message import NotValid, read_message, rows
def peak():
    return int(re.search(r"VmHWM:\\s+([0-9]+)", STATUS.read_text())[1]) * 1024
STATUS = Path("/proc/self/status")
dtd, xml = (Path(name).read_bytes() for name in sys.argv[1:])
before = peak()
try:
    count = read_message(xml, dtd).rows
    assert sum(1 for _ in rows(xml)) == count
    said = f"{count} rows"
except NotValid as reason:
    said = str(reason)
print(peak() - before, said)
"""


def measured(xml: bytes, folder: Path) -> tuple[int, str]:
    """Bytes of memory that reading took besides the message, and what came of it.

    The peak is that of the new program (VmHWM); ru_maxrss begins with that of its parent.
    """
    if not STATUS.exists():
        pytest.skip("the peak of memory is known under /proc only")
    file = folder / "message.xml"
    file.write_bytes(xml)
    answer = subprocess.run(
        [sys.executable, "-c", _MEASURED, str(DTD), str(file)],
        capture_output=True,
        check=True,
        text=True,
    )
    took, _, said = answer.stdout.strip().partition(" ")
    return int(took), said


def test_a_large_message_takes_little_memory(tmp_path: Path) -> None:
    xml = vydani(rows={"MOKA41_11": [ORDER] * 30_000})
    assert len(xml) > 24 * MEGABYTE
    took, said = measured(xml, tmp_path)
    assert said == "30000 rows"
    assert took < 16 * MEGABYTE


def test_many_areas_take_little_memory(tmp_path: Path) -> None:
    xml = vydani(rows={f"A{number}": [ORDER] * 20 for number in range(1500)})
    took, said = measured(xml, tmp_path)
    assert said == "30000 rows"
    assert took < 24 * MEGABYTE


# -- hostile messages

LAUGHS = "".join(
    f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' if level else '<!ENTITY a0 "ha">'
    for level in range(12)
)
BOMBS = {
    "billion laughs": (f"[{LAUGHS}]", "&a11;"),
    "quadratic blow-up": (f'[<!ENTITY a "{"b" * 100_000}">]', "&a;" * 100_000),
    "external entity": ('[<!ENTITY a SYSTEM "file:///dev/zero">]', "&a;"),
    "parameter entity": ('[<!ENTITY % a SYSTEM "http://127.0.0.1:9/a"> %a;]', "1"),
    "recursion": ('[<!ENTITY a "&b;"><!ENTITY b "&a;">]', "&a;"),
    "defaults": (f'[<!ATTLIST SLOUPEC a CDATA "{"b" * 100_000}">]', "1"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_entities_never_expand(name: str, tmp_path: Path) -> None:
    subset, sender = BOMBS[name]
    text = body(rows={"A": [{1: "x"}] * 10_000}).replace("99990000", sender, 1)
    xml = f'<!DOCTYPE VYDANI SYSTEM "vydani.dtd" {subset}>{text}'.encode()
    took, said = measured(xml, tmp_path)
    assert "not allowed" in said or "line " in said
    assert took < 16 * MEGABYTE


@pytest.mark.parametrize("place", ["ZASLAL", "KOD"])
def test_an_entity_bomb_in_the_root_element_never_expands(place: str, tmp_path: Path) -> None:
    xml = f"<!DOCTYPE VYDANI [{LAUGHS}]><VYDANI {place}='&a11;'/>".encode()
    took, said = measured(xml, tmp_path)
    assert "valid" not in said
    assert took < 16 * MEGABYTE


LARGE = 64 * MEGABYTE
FLOODS = {
    "text": (b"<VYDANI>", b"x" * LARGE),
    "attribute": (b"<VYDANI a='", b"x" * LARGE),
    "unclosed tag": (b"<VYDANI ", b" " * LARGE),
    "attributes": (b"<VYDANI ", b"".join(b"a%d='' " % n for n in range(LARGE // 12))),
    "name": (b"<VYDANI><", b"x" * LARGE),
    "comment": (b"<VYDANI><!--", b"x" * LARGE),
    "comment in front": (b"<!--", b"x" * LARGE),
    "comments in front": (b"", b"<!---->" * (LARGE // 7)),
    "instruction": (b"<VYDANI><?a ", b"x" * LARGE),
    "document type": (b"<!DOCTYPE VYDANI [<!--", b"x" * LARGE),
    "literal": (b"<!DOCTYPE VYDANI SYSTEM '", b"x" * LARGE),
    "depth": (b"", b"<VYDANI>" * (LARGE // 8)),
    "elements": (b"<VYDANI>", b"<A/>" * (LARGE // 4)),
    "addresses": (b"<VYDANI>", b"<ADRESA/>" * (LARGE // 9)),
    "areas": (b"<VYDANI><DATA>", b"<DATOVA-OBLAST KOD=''/>" * (LARGE // 23)),
    "areas of one row": (
        b"<VYDANI><DATA>",
        b"<DATOVA-OBLAST KOD=''><RADEK PORADI=''/></DATOVA-OBLAST>" * (LARGE // 57),
    ),
    "rows in rows": (b"<VYDANI><DATA><DATOVA-OBLAST KOD=''>", b"<RADEK PORADI=''>" * (LARGE // 17)),
    "cells": (
        b"<VYDANI><DATA><DATOVA-OBLAST KOD=''><RADEK PORADI=''>",
        b"<SLOUPEC PORADI=''/>" * (LARGE // 20),
    ),
    "cell": (b"<VYDANI><DATA><DATOVA-OBLAST KOD=''><RADEK PORADI=''><SLOUPEC>", b"x" * LARGE),
    "number": (b"<VYDANI><DATA><DATOVA-OBLAST KOD=''><RADEK PORADI='", b"x" * LARGE),
    "blocks": (b"<VYDANI><DATA>", b"<BLOK/>" * (LARGE // 7)),
    "entities": (b"<!DOCTYPE VYDANI SYSTEM 'a'><VYDANI>", b"&a;" * (LARGE // 3)),
    "references": (b"<VYDANI>", b"&#65;" * (LARGE // 5)),
    "other root": (b"<A>", b"<VYDANI/>" * (LARGE // 9)),
    "zeros": (b"", bytes(LARGE)),
    "blanks": (b"", b" " * LARGE),
}


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_is_refused_before_it_fills_the_memory(name: str, tmp_path: Path) -> None:
    begin, flood = FLOODS[name]
    took, said = measured(begin + flood, tmp_path)
    assert said
    assert "rows" not in said or "single row" in said
    assert took < 100 * MEGABYTE


# -- limits, just inside and outside


def outcome(xml: bytes) -> str:
    try:
        return f"{read_message(xml, DTD.read_bytes()).rows} rows"
    except NotValid as reason:
        return str(reason)


TOO_LONG = f"a text has more than {LONGEST_TEXT} characters"


@pytest.mark.parametrize("encoding", ["windows-1250", "utf-8", "utf-16"])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_one_text_of_a_cell_has_a_limit(encoding: str, number: int) -> None:
    def with_text(length: int) -> bytes:
        cells = [{1: "a", 2: "b"}, {1: "a", 2: "b"}, {1: "a", 2: "b"}]
        cells[number][1] = "ř" * length
        return vydani(encoding=encoding, rows={"A": cells})

    inside = with_text(LONGEST_TEXT)
    assert outcome(inside) == "3 rows"
    assert [len(row.cells["1"]) for row in rows(inside)][number] == LONGEST_TEXT
    assert outcome(with_text(LONGEST_TEXT + 1)) == TOO_LONG


def test_one_text_beside_the_rows_has_a_limit() -> None:
    assert outcome(vydani(remark="a" * LONGEST_TEXT)) == "2 rows"


@pytest.mark.parametrize("name", ["sender", "reference", "remark"])
def test_no_text_of_the_header_is_longer(name: str) -> None:
    assert outcome(vydani(**{name: "a" * (LONGEST_TEXT + 1)})) == TOO_LONG
    assert outcome(vydani(**{name: "a" * (LONGEST_TEXT + 1)}, rows=None)) == TOO_LONG


def test_one_attribute_has_a_limit() -> None:
    assert outcome(vydani(rows={"a" * LONGEST_TEXT: [{}]})) == "1 rows"
    assert outcome(vydani(rows={"a" * (LONGEST_TEXT + 1): [{}]})) == TOO_LONG
    assert outcome(vydani(rows={"A": [("1" * (LONGEST_TEXT + 1), {}), {}]})) == TOO_LONG


def test_a_row_may_have_many_columns() -> None:
    many = dict.fromkeys(range(49_000), "a")
    xml = vydani(rows={"A": [{1: "a"}, many, {1: "b"}]})
    assert outcome(xml) == "3 rows"
    assert [len(row.cells) for row in rows(xml)] == [1, 49_000, 1]


@pytest.mark.parametrize(("count", "said"), [(3, "3 rows"), (6, "what stands outside of rows")])
def test_long_texts_of_one_row_have_a_limit_together(count: int, said: str) -> None:
    long = dict.fromkeys(range(count), "a" * LONGEST_TEXT)
    assert outcome(vydani(rows={"A": [{1: "a"}, long, {1: "b"}]})).startswith(said)


def test_the_root_element_begins_within_a_megabyte() -> None:
    comment = "<!-- - -->" * 104_000
    assert outcome(vydani(doctype=f"{comment}{DOCTYPE}")) == "2 rows"
    late = outcome(vydani(doctype=f"{comment}{comment}{DOCTYPE}"))
    assert late == "VYDANI does not begin within 1048576 bytes"
