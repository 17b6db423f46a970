"""Pages: held against plain lists, and as little work among many alerts as among few."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine

from podatelna.czmvo.alerts import Alerts
from podatelna.czmvo.model import PRODUCTION, TEST, Alert
from podatelna.czmvo.paging import FIRST_INSTANT, Query
from podatelna.czmvo.tables import ALERT, TABLES, TALLY
from podatelna.czmvo.tally import Side, span
from tests.czmvo.desks import alert
from tests.strategies import UNTIMED

# -- against plain lists

BEGINNING = datetime.fromisoformat("2023-12-01 00:00:00")
LAGS = (0, 1, 7, 8, 15, 16, 40, 127, 128, 400, 511, 512, 5000)
"""Days until the state was set last, about the edges of spans."""
CODES = (1, 5, 10)


@st.composite
def instants(draw: st.DrawFn) -> str:
    """Instants of five months, many of them at the edge of a day or a month."""
    day = draw(st.sampled_from((0, 30, 31, 61, 62, 90, 91)) | st.integers(0, 150))
    second = draw(st.sampled_from((0, 43_200, 86_399)))
    return str(BEGINNING + timedelta(days=day, seconds=second))


@st.composite
def alerts(draw: st.DrawFn) -> Alert:
    created = draw(instants())
    lag = timedelta(days=draw(st.sampled_from(LAGS)), seconds=draw(st.integers(0, 2)))
    return alert(
        created=created,
        changed=str(datetime.fromisoformat(created) + lag),
        state="01a",
        mah=draw(st.sampled_from(("m1", "m2"))),
        enduser=draw(st.sampled_from(("e1", "e2", ""))),
        last_for_mah=draw(st.integers(0, 3)),
        last_for_enduser=draw(st.integers(0, 3)),
    )


@st.composite
def queries(draw: st.DrawFn) -> Query:
    side: Side = draw(st.sampled_from(("mah", "enduser")))
    given = {
        name: draw(instants())
        for name in ("created_from", "created_to", "changed_from")
        if draw(st.booleans())
    }
    if draw(st.booleans()):
        given |= {"state": draw(st.sampled_from((*CODES, 99)))}
    party = "m1" if side == "mah" else "e1"
    return Query(side, party, latest=draw(st.booleans()), **given)


@contextmanager
def kept(*made: Alert) -> Iterator[Connection]:
    """The alerts in production, and others elsewhere that no query may find."""
    engine = create_engine("sqlite://")
    with engine.begin() as transaction:
        TABLES.create_all(transaction, [ALERT, TALLY])
        Alerts(transaction, PRODUCTION).add(made)
        Alerts(transaction, TEST).add([alert("CZ-ZZZ-ZZZ-ZZZ-ZZZ", created="2024-01-15 00:00:00")])
        yield transaction
    engine.dispose()


def meant(made: list[Alert], query: Query) -> list[tuple[Any, ...]]:
    found = [each for each in made if query.finds(each)]
    return [
        (
            each.uprc,
            each.created,
            each.product_code,
            each.state,
            each.last_for_mah if query.side == "mah" else each.last_for_enduser,
        )
        for each in sorted(found, key=lambda each: (each.created, each.uprc), reverse=query.latest)
    ]


@UNTIMED
@given(
    st.lists(st.tuples(alerts(), st.sampled_from(CODES)), max_size=25),
    st.lists(queries(), min_size=1, max_size=6),
    st.integers(1, 7),
)
def test_pages_are_what_a_plain_list_has(
    made: list[tuple[Alert, int]], asked: list[Query], size: int
) -> None:
    numbered = [
        replace(each, uprc=f"CZ-{number:03}-AAA-AAA-AAA", state=state)
        for number, (each, state) in enumerate(made)
    ]
    with kept(*numbered) as transaction:
        for query in asked:
            search, expected = Alerts(transaction, PRODUCTION).search(query), meant(numbered, query)
            assert search.total == len(expected)
            pages = -(-len(expected) // size)
            found = [row for page in range(1, pages + 1) for row in search.page(page, size)]
            assert [tuple(row) for row in found] == expected
            for beyond in (pages + 1, 2**31 - 1):
                assert search.page(beyond, size) == []


DAYS = (0, 30, 60, 85, 99, 100, 101)
"""When alerts were raised, and what is asked for: a query has those at its very bounds."""
WAITS = (0, 1, 15, 40, 71, 100)


def on(day: int) -> str:
    return str(BEGINNING + timedelta(days=day, hours=12))


@pytest.fixture(scope="module")
def waiting() -> Iterator[tuple[Connection, list[Alert]]]:
    """Alerts of some days whose state was set sooner and later."""
    made = [
        replace(alert(f"CZ-{raised:03}-{wait:03}-AAA-AAA", created=on(raised)), changed=on(changed))
        for raised in DAYS
        for wait in WAITS
        for changed in (raised + wait,)
    ]
    with kept(*made) as transaction:
        yield transaction, made


@pytest.mark.parametrize("latest", [False, True])
@pytest.mark.parametrize("until", [None, *DAYS])
@pytest.mark.parametrize("since", [None, *DAYS])
def test_alerts_of_some_time_that_were_changed_since(
    waiting: tuple[Connection, list[Alert]], since: int | None, until: int | None, latest: bool
) -> None:
    transaction, made = waiting
    bounds = {"created_from": since, "created_to": until}
    given = {name: on(day) for name, day in bounds.items() if day is not None}
    query = Query("mah", "m1", changed_from=on(100), latest=latest, **given)
    search, expected = Alerts(transaction, PRODUCTION).search(query), meant(made, query)
    assert search.total == len(expected)
    found = [search.page(number, 4) for number in range(1, len(expected) // 4 + 2)]
    assert [tuple(row) for page in found for row in page] == expected


@pytest.mark.parametrize(
    ("created", "changed", "digits"),
    [
        ("2026-02-20 08:00:00", "2026-02-20 23:59:59", 3),
        ("2026-02-20 08:00:00", "2026-02-27 23:59:59", 3),
        ("2026-02-20 23:59:59", "2026-02-28 00:00:00", 4),
        ("2026-02-20 08:00:00", "2026-03-07 08:00:00", 4),
        ("2026-02-20 08:00:00", "2026-03-08 08:00:00", 5),
        ("2025-02-20 08:00:00", "2026-02-20 08:00:00", 9),
        ("2024-09-27 08:00:00", "2026-02-20 08:00:00", 9),
        ("2024-09-26 08:00:00", "2026-02-20 08:00:00", 10),
        ("0001-01-01 00:00:00", "9999-12-31 23:59:59", 10),
    ],
)
def test_spans(created: str, changed: str, digits: int) -> None:
    assert span(created, changed) == digits


@pytest.mark.parametrize(
    "bounds",
    [
        {"created_from": "0001-01-01 00:00:00", "created_to": "0001-01-01 00:00:00"},
        {"created_from": "9999-12-31 23:59:59"},
        {"created_from": "2024-02-01 00:00:00", "created_to": "2024-01-01 00:00:00"},
        {"changed_from": "9999-12-31 23:59:59"},
        {"changed_from": "0001-01-01 00:00:01", "created_to": FIRST_INSTANT},
    ],
)
def test_bounds_at_the_ends_of_time(bounds: dict[str, str]) -> None:
    with kept(alert()) as transaction:
        search = Alerts(transaction, PRODUCTION).search(Query("mah", "m1", **bounds))
        assert (search.total, search.page(1, 5)) == (0, [])


# -- as little work among many as among few

FEW, MANY = 1_000, 20_000
TEN_YEARS = 3650
SIZE = 100
MORE_WORK = 4
"""So many times the work may be done for twenty times the alerts; a scan would do twenty times."""

ASKED: dict[str, dict[str, Any]] = {
    "all": {},
    "latest": {"latest": True},
    "state": {"state": 5},
    "created": {"created_from": "2019-05-10 00:00:00", "created_to": "2021-03-17 12:00:00"},
    "created, state": {"created_from": "2019-05-10 00:00:00", "state": 5},
    "changed since all": {"changed_from": "2010-01-01 00:00:00"},
    "changed since long": {"changed_from": "2021-03-10 00:00:00"},
    "changed, latest": {"changed_from": "2021-03-10 00:00:00", "latest": True},
    "changed, state": {"changed_from": "2021-03-10 00:00:00", "state": 5},
    "changed, raised shortly before": {
        "changed_from": "2021-03-10 12:00:00",
        "created_from": "2021-03-05 12:00:00",
    },
    "changed, raised long before": {
        "changed_from": "2021-03-10 12:00:00",
        "created_from": "2020-11-10 12:00:00",
        "created_to": "2024-03-10 12:00:00",
    },
}


def spread(number: int) -> list[Alert]:
    """Alerts over ten years, evenly, all states alike, most of them closed within three weeks."""
    step = timedelta(days=TEN_YEARS) / number
    created = [datetime.fromisoformat("2016-01-01 00:00:00") + step * at for at in range(number)]
    return [
        alert(
            f"CZ-{at // 1000:03}-{at % 1000:03}-AAA-AAA",
            created=f"{when:%Y-%m-%d %H:%M:%S}",
            changed=f"{when + timedelta(days=at % 21):%Y-%m-%d %H:%M:%S}",
        )
        for at, when in enumerate(created)
    ]


@pytest.fixture(scope="module")
def worlds() -> Iterator[dict[int, Connection]]:
    engines = {number: create_engine("sqlite://") for number in (FEW, MANY)}
    opened = {number: engine.connect() for number, engine in engines.items()}
    for number, transaction in opened.items():
        TABLES.create_all(transaction, [ALERT, TALLY])
        made = [replace(each, state=CODES[at % 3]) for at, each in enumerate(spread(number))]
        Alerts(transaction, PRODUCTION).add(made)
    yield opened
    for number, engine in engines.items():
        opened[number].close()
        engine.dispose()


def work(transaction: Connection, query: Query, depth: float) -> int:
    """How much SQLite does for a full page, 0 the first and 1 the last: tens of instructions."""
    raw: Any = transaction.connection.dbapi_connection
    tens: list[None] = []
    raw.set_progress_handler(lambda: tens.append(None), 10)
    search = Alerts(transaction, PRODUCTION).search(query)
    found = search.page(1 + int(depth * (search.total // SIZE - 1)), SIZE)
    raw.set_progress_handler(None, 0)
    assert len(found) == SIZE
    return len(tens)


@pytest.mark.parametrize("depth", [0, 0.4, 1])
@pytest.mark.parametrize("asked", ASKED)
def test_a_page_costs_no_more_among_many(
    worlds: dict[int, Connection], asked: str, depth: float
) -> None:
    query = Query("mah", "m1", **ASKED[asked])
    few, many = (work(worlds[number], query, depth) for number in (FEW, MANY))
    assert many <= few * MORE_WORK
