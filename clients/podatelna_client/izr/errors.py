# ruff: noqa: N818 - the names say what happened to the call; all of them end in an except clause
"""Everything that can go wrong, by what it means for the caller.

IzrError
  InvalidInput         nothing was sent: a value cannot be written
  ServiceUnreachable   nothing was sent: no connection
  MessageRefused       not done: HTTP 3xx or 4xx without a word of the gateway
  Refusal              the answer is a fault
    ServiceRefused     not done: the service says why, by a code of its own
      ValidationFailed not done: code 5, with the errors of the report
    GatewayFault       the gateway in front of the services says why
      SignInRefused    not done: wrong login or WS key
      SubjectRefused   not done: the login may not act for the subject
  OutcomeUnknown       it was sent, and nobody knows what became of it
    UnreadableAnswer   an answer came, but it makes no sense
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from podatelna_client.izr.codes import ValidationError


class IzrError(Exception):
    """Any failure."""


class InvalidInput(IzrError, ValueError):
    """A value that cannot be written into a message; the text names it."""


class ServiceUnreachable(IzrError):
    """No connection was made, so nothing was done: safe to try again later."""


class MessageRefused(IzrError):
    """HTTP turned the message away. Redirects are among these: none is followed."""

    def __init__(self, status: int, reason: str, location: str = "") -> None:
        super().__init__(status, reason, location)
        self.status, self.reason, self.location = status, reason, location

    def __str__(self) -> str:
        towards = f" (sent on to {self.location})" if self.location else ""
        return f"HTTP {self.status} {self.reason}{towards}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRecord:
    """What a fault and the vOKO:Error in it tell. Without one all but the first two are empty."""

    faultcode: str
    """With its prefix as it came ("SOAP:Server")."""
    text: str
    """ErrorDescription, or where there is none the faultstring."""
    code: str = ""
    """ErrorCode. Services number their errors each for itself: 10 is not the same everywhere."""
    sid: str = ""
    """The gateway's id of the exchange: for the help desk."""
    request_id: str = ""
    service: str = ""
    server_id: str = ""
    at: datetime | None = None


class Refusal(IzrError):
    """A SOAP fault."""

    def __init__(self, record: FaultRecord, status: int) -> None:
        super().__init__(record, status)
        self.record = record
        self.status = status
        """Of HTTP."""

    @property
    def code(self) -> str:
        """ErrorCode; empty without a vOKO:Error."""
        return self.record.code

    @property
    def text(self) -> str:
        """What it says, in Czech."""
        return self.record.text

    def __str__(self) -> str:
        code = f"code {self.code}: " if self.code else ""
        return f"{code}{self.text} (HTTP {self.status}, {self.record.faultcode})"


class ServiceRefused(Refusal):
    """An error state of the service, numbered as in its documentation. Nothing was stored."""


class ValidationFailed(ServiceRefused):
    """The report is not valid (code 5). Nothing of it was stored, not even its good animals."""

    def __init__(
        self, record: FaultRecord, status: int, errors: tuple[ValidationError, ...] = ()
    ) -> None:
        super().__init__(record, status)
        self.args = (record, status, errors)
        self.errors = errors

    def __str__(self) -> str:
        return "; ".join([super().__str__(), *map(str, self.errors)])

    @property
    def of_report(self) -> tuple[ValidationError, ...]:
        """The errors that belong to no animal."""
        return tuple(error for error in self.errors if error.row is None)

    @property
    def of_animals(self) -> Mapping[int, tuple[ValidationError, ...]]:
        """The errors of animals, by their place in the report; the first is 1."""
        rows = sorted({error.row for error in self.errors if error.row is not None})
        return {row: tuple(error for error in self.errors if error.row == row) for row in rows}


class FaultKind(StrEnum):
    """What the gateway can have against a message."""

    NOT_AUTHENTICATED = "not authenticated"
    SUBJECT_NOT_ALLOWED = "subject not allowed"
    UNKNOWN_SERVICE = "unknown service"
    INVALID_REQUEST = "invalid request"
    """The message is not as the schema of the service wants it; the text says where."""
    TOO_LARGE = "too large"
    CRASHED = "crashed"
    """The gateway, or what is behind it, broke down; treat it like an unknown outcome."""
    OTHER = "other"


# ErrorCode and the beginning of the text; the first row of which either fits decides. Neither is
# public: these are the ones that the sandbox answers with.
_KINDS = (
    ("401", "Neplatná autentizace", FaultKind.NOT_AUTHENTICATED),
    ("403", "Uživatel nemá oprávnění", FaultKind.SUBJECT_NOT_ALLOWED),
    ("404", "Služba ", FaultKind.UNKNOWN_SERVICE),
    ("400", None, FaultKind.INVALID_REQUEST),
    ("413", None, FaultKind.TOO_LARGE),
    ("500", None, FaultKind.CRASHED),
)


class GatewayFault(Refusal):
    """A fault that is no error state of the service."""

    @property
    def kind(self) -> FaultKind:
        """Which of the known faults it is."""
        return fault_kind(self.record)


class SignInRefused(GatewayFault):
    """Wrong login, wrong WS key, or no token. Do not retry in a loop."""


class SubjectRefused(GatewayFault):
    """The login is known, but may not act for the subject."""


def fault_kind(record: FaultRecord) -> FaultKind:
    """Which of the known faults it is."""
    for code, beginning, kind in _KINDS:
        if record.code == code or (beginning and record.text.lstrip().startswith(beginning)):
            return kind
    # By SOAP 1.1 it was not the message's fault.
    broken = not record.code and record.faultcode.rpartition(":")[2] == "Server"
    return FaultKind.CRASHED if broken else FaultKind.OTHER


class OutcomeUnknown(IzrError):
    """The message left, but no answer that can be trusted came back."""

    def __init__(self, reason: str, repeatable: bool) -> None:
        super().__init__(reason, repeatable)
        self.reason = reason
        self.repeatable = repeatable
        """Sending it again does no harm. False for reports: look first whether the animals are
        still there, or a report of them in the error logs."""

    def __str__(self) -> str:
        again = "it may be sent again" if self.repeatable else "look before you send it again"
        return f"{self.reason}; {again}"


class UnreadableAnswer(OutcomeUnknown):
    """Something came back, but not what the contract promises."""

    def __init__(self, reason: str, repeatable: bool, status: int, answer: bytes) -> None:
        super().__init__(reason, repeatable)
        self.args = (reason, repeatable, status, answer)
        self.status = status
        self.answer = answer
        """The body: for the log."""

    def __str__(self) -> str:
        return f"HTTP {self.status} without a readable answer: {super().__str__()}"
