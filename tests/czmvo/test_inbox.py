"""Messages and files as they are read: which, by whom, and in which words."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from podatelna.czmvo import inbox, wire
from podatelna.czmvo.model import ENDUSER, MAH, NOOL, Answer, Caller, File, Message, Refusal, Table
from podatelna.kernel.rest import csv_table
from tests.czmvo.desks import (
    DEVELOPER,
    HOLDER,
    LISTS,
    NOW,
    OTHER_HOLDER,
    OTHER_PHARMACY,
    PHARMACY,
    UPRC,
    Office,
    alert,
    bound,
    open_office,
    refused,
)
from tests.czmvo.manual import PRINTED

SECOND, FOREIGN = "CZ-BBB-BBB-BBB-BBB", "CZ-CCC-CCC-CCC-CCC"
MORNING, NOON = "2026-03-02 06:00:00", "2026-03-02 12:00:00"
MONTH_AGO, LONGER_AGO = "2026-01-30 08:00:00", "2026-01-30 07:59:59"
PDF = b"%PDF-1.7\n%\xf6\xe4\xfc\xdf\n"


def message(number: int, uprc: str = UPRC, **changes: Any) -> Message:
    """A public message of the first MAH, sent alone."""
    made = Message(
        id=number,
        uprc=uprc,
        created=MORNING,
        author="m1",
        author_role=MAH,
        subject="s",
        text="t",
        changed=MORNING,
        sending=number,
    )
    return replace(made, **changes)


REPLY = {"author": "e1", "author_role": ENDUSER}
MESSAGES = (
    message(10),
    message(11, public=False),
    message(12, **REPLY, parent=10, changed=NOON),
    message(13, **REPLY, public=False),
    message(14, author="nool", author_role=NOOL),
    message(15, author="nool", author_role=NOOL, public=False),
    message(16, SECOND),
    message(17, FOREIGN, author="m2"),
)


@pytest.fixture
def office() -> Iterator[Office]:
    """An office with eight messages: six on an alert, one on another of the same parties."""
    with open_office() as opened:
        opened.add(alert(), alert(SECOND), alert(FOREIGN, mah="m2", enduser="e2"))
        opened.correspondence.add(MESSAGES)
        yield opened


def messages(office: Office, caller: Caller = HOLDER, **given: Any) -> Answer:
    return office.ask(inbox.list_messages, inbox.MESSAGES_TAKES, caller, **given)


def numbers(answer: Answer) -> list[int]:
    assert isinstance(answer, Table)
    return [int(row[0]) for row in answer.rows]


# -- messages


def test_messages_as_printed(office: Office) -> None:
    """The manual's example has no id_request, which its text describes."""
    uprc = "CZ-0VR-Y94-KK5-6FJ"
    office.add(alert(uprc))
    times = {"created": "2022-07-06 10:45:59", "changed": "2022-07-06 10:45:59"}
    later = {"created": "2022-07-06 10:59:06", "changed": "2022-07-06 10:59:06"}
    first = message(19, uprc, subject="info", text="Uplne ok", public=False, **times)
    second = message(20, uprc, subject="Re: info", text="Fajn", parent=19, **REPLY, **later)
    office.correspondence.add([first, second])
    answer = messages(office, uprc=uprc)
    assert isinstance(answer, Table)
    written = wire.success(answer).body.decode()
    assert written.replace(',"id_request":0', "") == PRINTED["E11_answer"]
    assert answer.columns[-1] == "id_request"


def test_ids_are_texts_or_numbers(office: Office) -> None:
    office.correspondence.add([message(20, parent=10, request=1, has_file=True)])
    for ids, written in (("literal", ("20", "10", 1)), ("integers", (20, 10, 1))):
        office.settings["ids"] = ids
        answer = messages(office, id=20)
        assert isinstance(answer, Table)
        (told,) = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
        assert (told["id"], told["parent"], told["id_request"]) == written
        assert (told["isfile"], told["public"], told["fromme"]) == (True, True, True)


