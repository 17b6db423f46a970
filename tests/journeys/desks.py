"""A house whose clock stands still, and its admin API."""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

from podatelna.app import Config, House
from podatelna.kernel.exchange import Request
from tests.journeys.callers import ADMIN, DEFAULT, administer, no_complaints

NOW = "2026-03-04T08:30:00Z"
AT = "2026-03-04T08:30:00+00:00"
"""The same as the API writes it."""
PATHS = ["/ws_uby_test/ws_uby.svc", "/ws_uby/ws_uby.svc"]
BOXES = f"{ADMIN}/sandboxes"


NO_HEADERS: Mapping[str, str] = {}


class Desk:
    """A house's admin API."""

    def __init__(self, house: House) -> None:
        self.house = house

    def ask(self, method: str, path: str, value: object = None) -> Any:
        return administer(self.house.handle, method, path, value)

    def refused(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] = NO_HEADERS
    ) -> Any:
        """The problem; fails unless it is one in form."""
        path, _, query = path.partition("?")
        given = {"host": "localhost"} | dict(headers)
        answer = self.house.handle(Request(method, path, query, given, body))
        assert dict(answer.headers)["Content-Type"] == "application/problem+json"
        problem = json.loads(answer.body)
        assert list(problem)[:4] == ["type", "title", "status", "detail"]
        assert problem["status"] == answer.status
        return problem


@contextmanager
def open_desk(token: str | None = None) -> Iterator[Desk]:
    """Fails in the end if the house had anything to complain of."""
    with closing(House(Config(seed="1", admin_token=token))) as house, no_complaints():
        if token is None:
            administer(house.handle, "PUT", f"{DEFAULT}/clock", {"freeze": NOW})
        yield Desk(house)
