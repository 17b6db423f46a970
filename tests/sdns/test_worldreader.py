"""Rows of worlds: what is read of each, and why some are refused."""

import re
from typing import Any

import pytest

from podatelna.sdns.certificates import registered
from podatelna.sdns.model import Certificate, Obligation, Subject, Trigger, User
from podatelna.sdns.worldreader import Right, WorldReader, check_day, read_instant
from tests.sdns.houses import ACCOUNTS, CONTRACT, FIRM, OTHER, SCOPE, SUBJECTS, duty
from tests.sdns.test_timetable import QUARTERLY

TRIGGER = {"data_set": "MOKAS40", "check": "MOKA40_11_006", "column": 14, "value": "ABC"}


@pytest.fixture
def reader() -> WorldReader:
    """After two subjects and a user."""
    made = WorldReader(CONTRACT)
    for row in SUBJECTS:
        made.subject(row)
    for row in ACCOUNTS:
        made.user(row)
    return made


def test_subjects() -> None:
    found = WorldReader(CONTRACT).subject({"code": "1", "name": "A"})
    assert found == Subject("1", "A", "", "")
    found = WorldReader(CONTRACT).subject(
        {"code": "1", "name": "A", "prefix": "007", "email": "a@b.example"}
    )
    assert found == Subject("1", "A", "007", "a@b.example")


def test_users(reader: WorldReader) -> None:
    found = reader.user({"login": "NOVY", "password": "x", "subject": OTHER, "may_send": False})
    assert found == User("NOVY", "x", OTHER, may_send=False)
    assert set(reader.users) == {"uziv0001", "novy"}
    own = [each for each in reader.certificates.values() if each.login == "novy"]
    assert own == registered("novy")
    reader.user({"login": "other", "password": "x", "subject": OTHER, "certificates": False})
    assert not [each for each in reader.certificates.values() if each.login == "other"]


def test_certificates(reader: WorldReader) -> None:
    row = {"login": "UZIV0001", "issuer": "CN=A", "serial": "17"}
    assert reader.certificate(row) == Certificate("UZIV0001", "CN=A", "17", "")
    found = reader.certificate(row | {"serial": "18", "revoked": "2026-03-02T10:00:00+02:00"})
    assert found.revoked == "2026-03-02T08:00:00.000000+00:00"


def test_rights(reader: WorldReader) -> None:
    assert reader.right({"sender": FIRM, "subject": OTHER}) == Right(FIRM, OTHER)


def test_obligations(reader: WorldReader) -> None:
    found = reader.obligations(duty("MOKAS41", "MOKAS42", until="2026-12-31"))
    assert found == [
        Obligation(FIRM, SCOPE, code, "2026-02-23", "2026-12-31") for code in ("MOKAS41", "MOKAS42")
    ]
    reader.data_set(QUARTERLY)
    assert reader.obligations(duty("CTVRT01"))[0].data_set == "CTVRT01"
    assert reader.obligations(duty("CTVRT01", since="2026-02-24"))


def test_triggers(reader: WorldReader) -> None:
    assert reader.trigger(TRIGGER) == Trigger("MOKAS40", "MOKA40_11_006", "14", "ABC", "", {})
    more = {"area": "MOKA40_11", "column": "14", "cells": {15: "Y", "7": "B"}}
    found = reader.trigger(TRIGGER | more)
    assert (found.area, found.cells) == ("MOKA40_11", {"15": "Y", "7": "B"})
    for check in ("MOKA40_11_F14", "MOKAS40_F00"):
        assert reader.trigger(TRIGGER | {"check": check}).check == check


