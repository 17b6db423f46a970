"""Replaying: what holds, what fails and how that is told, what is skipped where."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from podatelna.app import Config, House
from podatelna.kernel.contract import Contract
from podatelna.kernel.exchange import Delivery, Request, Response
from podatelna.kernel.replay.answers import http_differences
from podatelna.kernel.replay.comparison import call_differences
from podatelna.kernel.replay.difference import (
    Difference,
    contains,
    shown,
    unequal_texts,
)
from podatelna.kernel.replay.line import BrokenError, Incoming, Line, Outgoing
from podatelna.kernel.replay.replay import Audience, Failure, Result, journal_line, replay
from podatelna.kernel.replay.target import Sandbox, Target, TargetError
from podatelna.kernel.replay.words import vocabulary
from podatelna.kernel.scenario.expectation import CallExpectation, HttpExpectation
from podatelna.kernel.scenario.file import ScenarioFile, load_scenario
from podatelna.kernel.scenario.vocabulary import Credentials, Vocabulary
from podatelna.kernel.server import Server

ERRORS = Contract("ubyport").errors
HEAD = "title: x\nagency: ubyport\n"
MONDAY = "given: {clock: 2026-03-02T08:00:00Z}\n"
FILE = "call: ubyport.file_guests, with: {want_pdf: false}"

INN = """\
title: An inn
ubyport:
  production:
    facilities:
      - {idub: "7", abbreviation: INN, name: Hospoda, contact: x@y.example, district: Praha,
         town: Praha, street: Krátká, house_number: "1", postal_code: "11000"}
    accounts:
      - {login: host, password: x, idub: "7"}
"""

Load = Callable[[str], ScenarioFile]


@pytest.fixture(scope="module")
def audience() -> Iterator[Audience]:
    """A house of this file's own, behind a port."""
    with closing(House(Config(seed="test"))) as house, Server(house.handle) as server:
        yield Audience(Target(server.url), vocabulary(house.agencies), steerable=True)


@pytest.fixture
def load(tmp_path: Path, audience: Audience) -> Load:
    def load(text: str) -> ScenarioFile:
        path = tmp_path / "x.yaml"
        path.write_text(HEAD + text, "utf-8")
        return load_scenario(path, audience.vocabulary)

    return load


def failure_of(result: Result) -> Failure:
    assert result.failure is not None
    return result.failure


def sandboxes(target: Target) -> list[str]:
    return [about["name"] for about in target.ask("GET", "/sandboxes")]


# -- against a house


def test_steps_follow_each_other_in_a_sandbox_that_is_dropped_at_the_end(
    load: Load, audience: Audience, tmp_path: Path
) -> None:
    (tmp_path / "guests.unl").write_bytes(
        "A|2|123456789012|VODPO|Hotel Pošta|tel: 261 197 135|Strakonice|Vodňany|Vodňany I|Alešova"
        "|26||38901|2026.03.02 09:00:00||\r\n"
        "U|02.03.2026|03.03.2026|SAMPLE|ANNA||14.03.1985|||AUT||P0000001|||10||\r\n".encode(
            "cp1250"
        )
    )
    file = load(
        """\
given:
  clock: 2026-03-02T08:00:00Z
  settings: {max_list_length: 2}
  defaults: {guest: {surname: Example}}
steps:
  - call: ubyport.max_list_length
    expect: {value: 2}
  - call: ubyport.file_batch
    with: {guests: 3}
    expect: {fault: guest_list_too_long}
  - settings: {max_list_length: 3}
  - call: ubyport.file_batch
    with: {guests: 3, want_pdf: false}
    expect:
      {errors: [[], [], []], header: [], accepted: 3, refused: 0, duplicates: 0, receipt: false,
       error_receipt: false, stamp: true}
  - advance: 7d
  - call: ubyport.file_guests
    with: {guest: {arrival: 2026-03-02, document_number: X}, want_pdf: false}
    expect: {errors: [[reported_late, document_number_wrong]], accepted: 0, refused: 1}
    repeat: 2
  - clock: 2026-03-03T08:00:00Z
  - import: {file: guests.unl, login: ub0000002}
    expect: {json: {accepted: 1, refused: 0, records: [[]]}}
  - disrupt: {kind: status, code: 503, operation: TestDostupnosti}
  - call: ubyport.available
    expect: {outcome: unknown}
  - reset: true
  - call: ubyport.max_list_length
    expect: {value: 2}
  - call: ubyport.countries
    expect: {rows: 256, row: {code3: AFG, number: 104, english_name: Afghanistan}}
  - http: {method: GET, path: /ws_uby/ws_uby.svc}
    expect: {status: 401, headers: {WWW-Authenticate: NTLM, X-Nothing: null}, empty: false}
"""
    )
    result = replay(file, audience)
    assert result == Result(file, result.seconds, len(file.scenario.steps))
    assert sandboxes(audience.target) == ["default"]


