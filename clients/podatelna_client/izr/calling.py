"""One call from its payload to its answer."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from lxml import etree

from podatelna_client.izr import exchange, fields
from podatelna_client.izr.access import Access
from podatelna_client.izr.errors import InvalidInput, UnreadableAnswer
from podatelna_client.izr.item import LOCAL_TIME, Item
from podatelna_client.soap import Unreadable

if TYPE_CHECKING:
    from podatelna_client.izr.transport import Transport

T = TypeVar("T")

Clock = Callable[[], float]
"""Seconds since 1970."""

_SERVICE = re.compile(r"[A-Za-z0-9_]{1,15}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What a caller hands in for the time and for the names of its requests."""

    clock: Clock
    sleep: Callable[[float], object]
    request_ids: Callable[[], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is asked of a service."""

    service: str
    payload: "fields.Fields | etree._Element"
    signed: bool = True
    repeatable: bool = True
    """Sending it twice does no harm."""


class Caller:
    """Makes calls, each sent once. The connection is opened by the first one."""

    def __init__(self, access: Access, habits: Habits) -> None:
        self.access = access
        self.habits = habits
        self._transport: Transport | None = None

    def close(self) -> None:
        """End the session. A later call opens a new one."""
        if self._transport is not None:
            self._transport.close()

    def result(self, call: Call, read: Callable[[Item], T]) -> T:
        """What a service answered, read."""
        return self.answer(call, read)[1]

    def answer(self, call: Call, read: Callable[[Item], T]) -> tuple[exchange.Answer, T]:
        """The same, and the answer itself."""
        envelope, payload = self._envelope(call), self._payload(call)
        reply = self._opened().post(exchange.write(envelope, payload, self.access), call.repeatable)
        try:
            answer = exchange.read(reply, envelope, payload)
            return answer, read(answer.content)
        except Unreadable as error:
            raise UnreadableAnswer(str(error), call.repeatable, reply.status, reply.body) from error

    def now(self) -> datetime:
        """Czech time."""
        return datetime.fromtimestamp(self.habits.clock(), ZoneInfo(LOCAL_TIME))

    def _envelope(self, call: Call) -> exchange.Envelope:
        if not _SERVICE.fullmatch(call.service):
            raise InvalidInput(f"{call.service!r} is no vOKOid")
        if call.signed and not self.access.can_sign_in:
            raise InvalidInput(f"{call.service} needs a login, and a key or a certificate")
        return exchange.Envelope(
            service=call.service,
            request_id=self.habits.request_ids(),
            at=self.now(),
            signed=call.signed,
        )

    def _payload(self, call: Call) -> etree._Element:
        if isinstance(call.payload, Mapping):
            return fields.request(call.payload, self.access.namespace(call.service))
        return call.payload

    def _opened(self) -> "Transport":
        if self._transport is None:
            # Importing this client must not cost the 0.1 s that requests takes.
            from podatelna_client.izr.transport import Transport  # noqa: PLC0415 - see above

            self._transport = Transport(self.access)
        return self._transport
