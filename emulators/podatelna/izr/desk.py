"""What a service may touch, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from podatelna.izr.model import Caller
from podatelna.izr.register import Register
from podatelna.kernel.contract import Contract
from podatelna.kernel.outbox import Letter, post
from podatelna.kernel.rules import Finding
from podatelna.kernel.settings import Settings
from podatelna.kernel.visit import Visit


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk for one call. An anonymous caller of a BA service has no caller and no subject."""

    register: Register
    environment: str
    now: datetime
    """The sandbox's time, in the agency's zone."""
    settings: Settings
    contract: Contract
    """The error book, the code lists and the forms of e-mails."""
    caller: Caller | None
    subject: str
    """IDSZR, from RequestHeader/Subject/@subjectID; "" if none was given."""
    next_number: Callable[[str], int]
    """The next number of a series of this environment: report, log."""
    post: Callable[[str, str, str], None]
    """Send an e-mail: recipient, subject, body."""
    tell: Callable[[str, str, str], None]
    """Tell the journal of a finding: key, place, what was received."""


def open_desk(visit: Visit, contract: Contract, environment: str) -> Desk:
    """The desk of an environment at the time of a visit, with nobody at it yet."""

    def send(recipient: str, subject: str, body: str) -> None:
        sender = str(contract.constant("mail_sender"))
        post(visit, Letter(contract.agency, sender, recipient, subject, body))

    def tell(key: str, at: str, received: str) -> None:
        visit.trail.findings.append(Finding(key, at, received=received))

    return Desk(
        register=Register(visit.transaction, environment),
        environment=environment,
        now=visit.now.astimezone(ZoneInfo(contract.constant("time_zone"))),
        settings=visit.settings,
        contract=contract,
        caller=None,
        subject="",
        next_number=lambda series: visit.ids.number(f"izr.{series}.{environment}"),
        post=send,
        tell=tell,
    )
