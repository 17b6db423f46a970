"""NTLM messages and proofs against the examples of [MS-NLMP] 4.2 and against hand-made bytes."""

import hmac
from dataclasses import replace
from datetime import UTC, datetime
from struct import pack

import pytest

from podatelna.kernel.auth.ntlm_messages import (
    Disproof,
    Handshake,
    NtlmServer,
    begin,
    disproof,
    kind_of,
    read,
)

SIGNATURE = b"NTLMSSP\0"
NONCE = bytes.fromhex("0123456789abcdef")
END = bytes(4)
# The server of [MS-NLMP] 4.2.1.
BOOK = NtlmServer(
    "Domain", "Server", lambda: datetime(2026, 3, 2, 8, 0, tzinfo=UTC), lambda _: NONCE
)
FILETIME = 134_169_120_000_000_000


def negotiate(flags: int, rest: bytes = bytes(16)) -> bytes:
    return SIGNATURE + pack("<II", 1, flags) + rest


def challenge_of(server: NtlmServer, message: bytes) -> bytes:
    handshake = begin(server, message)
    assert handshake is not None
    assert handshake == Handshake(message, handshake.challenge)
    return handshake.challenge


def judged(message: bytes, password: str = "Password", *, ntlm_v1: bool = False) -> Disproof | None:
    response, handshake = read(message), begin(BOOK, negotiate(0x2888205))
    assert response is not None
    assert handshake is not None
    return disproof(response, handshake, password, ntlm_v1=ntlm_v1)


def authenticate(flags: int, lm: bytes, nt: bytes) -> bytes:
    """A message of the book's account, without version and integrity code."""
    payloads = [lm, nt, *(name.encode("utf-16-le") for name in ("Domain", "User", "COMPUTER")), b""]
    fields, end = b"", 64
    for payload in payloads:
        fields += pack("<HHI", len(payload), len(payload), end)
        end += len(payload)
    return SIGNATURE + pack("<I", 3) + fields + pack("<I", flags) + b"".join(payloads)


def proved(pairs: bytes, time: bytes = bytes(8)) -> bytes:
    """NTLMv2 with the account's key as printed in 4.2.4.1.1, over these AV pairs."""
    key = bytes.fromhex("0c868a403bfd7a93a3001ef22ef02e3f")
    blob = b"\x01\x01" + bytes(6) + time + b"\xaa" * 8 + bytes(4) + pairs
    return authenticate(0x2888205, bytes(24), hmac.digest(key, NONCE + blob, "md5") + blob)


def pair(av: int, value: bytes) -> bytes:
    return pack("<HH", av, len(value)) + value


# --- challenges ----------------------------------------------------------------------------------


def test_challenge_of_a_windows_client() -> None:
    version = bytes.fromhex("0a00 6345 000000 0f")
    server = replace(BOOK, dns_domain="domain.test", dns_computer="server.domain.test")
    names = [
        (2, "Domain"),
        (1, "Server"),
        (4, "domain.test"),
        (3, "server.domain.test"),
        (5, "domain.test"),
    ]
    pairs = b"".join(pair(av, name.encode("utf-16-le")) for av, name in names)
    pairs += pair(7, pack("<Q", FILETIME)) + END
    assert challenge_of(server, negotiate(0xE2088297, bytes(16) + version)) == (
        SIGNATURE
        + pack("<IHHI", 2, 12, 12, 56)
        + pack("<I", 0xE2898215)
        + NONCE
        + bytes(8)
        + pack("<HHI", len(pairs), len(pairs), 68)
        + version
        + "Domain".encode("utf-16-le")
        + pairs
    )


def test_challenge_of_an_oem_client_without_dns_names() -> None:
    """The form of curl's first message: 32 bytes, OEM, no version."""
    pairs = pair(2, "Domain".encode("utf-16-le")) + pair(1, "Server".encode("utf-16-le"))
    pairs += pair(7, pack("<Q", FILETIME)) + END
    assert challenge_of(BOOK, negotiate(0x88206)) == (
        SIGNATURE
        + pack("<IHHI", 2, 6, 6, 48)
        + pack("<I", 0x898206)
        + NONCE
        + bytes(8)
        + pack("<HHI", len(pairs), len(pairs), 54)
        + b"Domain"
        + pairs
    )


