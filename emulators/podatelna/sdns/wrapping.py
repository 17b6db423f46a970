"""What signed data may be wrapped in as text: PEM, or an S/MIME message.

The documents ask for neither, and signing software easily makes both.
"""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass
from typing import Final, Literal

_FRONT: Final = 1 << 16
"""Bytes in which the head of a wrapping must be."""
_PEM: Final = re.compile(rb"\s*-----BEGIN (?P<label>[A-Z0-9 #]{1,40})-----")
_LABELS: Final = {b"PKCS7", b"CMS", b"PKCS #7 SIGNED DATA"}
_HEADER: Final = re.compile(rb"\s*[A-Za-z][A-Za-z0-9-]*:[ \t]")
_END_OF_HEADERS: Final = re.compile(rb"\r?\n\r?\n")
_CLEAR: Final = re.compile(rb"multipart/signed", re.IGNORECASE)

Wrapping = Literal["PEM", "S/MIME", "clear S/MIME", "broken", ""]


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """What was found around the data."""

    wrapping: Wrapping
    """Clear S/MIME: content and signature stand beside each other; broken: PEM or S/MIME begins
    and no Base64 is in it; empty: the data are bare."""
    data: bytes
    """Without the wrapping; of clear S/MIME and of broken wrappings, all of it."""


def unwrap(data: bytes) -> Unwrapped:
    """Take a wrapping off, if there is one."""
    front = data[:_FRONT]
    if pem := _PEM.match(front):
        return _pem(data, pem)
    headers = _END_OF_HEADERS.search(front) if _HEADER.match(front) else None
    if headers is None:
        return Unwrapped("", data)
    if _CLEAR.search(front[: headers.end()]):
        return Unwrapped("clear S/MIME", data)
    return _decoded("S/MIME", data, headers.end(), len(data))


def _pem(data: bytes, head: re.Match[bytes]) -> Unwrapped:
    end = data.find(b"-----END", head.end())
    if head["label"] not in _LABELS or end < 0:
        return Unwrapped("broken", data)
    return _decoded("PEM", data, head.end(), end)


def _decoded(wrapping: Wrapping, data: bytes, start: int, end: int) -> Unwrapped:
    try:
        decoded = b64decode(memoryview(data)[start:end])
    except NotBase64:
        return Unwrapped("broken", data)
    return Unwrapped(wrapping, decoded)
