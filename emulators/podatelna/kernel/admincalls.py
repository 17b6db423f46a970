"""An agency's own admin calls: JSON in, JSON out.

All take `environment` in the query and a JSON object. What cannot be done is answered with a 422
problem and the sentence that says why.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import parse_qs

from podatelna.kernel.agency import AdminCall
from podatelna.kernel.exchange import Response
from podatelna.kernel.rest import read_json_object
from podatelna.kernel.visit import Visit

_JSON = (("Content-Type", "application/json"),)
_PROBLEM = ("Content-Type", "application/problem+json")


@dataclass(frozen=True, slots=True)
class Asked:
    """One admin call, read."""

    visit: Visit
    environment: str
    query: Mapping[str, str]
    given: Mapping[str, Any]

    def member(self, name: str) -> str:
        """A text that must be there; ValueError otherwise."""
        value = self.given.get(name)
        if not isinstance(value, str):
            raise ValueError(f"{name} must be a text, not {value!r}")
        return value


Result = Mapping[str, Any] | list[dict[str, Any]]
Handle = Callable[[Asked], Result]
"""A ValueError is the reason why something is not done."""


def admin_call(environments: Sequence[str], by_method: Mapping[str, Handle]) -> AdminCall:
    """A call by its HTTP methods. The first environment is meant if none is named."""
    return partial(_answer, environments, by_method)


def _answer(environments: Sequence[str], by_method: Mapping[str, Handle], visit: Visit) -> Response:
    handle = by_method.get(visit.request.method)
    if handle is None:
        allowed = ", ".join(by_method)
        return _problem(405, f"{visit.request.path} takes {allowed}", (("Allow", allowed),))
    try:
        result = handle(_read(environments, visit))
    except ValueError as error:
        return _problem(422, str(error))
    return Response(200, json.dumps(result, ensure_ascii=False).encode(), _JSON)


def _read(environments: Sequence[str], visit: Visit) -> Asked:
    query = {name: texts[-1] for name, texts in parse_qs(visit.request.query).items()}
    environment = query.get("environment", environments[0])
    if environment not in environments:
        raise ValueError(f"environment is one of {', '.join(environments)}, not {environment}")
    given = read_json_object(visit.request.body) if visit.request.body else {}
    if given is None:
        raise ValueError("the body must be a JSON object")
    return Asked(visit, environment, query, given)


def _problem(status: int, why: str, headers: tuple[tuple[str, str], ...] = ()) -> Response:
    problem = {"type": "about:blank", "title": "Not done", "status": status, "detail": why}
    body = json.dumps(problem, ensure_ascii=False).encode()
    return Response(status, body, (_PROBLEM, *headers))
