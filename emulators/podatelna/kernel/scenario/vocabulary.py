"""The names that a scenario may use: worlds, accounts, calls, errors and settings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
    domain: str = ""
    """The Windows domain of the logins."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All that scenarios may name."""

    worlds: Sequence[str]
    agencies: Mapping[str, AgencyWords]
    accounts: Callable[[str, str], Sequence[Account]]
    """The accounts of a world (first) for an agency, in the order of the world file."""
