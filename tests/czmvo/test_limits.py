"""800 calls in 5 minutes to an address, 400 to a client, both at once (manual 3.1)."""

from collections.abc import Callable, Iterable

import pytest

from tests.czmvo.ams import (
    BY_ALERT,
    FORM,
    LOGIN,
    MAH_SECRET,
    SECRET,
    STATES,
    Ams,
    Answer,
    basic,
    bearer,
)

V1 = {"authorization": basic(*LOGIN)}
V2 = {"authorization": basic("LOGIN2", "PASSWORD2")}
WRONG = {"authorization": basic("LOGIN", "wrong")}


def poll(ams: Ams, headers: dict[str, str | None], times: int = 1, **more: str) -> list[int]:
    """The statuses of so many calls."""
    return [ams.call("GET", "/filter/", STATES, headers, **more).status for _ in range(times)]


def refused(answer: Answer, version: str, wait: int) -> bool:
    """Whether it is a 429 as the sandbox has it: no body and no type, but the three headers."""
    assert (answer.status, answer.body, answer.version) == (429, b"", version)
    assert answer.headers["Retry-After"] == str(wait)
    assert "Content-Type" not in answer.headers
    return True


# -- as documented


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_a_poller_at_the_limit(ams: Ams, version: str) -> None:
    """The 400th call is answered, the 401st is not; 5 minutes later the client is served again."""
    headers = ams.signed(LOGIN if version == "1.0" else SECRET, version)
    rest = 400 if version == "1.0" else 399
    assert poll(ams, headers, rest) == [200] * rest
    assert refused(ams.call("GET", "/filter/", STATES, headers), version, 300)
    assert [found.code for found in ams.last().findings] == ["rate_limited"]
    assert ams.last().login == ("login" if version == "1.0" else "id")
    ams.advance(minutes=4, seconds=59)
    assert refused(ams.call("GET", "/filter/", STATES, headers), version, 1)
    ams.advance(seconds=1)
    assert poll(ams, headers, 2) == [200, 200]


def test_two_clients_behind_one_address(ams: Ams) -> None:
    """Neither has made too many calls, but both together have."""
    assert poll(ams, V1, 400) == [200] * 400
    assert poll(ams, V2, 400) == [200] * 400
    third = {"authorization": basic("MAHLOGIN", "MAHPASSWORD")}
    for headers in (third, V1, {}):
        assert refused(ams.call("GET", "/filter/", STATES, headers), "1.0", 300)
        assert ams.last().login == ""
    assert poll(ams, third, peer="10.0.0.2") == [200]
    assert poll(ams, V1, peer="10.0.0.2") == [429]
    ams.advance(minutes=5)
    assert poll(ams, third) == poll(ams, V1) == [200]


def test_an_hour_at_full_speed(ams: Ams) -> None:
    """Twelve windows, by the sandbox's clock."""
    ams.set(limit_per_client=20)
    served = 0
    for _ in range(12):
        served += poll(ams, V1, 25).count(200)
        ams.advance(minutes=5)
    assert served == 12 * 20


# -- what counts

SMALL = {"limit_per_address": 6, "limit_per_client": 4}
Call = Callable[[Ams], Answer]


def _named(ams: Ams) -> Answer:
    return ams.call("GET", "/filter/", STATES, V1)


ADDRESS_ONLY: dict[str, Call] = {
    "nobody": lambda ams: ams.call("GET", "/filter/", STATES),
    "wrong password": lambda ams: ams.call("GET", "/filter/", STATES, WRONG),
    "unknown token": lambda ams: ams.call("GET", "/filter/", STATES, bearer("x")),
    "no header": lambda ams: ams.call("GET", "/filter/", STATES, {"amscz-version": "2.0"}),
    "unknown path": lambda ams: ams.call("GET", "/alerts/x", b"", V1),
    "other method": lambda ams: ams.call("PATCH", "/alerts/", b"", V1),
    "refused token": lambda ams: ams.token_for(("id", "wrong")),
    "no token request": lambda ams: ams.call("POST", "/auth/token/", b"", FORM),
}
BOTH: dict[str, Call] = {
    "answered": _named,
    "refused": lambda ams: ams.call("GET", "/alerts/", {"list": "x"}, V1),
    "verified": lambda ams: ams.call("GET", "/alerts/", b"", V1, query="connection=verify"),
}


def statuses(ams: Ams, call: Call, times: int) -> list[bool]:
    """Whether each call was within the limits."""
    return [call(ams).status != 429 for _ in range(times)]


@pytest.mark.parametrize("what", ADDRESS_ONLY)
def test_calls_of_nobody_count_for_the_address(ams: Ams, what: str) -> None:
    """Refused or not; a client's limit needs a client."""
    ams.set(**SMALL)
    assert statuses(ams, ADDRESS_ONLY[what], 7) == [True] * 6 + [False]
    assert poll(ams, V1) == [429]
    assert poll(ams, V1, peer="10.0.0.2") == [200]


@pytest.mark.parametrize("what", BOTH)
def test_calls_of_somebody_count_for_both(ams: Ams, what: str) -> None:
    ams.set(**SMALL)
    assert statuses(ams, BOTH[what], 5) == [True] * 4 + [False]
    assert poll(ams, V2, 2) == [200, 429]
    assert poll(ams, V1, peer="10.0.0.2") == [429]


