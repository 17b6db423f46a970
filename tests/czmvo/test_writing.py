"""Messages, edits, deletions and notes: what is stored, and what is refused with which error."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from podatelna.czmvo import states, writing
from podatelna.czmvo.model import ENDUSER, MAH, NOOL, Caller, Message, Note, Refusal
from tests.czmvo.desks import (
    DEVELOPER,
    HOLDER,
    LISTS,
    NOW,
    OFFICE,
    OTHER_HOLDER,
    OTHER_PHARMACY,
    PHARMACY,
    UPRC,
    Office,
    alert,
    bound,
    number,
    open_office,
    refused,
)

SECOND, THIRD = "CZ-BBB-BBB-BBB-BBB", "CZ-CCC-CCC-CCC-CCC"
UNKNOWN = "CZ-000-000-000-000"
ARCHIVED = {"state": "06a", "closed": "2025-11-01 08:00:00", "closed_by": MAH}
CLOSED = {"state": "06a", "closed": "2026-03-01 08:00:00", "closed_by": MAH}
PDF = b64encode(b"%PDF-1.7").decode()


@pytest.fixture
def office() -> Iterator[Office]:
    with open_office() as opened:
        yield opened


def messages(office: Office, uprc: str = UPRC) -> list[Message]:
    return office.correspondence.messages_of(uprc)


# -- POST: one message


def test_a_message_is_stored_as_it_was_sent(office: Office) -> None:
    office.add(alert())
    assert office.send(HOLDER, subject="test", message="Fajn", public=True) == {"id": 22}
    assert messages(office) == [
        Message(
            id=22,
            uprc=UPRC,
            created=NOW,
            author="m1",
            author_role=MAH,
            subject="test",
            text="Fajn",
            changed=NOW,
            sending=22,
        )
    ]
    assert office.state() == "04a"
    assert office.stored().changed == NOW


def test_public_is_the_default_and_false_hides_it(office: Office) -> None:
    office.add(alert())
    shown, hidden = number(office.send()), number(office.send(public=False))
    assert [each.public for each in messages(office)] == [True, False]
    stored = office.stored()
    assert (stored.last_for_enduser, stored.last_for_mah) == (shown, hidden)
    assert number(office.send(PHARMACY, public=False)) == office.stored().last_for_enduser
    assert office.stored().last_for_mah == hidden
    assert number(office.send(OFFICE)) == office.stored().last_for_mah
    office.send(OFFICE, public=False)
    assert office.stored().last_for_mah == messages(office)[-2].id


def test_a_hidden_message_changes_no_state(office: Office) -> None:
    office.add(alert())
    office.send(public=False)
    assert office.state() == "01a"
    assert office.letters == []


@pytest.mark.parametrize(("language", "name"), [("cs", "Fotka"), ("en", "Photo")])
def test_a_canned_message_brings_its_texts(office: Office, language: Any, name: str) -> None:
    office.add(alert())
    office.language = language
    office.send(id_request=1, subject="mine", message="mine")
    (found,) = messages(office)
    assert (found.subject, found.request) == (name, 1)
    assert found.text == LISTS.requests[MAH][0].texts[language]


def test_an_end_user_denies_that_it_is_its_error(office: Office) -> None:
    office.add(alert())
    number(office.send(PHARMACY, id_request=101))
    assert office.state() == "#"
    assert refused(office.send(PHARMACY, id_request=101)) == "alert_not_open_to_messages"


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ({"uprc": None, "subject": "s", "message": "t"}, "uprc"),
        ({"uprc": None, "id_parent": 0}, "uprc"),
        ({"subject": ""}, "subject"),
        ({"message": None}, "message"),
        ({"file": PDF}, "filename"),
        ({"only_file": True}, "file"),
        ({"only_file": True, "file": "", "subject": "s", "message": "t"}, "file"),
        ({"id_request": 0}, "subject"),
    ],
)
def test_parameters_that_are_missing(office: Office, given: dict[str, Any], at: str) -> None:
    office.add(alert())
    answer = office.send(HOLDER, **{"uprc": UPRC} | given)
    assert isinstance(answer, Refusal)
    assert (answer.key, answer.at) == ("value_missing", at)


@pytest.mark.parametrize("chosen", [3, 101, -1])
def test_canned_messages_of_nobody_or_another_role(office: Office, chosen: int) -> None:
    answer = office.send(HOLDER, UNKNOWN, id_request=chosen)
    assert isinstance(answer, Refusal)
    assert (answer.key, answer.at) == ("value_not_allowed", "id_request")


# -- whose alert it is


@pytest.mark.parametrize(
    ("caller", "uprc", "outcome"),
    [
        (HOLDER, UPRC, ""),
        (PHARMACY, UPRC, ""),
        (OFFICE, UPRC, ""),
        (bound(), UPRC, ""),
        (HOLDER, UNKNOWN, "alert_not_found"),
        (OTHER_HOLDER, UPRC, "no_right_to_write"),
        (OTHER_PHARMACY, UPRC, "no_right_to_write"),
        (DEVELOPER, UPRC, "alert_not_found"),
        (replace(DEVELOPER, party="e1"), UPRC, ""),
        (bound(), SECOND, "no_right_to_write"),
        (bound(), UNKNOWN, "no_right_to_write"),
    ],
)
def test_who_writes_to_an_alert(office: Office, caller: Caller, uprc: str, outcome: str) -> None:
    office.add(alert(), alert(SECOND))
    assert refused(office.send(caller, uprc)) == outcome
    assert refused(office.put_note(caller, "note", uprc)) == outcome
    assert refused(office.delete_note(caller, uprc)) == outcome


@pytest.mark.parametrize("group", ["group", "group_a"])
def test_credentials_of_one_alert_reach_no_group(office: Office, group: str) -> None:
    office.add(alert(group="g", anonymous_group="a"))
    assert refused(office.send(bound(), **{group: True})) == "no_right_to_write"
    assert refused(office.put_state(bound(), "06b", **{group: True})) == "no_right_to_write"
    assert refused(office.send(bound(), **{group: False})) == ""


# -- closed and archived alerts


@pytest.mark.parametrize("caller", [HOLDER, PHARMACY])
def test_closed_alerts(office: Office, caller: Caller) -> None:
    office.add(alert(**CLOSED))
    assert refused(office.send(caller)) == "alert_not_open_to_messages"
    assert refused(office.send(caller, public=False)) == ""
    assert refused(office.send(caller, file=PDF, filename="a.pdf", only_file=True)) == ""
    assert refused(office.send(OFFICE)) == ""
    assert refused(office.put_note(caller, "note")) == ""


@pytest.mark.parametrize("caller", [HOLDER, PHARMACY, OFFICE])
def test_archived_alerts(office: Office, caller: Caller) -> None:
    office.add(alert())
    written = number(office.send(caller))
    office.alerts.change(office.stored(), alert(**ARCHIVED))
    answers = (
        office.send(caller),
        office.send(caller, public=False),
        office.send(caller, file=PDF, filename="a.pdf", only_file=True),
        office.send(caller, id_parent=written),
        office.edit(caller, written, subject="new"),
        office.delete(caller, written),
        office.put_note(caller, "note"),
        office.delete_note(caller),
    )
    assert {refused(answer) for answer in answers} == {"alert_archived"}


# -- groups


def grouped(office: Office, **third: Any) -> None:
    """Three alike alerts; the third may differ. A fourth is another MAH's."""
    office.add(
        alert(SECOND, group="g", enduser="e2"),
        alert(group="g", anonymous_group="a"),
        alert(THIRD, **{"group": "g", "anonymous_group": "a"} | third),
        alert("CZ-ZZZ-ZZZ-ZZZ-ZZZ", group="g", mah="m2", enduser="e2"),
    )


