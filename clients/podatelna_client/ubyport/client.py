"""The client itself: questions, and the filing of guests in batches."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Self, TypeVar
from urllib.parse import urlsplit

from lxml import etree

from podatelna_client import soap
from podatelna_client.ubyport import reading, writing
from podatelna_client.ubyport.access import Access, Timeout
from podatelna_client.ubyport.answers import DEFAULT_SEVERITIES, BatchAnswer, Filing
from podatelna_client.ubyport.errors import (
    InvalidInput,
    LoginRefused,
    MessageRefused,
    OutcomeUnknown,
    ServiceFault,
    UbyportError,
)
from podatelna_client.ubyport.model import Country, ErrorEntry, Facility, Guest, Purpose

if TYPE_CHECKING:
    import requests

    from podatelna_client.ubyport.transport import Reply, Transport

T = TypeVar("T")

DEFAULT_LIST_LENGTH = 32
"""The longest list that the service takes: documented, and observed in November 2025."""


class UbyportClient:
    """Reports guests to Ubyport over its web service. Not for several threads at once.

    `url` is the whole address of ws_uby.svc. `timeout` is in seconds, or a pair for connecting and
    for reading. `verify` goes to requests as it is (False, or the path of a CA file). A `session`
    handed in is not closed here, and signs in by itself if it has an `auth`.

    Every method that calls the service raises UbyportError; see `errors` for the kinds.
    """

    def __init__(  # noqa: PLR0913 - where, who, and the options that requests has for how
        self,
        url: str,
        login: str,
        password: str,
        domain: str = "EXRESORTMV",
        *,
        timeout: Timeout = (10, 120),
        session: "requests.Session | None" = None,
        verify: bool | str | None = None,
    ) -> None:
        address = urlsplit(url)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise ValueError(f"url must be the http(s) address of ws_uby.svc, not {url!r}")
        self._access = Access(
            url=url,
            login=f"{domain}\\{login}" if domain else login,
            password=password,
            timeout=timeout,
            session=session,
            verify=verify,
        )
        self._transport: Transport | None = None
        self._list_length = DEFAULT_LIST_LENGTH
        self._severities: Mapping[int, int] = DEFAULT_SEVERITIES

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def close(self) -> None:
        """End the session. A later call opens, and signs in, a new one."""
        if self._transport is not None:
            self._transport.close()

    def available(self) -> bool:
        """What the service says of itself and its back end. No answer is an error, not False."""
        return self._ask("TestDostupnosti", lambda it: reading.flag(it, "TestDostupnosti"))

    def max_list_length(self) -> int:
        """The most guests that one request may carry. Later filings of this client keep to it."""
        self._list_length = self._ask("MaximalniDelkaSeznamu", reading.list_length)
        return self._list_length

    def countries(self) -> tuple[Country, ...]:
        """The nationalities that the service knows, in its order."""
        return self._ask("DejMiCiselnik", reading.countries, CoChci="Staty")

    def purposes(self) -> tuple[Purpose, ...]:
        """The purposes of stay, in the service's order."""
        return self._ask("DejMiCiselnik", reading.purposes, CoChci="UcelyPobytu")

    def error_book(self) -> tuple[ErrorEntry, ...]:
        """All errors with their severities. Later filings of this client are judged by it."""
        book = self._ask("DejMiCiselnik", reading.error_book, CoChci="Chyby")
        self._severities = {**DEFAULT_SEVERITIES, **reading.severities(book)}
        return book

    def file_guests(
        self, facility: Facility, guests: Iterable[Guest], want_pdf: bool = True
    ) -> Filing:
        """File any number of guests, as many requests as it takes, each sent once.

        All messages are written before the first one leaves. Stops at the first failure; the error
        then carries the batches answered so far, the failed batch, and the guests not tried.
        """
        everyone = tuple(guests)
        starts = range(0, len(everyone), self._list_length)
        batches = [everyone[start : start + self._list_length] for start in starts]
        try:
            messages = [
                writing.filing(facility, batch, want_pdf=want_pdf, first=start + 1)
                for start, batch in zip(starts, batches, strict=True)
            ]
        except InvalidInput as error:
            error.unsent = everyone
            raise
        return self._file(batches, messages)

    def file_batch(
        self, facility: Facility, guests: Sequence[Guest], want_pdf: bool = True
    ) -> BatchAnswer:
        """File in exactly one request, of any length: the service decides whether it is too long.

        For callers that divide by themselves and put each answer away before the next request.
        """
        batch = tuple(guests)
        message = writing.filing(facility, batch, want_pdf=want_pdf)
        return self._file([batch], [message]).batches[0]

    def _file(self, batches: Sequence[tuple[Guest, ...]], messages: Sequence[bytes]) -> Filing:
        answered: list[BatchAnswer] = []
        for position, (batch, message) in enumerate(zip(batches, messages, strict=True)):
            try:
                answered.append(self._file_one(batch, message))
            except UbyportError as error:
                error.filing = Filing(tuple(answered))
                error.batch = batch
                error.unsent = tuple(chain.from_iterable(batches[position + 1 :]))
                raise
        return Filing(tuple(answered))

    def _file_one(self, batch: tuple[Guest, ...], message: bytes) -> BatchAnswer:
        return self._call(
            "ZapisUbytovane",
            message,
            lambda payload: reading.batch_answer(payload, batch, self._severities),
        )

    def _ask(self, operation: str, read: Callable[[etree._Element], T], **arguments: str) -> T:
        return self._call(operation, writing.question(operation, **arguments), read)

    def _call(self, operation: str, message: bytes, read: Callable[[etree._Element], T]) -> T:
        reply = self._opened().post(writing.action(operation), message)
        try:
            return read(_payload(reply))
        except soap.Unreadable as error:
            reason = f"HTTP {reply.status} without a readable answer: {error}"
            raise OutcomeUnknown(reason, reply.body) from error

    def _opened(self) -> "Transport":
        if self._transport is None:
            # Importing this client must not cost the 0.1 s that requests takes.
            from podatelna_client.ubyport.transport import Transport  # noqa: PLC0415 - see above

            self._transport = Transport(self._access)
        return self._transport


_UNAUTHORIZED = 401
_REDIRECTS_AND_REFUSALS = range(300, 500)
_SERVER_ERROR = 500


def _payload(reply: "Reply") -> etree._Element:
    """The message inside a good answer; every other answer as its exception."""
    if reply.status == _UNAUTHORIZED:
        raise LoginRefused("HTTP 401: wrong login or password, or no account for this web service")
    if reply.status in _REDIRECTS_AND_REFUSALS:
        raise MessageRefused(reply.status, reply.reason, reply.location)
    content = soap.read(reply.body)
    if isinstance(content, soap.Fault):
        raise ServiceFault(content.code, content.text)
    if reply.status >= _SERVER_ERROR:
        raise soap.Unreadable("no fault in it")
    return content
