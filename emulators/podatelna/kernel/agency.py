"""What the rest of the house knows about an agency."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, MetaData

from podatelna.kernel.contract import Contract
from podatelna.kernel.controls import GivenSettings
from podatelna.kernel.exchange import Request, Response
from podatelna.kernel.settings import SettingRefusedError
from podatelna.kernel.visit import Handler, Step, Visit

Seed = Callable[[Connection, Mapping[str, Any]], None]
"""Writes the agency's part of a world file into an empty database."""

AdminCall = Callable[[Visit], Response]
"""An agency's own call under `/_podatelna/`; its answer is JSON or the agency's document."""


def _no_secrets(request: Request) -> Iterable[str]:
    """Most agencies are told their secrets in headers only."""
    return ()


Signers = Mapping[str, tuple[str, str]]
"""By kind, a certificate and its private key, both PEM."""


def _no_signers(login: str) -> Signers:
    """Most agencies want nothing signed."""
    return {}


def _nothing_due(visit: Visit) -> None:
    """An agency that decides at once has nothing to settle."""


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency, put together: a function on visits, and what the steps around it need."""

    name: str
    title: str
    contract: Contract
    paths: tuple[str, ...]
    """Lower-case beginnings of the paths it answers, in any case of letters, in whole segments.

    `/t` stands for `/t` and `/t/alerts`, not for `/tx`.
    """
    handler: Handler
    authenticate: Step
    operation_of: Callable[[Request], str]
    """The operation that a request calls, before anything is read of its body; "" if none."""
    failed: Callable[[Request, datetime], Response]
    """The agency's own answer when the program behind it has crashed; takes the sandbox's time."""
    tables: MetaData
    seed: Seed
    settle: Callable[[Visit], None] = _nothing_due
    """Do all that has fallen due until `visit.now`, in the order of due times."""
    secrets_of: Callable[[Request], Iterable[str]] = _no_secrets
    """Texts of a request besides those in headers that the journal must not record."""
    operations: tuple[str, ...] = ()
    """The names that `operation_of` gives, in the contract's order; empty: not checked."""
    admin: Mapping[str, AdminCall] = field(default_factory=dict)
    signers: Callable[[str], Signers] = _no_signers
    """With what a login's test certificates sign, for those who play its part."""
    hosts: Mapping[str, str] = field(default_factory=dict)
    """Host names of its own, in lower case, and what is put before each path that is asked there.

    There it answers at any path, so that a client may be sent here by name alone.
    """
    root_queries: tuple[str, ...] = ()
    """Parameters of a query by which a bare `/` is this agency's."""
    open_ended: bool = False
    """Whether paths may go on in their last segment, too: IIS answers at /x.svcfoo as at /x.svc."""


def check_settings(agencies: Mapping[str, Agency], given: GivenSettings) -> None:
    """Raise SettingRefusedError for the first value that no agency takes."""
    for name, values in given.items():
        if name not in agencies:
            known = ", ".join(agencies)
            raise SettingRefusedError(f"there is no agency called {name}; there are {known}")
        for setting, value in values.items():
            agencies[name].contract.settings.check(setting, value)
