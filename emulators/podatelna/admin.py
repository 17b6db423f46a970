"""The admin API under `/_podatelna/`: what no agency offers. JSON in and out, RFC 9457 problems."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from hmac import compare_digest
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException, NotFound

from podatelna import __version__
from podatelna.asked import (
    BadCallError,
    read_body,
    read_clock_change,
    read_disruption,
    read_member,
    read_number,
)
from podatelna.copying import add_copies
from podatelna.kernel.accounts import all_accounts
from podatelna.kernel.clock import ClockRefusedError
from podatelna.kernel.disruptions import (
    DisruptionRefusedError,
    clear_disruptions,
    plan,
    planned,
)
from podatelna.kernel.dumps import UnfitDumpError
from podatelna.kernel.exchange import Request
from podatelna.kernel.exchange import Response as Answer
from podatelna.kernel.outbox import clear_outbox, letters
from podatelna.kernel.sandbox import Sandboxes
from podatelna.kernel.settings import SettingRefusedError
from podatelna.kernel.snapshots import UnknownSnapshotError
from podatelna.kernel.store import StoreError, UnfitNameError, UnknownSandboxError
from podatelna.kernel.world import DEFAULT, WorldError
from podatelna.kernel.wsgi import from_wsgi
from podatelna.records import add_journal

ROOT = "/_podatelna"
PLACE = f"{ROOT}/sandboxes/<sandbox>"

REFUSALS = (
    BadCallError,
    ClockRefusedError,
    DisruptionRefusedError,
    SettingRefusedError,
    UnfitDumpError,
    UnfitNameError,
    WorldError,
)
"""What is answered with a 422 and the error's own sentence."""


def admin_handler(sandboxes: Sandboxes, token: str | None) -> Callable[[Request], Answer]:
    """The admin API as a function from request to response."""
    return from_wsgi(create_admin(sandboxes, token))


def create_admin(sandboxes: Sandboxes, token: str | None) -> Flask:
    """The Flask application. With a token, calls must bring it as `Authorization: Bearer`."""
    app = Flask("podatelna.admin", static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined] # Flask's default provider has it

    @app.before_request
    def guard() -> tuple[Response, int] | None:
        return _stranger() or _without(token)

    _problems(app)
    _routes_of_sandboxes(app, sandboxes)
    _routes_of_controls(app, sandboxes)
    _routes_of_accounts(app, sandboxes)
    add_journal(app, sandboxes, PLACE)
    add_copies(app, sandboxes, PLACE)
    _routes_of_letters(app, sandboxes)
    _routes_of_agencies(app, sandboxes)
    return app


def _problem(status: int, title: str, detail: str) -> tuple[Response, int]:
    answer = jsonify(type="about:blank", title=title, status=status, detail=detail)
    answer.mimetype = "application/problem+json"
    return answer, status


def _stranger() -> tuple[Response, int] | None:
    """A web page of another origin must not steer a sandbox through its visitor's browser."""
    origin = request.headers.get("Origin")
    if origin is None or _netloc(origin) == request.host:
        return None
    return _problem(403, "Another origin", f"Pages of {origin} may not call the sandbox.")


def _netloc(url: str) -> str | None:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return None


def _without(token: str | None) -> tuple[Response, int] | None:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    bears = scheme.lower() == "bearer"
    if token is None or (bears and compare_digest(given.strip().encode(), token.encode())):
        return None
    advice = "Send Authorization: Bearer with the server's token."
    answer, status = _problem(401, "Token missing", advice)
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer, status


def _problems(app: Flask) -> None:
    @app.errorhandler(UnknownSandboxError)
    def unknown(error: UnknownSandboxError) -> tuple[Response, int]:
        return _problem(404, f"There is no sandbox called {error}.", f"POST {ROOT}/sandboxes")

    @app.errorhandler(UnknownSnapshotError)
    def no_snapshot(error: UnknownSnapshotError) -> tuple[Response, int]:
        return _problem(404, "No such snapshot", str(error))

    @app.errorhandler(StoreError)
    def conflict(error: StoreError) -> tuple[Response, int]:
        return _problem(409, "Not possible", str(error))

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> tuple[Response, int]:
        answer, status = _problem(error.code or 500, error.name, error.description or "")
        answer.headers.extend(pair for pair in error.get_headers() if pair[0] != "Content-Type")
        return answer, status

    def refused(error: Exception) -> tuple[Response, int]:
        return _problem(422, "Refused", str(error))

    for kind in REFUSALS:
        app.register_error_handler(kind, refused)


