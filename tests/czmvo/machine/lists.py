"""The contract's lists as the model reads them: states, texts of errors, canned messages."""

import csv
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from podatelna.kernel.resources import resource

Texts = dict[str, str]
"""By language, cs and en."""


@dataclass(frozen=True)
class State:
    """A row of the list of states."""

    code: str
    id: int
    external: str
    final: bool
    set_by: tuple[str, ...]
    names: Texts
    descriptions: dict[str, Texts]
    """By role."""
    type_state: str


@cache
def rows(name: str) -> list[dict[str, str]]:
    text = resource("contracts", f"czmvo/codelists/{name}.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def states(profile: str) -> dict[str, State]:
    """The states of a profile by our code, in the order of the wire."""
    return {row["code"]: _state(row) for row in rows("states") if row["profile"] == profile}


@cache
def errors() -> dict[int | str, dict[str, Any]]:
    """The errors by their number, those without one by their key."""
    text = resource("contracts", "czmvo/errors.yaml").read_text("utf-8")
    return {entry["number"] or key: entry for key, entry in yaml.safe_load(text).items()}


@cache
def canned(role: str) -> dict[int, dict[str, Texts]]:
    """Names and texts of a role's canned messages by id."""
    return {
        int(row["id"]): {"name": _texts(row, "name"), "text": _texts(row, "text")}
        for row in rows("requests")
        if row["role"] == role
    }


@cache
def named(name: str, key: str, text: str) -> dict[str, Texts]:
    """A short list: texts by key."""
    return {row[key]: _texts(row, text) for row in rows(name)}


@cache
def letter_subjects() -> dict[str, str]:
    """How the subject of each kind of e-mail begins and ends; the UPRC stands where {uprc} is."""
    text = resource("contracts", "czmvo/mail.yaml").read_text("utf-8")
    return {kind: form["subject"] for kind, form in yaml.safe_load(text).items()}


def _state(row: dict[str, str]) -> State:
    return State(
        code=row["code"],
        id=int(row["id"]),
        external=row["externalcode"],
        final=row["final"] == "1",
        set_by=tuple(row["set_by"].split()),
        names=_texts(row, "name"),
        descriptions={role: _texts(row, f"description_{role}") for role in ("mah", "enduser")},
        type_state=row["typestate"],
    )


def _texts(row: dict[str, str], name: str) -> Texts:
    return {language: row[f"{name}_{language}"] for language in ("cs", "en")}
