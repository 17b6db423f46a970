"""Canonical bytes of a SOAP Body, in each way that callers are known to make them.

The ministry's hash procedure names a .NET class that does inclusive canonicalisation and the
address of the exclusive one, and the public C# caller drops whitespace on top (contract, Q8).
libxml2 cannot tell a blank CDATA section from blank text, as .NET does, and normalises line ends,
which .NET does not; so the bytes are made from the events of expat, as they come.
"""

from collections.abc import Iterable, Mapping
from typing import Literal
from xml.parsers.expat import ExpatError, ParserCreate

from podatelna.izr.blanks import Keeping, is_unnormal
from podatelna.kernel.soap import SOAP

Namespaces = Literal["reference", "exclusive", "in place"]
"""Which declarations an element shows: its own and what it uses, as .NET writes a part of a
document anew; only what it uses; or all that are in scope."""

XML = "http://www.w3.org/XML/1998/namespace"
_BLANK = " \t\n\r"
_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"})
_VALUE = str.maketrans(
    {"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;"}
)

Scope = Mapping[str, str]
"""Namespaces by prefix; "" is the default one."""
_Attributes = Mapping[str, str]
_NO_ATTRIBUTES: tuple[Scope, _Attributes] = ({}, {})


class NotCanonicalError(ValueError):
    """The message has no Body that could be canonicalised."""


def canonical(message: bytes, namespaces: Namespaces, *, blanks: bool) -> bytes:
    """Canonical XML 1.0, without comments, of the Body of a SOAP message in UTF-8.

    Without `blanks`, whitespace-only text is left out. Raises NotCanonicalError.
    """
    keeping = None
    if namespaces == "reference" and is_unnormal(message):
        # .NET's XmlDocument normalises neither line ends nor the blanks of attributes
        # (XmlTextReader.Normalization is off by default).
        keeping = Keeping.of(message)
        message = keeping.marked(message)
    writer = _Writer(namespaces, blanks=blanks, keeping=keeping)
    try:
        text = writer.write(message)
    except (ExpatError, ValueError, LookupError) as error:
        raise NotCanonicalError(str(error)) from error
    return text.encode("utf-8", "surrogatepass")


class _Bindings:
    """Namespaces by prefix, while elements open and close; "" is the default one."""

    def __init__(self) -> None:
        self.now: dict[str, str] = {}
        self._before: list[dict[str, str | None]] = []
        """What each open element has hidden, so that none has to copy all that is bound."""

    def open(self, declared: Scope) -> None:
        self._before.append({prefix: self.now.get(prefix) for prefix in declared})
        self.now.update(declared)

    def close(self) -> None:
        for prefix, uri in self._before.pop().items():
            if uri is None:
                del self.now[prefix]
            else:
                self.now[prefix] = uri


