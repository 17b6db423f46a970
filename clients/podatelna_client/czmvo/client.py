"""The client itself: who calls, where and how."""

import re
import time
from typing import TYPE_CHECKING, Literal, Self
from urllib.parse import urlsplit

from podatelna_client.czmvo.access import Access, Timeout
from podatelna_client.czmvo.calling import Caller, Habits
from podatelna_client.czmvo.changes import Changes
from podatelna_client.czmvo.envelope import Head
from podatelna_client.czmvo.exception_list import ExceptionList
from podatelna_client.czmvo.patience import Patience
from podatelna_client.czmvo.questions import Questions
from podatelna_client.czmvo.sign_in import Clock
from podatelna_client.czmvo.tokens import MemoryTokenStore, TokenStore

if TYPE_CHECKING:
    import requests

DEFAULT_VERSION = "2.0"
"""The current one, says the manual (2.1.2.1); what 2.1 changes is not known."""
DEFAULT_USER_AGENT = "podatelna-client/0.1"
LONGEST_USER_AGENT = 100


class CzmvoClient(Questions, Changes, ExceptionList):
    """Manages alerts in the AMS of NOOL over its REST API. Not for several threads at once.

    `base_url` is that of an environment: https://api.czmvo.cz/ (production),
    https://api.czmvo.cz/t/ (test), https://betaapi.czmvo.cz/ (development). In version 1.0 `login`
    and `password` are those of the account, in all later ones Client ID and Secret ID, which differ
    by environment. For single alerts they are UPRC and location ID, in any version.

    `language` is that of texts and error messages: cs (the service's default) or en. `user_agent`
    should name the calling software and its version. Clients with one store share their `tokens`.
    `timeout` is in seconds, or a pair for connecting and for reading. `verify` goes to requests as
    it is (False, or the path of a CA file). A `session` handed in is not closed here. `clock` gives
    seconds since 1970.

    Every method that calls the service raises CzmvoError; see `errors` and `codes` for the kinds.
    """

    def __init__(  # noqa: PLR0913 - where, who, and the options of how
        self,
        base_url: str,
        login: str,
        password: str,
        *,
        version: str = DEFAULT_VERSION,
        language: str | None = None,
        parameters: Literal["body", "url"] = "body",
        patience: Patience | None = None,
        tokens: TokenStore | None = None,
        user_agent: str = DEFAULT_USER_AGENT,
        timeout: Timeout = (10, 120),
        session: "requests.Session | None" = None,
        verify: bool | str | None = None,
        clock: Clock = time.time,
    ) -> None:
        access = Access(
            base_url=_address(base_url),
            login=login,
            password=password,
            version=_fitting("version", version, r"[0-9]+\.[0-9]+"),
            user_agent=_fitting("user_agent", user_agent, _AGENT),
            language=None if language is None else _fitting("language", language, r"[\w,;=.*-]+"),
            timeout=timeout,
            session=session,
            verify=verify,
        )
        habits = Habits(
            parameters_in_url=parameters == "url",
            patience=patience or Patience(),
            tokens=tokens or MemoryTokenStore(),
            clock=clock,
        )
        self._caller = Caller(access, habits)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def close(self) -> None:
        """End the session. A later call opens a new one; a token stays good until it ends."""
        self._caller.close()

    @property
    def head(self) -> Head:
        """HTTP status and versions of the last answer; ask for `deprecated_versions` sometimes."""
        return self._caller.head

    def authorization(self) -> str:
        """The Authorization header for a request of one's own; fetches a token if there is none."""
        return self._caller.authorization()


_AGENT = rf"[\x21-\x7e](?:[\x20-\x7e]{{0,{LONGEST_USER_AGENT - 2}}}[\x21-\x7e])?"


def _address(base_url: str) -> str:
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"base_url must be the http(s) address of an API, not {base_url!r}")
    return base_url if base_url.endswith("/") else f"{base_url}/"


def _fitting(name: str, value: str, pattern: str) -> str:
    if not re.fullmatch(pattern, value, re.ASCII):
        raise ValueError(f"{name} cannot be {value!r}")
    return value
