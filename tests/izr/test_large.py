"""Generated registers."""

from collections import Counter
from typing import Any

import pytest
from factory.random import get_random_state

from podatelna.izr.eartags import canonical, is_tag
from podatelna.izr.history import position
from podatelna.izr.large import Generator, Plan, tag_of
from podatelna.izr.model import PRODUCTION, Position
from podatelna.izr.register import HoldingSearch
from podatelna.izr.rules import Event, Life, first_broken
from tests.izr.houses import EWE, HOME, KEEPER, Premises, open_premises

PLAN = Plan(animals=600, holdings=20, at_first=50)


def dump(here: Premises) -> list[Any]:
    """All that was generated."""
    register = here.register()
    tags = [tag_of(number) for number in range(200)]
    return [
        register.subjects(),
        register.holdings(HoldingSearch()),
        list(register.animals(tags).items()),
        list(register.movements_of(tags).items()),
    ]


def generated(**plan: Any) -> dict[str, Any]:
    return {PRODUCTION: {"generate": {"animals": 200, "holdings": 10, "at_first": 20} | plan}}


def test_the_same_seed_makes_the_same_register_and_nobody_notices() -> None:
    before = get_random_state()
    with open_premises(generated()) as here:
        first = dump(here)
    assert get_random_state() == before
    with open_premises(generated()) as here:
        assert dump(here) == first
    with open_premises(generated(seed="other")) as here:
        assert [dump(here)[part] == first[part] for part in range(4)] == [False] * 4


def test_the_first_keeper_holding_and_animal_are_those_of_the_default_world() -> None:
    with open_premises(generated()) as here:
        register = here.register()
        first = register.holding(HOME)
        assert first
        assert first.subject == KEEPER
        tags = [animal.tag for animal, _ in register.animals_on(HOME)]
        assert tags == [tag_of(number) for number in range(20)]
        assert tags[0] == EWE


def test_animals_of_the_first_holding_may_leave_it() -> None:
    with open_premises(generated()) as here:
        register = here.register()
        holding = register.holding(HOME)
        assert holding
        for animal, _ in register.animals_on(HOME):
            event = Event(animal.tag, "OVC", "2025-05-02", 70)
            life = Life(holding, animal, register.movements(animal.tag))
            assert first_broken(event, life) is None


def test_lives_make_sense() -> None:
    codes: Counter[int] = Counter()
    species: Counter[str] = Counter()
    for animal, movements in Generator(PLAN).lives():
        assert is_tag(animal.tag)
        assert canonical(animal.tag, animal.species) == animal.tag
        assert canonical(animal.dam, animal.species) == animal.dam
        days = [movement.day for movement in movements]
        assert days == sorted(days)
        assert days[-1] < PLAN.until
        assert (movements[0].day, movements[0].holding) == (animal.born, animal.birth_holding)
        assert movements[0].code == {"F": 21, "M": 22}[animal.sex] == animal.entry
        species[animal.species] += 1
        codes.update(movement.code for movement in movements)
        if movements[-1].code in (50, 66):
            assert position(movements) == Position()
        else:
            assert position(movements).holding == movements[-1].holding
    assert set(codes) == {21, 22, 30, 50, 60, 66, 70}
    assert codes[30] == codes[70]
    assert codes[60] == codes[66]
    assert species["OVC"] > species["KOZ"] > 0


@pytest.mark.parametrize("changes", [{"holdings": 1}, {"at_first": 0}, {"at_first": 500}])
def test_small_and_odd_plans(changes: dict[str, Any]) -> None:
    with open_premises(generated(**changes)) as here:
        assert here.register().animal(tag_of(199))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"animals": 0}, "generate: animals must be 1 or more"),
        ({"holdings": 0}, "generate: holdings must be 1 or more"),
        ({"years": 31}, "generate: years must be 30 at most"),
        ({"until": "soon"}, "'soon' is no day"),
        ({"until": None}, "until cannot be None"),
        ({"pigs": 5}, "unknown key pigs"),
    ],
)
def test_what_is_no_plan(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why), open_premises(generated(**changes)):
        pass
