"""Where the gateway is, who is calling, and for whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import requests

Timeout = float | tuple[float, float] | None

ANY_SERVICE = "{service}"
DEFAULT_NAMESPACE = f"http://www.pds.eu/{ANY_SERVICE}"
"""As of other services of the gateway; those of the IZR services are not public."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a message and a connection need."""

    url: str
    login: str
    key_hash: bytes | None = field(repr=False)
    """SHA-1 of the WS key; None: messages go without a token."""
    subject: str
    """IDSZR of whom the caller acts for."""
    namespaces: str | Mapping[str, str]
    """Of payloads: a text with {service} in it, or for each service its own."""
    application: tuple[str, str]
    """Id and version of the calling software."""
    certificate: str | None = None
    """Serial number of a certificate that the ministry knows."""
    timeout: Timeout = None
    """Seconds, or a pair for connecting and for reading; None waits for ever."""
    session: "requests.Session | None" = None
    verify: bool | str | None = None
    """As requests takes it; None leaves it to the session."""

    @property
    def dn(self) -> str:
        """The caller's name in the gateway's directory, by which it finds the key."""
        return self.login if "=" in self.login else f"cn={self.login},cn=Farmar,cn=Users,o=mze,c=cz"

    @property
    def can_sign_in(self) -> bool:
        """Whether it is said who calls, and by what he is to be known."""
        return bool(self.login and (self.key_hash or self.certificate))

    def namespace(self, service: str) -> str:
        """That of a service's payload."""
        if isinstance(self.namespaces, str):
            return self.namespaces.replace(ANY_SERVICE, service)
        return self.namespaces.get(service, DEFAULT_NAMESPACE.replace(ANY_SERVICE, service))
