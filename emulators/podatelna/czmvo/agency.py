"""CZMVO AMS, put together."""

from functools import partial

from podatelna.czmvo import filter as exceptions
from podatelna.czmvo import inbox, listing, office, service, tokens, writing
from podatelna.czmvo.credentials import NAME
from podatelna.czmvo.door import RAISED as RAISED_AT_THE_DOOR
from podatelna.czmvo.door import Door
from podatelna.czmvo.functions import NAMES
from podatelna.czmvo.lists import Lists
from podatelna.czmvo.seeding import seed
from podatelna.czmvo.tables import TABLES
from podatelna.czmvo.timetable import Timetable
from podatelna.kernel.agency import Agency
from podatelna.kernel.catalogue import hold_together
from podatelna.kernel.contract import Contract


def build() -> Agency:
    """The agency; refuses to start when what it reports and errors.yaml do not cover each other."""
    contract = Contract(NAME)
    hold_together(
        contract.errors,
        (),
        (
            *RAISED_AT_THE_DOOR,
            *tokens.RAISED,
            *service.RAISED,
            *inbox.RAISED,
            *listing.RAISED,
            *writing.RAISED,
            *exceptions.RAISED,
        ),
    )
    door, lists = Door(contract), Lists(contract)
    web_service = service.Service(door, tokens.TokenDesk(door), lists)
    return Agency(
        name=NAME,
        title="CZMVO AMS, alerts of the medicines verification system",
        contract=contract,
        paths=("/alerts", "/filter", "/auth/token", "/t", "/beta"),
        handler=web_service.handle,
        authenticate=door.authenticate,
        operation_of=web_service.operation_of,
        failed=door.failed,
        tables=TABLES,
        seed=partial(seed, lists),
        settle=Timetable(lists).settle,
        secrets_of=tokens.secrets_of,
        operations=NAMES,
        hosts={"api.czmvo.cz": "", "betaapi.czmvo.cz": "/beta"},
        root_queries=("connection",),
        admin=office.calls(web_service),
    )
