"""Payloads of the typed calls: names and orders of the data models.

Of IZR_ODH01B the names stand in its table of errors; their order and nesting follow its siblings.
"""

from collections.abc import Iterable
from datetime import date

from podatelna_client.izr.fields import Fields
from podatelna_client.izr.model import Event, EventReport, Move


def move(report: Move, only_verify: bool, email: str | None) -> Fields:
    """IZR_ODH01B."""
    return {
        "JenOverit": only_verify,
        "EMAIL": email,
        "HLASENI": {
            "PROVOZOVNA": report.holding,
            "STAJ": report.stable,
            "CISLOOP": report.identity_card,
            "ULICE": report.street,
            "CISLO": report.house_number,
            "OBEC": report.town,
            "CASTOBCE": report.town_part,
            "PSC": report.postal_code,
            "ZVIRATA": {
                "ZVIRE": [
                    {
                        "USNIZNAMKA": animal.tag,
                        "DRUH": animal.species,
                        "DATUMPREMISTENI": animal.moved,
                    }
                    for animal in report.animals
                ]
            },
        },
    }


def events(report: EventReport, only_verify: bool, email: str | None) -> Fields:
    """IZR_OZO01A and IZR_OZK01A."""
    return {
        "ZasilaneHlaseni": {
            "Provozovna": report.holding,
            "Staj": report.stable,
            "Hlaseni": [_event(event) for event in report.events],
        },
        "JenOverit": only_verify,
        "EMAIL": email,
    }


def _event(event: Event) -> Fields:
    carrier = event.carrier
    return {
        "Provozovna": event.holding,
        "Zeme": event.country,
        "KodPohybu": event.code,
        "Datum": event.day,
        "UsniZnamka": event.tag,
        "Matka": event.mother,
        "Dopravce": carrier
        and {
            "RegCisloDopravce": carrier.registration,
            "Jmeno": carrier.first_name,
            "Prijmeni": carrier.last_name,
            "ZnackaVozidla": carrier.number_plate,
            "Pesi": carrier.on_foot,
        },
    }


def logs(
    period: tuple[date, date], holding: str | None, species: str | None, *, rows: bool
) -> Fields:
    """IZR_CHIZZ01B. Without rows it tells only when something last changed."""
    start, end = period
    return {
        "PROVOZOVNA": holding,
        "DRUH": species,
        "DATUMOD": start,
        "DATUMDO": end,
        "GETDATA": rows,
    }


def animal_details(animals: Iterable[tuple[str, str]], kinds: Iterable[str]) -> Fields:
    """IZR_ZVI01A; an animal is its ear tag and its species."""
    return {
        "TYPDATA": [{"TYP": kind} for kind in kinds],
        "USNIZNAMKY": [{"USNIZNAMKA": tag, "DRUHZVIRETE": species} for tag, species in animals],
    }
