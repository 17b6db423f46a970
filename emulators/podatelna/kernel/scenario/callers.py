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
    there = [
        account.login
        for account in reader.accounts
        if caller.environment in ("", account.environment)
    ]
    where = f"environment {caller.environment} of " if caller.environment else ""
    known = caller.login.lower() in there
    if known and caller.unknown:
        yield Refusal((*place, "unknown"), f"{where}world {reader.world} knows {caller.login}")
    if caller.unknown and caller.password is None:
        yield Refusal((*place, "unknown"), "an unknown login needs a password")
    if not known and not caller.unknown:
        hint = meant(caller.login.lower(), there)
        text = f"{where}world {reader.world} has no account {caller.login}{hint}"
        yield Refusal((*place, "login"), text)
