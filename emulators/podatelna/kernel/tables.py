"""The table registry of the kernel, and what its tables do with texts that callers choose.

Each agency has a registry of its own.
"""

from sqlalchemy import Column, MetaData, String, Table

TABLES = MetaData()

SNAPSHOT = Table(
    "snapshot",
    TABLES,
    Column("name", String, primary_key=True),
    Column("at", String, nullable=False),
    Column("held", String, nullable=False),
)
"""Of `snapshots`, which admin calls import late: the table has to be there from the start."""


def heard(text: str) -> str:
    """A text from outside, where anything may stand, as every database can hold it.

    NUL, which PostgreSQL refuses, and lone surrogates, which none can encode, become escapes:
    `\\x00`, `\\udc80`. For looking up as for writing.
    """
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", r"\x00").encode("utf-8", "backslashreplace").decode()
