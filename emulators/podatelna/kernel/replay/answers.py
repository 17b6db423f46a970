"""What was expected of an answer over HTTP beside what came."""

from base64 import b64decode
from collections.abc import Mapping, Sequence
from json import loads
from typing import Any

from lxml import etree

from podatelna.kernel.catalogue import Entry, Errors
from podatelna.kernel.replay.comparison import missing_row
from podatelna.kernel.replay.difference import (
    Difference,
    Differences,
    misses,
    pointed,
    short,
    shown,
    unequal_texts,
)
from podatelna.kernel.replay.errors import is_error, is_fault, told_code, told_entry
from podatelna.kernel.replay.line import BrokenError, Incoming
from podatelna.kernel.scenario.expectation import (
    AdminExpectation,
    HttpExpectation,
    OutboxExpectation,
)
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
    yield from _body(expect, answer)
    if expect.fault:
        yield from _fault(words.errors[expect.fault], answer, words.errors)
    if expect.error:
        yield from _error(expect.error, answer, words)
    yield from _xpath(expect.xpath, answer, words.namespaces)


def admin_differences(expect: AdminExpectation, status: int, content: object) -> Differences:
    """Where the answer of an admin call is not as expected."""
    if status != expect.status:
        yield Difference("status", str(expect.status), f"{status}: {shown(content)}")
    if "json_" in expect.model_fields_set:
        yield from misses("json", expect.json_, content)


def outbox_differences(
    expect: OutboxExpectation, letters: Sequence[Mapping[str, Any]]
) -> Differences:
    """Where the letters are not as expected."""
    if expect.rows not in (None, len(letters)):
        yield Difference("rows", str(expect.rows), str(len(letters)))
    if expect.row is not None:
        yield from missing_row(expect.row, letters)


def _body(expect: HttpExpectation, answer: Incoming) -> Differences:
    if expect.empty not in (None, not answer.body):
        wanted = "an empty body" if expect.empty else "a body"
        yield Difference("body", wanted, f"{len(answer.body)} bytes")
    if expect.body is not None:
        yield from unequal_texts("body", expect.body, answer.body.decode(errors="replace"))
    if expect.body_base64 is not None:
        bytes_ = (b64decode(expect.body_base64), answer.body)
        yield from unequal_texts("body", *(each.decode("latin-1") for each in bytes_))
    yield from _json(expect, answer)


def _json(expect: HttpExpectation, answer: Incoming) -> Differences:
    if not expect.model_fields_set & {"json_", "absent"}:
        return
    try:
        content = loads(answer.body)
    except (ValueError, RecursionError):
        yield Difference("json", shown(expect.json_), f"no JSON: {_beginning(answer)}")
        return
    if "json_" in expect.model_fields_set:
        yield from misses("json", expect.json_, content)
    for pointer in expect.absent:
        there, value = pointed(content, pointer)
        if there:
            yield Difference(f"json {pointer}", "no such member", shown(value))


def _error(key: str, answer: Incoming, words: AgencyWords) -> Differences:
    status, code = answer.status, words.code_of(answer.body)
    if is_error(words.errors[key], status, code):
        return
    names = (name for name, entry in words.errors.items() if is_error(entry, status, code))
    received = f"{next(names, 'none known')} ({told_code(status, code)}): {_beginning(answer)}"
    yield Difference("error", told_entry(words.errors[key]), received)


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
    wanted = entry.extra.get("faultcode_namespace")
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
