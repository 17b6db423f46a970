"""Whether those who call in a scenario exist."""

from collections.abc import Iterator

from podatelna.kernel.scenario.document import Place, Refusal
from podatelna.kernel.scenario.part import Caller
from podatelna.kernel.scenario.vocabulary import Reader
from podatelna.kernel.spelling import meant


def unknown_environment(reader: Reader, name: str, place: Place) -> Iterator[Refusal]:
    """Refuse an environment in which the world has no account."""
    known = reader.environments()
    if name not in known:
        text = f"{reader.words.name} has no environment {name}{meant(name, known)}"
        yield Refusal(place, text)


def unknown_caller(reader: Reader, caller: Caller, place: Place) -> Iterator[Refusal]:
    """Refuse who is not known, and who is although the scenario says otherwise."""
    if not reader.accounts:
        yield Refusal(place, f"world {reader.world} has no account for {reader.words.name}")
        return
    if caller.environment and caller.environment not in reader.environments():
        yield from unknown_environment(reader, caller.environment, (*place, "environment"))
        return
    yield from _unknown_kind(reader, caller.kind, (*place, "kind"))
    where = f"environment {caller.environment} of " if caller.environment else ""
    if any(account.is_for(caller.login, caller.environment) for account in reader.accounts):
        if caller.unknown:
            yield Refusal((*place, "unknown"), f"{where}world {reader.world} knows {caller.login}")
    elif not (caller.unknown or caller.kind):
        yield from _unknown_login(reader, caller, where, (*place, "login"))
    elif caller.password is None:
        key = "unknown" if caller.unknown else "kind"
        yield Refusal((*place, key), "an unknown login needs a password")


def _unknown_kind(reader: Reader, kind: str, place: Place) -> Iterator[Refusal]:
    known = reader.words.kinds
    if kind and kind not in known:
        yield Refusal(place, f"{reader.words.name} has no credentials {kind}{meant(kind, known)}")


def _unknown_login(reader: Reader, caller: Caller, where: str, place: Place) -> Iterator[Refusal]:
    there = [
        account.login.lower()
        for account in reader.accounts
        if caller.environment in ("", account.environment)
    ]
    hint = meant(caller.login.lower(), there)
    yield Refusal(place, f"{where}world {reader.world} has no account {caller.login}{hint}")
