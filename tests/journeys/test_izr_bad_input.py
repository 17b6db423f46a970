"""Bad input for the gateway of the IZR over real sockets: it is refused, and others are served."""

import gzip
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest
from lxml import etree

from podatelna.app import Config, House
from podatelna.kernel.journal import clear_journal, exchanges
from podatelna.kernel.server import Server
from podatelna_client.izr import IzrClient
from tests.izr.gatehouse import GATEWAY, SIMULATOR, WSDL
from tests.izr.hostile import signed, strangers, unreadable
from tests.izr.hostile.refusal import ANSWERED, STRANGER, UNREADABLE, Refusal
from tests.izr.messages import NAMES, move
from tests.izr.questions import question
from tests.journeys.callers import PATIENCE, Wire, get, no_complaints
from tests.journeys.processes import ServerProcess

NOON = datetime(2025, 5, 2, 10, tzinfo=UTC)
FINE = move()
ODD: dict[str, tuple[bytes, Refusal]] = {
    **{name: (each, UNREADABLE) for name, each in unreadable.MESSAGES.items()},
    **{name: (each, STRANGER) for name, each in strangers.MESSAGES.items()},
    **{name: (each, ANSWERED) for name, each in signed.TAKEN.items()},
    **signed.MESSAGES,
}


def post(message: bytes, *headers: str, path: str = GATEWAY) -> bytes:
    """A call with these headers, a Host and a length."""
    lines = [f"POST {path} HTTP/1.1", "Host: h", f"Content-Length: {len(message)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + message


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with closing(House(Config(seed="1"))) as house:
        house.sandboxes.change_clock("default", lambda clock: clock.frozen(NOON))
        yield house


@pytest.fixture(scope="module")
def server(house: House) -> Iterator[Server]:
    with Server(house.handle) as server:
        yield server


@pytest.fixture
def served(server: Server) -> Iterator[Callable[[], bool]]:
    """Asks as another caller whether the gateway is there; after the test a new one asks, too."""
    with no_complaints(), IzrClient(server.url + GATEWAY, timeout=PATIENCE) as other:

        def asks() -> bool:
            return bool(other.holdings())

        assert asks()
        yield asks
        assert asks()
        with IzrClient(server.url + GATEWAY, timeout=PATIENCE) as newcomer:
            assert newcomer.holdings()


@pytest.fixture
def wire(server: Server, served: Callable[[], bool]) -> Iterator[Wire]:
    with Wire(server.url) as wire:
        yield wire


def verdict(answer: tuple[int, dict[str, str], bytes], expected: Refusal = ANSWERED) -> Refusal:
    """What was answered, with as much of the text as is expected."""
    status, headers, body = answer
    assert headers["content-type"] == "text/xml; charset=utf-8"
    root = etree.fromstring(body)
    if status == 200:
        assert root.find("s:Body/v:Response", NAMES) is not None
        return ANSWERED
    assert status == 500
    error = root.find("s:Body/s:Fault/detail/v:Error", NAMES)
    assert error is not None
    text = error.findtext("v:ErrorDescription", "", NAMES)
    return Refusal(error.findtext("v:ErrorCode", "", NAMES), text[: len(expected.text)])


# Messages.


@pytest.mark.parametrize("name", ODD)
def test_an_odd_message_gets_its_own_fault(wire: Wire, name: str) -> None:
    message, expected = ODD[name]
    assert verdict(wire.ask(post(message)), expected) == expected
    assert verdict(wire.ask(post(FINE))) == ANSWERED


def test_no_entity_is_expanded_and_nobody_else_is_called(wire: Wire) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        stranger.setblocking(False)
        address = f"http://127.0.0.1:{stranger.getsockname()[1]}"
        for name, message in unreadable.bombs(address).items():
            assert verdict(wire.ask(post(message)), UNREADABLE) == UNREADABLE, name
        with pytest.raises(BlockingIOError):
            stranger.accept()


def test_every_message_is_in_the_journal(house: House, wire: Wire) -> None:
    """What is no message, too, in its order."""
    with house.sandboxes.open("default") as transaction:
        clear_journal(transaction)
    sent = [FINE, b"", b"\x00", FINE[:-1], question("IZR_PRO01B"), b"<x/>", question("IZR_GAZ01B")]
    statuses = [wire.ask(post(message))[0] for message in sent]
    with house.sandboxes.open("default") as transaction:
        kept = exchanges(transaction)
    assert [exchange.request_body for exchange in kept] == sent
    assert [exchange.status for exchange in kept] == statuses == [200, 500, 500, 500, 200, 500, 200]
    operations = ["IZR_ODH01B", "", "", "IZR_ODH01B", "IZR_PRO01B", "", "IZR_GAZ01B"]
    assert [exchange.operation for exchange in kept] == operations
    assert [exchange.login for exchange in kept] == ["99sandbox", *[""] * 5, "99sandbox"]


# HTTP.


ODD_HEADERS = (
    (),
    ("Content-Type:",),
    ("Content-Type: text/plain",),
    ("Content-Type: application/soap+xml; charset=utf-16; action=x",),
    ("Content-Type: text/xml", "Content-Type: text/xml"),
    ("Content-Type: \xe9\xff",),
    ("SOAPAction:",),
    ('SOAPAction: "urn:x"',),
    ("SOAPAction: \xe9\t\xff",),
    ("Content-Encoding: gzip",),
    ("Accept: application/json",),
    ("Origin: http://192.0.2.1",),
    ("Authorization: Basic eDp4",),
    ("Cookie: " + "x" * 9_000,),
)


def test_no_header_is_needed_and_none_is_looked_at(wire: Wire) -> None:
    """Callers leave out Content-Type and SOAPAction, and are served (public callers)."""
    for headers in ODD_HEADERS:
        assert verdict(wire.ask(post(FINE, *headers))) == ANSWERED, headers


def test_a_compressed_message_is_none(wire: Wire) -> None:
    answer = wire.ask(post(gzip.compress(FINE), "Content-Encoding: gzip"))
    assert verdict(answer, UNREADABLE) == UNREADABLE


def test_a_caller_may_wait_to_be_told_to_continue(wire: Wire) -> None:
    """.NET's callers do so by default (Expect100Continue)."""
    head, _, body = post(FINE, "Expect: 100-continue").partition(b"\r\n\r\n")
    wire.send(head + b"\r\n\r\n")
    assert wire.head() == (100, {})
    assert verdict(wire.ask(body)) == ANSWERED


def test_a_caller_who_does_not_wait_gets_both_answers(wire: Wire) -> None:
    wire.send(post(FINE, "Expect: 100-continue"))
    status, _ = wire.head()
    assert verdict(wire.answer() if status == 100 else (status, {}, b"")) == ANSWERED


@pytest.mark.parametrize("piece", [1, 7, 65_536])
def test_a_message_in_chunks(wire: Wire, piece: int) -> None:
    parts = [FINE[at : at + piece] for at in range(0, len(FINE), piece)]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
    head = f"POST {GATEWAY} HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    assert verdict(wire.ask(head + chunks)) == ANSWERED


def test_a_slow_caller_is_served_in_the_end_and_keeps_nobody_waiting(
    wire: Wire, served: Callable[[], bool]
) -> None:
    message = post(FINE)
    for at in range(0, len(message), 40):
        wire.send(message[at : at + 40])
        assert at % 200 or served()
    assert verdict(wire.answer()) == ANSWERED


@pytest.mark.parametrize("leave", [Wire.__exit__, Wire.vanish], ids=["closed", "reset"])
def test_a_connection_may_break_off_anywhere(
    server: Server, served: Callable[[], bool], leave: Callable[[Wire], None]
) -> None:
    message = post(FINE)
    for end in (0, 1, 20, 80, 200, len(message) - 1, len(message)):
        wire = Wire(server.url)
        wire.send(message[:end])
        leave(wire)
    assert served()


def test_pipelined_messages_are_answered_in_order(wire: Wire) -> None:
    bad = post(strangers.MESSAGES["another's key"])
    wire.send(post(FINE) + bad + post(FINE) + bad * 2 + post(FINE))
    assert [wire.answer()[0] for _ in range(6)] == [200, 500, 200, 500, 500, 200]


@pytest.mark.parametrize(
    ("path", "allowed"),
    [(GATEWAY, "POST"), (f"{WSDL}?SERVICEID=IZR_ODH01B", "GET, HEAD"),
     (SIMULATOR, "GET, HEAD, POST")],
)  # fmt: skip
def test_other_methods_are_not_allowed(wire: Wire, path: str, allowed: str) -> None:
    for method in ("PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND", "GETS"):
        lines = [f"{method} {path} HTTP/1.1", "Host: h", "Content-Length: 0", "", ""]
        status, headers, _ = wire.ask("\r\n".join(lines).encode())
        assert (status, headers["allow"]) == (405, allowed)
    assert verdict(wire.ask(post(FINE))) == ANSWERED


def test_odd_addresses_are_pages_that_nobody_has(wire: Wire) -> None:
    root = "/ssl/nosso-app"
    for path in (
        "",
        "/",
        "/EPO",
        f"/..{root}/x",
        "/EPO/WS/v2Online/vOKOsrv.ashx/x",
        "/%00",
        "/\xff",
    ):
        status, headers, _ = wire.ask(get(root + path))
        assert (status, headers["content-type"]) == (404, "text/html; charset=utf-8"), path


# Size.


def test_messages_at_the_limit_do_not_fill_the_memory() -> None:
    """Ten megabytes are read; one byte more is refused before anything is."""
    inside, outside = (signed.padded(signed.MAXIMUM_BYTES + more) for more in (0, 1))
    too_long = Refusal("413", "Zpráva je delší než 10485760 bajtů.")
    with ServerProcess() as server, Wire(server.url) as wire:
        assert verdict(wire.ask(post(FINE))) == ANSWERED
        before = server.peak_memory()
        for _ in range(5):
            assert verdict(wire.ask(post(inside))) == ANSWERED
            assert verdict(wire.ask(post(outside)), too_long) == too_long
        assert server.peak_memory() - before < 20 * signed.MAXIMUM_BYTES
