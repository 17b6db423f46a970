"""What scenarios may name, gathered from contracts, worlds and the reference clients."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

from lxml import etree

from podatelna.kernel.agency import Agency
from podatelna.kernel.contract import Contract
from podatelna.kernel.scenario.vocabulary import AgencyWords, Vocabulary
from podatelna.kernel.world import load_world, world_names

_WSDL = "http://schemas.xmlsoap.org/wsdl/"


def actors() -> Any:
    """The module that drives the reference clients. They share nothing with this house, not even
    an import; it is looked up by its name, when scenarios are replayed."""
    return import_module("podatelna_client.actor")


def vocabulary(agencies: Mapping[str, Agency]) -> Vocabulary:
    """The names of these agencies and of all worlds."""

    @cache
    def data(world: str) -> Mapping[str, Mapping[str, Any]]:
        return load_world(world, agencies).data

    words = {name: _words(agency) for name, agency in agencies.items()}
    return Vocabulary(world_names(), words, data)


def _words(agency: Agency) -> AgencyWords:
    clients, contract = actors(), agency.contract
    domain = contract.constants.get("domain")
    return AgencyWords(
        name=agency.name,
        settings=contract.settings,
        errors=contract.errors,
        calls=clients.CALLS[agency.name],
        defaults=clients.DEFAULTS[agency.name],
        namespaces=clients.NAMESPACES[agency.name],
        admin=list(agency.admin),
        operations=_operations(contract),
        domain=domain.value if domain else "",
    )


def _operations(contract: Contract) -> list[str]:
    """The operations of the contract's WSDL."""
    found = [
        str(operation.get("name"))
        for path in sorted(contract.folder.glob("*.wsdl"))
        for operation in etree.parse(path).iterfind(f"{{{_WSDL}}}portType/{{{_WSDL}}}operation")
    ]
    return list(dict.fromkeys(found))
