"""XML read and written as .NET's DataContractSerializer does, by tables of contract types.

A class is read forward only: its children are walked once, an element that is a member at or after
the current position binds and moves the position past it, and anything else is skipped in silence;
`Reading.skipped` remembers what .NET forgets. Values are plain: a class is a dict with every member
in wire order (measured: no slower than a tuple, and it names the members), a list is a list, null
is None. A member that nothing bound keeps .NET's default: None, or 0, False, 0001-01-01T00:00:00,
the first name of an enumeration. `i:type`, `z:Id` and `z:Ref` are not read.

Source: the public .NET sources of XmlObjectSerializerReadContext, XmlBaseReader and XmlBaseWriter.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from string import ascii_lowercase
from typing import Any, Final, NamedTuple, Protocol

from lxml import etree

from podatelna.kernel.reading import (
    NIL,
    XSI,
    DeserializationError,
    Element,
    Reading,
    content,
    is_nil,
    is_text,
)
from podatelna.kernel.xmlconvert import (
    UNSET,
    ConversionError,
    boolean_text,
    date_time_text,
    to_boolean,
    to_date_time,
    to_int32,
    xml_text,
)

ARRAYS: Final = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
_NO_SUCH_NAME: Final = (
    "Invalid enum value '{}' cannot be deserialized into type '{}'. Ensure that the necessary enum "
    "values are present and are marked with EnumMemberAttribute attribute if the type has "
    "DataContractAttribute attribute."
)


class Kind(Protocol):
    """A contract type: how a value of it is read from an element and written into one."""

    @property
    def clr_name(self) -> str:
        """The type's full .NET name, as error texts print it."""

    @property
    def namespace(self) -> str | None:
        """Where the elements of a value's content come from; None: the content is text."""

    @property
    def default(self) -> Any:
        """The value of a member that nothing bound; None says that null is a value of the type."""

    def read(self, element: Element, reading: Reading) -> Any:
        """The value of an element that is not nil; raises DeserializationError."""

    def write(self, element: Element, value: Any) -> None:
        """Fill an empty element with a value that is not None."""


@dataclass(frozen=True, eq=False)
class String:
    """System.String. An empty element is the empty string, not null."""

    clr_name: str = "System.String"
    namespace: None = None
    default: None = None

    def read(self, element: Element, reading: Reading) -> str:
        intruder = None
        text = element.text or ""
        if len(element):
            text, intruder = content(element)
        if len(text) > reading.surely_short:
            reading.check_length(text, element)
        if intruder is not None:
            raise reading.end_expected(element, intruder)
        return text

    def write(self, element: Element, value: str) -> None:
        if value:  # An empty text would be written with two tags, and .NET writes one: <a:x/>.
            try:
                element.text = value
            except ValueError:
                element.text = xml_text(value)


@dataclass(frozen=True, eq=False)
class Primitive:
    """A value type with a text form."""

    clr_name: str
    default: Any
    parse: Callable[[str, Reading], Any]
    """Raises ConversionError."""
    text: Callable[[Any], str]
    namespace: None = None

    def read(self, element: Element, reading: Reading) -> Any:
        text, intruder = content(element) if len(element) else (element.text or "", None)
        try:
            value = self.parse(text, reading)
        except ConversionError as error:
            raise DeserializationError(str(error)) from None
        if intruder is not None:
            raise reading.end_expected(element, intruder)
        return value

    def write(self, element: Element, value: Any) -> None:
        element.text = self.text(value)


STRING: Final = String()
INT: Final = Primitive("System.Int32", 0, lambda text, _: to_int32(text), str)
BOOLEAN: Final = Primitive("System.Boolean", False, lambda text, _: to_boolean(text), boolean_text)
DATE_TIME: Final = Primitive(
    "System.DateTime",
    UNSET,
    lambda text, reading: to_date_time(text, reading.today),
    date_time_text,
)


@dataclass(frozen=True, eq=False)
class Enumeration:
    """An enum, read by the exact names of its members: case and white space count."""

    clr_name: str
    names: tuple[str, ...]
    """In the order of their numbers: the first one is the default."""
    namespace: None = None

    @property
    def default(self) -> str:
        return self.names[0]

    def read(self, element: Element, reading: Reading) -> str:
        text = STRING.read(element, reading)
        if text in self.names:
            return text
        raise DeserializationError(_NO_SUCH_NAME.format(text, self.clr_name), wrapped=False)

    def write(self, element: Element, value: str) -> None:
        element.text = value


