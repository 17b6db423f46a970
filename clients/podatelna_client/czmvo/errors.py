# ruff: noqa: N818 - the names say what happened to the call; all of them end in an except clause
"""Everything that can go wrong, by what it means for the caller.

CzmvoError
  InvalidInput         nothing was sent: a value cannot be written
  ServiceUnreachable   nothing was sent: no connection, or no token to be had
  TokenStoreFailed     nothing was sent: the place where tokens are kept is out of order
  TokenRefused         nothing was sent: the token endpoint does not know the client
  RateLimited          not done: HTTP 429
  RequestRefused       not done: HTTP 3xx or 4xx without a word of the AMS
  ApiError             not done: the AMS says why; one class for each code, see `codes`
  OutcomeUnknown       it was sent, and nobody knows what became of it
    UnreadableAnswer   an answer came, but it makes no sense
"""


class CzmvoError(Exception):
    """Any failure."""


class InvalidInput(CzmvoError, ValueError):
    """A value that cannot be written into a request; the text names the parameter."""


class ServiceUnreachable(CzmvoError):
    """The request never left: safe to try again later."""


class TokenStoreFailed(CzmvoError):
    """The file of a token store cannot be read or written."""


class TokenRefused(CzmvoError):
    """Wrong Client ID or Secret ID, or those of another environment (manual 1.1)."""

    def __init__(self, error: str, status: int) -> None:
        super().__init__(error, status)
        self.error = error
        """The word of OAuth2: "invalid_client" (manual 2.1.2.2)."""
        self.status = status

    def __str__(self) -> str:
        return f"HTTP {self.status} from the token endpoint: {self.error}"


class RateLimited(CzmvoError):
    """Too many requests in five minutes, or a second token within the hour (manual 3.1)."""

    status = 429

    def __init__(self, retry_after: float | None = None, of_token: bool = False) -> None:
        super().__init__(retry_after, of_token)
        self.retry_after = retry_after
        """Seconds, if the service named them."""
        self.of_token = of_token
        """It was the token endpoint that refused."""

    def __str__(self) -> str:
        what = "no token for now" if self.of_token else "too many requests"
        after = "" if self.retry_after is None else f", try again after {self.retry_after:g} s"
        return f"HTTP 429: {what}{after}"


class RequestRefused(CzmvoError):
    """HTTP turned the request away. Redirects are among these: none is followed."""

    def __init__(self, status: int, reason: str, location: str = "") -> None:
        super().__init__(status, reason, location)
        self.status, self.reason, self.location = status, reason, location

    def __str__(self) -> str:
        towards = f" (sent on to {self.location})" if self.location else ""
        return f"HTTP {self.status} {self.reason}{towards}"


class ApiError(CzmvoError):
    """The AMS did not carry the request out. Branch on the class or the code, not on the status."""

    def __init__(
        self, code: int, message: str, status: int, blocking: tuple[str, ...] = ()
    ) -> None:
        super().__init__(code, message, status, blocking)
        self.code = code
        self.message = message
        """In the language asked for."""
        self.status = status
        self.blocking = blocking
        """UPRCs of the alerts that block an action on a group (code 40); empty otherwise."""

    def __str__(self) -> str:
        alerts = f" ({', '.join(self.blocking)})" if self.blocking else ""
        return f"code {self.code} (HTTP {self.status}): {self.message}{alerts}"


class OutcomeUnknown(CzmvoError):
    """The request left, but no answer that can be trusted came back."""

    def __init__(self, reason: str, repeatable: bool) -> None:
        super().__init__(reason, repeatable)
        self.reason = reason
        self.repeatable = repeatable
        """Sending it again does no harm. False for messages: a second one would be a new one."""

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
