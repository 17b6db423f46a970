"""The register as a store: what is written is found, each environment for itself."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine

from podatelna.izr import queries
from podatelna.izr.errorlog import Asked
from podatelna.izr.model import (
    TEST,
    Address,
    Holding,
    LogRow,
    Movement,
    Person,
    Position,
    Report,
    Stable,
    Subject,
)
from podatelna.izr.register import HoldingSearch, Register
from podatelna.izr.tables import TABLES
from tests.izr.desks import (
    BORN,
    CARD,
    EWE,
    GOAT,
    HOLDINGS,
    HOME,
    HOUSE,
    NEIGHBOUR,
    OTHER,
    OWN,
    SECOND,
    SHAMBLES,
    SUBJECT,
    TAG,
    UNKNOWN,
    Office,
    animal,
    born,
    life,
    opened,
)


@pytest.fixture
def office() -> Iterator[Office]:
    with opened() as office:
        yield office


@pytest.fixture
def register(office: Office) -> Register:
    return office.register


def test_subjects(register: Register) -> None:
    assert register.subject(SUBJECT) == Subject(SUBJECT, "Chovatel")
    assert register.subject("9999999999") is None
    register.add_subjects([Subject("1000000009", "Bývalý", keeper=False)])
    assert register.subject("1000000009") == Subject("1000000009", "Bývalý", keeper=False)
    assert len(register.subjects()) == 4


def test_a_text_that_no_database_could_hold_is_not_found(register: Register) -> None:
    for text in ("\0", "\udc80", "'; DROP TABLE izr_animal; --"):
        assert register.subject(text) is None
        assert register.holding(text) is None
        assert register.animal(text) is None
        assert not register.has_person(text)
        assert not register.has_address(Address(text, "", "", "", ""))


def test_holdings(register: Register) -> None:
    assert [register.holding(each.number) for each in HOLDINGS] == list(HOLDINGS)
    assert register.holding("00000000") is None
    assert [each.number for each in register.holdings_of(SUBJECT)] == [HOME, SECOND, OWN]
    changed = replace(
        HOLDINGS[0], subject=NEIGHBOUR, own_stable_register=True, changed="2025-01-01"
    )
    register.change_holding(changed)
    assert register.holding(HOME) == changed
    assert register.holding(SECOND) == HOLDINGS[1]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        (HoldingSearch(), [HOME, SECOND, OTHER, SHAMBLES, OWN]),
        (HoldingSearch(type="J"), [SHAMBLES]),
        (HoldingSearch(type="H", active_on="2025-04-19"), [HOME, SECOND, OTHER, OWN]),
        (HoldingSearch(type="H", active_on="2025-04-20"), [HOME, OTHER, OWN]),
        (HoldingSearch(cancelled_by="2025-04-19"), []),
        (HoldingSearch(cancelled_by="2025-04-20"), [SECOND]),
        (HoldingSearch(region="21"), ["56789012"]),
        (HoldingSearch(changed_since="2025-03-01T10:00:00"), ["56789012"]),
        (HoldingSearch(changed_since="2025-03-01T10:00:01"), []),
    ],
)
def test_searching_holdings(register: Register, search: HoldingSearch, found: list[str]) -> None:
    if search.region or search.changed_since:
        changed = "2025-03-01T10:00:00"
        register.add_holdings([Holding("56789012", SUBJECT, "", region="21", changed=changed)])
    assert [each.number for each in register.holdings(search)] == found


def test_the_last_change_of_holdings(register: Register) -> None:
    assert register.last_holding_change() == ""
    register.change_holding(replace(HOLDINGS[0], changed="2025-03-01T10:00:00"))
    register.change_holding(replace(HOLDINGS[3], changed="2025-03-02T10:00:00"))
    assert register.last_holding_change() == "2025-03-02T10:00:00"
    assert register.last_holding_change("H") == "2025-03-01T10:00:00"
    assert register.last_holding_change("L") == ""


def test_stables(register: Register) -> None:
    assert register.stable(HOME, "01") == Stable(HOME, "01", "Ovčín")
    assert register.stable(HOME, "03") is None
    assert [each.number for each in register.stables(HOME)] == ["01", "02"]


def test_persons_and_addresses(register: Register) -> None:
    assert register.has_person(CARD)
    assert not register.has_person("987654321")
    assert register.persons() == [Person(CARD)]
    assert register.addresses() == [HOUSE]


@pytest.mark.parametrize(
    ("address", "exists"),
    [
        (HOUSE, True),
        (replace(HOUSE, town_part=""), True),
        (Address("", "", "", "", "27601"), True),
        (replace(HOUSE, number="2"), False),
        (replace(HOUSE, street="hlavní"), False),
        (Address("", "", "Kralupy", "", ""), False),
    ],
)
def test_an_address_by_the_parts_that_are_given(
    register: Register, address: Address, exists: bool
) -> None:
    assert register.has_address(address) == exists


def test_an_animal_with_its_events(register: Register) -> None:
    assert register.animal(TAG) == animal(TAG)
    assert register.animal(UNKNOWN) is None
    assert register.movements(TAG) == [replace(born(TAG), number=1)]
    assert register.movements(UNKNOWN) == []
    assert register.position(TAG) == Position(HOME, "", BORN)
    assert register.position(UNKNOWN) == Position()


def test_what_is_recorded_moves_the_animal(register: Register) -> None:
    (sale, purchase) = life((70, "2025-01-02", HOME, OTHER), (30, "2025-01-03", OTHER, HOME))
    assert register.record(sale) == replace(sale, number=2)
    assert register.position(TAG) == Position()
    assert register.record(replace(purchase, stable="02")).number == 3
    assert register.position(TAG) == Position(OTHER, "02", "2025-01-03")
    assert register.last_day(HOME) == "2025-01-02"
    assert register.last_day(OTHER) == "2025-01-03"
    assert register.last_day(SHAMBLES) == ""
    assert register.position(EWE).holding == HOME


def test_animals_on_a_holding(register: Register) -> None:
    register.record(Movement(TAG, 70, "2025-01-02", HOME, other=OTHER))

    def tags(*asked: str) -> list[str]:
        found = register.animals_on(HOME, *asked)
        assert all(there.holding == HOME for _, there in found)
        return [each.tag for each, _ in found]

    assert tags() == [GOAT, EWE]  # goats come before sheep
    assert tags("OVC") == [EWE]
    assert tags("TUR") == []
    assert tags("", "2025-01-01") == [GOAT, TAG, EWE]
    assert tags("OVC", "2025-01-01") == [TAG, EWE]
    assert tags("OVC", "2025-01-02") == [EWE]
    assert tags("", "2024-02-29") == []


def test_tags_seen_on_a_holding(register: Register) -> None:
    register.record(Movement(TAG, 70, "2025-01-02", HOME, other=OTHER))
    assert register.tags_seen_on(HOME, BORN, BORN) == [TAG, EWE, GOAT]
    assert register.tags_seen_on(HOME, "2025-01-01", "2025-01-02") == [TAG]
    assert register.tags_seen_on(OTHER, "", "9999") == []


def test_offspring(register: Register) -> None:
    lambs = [
        animal(UNKNOWN, dam=TAG, born="2025-02-01"),
        animal("SK12", dam=TAG, born="2025-01-01"),
    ]
    register.add_animals((lamb, ()) for lamb in lambs)
    assert register.offspring(TAG) == [lambs[1], lambs[0]]
    assert register.offspring(EWE) == []
    assert register.position(UNKNOWN) == Position()


def test_changing_and_removing_an_animal(register: Register) -> None:
    changed = replace(animal(TAG), replaced_by=EWE, sex="M", sex_changed=True)
    register.change_animal(changed)
    assert register.animal(TAG) == changed
    assert register.position(TAG).holding == HOME
    register.remove_animal(TAG)
    assert register.animal(TAG) is None
    assert register.movements(TAG) == [replace(born(TAG), number=1)]
    assert register.animal(EWE) == animal(EWE)


def test_another_environment_has_a_register_of_its_own(office: Office) -> None:
    there = Register(office.transaction, TEST)
    assert there.subject(SUBJECT) is None
    assert there.animals_on(HOME) == []
    there.add_animals([(animal(TAG, "KOZ"), [born(TAG, OTHER)])])
    there.record(Movement(TAG, 40, "2025-01-01", OTHER))
    assert there.position(TAG) == Position()
    assert office.register.position(TAG).holding == HOME
    assert office.register.animal(TAG) == animal(TAG)


@given(st.integers(1, 350))
def test_groups_hold_each_tag_and_are_of_few_sizes(number: int) -> None:
    tags = [str(each) for each in range(number)]
    groups = list(queries.grouped(tags))
    assert {len(group) for group in groups} <= set(queries.SIZES)
    assert list(dict.fromkeys(tag for group in groups for tag in group.values())) == tags
    assert sum(len(group) for group in groups) < number + queries.SIZES[1]
    assert all(list(group) == [f"t{place}" for place in range(len(group))] for group in groups)


def test_many_animals_at_once(register: Register) -> None:
    tags = [f"SK{number:04}" for number in range(1234)]
    register.add_animals((animal(tag), [born(tag)]) for tag in tags)
    asked = [*tags[:321], UNKNOWN]
    assert list(register.animals(asked)) == tags[:321]
    movements = register.movements_of(asked)
    assert list(movements) == asked
    assert [len(each) for each in movements.values()] == [1] * 321 + [0]
    assert register.animals([]) == {}
    assert register.movements_of([]) == {}


def test_no_look_up_reads_a_whole_table() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        TABLES.create_all(connection)
        for statement in (
            queries.animals_tagged(10),
            queries.movements_tagged(10),
            queries.ONE_HOLDING,
            queries.HOLDINGS_OF,
            queries.ON_HOLDING,
            queries.ON_HOLDING_OF_SPECIES,
            queries.SEEN_ON_HOLDING,
            queries.OFFSPRING,
            queries.POSITION,
            queries.LAST_DAY,
            queries.ONE_SUBJECT,
            queries.ONE_PERSON,
        ):
            sql = str(statement._core.compile(connection))
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", ("",) * sql.count("?"))
            steps = [row[3] for row in plan]
            slow = [step for step in steps if "SCAN" in step or step.endswith("(environment=?)")]
            assert not slow, (sql, steps)
    engine.dispose()


# -- the error log and the backlog


def row(tag: str = TAG, code: str = "72", **changes: str) -> LogRow:
    written = LogRow(SUBJECT, HOME, "OVC", "2025-05-02T21:00:00", code, "TvrdaChyba", "t", tag=tag)
    return replace(written, **changes)


ROWS = [
    row(EWE, "18"),
    row(TAG, "72"),
    row(TAG, "08"),
    row(GOAT, "72", species="KOZ"),
    row(TAG, "72", holding=SECOND, processed="2025-05-03T00:00:00"),
    row(TAG, "72", subject=NEIGHBOUR, holding=OTHER),
]


@pytest.fixture
def logged(register: Register) -> Register:
    register.log.add(enumerate(ROWS, start=1))
    return register


@pytest.mark.parametrize(
    ("asked", "since", "until", "places"),
    [
        (Asked(SUBJECT), "2025-05-02", "2025-05-02", [3, 2, 1, 0]),
        (Asked(SUBJECT), "2025-05-02", "2025-05-03", [3, 2, 1, 0, 4]),
        (Asked(SUBJECT, HOME), "2025-05-01", "2025-05-31", [3, 2, 1, 0]),
        (Asked(SUBJECT, species="KOZ"), "2025-05-01", "2025-05-31", [3]),
        (Asked(SUBJECT, SECOND, "OVC"), "2025-05-03", "2025-05-03", [4]),
        (Asked(SUBJECT, SECOND, "OVC"), "2025-05-04", "2025-05-31", []),
        (Asked(SUBJECT), "2025-05-31", "2025-05-01", []),
        (Asked(NEIGHBOUR), "2025-05-01", "9999-12-31", [5]),
        (Asked("9999999999"), "2025-05-01", "2025-05-31", []),
    ],
)
def test_rows_of_the_log(
    logged: Register, asked: Asked, since: str, until: str, places: list[int]
) -> None:
    assert logged.log.find(asked, since, until) == [ROWS[place] for place in places]


def test_when_the_log_was_written_last(logged: Register) -> None:
    assert logged.log.last(Asked(SUBJECT)) == "2025-05-03T00:00:00"
    assert logged.log.last(Asked(SUBJECT, HOME)) == "2025-05-02T21:00:00"
    assert logged.log.last(Asked("9999999999")) == ""


def test_the_backlog(register: Register) -> None:
    report = Report(2, 1, "S", SUBJECT, HOME, "", "OVC", TAG, "2025-05-02", 70, "sent", "later")
    other = replace(report, number=1, line=2)
    soon = replace(report, number=3, due="earlier")
    backlog = register.backlog
    backlog.add([other, replace(other, line=1), report, soon])
    assert backlog.numbers() == [3, 1, 2]
    assert backlog.all() == [replace(other, line=1), other, report, soon]
    assert backlog.take(1) == [replace(other, line=1), other]
    assert backlog.numbers() == [3, 2]
    assert backlog.take(1) == []
