"""Worlds: what a world file may have, what becomes of it, and which rows are refused."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from podatelna.izr.credentials import Credentials
from podatelna.izr.errorlog import Asked
from podatelna.izr.model import (
    PRODUCTION,
    TEST,
    Address,
    Animal,
    Holding,
    LogRow,
    Movement,
    Person,
    Position,
    Stable,
    Subject,
    TagOrder,
)
from podatelna.izr.tagorders import TagOrders
from podatelna.kernel.accounts import Account
from tests.izr.houses import (
    EWE,
    HOLDINGS,
    HOME,
    KEEPER,
    MAKER,
    NEIGHBOUR,
    OTHER,
    STABLES,
    SUBJECTS,
    open_premises,
    row,
    world,
)

LEFT = {"code": 70, "day": "2024-06-01", "holding": HOME, "other": OTHER}
CAME = {"code": 30, "day": "2024-06-01", "holding": OTHER, "other": HOME}
IMPORT = {"code": 12, "day": "2024-06-03", "holding": HOME, "country": "SK"}
ORDER = {
    "holding": HOME,
    "species": "OVC",
    "received": "2025-01-15T10:12:00",
    "producer": MAKER,
    "sequence": 1,
    "first": "CZ0000012348126",
    "last": "CZ0000012369126",
}
LOGGED = {
    "subject": KEEPER,
    "holding": HOME,
    "species": "OVC",
    "processed": "2025-04-11T21:00:00",
    "code": "72",
    "severity": "TvrdaChyba",
    "text": "Osoba nenalezena.",
}
ADDRESS = {
    "street": "Hlavní",
    "number": "1",
    "town": "Mělník",
    "town_part": "",
    "postal_code": "27601",
}
LOGIN = {"login": "99Sandbox", "password": "Key", "subjects": [KEEPER, "1000000099"]}


# -- what becomes of it


def test_keepers_holdings_and_stables() -> None:
    stables = [*STABLES, {"holding": OTHER, "number": "07", "name": "Nový"}]
    with open_premises(world(stables=stables)) as here:
        register = here.register()
        assert register.subjects() == [
            Subject(KEEPER, "Farma"),
            Subject(NEIGHBOUR, "Soused"),
            Subject(MAKER, "Výrobce", keeper=False),
        ]
        assert register.holding(HOME) == Holding(
            HOME, KEEPER, "Ovčín", "H", "20", "2010-05-03", "", "2010-05-03T00:00:00"
        )
        assert register.stable(OTHER, "07") == Stable(OTHER, "07", "Nový")
        assert register.stables(HOME) == [Stable(HOME, "01"), Stable(HOME, "02")]


@pytest.mark.parametrize(
    ("changes", "changed"),
    [
        ({}, ""),
        ({"registered": "2020-01-01"}, "2020-01-01T00:00:00"),
        ({"registered": "2020-01-01", "cancelled": "2024-02-29"}, "2024-02-29T00:00:00"),
        ({"registered": date(2020, 1, 1), "changed": "2021-01-01T08:30:00"}, "2021-01-01T08:30:00"),
        ({"changed": datetime(2021, 7, 1, 8, 30, tzinfo=UTC)}, "2021-07-01T10:30:00"),
        ({"changed": datetime(2021, 7, 1, 8, 30)}, "2021-07-01T08:30:00"),  # noqa: DTZ001 - YAML's
    ],
)
def test_the_last_change_of_a_holding(changes: dict[str, Any], changed: str) -> None:
    more = {"number": "99999999", "subject": KEEPER, "name": "", **changes}
    with open_premises(world(holdings=[*HOLDINGS, more])) as here:
        holding = here.register().holding("99999999")
        assert holding
        assert holding.changed == changed


@pytest.mark.parametrize(
    ("species", "sex", "code"),
    [
        ("OVC", "F", 21),
        ("OVC", "M", 22),
        ("KOZ", "F", 21),
        ("KOZ", "M", 22),
        ("TUR", "M", 21),
        ("TUR", "F", 22),
        ("OVC", "X", 21),
    ],
)
def test_a_birth_has_the_code_of_its_sex(species: str, sex: str, code: int) -> None:
    tag = "CZ000012345962"
    with open_premises(world(row(tag, species=species, sex=sex, stable="02"))) as here:
        (animal,) = (animal for animal, _ in here.register().animals_on(HOME))
        assert animal.entry == code
        assert animal.tag == (tag if species == "TUR" else "CZ0000012345962")
        (born,) = here.register().movements(animal.tag)
        assert born == Movement(animal.tag, code, "2023-03-14", HOME, "02", number=1)


def test_a_life() -> None:
    with open_premises(world(row(dam="CZ000012346126", movements=[LEFT, CAME]))) as here:
        register = here.register()
        assert register.animal(EWE) == Animal(
            EWE, "OVC", "F", "2023-03-14", HOME, dam="CZ0000012346126", entry=21
        )
        assert [movement.code for movement in register.movements(EWE)] == [21, 70, 30]
        assert register.position(EWE) == Position(OTHER, "", "2024-06-01")


def test_an_import_was_not_born_here() -> None:
    foreign = {"tag": "SK000012345678", "species": "OVC", "sex": "F", "movements": [IMPORT]}
    with open_premises(world(foreign)) as here:
        animal = here.register().animal("SK000012345678")
        assert animal == Animal("SK000012345678", "OVC", "F", entry=12)
        assert here.register().position("SK000012345678") == Position(HOME, "", "2024-06-03")


def test_the_record_of_an_old_tag_is_nowhere() -> None:
    old = "CZ0000012380126"
    with open_premises(world(row(old, replaced_by="CZ000012345126"), row())) as here:
        animal = here.register().animal(old)
        assert animal
        assert animal.replaced_by == EWE
        assert here.register().movements(old) == []
        assert [animal.tag for animal, _ in here.register().animals_on(HOME)] == [EWE]


def test_persons_addresses_orders_and_logs() -> None:
    lists: dict[str, Any] = {
        "persons": [{"card": "123456789"}],
        "addresses": [ADDRESS],
        "orders": [ORDER, {**ORDER, "first": "CZ000012400126", "ordered": 5, "last": "SK12"}],
        "log": [LOGGED, {**LOGGED, "code": "21", "severity": "MekkaChyba", "event": 70}],
    }
    with open_premises(world(**lists)) as here:
        register = here.register()
        assert register.persons() == [Person("123456789")]
        assert register.addresses() == [Address("Hlavní", "1", "Mělník", "", "27601")]
        orders = TagOrders(here.transaction, PRODUCTION).of(HOME)
        usual = TagOrder(**{**ORDER, "ordered": 22, "remaining": 22})
        assert orders[0] == usual
        assert (orders[1].first, orders[1].ordered) == ("CZ0000012400126", 5)
        found = register.log.find(Asked(KEEPER), "2025-04-11", "2025-04-12")
        assert found[1] == LogRow(**LOGGED)
        assert found[0].event == 70
        # The series goes on after them.
        assert here.desk().next_number("log") == 3


def test_logins_with_their_keys_subjects_and_certificates() -> None:
    lists = {"accounts": [LOGIN], "certificates": [{"serial": "00FF", "login": "99SANDBOX"}]}
    with open_premises(world(**lists)) as here:
        known = Credentials(here.transaction, PRODUCTION)
        subject = f"{KEEPER} 1000000099"
        assert known.account("99SANDBOX") == Account("izr", PRODUCTION, "99sandbox", "Key", subject)
        assert known.subjects("99sandbox") == {KEEPER, "1000000099"}
        assert known.owner("00FF") == "99sandbox"
        assert Credentials(here.transaction, TEST).account("99sandbox") is None


def test_each_environment_has_its_own_register() -> None:
    part = world(row()) | {TEST: world(row(sex="M"))[PRODUCTION]}
    with open_premises(part) as here:
        animals = [here.register(name).animal(EWE) for name in (PRODUCTION, TEST)]
        assert [animal and animal.sex for animal in animals] == ["F", "M"]
    with open_premises({TEST: world(row())[PRODUCTION]}) as here:
        assert here.register().animal(EWE) is None


# -- what is refused

LISTS_OF: Mapping[str, Mapping[str, Any]] = {
    "subjects": SUBJECTS[0],
    "holdings": HOLDINGS[0],
    "stables": STABLES[0],
    "animals": row(),
    "persons": {"card": "123456789"},
    "addresses": ADDRESS,
    "orders": ORDER,
    "log": LOGGED,
    "accounts": LOGIN,
    "certificates": {"serial": "00FF", "login": "99sandbox"},
}


ONE_OF_EACH = ("persons", "addresses", "orders", "certificates")
"""Of the lists that no other list refers to."""


def part_with(name: str, changed: Mapping[str, Any]) -> dict[str, Any]:
    """A world whose list has one row more than is needed."""
    part = world(row(), accounts=[LOGIN])
    part[PRODUCTION][name] = [*part[PRODUCTION].get(name, []), changed]
    return part


@pytest.mark.parametrize(
    ("name", "changes", "why"),
    [
        ("subjects", {}, "subjects: 1000000001: there is another one before it"),
        ("subjects", {"id": "123"}, r"subjects: 123: id does not look like \[0-9\]\{10\}: '123'"),
        ("subjects", {"id": 1000000009}, "id cannot be 1000000009"),
        ("subjects", {"keepr": False}, "unknown key keepr; keeper"),
        ("holdings", {}, "holdings: 12345678: there is another one before it"),
        ("holdings", {"number": "1234567"}, "number does not look like"),
        ("holdings", {"number": "1", "subject": "x"}, "number does not look like"),
        ("holdings", {"number": "99999999", "subject": "x"}, "subject is not known: 'x'"),
        ("holdings", {"number": "99999999", "type": "Q"}, "type is not known: 'Q'"),
        ("holdings", {"number": "99999999", "region": "99"}, "region is not known: '99'"),
        ("holdings", {"number": "99999999", "registered": "3. 5. 2010"}, "'3. 5. 2010' is no day"),
        ("holdings", {"number": "99999999", "cancelled": "20250101"}, "'20250101' is no day"),
        ("holdings", {"number": "99999999", "changed": "2025-01-01"}, "is no local time"),
        ("stables", {}, "stables: 12345678: there is another one before it"),
        ("stables", {"number": "1"}, "number does not look like"),
        ("stables", {"number": "09", "holding": "x"}, "holding is not known: 'x'"),
        ("animals", {}, f"animals: {EWE}: there is another one before it"),
        ("animals", {"tag": "CZ000012345126"}, "there is another one before it"),
        ("animals", {"tag": "CZ 0000012345"}, "'CZ 0000012345' is no ear tag"),
        ("animals", {"tag": "SK1234", "dam": "?"}, r"'\?' is no ear tag"),
        ("animals", {"tag": "SK1234", "species": "PES"}, "species is not known: 'PES'"),
        ("animals", {"tag": "SK1234", "sex": "male"}, "sex is not known: 'male'"),
        ("animals", {"tag": "SK1234", "born": "March"}, "'March' is no day"),
        ("animals", {"tag": "SK1234", "born": ""}, "born and birth_holding must be there"),
        ("animals", {"tag": "SK1234", "birth_holding": "x"}, "holding is not known: 'x'"),
        ("animals", {"tag": "SK1234", "stable": "09"}, "stable is not known: "),
        ("animals", {"tag": "SK1234", "stable": 1}, "stable cannot be 1"),
        ("animals", {"tag": "SK1234", "movements": {}}, "movements is a list of mappings, not {}"),
        ("animals", {"tag": "SK1234", "movements": [70]}, "this is none: 70"),
        ("animals", {"tag": "SK1234", "movements": [{**LEFT, "tag": EWE}]}, "unknown key tag"),
        (
            "animals",
            {"tag": "SK1234", "movements": [{**LEFT, "code": 71}]},
            "code is not known: 71",
        ),
        ("animals", {"tag": "SK1234", "movements": [{**LEFT, "day": "x"}]}, "'x' is no day"),
        (
            "animals",
            {"tag": "SK1234", "replaced_by": EWE, "movements": [LEFT]},
            "movements are those of the tag in replaced_by",
        ),
        ("persons", {"card": 123456789}, "persons: 123456789: card cannot be 123456789"),
        ("addresses", {"zip": "1"}, "unknown key zip"),
        ("orders", {"holding": "x"}, "holding is not known: 'x'"),
        ("orders", {"producer": "x"}, "producer is not known: 'x'"),
        ("orders", {"species": "x"}, "species is not known: 'x'"),
        ("orders", {"sex": "x"}, "sex is not known: 'x'"),
        ("orders", {"colour": "x"}, "colour is not known: 'x'"),
        ("orders", {"received": "2025-01-15"}, "is no local time"),
        ("orders", {"last": "CZ0000012369106"}, "ordered must be there, unless"),
        ("orders", {"last": "SK1234"}, "ordered must be there, unless"),
        ("orders", {"first": 5}, "ordered must be there, unless"),
        ("orders", {"first": "?", "ordered": 5}, r"'\?' is no ear tag"),
        ("log", {"holding": "x"}, "holding is not known: 'x'"),
        ("log", {"subject": "x"}, "subject is not known: 'x'"),
        ("log", {"processed": "today"}, "'today' is no local time"),
        ("log", {"severity": "Chyba"}, "severity cannot be 'Chyba'"),
        ("accounts", {}, "accounts: 99Sandbox: there is another one before it"),
        ("accounts", {"login": "99SANDBOX"}, "there is another one before it"),
        ("accounts", {"login": "x", "subjects": KEEPER}, "subjects is a list, not '1000000001'"),
        ("accounts", {"login": "x", "subjects": [1]}, "subjects does not look like"),
        ("certificates", {"login": "x"}, "login is not known: 'x'"),
    ],
)
def test_a_mistake_names_its_row(name: str, changes: dict[str, Any], why: str) -> None:
    part = part_with(name, {**LISTS_OF[name], **changes})
    with pytest.raises(ValueError, match=why), open_premises(part):
        pass


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_there_is_one_of_each(name: str) -> None:
    part = part_with(name, LISTS_OF[name])
    part[PRODUCTION][name] *= 2
    with pytest.raises(ValueError, match="there is another one before it"), open_premises(part):
        pass


@pytest.mark.parametrize(
    ("part", "why"),
    [
        ({"development": {}}, "izr has the environments production, test, not development"),
        ({"production": []}, r"an environment is a mapping, not \[\]"),
        ({"production": {"animal": []}}, "unknown key animal; animals"),
        ({"production": {"animals": 5}}, "animals is a list of mappings, not 5"),
        ({"production": {"holdings": [{"number": "1"}]}}, "name, subject must be there"),
        ({"production": {"generate": 10}}, "generate is a mapping, not 10"),
    ],
)
def test_a_mistake_in_the_file(part: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why), open_premises(part):
        pass
