"""NTLM over HTTP, the server's side: a sign-in that belongs to a connection ([MS-NTHT])."""

from base64 import b64decode, b64encode
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Literal

from podatelna.kernel.auth.ntlm_messages import (
    AUTHENTICATE,
    KINDS,
    NEGOTIATE,
    Handshake,
    NtlmServer,
    Response,
    begin,
    disproof,
    kind_of,
    read,
)

MAX_HEADER = 16_384
"""Characters of an Authorization header; http.sys takes no longer one (its MaxFieldLength)."""

Why = Literal[
    "anonymous",
    "malformed_token",
    "message_altered",
    "ntlm_v1",
    "other_scheme",
    "out_of_sequence",
    "oversized_token",
    "unknown_domain",
    "unknown_login",
    "wrong_password",
]

_SCHEMES = ("NTLM", "Negotiate", "Basic", "Digest", "Kerberos", "Bearer")


@dataclass(frozen=True, slots=True)
class NtlmRealm:
    """A server and the accounts that may sign in there."""

    name: str
    """Keeps realms on one connection apart; under a new name nobody is signed in yet."""
    server: NtlmServer
    password_of: Callable[[str], str | None] = field(repr=False)
    """The password of a login in lower case; None: there is no such login."""
    domains: Literal["own", "own_or_empty", "any"] = "own_or_empty"
    """Which domains of accounts count, in any case of letters; `login@domain` names one too.

    A Windows server looks for accounts without a domain in its own one, and finds nobody under
    a domain it does not know: `own_or_empty`. The DNS domain is as good as the NetBIOS one.
    """
    ntlm_v1: bool = False
    """Whether NTLMv1 responses count. Today's Windows domains refuse them."""


@dataclass(frozen=True, slots=True)
class Unauthenticated:
    """No credentials came and nobody is signed in: 401 with `WWW-Authenticate: NTLM`."""


@dataclass(frozen=True, slots=True)
class Challenged:
    """The handshake goes on: 401 with `WWW-Authenticate: NTLM <token>`."""

    token: str
    """Base64."""


@dataclass(frozen=True, slots=True)
class Authenticated:
    """Somebody is signed in on this connection."""

    login: str
    """In lower case."""
    domain: str
    """As it was sent, or "" if it was not."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Nobody is signed in any more: 401 with `WWW-Authenticate: NTLM`."""

    why: Why
    """For the journal; the agencies' answer is the same for all."""


NtlmOutcome = Unauthenticated | Challenged | Authenticated | Refused


def ntlm_step(
    realm: NtlmRealm, authorization: str | None, memory: MutableMapping[object, object]
) -> NtlmOutcome:
    """Judge one request by its Authorization header and by what its connection remembers.

    `memory` lives as long as the connection. A request without the header comes from whoever
    signed in on the connection before (IIS, authPersistSingleRequest off); a header forgets him,
    and only the second half of a handshake builds on what was said. No header raises.
    """
    place = ("ntlm", realm.name)
    if authorization is None:
        known = memory.get(place)
        return known if isinstance(known, Authenticated) else Unauthenticated()
    before = memory.pop(place, None)
    token = _token(authorization)
    after = token if isinstance(token, Refused) else _advance(realm, token, before)
    if not isinstance(after, Refused):
        memory[place] = after
    if isinstance(after, Handshake):
        return Challenged(b64encode(after.challenge).decode("ascii"))
    return after


def describe_token(authorization: str | None) -> str:
    """An Authorization header in words for the journal, without passwords, proofs or nonces."""
    if authorization is None:
        return "none"
    scheme, _, credentials = authorization.strip().partition(" ")
    # A word that is no known scheme might be a password in the wrong place.
    name = next((known for known in _SCHEMES if known.lower() == scheme.lower()), "unknown scheme")
    token = _token(f"NTLM {credentials}")
    if name == "NTLM":
        return _describe(token)
    if name == "Negotiate" and isinstance(token, bytes) and kind_of(token):
        return f"{name} with {_describe(token)}"
    return name


def _token(authorization: str) -> bytes | Refused:
    """The token of an NTLM header."""
    if len(authorization) > MAX_HEADER:
        return Refused("oversized_token")
    scheme, _, credentials = authorization.strip().partition(" ")
    if scheme.lower() != "ntlm":
        return Refused("other_scheme")
    try:
        return b64decode(credentials.strip(), validate=True)
    except ValueError:
        return Refused("malformed_token")


def _advance(realm: NtlmRealm, token: bytes, before: object) -> Handshake | Authenticated | Refused:
    kind = kind_of(token)
    if kind == NEGOTIATE:
        return begin(realm.server, token) or Refused("malformed_token")
    if kind == AUTHENTICATE and isinstance(before, Handshake):
        response = read(token)
        return _judge(realm, response, before) if response else Refused("malformed_token")
    return Refused("out_of_sequence" if kind else "malformed_token")


def _judge(realm: NtlmRealm, response: Response, handshake: Handshake) -> Authenticated | Refused:
    claim = _claim(realm, response)
    if isinstance(claim, Refused):
        return claim
    password = realm.password_of(claim.login) if claim.login.isprintable() else None
    if password is None:
        return Refused("unknown_login")
    why = disproof(response, handshake, password, ntlm_v1=realm.ntlm_v1)
    return Refused(why) if why else claim


def _claim(realm: NtlmRealm, response: Response) -> Authenticated | Refused:
    """Who the caller says he is."""
    login, domain = response.user, response.domain
    if not domain and "@" in login:
        login, _, domain = login.rpartition("@")
    if not login:
        return Refused("anonymous")
    counted = {realm.server.domain.casefold(), realm.server.dns_domain.casefold()} - {""}
    if realm.domains == "own_or_empty":
        counted |= {""}
    if realm.domains != "any" and domain.casefold() not in counted:
        return Refused("unknown_domain")
    return Authenticated(login.lower(), domain)


def _describe(token: bytes | Refused) -> str:
    if isinstance(token, Refused):
        return f"NTLM {token.why}"
    kind = kind_of(token)
    response = read(token) if kind == AUTHENTICATE else None
    if response is None:
        return f"NTLM {KINDS.get(kind, 'malformed_token')}"
    names = {
        "login": response.user,
        "domain": response.domain,
        "workstation": response.workstation,
    }
    return "NTLM authenticate " + " ".join(f"{key}={plain(text)}" for key, text in names.items())


def plain(text: str) -> str:
    """A text that a caller chose, fit for one line of the journal."""
    return "".join(char if char.isprintable() else "?" for char in text[:64])