@pytest.mark.parametrize(
    ("kind", "row", "why"),
    [
        ("subject", {"code": "1"}, "name must be there"),
        ("subject", {"code": 1, "name": "A"}, "code cannot be 1"),
        ("subject", {"code": "1x", "name": "A"}, "code does not look like [0-9]{1,16}: '1x'"),
        ("subject", {"code": FIRM, "name": "A"}, "there is another one before it"),
        ("subject", {"code": "1", "name": "A", "prefix": "999"}, "there is another one before it"),
        ("subject", {"code": "1", "name": "A", "prefix": "99"}, "prefix does not look like"),
        ("subject", {"code": "1", "name": "A", "mail": "x"}, "unknown key mail; email?"),
        ("user", {"login": "a", "password": "b", "subject": "1"}, "subject is not known: '1'"),
        ("user", {"login": "uziv0001", "password": "b", "subject": FIRM}, "another one before it"),
        ("user", {"login": "á", "password": "b", "subject": FIRM}, "login does not look like"),
        ("user", {"login": "a b", "password": "b", "subject": FIRM}, "login does not look like"),
        ("user", {"login": "a", "subject": FIRM}, "password must be there"),
        ("user", {**ACCOUNTS[0], "blocked": 1}, "blocked cannot be 1"),
        (
            "user",
            {"login": "a", "password": "b", "subject": FIRM, "certificates": ["x"]},
            "certificates is true or false, not ['x']",
        ),
        (
            "certificate",
            {"login": "nobody", "issuer": "CN=A", "serial": "1"},
            "login is not known: 'nobody'",
        ),
        (
            "certificate",
            {"login": "UZIV0001", "issuer": "CN=A", "serial": "0x1"},
            "serial does not look like [0-9]{1,60}: '0x1'",
        ),
        (
            "certificate",
            {"login": "UZIV0001", "issuer": "CN=A", "serial": "1", "revoked": "soon"},
            "'soon' is no instant such as 2026-03-02T08:00:00Z",
        ),
        (
            "certificate",
            {"login": "UZIV0001", "issuer": registered("uziv0001")[0].issuer,
             "serial": registered("uziv0001")[0].serial},
            "there is another one before it",
        ),
        ("right", {"sender": FIRM, "subject": "1"}, "subject is not known: '1'"),
        ("right", {"sender": "1", "subject": FIRM}, "sender is not known: '1'"),
        ("data_set", {"data_set": "X"}, "data_set is code.version.variant"),
        ("obligations", duty(), "data_sets is a list of codes, not []"),
        ("obligations", duty() | {"data_sets": "MOKAS40"}, "data_sets is a list of codes, not 'M"),
        ("obligations", duty("MOKAS99"), "data_sets is not known: 'MOKAS99'"),
        ("obligations", duty("MOKAS40.03.00"), "data_sets is not known: 'MOKAS40.03.00'"),
        ("obligations", duty("MOKAS40", "MOKAS40"), "there is another one before it"),
        ("obligations", duty("MOKAS40", subject="1"), "subject is not known: '1'"),
        ("obligations", duty("MOKAS40", scope="S_BCPZ"), "scope is not known: 'S_BCPZ'"),
        ("obligations", duty("MOKAS40", since="1. 1. 2026"), "'1. 1. 2026' is no day such as"),
        ("obligations", duty("MOKAS40", since=""), "'' is no day such as"),
        ("obligations", duty("MOKAS40", until="20261231"), "'20261231' is no day such as"),
        (
            "obligations",
            duty("MOKAS40", until="2026-02-22"),
            "until, 2026-02-22, is before since, 2026-02-23",
        ),
        ("obligations", {"data_sets": ["MOKAS40"]}, "scope, since, subject must be there"),
        ("trigger", TRIGGER | {"data_set": "MOKAS99"}, "data_set is not known: 'MOKAS99'"),
        ("trigger", TRIGGER | {"check": "MOKA41_11_001"}, "check is not known: 'MOKA41_11_001'"),
        ("trigger", TRIGGER | {"area": "MOKA99"}, "area is not known: 'MOKA99'"),
        ("trigger", TRIGGER | {"column": "x"}, "column does not look like [0-9]{1,5}: 'x'"),
        ("trigger", TRIGGER | {"value": 1}, "value cannot be 1"),
        ("trigger", TRIGGER | {"cells": ["1"]}, "cells is a mapping of columns to values, not ["),
        ("trigger", TRIGGER | {"cells": {"1": 2}}, "cells have texts, not 2: put it in quotes"),
        ("trigger", TRIGGER | {"row": 1}, "unknown key row"),
        (
            "trigger",
            {name: TRIGGER[name] for name in ("data_set", "check", "value")},
            "column must be there",
        ),
    ],
)  # fmt: skip
def test_what_is_refused(reader: WorldReader, kind: str, row: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        getattr(reader, kind)(row)


def test_what_is_there_twice(reader: WorldReader) -> None:
    rows: list[tuple[str, dict[str, Any]]] = [
        ("certificate", {"login": "UZIV0001", "issuer": "CN=A", "serial": "1"}),
        ("right", {"sender": FIRM, "subject": OTHER}),
        ("data_set", QUARTERLY),
        ("obligations", duty("MOKAS42")),
    ]
    for kind, row in rows:
        getattr(reader, kind)(row)
        with pytest.raises(ValueError, match="there is another one before it"):
            getattr(reader, kind)(row)


def test_days_and_instants() -> None:
    check_day("2026-02-28")
    for text in ("2026-02-29", "20260228", "2026-W01-1", ""):
        with pytest.raises(ValueError, match="is no day such as 2026-03-02"):
            check_day(text)
    assert read_instant("2026-03-02 08:00:00") == "2026-03-02T08:00:00.000000+00:00"
    assert read_instant("2026-03-02T08:00:00Z") == "2026-03-02T08:00:00.000000+00:00"
    assert read_instant("2026-03-02") == "2026-03-02T00:00:00.000000+00:00"
    for text in ("0001-01-01T00:00:00+23:00", "now"):
        with pytest.raises(ValueError, match="is no instant such as"):
            read_instant(text)
