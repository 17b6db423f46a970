"""Where passwords stand in a request: in a parameter of loadData, and deep inside that of a query.

The journal blanks texts that stand in a body as they are. A password in Base64 is told as the
characters that hold it.
"""

import re
from binascii import Error, a2b_base64
from collections.abc import Iterator, Sequence
from typing import Final
from xml.parsers import expat

from podatelna.kernel.multipart import Part
from podatelna.kernel.rpc import Argument

Span = tuple[int, int]

_BASE64: Final = re.compile(rb"[A-Za-z0-9+/=]")
_STARTS: Final = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0<")
"""First bytes of XML, in any encoding."""
_BLANK: Final = b" \t\r\n"
_ALPHABET: Final = bytes(octet for octet in range(128) if _BASE64.match(bytes([octet]))) + _BLANK
_LARGEST: Final = 4 * 1024 * 1024
"""Bytes that are looked through; parameters of queries have some thousands."""
_SHORTEST: Final = 99
_PIECE: Final = 4096
_NAMED: Final = re.compile(
    rb"<(?:[\w.-]{1,99}:)?(?:param2|password)(?:\s[^<>]*)?>([^<]+)"
    rb"|Nazev\s?=\s?[\"']Password[\"'].{0,500}?<HodnotaPar[^<>]*>([^<]+)",
    re.IGNORECASE | re.DOTALL,
)
_IN_FORM: Final = re.compile(rb"(?:param2|password)\"?\s*[=:]\s*\"?([^&\"\s<>]+)", re.IGNORECASE)
"""In a query or a form, or in JSON: nobody is to send it so, and some will try."""
_PARTS: Final = re.compile(rb"transfer-encoding:\s*+base64", re.IGNORECASE)
_WORD: Final = b"password"


def unread(message: bytes) -> list[str]:
    """Of a message in which no password was found, perhaps because it cannot be read."""
    found = [*_named(message), *in_form(message)]
    # What has parts though it does not say so may have anything in them, and in UTF-16 a text is
    # not spelled in the way that it was found.
    hidden = _PARTS.search(message) or (found and b"\0" in message)
    return [*found, _text(message)] if hidden else found


def in_form(text: bytes) -> list[str]:
    """Passwords of a form, as they are spelled there."""
    return [_text(found) for found in _IN_FORM.findall(text[:_LARGEST])]


def _named(message: bytes) -> list[str]:
    """Passwords by the names that stand before them."""
    found = _NAMED.findall(message[:_LARGEST].replace(b"\0", b""))
    return [_text(one or other) for one, other in found]


def in_password(arguments: Sequence[Argument], source: bytes) -> list[str]:
    """The first argument, if any, is the password of loadData. `source` is the envelope."""
    for password in arguments[:1]:
        element = source[slice(*password.span)]
        if _is_unfinished(password, source):
            return [_text(element)]
        if not password.text:
            # What is in elements inside of it is no password, and may have been meant as one.
            inside = element.partition(b">")[2]
            return [_text(inside)] if inside.strip() else []
        return _as_spelled(password.text, element)
    return []


def in_inline(argument: Argument, source: bytes) -> list[str]:
    """Of the parameters of a query, in the envelope itself. `source` is the envelope."""
    element = source[slice(*argument.span)]
    if _is_unfinished(argument, source):
        return [_text(element)]
    content = element.partition(b">")[2]
    if unwrapped(content) is not None:
        return in_parameters(content)
    found = in_parameters(argument.text.encode(errors="replace")) if argument.text else []
    return [spelled for secret in found for spelled in _as_spelled(secret, element)]


def _is_unfinished(argument: Argument, source: bytes) -> bool:
    """Whether the envelope broke inside of it."""
    return argument.span[1] >= len(source)


def in_part(part: Part) -> list[str]:
    """Of the parameters of a query that are attached."""
    if part.encoding == "quoted-printable":
        return [_text(bytes(part.sent))]
    return in_parameters(bytes(part.sent))


def in_parameters(sent: bytes) -> list[str]:
    """Of the parameters of a query, as they were sent: XML, or Base64 of it, or of that."""
    if len(sent) > _LARGEST:
        return [_text(sent[:_LARGEST])]
    layers = [sent]
    while not layers[-1].lstrip(_BLANK).startswith(_STARTS):
        inner = unwrapped(layers[-1])
        if inner is None:
            break
        layers.append(inner)
    *outer, document = layers
    found: list[str] = []
    for text, (start, end) in _values(document):
        place = (start, end)
        for layer in reversed(outer):
            place = _in_base64(layer, place)
        found += _as_spelled(text, sent[slice(*place)])
    if not found and (_WORD in _plain(document) or _is_unclear(document)):
        # It is there and cannot be told apart: nothing of this is recorded.
        return [*_named(document), *_in_pieces(_text(sent))]
    return found


def _is_unclear(document: bytes) -> bool:
    """Whether it is neither XML nor Base64, though long enough for parameters: broken Base64."""
    return len(document) > _SHORTEST and not document.lstrip(_BLANK).startswith(_STARTS)


def _in_pieces(text: str) -> list[str]:
    """None so long that the journal would blank all that it has to tell."""
    size = -(-len(text) // -(-len(text) // _PIECE))
    return [text[at : at + size] for at in range(0, len(text), size)]


def unwrapped(data: bytes) -> bytes | None:
    """What stands in Base64; None: it is none."""
    if not data or data.translate(None, _ALPHABET):
        return None
    try:
        return a2b_base64(data)
    except Error:
        return None


def _values(document: bytes) -> Iterator[tuple[str, Span]]:
    """Each HodnotaPar of the parameter Password, and where its element is."""
    finder = _Finder()
    try:
        finder.parser.Parse(document, True)
    except (expat.ExpatError, LookupError, ValueError):
        return iter(())
    return iter(finder.found)


class _Finder:
    """Parser callbacks."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._character_data
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.found: list[tuple[str, Span]] = []
        self._secret = False
        self._start_at = -1
        self._texts: list[str] = []

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if "Nazev" in attributes:
            self._secret = attributes["Nazev"].strip().lower().encode() == _WORD
        elif self._secret and name == "HodnotaPar":
            self._start_at = self.parser.CurrentByteIndex
            self._texts.clear()

    def _character_data(self, text: str) -> None:
        if self._start_at >= 0:
            self._texts.append(text)

    def _end(self, name: str) -> None:
        if name == "HodnotaPar" and self._start_at >= 0:
            span = (self._start_at, self.parser.CurrentByteIndex)
            if text := "".join(self._texts):
                self.found.append((text, span))
            self._start_at = -1

    def _refuse(self, *_: object) -> None:
        raise ValueError("a document type declaration")


def _in_base64(encoded: bytes, place: Span) -> Span:
    """Where the bytes of a place of what is encoded stand in the Base64, with up to two besides."""
    first, last = place[0] // 3 * 4, -(-place[1] // 3) * 4
    start = end = len(encoded)
    for number, found in enumerate(_BASE64.finditer(encoded)):
        if number == first:
            start = found.start()
        if number == last - 1:
            end = found.end()
            break
    return start, end


def _as_spelled(text: str, source: bytes) -> list[str]:
    """The text, if it stands in its source so; else the source, too."""
    return [text] if text.encode(errors="replace") in source else [text, _text(source)]


def _plain(data: bytes) -> bytes:
    return data.replace(b"\0", b"").lower()


def _text(octets: bytes) -> str:
    """As the journal looks at bodies: each byte a character."""
    return octets.decode("latin-1")
