"""What one reading of contract XML may spend, and the places and errors that it leaves behind."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from math import inf
from typing import Final, Literal, NamedTuple

from lxml import etree

from podatelna.kernel.xmlconvert import ConversionError, to_boolean

Element = etree._Element  # noqa: SLF001 - lxml has no public name for the type of its elements

XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
NIL: Final = f"{{{XSI}}}nil"
XML_SPACE: Final = " \t\r\n"
DEFAULT_STRING_QUOTA: Final = 8192
"""MaxStringContentLength of a WCF binding that does not set it, in UTF-16 code units."""
_MOST_SKIPPED: Final = 100
"""Places remembered of one message; naming them must not become a hostile client's lever."""
_QUOTA: Final = (
    "The maximum string content length quota ({}) has been exceeded while reading XML data. This "
    "quota may be increased by changing the MaxStringContentLength property on the "
    "XmlDictionaryReaderQuotas object used when creating the XML reader."
)

Edge = Literal["start tag", "end tag", "text inside", "text after"]
"""What .NET's reader had passed when it gave up: a tag of the element, or text in or behind it."""
Locate = Callable[[Element, Edge], tuple[int, int]]
"""Line and position of an edge, as `Envelope.locate` counts them."""
Reason = Literal["out of order", "repeated", "foreign namespace", "unknown"]


class DeserializationError(Exception):
    """.NET could not read a value; `inner_text` is the message of its innermost exception."""

    def __init__(self, inner_text: str, *, wrapped: bool = True) -> None:
        super().__init__(inner_text)
        self.inner_text = inner_text
        self.wrapped = wrapped
        """DataContractSerializer wraps an XmlException in a sentence that names the type it was
        reading; its own SerializationExceptions pass as they are."""


class Skipped(NamedTuple):
    """An element that .NET skips without a word."""

    place: str
    """`Order/Items/Item[2]/Price`: no prefixes, twins are numbered from 1."""
    reason: Reason
    namespace: str
    """The namespace that the element came in; empty: none."""


@dataclass(slots=True)
class Reading:
    """The means and the memory of one reading. Use a new one for each message."""

    string_quota: int | None = DEFAULT_STRING_QUOTA
    """Longest string, in UTF-16 code units; None: no limit."""
    today: date = date.min
    """The date that .NET takes from its clock to complete a dateTime that has only a time."""
    locate: Locate | None = None
    """With it, error texts end in "Line 1, position 345." as WCF's do; without, they do not."""
    root: Element | None = None
    """The places of skipped elements start below this element."""
    skipped: list[Skipped] = field(default_factory=list)
    surely_short: float = field(init=False)
    """Strings up to this many characters need no check_length."""

    def __post_init__(self) -> None:
        self.surely_short = inf if self.string_quota is None else self.string_quota / 2

    def skip(self, element: Element, members: Collection[str], bound: Collection[str]) -> None:
        """Remember a skipped element; a comment is nothing to remember.

        `members` are the Clark names that bind here, `bound` the local names that have bound.
        """
        if is_comment(element) or len(self.skipped) >= _MOST_SKIPPED:
            return
        name = etree.QName(element)
        reason: Reason = "unknown"
        if element.tag in members:
            reason = "repeated" if name.localname in bound else "out of order"
        elif any(etree.QName(member).localname == name.localname for member in members):
            reason = "foreign namespace"
        self.skipped.append(Skipped(self._place(element), reason, name.namespace or ""))

    def _place(self, element: Element) -> str:
        steps = []
        node: Element | None = element
        while node is not None and node is not self.root:
            steps.append(_step(node))
            node = node.getparent()
        return "/".join(reversed(steps))

    def check_length(self, text: str, element: Element) -> None:
        """Raises DeserializationError when the text is over the quota."""
        quota = self.string_quota
        # .NET counts UTF-16 code units: a character beyond the BMP counts twice.
        if quota is not None and len(text.encode("utf-16-le")) > quota * 2:
            raise self.xml_error(_QUOTA.format(quota), element, "end tag")

    def end_expected(self, element: Element, found: Element) -> DeserializationError:
        """An element stands where a simple value should end."""
        text = end_expected_text(element.tag, element_found(found))
        return self.xml_error(text, found, "start tag")

    def stray_text(self, element: Element, edge: Edge) -> DeserializationError:
        """Text stands between members. The double full stop and the double space are .NET's."""
        text = "Expecting state 'Element'.. Encountered 'Text'  with name '', namespace ''."
        if self.locate:
            text = "Error in line {} position {}. {}".format(*self.locate(element, edge), text)
        return DeserializationError(text, wrapped=False)

    def xml_error(self, text: str, element: Element, edge: Edge) -> DeserializationError:
        """An XmlException of .NET's reader."""
        if self.locate:
            text += " Line {}, position {}.".format(*self.locate(element, edge))
        return DeserializationError(text)


def _step(element: Element) -> str:
    name = etree.QName(element).localname
    before = sum(1 for _ in element.itersiblings(element.tag, preceding=True))
    alone = not before and next(element.itersiblings(element.tag), None) is None
    return name if alone else f"{name}[{before + 1}]"


def end_expected_text(tag: str, found: str) -> str:
    """.NET's sentence for content that goes on where the element of this Clark name should end."""
    name = etree.QName(tag)
    return (
        f"End element '{name.localname}' from namespace '{name.namespace or ''}' expected. "
        f"Found {found}."
    )


def element_found(element: Element) -> str:
    """How .NET names an element that it did not expect: with the prefix it was written with."""
    name = etree.QName(element)
    prefixed = f"{element.prefix}:{name.localname}" if element.prefix else name.localname
    return f"element '{prefixed}' from namespace '{name.namespace or ''}'"


def is_comment(node: Element) -> bool:
    """Whether a node that lxml lists among elements is none, but a comment."""
    return callable(node.tag)


def is_text(text: str | None) -> bool:
    """Whether text between elements is more than white space."""
    return bool(text and text.strip(XML_SPACE))


def is_nil(element: Element, no_null: str = "") -> bool:
    """Whether `i:nil` is true.

    Raises DeserializationError when it is no boolean, and with `no_null`, if given, when it is
    true.
    """
    text = element.get(NIL)
    try:
        nil = text == "true" or (text is not None and to_boolean(text))
    except ConversionError as error:
        raise DeserializationError(str(error)) from None
    if nil and no_null:
        raise DeserializationError(no_null, wrapped=False)
    return nil


def content(element: Element) -> tuple[str, Element | None]:
    """The text before the first child element, and that child.

    Comments and the borders of CDATA sections do not divide a text.
    """
    text = element.text or ""
    if not len(element):
        return text, None
    for child in element:
        if not is_comment(child):
            return text, child
        text += child.tail or ""
    return text, None
