"""The exceptions module (manual 2.8): listing, verifying, entering and deleting exceptions."""

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any

from podatelna.czmvo.attachments import decoded
from podatelna.czmvo.desk import Desk
from podatelna.czmvo.exemptions import Choice
from podatelna.czmvo.model import Answer, Exemption, Refusal, Result, Table
from podatelna.czmvo.parameters import Parameter, Values, day, not_allowed, numbers, read, text
from podatelna.czmvo.seeing import literal

RAISED = ("value_missing", "value_not_allowed", "file_not_decoded")

PRODUCT_TAKES = (
    Parameter("productCode", text),
    Parameter("batch", text),
    Parameter("id", numbers),
)
VERIFY_TAKES = (Parameter("productCode", text), Parameter("batch", text))


def _is_single(values: Values) -> bool:
    """Without all three a single exception "is not stored" (manual 2.8.2)."""
    return "csv" not in values


INSERT_TAKES = (
    Parameter("validity", day, required=_is_single),
    Parameter("state", text),
    Parameter("productCode", text, required=_is_single),
    Parameter("batch", text, required=_is_single),
    Parameter("csv", text),
)
DELETE_TAKES = PRODUCT_TAKES

_LINE_TAKES = (
    Parameter("productCode", text, required=True),
    Parameter("batch", text),
    Parameter("validity", day),
    Parameter("state", text),
)
"""A line of an import. The manual's example has a line without a validity (2.8.2)."""
_USUAL_STATE = "NO"
"""Nothing makes `state` mandatory, and nothing tells its default; this is the list's first."""


def list_states(desk: Desk, _values: Values) -> Table:
    """How alerts of an excepted product are closed (manual 2.8.1.1)."""
    rows = [(code, texts[desk.language]) for code, texts in desk.lists.filter_states.items()]
    return Table(("code", "name"), rows, "states")


def list_products(desk: Desk, values: Values) -> Result:
    """The caller's own exceptions (manual 2.8.1.2)."""
    found = desk.exemptions.chosen(_choice(desk, values))
    products = [{**_shown(desk, one), "validity": one.validity} for one in found]
    return {"products": products, "count": len(products)}


def verify(desk: Desk, values: Values) -> Answer:
    """Whether a product or a batch is excepted today (manual 2.8.1.3)."""
    if not values:
        return Refusal("value_missing", "productCode", "nothing")
    asked = (values.get("productCode", ""), values.get("batch", ""))
    found = desk.exemptions.covering(*asked, desk.now[:10])
    return {"isException": found is not None, "info": found and _shown(desk, found)}


def insert(desk: Desk, values: Values) -> Answer:
    """Enter one exception, or all lines of a CSV file (manual 2.8.2)."""
    state = values.get("state", _USUAL_STATE)
    if state not in desk.lists.filter_states:
        return not_allowed("state", state)
    if "csv" in values:
        return _import(desk, {**values, "state": state})
    entered = _enter(desk, {**values, "state": state})
    desk.exemptions.add([entered])
    return {"products": [_stored(desk, 1, entered)], "count": 0}


def delete(desk: Desk, values: Values) -> Answer:
    """Delete the caller's exceptions that fit; not all of them at once (manual 2.8.3)."""
    if not values:
        return Refusal("value_missing", "id", "nothing")
    found = desk.exemptions.chosen(_choice(desk, values))
    desk.exemptions.delete(one.id for one in found)
    deleted = [
        {
            "id": str(one.id) if literal(desk) else one.id,
            "productCode": one.product_code,
            "batch": one.batch,
        }
        for one in found
    ]
    return {"affected": len(deleted), "deleted": deleted}


def _choice(desk: Desk, values: Values) -> Choice:
    return Choice(
        desk.caller.party,
        values.get("productCode", ""),
        values.get("batch", ""),
        values.get("id", ()),
    )


def _shown(desk: Desk, one: Exemption) -> dict[str, Any]:
    state = _inner_state(desk)
    name = desk.lists.exemption_states[state][desk.language]
    return {
        "id": one.id,
        "productCode": one.product_code,
        "batch": one.batch,
        "stateId": state,
        "state": name,
    }


