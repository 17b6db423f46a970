"""Numbers and identifiers an agency hands out: different every time, the same every run.

The only module that makes random identifiers.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID


def random_seed() -> str:
    """A seed for a sandbox that was given none."""
    return secrets.token_hex(16)


def random_token() -> str:
    """A secret that must not be guessed, whatever the seed: 43 characters."""
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class Ids:
    """Identifiers drawn from a seed and from counters that live in the sandbox's store."""

    seed: str
    count: Callable[[str], int]
    """The next number of a series, from 1; part of the request's transaction."""

    def number(self, series: str) -> int:
        return self.count(series)

    def octets(self, series: str, length: int) -> bytes:
        """Up to 32 bytes that look random and are not."""
        return sha256(f"{self.seed}|{series}|{self.count(series)}".encode()).digest()[:length]

    def guid(self, series: str) -> UUID:
        """A version 4 UUID."""
        return UUID(bytes=self.octets(series, 16), version=4)
