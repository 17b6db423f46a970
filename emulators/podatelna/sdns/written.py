"""Values of the model as the tables keep them: parts of parts are JSON, in ASCII.

ASCII, because then no text that a caller chose can hold what a database refuses.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from podatelna.kernel.tables import heard
from podatelna.sdns.model import (
    FailedCheck,
    Header,
    Issue,
    Key,
    Message,
    Occurrence,
    Part,
    Trigger,
    Trouble,
)
from podatelna.sdns.queries import ISSUE_COLUMNS, KEY

Stored = dict[str, Any]
_COMPACT = json.JSONEncoder(separators=(",", ":"))
_HEADER = tuple(field.name for field in fields(Header))


def as_json(value: object) -> str:
    return _COMPACT.encode(value)


# -- messages


def _plain(header: Header) -> dict[str, Any]:
    """As `asdict` has it, which copies each text."""
    plain = {name: getattr(header, name) for name in _HEADER}
    return plain | {"part": asdict(header.part) if header.part else None}


def message_row(message: Message) -> Stored:
    """All but the id and the content."""
    header = message.header
    return {
        "file": heard(message.file),
        "login": heard(message.login),
        "sender": heard(header.sender),
        "number": heard(header.number),
        "received": message.received,
        "header": as_json(_plain(header)),
        **message_outcome(message),
    }


def message_outcome(message: Message) -> Stored:
    """What processing changes."""
    return {
        "issue": message.issue,
        "refused": _troubles_json(message.refused),
        "accepted": message.accepted,
    }


def message_of(row: Sequence[Any]) -> Message:
    number, file, login, received, header, issue, refused, accepted = row
    return Message(
        id=number,
        file=file,
        login=login,
        received=received,
        header=_header(json.loads(header)),
        issue=issue,
        refused=_troubles(refused),
        accepted=accepted,
    )


def _header(raw: Mapping[str, Any]) -> Header:
    part = raw["part"]
    return Header(**{**raw, "part": Part(**part) if part else None})


def _troubles_json(troubles: Iterable[Trouble]) -> str:
    return as_json([asdict(trouble) for trouble in troubles])


def _troubles(kept: str) -> tuple[Trouble, ...]:
    return tuple(Trouble(**raw) for raw in json.loads(kept))


# -- occurrences and issues


def key_row(key: Key) -> Stored:
    return {name: _heard(getattr(key, name)) for name in KEY}


def _heard(value: str | bool) -> str | bool:
    return heard(value) if isinstance(value, str) else value


def occurrence_row(occurrence: Occurrence) -> Stored:
    """All but the id."""
    return key_row(occurrence.key) | occurrence_outcome(occurrence)


def occurrence_outcome(occurrence: Occurrence) -> Stored:
    """What processing changes."""
    return {
        "version": occurrence.version,
        "variant": occurrence.variant,
        "state": occurrence.state,
        "term": occurrence.term,
        "current": occurrence.current,
    }


def occurrence_of(row: Sequence[Any]) -> Occurrence:
    number, data_set, subject, scope, as_of, test, version, variant, state, term, current = row
    return Occurrence(
        id=number,
        key=Key(data_set, subject, scope, as_of, bool(test)),
        version=version,
        variant=variant,
        state=state,
        term=term,
        current=current,
    )


def issue_row(issue: Issue) -> Stored:
    """All but the id."""
    return {
        "occurrence": issue.occurrence,
        "number": heard(issue.number),
        "sender": heard(issue.sender),
        "status": issue.status,
        "sent": issue.sent,
        "based_on": issue.based_on,
        **issue_outcome(issue),
    }


def issue_outcome(issue: Issue) -> Stored:
    """What processing changes."""
    return {
        "file": heard(issue.file),
        "accepted": issue.accepted,
        "state": issue.state,
        "since": issue.since,
        "complete": issue.complete,
        "parts": issue.parts,
        "troubles": _troubles_json(issue.troubles),
        "failed": as_json([asdict(check) for check in issue.failed]),
    }


def issue_of(row: Sequence[Any]) -> Issue:
    raw = dict(zip(ISSUE_COLUMNS, row, strict=True))
    failed = (FailedCheck(**_tupled(each)) for each in json.loads(raw["failed"]))
    read = {
        "sent": bool(raw["sent"]),
        "complete": bool(raw["complete"]),
        "troubles": _troubles(raw["troubles"]),
        "failed": tuple(failed),
    }
    return Issue(**{**raw, **read})


def _tupled(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**raw, "details": tuple(raw["details"])}


# -- triggers


def trigger_row(trigger: Trigger) -> Stored:
    return {
        "data_set": heard(trigger.data_set),
        "check_code": heard(trigger.check),
        "column_number": heard(trigger.column),
        "value": heard(trigger.value),
        "area": heard(trigger.area),
        "cells": as_json(dict(trigger.cells)),
    }


def trigger_of(row: Sequence[Any]) -> Trigger:
    data_set, check, column, value, area, cells = row
    return Trigger(data_set, check, column, value, area, json.loads(cells))
