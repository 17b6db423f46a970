"""What the work of SDNS may touch, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from podatelna.kernel.contract import Contract
from podatelna.kernel.outbox import Letter, post
from podatelna.kernel.rules import Finding
from podatelna.kernel.settings import Settings
from podatelna.kernel.visit import Visit
from podatelna.sdns.methodology import Methodology
from podatelna.sdns.register import Register


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The desk for one call, or for one step of processing."""

    register: Register
    environment: str
    now: datetime
    """The sandbox's time, in the agency's zone."""
    settings: Settings
    contract: Contract
    """The error book, the code lists and the forms of e-mails."""
    methodology: Methodology
    login: str = ""
    """Who calls, in lower case; "" in processing."""
    post: Callable[[str, str, str], None]
    """Send an e-mail: recipient, subject, body."""
    tell: Callable[[str, str, str], None]
    """Tell the journal of a finding: key, place, what was received."""
    note: Callable[[str], None]
    """Write a sentence for the developer into the journal."""


def open_desk(visit: Visit, contract: Contract, environment: str) -> Desk:
    """The desk of an environment at the time of a visit, with nobody at it yet."""
    register = Register(visit.transaction, environment)

    def send(recipient: str, subject: str, body: str) -> None:
        sender = str(contract.constant("mail_sender"))
        post(visit, Letter(contract.agency, sender, recipient, subject, body))

    def tell(key: str, at: str, received: str) -> None:
        visit.trail.findings.append(Finding(key, at, received=received))

    return Desk(
        register=register,
        environment=environment,
        now=visit.now.astimezone(ZoneInfo(contract.constant("time_zone"))),
        settings=visit.settings,
        contract=contract,
        methodology=Methodology.of(contract, register.definitions().values()),
        post=send,
        tell=tell,
        note=visit.trail.notes.append,
    )
