"""schemathesis calls the running sandbox by its OpenAPI description: nothing undocumented comes.

It sends what the description allows and what it does not, in all environments and versions, with
all kinds of credentials. Status, headers, media type and body of every answer must be documented;
two validators judge that.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from podatelna.kernel.resources import resource
from tests.czmvo.calls import HOSTS, Manner, Office
from tests.czmvo.description import Answer, part, undocumented, unfit
from tests.czmvo.known import CALLERS, CREDENTIALS, KNOWN
from tests.sandboxes import Sandbox, plain_session

CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SCHEMA = schemathesis.openapi.from_path(resource("contracts", "czmvo/openapi.yaml"))
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations()}
THOROUGH = settings(
    max_examples=80, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
"""For each operation: all of them take well under a minute."""


MEDIA = ["*/*", "application/json", "text/csv", "application/octet-stream", "image/webp", None]
LANGUAGES = [None, "cs", "en"]
usual = st.builds(
    lambda caller, accept, language: Manner(*caller, accept, language),
    st.sampled_from(CALLERS),
    st.sampled_from(MEDIA[:3]),
    st.sampled_from(LANGUAGES),
)
odd = st.builds(
    Manner,
    environment=st.sampled_from(list(HOSTS)),
    version=st.sampled_from(["", "1.0", "2.0", "2.1", "3.0"]),
    credentials=st.sampled_from([*CREDENTIALS, None]),
    accept=st.sampled_from(MEDIA),
    language=st.sampled_from(LANGUAGES),
)
manners = st.one_of(usual, usual, usual, odd)


@st.composite
def cases(draw: st.DrawFn, label: str) -> Case:
    """A call. Some of its parameters mean something to the world; few are checked connections."""
    allowed, wrong = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
    mode = draw(st.sampled_from([allowed, allowed, allowed, wrong]))
    case: Case = draw(OPERATIONS[label].as_strategy(generation_mode=mode))
    for values in (case.query, case.body):
        if isinstance(values, dict):
            _make_sense(draw, values)
    if isinstance(case.query, dict) and draw(st.integers(0, 4)):
        case.query.pop("connection", None)
    return case


def _make_sense(draw: st.DrawFn, values: dict[str, Any]) -> None:
    for name in sorted(KNOWN.keys() & values.keys()):
        if draw(st.integers(0, 3)):
            values[name] = draw(st.sampled_from(KNOWN[name]))


@pytest.fixture
def office(sandbox: Sandbox) -> Iterator[Office]:
    """No header is sent but those that a call brings."""
    with plain_session() as session:
        session.headers.clear()
        yield Office(sandbox, session)


@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_documented(office: Office, label: str) -> None:
    @THOROUGH
    @given(case=cases(label), manner=manners, own_headers=st.sampled_from([False, False, True]))
    def holds(case: Case, manner: Manner, own_headers: bool) -> None:
        if office.touched:
            office.begin()
        headers = manner.headers(office)
        if own_headers:
            # What schemathesis makes of the headers of the description; credentials stay ours.
            kept = {name: headers[name] for name in ("Host", "Authorization") if name in headers}
            headers = {**headers, **(case.headers or {}), **kept}
        case.headers = {}
        answer = case.call(office.url(manner.environment), office.session, headers)
        office.touched = case.method != "GET" and answer.status_code == 200
        case.validate_response(answer, checks=CHECKS)
        read = {name: ", ".join(values) for name, values in answer.headers.items()}
        found = Answer(answer.status_code, read, answer.content)
        assert undocumented(case.method, case.operation.path, found) == []

    holds()


# What no description of parameters covers


ENDS = st.sampled_from([b"", b"}", b'"}', b"\x00", b"\xff", b'{"list":"enumState"}'])
bodies = st.builds(
    lambda beginning, middle, end: beginning + middle + end,
    st.sampled_from([b"", b"{", b"[", b'{"list":', b'{"list":"state","page":', b"\xef\xbb\xbf{"]),
    st.binary(max_size=40) | st.text(max_size=20).map(str.encode),
    ENDS,
)


@pytest.mark.parametrize("path", ["/alerts/", "/filter/", "/auth/token/"])
def test_any_octets_are_answered_as_documented(office: Office, path: str) -> None:
    methods = [
        method for method in ("GET", "POST", "PUT", "DELETE") if f"{method} {path}" in OPERATIONS
    ]

    @THOROUGH
    @given(
        method=st.sampled_from(methods), body=bodies, query=st.binary(max_size=20), manner=manners
    )
    def holds(method: str, body: bytes, query: str, manner: Manner) -> None:
        if office.touched:
            office.begin()
        url = office.url(manner.environment) + path
        answer = office.session.request(
            method, url, params=quote(query), data=body, headers=manner.headers(office)
        )
        office.touched = method != "GET" and answer.status_code == 200
        read = {name.lower(): value for name, value in answer.headers.items()}
        assert undocumented(method, path, Answer(answer.status_code, read, answer.content)) == []

    holds()


@pytest.mark.parametrize("path", ["/alerts/", "/alerts", "/filter/", "/auth/token/"])
@pytest.mark.parametrize("method", ["PATCH", "OPTIONS", "PROPFIND"])
def test_other_methods_are_refused(office: Office, method: str, path: str) -> None:
    url = office.url("production") + path
    request = requests.Request("GET", url, headers={"Host": "api.czmvo.cz"}).prepare()
    request.method = method
    answer = office.session.send(request)
    assert answer.status_code == 405
    assert unfit(part("errors")["method_not_allowed"], answer.json()) == []
    newest = path == "/auth/token/"
    assert answer.headers["amscz-version"] == ("2.1" if newest else "1.0")


@pytest.mark.parametrize("path", ["/alert/", "/alerts/x", "/", "/auth/", "/auth/token/x"])
def test_other_paths_are_unknown(office: Office, path: str) -> None:
    url = office.url("production") + path
    answer = office.session.get(url, headers={"Host": "api.czmvo.cz"})
    assert answer.status_code == 404
    assert unfit(part("errors")["unknown_function"], answer.json()) == []
