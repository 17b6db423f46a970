"""What each kind of trouble does to an answer, and which plans are refused."""

from collections.abc import Mapping
from typing import Any

import pytest

from podatelna.kernel.disruptions import (
    KINDS,
    Disruption,
    DisruptionRefusedError,
    plan,
    planned,
)
from podatelna.kernel.exchange import Delivery, Response
from tests.kernel.depot import House

ANSWER = Response(200, b"0123456789", (("Content-Type", "text/plain"), ("X-A", "1")))


EFFECTS: list[tuple[str, Mapping[str, Any], Response]] = [
    ("delay", {"seconds": 2}, Response(200, ANSWER.body, ANSWER.headers, None, Delivery(2))),
    (
        "delay",
        {"seconds": 0.5},
        Response(200, ANSWER.body, ANSWER.headers, None, Delivery(delay_seconds=0.5)),
    ),
    (
        "drip",
        {"bytes_per_second": 10},
        Response(200, ANSWER.body, ANSWER.headers, None, Delivery(drip_bytes_per_second=10)),
    ),
    (
        "cut",
        {"after_bytes": 0},
        Response(200, ANSWER.body, ANSWER.headers, None, Delivery(cut_after_bytes=0)),
    ),
    ("reset", {}, Response(200, ANSWER.body, ANSWER.headers, None, Delivery(reset=True))),
    ("empty", {}, Response(200, ANSWER.body, ANSWER.headers, None, Delivery(empty=True))),
    (
        "status",
        {"code": 503},
        Response(
            503,
            b"<html><head><title>503</title></head><body><h2>503</h2></body></html>",
            (("Content-Type", "text/html"),),
        ),
    ),
    (
        "status",
        {"code": 429, "text": "Pozděj\ud800i", "retry_after": "5"},
        Response(
            429,
            "<html><head><title>429</title></head><body><h2>Pozděj?i</h2></body></html>".encode(),
            (("Content-Type", "text/html"), ("Retry-After", "5")),
        ),
    ),
    ("garble", {}, Response(200, b"\x00<23456789", ANSWER.headers)),
    ("garble", {"at": 4}, Response(200, b"0123\x00<6789", ANSWER.headers)),
    ("garble", {"at": 99}, Response(200, b"0123456789\x00<", ANSWER.headers)),
    (
        "content_type",
        {"value": "text/html"},
        Response(200, ANSWER.body, (("Content-Type", "text/html"), ("X-A", "1"))),
    ),
]


@pytest.mark.parametrize(("kind", "options", "expected"), EFFECTS)
def test_effects(kind: str, options: Mapping[str, Any], expected: Response) -> None:
    assert Disruption("depot", kind, options=options).effect()(ANSWER) == expected


def test_every_kind_has_its_test() -> None:
    assert {kind for kind, _, _ in EFFECTS} == set(KINDS)


@pytest.mark.parametrize("kind", ["content_type", "garble"])
def test_an_answer_without_a_body_or_a_type(kind: str) -> None:
    options = {"value": "a/b"} if kind == "content_type" else {}
    changed = Disruption("depot", kind, options=options).effect()(Response(204))
    expected = {
        "content_type": Response(204, b"", (("Content-Type", "a/b"),)),
        "garble": Response(204, b"\x00<"),
    }
    assert changed == expected[kind]


KNOWN = "delay, drip, cut, reset, empty, status, garble, content_type"
STATUS = "(code: int, text: str = '', retry_after: str = '')"


@pytest.mark.parametrize(
    ("disruption", "why"),
    [
        (Disruption("depot", "dely"), f"no disruption is called dely; there are {KNOWN}"),
        (Disruption("depot", "delay"), "disruption delay takes (seconds: float), not {}"),
        (
            Disruption("depot", "reset", options={"hard": True}),
            "disruption reset takes (), not {'hard': True}",
        ),
        (
            Disruption("depot", "delay", options={"seconds": "2"}),
            "disruption delay takes (seconds: float), not {'seconds': '2'}",
        ),
        (
            Disruption("depot", "delay", options={"seconds": True}),
            "disruption delay takes (seconds: float), not {'seconds': True}",
        ),
        (
            Disruption("depot", "status", options={"code": 503, "retry_after": 5}),
            f"disruption status takes {STATUS}, not {{'code': 503, 'retry_after': 5}}",
        ),
        (
            Disruption("depot", "cut", options={"after_bytes": 1.5}),
            "disruption cut takes (after_bytes: int), not {'after_bytes': 1.5}",
        ),
        (
            Disruption("depot", "delay", options={"seconds": -1}),
            "seconds is from 0 to 86400, not -1",
        ),
        (
            Disruption("depot", "delay", options={"seconds": float("nan")}),
            "seconds is from 0 to 86400, not nan",
        ),
        (
            Disruption("depot", "delay", options={"seconds": float("inf")}),
            "seconds is from 0 to 86400, not inf",
        ),
        (
            Disruption("depot", "drip", options={"bytes_per_second": 0}),
            "bytes_per_second is from 1 to 1000000000, not 0",
        ),
        (
            Disruption("depot", "cut", options={"after_bytes": -1}),
            "after_bytes is from 0 to 1000000000, not -1",
        ),
        (
            Disruption("depot", "garble", options={"at": -1}),
            "at is from 0 to 1000000000, not -1",
        ),
        (
            Disruption("depot", "status", options={"code": 42}),
            "code is from 200 to 599, not 42",
        ),
        (
            Disruption("depot", "content_type", options={"value": "a\r\nX-B: 2"}),
            r"value is printable ASCII, not 'a\r\nX-B: 2'",
        ),
        (
            Disruption("depot", "status", options={"code": 503, "retry_after": "ř"}),
            "retry_after is printable ASCII, not 'ř'",
        ),
        (
            Disruption("depot", "reset", "sometimes"),  # type: ignore[arg-type] # as JSON has it
            "moment is before or after, not sometimes",
        ),
        (Disruption("depot", "reset", times=0), "times is from 1 to 1000000000, not 0"),
        (
            Disruption("depot", "reset", times=1_000_000_001),
            "times is from 1 to 1000000000, not 1000000001",
        ),
        (
            Disruption("depot", "reset", "before", login="porter"),
            "before the agency acts nobody is logged in: leave login out",
        ),
    ],
)
def test_a_plan_that_can_never_be_carried_out_is_refused(
    here: House, disruption: Disruption, why: str
) -> None:
    with here.sandboxes.open("default") as transaction:
        with pytest.raises(DisruptionRefusedError) as refused:
            plan(transaction, disruption)
        assert planned(transaction) == []
    assert str(refused.value) == why


def test_what_is_done_to_the_delivery_leaves_the_rest_of_it() -> None:
    short = Response(200, b"", delivery=Delivery(keep_alive_seconds=15))
    slow = Disruption("depot", "delay", options={"seconds": 2}).effect()
    cut = Disruption("depot", "cut", options={"after_bytes": 3}).effect()
    assert cut(slow(short)).delivery == Delivery(
        delay_seconds=2, cut_after_bytes=3, keep_alive_seconds=15
    )
