"""The NTLM acceptor against pyspnego's client, and against what no client should send."""

import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import count
from struct import pack
from typing import get_args

import pytest
import spnego
from hypothesis import given, settings
from hypothesis import strategies as st

from podatelna.kernel.auth.ntlm import (
    MAX_HEADER,
    Authenticated,
    Challenged,
    NtlmOutcome,
    NtlmRealm,
    Refused,
    Unauthenticated,
    Why,
    describe_token,
    ntlm_step,
)
from podatelna.kernel.auth.ntlm_messages import NtlmServer

ACCOUNTS = {"ub-test1": "Heslo-123", "ub-test2": "Příliš žluťoučký kůň 🐎"}
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SIGNATURE = b"NTLMSSP\0"
Memory = dict[object, object]


def counting() -> Callable[[int], bytes]:
    numbers = count(1)
    return lambda size: next(numbers).to_bytes(size, "big")


def password_of(login: str) -> str | None:
    assert login.isprintable()  # databases refuse some characters
    return ACCOUNTS.get(login)


SERVER = NtlmServer("EXAMPLE", "WEB1", lambda: NOW, counting(), "example.test", "web1.example.test")
REALM = NtlmRealm("sandbox/agency", SERVER, password_of)


def client(user: str, password: str) -> spnego.ContextProxy:
    return spnego.client(user, password, protocol="ntlm", options=spnego.NegotiateOptions.use_ntlm)


def header(token: bytes | None) -> str:
    return "NTLM " + b64encode(token or b"").decode()


def challenged(outcome: NtlmOutcome) -> bytes:
    assert isinstance(outcome, Challenged), outcome
    return b64decode(outcome.token)


def authenticate_header(realm: NtlmRealm, memory: Memory, user: str, password: str) -> str:
    """Begin a handshake and make the header that would end it."""
    caller = client(user, password)
    challenge = challenged(ntlm_step(realm, header(caller.step()), memory))
    return header(caller.step(challenge))


def sign_in(realm: NtlmRealm, memory: Memory, user: str, password: str) -> NtlmOutcome:
    return ntlm_step(realm, authenticate_header(realm, memory, user, password), memory)


# --- by hand -------------------------------------------------------------------------------------


def negotiate(flags: int, supplied: bytes = bytes(16), rest: bytes = b"") -> bytes:
    return SIGNATURE + pack("<II", 1, flags) + supplied + rest


def authenticate(flags: int, lm: bytes, nt: bytes, names: tuple[str, str, str]) -> bytes:
    """A message without version and integrity code; names are domain, user, workstation."""
    payloads = [lm, nt, *(name.encode("utf-16-le") for name in names), b""]
    fields, end = b"", 64
    for payload in payloads:
        fields += pack("<HHI", len(payload), len(payload), end)
        end += len(payload)
    return SIGNATURE + pack("<I", 3) + fields + pack("<I", flags) + b"".join(payloads)


# --- handshakes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("user", "password", "expected"),
    [
        (r"EXAMPLE\ub-test1", "Heslo-123", Authenticated("ub-test1", "EXAMPLE")),
        (r"example\UB-Test1", "Heslo-123", Authenticated("ub-test1", "example")),
        (r"Example.Test\ub-test1", "Heslo-123", Authenticated("ub-test1", "Example.Test")),
        ("ub-test1@EXAMPLE", "Heslo-123", Authenticated("ub-test1", "EXAMPLE")),
        ("UB-TEST1@example.test", "Heslo-123", Authenticated("ub-test1", "example.test")),
        ("ub-test1", "Heslo-123", Authenticated("ub-test1", "")),
        (r"EXAMPLE\ub-test2", ACCOUNTS["ub-test2"], Authenticated("ub-test2", "EXAMPLE")),
        (r"EXAMPLE\ub-test1", "heslo-123", Refused("wrong_password")),
        (r"EXAMPLE\ub-test1", "", Refused("wrong_password")),
        (r"EXAMPLE\nobody", "Heslo-123", Refused("unknown_login")),
        ("EXAMPLE\\ub-test1\0", "Heslo-123", Refused("unknown_login")),
        (r"WEB1\ub-test1", "Heslo-123", Refused("unknown_domain")),
        ("ub-test1@elsewhere.test", "Heslo-123", Refused("unknown_domain")),
        ("@EXAMPLE", "Heslo-123", Refused("anonymous")),
        ("EXAMPLE\\", "Heslo-123", Refused("anonymous")),
    ],
)
def test_sign_in(user: str, password: str, expected: NtlmOutcome) -> None:
    memory: Memory = {}
    assert sign_in(REALM, memory, user, password) == expected
    served_next = expected if isinstance(expected, Authenticated) else Unauthenticated()
    assert ntlm_step(REALM, None, memory) == served_next


