"""What a sandbox is set to: its clock, its seed, its counters and its switches."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    String,
    Table,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from podatelna.kernel.clock import Clock
from podatelna.kernel.ids import random_token
from podatelna.kernel.settings import Value
from podatelna.kernel.statements import Statement
from podatelna.kernel.tables import TABLES

CONTROL = Table(
    "control",
    TABLES,
    Column("revision", String, nullable=False),
    Column("seed", String, nullable=False),
    Column("world", String, nullable=False),
    Column("offset_us", BigInteger, nullable=False),
    Column("frozen_us", BigInteger),
)
COUNTER = Table(
    "counter",
    TABLES,
    Column("series", String, primary_key=True),
    Column("value", BigInteger, nullable=False),
)
SETTING = Table(
    "setting",
    TABLES,
    Column("agency", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)

_READ = Statement(
    select(
        CONTROL.c.revision,
        CONTROL.c.seed,
        CONTROL.c.world,
        CONTROL.c.offset_us,
        CONTROL.c.frozen_us,
    )
)
_TOUCH = update(CONTROL).values(revision=bindparam("anew"))
_SET_CLOCK = _TOUCH.values(offset_us=bindparam("offset"), frozen_us=bindparam("frozen"))
_SET_SEED = _TOUCH.values(seed=bindparam("to"))
_COUNT = Statement(
    update(COUNTER)
    .where(COUNTER.c.series == bindparam("of"))
    .values(value=COUNTER.c.value + 1)
    .returning(COUNTER.c.value)
)
_START_COUNT = Statement(insert(COUNTER))
_COUNTED = Statement(select(COUNTER.c.value).where(COUNTER.c.series == bindparam("of")))
_FORGET_COUNT = Statement(delete(COUNTER).where(COUNTER.c.series == bindparam("of")))
_SETTINGS = select(SETTING.c.agency, SETTING.c.name, SETTING.c.value)
_UNSET = delete(SETTING).where(
    SETTING.c.agency == bindparam("of"), SETTING.c.name == bindparam("which")
)
_SET = insert(SETTING)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

GivenSettings = Mapping[str, Mapping[str, Value]]
"""Values by agency and name, only those that differ from the defaults."""


@dataclass(frozen=True, slots=True)
class Controls:
    """One reading. `revision` is new with every change, so that what was derived can be kept.

    It never comes again, whether a change is rolled back, or the sandbox reset or made anew.
    """

    revision: str
    seed: str
    world: str
    clock: Clock


def start_controls(transaction: Connection, seed: str, world: str, clock: Clock) -> None:
    """Write the first controls of a world; its sandboxes change them."""
    transaction.execute(
        insert(CONTROL),
        {"revision": random_token(), "seed": seed, "world": world, **_clock_columns(clock)},
    )


def read_controls(transaction: Connection) -> Controls:
    row = _READ.row(transaction)
    assert row is not None
    revision, seed, world, offset, frozen = row
    stands = None if frozen is None else EPOCH + timedelta(microseconds=frozen)
    return Controls(revision, seed, world, Clock(timedelta(microseconds=offset), stands))


def set_clock(transaction: Connection, clock: Clock) -> None:
    columns = _clock_columns(clock)
    transaction.execute(
        _SET_CLOCK,
        {
            "offset": columns["offset_us"],
            "frozen": columns["frozen_us"],
            "anew": random_token(),
        },
    )


def set_seed(transaction: Connection, seed: str) -> None:
    transaction.execute(_SET_SEED, {"to": seed, "anew": random_token()})


def touch(transaction: Connection) -> None:
    """Say that something that replicas keep in memory has changed."""
    transaction.execute(_TOUCH, {"anew": random_token()})


def count(transaction: Connection, series: str) -> int:
    """The next number of a series, from 1."""
    row = _COUNT.row(transaction, {"of": series})
    if row is None:
        _START_COUNT.run(transaction, {"series": series, "value": 1})
        return 1
    return int(row[0])


def counted(transaction: Connection, series: str) -> int:
    """The number of a series that was given out last; 0: none yet."""
    row = _COUNTED.row(transaction, {"of": series})
    return int(row[0]) if row else 0


def set_count(transaction: Connection, series: str, value: int) -> None:
    """Let a series go on after `value`."""
    _FORGET_COUNT.run(transaction, {"of": series})
    _START_COUNT.run(transaction, {"series": series, "value": value})


def read_settings(transaction: Connection) -> dict[str, dict[str, Value]]:
    given: dict[str, dict[str, Value]] = {}
    for agency, name, value in transaction.execute(_SETTINGS):
        given.setdefault(agency, {})[name] = json.loads(value)
    return given


def set_settings(transaction: Connection, given: GivenSettings) -> None:
    """Lay values over the defaults; they have been checked against the agency's book."""
    for agency, values in given.items():
        for name, value in values.items():
            transaction.execute(_UNSET, {"of": agency, "which": name})
            transaction.execute(_SET, {"agency": agency, "name": name, "value": json.dumps(value)})
    touch(transaction)


def _clock_columns(clock: Clock) -> dict[str, int | None]:
    frozen = None if clock.frozen_at is None else (clock.frozen_at - EPOCH) // MICROSECOND
    return {"offset_us": clock.offset // MICROSECOND, "frozen_us": frozen}
