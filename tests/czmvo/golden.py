"""The exchanges that the manual prints, as the files beside have them.

A file is one example: what is printed, and the exchanges that are made of it. Each says what is
sent and what comes, which is what is printed, or else why it is something else.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

import yaml

FOLDER = Path(__file__).parent / "golden"
NUMBERS = range(1, 32)
VERSIONS = ("1.0", "2.0", "2.1")
TOKEN = "{token}"
"""Stands for an access token, which is another one each time."""

Where = Literal["body", "url"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and the answer to it, in one version and with the parameters in one place."""

    example: str
    source: str
    """Of what is printed: the manual's section."""
    json: str = ""
    """The parameters, as they are printed."""
    raw: str = ""
    """Instead of parameters: the whole request with its head."""
    printed: str = ""
    """The answer in the manual; empty: it has none."""
    answer: str = ""
    """Ours; empty: what is printed."""
    file: str = ""
    """Instead of an answer: the media type of the file that comes."""
    deviates: str = ""
    """Why our answer is not what is printed."""
    asked: Literal["as printed", "ours"] = "as printed"
    """Whether the manual has this request, too."""
    by: Literal["enduser", "mah"] = "mah"
    send: str = "GET /alerts/"
    accept: str = "application/json"
    status: int = 200
    clock: str = "2026-03-02T08:00:00Z"
    settings: Mapping[str, Any] = field(default_factory=dict)
    before: tuple[str, ...] = ()
    """What was sent before, by the same caller: method, path and parameters."""
    versions: tuple[str, ...] = VERSIONS
    version: str = ""
    where: Where = "body"

    def __str__(self) -> str:
        return f"{self.example} {self.version} {self.where}"

    @property
    def expected(self) -> str:
        return self.answer or self.printed

    @property
    def method(self) -> str:
        return self.send.partition(" ")[0]

    @property
    def target(self) -> str:
        """Path and query, with the parameters if the URL has them."""
        target = self.send.partition(" ")[2]
        mark = "&" if "?" in target else "?"
        return f"{target}{mark}{query_of(self.json)}" if self.where == "url" else target


def query_of(text: str) -> str:
    """Parameters in a URL as PHP reads them (manual 2.3)."""
    pairs = []
    for name, value in json.loads(text).items():
        listed = [(f"{name}[]", each) for each in value] if isinstance(value, list) else []
        pairs += listed or [(name, value)]
    return urlencode([(name, v if isinstance(v, str) else json.dumps(v)) for name, v in pairs])


def read(name: str) -> list[Exchange]:
    """The exchanges of an example; what the file says of all of them may be said anew for each."""
    common = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    listed = common.pop("exchanges")
    names = {item.name for item in fields(Exchange)} - {"example", "version", "where"}
    rows = [common | each for each in listed]
    assert all(row.keys() <= names for row in rows), name
    return [Exchange(f"{name}-{number}", **_tupled(row)) for number, row in enumerate(rows, 1)]


def _tupled(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(each) if isinstance(each, list) else each for name, each in row.items()}


def every_way(exchange: Exchange) -> Iterator[Exchange]:
    """The exchange in each version, in the body and, where that may be, in the URL."""
    if exchange.raw:
        yield exchange
        return
    places: tuple[Where, ...] = (
        ("body", "url") if exchange.method in ("GET", "DELETE") else ("body",)
    )
    for version in exchange.versions:
        for where in places:
            yield replace(exchange, version=version, where=where)
