"""What the machine draws: who calls and how, what of, and how a sandbox is set."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from hypothesis import strategies as st

from tests.czmvo.machine.calls import LINES
from tests.czmvo.machine.world import ALL_LOGINS, L1, L3, LOGINS, RAISED, UNKNOWN, UPRCS

T = TypeVar("T")


@dataclass(frozen=True)
class Person:
    """Credentials and the version that they are used in."""

    environment: str
    pair: tuple[str, str]
    version: str


@dataclass(frozen=True)
class Style:
    """How somebody calls."""

    language: str = "cs"
    in_url: bool = False
    as_csv: bool = False
    peer: str = "192.0.2.1"
    renews: bool = True
    """Asks for a new token if the old one has expired."""


@dataclass(frozen=True)
class Manner:
    """Who calls, and how."""

    person: Person
    style: Style


_STYLES = [
    *[Style()] * 4,
    *[Style(in_url=True)] * 2,
    Style(language="en"),
    Style(language="cs-CZ", in_url=True, renews=False),
    Style(as_csv=True, in_url=True),
    Style(as_csv=True, language="en"),
    *[Style(peer="192.0.2.2")] * 2,
]


def _people() -> list[Person]:
    """Everybody who can sign in, in versions that they can sign in to."""
    found = []
    for login in ALL_LOGINS:
        versions = {"account": ["1.0", ""], "client": ["2.1", "2.0"], "developer": ["1.0", "2.1"]}
        for version in versions[login.kind]:
            person = Person(login.environment, (login.login, login.secret), version)
            weight = 4 if login.party in ("m1", "e1") and login.environment == "production" else 1
            found += [person] * weight
    return found


_BOUND = [
    Person(environment, pair, version)
    for environment, version in (("production", "1.0"), ("production", "2.1"), ("test", "2.0"))
    for pair in ((UPRCS[0], L1), (UPRCS[3], L3.upper()), (RAISED[0], L1), (L1, L1))
]
_STRANGERS = [
    Person("production", ("nobody", "x"), "1.0"),
    Person("production", (LOGINS[0].login, "wrong"), "1.0"),
    Person("production", (LOGINS[0].login, LOGINS[0].secret), "2.1"),
    Person("test", (LOGINS[1].login, LOGINS[1].secret), "2.1"),
    Person("production", (UPRCS[0], L3), "2.1"),
    Person("production", (UNKNOWN, L1), "1.0"),
]


def _any(items: Sequence[T]) -> st.SearchStrategy[T]:
    """As sampled_from, but hypothesis does not write all of a long list into its notes."""
    return st.integers(0, len(items) - 1).map(lambda index: items[index])


def _manners(people: list[Person]) -> st.SearchStrategy[Manner]:
    return _any([Manner(person, style) for person in people for style in _STYLES])


known = _manners(_people())
anybody = _manners([*_people(), *_BOUND, *_STRANGERS])

STEPS = [
    *(timedelta(seconds=seconds) for seconds in (1, 60, 299, 300, 1799, 1800)),
    *(timedelta(hours=hours) for hours in (1, 16, 24, 48)),
    *(timedelta(days=days) for days in (5, 14, 90, 365)),
]
steps = st.sampled_from(STEPS)


@dataclass(frozen=True)
class Choice:
    """An alert, or a message: mostly of those that the caller can see."""

    index: int
    scope: str
    """own, any or none."""


choices = _any(
    [Choice(index, scope) for scope in ["own"] * 8 + ["any", "any", "none"] for index in range(20)]
)
own = _any([Choice(index, "own") for index in range(20)])
flags = st.sampled_from([None, None, True, False])
rarely = st.sampled_from([None] * 5 + [True, False])


def _given(**values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Parameters, without those that are None. A final underscore is for Python's sake."""
    return st.fixed_dictionaries(values).map(
        lambda drawn: {name.strip("_"): each for name, each in drawn.items() if each is not None}
    )


# -- questions

moments = st.sampled_from(
    [
        *[None] * 4,
        "2026-03-01 08:00:00",
        "2026-02-20 08:00:00",
        "2025-03-03 08:00:00",
        "2026-03-02 08:00:00",
        "2027-01-01 00:00:00",
        "2026-02-30 00:00:00",
    ]
)
filters = _given(
    latest=flags,
    createdFrom=moments,
    createdTo=moments,
    changedFrom=moments,
    state=st.sampled_from([*[None] * 6, 1, 5, 10, 11, "3", 99]),
    page=st.sampled_from([*[None] * 6, 1, 2, 3, -1, 0, "2", 99, "x", 2**31]),
)
sides = st.sampled_from([None, *["mah", "enduser"] * 4, "nool", "x", 1])
code_lists = st.sampled_from(
    ["enumState", "enumRequest", "enumReopenReason", "enumTypeState", "nothing", ""]
)
level_3 = _given(
    list=st.sampled_from(["alcounter", "alalerts"]),
    location=st.sampled_from([L1, L1, L3, "00000000-0000-4000-8000-000000000000", None]),
    from_=st.sampled_from([None, 2, "3", "x"]),
)