class Member(NamedTuple):
    """A member of a class, or a parameter or the result of an operation."""

    name: str
    kind: Kind
    nullable: bool = False
    """Nullable<T>: only a value type needs it, null is a value of all others."""

    @property
    def default(self) -> Any:
        return None if self.nullable else self.kind.default

    @property
    def no_null(self) -> str:
        """The error when the member's element is nil; empty: it may be."""
        return "" if self.default is None else f"ValueType '{self.kind.clr_name}' cannot be null."


class Slot(NamedTuple):
    """A member at its place in the wire order, from 0."""

    place: int
    name: str
    read: Callable[[Element, Reading], Any]
    no_null: str
    """The error when the element is nil; empty: it may be."""
    kind: Kind
    default: Any


@dataclass(frozen=True, eq=False)
class ClassContract:
    """A data contract class; its members stand in wire order, which is ordinal order."""

    namespace: str
    clr_name: str
    """`Shop.Item`; the last part is the name of its elements in a list."""
    members: tuple[Member, ...]
    default: None = None

    @cached_property
    def slots(self) -> dict[str, Slot]:
        """The members by Clark name."""
        return {
            f"{{{self.namespace}}}{one.name}": Slot(
                place, one.name, one.kind.read, one.no_null, one.kind, one.default
            )
            for place, one in enumerate(self.members)
        }

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """The value of an empty element."""
        return {member.name: member.default for member in self.members}

    def read(self, element: Element, reading: Reading) -> dict[str, Any]:
        slots = self.slots
        values: dict[str, Any] = {}
        first = 0
        if is_text(element.text):
            raise reading.stray_text(element, "text inside")
        for child in element:
            slot = slots.get(child.tag)
            if slot is None or slot[0] < first:
                reading.skip(child, slots, values)
            else:
                # To ask for any attribute is much cheaper than to ask for this one.
                nil = child.values() and is_nil(child, slot[3])
                values[slot[1]] = None if nil else slot[2](child, reading)
                first = slot[0] + 1
            if (text := child.tail) and is_text(text):
                raise reading.stray_text(child, "text after")
        return values if len(values) == len(slots) else self.defaults | values

    def write(self, element: Element, value: Mapping[str, Any]) -> None:
        append_members(element, self, value)


@dataclass(frozen=True, eq=False)
class ListOf:
    """A list or an array; the element's children of another name are skipped."""

    item: ClassContract | String
    default: None = None

    @property
    def clr_name(self) -> str:
        return f"{self.item.clr_name}[]"

    @property
    def namespace(self) -> str:
        return self.item.namespace or ARRAYS

    @cached_property
    def item_tag(self) -> str:
        name = self.item.clr_name.rpartition(".")[2] if self.item.namespace else "string"
        return f"{{{self.namespace}}}{name}"

    def read(self, element: Element, reading: Reading) -> list[Any]:
        items: list[Any] = []
        read, tag = self.item.read, self.item_tag
        if is_text(element.text):
            raise reading.stray_text(element, "text inside")
        for child in element:
            if child.tag == tag:
                items.append(None if is_nil(child) else read(child, reading))
            else:
                reading.skip(child, (tag,), ())
            if is_text(child.tail):
                raise reading.stray_text(child, "text after")
        return items

    def write(self, element: Element, value: Sequence[Any]) -> None:
        for item in value:
            _fill(etree.SubElement(element, self.item_tag), self.item, item)


def append_members(parent: Element, contract: ClassContract, values: Mapping[str, Any]) -> None:
    """Append every member in wire order: None as `i:nil="true"`, "" as an empty element.

    A member that `values` does not name is written with its default. Prefixes come from the
    parent's scope; content of another namespace declares the first free letter, as .NET does.
    """
    for tag, slot in contract.slots.items():
        _append(parent, tag, slot.kind, values.get(slot.name, slot.default), {})


def append_result(parent: Element, tag: str, kind: Kind, value: Any) -> None:
    """Append an operation's result; what is not plain text declares `a` and, needed or not, `i`."""
    _append(parent, tag, kind, value, {"i": XSI} if kind.namespace else {})


def _append(parent: Element, tag: str, kind: Kind, value: Any, scope: dict[str, str]) -> None:
    if kind.namespace and kind.namespace not in (taken := parent.nsmap).values():
        letter = next(letter for letter in ascii_lowercase if letter not in taken)
        scope = {letter: kind.namespace} | scope
    _fill(etree.SubElement(parent, tag, nsmap=scope), kind, value)


def _fill(element: Element, kind: Kind, value: Any) -> None:
    if value is None:
        element.set(NIL, "true")
    else:
        kind.write(element, value)
