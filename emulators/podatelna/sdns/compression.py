"""How a reporter may compress its data: ZIP, GZIP, DEFLATE, or not at all.

The bank's server is J2SE 1.4.2 (programmer's manual), so data are read as java.util.zip reads a
stream: from the front, and not beyond what is wanted. What follows the first entry of a ZIP
archive, its directory too, or the end of compressed data, is never looked at. An archive inside
an archive is content like any other.
"""

import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Final

_PIECE: Final = 1 << 14
_FREE: Final = 1 << 20
"""Bytes that any data may grow to; the ratio is looked at beyond."""
_MOST_MEMBERS: Final = 10_000
"""Of a GZIP file; block-wise writers make one for each 64 KiB."""
_RAW, _ZLIB, _GZIP = -15, 15, 31
"""zlib's names for the three wrappings of a deflate stream."""

_ENTRY, _DIRECTORY_END, _DESCRIPTOR = b"PK\3\4", b"PK\5\6", b"PK\7\x08"
_LOCAL: Final = struct.Struct("<4sHHHHHIIIHH")
_ENCRYPTED, _DESCRIBED = 1, 8
_STORED, _DEFLATED = 0, 8
_ELSEWHERE: Final = 0xFFFFFFFF
"""A size that stands in the ZIP64 field."""

_TOO_LARGE: Final = "The content is larger than {} bytes."
_TOO_SHORT: Final = "The data end too early."


class NotDecompressed(ValueError):  # noqa: N818 - what is raised is no bug, and reads so
    """Data that are not what the method says, or too large; the text says why."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may come out."""

    most: int
    """Bytes."""
    ratio: int
    """Bytes for each one of the data, once there are more than a megabyte."""


def decompress(data: bytes, method: str, limits: Limits) -> bytes:
    """The content. `method` is one of METHODS. Raises NotDecompressed, as soon as it is plain."""
    if method == "NONE":
        if len(data) > limits.most:
            raise NotDecompressed(_TOO_LARGE.format(limits.most))
        return data
    sink = _Sink(limits, len(data))
    _READERS[method](memoryview(data), sink)
    return sink.content()


class _Sink:
    """What came out so far."""

    def __init__(self, limits: Limits, source: int) -> None:
        self._limits = limits
        self._by_ratio = max(_FREE, limits.ratio * source)
        self._buffer = BytesIO()
        self.size = 0
        self.crc = 0

    def take(self, piece: bytes | memoryview) -> None:
        """Raises NotDecompressed if that is too much."""
        self.size += len(piece)
        if self.size > self._limits.most:
            raise NotDecompressed(_TOO_LARGE.format(self._limits.most))
        if self.size > self._by_ratio:
            raise NotDecompressed(
                f"The content is more than {self._limits.ratio} times as large as the data."
            )
        self.crc = zlib.crc32(piece, self.crc)
        self._buffer.write(piece)

    def content(self) -> bytes:
        return self._buffer.getvalue()


def _gzip(data: memoryview, sink: _Sink) -> None:
    """RFC 1952, of one member or several. What follows and is no member is ignored."""
    at = _inflate(data, 0, _GZIP, sink)
    for _ in range(_MOST_MEMBERS):
        if bytes(data[at : at + 2]) != b"\x1f\x8b":
            return
        at = _inflate(data, at, _GZIP, sink)
    raise NotDecompressed(f"The file has more than {_MOST_MEMBERS} members.")


def _deflate(data: memoryview, sink: _Sink) -> None:
    """What java.util.zip makes is wrapped by zlib (RFC 1950); raw data are taken, too.

    The two cannot be mistaken: what zlib's header would mean in raw data no deflater writes.
    """
    wrapped = len(data) > 1 and data[0] & 15 == _DEFLATED and not (data[0] << 8 | data[1]) % 31
    _inflate(data, 0, _ZLIB if wrapped else _RAW, sink)


@dataclass(frozen=True, slots=True)
class _Entry:
    """What the header of an entry says."""

    start: int
    described: bool
    """Checksum and sizes stand behind the data."""
    method: int
    packed: int
    size: int
    crc: int


def _zip(data: memoryview, sink: _Sink) -> None:
    """The first entry, whatever its name is."""
    entry = _first_entry(data)
    crc, size = entry.crc, entry.size
    if entry.method == _DEFLATED:
        end = _inflate(data, entry.start, _RAW, sink)
        if entry.described:
            crc, size = _described(data[end:]), _ELSEWHERE
    elif entry.method == _STORED:
        _store(data[entry.start :], entry, sink)
    else:
        raise NotDecompressed(
            f"The entry is compressed by method {entry.method}: 0 and 8 are read."
        )
    if crc != sink.crc or size not in (_ELSEWHERE, sink.size):
        raise NotDecompressed("The entry is damaged: its checksum or size is another one.")


def _first_entry(data: memoryview) -> _Entry:
    if bytes(data[:4]) == _DIRECTORY_END:
        raise NotDecompressed("The archive has no entry.")
    if bytes(data[:4]) != _ENTRY or len(data) < _LOCAL.size:
        raise NotDecompressed("The data are no ZIP archive: they do not begin with an entry.")
    _, _, flags, method, _, _, crc, packed, size, name, extra = _LOCAL.unpack_from(data)
    if flags & _ENCRYPTED:
        raise NotDecompressed("The entry is encrypted.")
    if bytes(data[_LOCAL.size : _LOCAL.size + name]).endswith(b"/"):
        raise NotDecompressed("The first entry of the archive is a folder.")
    start = _LOCAL.size + name + extra
    return _Entry(start, bool(flags & _DESCRIBED), method, packed, size, crc)


def _store(data: memoryview, entry: _Entry, sink: _Sink) -> None:
    if entry.described or entry.packed == _ELSEWHERE:
        # Java refuses this, too: nothing tells where the entry ends.
        raise NotDecompressed("The entry is stored, and its header does not say how large it is.")
    if len(data) < entry.packed:
        raise NotDecompressed(_TOO_SHORT)
    sink.take(data[: entry.packed])


def _described(data: memoryview) -> int:
    """The checksum of a data descriptor, whose signature is optional."""
    at = 4 if bytes(data[:4]) == _DESCRIPTOR else 0
    if len(data) < at + 4:
        raise NotDecompressed(_TOO_SHORT)
    return int.from_bytes(data[at : at + 4], "little")


def _inflate(data: memoryview, at: int, wrapping: int, sink: _Sink) -> int:
    """Where the stream that begins there ends."""
    stream = zlib.decompressobj(wrapping)
    try:
        while not stream.eof:
            piece = stream.unconsumed_tail
            if not piece:
                piece, at = bytes(data[at : at + _PIECE]), at + _PIECE
            made = stream.decompress(piece, _FREE)
            if not (piece or made or stream.eof):
                raise NotDecompressed(_TOO_SHORT)
            sink.take(made)
    except zlib.error as error:
        raise NotDecompressed(f"The data cannot be decompressed: {error}.") from error
    return min(at, len(data)) - len(stream.unused_data)


_READERS: Final[Mapping[str, Callable[[memoryview, _Sink], None]]] = {
    "ZIP": _zip,
    "GZIP": _gzip,
    "DEFLATE": _deflate,
}
METHODS: Final = (*_READERS, "NONE")
"""The words of the parameter zipmethod (programmer's manual, zipmethod)."""
