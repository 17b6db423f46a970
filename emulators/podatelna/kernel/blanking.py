"""Keeps secrets out of records: finds them in all spellings that a body or an address has."""

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, quote_plus

BLANK = "[blanked]"
LONGEST = 4096
"""Characters of a secret. Nobody has a longer one: where one is claimed, all texts are blanked."""

_ESCAPED = re.compile("%[0-9A-F]{2}")


class Blanking:
    """Replaces each of some texts by `[blanked]`.

    They are found as they are, form-urlencoded, and escaped as in JSON. What stands as the name of
    a value stays: in `client_secret=secret` the first one is no secret.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        known = {secret for secret in secrets if secret}
        self._all = any(len(secret) > LONGEST for secret in known)
        spelled = set() if self._all else {each for secret in known for each in _spellings(secret)}
        # The longest first: one secret may begin as another does.
        choice = "|".join(re.escape(each) for each in sorted(spelled, key=len, reverse=True))
        self._pattern = re.compile(f'(?:{choice})(?!":|=)' if spelled else "(?!)")

    def body(self, body: bytes, most: int) -> bytes:
        """The first so many bytes of a body, after it was blanked."""
        # What is cut off must not leave half a secret behind.
        margin = body[: most + LONGEST * len("%F0%9F%98%80")].decode("latin-1")
        return self.text(margin).encode("latin-1")[:most]

    def text(self, text: str) -> str:
        return BLANK if self._all and text else self._pattern.sub(BLANK, text)

    def value(self, value: Any) -> Any:
        """A text, or a mapping or list of values, at any depth."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {name: self.value(each) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(each) for each in value]
        return value


def _spellings(secret: str) -> Iterable[str]:
    octets = secret.encode(errors="surrogatepass")
    quoted = {quote(octets, safe=""), quote_plus(octets), quote(octets)}
    escaped = json.dumps(secret)[1:-1]
    # Bytes are read as latin-1 here, so that any body and any target can be looked through.
    yield from (secret, octets.decode("latin-1"), *quoted)
    yield from (_ESCAPED.sub(lambda found: found[0].lower(), each) for each in quoted)
    yield from (escaped, escaped.replace("/", r"\/"))
