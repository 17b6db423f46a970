"""The agency's part of a world file, written into an empty database."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from podatelna.kernel.contract import Contract
from podatelna.kernel.rows import Row, Rows
from podatelna.sdns.model import ENVIRONMENTS
from podatelna.sdns.register import Register
from podatelna.sdns.worldreader import WorldReader

KEYS = (
    "generate",
    "subjects",
    "accounts",
    "certificates",
    "rights",
    "data_sets",
    "obligations",
    "triggers",
)
"""What an environment may have."""


def seed(contract: Contract, transaction: Connection, data: Mapping[str, Any]) -> None:
    """Write a world. Raises ValueError for what none can have, and names the row."""
    for environment, part in data.items():
        if environment not in ENVIRONMENTS:
            known = ", ".join(ENVIRONMENTS)
            raise ValueError(f"sdns has the environments {known}, not {environment}")
        register, reader = Register(transaction, environment), WorldReader(contract)
        rows = Rows(part, KEYS)
        if plan := rows.mapping("generate"):
            _generate(register, reader, plan)
        _write(register, reader, rows)


def _write(register: Register, reader: WorldReader, rows: Rows) -> None:
    register.add_subjects(rows.read("subjects", reader.subject))
    register.add_users(rows.read("accounts", reader.user))
    rows.read("certificates", reader.certificate)
    register.add_certificates(reader.certificates.values())
    for right in rows.read("rights", reader.right):
        register.add_rights(right.sender, [right.subject])
    given = rows.read("data_sets", lambda row: (reader.data_set(row), row))
    register.add_definitions({data_set.full_code: row for data_set, row in given})
    for obligations in rows.read("obligations", reader.obligations):
        register.add_obligations(obligations)
    register.add_triggers(rows.read("triggers", reader.trigger))


def _generate(register: Register, reader: WorldReader, plan: Row) -> None:
    # The libraries that make up names are loaded for those who want a world of that kind.
    from podatelna.sdns.large import generate  # noqa: PLC0415 - see above

    generate(register, reader, plan)
