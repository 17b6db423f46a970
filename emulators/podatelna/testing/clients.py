"""Reference clients for a test, made by name: the emulator does not import them."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from podatelna.testing.box import Account, AgencyDoor

_CLASSES: Final = {
    "ubyport": "UbyportClient",
    "izr": "IzrClient",
    "czmvo": "CzmvoClient",
    "sdns": "SdnsClient",
}


def make_client(door: "AgencyDoor", account: "Account", options: Mapping[str, Any]) -> Any:
    """The client of an agency, on its way to the account's environment."""
    paths = import_module("podatelna_client.actor").PATHS[door.name]
    url = door.url + paths[account.environment]
    kind = getattr(import_module(f"podatelna_client.{door.name}"), _CLASSES[door.name])
    told = _ARGUMENTS.get(door.name, _signed_in)(door, account)
    return kind(url, account.login, account.password, *told, **options)


def _signed_in(_: "AgencyDoor", __: "Account") -> tuple[str, ...]:
    return ()


def _for_its_subject(_: "AgencyDoor", account: "Account") -> tuple[str, ...]:
    """The one that a login acts for; "": the caller says which."""
    subjects = account.about.get("subjects", ())
    return (subjects[0] if len(subjects) == 1 else "",)


def _of_its_sender(door: "AgencyDoor", account: "Account") -> tuple[str, ...]:
    """The three digits of the file names, and the communicating subject."""
    sender = account.about["subject"]
    subjects = door.world[account.environment]["subjects"]
    prefix = next(each["prefix"] for each in subjects if each["code"] == sender)
    return prefix, sender


_ARGUMENTS: Final[Mapping[str, Callable[["AgencyDoor", "Account"], tuple[str, ...]]]] = {
    "izr": _for_its_subject,
    "sdns": _of_its_sender,
}
