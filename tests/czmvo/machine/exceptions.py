"""The exceptions module in the model (manual 2.8)."""

from typing import Any

from tests.czmvo.machine.lists import errors, named
from tests.czmvo.machine.records import Exemption, Outcome
from tests.czmvo.machine.turn import Turn, Values, done, refused

Line = dict[str, str]
"""Cells of a line of an import, by the wire's names."""


def list_states(turn: Turn, _values: Values) -> Outcome:
    known = named("filter_states", "code", "name")
    listed = [{"code": code, "name": text[turn.language]} for code, text in known.items()]
    return turn.table("states", listed)


def list_products(turn: Turn, values: Values) -> Outcome:
    found = _own(turn, values)
    listed = [{**_info(turn, each), "validity": each.validity} for each in found]
    return done({"products": listed, "count": len(listed)})


def verify(turn: Turn, values: Values) -> Outcome:
    """One for the very batch goes before one for all batches."""
    if not values:
        return refused(11)
    product, batch = values.get("productCode"), values.get("batch")
    today = turn.now.date().isoformat()
    found = [
        each
        for _, each in sorted(turn.data.exemptions.items())
        if product in (None, each.product)
        and _covers(each, batch, with_product=product is not None)
        and (each.validity is None or each.validity >= today)
    ]
    found.sort(key=lambda each: each.batch != batch)
    info = _info(turn, found[0]) if found else None
    return done({"isException": bool(found), "info": info})


def _covers(one: Exemption, batch: str | None, *, with_product: bool) -> bool:
    if batch is None:
        return True
    return one.batch == batch or (one.batch is None and with_product)


def insert(turn: Turn, values: Values, lines: list[Line] | None) -> Outcome:
    """`lines` are those of the CSV; None: it is none."""
    state = values.get("state", "NO")
    if state not in ("OP", "NO"):
        return refused(5, "state")
    if "csv" not in values:
        return done({"products": [_stored(turn, 1, values)], "count": 0})
    if lines is None:
        return refused(14)
    usual = {name: values[name] for name in ("validity",) if name in values}
    products = [_line(turn, number, usual, line) for number, line in enumerate(lines, 1)]
    return done({"products": products, "count": sum(each["ID"] is None for each in products)})


def _line(turn: Turn, number: int, usual: Values, line: Line) -> Values:
    if "productCode" not in line:
        return _rejected(turn, number, line, 11)
    if line.get("validity") == "tomorrow":
        return _rejected(turn, number, line, 5, "validity")
    if line.get("state", "OP") not in ("OP", "NO"):
        return _rejected(turn, number, line, 5, "state")
    return _stored(turn, number, usual | line)


def _stored(turn: Turn, number: int, values: Values) -> Values:
    data = turn.data
    data.last_exemption += 1
    while data.last_exemption in data.exemptions:
        data.last_exemption += 1
    entered = Exemption(
        id=data.last_exemption,
        product=values["productCode"],
        batch=values.get("batch"),
        validity=values.get("validity"),
        owner=turn.caller.party,
    )
    data.exemptions[entered.id] = entered
    return {
        "lineNo": number,
        "productCode": entered.product,
        "batch": entered.batch,
        "validity": entered.validity,
        "state": 1,
        "ID": entered.id,
        "errorCode": 0,
        "errorText": "",
    }


def _rejected(turn: Turn, number: int, line: Line, code: int, about: str = "") -> dict[str, Any]:
    entry = errors()[code]
    text = entry["text" if turn.language == "cs" else "text_en"].format(name=about)
    return {
        "lineNo": number,
        "productCode": line.get("productCode"),
        "batch": line.get("batch"),
        "validity": line.get("validity"),
        "state": None,
        "ID": None,
        "errorCode": code,
        "errorText": text,
    }


def delete(turn: Turn, values: Values) -> Outcome:
    if not values:
        return refused(11)
    found = _own(turn, values)
    for each in found:
        del turn.data.exemptions[each.id]
    deleted = [
        {"id": turn.id(each.id), "productCode": each.product, "batch": each.batch} for each in found
    ]
    return done({"affected": len(deleted), "deleted": deleted})


def _own(turn: Turn, values: Values) -> list[Exemption]:
    return [
        each
        for _, each in sorted(turn.data.exemptions.items())
        if each.owner == turn.caller.party
        and values.get("productCode", each.product) == each.product
        and values.get("batch", each.batch) == each.batch
        and each.id in values.get("id", (each.id,))
    ]


def _info(turn: Turn, one: Exemption) -> Values:
    name = named("exception_states", "id", "name")["1"][turn.language]
    return {
        "id": one.id,
        "productCode": one.product,
        "batch": one.batch,
        "stateId": 1,
        "state": name,
    }