def test_a_failure_tells_the_step_both_sides_and_the_journal(
    load: Load, audience: Audience
) -> None:
    file = load(
        MONDAY
        + """\
steps:
  - call: ubyport.available
  - call: ubyport.file_guests
    with: {guest: {nationality: D}, want_pdf: false}
    expect: {errors: [[]], accepted: 1}
  - call: ubyport.available
"""
    )
    result = replay(file, audience)
    assert result.performed == 1
    assert result.failure == Failure(
        "call ubyport.file_guests",
        6,
        (
            Difference("errors", "[[]]", "[[nationality_wrong]]"),
            Difference("accepted", "1", "0"),
        ),
        failure_of(result).journal,
    )
    assert failure_of(result).journal.endswith(
        "POST /ws_uby/ws_uby.svc ZapisUbytovane by uby-ws000001: HTTP 200; nationality_wrong at"
        " Seznam/Ubytovani/Ubytovany[1]/cNati of record 0 (D)"
    )
    assert sandboxes(audience.target) == ["default"]


def test_a_repeated_step_says_which_time_failed(load: Load, audience: Audience) -> None:
    file = load(MONDAY + f"steps:\n  - {{{FILE}, repeat: 3, expect: {{duplicates: 0}}}}\n")
    [difference] = failure_of(replay(file, audience)).differences
    assert difference == Difference("duplicates (time 2)", "0", "1")


def test_an_unused_disruption_fails(load: Load, audience: Audience) -> None:
    given = "given: {disruptions: [{kind: reset, operation: ZapisUbytovane, times: 2}]}\n"
    lost = f"  - {{{FILE}, expect: {{outcome: unknown}}}}\n"
    result = replay(load(given + "steps:\n" + lost), audience)
    wanted = Difference(
        "disruption reset after ZapisUbytovane",
        "every planned call meets it",
        "1 met it, 1 more were planned",
    )
    assert (result.performed, failure_of(result).doing) == (1, "at the end")
    assert failure_of(result).differences == (wanted,)
    assert failure_of(result).journal.endswith("disruption reset after the agency acted")
    reset = replay(load(given + "steps:\n" + lost + "  - reset: true\n"), audience)
    assert (reset.performed, failure_of(reset).doing) == (1, "reset")
    assert failure_of(reset).differences == (wanted,)
    assert replay(load(given + "steps:\n" + lost + lost), audience).failure is None


def test_a_request_whose_connection_breaks(load: Load, audience: Audience) -> None:
    given = "given: {disruptions: [{kind: empty, moment: before, times: 2}]}\n"
    get = "  - http: {path: /ws_uby/ws_uby.svc}\n    expect: {%s}\n"
    file = load(given + "steps:\n" + get % "outcome: unknown" + get % "status: 401")
    result = replay(file, audience)
    [difference] = failure_of(result).differences
    assert (result.performed, difference.what, difference.expected) == (1, "outcome", "an answer")
    assert difference.received.startswith("unknown (no whole answer: RemoteDisconnected")


def test_a_caller_who_does_not_wait(load: Load, audience: Audience) -> None:
    given = "given: {disruptions: [{kind: delay, seconds: 60, moment: before}]}\n"
    step = "  - http: {path: /ws_uby/ws_uby.svc}\n    timeout: 0.05\n"
    result = replay(load(given + "steps:\n" + step + "    expect: {outcome: unknown}\n"), audience)
    assert result.failure is None


