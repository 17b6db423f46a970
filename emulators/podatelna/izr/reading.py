"""Values of a payload. The schema has been checked before, unless the sandbox is set otherwise."""

from collections.abc import Sequence

from lxml import etree

from podatelna.izr.days import read_day
from podatelna.izr.desk import Desk
from podatelna.izr.model import ServiceError
from podatelna.kernel.xmlconvert import ConversionError, to_boolean

RAISED = ("request_not_valid", "too_many_animals")
"""What is reported here without a rule."""

Element = etree._Element  # noqa: SLF001 - lxml's stubs have no public name for it


class NotReadable(ValueError):  # noqa: N818 - it says what the payload is; nothing went wrong here
    """The payload makes no sense; `error` is the answer."""

    def __init__(self, error: ServiceError) -> None:
        super().__init__(error.key)
        self.error = error


def unreadable(name: str, text: str) -> NotReadable:
    """A value that the schema lets pass, or would not have let pass."""
    reason = f"Hodnota '{text}' elementu '{name}' není platná."
    return NotReadable(ServiceError("request_not_valid", {"reason": reason}, name, text))


def child(parent: Element, name: str) -> Element:
    """Raises NotReadable."""
    found = parent.find(name)
    if found is None:
        raise unreadable(name, "")
    return found


def text_of(parent: Element, name: str) -> str:
    """Without blanks around; "" if the element is missing."""
    return (parent.findtext(name) or "").strip()


def boolean_of(parent: Element, name: str) -> bool:
    """Raises NotReadable."""
    text = parent.findtext(name) or ""
    try:
        return to_boolean(text)
    except ConversionError:
        raise unreadable(name, text) from None


def day_of(desk: Desk, parent: Element, name: str) -> str:
    """The local day as YYYY-MM-DD. Raises NotReadable."""
    assert desk.now.tzinfo is not None
    text = text_of(parent, name)
    day = read_day(text, desk.now.tzinfo)
    if day is None:
        raise unreadable(name, text)
    return day


def rows_of(desk: Desk, parent: Element, path: str) -> Sequence[Element]:
    """The rows of a report. Raises NotReadable if there are more than the sandbox allows."""
    limit = desk.settings["maximum_animals"]
    assert isinstance(limit, int)
    rows = parent.findall(path)
    if len(rows) > limit:
        received = f"{len(rows)} animals"
        raise NotReadable(ServiceError("too_many_animals", {"limit": str(limit)}, path, received))
    return rows