def test_a_table(office: Office) -> None:
    answer = messages(office, id=12)
    assert isinstance(answer, Table)
    assert csv_table(answer.columns, answer.rows).decode() == (
        '"id","parent","uprc","created","changed","subject","message","isfile","public","fromme",'
        '"id_request"\r\n'
        f'"12","10","{UPRC}","{MORNING}","{NOON}","s","t","false","true","false","0"\r\n'
    )


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"uprc": UPRC}, [10, 11, 12, 14]),
        ({"uprc": UPRC.lower()}, [10, 11, 12, 14]),
        ({"id": 12}, [12]),
        ({"id": "12"}, [12]),
        ({"id": 13}, []),
        ({"id": 15}, []),
        ({"id": 17}, []),
        ({"id": 99}, []),
        ({"id": -1}, []),
        ({"changedFrom": MORNING}, [10, 11, 12, 14, 16]),
        ({"changedFrom": "2026-03-02 06:00:01"}, [12]),
        ({"changedFrom": NOON}, [12]),
        ({"changedFrom": "2020-01-01 00:00:00"}, [10, 11, 12, 14, 16]),
        ({"uprc": UPRC, "changedFrom": NOON}, [12]),
        ({"uprc": UPRC, "id": 12}, [12]),
        ({"uprc": SECOND, "id": 12}, []),
        ({"id": 10, "changedFrom": NOON}, []),
        ({"id": 12, "changedFrom": NOON}, [12]),
    ],
)
def test_which_messages(office: Office, given: dict[str, Any], found: list[int]) -> None:
    assert numbers(messages(office, **given)) == found


READ = {
    "the holder": (HOLDER, [10, 11, 12, 14], [16]),
    "the pharmacy": (PHARMACY, [10, 12, 13, 14], [16]),
    "its developer": (replace(DEVELOPER, party="e1"), [10, 12, 13, 14], [16]),
    "credentials of the alert": (bound(), [10, 12, 13, 14], []),
}


@pytest.mark.parametrize("who", READ)
def test_who_reads_which_messages(office: Office, who: str) -> None:
    caller, of_alert, of_others = READ[who]
    assert numbers(messages(office, caller, uprc=UPRC)) == of_alert
    assert numbers(messages(office, caller, changedFrom=MORNING)) == of_alert + of_others
    each = [number for at in range(10, 18) for number in numbers(messages(office, caller, id=at))]
    assert each == of_alert + of_others


@pytest.mark.parametrize("caller", [OTHER_HOLDER, OTHER_PHARMACY])
def test_others_read_their_own(office: Office, caller: Caller) -> None:
    assert numbers(messages(office, caller, changedFrom=MORNING)) == [17]
    assert refused(messages(office, caller, uprc=UPRC)) == "alert_not_found"
    assert numbers(messages(office, caller, id=10)) == []


def test_a_developer_without_choice_reads_nothing(office: Office) -> None:
    office.add(alert("CZ-DDD-DDD-DDD-DDD", origin="mah", enduser=""))
    office.correspondence.add([message(18, "CZ-DDD-DDD-DDD-DDD")])
    assert numbers(messages(office, DEVELOPER, changedFrom=MORNING)) == []
    assert numbers(messages(office, DEVELOPER, id=18)) == []
    assert refused(messages(office, DEVELOPER, uprc=UPRC)) == "alert_not_found"


@pytest.mark.parametrize(
    ("caller", "given", "key"),
    [
        (HOLDER, {}, "uprc_or_id_missing"),
        (bound(), {}, "uprc_or_id_missing"),
        (HOLDER, {"uprc": "", "id": None}, "uprc_or_id_missing"),
        (HOLDER, {"uprc": "CZ-000-000-000-000"}, "alert_not_found"),
        (HOLDER, {"uprc": FOREIGN}, "alert_not_found"),
        (HOLDER, {"uprc": " "}, "alert_not_found"),
        (bound(), {"uprc": SECOND}, "alert_not_found"),
        (bound(), {"uprc": SECOND, "id": 16}, "alert_not_found"),
        (bound(), {"uprc": " "}, "alert_not_found"),
        (HOLDER, {"id": "twelve"}, "value_not_allowed"),
        (HOLDER, {"id": [12]}, "value_not_allowed"),
        (HOLDER, {"changedFrom": "2026-03-02"}, "value_not_allowed"),
    ],
)
def test_what_is_refused(office: Office, caller: Caller, given: dict[str, Any], key: str) -> None:
    assert refused(messages(office, caller, **given)) == key


