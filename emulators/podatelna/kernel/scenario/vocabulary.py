"""The names that a scenario may use: worlds, accounts, calls, errors and settings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypedDict

from podatelna.kernel.catalogue import Errors
from podatelna.kernel.settings import SettingBook


class Call(TypedDict):
    """A method of a reference client, as its actor describes it."""

    takes: Mapping[str, Any]
    """Arguments and their shapes; see `shapes`."""
    exclusive: Sequence[Sequence[str]]
    """Arguments of which one excludes the others."""
    answers: Mapping[str, Any]
    """What can be expected of the answer, by name: its shape."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """With what somebody signs in at one environment of an agency."""

    environment: str
    login: str
    """As it is written; agencies do not look at its case."""
    password: str = field(repr=False)
    kind: str = ""
    """Where the agency has several; empty: not said."""

    def is_for(self, login: str, environment: str = "") -> bool:
        """Whether it is this login, in this environment or, without one, in any."""
        return environment in ("", self.environment) and self.login.lower() == login.lower()


def tells_nothing(_: bytes) -> int | str | None:
    """Of agencies whose answers have no error of their own."""
    return None


def signs_nothing(_: str) -> Mapping[str, tuple[str, str]]:
    """Of agencies that want nothing signed."""
    return {}


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
    kinds: Sequence[str] = ()
    """Of credentials."""
    code_of: Callable[[bytes], int | str | None] = tells_nothing
    """The error that an answer's body tells: its number, or where it has none its text."""
    signers: Callable[[str], Mapping[str, tuple[str, str]]] = signs_nothing
    """A login's test certificates: by kind the certificate and its private key, both PEM."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All that scenarios may name."""

    worlds: Sequence[str]
    agencies: Mapping[str, AgencyWords]
    data: Callable[[str], Mapping[str, Mapping[str, Any]]]
    """What a world holds, by agency. Takes its name or the path of its file; raises ValueError."""

    def accounts(self, world: str, agency: str) -> list[Credentials]:
        """The accounts of a world, in the order of its file.

        In world files an agency's part is a mapping of environments, each with a list of `accounts`
        that have a `login` and a `password`, where there are several kinds a `kind`, and what else
        the agency wants to know of them. Raises ValueError if the world is none.
        """
        environments = self.data(world).get(agency, {})
        try:
            return [
                Credentials(environment, row["login"], row["password"], row.get("kind", ""))
                for environment, part in environments.items()
                for row in part.get("accounts", ())
            ]
        except (AttributeError, KeyError, TypeError) as error:
            text = f"world {world}: {agency}: accounts have a login and a password"
            raise ValueError(text) from error


@dataclass(frozen=True, slots=True)
class Reader:
    """What names are looked up in while one scenario is read."""

    words: AgencyWords
    world: str
    accounts: Sequence[Credentials]
    folder: Path
    """Files are named from here."""

    def environments(self) -> list[str]:
        """Of the agency in this world."""
        return list(dict.fromkeys(account.environment for account in self.accounts))