@pytest.mark.parametrize(
    ("asked", "granted"),
    [
        pytest.param(0x00000001, 0x00818205, id="nothing but Unicode"),
        pytest.param(0x00000003, 0x00818205, id="Unicode beats OEM"),
        pytest.param(0xE2888235, 0xE2898235, id=".NET on Linux"),
        pytest.param(0xFFFF8FFF, 0xE2898235, id="everything"),
    ],
)
def test_granted_flags(asked: int, granted: int) -> None:
    assert challenge_of(BOOK, negotiate(asked))[20:24] == pack("<I", granted)


def test_shortest_first_message() -> None:
    """Sixteen bytes, without any descriptor, are whole for Windows."""
    message = negotiate(0x201, b"")
    assert kind_of(message) == 1
    assert challenge_of(BOOK, message)[24:32] == NONCE


# --- responses -----------------------------------------------------------------------------------


def test_published_ntlm_v2_message() -> None:
    """[MS-NLMP] 4.2.4.3."""
    message = bytes.fromhex(
        "4e544c4d53535000 03000000 18001800 6c000000 54005400 84000000 0c000c00 48000000"
        "08000800 54000000 10001000 5c000000 10001000 d8000000 358288e2 0501280a0000000f"
        "44006f006d00610069006e00 5500730065007200 43004f004d00500055005400450052 00"
        "86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa 68cd0ab851e51c96aabc927bebef6a1c"
        "0101000000000000 0000000000000000 aaaaaaaaaaaaaaaa 00000000"
        "02000c0044006f006d00610069006e00 01000c005300650072007600650072 00 00000000 00000000"
        "c5dad2544fc9799094ce1ce90bc9d03e"
    )
    response = read(message)
    assert response is not None
    assert (response.domain, response.user, response.workstation) == ("Domain", "User", "COMPUTER")
    assert judged(message) is None
    assert judged(message, "password") == "wrong_password"


@pytest.mark.parametrize(
    ("flags", "lm", "nt"),
    [
        pytest.param(
            0xE2028233,
            "98def7b87f88aa5dafe2df779688a172def11c7d5ccdef13",
            "67c43011f30298a2ad35ece64f16331c44bdbed927841f94",
            id="NTLMv1 4.2.2.2",
        ),
        pytest.param(
            0x820A8233,
            "aaaaaaaaaaaaaaaa00000000000000000000000000000000",
            "7537f803ae367128ca458204bde7caf81e97ed2683267232",
            id="NTLM2 session 4.2.3.2",
        ),
    ],
)
def test_published_ntlm_v1_responses_count_only_if_allowed(flags: int, lm: str, nt: str) -> None:
    message = authenticate(flags, bytes.fromhex(lm), bytes.fromhex(nt))
    assert judged(message) == "ntlm_v1"
    assert judged(message, ntlm_v1=True) is None
    assert judged(message, "password", ntlm_v1=True) == "wrong_password"


@pytest.mark.parametrize("ntlm_v1", [False, True])
def test_lm_alone_never_counts(ntlm_v1: bool) -> None:
    lm = bytes.fromhex("98def7b87f88aa5dafe2df779688a172def11c7d5ccdef13")
    assert judged(authenticate(0xE2028233, lm, b""), ntlm_v1=ntlm_v1) == "ntlm_v1"


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        pytest.param(proved(END + bytes(4)), None, id="as the book has it"),
        pytest.param(proved(END), None, id="no reserved bytes"),
        pytest.param(proved(END + b"\xff"), None, id="odd tail"),
        pytest.param(proved(pair(0xFF, b"7") + END), None, id="a pair nobody knows"),
        pytest.param(proved(pair(7, bytes(8)) * 2 + END), None, id="a pair twice"),
        pytest.param(proved(END, b"\xff" * 8), None, id="end of time"),
        pytest.param(proved(pair(6, b"\1\0\0\0") + END), None, id="flags, no integrity code"),
        pytest.param(proved(END + pair(6, b"\2\0\0\0")), None, id="a pair after the end"),
        pytest.param(
            proved(pair(10, bytes(16)) + pair(6, b"\2\0\0\0") + END),
            "message_altered",
            id="the promised integrity code is missing",
        ),
        pytest.param(proved(b""), "malformed_token", id="no pairs, not even an end"),
        pytest.param(
            authenticate(0x2888205, bytes(24), bytes(25)), "malformed_token", id="neither v1 nor v2"
        ),
        pytest.param(
            authenticate(0x2888205, bytes(24), bytes(48)), "wrong_password", id="no proof"
        ),
    ],
)
def test_responses_that_pyspnego_would_not_make(message: bytes, expected: Disproof | None) -> None:
    assert judged(message) == expected
