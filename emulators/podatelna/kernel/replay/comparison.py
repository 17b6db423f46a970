"""What a call was expected to come back with beside what it did."""

from collections.abc import Mapping, Sequence
from typing import Any

from podatelna.kernel.catalogue import Errors
from podatelna.kernel.replay.difference import (
    Difference,
    Differences,
    contains,
    misses,
    short,
    shown,
)
from podatelna.kernel.replay.errors import error_names, is_error, is_fault, told_entry
from podatelna.kernel.scenario.expectation import CallExpectation

ANSWER, ERROR, FAULT, REFUSED = "answer", "error", "fault", "refused"

Outcome = Mapping[str, Any]
"""What an actor returns."""


def call_differences(
    expect: CallExpectation | None, outcome: Outcome, errors: Errors
) -> Differences:
    """Where the outcome of a call is not as expected; without expectation it must be an answer."""
    if expect and expect.outcome:
        if outcome["kind"] != expect.outcome:
            yield Difference("outcome", expect.outcome, told(outcome, errors))
        return
    key = _ending(expect) if expect else ""
    expected = expect.of_answer if expect else {}
    received = _received(outcome, errors)
    if key and _key_of(outcome, errors, key) != key:
        yield Difference("outcome", told_entry(errors[key]), told(outcome, errors))
    elif not key and not _is_answered(outcome, expected, received):
        yield Difference("outcome", "an answer", told(outcome, errors))
    else:
        yield from _of_answer(expected, received)


def _ending(expect: CallExpectation) -> str:
    refusal = expect.refused if isinstance(expect.refused, str) else ""
    return expect.fault or expect.error or refusal


def _is_answered(
    outcome: Outcome, expected: Mapping[str, Any], received: Mapping[str, Any]
) -> bool:
    """Whether it is an answer, or an error that has all that was expected of an answer."""
    if outcome["kind"] == ERROR:
        return bool(expected) and expected.keys() <= received.keys()
    return bool(outcome["kind"] == ANSWER)


def _received(outcome: Outcome, errors: Errors) -> dict[str, Any]:
    names = error_names(errors)
    codes = {name: _named(value, names) for name, value in outcome.get("codes", {}).items()}
    return {**outcome.get("values", {}), **codes}


def _of_answer(expected: Mapping[str, Any], received: Mapping[str, Any]) -> Differences:
    for name, value in expected.items():
        if name == "rows":
            yield from misses(name, value, len(received["rows"]))
        elif name == "row":
            yield from missing_row(value, received["rows"])
        elif name in received:
            yield from misses(name, value, received[name])
        else:
            yield Difference(name, shown(value), "nothing")


def missing_row(expected: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Differences:
    """A row that was expected among others and is not there."""
    if any(contains(row, expected) for row in rows):
        return

    def likeness(row: Mapping[str, Any]) -> int:
        return sum(key in row and contains(row[key], value) for key, value in expected.items())

    nearest = max(rows, key=likeness, default={})
    beside = {key: nearest[key] for key in expected if key in nearest}
    yield Difference("row", shown(expected), f"no such row; the nearest is {shown(beside)}")


def _named(codes: Any, names: Mapping[int, str]) -> Any:
    if isinstance(codes, int):
        return names.get(codes, f"number {codes}")
    return [_named(code, names) for code in codes]


def _key_of(outcome: Outcome, errors: Errors, wanted: str = "") -> str | None:
    """The error that ended a call; the wanted one before others that look like it."""
    keys = sorted(errors, key=lambda key: key != wanted)
    return next((key for key in keys if _is(outcome, errors, key)), None)


def _is(outcome: Outcome, errors: Errors, key: str) -> bool:
    kind, entry = outcome["kind"], errors[key]
    if kind == FAULT:
        return is_fault(entry, outcome["faultcode"], outcome["faultstring"])
    if kind == ERROR:
        return is_error(entry, outcome["status"], outcome["code"])
    return bool(kind == REFUSED and entry.kind == "http" and outcome["status"] == entry.status)


def told(outcome: Outcome, errors: Errors) -> str:
    """An outcome in words, with the error's name where it has one."""
    kind = outcome["kind"]
    if kind == ANSWER:
        return "an answer"
    known = kind not in (ERROR, FAULT, REFUSED)
    name = _key_of(outcome, errors) or ("" if known else "no known one")
    about = f" {name}" if name else ""
    return f"{kind}{about} ({short(outcome['reason'])})"
