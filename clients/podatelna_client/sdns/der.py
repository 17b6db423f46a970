"""As much of DER as a signature needs (X.690); the content itself is never held."""

from datetime import UTC, datetime

SEQUENCE, SET, OCTETS, INTEGER, IDENTIFIER = 0x30, 0x31, 0x04, 0x02, 0x06
FIRST, SECOND = 0xA0, 0xA1
"""Constructed, context-specific: [0] and [1]."""
NULL = b"\x05\x00"

_SHORT = 0x80
_UTC_TIME, _GENERALIZED_TIME = 0x17, 0x18
_UTC_TIME_YEARS = range(1950, 2050)


def head(tag: int, length: int) -> bytes:
    """What stands before a value of this length."""
    if length < _SHORT:
        return bytes((tag, length))
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, _SHORT | len(octets))) + octets


def put(tag: int, *values: bytes) -> bytes:
    """A whole value."""
    value = b"".join(values)
    return head(tag, len(value)) + value


def integer(value: int) -> bytes:
    """A number that is not negative."""
    return put(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def identifier(dotted: str) -> bytes:
    """An object identifier."""
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    return put(IDENTIFIER, *(_arc(arc) for arc in (first * 40 + second, *rest)))


def set_of(*values: bytes) -> bytes:
    """The content of a SET OF, in the order that DER wants."""
    return b"".join(sorted(values))


def instant(at: datetime) -> bytes:
    """A moment as certificates and signatures write it, to the second (RFC 5652, 11.3)."""
    utc = at.astimezone(UTC)
    text = f"{utc.year:04}{utc:%m%d%H%M%S}Z"
    if utc.year in _UTC_TIME_YEARS:
        return put(_UTC_TIME, text[2:].encode())
    return put(_GENERALIZED_TIME, text.encode())


def _arc(arc: int) -> bytes:
    octets = [arc & 0x7F]
    while arc := arc >> 7:
        octets.append(_SHORT | (arc & 0x7F))
    return bytes(reversed(octets))
