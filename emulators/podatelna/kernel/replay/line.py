"""Requests over HTTP, sent as they are written, and what comes back."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http.client import (
    HTTPConnection,
    HTTPException,
    HTTPResponse,
    HTTPSConnection,
    InvalidURL,
)
from typing import Literal, Self
from urllib.parse import urlsplit

from podatelna.kernel.exchange import Headers

PATIENCE = 60.0
"""Seconds that a caller waits who was not told how long."""
_UNAUTHORIZED = 401


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request. Host and Content-Length are added if they are missing, and nothing else."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """An answer that came whole."""

    status: int
    headers: Headers
    body: bytes

    def header(self, name: str) -> str | None:
        """Repeated headers are joined with a comma; None: there is none."""
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(found) if found else None


@dataclass(frozen=True, slots=True)
class Login:
    """For those who sign in connections: NTLM."""

    name: str
    """With the domain: DOMAIN\\login."""
    password: str = field(repr=False)


class BrokenError(OSError):
    """No whole answer came."""

    def __init__(self, kind: Literal["unknown", "unreachable", "invalid"], reason: str) -> None:
        super().__init__(reason)
        self.kind, self.reason = kind, reason


class Line:
    """One connection to a server."""

    def __init__(self, url: str, timeout: float | None = None) -> None:
        """A path in `url` comes before every request's. Raises BrokenError if it is no URL."""
        address = urlsplit(url)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise BrokenError("invalid", "an address begins with http:// or https://")
        self._base = address.path.rstrip("/")
        kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
        self._connection = kind(address.hostname, address.port, timeout=timeout or PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._connection.close()

    def send(self, request: Outgoing) -> Incoming:
        """Raises BrokenError."""
        try:
            if self._connection.sock is None:
                self._connection.connect()
        except (OSError, HTTPException) as error:
            raise BrokenError("unreachable", f"no connection: {error}") from error
        try:
            self._write(request)
            with self._connection.getresponse() as response:
                return _read(response)
        except (ValueError, InvalidURL) as error:
            raise BrokenError("invalid", f"it cannot be sent: {error}") from error
        except (OSError, HTTPException) as error:
            why = f"{type(error).__name__}: {error}".removesuffix(": ")
            raise BrokenError("unknown", f"no whole answer: {why}") from error

    def sign_in_and_send(self, request: Outgoing, login: Login) -> Incoming:
        """Send it with every message of the NTLM handshake, as most clients do."""
        # The library takes 0.1 s to import, and only signed-in requests need it.
        import spnego  # noqa: PLC0415 - see above

        context = spnego.client(login.name, login.password, protocol="ntlm")
        answer = self.send(_authorized(request, context.step()))
        challenge = (answer.header("WWW-Authenticate") or "").removeprefix("NTLM ")
        if answer.status != _UNAUTHORIZED or challenge in ("", "NTLM"):
            return answer
        try:
            proof = context.step(b64decode(challenge))
        except (ValueError, spnego.exceptions.SpnegoError) as error:
            raise BrokenError("unknown", f"the NTLM challenge is none: {error}") from error
        return self.send(_authorized(request, proof))

    def _write(self, request: Outgoing) -> None:
        given = {name.lower() for name in request.headers}
        line = self._connection
        line.putrequest(
            request.method,
            self._base + request.path,
            skip_host="host" in given,
            skip_accept_encoding=True,
        )
        for name, value in request.headers.items():
            line.putheader(name, value.encode())
        if request.body is not None and not given & {"content-length", "transfer-encoding"}:
            line.putheader("Content-Length", str(len(request.body)))
        line.endheaders(request.body)


def _authorized(request: Outgoing, token: bytes | None) -> Outgoing:
    headers = {**request.headers, "Authorization": f"NTLM {b64encode(token or b'').decode()}"}
    return replace(request, headers=headers)


def _read(response: HTTPResponse) -> Incoming:
    return Incoming(response.status, tuple(response.getheaders()), response.read())
