"""The parameters of a call by their places: text, or what they refer to among the attachments."""

from base64 import b64encode
from dataclasses import dataclass
from typing import Final

from podatelna.kernel.multipart import NotMultipart, Part
from podatelna.kernel.rpc import Argument
from podatelna.sdns.door import Asked, Kind, Refused
from podatelna.sdns.hiding import unwrapped
from podatelna.sdns.submission import Submission

_INPUT: Final = 5
"""The place of inputdata among the parameters of loadData."""


@dataclass(frozen=True, slots=True)
class Query:
    """A call of EwiQueryWS."""

    method: str
    query_type: str
    """As it was sent; "" if it is missing."""
    parameters: bytes
    """The document in xmlParam, out of its encodings; empty: there is none."""
    inline: bool
    """It came in the envelope, not as an attachment."""


def bind(asked: Asked, service: Kind) -> Submission | Query:
    """A call with its parameters. Raises Refused."""
    if service == "load":
        return _submission(asked)
    query_type, argument = _text(asked, 0) or "", _argument(asked, 1)
    inline = argument is not None and not argument.href
    return Query(asked.method, query_type, _parameters(asked), inline)


def _submission(asked: Asked) -> Submission:
    """The parameters of loadData by their places. Raises Refused."""
    filename, username, password, zipmethod, signaturemethod, _, language, country = (
        None if place == _INPUT else _text(asked, place) for place in range(_INPUT + 3)
    )
    return Submission(
        filename=filename,
        username=username,
        password=password,
        zipmethod=zipmethod,
        signaturemethod=signaturemethod,
        inputdata=_data(asked),
        language=language,
        country=country,
    )


def _argument(asked: Asked, place: int) -> Argument | None:
    """None: it was not sent, or is xsi:nil."""
    found = asked.arguments[place : place + 1]
    return None if not found or found[0].nil else found[0]


def _text(asked: Asked, place: int) -> str | None:
    """The text of a parameter; None: it is missing. Raises Refused."""
    argument = _argument(asked, place)
    part = asked.attached(argument) if argument else None
    if part:
        return bytes(_content(part)).decode(errors="replace")
    return argument.text if argument else None


def _data(asked: Asked) -> bytes | str | None:
    """inputdata as Base64, also where it is attached. Raises Refused."""
    argument = _argument(asked, _INPUT)
    part = asked.attached(argument) if argument else None
    if part:
        return bytes(part.sent) if part.encoding == "base64" else b64encode(_content(part))
    return argument.text if argument else None


def _parameters(asked: Asked) -> bytes:
    """The document in xmlParam, attached or inline, in Base64 or not. Raises Refused."""
    argument = _argument(asked, 1)
    if argument is None:
        return b""
    part = asked.attached(argument)
    data = bytes(_content(part)) if part else argument.text.encode(errors="replace")
    inner = unwrapped(data)
    return data if inner is None else inner


def _content(part: Part) -> bytes | memoryview:
    try:
        return part.content
    except NotMultipart as broken:
        raise Refused("call_unreadable", reason=broken.text) from None
