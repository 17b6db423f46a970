"""Finds what a record gives away of a secret, in whatever form it stands there."""

import re
from base64 import b64decode
from collections.abc import Iterator
from html import unescape
from quopri import decodestring

WORTH_READING = re.compile(
    "[A-Za-z0-9+/]{24}|[A-Za-z0-9+/]{3}\\s{1,9}[A-Za-z0-9+/]{4}|&#|=[0-9A-F]{2}"
)
"""What may have something inside."""
CHARSETS = ("utf-8", "utf-16-le", "utf-16-be", "cp1250")
LONGEST = 3
"""Characters of a secret that may be left over: Base64 is blanked in groups."""


def pieces(secret: str) -> list[str]:
    """Every part of the secret that is too long to be there by chance."""
    return [secret[at : at + LONGEST + 1] for at in range(len(secret) - LONGEST)]


def readings(text: str, depth: int = 3) -> Iterator[str]:
    """Whatever a text may be read as: entities resolved, Base64 and its like undone."""
    if depth == 0:
        return
    inner = [text, unescape(text), text.replace("\0", ""), *_unquoted(text), *_unpacked(text)]
    yield from inner
    for each in {*inner} - {text}:
        if WORTH_READING.search(each):
            yield from readings(each, depth - 1)


def _unquoted(text: str) -> Iterator[str]:
    octets = decodestring(text.encode("utf-8", "ignore"))
    yield from (octets.decode(charset, "ignore") for charset in CHARSETS)


def _unpacked(text: str) -> Iterator[str]:
    """Base64 from each place where it may begin."""
    for run in re.findall(r"[A-Za-z0-9+/]{8,}", re.sub(r"\s+", "", text)):
        for skipped in range(4):
            usable = run[skipped : skipped + (len(run) - skipped) // 4 * 4]
            octets = b64decode(usable)
            yield from (octets.decode(charset, "ignore") for charset in CHARSETS)


def leaked(record: str, secret: str) -> list[str]:
    """What a record gives away of a secret."""
    wanted = pieces(secret)
    return sorted({piece for text in readings(record) for piece in wanted if piece in text})
