"""The agency's part of a world file, written into an empty database.

Each environment has a register of its own, and logins of its own.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from podatelna.izr.credentials import NAME
from podatelna.izr.lifereader import LifeReader
from podatelna.izr.model import ENVIRONMENTS
from podatelna.izr.register import Register
from podatelna.izr.tagorders import TagOrders
from podatelna.izr.worldreader import Login, WorldReader
from podatelna.kernel.accounts import Account, add_accounts
from podatelna.kernel.contract import Contract
from podatelna.kernel.controls import set_count
from podatelna.kernel.rows import Row, Rows

KEYS = (
    "generate",
    "subjects",
    "holdings",
    "stables",
    "animals",
    "persons",
    "addresses",
    "orders",
    "log",
    "accounts",
    "certificates",
)
"""What an environment may have."""


def seed(contract: Contract, transaction: Connection, data: Mapping[str, Any]) -> None:
    """Write a world. Raises ValueError for what none can have, and names the row."""
    for environment, part in data.items():
        if environment not in ENVIRONMENTS:
            known = ", ".join(ENVIRONMENTS)
            raise ValueError(f"izr has the environments {known}, not {environment}")
        rows, reader = Rows(part, KEYS), WorldReader(contract)
        register = Register(transaction, environment)
        if plan := rows.mapping("generate"):
            _generate(register, reader, plan)
        _write_register(register, reader, rows)
        _write_log(register, reader, rows)
        add_logins(register, rows.read("accounts", reader.login))
        for certificate in rows.read("certificates", reader.certificate):
            register.add_certificate(certificate.serial, certificate.login)


def add_logins(register: Register, logins: Sequence[Login]) -> None:
    """Let somebody call."""
    add_accounts(
        register.transaction,
        (
            Account(
                NAME,
                register.environment,
                login.login.lower(),
                login.password,
                subject=" ".join(login.subjects),
                blocked=login.blocked,
                about=login.about,
            )
            for login in logins
        ),
    )
    for login in logins:
        register.add_rights(login.login, login.subjects)


def _write_register(register: Register, reader: WorldReader, rows: Rows) -> None:
    register.add_subjects(rows.read("subjects", reader.subject))
    register.add_holdings(rows.read("holdings", reader.holding))
    register.add_stables(rows.read("stables", reader.stable))
    lives = LifeReader(reader.contract, reader.holdings, reader.stables)
    register.add_animals(rows.read("animals", lives.animal))
    register.add_persons(rows.read("persons", reader.person))
    register.add_addresses(rows.read("addresses", reader.address))
    orders = TagOrders(register.transaction, register.environment)
    orders.add(rows.read("orders", reader.order))


def _write_log(register: Register, reader: WorldReader, rows: Rows) -> None:
    found = rows.read("log", reader.log_row)
    register.log.add(enumerate(found, start=1))
    set_count(register.transaction, f"izr.log.{register.environment}", len(found))


def _generate(register: Register, reader: WorldReader, plan: Row) -> None:
    # The libraries that make up names are loaded for those who want a world of that kind.
    from podatelna.izr.large import generate  # noqa: PLC0415 - see above

    generate(register, reader, plan)
