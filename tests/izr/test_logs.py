"""IZR_CHIZZ01B: the error logs."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from podatelna.izr.model import Movement, ServiceError
from tests.izr.desks import (
    BORN,
    EWE,
    GOAT,
    HOME,
    NEIGHBOUR,
    NOW,
    OTHER,
    SUBJECT,
    TAG,
    TODAY,
    Office,
    event,
    opened,
    row,
)

STRANGER = "987654321"


@pytest.fixture
def office() -> Iterator[Office]:
    with opened() as office:
        yield office


def lists(result: Any, *way: str) -> list[Any]:
    """The children of an answer at the end of a way."""
    found = [result]
    for name in way:
        found = [child for each in found for other, child in each if other == name]
    return found


def test_nothing_to_tell(office: Office) -> None:
    assert office.logs() == [("SZRID", SUBJECT)]
    assert office.logs(PROVOZOVNA=HOME) == [("SZRID", SUBJECT), ("PROVOZOVNA", HOME)]
    assert office.logs(GETDATA="false") == [("SZRID", SUBJECT)]


def test_the_sample_of_72(office: Office) -> None:
    office.set(processing="nightly")
    office.move(CISLOOP=STRANGER)
    office.now = NOW.replace(hour=21)
    office.process()
    line = [
        ("PORADI", "1"),
        ("KODCHYBY", "72"),
        ("ZAVAZNOST", "TvrdaChyba"),
        ("DATUMHLASENI", "02.05.2025"),
        ("ZVIRE", TAG),
        (
            "TEXTCHYBY",
            "Osoba dle čísla občanského průkazu uvedeného v hlášení nenalezena v Základních"
            " registrech.",
        ),
    ]
    log = [("DATUMZPRACOVANI", "2025-05-02T21:00:00"), ("RADKY", line)]
    assert office.logs("2025-05-01", "2025-05-31", PROVOZOVNA=HOME, DRUH="OVC") == [
        ("SZRID", SUBJECT),
        ("PROVOZOVNA", HOME),
        ("DRUHZVIRETE", [("NAZEVDRUHU", "OVC"), ("DATUMZPRACOVANI", log)]),
    ]


def test_logs_by_species_and_time_with_lines_by_tag_and_code(office: Office) -> None:
    office.move(EWE, TAG, row(GOAT, species="KOZ"), CISLOOP=STRANGER)
    office.now += timedelta(hours=1)
    office.move(EWE, CISLOOP=STRANGER)
    result = office.logs()
    assert lists(result, "DRUHZVIRETE", "NAZEVDRUHU") == ["KOZ", "OVC"]
    assert lists(result, "DRUHZVIRETE", "DATUMZPRACOVANI", "DATUMZPRACOVANI") == [
        "2025-05-02T08:00:00",
        "2025-05-02T08:00:00",
        "2025-05-02T09:00:00",
    ]
    way = ("DRUHZVIRETE", "DATUMZPRACOVANI", "RADKY")
    tags = lists(result, *way, "ZVIRE")
    assert list(zip(lists(result, *way, "PORADI"), tags, strict=True)) == [
        ("1", GOAT),
        ("1", TAG),
        ("2", EWE),
        ("1", EWE),
    ]


def test_lines_of_one_animal_are_ordered_by_code(office: Office) -> None:
    office.set(processing="delay")
    office.move(CISLOOP=STRANGER)
    office.register.record(Movement(TAG, 50, TODAY, HOME))
    office.process()
    codes = lists(office.logs(), "DRUHZVIRETE", "DATUMZPRACOVANI", "RADKY", "KODCHYBY")
    assert codes == ["08", "72"]


def test_all_elements_of_a_line(office: Office) -> None:
    office.set(processing="delay")
    office.report(event(70, Provozovna=OTHER, Zeme="SK", Matka=EWE))
    office.register.record(Movement(TAG, 50, TODAY, HOME))
    office.process()
    (line,) = lists(office.logs(), "DRUHZVIRETE", "DATUMZPRACOVANI", "RADKY")
    assert [name for name, _ in line] == [
        *("PORADI", "KODCHYBY", "ZAVAZNOST", "DATUMHLASENI", "ZVIRE", "MATKA", "PROVOZOVNA"),
        *("ZEME", "TEXTCHYBY", "KODPOHYBU"),
    ]
    assert dict(line)["PROVOZOVNA"] == OTHER
    assert dict(line)["KODPOHYBU"] == "70"


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        (TODAY, TODAY, 1),
        ("2025-05-01", TODAY, 1),
        (TODAY, "2025-05-03", 1),
        ("2025-05-03", "2025-05-31", 0),
        ("2025-04-01", "2025-05-01", 0),
        ("2025-05-31", "2025-05-01", 0),
    ],
)
def test_both_ends_of_the_interval_are_included(
    office: Office, since: str, until: str, found: int
) -> None:
    office.now = NOW.replace(hour=23, minute=59, second=59)
    office.move(CISLOOP=STRANGER)
    assert len(lists(office.logs(since, until), "DRUHZVIRETE")) == found


def test_a_question_may_be_narrowed(office: Office) -> None:
    office.move(TAG, row(GOAT, species="KOZ"), CISLOOP=STRANGER)
    assert lists(office.logs(DRUH="KOZ"), "DRUHZVIRETE", "NAZEVDRUHU") == ["KOZ"]
    assert lists(office.logs(PROVOZOVNA="12345679"), "DRUHZVIRETE") == []


def test_the_date_of_the_last_change(office: Office) -> None:
    office.move(CISLOOP=STRANGER)
    office.now += timedelta(days=1)
    office.move(row(GOAT, species="KOZ"), CISLOOP=STRANGER)
    last = {"GETDATA": "0"}
    assert office.logs(**last) == [("SZRID", SUBJECT), ("DATZMENY", "2025-05-03T08:00:00")]
    assert office.logs(DRUH="OVC", **last)[1] == ("DATZMENY", "2025-05-02T08:00:00")
    assert office.logs("2024-01-01", "2024-01-01", PROVOZOVNA=HOME, **last)[1] == (
        "DATZMENY",
        "2025-05-03T08:00:00",
    )


def test_nobody_sees_the_logs_of_others(office: Office) -> None:
    office.move(CISLOOP=STRANGER)
    office.subject = NEIGHBOUR
    assert office.logs() == [("SZRID", NEIGHBOUR)]


@pytest.mark.parametrize(
    ("holding", "key"),
    [
        ("1", "holding_number_length"),
        ("99999999", "holding_unknown"),
        (OTHER, "holding_not_owned"),
    ],
)
def test_states(office: Office, holding: str, key: str) -> None:
    answer = office.logs(PROVOZOVNA=holding)
    assert isinstance(answer, ServiceError)
    assert answer.key == key


def test_an_unknown_subject(office: Office) -> None:
    office.subject = "9999999999"
    for elements in ({}, {"PROVOZOVNA": HOME}):
        answer = office.logs(**elements)
        assert isinstance(answer, ServiceError)
        assert answer.key == "subject_not_found"


@pytest.mark.parametrize(
    "wrong", [{"GETDATA": ""}, {"GETDATA": "ano"}, {"DATUMOD": ""}, {"DATUMDO": BORN + "T25:00:00"}]
)
def test_what_no_schema_has_checked(office: Office, wrong: dict[str, str]) -> None:
    answer = office.logs(**wrong)
    assert isinstance(answer, ServiceError)
    assert (answer.key, answer.at) == ("request_not_valid", next(iter(wrong)))
