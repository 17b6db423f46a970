"""The agency's part of a world file, written into an empty database.

`production` has lists of what there is, and of those who may call. `test` and `development` have
accounts of their own; their data begin as a copy of production's, as they are every night.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert

from podatelna.czmvo import nightly, timetable
from podatelna.czmvo.alerts import Alerts
from podatelna.czmvo.correspondence import Correspondence
from podatelna.czmvo.credentials import NAME
from podatelna.czmvo.directory import Directory
from podatelna.czmvo.exemptions import Exemptions
from podatelna.czmvo.lists import Lists
from podatelna.czmvo.model import DEVELOPMENT, ENVIRONMENTS, PRODUCTION, TEST
from podatelna.czmvo.tables import CREDENTIAL
from podatelna.czmvo.worldreader import Login, WorldReader
from podatelna.kernel.accounts import Account, add_accounts
from podatelna.kernel.controls import read_settings, set_count
from podatelna.kernel.rows import Rows

_KEYS = {
    PRODUCTION: (
        "parties",
        "locations",
        "accounts",
        "alerts",
        "messages",
        "notes",
        "exceptions",
        "level_3",
        "next_message",
        "next_exception",
        "generate",
    ),
    TEST: ("accounts", "copied"),
    DEVELOPMENT: ("accounts", "copied"),
}
"""What each environment may have. `copied: false` lets one begin without data."""


def seed(lists: Lists, transaction: Connection, data: Mapping[str, Any]) -> None:
    """Write a world. Raises ValueError for what none can have, and names the row."""
    for environment in data:
        if environment not in ENVIRONMENTS:
            known = ", ".join(ENVIRONMENTS)
            raise ValueError(f"czmvo has the environments {known}, not {environment}")
    parts = {name: Rows(data.get(name, {}), _KEYS[name]) for name in ENVIRONMENTS}
    given = read_settings(transaction).get(NAME, {})
    settings = lists.contract.settings.over(given)
    reader = WorldReader(lists, lists.workflow(settings))
    write_production(transaction, reader, parts[PRODUCTION])
    timetable.start(transaction, settings)
    for name, rows in parts.items():
        add_logins(transaction, name, rows.read("accounts", reader.login))
        if name != PRODUCTION and rows.flag("copied", usual=True):
            nightly.copy(transaction, name)


def write_production(transaction: Connection, reader: WorldReader, rows: Rows) -> None:
    """Write what the nightly refresh copies, and what all environments share."""
    directory = Directory(transaction)
    directory.add_parties(rows.read("parties", reader.party))
    directory.add_locations(rows.read("locations", reader.location))
    if plan := rows.mapping("generate"):
        _generate(transaction, reader, plan)
    rows.read("alerts", reader.alert)
    _write_messages(transaction, reader, rows)
    Alerts(transaction, PRODUCTION).add(reader.with_newest())
    Exemptions(transaction, PRODUCTION).add(rows.read("exceptions", reader.exemption))
    directory.add_level_3(PRODUCTION, rows.read("level_3", reader.level_3))
    newest = max(reader.messages, default=0)
    _go_on_from(transaction, "message", rows.number("next_message", newest + 1))
    _go_on_from(transaction, "exemption", rows.number("next_exception", 1))


def add_logins(transaction: Connection, environment: str, logins: list[Login]) -> None:
    """Let somebody sign in. ValueError if a login is given out twice."""
    accounts = [
        Account(
            NAME,
            environment,
            login.login.lower(),
            login.password,
            subject=login.party or login.acts_for,
            blocked=login.blocked,
            about=login.about,
        )
        for login in logins
    ]
    names = [account.login for account in accounts]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"{environment}: accounts: twice {', '.join(sorted(twice))}")
    add_accounts(transaction, accounts)
    rows = [
        {
            "environment": environment,
            "login": name,
            "kind": login.kind,
            "party": login.party,
            "acts_for": login.acts_for,
        }
        for name, login in zip(names, logins, strict=True)
    ]
    if rows:
        transaction.execute(insert(CREDENTIAL), rows)


def _write_messages(transaction: Connection, reader: WorldReader, rows: Rows) -> None:
    correspondence = Correspondence(transaction, PRODUCTION)
    correspondence.add(rows.read("messages", reader.message))
    for sending, file in reader.files.items():
        correspondence.add_file(sending, file.name, file.content)
    for note in rows.read("notes", reader.note):
        correspondence.put_note(note)


def _go_on_from(transaction: Connection, of: str, number: int) -> None:
    series = nightly.SERIES.format(of=of, environment=PRODUCTION)
    set_count(transaction, series, number - 1)


def _generate(transaction: Connection, reader: WorldReader, plan: Mapping[str, Any]) -> None:
    # The libraries that make up names are loaded for those who want a world of that kind.
    from podatelna.czmvo.large import generate  # noqa: PLC0415 - see above

    generate(transaction, reader, plan)
