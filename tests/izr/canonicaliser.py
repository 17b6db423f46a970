"""XML in trees of our own, written as text, and canonicalised in the .NET way without a parser.

A second implementation of what `podatelna.izr.canonical` does, along another road: XmlDocument
(which drops whitespace-only text), OuterXml of the Body, XmlDocument again, inclusive C14N.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
XML = "http://www.w3.org/XML/1998/namespace"
BLANK = set(" \t\r\n")


@dataclass(frozen=True)
class Text:
    """`raw` leaves CR as a character; otherwise it is a reference."""

    text: str
    raw: bool = False


@dataclass(frozen=True)
class Cdata:
    text: str


@dataclass(frozen=True)
class Comment:
    text: str


@dataclass(frozen=True)
class Instruction:
    target: str
    data: str


@dataclass(frozen=True)
class Attribute:
    prefix: str
    local: str
    value: str
    raw: bool = False
    """Blanks other than a space stand in it as characters; otherwise they are references."""


@dataclass(frozen=True)
class Element:
    prefix: str
    local: str
    declared: dict[str, str] = field(default_factory=dict)
    attributes: tuple[Attribute, ...] = ()
    children: "tuple[Node, ...]" = ()


Node = Element | Text | Cdata | Comment | Instruction


def qualified(prefix: str, local: str) -> str:
    return f"{prefix}:{local}" if prefix else local


# --- as text


def write(node: Node) -> str:
    """Text that a parser reads back as the tree, line ends and blanks normalised by it."""
    match node:
        case Text(text, raw):
            written = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            written = written if raw else written.replace("\r", "&#13;")
        case Cdata(text):
            written = f"<![CDATA[{text}]]>"
        case Comment(text):
            written = f"<!--{text}-->"
        case Instruction(target, data):
            written = f"<?{target} {data}?>" if data else f"<?{target}?>"
        case Element():
            written = write_element(node)
    return written


def write_element(element: Element) -> str:
    name = qualified(element.prefix, element.local)
    parts = [name]
    for attribute in element.attributes:
        value = attribute.value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
        if not attribute.raw:
            value = value.replace("\r", "&#xD;").replace("\n", "&#10;").replace("\t", "&#x9;")
        parts.append(f'{qualified(attribute.prefix, attribute.local)}="{value}"')
    for prefix, uri in element.declared.items():
        parts.append(f'{"xmlns:" + prefix if prefix else "xmlns"}="{uri}"')
    inside = "".join(map(write, element.children))
    tag = " ".join(parts)
    return f"<{tag}>{inside}</{name}>" if inside else f"<{tag}/>"


def envelope(body: Element, declared: dict[str, str], attributes: str = "") -> str:
    """A message around a Body whose prefix is that of SOAP."""
    scope = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in declared.items() if prefix)
    scope += f' xmlns="{declared[""]}"' if "" in declared else ""
    return (
        f'<SOAP:Envelope xmlns:SOAP="{SOAP}"{scope}{attributes}>\n  <SOAP:Header/>\n  '
        f"{write(body)}\n</SOAP:Envelope>"
    )


# --- without whitespace-only text


def stripped(element: Element, preserved: bool = False) -> Element:
    """The element as an XmlDocument that does not preserve whitespace has it."""
    for attribute in element.attributes:
        if (attribute.prefix, attribute.local) == ("xml", "space"):
            preserved = attribute.value == "preserve"
    kept = tuple(
        stripped(child, preserved) if isinstance(child, Element) else child
        for child in element.children
        if preserved or not (isinstance(child, Text) and set(child.text) <= BLANK)
    )
    return replace(element, children=kept)


# --- as .NET hashes it


def reference(body: Element, outside: dict[str, str]) -> bytes:
    """Canonical bytes; `outside` are the namespaces that the Envelope has bound."""
    alone = rewritten(stripped(body), {**outside, "SOAP": SOAP}, {})
    return "".join(inclusive(alone, {})).encode()


def rewritten(element: Element, outer: dict[str, str], bound: dict[str, str]) -> Element:
    """OuterXml: a prefix that the writer has not bound yet is declared where it is used."""
    scope = {**outer, **element.declared}
    declared = dict(element.declared)
    names = [element.prefix, *(each.prefix for each in element.attributes if each.prefix)]
    for prefix in names:
        if prefix != "xml" and {**bound, **declared}.get(prefix, "") != scope.get(prefix, ""):
            declared[prefix] = scope.get(prefix, "")
    now = {**bound, **declared}
    children = (
        rewritten(child, scope, now) if isinstance(child, Element) else child
        for child in element.children
    )
    return replace(element, declared=declared, children=tuple(children))


def inclusive(element: Element, parent: dict[str, str]) -> Iterator[str]:
    """Canonical XML 1.0: an element shows each namespace that its parent does not have so."""
    axis = {**parent, **element.declared}
    name = qualified(element.prefix, element.local)
    yield f"<{name}"
    for prefix in sorted(axis):
        if axis[prefix] != parent.get(prefix, ""):
            yield f' {"xmlns:" + prefix if prefix else "xmlns"}="{value_of(axis[prefix])}"'
    scope = {**axis, "xml": XML}
    ordered = sorted(
        element.attributes, key=lambda each: (scope[each.prefix] if each.prefix else "", each.local)
    )
    for each in ordered:
        yield f' {qualified(each.prefix, each.local)}="{value_of(each.value)}"'
    yield ">"
    for child in element.children:
        yield from inside(child, axis)
    yield f"</{name}>"


def inside(node: Node, axis: dict[str, str]) -> Iterator[str]:
    match node:
        case Element():
            yield from inclusive(node, axis)
        case Text(text) | Cdata(text):
            for old, new in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#xD;")):
                text = text.replace(old, new)
            yield text
        case Instruction(target, data):
            yield f"<?{target} {data}?>" if data else f"<?{target}?>"
        case Comment():
            pass


def value_of(text: str) -> str:
    for old, new in (("&", "&amp;"), ("<", "&lt;"), ('"', "&quot;"), ("\t", "&#x9;")):
        text = text.replace(old, new)
    return text.replace("\n", "&#xA;").replace("\r", "&#xD;")
