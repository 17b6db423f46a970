"""The tables of SDNS. Each environment has entities, messages and occurrences of its own.

Instants are ISO 8601 in UTC with microseconds, so that texts are ordered as they are. Structured
values are JSON.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

TABLES = MetaData()


def _environment(*, key: bool = True) -> Column[str]:
    return Column("environment", String, primary_key=key, nullable=False)


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, String, primary_key=key, nullable=False)


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False)


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


SUBJECT = Table(
    "sdns_subject",
    TABLES,
    _environment(),
    _text("code", key=True),
    _text("name"),
    _text("prefix"),
    _text("email"),
)
USER = Table(
    "sdns_user",
    TABLES,
    _environment(),
    _text("login", key=True),
    _flag("may_send"),
    _flag("may_query"),
)
"""What an account may do; its password and subject are with the accounts."""
CERTIFICATE = Table(
    "sdns_certificate",
    TABLES,
    _environment(),
    _text("login", key=True),
    _text("issuer", key=True),
    _text("serial", key=True),
    _text("revoked"),
)
Index(
    "sdns_certificate_owner",
    CERTIFICATE.c.environment,
    CERTIFICATE.c.issuer,
    CERTIFICATE.c.serial,
)
RIGHT = Table(
    "sdns_right",
    TABLES,
    _environment(),
    _text("sender", key=True),
    _text("subject", key=True),
)
"""For whom besides itself a communicating subject may send."""
OBLIGATION = Table(
    "sdns_obligation",
    TABLES,
    _environment(),
    _text("subject", key=True),
    _text("scope", key=True),
    _text("data_set", key=True),
    _text("since", key=True),
    _text("until"),
)
DATA_SET = Table(
    "sdns_data_set",
    TABLES,
    _environment(),
    _text("data_set", key=True),
    _text("definition"),
)
"""Data sets of a world, by code.version.variant; those of the contract are in its folder."""
TRIGGER = Table(
    "sdns_trigger",
    TABLES,
    _environment(key=False),
    _id(),
    _text("data_set"),
    _text("check_code"),
    _text("area"),
    _text("column_number"),
    _text("value"),
    _text("cells"),
    sqlite_autoincrement=True,
)
MESSAGE = Table(
    "sdns_message",
    TABLES,
    _environment(key=False),
    _id(),
    _text("file"),
    _text("login"),
    _text("sender"),
    _text("number"),
    _text("received"),
    _text("header"),
    Column("content", LargeBinary, nullable=False),
    _number("issue"),
    _text("refused"),
    _text("accepted"),
    UniqueConstraint("environment", "file"),
    sqlite_autoincrement=True,
)
"""`content` is the XML, deflated; empty once it was processed."""
Index("sdns_message_number", MESSAGE.c.environment, MESSAGE.c.sender, MESSAGE.c.number)
Index("sdns_message_issue", MESSAGE.c.issue)
Index("sdns_message_login", MESSAGE.c.environment, MESSAGE.c.login)
OCCURRENCE = Table(
    "sdns_occurrence",
    TABLES,
    _environment(key=False),
    _id(),
    _text("data_set"),
    _text("subject"),
    _text("scope"),
    _text("as_of"),
    _flag("test"),
    _number("version"),
    _number("variant"),
    _number("state"),
    _text("term"),
    _number("current"),
    UniqueConstraint("environment", "data_set", "subject", "scope", "as_of", "test"),
    sqlite_autoincrement=True,
)
ISSUE = Table(
    "sdns_issue",
    TABLES,
    _environment(key=False),
    _id(),
    _number("occurrence"),
    _text("number"),
    _text("file"),
    _text("sender"),
    _text("status"),
    _text("accepted"),
    _number("state"),
    _text("since"),
    _flag("sent"),
    _flag("complete"),
    _number("parts"),
    _number("based_on"),
    _text("troubles"),
    _text("failed"),
    sqlite_autoincrement=True,
)
Index("sdns_issue_occurrence", ISSUE.c.occurrence)
Index("sdns_issue_number", ISSUE.c.environment, ISSUE.c.sender, ISSUE.c.number)
ROW = Table(
    "sdns_row",
    TABLES,
    _id(),
    _number("issue"),
    _number("message"),
    _text("area"),
    _text("identity"),
    _text("row_order"),
    _text("cells"),
    sqlite_autoincrement=True,
)
"""The data of an issue. `identity` is what a row of an area is matched by, short enough for any
index; areas are not."""
Index("sdns_row_identity", ROW.c.issue, ROW.c.identity)
Index("sdns_row_message", ROW.c.message)
Index("sdns_row_issue", ROW.c.issue, ROW.c.id)
STEP = Table(
    "sdns_step",
    TABLES,
    _environment(key=False),
    _id(),
    _text("due"),
    _text("step"),
    _number("message"),
    _number("issue"),
    sqlite_autoincrement=True,
)
"""What is to be done, and when: accept a message, read its rows, check an issue, store it."""
Index("sdns_step_due", STEP.c.due, STEP.c.message, STEP.c.id)
Index("sdns_step_issue", STEP.c.issue)
WATCH = Table(
    "sdns_watch",
    TABLES,
    _environment(),
    _text("rules"),
    _text("since"),
    _text("coming"),
)
"""When reminders are due next: instants with commas between, and what they were worked out from."""
