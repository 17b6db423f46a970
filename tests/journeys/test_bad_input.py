"""Bad input over real sockets: it is refused, and others are served during and after it."""

import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, datetime

import pytest

from podatelna.app import Config, House
from podatelna.kernel.server import Server
from podatelna_client.ubyport import UbyportClient
from tests.journeys.callers import (
    LOGIN,
    PASSWORD,
    PATIENCE,
    Ntlm,
    Wire,
    get,
    no_complaints,
    post,
    soap_headers,
)
from tests.journeys.hostile import (
    ACTIONS,
    AUTHORIZATIONS,
    BROKEN_HTTP,
    CONTENT_TYPES,
    FINE,
    MESSAGES,
    ODD_TARGETS,
    PIECES,
    Refusal,
    bombs,
)
from tests.journeys.messages import PRODUCTION, call, read_fault, read_filed

NOON = datetime(2026, 3, 4, 11, tzinfo=UTC)
CROWD = 64
AVAILABLE = post("TestDostupnosti", call("TestDostupnosti"))


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    house = House(Config(seed="1"))
    with closing(house), Server(house.handle) as server:
        house.sandboxes.change_clock("default", lambda clock: clock.frozen(NOON))
        yield server


@pytest.fixture
def served(server: Server) -> Iterator[Callable[[], bool]]:
    """Asks as another caller whether the service is there; after the test a new one asks, too."""
    with no_complaints(), _client(server) as other:
        assert other.available()
        yield other.available
        assert other.available()
        with _client(server) as newcomer:
            assert newcomer.available()


def _client(server: Server) -> UbyportClient:
    return UbyportClient(server.url + PRODUCTION, LOGIN, PASSWORD, timeout=PATIENCE)


@pytest.fixture
def wire(server: Server, served: Callable[[], bool]) -> Iterator[Wire]:
    """A connection that has signed in."""
    with Wire(server.url) as wire:
        assert wire.sign_in() == 200
        yield wire


def judged(answer: tuple[int, dict[str, str], bytes]) -> Refusal:
    status, _, body = answer
    if not body:
        return Refusal(status)
    fault = read_fault(body)
    return Refusal(status, fault.code, fault.text)


def assert_refused(answer: tuple[int, dict[str, str], bytes], expected: Refusal) -> None:
    found = judged(answer)
    assert found == Refusal(expected.status, expected.code, found.text)
    assert found.text.startswith(expected.text)


# Messages.


@pytest.mark.parametrize("name", MESSAGES)
def test_a_bad_message_is_refused_as_the_agency_does(wire: Wire, name: str) -> None:
    message, expected = MESSAGES[name]
    assert_refused(wire.ask(post("ZapisUbytovane", message)), expected)
    assert wire.ask(AVAILABLE)[0] == 200


def test_no_entity_is_expanded_and_nobody_else_is_called(wire: Wire) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        stranger.setblocking(False)
        address = f"http://127.0.0.1:{stranger.getsockname()[1]}"
        for name, message in bombs(address).items():
            assert wire.ask(post("ZapisUbytovane", message))[::2] == (400, b""), name
        with pytest.raises(BlockingIOError):
            stranger.accept()


def test_a_wrong_action_is_not_supported(wire: Wire) -> None:
    expected = Refusal(500, "a:ActionNotSupported", "The message with Action '")
    for action in ACTIONS:
        headers = soap_headers("") | {"soapaction": action}
        assert_refused(wire.ask(_post(headers, FINE)), expected)
    del headers["soapaction"]
    assert_refused(wire.ask(_post(headers, FINE)), expected)


def test_a_wrong_content_type_is_not_supported(wire: Wire) -> None:
    for content_type in CONTENT_TYPES:
        headers = soap_headers("ZapisUbytovane") | {"content-type": content_type}
        assert judged(wire.ask(_post(headers, FINE))) == Refusal(415), content_type
    del headers["content-type"]
    assert judged(wire.ask(_post(headers, FINE))) == Refusal(415)


