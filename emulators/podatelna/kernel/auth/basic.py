"""HTTP Basic, the server's side (RFC 7617)."""

from base64 import b64decode


def read_basic(header: str) -> tuple[str, str] | None:
    """Login and password of an Authorization header; None if it has none that could be read.

    They are UTF-8, or else latin-1, which old callers send. No header raises.
    """
    scheme, _, credentials = header.strip().partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        octets = b64decode(credentials.strip(), validate=True)
    except ValueError:
        return None
    login, colon, password = _text(octets).partition(":")
    return (login, password) if colon else None


def _text(octets: bytes) -> str:
    try:
        return octets.decode()
    except UnicodeDecodeError:
        return octets.decode("latin-1")
