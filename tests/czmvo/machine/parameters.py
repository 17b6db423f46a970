"""Parameters as the model reads them: what is missing goes before what is wrong."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from tests.czmvo.machine.records import Outcome, instant
from tests.czmvo.machine.turn import Values, refused

LARGEST = 2**31 - 1
Read = Callable[[Any], Any]


def text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError
    return str(value)


def uprc(value: Any) -> str:
    return text(value).upper()


def uprcs(value: Any) -> list[str]:
    return list(
        dict.fromkeys(uprc(each) for each in (value if isinstance(value, list) else [value]))
    )


def number(value: Any) -> int:
    if not re.fullmatch(r"-?[0-9]+", text(value)) or abs(int(value)) > LARGEST:
        raise ValueError
    return int(value)


def numbers(value: Any) -> list[int]:
    return [number(each) for each in (value if isinstance(value, list) else [value])]


def flag(value: Any) -> bool:
    return {"true": True, "false": False, "1": True, "0": False}[str(value).lower()]


def day(value: Any) -> str:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text(value)):
        raise ValueError
    return date.fromisoformat(value).isoformat()


def moment(value: Any) -> Any:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", text(value)):
        raise ValueError
    return instant(value)


def anything(value: Any) -> Any:
    return value


Takes = dict[str, Read]
GROUPS: Takes = {"group": flag, "group_a": flag}
STATE: Takes = {
    "uprc": uprc,
    "latest": flag,
    "createdFrom": moment,
    "createdTo": moment,
    "changedFrom": moment,
    "state": number,
    "page": number,
}
SEND: Takes = {
    "uprc": uprc,
    "public": flag,
    "id_parent": number,
    "subject": text,
    "message": text,
    "file": text,
    "filename": text,
    "id_request": number,
    **GROUPS,
    "only_file": flag,
}
REASONS = ("id_reason", "id_reopenreason", "id_reopenReason", "reopenReason", "reason")
PUT_STATE: Takes = {
    "uprc": uprcs,
    "state": number,
    **GROUPS,
    "id_request": number,
    **dict.fromkeys(REASONS, number),
    "nsolError": text,
}
EDIT: Takes = {
    "id": number,
    "public": flag,
    "subject": text,
    "message": text,
    "id_request": number,
}
CHOICE: Takes = {"productCode": text, "batch": text, "id": numbers}
INSERT: Takes = {"validity": day, "state": text, "productCode": text, "batch": text, "csv": text}


Lacks = Callable[[Values], bool]
"""Whether something is missing that not every call needs; what is wrong counts as given."""


def read(takes: Takes, needed: tuple[str, ...] | Lacks, given: Values) -> Values | Outcome:
    """What is empty is not given, but for a note, which is deleted by it."""
    known = {
        name: value
        for name, value in given.items()
        if name in takes and value is not None and (name == "note" or value not in ("", []))
    }
    values = {name: _read(reader, known[name]) for name, reader in takes.items() if name in known}
    if needed(values) if callable(needed) else any(name not in known for name in needed):
        return refused(11)
    wrong = next((name for name, value in values.items() if value is WRONG), None)
    return refused(5, wrong) if wrong else values


WRONG = object()


def _read(reader: Read, value: Any) -> Any:
    try:
        return reader(value)
    except (ValueError, KeyError):
        return WRONG


def message_lacks(values: Values) -> bool:
    """Subject and text come with a canned message, and a file may go without (manual 2.7.2)."""
    worded = "file" in values or values.get("id_request")
    needed = {
        "uprc": not values.get("id_parent"),
        "subject": not worded,
        "message": not worded,
        "file": values.get("only_file"),
        "filename": "file" in values,
    }
    return any(so and name not in values for name, so in needed.items())


def exception_lacks(values: Values) -> bool:
    """Of a single one (manual 2.8.2)."""
    return "csv" not in values and not {"productCode", "batch", "validity"} <= values.keys()
