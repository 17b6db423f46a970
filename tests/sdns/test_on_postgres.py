"""PostgreSQL keeps what SQLite keeps, for one house and for several on one database."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import cycle
from typing import Any

import pytest

from tests.journeys.processes import database
from tests.sandboxes import Sandbox
from tests.sdns.messages import COMPRESSIONS, signed
from tests.sdns.samples import (
    CANCELLATION,
    CONFIRMATION,
    CORRECTION,
    DEALS,
    ORDERS,
    SECOND_PART,
    changed,
    written,
)
from tests.sdns.sockets import ISSUES, LOAD, ask, exchange, load_data, open_house, set_up, status

NOW = datetime.fromisoformat("2013-08-01T10:00:00+00:00")
DAYS = {"DatumOd": "01.08.2013", "DatumDo": "31.08.2013"}
LISTS = ("messages", "occurrences", "issues")
OK = ("Success", "OK")
WRONG_ISIN, STRANGE_PRICE = {"12": "CZ00"}, {"15": "1"}


@pytest.fixture
def url() -> Iterator[str]:
    with database() as url:
        yield url


@cache
def packed(xml: bytes) -> str:
    """Signed data; there is a time in the signature, and another one in GZIP."""
    return b64encode(COMPRESSIONS["GZIP"](signed(xml, "UZIV0001"))).decode()


@dataclass
class Story:
    """What happens at houses that take turns, and all that they say of it."""

    houses: Iterator[Sandbox]
    now: datetime = NOW
    told: list[Any] = field(default_factory=list)

    def send(self, message: Mapping[str, Any], **later: int) -> None:
        """A message, and some time after it: ten minutes."""
        data = packed(written(message))
        file = f"ws999{int(message['number']):07}.xml"
        values = (file, "UZIV0001", "Heslo-123", "GZIP", "PKCS7", data, "cs", "CZ")
        answer = exchange(next(self.houses), load_data(LOAD, values))
        self.told.append(answer)
        assert status(answer) == OK
        self.wait(**later or {"minutes": 10})

    def wait(self, **later: int) -> None:
        self.now += timedelta(**later)
        next(self.houses).freeze(self.now.isoformat())

    def ask(self, data_set: str) -> None:
        asked = {**ISSUES, "DatovySoubor": data_set}
        self.told.append(ask(next(self.houses), **asked))

    def ask_for_refused(self) -> None:
        login = {name: ISSUES[name] for name in ("Username", "Password")}
        self.told.append(ask(next(self.houses), "DZ_ERR_SEZNAM", **login, **DAYS))

    def states(self) -> dict[str, int]:
        """Of all issues by their numbers."""
        house = next(self.houses)
        issues, occurrences = (
            house.call("GET", f"/sdns/{name}") for name in ("issues", "occurrences")
        )
        self.told.append((issues, occurrences))
        return {each["number"]: each["state"] for each in issues}

    def all(self) -> list[Any]:
        """What was told, and all that is kept."""
        house = next(self.houses)
        kept = [house.call("GET", f"/sdns/{name}") for name in LISTS]
        rows = [house.call("GET", f"/sdns/rows?issue={issue['id']}") for issue in kept[-1]]
        return [*self.told, *kept, rows, house.call("GET", "/outbox"), house.journal()]


def tell(*houses: Sandbox) -> list[Any]:
    """Send, process, correct, confirm, split, change, take out, cancel, refuse, remind; and ask."""
    set_up(houses[0], NOW.isoformat())
    story = Story(cycle(houses))
    _correct_and_confirm(story)
    _split_and_change(story)
    story.send({**CANCELLATION, "reference": "900003"})
    story.wait(days=40)
    story.ask("MOKAS41")
    story.ask("MOKAS42")
    story.ask_for_refused()
    assert story.states() == {
        **{"900002": 61, "900003": 59, "900004": 0, "900005": 0},
        **{"900010": 51, "900020": 51, "900021": 0},
    }
    return story.all()


def _correct_and_confirm(story: Story) -> None:
    story.send(changed(DEALS, WRONG_ISIN, number="900002"))
    story.ask("MOKAS42")
    story.send(changed(CORRECTION, STRANGE_PRICE), days=2)
    story.ask("MOKAS42")
    story.send(CONFIRMATION)
    assert story.states() == {"900002": 61, "900003": 52, "900004": 0}


def _split_and_change(story: Story) -> None:
    """Four parts, of which one comes too early."""
    story.send({**ORDERS, "number": "900011", "part": (1, "900010", "První")}, minutes=1)
    early = changed(SECOND_PART, {"1": "130741003001"}, number="900013", part=(3, "900010", ""))
    story.send(early)
    story.send(SECOND_PART)
    last = (3, "900010", "Poslední")
    story.send(changed(SECOND_PART, {"1": "130741004001"}, number="900014", part=last))
    story.ask("MOKAS41")
    change = {"reason": "Úmysl-vykazujícího-subjektu", "number": "900020", "reference": "900010"}
    story.send({**ORDERS, **change, "status": "Změnová-oprava"})
    story.ask("MOKAS41")
    out = {"number": "900021", "reference": "900020", "rows": None}
    story.send({**ORDERS, **change, **out, "status": "Storno-DZ"})


def test_a_whole_story(url: str) -> None:
    with open_house() as in_memory, open_house(url) as on_postgres:
        there, here = tell(on_postgres), tell(in_memory)
    assert there == here


def test_houses_take_turns(url: str) -> None:
    """Nothing is kept in a process: each step is made by another house than the one before."""
    with ExitStack() as stack:
        houses = [stack.enter_context(open_house(url)) for _ in range(2)]
        alone = stack.enter_context(open_house())
        assert tell(*houses) == tell(alone)
