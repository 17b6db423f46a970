"""Whom the bank knows, what they have to report, and what a scenario wishes of the checks."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import Connection

from podatelna.kernel.accounts import (
    Account,
    add_accounts,
    all_accounts,
    block_account,
    find_account,
)
from podatelna.kernel.statements import Statement
from podatelna.kernel.tables import heard
from podatelna.sdns import queries
from podatelna.sdns.model import Certificate, Obligation, Subject, Trigger, User
from podatelna.sdns.tables import OBLIGATION
from podatelna.sdns.written import as_json, trigger_of, trigger_row

NAME: Final = "sdns"
"""The agency's, among the accounts."""


@dataclass(frozen=True, slots=True)
class Directory:
    """The entities of one environment, within one transaction. Logins are in lower case."""

    transaction: Connection
    environment: str

    # -- subjects, and for whom they send

    def subject(self, code: str) -> Subject | None:
        row = self._row(queries.ONE_SUBJECT, the_code=code)
        return Subject(*row) if row else None

    def subjects(self) -> list[Subject]:
        return [Subject(*row) for row in self._rows(queries.SUBJECTS)]

    def add_subjects(self, subjects: Iterable[Subject]) -> None:
        self._add(queries.ADD_SUBJECT, map(asdict, subjects))

    def prefix_owner(self, prefix: str) -> Subject | None:
        """Whose file names have these three digits."""
        row = self._row(queries.PREFIX_OWNER, the_prefix=prefix) if prefix else None
        return Subject(*row) if row else None

    def may_send_for(self, sender: str, subject: str) -> bool:
        """Everybody may send for itself."""
        if sender == subject:
            return True
        row = self._row(queries.ONE_RIGHT, the_sender=sender, the_subject=subject)
        return row is not None

    def may_send_for_whom(self, sender: str) -> list[str]:
        """For which subjects besides itself."""
        return [row[0] for row in self._rows(queries.RIGHTS, the_sender=sender)]

    def add_rights(self, sender: str, subjects: Iterable[str]) -> None:
        self._add(
            queries.ADD_RIGHT, ({"sender": sender, "subject": subject} for subject in subjects)
        )

    # -- users and their certificates

    def user(self, login: str) -> User | None:
        """None, too, for an account of no user."""
        row = self._row(queries.ONE_USER, the_login=login.lower())
        account = find_account(self.transaction, NAME, self.environment, login)
        return _user(account, row) if account and row else None

    def users(self) -> list[User]:
        """In the order of logins."""
        rows = {row[0]: row for row in self._rows(queries.USERS)}
        return [
            _user(account, rows[account.login])
            for account in all_accounts(self.transaction)
            if (account.agency, account.environment) == (NAME, self.environment)
            and account.login in rows
        ]

    def add_users(self, users: Iterable[User]) -> None:
        added = list(users)
        add_accounts(self.transaction, (self._account(user) for user in added))
        self._add(queries.ADD_USER, map(_user_row, added))

    def change_user(self, user: User) -> None:
        """Change what a user may do, and whether it is blocked."""
        values = _user_row(user) | {"the_login": heard(user.login.lower())}
        queries.CHANGE_USER.run(self.transaction, values | {"where": self.environment})
        block_account(self.transaction, self._account(user), blocked=user.blocked)

    def _account(self, user: User) -> Account:
        return Account(
            NAME,
            self.environment,
            user.login.lower(),
            user.password,
            subject=user.subject,
            blocked=user.blocked,
            about=user.about,
        )

    def certificates(self, login: str) -> list[Certificate]:
        rows = self._rows(queries.CERTIFICATES, the_login=login.lower())
        return [Certificate(*row) for row in rows]

    def owners(self, issuer: str, serial: str) -> list[Certificate]:
        """The registrations of a certificate: one for each user that has it."""
        rows = self._rows(queries.OWNERS, the_issuer=issuer, the_serial=serial)
        return [Certificate(*row) for row in rows]

    def add_certificates(self, certificates: Iterable[Certificate]) -> None:
        rows = (asdict(each) | {"login": each.login.lower()} for each in certificates)
        self._add(queries.ADD_CERTIFICATE, rows)

    def revoke_certificate(self, issuer: str, serial: str, since: str) -> None:
        """`since`: ISO 8601 in UTC; "" takes a revocation back."""
        values = {"the_issuer": heard(issuer), "the_serial": heard(serial), "revoked": since}
        queries.REVOKE.run(self.transaction, values | {"where": self.environment})

    # -- what is to be reported

    def obligations(
        self, subject: str = "", data_set: str = "", scope: str = ""
    ) -> list[Obligation]:
        """Those that have all of what is given; "" leaves a condition out."""
        found = queries.OBLIGATIONS
        given = {"subject": subject, "data_set": data_set, "scope": scope}
        for name, value in given.items():
            if value:
                found = found.where(OBLIGATION.c[name] == heard(value))
        rows = self.transaction.execute(found, {"where": self.environment})
        return [Obligation(*row) for row in rows]

    def is_obliged(self, subject: str, scope: str, data_set: str, day: str) -> bool:
        """Whether an obligation covers a reference day, ISO 8601."""
        of = {"the_subject": subject, "the_scope": scope, "the_data_set": data_set}
        found = (Obligation(*row) for row in self._rows(queries.OBLIGATIONS_FOR, **of))
        return any(each.since <= day and (not each.until or day <= each.until) for each in found)

    def add_obligations(self, obligations: Iterable[Obligation]) -> None:
        self._add(queries.ADD_OBLIGATION, map(asdict, obligations))

    def definitions(self) -> dict[str, Any]:
        """Data sets of this world by code.version.variant, each as it was added."""
        return {row[0]: json.loads(row[1]) for row in self._rows(queries.DEFINITIONS)}

    def add_definitions(self, definitions: Mapping[str, Any]) -> None:
        """Definitions are JSON values."""
        items = definitions.items()
        self._add(
            queries.ADD_DEFINITION,
            ({"data_set": name, "definition": as_json(value)} for name, value in items),
        )

    # -- what a scenario wishes

    def triggers(self, data_set: str) -> list[Trigger]:
        """Of a data set, by its code alone; in the order in which they were added."""
        return [trigger_of(row) for row in self._rows(queries.TRIGGERS, the_data_set=data_set)]

    def all_triggers(self) -> list[Trigger]:
        return [trigger_of(row) for row in self._rows(queries.ALL_TRIGGERS)]

    def add_triggers(self, triggers: Iterable[Trigger]) -> None:
        self._add(queries.ADD_TRIGGER, map(trigger_row, triggers))

    def drop_triggers(self) -> None:
        queries.DROP_TRIGGERS.run(self.transaction, {"where": self.environment})

    # -- statements, in this environment

    def _row(self, statement: Statement, **values: str | int) -> Sequence[Any] | None:
        return statement.row(self.transaction, self._here(values))

    def _rows(self, statement: Statement, **values: str | int) -> list[Sequence[Any]]:
        return statement.rows(self.transaction, self._here(values))

    def _add(self, statement: Statement, rows: Iterable[Mapping[str, Any]]) -> None:
        environment = {"environment": self.environment}
        statement.run_many(self.transaction, [{**row, **environment} for row in rows])

    def _here(self, values: Mapping[str, str | int]) -> dict[str, str | int]:
        heard_of = {
            name: heard(value) if isinstance(value, str) else value
            for name, value in values.items()
        }
        return {**heard_of, "where": self.environment}


def _user(account: Account, row: Sequence[Any]) -> User:
    """SQLite has 0 and 1 for booleans."""
    _, may_send, may_query = row
    return User(
        login=account.login,
        password=account.password,
        subject=account.subject,
        may_send=bool(may_send),
        may_query=bool(may_query),
        blocked=account.blocked,
        about=account.about,
    )


def _user_row(user: User) -> dict[str, Any]:
    return {
        "login": user.login.lower(),
        "may_send": user.may_send,
        "may_query": user.may_query,
    }
