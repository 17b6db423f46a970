"""What a sandbox is set to, and who may call: as stored, in each kind of store."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from podatelna.kernel.accounts import (
    Account,
    add_accounts,
    all_accounts,
    block_account,
    find_account,
)
from podatelna.kernel.clock import Clock
from podatelna.kernel.controls import (
    Controls,
    count,
    counted,
    read_controls,
    read_settings,
    set_clock,
    set_count,
    set_seed,
    set_settings,
    start_controls,
    touch,
)
from tests.kernel.conftest import OpenStore
from tests.kernel.depot import NOW


@pytest.fixture
def transaction(open_store: OpenStore) -> Iterator[Connection]:
    """Within an empty sandbox of each kind of store."""
    store = open_store()
    store.create("box", "empty", lambda transaction: None)
    with store.transaction("box") as transaction:
        yield transaction


def started(transaction: Connection, clock: Clock | None = None) -> Controls:
    start_controls(transaction, "a seed", "a world", clock or Clock())
    return read_controls(transaction)


@pytest.mark.parametrize(
    "clock",
    [
        Clock(),
        Clock(timedelta(days=-20_000, microseconds=1)),
        Clock(timedelta(days=2_900_000)),
        Clock(frozen_at=NOW),
        Clock(timedelta(hours=1), NOW.replace(year=1, microsecond=1)),
        Clock(frozen_at=NOW.replace(year=9999)),
    ],
)
def test_controls_are_read_as_written(transaction: Connection, clock: Clock) -> None:
    first = started(transaction, clock)
    assert (first.seed, first.world, first.clock) == ("a seed", "a world", clock)
    set_clock(transaction, Clock())
    set_clock(transaction, clock)
    set_seed(transaction, "another")
    after = read_controls(transaction)
    assert after == Controls(after.revision, "another", "a world", clock)


def test_every_change_makes_a_revision_that_was_never_there(transaction: Connection) -> None:
    seen = [started(transaction).revision]
    changes: list[Callable[[Connection], None]] = [
        lambda to: set_clock(to, Clock()),
        lambda to: set_seed(to, "a seed"),
        lambda to: set_settings(to, {}),
        touch,
        touch,
    ]
    for change in changes:
        change(transaction)
        seen.append(read_controls(transaction).revision)
    assert len(set(seen)) == len(seen)


def test_reading_and_counting_make_no_revision(transaction: Connection) -> None:
    first = started(transaction)
    count(transaction, "a")
    read_settings(transaction)
    assert read_controls(transaction) == first


def test_each_series_counts_for_itself(transaction: Connection) -> None:
    drawn = [count(transaction, series) for series in ("a", "b", "a", "a", "A")]
    assert drawn == [1, 1, 2, 3, 1]


def test_a_series_goes_on_from_where_it_is_set(transaction: Connection) -> None:
    assert counted(transaction, "a") == 0
    set_count(transaction, "a", 21)
    assert [count(transaction, "a"), count(transaction, "a"), count(transaction, "b")] == [
        22,
        23,
        1,
    ]
    assert (counted(transaction, "a"), counted(transaction, "b")) == (23, 1)
    set_count(transaction, "a", 5)
    assert count(transaction, "a") == 6


def test_settings_are_laid_over_each_other(transaction: Connection) -> None:
    started(transaction)
    assert read_settings(transaction) == {}
    set_settings(transaction, {"depot": {"loud": True, "pieces": 5}, "attic": {"loud": False}})
    set_settings(transaction, {"depot": {"pieces": 6, "marks": ["Ř", "\0", "\udc80"]}})
    assert read_settings(transaction) == {
        "depot": {"loud": True, "pieces": 6, "marks": ["Ř", "\0", "\udc80"]},
        "attic": {"loud": False},
    }


# -- accounts

PORTER = Account("depot", "hall", "porter", "Secret-1", "hall 1", about="carries")
TWINS = (
    Account("depot", "cellar", "porter", "Secret-2"),
    Account("attic", "hall", "porter", "Secret-3", blocked=True),
)


def test_accounts_are_found_by_agency_environment_and_login(transaction: Connection) -> None:
    add_accounts(transaction, (PORTER, *TWINS))
    assert all_accounts(transaction) == [TWINS[1], TWINS[0], PORTER]
    assert find_account(transaction, "depot", "hall", "porter") == PORTER
    assert find_account(transaction, "depot", "cellar", "porter") == TWINS[0]
    assert find_account(transaction, "attic", "hall", "porter") == TWINS[1]
    assert find_account(transaction, "attic", "cellar", "porter") is None


def test_logins_are_the_same_in_any_case_of_letters(transaction: Connection) -> None:
    add_accounts(transaction, [Account("depot", "hall", "PORTER", "Secret-1")])
    kept = Account("depot", "hall", "porter", "Secret-1")
    assert find_account(transaction, "depot", "hall", "pOrTeR") == kept
    assert all_accounts(transaction) == [kept]


@pytest.mark.parametrize("login", ["", "porte", "porter ", "porter\0", "\0", "\ud800", "por%", "%"])
def test_other_logins_find_nobody(transaction: Connection, login: str) -> None:
    add_accounts(transaction, [PORTER])
    assert find_account(transaction, "depot", "hall", login) is None


def test_an_account_is_blocked_and_let_in_again(transaction: Connection) -> None:
    add_accounts(transaction, (PORTER, *TWINS))
    block_account(transaction, Account("depot", "hall", "Porter", ""))
    blocked = Account(
        "depot", "hall", "porter", "Secret-1", "hall 1", blocked=True, about="carries"
    )
    assert all_accounts(transaction) == [TWINS[1], TWINS[0], blocked]
    block_account(transaction, PORTER, blocked=False)
    assert all_accounts(transaction) == [TWINS[1], TWINS[0], PORTER]


def test_no_accounts_are_added(transaction: Connection) -> None:
    add_accounts(transaction, ())
    assert all_accounts(transaction) == []
