"""Answers of the services, as the data models list them. What is not as they say is Unreadable."""

from datetime import datetime

from podatelna_client.izr.codes import two_digits
from podatelna_client.izr.item import Item, truth
from podatelna_client.izr.model import (
    AnimalDetail,
    CodeList,
    CodeRow,
    Detail,
    Holding,
    HoldingChanges,
    KeptAnimal,
    LogEntry,
    TagOrder,
    TagOrderLine,
)
from podatelna_client.soap import Unreadable


def accepted(response: Item) -> None:
    """A report was valid. The name of the result is not public, so there must be just one."""
    result = _result(response)
    if result is None:
        raise Unreadable("the answer holds no result")
    if not truth(result.value, result.place):
        # What is not valid is a fault (service page of IZR_ODH01B).
        raise Unreadable(f"{result.place} is false, which the service never answers")


def last_change(response: Item) -> datetime | None:
    """DATZMENY, or what IZR_PRO01A calls DATUM; None if there is nothing that could change."""
    result = _result(response)
    if result is None:
        return None
    return result.moment_if_any("DATZMENY") or result.moment_if_any("DATUM")


def logs(response: Item) -> tuple[LogEntry, ...]:
    """IZR_CHIZZ01B."""
    return tuple(
        _log_entry(row, species.text("NAZEVDRUHU"), day.moment("DATUMZPRACOVANI"))
        for species in _rows(response, "DRUHZVIRETE")
        for day in species.items("DATUMZPRACOVANI")
        for row in day.items("RADKY")
    )


def _log_entry(row: Item, species: str, processed: datetime) -> LogEntry:
    return LogEntry(
        species=species,
        processed=processed,
        number=row.number("PORADI"),
        severity=row.text("ZAVAZNOST"),
        text=row.text("TEXTCHYBY"),
        code=two_digits(row.text("KODCHYBY", "")),
        reported=row.text("DATUMHLASENI", ""),
        tag=row.text("ZVIRE", ""),
        mother=row.text("MATKA", ""),
        holding=row.text("PROVOZOVNA", ""),
        country=row.text("ZEME", ""),
        movement_code=row.number_if_any("KODPOHYBU"),
    )


def kept_animals(response: Item) -> tuple[KeptAnimal, ...]:
    """IZR_GAZ01B."""
    return tuple(
        KeptAnimal(
            tag=animal.text("USNIZNAMKA"),
            species=species.text("NAZEVDRUHU"),
            holding=holding.text("CZ"),
            stable=stable.text("CISLO", ""),
            sex=animal.text("POHLAVI"),
            reason=animal.number("DUVODZAVEDENI"),
            dairy_status=animal.text("DOJENYSTATUT"),
            breed=animal.text("PLEMENO", ""),
            birth_holding=animal.text("HOSPODARSTVINAROZENI", ""),
            mother=animal.text("CISLOMATKY", ""),
            father=animal.text("CISLOOTCE", ""),
            mark=animal.text("PRIZNAK", ""),
        )
        for holding in _rows(response, "PROVOZOVNA")
        for stable in holding.items("STAJ")
        for species in stable.items("DRUH")
        for animal in species.items("ZVIRE")
    )


_OF_DETAIL = ("usniznamka", "druhzvirete", "pohlavi", "plemeno")


def animal_details(response: Item) -> tuple[AnimalDetail, ...]:
    """IZR_ZVI01A."""
    return tuple(
        AnimalDetail(
            tag=animal.text("USNIZNAMKA"),
            species=animal.text("DRUHZVIRETE"),
            sex=animal.text("POHLAVI"),
            breed=animal.text("PLEMENO", ""),
            more=tuple(
                _detail(part) for part in animal.children if part.name.lower() not in _OF_DETAIL
            ),
        )
        for animal in _rows(response, "USNIZNAMKY")
    )


def _detail(item: Item) -> Detail:
    parts = tuple(_detail(child) for child in item.children)
    return Detail(item.name, "" if parts else item.value, parts)


def tag_orders(response: Item) -> tuple[TagOrder, ...]:
    """IZR_OUZ01A."""
    return tuple(
        TagOrder(
            species=species.text("NazevDruhu"),
            received=order.moment("DatumPrijeti"),
            manufacturer=order.number("VyrobceSZRID"),
            number=order.number("Poradi"),
            ordered_by=order.text("NazevSubjektu", ""),
            note=order.text("Poznamka", ""),
            phone=order.text("KontaktniTelefon", ""),
            lines=tuple(_tag_order_line(line) for line in order.items("Radky")),
        )
        for species in _rows(response, "DruhZvirete")
        for order in species.items("Objednavky")
    )


def _tag_order_line(line: Item) -> TagOrderLine:
    return TagOrderLine(
        count=line.number("Pocet"),
        first=line.text("UzOd", ""),
        last=line.text("UzDo", ""),
        unused=line.number("ZbyvaZnamek"),
        sex=line.text("Pohlavi"),
        colour=line.text("BarvaZnamky"),
    )


def holdings(response: Item) -> tuple[Holding, ...]:
    """IZR_PRO01B, and the rows of IZR_PRO01A."""
    return tuple(
        Holding(
            number=row.text("REGCIS"),
            name=row.text("NAZEV", ""),
            type=row.text("TYPPROVOZOVNY", ""),
            changed=row.moment_if_any("DATUMPOSLEDNIZMENY"),
            cancelled=row.moment_if_any("ZRUSENIREGISTRACE"),
        )
        for row in _rows(response, "PROVOZOVNY")
    )


def holding_changes(response: Item) -> HoldingChanges:
    """IZR_PRO01A."""
    return HoldingChanges(holdings(response), last_change(response))


def code_lists(response: Item) -> tuple[CodeList, ...]:
    """IZR_GCZ01A. Nothing of it is public but the name: this is how the sandbox answers."""
    return tuple(
        CodeList(
            listed.text("NAZEV"),
            tuple(
                CodeRow(
                    code=row.text("KOD"),
                    text=row.text("POPIS"),
                    species=row.text("DRUHZVIRETE", ""),
                    valid_from=row.moment_if_any("DATUMOD"),
                    valid_to=row.moment_if_any("DATUMDO"),
                )
                for row in listed.items("POLOZKY")
            ),
        )
        for listed in _rows(response, "CISELNIKY")
    )


def _rows(response: Item, name: str) -> tuple[Item, ...]:
    result = _result(response)
    return () if result is None else result.items(name)


def _result(response: Item) -> Item | None:
    """The one element of an answer: "<MethodName>Result", if the service has anything to say."""
    if len(response.children) > 1:
        raise Unreadable(f"{len(response.children)} results instead of one")
    return response.children[0] if response.children else None