@pytest.mark.parametrize(
    ("domains", "accepted"),
    [
        ("own", {r"EXAMPLE\ub-test1", "ub-test1@EXAMPLE"}),
        ("own_or_empty", {r"EXAMPLE\ub-test1", "ub-test1@EXAMPLE", "ub-test1"}),
        ("any", {r"EXAMPLE\ub-test1", "ub-test1@EXAMPLE", "ub-test1", r"OTHER\ub-test1"}),
    ],
)
def test_domains_that_count(domains: str, accepted: set[str]) -> None:
    realm = replace(REALM, domains=domains)
    users = (r"EXAMPLE\ub-test1", "ub-test1@EXAMPLE", "ub-test1", r"OTHER\ub-test1")
    outcomes = {user: sign_in(realm, {}, user, "Heslo-123") for user in users}
    assert {user for user, out in outcomes.items() if isinstance(out, Authenticated)} == accepted
    refused = {out for user, out in outcomes.items() if user not in accepted}
    assert refused <= {Refused("unknown_domain")}


def test_an_empty_dns_domain_is_no_empty_domain() -> None:
    realm = replace(REALM, domains="own", server=replace(SERVER, dns_domain=""))
    assert sign_in(realm, {}, "ub-test1", "Heslo-123") == Refused("unknown_domain")
    assert sign_in(realm, {}, "ub-test1@example", "Heslo-123") == Authenticated(
        "ub-test1", "example"
    )


@pytest.mark.parametrize("year", [1999, 2026, 2199])
def test_the_clock_of_the_house_never_matters(year: int) -> None:
    realm = replace(REALM, server=replace(SERVER, now=lambda: NOW.replace(year=year)))
    memory: Memory = {}
    assert sign_in(realm, memory, r"EXAMPLE\ub-test1", "Heslo-123") == Authenticated(
        "ub-test1", "EXAMPLE"
    )


def test_the_environment_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    memory: Memory = {}
    token = authenticate_header(REALM, memory, r"EXAMPLE\ub-test1", "Heslo-123")
    monkeypatch.setenv("NTLM_USER_FILE", "/nowhere")
    monkeypatch.setenv("LM_COMPAT_LEVEL", "many")
    assert ntlm_step(REALM, token, memory) == Authenticated("ub-test1", "EXAMPLE")


def test_channel_bindings_may_come_and_are_not_asked_for() -> None:
    bindings = spnego.channel_bindings.GssChannelBindings(application_data=b"tls-unique:x")
    caller = client(r"EXAMPLE\ub-test1", "Heslo-123")
    memory: Memory = {}
    challenge = challenged(ntlm_step(REALM, header(caller.step()), memory))
    response = header(caller.step(challenge, channel_bindings=bindings))
    assert ntlm_step(REALM, response, memory) == Authenticated("ub-test1", "EXAMPLE")


