"""The services behind the gateway, by vOKOid, in the order of the contract's list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from podatelna.izr import animals, codes, details, events, holdings, logs, moves, orders
from podatelna.izr.desk import Desk
from podatelna.izr.model import Access, ServiceError, Tree
from podatelna.izr.reading import Element

Run = Callable[[Desk, Element], Tree | ServiceError]
"""The caller's `Request`, with canonical names, without namespaces and valid by the schema, as the
children of the answer's `Response`."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service, and who may call it."""

    id: str
    access: Access
    run: Run


SERVICES: Mapping[str, Service] = {
    service.id: service
    for service in (
        Service(moves.ID, "PF", moves.run),
        Service(logs.ID, "PF", logs.run),
        Service(events.SHEEP, "PF", events.run_sheep),
        Service(events.GOATS, "PF", events.run_goats),
        Service(animals.ID, "PF", animals.run),
        Service(details.ID, "PF", details.run),
        Service(orders.ID, "PF", orders.run),
        Service(holdings.CHANGES, "BA", holdings.run_changes),
        Service(holdings.BY_REGION, "BA", holdings.run_by_region),
        Service(codes.ID, "BA", codes.run),
    )
}