def _post(headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"POST {PRODUCTION} HTTP/1.1", "Host: h", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


# Sign-in.


def test_bad_credentials_get_a_401_and_end_who_was_signed_in(wire: Wire) -> None:
    for authorization in AUTHORIZATIONS:
        assert wire.ask(AVAILABLE)[0] == 200
        answer = wire.ask(get(PRODUCTION, f"Authorization: {authorization}"))
        assert (answer[0], answer[1]["www-authenticate"].split()[0]) == (401, "NTLM"), authorization
        assert wire.ask(AVAILABLE)[0] == 401
        assert wire.sign_in() == 200


@pytest.mark.parametrize(
    ("login", "password"),
    [
        (LOGIN, "heslo-1234"),
        ("uby-ws00blok", PASSWORD),
        ("ub0000001", PASSWORD),
        ("nobody", PASSWORD),
        ("\x00\u202e", PASSWORD),
        ("x" * 5_000, PASSWORD),
        ("", ""),
    ],
    ids=["password", "blocked", "web", "unknown", "unprintable", "long", "anonymous"],
)
def test_whoever_may_not_sign_in_is_told_so_and_may_try_again(
    wire: Wire, login: str, password: str
) -> None:
    assert wire.sign_in(login=login, password=password) == 401
    assert wire.ask(AVAILABLE)[0] == 401
    assert wire.sign_in() == 200
    assert wire.ask(AVAILABLE)[0] == 200


def test_a_crowd_signs_in_at_once_and_nobody_takes_anothers_place(
    server: Server, served: Callable[[], bool]
) -> None:
    together = threading.Barrier(CROWD, timeout=PATIENCE)

    def shake(number: int) -> list[int]:
        ntlm = Ntlm(password=PASSWORD if number % 2 else "wrong")
        with Wire(server.url) as wire:
            together.wait()
            _, headers, _ = wire.ask(get(PRODUCTION, f"Authorization: {ntlm.hello()}"))
            proof = ntlm.proof(headers["www-authenticate"])
            together.wait()
            signed_in = wire.ask(get(PRODUCTION, f"Authorization: {proof}"))[0]
            together.wait()
            return [signed_in, wire.ask(AVAILABLE)[0]]

    with ThreadPoolExecutor(CROWD) as pool:
        outcomes = list(pool.map(shake, range(CROWD)))
    assert outcomes == [[401, 401], [200, 200]] * (CROWD // 2)


# HTTP.


@pytest.mark.parametrize("name", BROKEN_HTTP)
def test_what_is_no_http_is_refused_in_plain_words_and_the_connection_ended(
    server: Server, served: Callable[[], bool], name: str
) -> None:
    sent, status = BROKEN_HTTP[name]
    with Wire(server.url) as wire:
        found, headers, body = wire.ask(sent)
        assert (found, headers["connection"]) == (status, "close")
        assert body.endswith(b".\n")
        assert wire.rest() == b""


@pytest.mark.parametrize("name", ODD_TARGETS)
def test_an_odd_target_is_nobodys_or_the_agencys(
    server: Server, served: Callable[[], bool], name: str
) -> None:
    target, status = ODD_TARGETS[name]
    with Wire(server.url) as wire:
        answer = wire.ask(get(target))
        kind = {401: "text/html", 404: "application/problem+json"}[status]
        assert (answer[0], answer[1]["content-type"]) == (status, kind)


@pytest.mark.parametrize("leave", [Wire.__exit__, Wire.vanish], ids=["closed", "reset"])
def test_a_connection_may_break_off_anywhere(
    server: Server, served: Callable[[], bool], leave: Callable[[Wire], None]
) -> None:
    message = post("ZapisUbytovane", FINE)
    for end in PIECES:
        wire = Wire(server.url)
        wire.sign_in()
        wire.send(message[:end])
        leave(wire)
    assert served()


def test_garbage_behind_a_request_ends_the_connection_after_the_answer(wire: Wire) -> None:
    wire.send(AVAILABLE + b"\x00garbage\r\n\r\n" + AVAILABLE)
    assert wire.answer()[0] == 200
    assert wire.answer()[0] == 400
    assert wire.rest() == b""


def test_pipelined_filings_are_answered_in_order(wire: Wire) -> None:
    bad = post("ZapisUbytovane", MESSAGES["no date"][0])
    wire.send(AVAILABLE + bad + AVAILABLE + bad * 2 + AVAILABLE)
    assert [wire.answer()[0] for _ in range(6)] == [200, 500, 200, 500, 500, 200]


def test_many_half_open_connections_keep_nobody_out(
    server: Server, served: Callable[[], bool]
) -> None:
    beginnings = (b"", b"POST", AVAILABLE[:80], AVAILABLE[:-1], b"GET / HTTP/1.1\r\nX: ")
    with ExitStack() as stack:
        for number in range(300):
            wire = stack.enter_context(Wire(server.url))
            wire.send(beginnings[number % len(beginnings)])
        assert served()


def test_a_slow_caller_is_served_in_the_end_and_keeps_nobody_waiting(
    wire: Wire, served: Callable[[], bool]
) -> None:
    message = post("ZapisUbytovane", FINE)
    for at in range(0, len(message), 3):
        wire.send(message[at : at + 3])
        assert at % 60 or served()
    status, _, body = wire.answer()
    assert (status, read_filed(body).records) == (200, [[]])
