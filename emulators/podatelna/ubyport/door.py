"""The door: IIS in front of the service, with NTLM sign-in and the headers of every answer."""

import re
from dataclasses import dataclass, replace
from functools import cached_property

from podatelna.kernel.accounts import Account, find_account
from podatelna.kernel.auth.ntlm import (
    Authenticated,
    Challenged,
    NtlmOutcome,
    NtlmRealm,
    Refused,
    ntlm_step,
)
from podatelna.kernel.auth.ntlm_messages import NtlmServer
from podatelna.kernel.contract import Contract
from podatelna.kernel.exchange import Headers, Response
from podatelna.kernel.rules import Finding
from podatelna.kernel.visit import Handler, Visit

NAME = "ubyport"
PRODUCTION, TEST = "production", "test"
IIS_PAGE = "text/html"
"""IIS sends its error pages without a charset."""

_PAGE = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" \
"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{title}</title></head>
<body><div id="header"><h1>Server Error</h1></div>
<div id="content"><fieldset><h2>{title}</h2><h3>{text}</h3></fieldset></div></body></html>
"""
_UNAUTHORIZED = _PAGE.format(
    title="401 - Unauthorized: Access is denied due to invalid credentials.",
    text="You do not have permission to view this directory or page using the credentials that"
    " you supplied.",
).encode()
_NOT_FOUND = _PAGE.format(
    title="404 - File or directory not found.",
    text="The resource you are looking for might have been removed, had its name changed, or is"
    " temporarily unavailable.",
).encode()


@dataclass(frozen=True)
class Door:
    """Answers in the manner of IIS; lets in who has signed in with an account of the service."""

    contract: Contract

    @cached_property
    def headers(self) -> Headers:
        return tuple(self.contract.constant("headers").items())

    @cached_property
    def paths(self) -> frozenset[str]:
        """The two addresses, in lower case; whatever goes on behind them is another page."""
        return frozenset(self.contract.constant(f"path_{name}") for name in (PRODUCTION, TEST))

    @cached_property
    def _test_path(self) -> str:
        return str(self.contract.constant("path_test"))

    @cached_property
    def _web_login(self) -> re.Pattern[str]:
        return re.compile(self.contract.constant("web_login_mask"))

    def environment(self, path: str) -> str:
        """Which of the two services answers at a path."""
        return TEST if path.lower().startswith(self._test_path) else PRODUCTION

    def answer(
        self, status: int, body: bytes = b"", content_type: str = "", reason: str | None = None
    ) -> Response:
        """A response with the headers that IIS adds to all of its own."""
        kind = (("Content-Type", content_type),) if content_type else ()
        return Response(status, body, kind + self.headers, reason)

    def not_found(self) -> Response:
        return self.answer(404, _NOT_FOUND, IIS_PAGE)

    def authenticate(self, visit: Visit, proceed: Handler) -> Response:
        """Let the caller in once the connection has signed in; else go on with the handshake."""
        if self._is_open(visit):
            return proceed(visit)
        environment = self.environment(visit.request.path)
        outcome = ntlm_step(
            self._realm(visit, environment),
            visit.request.headers.get("authorization"),
            visit.request.connection.memory,
        )
        if isinstance(outcome, Authenticated):
            visit.trail.login = outcome.login
            account = find_account(visit.transaction, NAME, environment, outcome.login)
            barred = self._barred(account)
            if not barred:
                return proceed(replace(visit, account=account))
            return self._unauthorized(visit, outcome, barred)
        return self._unauthorized(
            visit, outcome, outcome.why if isinstance(outcome, Refused) else ""
        )

    def _is_open(self, visit: Visit) -> bool:
        reads = visit.request.method in ("GET", "HEAD")
        return reads and visit.settings["metadata"] == "anonymous"

    def _realm(self, visit: Visit, environment: str) -> NtlmRealm:
        def password_of(login: str) -> str | None:
            account = find_account(visit.transaction, NAME, environment, login)
            return account.password if account else None

        server = NtlmServer(
            domain=self.contract.constant("domain"),
            computer=self.contract.constant("computer"),
            now=lambda: visit.now,
            random=lambda length: visit.ids.octets("ubyport.challenge", length),
        )
        return NtlmRealm(f"{visit.sandbox}|{NAME}|{environment}", server, password_of)

    def _barred(self, account: Account | None) -> str:
        """Why the web service does not serve an account that signed in well; empty: it does.

        The caller is not told: every 401 looks the same.
        """
        if account is None:
            return "the account is gone"
        if self._web_login.fullmatch(account.login):
            return "a login of the web application"
        return "the account is blocked" if account.blocked else ""

    def _unauthorized(self, visit: Visit, outcome: NtlmOutcome, why: str) -> Response:
        token = f" {outcome.token}" if isinstance(outcome, Challenged) else ""
        offers = [("WWW-Authenticate", f"NTLM{token}")]
        if visit.settings["offer_negotiate"] and not token:
            offers.insert(0, ("WWW-Authenticate", "Negotiate"))
        if why:
            visit.trail.findings.append(Finding("unauthorized", "authorization", received=why))
        response = self.answer(401, _UNAUTHORIZED, IIS_PAGE)
        return replace(response, headers=(*response.headers, *offers))
