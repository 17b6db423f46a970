"""IZR_GCZ01A: the code lists of the contract (Q22)."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from podatelna.izr.asking import readable
from podatelna.izr.desk import Desk
from podatelna.izr.model import Node, Tree
from podatelna.izr.reading import Element, text_of
from podatelna.kernel.catalogue import load_codelist
from podatelna.kernel.contract import Contract

ID: Final = "IZR_GCZ01A"

Codes = Mapping[str, Mapping[str, str]]
"""The rows of a code list by `code`."""


def codes(contract: Contract, name: str) -> Codes:
    """A code list of the contract, read once."""
    return _read(contract.folder / "codelists" / f"{name}.csv")


@cache
def _read(path: Path) -> Codes:
    return {row["code"]: row for row in load_codelist(path)}


@readable
def run(desk: Desk, payload: Element) -> Tree:
    """The list that CISELNIK names, or all of them; nothing for a name that is in no list."""
    asked, lists = text_of(payload, "CISELNIK"), codes(desk.contract, "code_lists")
    found = [
        _list(name, codes(desk.contract, row["file"]))
        for name, row in lists.items()
        if asked in ("", name)
    ]
    return [("CiselnikZviratResult", found)]


def _list(name: str, rows: Codes) -> Node:
    """Names of codes are empty where none is known (Q17, Q25)."""
    items: list[Node] = [
        ("POLOZKY", [("KOD", code), ("POPIS", row["name_cs"])]) for code, row in rows.items()
    ]
    return ("CISELNIKY", [("NAZEV", name), *items])
