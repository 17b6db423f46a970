"""Letters on their way to a real mail server: aiosmtpd, over a socket. Nothing sleeps."""

import asyncio
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from queue import Queue
from threading import Event
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from podatelna import app
from podatelna.app import Config, House
from podatelna.kernel import postman
from podatelna.kernel.exchange import Request
from podatelna.kernel.outbox import Posted, letters
from podatelna.kernel.postman import Postman, written
from tests.kernel.depot import depot

WAIT = 30
"""Seconds. What does not come in this time does not come."""
LETTER = Posted(
    number=7,
    at="2026-03-02T08:00:00+00:00",
    agency="depot",
    sender="depot@depot.example",
    recipient="a@town.example",
    subject="Žádost",
    body="Příliš žluťoučký kůň.\n\n**EVENT:NEWMESSAGE*ID:20**\n",
    sent=False,
    message_id="<1@podatelna.invalid>",
)


@dataclass
class Mailbox:
    """What a mail server does with letters."""

    came: Queue[Envelope] = field(default_factory=Queue)
    free: Event = field(default_factory=Event)
    """Until it is set the server takes nothing, and does not answer."""

    async def handle_RCPT(  # noqa: N802 - as aiosmtpd has it
        self, server: Any, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody"):
            return "550 Nobody lives here"
        if address.startswith("rude"):
            server.transport.close()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802 - as aiosmtpd has it
        await asyncio.get_running_loop().run_in_executor(None, self.free.wait, WAIT)
        self.came.put(envelope)
        return "250 OK"

    def next(self) -> EmailMessage:
        content = self.came.get(timeout=WAIT).content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=default)
        assert isinstance(mail, EmailMessage)
        return mail


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@pytest.fixture
def mailbox() -> Mailbox:
    mailbox = Mailbox()
    mailbox.free.set()
    return mailbox


@pytest.fixture
def address(mailbox: Mailbox) -> Iterator[tuple[str, int]]:
    """Where a mail server listens that brings to the mailbox."""
    server = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    server.start()
    yield "127.0.0.1", server.port
    mailbox.free.set()
    server.stop()


Send = Callable[..., list[str]]


@pytest.fixture
def send(address: tuple[str, int]) -> Iterator[Send]:
    """Let a postman carry letters, and return the message ids that were taken."""
    with ExitStack() as stack:

        def carry(*letters: Posted) -> list[str]:
            taken: list[str] = []
            carrier = Postman(*address, lambda sandbox, ids: taken.extend(ids))
            stack.callback(carrier.close)
            carrier.take("default", letters)
            assert carrier.drain()
            return taken

        yield carry


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.get_records("call")]


def test_a_letter_arrives_whole(send: Send, mailbox: Mailbox) -> None:
    assert send(LETTER) == [LETTER.message_id]
    envelope = mailbox.came.queue[0]
    assert (envelope.mail_from, envelope.rcpt_tos) == (LETTER.sender, [LETTER.recipient])
    mail = mailbox.next()
    assert {name: mail[name] for name in ("From", "To", "Subject", "Date", "Message-ID")} == {
        "From": LETTER.sender,
        "To": LETTER.recipient,
        "Subject": "Žádost",
        "Date": "Mon, 02 Mar 2026 08:00:00 +0000",
        "Message-ID": LETTER.message_id,
    }
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content_charset() == "utf-8"
    assert mail.get_content().splitlines() == LETTER.body.splitlines()
    assert b"\r\n**EVENT:NEWMESSAGE*ID:20**\r\n" in (envelope.content or b"")


def test_letters_of_a_visit_arrive_in_order(send: Send, mailbox: Mailbox) -> None:
    many = [replace(LETTER, message_id=f"<{n}@x.invalid>", subject=f"{n}") for n in range(20)]
    assert send(*many) == [letter.message_id for letter in many]
    assert [mailbox.next()["Subject"] for _ in many] == [letter.subject for letter in many]


