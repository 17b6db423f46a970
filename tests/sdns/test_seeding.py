"""Worlds: each key of them, and the default one."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from podatelna.sdns.certificates import registered
from podatelna.sdns.model import Obligation, Subject, Trigger, User
from podatelna.sdns.seeding import KEYS
from tests.sdns.houses import FIRM, OTHER, SCOPE, duty, open_premises, shipped_world, world
from tests.sdns.test_timetable import QUARTERLY

FOREIGN = {"login": "UZIV0001", "issuer": "CN=A", "serial": "17"}
LISTS: dict[str, Any] = {
    "certificates": [FOREIGN],
    "rights": [{"sender": FIRM, "subject": OTHER}],
    "data_sets": [QUARTERLY],
    "obligations": [duty("CTVRT01", "MOKAS40")],
    "triggers": [{"data_set": "MOKAS40", "check": "MOKA40_11_006", "column": 14, "value": "ABC"}],
}


def test_every_key_is_written() -> None:
    with open_premises(world(**LISTS)) as here:
        register = here.register()
        assert register.subjects() == [
            Subject(FIRM, "Zkušební obchodník", "999", "a@firm.example"),
            Subject(OTHER, "Druhý obchodník", "998", ""),
        ]
        assert register.users() == [User("uziv0001", "Heslo-123", FIRM)]
        known = {(each.issuer, each.serial) for each in register.certificates("UZIV0001")}
        own = {(each.issuer, each.serial) for each in registered("uziv0001")}
        assert known == own | {("CN=A", "17")}
        assert [register.may_send_for(*pair) for pair in ((FIRM, OTHER), (OTHER, FIRM))] == [
            True,
            False,
        ]
        assert register.definitions() == {"CTVRT01.01.00": QUARTERLY}
        assert register.obligations() == [
            Obligation(FIRM, SCOPE, "CTVRT01", "2026-02-23"),
            Obligation(FIRM, SCOPE, "MOKAS40", "2026-02-23"),
        ]
        assert register.all_triggers() == [Trigger("MOKAS40", "MOKA40_11_006", "14", "ABC")]
        assert here.register("test").subjects() == []
    assert set(KEYS) == {*LISTS, "subjects", "accounts", "generate"}


def test_environments_are_apart() -> None:
    with open_premises(world(**LISTS) | {"test": world(**LISTS)["production"]}) as here:
        for environment in ("production", "test"):
            assert len(here.register(environment).obligations()) == 2


@pytest.mark.parametrize(
    ("part", "why"),
    [
        ({"staging": {}}, "sdns has the environments production, test, not staging"),
        ({"production": []}, "an environment is a mapping, not []"),
        ({"production": {"users": []}}, "unknown key users"),
        ({"production": {"subjects": {}}} | {"test": {"subjects": "x"}}, "subjects is a list of"),
        ({"production": {"subjects": ["x"]}}, "subjects is a list of mappings; this is none: 'x'"),
        (world(subjects=[{"code": "1"}]), "subjects: 1: name must be there"),
        (world(accounts=[{"login": "a"}]), "accounts: a: password, subject must be there"),
        (world(certificates=[FOREIGN, FOREIGN]), "certificates: UZIV0001: there is another one"),
        (world(rights=[{"sender": "1", "subject": FIRM}]), "rights: 1: sender is not known: '1'"),
        (world(data_sets=[QUARTERLY, QUARTERLY]), "data_sets: CTVRT01.01.00: there is another"),
        (world(obligations=[duty("X")]), f"obligations: {FIRM}: data_sets is not known: 'X'"),
        (world(obligations=[duty("MOKAS40")] * 2), "there is another one before it"),
        (world(triggers=[{"data_set": "X"}]), "triggers: X: "),
        (world(generate=[]), "generate is a mapping, not []"),
    ],
)
def test_what_is_no_world(part: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)), open_premises(part):
        pass


# -- the default world


def test_both_environments_of_the_default_world_are_alike() -> None:
    part = shipped_world()
    assert set(part) == {"production", "test"}
    assert part["production"] == part["test"]


def test_accounts_of_the_default_world() -> None:
    """Each of them is the only one of its kind."""
    with open_premises(shipped_world()) as here:
        register = here.register()
        users = {user.login: replace(user, about="") for user in register.users()}
        password = "Heslo-123"
        assert users == {
            "uziv0001": User("uziv0001", password, FIRM),
            "uziv0002": User("uziv0002", password, "9999"),
            "uziv0003": User("uziv0003", password, FIRM, may_send=False),
            "uziv0004": User("uziv0004", password, FIRM, may_query=False),
            "uziv0005": User("uziv0005", password, FIRM, blocked=True),
            "uziv0006": User("uziv0006", password, "99990002"),
            "uziv0007": User("uziv0007", password, FIRM),
        }
        counts = {login: len(register.certificates(login)) for login in users}
        assert counts == dict.fromkeys(users, 4) | {"uziv0007": 0}
        assert all(user.about for user in register.users())
        for user in users.values():
            subject = register.subject(user.subject)
            assert subject
            assert register.prefix_owner(subject.prefix) == subject


def test_subjects_of_the_default_world() -> None:
    with open_premises(shipped_world()) as here:
        register = here.register()
        prefixes = {subject.code: subject.prefix for subject in register.subjects()}
        assert prefixes == {FIRM: "999", "9999": "998", OTHER: "997", "99990002": "996"}
        assert register.may_send_for_whom(FIRM) == [OTHER]


def test_obligations_of_the_default_world() -> None:
    """For each of them something can be sent: its data set takes the scope, on this day."""
    with open_premises(shipped_world()) as here:
        obligations = here.register().obligations()
        told = {(of.subject, of.scope, of.data_set) for of in obligations}
        methodology = here.desk().methodology
        mkt = [f"MOKAS4{number}" for number in range(5)]
        assert told == {
            *((subject, SCOPE, code) for subject in (FIRM, "9999") for code in mkt),
            *((subject, "S_BCRPZB", "MOKAS40") for subject in (FIRM, "9999")),
            (OTHER, SCOPE, "MOKAS42"),
            ("99990002", SCOPE, "MOKAS50"),
        }
        for of in obligations:
            data_set = methodology.by_code(of.data_set, date(2026, 2, 27))
            assert data_set
            assert of.scope in data_set.scopes
            assert (of.since, of.until) == ("2007-11-01", "")
