"""Drives the reference clients by name, for programs that must not import them.

Plain data in, plain data out: whoever replays scenarios needs to know nothing of a client's types.
What the data looks like is said in `podatelna_client.acting`, where each agency has a module; it is
imported when the agency is first asked for.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from podatelna_client.acting import Acting, Actor, Call, Caller, Shape

if TYPE_CHECKING:
    from podatelna_client.acting import czmvo, izr, sdns, ubyport

    _HELD_AGAINST_THE_INTERFACE: tuple[Acting, ...] = (czmvo, izr, sdns, ubyport)

AGENCIES = ("czmvo", "izr", "sdns", "ubyport")


class _Told(Mapping[str, Any]):
    """What each agency's module says under one name."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getitem__(self, agency: str) -> Any:
        if agency not in AGENCIES:
            raise KeyError(agency)
        return getattr(_module(agency), self._name)

    def __iter__(self) -> Iterator[str]:
        return iter(AGENCIES)

    def __len__(self) -> int:
        return len(AGENCIES)


CALLS: Mapping[str, Mapping[str, Call]] = _Told("CALLS")
"""By agency and method: which arguments it `takes`, which exclude each other, what it `answers`."""

DEFAULTS: Mapping[str, Mapping[str, Shape]] = _Told("DEFAULTS")
"""Shapes of the members that `completed` can lay under every call's own."""

NAMESPACES: Mapping[str, Mapping[str, str]] = _Told("NAMESPACES")
"""Prefixes for what the agency answers."""

PATHS: Mapping[str, Mapping[str, str]] = _Told("PATHS")
"""Where each environment answers."""

KINDS: Mapping[str, tuple[str, ...]] = _Told("KINDS")
"""The kinds of credentials, where an agency has several."""


def completed(
    agency: str, method: str, given: Mapping[str, Any], setting: Mapping[str, Any]
) -> dict[str, Any]:
    """The whole arguments of a call of which only the interesting part was given."""
    return _module(agency).completed(method, given, setting)


def actor(agency: str, **caller: Any) -> Actor:
    """Somebody who calls, and can sign others' requests in; takes what `Caller` has."""
    return _module(agency).actor(Caller(**caller))


def code_of(agency: str, body: bytes) -> int | str | None:
    """The error that the body of an answer tells, as the agency numbers or names it."""
    return _module(agency).code_of(body)


def _module(agency: str) -> Acting:
    return cast(Acting, import_module(f"podatelna_client.acting.{agency}"))
