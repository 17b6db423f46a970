"""Which entry of an agency's error book an answer tells."""

import re
from collections.abc import Mapping

from podatelna.kernel.catalogue import Entry, Errors
from podatelna.kernel.replay.difference import short


def error_names(errors: Errors) -> Mapping[int, str]:
    """Names of error numbers; a rule's other numbers have the rule's name."""
    return {
        entry.number: entry.variant_of or key
        for key, entry in errors.items()
        if entry.number is not None
    }


def is_error(entry: Entry, status: int, code: int | str | None) -> bool:
    """Whether an answer with this status, whose body tells this code, is this error.

    Errors without a number are told by their code or text, or by nothing but their status.
    """
    if entry.kind == "fault" or entry.status not in (None, status):
        return False
    if entry.number is not None:
        return code == entry.number
    own = (entry.text, entry.extra.get("code"), entry.extra.get("observed_code"))
    return code in own if isinstance(code, str) else code is None


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


def told_entry(entry: Entry) -> str:
    """An error of the book in words."""
    if entry.kind == "fault":
        return f"fault {entry.key} ({entry.extra['faultcode']}: {short(entry.text)})"
    if entry.kind == "http":
        return f"refused: {entry.key} (HTTP {entry.status})"
    return f"error {entry.key} ({told_code(entry.status, entry.number)})"


def told_code(status: int | None, code: int | str | None) -> str:
    """What tells an error, in words."""
    parts = {"HTTP": status, "code": code}
    return ", ".join(f"{name} {value}" for name, value in parts.items() if value is not None)
