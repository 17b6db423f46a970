"""Where the service answers, and to which methods."""

from collections.abc import Callable

import pytest

from podatelna.app import build_agencies
from tests.sandboxes import DATE, OWN_HEADERS, PATHS, Caller, Sandbox, SignIn, plain_session
from tests.ubyport.messages import bare, call, member

AVAILABLE = call("TestDostupnosti")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_method_is_not_allowed(production: Caller, method: str) -> None:
    answer = production.session.request(method, production.url)
    assert bare(answer) == (405, b"", OWN_HEADERS | {"Date": DATE})
    assert answer.reason == "Method Not Allowed"


@pytest.mark.parametrize("environment", PATHS)
@pytest.mark.parametrize("spell", [str.lower, str.upper, str.title, lambda path: f"{path}/"])
def test_path_in_other_letters(
    sandbox: Sandbox, sign_in: SignIn, environment: str, spell: Callable[[str], str]
) -> None:
    """IIS does not tell letters by their case."""
    login = {"production": "uby-ws000001", "test": "uby-tws00001"}[environment]
    caller = sign_in(login, environment)
    url = f"{sandbox.server}/s/{sandbox.name}{spell(PATHS[environment])}"
    answer = Caller(url, caller.session).post(AVAILABLE, "TestDostupnosti")
    assert member(answer, "TestDostupnostiResult") == "true"


@pytest.mark.parametrize("more", ["//", "/more", "x", ".asmx", "/mex"])
def test_path_behind_the_service(sandbox: Sandbox, production: Caller, more: str) -> None:
    """What goes on behind the address is no address, and IIS asks for a login all the same."""
    beyond = Caller(production.url + more, production.session)
    for answer in (beyond.get(), beyond.post(AVAILABLE, "TestDostupnosti")):
        assert (answer.status_code, answer.reason) == (404, "Not Found")
        assert "<h2>404 - File or directory not found.</h2>" in answer.text
        assert bare(answer)[2] == {"Content-Type": "text/html"} | OWN_HEADERS | {"Date": DATE}
    assert [found["code"] for found in sandbox.last()["findings"]] == ["not_found"]
    with plain_session() as stranger:
        assert stranger.get(beyond.url).status_code == 401


@pytest.mark.parametrize("path", ["/", "/ws_uby/", "/ws_uby/other.svc", "/ws_uby_test/x"])
def test_path_of_no_agency(sandbox: Sandbox, production: Caller, path: str) -> None:
    """There the sandbox speaks for itself, and says where the agencies are."""
    answer = production.session.get(f"{sandbox.server}/s/{sandbox.name}{path}")
    assert answer.headers["Content-Type"] == "application/problem+json"
    paths = ", ".join(path for agency in build_agencies().values() for path in agency.paths)
    assert paths.startswith(f"{PATHS['test']}, {PATHS['production']}, ")
    detail = f"Agencies answer at {paths}; the sandbox itself at /_podatelna/."
    assert (answer.status_code, answer.json()["detail"]) == (404, detail)
