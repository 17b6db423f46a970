"""Whether the calls that were to be made were made."""

from dataclasses import replace

import pytest

from podatelna.kernel.journal import Exchange
from podatelna.kernel.rules import Finding
from podatelna.kernel.verification import ANY, Expected, Pattern, Unmet, verify

ASKED = Exchange(
    number=1,
    at="2026-03-02T08:00:00+00:00",
    agency="depot",
    operation="ask",
    login="Porter",
    method="GET",
    target="/depot/ask?a=1",
    request_headers={},
    request_body=b"",
    status=200,
    response_headers=(),
    response_body=b"",
    findings=(),
    notes=(),
    delivery={},
)
STORED = replace(ASKED, number=2, operation="store", method="POST", target="/depot/store")
REFUSED = replace(STORED, number=3, status=401, findings=(Finding("unknown_login"),))
CALLS = [ASKED, STORED, REFUSED]
ASK, STORE = Pattern(operation="ask"), Pattern(operation="store")


@pytest.mark.parametrize(
    ("pattern", "meant"),
    [
        (ANY, [1, 2, 3]),
        (Pattern(agency="depot"), [1, 2, 3]),
        (Pattern(agency="shop"), []),
        (Pattern(operation="store"), [2, 3]),
        (Pattern(login="PORTER"), [1, 2, 3]),
        (Pattern(login="porte"), []),
        (Pattern(method="GET"), [1]),
        (Pattern(path="/depot/s"), [2, 3]),
        (Pattern(path="depot"), []),
        (Pattern(status=401), [3]),
        (Pattern(finding="unknown_login"), [3]),
        (Pattern(finding="unknown"), []),
        (Pattern(operation="store", status=200), [2]),
    ],
    ids=str,
)
def test_what_a_pattern_means(pattern: Pattern, meant: list[int]) -> None:
    assert [call.number for call in CALLS if pattern.means(call)] == meant


@pytest.mark.parametrize(
    ("expected", "unmet"),
    [
        (Expected(ASK), []),
        (Expected(STORE, 2, 2), []),
        (Expected(STORE, 2, None), []),
        (Expected(STORE, 0, 2), []),
        (Expected(Pattern(operation="drop"), 0, 0), []),
        (Expected(STORE), [Unmet(0, "expected 1, made 2")]),
        (Expected(STORE, 0, 0), [Unmet(0, "expected 0, made 2")]),
        (
            Expected(ASK, 2, None),
            [Unmet(0, "expected at least 2, made 1", 3, {"operation": ("ask", "store")})],
        ),
        (
            Expected(Pattern(operation="store", status=500), 1, 3),
            [Unmet(0, "expected 1 to 3, made 0", 3, {"status": (500, 401)})],
        ),
        (
            Expected(Pattern(operation="ask", finding="too_late")),
            [Unmet(0, "expected 1, made 0", 1, {"finding": ("too_late", [])})],
        ),
    ],
    ids=str,
)
def test_how_often(expected: Expected, unmet: list[Unmet]) -> None:
    assert verify(CALLS, [expected]) == unmet


def test_without_any_call_nothing_is_near() -> None:
    assert verify([], [Expected(ASK)]) == [Unmet(0, "expected 1, made 0")]


def test_in_order() -> None:
    forth = [Expected(ASK), Expected(STORE, 2, 2)]
    assert verify(CALLS, forth, ordered=True) == []
    assert verify(CALLS, forth[::-1]) == []
    why = "made, but not after exchange 2"
    assert verify(CALLS, forth[::-1], ordered=True) == [Unmet(1, why, 1)]


def test_order_is_not_looked_at_while_calls_are_missing() -> None:
    expected = [Expected(STORE, 2, 2), Expected(Pattern(operation="drop")), Expected(ASK)]
    differs = {"operation": ("drop", "store")}
    assert verify(CALLS, expected, ordered=True) == [Unmet(1, "expected 1, made 0", 3, differs)]


def test_nothing_else() -> None:
    assert verify(CALLS, [Expected(ASK), Expected(STORE, 2, 2)], complete=True) == []
    assert verify(CALLS, [Expected(ASK)], complete=True) == [
        Unmet(-1, "nobody expected POST /depot/store", 2),
        Unmet(-1, "nobody expected POST /depot/store", 3),
    ]
