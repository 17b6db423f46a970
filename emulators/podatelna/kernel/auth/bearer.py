"""Bearer tokens, the server's side (RFC 6750)."""


def read_bearer(header: str) -> str | None:
    """The token of an Authorization header; None if it has none. Tokens are opaque: any one word.

    No header raises.
    """
    scheme, _, token = header.strip().partition(" ")
    words = token.split()
    return words[0] if scheme.lower() == "bearer" and words == [token.strip()] else None
