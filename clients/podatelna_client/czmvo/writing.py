"""Parameters as the service wants them: JSON in the body, or PHP's query strings (manual 2.3)."""

import base64
import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from podatelna_client.czmvo.errors import InvalidInput
from podatelna_client.czmvo.model import NewException

Moment = datetime | str
"""An aware datetime; or text, which goes out as it is (YYYY-MM-DD HH:MM:SS in UTC)."""
Day = date | str
"""A date; or text, which goes out as it is (YYYY-MM-DD)."""

Parameters = Mapping[str, Any]


def given(**values: object) -> dict[str, Any]:
    """Parameters by their names on the wire, in the order given; None is not given at all."""
    return {name: _plain(name, value) for name, value in values.items() if value is not None}


def renamed(values: Mapping[str, object], names: Mapping[str, str]) -> dict[str, object]:
    """Keyword arguments under their wire names, in the order of the table."""
    unknown = values.keys() - names.keys()
    if unknown:
        raise TypeError(f"unexpected keyword argument {min(unknown)!r}")
    return {wire: values[name] for name, wire in names.items() if name in values}


def as_body(parameters: Parameters) -> bytes:
    """One JSON object without blanks, in ASCII."""
    return json.dumps(parameters, separators=(",", ":")).encode("ascii")


def as_query(parameters: Parameters) -> str:
    """The same parameters for a URL: lists as name[]=1&name[]=2, flags as true and false."""
    pairs = [
        (f"{name}[]" if isinstance(value, list) else name, _in_url(single))
        for name, value in parameters.items()
        for single in (value if isinstance(value, list) else [value])
    ]
    return urlencode(pairs)


def as_base64(content: bytes) -> str:
    """A file, without line breaks."""
    return base64.b64encode(content).decode("ascii")


_COLUMNS = ("Kód produktu", "Šarže", "Platnost", "Stav")


def as_csv(rows: Iterable[NewException]) -> bytes:
    """Lines for an import: UTF-8, commas, all fields in quotes, CRLF.

    The portal's description of the format is not public. The dialect is that of a printed sample
    (manual 2.8.2); the names of the columns are reconstructed.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for row in rows:
        cells = given(product=row.product_code, batch=row.batch, day=row.validity, state=row.state)
        writer.writerow([cells.get(name, "") for name in ("product", "batch", "day", "state")])
    return text.getvalue().encode()


def _in_url(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _plain(name: str, value: object) -> Any:
    if isinstance(value, str):
        return _text(name, value)
    if isinstance(value, bool | int):
        return value
    if isinstance(value, date):
        return _day_or_moment(name, value)
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [_plain(name, single) for single in value]
    raise InvalidInput(f"{name} cannot be {type(value).__name__}")


def _text(name: str, value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InvalidInput(f"{name} holds half a character: {error.reason}") from error
    return value


def _day_or_moment(name: str, value: date) -> str:
    if not isinstance(value, datetime):
        return value.isoformat()
    if value.tzinfo is None:
        raise InvalidInput(f"{name} needs a time zone: the service counts in UTC")
    try:
        in_utc = value.astimezone(UTC).replace(tzinfo=None)
    except OverflowError as error:
        raise InvalidInput(f"{name} is out of range") from error
    return in_utc.isoformat(" ", timespec="seconds")
