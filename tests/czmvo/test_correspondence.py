"""Messages, files and notes as they are kept, in one environment beside another."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from podatelna.czmvo.correspondence import Correspondence, readable
from podatelna.czmvo.model import ENDUSER, MAH, NOOL, TEST, File, Message, Note, Role
from tests.czmvo.desks import UPRC, Office, alert, open_office

OTHER = "CZ-BBB-BBB-BBB-BBB"
FOREIGN = "CZ-CCC-CCC-CCC-CCC"
MORNING, NOON = "2026-03-02 06:00:00", "2026-03-02 12:00:00"


@pytest.fixture
def office() -> Iterator[Office]:
    with open_office() as opened:
        opened.add(alert(), alert(OTHER, enduser="e2"), alert(FOREIGN, mah="m2", enduser="e2"))
        yield opened


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


def numbers(messages: list[Message]) -> list[int]:
    return [each.id for each in messages]


def test_messages_come_back_as_they_went(office: Office) -> None:
    first = message(19, public=False, has_file=True, request=1, parent=3, changed=NOON)
    office.correspondence.add([message(20), first, message(21, OTHER)])
    assert office.correspondence.message(19) == first
    assert office.correspondence.messages_of(UPRC) == [first, message(20)]
    assert office.correspondence.message(22) is None
    elsewhere = Correspondence(office.transaction, TEST)
    assert elsewhere.message(19) is None
    assert elsewhere.messages_of(UPRC) == []


@pytest.mark.parametrize(
    ("role", "party", "public", "outcome"),
    [
        (MAH, "m1", False, True),
        (ENDUSER, "e1", False, False),
        (ENDUSER, "e1", True, True),
        (NOOL, "", False, True),
        (ENDUSER, "", False, False),
    ],
)
def test_who_reads_what(role: Role, party: str, public: bool, outcome: bool) -> None:
    assert readable(message(19, public=public), role, party) is outcome
    assert readable(message(19, author="", public=False), role, "") is (role == NOOL)


def test_what_was_written_since(office: Office) -> None:
    office.correspondence.add(
        [
            message(1, changed=MORNING),
            message(2, changed=NOON),
            message(3, changed=NOON, public=False),
            message(4, OTHER, changed=NOON, author="e2", author_role=ENDUSER, public=False),
            message(5, FOREIGN, changed=NOON),
        ]
    )
    since = office.correspondence.changed_since
    assert numbers(since(MAH, "m1", NOON)) == [2, 3]
    assert numbers(since(MAH, "m1", MORNING)) == [1, 2, 3]
    assert numbers(since(ENDUSER, "e1", NOON)) == [2]
    assert numbers(since(ENDUSER, "e2", NOON)) == [4, 5]
    assert numbers(since(MAH, "m2", MORNING)) == [5]
    assert numbers(since(MAH, "", MORNING)) == []


def test_the_newest_for_each_side(office: Office) -> None:
    office.correspondence.add([message(1), message(2, public=False)])
    assert office.correspondence.newest(UPRC, "m1") == 2
    assert office.correspondence.newest(UPRC, "e1") == 1
    assert office.correspondence.newest(OTHER, "m1") == 0


def test_what_is_sent_to_many_is_changed_in_all(office: Office) -> None:
    box = office.correspondence
    box.add([message(1), message(2, OTHER, sending=1), message(3, OTHER)])
    box.edit(replace(message(2, sending=1), subject="new", public=False, request=2, changed=NOON))
    assert [each.subject for each in box.copies(message(1))] == ["new", "new"]
    changed = box.message(1)
    assert changed == message(1, subject="new", public=False, request=2, changed=NOON)
    assert box.message(3) == message(3, OTHER)
    box.delete(message(2, OTHER, sending=1))
    assert numbers(box.messages_of(UPRC) + box.messages_of(OTHER)) == [3]


def test_an_answer_to_any_copy_is_one(office: Office) -> None:
    box = office.correspondence
    box.add([message(1), message(2, OTHER, sending=1)])
    assert not box.replies(message(1))
    box.add([message(3, OTHER, parent=2)])
    assert box.replies(message(1))
    assert box.replies(message(2, sending=1))
    assert not box.replies(message(3))


def test_files_are_kept_once(office: Office) -> None:
    box = office.correspondence
    box.add([message(1, has_file=True), message(2, OTHER, sending=1, has_file=True)])
    box.add_file(1, "fotka.png", b"\x00\xff")
    assert box.file(1) == File("fotka.png", b"\x00\xff")
    assert box.file(2) is None
    assert Correspondence(office.transaction, TEST).file(1) is None
    box.delete(message(1, has_file=True))
    assert box.file(1) is None


def test_one_note_for_each_side(office: Office) -> None:
    box = office.correspondence
    notes = [Note(UPRC, role, f"of {role}", role == MAH, NOON) for role in (ENDUSER, MAH, NOOL)]
    for note in notes:
        box.put_note(note)
    assert [box.note(UPRC, note.role) for note in notes] == notes
    box.put_note(replace(notes[0], text="anew", private=True))
    assert box.note(UPRC, ENDUSER) == replace(notes[0], text="anew", private=True)
    box.delete_note(UPRC, ENDUSER)
    box.delete_note(OTHER, ENDUSER)
    assert box.note(UPRC, ENDUSER) is None
    assert box.note(UPRC, MAH) == notes[1]


def test_texts_that_no_database_holds(office: Office) -> None:
    box = office.correspondence
    box.add([message(1, subject="\x00", text="\ud83d")])
    found = box.message(1)
    assert found
    assert (found.subject, found.text) == (r"\x00", r"\ud83d")
    box.edit(replace(found, text="\udc80"))
    box.add_file(1, "\x00.png", b"1")
    box.put_note(Note(UPRC, MAH, "\x00", True, NOON))
    assert box.file(1) == File(r"\x00.png", b"1")
    assert box.note("\x00", MAH) is None
    assert box.messages_of("\udc80") == []


def test_nothing_to_add(office: Office) -> None:
    office.correspondence.add([])
    assert office.correspondence.messages_of(UPRC) == []
