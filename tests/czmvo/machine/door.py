"""The model's door: who calls, how often, and which version they speak."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.czmvo.machine.records import Caller, Data, Outcome

WINDOW = timedelta(minutes=5)
HOUR = timedelta(hours=1)
LIFETIME = timedelta(seconds=1800)


@dataclass(frozen=True)
class Login:
    """What somebody was given for one environment."""

    environment: str
    kind: str
    """account, client or developer."""
    login: str
    secret: str
    party: str = ""
    acts_for: str = ""
    blocked: bool = False


@dataclass
class Limits:
    """Two limits at once, each call counted unless it is refused."""

    settings: dict[str, Any]
    seen: dict[tuple[str, str], list[datetime]] = field(default_factory=dict)
    """Calls that count by limit and caller; of the fixed window only those of the present one."""

    def hit(self, limit: str, who: str, now: datetime) -> int | None:
        """None: let in. Otherwise the seconds to wait."""
        calls = self.seen.setdefault((limit, who), [])
        if self.settings["limit_window"] == "sliding":
            calls[:] = [at for at in calls if at + WINDOW > now]
        elif calls and calls[0] + WINDOW <= now:
            calls.clear()
        most = self.settings[f"limit_per_{limit}"]
        if len(calls) < most:
            calls.append(now)
            return None
        return -int((now - (calls[0] + WINDOW)).total_seconds())


@dataclass
class Token:
    caller: Callable[[], Caller | None]
    expires: datetime


@dataclass
class Door:
    """Credentials and tokens of all environments."""

    settings: dict[str, Any]
    roles: dict[str, str]
    """By party."""
    locations: dict[str, str]
    """Parties by location."""
    data: dict[str, Data]
    logins: dict[tuple[str, str], Login] = field(default_factory=dict)
    tokens: dict[tuple[str, str], Token] = field(default_factory=dict)
    issued: dict[tuple[str, str], datetime] = field(default_factory=dict)
    limits: Limits = field(init=False)

    def __post_init__(self) -> None:
        self.limits = Limits(self.settings)

    def add(self, login: Login) -> None:
        self.logins[login.environment, login.login.lower()] = login

    def over(self, limit: str, environment: str, who: str, now: datetime) -> Outcome | None:
        wait = self.limits.hit(limit, f"{environment} {who}", now)
        return None if wait is None else Outcome(429, wait=wait)

    # -- who it is

    def proven(self, environment: str, pair: tuple[str, str], version_1: bool) -> Caller | None:
        """Who shows a login and a password, or a client id and its secret (manual 1.1)."""
        found = self.logins.get((environment, pair[0].lower()))
        if found is None:
            return self._by_ids(environment, *pair)
        if found.secret != pair[1] or found.blocked:
            return None
        return self._known(found, version_1)

    def _known(self, login: Login, version_1: bool) -> Caller | None:
        if login.kind == "developer":
            on_production = login.environment == "production"
            return None if on_production else self._caller(login)
        fits = login.kind == ("account" if version_1 else "client")
        return self._caller(login) if fits else None

    def _caller(self, login: Login) -> Caller:
        if login.kind == "developer":
            return Caller("developer", login.login.lower(), "enduser", login.acts_for)
        return Caller(login.kind, login.login.lower(), self.roles[login.party], login.party)

    def _by_ids(self, environment: str, name: str, secret: str) -> Caller | None:
        """An alert with its location, or a location twice (manual 1.1, b and c)."""
        location = secret.lower()
        if name.lower() == location:
            known = location in self.locations
            return Caller("location", location, "enduser") if known else None
        alert = self.data[environment].alerts.get(name.upper())
        if alert is None or not location or alert.location != location:
            return None
        return Caller("alert", alert.uprc, "enduser", alert.enduser, alert.uprc)

    # -- tokens

    def too_soon(self, environment: str, caller: Caller, now: datetime) -> Outcome | None:
        last = self.issued.get((environment, caller.login))
        if self.settings["token_reissue"] == "lenient" or last is None or now >= last + HOUR:
            return None
        return Outcome(429, wait=int((last + HOUR - now).total_seconds()))

    def issue(self, environment: str, caller: Caller, now: datetime) -> Outcome:
        """The token itself is noted when it has come, see `keep`."""
        self.issued[environment, caller.login] = now
        return Outcome(200, None, {"expires_in": 1800, "token_type": "Bearer"})

    def keep(self, environment: str, pair: tuple[str, str], token: str, now: datetime) -> None:
        """Who it stands for is looked up anew with every call: a developer may choose again."""

        def caller() -> Caller | None:
            return self.proven(environment, pair, version_1=False)

        self.tokens[environment, token] = Token(caller, now + LIFETIME)

    def bearer(self, environment: str, token: str, now: datetime) -> Caller | None:
        known = self.tokens.get((environment, token))
        return known.caller() if known and known.expires > now else None
