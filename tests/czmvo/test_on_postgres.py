"""PostgreSQL keeps what SQLite keeps: worlds, what falls due, and exceptions."""

from collections.abc import Iterator
from typing import Any

import pytest

from podatelna.czmvo.directory import Directory
from podatelna.czmvo.exemptions import Choice, Exemptions
from podatelna.czmvo.model import PRODUCTION, TEST, Exemption
from tests.czmvo.houses import LOCATION, Premises, open_premises, shipped_world, world
from tests.journeys.processes import database

NOW = "2026-03-02 08:00:00"
MEMORY = "sqlite://"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with database() as url:
        yield url


def three_months(url: str, part: dict[str, Any]) -> dict[str, list[tuple[Any, ...]]]:
    """All rows after some changes in two environments and a long time."""
    with open_premises(part, url=url) as here:
        here.settle(NOW)
        here.move("CZ-A02-01A-LEK-001", "04a", NOW)
        here.move("CZ-A03-01A-LEK-001", "06c", NOW, TEST)
        here.settings["automatic_closing_days"] = 120
        for now in ("2026-03-02 09:00:00", "2026-03-03 08:00:00", "2026-07-01 08:00:00"):
            here.settle(now)
        return here.dump()


def test_worlds_and_what_falls_due(url: str) -> None:
    part = shipped_world()
    there = three_months(url, part)
    assert there == three_months(MEMORY, part)
    assert len(there["letter"]) > 20


def test_a_generated_world(url: str) -> None:
    part = {"production": {"generate": {"alerts": 40}}}
    dumps = []
    for each in (url, MEMORY):
        with open_premises(part, url=each) as here:
            here.settle(NOW)
            dumps.append(here.dump())
    assert dumps[0] == dumps[1]


def test_exceptions_and_the_directory(url: str) -> None:
    with open_premises(world(), url=url) as here:
        _enter_and_delete(here)


def _enter_and_delete(here: Premises) -> None:
    shelf = Exemptions(here.transaction, PRODUCTION)
    casual, of_batch = (
        Exemption(41, "1", None, None, "NO", "m1"),
        Exemption(2, "2", "b", "2026-03-02", "OP", "m1"),
    )
    shelf.add([casual, of_batch])
    shelf.add([])
    assert shelf.all() == [of_batch, casual]
    assert shelf.find(41) == casual
    assert shelf.chosen(Choice("m1", batch="\0\udc80")) == []
    assert shelf.chosen(Choice("m1", product_code="1", ids=(41, 2))) == [casual]
    assert shelf.covering("1", "x", "2026-03-02") == casual
    assert shelf.covering("", "b", "2026-03-02") == of_batch
    assert shelf.covering("2", "b", "2026-03-03") is None
    shelf.delete([41])
    assert shelf.find(41) is None
    assert Directory(here.transaction).counter(PRODUCTION, LOCATION) == 0
