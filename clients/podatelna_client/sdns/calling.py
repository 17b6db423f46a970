"""One call from its parameters to its answer."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, BinaryIO, TypeVar
from zoneinfo import ZoneInfo

from podatelna_client.sdns import attachments, exchange
from podatelna_client.sdns.access import Access
from podatelna_client.sdns.errors import UnreadableAnswer
from podatelna_client.sdns.model import Receipt
from podatelna_client.sdns.packing import scratch
from podatelna_client.soap import Unreadable

if TYPE_CHECKING:
    from podatelna_client.sdns.transport import Reply, Transport

T = TypeVar("T")

DELIVERIES, QUERIES = "/ZaslaniDat", "/EwiSOAPRouter"


class Caller:
    """Makes calls, each sent once. The connection is opened by the first one."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self._transport: Transport | None = None

    def close(self) -> None:
        """End the session. A later call opens a new one."""
        if self._transport is not None:
            self._transport.close()

    def deliver(self, call: exchange.Call, data: BinaryIO, shape: exchange.Shape) -> Receipt:
        """What loadData answered, whether it is good or bad."""
        with scratch() as message:
            exchange.write(call, data, shape, message)
            message.seek(0)
            reply = self._opened().post(DELIVERIES, message, exchange.headers(shape))
        return _understood(reply, exchange.read)

    def ask(self, request: attachments.Request) -> bytes:
        """The document that a query was answered with."""
        head = {"Accept": "text/xml, multipart/related", "User-Agent": "Oracle JAX-RPC 1.1"}
        head["Content-Type"] = request.content_type
        return _understood(self._opened().post(QUERIES, request.body, head), _file)

    def now(self) -> datetime:
        """The caller's own time."""
        return datetime.fromtimestamp(self.access.clock(), UTC)

    def today(self) -> date:
        """The day at the bank."""
        return self.now().astimezone(ZoneInfo(exchange.LOCAL_TIME)).date()

    def _opened(self) -> "Transport":
        if self._transport is None:
            # Importing this client must not cost the 0.1 s that requests takes.
            from podatelna_client.sdns.transport import Transport  # noqa: PLC0415 - see above

            self._transport = Transport(self.access)
        return self._transport


def _understood(reply: "Reply", read: "Callable[[Reply], T]") -> T:
    try:
        return read(reply)
    except Unreadable as error:
        raise UnreadableAnswer(str(error), reply.status, reply.body) from error


def _file(reply: "Reply") -> bytes:
    """The attachment, or what stands in the envelope itself."""
    if attachments.is_related(reply.content_type) and reply.status == _OK:
        return attachments.attachment(reply.content_type, reply.body)
    return attachments.inside(exchange.payload(reply))


_OK = 200