def test_a_letter_that_is_refused_holds_up_no_other(
    send: Send, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    refused = [
        replace(LETTER, recipient="nobody@x.example"),
        replace(LETTER, recipient="a@x.example\r\nBcc: b@x.example"),
        replace(LETTER, sender="a\nb"),
    ]
    assert send(*refused, LETTER) == [LETTER.message_id]
    assert mailbox.next()["To"] == LETTER.recipient
    assert mailbox.came.empty()
    assert [record.levelno for record in caplog.get_records("call")] == [logging.WARNING] * 3
    assert "Nobody lives here" in complaints(caplog)[0]
    assert all(
        each.endswith(": letter 7 of sandbox default stays unsent") for each in complaints(caplog)
    )


@pytest.mark.parametrize(
    "odd", ["", "<", "a@", ",", "\x00", "@", "é@é.example", "a b", '"', "(", "x" * 9999]
)
def test_no_address_and_no_subject_stops_the_postman(
    send: Send, odd: str, caplog: pytest.LogCaptureFixture
) -> None:
    odds = [replace(LETTER, recipient=odd), replace(LETTER, sender=odd)]
    subjects = [replace(LETTER, subject=f"{odd}\r\n{odd}"), replace(LETTER, body=odd)]
    taken = send(*odds, *subjects, LETTER)
    assert len(taken) + len(complaints(caplog)) == 5
    assert len(taken) >= 3


def test_a_subject_is_one_line() -> None:
    mail = written(replace(LETTER, subject="Re:\r\n\tone\ntwo "))
    assert mail["Subject"] == "Re: one two"


def test_a_connection_that_is_lost_is_told_of_once_for_each_letter(
    send: Send, caplog: pytest.LogCaptureFixture
) -> None:
    rude = [replace(LETTER, number=n, recipient=f"rude{n}@x.example") for n in (2, 3)]
    assert send(LETTER, *rude) == [LETTER.message_id]
    assert ["cannot be reached" in each for each in complaints(caplog)] == [True, True]
    numbers = [each.partition(": letter ")[2][0] for each in complaints(caplog)]
    assert numbers == ["2", "3"]


def test_a_server_that_is_not_there_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    taken: list[str] = []
    for host, port in (("127.0.0.1", free_port()), ("a..b", 25)):
        with closing(Postman(host, port, lambda sandbox, ids: taken.extend(ids))) as carrier:
            carrier.take("default", [LETTER, LETTER])
            assert carrier.drain()
    assert (taken, len(complaints(caplog))) == ([], 4)
    assert all("cannot be reached" in each for each in complaints(caplog))


def test_a_postman_is_not_stopped_by_what_is_told_of(
    address: tuple[str, int], mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    def gone(sandbox: str, ids: object) -> None:
        raise RuntimeError("the store is gone")

    with closing(Postman(*address, gone)) as carrier:
        carrier.take("default", [LETTER])
        carrier.take("default", [LETTER])
        assert carrier.drain()
    assert mailbox.came.qsize() == 2
    assert (
        complaints(caplog)
        == ["Letters of sandbox default were sent and could not be marked so"] * 2
    )


def test_nobody_waits_for_a_slow_server(
    address: tuple[str, int],
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(postman, "MOST_WAITING", 2)
    mailbox.free.clear()
    taken: list[str] = []
    with closing(Postman(*address, lambda sandbox, ids: taken.extend(ids))) as carrier:
        for number in range(4):
            carrier.take("default", [replace(LETTER, number=number)])
        assert ["is too slow: letter" in each for each in complaints(caplog)] == [True, True]
        mailbox.free.set()
        assert carrier.drain()
        assert len(taken) == 2
        carrier.take("default", [LETTER])
    assert len(taken) == 3


def test_a_house_is_not_kept_open_by_a_server_that_hangs(
    address: tuple[str, int],
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(postman, "PATIENCE", 0.1)
    mailbox.free.clear()
    taken: list[str] = []
    carrier = Postman(*address, lambda sandbox, ids: taken.extend(ids))
    for _ in range(50):
        carrier.take("default", [LETTER])
    assert not carrier.drain()
    carrier.close()
    assert taken == []


# -- in a house


OpenHouse = Callable[[], House]


@pytest.fixture
def open_house(
    papers: Path, tmp_path: Path, address: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> OpenHouse:
    """A house with the depot in it, over the same folder every time."""
    monkeypatch.setattr(app, "build_agencies", lambda: {"depot": depot()})
    return lambda: House(Config(seed="1", data=tmp_path / "data", smtp=address))


def outbox(house: House) -> list[tuple[str, bool]]:
    with house.sandboxes.open("default") as transaction:
        return [(letter.recipient, letter.sent) for letter in letters(transaction)]


def test_letters_of_a_call_reach_the_mail_server(open_house: OpenHouse, mailbox: Mailbox) -> None:
    mailbox.free.clear()
    with closing(open_house()) as house:
        request = Request("POST", "/depot/write", "hello", body=b"nobody@x.example b@x.example")
        # The answer is there, and the outbox can be read, while the mail server still waits.
        assert house.handle(request).body == b"[1, 2]"
        assert outbox(house) == [("nobody@x.example", False), ("b@x.example", False)]
        assert mailbox.came.empty()
        mailbox.free.set()
    assert mailbox.next()["To"] == "b@x.example"
    with closing(open_house()) as house:
        assert outbox(house) == [("nobody@x.example", False), ("b@x.example", True)]


def test_what_falls_due_is_sent_with_its_own_date(open_house: OpenHouse, mailbox: Mailbox) -> None:
    with closing(open_house()) as house:
        house.handle(Request("POST", "/depot/promise", "minutes=90", body=b"box"))
        house.sandboxes.advance("default", timedelta(days=3))
        mail = mailbox.next()
    assert (mail["Subject"], mail["Date"]) == ("box has come", "Mon, 02 Mar 2026 09:30:00 +0000")


def test_a_sandbox_that_is_gone_has_nothing_to_mark(
    open_house: OpenHouse, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    mailbox.free.clear()
    with closing(open_house()) as house:
        house.sandboxes.create("job-7")
        house.handle(Request("POST", "/s/job-7/depot/write", body=b"a@x.example"))
        house.sandboxes.drop("job-7")
        mailbox.free.set()
    assert mailbox.next()["To"] == "a@x.example"
    assert complaints(caplog) == []
