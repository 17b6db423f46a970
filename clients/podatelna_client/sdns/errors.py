# ruff: noqa: N818 - the names say what happened to the call; all of them end in an except clause
"""Everything that can go wrong, by what it means for the caller.

SdnsError
  InvalidInput           nothing was sent: a value cannot be written
  Unreachable            nothing was sent: no connection
  MessageRefused         not done: HTTP 3xx or 4xx without a word of the service
  SoapFault              the call was not understood, or the service broke down
  Refusal                a delivery was not taken over; it carries the receipt
    InvalidParameters
    AccessDenied
      SendLoginDenied    also a LoginDenied
      SendDenied
    InvalidData
      DecompressionFailed, SignatureCheckFailed, InvalidXmlData, DuplicateData
    InternalError        treat it like an unknown outcome
  QueryError             a query was refused, with a code and a text
    NothingFound         there is no such occurrence, or nothing of it
    QueryLoginDenied     also a LoginDenied
  OutcomeUnknown         it was sent, and nobody knows what became of it
    UnreadableAnswer     an answer came, but it makes no sense
  StillProcessing        no result within the time given
"""

from podatelna_client.sdns.codes import Category
from podatelna_client.sdns.model import Receipt


class SdnsError(Exception):
    """Any failure."""


class InvalidInput(SdnsError, ValueError):
    """A value that cannot be written into a message; the text names it."""


class Unreachable(SdnsError):
    """No connection was made, so nothing was done: safe to try again later."""


class MessageRefused(SdnsError):
    """HTTP turned the message away. Redirects are among these: none is followed."""

    def __init__(self, status: int, reason: str, location: str = "") -> None:
        super().__init__(status, reason, location)
        self.status, self.reason, self.location = status, reason, location

    def __str__(self) -> str:
        towards = f" (sent on to {self.location})" if self.location else ""
        return f"HTTP {self.status} {self.reason}{towards}"


class SoapFault(SdnsError):
    """The answer is a SOAP fault."""

    def __init__(self, code: str, text: str, status: int) -> None:
        super().__init__(code, text, status)
        self.code, self.text, self.status = code, text, status

    def __str__(self) -> str:
        return f"{self.code}: {self.text} (HTTP {self.status})"


class LoginDenied(SdnsError):
    """Wrong user name or password, whichever service says so. Do not retry in a loop."""


class Refusal(SdnsError):
    """A delivery was not taken over: its file name and number stay free."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__(receipt)
        self.receipt = receipt

    @property
    def code(self) -> str:
        """Never localised."""
        return self.receipt.code

    def __str__(self) -> str:
        return str(self.receipt)


class InvalidParameters(Refusal):
    """A parameter of the call is wrong."""


class AccessDenied(Refusal):
    """The user may not send."""


class SendLoginDenied(AccessDenied, LoginDenied):
    """Wrong user name or password."""


class SendDenied(AccessDenied):
    """Logged in, but without the right to send these data."""


class InvalidData(Refusal):
    """The data could not be taken over."""


class DecompressionFailed(InvalidData):
    """They are not compressed as the call says."""


class SignatureCheckFailed(InvalidData):
    """The signature is missing, wrong, or of nobody whom the bank knows."""


class InvalidXmlData(InvalidData):
    """They are not a valid message."""


class DuplicateData(InvalidData):
    """A message with this file name is there already."""


class InternalError(Refusal):
    """The service broke down."""


class QueryError(SdnsError):
    """A query was answered with an error."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(code, text)
        self.code, self.text = code, text

    def __str__(self) -> str:
        return f"{self.code}: {self.text}"


class NothingFound(QueryError):
    """No data for these parameters. The service has no empty lists."""


class QueryLoginDenied(QueryError, LoginDenied):
    """Wrong user name or password."""


class OutcomeUnknown(SdnsError):
    """The message left, but no answer that can be trusted came back.

    It may be sent again: a query does no harm, and a delivery that had arrived is refused as
    DuplicateData, which `send(..., resend=True)` takes for success.
    """


class UnreadableAnswer(OutcomeUnknown):
    """Something came back, but not what the contract promises."""

    def __init__(self, reason: str, status: int, answer: bytes) -> None:
        super().__init__(reason, status, answer)
        self.reason, self.status = reason, status
        self.answer = answer
        """The body: for the log."""

    def __str__(self) -> str:
        return f"HTTP {self.status} without a readable answer: {self.reason}"


class StillProcessing(SdnsError):
    """The result did not come within the time given."""


_BY_CODE: dict[str, type[Refusal]] = {
    "Login denied": SendLoginDenied,
    "Data send denied": SendDenied,
    "Decompression failed": DecompressionFailed,
    "Signature check failed": SignatureCheckFailed,
    "Invalid XML data": InvalidXmlData,
    "Duplicate data": DuplicateData,
}
_BY_CATEGORY: dict[str, type[Refusal]] = {
    Category.INVALID_PARAMETERS: InvalidParameters,
    Category.ACCESS_DENIED: AccessDenied,
    Category.INVALID_DATA: InvalidData,
    Category.INTERNAL_ERROR: InternalError,
}


def refusal(receipt: Receipt) -> Refusal:
    """The error that a receipt tells."""
    kind = _BY_CODE.get(receipt.code) or _BY_CATEGORY.get(receipt.category, Refusal)
    return kind(receipt)


_NOTHING = "Pro zadané vstupní parametry nebyla vybrána žádná data"
# Neither is public: these are the ones that the sandbox may answer with.
_LOGIN_CODE, _LOGIN_TEXT = "security.LoginDenied", "Neplatné uživatelské jméno nebo heslo"


def query_error(code: str, text: str) -> QueryError:
    """The error that the ErrorLog of a result tells: by its text, as one code stands for many."""
    if text.strip().rstrip(".") == _NOTHING:
        return NothingFound(code, text)
    if code == _LOGIN_CODE or text.strip().rstrip(".") == _LOGIN_TEXT:
        return QueryLoginDenied(code, text)
    return QueryError(code, text)
