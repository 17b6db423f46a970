"""Elements of the answers to queries for the methodology, by ews-result.xsd."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from podatelna.sdns.nodes import Node
from podatelna.sdns.results import day_text, texts
from podatelna.sdns.semantics import Account, AreaDimension, DataType, Dimension, Value
from podatelna.sdns.structure import Area, Column, DataSet, Datum, Edition

_YES_NO: Final = {True: "A", False: "N"}
_KINDS: Final = {
    "element": "InformacniPrvek",
    "item": "PolozkaCiselniku",
    "domain": "DomenaNadDT",
}
_UNCHANGED: Final = ""
"""IndZmeny of what no methodology tells a change of."""

Meanings = Mapping[str, str]
"""Values by the codes of dimensions."""


def editions(found: Iterable[Edition]) -> Node:
    """MetodikySeznam."""
    return Node("MetodikySeznam", [Node("Metodika", _edition(one)) for one in found])


def _edition(edition: Edition) -> list[Node]:
    known = {"Kod": edition.code, "KodFO": edition.area}
    return texts(known | {"PlanOd": day_text(edition.since), "PlanDo": day_text(edition.until)})


def data_sets(methodology: str, found: Iterable[tuple[DataSet, str]]) -> Node:
    """DatoveSouborySeznam: data sets with their marks of change."""
    listed = ([Node("DatovySoubor", _data_set(*one))] for one in found)
    return Node("DatoveSouborySeznam", _grouped(methodology, listed))


def _data_set(data_set: DataSet, change: str) -> list[Node]:
    version = texts({"Verze": str(data_set.version), "Varianta": str(data_set.variant)})
    code, *rest = _described(data_set.code, data_set.name, data_set.about)
    return [code, *version, *rest, Node("IndZmeny", change)]


def content(
    methodology: str, data_set: DataSet, found: Iterable[tuple[Area, str, Datum, Meanings]]
) -> Node:
    """DatoveSouboryObsah: each place of a data set with its area, whose mark of change is told."""
    kept = Node("DatovySoubor", texts({"Kod": data_set.code}))
    listed = (
        [kept, Node("DatovaOblast", _area(area, change)), Node("Udaj", _datum(datum, meanings))]
        for area, change, datum, meanings in found
    )
    return Node("DatoveSouboryObsah", _grouped(methodology, listed))


def _area(area: Area, change: str) -> list[Node]:
    return [*_described(area.code, area.name, area.about), Node("IndZmeny", change)]


def _datum(datum: Datum, meanings: Meanings) -> list[Node]:
    column = datum.column
    known = {
        "IID": str(datum.iid),
        # What stands here is "not settled yet" (ews-result.xsd, ZmenaUdaje).
        "IndZmeny": _UNCHANGED,
        "Radek": str(datum.row),
        "Sloupec": str(column.number),
        "Souctovy": _YES_NO[column.total],
        "Dynamicky": _YES_NO[datum.dynamic],
    }
    told = [Node("SemantickyPopis", _meanings(meanings))] if meanings else []
    return [*texts(known), Node("DatovyTyp", attributes=_type_of(column)), *told]


def _type_of(column: Column) -> Mapping[str, str | None]:
    return {"Datatyp": column.type, "Maska": column.mask or None}


def _meanings(meanings: Meanings) -> list[Node]:
    return [
        Node("Parametr", attributes={"Kod": code, "Hodnota": value})
        for code, value in meanings.items()
    ]


def dimensions(methodology: str, found: Iterable[Dimension]) -> Node:
    """DimenzeSeznam."""
    listed = ([Node("Dimenze", _dimension(one))] for one in found)
    return Node("DimenzeSeznam", _grouped(methodology, listed))


def _dimension(dimension: Dimension) -> list[Node]:
    described = _described(dimension.code, dimension.name, dimension.about)
    return [*described, Node("Dynamicka", _YES_NO[dimension.dynamic])]


def values(methodology: str, found: Iterable[Value]) -> Node:
    """DimenzeObsah: what a dimension can have."""
    listed = (
        [
            Node("Dimenze", texts({"Kod": one.dimension})),
            Node("HodnotaDimenze", [Node(_KINDS[one.kind], _value(one))]),
        ]
        for one in found
    )
    return Node("DimenzeObsah", _grouped(methodology, listed))


def _value(value: Value) -> list[Node]:
    parts = (Node("ElementarniPolozka", part) for part in value.parts)
    return [
        *_described(value.code, value.name, value.about),
        Node("IndZmeny", _UNCHANGED),
        *parts,
    ]


def area_dimensions(methodology: str, area: str, found: Iterable[AreaDimension]) -> Node:
    """DatovaOblastDimenze."""
    kept = Node("DatovaOblast", texts({"Kod": area}))
    listed = ([kept, Node("Dimenze", _area_dimension(one))] for one in found)
    return Node("DatovaOblastDimenze", _grouped(methodology, listed))


def _area_dimension(dimension: AreaDimension) -> list[Node]:
    known = {
        "Kod": dimension.code,
        "TypDimenze": dimension.kind,
        "HodnotaDimenze": dimension.value,
        "IndSouctova": _YES_NO[dimension.total],
    }
    typed = [Node("DatovyTyp", attributes=_type(dimension.type))] if dimension.type else []
    return [*texts(known), *typed]


def _type(told: DataType) -> Mapping[str, str | None]:
    return {
        "Datatyp": told.type,
        "Maska": told.mask or None,
        "Delka": str(told.length),
        "Desetiny": None if told.decimals is None else str(told.decimals),
        "HorniMez": told.most or None,
        "DolniMez": told.least or None,
    }


def accounts(methodology: str, found: Iterable[Account]) -> Node:
    """Ucetnictvi: from which accounts information elements are drawn."""
    listed = (
        [
            Node("InformacniPrvek", texts({"Kod": one.element})),
            Node("VazbaNaUcet", attributes=_account(one)),
        ]
        for one in found
    )
    return Node("Ucetnictvi", _grouped(methodology, listed))


def _account(account: Account) -> Mapping[str, str | None]:
    return {
        "Kod": account.account,
        "TypVazby": account.link,
        "Cast": account.part,
        "Operator": "M" if account.minus else None,
        "Vyberove": "V" if account.selective else None,
    }


def _grouped(methodology: str, listed: Iterable[Iterable[Node]]) -> Iterator[Node]:
    """The methodology is repeated in front of each entry, as data sets are in other lists."""
    kept = Node("Metodika", texts({"Kod": methodology}))
    for entry in listed:
        yield kept
        yield from entry


def _described(code: str, name: str, about: str) -> list[Node]:
    described = {"Kod": code, "Nazev": name} | ({"Popis": about} if about else {})
    return texts(described)
