"""The admin calls of the register's own desk."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from podatelna.izr.credentials import Credentials
from podatelna.izr.inspection import MOST_ROWS
from podatelna.izr.model import PRODUCTION, Animal, LogRow, Movement, Report
from tests.izr.answers import refused, result_of
from tests.izr.houses import (
    EWE,
    HOME,
    KEEPER,
    MAKER,
    NEIGHBOUR,
    OTHER,
    Premises,
    open_premises,
    row,
    world,
)

GOAT = "CZ0000020001166"
ANIMALS = [row(stable="01"), row(GOAT, species="KOZ"), row("CZ0000054323106", birth_holding=OTHER)]
ADDRESS = {
    "street": "Hlavní",
    "number": "1",
    "town": "Mělník",
    "town_part": "",
    "postal_code": "27601",
}
ORDER = {
    "holding": HOME,
    "species": "OVC",
    "producer": MAKER,
    "sequence": 1,
    "first": "CZ0000012348126",
    "last": "CZ0000012369126",
}


@pytest.fixture
def here() -> Iterator[Premises]:
    with open_premises(world(*ANIMALS)) as premises:
        yield premises


def tags(rows: Any) -> list[str]:
    return [row["tag"] for row in rows]


# -- what is seen


def test_animals_with_their_places(here: Premises) -> None:
    assert tags(here.call("GET", "animals")) == [EWE, GOAT, "CZ0000054323106"]
    assert tags(here.call("GET", "animals", f"holding={HOME}")) == [EWE, GOAT]
    assert tags(here.call("GET", "animals", f"holding={HOME}&species=KOZ")) == [GOAT]
    assert tags(here.call("GET", "animals", f"after={EWE}")) == [GOAT, "CZ0000054323106"]
    (found,) = here.call("GET", "animals", "tag=CZ000012345126")
    place = {"holding": HOME, "stable": "01", "since": "2023-03-14"}
    assert found.items() >= (place | {"tag": EWE, "sex": "F", "sex_changed": False}).items()


def test_animals_on_a_day(here: Premises) -> None:
    here.register().record(Movement(EWE, 70, "2025-04-10", HOME, other=OTHER))
    assert tags(here.call("GET", "animals", f"holding={HOME}")) == [GOAT]
    on_day = f"holding={HOME}&on=2025-04-09"
    assert tags(here.call("GET", "animals", on_day)) == [GOAT, EWE]
    assert tags(here.call("GET", "animals", on_day + "&species=OVC")) == [EWE]
    assert here.call("GET", "animals", "on=2025-04-09") == "on needs a holding"
    assert "is no day" in here.call("GET", "animals", f"holding={HOME}&on=yesterday")


def test_movements(here: Premises) -> None:
    (birth,) = here.call("GET", "movements", f"tag={EWE}")
    assert birth == {
        "tag": EWE,
        "code": 21,
        "day": "2023-03-14",
        "holding": HOME,
        "stable": "01",
        "other": "",
        "country": "",
        "number": 1,
    }
    assert here.call("GET", "movements", "tag=CZ0") == "there is no animal 'CZ0'"
    assert here.call("GET", "animals", "tag=CZ0") == "there is no animal 'CZ0'"


def test_keepers_and_holdings(here: Premises) -> None:
    subjects = here.call("GET", "subjects")
    assert [subject["id"] for subject in subjects] == [KEEPER, NEIGHBOUR, MAKER]
    assert subjects[2]["keeper"] is False
    assert [holding["number"] for holding in here.call("GET", "holdings")] == [HOME, OTHER]
    (found,) = here.call("GET", "holdings", f"subject={NEIGHBOUR}")
    assert (found["number"], found["own_stable_register"]) == (OTHER, False)
    assert [stable["number"] for stable in here.call("GET", "stables", f"holding={HOME}")] == [
        "01",
        "02",
    ]
    assert here.call("GET", "stables", f"holding={OTHER}") == []


def test_other_environments_are_asked_for(here: Premises) -> None:
    assert here.call("GET", "animals", "environment=test") == []
    why = "environment is one of production, test, not nowhere"
    assert here.call("GET", "animals", "environment=nowhere") == why
    assert here.call("POST", "persons", "environment=test", card="1") == {"card": "1"}
    assert not here.register().has_person("1")


def test_answers_have_an_end(here: Premises) -> None:
    numbers = [f"SK{number:06}" for number in range(MOST_ROWS + 5)]
    here.register().add_animals((Animal(tag, "OVC", "F"), []) for tag in numbers)
    first = here.call("GET", "animals", "after=D")
    assert tags(first) == numbers[:MOST_ROWS]
    assert tags(here.call("GET", "animals", f"after={first[-1]['tag']}")) == numbers[MOST_ROWS:]


def test_reports_and_logs(here: Premises) -> None:
    report = Report(
        7, 1, "IZR_OZO01A", KEEPER, HOME, "", "OVC", EWE, "2025-05-02", 50, "2025-05-02T08:00:00",
        "2025-05-02T19:00:00.000000+00:00",
    )  # fmt: skip
    here.register().backlog.add([report])
    (waiting,) = here.call("GET", "reports")
    assert (waiting["number"], waiting["tag"], waiting["code"]) == (7, EWE, 50)
    rows = [
        LogRow(of, HOME, "OVC", "2025-05-02T08:00:00", "72", "TvrdaChyba", "t")
        for of in (KEEPER, NEIGHBOUR)
    ]
    here.register().log.add(enumerate(rows, start=1))
    assert [found["number"] for found in here.call("GET", "log")] == [1, 2]
    assert [found["number"] for found in here.call("GET", "log", "after=1")] == [2]
    assert [found["number"] for found in here.call("GET", "log", f"subject={KEEPER}")] == [1]
    assert here.call("GET", "log", "after=x") == "after is a number, not x"


# -- what is done


def test_a_keeper_moves_in(here: Premises) -> None:
    here.call("POST", "subjects", id="1000000011", name="Nový")
    holding = here.call("POST", "holdings", number="99999999", subject="1000000011", name="Dvůr")
    assert holding["changed"] == "2025-05-02T08:00:00"
    here.call("POST", "stables", holding="99999999", number="01")
    here.call("POST", "logins", login="98novy", password="key", subjects=["1000000011"])
    animal = row("CZ0000077777126", birth_holding="99999999", stable="01")
    assert here.call("POST", "animals", **animal)["holding"] == "99999999"
    known = Credentials(here.transaction, PRODUCTION)
    assert known.subjects("98novy") == {"1000000011"}
    answer = here.ask("IZR_GAZ01B", "<GETDATA>true</GETDATA>", "1000000011")
    assert "CZ0000077777126" in str(result_of("IZR_GAZ01B", answer))


def test_a_holding_is_given_to_another(here: Premises) -> None:
    changed = here.call("PUT", "holdings", number=HOME, subject=NEIGHBOUR)
    assert (changed["subject"], changed["changed"]) == (NEIGHBOUR, "2025-05-02T08:00:00")
    asked = f"<PROVOZOVNA>{HOME}</PROVOZOVNA><GETDATA>true</GETDATA>"
    assert refused(here.ask("IZR_GAZ01B", asked))[0] == "holding_not_owned"
    cancelled = here.call("PUT", "holdings", number=HOME, cancelled="2025-05-02", changed="")
    assert cancelled["changed"] == "2025-05-02T00:00:00"


def test_a_corrected_sex_is_remembered(here: Premises) -> None:
    assert here.call("PUT", "animals", tag=EWE, breed="T")["sex_changed"] is False
    changed = here.call("PUT", "animals", tag=EWE, sex="M")
    assert (changed["sex"], changed["breed"], changed["sex_changed"]) == ("M", "T", True)
    assert here.register().position(EWE).holding == HOME


def test_a_new_tag(here: Premises) -> None:
    before = here.register().animal(EWE)
    assert before
    new = "CZ0000012999126"
    told = here.call("POST", "tags", tag=EWE, new="CZ000012999126")
    assert (told["tag"], told["holding"], told["stable"]) == (new, HOME, "01")
    register = here.register()
    assert register.animal(EWE) == replace(before, replaced_by=new)
    assert (register.movements(EWE), register.position(EWE).holding) == ([], "")
    (birth,) = register.movements(new)
    assert (birth.tag, birth.code, birth.day) == (new, 21, "2023-03-14")
    assert [animal.tag for animal, _ in register.animals_on(HOME)] == [GOAT, new]
    again = here.call("POST", "tags", tag=EWE, new="CZ0000012998126")
    assert again == f"{EWE} was replaced by {new}"


def test_an_event_that_was_reported_in_another_way(here: Premises) -> None:
    told = here.call(
        "POST", "movements", tag=EWE, code=70, day="2025-05-01", holding=HOME, other=OTHER
    )
    assert told["number"] == 2
    assert here.register().position(EWE).holding == ""
    why = here.call("POST", "movements", tag=EWE, code=99, day="2025-05-01", holding=HOME)
    assert why == "an animal is registered with animals, not with code 99"


def test_persons_addresses_and_orders(here: Premises) -> None:
    here.call("POST", "persons", card="123456789")
    here.call("POST", "addresses", **ADDRESS)
    order = here.call("POST", "orders", **ORDER)
    assert (order["ordered"], order["received"]) == (22, "2025-05-02T08:00:00")
    assert here.call("GET", "persons") == [{"card": "123456789"}]
    assert here.call("GET", "addresses") == [ADDRESS]
    assert here.call("GET", "orders", f"holding={HOME}") == [order]
    assert here.call("GET", "orders") == []


def test_process_now(here: Premises) -> None:
    here.settings["processing"] = "nightly"
    rows = "<Hlaseni><KodPohybu>50</KodPohybu><Datum>2025-05-01T00:00:00</Datum>"
    sent = here.ask(
        "IZR_OZO01A",
        f"<ZasilaneHlaseni><Provozovna>{HOME}</Provozovna>{rows}<UsniZnamka>{EWE}</UsniZnamka>"
        "</Hlaseni></ZasilaneHlaseni><JenOverit>false</JenOverit>",
    )
    result_of("IZR_OZO01A", sent)
    assert tags(here.call("GET", "reports")) == [EWE]
    assert here.call("POST", "process") == {"processed": 1}
    assert here.call("GET", "reports") == []
    assert here.register().position(EWE).holding == ""


@pytest.mark.parametrize(
    ("method", "name", "given", "why"),
    [
        ("POST", "subjects", {"id": KEEPER, "name": ""}, "there is another one before it"),
        (
            "POST",
            "holdings",
            {"number": HOME, "subject": KEEPER, "name": ""},
            "another one before it",
        ),
        ("POST", "holdings", {"number": "99999999", "subject": "x", "name": ""}, "subject is not"),
        ("PUT", "holdings", {"number": "99999999"}, "there is no holding 99999999"),
        ("PUT", "holdings", {"subject": KEEPER}, "number must be a text, not None"),
        ("PUT", "holdings", {"number": HOME, "subject": "x"}, "subject is not known: 'x'"),
        ("POST", "stables", {"holding": HOME, "number": "01"}, "there is another one before it"),
        ("POST", "stables", {"holding": "x", "number": "01"}, "holding is not known: 'x'"),
        ("POST", "animals", row(), f"there is, or was, an animal {EWE}"),
        ("POST", "animals", {"tag": "SK1"}, "sex, species must be there"),
        ("PUT", "animals", {"tag": "SK1234"}, "there is no animal 'SK1234'"),
        ("PUT", "animals", {"tag": EWE, "replaced_by": GOAT}, "a new tag is given with tags"),
        ("PUT", "animals", {"tag": EWE, "colour": "black"}, "unknown key colour"),
        ("POST", "tags", {"tag": EWE, "new": GOAT}, f"there is, or was, an animal {GOAT}"),
        ("POST", "tags", {"tag": EWE, "new": "?"}, r"'\?' is no ear tag"),
        ("POST", "tags", {"tag": EWE, "now": "?"}, "unknown key now; new"),
        ("POST", "movements", {"tag": EWE, "code": 70}, "day, holding must be there"),
        ("POST", "movements", {"tag": EWE, "code": 7, "day": "x", "holding": HOME}, "code is not"),
        ("POST", "logins", {"login": "x"}, "password must be there"),
        ("POST", "orders", ORDER | {"sequence": "1"}, "sequence cannot be '1'"),
        ("POST", "orders", {}, "ordered must be there, unless"),
    ],
)
def test_what_is_not_done(
    here: Premises, method: str, name: str, given: dict[str, Any], why: str
) -> None:
    answer = here.call(method, name, **given)
    assert isinstance(answer, str)
    assert re.search(why, answer), answer


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("persons", {"card": "1"}),
        ("addresses", ADDRESS),
        ("orders", ORDER),
        ("logins", {"login": "x", "password": "y"}),
    ],
)
def test_nothing_is_added_twice(here: Premises, name: str, given: dict[str, Any]) -> None:
    assert isinstance(here.call("POST", name, **given), dict)
    assert isinstance(here.call("POST", name, **given), str)


def test_an_animal_whose_birth_was_cancelled_has_left_events_behind(here: Premises) -> None:
    here.register().remove_animal(EWE)
    assert "there is, or was" in here.call("POST", "animals", **row())


def test_methods(here: Premises) -> None:
    assert here.call("DELETE", "animals") == "/_podatelna/izr/animals takes GET, POST, PUT"
