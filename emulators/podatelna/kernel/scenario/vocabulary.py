"""The names that a scenario may use: worlds, accounts, calls, errors and settings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

from podatelna.kernel.accounts import Account
from podatelna.kernel.catalogue import Errors
from podatelna.kernel.settings import SettingBook


class Call(TypedDict):
    """A method of a reference client, as its actor describes it."""

    takes: Mapping[str, Any]
    """Arguments and their shapes; see `shapes`."""
    exclusive: Sequence[Sequence[str]]
    """Arguments of which one excludes the others."""
    answers: Sequence[str]
    """What can be expected of the answer."""


@dataclass(frozen=True, slots=True)
class AgencyWords:
    """What a scenario of one agency may name."""

    name: str
    settings: SettingBook
    errors: Errors
    calls: Mapping[str, Call]
    defaults: Mapping[str, Any]
    """Shapes of what the calls' arguments may have in common."""
    namespaces: Mapping[str, str]
    """Prefixes for XPath."""
    admin: Sequence[str]
    """The agency's own admin calls."""
    operations: Sequence[str]
    """As disruptions and the journal name them."""
    domain: str = ""
    """The Windows domain of the logins."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All that scenarios may name."""

    worlds: Sequence[str]
    agencies: Mapping[str, AgencyWords]
    data: Callable[[str], Mapping[str, Mapping[str, Any]]]
    """What a world holds, by agency."""

    def accounts(self, world: str, agency: str) -> list[Account]:
        """The accounts of a world, in the order of its file.

        In world files an agency's part is a mapping of environments, each with a list of `accounts`
        that have a `login` and a `password` at least.
        """
        return [
            Account(agency, environment, row["login"].lower(), row["password"])
            for environment, part in self.data(world).get(agency, {}).items()
            for row in part.get("accounts", ())
        ]


@dataclass(frozen=True, slots=True)
class Reader:
    """What names are looked up in while one scenario is read."""

    words: AgencyWords
    world: str
    accounts: Sequence[Account]
    folder: Path
    """Files are named from here."""

    def environments(self) -> list[str]:
        """Of the agency in this world."""
        return list(dict.fromkeys(account.environment for account in self.accounts))
