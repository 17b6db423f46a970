"""IZR_GCZ01A: the code lists."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.izr.answers import result_of
from tests.izr.contract import LISTS
from tests.izr.houses import Premises, open_premises

GCZ = "IZR_GCZ01A"
NAMED = {row["code"]: row["file"] for row in LISTS["code_lists"]}


@pytest.fixture
def here() -> Iterator[Premises]:
    with open_premises({}) as premises:
        yield premises


def items(children: Any) -> dict[str, str]:
    return {dict(item)["KOD"]: dict(item)["POPIS"] for name, item in children if name == "POLOZKY"}


def test_all_lists(here: Premises) -> None:
    result = result_of(GCZ, here.ask(GCZ))
    assert [children[0][1] for _, children in result] == list(NAMED)
    for _, children in result:
        rows = LISTS[NAMED[children[0][1]]]
        assert items(children) == {row["code"]: row["name_cs"] for row in rows}


@pytest.mark.parametrize("name", NAMED)
def test_one_list(here: Premises, name: str) -> None:
    ((_, children),) = result_of(GCZ, here.ask(GCZ, f"<CISELNIK>{name}</CISELNIK>"))
    assert children[0] == ("NAZEV", name)
    assert len(children) > 2


def test_codes_without_a_name(here: Premises) -> None:
    """Nobody says what 53 is, or which colours K and E are (Q17, Q25)."""
    for name, code in (("KODYPOHYBU", "53"), ("BARVYZNAMEK", "K"), ("BARVYZNAMEK", "E")):
        ((_, children),) = result_of(GCZ, here.ask(GCZ, f"<CISELNIK>{name}</CISELNIK>"))
        assert items(children)[code] == ""


def test_a_list_that_is_none(here: Premises) -> None:
    assert result_of(GCZ, here.ask(GCZ, "<CISELNIK>CHYBY</CISELNIK>")) == []
