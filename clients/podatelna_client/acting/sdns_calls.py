"""The methods of the SDNS client: what each takes, how it is called, what is told of its answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from podatelna_client.acting import Shape
from podatelna_client.acting import sdns_running as running
from podatelna_client.acting.sdns_filling import HOW, MESSAGE
from podatelna_client.acting.shapes import shape_of
from podatelna_client.sdns import HeaderError, Parameter

_TEXT: Shape = ("text", "null")
_DAY: Shape = ("day", "null")
_NUMBER: Shape = ("number", "null")
WRONG: Mapping[str, Shape] = {
    "xml": "text",
    "base64": "text",
    "filename": _TEXT,
    "zipmethod": _TEXT,
    "signaturemethod": _TEXT,
    "resend": "flag",
}
"""Of messages: something in place of what the client would send, and in place of the parameters
that it would give; null: left out."""
_EXCLUSIVE = (
    ("row", "rows", "areas", "xml", "base64"),
    ("area", "areas", "xml", "base64"),
)
_ERRORS: Shape = [{"code": "text", "text": _TEXT}]
_OCCURRENCE: Mapping[str, Shape] = {
    "data_set": "text",
    "version": _NUMBER,
    "variant": _NUMBER,
    "subject": "text",
    "scope": "text",
    "as_of": _DAY,
    "due": _DAY,
    "deadline": _DAY,
    "test": "flag",
}
OCCURRENCE: Mapping[str, Shape] = {**_OCCURRENCE, "state": "number", "text": "text"}
ISSUE: Mapping[str, Shape] = {
    **_OCCURRENCE,
    "occurrence_state": "number",
    "occurrence_text": "text",
    "filename": _TEXT,
    "number": "number",
    "received": _DAY,
    "state": "number",
    "text": "text",
    "since": _DAY,
    "kind": "text",
    "errors": _ERRORS,
    "checks": [
        {
            "code": "text",
            "kind": "text",
            "text": _TEXT,
            "details": [{"number": _NUMBER, "text": "text"}],
        }
    ],
}
RECEIPT: Mapping[str, Shape] = {
    "number": "number",
    "filename": "text",
    "category": "text",
    "received": _DAY,
    "answered": _DAY,
    "messages": [{"type": "text", "text": "text"}],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method of the client."""

    takes: Mapping[str, Shape]
    answers: Mapping[str, Shape]
    run: running.Run
    exclusive: Sequence[Sequence[str]] = ()


def _sending(method: str) -> Method:
    takes = {**MESSAGE, **HOW, **WRONG}
    return Method(takes=takes, answers=RECEIPT, run=running.send(method), exclusive=_EXCLUSIVE)


def _telling(name: str, **takes: Shape) -> Method:
    """A question about the methodology."""
    return Method(takes=takes, answers={"rows": ["any"]}, run=running.asked(name))


METHODS: Mapping[str, Method] = {
    **{
        method: _sending(method)
        for method in ("send", "correct", "confirm", "cancel", "change", "withdraw", "complete")
    },
    "send_split": Method(
        takes={**MESSAGE, **HOW, "rows_per_message": "number"},
        answers={
            **RECEIPT,
            "sent": "number",
            "failed": _NUMBER,
            "rows": [{**RECEIPT, "code": "text"}],
        },
        run=running.send_split,
        exclusive=(("row", "rows", "areas"), ("area", "areas")),
    ),
    "get_params": Method(
        takes={"query": "text"},
        answers={
            "query": "text",
            "description": "text",
            "rows": [
                {
                    **shape_of(Parameter),
                    "choices": [{"name": "text", "value": "text", "default": "flag"}],
                }
            ],
        },
        run=running.get_params,
    ),
    "query": Method(
        takes={"query": "text", "parameters": "any", "framing": "text"},
        answers={"query": "text", "parameters": "any", "rows": ["any"]},
        run=running.query,
    ),
    "issues": Method(
        takes={
            "data_set": "text",
            "as_of": "day",
            "subject": "text",
            "scope": "text",
            "last_only": "flag",
            "texts": "flag",
            "framing": "text",
        },
        answers={"rows": [ISSUE], "states": ["number"], "occurrence_state": _NUMBER},
        run=running.issues,
    ),
    "occurrences": Method(
        takes={
            "since": "day",
            "until": "day",
            "subject": "text",
            "scope": _TEXT,
            "data_set": _TEXT,
            "state": _NUMBER,
        },
        answers={"rows": [OCCURRENCE]},
        run=running.occurrences,
    ),
    "header_errors": Method(
        takes={"since": "day", "until": "day", "subject": _TEXT},
        answers={"rows": [{**shape_of(HeaderError), "errors": _ERRORS}]},
        run=running.header_errors,
    ),
    "methodologies": _telling("methodologies", area=_TEXT, valid_on=_DAY),
    "data_sets": _telling("data_sets", methodology="text"),
    "data_set_content": _telling(
        "data_set_content", methodology="text", data_set="text", semantics="flag"
    ),
    "dimensions": _telling("dimensions", methodology="text"),
    "dimension_content": _telling("dimension_content", methodology="text", dimension="text"),
    "area_dimensions": _telling("area_dimensions", methodology="text", area="text"),
    "accounting": _telling("accounting", methodology="text"),
}
