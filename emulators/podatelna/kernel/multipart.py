"""Messages of several parts, multipart/related (RFC 2387): SOAP with attachments.

Reading forgives what senders without a library get wrong: bare LF ends lines, `start` is written
without its brackets, the Content-Length of a part is not what it says (it is never looked at), the
root has no Content-ID. Writing gives exactly the lines that JavaMail does.
"""

import binascii
import quopri
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import unquote

MOST_PARTS: Final = 100
MOST_HEAD: Final = 16 * 1024
"""Bytes of the headers of one part."""
_LONGEST_BOUNDARY: Final = 200
"""RFC 2046 says 70."""

_PARAMETER: Final = re.compile(r';\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))')
_ESCAPED: Final = re.compile(r"\\(.)")
_FOLD: Final = re.compile(r"\r?\n[ \t]+")
_FIELD: Final = re.compile(r"^([^\s:]+)[ \t]*:(.*)$", re.MULTILINE)
_HEAD_END: Final = re.compile(rb"\A\r?\n|\n\r?\n")


class NotMultipart(Exception):  # noqa: N818 - it says what the bytes are
    """The bytes are not what their Content-Type says; the text says why."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True)
class Part:
    """Names of headers are lower-case; of repeated ones the first counts."""

    headers: Mapping[str, str]
    sent: memoryview
    """The body as it was sent, in its transfer encoding: a part of the message, not a copy."""

    @property
    def content_id(self) -> str:
        """Without its brackets."""
        return _bare(self.headers.get("content-id", ""))

    @property
    def encoding(self) -> str:
        """The transfer encoding, in lower case."""
        return self.headers.get("content-transfer-encoding", "8bit").lower()

    @cached_property
    def content(self) -> bytes | memoryview:
        """The body in itself; raises NotMultipart if it is no Base64 though it says so.

        An unknown transfer encoding is taken as none.
        """
        if self.encoding == "base64":
            try:
                return binascii.a2b_base64(self.sent)
            except binascii.Error as error:
                raise NotMultipart(f"a part is not in Base64: {error}") from None
        if self.encoding == "quoted-printable":
            return quopri.decodestring(bytes(self.sent))
        return self.sent


@dataclass(frozen=True)
class Multipart:
    """A message of at least one part."""

    parts: tuple[Part, ...]
    start: str
    """The content id of the root, without brackets; "" if it was not told."""

    @cached_property
    def root(self) -> Part:
        """The part that `start` names, else the first."""
        named = (part for part in self.parts if self.start and part.content_id == self.start)
        return next(named, self.parts[0])

    def find(self, reference: str) -> Part | None:
        """The part that a reference means: `cid:` and its id (RFC 2392), or its location."""
        scheme, colon, identity = reference.partition(":")
        if colon and scheme.lower() == "cid":
            wanted = {_bare(identity), _bare(unquote(identity))} - {""}
            return next((part for part in self.parts if part.content_id in wanted), None)
        located = (p for p in self.parts if p.headers.get("content-location", "") == reference)
        return next(located, None) if reference else None


def _bare(identity: str) -> str:
    """An id without brackets; whoever writes one of them only means both."""
    return identity.strip().removeprefix("<").removesuffix(">")


def is_multipart(content_type: str) -> bool:
    return content_type.lstrip().lower().startswith("multipart/")


def read_multipart(body: bytes, content_type: str) -> Multipart:
    """Read a message; raises NotMultipart. What stands before, behind and beside parts is left."""
    told = _parameters(content_type)
    boundary = told.get("boundary", "").encode("latin-1", "replace")
    if not 0 < len(boundary) <= _LONGEST_BOUNDARY:
        raise NotMultipart("the Content-Type names no boundary, or one that is too long")
    parts = tuple(_part(body, start, end) for start, end in _sections(body, b"--" + boundary))
    if not parts:
        raise NotMultipart("the boundary that the Content-Type names is nowhere in the body")
    return Multipart(parts, _bare(told.get("start", "")))


def _parameters(content_type: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, quoted, plain in _PARAMETER.findall(content_type):
        found.setdefault(name.lower(), _ESCAPED.sub(r"\1", quoted) or plain.strip())
    return found


def _sections(body: bytes, delimiter: bytes) -> Iterator[tuple[int, int]]:
    """Where parts begin and end. The last one may lack its delimiter."""
    start = -1
    for found, line in enumerate(_delimiters(body, delimiter)):
        if found > MOST_PARTS:
            raise NotMultipart(f"the message has more than {MOST_PARTS} parts")
        if start >= 0:
            # The line end before a delimiter belongs to it.
            end = line.start() - (body[line.start() - 1 : line.start()] == b"\r")
            yield start, max(start, end)
        start = line.end(2)
        if line[1]:
            return
    if start >= 0:
        yield start, len(body)


def _delimiters(body: bytes, delimiter: bytes) -> Iterator[re.Match[bytes]]:
    """The lines that are delimiters, each with the LF before it.

    Group 1 is there in the last one, group 2 is the line end behind.
    """
    line = rb"%s(--)?[ \t]*+(?=(\r?\n|\Z))" % re.escape(delimiter)
    if first := re.match(line, body):
        yield first
    yield from re.finditer(b"\n" + line, body)


def _part(body: bytes, start: int, end: int) -> Part:
    head_end = _HEAD_END.search(body[start : min(end, start + MOST_HEAD)])
    if head_end is None and end - start > MOST_HEAD:
        raise NotMultipart(f"the headers of a part are over {MOST_HEAD} bytes")
    behind = start + head_end.end() if head_end else end
    head = _FOLD.sub(" ", body[start:behind].decode("latin-1"))
    headers: dict[str, str] = {}
    for name, value in _FIELD.findall(head):
        headers.setdefault(name.lower(), value.strip())
    return Part(headers, memoryview(body)[behind:end])


# -- writing


@dataclass(frozen=True, slots=True)
class Written:
    """A part to be written. Its body must be in its transfer encoding already."""

    content_type: str
    content_id: str
    body: bytes
    encoding: str = "8bit"


def write_multipart(boundary: str, parts: Sequence[Written]) -> bytes:
    """The message, without anything before its first boundary or behind its last.

    The Content-Length of a part is that of its body alone.
    """
    pieces: list[bytes] = []
    for part in parts:
        head = (
            f"--{boundary}\r\n"
            f"Content-Type: {part.content_type}\r\n"
            f"Content-Transfer-Encoding: {part.encoding}\r\n"
            f"Content-ID: <{part.content_id}>\r\n"
            f"Content-Length: {len(part.body)}\r\n"
            "\r\n"
        )
        pieces += [head.encode("latin-1"), part.body, b"\r\n"]
    pieces.append(f"--{boundary}--\r\n".encode("latin-1"))
    return b"".join(pieces)