def test_a_world_beside_the_scenario(load: Load, audience: Audience, tmp_path: Path) -> None:
    (tmp_path / "inn.yaml").write_text(INN, "utf-8")
    file = load(
        "given: {world: ./inn.yaml, clock: 2026-03-02T08:00:00Z}\n"
        f"steps: [{{{FILE}, as: host, expect: {{header: [], accepted: 1}}}}, {{reset: true}}]\n"
    )
    why = "needs a server of its own for given.world: leave --target out"
    result = replay(file, audience)
    assert result == Result(file, result.seconds, 0, skipped=why)
    houses: list[Path] = []
    with ExitStack() as stack:

        def own(world: Path) -> Target:
            houses.append(world)
            house = stack.enter_context(closing(House(Config(world=world))))
            return Target(stack.enter_context(Server(house.handle)).url)

        result = replay(file, replace(audience, own_world=own))
    assert result == Result(file, result.seconds, 2)
    assert houses == [tmp_path / "inn.yaml"]


def test_the_admin_api_says_why_it_refuses(audience: Audience) -> None:
    with pytest.raises(TargetError) as refused:
        Sandbox(audience.target, "gone").advance("5m")
    assert str(refused.value).startswith("There is no sandbox called gone.: ")


# -- against something else


@pytest.fixture
def stranger() -> Iterator[tuple[Target, list[Request]]]:
    """A server without admin API, and what it was asked for the agency."""
    asked: list[Request] = []

    def handle(request: Request) -> Response:
        if not request.path.startswith("/_podatelna"):
            asked.append(request)
        return Response(404, b"<html/>", (("Content-Type", "text/html"),))

    with Server(handle) as server:
        yield Target(server.url), asked


Other = Callable[[Target], Audience]


@pytest.fixture
def other(audience: Audience) -> Other:
    return lambda target: Audience(target, audience.vocabulary, steerable=target.is_sandbox())


def test_without_admin_api_the_scenario_goes_as_far_as_it_can(
    load: Load, other: Other, stranger: tuple[Target, list[Request]]
) -> None:
    target, asked = stranger
    file = load(
        """\
steps:
  - http: {path: /ws_uby/ws_uby.svc?singleWsdl}
    expect: {status: 404}
  - advance: 5m
  - http: {path: /ws_uby/ws_uby.svc}
"""
    )
    result = replay(file, other(target))
    why = "from step 2: advance needs a sandbox"
    assert result == Result(file, result.seconds, 1, skipped=why)
    assert [(request.path, request.query) for request in asked] == [
        ("/ws_uby/ws_uby.svc", "singleWsdl")
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (MONDAY + f"steps: [{{{FILE}}}]\n", "needs a sandbox for given.clock"),
        (f"steps: [{{{FILE}}}]\n", "from step 1: call ubyport.file_guests needs a login"),
        (
            f"steps: [{{{FILE}, as: uby-ws000001}}]\n",
            "from step 1: call ubyport.file_guests is made by an account of the sandbox",
        ),
        (
            "steps: [{http: {path: /x, as: uby-ws000001}}]\n",
            "from step 1: GET /x is made by an account of the sandbox",
        ),
    ],
)
def test_what_needs_a_sandbox_is_skipped(
    load: Load, other: Other, stranger: tuple[Target, list[Request]], text: str, why: str
) -> None:
    target, asked = stranger
    file = load(text)
    result = replay(file, other(target))
    assert (result, asked) == (Result(file, result.seconds, 0, skipped=why), [])


def test_with_a_login_calls_are_made_there(
    load: Load, other: Other, stranger: tuple[Target, list[Request]]
) -> None:
    target, asked = stranger
    account = Credentials("test", "uby-tws99999", "secret")
    file = load("steps:\n  - call: ubyport.available\n    expect: {refused: not_found}\n")
    result = replay(file, replace(other(target), stranger=account))
    assert result == Result(file, result.seconds, 1)
    assert {request.path for request in asked} == {"/ws_uby_test/ws_uby.svc"}


