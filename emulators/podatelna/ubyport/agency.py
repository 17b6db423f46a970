"""Ubyport, put together."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from podatelna.kernel.accounts import Account, add_accounts
from podatelna.kernel.agency import Agency
from podatelna.kernel.catalogue import hold_together
from podatelna.kernel.contract import Contract
from podatelna.ubyport import operations, service
from podatelna.ubyport.desk import Counter
from podatelna.ubyport.door import NAME, PRODUCTION, TEST, Door
from podatelna.ubyport.files import RAISED as RAISED_BY_FILES
from podatelna.ubyport.files import FileDesk
from podatelna.ubyport.model import Facility
from podatelna.ubyport.rules import GUEST_RULES, HEADER_RULES
from podatelna.ubyport.state import TABLES, Register


def build() -> Agency:
    """The agency; refuses to start when rules and errors.yaml do not cover each other."""
    contract = Contract(NAME)
    hold_together(
        contract.errors,
        (*HEADER_RULES, *GUEST_RULES),
        ("unauthorized", "not_found", *operations.RAISED, *service.RAISED, *RAISED_BY_FILES),
    )
    door, counter = Door(contract), Counter(contract)
    web_service = service.Service(contract, door, counter)
    files = FileDesk(counter)
    return Agency(
        name=NAME,
        title="Ubyport, the Foreign Police register of accommodated foreigners",
        contract=contract,
        paths=(contract.constant("path_test"), contract.constant("path_production")),
        open_ended=True,
        handler=web_service.handle,
        authenticate=door.authenticate,
        operation_of=web_service.operation_of,
        failed=web_service.failed,
        tables=TABLES,
        seed=seed,
        operations=web_service.names(),
        admin={
            "unl": files.import_file,
            "stays": files.list_stays,
            "filings": files.list_filings,
            "seal-authority": files.seal_authority,
        },
    )


def seed(transaction: Connection, data: Mapping[str, Any]) -> None:
    """Write facilities and accounts of a world: a mapping of environments to lists of them."""
    for environment, rows in data.items():
        if environment not in (PRODUCTION, TEST):
            raise ValueError(f"ubyport has the environments production and test, not {environment}")
        facilities = [Facility(**row) for row in rows.get("facilities", ())]
        Register(transaction, environment).add_facilities(facilities)
        accounts = (dict(row) for row in rows.get("accounts", ()))
        add_accounts(
            transaction,
            [Account(NAME, environment, subject=str(row.pop("idub")), **row) for row in accounts],
        )
