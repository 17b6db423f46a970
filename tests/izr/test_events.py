"""IZR_OZO01A and IZR_OZK01A: all other events, verified and sent."""

from collections.abc import Iterator

import pytest

from podatelna.izr import events
from podatelna.izr.model import Movement, Position, ServiceError
from tests.izr.contract import LISTS
from tests.izr.desks import (
    BORN,
    BUTCHER,
    CONTRACT,
    EWE,
    GOAT,
    HOME,
    NEIGHBOUR,
    OTHER,
    OWN,
    SECOND,
    SHAMBLES,
    SUBJECT,
    TAG,
    TODAY,
    UNKNOWN,
    Office,
    codes_in,
    event,
    found_in,
    opened,
)

SHEEP_TRUE = [("OvereniZaslaniHlaseniIndivOVCResult", "true")]
GOATS_TRUE = [("OvereniZaslaniHlaseniIndivKOZResult", "true")]


@pytest.fixture
def office() -> Iterator[Office]:
    with opened() as office:
        yield office


def test_results_are_those_of_the_contract() -> None:
    named = {row["code"]: row["result"] for row in LISTS["services"]}
    assert named[events.SHEEP] == SHEEP_TRUE[0][0]
    assert named[events.GOATS] == GOATS_TRUE[0][0]


def test_each_service_has_its_species(office: Office) -> None:
    assert office.report(event(19), verify=True) == SHEEP_TRUE
    assert office.report(event(19, GOAT), verify=True, goats=True) == GOATS_TRUE
    assert codes_in(office.report(event(19, GOAT), verify=True)) == ["07"]
    assert codes_in(office.report(event(19), verify=True, goats=True)) == ["07"]


def test_verification_stores_nothing(office: Office) -> None:
    before = office.register.movements(TAG)
    assert office.report(event(70, Provozovna=OTHER), verify=True) == SHEEP_TRUE
    assert office.register.movements(TAG) == before
    assert office.register.backlog.all() == []


def test_a_sale_reported_by_both_sides(office: Office) -> None:
    assert office.report(event(70, Provozovna=f"{OTHER}01"), Staj="01") == SHEEP_TRUE
    assert office.register.movements(TAG)[-1] == Movement(
        TAG, 70, TODAY, HOME, "01", OTHER, number=2
    )
    assert office.register.position(TAG) == Position()
    office.subject = NEIGHBOUR
    answer = office.report(event(63), Provozovna=OTHER)
    assert codes_in(answer) == ["21"]
    assert office.report(event(30, Provozovna=HOME), Provozovna=OTHER, Staj="02") == SHEEP_TRUE
    assert office.register.position(TAG) == Position(OTHER, "02", TODAY)


def test_a_birth_brings_the_animal_into_the_register(office: Office) -> None:
    assert office.report(event(21, UNKNOWN, Matka="CZ000012345126"), Staj="01") == SHEEP_TRUE
    lamb = office.register.animal(UNKNOWN)
    assert lamb
    assert (lamb.species, lamb.sex, lamb.dam, lamb.entry) == ("OVC", "F", TAG, 21)
    assert (lamb.born, lamb.birth_holding) == (TODAY, HOME)
    assert office.register.position(UNKNOWN) == Position(HOME, "01", TODAY)
    assert [each.tag for each in office.register.offspring(TAG)] == [UNKNOWN]


@pytest.mark.parametrize("code", ["11", "12", "21", "22", "27", "28"])
def test_the_sex_that_a_registration_tells(office: Office, code: str) -> None:
    assert office.report(event(int(code), UNKNOWN, Zeme="SK")) == SHEEP_TRUE
    (listed,) = (row["sex_ovc_koz"] for row in LISTS["event_codes"] if row["code"] == code)
    lamb = office.register.animal(UNKNOWN)
    assert lamb
    assert lamb.sex == listed
    assert office.register.movements(UNKNOWN)[0].country == "SK"


def test_rows_follow_one_another(office: Office) -> None:
    rows = [event(21, UNKNOWN), event(70, UNKNOWN, Provozovna=OTHER), event(30, UNKNOWN)]
    assert office.report(*rows, verify=True) == SHEEP_TRUE
    assert office.register.animal(UNKNOWN) is None
    assert office.report(*rows) == SHEEP_TRUE
    assert [each.code for each in office.register.movements(UNKNOWN)] == [21, 70, 30]
    assert office.register.position(UNKNOWN).holding == HOME
    assert office.codes() == []
    again = [event(70, Provozovna=OTHER), event(70, Provozovna=OTHER)]
    assert [each["CisloRadku"] for each in found_in(office.report(*again))] == ["2"]


def test_a_birth_that_is_known_changes_nothing(office: Office) -> None:
    assert office.report(event(21, day=BORN)) == SHEEP_TRUE
    assert len(office.register.movements(TAG)) == 1
    office.subject = NEIGHBOUR
    (found,) = found_in(office.report(event(21), Provozovna=OTHER))
    assert (found["KodChyby"], found["Element"]) == ("11", "UsniZnamka")


