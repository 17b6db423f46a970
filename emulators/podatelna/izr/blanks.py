"""Line ends and blanks that a parser would normalise, and .NET's XmlDocument does not."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_BLANK_IN_VALUE = re.compile(rb"""=[ \t\r\n]*(?:"[^"<]*[\t\n]|'[^'<]*[\t\n])""")
_PIECE = re.compile(
    r"""<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<(?:[^"'>]|"[^"]*+"|'[^']*+')*+>|[^<]++""",
    re.DOTALL,
)
_VALUE_IN_TAG = re.compile(r"""=[ \t\r\n]*("[^"]*"|'[^']*')""")
_PRIVATE = range(0xE000, 0xF8F0, 16)
"""Characters that mean nothing: three of them stand for the blanks while a message is parsed."""


def is_unnormal(message: bytes) -> bool:
    """Whether there may be anything in a message that a parser would normalise."""
    return b"\r" in message or _BLANK_IN_VALUE.search(message) is not None


@dataclass(frozen=True, slots=True)
class Keeping:
    """Leads CR, and TAB and LF of attributes, past a parser."""

    marks: Mapping[int, str]
    blanks: Mapping[int, str]

    @classmethod
    def of(cls, message: bytes) -> "Keeping":
        text = message.decode("utf-8", "replace")
        free = (first for first in _PRIVATE if not any(chr(first + n) in text for n in (9, 10, 13)))
        first = next(free, _PRIVATE[0])
        marks = {number: chr(first + number) for number in (9, 10, 13)}
        return cls(marks, {ord(mark): chr(number) for number, mark in marks.items()})

    def marked(self, message: bytes) -> bytes:
        """The message with marks for blanks; around its root XML has no text to keep."""
        depth = 0

        def mark(found: re.Match[str]) -> str:
            nonlocal depth
            piece = found[0]
            if piece.startswith(("<!--", "<?")):
                return piece
            if piece.startswith("<") and not piece.startswith("<!"):
                depth += _deeper(piece)
                return _VALUE_IN_TAG.sub(lambda value: value[0].translate(self.marks), piece)
            return piece.replace("\r", self.marks[13]) if depth else piece

        text = message.decode("utf-8", "surrogateescape")
        return _PIECE.sub(mark, text).encode("utf-8", "surrogateescape")

    def kept(self, text: str) -> str:
        """Text as it was written, from text that a parser has let through."""
        return text.translate(self.blanks)


def _deeper(tag: str) -> int:
    if tag.startswith("</"):
        return -1
    return 0 if tag.endswith("/>") else 1