@pytest.mark.parametrize(
    ("practice", "given", "at"),
    [
        ("accepted", {"changedFrom": LONGER_AGO}, ""),
        ("refused", {"changedFrom": MONTH_AGO}, ""),
        ("refused", {"changedFrom": LONGER_AGO}, "changedFrom"),
        ("refused", {"changedFrom": LONGER_AGO, "uprc": UPRC}, ""),
        ("refused", {"changedFrom": LONGER_AGO, "id": 10}, ""),
    ],
)
def test_how_far_back(office: Office, practice: str, given: dict[str, Any], at: str) -> None:
    assert NOW == "2026-03-02 08:00:00"
    office.settings["message_age"] = practice
    answer = messages(office, **given)
    assert (answer.at if isinstance(answer, Refusal) else "") == at
    assert refused(answer) == ("value_not_allowed" if at else "")


# -- files


def file(office: Office, caller: Caller = HOLDER, **given: Any) -> Answer:
    return office.ask(inbox.read_file, inbox.FILE_TAKES, caller, **given)


@pytest.fixture
def archive(office: Office) -> Office:
    """Files on public messages, on private ones, and on one that was sent to two alerts."""
    carrying = [
        message(20, has_file=True),
        message(21, has_file=True, public=False),
        message(22, FOREIGN, has_file=True, author="m2"),
        message(23, has_file=True, sending=23),
        message(24, SECOND, has_file=True, sending=23),
        message(25, has_file=True),
    ]
    office.correspondence.add(carrying)
    for sending in (20, 21, 22, 23):
        office.correspondence.add_file(sending, f"{sending}.pdf", PDF)
    return office


@pytest.mark.parametrize(
    ("caller", "number", "outcome"),
    [
        (HOLDER, 20, "20.pdf"),
        (HOLDER, "20", "20.pdf"),
        (PHARMACY, 20, "20.pdf"),
        (bound(), 20, "20.pdf"),
        (HOLDER, 24, "23.pdf"),
        (HOLDER, 21, "21.pdf"),
        (PHARMACY, 21, "no_right_to_read_file"),
        (bound(), 24, "no_right_to_read_file"),
        (bound(SECOND), 23, "no_right_to_read_file"),
        (OTHER_HOLDER, 20, "no_right_to_read_file"),
        (OTHER_PHARMACY, 20, "no_right_to_read_file"),
        (HOLDER, 22, "no_right_to_read_file"),
        (DEVELOPER, 20, "no_right_to_read_file"),
        (replace(DEVELOPER, party="e1"), 20, "20.pdf"),
        (HOLDER, 10, "file_not_found"),
        (HOLDER, 17, "file_not_found"),
        (HOLDER, 25, "file_not_found"),
        (HOLDER, 99, "file_not_found"),
        (HOLDER, -1, "file_not_found"),
        (HOLDER, None, "value_missing"),
        (HOLDER, "x", "value_not_allowed"),
    ],
)
def test_who_reads_which_files(
    archive: Office, caller: Caller, number: object, outcome: str
) -> None:
    answer = file(archive, caller, id=number)
    if outcome.endswith(".pdf"):
        assert answer == File(outcome, PDF)
    else:
        assert refused(answer) == outcome


def test_the_error_names_the_file(archive: Office) -> None:
    answer = file(archive, id="99")
    assert isinstance(answer, Refusal)
    text = LISTS.contract.errors[answer.key].text
    assert text.format(**answer.details) == "Soubor ID 99 nebyl nalezen."


def test_a_file_as_printed(office: Office) -> None:
    office.correspondence.add([message(21, has_file=True)])
    content = b"%PDF-1.7\n\n4 0 obj\n(Identity)\nendobj\n"
    office.correspondence.add_file(21, "xxx.pdf", content)
    answer = file(office, id="21")
    assert isinstance(answer, File)
    written = wire.success(answer).body.decode()
    assert written == PRINTED["E12_answer"]


def test_errors_are_in_the_catalogue() -> None:
    assert set(inbox.RAISED) <= LISTS.contract.errors.keys()
