"""Certificates for signing data: a test authority stands for the accredited providers.

The keys are no secret, they follow from the words below. Which certificates the bank has
registered for a user is said here for the default world; other worlds list their own.
"""

from collections.abc import Mapping
from typing import Final

from podatelna.kernel.authority import Authority, Identity, Kind
from podatelna.sdns.model import Certificate

AUTHORITY: Final = Authority(b"podatelna SDNS, no secret", "podatelna TEST SDNS")

DEFAULT_USERS: Final = ("uziv0001", "uziv0002")
"""Who may send in the default world."""
REVOKED: Final[Mapping[Kind, str]] = {"revoked": "2000-01-02T00:00:00+00:00"}
REGISTERED: Final[tuple[Kind, ...]] = ("valid", "expired", "future", "revoked")
"""The bank may know a certificate that is not valid yet, or no more."""


def identity(login: str, kind: Kind) -> Identity:
    """Certificate and key of a user; the case of the login does not matter."""
    return AUTHORITY.identity(login.lower(), kind)


def registered(login: str) -> list[Certificate]:
    """The user's certificates that the bank knows. Makes no key."""
    holder = login.lower()
    return [
        Certificate(
            holder,
            AUTHORITY.issuer(kind),
            str(AUTHORITY.serial(holder, kind)),
            REVOKED.get(kind, ""),
        )
        for kind in REGISTERED
    ]