def test_a_target_that_is_not_there_is_told() -> None:
    with Server(lambda _: Response(200)) as server:
        target = Target(server.url)
        assert not target.is_sandbox()
    with pytest.raises(TargetError) as refused:
        target.is_sandbox()
    assert str(refused.value).startswith(f"{target.url}: no connection: ")


@pytest.mark.parametrize("url", ["127.0.0.1:8420", "ftp://127.0.0.1", "http://", ""])
def test_what_is_no_address_is_told(url: str) -> None:
    with pytest.raises(TargetError) as refused:
        Target(url).is_sandbox()
    assert str(refused.value) == f"{url}: an address begins with http:// or https://"


def test_the_admin_token_is_sent_and_missed(audience: Audience) -> None:
    with closing(House(Config(admin_token="open"))) as house, Server(house.handle) as server:
        assert sandboxes(Target(server.url, "open")) == ["default"]
        with pytest.raises(TargetError) as refused:
            sandboxes(Target(server.url))
    assert str(refused.value).startswith("Token missing: ")


def test_a_scenario_whose_sandbox_cannot_be_made_fails(load: Load, audience: Audience) -> None:
    with closing(House(Config(admin_token="open"))) as house, Server(house.handle) as server:
        result = replay(
            load(f"steps: [{{{FILE}}}]\n"), replace(audience, target=Target(server.url))
        )
    assert (result.performed, failure_of(result).doing) == (0, "preparing the sandbox")


# -- comparing


ANSWER: dict[str, Any] = {
    "kind": "answer",
    "codes": {"errors": [[112, 106], []], "header": [207, 8, 999]},
    "values": {"accepted": 1, "receipt": True, "rows": [{"code": "00", "text": "x"}]},
}
FAULT = {
    "kind": "fault",
    "faultcode": "s:Chyba běhu programu",
    "faultstring": "Seznam ubytovaných překračuje maximální délku 32",
    "reason": "too long",
}
REFUSED = {"kind": "refused", "status": 401, "reason": "HTTP 401"}
LOST = {"kind": "unknown", "reason": "cut"}


def compared(expect: dict[str, Any] | None, outcome: dict[str, Any]) -> list[Difference]:
    wanted = None if expect is None else CallExpectation.model_validate(expect)
    return list(call_differences(wanted, outcome, ERRORS))


@pytest.mark.parametrize(
    ("expect", "outcome"),
    [
        (None, ANSWER),
        ({"errors": [["reported_late", "document_number_wrong"], []]}, ANSWER),
        # The numbers 207 and 8 belong to the two numberings of the header.
        ({"header": ["header_district_wrong", "header_town_wrong", "number 999"]}, ANSWER),
        ({"accepted": 1, "receipt": True, "rows": 1, "row": {"code": "00"}}, ANSWER),
        ({"fault": "guest_list_too_long"}, FAULT),
        ({"refused": "unauthorized"}, REFUSED),
        ({"error": "unauthorized"}, REFUSED),
        ({"outcome": "unknown"}, LOST),
    ],
)
def test_what_is_as_expected(expect: dict[str, Any] | None, outcome: dict[str, Any]) -> None:
    assert compared(expect, outcome) == []


