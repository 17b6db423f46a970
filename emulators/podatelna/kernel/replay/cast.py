"""Who calls in a scenario: accounts of its world, each with a reference client."""

from dataclasses import asdict, dataclass, field
from typing import Any

from podatelna.kernel.replay.words import actors
from podatelna.kernel.scenario.file import ScenarioFile
from podatelna.kernel.scenario.part import Caller
from podatelna.kernel.scenario.vocabulary import Credentials, Vocabulary


@dataclass(frozen=True, slots=True)
class Cast:
    """The callers of one scenario. A client stays signed in from one step to the next."""

    file: ScenarioFile
    vocabulary: Vocabulary
    url: str
    """What stands in front of the agency's real paths."""
    stranger: Credentials | None = None
    """Who calls where the world's accounts mean nothing."""
    _actors: dict[Credentials, Any] = field(default_factory=dict)

    @property
    def agency(self) -> str:
        return self.file.scenario.agency

    def account(self, caller: Caller | None) -> Credentials:
        """Whom a step means; without a caller the first account of the world."""
        accounts = self.vocabulary.accounts(self.file.world, self.agency)
        if caller is None:
            return self.stranger or accounts[0]
        nobody = Credentials(accounts[0].environment, caller.login, "")
        known = (one for one in accounts if one.is_for(caller.login, caller.environment))
        found = next(known, nobody)
        return Credentials(
            environment=caller.environment or found.environment,
            login=caller.login,
            password=found.password if caller.password is None else caller.password,
            kind=caller.kind or found.kind,
        )

    def actor(self, account: Credentials) -> Any:
        """The client of an account, as `podatelna_client.actor` makes it."""
        if account not in self._actors:
            about = asdict(account) | {"url": self.url}
            if signers := self.vocabulary.agencies[self.agency].signers(account.login):
                about["signers"] = signers
            self._actors[account] = actors().actor(self.agency, **about)
        return self._actors[account]

    def leave(self) -> None:
        """Close all connections; whoever calls again signs in anew."""
        for actor in self._actors.values():
            actor.close()
        self._actors.clear()
