"""Where the service is and who is calling."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import requests

Timeout = float | tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a connection needs. `login` has the domain in front (DOMAIN\\login)."""

    url: str
    login: str
    password: str = field(repr=False)
    timeout: Timeout = None
    """Seconds, or a pair for connecting and for reading; None waits for ever."""
    session: "requests.Session | None" = None
    verify: bool | str | None = None
    """As requests takes it; None leaves it to the session."""