def test_corrections(office: Office) -> None:
    office.report(event(40))
    assert codes_in(office.report(event(19))) == ["08"]
    assert office.report(event(94)) == SHEEP_TRUE
    assert office.report(event(19)) == SHEEP_TRUE
    assert office.register.position(TAG) == Position(HOME, "", BORN)
    assert codes_in(office.report(event(94))) == ["18"]


def test_a_cancelled_birth_takes_the_animal_out(office: Office) -> None:
    assert office.report(event(99, day=BORN)) == SHEEP_TRUE
    assert office.register.animal(TAG) is None
    assert codes_in(office.report(event(70))) == ["07"]
    assert office.report(event(22, day=BORN)) == SHEEP_TRUE
    found = office.register.animal(TAG)
    assert found
    assert found.sex == "M"
    assert [each.number for each in office.register.movements(TAG)] == [1, 2, 3]
    assert office.register.position(TAG).holding == HOME


def test_the_slaughterhouse_may_report_first(office: Office) -> None:
    office.subject = BUTCHER
    assert office.report(event(66, Provozovna=HOME), Provozovna=SHAMBLES) == SHEEP_TRUE
    office.subject = SUBJECT
    assert office.report(event(60, Provozovna=SHAMBLES)) == SHEEP_TRUE
    assert codes_in(office.report(event(60, Provozovna=SHAMBLES))) == ["08"]


def test_a_slaughter_at_home_after_the_temporary_holding(office: Office) -> None:
    office.move(TAG)
    assert office.report(event(63, day="2025-05-05")) == SHEEP_TRUE
    assert codes_in(office.report(event(63, day="2025-05-05"))) == ["08"]


@pytest.mark.parametrize(
    "code", [30, 36, 40, 41, 50, 53, 60, 63, 64, 70, 79, 80, 17, 18, 19, 55, 66]
)
def test_codes_that_are_taken(office: Office, code: int) -> None:
    assert office.report(event(code)) == SHEEP_TRUE
    assert office.register.movements(TAG)[-1].code == code


@pytest.mark.parametrize("code", ["", "0", "20", "1.5", "x", "-70", "²"])
def test_a_code_that_is_in_no_list(office: Office, code: str) -> None:
    answer = office.report(event(70) | {"KodPohybu": code}, verify=True)
    assert isinstance(answer, ServiceError)
    assert (answer.key, answer.at, answer.received) == ("request_not_valid", "KodPohybu", code)


def test_an_event_without_a_day(office: Office) -> None:
    row = event(70)
    del row["Datum"]
    answer = office.report(row)
    assert isinstance(answer, ServiceError)
    assert (answer.key, answer.at) == ("request_not_valid", "Datum")


def test_states(office: Office) -> None:
    def key(**header: str) -> str:
        answer = office.report(event(70), **header)
        assert isinstance(answer, ServiceError)
        return answer.key

    assert key(Provozovna="1") == "holding_number_length"
    assert key(Provozovna="99999999") == "holding_unknown"
    assert key(Provozovna=OTHER) == "holding_not_owned"
    office.subject = "1"
    assert key(Provozovna="1") == "subject_not_found"


def test_errors_of_the_report(office: Office) -> None:
    assert codes_in(office.report(event(21, UNKNOWN), Provozovna=OWN)) == ["99"]
    assert codes_in(office.report(event(21, UNKNOWN), Provozovna=SECOND)) == ["02"]


def test_elements_have_the_names_of_this_service(office: Office) -> None:
    answer = office.report(event(70, "x"), event(70, day="2020-01-01"), verify=True)
    assert [each["Element"] for each in found_in(answer)] == [
        "UsniZnamka",
        "Datum, Provozovna",
        "Datum, UsniZnamka, Provozovna",
    ]
    assert office.told[0][1] == "Hlaseni[1]: UsniZnamka"


def test_the_mirror_has_the_names_of_this_service(office: Office) -> None:
    office.set(validation_errors="mirrored")
    answer = office.report(event(70, "x"), event(70, day="2024-01-01", Provozovna=OTHER))
    assert isinstance(answer, ServiceError)
    errors = CONTRACT.errors
    not_there = errors["animal_not_on_holding"].text
    assert answer.inner == [
        (
            "ZasilaneHlaseni",
            [
                ("Hlaseni", [("UsniZnamka", errors["tag_format"].text)]),
                ("Hlaseni", [("Datum", not_there), ("UsniZnamka", not_there)]),
            ],
        )
    ]


def test_rows_of_the_log_have_what_the_form_had(office: Office) -> None:
    office.set(processing="delay")
    told = {"Provozovna": f"{OTHER}01", "Zeme": "SK", "Matka": EWE}
    office.report(event(70, **told))
    office.register.record(Movement(TAG, 50, TODAY, HOME))
    office.process()
    (found,) = office.log()
    assert (found.code, found.event) == ("08", 70)
    assert (found.other, found.country, found.dam) == (OTHER, "SK", EWE)
