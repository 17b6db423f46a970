"""Letters that the depot posts: what is kept of them, and when."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from podatelna.kernel.exchange import Request
from podatelna.kernel.outbox import (
    LETTER,
    MOST,
    SWEEP,
    Posted,
    clear_outbox,
    letters,
    mark_sent,
)
from tests.kernel.conftest import OpenStore
from tests.kernel.depot import NOW, SEEDED, House, house

POSTED = Posted(
    number=1,
    at="2026-03-02T08:00:00+00:00",
    agency="depot",
    sender="depot@depot.example",
    recipient="a@town.example",
    subject="hello",
    body="Příliš žluťoučký kůň.\n",
    sent=False,
    message_id="",
)


def outbox(
    of: House, sandbox: str = "default", after: int = 0, recipient: str = ""
) -> list[Posted]:
    """Without the message ids."""
    with of.sandboxes.open(sandbox) as transaction:
        found = letters(transaction, after, recipient)
    return [replace(letter, message_id="") for letter in found]


def test_a_letter_is_kept_whole(anywhere: House) -> None:
    answer = anywhere.call("write", b"a@town.example", query="hello")
    assert json.loads(answer.body) == [1]
    assert outbox(anywhere) == [POSTED]


def test_letters_are_numbered_and_read_from_a_number_on(anywhere: House) -> None:
    assert anywhere.call("write", b"a@x.example B@x.example").body == b"[1, 2]"
    assert anywhere.call("write", b"a@x.example").body == b"[3]"
    assert [letter.number for letter in outbox(anywhere, after=1)] == [2, 3]
    assert [letter.number for letter in outbox(anywhere, recipient="A@X.example")] == [1, 3]
    assert [letter.number for letter in outbox(anywhere, recipient="b@x.example")] == [2]
    assert outbox(anywhere, recipient="x.example") == []
    assert outbox(anywhere, after=3) == []


def test_what_falls_due_is_posted_at_its_time(anywhere: House) -> None:
    for minutes in (7, 5):
        anywhere.call("promise", f"box-{minutes}".encode(), query=f"minutes={minutes}")
    assert outbox(anywhere) == []
    anywhere.sandboxes.advance("default", timedelta(days=1))
    due = [(NOW + timedelta(minutes=minutes)).isoformat() for minutes in (5, 7)]
    assert [(letter.at, letter.subject) for letter in outbox(anywhere)] == [
        (due[0], "box-5 has come"),
        (due[1], "box-7 has come"),
    ]


def test_nothing_is_posted_by_a_call_that_crashes(anywhere: House) -> None:
    assert anywhere.call("write", b"a@town.example", query="boom").status == 500
    assert outbox(anywhere) == []


def test_message_ids_are_the_same_in_every_run(papers: Path, open_memory: OpenStore) -> None:
    runs = []
    for _ in range(2):
        here = house(open_memory())
        here.call("write", b"a@x.example b@x.example")
        with here.sandboxes.open("default") as transaction:
            runs.append([letter.message_id for letter in letters(transaction)])
    assert runs[0] == runs[1]
    assert len(set(runs[0])) == 2
    assert all(each.startswith("<") and each.endswith("@podatelna.invalid>") for each in runs[0])


def test_letters_are_marked_as_sent(anywhere: House) -> None:
    anywhere.call("write", b"a@x.example b@x.example c@x.example")
    with anywhere.sandboxes.open("default") as transaction:
        ids = [letter.message_id for letter in letters(transaction)]
        mark_sent(transaction, [ids[2], "unknown", ids[0]])
        mark_sent(transaction, [])
    assert [letter.sent for letter in outbox(anywhere)] == [True, False, True]


def test_a_cleared_outbox_does_not_use_a_number_twice(anywhere: House) -> None:
    anywhere.call("write", b"a@x.example b@x.example")
    with anywhere.sandboxes.open("default") as transaction:
        clear_outbox(transaction)
    assert outbox(anywhere) == []
    assert anywhere.call("write", b"a@x.example").body == b"[3]"


def test_old_letters_are_forgotten(here: House) -> None:
    def kept() -> int:
        with here.sandboxes.open("default") as transaction:
            return transaction.scalars(select(func.count()).select_from(LETTER)).one()

    for _ in range(5):
        here.call("write", b"a@x.example\n" * 300)
        assert kept() <= MOST + SWEEP
    numbers = [letter.number for letter in outbox(here)]
    assert numbers == list(range(numbers[0], 1501))
    assert len(numbers) >= MOST


@pytest.mark.parametrize(("text", "kept"), [("a\0b", r"a\x00b"), ("\udcff", r"\udcff"), ("Ř", "Ř")])
def test_no_text_can_crash_it(anywhere: House, text: str, kept: str) -> None:
    assert anywhere.call("write", b"a@x.example", query=text).status == 200
    assert [letter.subject for letter in outbox(anywhere)] == [kept]


def test_each_sandbox_has_an_outbox_of_its_own(anywhere: House) -> None:
    anywhere.sandboxes.create("other")
    anywhere.call("write", b"a@town.example", "other", query="hello")
    assert (outbox(anywhere), outbox(anywhere, "other")) == ([], [POSTED])
    anywhere.sandboxes.reset("other")
    assert outbox(anywhere, "other") == []


# -- what leaves the house


def test_letters_leave_once_their_call_is_kept(papers: Path, open_store: OpenStore) -> None:
    sent: list[tuple[str, list[str]]] = []

    def send(sandbox: str, posted: object) -> None:
        assert isinstance(posted, list)
        # Another transaction can be had: the call's own one is over.
        assert outbox(here, sandbox)[-len(posted) :] == [
            replace(letter, message_id="") for letter in posted
        ]
        sent.append((sandbox, [letter.subject for letter in posted]))

    here = house(open_store(), replace(SEEDED, send=send))
    here.sandboxes.create("other")
    here.call("echo")
    here.call("write", b"a@x.example b@x.example", query="first")
    here.call("write", b"a@x.example", query="boom")
    here.call("write", b"a@x.example", "other", query="second")
    here.call("promise", b"box", query="minutes=5")
    here.sandboxes.advance("default", timedelta(hours=1))
    here.call("promise", b"box", query="minutes=0")
    here.sandboxes.visit("default", here.agency, Request("GET", "/depot/"), here.agency.handler)
    assert sent == [
        ("default", ["first", "first"]),
        ("other", ["second"]),
        ("default", ["box has come"]),
        ("default", ["box has come"]),
    ]
