"""What became of scenarios: lines for people, JUnit XML for machines."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from lxml import etree

from podatelna.kernel.replay.replay import Failure, Result

Verdict = str
HELD, FAILED, SKIPPED = "held", "failed", "skipped"


def verdict(result: Result) -> Verdict:
    """A scenario that could be performed in part only and held so far has held."""
    if result.failure:
        return FAILED
    return HELD if result.performed else SKIPPED


def lines(result: Result, mark: Callable[[Verdict], str]) -> Iterator[str]:
    """One line, and what explains it."""
    scenario = result.file.scenario
    steps = f"{result.performed} step{'s' if result.performed != 1 else ''}"
    yield f"{mark(verdict(result))} {scenario.title} ({steps}, {result.seconds:.1f} s)"
    if result.skipped:
        yield f"    {result.file.path}: skipped, {result.skipped}"
    if result.failure:
        yield from explained(result.file.path, result.failure)


def explained(path: Path, failure: Failure) -> Iterator[str]:
    """Where it failed, what was expected there beside what came, and what the journal says."""
    yield f"    {path}:{failure.line}: {failure.doing}"
    for difference in failure.differences:
        yield f"      {difference.what}"
        yield f"        expected: {difference.expected}"
        yield f"        received: {difference.received}"
    if failure.journal:
        yield f"      journal {failure.journal}"


def summary(results: Sequence[Result]) -> str:
    """How many of each, in one line."""
    verdicts = [verdict(result) for result in results]
    told = ", ".join(f"{verdicts.count(each)} {each}" for each in (HELD, FAILED, SKIPPED))
    return f"{len(results)} scenario{'s' if len(results) != 1 else ''}: {told}"


def junit(results: Iterable[Result]) -> bytes:
    """A test suite with one case for each scenario."""
    listed = list(results)
    verdicts = [verdict(result) for result in listed]
    suite = etree.Element(
        "testsuite",
        name="podatelna",
        tests=str(len(listed)),
        failures=str(verdicts.count(FAILED)),
        errors="0",
        skipped=str(verdicts.count(SKIPPED)),
        time=f"{sum(result.seconds for result in listed):.3f}",
    )
    for result in listed:
        suite.append(_case(result))
    root = etree.Element("testsuites")
    root.append(suite)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def _case(result: Result) -> etree._Element:
    scenario, path = result.file.scenario, result.file.path
    case = etree.Element(
        "testcase",
        classname=scenario.agency,
        name=scenario.title,
        file=str(path),
        time=f"{result.seconds:.3f}",
    )
    if result.failure:
        failure = etree.SubElement(case, "failure", message=_in_short(result.failure))
        failure.text = _writable("\n".join(explained(path, result.failure)))
    elif not result.performed:
        etree.SubElement(case, "skipped", message=result.skipped)
    elif result.skipped:
        etree.SubElement(case, "system-out").text = f"skipped, {result.skipped}"
    return case


def _in_short(failure: Failure) -> str:
    first = failure.differences[0]
    told = f"{failure.doing}: {first.what}: expected {first.expected}, received {first.received}"
    return _writable(told)


def _writable(text: str) -> str:
    """Without the characters that XML 1.0 cannot hold (section 2.2)."""
    return "".join(sign if sign.isprintable() or sign in "\n\t" else "\ufffd" for sign in text)
