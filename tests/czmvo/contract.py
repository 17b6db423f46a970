"""Holds answers against openapi.yaml: status, headers, media type, schema, spelling, order."""

import json
import re
from functools import lru_cache

from podatelna.kernel.exchange import Headers, Request, Response
from tests.czmvo.description import Answer, description, part, undocumented, unfit

_SANDBOX = re.compile(r"/s/[^/]+")
_ENVIRONMENT = re.compile(r"/(?:t|beta)(?=/|$)")
_DEVELOPMENT = "betaapi.czmvo.cz"
"""The host whose paths tell no environment."""


def hold(request: Request, response: Response) -> None:
    """Assert that an answer is documented.

    What is no path or no method of the API must be refused as such. The request's path may begin
    with a sandbox and an environment.
    """
    kept = tuple(pair for pair in response.headers if pair[0] != "Date")
    path = documented_path(request.path, request.headers.get("host", ""))
    _hold(request.method, path, response.status, kept, response.body)


@lru_cache(4096)
def _hold(method: str, path: str, status: int, headers: Headers, body: bytes) -> None:
    """The same answer to the same request is looked at once."""
    named = {name.lower(): value for name, value in headers}
    operations = description()["paths"].get(path, {})
    if method.isupper() and method.lower() in operations:
        found = undocumented(method, path, Answer(status, named, body))
    elif status == 429:
        found = [f"there is a body of {len(body)} bytes"] if body else []
    else:
        # There is nothing at the bare base, with whatever method.
        key = "method_not_allowed" if operations and path != "/" else "unknown_function"
        found = unfit(part("errors")[key], json.loads(body))
    assert found == [], (method, path, status)
    assert {"amscz-version", "amscz-supported-versions", "amscz-deprecated-versions"} <= set(named)


def documented_path(path: str, host: str) -> str:
    """As the description spells it: with the final slash, without sandbox and environment."""
    inner = _inner(_SANDBOX, path)
    if not host.lower().startswith(_DEVELOPMENT):
        inner = _inner(_ENVIRONMENT, inner)
    return inner if inner.endswith("/") else f"{inner}/"


def _inner(beginning: re.Pattern[str], path: str) -> str:
    found = beginning.match(path)
    return path[found.end() :] if found else path
