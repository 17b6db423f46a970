"""What the register is asked: animals, holdings, ear tags and code lists."""

from collections.abc import Iterable
from datetime import date, datetime

from podatelna_client.izr import reading, writing
from podatelna_client.izr.calling import Call, Caller
from podatelna_client.izr.errors import InvalidInput
from podatelna_client.izr.fields import Fields
from podatelna_client.izr.model import (
    ACTIVE,
    KEEPER,
    AnimalDetail,
    CodeList,
    Holding,
    HoldingChanges,
    KeptAnimal,
    TagOrder,
)

BASIC = "Zaklad"
"""The kind of data of an animal that is publicly described. Others are Hlaseni, Polohy,
PolohyStaje, SystemChovu, Potomci, Zmetani and PrirozenaPlemenitba."""


class Questions:
    """Questions change nothing. Holdings and code lists are public: asked without signing in."""

    _caller: Caller

    def animals(
        self,
        holding: str | None = None,
        species: str | None = None,
        day: date | None = None,
        categories: bool | None = None,
    ) -> tuple[KeptAnimal, ...]:
        """The subject's animals, now or on a day (IZR_GAZ01B).

        `categories` is what the service calls KATEGORIEAEO.
        """
        payload = {**self._animals(holding, species, True), "DATUM": day}
        payload["KATEGORIEAEO"] = categories
        return self._caller.result(_asking("IZR_GAZ01B", payload), reading.kept_animals)

    def last_change_of_animals(
        self, holding: str | None = None, species: str | None = None
    ) -> datetime | None:
        """When `animals` would last have answered something else (IZR_GAZ01B)."""
        payload = self._animals(holding, species, False)
        return self._caller.result(_asking("IZR_GAZ01B", payload), reading.last_change)

    def animal_details(
        self, animals: Iterable[tuple[str, str]], kinds: Iterable[str] = (BASIC,)
    ) -> tuple[AnimalDetail, ...]:
        """Animals by ear tag and species (IZR_ZVI01A). Answers may change backwards in time."""
        payload = writing.animal_details(animals, kinds)
        return self._caller.result(_asking("IZR_ZVI01A", payload), reading.animal_details)

    def ordered_tags(
        self,
        holding: str,
        species: str | None = None,
        start: date | None = None,
        end: date | None = None,
    ) -> tuple[TagOrder, ...]:
        """Orders of ear tags, and how many of each are not used yet (IZR_OUZ01A)."""
        payload = {"Provozovna": holding, "Druh": species, "DatumOd": start, "DatumDo": end}
        return self._caller.result(_asking("IZR_OUZ01A", payload), reading.tag_orders)

    def holdings(
        self, kind: str = KEEPER, state: str = ACTIVE, region: str | None = None
    ) -> tuple[Holding, ...]:
        """All holdings of a kind, such as KEEPER (IZR_PRO01B). `region` has two characters."""
        payload = {**_holdings(kind, state), "KODKRAJE": region}
        return self._caller.result(_public("IZR_PRO01B", payload), reading.holdings)

    def changed_holdings(
        self, since: date | None = None, kind: str = KEEPER, state: str = ACTIVE
    ) -> HoldingChanges:
        """Holdings of a kind that have changed since a day, or all (IZR_PRO01A)."""
        payload = {"GETDATA": True, "DATUM": since, **_holdings(kind, state)}
        return self._caller.result(_public("IZR_PRO01A", payload), reading.holding_changes)

    def last_change_of_holdings(self, kind: str = KEEPER, state: str = ACTIVE) -> datetime | None:
        """When a holding of a kind last changed (IZR_PRO01A)."""
        payload = {"GETDATA": False, **_holdings(kind, state)}
        return self._caller.result(_public("IZR_PRO01A", payload), reading.last_change)

    def code_lists(self, name: str | None = None) -> tuple[CodeList, ...]:
        """The code lists of the other services, or the one of a name (IZR_GCZ01A)."""
        return self._caller.result(_public("IZR_GCZ01A", {"CISELNIK": name}), reading.code_lists)

    def _animals(self, holding: str | None, species: str | None, data: bool) -> dict[str, object]:
        # SZRID is misplaced there, says the data model, which has it all the same.
        subject = self._caller.access.subject
        if not subject:
            raise InvalidInput("animals are those of a subject: name one when making the client")
        return {"SZRID": int(subject), "PROVOZOVNA": holding, "DRUH": species, "GETDATA": data}


def _holdings(kind: str, state: str) -> Fields:
    return {"STAVPROVOZOVNY": state, "TYPPROVOZOVNY": kind}


def _asking(service: str, payload: Fields) -> Call:
    return Call(service=service, payload=payload)


def _public(service: str, payload: Fields) -> Call:
    return Call(service=service, payload=payload, signed=False)
