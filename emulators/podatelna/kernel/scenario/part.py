"""What all parts of a scenario file have in common. Refusals name the key that is to blame."""

import json
from base64 import b64decode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    model_validator,
)
from pydantic_core import PydanticCustomError

from podatelna.kernel.duration import read_duration
from podatelna.kernel.spelling import meant

T = TypeVar("T")
REFUSED = "refused"
"""The type of the errors that `refused` makes, for pydantic."""


def refused(text: str, key: object = "") -> PydanticCustomError:
    """What a validator raises; `key` is the key that is to blame, where it is one."""
    return PydanticCustomError(REFUSED, "{text}", {"text": text, "key": str(key)})


class Part(BaseModel):
    """A mapping in a scenario file. Unknown keys are typing errors."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True
    )

    @model_validator(mode="before")
    @classmethod
    def _knows_its_keys(cls, given: Any) -> Any:
        known = [field.alias or name for name, field in cls.model_fields.items()]
        for key in given if isinstance(given, Mapping) else ():
            if key not in known:
                raise refused(f"unknown key {key}{meant(str(key), known)}", key)
        return given


def _instant(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _duration(text: str) -> str:
    read_duration(text)
    return text


def _base64(text: str) -> str:
    try:
        b64decode(text, validate=True)
    except ValueError as error:
        raise refused("this is not base64") from error
    return text


def _json(value: Any) -> Any:
    """As JSON brings it: all keys are texts."""
    try:
        return json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        raise refused("JSON has no such value; put dates in quotes") from error


Many = Annotated[tuple[T, ...], Strict(False)]
"""A list in the file, of any length."""
Instant = Annotated[datetime, AfterValidator(_instant)]
"""A time without a zone is UTC."""
Duration = Annotated[str, AfterValidator(_duration)]
Times = Annotated[int, Field(ge=1)]
Base64 = Annotated[str, AfterValidator(_base64)]
Json = Annotated[Any, AfterValidator(_json)]
"""Any value that JSON has."""


class Caller(Part):
    """Who calls. The login alone may stand instead of this mapping."""

    login: str
    environment: str = ""
    """Needed only where several environments know the login."""
    password: str | None = None
    """Instead of the account's own."""
    kind: str = ""
    """Of credentials, instead of the account's own; with a password they need no account."""
    unknown: bool = False
    """The environment does not know the login, and that is the point; needs a password."""


def _caller(given: Any) -> Any:
    return {"login": given} if isinstance(given, str) else given


As = Annotated[Caller, BeforeValidator(_caller, json_schema_input_type=str | Caller)]
