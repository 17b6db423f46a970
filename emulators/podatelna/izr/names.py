"""Names of payloads: whatever the caller calls an element, the services hear its canonical name.

The schemas of the IZR services are not public, so that a client made from the real ones may have
another namespace, other capitals and other names (contract, Q2, Q5 and Q19).
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from podatelna.kernel.reading import XSI, Element

_XSI = f"{{{XSI}}}"
_MOST_TOLD = 50
"""Sentences on one message."""
_LONGEST_VALUE = 100
"""Characters of a value that belongs to the whole report."""
XSD = "{http://www.w3.org/2001/XMLSchema}"
Path = tuple[str, ...]


class NotFitting(ValueError):  # noqa: N818 - it says what a payload is; nothing went wrong here
    """An element is none that a schema of the gateway could have."""

    def __init__(self, element: Element, text: str) -> None:
        super().__init__(text)
        self.element = element
        self.text = text


@dataclass(frozen=True)
class Shape:
    """An element as the schema declares it."""

    name: str
    repeated: bool
    children: Mapping[str, "Shape"]
    """In the schema's order, by canonical name."""
    synonyms: Mapping[str, Path] = field(default_factory=dict)
    """Other names of what is below, in lower case, and the way there."""

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The order of children."""
        return {name: number for number, name in enumerate(self.children)}

    @cached_property
    def paths(self) -> Mapping[str, Path]:
        """The way to what a name stands for, by names in lower case."""
        return {**self.synonyms, **{name.lower(): (name,) for name in self.children}}

    @cached_property
    def rows(self) -> tuple[str, ...]:
        """The ways to what may be there any number of times."""
        own = [name for name, each in self.children.items() if each.repeated]
        below = [f"{name}/{way}" for name, each in self.children.items() for way in each.rows]
        return (*own, *below)

    def at(self, path: Path) -> "Shape":
        return self.children[path[0]].at(path[1:]) if path else self


def read_shape(schema: Element, synonyms: Iterable[Mapping[str, str]]) -> Shape:
    """The shape of Request in a payload schema; synonyms as in the code list."""
    declared = schema.find(f"{XSD}element[@name='Request']")
    assert declared is not None
    rows = [(row["parent"], row["name"].lower(), row["canonical"]) for row in synonyms]
    return _shape(declared, "Request", rows)


def _shape(declared: Element, path: str, rows: list[tuple[str, str, str]]) -> Shape:
    inner = declared.findall(f"{XSD}complexType/{XSD}sequence/{XSD}element")
    children = {str(each.get("name")): each for each in inner}
    return Shape(
        name=path.rpartition("/")[2],
        repeated=declared.get("maxOccurs", "1") == "unbounded",
        children={name: _shape(each, f"{path}/{name}", rows) for name, each in children.items()},
        synonyms={
            name: tuple(canonical.split("/")) for parent, name, canonical in rows if parent == path
        },
    )


def rename(payload: Element, shape: Shape) -> list[str]:
    """Give all that the schema knows its canonical name and place, and no namespace.

    Returns sentences on what was called otherwise, each once. Raises NotFitting.
    """
    renaming = _Renaming(etree.QName(payload).namespace or "")
    if renaming.read(payload).lower() == shape.name.lower():
        renaming.name(payload, shape.name)
        renaming.descend(payload, shape)
    return list(renaming.told)


class _Renaming:
    def __init__(self, namespace: str) -> None:
        self._namespace = namespace
        self._prefix = f"{{{namespace}}}" if namespace else ""
        self.told: dict[str, None] = {}

    def read(self, element: Element) -> str:
        """The local name, of an element that is like those of the schema. Raises NotFitting."""
        tag = str(element.tag)
        for name in map(str, element.keys()):
            if not name.startswith(_XSI):
                raise NotFitting(element, f"The attribute '{name}' is not allowed.")
        if tag.startswith(self._prefix) and "}" not in tag[len(self._prefix) :]:
            return tag[len(self._prefix) :]
        where = etree.QName(element).namespace
        raise NotFitting(
            element,
            f"It is in {f'the namespace {where}' if where else 'no namespace'} and its payload in "
            f"{self._namespace or 'none'}: elements are qualified.",
        )

    def name(self, element: Element, name: str) -> None:
        if element.tag != name:
            called = etree.QName(element).localname
            if called != name:
                self._tell(called, name)
            element.tag = name

    def descend(self, element: Element, shape: Shape) -> None:
        """Rename the children, and put those where they belong that stand elsewhere."""
        elsewhere: dict[Path, list[Element]] = {}
        renamed = False
        for child in element:
            called = self.read(child)
            own = shape.children.get(called)
            path = (called,) if own else shape.paths.get(called.lower(), ())
            if len(path) > 1:
                self._tell(called, "/".join(path))
                elsewhere.setdefault(path, []).append(child)
            elif path:
                self.name(child, path[0])
                renamed = renamed or called.lower() != path[0].lower()
                self._into(child, own or shape.children[path[0]])
            else:
                child.tag = called
        for path, children in elsewhere.items():
            self._put(element, shape, children, path)
        if renamed or elsewhere:
            _sort(element, shape)

    def _into(self, child: Element, shape: Shape) -> None:
        if shape.children:
            self.descend(child, shape)

    def _tell(self, called: str, name: str) -> None:
        if len(self.told) < _MOST_TOLD:
            self.told[f"{called} was read as {name}"] = None

    def _put(self, element: Element, shape: Shape, children: list[Element], path: Path) -> None:
        """Move elements to the end of a way; what is above repeated ones, goes to each of them."""
        for child in children:
            child.tag = path[-1]
            self._into(child, shape.at(path))
        above = shape.at(path[:-1])
        if above.repeated:
            rows = list(element.iterfind("/".join(path[:-1])))
            if _is_small(children[0]):
                element.remove(children[0])
                _hand_out(children[0], rows, above)
            return
        parent = element
        for name in path[:-1]:
            found = parent.find(name)
            parent = etree.SubElement(parent, name) if found is None else found
        parent.extend(children)


def _is_small(value: Element) -> bool:
    """What is no value stays where the schema has none: copies of it might fill the memory."""
    return len(value) == 0 and len(value.text or "") <= _LONGEST_VALUE


def _hand_out(child: Element, rows: list[Element], shape: Shape) -> None:
    """Copy an element to each row. The nearest counts: who has one is left alone (contract, Q5)."""
    for row in rows:
        if row.find(child.tag) is None:
            row.append(deepcopy(child))
            _sort(row, shape)


def _sort(element: Element, shape: Shape) -> None:
    """The schema's order is not held against who has other names, and so another schema."""
    last = len(shape.places)
    element[:] = sorted(element, key=lambda child: shape.places.get(str(child.tag), last))
