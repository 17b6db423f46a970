"""Which agency a request is for, by host, path and query, in any sandbox."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import MetaData

from podatelna import app
from podatelna.kernel.addresses import Addresses
from podatelna.kernel.exchange import Request, Response
from podatelna.kernel.visit import Visit
from tests.kernel.depot import depot

POST, BANK, MILL = (replace(depot(name), paths=()) for name in ("post", "bank", "mill"))
AGENCIES = {
    "post": replace(POST, paths=("/letters", "/t"), hosts={"post.example": "", "beta.post": "/t"}),
    "bank": replace(BANK, paths=("/bank", "/letters/bank"), root_queries=("balance", "rate")),
    "mill": replace(MILL, paths=("/mill/mill.svc",), open_ended=True),
}
FOUND = Addresses(AGENCIES)


def found(path: str, host: str = "", query: str = "") -> tuple[str, str] | None:
    """The agency's name, and the path that it is given."""
    request = Request("GET", path, query, {"host": host} if host else {})
    answer = FOUND.find(request)
    return (answer[0].name, answer[1].path) if answer else None


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/letters", "post"),
        ("/letters/", "post"),
        ("/LETTERS/1", "post"),
        ("/letters/bank", "post"),
        ("/t", "post"),
        ("/t/", "post"),
        ("/t/letters", "post"),
        ("/bank", "bank"),
        ("/mill/mill.svc", "mill"),
        ("/Mill/Mill.svc/x", "mill"),
        ("/mill/mill.svcx", "mill"),
    ],
)
def test_a_path_is_an_agencys_from_its_beginning(path: str, name: str) -> None:
    assert found(path) == (name, path)
    assert found(path, "localhost:8420") == (name, path)


@pytest.mark.parametrize(
    "path", ["/", "/letter", "/lettersx", "/letters%2F", "/tx", "/x/t", "//t", "/mill", "/ſ", "*"]
)
def test_a_path_of_nobody(path: str) -> None:
    assert found(path) is None
    assert found(path, "other.example") is None


@pytest.mark.parametrize(
    ("host", "path", "taken"),
    [
        ("post.example", "/letters/", "/letters/"),
        ("POST.example:80", "/letters/", "/letters/"),
        ("post.example", "/", "/"),
        ("post.example", "/bank", "/bank"),
        ("post.example", "/nothing/at/all", "/nothing/at/all"),
        ("beta.post", "/letters/", "/t/letters/"),
        ("beta.post:8420", "/", "/t/"),
        ("beta.post", "/bank", "/t/bank"),
        ("beta.post", "/t/letters", "/t/t/letters"),
    ],
)
def test_a_host_is_an_agencys_at_any_path(host: str, path: str, taken: str) -> None:
    assert found(path, host) == ("post", taken)


@pytest.mark.parametrize(
    "host", ["", "xpost.example", "post.example.org", "[::1]:80", ":80", "\x00"]
)
def test_other_hosts_are_nobodys(host: str) -> None:
    assert found("/", host) is None
    assert found("/bank", host) == ("bank", "/bank")


@pytest.mark.parametrize("query", ["balance", "balance=1", "a=b&rate=", "r%61te=1", "balance[]=1"])
def test_a_bare_root_is_told_by_its_query(query: str) -> None:
    assert found("/", query=query) == ("bank", "/")
    assert found("/letters", query=query) == ("post", "/letters")
    assert found("/other", query=query) is None
    assert found("/", "post.example", query) == ("post", "/")


@pytest.mark.parametrize("query", ["", "a=balance", "Balance=1", "&", "=balance", "%ff"])
def test_other_queries_tell_nothing(query: str) -> None:
    assert found("/", query=query) is None


# -- in a house


def _tell(visit: Visit) -> Response:
    request = visit.request
    return Response(200, json.dumps([visit.sandbox, request.base, request.path]).encode())


@pytest.fixture
def house(papers: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[app.House]:
    told = replace(depot(), handler=_tell)
    post = replace(
        told,
        name="post",
        paths=AGENCIES["post"].paths,
        hosts=AGENCIES["post"].hosts,
        root_queries=("knock",),
        tables=MetaData(),
    )
    agencies = {"post": post, "depot": told}
    monkeypatch.setattr(app, "build_agencies", lambda: agencies)
    with closing(app.House(app.Config(seed="1"))) as house:
        house.sandboxes.create("job-7")
        yield house


@pytest.mark.parametrize(
    ("path", "host", "told"),
    [
        ("/letters/1", "h", ["default", "", "/letters/1"]),
        ("/s/job-7/letters/1", "h", ["job-7", "/s/job-7", "/letters/1"]),
        ("/s/job-7/letters/1", "beta.post", ["job-7", "/s/job-7", "/t/letters/1"]),
        ("/s/job-7", "beta.post:80", ["job-7", "/s/job-7", "/t/"]),
        ("/s/job-7?knock", "h", ["job-7", "/s/job-7", "/"]),
        ("/?knock", "h", ["default", "", "/"]),
        ("/depot/x", "h", ["default", "", "/depot/x"]),
        ("/depot/x", "post.example", ["default", "", "/depot/x"]),
    ],
)
def test_in_any_sandbox(house: app.House, path: str, host: str, told: list[str]) -> None:
    path, _, query = path.partition("?")
    answer = house.handle(Request("GET", path, query, {"host": host}))
    assert json.loads(answer.body) == told


def test_the_sandbox_itself_answers_at_any_host(house: app.House) -> None:
    answer = house.handle(Request("GET", "/_podatelna/health", headers={"host": "beta.post"}))
    assert json.loads(answer.body)["agencies"] == ["post", "depot"]


def test_headers_are_described_in_the_journal(house: app.House) -> None:
    for header in ("Basic TE9HSU46UEFTU1dPUkQ=", "Bearer abc", "NTLM", "something"):
        house.handle(Request("GET", "/t", headers={"authorization": header}))
    answer = house.handle(Request("GET", "/_podatelna/sandboxes/default/journal"))
    assert [each["request_headers"]["authorization"] for each in json.loads(answer.body)] == [
        "Basic LOGIN",
        "Bearer [blanked]",
        "NTLM malformed_token",
        "unknown scheme",
    ]
