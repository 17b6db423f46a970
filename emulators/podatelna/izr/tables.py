"""The tables of the register. Each environment has a register of its own."""

from sqlalchemy import Boolean, Column, Index, Integer, MetaData, String, Table

TABLES = MetaData()


def _environment() -> Column[str]:
    return Column("environment", String, primary_key=True)


def _text(name: str) -> Column[str]:
    return Column(name, String, nullable=False)


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


SUBJECT = Table(
    "izr_subject",
    TABLES,
    _environment(),
    Column("id", String, primary_key=True),
    _text("name"),
    Column("keeper", Boolean, nullable=False),
)
RIGHT = Table(
    "izr_right",
    TABLES,
    _environment(),
    Column("login", String, primary_key=True),
    Column("subject", String, primary_key=True),
)
"""For which subjects a login may act."""
CERTIFICATE = Table(
    "izr_certificate",
    TABLES,
    _environment(),
    Column("serial", String, primary_key=True),
    _text("login"),
)
"""Certificates that were imported for a login (SOURCES.md)."""
HOLDING = Table(
    "izr_holding",
    TABLES,
    _environment(),
    Column("number", String, primary_key=True),
    _text("subject"),
    _text("name"),
    _text("type"),
    _text("region"),
    _text("registered"),
    _text("cancelled"),
    _text("changed"),
    Column("own_stable_register", Boolean, nullable=False),
    Index("izr_holding_by_type", "environment", "type", "number"),
    Index("izr_holding_by_subject", "environment", "subject", "number"),
)
STABLE = Table(
    "izr_stable",
    TABLES,
    _environment(),
    Column("holding", String, primary_key=True),
    Column("number", String, primary_key=True),
    _text("name"),
)
ANIMAL = Table(
    "izr_animal",
    TABLES,
    _environment(),
    Column("tag", String, primary_key=True),
    _text("species"),
    _text("sex"),
    _text("born"),
    _text("birth_holding"),
    _text("breed"),
    _text("dam"),
    _text("sire"),
    _text("replaced_by"),
    Column("sex_changed", Boolean, nullable=False),
    _number("entry"),
    _text("holding"),
    _text("stable"),
    _text("since"),
    Index("izr_animal_by_holding", "environment", "holding", "species", "tag"),
    Index("izr_animal_by_dam", "environment", "dam"),
    Index("izr_animal_by_sire", "environment", "sire"),
)
"""`holding`, `stable` and `since` are where the animal is now, "" if it is nowhere."""
MOVEMENT = Table(
    "izr_movement",
    TABLES,
    _environment(),
    Column("tag", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _number("code"),
    _text("day"),
    _text("holding"),
    _text("stable"),
    _text("other"),
    _text("country"),
    Index("izr_movement_by_holding", "environment", "holding", "day"),
    sqlite_with_rowid=False,
)
"""Numbered within the animal, in the order of recording.

Both tables are large and read by their keys: in SQLite they are kept in that order.
"""
CHANGE = Table(
    "izr_change",
    TABLES,
    _environment(),
    Column("holding", String, primary_key=True),
    _text("changed"),
)
"""When the animals of a holding changed last; no row: not since the world was made."""
PERSON = Table("izr_person", TABLES, _environment(), Column("card", String, primary_key=True))
ADDRESS = Table(
    "izr_address",
    TABLES,
    _environment(),
    Column("street", String, primary_key=True),
    Column("number", String, primary_key=True),
    Column("town", String, primary_key=True),
    Column("town_part", String, primary_key=True),
    Column("postal_code", String, primary_key=True),
)
REPORT = Table(
    "izr_report",
    TABLES,
    _environment(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("line", Integer, primary_key=True, autoincrement=False),
    _text("service"),
    _text("subject"),
    _text("holding"),
    _text("stable"),
    _text("species"),
    _text("tag"),
    _text("day"),
    _number("code"),
    _text("sent"),
    _text("due"),
    _text("card"),
    _text("email"),
    _text("other"),
    _text("country"),
    _text("dam"),
    Index("izr_report_due", "due", "environment", "number", "line"),
)
"""What waits to be processed; a row goes when it is done."""
LOG = Table(
    "izr_log",
    TABLES,
    _environment(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _text("subject"),
    _text("holding"),
    _text("species"),
    _text("processed"),
    _text("code"),
    _text("severity"),
    _text("text"),
    _text("reported"),
    _text("tag"),
    _text("dam"),
    _text("other"),
    _text("country"),
    Column("event", Integer),
    Index("izr_log_by_subject", "environment", "subject", "processed"),
)
TAG_ORDER = Table(
    "izr_tag_order",
    TABLES,
    _environment(),
    Column("holding", String, primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("first", String, primary_key=True),
    _text("species"),
    _text("received"),
    _text("producer"),
    _text("last"),
    _number("ordered"),
    _number("remaining"),
    _text("sex"),
    _text("colour"),
    _text("note"),
)