class _Writer:
    """Writes the Body of one message."""

    def __init__(self, namespaces: Namespaces, *, blanks: bool, keeping: Keeping | None) -> None:
        self._namespaces = namespaces
        self._blanks = blanks
        self._keeping = keeping
        self._parts: list[str] = []
        self._inherited: _Attributes = {}
        """Attributes xml:* of the Envelope, which inclusive canonicalisation takes over."""
        self._depth = 0
        """Of open elements."""
        self._scope = _Bindings()
        self._shown = _Bindings()
        """What the output has bound."""
        self._preserved: list[bool] = []
        """Whether an xml:space="preserve" inside the Body holds, for each element from it on."""
        self._cdata = False

    def write(self, message: bytes) -> str:
        parser = ParserCreate("utf-8")
        # A text that is longer than the buffer would come in pieces, of which one may be blank.
        parser.buffer_size = max(len(message), 1)
        parser.buffer_text = True
        parser.ordered_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartCdataSectionHandler = lambda: self._in_cdata(True)
        parser.EndCdataSectionHandler = lambda: self._in_cdata(False)
        parser.ProcessingInstructionHandler = self._instruction
        # A comment parts two texts; without a handler expat would join them.
        parser.CommentHandler = lambda _: None
        parser.StartDoctypeDeclHandler = _refuse
        parser.Parse(message, True)
        if not self._parts:
            raise NotCanonicalError("there is no SOAP Body")
        return "".join(self._parts)

    def _start(self, name: str, given: list[str]) -> None:
        declared, attributes = _parted(given) if given else _NO_ATTRIBUTES
        self._scope.open(declared)
        self._depth += 1
        if self._preserved:
            self._element(name, attributes, declared)
        elif self._depth == 1:
            self._inherited = {key: value for key, value in attributes.items() if _is_xml(key)}
        elif self._begins(name):
            self._preserved.append(False)
            if self._namespaces == "in place":
                # At its beginning the output has nothing bound: all that is in scope is new.
                attributes, declared = {**self._inherited, **attributes}, self._scope.now
            self._element(name, attributes, declared)

    def _begins(self, name: str) -> bool:
        is_body = self._depth == 2 and not self._parts  # noqa: PLR2004 - below the Envelope
        local, namespace = name.rpartition(":")[2], self._scope.now.get(_prefix(name))
        return is_body and (local, namespace) == ("Body", SOAP)

    def _element(self, name: str, attributes: _Attributes, declared: Scope) -> None:
        if self._keeping and attributes:
            attributes = {key: self._keeping.kept(value) for key, value in attributes.items()}
        now, shown = self._scope.now, self._shown.now
        new = {
            prefix: now.get(prefix, "")
            for prefix in self._to_show(name, attributes, declared)
            if now.get(prefix, "") != shown.get(prefix, "") and prefix != "xml"
        }
        self._shown.open(new)
        plain = not attributes and not new
        self._parts.append(f"<{name}>" if plain else _start_tag(name, attributes, new, now))
        space = attributes.get("xml:space")
        self._preserved.append(self._preserved[-1] if space is None else space == "preserve")

    def _to_show(self, name: str, attributes: _Attributes, declared: Scope) -> Iterable[str]:
        """Prefixes that a start tag may have to declare."""
        if self._namespaces == "in place":
            return declared
        if not attributes and not declared:
            return (_prefix(name),)
        used = {_prefix(name), *(_prefix(key) for key in attributes if ":" in key)}
        return used if self._namespaces == "exclusive" else {*declared, *used}

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._scope.close()
        if self._preserved:
            self._parts.append(f"</{name}>")
            self._shown.close()
            self._preserved.pop()
            if len(self._preserved) == 1:
                self._preserved.clear()

    def _text(self, text: str) -> None:
        if not self._preserved:
            return
        if self._keeping:
            text = self._keeping.kept(text)
        # .NET drops whitespace-only text, in a leaf too, but no CDATA section.
        if self._blanks or self._cdata or self._preserved[-1] or text.strip(_BLANK):
            self._parts.append(text.translate(_TEXT))

    def _in_cdata(self, begins: bool) -> None:
        self._cdata = begins

    def _instruction(self, target: str, data: str) -> None:
        if self._preserved:
            self._parts.append(f"<?{target} {data}?>" if data else f"<?{target}?>")


def _parted(given: list[str]) -> tuple[Scope, _Attributes]:
    """Namespaces that are declared, and the other attributes."""
    declared: dict[str, str] = {}
    attributes: dict[str, str] = {}
    for key, value in zip(given[::2], given[1::2], strict=True):
        if key == "xmlns":
            declared[""] = value
        elif key.startswith("xmlns:"):
            declared[key[6:]] = value
        else:
            attributes[key] = value
    return declared, attributes


def _prefix(name: str) -> str:
    return name.partition(":")[0] if ":" in name else ""


def _is_xml(name: str) -> bool:
    return name.startswith("xml:")


def _start_tag(name: str, attributes: _Attributes, shown: Scope, scope: Scope) -> str:
    parts = [name]
    for prefix in sorted(shown):
        declaration = f"xmlns:{prefix}" if prefix else "xmlns"
        parts.append(f'{declaration}="{shown[prefix].translate(_VALUE)}"')
    ordered = attributes
    if len(attributes) > 1:
        ordered = dict(sorted(attributes.items(), key=lambda pair: _expanded(pair[0], scope)))
    parts += [f'{key}="{value.translate(_VALUE)}"' for key, value in ordered.items()]
    return f"<{' '.join(parts)}>"


def _expanded(name: str, scope: Scope) -> tuple[str, str]:
    """An attribute without a prefix has no namespace."""
    prefix, _, local = name.rpartition(":")
    if not prefix:
        return ("", name)
    return (XML if prefix == "xml" else scope.get(prefix, ""), local)


def _refuse(*_: object) -> None:
    raise ValueError("a document type declaration is not allowed in SOAP")
