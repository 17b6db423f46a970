"""Trouble that is planned: when it comes, whom it meets, and which plans are refused."""

from collections.abc import Mapping
from typing import Any

import pytest

from podatelna.kernel.disruptions import (
    KINDS,
    Disruption,
    DisruptionRefusedError,
    any_planned,
    clear_disruptions,
    plan,
    planned,
)
from podatelna.kernel.exchange import Delivery, Response
from podatelna.kernel.journal import exchanges
from tests.kernel.depot import DATE, House

ANSWER = Response(200, b"0123456789", (("Content-Type", "text/plain"), ("X-A", "1")))


def disrupt(of: House, disruption: Disruption, sandbox: str = "default") -> None:
    with of.sandboxes.open(sandbox) as transaction:
        plan(transaction, disruption)


def plans(of: House, sandbox: str = "default") -> list[Disruption]:
    with of.sandboxes.open(sandbox) as transaction:
        return planned(transaction)


def garbled(**more: Any) -> Disruption:
    return Disruption("depot", "garble", **more)


# -- what each kind does

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


# -- when


def test_before_the_agency_never_sees_the_call(anywhere: House) -> None:
    disrupt(anywhere, Disruption("depot", "status", "before", {"code": 502}))
    page = b"<html><head><title>502</title></head><body><h2>502</h2></body></html>"
    headers = (("Content-Type", "text/html"), DATE)
    assert anywhere.call("file", b"a hat") == Response(502, page, headers)
    assert anywhere.whats() == ["umbrella"]
    assert anywhere.call("file", b"a hat").status == 200
    assert anywhere.whats() == ["umbrella", "a hat"]


def test_after_the_agency_has_acted(anywhere: House) -> None:
    disrupt(anywhere, Disruption("depot", "reset"))
    lost = anywhere.call("file", b"a hat")
    assert (lost.status, lost.delivery) == (200, Delivery(reset=True))
    assert anywhere.whats() == ["umbrella", "a hat"]
    with anywhere.sandboxes.open("default") as transaction:
        [exchange] = exchanges(transaction)
    assert (exchange.response_body, exchange.notes) == (
        lost.body,
        ("disruption reset after the agency acted",),
    )


@pytest.mark.parametrize("kind", ["delay", "garble"])
def test_before_there_is_an_empty_503_to_carry_a_delivery(here: House, kind: str) -> None:
    options = {"seconds": 1} if kind == "delay" else {}
    disrupt(here, Disruption("depot", kind, "before", options))
    expected = {
        "delay": Response(503, b"", (DATE,), None, Delivery(delay_seconds=1)),
        "garble": Response(503, b"\x00<", (DATE,)),
    }
    assert here.call("echo", b"hello") == expected[kind]


def test_a_refused_caller_meets_no_trouble_after(here: House) -> None:
    """The trouble is for those whom the agency served."""
    disrupt(here, garbled())
    assert here.call("echo", b"hello", headers={"x-login": "nobody"}).status == 401
    assert plans(here) == [garbled()]


def test_a_refused_caller_meets_trouble_before(here: House) -> None:
    disrupt(here, garbled(moment="before"))
    assert here.call("echo", b"hello", headers={"x-login": "nobody"}).status == 503


def test_before_and_after_meet_different_calls(here: House) -> None:
    disrupt(here, Disruption("depot", "delay", "after", {"seconds": 1}))
    disrupt(here, Disruption("depot", "delay", "before", {"seconds": 2}))
    deliveries = [here.call("echo").delivery for _ in range(3)]
    assert deliveries == [Delivery(2), Delivery(1), Delivery()]


# -- whom


def test_uses_are_counted(anywhere: House) -> None:
    assert anywhere.call("echo", b"hello").body == b"hello"
    disrupt(anywhere, garbled(times=2))
    bodies = [anywhere.call("echo", b"hello").body for _ in range(4)]
    assert bodies == [b"\x00<llo", b"\x00<llo", b"hello", b"hello"]
    assert plans(anywhere) == [garbled(times=0, used=2)]


