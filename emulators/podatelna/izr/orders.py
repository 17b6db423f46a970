"""IZR_OUZ01A: ordered ear tags, and how many of them are left (service page of IZR_OUZ01A)."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Final

from podatelna.izr.asking import day_if_given, given, readable
from podatelna.izr.desk import Desk
from podatelna.izr.model import Node, ServiceError, TagOrder, Tree
from podatelna.izr.premises import own_holding
from podatelna.izr.reading import Element, text_of
from podatelna.izr.tagorders import TagOrders

ID: Final = "IZR_OUZ01A"

_LAST_DAY = "9999-12-31"


@readable
def run(desk: Desk, payload: Element) -> Tree | ServiceError:
    """Orders of a holding, by species; those received from DatumOd to DatumDo, both included.

    Errors: 10, 11, 12 and 14.
    """
    species = text_of(payload, "Druh")
    since = day_if_given(desk, payload, "DatumOd")
    until = day_if_given(desk, payload, "DatumDo") or _LAST_DAY
    holding = own_holding(desk, payload.findtext("Provozovna") or "", "Provozovna")
    if isinstance(holding, ServiceError):
        return holding
    orders = [
        order
        for order in TagOrders(desk.register.transaction, desk.environment).of(holding.number)
        if species in ("", order.species) and since <= order.received[:10] <= until
    ]
    found: list[Node] = [
        ("DruhZvirete", [("NazevDruhu", name), *_orders(desk, list(group))])
        for name, group in groupby(orders, attrgetter("species"))
    ]
    return [("ObjednaneUsniZnamkyResult", [("Provozovna", holding.number), *found])]


def _orders(desk: Desk, rows: Sequence[TagOrder]) -> Iterator[Node]:
    """Each order with its rows."""
    for _, group in groupby(rows, attrgetter("received", "sequence")):
        lines = list(group)
        first = lines[0]
        producer = desk.register.subject(first.producer)
        about: list[Node] = [
            ("DatumPrijeti", first.received),
            ("VyrobceSZRID", first.producer),
            ("Poradi", str(first.sequence)),
            *given(("NazevSubjektu", producer.name if producer else ""), ("Poznamka", first.note)),
        ]
        yield ("Objednavky", [*about, *(("Radky", _row(line)) for line in lines)])


def _row(row: TagOrder) -> list[Node]:
    return given(
        ("Pocet", str(row.ordered)),
        ("UzOd", row.first),
        ("UzDo", row.last),
        ("ZbyvaZnamek", str(row.remaining)),
        ("Pohlavi", row.sex),
        ("BarvaZnamky", row.colour),
    )
