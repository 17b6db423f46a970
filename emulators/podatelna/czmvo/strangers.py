"""Why a sign-in was refused. The caller is never told; the journal is, and the secrets are not."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from podatelna.czmvo.model import ENVIRONMENTS, PRODUCTION
from podatelna.czmvo.tables import CREDENTIAL, TOKEN
from podatelna.kernel.accounts import all_accounts, find_account
from podatelna.kernel.tables import heard

_NAMED_BY = {"1": "a login of version 1.0", "2": "a pair of version 2"}
_KINDS = {"account": "1", "client": "2"}


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody whom an environment has not let in."""

    agency: str
    transaction: Connection
    environment: str

    def because(self, login: str, *, version_1: bool) -> str:
        """What is wrong with a login or a client id, for the developer of the client."""
        account = find_account(self.transaction, self.agency, self.environment, login)
        if account is None:
            elsewhere = self._elsewhere(login)
            return f"{elsewhere}, not here" if elsewhere else "nobody is called so"
        return "it is blocked" if account.blocked else self._unfit(account.login, version_1)

    def _unfit(self, login: str, version_1: bool) -> str:
        kind, wanted = self._kind(login), "1" if version_1 else "2"
        if kind == "developer" and self.environment == PRODUCTION:
            return "a developer account, for test and development only"
        if _KINDS.get(kind, wanted) != wanted:
            return f"it is {_NAMED_BY[_KINDS[kind]]}"
        return "its secret is another"

    def because_of_token(self, token: str, now: str) -> str:
        """What is wrong with a token."""
        found = self.transaction.execute(
            select(TOKEN.c.environment, TOKEN.c.expires, TOKEN.c.client).where(
                TOKEN.c.token == heard(token)
            )
        ).first()
        if found is None:
            return "no such token was given out, or it is long expired"
        environment, expires, client = found
        if environment != self.environment:
            return f"it is a token of {environment}"
        if expires <= now:
            return f"it expired at {expires}"
        return f"{client}, to whom it was given, is blocked or gone"

    def _elsewhere(self, login: str) -> str:
        names = {
            account.environment
            for account in all_accounts(self.transaction)
            if account.agency == self.agency and account.login == login.lower()
        }
        return " and ".join(name for name in ENVIRONMENTS if name in names)

    def _kind(self, login: str) -> str:
        found = select(CREDENTIAL.c.kind).where(
            CREDENTIAL.c.environment == self.environment, CREDENTIAL.c.login == login
        )
        return str(self.transaction.execute(found).scalar() or "")
