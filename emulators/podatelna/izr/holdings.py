"""IZR_PRO01A and IZR_PRO01B: the list of holdings, for everybody (service page of IZR_PRO01A)."""

from dataclasses import replace
from typing import Final

from podatelna.izr.asking import given, instant_if_given, one_of, readable
from podatelna.izr.codes import codes
from podatelna.izr.days import write_day
from podatelna.izr.desk import Desk
from podatelna.izr.model import Holding, Node, ServiceError, Tree
from podatelna.izr.reading import Element, boolean_of, text_of
from podatelna.izr.register import HoldingSearch

CHANGES: Final = "IZR_PRO01A"
BY_REGION: Final = "IZR_PRO01B"
RAISED = ("date_without_data", "last_change_unknown", "holding_type_unknown")
"""What is reported here without a rule."""

ACTIVE: Final = "A"
CANCELLED: Final = "Z"
BOTH: Final = "X"


@readable
def run_changes(desk: Desk, payload: Element) -> Tree | ServiceError:
    """Holdings of a type that were changed since DATUM, or when one was changed last.

    That is the last change of any holding of the type: to know of a cancellation is what those ask
    for who keep a list of active ones. Errors in the order 10, 12, 11 (ours).
    """
    full, since = boolean_of(payload, "GETDATA"), instant_if_given(desk, payload, "DATUM")
    if since and not full:
        return ServiceError("date_without_data", {}, "DATUM", text_of(payload, "DATUM"))
    search = _search(desk, payload)
    if isinstance(search, ServiceError):
        return search
    if not full:
        return _last_change(desk, search.type)
    return [("ProvozovnyResult", _listed(desk, replace(search, changed_since=since)))]


def _last_change(desk: Desk, kind: str) -> Tree | ServiceError:
    last = desk.register.last_holding_change(kind)
    if not last:
        return ServiceError("last_change_unknown", {}, "GETDATA", kind)
    return [("ProvozovnyResult", [("DATUM", last)])]


@readable
def run_by_region(desk: Desk, payload: Element) -> Tree | ServiceError:
    """Holdings of a type, in a region if KODKRAJE names one."""
    search = _search(desk, payload)
    if isinstance(search, ServiceError):
        return search
    found = _listed(desk, replace(search, region=text_of(payload, "KODKRAJE")))
    return [("ProvozovnyBResult", found)]


def _search(desk: Desk, payload: Element) -> HoldingSearch | ServiceError:
    """By state on this day and type. Raises NotReadable."""
    state = one_of(payload, "STAVPROVOZOVNY", (ACTIVE, CANCELLED, BOTH))
    kind = text_of(payload, "TYPPROVOZOVNY")
    if kind not in codes(desk.contract, "holding_types"):
        return ServiceError("holding_type_unknown", {}, "TYPPROVOZOVNY", kind)
    today = desk.now.date().isoformat()
    return HoldingSearch(
        type=kind,
        active_on=today if state == ACTIVE else "",
        cancelled_by=today if state == CANCELLED else "",
    )


def _listed(desk: Desk, search: HoldingSearch) -> list[Node]:
    return [("PROVOZOVNY", _holding(holding)) for holding in desk.register.holdings(search)]


def _holding(holding: Holding) -> list[Node]:
    return given(
        ("REGCIS", holding.number),
        ("NAZEV", holding.name),
        ("TYPPROVOZOVNY", holding.type),
        ("DATUMPOSLEDNIZMENY", holding.changed),
        ("ZRUSENIREGISTRACE", write_day(holding.cancelled) if holding.cancelled else ""),
    )
