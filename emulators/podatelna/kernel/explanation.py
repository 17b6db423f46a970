"""Why a call was refused: what the journal has of it, beside what the contract says of that."""

from collections.abc import Mapping
from dataclasses import dataclass

from podatelna.kernel.catalogue import Entry
from podatelna.kernel.contract import Contract
from podatelna.kernel.journal import Exchange
from podatelna.kernel.rules import Finding


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that an agency found wrong with a call, with its entry in the error catalogue."""

    error: str
    """The entry's key: the name of the rule."""
    at: str
    """The offending place, in the contract's own names; empty: the call itself."""
    record: int | None
    """Position of the record in the message, from 0; None: it is of no record."""
    received: str
    number: int | None = None
    """As the agency numbers it, where it does."""
    text: str = ""
    """In the agency's words, with its {variables}."""
    about: str = ""
    """What breaks the rule."""
    certainty: str = ""
    source: str = ""
    """Document and section."""
    evidence: Mapping[str, str] | None = None
    """Of each part of the entry for itself, where they differ."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What an exchange came to, and why."""

    number: int
    at: str
    agency: str
    operation: str
    login: str
    called: str
    """Method and target."""
    status: int
    reasons: tuple[Reason, ...]
    notes: tuple[str, ...]
    """Sentences for the developer of the client: what was skipped, assumed or disrupted."""


def explain(exchange: Exchange, contract: Contract) -> Explanation:
    """An exchange with the agency of this contract."""
    return Explanation(
        number=exchange.number,
        at=exchange.at,
        agency=exchange.agency,
        operation=exchange.operation,
        login=exchange.login,
        called=f"{exchange.method} {exchange.target}",
        status=exchange.status,
        reasons=tuple(_reason(each, contract.errors.get(each.code)) for each in exchange.findings),
        notes=exchange.notes,
    )


def _reason(found: Finding, entry: Entry | None) -> Reason:
    """A finding outlives a change of the catalogue; then nothing is known of it but itself."""
    if entry is None:
        return Reason(found.code, found.at, found.record, found.received)
    return Reason(
        error=found.code,
        at=found.at or entry.at,
        record=found.record,
        received=found.received,
        number=entry.number,
        text=entry.text,
        about=entry.about or entry.why,
        certainty=entry.certainty,
        source=entry.source,
        evidence=dict(entry.evidence) or None,
    )


def told(explanation: Explanation) -> list[str]:
    """An explanation as lines of text."""
    one = explanation
    by = f" by {one.login}" if one.login else ""
    lines = [f"#{one.number} {one.at} {one.agency} {one.operation}".rstrip()]
    lines.append(f"  {one.called}{by}: HTTP {one.status}")
    for reason in one.reasons:
        lines += _told(reason)
    lines += [f"  note: {note}" for note in one.notes]
    if not one.reasons:
        lines.append("  Nothing was found wrong with it.")
    return lines


def _told(reason: Reason) -> list[str]:
    number = "" if reason.number is None else f" ({reason.number})"
    record = "" if reason.record is None else f", record {reason.record}"
    about = {
        "text": reason.text,
        "where": f"{reason.at or 'the call itself'}{record}",
        "received": reason.received,
        "rule": reason.about,
        "source": f"{reason.certainty}: {reason.source}" if reason.source else "",
    }
    return [
        f"  refused by {reason.error}{number}",
        *(f"    {name}: {text}" for name, text in about.items() if text),
    ]
