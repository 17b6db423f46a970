"""Accounts of a sandbox: who may call which agency, and for whom."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import Boolean, Column, Connection, String, Table, bindparam, insert, select, update

from podatelna.kernel.statements import Statement
from podatelna.kernel.tables import TABLES, heard

ACCOUNT = Table(
    "account",
    TABLES,
    Column("agency", String, primary_key=True),
    Column("environment", String, primary_key=True),
    Column("login", String, primary_key=True),
    Column("password", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("blocked", Boolean, nullable=False),
    Column("about", String, nullable=False),
)

_COLUMNS = (
    ACCOUNT.c.agency,
    ACCOUNT.c.environment,
    ACCOUNT.c.login,
    ACCOUNT.c.password,
    ACCOUNT.c.subject,
    ACCOUNT.c.blocked,
    ACCOUNT.c.about,
)
_FIND = Statement(
    select(*_COLUMNS).where(
        ACCOUNT.c.agency == bindparam("of"),
        ACCOUNT.c.environment == bindparam("where"),
        ACCOUNT.c.login == bindparam("who"),
    )
)
_ALL = select(*_COLUMNS).order_by(ACCOUNT.c.agency, ACCOUNT.c.environment, ACCOUNT.c.login)
_ADD = insert(ACCOUNT)
_BLOCK = (
    update(ACCOUNT)
    .where(
        ACCOUNT.c.agency == bindparam("of"),
        ACCOUNT.c.environment == bindparam("where"),
        ACCOUNT.c.login == bindparam("who"),
    )
    .values(blocked=bindparam("to"))
)


@dataclass(frozen=True, slots=True)
class Account:
    """One login of one agency's environment.

    `subject` is whom it files for, in the agency's terms.
    """

    agency: str
    environment: str
    login: str
    """Lower-case: the agencies' logins are case-insensitive."""
    password: str
    subject: str = ""
    blocked: bool = False
    about: str = ""


def find_account(
    transaction: Connection, agency: str, environment: str, login: str
) -> Account | None:
    row = _FIND.row(transaction, {"of": agency, "where": environment, "who": heard(login.lower())})
    if row is None:
        return None
    where, found, login, password, subject, blocked, about = row
    return Account(where, found, login, password, subject, bool(blocked), about)


def all_accounts(transaction: Connection) -> list[Account]:
    return [Account(*row) for row in transaction.execute(_ALL)]


def add_accounts(transaction: Connection, accounts: Iterable[Account]) -> None:
    rows = [asdict(account) | {"login": heard(account.login.lower())} for account in accounts]
    if rows:
        transaction.execute(_ADD, rows)


def block_account(transaction: Connection, account: Account, *, blocked: bool = True) -> None:
    transaction.execute(
        _BLOCK,
        {
            "of": account.agency,
            "where": account.environment,
            "who": heard(account.login.lower()),
            "to": blocked,
        },
    )
