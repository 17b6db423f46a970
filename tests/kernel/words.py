"""A table of words, to see what a store holds."""

from collections.abc import Callable

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    insert,
    select,
    update,
)

from podatelna.kernel.store import Store

METADATA = MetaData()
WORD = Table(
    "word",
    METADATA,
    Column("text", String, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("order", String),
)
ADD = insert(WORD)
NUMBER = select(WORD.c.number).where(WORD.c.text == bindparam("which"))
SET = update(WORD).where(WORD.c.text == bindparam("which")).values(number=bindparam("to"))
LATER = MetaData()
"""The tables of another version."""
WORD.to_metadata(LATER).append_column(Column("more", String))


def fill(*texts: str) -> Callable[[Connection], None]:
    def write(transaction: Connection) -> None:
        for text in texts:
            transaction.execute(ADD, {"text": text, "number": 1, "order": None})

    return write


def words(store: Store, name: str) -> list[str]:
    with store.transaction(name) as transaction:
        return sorted(transaction.execute(select(WORD.c.text)).scalars())


def add(store: Store, name: str, text: str) -> None:
    with store.transaction(name) as transaction:
        fill(text)(transaction)


def explode(transaction: Connection) -> None:
    fill("half")(transaction)
    raise RuntimeError("boom")


def bump(store: Store, name: str) -> None:
    """Read, then write what was read and one: two at once would lose one of them."""
    with store.transaction(name) as transaction:
        number = transaction.execute(NUMBER, {"which": "a"}).scalar_one()
        transaction.execute(SET, {"which": "a", "to": number + 1})


def number_of(store: Store, name: str) -> int:
    with store.transaction(name) as transaction:
        return int(transaction.execute(NUMBER, {"which": "a"}).scalar_one())
