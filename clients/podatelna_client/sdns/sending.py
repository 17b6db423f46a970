"""Messages to the bank: packed, sent, and what came back."""

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import BinaryIO

from podatelna_client.sdns import packing, signing, writing
from podatelna_client.sdns.access import Sending
from podatelna_client.sdns.calling import Caller
from podatelna_client.sdns.errors import SdnsError, refusal
from podatelna_client.sdns.exchange import Call, shape_named
from podatelna_client.sdns.model import Message, Receipt
from podatelna_client.sdns.packing import Delivery
from podatelna_client.sdns.splitting import ROWS_PER_MESSAGE, split


@dataclass(frozen=True, slots=True, kw_only=True)
class SentAll:
    """How far the parts of a message got."""

    sent: tuple[Receipt, ...]
    """Of those that were taken over, in their order."""
    failed: Message | None = None
    """The part that was not taken over, without its rows; nothing was sent after it."""
    error: SdnsError | None = None
    """Why it was not."""

    @property
    def complete(self) -> bool:
        """All parts were taken over."""
        return self.error is None


class Deliveries:
    """The methods of a client that send."""

    _caller: Caller
    _sending: Sending

    def send(self, message: Message | Delivery, *, resend: bool = False) -> Receipt:
        """Send a message; the service has then taken it over, and processes it later.

        Raises a Refusal where it has not. `resend` says that the message was sent before, and that
        nobody knows whether it arrived: then DuplicateData means that it had, and the receipt says
        `arrived_before`.
        """
        if isinstance(message, Message):
            with self.prepare(message) as delivery:
                return self.send(delivery, resend=resend)
        message.data.seek(0)
        receipt = self.load_data(self._call(message), message.data)
        if receipt.accepted or (resend and receipt.arrived_before):
            return receipt
        raise refusal(receipt)

    def send_all(
        self,
        message: Message,
        rows_per_message: int = ROWS_PER_MESSAGE,
        numbers: Iterable[int] | None = None,
    ) -> SentAll:
        """Send a message in as many parts as it needs, up to the first that is not taken over.

        Of a part that failed the outcome may be unknown: see `error`.
        """
        sent: list[Receipt] = []
        for part in split(message, rows_per_message, numbers):
            try:
                sent.append(self.send(part))
            except SdnsError as error:
                return SentAll(sent=tuple(sent), failed=replace(part, areas=()), error=error)
        return SentAll(sent=tuple(sent))

    def load_data(self, call: Call, data: BinaryIO) -> Receipt:
        """The call itself, its parameters and data as they are; whatever the receipt says."""
        return self._caller.deliver(call, data, shape_named(self._sending.shape))

    def prepare(self, message: Message) -> Delivery:
        """A message as it will be sent: written, signed and compressed. Close it after use."""
        filled = replace(
            message,
            sender=message.sender or self._sending.sender,
            created=message.created or self._caller.today(),
        )
        name = packing.filename(self._sending.prefix, message.number)
        with ExitStack() as failing:
            data = failing.enter_context(packing.scratch())
            self._pack(filled, data, name)
            failing.pop_all()
        return Delivery(
            filename=name,
            compression=self._sending.compression,
            signature="PKCS7" if self._sending.signer else "NONE",
            data=data,
        )

    def _pack(self, message: Message, data: BinaryIO, name: str) -> None:
        how = self._sending
        with packing.scratch() as written, packing.scratch() as signed:
            writing.write(message, written, how.encoding)
            written.seek(0)
            if how.signer:
                signing.sign(written, signed, how.signer, self._caller.now())
                signed.seek(0)
            packing.compress(signed if how.signer else written, data, how.compression, name)

    def _call(self, delivery: Delivery) -> Call:
        return Call(
            filename=delivery.filename,
            username=self._caller.access.username,
            password=self._caller.access.password,
            zipmethod=delivery.compression,
            signaturemethod=delivery.signature,
            language=self._sending.language,
            country=self._sending.country,
        )
