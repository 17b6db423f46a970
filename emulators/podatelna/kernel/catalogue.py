"""Error catalogues and code lists, read from the contract folder."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from podatelna.kernel.ledger import Fact
from podatelna.kernel.rules import Rule
from podatelna.kernel.yamlfile import read_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Fact):
    """One error of an agency's book. `extra` holds what only this agency's entries have."""

    key: str
    number: int | None
    kind: str
    text: str
    severity: int | None = None
    at: str = ""
    status: int | None = None
    variant_of: str = ""
    """The rule that reports this entry too, under another numbering."""
    emulated: bool = True
    why: str = ""
    about: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)


Errors = Mapping[str, Entry]

_KNOWN = {item.name for item in fields(Entry)} - {"key", "extra"}


class CatalogueGapError(LookupError):
    """A rule without an entry, or an entry without a rule: the sandbox refuses to start."""


def load_errors(path: Path) -> Errors:
    """Read an errors.yaml: a mapping of rule names to entries."""
    entries = read_yaml(path)
    if not isinstance(entries, dict):
        raise CatalogueGapError(f"{path}: a mapping of rule names to entries must be there")
    return {key: _entry(path, key, raw) for key, raw in entries.items()}


def _entry(path: Path, key: str, raw: Any) -> Entry:
    if not isinstance(raw, dict):
        raise CatalogueGapError(f"{path}: {key}: an entry must be a mapping, not {raw!r}")
    known = {name: value for name, value in raw.items() if name in _KNOWN}
    extra = {name: value for name, value in raw.items() if name not in _KNOWN}
    try:
        return Entry(key=key, extra=extra, **known)
    except (TypeError, ValueError) as error:
        raise CatalogueGapError(f"{path}: {key}: {error}") from error


def hold_together(errors: Errors, rules: Iterable[Rule[Any, Any]], raised: Iterable[str]) -> None:
    """Refuse a rule without an entry and an entry that nothing can report.

    `raised` are the keys that operations and the wire report without a rule.
    """
    reported = {rule.code for rule in rules} | set(raised)
    if missing := reported - errors.keys():
        raise CatalogueGapError(f"errors.yaml has no entry for {', '.join(sorted(missing))}")
    idle = {
        key
        for key, entry in errors.items()
        if entry.emulated and (entry.variant_of or key) not in reported
    }
    if idle:
        raise CatalogueGapError(
            f"nothing reports {', '.join(sorted(idle))}: write the rule, or say emulated: false"
        )


def load_codelist(path: Path) -> tuple[dict[str, str], ...]:
    """The rows of a code list, in the file's order, by column name."""
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))
