"""SDNS, put together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from podatelna.kernel.agency import Agency, Signers
from podatelna.kernel.authority import KINDS, Kind
from podatelna.kernel.catalogue import hold_together
from podatelna.kernel.contract import Contract
from podatelna.kernel.visit import Visit
from podatelna.sdns import office, processing, querying, service, takeover
from podatelna.sdns.certificates import identity
from podatelna.sdns.desk import open_desk
from podatelna.sdns.directory import NAME
from podatelna.sdns.rules import RULES
from podatelna.sdns.seeding import seed
from podatelna.sdns.service import Service, Work
from podatelna.sdns.tables import TABLES
from podatelna.sdns.timetable import REMINDERS


def build() -> Agency:
    """The agency; refuses to start when what it reports and errors.yaml do not cover each other."""
    contract = Contract(NAME)
    reporting = (service, takeover, processing, querying)
    hold_together(contract.errors, RULES, [key for each in reporting for key in each.RAISED])
    work = Work(
        open_desk,
        takeover.take_over,
        querying.get_params,
        querying.perform_query,
        querying.crashed,
    )
    services = Service(contract, work)
    return Agency(
        name=NAME,
        title="SDNS, reports to the Czech National Bank",
        contract=contract,
        paths=tuple(contract.constant("roots")),
        handler=services.handle,
        authenticate=services.authenticate,
        operation_of=services.operation_of,
        failed=services.failed,
        tables=TABLES,
        seed=partial(seed, contract),
        settle=partial(settle, contract=contract),
        secrets_of=services.secrets_of,
        operations=services.operations,
        hosts=dict.fromkeys(contract.constant("hosts"), ""),
        admin=office.calls(contract),
        signers=signers,
    )


def settle(visit: Visit, contract: Contract) -> None:
    """Do all that has fallen due: steps of processing, and reminders."""
    processing.settle(visit, contract, [REMINDERS])


def signers(login: str) -> Signers:
    """Certificate and key of each kind. They are made when they are asked for."""
    return _Signers(login)


@dataclass(frozen=True)
class _Signers(Mapping[str, tuple[str, str]]):
    login: str

    def __getitem__(self, kind: str) -> tuple[str, str]:
        known: dict[str, Kind] = {name: name for name in KINDS}
        found = identity(self.login, known[kind])
        return found.certificate_pem.decode(), found.key_pem.decode()

    def __iter__(self) -> Iterator[str]:
        return iter(KINDS)

    def __len__(self) -> int:
        return len(KINDS)
