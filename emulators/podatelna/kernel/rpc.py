"""SOAP 1.1 calls in RPC style, read as Java engines of the time do: tolerant of who writes them.

Encoded and literal calls are the same here: types are told but never asked for. Prefixes, header
entries that need not be understood, comments, CDATA and the namespaces of parameters do not matter.
Multi-reference values (SOAP 1.1, 5.4.1) are found by their id anywhere in the Body.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, NoReturn
from xml.parsers import expat

SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
ENCODING: Final = "http://schemas.xmlsoap.org/soap/encoding/"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"

MOST_DEPTH: Final = 100
MOST_VALUES: Final = 1000
"""Parameters and multi-reference values of one call."""
_PIECE: Final = 256 * 1024
"""Bytes of text that the parser gathers before it hands them over."""
_TRUE: Final = ("1", "true")
_HERE: Final = ("", "http://schemas.xmlsoap.org/soap/actor/next")
_OCTETS: Final = bytes(range(256))
_ASCII: Final = bytes(range(128)).decode()
_IN_ENVELOPE, _IN_BODY, _IN_CALL = 1, 2, 3
"""How many elements are open around one of these places."""
_CHARSET: Final = re.compile(r""";\s*charset\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;]+))""", re.I)

Kind = Literal["unparsable", "version_mismatch", "no_call", "must_understand", "too_much"]


@dataclass(frozen=True, slots=True)
class Argument:
    """A parameter of a call, or the value that it refers to."""

    name: str
    """The local name; engines of this kind go by the position."""
    text: str = ""
    href: str = ""
    """A reference to what is not in the Body, for example `cid:` and a content id."""
    type: str = ""
    """The local name of xsi:type."""
    nil: bool = False
    span: tuple[int, int] = (0, 0)
    """Where it is in the bytes that were read: from its start tag to its end tag, if any."""


@dataclass(frozen=True, slots=True)
class Call:
    """The method that is called; the namespace is "" when there is none."""

    namespace: str
    method: str
    arguments: tuple[Argument, ...]


class NotACall(Exception):  # noqa: N818 - it says what the bytes are, and nothing went wrong here
    """The bytes are no call; the text says why.

    `arguments` are those that had begun before reading ended, as far as they went.
    """

    def __init__(self, kind: Kind, text: str, arguments: tuple[Argument, ...] = ()) -> None:
        super().__init__(text)
        self.kind = kind
        self.text = text
        self.arguments = arguments


def charset_of(content_type: str) -> str:
    """The charset that a Content-Type names; "" for none."""
    found = _CHARSET.search(content_type)
    return next((value for value in found.groups() if value), "") if found else ""


def read_call(body: bytes | memoryview, charset: str = "") -> Call:
    """Read a call; raises NotACall.

    `charset` is the one that the transport names. Where it cannot be used, a byte order mark and
    the XML declaration tell, as they do without it. Any single-byte encoding will do.
    """
    reader = _Reader(_usable(charset, body))
    try:
        reader.parser.Parse(body, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        # Expat's own words, or Python's about an encoding that it does not have.
        raise NotACall("unparsable", str(error), reader.unfinished(len(body))) from None
    return reader.call()


def read_start(body: bytes | memoryview, charset: str, count: int) -> tuple[Argument, ...]:
    """Up to so many first arguments, and reading stops behind them; never fails.

    It goes on to the end only for what one of them refers to. Of what is no call, all that had
    begun before that was found.
    """
    reader = _Reader(_usable(charset, body), count)
    try:
        reader.parser.Parse(body, True)
        return reader.call().arguments[:count]
    except _Enough:
        return reader.unfinished(0)
    except NotACall as broken:
        return broken.arguments
    except (expat.ExpatError, LookupError, ValueError):
        return reader.unfinished(len(body))


def _usable(charset: str, body: bytes | memoryview) -> str | None:
    """The encoding that the parser is told; None: it sees for itself."""
    start = bytes(body[:4])
    marked = start.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) or b"\0" in start
    return None if marked or not _is_readable(charset) else charset


def _is_readable(charset: str) -> bool:
    """Whether it is UTF-8, or has one byte for each character and those of ASCII first."""
    try:
        if codecs.lookup(charset).name == "utf-8":
            return True
        table = _OCTETS.decode(charset, "replace")
    except (LookupError, ValueError):
        return False
    return len(table) == len(_OCTETS) and table.startswith(_ASCII)


class _Enough(Exception):  # noqa: N818 - ends the reading
    """All that was asked for has been read."""


@dataclass(slots=True)
class _Value:
    """A child of the Body or of the call, while it is read."""

    argument: Argument
    id: str = ""
    texts: list[str] = field(default_factory=list)

    def done(self, end: int) -> Argument:
        # What the pieces took is given back at once: a text may be most of the memory.
        text = "".join(self.texts)
        self.texts.clear()
        begun = self.argument
        span = (begun.span[0], end)
        return Argument(begun.name, text, begun.href, begun.type, begun.nil, span)


class _Reader:
    """Parser callbacks. Only children of the Body and of the call are kept."""

    def __init__(self, encoding: str | None, enough: int = 0) -> None:
        """Reading ends behind the first `enough` arguments; 0: at the end."""
        self._enough = enough
        self.parser = parser = expat.ParserCreate(encoding, namespace_separator=" ")
        parser.buffer_text = True
        parser.buffer_size = _PIECE
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        # Without a document type there are no entities but XML's own five.
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._depth = 0
        self._in_body = self._in_header = False
        self._bodies = 0
        self._method: tuple[str, str] | None = None
        self._in_method = False
        self._open: list[_Value] = []
        self._text_depth = 0
        self._arguments: list[Argument] = []
        self._by_id: dict[str, Argument] = {}
        self._kept = 0

    def call(self) -> Call:
        if self._method is None:
            raise NotACall("no_call", "the Body has no element that names a method")
        return Call(*self._method, tuple(map(self._resolved, self._arguments)))

    def unfinished(self, end: int) -> tuple[Argument, ...]:
        """The arguments so far, those that are not closed up to the end of what there is."""
        begun = [value.done(end) for value in self._open if value.argument.name]
        return (*self._arguments, *begun)

    # -- callbacks

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            self._refuse("too_much", f"elements are nested deeper than {MOST_DEPTH}")
        namespace, local = _split(name)
        if self._depth == 1:
            self._start_envelope(namespace, local)
        elif self._depth == _IN_ENVELOPE + 1:
            self._start_section(namespace, local)
        elif self._in_header and self._depth == _IN_BODY + 1:
            self._check_understood(local, attributes)
        elif self._in_body:
            self._start_value(namespace, local, attributes)

    def _start_envelope(self, namespace: str, local: str) -> None:
        if local != "Envelope":
            self._refuse("unparsable", f"the root element is {local}, not a SOAP Envelope")
        if namespace != SOAP:
            self._refuse("version_mismatch", f"the Envelope is of {namespace or 'no namespace'}")

    def _start_section(self, namespace: str, local: str) -> None:
        self._in_body = (namespace, local) == (SOAP, "Body") and not self._bodies
        self._bodies += self._in_body
        self._in_header = (namespace, local) == (SOAP, "Header")

    def _check_understood(self, local: str, attributes: dict[str, str]) -> None:
        actor = attributes.get(f"{SOAP} actor", "")
        if attributes.get(f"{SOAP} mustUnderstand", "").strip() in _TRUE and actor in _HERE:
            self._refuse("must_understand", f"the header {local} is not understood")

    def _start_value(self, namespace: str, local: str, attributes: dict[str, str]) -> None:
        if self._depth > _IN_CALL + 1 or (self._depth == _IN_CALL + 1 and not self._in_method):
            return
        self._kept += 1
        if self._kept > MOST_VALUES:
            self._refuse("too_much", f"the call has more than {MOST_VALUES} values")
        independent = attributes.get(f"{ENCODING} root") == "0"
        if self._depth == _IN_BODY + 1 and self._method is None and not independent:
            self._method, self._in_method = (namespace, local), True
            return
        argument = Argument(
            name=local if self._depth == _IN_CALL + 1 else "",
            href=attributes.get("href", ""),
            type=attributes.get(f"{XSI} type", "").strip().rpartition(":")[2],
            nil=_nil(attributes),
            span=(self.parser.CurrentByteIndex, 0),
        )
        self._open.append(_Value(argument, attributes.get("id", "")))
        self._text_depth = self._depth

    def _text(self, text: str) -> None:
        # The text of an element, not that of elements inside it.
        if self._open and self._depth == self._text_depth:
            self._open[-1].texts.append(text)

    def _end(self, _: str) -> None:
        if self._open and self._depth == self._text_depth:
            self._close(self._open.pop())
        elif self._in_method and self._depth == _IN_BODY + 1:
            self._in_method = False
        self._depth -= 1

    def _close(self, value: _Value) -> None:
        argument = value.done(self.parser.CurrentByteIndex)
        if argument.name:
            self._arguments.append(argument)
        if value.id:
            self._by_id.setdefault(value.id, argument)
        if len(self._arguments) == self._enough and argument.name:
            self._stop_unless_referring()

    def _stop_unless_referring(self) -> None:
        if not any(argument.href.startswith("#") for argument in self._arguments):
            raise _Enough

    def _refuse_doctype(self, *_: Any) -> None:
        self._refuse("unparsable", "a document type declaration is not allowed in a SOAP message")

    def _refuse(self, kind: Kind, text: str) -> NoReturn:
        raise NotACall(kind, text, self.unfinished(self.parser.CurrentByteIndex))

    # -- references

    def _resolved(self, argument: Argument) -> Argument:
        """The argument with the value that it refers to, through any number of references."""
        if not argument.href.startswith("#"):
            return argument
        found = argument
        for found in self._chain(argument):
            if not found.href.startswith("#"):
                return replace(found, name=argument.name)
        raise NotACall(
            "unparsable", f"no value has the id {found.href[1:]}", tuple(self._arguments)
        )

    def _chain(self, argument: Argument) -> Iterator[Argument]:
        seen: set[str] = set()
        found: Argument | None = argument
        while found is not None and found.href not in seen:
            yield found
            seen.add(found.href)
            found = self._by_id.get(found.href[1:])


def _split(name: str) -> tuple[str, str]:
    """Namespace and local name as expat joins them."""
    namespace, _, local = name.rpartition(" ")
    return namespace, local


def _nil(attributes: dict[str, str]) -> bool:
    # The drafts of XML Schema that the first engines wrote said null.
    return any(
        value.strip() in _TRUE
        for name, value in attributes.items()
        if name.endswith((" nil", " null")) and "XMLSchema-instance" in name
    )
