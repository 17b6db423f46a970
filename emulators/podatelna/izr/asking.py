"""What the services that answer questions have in common."""

from collections.abc import Callable
from functools import wraps

from podatelna.izr.days import read_instant
from podatelna.izr.desk import Desk
from podatelna.izr.model import Node, ServiceError, Tree
from podatelna.izr.reading import Element, NotReadable, day_of, text_of, unreadable

Run = Callable[[Desk, Element], Tree | ServiceError]


def readable(run: Run) -> Run:
    """A service that refuses what makes no sense."""

    @wraps(run)
    def answered(desk: Desk, payload: Element) -> Tree | ServiceError:
        try:
            return run(desk, payload)
        except NotReadable as reason:
            return reason.error

    return answered


def one_of(payload: Element, name: str, known: tuple[str, ...]) -> str:
    """A value of a list. Raises NotReadable."""
    text = text_of(payload, name)
    if text not in known:
        raise unreadable(name, text)
    return text


def day_if_given(desk: Desk, payload: Element, name: str) -> str:
    """The local day, "" if none is given. Raises NotReadable."""
    return day_of(desk, payload, name) if text_of(payload, name) else ""


def instant_if_given(desk: Desk, payload: Element, name: str) -> str:
    """The local time in whole seconds, "" if none is given. Raises NotReadable."""
    text = text_of(payload, name)
    if not text:
        return ""
    assert desk.now.tzinfo is not None
    instant = read_instant(text, desk.now.tzinfo)
    if instant is None:
        raise unreadable(name, text)
    return instant


def given(*nodes: Node) -> list[Node]:
    """The elements that have something in them; the others need not be there."""
    return [node for node in nodes if node[1]]
