"""A world file's animals, with what happened to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from podatelna.izr.codes import codes
from podatelna.izr.history import CODES, REGISTRATIONS
from podatelna.izr.model import Animal, Holding, Movement, Stable
from podatelna.izr.worldreader import check_day, read_tag
from podatelna.kernel.contract import Contract
from podatelna.kernel.rows import Row, build, one_of, refuse_unknown, remember

Life = tuple[Animal, Sequence[Movement]]
"""An animal with its events in the order of recording."""

_BIRTHS: Final = (21, 22)
"""Which of them is whose tells the code list."""
_TOLD: Final = ("code", "day", "holding", "stable", "other", "country")


@dataclass(frozen=True)
class LifeReader:
    """Reads animals. ValueErrors say what is wrong with a row."""

    contract: Contract
    holdings: Mapping[str, Holding]
    stables: Mapping[tuple[str, str], Stable]
    animals: dict[str, Life] = field(default_factory=dict)

    def animal(self, row: Row) -> Life:
        """An animal with its `movements`.

        Unless these begin with an event that brings it into the register, it was born: on the day
        `born`, at `birth_holding`, in the `stable`. The record of an old tag has no events: they
        are those of the animal that wears the new one.
        """
        row = dict(row)
        later, stable = row.pop("movements", []), row.pop("stable", "")
        animal = self.record(row)
        if not isinstance(later, list):
            raise ValueError(f"movements is a list of mappings, not {later!r}")
        life = [self.movement(animal.tag, each) for each in later]
        if animal.replaced_by:
            if life:
                raise ValueError("movements are those of the tag in replaced_by")
        elif not life or life[0].code not in REGISTRATIONS:
            life.insert(0, self._birth(animal, stable))
        if life:
            animal = replace(animal, entry=life[0].code)
        return remember(self.animals, animal.tag, (animal, life))

    def record(self, row: Row) -> Animal:
        """What is recorded of an animal, without its events."""
        animal = build(Animal, row)
        one_of(codes(self.contract, "species"), animal.species, "species")
        one_of(codes(self.contract, "sexes"), animal.sex, "sex")
        if animal.born:
            check_day(animal.born)
        tags = (animal.dam, animal.sire, animal.replaced_by)
        dam, sire, new = (read_tag(text, animal.species) if text else "" for text in tags)
        own = read_tag(animal.tag, animal.species)
        return replace(animal, tag=own, dam=dam, sire=sire, replaced_by=new)

    def _birth(self, animal: Animal, stable: object) -> Movement:
        if not animal.born or not animal.birth_holding:
            raise ValueError("born and birth_holding must be there, or movements from an entry on")
        where = {"holding": animal.birth_holding, "stable": stable}
        return self.movement(
            animal.tag, {"code": self._code_of_birth(animal), "day": animal.born, **where}
        )

    def movement(self, own: str, row: object) -> Movement:
        """An event of the animal with this tag."""
        if not isinstance(row, Mapping):
            raise ValueError(f"movements is a list of mappings; this is none: {row!r}")
        refuse_unknown(row, _TOLD)
        movement = build(Movement, {"tag": own, **row})
        one_of(CODES, movement.code, "code")
        check_day(movement.day)
        one_of(self.holdings, movement.holding, "holding")
        if movement.stable:
            one_of(self.stables, (movement.holding, movement.stable), "stable")
        return movement

    def _code_of_birth(self, animal: Animal) -> int:
        """The sex that a code tells depends on the species (Q34)."""
        column = "sex_ovc_koz" if animal.species in ("OVC", "KOZ") else "sex_tur"
        events = codes(self.contract, "event_codes")
        fitting = (code for code in _BIRTHS if events[str(code)][column] == animal.sex)
        return next(fitting, _BIRTHS[0])
