# ruff: noqa: N818 - the names say what happened to the message; all of them end in an except clause
"""Everything that can go wrong, by what it means for the guests.

UbyportError
  InvalidInput         nothing was sent: a value cannot be written
  ServiceUnreachable   nothing was sent: no connection
  LoginRefused         not filed: HTTP 401
  MessageRefused       not filed: HTTP 3xx or 4xx
  ServiceFault         the service answered with a SOAP fault
  OutcomeUnknown       it was sent, and nobody knows what became of it
  UnreadableReceipt    a receipt's text lacks one of its labels
"""

from enum import StrEnum

from podatelna_client.ubyport.answers import Filing
from podatelna_client.ubyport.model import Guest


class UbyportError(Exception):
    """Any failure. When a filing fails on the way, it carries how far the filing came."""

    filing: Filing = Filing()
    """The batches answered before the failure; their guests must not be sent again."""
    batch: tuple[Guest, ...] = ()
    """The guests of the request that failed; empty when no guests were being filed."""
    unsent: tuple[Guest, ...] = ()
    """The guests of later batches, which were not tried."""


class InvalidInput(UbyportError, ValueError):
    """A value that cannot be written into the message; the text names the guest and the field."""


class ServiceUnreachable(UbyportError):
    """No connection was made, so nothing was filed: safe to try again later."""


class LoginRefused(UbyportError):
    """Wrong login or password, or no account for web services. Do not retry in a loop."""


class MessageRefused(UbyportError):
    """HTTP turned the message away unread. Redirects are among these: none is followed."""

    def __init__(self, status: int, reason: str, location: str = "") -> None:
        super().__init__(status, reason, location)
        self.status, self.reason, self.location = status, reason, location

    def __str__(self) -> str:
        towards = f" (sent on to {self.location})" if self.location else ""
        return f"HTTP {self.status} {self.reason}{towards}"


class FaultKind(StrEnum):
    """The faults that the service is known for."""

    EMPTY_LIST = "empty list"
    REFUSED = "refused"
    """The service stopped on purpose and its text says why (facility, list too long)."""
    CRASHED = "crashed"
    """The service broke down; after a filing, treat it like an unknown outcome."""
    UNKNOWN_OPERATION = "unknown operation"
    UNREADABLE_VALUE = "unreadable value"
    HEADER_NOT_UNDERSTOOD = "header not understood"
    OTHER = "other"


# The end of the fault code and the beginning of the text; the first row where both agree decides.
_KINDS = (
    ("ActionNotSupported", "", FaultKind.UNKNOWN_OPERATION),
    ("DeserializationFailed", "", FaultKind.UNREADABLE_VALUE),
    ("MustUnderstand", "", FaultKind.HEADER_NOT_UNDERSTOOD),
    ("InternalServiceFault", "", FaultKind.CRASHED),
    ("", "Seznam ubytovaných je prázdný", FaultKind.EMPTY_LIST),
    ("", "Server was unable to process request.", FaultKind.CRASHED),
    ("", "Object reference not set to an instance of an object.", FaultKind.CRASHED),
    ("Chyba běhu programu", "", FaultKind.REFUSED),
    ("Client", "", FaultKind.REFUSED),
    ("", "", FaultKind.OTHER),
)


class ServiceFault(UbyportError):
    """A SOAP fault, its code with the prefix as sent and its text unchanged."""

    def __init__(self, faultcode: str, faultstring: str) -> None:
        super().__init__(faultcode, faultstring)
        self.faultcode, self.faultstring = faultcode, faultstring

    def __str__(self) -> str:
        return f"{self.faultcode}: {self.faultstring}"

    @property
    def kind(self) -> FaultKind:
        """Which of the known faults it is."""
        code = self.faultcode.rpartition(":")[2]
        text = self.faultstring.lstrip()
        return next(
            kind
            for ending, beginning, kind in _KINDS
            if ending in ("", code) and text.startswith(beginning)
        )


class OutcomeUnknown(UbyportError):
    """The message left, but no answer that can be trusted came back.

    After a filing, `batch` may be stored or not. Send it again: guests that were stored come back
    as duplicates.
    """

    def __init__(self, reason: str, answer: bytes = b"") -> None:
        super().__init__(reason, answer)
        self.reason = reason
        self.answer = answer
        """The body, if one came whole but made no sense: for the log."""

    def __str__(self) -> str:
        return self.reason


class UnreadableReceipt(UbyportError, ValueError):
    """The text is not that of a receipt; the message names the first label that is missing."""