@pytest.mark.parametrize(
    ("expect", "outcome", "difference"),
    [
        (None, LOST, Difference("outcome", "an answer", "unknown (cut)")),
        (
            {"accepted": 1},
            FAULT,
            Difference("outcome", "an answer", "fault guest_list_too_long (too long)"),
        ),
        ({"accepted": 2}, ANSWER, Difference("accepted", "2", "1")),
        (
            {"errors": [["reported_late"], []]},
            ANSWER,
            Difference(
                "errors", "[[reported_late], []]", "[[reported_late, document_number_wrong], []]"
            ),
        ),
        ({"rows": 2}, ANSWER, Difference("rows", "2", "1")),
        (
            {"row": {"code": "00", "text": "y"}},
            ANSWER,
            Difference(
                "row", "{code: '00', text: y}", "no such row; the nearest is {code: '00', text: x}"
            ),
        ),
        (
            {"fault": "guest_list_empty"},
            FAULT,
            Difference(
                "outcome",
                "fault guest_list_empty (s:Chyba běhu programu: Seznam ubytovaných je prázdný)",
                "fault guest_list_too_long (too long)",
            ),
        ),
        (
            {"fault": "guest_list_empty"},
            FAULT | {"faultstring": "x"},
            Difference(
                "outcome",
                "fault guest_list_empty (s:Chyba běhu programu: Seznam ubytovaných je prázdný)",
                "fault no known one (too long)",
            ),
        ),
        (
            {"refused": "not_found"},
            REFUSED,
            Difference(
                "outcome", "refused: not_found (HTTP 404)", "refused unauthorized (HTTP 401)"
            ),
        ),
        ({"outcome": "unreachable"}, ANSWER, Difference("outcome", "unreachable", "an answer")),
    ],
)
def test_what_is_not_as_expected(
    expect: dict[str, Any] | None, outcome: dict[str, Any], difference: Difference
) -> None:
    assert compared(expect, outcome) == [difference]


CRASH = ERRORS["internal_service_fault"].text
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
DISPATCHER = "http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher"


def soap(body: str, status: int = 200) -> Incoming:
    text = f'<s:Envelope xmlns:s="{SOAP}"><s:Body>{body}</s:Body></s:Envelope>'
    return Incoming(status, (("Server", "x"), ("Set", "a"), ("set", "b")), text.encode())


def fault(namespace: str, status: int = 500) -> Incoming:
    return soap(
        f'<s:Fault><faultcode xmlns:a="{namespace}">a:InternalServiceFault</faultcode>'
        f"<faultstring>{CRASH.replace('<', '&lt;')}</faultstring></s:Fault>",
        status,
    )


PLAIN = soap("<a>1<b>2</b><!-- no text --></a><a/>")


@pytest.mark.parametrize(
    ("expect", "answer", "differences"),
    [
        ({"status": 200, "headers": {"SERVER": "x", "Set": "a, b", "X": None}}, PLAIN, []),
        (
            {"xpath": {"//a": ["12", ""], "//b": 2, "//c": None, "count(//a)": 2, "//b = 2": True}},
            PLAIN,
            [],
        ),
        ({"fault": "internal_service_fault"}, fault(DISPATCHER), []),
        ({"status": 500}, PLAIN, [Difference("status", "500", "200")]),
        (
            {"headers": {"Server": None, "X": "y"}},
            PLAIN,
            [
                Difference("header Server", "no such header", "x"),
                Difference("header X", "y", "no such header"),
            ],
        ),
        (
            {"empty": True},
            Incoming(200, (), b"xy"),
            [Difference("body", "an empty body", "2 bytes")],
        ),
        ({"empty": False}, Incoming(200, (), b""), [Difference("body", "a body", "0 bytes")]),
        ({"body": "a"}, Incoming(200, (), b"b"), [Difference("body", "'a'", "'b'")]),
        (
            {"xpath": {"//a": 1, "//c": "x"}},
            PLAIN,
            [Difference("//a", "1", "['12', '']"), Difference("//c", "x", "null")],
        ),
        (
            {"xpath": {"//a": 1}},
            Incoming(200, (), b""),
            [Difference("//a", "1", "no XML: an empty body")],
        ),
        (
            {"fault": "internal_service_fault"},
            fault("urn:other"),
            [
                Difference(
                    "fault",
                    "internal_service_fault",
                    f"none known (a:InternalServiceFault: {CRASH[:200]}...)",
                )
            ],
        ),
        (
            {"fault": "must_understand"},
            fault(DISPATCHER, 200),
            [
                Difference("status", "500", "200"),
                Difference(
                    "fault",
                    "must_understand",
                    f"internal_service_fault (a:InternalServiceFault: {CRASH[:200]}...)",
                ),
            ],
        ),
        (
            {"fault": "null_reference"},
            Incoming(500, (), b"<html/>"),
            [Difference("fault", "null_reference", "no fault: '<html/>'")],
        ),
        (
            {"outcome": "unknown"},
            PLAIN,
            [Difference("outcome", "unknown", "an answer with HTTP 200")],
        ),
    ],
)
def test_answers_over_http(
    audience: Audience, expect: dict[str, Any], answer: Incoming, differences: list[Difference]
) -> None:
    wanted = HttpExpectation.model_validate(expect)
    words = audience.vocabulary.agencies["ubyport"]
    assert list(http_differences(wanted, answer, words)) == differences


