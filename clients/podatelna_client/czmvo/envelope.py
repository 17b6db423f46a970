"""What came back over HTTP: a result, a document, or the exception that the answer stands for."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

from podatelna_client.czmvo.codes import BY_CODE
from podatelna_client.czmvo.errors import ApiError, CzmvoError, RateLimited, RequestRefused
from podatelna_client.czmvo.exchange import Reply
from podatelna_client.czmvo.item import Item, Unreadable, parse

_OK = 200
_NOT_DONE = 300
_TOO_MANY = 429
_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above an answer (manual 2.1); empty before the first one."""

    status: int = 0
    version: str = ""
    """The one that the service took the request for."""
    supported_versions: tuple[str, ...] = ()
    deprecated_versions: tuple[str, ...] = ()
    """Will be removed."""


def head(reply: Reply) -> Head:
    """The status and the three headers of the versions."""
    return Head(
        reply.status,
        reply.headers.get("amscz-version", "").strip(),
        _listed(reply.headers.get("amscz-supported-versions", "")),
        _listed(reply.headers.get("amscz-deprecated-versions", "")),
    )


def result(reply: Reply, now: float) -> Item:
    """The `result` of an answer that says ok. Raises CzmvoError, or Unreadable.

    `now` is in seconds since 1970.
    """
    if reply.status == _TOO_MANY:
        raise RateLimited(retry_after(reply, now))
    try:
        answer = _envelope(reply)
    except Unreadable as error:
        raise _without_envelope(reply, error) from None
    if answer.number("code") or answer.text("status") != "ok":
        raise _refusal(answer, reply.status)
    if reply.status >= _NOT_DONE:
        raise Unreadable("it says that all went well")
    return Item.of(answer.members.get("result") or [])


def is_document(reply: Reply) -> bool:
    """Whether the body is the file or table asked for, and not JSON for `result` to read."""
    if reply.status != _OK or reply.media_type == "application/json":
        return False
    # PHP calls an answer text/html where its programmer set no type.
    if reply.media_type in ("text/html", ""):
        with suppress(Unreadable):
            _envelope(reply)
            return False
        if reply.body.lstrip().startswith(b"<"):
            raise Unreadable("a web page")
    return True


def retry_after(reply: Reply, now: float) -> float | None:
    """Seconds to wait, by a header that has seconds or a date; None if it says nothing useful."""
    text = reply.headers.get("Retry-After", "").strip()
    with suppress(ValueError, OverflowError):
        if text.isdecimal():
            return float(text) or None
        date = parsedate_to_datetime(text)
        aware = date if date.tzinfo else date.replace(tzinfo=UTC)
        return max(aware.timestamp() - now, 0.0) or None
    return None


def _envelope(reply: Reply) -> Item:
    answer = Item.of(parse(reply.body))
    answer.number("code")
    answer.text("status")
    return answer


def _refusal(answer: Item, status: int) -> ApiError:
    code = answer.number("code")
    details = answer.members.get("result")
    blocking: tuple[str, ...] = ()
    with suppress(Unreadable):
        blocking = Item.of(details or []).texts("uprc")
    return BY_CODE.get(code, ApiError)(code, answer.text("message", ""), status, blocking)


def _without_envelope(reply: Reply, error: Unreadable) -> CzmvoError | Unreadable:
    if _NOT_DONE <= reply.status < _SERVER_ERROR:
        return RequestRefused(reply.status, reply.reason, reply.headers.get("Location", ""))
    return error


def _listed(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(",") if each.strip())
