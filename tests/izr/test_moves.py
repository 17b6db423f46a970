"""IZR_ODH01B: verified or sent, and every state that it answers."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from podatelna.izr import moves
from podatelna.izr.model import Holding, Movement, ServiceError, Subject
from tests.izr.contract import LISTS
from tests.izr.desks import (
    BORN,
    CARD,
    CONTRACT,
    EWE,
    GOAT,
    HOLDINGS,
    HOME,
    OTHER,
    OWN,
    SECOND,
    SUBJECT,
    TAG,
    TODAY,
    UNKNOWN,
    Office,
    codes_in,
    found_in,
    opened,
    row,
)

TRUE = [("OvereniZaslaniHlaseniDocasneHospodarstviResult", "true")]
MELNIK = {"ULICE": "Hlavní", "CISLO": "1", "OBEC": "Mělník", "PSC": "27601"}


@pytest.fixture
def office() -> Iterator[Office]:
    with opened() as office:
        yield office


def key(answer: object) -> str:
    return answer.key if isinstance(answer, ServiceError) else ""


def test_a_valid_report_is_answered_true_and_stored_only_if_it_is_sent(office: Office) -> None:
    office.set(processing="nightly")
    assert office.move(verify=True) == TRUE
    assert office.register.backlog.all() == []
    assert office.move() == TRUE
    (report,) = office.register.backlog.all()
    assert (report.tag, report.day, report.code) == (TAG, TODAY, 70)
    assert (report.card, report.subject, report.holding) == (CARD, SUBJECT, HOME)
    assert office.told == []


def test_sheep_and_goats_in_one_report(office: Office) -> None:
    assert office.move(row(TAG), row(GOAT, species="KOZ"), verify=True) == TRUE


def test_the_name_of_the_result_is_a_setting(office: Office) -> None:
    office.set(result_element_odh01b="Vysledek")
    assert office.move(verify=True) == [("Vysledek", "true")]


# -- states


def test_state_10(office: Office) -> None:
    office.subject = "1000000009"
    answer = office.move(PROVOZOVNA="1")
    assert isinstance(answer, ServiceError)
    assert (answer.key, answer.details) == ("subject_not_found", {"subject": "1000000009"})
    office.register.add_subjects([Subject("1000000009", "Bývalý", keeper=False)])
    assert key(office.move()) == "subject_not_found"


@pytest.mark.parametrize("number", ["", "1234567", "123456789", "1234567 8", "CZ12345678"])
def test_state_11(office: Office, number: str) -> None:
    assert key(office.move(PROVOZOVNA=number)) == "holding_number_length"


def test_state_12(office: Office) -> None:
    answer = office.move(PROVOZOVNA="1234567 ")
    assert isinstance(answer, ServiceError)
    assert (answer.key, answer.details) == ("holding_unknown", {"holding": "1234567 "})


def test_state_14(office: Office) -> None:
    answer = office.move(PROVOZOVNA=OTHER)
    assert isinstance(answer, ServiceError)
    assert answer.key == "holding_not_owned"
    assert answer.details == {"holding": OTHER, "subject": SUBJECT}


@pytest.mark.parametrize("species", ["TUR", "BEZ"])
def test_state_21(office: Office, species: str) -> None:
    assert key(office.move(row(), row(species=species))) == "species_not_allowed"


def test_the_order_of_states(office: Office) -> None:
    """10, 11, 12, 14, 21, and the validation last; texts fit their parts."""
    cattle = row("x", species="TUR")
    wrong = {"CISLOOP": ""}
    assert key(office.move(cattle, PROVOZOVNA=OTHER, **wrong)) == "holding_not_owned"
    assert key(office.move(cattle, **wrong)) == "species_not_allowed"
    answer = office.move(row("x"), **wrong)
    assert key(answer) == "validation_failed"
    for each in (answer, office.move(PROVOZOVNA=OTHER), office.move(PROVOZOVNA="99999999")):
        assert isinstance(each, ServiceError)
        assert "{" not in CONTRACT.errors[each.key].text.format_map(each.details)


# -- validation: what the page lists, in its order


def test_code_70(office: Office) -> None:
    (found,) = found_in(office.move(CISLOOP=" "))
    assert found == {
        "Element": "CISLOOP",
        "KodChyby": "70",
        "PopisChyby": "Chybí číslo občanského průkazu u Dočasného hospodářství.",
    }


@pytest.mark.parametrize(
    ("address", "codes"),
    [
        ({}, []),
        ({name: "" for name in (*MELNIK, "CASTOBCE")}, []),
        (MELNIK, []),
        (MELNIK | {"CASTOBCE": "Mělník"}, []),
        (MELNIK | {"CASTOBCE": "Rousovice"}, ["71"]),
        ({"PSC": "27601"}, []),
        ({"PSC": "276 01"}, ["71"]),
        ({"ULICE": "Dlouhá"}, ["71"]),
    ],
)
def test_code_71(office: Office, address: dict[str, str], codes: list[str]) -> None:
    answer = office.move(verify=True, **address)
    assert (codes_in(answer) if codes else answer) == (codes or TRUE)


def test_code_72_is_never_in_the_answer(office: Office) -> None:
    assert office.move(verify=True, CISLOOP="987654321") == TRUE
    assert office.log() == []
    assert office.move(CISLOOP="987654321") == TRUE
    assert office.codes() == ["72"]


def test_code_99(office: Office) -> None:
    office.give(UNKNOWN, Movement(UNKNOWN, 21, BORN, OWN))
    assert codes_in(office.move(UNKNOWN, PROVOZOVNA=OWN)) == ["99"]
    assert codes_in(office.move(UNKNOWN, PROVOZOVNA=OWN, verify=True)) == ["99"]
    office.set(own_register_in_verification=False)
    assert office.move(UNKNOWN, PROVOZOVNA=OWN, verify=True) == TRUE
    assert codes_in(office.move(UNKNOWN, PROVOZOVNA=OWN)) == ["99"]


def test_code_02_is_of_the_report_if_every_day_is_wrong(office: Office) -> None:
    office.give(UNKNOWN, Movement(UNKNOWN, 21, "2025-04-02", SECOND))
    good, early, late = (row(UNKNOWN, day) for day in ("2025-04-20", "2025-04-01", "2025-04-21"))
    assert office.move(good, PROVOZOVNA=SECOND, verify=True) == TRUE
    assert [found["KodChyby"] for found in found_in(office.move(late, PROVOZOVNA=SECOND))] == ["02"]
    (found,) = found_in(office.move(late, late, PROVOZOVNA=SECOND))
    assert found == {
        "Element": "DATUMPREMISTENI, PROVOZOVNA",
        "KodChyby": "02",
        "PopisChyby": "Hlásící provozovna nebyla k datu události registrována",
    }
    rows = found_in(office.move(good, late, early, PROVOZOVNA=SECOND))
    assert [(found["CisloRadku"], found["KodChyby"]) for found in rows] == [
        ("2", "02"),
        ("3", "02"),
        ("3", "18"),
    ]


def test_codes_of_animals(office: Office) -> None:
    new = "CZ0000012345999"
    office.give("SK01", Movement("SK01", 21, BORN, HOME), replaced_by=new)
    office.give("SK02", Movement("SK02", 21, BORN, HOME), sex_changed=True)
    office.give("SK03", Movement("SK03", 21, BORN, HOME), Movement("SK03", 50, TODAY, HOME))
    office.give("SK04", Movement("SK04", 21, BORN, HOME), Movement("SK04", 70, BORN, HOME))
    office.give("SK05", Movement("SK05", 21, BORN, OTHER))
    office.give("SK06", Movement("SK06", 70, BORN, OTHER, other=HOME))
    tags = ["CZ12", UNKNOWN, "SK01", "SK02", "SK03", "SK04", "SK05", "SK06", TAG]
    answer = found_in(office.move(*tags))
    assert [found["CisloRadku"] for found in answer] == list("12345678")
    assert [found["KodChyby"] for found in answer] == ["04", *["07"] * 3, "08", "08", "18", "21"]
    of_page = ["USNIZNAMKA"] * 5 + ["DATUMPREMISTENI, UZ, PROVOZOVNA"] * 3
    assert [found["Element"] for found in answer] == of_page
    assert answer[2]["PopisChyby"] == "Zvíře dosud neregistrováno. Došlo ke změně UZ zvířete."
    assert office.log() == []


def test_all_errors_of_all_animals_and_of_the_report_come_at_once(office: Office) -> None:
    answer = office.move("x", UNKNOWN, TAG, CISLOOP="", ULICE="Dlouhá")
    assert codes_in(answer) == ["04", "07", "70", "71"]
    assert [(found, at) for found, at, _ in office.told] == [
        ("tag_format", "ZVIRE[1]: USNIZNAMKA"),
        ("animal_unknown", "ZVIRE[2]: USNIZNAMKA"),
        ("identity_card_missing", "CISLOOP"),
        ("address_unknown", "ULICE, CISLO, OBEC, CASTOBCE, PSC"),
    ]
    assert office.told[0][2] == f"x {TODAY}"
    assert office.told[3][2] == "Dlouhá"


def test_the_collection_may_be_without_codes(office: Office) -> None:
    office.set(validation_codes=False)
    (found,) = found_in(office.move("x"))
    assert list(found) == ["CisloRadku", "Element", "PopisChyby"]


def test_the_collection_is_as_the_contract_lists_it(office: Office) -> None:
    way = "IZR_ODH01B InnerException/ValidacniChyby/Chyby/"
    names = [row["code"].removeprefix(way) for row in LISTS["elements"] if way in row["code"]]
    (found,) = found_in(office.move("x"))
    assert list(found) == names


def test_the_collection_may_mirror_the_report(office: Office) -> None:
    office.set(validation_errors="mirrored")
    office.give("SK05", Movement("SK05", 21, BORN, OTHER))
    answer = office.move("x", TAG, "SK05", CISLOOP="", ULICE="Dlouhá")
    texts = {name: entry.text for name, entry in CONTRACT.errors.items()}
    assert isinstance(answer, ServiceError)
    address = [
        (name, texts["address_unknown"]) for name in ("ULICE", "CISLO", "OBEC", "CASTOBCE", "PSC")
    ]
    not_there = texts["animal_not_on_holding"]
    assert answer.inner == [
        (
            "HLASENI",
            [
                ("CISLOOP", texts["identity_card_missing"]),
                *address,
                (
                    "ZVIRATA",
                    [
                        ("ZVIRE", [("USNIZNAMKA", texts["tag_format"])]),
                        ("ZVIRE", []),
                        ("ZVIRE", [("USNIZNAMKA", not_there), ("DATUMPREMISTENI", not_there)]),
                    ],
                ),
            ],
        )
    ]


def test_two_errors_of_one_element_share_it_in_the_mirror(office: Office) -> None:
    office.set(validation_errors="mirrored")
    office.register.change_holding(replace(HOLDINGS[0], own_stable_register=True, registered=TODAY))
    answer = office.move(TAG)
    assert isinstance(answer, ServiceError)
    ((_, report),) = answer.inner
    texts = CONTRACT.errors
    both = f"{texts['holding_keeps_own_register'].text} {texts['holding_not_registered'].text}"
    assert report[0] == ("PROVOZOVNA", both)


# -- days


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2025-05-01T22:30:00Z", TODAY),
        ("2025-05-02T23:59:59", TODAY),
        ("2025-05-02T00:00:00+02:00", TODAY),
    ],
)
def test_days_are_local(office: Office, written: str, day: str) -> None:
    office.set(processing="nightly")
    assert office.move(row().replace(f"{TODAY}T00:00:00", written)) == TRUE
    assert [report.day for report in office.register.backlog.all()] == [day]


def test_a_day_to_come_is_a_matter_of_settings(office: Office) -> None:
    tomorrow = row(day="2025-05-03")
    assert office.move(tomorrow, verify=True) == TRUE
    office.set(future_dates="refused")
    assert codes_in(office.move(tomorrow, verify=True)) == ["18"]
    assert office.move(verify=True) == TRUE


def test_species_and_day_may_be_those_of_the_report(office: Office) -> None:
    bare = f"<ZVIRE><USNIZNAMKA>{TAG}</USNIZNAMKA></ZVIRE>"
    of_report = {"DRUH": "TUR", "DATUMPREMISTENI": "2024-01-01T00:00:00"}
    assert office.move(row(), verify=True, **of_report) == TRUE
    assert key(office.move(bare, **of_report)) == "species_not_allowed"
    assert codes_in(office.move(bare, **(of_report | {"DRUH": "OVC"}))) == ["18"]


@pytest.mark.parametrize(
    ("change", "element"),
    [
        (("DRUH>OVC</DRUH", "x/"), "DRUH"),
        (("2025-05-02T00:00:00", "2025-13-02"), "DATUMPREMISTENI"),
        (("DATUMPREMISTENI", "x"), "DATUMPREMISTENI"),
    ],
)
def test_what_no_schema_has_checked(office: Office, change: tuple[str, str], element: str) -> None:
    answer = office.move(row().replace(*change))
    assert isinstance(answer, ServiceError)
    assert (answer.key, answer.at) == ("request_not_valid", element)
    assert list(answer.details) == ["reason"]


@pytest.mark.parametrize("payload", ["", "<JenOverit>ano</JenOverit><HLASENI/>", "<HLASENI/>"])
def test_a_payload_that_is_none(office: Office, payload: str) -> None:
    assert key(office.call(moves.run, payload)) == "request_not_valid"


def test_more_animals_than_the_sandbox_takes(office: Office) -> None:
    office.set(maximum_animals=2)
    assert office.move(TAG, EWE, verify=True) == TRUE
    answer = office.move(TAG, EWE, TAG)
    assert isinstance(answer, ServiceError)
    assert (answer.key, answer.details) == ("too_many_animals", {"limit": "2"})


def test_500_animals(office: Office) -> None:
    tags = [f"CZ{number:013}" for number in range(500)]
    for tag in tags:
        office.give(tag, Movement(tag, 21, BORN, HOME))
    assert office.move(*tags, verify=True) == TRUE
    assert office.move(*tags) == TRUE
    assert codes_in(office.move(*tags)) == ["08"] * 500


def test_another_holding_of_the_keeper(office: Office) -> None:
    office.register.add_holdings([Holding("55555555", SUBJECT, "")])
    office.give(UNKNOWN, Movement(UNKNOWN, 21, BORN, "55555555"))
    assert office.move(UNKNOWN, PROVOZOVNA="55555555", verify=True) == TRUE
    assert codes_in(office.move(TAG, PROVOZOVNA="55555555", verify=True)) == ["18"]