def reached(office: Office) -> list[str]:
    """The alerts that have messages, in the order of ids."""
    found = [each for uprc in (UPRC, SECOND, THIRD) for each in messages(office, uprc)]
    return [each.uprc for each in sorted(found, key=lambda each: each.id)]


@pytest.mark.parametrize(
    ("caller", "given", "uprcs"),
    [
        (HOLDER, {"group": True}, [UPRC, SECOND, THIRD]),
        (HOLDER, {"group_a": True}, [UPRC, THIRD]),
        (HOLDER, {"group": True, "group_a": True}, [UPRC, SECOND, THIRD]),
        (HOLDER, {"group": False}, [UPRC]),
        (PHARMACY, {"group": True}, [UPRC, THIRD]),
    ],
)
def test_a_message_to_a_group(
    office: Office, caller: Caller, given: dict[str, Any], uprcs: list[str]
) -> None:
    grouped(office)
    assert number(office.send(caller, **given)) == 22
    assert reached(office) == uprcs
    assert {each.sending for uprc in uprcs for each in messages(office, uprc)} == {22}


def test_the_alert_that_is_named_gets_the_id_that_is_answered(office: Office) -> None:
    grouped(office)
    first = number(office.send(HOLDER, THIRD, group=True))
    assert reached(office) == [THIRD, UPRC, SECOND]
    assert messages(office, THIRD)[0].id == first


