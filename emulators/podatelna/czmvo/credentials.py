"""Who may call: accounts, generated pairs, tokens, and ids that open one alert or one location."""

from dataclasses import dataclass
from hmac import compare_digest

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, select

from podatelna.czmvo.alerts import Alerts
from podatelna.czmvo.directory import Directory
from podatelna.czmvo.model import ENDUSER, PRODUCTION, Caller, Kind
from podatelna.czmvo.tables import CREDENTIAL, PARTY, TOKEN
from podatelna.kernel.accounts import ACCOUNT, Account, find_account
from podatelna.kernel.statements import Row, Statement
from podatelna.kernel.tables import heard

NAME = "czmvo"

_SERVED = func.coalesce(func.nullif(CREDENTIAL.c.acts_for, ""), CREDENTIAL.c.party)
"""Whom a login stands for: a developer's choice, or its own party."""
_OWNER = (CREDENTIAL.c.kind, CREDENTIAL.c.party, CREDENTIAL.c.acts_for, PARTY.c.role)
_CREDENTIAL = Statement(
    select(*_OWNER)
    .join_from(CREDENTIAL, PARTY, PARTY.c.id == _SERVED, isouter=True)
    .where(CREDENTIAL.c.environment == bindparam("where"), CREDENTIAL.c.login == bindparam("who"))
)
_BEARER = Statement(
    select(TOKEN.c.kind, TOKEN.c.client, TOKEN.c.alert, ACCOUNT.c.blocked, *_OWNER)
    .select_from(TOKEN)
    .join(
        CREDENTIAL,
        and_(CREDENTIAL.c.environment == TOKEN.c.environment, CREDENTIAL.c.login == TOKEN.c.client),
        isouter=True,
    )
    .join(PARTY, PARTY.c.id == _SERVED, isouter=True)
    .join(
        ACCOUNT,
        and_(
            ACCOUNT.c.agency == NAME,
            ACCOUNT.c.environment == TOKEN.c.environment,
            ACCOUNT.c.login == TOKEN.c.client,
        ),
        isouter=True,
    )
    .where(
        TOKEN.c.token == bindparam("token"),
        TOKEN.c.environment == bindparam("where"),
        TOKEN.c.expires > bindparam("now"),
    )
)
_LATEST = Statement(
    select(func.max(TOKEN.c.issued)).where(
        TOKEN.c.environment == bindparam("where"), TOKEN.c.client == bindparam("who")
    )
)
_ISSUE = Statement(insert(TOKEN))
_FORGET = Statement(
    delete(TOKEN).where(TOKEN.c.expires <= bindparam("now"), TOKEN.c.issued <= bindparam("old"))
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """The credentials of one environment, within one transaction."""

    transaction: Connection
    environment: str

    def basic(self, login: str, password: str) -> Caller | None:
        """Who signs in with a login of version 1.0 (manual 1.1, a to d); None: nobody."""
        return self._proven(login, password, ("account", "developer"))

    def client(self, client_id: str, secret: str) -> Caller | None:
        """Who asks for a token (manual 1.1, version 2.0); None: nobody."""
        return self._proven(client_id, secret, ("client", "developer"))

    def bearer(self, token: str, now: str) -> Caller | None:
        """Whom a token stands for; None: it is unknown, expired, or its owner was blocked."""
        row = _BEARER.row(
            self.transaction, {"token": heard(token), "where": self.environment, "now": now}
        )
        if row is None:
            return None
        kind, client, alert, blocked = row[:4]
        if kind == "location":
            return Caller("location", client, ENDUSER)
        if kind == "alert":
            return self._by_alert(alert)
        return None if blocked else _owner(client, row[4:])

    def issue(self, caller: Caller, token: str, *, now: str, expires: str, old: str) -> None:
        """Keep a token; those that were issued before `old` and have expired are dropped."""
        _FORGET.run(self.transaction, {"now": now, "old": old})
        kind = caller.kind if caller.kind in ("alert", "location") else "client"
        _ISSUE.run(
            self.transaction,
            {
                "token": token,
                "environment": self.environment,
                "client": caller.login,
                "kind": kind,
                "alert": caller.alert,
                "issued": now,
                "expires": expires,
            },
        )

    def last_issued(self, caller: Caller) -> str | None:
        """When the client got its last token, if that is still known."""
        row = _LATEST.row(self.transaction, {"where": self.environment, "who": caller.login})
        return row[0] if row else None

    def _proven(self, login: str, secret: str, kinds: tuple[Kind, ...]) -> Caller | None:
        account = find_account(self.transaction, NAME, self.environment, login)
        if account is None:
            return self._by_id(login, secret)
        if account.blocked or not compare_digest(account.password.encode(), _octets(secret)):
            return None
        return self._of(account, kinds)

    def _of(self, account: Account, kinds: tuple[Kind, ...]) -> Caller | None:
        row = _CREDENTIAL.row(self.transaction, {"where": self.environment, "who": account.login})
        caller = _owner(account.login, row) if row else None
        if caller is None or caller.kind not in kinds:
            return None
        # Developers may sign in to the test and development environments only (manual 1.1, d).
        barred = caller.kind == "developer" and self.environment == PRODUCTION
        return None if barred else caller

    def _by_id(self, login: str, secret: str) -> Caller | None:
        """Ids as credentials: alert and location, or the location twice (manual 1.1, b and c)."""
        location = secret.strip().lower()
        if login.strip().lower() == location:
            known = Directory(self.transaction).location(location)
            return Caller("location", location, ENDUSER) if known else None
        alert = Alerts(self.transaction, self.environment).find(login.strip().upper())
        if alert is None or not location or alert.location != location:
            return None
        return Caller("alert", alert.uprc, ENDUSER, alert.enduser, alert.uprc)

    def _by_alert(self, uprc: str) -> Caller | None:
        """The nightly refresh may have taken the alert away."""
        alert = Alerts(self.transaction, self.environment).find(uprc)
        return Caller("alert", uprc, ENDUSER, alert.enduser, uprc) if alert else None


def _owner(login: str, row: Row) -> Caller | None:
    kind, party, acts_for, role = row
    if kind is None:
        return None
    if kind == "developer":
        return Caller(kind, login, ENDUSER, acts_for)
    return Caller(kind, login, role, party)


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