def _routes_of_sandboxes(app: Flask, sandboxes: Sandboxes) -> None:
    @app.get(f"{ROOT}/")
    def index() -> Response:
        paths = [path for agency in sandboxes.agencies.values() for path in agency.paths]
        return jsonify(podatelna=__version__, agencies=paths, sandboxes=f"{ROOT}/sandboxes")

    @app.get(f"{ROOT}/sandboxes")
    def names() -> Response:
        return jsonify(_about_all(sandboxes))

    @app.post(f"{ROOT}/sandboxes")
    def create() -> tuple[Response, int]:
        wanted = read_body(request.get_data(), {"name": str, "world": str})
        name = read_member(wanted, "name", str)
        sandboxes.create(name, wanted.get("world", DEFAULT))
        return jsonify(_about(sandboxes, name)), 201

    @app.get(PLACE)
    def show(sandbox: str) -> Response:
        return jsonify(_about(sandboxes, sandbox))

    @app.delete(PLACE)
    def drop(sandbox: str) -> tuple[str, int]:
        sandboxes.drop(sandbox)
        return "", 204

    @app.post(f"{PLACE}/reset")
    def reset(sandbox: str) -> Response:
        sandboxes.reset(sandbox, read_body(request.get_data(), {"world": str}).get("world"))
        return jsonify(_about(sandboxes, sandbox))


def _routes_of_controls(app: Flask, sandboxes: Sandboxes) -> None:
    @app.put(f"{PLACE}/clock")
    def clock(sandbox: str) -> Response:
        change = read_clock_change(request.get_data())
        return jsonify(now=sandboxes.change_clock(sandbox, change).isoformat())

    @app.get(f"{PLACE}/settings")
    def settings(sandbox: str) -> Response:
        return jsonify(
            {name: dict(sandboxes.settings(sandbox, name)) for name in sandboxes.agencies}
        )

    @app.patch(f"{PLACE}/settings")
    def change(sandbox: str) -> Response:
        known = dict.fromkeys(sandboxes.agencies, dict)
        sandboxes.set(sandbox, read_body(request.get_data(), known))
        return settings(sandbox)

    @app.get(f"{PLACE}/disruptions")
    def listed(sandbox: str) -> Response:
        with sandboxes.open(sandbox) as transaction:
            return jsonify([asdict(disruption) for disruption in planned(transaction)])

    @app.post(f"{PLACE}/disruptions")
    def disrupt(sandbox: str) -> tuple[Response, int]:
        disruption = read_disruption(request.get_data(), sandboxes.agencies)
        with sandboxes.open(sandbox) as transaction:
            plan(transaction, disruption)
        return jsonify(asdict(disruption)), 201

    @app.delete(f"{PLACE}/disruptions")
    def calm(sandbox: str) -> tuple[str, int]:
        with sandboxes.open(sandbox) as transaction:
            clear_disruptions(transaction)
        return "", 204


def _routes_of_accounts(app: Flask, sandboxes: Sandboxes) -> None:
    @app.get(f"{PLACE}/accounts")
    def accounts(sandbox: str) -> Response:
        with sandboxes.open(sandbox) as transaction:
            return jsonify([asdict(account) for account in all_accounts(transaction)])


def _routes_of_letters(app: Flask, sandboxes: Sandboxes) -> None:
    @app.get(f"{PLACE}/outbox")
    def posted(sandbox: str) -> Response:
        after = read_number("after", request.args.get("after", "0"), "a letter")
        with sandboxes.open(sandbox) as transaction:
            found = letters(transaction, after, request.args.get("recipient", ""))
        return jsonify([asdict(letter) for letter in found])

    @app.get(f"{ROOT}/outbox")
    def posted_here() -> Response:
        return posted(request.args.get("sandbox", DEFAULT))

    @app.delete(f"{PLACE}/outbox")
    def burn(sandbox: str) -> tuple[str, int]:
        with sandboxes.open(sandbox) as transaction:
            clear_outbox(transaction)
        return "", 204


def _routes_of_agencies(app: Flask, sandboxes: Sandboxes) -> None:
    @app.route(f"{PLACE}/<agency>/<call>", methods=["GET", "POST", "PUT", "DELETE"])
    def agency_call(sandbox: str, agency: str, call: str) -> Response:
        of = sandboxes.agencies.get(agency)
        if of is None or call not in of.admin:
            known = [
                f"{name}/{each}" for name, it in sandboxes.agencies.items() for each in it.admin
            ]
            raise NotFound(f"no agency has a call {agency}/{call}; there are {', '.join(known)}")
        asked = Request(
            method=request.method,
            path=call,
            query=request.query_string.decode("latin-1"),
            headers={name.lower(): value for name, value in request.headers},
            body=request.get_data(),
        )
        answer = sandboxes.visit(sandbox, of, asked, of.admin[call])
        return Response(answer.body, answer.status, headers=list(answer.headers))


def _about(sandboxes: Sandboxes, name: str) -> dict[str, object]:
    return {"name": name, "now": sandboxes.now(name).isoformat(), "path": f"/s/{name}/"}


def _about_all(sandboxes: Sandboxes) -> list[dict[str, object]]:
    found = []
    for name in sorted(sandboxes.names()):
        with suppress(UnknownSandboxError):  # dropped since its name was read
            found.append(_about(sandboxes, name))
    return found
