"""One module for each agency's client, for programs that call clients by name: all alike.

Each is an `Acting`: it says which calls its client has and makes actors, who carry them out. Plain
data in, plain data out; `podatelna_client.actor` is the door. Nothing here waits, repeats or reads
the wall clock: what an agency answers is told as it came, and the time is handed in.

Shapes describe arguments and answers. A shape is a mapping of keys to shapes, a list of the shape
of its items, a tuple of shapes of which one must fit, or one of the words `text`, `number`, `flag`,
`day`, `null` and `any`. In answers `error:KIND` is the number of one of the agency's errors of that
kind; it is expected by the error's name. An answer called `rows`, a list of mappings, is expected
by its length, and by a `row` that it has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypedDict

Shape = Any

Outcome = Mapping[str, Any]
"""`kind` is one of answer, error, fault, refused, unknown, unreachable and invalid.

answer: `codes` (error numbers by name: lists of them, or lists of such lists) and `values` by name.
error: the agency's own error. Its `code` (a number, a word, or None where it has none), its HTTP
`status`, and the `values` that came all the same, those that tell code and status among them.
fault: `faultcode` and `faultstring`. refused: the HTTP `status` of who refused the message unread.
unknown: sent, but no whole answer. unreachable: not sent. invalid: refused by the client itself.
All but answers have a `reason`, which is for people.
"""

SignIn = Mapping[str, Any]
"""`headers` that a request takes along; or `ntlm` with `name` and `password`, for the handshake; or
`failed`, the reason why there is no signing in."""


class Call(TypedDict):
    """A method of a client."""

    takes: Mapping[str, Shape]
    """Arguments and their shapes."""
    exclusive: Sequence[Sequence[str]]
    """Arguments of which one excludes the others."""
    answers: Mapping[str, Shape]
    """What an answer's `codes` and `values` hold, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Somebody who calls, and where."""

    url: str
    """What stands in front of the agency's real paths."""
    environment: str
    login: str
    password: str = field(repr=False)
    kind: str = ""
    """Of the credentials, one of the module's `KINDS`; empty: not said."""
    signers: Mapping[str, tuple[str, str]] = field(default_factory=dict, repr=False)
    """What the caller can sign with: certificate and key in PEM, by what they are (valid, expired,
    ...)."""


class Actor(Protocol):
    """A client in one caller's hands; stays signed in from one call to the next."""

    def call(
        self, method: str, arguments: Mapping[str, Any], now: datetime, timeout: float | None
    ) -> Outcome:
        """What became of a call. The arguments are complete; `timeout` in seconds, None: usual."""

    def sign_in(self, headers: Mapping[str, str], now: datetime) -> SignIn:
        """How to sign a request in that is sent by other hands; `headers` are those it has."""

    def close(self) -> None:
        """End all connections."""


class Acting(Protocol):
    """What a module of this package has."""

    CALLS: Mapping[str, Call]
    """The client's methods, by name."""
    DEFAULTS: Mapping[str, Shape]
    """Shapes of what the arguments of all calls may have in common."""
    NAMESPACES: Mapping[str, str]
    """Prefixes for XPath in what the agency answers; empty where that is no XML."""
    PATHS: Mapping[str, str]
    """Where each environment answers, below the agencies' real paths."""
    KINDS: tuple[str, ...]
    """The kinds of credentials, where there are several."""

    def completed(
        self, method: str, given: Mapping[str, Any], setting: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The whole arguments of a call of which only the interesting part was given.

        The setting has `now` (an aware datetime), `defaults`, and of the world the account's
        `login`, `kind` and `environment`, and the agency's `world` data.
        """

    def actor(self, caller: Caller) -> Actor:
        """Somebody who calls; nothing is sent yet."""

    def code_of(self, body: bytes) -> int | str | None:
        """The error that an answer's body tells, as the agency numbers or names it; None: none.

        Never raises. Success is an error's number, too, where the agency has one for it.
        """
