"""All that a sandbox holds, as plain data."""

import json
from typing import Any

import pytest
from sqlalchemy import Column, Integer, LargeBinary, MetaData, String, Table, insert, select

from podatelna.kernel.dumps import UnfitDumpError, dump, lines, load
from podatelna.kernel.store import Store
from tests.kernel.conftest import OpenStore

METADATA = MetaData()
PLAIN = Table(
    "plain",
    METADATA,
    Column("key", String, primary_key=True),
    Column("blob", LargeBinary, nullable=False),
    Column("note", String),
)
NUMBERED = Table(
    "numbered",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("text", String, nullable=False),
    sqlite_autoincrement=True,
)
TABLES = METADATA.sorted_tables
ROWS = [
    {"key": "a", "blob": b"\x00\xff", "note": None},
    {"key": "č", "blob": b"", "note": "x"},
]
DUMP = {
    "version": "1",
    "tables": {
        "numbered": {
            "last": 3,
            "rows": [{"id": 1, "text": "one"}, {"id": 2, "text": "two"}],
        },
        "plain": {
            "rows": [
                {"key": "a", "blob": {"base64": "AP8="}, "note": None},
                {"key": "č", "blob": {"base64": ""}, "note": "x"},
            ]
        },
    },
}


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    """Two sandboxes: one with rows, of which the third was taken away again; one without."""
    store = open_store(METADATA)
    store.create("full", "world", lambda _: None)
    store.create("empty", "world", lambda _: None)
    with store.transaction("full") as transaction:
        transaction.execute(insert(PLAIN), ROWS)
        for text in ("one", "two", "three"):
            transaction.execute(insert(NUMBERED), {"text": text})
        transaction.execute(NUMBERED.delete().where(NUMBERED.c.text == "three"))
    return store


def dumped(store: Store, name: str) -> Any:
    with store.transaction(name) as transaction:
        return dump(transaction, TABLES, "1")


def test_rows_are_in_the_order_of_their_keys(store: Store) -> None:
    assert dumped(store, "full") == DUMP
    assert json.loads("".join(lines(DUMP))) == DUMP


def test_an_empty_sandbox(store: Store) -> None:
    nothing = {
        "version": "1",
        "tables": {"numbered": {"last": 0, "rows": []}, "plain": {"rows": []}},
    }
    assert dumped(store, "empty") == nothing
    assert json.loads("".join(lines(nothing))) == nothing
    with store.transaction("full") as transaction:
        load(transaction, TABLES, nothing, "1")
        transaction.execute(insert(NUMBERED), {"text": "again"})
        assert transaction.execute(select(NUMBERED.c.id)).scalars().all() == [1]


def test_what_is_loaded_is_the_same_and_goes_on_alike(store: Store) -> None:
    with store.transaction("empty") as transaction:
        load(transaction, TABLES, json.loads(json.dumps(DUMP)), "1")
    assert dumped(store, "empty") == DUMP
    for name in ("full", "empty"):
        with store.transaction(name) as transaction:
            transaction.execute(insert(NUMBERED), {"text": "next"})
            last = transaction.execute(select(NUMBERED.c.id)).scalars().all()[-1]
            assert last == 4


def test_what_was_there_is_gone(store: Store) -> None:
    with store.transaction("empty") as transaction:
        transaction.execute(insert(PLAIN), {"key": "z", "blob": b"", "note": ""})
        transaction.execute(insert(NUMBERED), {"id": 9, "text": "nine"})
        load(transaction, TABLES, DUMP, "1")
    assert dumped(store, "empty") == DUMP


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ([], "this is no export of a sandbox"),
        ({"version": "1"}, "this is no export of a sandbox"),
        (DUMP | {"version": "2"}, "by another version of podatelna"),
        (DUMP | {"tables": {"plain": {"rows": []}}}, "no whole export"),
        (DUMP | {"tables": {"plain": {"rows": [{"key": "a"}]}}}, "no whole export"),
        (DUMP | {"tables": {"plain": []}}, "no whole export"),
        (
            DUMP | {"tables": {"plain": {"rows": [ROWS[0] | {"blob": {"base64": "?"}}]}}},
            "no whole export",
        ),
    ],
    ids=str,
)
def test_what_is_no_dump_changes_nothing(store: Store, given: Any, why: str) -> None:
    with store.transaction("full") as transaction, pytest.raises(UnfitDumpError, match=why):
        load(transaction, TABLES, given, "1")
    assert dumped(store, "full") == DUMP


def test_two_dumps_differ_in_the_lines_of_their_rows() -> None:
    other = json.loads(json.dumps(DUMP))
    other["tables"]["plain"]["rows"][1]["note"] = "y"
    pairs = zip(lines(DUMP), lines(other), strict=True)
    assert [after for before, after in pairs if before != after] == [
        '  {"blob": {"base64": ""}, "key": "č", "note": "y"}'
    ]
