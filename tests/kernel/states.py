"""What is to be seen of a sandbox, and what is done to all of it."""

from datetime import timedelta
from typing import Any

from podatelna.kernel.disruptions import Disruption, plan, planned
from podatelna.kernel.journal import Exchange, exchanges
from tests.kernel.depot import House

MINUTE = timedelta(minutes=1)


def journal_of(of: House, name: str = "default") -> list[Exchange]:
    with of.sandboxes.open(name) as transaction:
        return exchanges(transaction)


def state_of(of: House, name: str) -> dict[str, Any]:
    """All that tells one sandbox from another."""
    with of.sandboxes.open(name) as transaction:
        plans = planned(transaction)
    return {
        "data": of.whats(name),
        "now": of.sandboxes.now(name),
        "settings": of.sandboxes.settings(name, "depot"),
        "journal": journal_of(of, name),
        "disruptions": plans,
    }


def disrupt(of: House, name: str = "default") -> None:
    with of.sandboxes.open(name) as transaction:
        plan(transaction, Disruption("depot", "garble"))
