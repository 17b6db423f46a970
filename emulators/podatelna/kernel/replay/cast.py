"""Who calls in a scenario: accounts of its world, each with a reference client."""

from dataclasses import dataclass, field, replace
from typing import Any

from podatelna.kernel.accounts import Account
from podatelna.kernel.replay.words import actors
from podatelna.kernel.scenario.model import Scenario
from podatelna.kernel.scenario.part import Caller
from podatelna.kernel.scenario.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Cast:
    """The callers of one scenario. A client stays signed in from one step to the next."""

    scenario: Scenario
    vocabulary: Vocabulary
    url: str
    """What stands in front of the agency's real paths."""
    stranger: Account | None = None
    """Who calls where the world's accounts mean nothing."""
    _actors: dict[tuple[object, ...], Any] = field(default_factory=dict)

    def account(self, caller: Caller | None) -> Account:
        """Whom a step means; without a caller the first account of the world."""
        accounts = self.vocabulary.accounts(self.scenario.given.world, self.scenario.agency)
        if caller is None:
            return self.stranger or accounts[0]
        known = next((account for account in accounts if _is(account, caller)), None)
        nobody = Account(self.scenario.agency, accounts[0].environment, caller.login, "")
        return replace(
            known or nobody,
            login=caller.login,
            environment=caller.environment or (known or nobody).environment,
            password=(known or nobody).password if caller.password is None else caller.password,
        )

    def actor(self, account: Account, timeout: float | None) -> Any:
        """The client of an account, as `podatelna_client.actor` makes it."""
        key = (account.environment, account.login, account.password, timeout)
        if key not in self._actors:
            self._actors[key] = actors().actor(
                self.scenario.agency,
                self.url,
                account.environment,
                account.login,
                account.password,
                timeout=timeout,
            )
        return self._actors[key]

    def leave(self) -> None:
        """Close all connections."""
        for actor in self._actors.values():
            actor.close()


def _is(account: Account, caller: Caller) -> bool:
    there = caller.environment in ("", account.environment)
    return there and account.login == caller.login.lower()
