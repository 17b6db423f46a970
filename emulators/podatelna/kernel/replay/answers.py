"""What was expected of an answer over HTTP beside what came."""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from podatelna.kernel.catalogue import Entry, Errors
from podatelna.kernel.replay.comparison import (
    Difference,
    Differences,
    contains,
    is_fault,
    short,
    shown,
    unequal_texts,
)
from podatelna.kernel.replay.line import BrokenError, Incoming
from podatelna.kernel.scenario.expectation import AdminExpectation, HttpExpectation
from podatelna.kernel.scenario.vocabulary import AgencyWords

_SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"


def broken_differences(expect: HttpExpectation, broken: BrokenError) -> Differences:
    """No whole answer came: where that is not as expected."""
    if expect.outcome != broken.kind:
        wanted = expect.outcome or "an answer"
        yield Difference("outcome", wanted, f"{broken.kind} ({broken.reason})")


def http_differences(expect: HttpExpectation, answer: Incoming, words: AgencyWords) -> Differences:
    """Where an answer is not as expected."""
    if expect.outcome:
        yield Difference("outcome", expect.outcome, f"an answer with HTTP {answer.status}")
        return
    if expect.status not in (None, answer.status):
        yield Difference("status", str(expect.status), str(answer.status))
    yield from _headers(expect.headers, answer)
    if expect.empty not in (None, not answer.body):
        wanted = "an empty body" if expect.empty else "a body"
        yield Difference("body", wanted, f"{len(answer.body)} bytes")
    if expect.body is not None:
        yield from unequal_texts("body", expect.body, answer.body.decode(errors="replace"))
    if expect.fault:
        yield from _fault(words.errors[expect.fault], answer, words.errors)
    yield from _xpath(expect.xpath, answer, words.namespaces)


def admin_differences(expect: AdminExpectation, status: int, content: object) -> Differences:
    """Where the answer of an admin call is not as expected."""
    if status != expect.status:
        yield Difference("status", str(expect.status), f"{status}: {shown(content)}")
    for name, value in expect.json_.items():
        part = content.get(name) if isinstance(content, Mapping) else None
        if not contains(part, value):
            yield Difference(name, shown(value), shown(part))


def _headers(expected: Mapping[str, str | None], answer: Incoming) -> Differences:
    for name, value in expected.items():
        if (received := answer.header(name)) != value:
            absent = "no such header"
            yield Difference(f"header {name}", value or absent, received or absent)


def _fault(wanted: Entry, answer: Incoming, errors: Errors) -> Differences:
    if answer.status != wanted.status:
        yield Difference("status", str(wanted.status), str(answer.status))
    root = _parsed(answer)
    fault = None if root is None else root.find(f"{_SOAP}Body/{_SOAP}Fault")
    if fault is None:
        yield Difference("fault", wanted.key, f"no fault: {_beginning(answer)}")
    elif not _is_fault(wanted, fault):
        known = next(
            (key for key, entry in errors.items() if _is_fault(entry, fault)), "none known"
        )
        code, text = fault.findtext("faultcode"), fault.findtext("faultstring") or ""
        yield Difference("fault", wanted.key, f"{known} ({code}: {short(text)})")


def _is_fault(entry: Entry, fault: etree._Element) -> bool:
    code, text = fault.findtext("faultcode") or "", fault.findtext("faultstring") or ""
    return is_fault(entry, code, text) and _has_namespace(entry, fault)


def _has_namespace(entry: Entry, fault: etree._Element) -> bool:
    """A fault code is a qualified name: its prefix must stand for the entry's namespace."""
    wanted = entry.extra["faultcode_namespace"]
    code = fault.find("faultcode")
    if not wanted or code is None:
        return True
    bound = code.nsmap.get((code.text or "").partition(":")[0])
    return bool(bound == wanted)


def _xpath(
    expected: Mapping[str, Any], answer: Incoming, namespaces: Mapping[str, str]
) -> Differences:
    root = _parsed(answer) if expected else None
    for path, value in expected.items():
        if root is None:
            yield Difference(path, shown(value), f"no XML: {_beginning(answer)}")
            continue
        found = _found(root, path, namespaces)
        if found != _texts(value):
            yield Difference(path, shown(value), shown(_plain(found)))


def _found(root: etree._Element, path: str, namespaces: Mapping[str, str]) -> list[str]:
    """What an XPath finds, as texts: of each node, or of the one number, text or truth value."""
    found: Any = etree.XPath(path, namespaces=dict(namespaces))(root)
    if isinstance(found, list):
        return [_text(item) for item in found]
    return _texts(int(found) if isinstance(found, float) and found.is_integer() else found)


def _text(item: Any) -> str:
    return str(item) if isinstance(item, str) else str(item.xpath("string()"))


def _texts(value: Any) -> list[str]:
    """The same of what was expected: null finds nothing."""
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    if isinstance(value, bool):
        return [str(value).lower()]
    return [] if value is None else [str(value)]


def _plain(found: list[str]) -> Any:
    return found[0] if len(found) == 1 else found or None


def _parsed(answer: Incoming) -> etree._Element | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        return etree.fromstring(answer.body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _beginning(answer: Incoming) -> str:
    return short(repr(answer.body.decode(errors="replace"))) if answer.body else "an empty body"
