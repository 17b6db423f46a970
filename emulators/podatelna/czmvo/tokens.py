"""The token endpoint: OAuth 2 client credentials (manual 2.1.2.2)."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from podatelna.czmvo import wire
from podatelna.czmvo.credentials import NAME, Credentials
from podatelna.czmvo.door import Admitted, Door
from podatelna.czmvo.model import TIME, Caller
from podatelna.czmvo.place import TOKEN, read_place
from podatelna.czmvo.strangers import Stranger
from podatelna.kernel.auth.basic import read_basic
from podatelna.kernel.exchange import Request, Response
from podatelna.kernel.rest import read_query
from podatelna.kernel.rules import Finding
from podatelna.kernel.visit import Visit

RAISED = ("invalid_client", "unsupported_grant_type", "invalid_token_request", "rate_limited")
"""Keys of errors.yaml that are reported here."""

TOKEN_OCTETS = 32

Form = dict[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class TokenDesk:
    """Gives out tokens."""

    door: Door

    def handle(self, visit: Visit, admitted: Admitted) -> Response:
        form = _form(visit.request)
        if wrong := self._wrong_grant(visit, admitted, form):
            return wrong
        pair = _credentials(visit.request, form)
        if pair is None:
            return self._refused(visit, admitted, "invalid_token_request", "client_id")
        known = Credentials(visit.transaction, admitted.place.environment)
        caller = known.client(*pair)
        if caller is None:
            stranger = Stranger(NAME, visit.transaction, admitted.place.environment)
            why = stranger.because(pair[0], version_1=False)
            return self._refused(visit, admitted, "invalid_client", "client_id", why)
        return (
            self.door.over_as(visit, admitted, caller)
            or self._too_soon(visit, admitted, known, caller)
            or self._issued(visit, admitted, known, caller)
        )

    def _wrong_grant(self, visit: Visit, admitted: Admitted, form: Form) -> Response | None:
        grant = form.get("grant_type")
        if not grant:
            return self._refused(visit, admitted, "invalid_token_request", "grant_type")
        if grant != self.door.contract.constant("grant_type"):
            return self._refused(visit, admitted, "unsupported_grant_type", "grant_type")
        return None

    def _too_soon(
        self, visit: Visit, admitted: Admitted, known: Credentials, caller: Caller
    ) -> Response | None:
        """One token in 60 minutes (manual 3.1), each of which lasts for 30 (2.1.2.2): see Q11."""
        last = known.last_issued(caller)
        if visit.settings["token_reissue"] != "strict" or last is None:
            return None
        again = datetime.strptime(last, TIME).replace(tzinfo=UTC) + _interval(visit)
        if again <= visit.now:
            return None
        return self.door.too_many(visit, admitted, again - visit.now)

    def _issued(
        self, visit: Visit, admitted: Admitted, known: Credentials, caller: Caller
    ) -> Response:
        octets = visit.ids.octets("czmvo.token", TOKEN_OCTETS)
        token = urlsafe_b64encode(octets).decode().rstrip("=")
        visit.trail.secrets.append(token)
        seconds = visit.settings["token_lifetime_seconds"]
        assert isinstance(seconds, int)
        known.issue(
            caller,
            token,
            now=visit.now.strftime(TIME),
            expires=(visit.now + timedelta(seconds=seconds)).strftime(TIME),
            old=(visit.now - _interval(visit)).strftime(TIME),
        )
        kind = self.door.contract.constant("token_type")
        content = {"access_token": token, "expires_in": seconds, "token_type": kind}
        return self.door.answer(admitted.version, 200, wire.plain(content))

    def _refused(
        self, visit: Visit, admitted: Admitted, key: str, at: str, received: str = ""
    ) -> Response:
        """An error of OAuth: its name and no envelope (manual 2.1.2.2)."""
        visit.trail.findings.append(Finding(key, at, received=received))
        entry = self.door.contract.errors[key]
        assert entry.status is not None
        return self.door.answer(admitted.version, entry.status, wire.plain({"error": entry.text}))


def secrets_of(request: Request) -> Iterator[str]:
    """What the journal must not record of a request, whatever becomes of it: client secrets."""
    place = read_place(request.path)
    if place is None or place.module != TOKEN:
        return
    for given in (_form(request), read_query(request.query)):
        secret = given.get("client_secret", "")
        yield from [secret] if isinstance(secret, str) else secret


def _form(request: Request) -> Form:
    return read_query(request.body.decode("latin-1"))


def _credentials(request: Request, form: Form) -> tuple[str, str] | None:
    """From the form, as documented, or else by HTTP Basic (RFC 6749, 2.3.1)."""
    client, secret = form.get("client_id"), form.get("client_secret")
    if isinstance(client, str) and isinstance(secret, str) and client:
        return client, secret
    return read_basic(request.headers.get("authorization", ""))


def _interval(visit: Visit) -> timedelta:
    minutes = visit.settings["token_interval_minutes"]
    assert isinstance(minutes, int)
    return timedelta(minutes=minutes)
