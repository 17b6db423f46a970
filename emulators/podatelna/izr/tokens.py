"""The hashed message: Base64(SHA-512(canonical Body + SHA-1(key))).

The ministry's hash procedure names the algorithms; order and form are those of the public C#
caller.
"""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha1, sha512
from hmac import compare_digest

from podatelna.izr.canonical import Namespaces, canonical

NAMESPACE = "http://www.pds.eu/vOKO/v0200/wss"
TYPE = "A01"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way of making the canonical bytes."""

    name: str
    namespaces: Namespaces
    blanks: bool


CANDIDATES = (
    Candidate("reference", "reference", blanks=False),
    Candidate("exclusive", "exclusive", blanks=False),
    Candidate("exclusive with whitespace", "exclusive", blanks=True),
    Candidate("in place", "in place", blanks=False),
    Candidate("in place with whitespace", "in place", blanks=True),
)
"""In the order in which they are tried; the strict gateway takes the first only (contract, Q8)."""


def hash_key(key: str) -> bytes:
    """SHA-1 of a WS key: all that the gateway has to know of it. 20 bytes.

    The ministry's own sender takes it in place of the key (vOKO pages, ldap-password-hash).
    """
    return sha1(key.encode("utf-8", "surrogatepass"), usedforsecurity=False).digest()


def token(canonical_body: bytes, key_hash: bytes) -> str:
    """88 characters, one line."""
    return b64encode(sha512(canonical_body + key_hash).digest()).decode()


def matching(message: bytes, given: str, key_hash: bytes, *, strict: bool) -> Candidate | None:
    """The first candidate whose token was given; None: the token is wrong.

    Raises NotCanonicalError.
    """
    wanted = given.strip().encode("utf-8", "surrogatepass")
    for candidate, bytes_ in candidates(message):
        if compare_digest(token(bytes_, key_hash).encode(), wanted):
            return candidate
        if strict:
            return None
    return None


def candidates(message: bytes) -> Iterator[tuple[Candidate, bytes]]:
    """Each candidate with its bytes, of a message in UTF-8. Raises NotCanonicalError."""
    for candidate in CANDIDATES:
        yield candidate, canonical(message, candidate.namespaces, blanks=candidate.blanks)
