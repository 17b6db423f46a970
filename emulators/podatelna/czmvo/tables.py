"""The tables of the three environments."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    literal_column,
)

from podatelna.czmvo.model import NEVER

TABLES = MetaData()


def _environment() -> Column[str]:
    return Column("environment", String, primary_key=True)


PARTY = Table(
    "czmvo_party",
    TABLES,
    Column("id", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("name", String, nullable=False),
    Column("email", String, nullable=False),
)
LOCATION = Table(
    "czmvo_location",
    TABLES,
    Column("id", String, primary_key=True),
    Column("party", String, nullable=False),
    Column("name", String, nullable=False),
)
CREDENTIAL = Table(
    "czmvo_credential",
    TABLES,
    _environment(),
    Column("login", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("party", String, nullable=False),
    Column("acts_for", String, nullable=False),
)
"""What the password in the house's accounts opens; `acts_for` is the choice of a developer."""
TOKEN = Table(
    "czmvo_token",
    TABLES,
    Column("token", String, primary_key=True),
    Column("environment", String, nullable=False),
    Column("client", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("alert", String, nullable=False),
    Column("issued", String, nullable=False),
    Column("expires", String, nullable=False),
    Index("czmvo_token_by_client", "environment", "client", "issued"),
    Index("czmvo_token_by_end", "expires"),
)
_PAGE = ("created", "uprc", "changed", "state", "product_code")
"""What a page needs of alerts, in its order; the newest message of a side comes to it."""
ALERT = Table(
    "czmvo_alert",
    TABLES,
    _environment(),
    Column("uprc", String, primary_key=True),
    Column("created", String, nullable=False),
    Column("product_code", String, nullable=False),
    Column("state", Integer, nullable=False),
    Column("initial", Integer, nullable=False),
    Column("code", String, nullable=False),
    Column("origin", String, nullable=False),
    Column("mah", String, nullable=False),
    Column("enduser", String, nullable=False),
    Column("location", String, nullable=False),
    Column("batch", String, nullable=False),
    Column("changed", String, nullable=False),
    Column("span", Integer, nullable=False),
    Column("group", String, nullable=False),
    Column("anonymous_group", String, nullable=False),
    Column("closed", String, nullable=False),
    Column("closed_by", String, nullable=False),
    Column("last_for_mah", Integer, nullable=False),
    Column("last_for_enduser", Integer, nullable=False),
    Column("due", String, nullable=False),
    Column("escalation", Integer, nullable=False),
    Index("czmvo_alert_by_mah", "environment", "mah", "created", "uprc"),
    Index("czmvo_alert_by_enduser", "environment", "enduser", "created", "uprc"),
    Index("czmvo_alert_by_mah_state", "environment", "mah", "state", "created", "uprc"),
    Index("czmvo_alert_by_enduser_state", "environment", "enduser", "state", "created", "uprc"),
    Index("czmvo_alert_by_mah_change", "environment", "mah", "changed", "state"),
    Index("czmvo_alert_by_enduser_change", "environment", "enduser", "changed", "state"),
    Index("czmvo_alert_by_mah_span", "environment", "mah", "span", *_PAGE, "last_for_mah"),
    Index(
        "czmvo_alert_by_enduser_span", "environment", "enduser", "span", *_PAGE, "last_for_enduser"
    ),
)
"""`span` is how long after it was raised an alert's state was set last; pages go by it."""


def _of_few(column: Column[str], nothing: str) -> ColumnElement[bool]:
    """The condition that a column tells something, which it does of few alerts.

    SQLite keeps an index of those only, and uses it for queries with this very condition.
    """
    return column != literal_column(f"'{nothing}'")


IN_GROUP = _of_few(ALERT.c.group, "")
IN_ANONYMOUS_GROUP = _of_few(ALERT.c.anonymous_group, "")
FALLS_DUE = _of_few(ALERT.c.due, NEVER)
# PostgreSQL can do the same, but to name it here loads its dialect in every house.
Index("czmvo_alert_due", ALERT.c.due, ALERT.c.environment, ALERT.c.uprc, sqlite_where=FALLS_DUE)
Index("czmvo_alert_by_group", ALERT.c.environment, ALERT.c.group, sqlite_where=IN_GROUP)
Index(
    "czmvo_alert_by_anonymous_group",
    ALERT.c.environment,
    ALERT.c.anonymous_group,
    sqlite_where=IN_ANONYMOUS_GROUP,
)
TALLY = Table(
    "czmvo_tally",
    TABLES,
    _environment(),
    Column("party", String, primary_key=True),
    Column("series", String, primary_key=True),
    Column("state", Integer, primary_key=True),
    Column("length", Integer, primary_key=True),
    Column("period", String, primary_key=True),
    Column("alerts", Integer, nullable=False),
)
"""How many alerts a party sees, by state, in three series.

`created` and `changed` go by periods of these instants. A period is named by how its instants
begin, with so many signs: a month is 2026-03, and ten days are 2026-03-1. `span` is by its number.
"""
MESSAGE = Table(
    "czmvo_message",
    TABLES,
    _environment(),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("uprc", String, nullable=False),
    Column("parent", Integer, nullable=False),
    Column("created", String, nullable=False),
    Column("changed", String, nullable=False),
    Column("author", String, nullable=False),
    Column("author_role", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("text", String, nullable=False),
    Column("public", Boolean, nullable=False),
    Column("request", Integer, nullable=False),
    Column("has_file", Boolean, nullable=False),
    Column("sending", Integer, nullable=False),
    Index("czmvo_message_of_alert", "environment", "uprc", "id"),
    Index("czmvo_message_by_change", "environment", "changed"),
    Index("czmvo_message_of_sending", "environment", "sending"),
    Index("czmvo_message_by_parent", "environment", "parent"),
)
FILE = Table(
    "czmvo_file",
    TABLES,
    _environment(),
    Column("sending", Integer, primary_key=True, autoincrement=False),
    Column("name", String, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
NOTE = Table(
    "czmvo_note",
    TABLES,
    _environment(),
    Column("uprc", String, primary_key=True),
    Column("role", String, primary_key=True),
    Column("text", String, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("changed", String, nullable=False),
)
EXEMPTION = Table(
    "czmvo_exemption",
    TABLES,
    _environment(),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("product_code", String, nullable=False),
    Column("batch", String),
    Column("validity", String),
    Column("state", String, nullable=False),
    Column("owner", String, nullable=False),
    Index("czmvo_exemption_of_product", "environment", "product_code"),
)
LEVEL_3 = Table(
    "czmvo_level_3",
    TABLES,
    _environment(),
    Column("location", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("created", String, nullable=False),
    Column("product_code", String, nullable=False),
    Column("state", Integer, nullable=False),
)
REFRESH = Table(
    "czmvo_refresh",
    TABLES,
    _environment(),
    Column("revision", BigInteger, nullable=False),
    Column("copied", String, nullable=False),
)
"""For each environment: how often its data have changed, and which revisions its last copy was made
of; where nothing has changed, nothing is copied."""
SCHEDULE = Table(
    "czmvo_schedule",
    TABLES,
    Column("next_refresh", String, nullable=False),
    Column("reckoning", String, nullable=False),
)
"""One row: when test and development are overwritten next ("": nobody has called yet), and the
settings that the instants of all that falls due were reckoned with."""

COPIED = (ALERT, TALLY, MESSAGE, FILE, NOTE, EXEMPTION, LEVEL_3)
"""What the nightly refresh overwrites with production's. Credentials stay the environment's own."""