# -- messages, states, notes

texts = st.sampled_from([*["test", "Re: info", "Žluťoučký/\\\"'\u2028 kůň 💊", "0"] * 3, None, ""])
requests = st.sampled_from([None] * 12 + [1, 1, 1, 2, 101, 101, 101, 99])
"""Canned messages of both roles, and one that there is not."""
files: st.SearchStrategy[dict[str, str]] = _any(
    [
        *[{}] * 6,
        *(
            {"file": b64encode(b"%PDF-1.7").decode(), "filename": name}
            for name in ("a.pdf", "B.TXT", "c.exe", "d", "")
        ),
        {"file": b64encode(b"x" * 65).decode(), "filename": "large.png"},
        {"file": "a===", "filename": "bad.pdf"},
        {"filename": "lost.pdf"},
    ]
)
groups: st.SearchStrategy[dict[str, bool]] = st.sampled_from(
    [{}, {}, {}, {"group": True}, {"group": True}, {"group_a": True, "group": False}]
)
words = _given(subject=texts, message=texts, public=flags, id_request=requests)
only_files = _given(only_file=rarely)
parents = st.none() | _any([Choice(index, scope) for scope in ("own", "any") for index in range(4)])
codes = st.sampled_from(
    ["01a", "01", "04a", "#", "06a", "06b", "06c", "06f", "06k", "06m", "06o", "closed", "standard"]
)
"""States by the contract's codes, of both profiles."""
ways = st.integers(0, 20)
"""Which of the states that a role may set."""
reasons: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [{}] * 5 + [{"id_reason": 1}] * 5 + [{"reason": "1"}, {"id_reopenreason": 1}, {"id_reason": 9}]
)
options = _given(id_request=requests, nsolError=st.sampled_from([None, "NSOL"]))
notes = _given(note=_any(["", "TEST NOTE", "ž" * 60_000, "ž" * 60_001, None]), private=flags)

# -- exceptions

products = st.sampled_from([None, "", "0123456789", "08594158891136", "08594000000017"])
batches = st.sampled_from([None, None, "", "1", "2", "123456", "B2601"])
exceptions = _given(
    productCode=products,
    batch=batches,
    id=st.sampled_from([None, None, [1], [2, 3], [1, 2, 3, 4, 5], ["4"]]),
)
entries = _given(
    productCode=products,
    batch=batches,
    validity=st.sampled_from([None, "2026-03-02", "2026-03-03", "2030-12-31", "tomorrow"]),
    state=st.sampled_from([None, "OP", "NO", "XX"]),
    csv=_any([None, *LINES]),
)

# -- the door

oddities: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {"method": "PATCH"},
        {"method": "PUT", "module": "filter"},
        {"module": "alert"},
        {"module": ""},
        {"version": "3.0"},
        {"agent": ""},
        {"accept": ""},
        {"accept": "image/webp"},
        {"accept": "*/*"},
        {"credentials": None},
        {"slash": False},
        {"module": "auth/token", "method": "GET"},
        {"method": "PUT"},
        {"method": "DELETE"},
        {"given": {"list": "state", "resultAs": "xml"}},
        {"given": {"list": "state", "resultAs": "csv"}},
    ]
)
"""What is other than usual about a question for states."""

_SWITCHES: dict[str, list[Any]] = {
    "accept_in_version_1": ["optional", "optional", "required"],
    "end_user_reopens": ["own", "own", "own", "never", "always"],
    "group_in_version_1": ["partial", "partial", "blocked"],
    "ids": ["literal", "literal", "integers"],
    "limit_window": ["fixed", "sliding"],
    "message_age": ["accepted", "refused"],
    "messages_as_csv": ["table", "refused"],
    "missing_accept": ["accept_not_supported", "request_invalid"],
    "missing_authorization": ["request_invalid", "token_invalid"],
    "nightly_refresh": [True, True, True, False],
    "notifications": [True, True, True, False],
    "nsol_error_states": [[], [], ["06c"]],
    "page_size": [500, 2, 5],
    "token_reissue": ["lenient", "lenient", "strict"],
    "version_1": [True] * 9 + [False],
}


@st.composite
def settings(draw: st.DrawFn, profile: str) -> dict[str, Any]:
    """Those of a sandbox; every fourth has limits that are soon met."""
    drawn = {name: draw(st.sampled_from(values)) for name, values in _SWITCHES.items()}
    address, client = draw(st.sampled_from([(800, 400)] * 3 + [(40, 12)]))
    limits: dict[str, Any] = {"limit_per_address": address, "limit_per_client": client}
    return {**drawn, **limits, "file_limit_bytes": 64, "state_profile": profile}