@pytest.mark.parametrize("level", ["0", "1", "2"])
def test_ntlm_v1_of_a_client(level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LM_COMPAT_LEVEL", level)
    lenient = replace(REALM, ntlm_v1=True)
    assert sign_in(REALM, {}, r"EXAMPLE\ub-test1", "Heslo-123") == Refused("ntlm_v1")
    assert sign_in(lenient, {}, r"EXAMPLE\ub-test1", "Heslo-123") == Authenticated(
        "ub-test1", "EXAMPLE"
    )
    assert sign_in(lenient, {}, r"EXAMPLE\ub-test1", "Heslo") == Refused("wrong_password")


# --- connections ---------------------------------------------------------------------------------


def test_a_connection_stays_signed_in_until_a_header_comes() -> None:
    memory: Memory = {}
    ours = Authenticated("ub-test1", "EXAMPLE")
    assert ntlm_step(REALM, None, memory) == Unauthenticated()
    assert sign_in(REALM, memory, r"EXAMPLE\ub-test1", "Heslo-123") == ours
    assert [ntlm_step(REALM, None, memory) for _ in range(3)] == [ours] * 3
    token = authenticate_header(REALM, memory, r"EXAMPLE\ub-test2", ACCOUNTS["ub-test2"])
    assert ntlm_step(REALM, None, memory) == Unauthenticated()
    assert ntlm_step(REALM, token, memory) == Authenticated("ub-test2", "EXAMPLE")
    assert ntlm_step(REALM, "Basic dXNlcjpwYXNz", memory) == Refused("other_scheme")
    assert ntlm_step(REALM, None, memory) == Unauthenticated()
    assert memory == {}


def test_a_response_counts_once_and_only_where_it_was_asked_for() -> None:
    memory: Memory = {}
    elsewhere: Memory = {}
    token = authenticate_header(REALM, memory, r"EXAMPLE\ub-test1", "Heslo-123")
    assert ntlm_step(REALM, token, elsewhere) == Refused("out_of_sequence")
    challenged(ntlm_step(REALM, header(negotiate(0x2888205)), elsewhere))
    assert ntlm_step(REALM, token, elsewhere) == Refused("wrong_password")
    assert ntlm_step(REALM, token, elsewhere) == Refused("out_of_sequence")
    assert ntlm_step(REALM, token, memory) == Authenticated("ub-test1", "EXAMPLE")
    assert ntlm_step(REALM, token, memory) == Refused("out_of_sequence")
    assert ntlm_step(REALM, None, memory) == Unauthenticated()


def test_a_new_first_message_begins_anew() -> None:
    memory: Memory = {}
    stale = authenticate_header(REALM, memory, r"EXAMPLE\ub-test1", "Heslo-123")
    fresh = authenticate_header(REALM, memory, r"EXAMPLE\ub-test1", "Heslo-123")
    assert ntlm_step(REALM, fresh, memory) == Authenticated("ub-test1", "EXAMPLE")
    again = authenticate_header(REALM, memory, r"EXAMPLE\ub-test1", "Heslo-123")
    assert again not in (stale, fresh)
    assert ntlm_step(REALM, stale, memory) == Refused("wrong_password")


def test_realms_on_one_connection_do_not_mix() -> None:
    other = replace(REALM, name="another/agency")
    memory: Memory = {}
    assert sign_in(REALM, memory, "ub-test1", "Heslo-123") == Authenticated("ub-test1", "")
    assert ntlm_step(other, None, memory) == Unauthenticated()
    token = authenticate_header(other, memory, "ub-test2", ACCOUNTS["ub-test2"])
    assert ntlm_step(REALM, None, memory) == Authenticated("ub-test1", "")
    assert ntlm_step(REALM, token, memory) == Refused("out_of_sequence")
    assert ntlm_step(other, token, memory) == Authenticated("ub-test2", "")
    assert ntlm_step(REALM, None, memory) == Unauthenticated()


def test_twenty_interleaved_handshakes() -> None:
    accounts = {f"login{number}": f"Heslo-{number}" for number in range(20)}
    realm = replace(REALM, password_of=accounts.get)
    memories: list[Memory] = [{} for _ in accounts]
    callers = [client(rf"EXAMPLE\{login}", password) for login, password in accounts.items()]
    challenges = [
        challenged(ntlm_step(realm, header(caller.step()), memory))
        for caller, memory in zip(callers, memories, strict=True)
    ]
    assert len(set(challenges)) == len(callers)
    outcomes = [
        ntlm_step(realm, header(caller.step(challenge)), memory)
        for caller, challenge, memory in reversed(
            list(zip(callers, challenges, memories, strict=True))
        )
    ]
    assert outcomes == [Authenticated(login, "EXAMPLE") for login in reversed(accounts)]


# --- garbage -------------------------------------------------------------------------------------

BEFORE = {"nothing": (), "first message": (header(negotiate(0x2888205)),)}


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE.keys())
@pytest.mark.parametrize(
    ("authorization", "why"),
    [
        ("", "other_scheme"),
        ("NTLMSSP", "other_scheme"),
        ("Basic dWItdGVzdDE6SGVzbG8tMTIz", "other_scheme"),
        ("Negotiate " + b64encode(negotiate(0x2888205)).decode(), "other_scheme"),
        ("Kerberos YIIB", "other_scheme"),
        ("Bearer abc", "other_scheme"),
        ("NTLM", "malformed_token"),
        ("NTLM ", "malformed_token"),
        ("NTLM =", "malformed_token"),
        ("NTLM !!!!", "malformed_token"),
        ("NTLM ěšč", "malformed_token"),
        (header(negotiate(0x2888205)) + ", " + header(negotiate(0x2888205)), "malformed_token"),
        (header(b"not NTLM, but long enough"), "malformed_token"),
        (header(SIGNATURE), "malformed_token"),
        (header(b"NTLMSSQ\0" + pack("<II", 1, 0x2888205)), "malformed_token"),
        (header(SIGNATURE + pack("<II", 0, 0x2888205)), "malformed_token"),
        (header(SIGNATURE + pack("<II", 4, 0x2888205)), "malformed_token"),
        (header(SIGNATURE + pack("<II", 1, 0)), "malformed_token"),
        (header(negotiate(0x2888205)[:15]), "malformed_token"),
        (header(negotiate(0x1201, supplied=b"")), "malformed_token"),
        (header(negotiate(0x1201, supplied=pack("<HHIQ", 5, 5, 30, 0))), "malformed_token"),
        (header(negotiate(0x2201, supplied=pack("<QHHI", 0, 9, 9, 2**32 - 1))), "malformed_token"),
        (header(SIGNATURE + pack("<I", 2) + bytes(44)), "out_of_sequence"),
        ("NTLM " + "A" * MAX_HEADER, "oversized_token"),
        ("B" * (MAX_HEADER + 1), "oversized_token"),
    ],
)
def test_garbage(before: tuple[str, ...], authorization: str, why: Why) -> None:
    memory: Memory = {}
    for earlier in before:
        challenged(ntlm_step(REALM, earlier, memory))
    assert ntlm_step(REALM, authorization, memory) == Refused(why)
    assert memory == {}


