"""JSON, CSV, URL parameters and content negotiation, in the manner of services written in PHP."""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from io import StringIO
from itertools import islice
from typing import Any
from urllib.parse import unquote_to_bytes

MOST_PARAMETERS = 1000
"""Of one query or form; what comes after them is dropped (PHP's max_input_vars)."""
DEEPEST = 512
"""Levels of a JSON document; one with more is none (PHP's json_decode)."""
LARGEST = 2**63 - 1
"""What lies beyond it is read as a float (PHP's integers have 64 bits)."""
MOST_RANGES = 100
"""Of one header of content negotiation; what comes after them is passed over."""

_ENCODER = json.JSONEncoder(separators=(",", ":"), check_circular=False, allow_nan=False)
_DELETE = r"\u007f"
_ESCAPE = re.compile(r"\\(?:u007f|.)")
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")

_PARTS = re.compile("[^&]+")
_INDEXED = re.compile(r"([^\[]+)\[[^\]]*\].*", re.DOTALL)
_QUALITY = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
_MEDIA_RANGE = re.compile(r"\*/\*|[!#$&^_.+0-9a-z-]+/(?:\*|[!#$&^_.+0-9a-z-]+)")
_LANGUAGE_RANGE = re.compile(r"\*|[a-z]{1,8}(?:-[a-z0-9]{1,8})*")
_HEADERS_REMEMBERED = 64
"""Callers send the same ones with every call."""


# -- bodies


def php_json(value: object) -> bytes:
    r"""JSON as PHP's json_encode writes it by default.

    No blanks, `\u` with small letters for all that is not ASCII, `\/` for a slash, and the delete
    character as it is. Order of members is kept. Raises ValueError for NaN, TypeError for what JSON
    has no form for.
    """
    text = _ENCODER.encode(value).replace("/", r"\/")
    if _DELETE in text:
        text = _ESCAPE.sub(lambda found: "\x7f" if found[0] == _DELETE else found[0], text)
    return text.encode("ascii")


def csv_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table with a header row: UTF-8, commas, every field in double quotes, CR LF.

    Truth is written as JSON has it, None as an empty field, a list with commas in one field.
    """
    text = StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_field(value) for value in row] for row in rows)
    return text.getvalue().encode()


def _field(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ",".join(str(_field(each)) for each in value)
    return "" if value is None else value


def read_json_object(body: bytes) -> Mapping[str, Any] | None:
    """The members of a JSON object; None if the body is none, whatever else it may be.

    As PHP: UTF-8 without a byte order mark, no NaN, no half of a surrogate pair, no more than 512
    levels, the last of members with one name counts, and large integers become floats.
    """
    try:
        value = json.loads(body.decode(), parse_int=_integer, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and _is_sound(value, body) else None


def _integer(digits: str) -> int | float:
    fits = len(digits) <= len(str(-LARGEST)) and abs(int(digits)) <= LARGEST
    return int(digits) if fits else float(digits)


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is no JSON")


def _is_sound(value: object, body: bytes) -> bool:
    """What Python's reader lets pass; looked for only where there is reason to."""
    if body.count(b"[") + body.count(b"{") > DEEPEST and _is_deeper(value, DEEPEST):
        return False
    if rb"\u" not in body or not _SURROGATE.search(body):
        return True
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_deeper(value: object, levels: int) -> bool:
    level: list[Any] = [value]
    for _ in range(levels):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if type(outer) is dict else outer)
            if type(inner) in (dict, list)
        ]
    return bool(level)


# -- parameters in a URL


def read_query(query: str) -> dict[str, str | list[str]]:
    """The parameters of a query, or of a form's body in latin-1, by name in order of appearance.

    `id[]=1&id[]=2` and `id[0]=1&id[1]=2` are lists, as PHP has them; so is a name that comes twice.
    A plus is a blank, a broken escape stands for itself, and what is no UTF-8 becomes U+FFFD.
    """
    found: dict[str, str | list[str]] = {}
    for name, value in _pairs(query):
        indexed = _INDEXED.fullmatch(name)
        key = indexed[1] if indexed else name
        before = found.get(key)
        if before is None:
            found[key] = [value] if indexed else value
        elif isinstance(before, list):
            before.append(value)
        else:
            found[key] = [before, value]
    return found


def _pairs(query: str) -> Iterator[tuple[str, str]]:
    for part in islice(_PARTS.finditer(query), MOST_PARAMETERS):
        name, _, value = part[0].partition("=")
        if name:
            yield _decoded(name), _decoded(value)


def _decoded(text: str) -> str:
    if text.isascii() and "%" not in text:
        return text.replace("+", " ")
    octets = text.replace("+", " ").encode("latin-1", "replace")
    return unquote_to_bytes(octets).decode(errors="replace")


# -- content negotiation (RFC 9110, 12)


@lru_cache(_HEADERS_REMEMBERED)
def accepted(header: str, offers: tuple[str, ...]) -> str | None:
    """Which of the media types, in lower case, an Accept header wants most; None: none of them.

    Of equal weight, what the header names first wins; within `*/*` the first offer. Parameters
    other than q are passed over, and so are parts that are malformed.
    """
    weighed = _weighed(header)
    ranges = {name: place for name, place in weighed.items() if _MEDIA_RANGE.fullmatch(name)}
    return _best(ranges, {offer: (offer, f"{offer.split('/')[0]}/*", "*/*") for offer in offers})


@lru_cache(_HEADERS_REMEMBERED)
def preferred_language(header: str, offers: tuple[str, ...], default: str) -> str:
    """Which of the languages, in lower case, an Accept-Language header wants most.

    `cs-CZ` is content with `cs`. The default, for a header that wants none of them or any.
    """
    wanted: dict[str, tuple[float, int]] = {}
    for name, place in _weighed(header).items():
        offered = _offered(name, offers) if _LANGUAGE_RANGE.fullmatch(name) else ""
        # Who refuses cs-CZ may still take cs.
        if offered == name or (offered and place[0]):
            wanted.setdefault(offered, place)
    ordered = (default, *(offer for offer in offers if offer != default))
    return _best(wanted, {offer: (offer, "*") for offer in ordered}) or default


def _offered(wanted: str, offers: Sequence[str]) -> str:
    """The language that a range is content with, shortened from its end (RFC 4647, 3.4)."""
    shorter = wanted
    while shorter not in offers and "-" in shorter:
        shorter = shorter.rpartition("-")[0]
    return shorter if shorter in offers else wanted


def _best(
    wanted: Mapping[str, tuple[float, int]], offers: Mapping[str, Sequence[str]]
) -> str | None:
    """The offer of most weight, then of the earliest place; its most specific range decides."""
    best: tuple[float, int] = (0, 0)
    chosen = None
    for offer, ranges in offers.items():
        place = next((wanted[name] for name in ranges if name in wanted), (0.0, 0))
        if place[0] > 0 and place > best:
            best, chosen = place, offer
    return chosen


def _weighed(header: str) -> Mapping[str, tuple[float, int]]:
    """The parts of a header in lower case, with weight and place; earlier places are higher."""
    parts: dict[str, tuple[float, int]] = {}
    for position, part in enumerate(header.lower().split(",", MOST_RANGES)[:MOST_RANGES]):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weight = _weight(parameters)
        if weight is not None:
            parts.setdefault(name, (weight, -position))
    return parts


def _weight(parameters: Iterable[str]) -> float | None:
    """None: it is malformed."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            return float(value) if _QUALITY.fullmatch(value.strip()) else None
    return 1