def test_plans_are_met_in_the_order_they_were_made(here: House) -> None:
    for at in (2, 1):
        disrupt(here, garbled(options={"at": at}))
    assert [here.call("echo", b"hello").body for _ in range(3)] == [
        b"he\x00<o",
        b"h\x00<lo",
        b"hello",
    ]


def test_only_calls_of_the_operation_are_met(anywhere: House) -> None:
    disrupt(anywhere, garbled(operation="echo"))
    filed = anywhere.call("file", b"a hat")
    assert b"\0" not in filed.body
    assert anywhere.call("echo", b"hello").body == b"\x00<llo"


def test_only_calls_of_the_login_are_met_in_any_case_of_letters(anywhere: House) -> None:
    disrupt(anywhere, garbled(login="Porter"))
    assert anywhere.call("echo", b"hello").body == b"hello"
    assert anywhere.call("echo", b"hello", headers={"x-login": "PORTER"}).body == b"\x00<llo"


def test_operation_and_login_must_both_match(here: House) -> None:
    disrupt(here, garbled(login="porter", operation="echo"))
    porter = {"x-login": "porter"}
    assert here.call("file", b"a hat", headers=porter).body[:1] == b"["
    assert here.call("echo", b"hello").body == b"hello"
    assert here.call("echo", b"hello", headers=porter).body == b"\x00<llo"


def test_a_plan_that_does_not_match_lets_the_next_one_act(here: House) -> None:
    disrupt(here, garbled(operation="file"))
    disrupt(here, garbled(operation="echo"))
    assert here.call("echo", b"hello").body == b"\x00<llo"
    assert [each.times for each in plans(here)] == [1, 0]


def test_other_agencies_are_not_met(here: House) -> None:
    disrupt(here, Disruption("attic", "garble"))
    assert here.call("echo", b"hello").body == b"hello"


def test_other_sandboxes_are_not_met(anywhere: House) -> None:
    anywhere.sandboxes.create("other")
    disrupt(anywhere, garbled(), "other")
    assert anywhere.call("echo", b"hello").body == b"hello"
    assert anywhere.call("echo", b"hello", "other").body == b"\x00<llo"
    assert plans(anywhere) == []


def test_a_crashed_call_uses_nothing_up(anywhere: House) -> None:
    disrupt(anywhere, garbled())
    assert anywhere.call("crash").status == 500
    assert plans(anywhere) == [garbled()]
    assert anywhere.call("echo", b"hello").body == b"\x00<llo"


def test_cleared_plans_meet_nobody(anywhere: House) -> None:
    disrupt(anywhere, garbled(times=5))
    anywhere.call("echo")
    with anywhere.sandboxes.open("default") as transaction:
        assert any_planned(transaction)
        clear_disruptions(transaction)
        assert not any_planned(transaction)
    assert anywhere.call("echo", b"hello").body == b"hello"
    assert plans(anywhere) == []


def test_plans_are_read_as_made(anywhere: House) -> None:
    made = [
        Disruption("depot", "status", "before", {"code": 503, "text": "Ř\0\ud800"}, "echo", "", 7),
        Disruption("attic", "reset", "after", {}, "", "porter", 1_000_000_000),
    ]
    for disruption in made:
        disrupt(anywhere, disruption)
    assert plans(anywhere) == made


def test_a_plan_of_any_text_crashes_nothing(anywhere: House) -> None:
    disrupt(anywhere, garbled(operation="e\0\ud800", login="p\0"))
    assert plans(anywhere) == [garbled(operation=r"e\x00\ud800", login=r"p\x00")]


# -- refusals

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
    with pytest.raises(DisruptionRefusedError) as refused:
        disrupt(here, disruption)
    assert str(refused.value) == why
    assert plans(here) == []
