"""The collection of validation errors in state 5, in either form that is likely (Q1)."""

from collections.abc import Iterable, Sequence

from podatelna.izr.desk import Desk
from podatelna.izr.model import Node, ServiceError
from podatelna.izr.sendings import Form, Found, Sending
from podatelna.kernel.catalogue import Entry

RAISED = ("validation_failed",)
"""What is reported here without a rule."""

_OF_TAG = {"UZ": "USNIZNAMKA"}
"""The error table has two names for one element."""


def code(entry: Entry) -> str:
    """The code of the central register, two digits."""
    return f"{entry.number:02}"


def refusal(desk: Desk, sending: Sending, found: Sequence[Found]) -> ServiceError:
    """State 5 with all that was found, which the journal is told."""
    for each in found:
        desk.tell(each.rule.code, _place(sending.form, each), each.received)
    write = _mirrored if desk.settings["validation_errors"] == "mirrored" else _list
    return ServiceError("validation_failed", inner=[write(desk, sending, found)])


def _place(form: Form, found: Found) -> str:
    names = ", ".join(form.named(found.rule.at))
    return names if found.line is None else f"{form.rows[-1]}[{found.line}]: {names}"


def _list(desk: Desk, sending: Sending, found: Sequence[Found]) -> Node:
    """A row for each error."""
    return ("ValidacniChyby", [("Chyby", _row(desk, sending.form, each)) for each in found])


def _row(desk: Desk, form: Form, found: Found) -> list[Node]:
    entry = desk.contract.errors[found.rule.code]
    row: list[Node] = [] if found.line is None else [("CisloRadku", str(found.line))]
    row.append(("Element", ", ".join(form.named(found.rule.at))))
    if desk.settings["validation_codes"]:
        row.append(("KodChyby", code(entry)))
    return [*row, ("PopisChyby", entry.text)]


def _mirrored(desk: Desk, sending: Sending, found: Sequence[Found]) -> Node:
    """The report again, with the texts of errors in the elements that they belong to.

    All rows are there, so that they can be told by their order; what has no error is left out.
    """
    form, errors = sending.form, desk.contract.errors
    texts: dict[tuple[int, str], list[str]] = {}
    for each in found:
        for line, name in _elements(form, each):
            kept = texts.setdefault((line, name), [])
            if (text := errors[each.rule.code].text) not in kept:
                kept.append(text)
    lines = range(1, len(sending.events) + 1)
    rows = [(form.rows[-1], _filled(form.row, line, texts)) for line in lines]
    around: list[Node] = [(form.rows[0], rows)] if len(form.rows) > 1 else [*rows]
    return (form.report, [*_filled(form.header, 0, texts), *around])


def _elements(form: Form, found: Found) -> Iterable[tuple[int, str]]:
    """Where an error stands: in its row or, line 0, in the report itself."""
    at = ", ".join(_OF_TAG.get(name, name) for name in found.rule.at.split(", "))
    there = form.header if found.line is None else form.row
    return ((found.line or 0, name) for name in form.named(at) if name in there)


def _filled(names: Iterable[str], line: int, texts: dict[tuple[int, str], list[str]]) -> list[Node]:
    return [(name, " ".join(texts[line, name])) for name in names if (line, name) in texts]
