"""The ledger of an agency: every fact that the contract states, and how sure we are of it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from podatelna.kernel.catalogue import load_codelist
from podatelna.kernel.contract import Contract
from podatelna.kernel.ledger import CERTAINTIES, Certainty, Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Fact):
    """One fact of the contract."""

    agency: str
    kind: str
    """error, setting, constant, or the code list whose row it is."""
    name: str


def ledger(contract: Contract) -> Iterator[Line]:
    """All facts of a contract, in its own order."""
    kinds: Mapping[str, Mapping[str, Fact]] = {
        "error": contract.errors,
        "setting": contract.settings.settings,
        "constant": contract.constants,
    }
    for kind, facts in kinds.items():
        for name, fact in facts.items():
            yield Line(
                agency=contract.agency,
                kind=kind,
                name=name,
                certainty=fact.certainty,
                source=fact.source,
            )
    for codelist in contract.codelists():
        path = contract.folder / "codelists" / f"{codelist}.csv"
        yield from codelist_lines(contract.agency, path)


def codelist_lines(agency: str, path: Path) -> Iterator[Line]:
    """The rows of one code list; ValueError for a row without certainty or source."""
    for number, row in enumerate(load_codelist(path), FIRST_ROW):
        try:
            yield Line(
                agency=agency,
                kind=path.stem,
                name=row["code"],
                # The row says it as text; Fact refuses what is no certainty.
                certainty=row["certainty"],  # type: ignore[arg-type] # see above
                source=row["source"],
            )
        except (KeyError, ValueError) as error:
            raise ValueError(f"{path}:{number}: {error}") from error


FIRST_ROW = 2
"""Of a code list: the column names stand in the first line."""


def counts(lines: Iterable[Line]) -> dict[str, dict[Certainty, int]]:
    """How many facts of each kind are of each certainty; every certainty is there."""
    counted: dict[str, Counter[Certainty]] = {}
    for line in lines:
        counted.setdefault(line.kind, Counter())[line.certainty] += 1
    return {
        kind: {certainty: of[certainty] for certainty in CERTAINTIES}
        for kind, of in counted.items()
    }