def _inner_state(desk: Desk) -> int:
    """Not OP or NO, but how far an exception has come: every one is new (manual 2.8.1.3)."""
    state = desk.lists.contract.constant("new_exception_state")
    assert isinstance(state, int)
    return state


# -- entering


def _import(desk: Desk, values: Values) -> Answer:
    """Each line is stored or not for itself. `count` is taken for the number of those refused.

    What is given beside the file holds for lines that do not have it.
    """
    lines = _read_lines(desk, values["csv"])
    if lines is None:
        return Refusal("file_not_decoded", "csv", values["csv"][:40])
    usual = {name: values[name] for name in ("validity", "state") if name in values}
    products, entered = [], []
    for number, cells in enumerate(lines, 1):
        outcome = _examined(desk, usual | cells)
        if isinstance(outcome, Refusal):
            products.append(_refused(desk, number, cells, outcome))
        else:
            entered.append(_enter(desk, outcome))
            products.append(_stored(desk, number, entered[-1]))
    desk.exemptions.add(entered)
    return {"products": products, "count": len(products) - len(entered)}


def _examined(desk: Desk, cells: Mapping[str, str]) -> Values | Refusal:
    values = read(_LINE_TAKES, cells)
    if isinstance(values, Refusal) or values["state"] in desk.lists.filter_states:
        return values
    return not_allowed("state", values["state"])


def _enter(desk: Desk, values: Values) -> Exemption:
    number = desk.next_id("exemption")
    while desk.exemptions.find(number):
        number = desk.next_id("exemption")
    return Exemption(
        id=number,
        product_code=values["productCode"],
        batch=values.get("batch"),
        validity=values.get("validity"),
        state=values["state"],
        owner=desk.caller.party,
    )


def _stored(desk: Desk, number: int, one: Exemption) -> dict[str, Any]:
    return {
        "lineNo": number,
        "productCode": one.product_code,
        "batch": one.batch,
        "validity": one.validity,
        "state": _inner_state(desk),
        "ID": one.id,
        "errorCode": 0,
        "errorText": "",
    }


def _refused(desk: Desk, number: int, cells: Mapping[str, str], refusal: Refusal) -> dict[str, Any]:
    entry = desk.lists.contract.errors[refusal.key]
    message = entry.text if desk.language == "cs" else str(entry.extra["text_en"])
    return {
        "lineNo": number,
        "productCode": cells.get("productCode"),
        "batch": cells.get("batch"),
        "validity": cells.get("validity"),
        "state": None,
        "ID": None,
        "errorCode": entry.number,
        "errorText": message.format_map(refusal.details),
    }


# -- the file


def _read_lines(desk: Desk, given: str) -> list[dict[str, str]] | None:
    """The lines of a base64 text; None: it is none, or not UTF-8, or has a cell beyond all size."""
    content = decoded(given, blanks=desk.settings["file_blanks"] == "accepted")
    try:
        return list(_lines(desk, content.decode("utf-8-sig"))) if content else None
    except (UnicodeDecodeError, csv.Error):
        return None


def _lines(desk: Desk, content: str) -> Iterator[dict[str, str]]:
    """The cells of each line of data by the wire's names; empty cells and lines are left out.

    A first line with the name of a column is the header; without one the columns stand in the
    order of the contract's list.
    """
    columns: Mapping[str, str] = desk.lists.contract.constant("import_columns")
    rows = _rows(content)
    first = next(rows, [])
    known = {written.casefold(): name for name in columns for written in (name, columns[name])}
    header = [known.get(cell.casefold(), "") for cell in first]
    if not any(header):
        header, rows = list(columns), _rows(content)
    for row in rows:
        cells = zip(header, row, strict=False)
        yield {name: cell for name, cell in cells if name and cell}


def _rows(content: str) -> Iterator[list[str]]:
    """Rows with something in them, without blanks around the cells. Quotes are as in RFC 4180."""
    first = content.lstrip().partition("\n")[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    for row in csv.reader(StringIO(content, newline=""), delimiter=separator):
        cells = [cell.strip() for cell in row]
        if any(cells):
            yield cells
