"""Whether the errors and answers that a scenario expects exist."""

from collections.abc import Iterable, Iterator

from podatelna.kernel.scenario.document import Place, Refusal
from podatelna.kernel.scenario.expectation import CallExpectation
from podatelna.kernel.scenario.vocabulary import Reader
from podatelna.kernel.spelling import meant


def impossible(
    reader: Reader, expect: CallExpectation, call: str, place: Place
) -> Iterator[Refusal]:
    """Refuse what a call never answers, and errors that the agency does not have."""
    answers = reader.words.calls[call.partition(".")[2]]["answers"]
    for name in expect.of_answer:
        if name not in answers:
            has = f"its answer has {', '.join(answers)}"
            yield Refusal((*place, name), f"{call} does not answer {name}; {has}")
    for position, record in enumerate(expect.errors or ()):
        yield from unknown_keys(reader, record, "record", (*place, "errors", position))
    yield from unknown_keys(reader, expect.header or (), "header", (*place, "header"))
    refusal = [expect.refused] if isinstance(expect.refused, str) else []
    yield from unknown_keys(reader, refusal, "http", (*place, "refused"))
    fault = [expect.fault] if expect.fault else []
    yield from unknown_keys(reader, fault, "fault", (*place, "fault"))


def unknown_keys(reader: Reader, keys: Iterable[str], kind: str, place: Place) -> Iterator[Refusal]:
    """Refuse keys that are no errors of a kind, and second numbers of a rule.

    A rule is one key whatever its number: scenarios hold under either numbering.
    """
    of_kind = {key: entry for key, entry in reader.words.errors.items() if entry.kind == kind}
    known = [key for key, entry in of_kind.items() if not entry.variant_of]
    for position, key in enumerate(keys):
        where = (*place, position)
        if key not in of_kind:
            yield Refusal(where, f"there is no {kind} error {key}{meant(key, known)}")
        elif rule := of_kind[key].variant_of:
            yield Refusal(where, f"{key} is another number of {rule}: write {rule}")
