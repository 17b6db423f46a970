"""XML as the query service writes it: one element to a line, four blanks for each level.

The form is that of the observed answers: lines end in LF, the last one too, attributes stand in
alphabetical order, and what is empty has no end tag. Answers do not show how special characters
are written; they are references here wherever a reader would otherwise not get the same text.
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from podatelna.kernel.xmlconvert import xml_text

_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_INDENT: Final = "    "
_TEXT: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_VALUE: Final = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&quot;",
        "\t": "&#9;",
        "\n": "&#10;",
        "\r": "&#13;",
    }
)


class Node(NamedTuple):
    """An element with a text or with elements, not with both."""

    name: str
    inside: "str | Iterable[Node]" = ""
    attributes: Mapping[str, str | None] = {}
    """None: the attribute is left out."""


def document(root: Node) -> bytes:
    """The document with this root, in UTF-8."""
    return (_DECLARATION + _written(root, "")).encode("utf-8")


def _written(node: Node, margin: str) -> str:
    opened = f"{margin}<{node.name}{_attributes(node.attributes)}"
    if isinstance(node.inside, str):
        text = xml_text(node.inside).translate(_TEXT)
        return f"{opened}>{text}</{node.name}>\n" if text else f"{opened}/>\n"
    inside = "".join([_written(child, margin + _INDENT) for child in node.inside])
    return f"{opened}>\n{inside}{margin}</{node.name}>\n" if inside else f"{opened}/>\n"


def _attributes(given: Mapping[str, str | None]) -> str:
    return "".join(
        f' {name}="{xml_text(value).translate(_VALUE)}"'
        for name, value in sorted(given.items())
        if value is not None
    )
