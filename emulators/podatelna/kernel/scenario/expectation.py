"""What a step may expect. What it does not name may be anything."""

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from podatelna.kernel.scenario.part import Many, Part, refused

ENDINGS = frozenset({"fault", "outcome"})


class CallExpectation(Part):
    """What the reference client comes back with. Errors go by their keys in errors.yaml."""

    errors: Many[Many[str]] | None = None
    """The errors of each record, in the agency's order."""
    header: Many[str] | None = None
    """The errors of the message itself, in the agency's order."""
    accepted: int | None = None
    refused: int | str | None = None
    """A number: of refused records; a key: the HTTP refusal of the whole call."""
    duplicates: int | None = None
    receipt: bool | None = None
    error_receipt: bool | None = None
    stamp: bool | None = None
    rows: int | None = None
    """The length of a list."""
    row: dict[str, Any] | None = None
    """Columns of one row that the list must have."""
    value: bool | int | str | None = None
    fault: str | None = None
    outcome: Literal["unknown", "unreachable", "invalid"] | None = None
    """unknown: sent, but no whole answer; unreachable: not sent; invalid: the client refused."""

    @model_validator(mode="after")
    def _can_come_true(self) -> Self:
        expected = self.model_fields_set
        ends = bool(expected & ENDINGS) or isinstance(self.refused, str)
        if not expected or (ends and len(expected) > 1):
            raise refused("expect an answer, or one of fault, outcome and refused with a key")
        return self

    @property
    def of_answer(self) -> dict[str, Any]:
        """What is expected of an answer, by name, in the order of the model."""
        if isinstance(self.refused, str):
            return {}
        names = [name for name in type(self).model_fields if name in self.model_fields_set]
        return {name: getattr(self, name) for name in names if name not in ENDINGS}


class HttpExpectation(Part):
    """What comes back over HTTP."""

    status: int | None = None
    headers: dict[str, str | None] = Field(default_factory=dict)
    """null: the answer must not have the header."""
    empty: bool | None = None
    """Whether the body is empty."""
    xpath: dict[str, Any] = Field(default_factory=dict)
    """XPath: text; a list where it finds several, null where it must find nothing."""
    fault: str | None = None
    """Key of a fault in errors.yaml: its status, its code and its text."""
    body: str | None = None
    """The whole body, in UTF-8."""
    outcome: Literal["unknown", "unreachable"] | None = None
    """unknown: sent, but no whole answer; unreachable: no connection."""

    @model_validator(mode="after")
    def _can_come_true(self) -> Self:
        if self.outcome and len(self.model_fields_set) > 1:
            raise refused("without an answer nothing else can be expected of it")
        return self


class AdminExpectation(Part):
    """What an admin call answers."""

    status: int = 200
    json_: dict[str, Any] = Field(default_factory=dict, alias="json")
    """Members of the answer; others may stand beside them."""
