"""Waiting for results: how often it is asked, with which pauses, and when it ends."""

from base64 import b64decode
from datetime import date

import pytest

from podatelna_client.sdns import (
    HeaderError,
    Issue,
    IssueState,
    Part,
    Patience,
    QueryLoginDenied,
    StillProcessing,
)
from tests.clients.sdns.bank import NOTHING, Bank, issue, issues, message, result

LISTED = (
    "<DzErrSeznam><DoslaZprava><SouborExt>ws9990000001.xml</SouborExt></DoslaZprava>"
    "<DoslaZprava><SouborExt>ws9990900002.xml</SouborExt><CisloZpravy>900002</CisloZpravy>"
    "</DoslaZprava></DzErrSeznam>"
)


def test_a_result_is_waited_for_with_growing_pauses(bank: Bank) -> None:
    bank.play_error(NOTHING)
    bank.play_error("Neznámý typ dotazu", "query.UnknownType")
    bank.play_file(issues(issue(900001, 61)))
    bank.play_error(NOTHING)
    bank.play_file(issues(issue(900001, 61), issue(state=10)))
    bank.play_file(issues(issue(state=19), issue(900003)))
    bank.play_file(issues(issue(state=16)))
    patience = bank.patience(first_pause=10, longest_pause=35)
    found = bank.client().wait_for_result(message(), patience)
    assert isinstance(found, Issue)
    assert (found.number, found.state) == (900002, IssueState.CORRECTION_WANTED)
    assert bank.pauses == [10, 20, 35, 35]


def test_a_message_that_was_refused_for_its_header(bank: Bank) -> None:
    bank.play_error(NOTHING)
    bank.play_file(result(LISTED))
    found = bank.client().wait_for_result(message(), bank.patience())
    assert isinstance(found, HeaderError)
    assert found.number == 900002
    assert bank.pauses == []


@pytest.mark.parametrize(
    ("created", "since"),
    [(None, b"20.08.2013"), (date(2013, 8, 1), b"31.07.2013"), (date(2014, 1, 1), b"20.08.2013")],
)
def test_errors_of_headers_are_looked_for_since_the_message_was_made(
    bank: Bank, created: date | None, since: bytes
) -> None:
    bank.play_error(NOTHING)
    bank.play_file(result(LISTED))
    client = bank.client()
    client.wait_for_result(message(created=created), bank.patience())
    encoded = bank.last.body.split(b"\r\n\r\n")[2].split(b"------=_Boundary")[0]
    assert b">" + since + b"<" in b64decode(encoded)


def test_the_result_of_a_part_is_that_of_its_issue(bank: Bank) -> None:
    bank.play_file(issues(issue(900002, 61), issue(900010)))
    part = message(part=Part(issue=900010, number=2))
    found = bank.client().wait_for_result(part, bank.patience())
    assert isinstance(found, Issue)
    assert found.number == 900010


def test_waiting_ends(bank: Bank) -> None:
    for _ in range(3):
        bank.play_error(NOTHING)
    patience = bank.patience(first_pause=10, longest=30)
    with pytest.raises(StillProcessing, match="900002"):
        bank.client().wait_for_result(message(), patience, look_at_headers=False)
    assert bank.pauses == [10, 20]


def test_without_patience_it_is_asked_once(bank: Bank) -> None:
    bank.play_file(issues(issue(state=20)))
    with pytest.raises(StillProcessing):
        bank.client().wait_for_result(message(), Patience(longest=0))


def test_a_wrong_password_is_not_waited_for(bank: Bank) -> None:
    bank.play_error("x", "security.LoginDenied")
    with pytest.raises(QueryLoginDenied):
        bank.client().wait_for_result(message(), bank.patience())
    bank.play_error(NOTHING)
    bank.play_error("x", "security.LoginDenied")
    with pytest.raises(QueryLoginDenied):
        bank.client().wait_for_result(message(), bank.patience())
    assert bank.pauses == []
