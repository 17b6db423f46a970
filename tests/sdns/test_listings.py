"""Queries for issues, occurrences and messages with a wrong header, and who may ask them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from lxml import etree

from podatelna.sdns import listings
from podatelna.sdns.methodology import Methodology
from podatelna.sdns.model import Trouble
from podatelna.sdns.moments import instant
from tests.sdns.asking import (
    DATA_SETS,
    ERROR,
    ISSUES,
    KEY,
    NEW,
    NOTHING,
    NS,
    OCCURRENCES,
    PARTNER,
    PASSWORD,
    PRAGUE,
    REFUSED,
    STRANGER,
    SUBJECT,
    Answer,
    Bank,
    at,
    bank,
    oblige,
)

LOGIN = ("ERROR", "security.LoginDenied", "Neplatné uživatelské jméno nebo heslo")
ACCESS = ("ERROR", "security.AccessDenied", "Uživatel není oprávněn k požadovaným údajům")
NUMBERS = "//e:CisloVydani"
DAILY = replace(KEY, data_set="MOKAS40")


@pytest.fixture
def house() -> Iterator[Bank]:
    with bank() as opened:
        yield opened


def days(answer: Answer) -> list[str]:
    return answer.texts("e:Vyskyt/e:Obdobi")


def states(answer: Answer) -> list[str]:
    return answer.texts("e:Vyskyt/e:StavKod")


# -- log-in and rights, of all queries that are not public

PRIVATE = [("VYDANI_SEZNAM_JH", ISSUES), ("VYSKYTY_SEZNAM_JH", OCCURRENCES)]
QUESTIONS = [*PRIVATE, ("DZ_ERR_SEZNAM", REFUSED)]


@pytest.fixture
def filled(house: Bank) -> Bank:
    """Something to be found by each query."""
    house.deliver(house.occur(), "1")
    house.refuse("2", refused=(Trouble("DZ-05", "x"),))
    return house


@pytest.mark.parametrize(("query", "asked"), QUESTIONS)
@pytest.mark.parametrize("login", ["UZIV0001", "uziv0001", "Uziv0003"])
def test_user_names_in_any_case(
    filled: Bank, query: str, asked: dict[str, str], login: str
) -> None:
    assert filled.ask(query, asked, Username=login).log == ("SUCCESS", "", "")
    assert filled.told == []


@pytest.mark.parametrize(("query", "asked"), QUESTIONS)
@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("UZIV0001", PASSWORD.lower()),
        ("UZIV0001", PASSWORD + " "),
        ("UZIV9999", PASSWORD),
        ("BLOKOVAN", PASSWORD),
    ],
)
def test_who_cannot_log_in(
    filled: Bank, query: str, asked: dict[str, str], login: str, password: str
) -> None:
    answer = filled.ask(query, asked, Username=login, Password=password)

    assert answer.log == LOGIN
    assert filled.told == [("query_login_denied", "Username, Password", f"{login}, ***")]
    assert password.encode() not in answer.data


@pytest.mark.parametrize(("query", "asked"), QUESTIONS)
def test_who_may_not_ask(filled: Bank, query: str, asked: dict[str, str]) -> None:
    assert filled.ask(query, asked, Username="NEPTASE1").log == ACCESS
    assert filled.told == [("query_access_denied", "Username", "NEPTASE1")]


@pytest.mark.parametrize(("query", "asked"), PRIVATE)
@pytest.mark.parametrize("subject", [STRANGER, "00000000"])
def test_whom_one_may_not_ask_for(
    filled: Bank, query: str, asked: dict[str, str], subject: str
) -> None:
    assert filled.ask(query, asked, SubjektV=subject).log == ACCESS
    assert filled.told == [("query_access_denied", "SubjektV", subject)]


@pytest.mark.parametrize(("query", "asked"), PRIVATE)
def test_a_right_holds_one_way_only(filled: Bank, query: str, asked: dict[str, str]) -> None:
    filled.deliver(filled.occur(replace(KEY, subject=PARTNER)), "1")

    assert filled.ask(query, asked, SubjektV=PARTNER).log[0] == "SUCCESS"
    assert filled.ask(query, asked, Username="CIZINEC1").log == ACCESS


# -- VYDANI_SEZNAM_JH


@pytest.mark.parametrize(
    "changes",
    [
        {"ObdobiV": "30.06.2013"},
        {"RozsahV": "S_BCRPZB"},
        {"RozsahV": "s_bcpzb"},
        {"DatovySoubor": "MOKAS41"},
        {"DatovySoubor": "mokas42"},
        {"SubjektV": PARTNER},
    ],
)
def test_nothing_is_found(filled: Bank, changes: dict[str, str]) -> None:
    assert filled.issues(**changes).log == NOTHING
    assert filled.told == [("nothing_found", "", "")]
    assert filled.notes == []


def test_a_data_set_with_its_version_is_not_found(filled: Bank) -> None:
    assert filled.issues(DatovySoubor="MOKAS42.04.00").log == NOTHING
    assert filled.notes == [
        "DatovySoubor MOKAS42.04.00: the query takes the code alone; with version and variant it "
        "finds nothing (programmer's manual, DatovySoubor; observed answers)"
    ]


def test_an_occurrence_without_issues_is_not_listed(house: Bank) -> None:
    oblige(house)
    house.occur(state=0)

    assert house.issues().log == NOTHING


def test_the_group_is_repeated_for_every_issue(house: Bank) -> None:
    occurrence = house.occur()
    for number in ("1", "2", "3"):
        house.deliver(occurrence, number)
    answer = house.issues()

    assert [each.tag.rpartition("}")[2] for each in answer.found] == [
        *("DatovySoubor", "Vyskyt", "Vydani") * 3
    ]
    assert answer.texts(NUMBERS) == ["1", "2", "3"]
    for name in ("e:DatovySoubor", "e:Vyskyt"):
        repeated = answer.found.findall(name, namespaces=NS)
        assert len({etree.tostring(each) for each in repeated}) == 1


@pytest.mark.parametrize(
    ("extent", "numbers"), [("VSE", ["1", "2", "3", "4"]), ("POSLEDNI", ["2", "3", "4"])]
)
def test_prepared_issues_are_always_listed(house: Bank, extent: str, numbers: list[str]) -> None:
    occurrence = house.occur()
    house.deliver(occurrence, "1", 61)
    house.deliver(occurrence, "2", 5, file="", sent=False)
    house.deliver(occurrence, "3", 51)
    house.deliver(occurrence, "4", 5, file="", sent=False)
    answer = house.issues(Rozsah=extent)

    assert answer.texts(NUMBERS) == numbers
    assert answer.texts("e:Vydani[not(e:SouborExt)]/e:CisloVydani") == ["2", "4"]
    assert (
        answer.texts("e:Vydani[not(e:SouborExt)]/e:Stav")
        == ["Data vydání připravena uživatelem SDNS, data nejsou v db"] * 2
    )


def test_the_last_issue_is_that_which_was_made_last(house: Bank) -> None:
    occurrence = house.occur()
    house.deliver(occurrence, "9", 51)
    house.deliver(occurrence, "5", 0, status="confirmation")

    assert house.issues(Rozsah="POSLEDNI").texts(NUMBERS) == ["5"]


def test_only_prepared_issues(house: Bank) -> None:
    house.deliver(house.occur(state=0), "1", 5, file="", sent=False)

    assert house.issues(Rozsah="POSLEDNI").texts(NUMBERS) == ["1"]


def test_real_and_test_data_have_occurrences_of_their_own(house: Bank) -> None:
    house.deliver(house.occur(replace(KEY, test=True)), "1")
    house.deliver(house.occur(), "2")
    house.deliver(house.occur(replace(KEY, as_of="2013-06-30")), "3")
    answer = house.issues(Rozsah="POSLEDNI")

    assert answer.texts(NUMBERS) == ["2", "1"]
    assert answer.texts("e:Vyskyt/e:Testovaci") == ["Provozní", "Testovací"]


def test_messages_with_a_refused_header_are_not_listed(house: Bank) -> None:
    house.refuse("1", refused=(Trouble("DZ-05", "x"),))
    house.deliver(house.occur(), "2")

    assert house.issues().texts("//e:SouborExt") == ["ws9990000002.xml"]


def test_a_waiting_message_is_not_listed(house: Bank) -> None:
    house.refuse("1", accepted="")

    assert house.issues().log == NOTHING


STATES = {
    -1: "Replikované vydání vzniklé z posledních platných hodnot daného datového souboru",
    0: "Fiktivní vydání pro došlé zprávy typu „storno“, „potvrzení“ aj.",
    16: "Zjištěny chyby v JVK, požadavek na opravu dat",
    20: "",
    51: "Data jsou uložena v db a jsou platná",
    99: "Interní chyba, vydání není možné zpracovat",
}


@pytest.mark.parametrize(("state", "text"), STATES.items())
def test_states_of_issues(house: Bank, state: int, text: str) -> None:
    house.deliver(house.occur(), "1", state)
    answer = house.issues()

    assert answer.texts("e:Vydani/e:StavKod | e:Vydani/e:Stav") == [str(state), text]


def test_times_are_local(house: Bank) -> None:
    winter, summer = "2013-12-31T23:30:00.000000+00:00", "2013-07-31T22:30:59.999999+00:00"
    house.deliver(house.occur(), "1", accepted=winter, since=summer)
    answer = house.issues()

    assert answer.texts("//e:DatumPrijmu | //e:StavOd") == ["01.01.2014 00:30", "01.08.2013 00:30"]


# -- states and terms of occurrences


@pytest.mark.parametrize(
    ("now", "stored", "issue", "state"),
    [
        ("2013-08-20T23:59:59", 0, 51, "10"),
        ("2013-08-21T00:00:00", 0, 51, "15"),
        ("2013-09-03T23:59:59", 0, 51, "15"),
        ("2013-09-04T00:00:00", 0, 51, "18"),
        ("2013-08-20T12:00:00", 20, 10, "20"),
        ("2013-09-20T12:00:00", 30, 31, "30"),
        ("2013-09-20T12:00:00", 40, 16, "40"),
        ("2013-09-20T12:00:00", 50, 51, "50"),
        ("2014-08-20T23:59:59", 50, 51, "50"),
        ("2014-08-21T00:00:00", 50, 51, "55"),
        ("2014-08-21T00:00:00", 50, 52, "55"),
        ("2014-08-21T00:00:00", 30, 31, "65"),
        ("2014-08-21T00:00:00", 40, 16, "65"),
    ],
)
def test_states_of_occurrences(house: Bank, now: str, stored: int, issue: int, state: str) -> None:
    occurrence = house.occur(state=stored)
    current = house.deliver(occurrence, "1", issue)
    known = house.register.occurrence(KEY)
    assert known
    house.register.change_occurrence(replace(known, current=current))
    house.now = datetime.fromisoformat(now).replace(tzinfo=PRAGUE)

    assert states(house.issues()) == [state]
    assert states(house.occurrences()) == [state]


def test_replicated_data_sets(house: Bank) -> None:
    house.settings["replicated_data_sets"] = ["MOKAS42"]
    oblige(house)
    answer = house.occurrences()

    assert states(answer) == ["-1"]
    assert answer.texts("//e:Stav") == ["Termín uplynul, k dispozici jsou jen data replikována"]


def test_the_term_is_the_plan_until_something_else_is_required(house: Bank) -> None:
    house.occur()
    house.occur(replace(KEY, as_of="2013-06-30"), 40, term=at(27, 23, 59))
    answer = house.occurrences(ObdobiOd="01.06.2013")

    assert answer.texts("//e:PlanDo") == ["20.07.2013 23:59", "20.08.2013 23:59"]
    assert answer.texts("//e:Termin") == ["27.08.2013 23:59", "20.08.2013 23:59"]


def test_a_data_set_that_the_methodology_does_not_know_has_no_plan(house: Bank) -> None:
    house.occur(replace(KEY, data_set="ZMIZELA"), 50)
    house.occur(replace(KEY, data_set="ZMIZELB"), 0, term=at(27, 23, 59))
    answer = house.occurrences()

    assert answer.texts("//e:PlanDo | //e:Termin") == ["", "", "", "27.08.2013 23:59"]
    assert states(answer) == ["50", "10"]


# -- VYSKYTY_SEZNAM_JH


def test_the_calendar(house: Bank) -> None:
    oblige(house)
    oblige(house, "MOKAS40")
    house.now = datetime(2013, 7, 10, 12, tzinfo=PRAGUE)
    answer = house.occurrences(ObdobiOd="03.07.2013", ObdobiDo="31.08.2013", DatovySoubor="MOKAS40")

    # The 5th of July 2013 was a holiday, the 6th and the 7th a weekend.
    assert days(answer)[:4] == ["03.07.2013", "04.07.2013", "08.07.2013", "09.07.2013"]
    assert len(days(answer)) == 42
    assert states(answer)[:5] == ["15", "15", "15", "10", "10"]
    assert days(house.occurrences(ObdobiDo="31.08.2013", DatovySoubor="MOKAS42")) == [
        "31.07.2013",
        "31.08.2013",
    ]


def test_the_whole_of_one_expected_occurrence(house: Bank) -> None:
    oblige(house)
    answer = house.occurrences()

    assert answer.texts("*/*") == [
        "MOKAS42",
        "4",
        "0",
        SUBJECT,
        "31.07.2013",
        "S_BCPZB",
        "15",
        "Nejsou žádná data, je urgováno jejich dodání",
        "20.08.2013 23:59",
        "20.08.2013 23:59",
        "Provozní",
    ]


def test_occurrences_with_and_without_data(house: Bank) -> None:
    oblige(house)
    oblige(house, "MOKAS40")
    house.occur(replace(KEY, test=True), 20)
    house.occur(KEY, 50)
    house.occur(replace(DAILY, as_of="2013-07-29"), 30)
    house.occur(replace(DAILY, as_of="2013-07-28"), 40)  # a Sunday, for which data may be sent
    answer = house.occurrences(ObdobiOd="27.07.2013")

    assert list(
        zip(
            answer.texts("//e:Kod"),
            days(answer),
            states(answer),
            answer.texts("//e:Testovaci"),
            strict=True,
        )
    ) == [
        ("MOKAS40", "28.07.2013", "40", "Provozní"),
        ("MOKAS40", "29.07.2013", "30", "Provozní"),
        ("MOKAS40", "30.07.2013", "18", "Provozní"),
        ("MOKAS40", "31.07.2013", "18", "Provozní"),
        ("MOKAS42", "31.07.2013", "50", "Provozní"),
        ("MOKAS42", "31.07.2013", "20", "Testovací"),
    ]


def test_versions_are_those_valid_on_the_day(house: Bank) -> None:
    oblige(house)
    answer = house.occurrences(ObdobiOd="30.11.2012", ObdobiDo="28.02.2013")

    assert list(zip(days(answer), answer.texts("//e:Verze"), strict=True)) == [
        ("30.11.2012", "1"),
        ("31.12.2012", "1"),
        ("31.01.2013", "4"),
        ("28.02.2013", "4"),
    ]


def test_of_two_versions_in_one_methodology_the_latest_is_expected(house: Bank) -> None:
    _, new, _ = DATA_SETS
    later = replace(new, version=5)
    house.methodology = Methodology({each.full_code: each for each in (new, later)})
    oblige(house)

    assert house.occurrences().texts("//e:Verze") == ["5"]


def test_an_obligation_begins_and_ends(house: Bank) -> None:
    oblige(house, since="2013-03-31", until="2013-05-31")

    assert days(house.occurrences(ObdobiOd="01.01.2013", ObdobiDo="31.12.2013")) == [
        "31.03.2013",
        "30.04.2013",
        "31.05.2013",
    ]


def test_two_obligations_for_one_day_are_one_occurrence(house: Bank) -> None:
    oblige(house)
    oblige(house, since="2013-01-01")

    assert days(house.occurrences()) == ["31.07.2013"]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"RozsahV": "S_BCPZB"}, ["MOKAS40", "MOKAS42"]),
        ({"RozsahV": "S_BCRPZB"}, ["MOKAS40"]),
        ({"DatovySoubor": "MOKAS42"}, ["MOKAS42"]),
        ({"RozsahV": "", "DatovySoubor": "", "Stav": ""}, ["MOKAS40", "MOKAS40", "MOKAS42"]),
        ({"Stav": "18"}, ["MOKAS40", "MOKAS40"]),
        ({"Stav": "15"}, ["MOKAS42"]),
        ({"Stav": "15.0"}, ["MOKAS42"]),
    ],
)
def test_what_is_asked_for(house: Bank, changes: dict[str, str], found: list[str]) -> None:
    oblige(house)
    oblige(house, "MOKAS40", since="2013-07-31", until="2013-07-31")
    oblige(house, "MOKAS40", since="2013-07-31", until="2013-07-31", scope="S_BCRPZB")

    assert house.occurrences(**changes).texts("//e:Kod") == found


@pytest.mark.parametrize(
    "changes",
    [
        {"ObdobiOd": "01.08.2013"},
        {"ObdobiDo": "30.07.2013"},
        {"RozsahV": "ZCR"},
        {"DatovySoubor": "MOKAS42.04.00"},
        {"Stav": "99"},
        {"SubjektV": PARTNER},
        {"ObdobiOd": "01.01.0001", "ObdobiDo": "31.12.2006"},
    ],
)
def test_no_occurrence_is_found(house: Bank, changes: dict[str, str]) -> None:
    oblige(house)

    assert house.occurrences(**changes).log == NOTHING


def test_too_many_occurrences(house: Bank) -> None:
    oblige(house, "MOKAS40")
    answer = house.occurrences(ObdobiOd="01.01.0001", ObdobiDo="31.12.9999")

    assert answer.log == (
        "ERROR",
        "query.InvalidParameter",
        "Chybná hodnota parametru ObdobiDo",
    )
    assert house.told == [("query_parameter_wrong", "ObdobiDo", "31.12.9999")]
    assert house.notes == ["there are more than 5000 entries: ask for a shorter period"]


def test_a_data_set_without_a_successor_ends_with_its_methodology(house: Bank) -> None:
    """And the days after it are not even counted."""
    old, new, daily = DATA_SETS
    ended = replace(daily, methodologies=(old.methodologies[0],))
    house.methodology = Methodology({each.full_code: each for each in (old, new, ended)})
    oblige(house, "MOKAS40", since="2012-12-27")
    answer = house.occurrences(ObdobiOd="01.01.0001", ObdobiDo="31.12.9999")

    assert days(answer) == ["27.12.2012", "28.12.2012", "31.12.2012"]
    assert new.methodologies == (NEW,)


# -- DZ_ERR_SEZNAM

WRONG = (Trouble("DZ-05", "Není povinnost"), Trouble("DZ-09", "Nepřípustný důvod"))


def test_a_refused_message(house: Bank) -> None:
    house.refuse("7", refused=WRONG)
    answer = house.refused()

    assert answer.data.decode().partition("    <DzErrSeznam>")[2].splitlines()[1:13] == [
        "        <DoslaZprava>",
        "            <SouborExt>ws9990000007.xml</SouborExt>",
        "            <CisloZpravy>7</CisloZpravy>",
        "            <DatumPrijmu>21.08.2013 10:20</DatumPrijmu>",
        "            <Zaslal>99990000</Zaslal>",
        "            <DatovySoubor>MOKAS42.04.00</DatovySoubor>",
        "            <Subjekt>99990000</Subjekt>",
        "            <Obdobi>31.07.2013</Obdobi>",
        "            <Rozsah>S_BCPZB</Rozsah>",
        '            <ChybaHlavicky Kod="DZ-05" Msg="Není povinnost"/>',
        '            <ChybaHlavicky Kod="DZ-09" Msg="Nepřípustný důvod"/>',
        "        </DoslaZprava>",
    ]


def test_only_refused_messages_are_listed(house: Bank) -> None:
    house.refuse("1")
    house.refuse("2", refused=WRONG)
    house.refuse("3", refused=WRONG, subject=PARTNER)

    assert house.refused().texts("//e:CisloZpravy") == ["2", "3"]
    assert house.refused(SubjektV=PARTNER).texts("//e:CisloZpravy") == ["3"]
    assert house.refused(SubjektV=STRANGER).log == NOTHING
    assert house.refused(DatumOd="01.01.2012", DatumDo="31.12.2012").log == NOTHING


def test_messages_are_those_of_the_users_of_the_subject(house: Bank) -> None:
    house.refuse("1", refused=WRONG, sender="12345678")  # what was wrong is ZASLAL itself
    house.refuse("2", refused=WRONG, login="uziv0003")
    house.refuse("3", refused=WRONG, login="cizinec1")

    assert house.refused().texts("//e:CisloZpravy") == ["1", "2"]
    assert house.refused(Username="CIZINEC1").texts("//e:CisloZpravy") == ["3"]


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        ("20.08.2013", "21.08.2013", ["1", "2"]),
        ("20.08.2013", "20.08.2013", ["1"]),
        ("21.08.2013", "21.08.2013", ["2"]),
        ("01.01.0001", "31.12.9999", ["0", "1", "2", "3"]),
    ],
)
def test_days_are_local_and_both_included(
    house: Bank, since: str, until: str, found: list[str]
) -> None:
    first = datetime(2013, 8, 20, tzinfo=PRAGUE)
    for number, hours in enumerate((-0.001, 0, 24, 48)):
        accepted = instant(first + timedelta(hours=hours))
        house.refuse(str(number), refused=WRONG, accepted=accepted)

    assert house.refused(DatumOd=since, DatumDo=until).texts("//e:CisloZpravy") == found


def test_too_many_refused_messages(house: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listings, "_MOST", 2)
    for number in ("1", "2"):
        house.refuse(number, refused=WRONG)
    assert house.refused().texts("//e:CisloZpravy") == ["1", "2"]

    house.refuse("3", refused=WRONG)
    assert house.refused().log[1:] == (
        "query.InvalidParameter",
        "Chybná hodnota parametru DatumDo",
    )
    assert house.told == [("query_parameter_wrong", "DatumDo", "21.08.2013")]


@pytest.mark.parametrize("as_of", ["", "2013", "20130732", "31.07.2013", "٢٠١٣٠٧٣١"])
def test_a_day_that_is_none(house: Bank, as_of: str) -> None:
    house.refuse("1", refused=WRONG, as_of=as_of)

    assert house.refused().texts("//e:Obdobi") == [""]


def test_texts_of_headers_are_as_they_were_sent(house: Bank) -> None:
    house.refuse("1", refused=WRONG, data_set="<x>&", subject="S" * 40, scope='"')
    answer = house.refused()

    assert answer.texts("//e:DatovySoubor | //e:Subjekt | //e:Rozsah") == ["<x>&", "S" * 40, '"']


def test_strict_knows_no_refused_messages(house: Bank) -> None:
    house.refuse("1", refused=WRONG)
    house.settings["strict"] = True
    answer = house.refused()

    assert answer.log == ("ERROR", "query.UnknownType", "Neznámý typ dotazu")
    assert house.told == [("query_unknown", "queryType", "DZ_ERR_SEZNAM")]


def test_codes_as_observed(house: Bank) -> None:
    house.settings["query_error_codes"] = "observed"

    assert house.issues(Password="x").log == (*ERROR, LOGIN[2])
    assert house.issues(Username="NEPTASE1").log == (*ERROR, ACCESS[2])
