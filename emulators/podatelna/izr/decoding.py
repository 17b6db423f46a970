"""Messages in the encodings that .NET would read, recoded to UTF-8.

All that read a message get the same bytes, so that they cannot disagree on what stands there.
"""

import re

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8", 3),
    (b"\xff\xfe", "utf-16-le", 2),
    (b"\xfe\xff", "utf-16-be", 2),
    (b"<\x00", "utf-16-le", 0),
    (b"\x00<", "utf-16-be", 0),
)
"""First bytes, the encoding that they show, and how many of them are a byte order mark."""
_DECLARED = re.compile(
    rb"""<\?xml[ \t\r\n][^>]*?[ \t\r\n]encoding[ \t\r\n]*=[ \t\r\n]*["']([^"'>]*)["']"""
)
_SINGLE_BYTE = re.compile(r"windows-125[0-8]|iso-8859-(?:1|2|3|4|5|6|7|8|9|13|15)|us-ascii")


class NotDecodableError(ValueError):
    """The bytes are no text in the encoding that they claim; the text says why."""


def to_utf8(body: bytes) -> bytes:
    """The message in UTF-8 without a byte order mark; what it declares is left as it is.

    What is in UTF-8 already is not looked through: a parser does that.
    """
    shown, start = next(
        ((name, length) for mark, name, length in _MARKS if body.startswith(mark)), ("", 0)
    )
    if shown.startswith("utf-16"):
        return _recoded(body[start:], shown)
    found = _DECLARED.match(body, start)
    declared = found[1].decode("ascii", "replace").lower() if found else "utf-8"
    if declared == "utf-8":
        return body[start:]
    if shown or not _SINGLE_BYTE.fullmatch(declared):
        raise NotDecodableError(f"the message is not in the encoding that it declares, {declared}")
    return _recoded(body, declared)


def _recoded(body: bytes, encoding: str) -> bytes:
    try:
        return body.decode(encoding).encode()
    except UnicodeError as error:
        raise NotDecodableError(f"the message is not in {encoding}: {error}") from None
