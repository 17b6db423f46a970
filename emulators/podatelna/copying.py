"""The admin calls that copy sandboxes: exports, forks and snapshots."""

import json

from flask import Flask, Response, jsonify, request

from podatelna.asked import BadCallError, read_body, read_member
from podatelna.kernel.copies import Copies
from podatelna.kernel.dumps import Dump, UnfitDumpError, lines
from podatelna.kernel.sandbox import Sandboxes
from podatelna.kernel.snapshots import (
    find_snapshot,
    forget_snapshot,
    kept_snapshots,
)
from podatelna.kernel.store import NAME


def add_copies(app: Flask, sandboxes: Sandboxes, place: str) -> None:
    """Their routes below `place`, the path of a sandbox."""
    copies = Copies(sandboxes)
    _exports(app, copies, place)
    _snapshots(app, copies, f"{place}/snapshots")


def _exports(app: Flask, copies: Copies, place: str) -> None:
    @app.get(f"{place}/export")
    def export(sandbox: str) -> Response:
        text = "\n".join(lines(copies.export(sandbox)))
        return Response(f"{text}\n", mimetype="application/json")

    @app.put(f"{place}/export")
    def bring(sandbox: str) -> tuple[str, int]:
        copies.bring(sandbox, _read_dump(request.get_data()))
        return "", 204

    @app.post(f"{place}/fork")
    def fork(sandbox: str) -> tuple[Response, int]:
        name = read_member(read_body(request.get_data(), {"name": str}), "name", str)
        copies.fork(sandbox, name)
        return jsonify(name=name, path=f"/s/{name}/"), 201


def _snapshots(app: Flask, copies: Copies, place: str) -> None:
    sandboxes = copies.sandboxes

    @app.get(place)
    def kept(sandbox: str) -> Response:
        with sandboxes.open(sandbox) as transaction:
            return jsonify(kept_snapshots(transaction))

    @app.post(place)
    def keep(sandbox: str) -> tuple[Response, int]:
        name = read_member(read_body(request.get_data(), {"name": str}), "name", str)
        if not NAME.fullmatch(name):
            raise BadCallError(f"{name!r} names no snapshot: lower-case letters, digits, hyphens")
        copies.snapshot(sandbox, name)
        return jsonify(name=name), 201

    @app.get(f"{place}/<name>")
    def held(sandbox: str, name: str) -> Response:
        with sandboxes.open(sandbox) as transaction:
            text = "\n".join(lines(find_snapshot(transaction, name)))
        return Response(f"{text}\n", mimetype="application/json")

    @app.post(f"{place}/<name>/restore")
    def restore(sandbox: str, name: str) -> tuple[str, int]:
        copies.restore(sandbox, name)
        return "", 204

    @app.delete(f"{place}/<name>")
    def give_up(sandbox: str, name: str) -> tuple[str, int]:
        with sandboxes.open(sandbox) as transaction:
            forget_snapshot(transaction, name)
        return "", 204


def _read_dump(content: bytes) -> Dump:
    try:
        given: Dump = json.loads(content)
    except (ValueError, RecursionError):
        raise UnfitDumpError("this is no JSON") from None
    return given
