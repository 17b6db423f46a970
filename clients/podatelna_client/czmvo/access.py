"""Where the service is, who is calling, and in which version."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import requests

Timeout = float | tuple[float, float] | None

FIRST_VERSION = "1.0"
"""Basic authentication, no version header; all later versions have tokens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a connection needs. In version 1.0 login and password, later Client ID and Secret ID."""

    base_url: str
    """Ends with a slash; `alerts/`, `filter/` and `auth/token/` come behind it."""
    login: str
    password: str = field(repr=False)
    version: str
    user_agent: str
    language: str | None = None
    timeout: Timeout = None
    """Seconds, or a pair for connecting and for reading; None waits for ever."""
    session: "requests.Session | None" = None
    verify: bool | str | None = None
    """As requests takes it; None leaves it to the session."""

    @property
    def takes_tokens(self) -> bool:
        """Whether requests carry a token; otherwise they carry login and password."""
        return self.version != FIRST_VERSION