def test_long_texts_are_shown_from_where_they_part() -> None:
    one, other = "a" * 300 + "b", "a" * 300 + "c"
    assert list(unequal_texts("body", one, other)) == [
        Difference(
            "body", f"from character 250: '{'a' * 50}b'", f"from character 250: '{'a' * 50}c'"
        )
    ]


@pytest.mark.parametrize(
    ("whole", "part", "does"),
    [
        ({"a": 1, "b": 2}, {"a": 1}, True),
        ({"a": [{"b": 1, "c": 2}]}, {"a": [{"b": 1}]}, True),
        ({"a": [1, 2]}, {"a": [1]}, False),
        ({"a": True}, {"a": 1}, False),
        ({}, {"a": None}, False),
        ([], {}, False),
    ],
)
def test_what_contains_what(whole: object, part: object, does: bool) -> None:
    assert contains(whole, part) is does


def test_values_are_shown_as_a_scenario_writes_them() -> None:
    assert [shown(value) for value in (True, None, "x", "5", ["x", []], {"a": "ř"})] == [
        "true",
        "null",
        "x",
        "'5'",
        "[x, []]",
        "{a: ř}",
    ]


def test_an_exchange_in_one_line() -> None:
    exchange = {
        "number": 3,
        "method": "GET",
        "target": "/x",
        "operation": "",
        "login": "",
        "status": 415,
        "findings": [{"code": "unsupported", "at": "", "record": None, "received": ""}],
        "notes": ["skipped a: unknown"],
    }
    assert journal_line(exchange) == "#3 GET /x: HTTP 415; unsupported; skipped a: unknown"


# -- the line


def test_a_request_goes_out_as_it_is_written() -> None:
    received: list[Request] = []

    def handle(request: Request) -> Response:
        received.append(request)
        return Response(200, b"", (("X", "1"), ("x", "2")))

    with Server(handle) as server, Line(server.url + "/s/one") as line:
        answer = line.send(Outgoing("PUT", "/a?b", {"X-Word": "ř"}, b"body"))
        line.send(Outgoing("GET", "/", {"Host": "elsewhere"}))
        host = server.url.removeprefix("http://")
    assert answer.header("X") == "1, 2"
    first, second = received
    assert (first.method, first.path, first.query, first.body) == ("PUT", "/s/one/a", "b", b"body")
    assert dict(first.headers) == {
        "host": host,
        "x-word": "ř".encode().decode("latin-1"),
        "content-length": "4",
    }
    assert dict(second.headers) == {"host": "elsewhere"}


@pytest.mark.parametrize(
    ("request_", "kind"),
    [
        (Outgoing("GET", "/cut"), "unknown"),
        (Outgoing("GET", "/two words"), "invalid"),
        (Outgoing("GET", "/ř"), "invalid"),
    ],
)
def test_no_whole_answer(request_: Outgoing, kind: str) -> None:
    cut = Response(200, b"12345", delivery=Delivery(cut_after_bytes=2))
    with (
        Server(lambda _: cut) as server,
        Line(server.url) as line,
        pytest.raises(BrokenError) as broken,
    ):
        line.send(request_)
    assert broken.value.kind == kind


def test_names_are_gathered_from_contract_world_and_client(audience: Audience) -> None:
    words: Vocabulary = audience.vocabulary
    ubyport = words.agencies["ubyport"]
    assert "default" in words.worlds
    assert words.accounts("default", "ubyport")[0].login == "uby-ws000001"
    assert (ubyport.kinds, ubyport.code_of(b"<html/>")) == ((), None)
    assert ubyport.operations == [
        "TestDostupnosti",
        "MaximalniDelkaSeznamu",
        "DejMiCiselnik",
        "ZapisUbytovane",
    ]
