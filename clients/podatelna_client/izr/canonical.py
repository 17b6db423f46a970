"""The form of SOAP:Body that is hashed: what XmlDocument and XmlDsigC14NTransform of .NET leave.

The ministry's text names both that class (inclusive C14N 1.0) and the URI of exclusive C14N. Public
code that calls the real gateway uses the class, in two steps that decide over the bytes: the Body
is written again by itself, and text that is only whitespace is lost on the way.
"""

from collections.abc import Mapping, Sequence
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from podatelna_client.izr.errors import InvalidInput
from podatelna_client.soap import ENVELOPE

_XML = "http://www.w3.org/XML/1998/namespace"
_WHITESPACE = " \t\n\r"
_DEPTH_OF_BODY = 2

Scope = Mapping[str, str]
"""Namespaces by their prefixes; "" is that of the default one."""


def canonical_body(message: bytes | etree._Element) -> bytes:
    """The canonical bytes of a message's Body; of an element, of the message that it stands in.

    An element must be in the form in which it will be sent: who signs first and prints prettily
    afterwards sends the same bytes to be hashed, but who changes prefixes does not. Raises
    InvalidInput for what is no SOAP 1.1 message.
    """
    alone = _Alone()
    alone.read(message if isinstance(message, bytes) else _written(message))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        body = etree.fromstring("".join(alone.written).encode(), parser)
        return etree.tostring(body, method="c14n", exclusive=False, with_comments=False)
    except etree.LxmlError as error:
        raise InvalidInput(f"the Body has no canonical form: {error}") from error


def _written(element: etree._Element) -> bytes:
    # Only the whole message tells where each namespace was declared.
    root = element.getroottree().getroot()
    return etree.tostring(root, encoding="utf-8", with_tail=False)


class _Alone:
    """Writes the Body again as XmlDocument.OuterXml does, without text that is only whitespace.

    Names keep the prefixes that they have on the wire. A prefix that was declared outside is
    declared again where a name first needs it; if none does, it is gone. Declarations within the
    Body stay, needed or not.
    """

    def __init__(self) -> None:
        self.written: list[str] = []
        self._depth = 0
        self._inside = 0
        self._around: list[Scope] = [{"": "", "xml": _XML}]
        self._here: list[Scope] = [{"": "", "xml": _XML}]
        self._preserving = [False]
        self._text: list[str] = []

    def read(self, message: bytes) -> None:
        """Read a message; `written` has its Body then."""
        parser = expat.ParserCreate()
        parser.ordered_attributes = True
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        parser.StartCdataSectionHandler = self._flush
        parser.EndCdataSectionHandler = self._flush_all
        # Comments are not hashed, but they part one text from the next.
        parser.CommentHandler = lambda _: self._flush()
        parser.ProcessingInstructionHandler = self._instruct
        try:
            parser.Parse(message, True)
        except expat.ExpatError as error:
            raise InvalidInput(f"the message is not XML: {error}") from error
        if not self.written:
            raise InvalidInput("the message has no SOAP 1.1 Body")

    def _start(self, name: str, pairs: Sequence[str]) -> None:
        self._flush()
        attributes = dict(zip(pairs[::2], pairs[1::2], strict=True))
        declared = {
            key.partition(":")[2]: value
            for key, value in attributes.items()
            if key == "xmlns" or key.startswith("xmlns:")
        }
        self._around.append({**self._around[-1], **declared} if declared else self._around[-1])
        self._depth += 1
        if not self._inside and not self._is_body(name):
            return
        self._inside += 1
        space = attributes.get("xml:space")
        self._preserving.append(self._preserving[-1] if space is None else space == "preserve")
        names = [name, *(key for key in attributes if ":" in key)]
        missing = self._missing(names, declared)
        self._here.append({**self._here[-1], **declared, **missing})
        for prefix, uri in missing.items():
            attributes[f"xmlns:{prefix}" if prefix else "xmlns"] = uri
        told = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
        self.written.append(f"<{name}{told}>")

    def _end(self, name: str) -> None:
        self._flush()
        self._around.pop()
        self._depth -= 1
        if self._inside:
            self._inside -= 1
            self._preserving.pop()
            self._here.pop()
            self.written.append(f"</{name}>")

    def _instruct(self, target: str, data: str) -> None:
        self._flush()
        if self._inside:
            self.written.append(f"<?{target} {data}?>" if data else f"<?{target}?>")

    def _flush(self) -> None:
        """Write the text that has gathered, or lose it."""
        if self._preserving[-1] or "".join(self._text).strip(_WHITESPACE):
            self._flush_all()
        self._text.clear()

    def _flush_all(self) -> None:
        if self._inside:
            self.written.append(escape("".join(self._text), {"\r": "&#13;"}))
        self._text.clear()

    def _is_body(self, name: str) -> bool:
        prefix, _, local = name.rpartition(":")
        in_place = self._depth <= _DEPTH_OF_BODY and not self.written
        return in_place and local == "Body" and self._around[-1].get(prefix) == ENVELOPE

    def _missing(self, names: Sequence[str], declared: Scope) -> dict[str, str]:
        """Declarations that the names need, and that neither they nor what is around them have."""
        needed = [name.rpartition(":")[0] for name in names if not name.startswith("xmlns:")]
        return {
            prefix: uri
            for prefix in needed
            if prefix not in declared
            and (uri := self._around[-1].get(prefix, "")) != self._here[-1].get(prefix)
        }


def _refuse_doctype(*_: object) -> None:
    # SOAP 1.1, section 3: a message must not contain a document type declaration.
    raise InvalidInput("the message has a document type declaration")
