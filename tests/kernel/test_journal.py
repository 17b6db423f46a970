"""What is recorded of a call, what is blanked, and what is forgotten."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from podatelna.kernel.disruptions import Disruption, plan
from podatelna.kernel.journal import (
    BLANK,
    EXCHANGE,
    HEADER,
    SWEEP,
    Exchange,
    JournalLimits,
    clear_journal,
    exchanges,
    find_exchange,
    tell_nothing,
    told,
)
from podatelna.kernel.rules import Finding
from podatelna.kernel.sandbox import HouseRules
from tests.kernel.conftest import OpenStore
from tests.kernel.depot import DATE, SEEDED, House, house

ECHO = Exchange(
    number=1,
    at="2026-03-02T08:00:00+00:00",
    agency="depot",
    operation="echo",
    login="",
    method="POST",
    target="/depot/echo",
    request_headers={},
    request_body=b"hello",
    status=200,
    response_headers=(("Content-Type", "text/plain"), ("X-Shelf", "left"), DATE),
    response_body=b"hello",
    findings=(),
    notes=(),
    delivery={},
)


def recorded(of: House, sandbox: str = "default", after: int = 0) -> list[Exchange]:
    with of.sandboxes.open(sandbox) as transaction:
        return exchanges(transaction, after)


def test_a_call_is_recorded_whole(anywhere: House) -> None:
    anywhere.call(
        "echo",
        b"\x00\xffhello",
        method="PUT",
        query="a=1&b=%C5%98",
        headers={"x-login": "PORTER", "x-two": "a, b"},
    )
    assert recorded(anywhere) == [
        replace(
            ECHO,
            login="PORTER",
            method="PUT",
            target="/depot/echo?a=1&b=%C5%98",
            request_headers={"x-login": "PORTER", "x-two": "a, b"},
            request_body=b"\x00\xffhello",
            response_body=b"\x00\xffhello",
        )
    ]


def test_findings_are_recorded(anywhere: House) -> None:
    anywhere.call("echo", b"", headers={"x-login": "nobody"})
    assert recorded(anywhere) == [
        replace(
            ECHO,
            request_headers={"x-login": "nobody"},
            request_body=b"",
            status=401,
            response_headers=(DATE,),
            response_body=b"",
            findings=(Finding("unknown_login", "x-login", None, "nobody"),),
        )
    ]


def test_what_was_done_to_the_delivery_is_recorded(anywhere: House) -> None:
    for kind, options in (("cut", {"after_bytes": 0}), ("delay", {"seconds": 0.5}), ("reset", {})):
        with anywhere.sandboxes.open("default") as transaction:
            plan(transaction, Disruption("depot", kind, options=options))
        anywhere.call("echo")
    assert [(each.delivery, each.notes) for each in recorded(anywhere)] == [
        ({"cut_after_bytes": 0}, ("disruption cut after the agency acted",)),
        ({"delay_seconds": 0.5}, ("disruption delay after the agency acted",)),
        ({"reset": True}, ("disruption reset after the agency acted",)),
    ]


def test_exchanges_are_numbered_and_read_from_a_number_on(anywhere: House) -> None:
    for body in (b"a", b"b", b"c"):
        anywhere.call("echo", body)
    assert [(each.number, each.request_body) for each in recorded(anywhere)] == [
        (1, b"a"),
        (2, b"b"),
        (3, b"c"),
    ]
    assert [each.number for each in recorded(anywhere, after=2)] == [3]
    assert recorded(anywhere, after=3) == []


def test_a_cleared_journal_does_not_use_a_number_twice(anywhere: House) -> None:
    anywhere.call("echo")
    anywhere.call("echo")
    with anywhere.sandboxes.open("default") as transaction:
        clear_journal(transaction)
    assert recorded(anywhere) == []
    anywhere.call("echo", b"hello")
    assert recorded(anywhere) == [replace(ECHO, number=3)]


@pytest.mark.parametrize("name", ["authorization", "proxy-authorization", "cookie"])
def test_secrets_are_blanked(papers: Path, open_memory: OpenStore, name: str) -> None:
    here = house(open_memory())
    here.call("echo", headers={"x-before": "1", name: "Basic c2VjcmV0", "x-after": "2"})
    [exchange] = recorded(here)
    assert exchange.request_headers == {"x-before": "1", name: BLANK, "x-after": "2"}
    assert list(exchange.request_headers) == ["x-before", name, "x-after"]


def test_a_secret_is_described_by_who_knows_it(papers: Path, open_memory: OpenStore) -> None:
    rules = replace(SEEDED, describe_authorization=lambda value: f"{value.split()[0]} of somebody")
    here = house(open_memory(), rules)
    here.call("echo", headers={"authorization": "Basic c2VjcmV0", "cookie": "Basic c2VjcmV0"})
    [exchange] = recorded(here)
    assert exchange.request_headers == {"authorization": "Basic of somebody", "cookie": BLANK}
    assert tell_nothing("Basic c2VjcmV0") == BLANK


def test_no_secret_is_anywhere_in_the_store(anywhere: House) -> None:
    anywhere.call("crash", headers={"authorization": "Basic c2VjcmV0"})
    anywhere.call("echo", headers={"authorization": "Basic c2VjcmV0"})
    with anywhere.sandboxes.open("default") as transaction:
        rows = transaction.execute(select(EXCHANGE)).all()
    assert len(rows) == 2
    assert "c2VjcmV0" not in repr(rows)


def test_what_the_agency_found_to_be_secret_is_blanked(anywhere: House) -> None:
    answer = anywhere.call(
        "whisper", b"open/sesame", query="word=open%2Fsesame", headers={"x-word": "open/sesame"}
    )
    assert answer.body == b"heard open/sesame"
    [exchange] = recorded(anywhere)
    assert exchange == replace(
        ECHO,
        operation="whisper",
        target=f"/depot/whisper?word={BLANK}",
        request_headers={"x-word": BLANK},
        request_body=BLANK.encode(),
        response_headers=(("X-Whispered", BLANK), DATE),
        response_body=f"heard {BLANK}".encode(),
        findings=(Finding("too_heavy", BLANK, None, f"not {BLANK}"),),
        notes=(f"somebody whispered {BLANK}",),
    )


def test_what_was_secret_stays_so_when_the_agency_crashes(anywhere: House) -> None:
    anywhere.call("whisper", b"open/sesame", query="boom")
    [exchange] = recorded(anywhere)
    assert exchange.status == 500
    assert exchange.request_body == BLANK.encode()


def test_no_half_of_a_secret_is_kept(papers: Path, open_memory: OpenStore) -> None:
    here = house(open_memory(), replace(SEEDED, journal=JournalLimits(body=4)))
    here.call("whisper", b"open/sesame")
    [exchange] = recorded(here)
    assert (exchange.request_body, exchange.response_body) == (b"[bla", b"hear")


@pytest.mark.parametrize(
    ("method", "path", "query", "target"),
    [
        ("G\0T", "/depot/e\0ho", "\0", r"/depot/e\x00ho?\x00"),
        ("G\ud800T", "/depot/\udc80", "a=\udfff", r"/depot/\udc80?a=\udfff"),
        ("G\x85T", "/depot/\x80\xff", "\xa0", "/depot/\x80\xff?\xa0"),
    ],
)
def test_no_text_of_a_request_can_crash_it(
    anywhere: House, method: str, path: str, query: str, target: str
) -> None:
    headers = {"x-\0": "a\0b", "x-\ud800": "\udcff", "x-latin": "\x85\xff"}
    answer = anywhere.call("", b"", method=method, path=path, query=query, headers=headers)
    assert answer.status == 200
    [exchange] = recorded(anywhere)
    assert (exchange.target, exchange.request_headers) == (target, headers)
    kept = {"G\0T": r"G\x00T", "G\ud800T": r"G\ud800T"}
    assert exchange.method == kept.get(method, method)
    assert exchange.operation == target.removeprefix("/depot/").partition("?")[0]


@pytest.mark.parametrize("login", ["a\0b", "\ud800", "\x85"])
def test_no_login_can_crash_it(anywhere: House, login: str) -> None:
    assert anywhere.call("echo", headers={"x-login": login}).status == 401
    [exchange] = recorded(anywhere)
    assert exchange.findings == (Finding("unknown_login", "x-login", None, login),)


def test_bodies_are_kept_up_to_a_limit(papers: Path, open_store: OpenStore) -> None:
    here = house(open_store(), replace(SEEDED, journal=JournalLimits(body=4)))
    for body in (b"", b"123", b"1234", b"12345"):
        assert here.call("echo", body).body == body
    kept = [(each.request_body, each.response_body) for each in recorded(here)]
    assert kept == [(b"", b""), (b"123", b"123"), (b"1234", b"1234"), (b"1234", b"1234")]


@pytest.mark.parametrize("most", [0, 1, 10, SWEEP, 100])
def test_old_exchanges_are_forgotten(papers: Path, open_memory: OpenStore, most: int) -> None:
    here = house(open_memory(), replace(SEEDED, journal=JournalLimits(exchanges=most)))
    kept = []
    for number in range(1, 4 * SWEEP + 1):
        here.call("echo", str(number).encode())
        with here.sandboxes.open("default") as transaction:
            kept.append(transaction.scalars(select(func.count()).select_from(EXCHANGE)).one())
    assert max(kept) <= most + SWEEP
    assert all(rows >= min(calls, most) for calls, rows in enumerate(kept, start=1))
    last = list(range(4 * SWEEP - most + 1, 4 * SWEEP + 1))
    assert [each.number for each in recorded(here)] == last


def test_old_exchanges_are_forgotten_everywhere(papers: Path, open_store: OpenStore) -> None:
    here = house(open_store(), replace(SEEDED, journal=JournalLimits(exchanges=2)))
    for _ in range(SWEEP):
        here.call("echo")
    assert [each.number for each in recorded(here)] == [SWEEP - 1, SWEEP]


def test_by_default_a_thousand_exchanges_of_a_quarter_of_a_megabyte_are_kept() -> None:
    assert HouseRules().journal == JournalLimits(exchanges=1000, body=262144)


def test_each_sandbox_has_a_journal_of_its_own(anywhere: House) -> None:
    anywhere.sandboxes.create("other")
    anywhere.call("echo", b"hello", "other")
    assert (recorded(anywhere), recorded(anywhere, "other")) == ([], [ECHO])


def test_findings_in_a_line() -> None:
    found = [Finding("too_heavy", "weight", 3, "90"), Finding("crowded")]
    assert (told(found), told([])) == ("too_heavy at weight, crowded", "")


def test_an_answer_names_its_exchange(open_memory: OpenStore) -> None:
    here = house(open_memory(), HouseRules(seed="1"))
    here.sandboxes.create("other")
    answers = [here.call("echo"), here.call("echo"), here.call("echo", b"", "other")]
    named = [dict(answer.headers)[HEADER] for answer in answers]
    assert named == ["default/1", "default/2", "other/1"]
    assert [HEADER in dict(each.response_headers) for each in recorded(here)] == [False, False]


def test_one_exchange_is_found_by_its_number(anywhere: House) -> None:
    anywhere.call("echo", b"hello")
    with anywhere.sandboxes.open("default") as transaction:
        assert find_exchange(transaction, 1) == ECHO
        assert find_exchange(transaction, 2) is None
