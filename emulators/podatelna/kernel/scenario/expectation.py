"""What a step may expect. What it does not name may be anything."""

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from podatelna.kernel.scenario.part import Base64, Json, Many, Part, refused

ENDINGS = frozenset({"fault", "error", "outcome"})


class CallExpectation(Part):
    """What the reference client comes back with: what is here, and what the call answers by name.

    Errors go by their keys in errors.yaml. Of mappings the named members must be there; lists,
    texts and numbers must be equal.
    """

    model_config = ConfigDict(extra="allow")

    error: str | None = None
    """Key of the error with which the agency refused the call; what came along may stand beside."""
    refused: int | str | None = None
    """A number: of refused records; a key: the HTTP refusal of the whole call."""
    rows: int | None = None
    """The length of a list."""
    row: dict[str, Any] | None = None
    """Columns of one row that the list must have."""
    fault: str | None = None
    """Key of the fault that ended the call."""
    outcome: Literal["unknown", "unreachable", "invalid"] | None = None
    """unknown: sent, but no whole answer; unreachable: not sent; invalid: the client refused."""

    @model_validator(mode="before")
    @classmethod
    def _knows_its_keys(cls, given: Any) -> Any:
        # Which answers a call has is known when its name is looked up.
        return given

    @model_validator(mode="after")
    def _can_come_true(self) -> Self:
        expected = self.model_fields_set
        ends = bool(expected & {"fault", "outcome"}) or isinstance(self.refused, str)
        if not expected or (ends and len(expected) > 1):
            raise refused("expect an answer, or one of fault, outcome and refused with a key")
        return self

    @property
    def of_answer(self) -> Mapping[str, Any]:
        """What is expected of an answer, by name, in the order of the file."""
        if isinstance(self.refused, str):
            return {}
        expected = self.model_dump(exclude_unset=True)
        return {name: value for name, value in expected.items() if name not in ENDINGS}


class HttpExpectation(Part):
    """What comes back over HTTP."""

    status: int | None = None
    headers: dict[str, str | None] = Field(default_factory=dict)
    """null: the answer must not have the header."""
    empty: bool | None = None
    """Whether the body is empty."""
    xpath: dict[str, Any] = Field(default_factory=dict)
    """XPath: text; a list where it finds several, null where it must find nothing."""
    json_: Json = Field(default=None, alias="json")
    """Of mappings the named members must be there; lists, texts and numbers must be equal."""
    absent: Many[str] = ()
    """JSON Pointers to what must not be there, for example /result/alerts."""
    fault: str | None = None
    """Key of a fault in errors.yaml: its status, its code and its text."""
    error: str | None = None
    """Key of another error in errors.yaml: its status, and its number in the body."""
    body: str | None = None
    """The whole body, in UTF-8."""
    body_base64: Base64 | None = None
    """The whole body, whatever its bytes."""
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
    json_: Json = Field(default=None, alias="json")
    """Of mappings the named members must be there; lists, texts and numbers must be equal."""


class OutboxExpectation(Part):
    """Which letters there are."""

    rows: int | None = None
    """So many."""
    row: dict[str, Any] | None = None
    """What one of them must have."""

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if not self.model_fields_set:
            raise refused("expect rows, a row, or both")
        return self
