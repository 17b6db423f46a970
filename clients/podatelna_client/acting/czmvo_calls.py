"""The methods of the AMS client: what each takes, and what is told of its answer."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from podatelna_client.acting import Shape, czmvo_method
from podatelna_client.acting.czmvo_method import Method, by_name
from podatelna_client.acting.shapes import shape_of
from podatelna_client.czmvo import (
    Alert,
    AlertState,
    CannedMessage,
    ConnectionCheck,
    DeletedException,
    ExceptionRecord,
    ExceptionState,
    ImportedLine,
    Level3Alert,
    Message,
    MessageEdit,
    NewException,
    Note,
    NoteChange,
    ReopenReason,
    TypeState,
)

_MOMENT: Shape = ("day", "text")
_DAY: Shape = ("day", "text", "null")
_FILTERS: Mapping[str, Shape] = {
    "uprc": "text",
    "latest": "flag",
    "created_from": _MOMENT,
    "created_to": _MOMENT,
    "changed_from": _MOMENT,
    "state": "number",
}
_MESSAGES: Mapping[str, Shape] = {"uprc": "text", "message_id": "number", "changed_from": _MOMENT}
_REACH: Mapping[str, Shape] = {"public": "flag", "group": "flag", "group_a": "flag"}
_OCTETS: Mapping[str, Shape] = {"content": "text", "base64": "text", "size": "number"}
"""A file: a text, any octets, or so many of them."""
_FILE: Mapping[str, Shape] = {
    "name": "text",
    "media_type": "text",
    "size": "number",
    "base64": "text",
}
_WORDS: Mapping[str, Shape] = {"subject": "text", "message": "text"}
_FILTER: Mapping[str, Shape] = {"product_code": "text", "batch": ("text", "null")}
_IDS: Mapping[str, Shape] = {"ids": ["number"]}
_LINE = {**shape_of(NewException), "validity": _DAY}

_BLOCKING: Mapping[str, Shape] = {"uprc": ["text"]}
"""Of code 40: the alerts that were in the way."""
_SAMPLE: Mapping[str, Any] = {"subject": "Sample", "message": "Sample"}

ANSWERED: Mapping[str, Shape] = {
    "http": "number",
    "code": ("number", "text"),
    "message": "text",
    "retry_after": "number",
}
"""What every call may come back with: an error's text, and the seconds of a 429, too."""


def _listing(kind: type, takes: Mapping[str, Shape] | None = None, **members: Shape) -> Method:
    rows = [{**shape_of(kind), **members}]
    return Method(takes=takes or {}, answers={"rows": rows}, tell=czmvo_method.rows)


def _tabling(takes: Mapping[str, Shape] | None = None) -> Method:
    answers = {"header": ["text"], "rows": ["any"]}
    return Method(takes=takes or {}, answers=answers, tell=czmvo_method.table)


def _sending(
    takes: Mapping[str, Shape], samples: Mapping[str, Any] | None = None, octets: str = ""
) -> Method:
    return Method(
        takes=takes,
        answers={"id": "number", **_BLOCKING},
        tell=by_name("id"),
        exclusive=[tuple(_OCTETS)] if octets else (),
        octets=octets,
        samples=samples or {},
    )