@pytest.mark.parametrize(
    "shape", ["ntlm {}", "NTLM  {}", " Ntlm {} "], ids=["lower", "two blanks", "around"]
)
def test_spellings_of_the_header(shape: str) -> None:
    token = b64encode(negotiate(0x2888205)).decode()
    assert isinstance(ntlm_step(REALM, shape.format(token), {}), Challenged)


@pytest.mark.parametrize("size", range(16, 64))
def test_a_response_without_room_for_its_head(size: int) -> None:
    memory: Memory = {}
    challenged(ntlm_step(REALM, header(negotiate(0x2888205)), memory))
    head = SIGNATURE + pack("<I", 3) + bytes(size - 12)
    assert ntlm_step(REALM, header(head), memory) == Refused("malformed_token")


def test_a_cut_or_altered_response_never_counts() -> None:
    memory: Memory = {}
    whole = b64decode(
        authenticate_header(REALM, memory, r"EXAMPLE\ub-test1", "Heslo-123").removeprefix("NTLM ")
    )
    cut = {ntlm_step(REALM, header(whole[:size]), dict(memory)) for size in range(len(whole))}
    assert cut == {Refused("malformed_token")}
    reasons = set()
    for place in range(len(whole)):
        altered = bytearray(whole)
        altered[place] ^= 0x20
        outcome = ntlm_step(REALM, header(bytes(altered)), dict(memory))
        assert isinstance(outcome, Refused), place
        reasons.add(outcome.why)
    assert reasons == {
        "malformed_token",
        "message_altered",
        "unknown_domain",
        "unknown_login",
        "wrong_password",
    }
    assert ntlm_step(REALM, header(whole), memory) == Authenticated("ub-test1", "EXAMPLE")


TOKENS = st.binary(max_size=300) | st.builds(
    lambda kind, rest: SIGNATURE + pack("<I", kind) + rest,
    st.sampled_from([1, 2, 3]),
    st.binary(max_size=300),
)
HEADERS = st.none() | st.text() | st.builds(header, TOKENS) | st.text().map("NTLM {}".format)


