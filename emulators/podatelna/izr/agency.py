"""IZR, put together."""

from functools import partial

from podatelna.izr import (
    collection,
    door,
    gateway,
    holdings,
    moves,
    office,
    premises,
    processing,
    reading,
)
from podatelna.izr.credentials import NAME
from podatelna.izr.rules import RULES
from podatelna.izr.schemas import Schemas
from podatelna.izr.seeding import seed
from podatelna.izr.services import SERVICES
from podatelna.izr.tables import TABLES
from podatelna.kernel.agency import Agency
from podatelna.kernel.catalogue import hold_together
from podatelna.kernel.contract import Contract


def build() -> Agency:
    """The agency; refuses to start when what it reports and errors.yaml do not cover each other."""
    contract = Contract(NAME)
    reporting = (door, gateway, reading, premises, collection, processing, moves, holdings)
    raised = [key for module in reporting for key in module.RAISED]
    hold_together(contract.errors, RULES, raised)
    entrance = door.Door(contract, SERVICES)
    epo = gateway.Gateway(entrance, Schemas(contract))
    return Agency(
        name=NAME,
        title="IZR, the register of farm animals behind the eAGRI gateway",
        contract=contract,
        paths=("/ssl/nosso-app",),
        handler=epo.handle,
        authenticate=entrance.authenticate,
        operation_of=epo.operation_of,
        failed=entrance.failed,
        tables=TABLES,
        seed=partial(seed, contract),
        settle=partial(processing.settle, contract=contract),
        secrets_of=epo.secrets_of,
        operations=tuple(SERVICES),
        hosts=dict.fromkeys(contract.constant("hosts"), ""),
        admin=office.calls(contract),
    )