def test_a_call_beyond_the_limit_counts_for_nothing(ams: Ams) -> None:
    """A client's, though, has counted for the address before."""
    ams.set(limit_per_address=5, limit_per_client=2)
    assert poll(ams, V1, 4) == [200, 200, 429, 429]
    assert poll(ams, V2, 2) == [200, 429]


def test_token_requests_count_for_the_client(ams: Ams) -> None:
    ams.set(**SMALL)
    headers = ams.signed(SECRET)
    assert statuses(ams, lambda ams: ams.token_for(SECRET), 2) == [True, True]
    assert poll(ams, headers, 2) == [200, 429]
    refusal = ams.token_for(SECRET, **{"x-nothing": ""})
    assert refused(refusal, "2.1", 300)
    assert ams.token_for(MAH_SECRET, **{"x-nothing": ""}).status == 429


def test_a_client_is_a_login_of_any_version(ams: Ams) -> None:
    """Credentials of an alert have one name in both, and in any letters."""
    ams.set(limit_per_client=4)
    first = {"authorization": basic(*BY_ALERT)}
    upper = {"authorization": basic(BY_ALERT[0].lower(), BY_ALERT[1])}
    assert poll(ams, first) + poll(ams, upper) == [200, 200]
    assert poll(ams, ams.signed(BY_ALERT)) == [200]
    assert poll(ams, first) == [429]
    other = ("CZ-KSR-RLB-6MF-E8C-8RT", BY_ALERT[1])
    assert poll(ams, {"authorization": basic(*other)}) == [200]


def test_environments_count_apart(ams: Ams) -> None:
    ams.set(limit_per_address=1)
    for path in ("/alerts/", "/t/alerts/", "/beta/alerts/"):
        assert [ams.call("GET", path).status for _ in range(2)] == [401, 429]


def test_sandboxes_count_apart(ams: Ams) -> None:
    ams.set(limit_per_address=1)
    assert poll(ams, V1, 2) == [200, 429]
    ams.house.sandboxes.create(f"{ams.name}-b")
    assert poll(Ams(ams.house, f"{ams.name}-b"), V1) == [200]
    ams.house.sandboxes.drop(f"{ams.name}-b")


# -- settings


def waits(ams: Ams, seconds: Iterable[int]) -> list[str]:
    """One call at each of these seconds after the first: 200, or how long to wait."""
    told = []
    since = 0
    for second in seconds:
        ams.advance(seconds=second - since)
        since = second
        answer = ams.call("GET", "/filter/", STATES, V1)
        told.append(answer.headers.get("Retry-After", str(answer.status)))
    return told


@pytest.mark.parametrize(
    ("window", "told"),
    [
        # Two in 300 s. Fixed: the window of the first call ends at 300, and the next begins then.
        ("fixed", ["200", "200", "10", "200", "200", "295"]),
        # Sliding: the calls at 0 and 280 are in the way of those at 290 and 305.
        ("sliding", ["200", "200", "10", "200", "275", "275"]),
    ],
)
def test_windows(ams: Ams, window: str, told: list[str]) -> None:
    ams.set(limit_window=window, limit_per_client=2)
    assert waits(ams, [0, 280, 290, 300, 305, 305]) == told


@pytest.mark.parametrize("window", ["fixed", "sliding"])
def test_the_window_is_a_setting(ams: Ams, window: str) -> None:
    ams.set(limit_window=window, limit_per_client=1, limit_window_seconds=60)
    assert waits(ams, [0, 1, 59, 60]) == ["200", "59", "1", "200"]


def test_parts_of_a_second_are_waited_out(ams: Ams) -> None:
    ams.set(limit_per_client=1)
    assert poll(ams, V1) == [200]
    ams.advance(seconds=299.5)
    assert refused(ams.call("GET", "/filter/", STATES, V1), "1.0", 1)


def test_nobody_is_told_when_to_come_again(ams: Ams) -> None:
    ams.set(limit_per_client=1, retry_after=False)
    assert poll(ams, V1) == [200]
    answer = ams.call("GET", "/filter/", STATES, V1)
    assert (answer.status, answer.headers.get("Retry-After")) == (429, None)


@pytest.mark.parametrize(
    ("header", "told", "counted"),
    [
        ("", {"x-forwarded-for": "10.0.0.9"}, True),
        ("X-Forwarded-For", {"x-forwarded-for": "10.0.0.9"}, False),
        ("X-Forwarded-For", {"x-forwarded-for": " 10.0.0.9 , 127.0.0.1"}, False),
        ("X-Forwarded-For", {"x-forwarded-for": ""}, True),
        ("X-Forwarded-For", {"x-forwarded-for": " ,10.0.0.9"}, True),
        ("X-Forwarded-For", {}, True),
    ],
)
def test_the_address_behind_a_proxy(
    ams: Ams, header: str, told: dict[str, str], counted: bool
) -> None:
    """Whether a call counts for the address of the connection."""
    ams.set(address_header=header, limit_per_address=1)
    assert poll(ams, V1) == [200]
    assert poll(ams, {**V1, **told}) == [429 if counted else 200]


def test_a_lower_limit_holds_at_once(ams: Ams) -> None:
    assert poll(ams, V1, 3) == [200] * 3
    ams.set(limit_per_client=3)
    assert poll(ams, V1) == [429]
    ams.set(limit_per_client=4)
    assert poll(ams, V1, 2) == [200, 429]