def test_alerts_that_block_their_group(office: Office) -> None:
    grouped(office, **CLOSED)
    answer = office.send(HOLDER, group=True)
    assert isinstance(answer, Refusal)
    assert (answer.key, answer.result) == ("group_blocked", {"uprc": [THIRD]})
    assert reached(office) == []
    named = office.send(HOLDER, THIRD, group=True)
    assert refused(named) == "group_blocked"
    assert refused(office.send(HOLDER, THIRD)) == "alert_not_open_to_messages"


def test_version_1_writes_to_the_others(office: Office) -> None:
    grouped(office, **ARCHIVED)
    office.version_1 = True
    office.send(HOLDER, group=True)
    assert reached(office) == [UPRC, SECOND]
    office.settings["group_in_version_1"] = "blocked"
    assert refused(office.send(HOLDER, group=True)) == "group_blocked"


def test_version_1_says_why_if_all_block(office: Office) -> None:
    office.version_1 = True
    office.add(alert(**ARCHIVED, group="g"), alert(SECOND, **CLOSED, group="g"))
    assert refused(office.send(HOLDER, group=True)) == "alert_archived"
    assert refused(office.send(HOLDER, SECOND, group=True)) == "alert_not_open_to_messages"


# -- answers


def test_an_answer(office: Office) -> None:
    office.add(alert())
    question = number(office.send(HOLDER))
    assert office.state() == "04a"
    number(office.send(PHARMACY, None, id_parent=question))
    assert [each.parent for each in messages(office)] == [0, question]
    assert office.state() == "#"


def test_an_answer_goes_where_the_original_went(office: Office) -> None:
    grouped(office)
    question = number(office.send(HOLDER, group=True))
    answer = number(office.send(PHARMACY, None, id_parent=question, group=True))
    here, there = messages(office)[-1], messages(office, THIRD)[-1]
    assert (here.id, here.parent) == (answer, question)
    assert (there.sending, there.parent) == (answer, messages(office, THIRD)[0].id)
    assert len(messages(office, SECOND)) == 1, "another end user's"
    again = number(office.send(HOLDER, THIRD, id_parent=question))
    assert messages(office, THIRD)[-1].id == again


def test_alerts_that_are_closed_meanwhile_get_no_answer(office: Office) -> None:
    grouped(office)
    question = number(office.send(HOLDER, group=True))
    office.put_state(PHARMACY, "06b", THIRD)
    number(office.send(PHARMACY, None, id_parent=question))
    assert len(messages(office, THIRD)) == 1
    answer = office.send(PHARMACY, THIRD, id_parent=question)
    assert refused(answer) == "message_not_answerable"
    assert refused(office.send(OFFICE, THIRD, id_parent=question)) == ""


