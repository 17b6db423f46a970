"""One call at the filing office: the request, and what the house hands over with it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from podatelna.kernel.accounts import Account
from podatelna.kernel.exchange import Request, Response
from podatelna.kernel.ids import Ids
from podatelna.kernel.rules import Finding
from podatelna.kernel.settings import Settings


@dataclass(slots=True)
class Trail:
    """What the journal will tell of a visit; filled on the way, never sent to the caller."""

    operation: str = ""
    login: str = ""
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """Sentences for the developer of the client: what was skipped, assumed or disrupted."""
    posted: list[int] = field(default_factory=list)
    """Numbers of the letters in the outbox that go to a mail server when the visit is over."""
    secrets: list[str] = field(default_factory=list)
    """Texts in this exchange that must not be recorded: the journal blanks them everywhere."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What a handler may use while it answers one request. `now` is the sandbox's time, in UTC."""

    request: Request
    transaction: Connection
    now: datetime
    ids: Ids
    settings: Settings
    sandbox: str = "default"
    disrupted: bool = False
    """Some disruption is planned in this sandbox; without one nobody looks for it."""
    account: Account | None = None
    admitted: object = None
    """What the agency's door found out about the call, for the handler behind it."""
    trail: Trail = field(default_factory=Trail)


Handler = Callable[[Visit], Response]
Step = Callable[[Visit, Handler], Response]
