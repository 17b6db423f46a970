"""What admin calls ask for, read out of their bodies and queries. All raise BadCallError."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from podatelna.kernel.agency import Agency
from podatelna.kernel.clock import Clock
from podatelna.kernel.disruptions import Disruption
from podatelna.kernel.duration import read_duration
from podatelna.kernel.spelling import meant

V = TypeVar("V")

MOST_DIGITS = 9
"""Of a number in the journal or the outbox: what databases call an integer has room for so many."""
CLOCK = {"freeze": str, "advance": str, "run": str}
DISRUPTION = {
    "agency": str,
    "kind": str,
    "moment": str,
    "options": dict,
    "operation": str,
    "login": str,
    "times": int,
}


class BadCallError(ValueError):
    """An admin call that cannot be carried out as it stands; the message says what would do."""


def read_body(content: bytes, known: Mapping[str, type]) -> dict[str, Any]:
    """A JSON object with some of the known members; without a body, one with none."""
    given = _json(content) if content else {}
    if not isinstance(given, dict):
        raise BadCallError("the body must be a JSON object")
    for name in given:
        if name not in known:
            raise BadCallError(f"unknown member {name}; there are {', '.join(known)}")
        read_member(given, name, known[name])
    return given


def _json(content: bytes) -> object:
    """None if it is no JSON, or nested deeper than anybody can read."""
    try:
        value: object = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return value


def read_member(given: Mapping[str, Any], name: str, kind: type[V]) -> V:
    """A member that must be there."""
    value = given.get(name)
    # To Python true is an int; to JSON it is none.
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise BadCallError(f"{name} must be of type {kind.__name__}, not {value!r}")
    return value


def read_number(name: str, text: str, of: str = "an exchange") -> int:
    """The number of an exchange or a letter; one that no database could hold is none."""
    if not (text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS):
        raise BadCallError(f"{name} takes the number of {of}, not {text!r}")
    return int(text)


def read_clock_change(content: bytes) -> Callable[[Clock], Clock]:
    """One change of a clock: `freeze` or `run` with an instant or "now", `advance` with a span."""
    wanted = read_body(content, CLOCK)
    if len(wanted) != 1:
        raise BadCallError(
            'give one of {"freeze": "2026-03-02T08:00:00Z"} (or "now"), "run", "advance"'
        )
    [(verb, text)] = wanted.items()
    if verb == "advance":
        by = _read(read_duration, text)
        return lambda clock: clock.advanced(by)
    at = None if text == "now" else _read(_instant, text)
    if verb == "freeze":
        return lambda clock: clock.frozen(at)
    return lambda clock: clock.running(at)


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _read(read: Callable[[str], V], text: str) -> V:
    try:
        return read(text)
    except ValueError as error:
        raise BadCallError(str(error)) from error


def read_disruption(content: bytes, agencies: Mapping[str, Agency]) -> Disruption:
    """A plan for one of the agencies; whether it can be carried out is not looked at here."""
    given = read_body(content, DISRUPTION)
    agency = agencies.get(read_member(given, "agency", str))
    if agency is None:
        raise BadCallError(f"agency is one of {', '.join(agencies)}")
    read_member(given, "kind", str)
    operation, known = given.get("operation", ""), agency.operations
    if operation and known and operation not in known:
        name = agency.name
        raise BadCallError(f"{name} has no operation {operation}{meant(operation, known)}")
    return Disruption(**given)