def test_what_cannot_be_answered(office: Office) -> None:
    office.add(alert(), alert(SECOND), alert(THIRD, mah="m2", enduser="e2"))
    hidden = number(office.send(HOLDER, public=False))
    shown = number(office.send(HOLDER))
    foreign = number(office.send(OTHER_HOLDER, THIRD))

    def ask(parent: int, uprc: str | None = None, caller: Caller = PHARMACY) -> str:
        return refused(office.send(caller, uprc, id_parent=parent))

    assert ask(99) == "message_not_answerable"
    assert ask(hidden) == "message_not_answerable"
    assert ask(hidden, caller=HOLDER) == ""
    assert ask(shown, SECOND) == "message_not_answerable"
    assert ask(shown, UNKNOWN) == "alert_not_found"
    assert ask(shown, THIRD) == "no_right_to_write"
    assert ask(foreign) == "no_right_to_write"
    assert ask(shown, caller=DEVELOPER) == "alert_not_found"
    assert ask(shown, SECOND, bound(SECOND)) == "message_not_answerable"
    assert ask(shown, caller=bound(SECOND)) == "no_right_to_write"
    assert ask(shown, caller=bound()) == ""


# -- the order in which errors are told


def test_one_error_at_a_time(office: Office) -> None:
    office.add(alert(**ARCHIVED), alert(SECOND, **CLOSED), alert(THIRD))
    wrong = {"file": "%", "filename": "a.exe"}
    office.settings["messages_available"] = False
    told = (
        office.send(OTHER_HOLDER, UNKNOWN, **wrong, id_request=99),
        office.send(OTHER_HOLDER, UNKNOWN, **wrong),
        office.send(OTHER_HOLDER, UPRC, **wrong),
        office.send(HOLDER, UPRC, **wrong),
        office.send(HOLDER, SECOND, **wrong),
        office.send(HOLDER, THIRD, **wrong),
        office.send(HOLDER, THIRD, file=PDF, filename="a.exe"),
        office.send(HOLDER, THIRD, file=PDF, filename="a.pdf"),
    )
    assert [refused(answer) for answer in told] == [
        "value_not_allowed",
        "alert_not_found",
        "no_right_to_write",
        "alert_archived",
        "alert_not_open_to_messages",
        "file_not_decoded",
        "file_type_not_supported",
        "message_not_saved",
    ]
    assert messages(office, THIRD) == []


# -- PUT and DELETE of messages


def test_an_author_changes_a_message(office: Office) -> None:
    office.add(alert())
    sent = number(office.send(HOLDER, subject="test", message="test"))
    office.now = "2026-03-03 08:00:00"
    assert office.edit(HOLDER, sent, public=True, subject="TEST") == {
        "id": sent,
        "changed": "2026-03-03 08:00:00",
    }
    (found,) = messages(office)
    assert (found.subject, found.text, found.created, found.changed) == (
        "TEST",
        "test",
        NOW,
        office.now,
    )
    office.edit(HOLDER, sent, id_request=2)
    (found,) = messages(office)
    assert (found.subject, found.request) == ("Fotka EAN", 2)
    assert refused(office.edit(HOLDER, sent, id_request=99)) == "value_not_allowed"


def test_a_message_that_is_hidden_afterwards_is_not_the_newest(office: Office) -> None:
    grouped(office)
    first = number(office.send(HOLDER, SECOND))
    sent = number(office.send(HOLDER, group=True))
    office.edit(HOLDER, sent, public=False)
    stored = office.stored(SECOND)
    assert (stored.last_for_enduser, stored.last_for_mah) == (first, sent + 1)
    office.edit(HOLDER, sent, public=True)
    assert office.stored(SECOND).last_for_enduser == sent + 1
    office.delete(HOLDER, sent)
    stored = office.stored(SECOND)
    assert (stored.last_for_enduser, stored.last_for_mah) == (first, first)
    assert reached(office) == [SECOND]
    assert office.stored().last_for_mah == 0


@pytest.mark.parametrize("caller", [PHARMACY, OTHER_HOLDER, OFFICE, DEVELOPER, bound(SECOND)])
def test_only_the_author_changes_a_message(office: Office, caller: Caller) -> None:
    office.add(alert(), alert(SECOND))
    sent = number(office.send(HOLDER))
    for message in (sent, 99):
        assert refused(office.edit(caller, message, subject="new")) == "no_right_to_edit"
        assert refused(office.delete(caller, message)) == "no_right_to_edit"


