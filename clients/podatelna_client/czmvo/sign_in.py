"""How a request says who sends it: login and password, or a token that is fetched and renewed."""

import base64
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from podatelna_client.czmvo.access import Access
from podatelna_client.czmvo.envelope import retry_after
from podatelna_client.czmvo.errors import (
    OutcomeUnknown,
    RateLimited,
    ServiceUnreachable,
    TokenRefused,
)
from podatelna_client.czmvo.exchange import Order, Reply
from podatelna_client.czmvo.item import Item, Unreadable, parse
from podatelna_client.czmvo.tokens import Token, TokenStore

Send = Callable[[Order], Reply]
Clock = Callable[[], float]
"""Seconds since 1970."""

DOCUMENTED_LIFETIME = 1800
"""Seconds (manual 2.1.2.2); for answers that do not say."""
_MARGIN = 60.0
"""Seconds before its end at which a token is renewed; a tenth of its life if that is shorter."""
_TOO_MANY = 429
_OK = 200
_REFUSALS = range(400, 500)
_VALUE = re.compile(r"[\x21-\x7e]+")


def basic(access: Access) -> str:
    """The Authorization of version 1.0."""
    pair = f"{access.login}:{access.password}".encode()
    return f"Basic {base64.b64encode(pair).decode('ascii')}"


class TokenKeeper:
    """Has a token whenever one is needed, and asks for a new one as seldom as it can."""

    def __init__(self, access: Access, send: Send, store: TokenStore, clock: Clock) -> None:
        self._access = access
        self._send = send
        self._store = store
        self._clock = clock
        self._token: Token | None = None
        self._refused = ""
        # The secret is part of the key, so that a wrong one does not get the token of the right.
        identity = json.dumps([access.base_url, access.login, access.password])
        self._key = hashlib.sha256(identity.encode()).hexdigest()

    def current(self) -> Token:
        """A token that should still be good. Raises TokenRefused, RateLimited and the like."""
        if self._token is None or self._token.renew_at <= self._clock():
            self._token = self._store.exchange(self._key, self._good_or_new)
        return self._token

    def refuse(self, token: Token) -> None:
        """The service did not take this one: the next will be another."""
        self._refused = token.value
        self._token = None

    def _good_or_new(self, stored: Token | None) -> Token:
        # Somebody else may have met the same refusal, and have stored a new one already.
        if stored is not None and stored.value == self._refused:
            stored = None
        now = self._clock()
        if stored is not None and now < stored.renew_at:
            return stored
        try:
            return self._fetched()
        except (RateLimited, ServiceUnreachable):
            # One token in 60 minutes (manual 3.1): then the old one has to do until its very end.
            if stored is not None and now < stored.ends_at:
                return replace(stored, renew_at=stored.ends_at)
            raise

    def _fetched(self) -> Token:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._access.login,
            "client_secret": self._access.password,
        }
        asked_at = self._clock()
        order = Order(
            method="POST",
            path="auth/token/",
            headers={
                "Accept": "application/json",
                "Content-Type": "application/x-www-form-urlencoded",
                "Cache-Control": "no-store",
            },
            body=urlencode(form).encode("ascii"),
        )
        try:
            reply = self._send(order)
            return _token(reply, asked_at) if reply.status == _OK else _refused(reply, asked_at)
        except OutcomeUnknown as error:
            raise ServiceUnreachable(f"no token: {error.reason}") from error
        except Unreadable as error:
            reason = f"no token: HTTP {reply.status} without a readable answer: {error}"
            raise ServiceUnreachable(reason) from error


def _token(reply: Reply, asked_at: float) -> Token:
    answer = Item.of(parse(reply.body))
    value = answer.text("access_token")
    if not _VALUE.fullmatch(value):
        raise Unreadable("/access_token does not fit into a header")
    lifetime = answer.reference("expires_in") or DOCUMENTED_LIFETIME
    ends_at = asked_at + lifetime
    return Token(value, ends_at - min(_MARGIN, lifetime / 10), ends_at)


def _refused(reply: Reply, now: float) -> Token:
    if reply.status == _TOO_MANY:
        raise RateLimited(retry_after(reply, now), of_token=True)
    if reply.status not in _REFUSALS:
        raise Unreadable("no token in it")
    raise TokenRefused(_word(reply), reply.status)


def _word(reply: Reply) -> str:
    try:
        answer = Item.of(parse(reply.body))
        return answer.text("error", "") or answer.text("message", "") or reply.reason
    except Unreadable:
        return reply.reason
