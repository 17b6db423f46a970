"""Disruptions as raw callers meet them over real sockets."""

from collections.abc import Iterator

import pytest

from podatelna.kernel.journal import HEADER
from podatelna.kernel.server import Server
from tests.journeys.callers import (
    DEFAULT,
    Wire,
    post,
)
from tests.journeys.desks import Desk, open_desk
from tests.journeys.messages import call, filing, guest, read_filed


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as desk:
        yield desk


AVAILABLE = post("TestDostupnosti", call("TestDostupnosti"))


@pytest.fixture
def pair(desk: Desk) -> Iterator[tuple[Wire, Wire]]:
    """Two connections that have signed in."""
    with Server(desk.house.handle) as server, Wire(server.url) as one, Wire(server.url) as other:
        assert [one.sign_in(), other.sign_in()] == [200, 200]
        yield one, other


TROUBLE: list[tuple[str, dict[str, object]]] = [
    ("delay", {"seconds": 0.01}),
    ("drip", {"bytes_per_second": 20_000}),
    ("cut", {"after_bytes": 10}),
    ("reset", {}),
    ("empty", {}),
    ("status", {"code": 502, "text": "Bad", "retry_after": "7"}),
    ("garble", {"at": 3}),
    ("content_type", {"value": "text/plain"}),
]


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(("kind", "options"), TROUBLE, ids=[kind for kind, _ in TROUBLE])
def test_trouble_meets_one_call_and_nobody_else(
    desk: Desk, pair: tuple[Wire, Wire], kind: str, options: dict[str, object], moment: str
) -> None:
    struck, other = pair
    sound = _asked(struck)
    plan = {"agency": "ubyport", "kind": kind, "options": options, "moment": moment}
    desk.ask("POST", f"{DEFAULT}/disruptions", plan | {"operation": "ZapisUbytovane"})
    assert _asked(other) == sound
    struck.send(post("ZapisUbytovane", filing([guest(1)]), "Connection: close"))
    received = struck.rest()
    assert struck.was_reset == (kind == "reset")
    assert _asked(other) == sound
    _judge(kind, moment, received)
    kept = [row["document_number"] for row in desk.ask("GET", f"{DEFAULT}/ubyport/stays")]
    assert kept == (["AB0000001"] if moment == "after" else [])
    again = read_filed(other.ask(post("ZapisUbytovane", filing([guest(1)])))[2])
    assert again.records == ([[150]] if moment == "after" else [[]])
    notes = [note for row in desk.ask("GET", f"{DEFAULT}/journal") for note in row["notes"]]
    assert notes == [f"disruption {kind} {moment} the agency acted"]


def _asked(wire: Wire) -> tuple[int, dict[str, str], bytes]:
    """The answer without the number that it has in the journal."""
    status, headers, body = wire.ask(AVAILABLE)
    del headers[HEADER.lower()]
    return status, headers, body


def _judge(kind: str, moment: str, received: bytes) -> None:
    head, _, body = received.partition(b"\r\n\r\n")
    status = b"" if not head else head.split(b" ")[1]
    whole = b"<s:Envelope" if moment == "after" else b"<html><head"
    usual = b"200" if moment == "after" else b"503"
    if kind in ("reset", "empty"):
        assert received == b""
    elif kind == "status":
        assert (status, body) == (
            b"502",
            b"<html><head><title>502</title></head><body><h2>Bad</h2></body></html>",
        )
        assert b"Retry-After: 7" in head
    elif kind == "garble":
        assert (status, body[:5]) == (usual, whole[:3] + b"\x00<")
    elif kind == "cut":
        assert (status, body) == (usual, whole[:10])
    else:
        assert (status, body[:11]) == (usual, whole)
        assert (b"Content-Type: text/plain" in head) == (kind == "content_type")
