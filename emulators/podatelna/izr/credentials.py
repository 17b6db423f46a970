"""Who may call: logins of Portál farmáře with their keys, subjects and certificates."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, select

from podatelna.izr.tables import CERTIFICATE, RIGHT
from podatelna.kernel.accounts import Account, find_account
from podatelna.kernel.statements import Statement
from podatelna.kernel.tables import heard

NAME: Final = "izr"

_SUBJECTS = Statement(
    select(RIGHT.c.subject).where(
        RIGHT.c.environment == bindparam("where"), RIGHT.c.login == bindparam("who")
    )
)
_OWNER = Statement(
    select(CERTIFICATE.c.login).where(
        CERTIFICATE.c.environment == bindparam("where"), CERTIFICATE.c.serial == bindparam("which")
    )
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """The credentials of one environment, within one transaction."""

    transaction: Connection
    environment: str

    def account(self, login: str) -> Account | None:
        """A login; its password is the WS key."""
        return find_account(self.transaction, NAME, self.environment, login)

    def subjects(self, login: str) -> frozenset[str]:
        """Those that a login may act for."""
        asked = {"where": self.environment, "who": heard(login.lower())}
        return frozenset(row[0] for row in _SUBJECTS.rows(self.transaction, asked))

    def owner(self, serial: str) -> str:
        """The login that a certificate was imported for; "" for none."""
        row = _OWNER.row(self.transaction, {"where": self.environment, "which": heard(serial)})
        return str(row[0]) if row else ""
