"""Where the services are, and who is calling."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from podatelna_client.sdns.codes import Compression, Encoding
from podatelna_client.sdns.signing import Signer

if TYPE_CHECKING:
    import requests

Timeout = float | tuple[float, float] | None
Clock = Callable[[], float]
"""Seconds since 1970."""
Pause = Callable[[float], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a call and a connection need."""

    url: str
    """Of both services, without their names: https://apl.cnb.cz/ewi-ws"""
    username: str
    password: str = field(repr=False)
    clock: Clock
    timeout: Timeout = None
    """Seconds, or a pair for connecting and for reading; None waits for ever."""
    session: "requests.Session | None" = None
    verify: bool | str | None = None
    """As requests takes it; None leaves it to the session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """How messages are sent."""

    prefix: str
    """Three digits that the bank assigned, for file names."""
    sender: str
    signer: Signer | None
    compression: Compression
    encoding: Encoding
    shape: str
    language: str
    country: str
