"""From a message to the bytes that a call carries: written, signed, compressed - in this order."""

import gzip
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Self, cast

from podatelna_client.sdns.errors import InvalidInput

_IN_MEMORY = 4 << 20
_AT_ONCE = 1 << 20
_LEVEL = 6


def scratch() -> BinaryIO:
    """A file for a while; on disk only when it is large."""
    return cast(BinaryIO, SpooledTemporaryFile(_IN_MEMORY))


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message ready to be sent, as often as is needed: its bytes stay the same."""

    filename: str
    compression: str
    """As the parameter of the call says it."""
    signature: str
    """PKCS7 or NONE."""
    data: BinaryIO

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the data up."""
        self.data.close()


def filename(prefix: str, number: int) -> str:
    """The logical name of a delivery: ws, three digits of the bank, seven of the reporter."""
    if not (len(prefix) == _PREFIX and prefix.isascii() and prefix.isdigit()):
        raise InvalidInput(f"the prefix must be three digits, not {prefix!r}")
    if not 0 <= number < _TOO_LARGE:
        raise InvalidInput(f"{number} does not fit into the seven digits of a file name")
    return f"ws{prefix}{number:07}.xml"


_PREFIX, _TOO_LARGE = 3, 10**7


def compress(source: BinaryIO, out: BinaryIO, method: str, name: str = "") -> None:
    """All of a file by one of the four methods; `name` is that of the entry of a ZIP archive."""
    if method not in _METHODS:
        raise InvalidInput(f"there is no compression {method!r}")
    _METHODS[method](source, out, name)


def _copy(source: BinaryIO, out: BinaryIO, _: str) -> None:
    copyfileobj(source, out, _AT_ONCE)


def _gzip(source: BinaryIO, out: BinaryIO, _: str) -> None:
    with gzip.GzipFile("", "wb", _LEVEL, out, mtime=0) as packed:
        copyfileobj(source, packed, _AT_ONCE)


def _zip(source: BinaryIO, out: BinaryIO, name: str) -> None:
    entry = zipfile.ZipInfo(name or "message.xml")
    entry.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(out, "w") as archive, archive.open(entry, "w") as packed:
        copyfileobj(source, packed, _AT_ONCE)


def _deflate(source: BinaryIO, out: BinaryIO, _: str) -> None:
    # The service reads it with Java's InflaterInputStream: in a zlib frame (RFC 1950).
    packed = zlib.compressobj(_LEVEL)
    while octets := source.read(_AT_ONCE):
        out.write(packed.compress(octets))
    out.write(packed.flush())


_METHODS: dict[str, Callable[[BinaryIO, BinaryIO, str], None]] = {
    "ZIP": _zip,
    "GZIP": _gzip,
    "DEFLATE": _deflate,
    "NONE": _copy,
}
