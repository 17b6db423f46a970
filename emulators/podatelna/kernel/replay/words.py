"""What scenarios may name, gathered from contracts, worlds and the reference clients."""

from collections.abc import Mapping
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

from lxml import etree

from podatelna.kernel.agency import Agency
from podatelna.kernel.contract import Contract
from podatelna.kernel.scenario.vocabulary import AgencyWords, Vocabulary, tells_nothing
from podatelna.kernel.world import load_world, read_world, world_names

_WSDL = "http://schemas.xmlsoap.org/wsdl/"


def actors() -> Any:
    """The module that drives the reference clients. They share nothing with this house, not even
    an import; it is looked up by its name, when scenarios are replayed."""
    return import_module("podatelna_client.actor")


def vocabulary(agencies: Mapping[str, Agency]) -> Vocabulary:
    """The names of these agencies and of all worlds."""

    @cache
    def data(world: str) -> Mapping[str, Mapping[str, Any]]:
        if world.endswith(".yaml"):
            return read_world(Path(world), agencies).data
        return load_world(world, agencies).data

    words = {name: _words(agency) for name, agency in agencies.items()}
    return Vocabulary(world_names(), words, data)


def answers() -> Mapping[str, Any]:
    """What calls of any agency answer: by name, the shapes that it has."""
    found: dict[str, tuple[Any, ...]] = {}
    for calls in actors().CALLS.values():
        for name, shape in (pair for call in calls.values() for pair in call["answers"].items()):
            if shape not in found.setdefault(name, ()):
                found[name] += (shape,)
    return found


def _words(agency: Agency) -> AgencyWords:
    """An agency that no client has an actor for can still be sent requests."""
    clients, contract, name = actors(), agency.contract, agency.name
    return AgencyWords(
        name=name,
        settings=contract.settings,
        errors=contract.errors,
        calls=clients.CALLS.get(name, {}),
        defaults=clients.DEFAULTS.get(name, {}),
        namespaces=clients.NAMESPACES.get(name, {}),
        admin=list(agency.admin),
        operations=list(agency.operations) or _operations(contract),
        kinds=clients.KINDS.get(name, ()),
        code_of=partial(clients.code_of, name) if name in clients.CALLS else tells_nothing,
        signers=agency.signers,
    )


def _operations(contract: Contract) -> list[str]:
    """The operations of the contract's WSDL."""
    found = [
        str(operation.get("name"))
        for path in sorted(contract.folder.glob("*.wsdl"))
        for operation in etree.parse(path).iterfind(f"{{{_WSDL}}}portType/{{{_WSDL}}}operation")
    ]
    return list(dict.fromkeys(found))
