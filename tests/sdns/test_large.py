"""Generated banks."""

from typing import Any

import pytest
from factory.random import get_random_state

from podatelna.sdns.checks import Checking
from podatelna.sdns.large import MOST, Plan, SubjectFactory, Trades, login
from podatelna.sdns.model import Key
from podatelna.sdns.register import Search
from tests.sdns.houses import FIRM, OTHER, SCOPE, Premises, open_premises, shipped_world

PLAN = {"subjects": 3, "days": 5, "rows": 4}


def generated(**changes: Any) -> dict[str, Any]:
    return {"production": {"generate": PLAN | changes}}


def dump(here: Premises) -> list[Any]:
    """All that was generated."""
    register = here.register()
    occurrences = register.occurrences(Search())
    issues = [issue for each in occurrences for issue in register.issues(each.id)]
    return [
        register.subjects(),
        register.users(),
        register.obligations(),
        occurrences,
        issues,
        register.messages(),
        [row for issue in issues for row in register.data.rows(issue.id)],
    ]


def test_the_same_seed_makes_the_same_bank_and_nobody_notices() -> None:
    before = get_random_state()
    with open_premises(generated()) as here:
        first = dump(here)
    assert get_random_state() == before
    assert [len(part) for part in first] == [3, 3, 3, 15, 15, 15, 60]
    with open_premises(generated()) as here:
        assert dump(here) == first
    with open_premises(generated(seed="other")) as here:
        same = [mine == other for mine, other in zip(dump(here), first, strict=True)]
    assert same == [False, True, True, True, True, True, False]


def test_everything_is_valid_and_hangs_together() -> None:
    with open_premises(generated()) as here:
        register = here.register()
        methodology = here.desk().methodology
        keys = {each.key for each in register.occurrences(Search())}
        days = ["2026-02-23", "2026-02-24", "2026-02-25", "2026-02-26", "2026-02-27"]
        subjects = [FIRM, OTHER, "99990002"]
        assert keys == {Key("MOKAS40", of, SCOPE, day) for of in subjects for day in days}
        for occurrence in register.occurrences(Search()):
            (issue,) = register.issues(occurrence.id)
            assert (occurrence.state, occurrence.current, issue.state) == (50, issue.id, 51)
            (message,) = register.messages_of(issue.id)
            assert (message.file, message.header.number) == (issue.file, issue.number)
            assert register.message_numbered(issue.sender, issue.number) == message
            assert register.content(message.id) == b""
            header = message.header
            assert methodology.has(header.methodology, header.data_set)
            assert header.as_of == occurrence.key.as_of.replace("-", "")
            data_set = methodology.find(header.data_set)
            assert data_set
            checking = Checking(data_set)
            rows = list(register.data.rows(issue.id))
            for row in rows:
                checking.row(row)
            assert (len(rows), checking.failed()) == (4, ())


def test_users_own_their_certificates_and_prefixes() -> None:
    with open_premises(generated()) as here:
        register = here.register()
        users = {user.login: user.subject for user in register.users()}
        assert users == {"uziv0001": FIRM, "uziv0002": OTHER, "uziv0003": "99990002"}
        assert len(register.certificates("UZIV0002")) == 4
        assert [subject.prefix for subject in register.subjects()] == ["999", "998", "997"]
        message = register.messages(OTHER)[0]
        assert (message.login, message.file) == ("uziv0002", "ws9980000001.xml")


def test_nobody_is_reminded_of_what_was_generated() -> None:
    with open_premises(generated(until="2026-03-01")) as here:
        here.set(reminder_days=["0", "3"])
        here.settle_at("2026-02-01T08:00:00+00:00")
        here.settle_at("2026-03-03T22:00:00+00:00")
        assert here.posted() == []


def test_of_another_methodology() -> None:
    with open_premises(generated(until="2010-04-02", subjects=1)) as here:
        headers = [message.header for message in here.register().messages()]
        assert [(header.data_set, header.methodology) for header in headers] == [
            *[("MOKAS40.01.00", "MKT20071101.01")] * 3,
            *[("MOKAS40.03.00", "MKT20100401.01")] * 2,
        ]


def test_the_world_that_comes_with_the_house() -> None:
    with open_premises(shipped_world("sdns-large")) as here:
        assert len(here.register().subjects()) == 20
        assert len(here.register().occurrences(Search(subject=FIRM))) == 60


def test_the_last_subject_has_the_last_prefix() -> None:
    last = SubjectFactory.build(number=MOST["subjects"] - 1)
    assert (last.code, last.prefix, login(MOST["subjects"] - 1)) == ("99990999", "000", "UZIV1000")
    assert Trades(Plan(1, 1), last, []).subject is last


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"subjects": 0}, "generate: subjects is a number from 1 to 1000"),
        ({"subjects": 1001}, "generate: subjects is a number from 1 to 1000"),
        ({"days": 0}, "generate: days is a number from 1 to 5000"),
        ({"rows": 0}, "generate: rows is a number from 1 to 100000"),
        ({"until": "soon"}, "'soon' is no day"),
        ({"until": "2007-11-02"}, "generate: MOKAS40 was not reported as of 2007-10-31 yet"),
        ({"until": "0001-01-01"}, "generate: MOKAS40 was not reported as of 0001-01-01 yet"),
        ({"banks": 5}, "unknown key banks"),
    ],
)
def test_what_is_no_plan(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why), open_premises(generated(**changes)):
        pass
