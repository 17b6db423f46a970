"""The journal's admin calls: reading it, explaining a call, verifying what was called."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import NotFound

from podatelna.asked import MOST_DIGITS, BadCallError, read_body, read_member, read_number
from podatelna.kernel.explanation import explain
from podatelna.kernel.journal import Exchange, clear_journal, exchanges, find_exchange
from podatelna.kernel.sandbox import Sandboxes
from podatelna.kernel.spelling import meant
from podatelna.kernel.verification import ANY, NAMES, Expected, Pattern, verify

VERIFICATION = {"calls": list, "ordered": bool, "complete": bool, "after": int}
MOST = 10**MOST_DIGITS
COUNTS = ("times", "at_least", "at_most")


def add_journal(app: Flask, sandboxes: Sandboxes, place: str) -> None:
    """Its routes below `place`, the path of a sandbox."""
    _reading(app, sandboxes, f"{place}/journal")
    _judging(app, sandboxes, f"{place}/journal")


def _reading(app: Flask, sandboxes: Sandboxes, place: str) -> None:
    @app.get(place)
    def recorded(sandbox: str) -> Response:
        asked = dict(request.args)
        after = read_number("after", asked.pop("after", "0"))
        found = _read(sandboxes, sandbox, after, read_query(asked))
        return jsonify([written(one) for one in found])

    @app.get(f"{place}/<int:number>")
    def one(sandbox: str, number: int) -> Response:
        return jsonify(written(_find(sandboxes, sandbox, number)))

    @app.delete(place)
    def forget(sandbox: str) -> tuple[str, int]:
        with sandboxes.open(sandbox) as transaction:
            clear_journal(transaction)
        return "", 204


def _judging(app: Flask, sandboxes: Sandboxes, place: str) -> None:
    @app.get(f"{place}/<int:number>/explanation")
    def why(sandbox: str, number: int) -> Response:
        exchange = _find(sandboxes, sandbox, number)
        return jsonify(asdict(explain(exchange, sandboxes.agencies[exchange.agency].contract)))

    @app.post(f"{place}/verification")
    def verified(sandbox: str) -> Response:
        given = read_body(request.get_data(), VERIFICATION)
        unmet = verify(
            _read(sandboxes, sandbox, given.get("after", 0), ANY),
            [read_expected(row) for row in read_member(given, "calls", list)],
            ordered=given.get("ordered", False),
            complete=given.get("complete", False),
        )
        return jsonify(verified=not unmet, unmet=[asdict(each) for each in unmet])


def _read(sandboxes: Sandboxes, sandbox: str, after: int, pattern: Pattern) -> list[Exchange]:
    with sandboxes.open(sandbox) as transaction:
        return [one for one in exchanges(transaction, after) if pattern.means(one)]


def _find(sandboxes: Sandboxes, sandbox: str, number: int) -> Exchange:
    with sandboxes.open(sandbox) as transaction:
        found = find_exchange(transaction, number) if number <= MOST else None
    if found is None:
        raise NotFound(f"The journal of {sandbox} has no exchange {number}, or not any more.")
    return found


def written(exchange: Exchange) -> dict[str, object]:
    """An exchange as JSON; a body that is no UTF-8 text comes as base64 beside an empty text."""
    found = asdict(exchange)
    for side in ("request_body", "response_body"):
        body = found[side]
        try:
            found[side] = body.decode()
        except UnicodeDecodeError:
            found[side], found[f"{side}_base64"] = "", b64encode(body).decode()
    return found


def read_query(asked: Mapping[str, str]) -> Pattern:
    """The exchanges that a query asks for."""
    status = (
        {"status": read_number("status", asked["status"], "an answer")} if "status" in asked else {}
    )
    return _pattern({**asked, **status})


def read_expected(row: object) -> Expected:
    """One of the calls that are to be verified, with how often it is made; once if not said."""
    if not isinstance(row, Mapping):
        raise BadCallError(f"calls are JSON objects, not {row!r}")
    counts = {name: row[name] for name in COUNTS if name in row}
    for name, count in counts.items():
        if type(count) is not int or count < 0:
            raise BadCallError(f"{name} is a number from 0 on, not {count!r}")
    pattern = _pattern({name: value for name, value in row.items() if name not in COUNTS})
    if "times" in counts:
        return Expected(pattern, counts["times"], counts["times"])
    if counts:
        return Expected(pattern, counts.get("at_least", 0), counts.get("at_most"))
    return Expected(pattern)


def _pattern(given: Mapping[str, Any]) -> Pattern:
    for name, value in given.items():
        if name not in NAMES:
            raise BadCallError(f"unknown member {name}{meant(name, NAMES)}")
        kind = int if name == "status" else str
        if type(value) is not kind:
            raise BadCallError(f"{name} must be of type {kind.__name__}, not {value!r}")
    return Pattern(**given)
