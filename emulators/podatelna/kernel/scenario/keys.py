"""Whether the errors and answers that a scenario expects exist."""

from collections.abc import Iterator, Mapping
from typing import Any

from podatelna.kernel.scenario.document import Place, Refusal
from podatelna.kernel.scenario.expectation import CallExpectation
from podatelna.kernel.scenario.shapes import error_keys, misfits
from podatelna.kernel.scenario.vocabulary import Reader
from podatelna.kernel.spelling import meant

FAULT = "fault"


def impossible(
    reader: Reader, expect: CallExpectation, call: str, place: Place
) -> Iterator[Refusal]:
    """Refuse what a call never answers, and errors that the agency does not have."""
    answers = _expectable(reader.words.calls[call.partition(".")[2]]["answers"])
    for name, value in expect.of_answer.items():
        where = (*place, name)
        if name not in answers:
            yield Refusal(where, f"{call} does not answer {name}{meant(name, answers)}")
            continue
        yield from misfits(value, answers[name], where)
        for kind, key, at in error_keys(value, answers[name], where):
            yield from unknown_key(reader, key, kind, at)
    if isinstance(expect.refused, str):
        yield from unknown_key(reader, expect.refused, "http", (*place, "refused"))
    yield from unknown_ending(reader, expect, place)


def unknown_ending(reader: Reader, expect: Any, place: Place) -> Iterator[Refusal]:
    """Refuse a fault and an error that the agency does not have."""
    if expect.fault:
        yield from unknown_key(reader, expect.fault, FAULT, (*place, "fault"))
    if expect.error:
        yield from unknown_key(reader, expect.error, "", (*place, "error"))


def unknown_key(reader: Reader, key: str, kind: str, place: Place) -> Iterator[Refusal]:
    """Refuse a key that is no error of a kind, and second numbers of a rule.

    Without a kind it may be any but a fault. A rule is one key whatever its number: scenarios hold
    under either numbering.
    """
    of_kind = {
        name: entry
        for name, entry in reader.words.errors.items()
        if (entry.kind == kind if kind else entry.kind != FAULT)
    }
    if key not in of_kind:
        known = [name for name, entry in of_kind.items() if not entry.variant_of]
        what = " ".join(filter(None, (kind, "error")))
        yield Refusal(place, f"there is no {what} {key}{meant(key, known)}")
    elif rule := of_kind[key].variant_of:
        yield Refusal(place, f"{key} is another number of {rule}: write {rule}")


def _expectable(answers: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of rows their number is expected, and one that is among them."""
    if "rows" not in answers:
        return answers
    return {**answers, "rows": "number", "row": answers["rows"][0]}