def test_credentials_of_one_alert_change_messages_there(office: Office) -> None:
    office.add(alert(), alert(SECOND))
    here, there = number(office.send(PHARMACY)), number(office.send(PHARMACY, SECOND))
    assert refused(office.edit(bound(), there, subject="new")) == "no_right_to_edit"
    assert refused(office.edit(bound(), here, subject="new")) == ""
    assert office.delete(bound(), here) == {"id": here}


def test_a_message_with_an_answer_stays(office: Office) -> None:
    office.add(alert())
    sent = number(office.send(HOLDER))
    answer = number(office.send(PHARMACY, id_parent=sent))
    assert refused(office.edit(HOLDER, sent, subject="new")) == "no_right_to_edit"
    assert refused(office.delete(HOLDER, sent)) == "message_not_deletable"
    assert office.delete(PHARMACY, answer) == {"id": answer}
    assert office.delete(HOLDER, sent) == {"id": sent}
    assert messages(office) == []


def test_a_message_that_cannot_be_saved(office: Office) -> None:
    office.add(alert())
    sent = number(office.send(HOLDER))
    office.settings["messages_available"] = False
    assert refused(office.edit(HOLDER, sent, subject="new")) == "message_not_saved"
    assert refused(office.send(HOLDER)) == "message_not_saved"
    assert office.delete(HOLDER, sent) == {"id": sent}


def test_the_file_goes_with_its_message(office: Office) -> None:
    office.add(alert())
    sent = number(office.send(file=PDF, filename="a.pdf"))
    office.delete(HOLDER, sent)
    assert office.correspondence.file(sent) is None


# -- notes


def test_notes(office: Office) -> None:
    office.add(alert())
    assert office.put_note(HOLDER, "TEST NOTE") == {"uprc": UPRC, "changed": NOW}
    assert office.correspondence.note(UPRC, MAH) == Note(UPRC, MAH, "TEST NOTE", True, NOW)
    office.put_note(PHARMACY, "other", private=False)
    office.put_note(OFFICE, "third")
    assert office.correspondence.note(UPRC, ENDUSER) == Note(UPRC, ENDUSER, "other", False, NOW)
    assert office.correspondence.note(UPRC, NOOL)
    assert office.delete_note(HOLDER) == {"uprc": UPRC}
    assert office.correspondence.note(UPRC, MAH) is None
    assert office.correspondence.note(UPRC, ENDUSER)
    assert office.delete_note(HOLDER) == {"uprc": UPRC}


@pytest.mark.parametrize(
    ("note", "private", "changed"),
    [
        ("the same \x00", True, NOW),
        ("the same \x00", False, "2026-03-03 08:00:00"),
        ("another", True, "2026-03-03 08:00:00"),
        ("", True, "2026-03-03 08:00:00"),
    ],
)
def test_the_time_of_the_last_change(
    office: Office, note: str, private: bool, changed: str
) -> None:
    office.add(alert())
    office.put_note(HOLDER, "the same \x00")
    office.now = "2026-03-03 08:00:00"
    assert office.put_note(HOLDER, note, private=private) == {"uprc": UPRC, "changed": changed}
    assert bool(office.correspondence.note(UPRC, MAH)) == bool(note)


def test_notes_that_are_refused(office: Office) -> None:
    office.add(alert())
    assert refused(office.put_note(HOLDER, "ž" * 60_000)) == ""
    assert refused(office.put_note(HOLDER, "ž" * 60_001)) == "value_not_allowed"
    assert refused(office.put_note(HOLDER, None)) == "value_missing"
    assert refused(office.put_note(HOLDER, "")) == ""


# -- the errors that it knows


def test_every_error_is_in_the_catalogue() -> None:
    assert set(writing.RAISED) <= set(LISTS.contract.errors)
    assert len(set(writing.RAISED)) == len(writing.RAISED)
    names = {
        parameter.name for parameter in states.named_by_settings(LISTS.contract.settings.defaults)
    }
    assert {"id_reason", "nsolError"} < names
