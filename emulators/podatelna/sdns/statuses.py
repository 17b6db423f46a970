"""The forms of messages, one for each status, as the contract has them."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import get_args

from podatelna.kernel.catalogue import load_codelist
from podatelna.sdns.model import Status
from podatelna.sdns.names import REASONS, STATUSES
from podatelna.sdns.rules import Form, Names


@cache
def read_forms(folder: Path) -> Mapping[Status, Form]:
    """From statuses.csv; a status that nothing is said of has none."""
    rows = load_codelist(folder / "codelists" / "statuses.csv")
    return {STATUSES[row["code"]]: _form(row) for row in rows if row["data"]}


def _form(row: Mapping[str, str]) -> Form:
    return Form(
        status=STATUSES[row["code"]],
        reasons=frozenset(REASONS[reason] for reason in row["reasons"].split()),
        data=row["data"] == "required",
        reference=_names(row["reference"]),
        reference_splittable=_names(row["reference_splittable"]),
        splittable_only=row["splittable_only"] == "yes",
    )


def _names(text: str) -> Names:
    return next((name for name in get_args(Names) if name == text), "")