METHODS: Mapping[str, Method] = {
    "list_states": Method(
        takes={"page": "number", **_FILTERS},
        answers={"pages": "number", "current": "number", "rows": [shape_of(Alert)]},
        tell=czmvo_method.page,
    ),
    "iterate_states": _listing(Alert, _FILTERS),
    "count_pages": Method(takes=_FILTERS, answers={"value": "number"}, tell=by_name("value")),
    "list_states_csv": _tabling({"page": "number", **_FILTERS}),
    "messages": _listing(Message, _MESSAGES),
    "messages_csv": _tabling(_MESSAGES),
    "file": Method(takes={"message_id": "number"}, answers=_FILE, tell=czmvo_method.file),
    "download": Method(takes={"message_id": "number"}, answers=_FILE, tell=czmvo_method.file),
    "alert_states": _listing(AlertState),
    "alert_states_csv": _tabling(),
    "canned_messages": _listing(CannedMessage, for_states=(["number"], "null")),
    "canned_messages_csv": _tabling(),
    "type_states": _listing(TypeState),
    "reopen_reasons": _listing(ReopenReason),
    "group": Method(takes={"uprc": "text"}, answers={"uprc": ["text"]}, tell=by_name("uprc")),
    "note": Method(takes={"uprc": "text", "party": "text"}, answers=shape_of(Note), tell=asdict),
    "level3_counter": Method(
        takes={"location": "text"}, answers={"value": "number"}, tell=by_name("value")
    ),
    "level3_alerts": _listing(Level3Alert, {"location": "text", "from_counter": "number"}),
    "verify_connection": Method(
        takes={"module": "text", "method": "text"}, answers=shape_of(ConnectionCheck), tell=asdict
    ),
    "send": _sending(
        {
            "uprc": "text",
            "id_parent": "number",
            **_WORDS,
            **_OCTETS,
            "filename": "text",
            "id_request": "number",
            "only_file": "flag",
            **_REACH,
        },
        octets="file",
    ),
    "send_message": _sending({"uprc": "text", **_WORDS, **_REACH}, _SAMPLE),
    "send_canned": _sending({"uprc": "text", "id_request": "number", **_REACH}),
    "reply": _sending(
        {
            "id_parent": "number",
            **_WORDS,
            "uprc": "text",
            "public": "flag",
            "id_request": "number",
        },
        _SAMPLE,
    ),
    "send_file": _sending(
        {
            "uprc": "text",
            "filename": "text",
            **_OCTETS,
            "id_parent": "number",
            **_WORDS,
            "only_file": "flag",
            **_REACH,
        },
        {"filename": "sample.txt", "content": "Sample"},
        octets="content",
    ),
    "edit_message": Method(
        takes={"message_id": "number", "public": "flag", **_WORDS, "id_request": "number"},
        answers=shape_of(MessageEdit),
        tell=asdict,
    ),
    "set_state": Method(
        takes={
            "uprc": ("text", ["text"]),
            "state": "number",
            "group": "flag",
            "group_a": "flag",
            "id_request": "number",
            "reason": "number",
            "extra": "any",
        },
        answers=_BLOCKING,
        tell=by_name("uprc"),
    ),
    "set_note": Method(
        takes={"uprc": "text", "note": "text", "private": "flag"},
        answers=shape_of(NoteChange),
        tell=asdict,
        samples={"note": "Sample"},
    ),
    "delete_message": Method(
        takes={"message_id": "number"}, answers={"id": "number"}, tell=by_name("id")
    ),
    "delete_note": Method(takes={"uprc": "text"}, answers={"uprc": "text"}, tell=by_name("uprc")),
    "exception_states": _listing(ExceptionState),
    "exception_states_csv": _tabling(),
    "exceptions": _listing(ExceptionRecord, {**_FILTER, **_IDS}),
    "verify_exception": Method(
        takes=_FILTER,
        answers={"excepted": "flag", "record": (shape_of(ExceptionRecord), "null")},
        tell=asdict,
    ),
    "add_exception": Method(
        takes={**_FILTER, "validity": _DAY, "state": "text"},
        answers={"rows": [shape_of(ImportedLine)], "count": "number"},
        tell=czmvo_method.imported,
        samples={"batch": "SAMPLE", "validity": "2099-12-31", "state": "OP"},
    ),
    "import_exceptions": Method(
        takes={"lines": [_LINE], **_OCTETS, "validity": _DAY, "state": "text"},
        answers={"rows": [shape_of(ImportedLine)], "count": "number"},
        tell=czmvo_method.imported,
        exclusive=[("lines", *_OCTETS)],
        octets="lines",
    ),
    "delete_exceptions": Method(
        takes={**_FILTER, **_IDS},
        answers={"affected": "number", "rows": [shape_of(DeletedException)]},
        tell=czmvo_method.deleted,
    ),
}