@settings(deadline=None)
@given(st.lists(HEADERS, max_size=4))
def test_nothing_raises_and_nothing_random_signs_in(headers: list[str | None]) -> None:
    memory: Memory = {}
    for authorization in headers:
        outcome = ntlm_step(REALM, authorization, memory)
        assert isinstance(outcome, Unauthenticated | Challenged | Refused)
        assert describe_token(authorization).isprintable()


# --- the journal ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("authorization", "words"),
    [
        (None, "none"),
        (header(negotiate(0x2888205)), "NTLM negotiate"),
        (header(SIGNATURE + pack("<II", 2, 0)), "NTLM challenge"),
        (
            header(authenticate(1, b"lm", b"nt", ("Domain", "User", "COMPUTER"))),
            "NTLM authenticate login=User domain=Domain workstation=COMPUTER",
        ),
        (
            header(authenticate(1, b"", b"", ("", "a\r\nb" + "c" * 99, ""))),
            f"NTLM authenticate login=a??b{'c' * 60} domain= workstation=",
        ),
        (
            header(authenticate(0, b"", b"", ("", "\u0161\u2020", ""))),
            "NTLM authenticate login=a?\x20\x20 domain= workstation=",
        ),
        (
            header(authenticate(1, b"", b"", ("Domain", "User", "COMPUTER"))[:90]),
            "NTLM authenticate",
        ),
        (header(b"something"), "NTLM malformed_token"),
        ("NTLM", "NTLM malformed_token"),
        ("NTLM " + "A" * MAX_HEADER, "NTLM oversized_token"),
        ("negotiate " + b64encode(negotiate(1)).decode(), "Negotiate with NTLM negotiate"),
        ("Negotiate YIIBhwYGKwYBBQUC", "Negotiate"),
        ("Negotiate " + "A" * MAX_HEADER, "Negotiate"),
        ("basic dWItdGVzdDE6SGVzbG8tMTIz", "Basic"),
        ("Heslo-123", "unknown scheme"),
        ("Heslo-123 Heslo-123", "unknown scheme"),
        ("", "unknown scheme"),
    ],
)
def test_description(authorization: str | None, words: str) -> None:
    assert describe_token(authorization) == words


def test_secrets_are_in_no_repr() -> None:
    def look_up(accounts: dict[str, str], login: str) -> str | None:
        return accounts.get(login)

    realm = replace(REALM, password_of=partial(look_up, ACCOUNTS))
    memory: Memory = {}
    caller = client(r"EXAMPLE\ub-test1", "Heslo-123")
    asked = ntlm_step(realm, header(caller.step()), memory)
    midway = repr(memory)
    done = ntlm_step(realm, header(caller.step(challenged(asked))), memory)
    assert done == Authenticated("ub-test1", "EXAMPLE")
    assert midway == "{('ntlm', 'sandbox/agency'): Handshake()}"
    assert repr(memory) == f"{{('ntlm', 'sandbox/agency'): {done!r}}}"
    assert repr(realm) == (
        "NtlmRealm(name='sandbox/agency', server=NtlmServer(domain='EXAMPLE', computer='WEB1', "
        "dns_domain='example.test', dns_computer='web1.example.test'), "
        "domains='own_or_empty', ntlm_v1=False)"
    )


def test_the_reasons_are_words() -> None:
    assert all(why.replace("_", "").isalnum() for why in get_args(Why))


def test_pyspnego_is_imported_by_the_first_handshake_only() -> None:
    program = """
import sys
from podatelna.kernel.auth.ntlm import NtlmRealm, describe_token, ntlm_step
from podatelna.kernel.auth.ntlm_messages import NtlmServer
realm = NtlmRealm("name", NtlmServer("D", "C", None, None), None)
for authorization in (None, "Basic x", "NTLM !", "NTLM " + "TlRMTVNTUAADAAAA" * 9):
    ntlm_step(realm, authorization, {})
    describe_token(authorization)
print(sorted(name for name in sys.modules if name.startswith(("spnego", "cryptography"))))
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"
