"""HTTP as plain values, so that everything above the socket is a function."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Headers = tuple[tuple[str, str], ...]


@dataclass(slots=True, eq=False)
class Connection:
    """One TCP connection. Schemes that sign in connections, as NTLM does, keep their state here.

    The server makes it with the connection and drops it with it, so nothing has to be evicted.
    """

    number: int = 0
    memory: dict[object, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came. Header names are lower-case; repeated ones are joined with a comma."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    peer: str = "127.0.0.1"
    connection: Connection = field(default_factory=Connection)
    base: str = ""
    """What came before `path` and chose the sandbox, for example /s/job-7; addresses carry it."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the bytes leave. Only the server acts on it; everyone else just sets it."""

    delay_seconds: float = 0
    """Wait before the first byte."""
    cut_after_bytes: int | None = None
    """Close the connection after this many bytes of the body; the head still promises all of it."""
    reset: bool = False
    """Send nothing and reset the connection (TCP RST)."""
    empty: bool = False
    """Send nothing and close the connection (an empty reply)."""
    drip_bytes_per_second: int | None = None
    """Send the body slowly, in small pieces."""
    keep_alive_seconds: float | None = None
    """How long the connection may stay idle after this answer; None: as long as the server's limits
    allow, and never longer than that."""


PROMPT = Delivery()


@dataclass(frozen=True, slots=True)
class Response:
    """An answer. Headers keep their order and spelling on the wire."""

    status: int
    body: bytes = b""
    headers: Headers = ()
    reason: str | None = None
    """The status line's words where an agency has its own; None: the usual ones."""
    delivery: Delivery = PROMPT
