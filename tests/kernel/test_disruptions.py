"""Planned trouble: when it comes, and whom it meets."""

from typing import Any

import pytest

from podatelna.kernel.disruptions import (
    Disruption,
    any_planned,
    clear_disruptions,
    plan,
    planned,
)
from podatelna.kernel.exchange import Delivery, Response
from podatelna.kernel.journal import exchanges
from tests.kernel.depot import DATE, House


def disrupt(of: House, disruption: Disruption, sandbox: str = "default") -> None:
    with of.sandboxes.open(sandbox) as transaction:
        plan(transaction, disruption)


def plans(of: House, sandbox: str = "default") -> list[Disruption]:
    with of.sandboxes.open(sandbox) as transaction:
        return planned(transaction)


def garbled(**more: Any) -> Disruption:
    return Disruption("depot", "garble", **more)


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


HTML = ("Content-Type", "text/html")
PAGE = b"<html><head><title>503</title></head><body><h2>503</h2></body></html>"


@pytest.mark.parametrize("kind", ["delay", "garble"])
def test_before_there_is_a_503_to_carry_a_delivery(here: House, kind: str) -> None:
    options = {"seconds": 1} if kind == "delay" else {}
    disrupt(here, Disruption("depot", kind, "before", options))
    expected = {
        "delay": Response(503, PAGE, (HTML, DATE), None, Delivery(delay_seconds=1)),
        "garble": Response(503, b"\x00<" + PAGE[2:], (HTML, DATE)),
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
