"""What was expected beside what came."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from podatelna.kernel.catalogue import Entry, Errors
from podatelna.kernel.scenario.expectation import CallExpectation

ANSWER = "answer"
SHORT = 200
"""Longest value that a message shows whole."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One expectation that did not hold, in words."""

    what: str
    expected: str
    received: str


Differences = Iterator[Difference]
Outcome = Mapping[str, Any]
"""What an actor returns."""


def call_differences(
    expect: CallExpectation | None, outcome: Outcome, errors: Errors
) -> Differences:
    """Where the outcome of a call is not as expected; without expectation it must be an answer."""
    if expect and expect.outcome:
        if outcome["kind"] != expect.outcome:
            yield Difference("outcome", expect.outcome, told(outcome, errors))
    elif expect and (key := _ending(expect)):
        if _key_of(outcome, errors, key) != key:
            yield Difference("outcome", _expected_ending(errors[key]), told(outcome, errors))
    elif outcome["kind"] != ANSWER:
        yield Difference("outcome", "an answer", told(outcome, errors))
    else:
        yield from _of_answer(expect.of_answer if expect else {}, outcome, errors)


def _ending(expect: CallExpectation) -> str:
    return expect.fault or (expect.refused if isinstance(expect.refused, str) else "")


def _of_answer(expected: Mapping[str, Any], outcome: Outcome, errors: Errors) -> Differences:
    names = error_names(errors)
    codes = {name: _named(value, names) for name, value in outcome["codes"].items()}
    received = {**outcome["values"], **codes}
    for name, value in expected.items():
        if name == "rows":
            yield from _unequal(name, value, len(received["rows"]))
        elif name == "row":
            yield from _missing_row(value, received["rows"])
        else:
            yield from _unequal(name, _as_lists(value), received[name])


def _unequal(name: str, expected: object, received: object) -> Differences:
    # To Python, true is 1; to a scenario it is not.
    if type(expected) is not type(received) or expected != received:
        yield Difference(name, shown(expected), shown(received))


def _missing_row(expected: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Differences:
    if any(contains(row, expected) for row in rows):
        return

    def likeness(row: Mapping[str, Any]) -> int:
        return sum(row.get(key) == value for key, value in expected.items())

    nearest = max(rows, key=likeness, default={})
    beside = {key: nearest[key] for key in expected if key in nearest}
    yield Difference("row", shown(expected), f"no such row; the nearest is {shown(beside)}")


def contains(whole: object, part: object) -> bool:
    """Whether `part` is there: keys of mappings may be more, lists and values are equal."""
    if isinstance(part, Mapping):
        return isinstance(whole, Mapping) and all(
            key in whole and contains(whole[key], value) for key, value in part.items()
        )
    if isinstance(part, list):
        return (
            isinstance(whole, list) and len(whole) == len(part) and all(map(contains, whole, part))
        )
    return type(whole) is type(part) and whole == part


def error_names(errors: Errors) -> Mapping[int, str]:
    """Names of error numbers; a rule's other numbers have the rule's name."""
    return {
        entry.number: entry.variant_of or key
        for key, entry in errors.items()
        if entry.number is not None
    }


def _named(codes: Any, names: Mapping[int, str]) -> Any:
    if isinstance(codes, int):
        return names.get(codes, f"number {codes}")
    return [_named(code, names) for code in codes]


def _as_lists(value: Any) -> Any:
    return [_as_lists(item) for item in value] if isinstance(value, tuple) else value


def _key_of(outcome: Outcome, errors: Errors, wanted: str = "") -> str | None:
    """The error that ended a call; the wanted one before others that look like it."""
    keys = sorted(errors, key=lambda key: key != wanted)
    return next((key for key in keys if _is(outcome, errors[key])), None)


def _is(outcome: Outcome, entry: Entry) -> bool:
    if outcome["kind"] == "fault":
        return is_fault(entry, outcome["faultcode"], outcome["faultstring"])
    return (
        outcome["kind"] == "refused" and entry.kind == "http" and outcome["status"] == entry.status
    )


def is_fault(entry: Entry, code: str, text: str) -> bool:
    """Whether it is this fault; words in braces in the entry's text may be anything."""
    template = "".join(
        ".*" if position % 2 else re.escape(part)
        for position, part in enumerate(re.split(r"(\{\w+\})", entry.text))
    )
    return (
        entry.kind == "fault"
        and code == entry.extra["faultcode"]
        and re.fullmatch(template, text, re.DOTALL) is not None
    )


def _expected_ending(entry: Entry) -> str:
    if entry.kind == "fault":
        return f"fault {entry.key} ({entry.extra['faultcode']}: {short(entry.text)})"
    return f"refused: {entry.key} (HTTP {entry.status})"


def told(outcome: Outcome, errors: Errors) -> str:
    """An outcome in words, with the error's name where it has one."""
    kind = outcome["kind"]
    if kind == ANSWER:
        return "an answer"
    name = _key_of(outcome, errors) or ("" if kind not in ("fault", "refused") else "no known one")
    about = f" {name}" if name else ""
    return f"{kind}{about} ({short(outcome['reason'])})"


def shown(value: object) -> str:
    """A value as a scenario file writes it, in one line."""
    text = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, width=float("inf"), sort_keys=False
    )
    return short(text.removesuffix("\n").removesuffix("\n..."))


def short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[:SHORT]}..."


def unequal_texts(what: str, expected: str, received: str) -> Differences:
    """Two texts that must be equal; long ones are shown from shortly before they part."""
    if expected != received:
        pairs = enumerate(zip(expected, received, strict=False))
        common = next((at for at, (one, other) in pairs if one != other), len(expected))
        start = max(0, common - SHORT // 4) if max(len(expected), len(received)) > SHORT else 0
        before = f"from character {start}: " if start else ""
        pair = (before + short(repr(text[start:])) for text in (expected, received))
        yield Difference(what, *pair)
