"""The bytes of NTLM: messages read, the challenge written, responses proved ([MS-NLMP]).

The cryptography and the challenge are pyspnego's, imported when they are first needed. Its
acceptor is not used: that one takes accounts from a file named by the environment, and it proves
a response by packing again what it parsed, so it refuses a client that packs otherwise. Windows
proves the bytes that came.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntFlag
from struct import unpack_from
from typing import Literal

SIGNATURE = b"NTLMSSP\0"
NEGOTIATE, CHALLENGE, AUTHENTICATE = 1, 2, 3
KINDS = {NEGOTIATE: "negotiate", CHALLENGE: "challenge", AUTHENTICATE: "authenticate"}

_SHORTEST_NEGOTIATE = 16
_SHORTEST_AUTHENTICATE = 64
_DESCRIPTORS = range(12, 60, 8)
_NTLM_V1_RESPONSE = 24
_SHORTEST_NTLM_V2_RESPONSE = 48
_AV_END, _AV_FLAGS = 0, 6
_MIC_PROVIDED = 0x2

Disproof = Literal["malformed_token", "message_altered", "ntlm_v1", "wrong_password"]


class Flag(IntFlag):
    """[MS-NLMP] 2.2.2.5, as far as they matter here."""

    UNICODE = 0x00000001
    OEM = 0x00000002
    REQUEST_TARGET = 0x00000004
    SIGN = 0x00000010
    SEAL = 0x00000020
    NTLM = 0x00000200
    DOMAIN_SUPPLIED = 0x00001000
    WORKSTATION_SUPPLIED = 0x00002000
    ALWAYS_SIGN = 0x00008000
    TARGET_TYPE_DOMAIN = 0x00010000
    EXTENDED_SESSION_SECURITY = 0x00080000
    TARGET_INFO = 0x00800000
    VERSION = 0x02000000
    KEY_128 = 0x20000000
    KEY_EXCHANGE = 0x40000000
    KEY_56 = 0x80000000


# .NET on Linux goes on only if it is granted all that it asked for.
_GRANTED = (
    Flag.UNICODE
    | Flag.OEM
    | Flag.SIGN
    | Flag.SEAL
    | Flag.EXTENDED_SESSION_SECURITY
    | Flag.VERSION
    | Flag.KEY_128
    | Flag.KEY_EXCHANGE
    | Flag.KEY_56
)
_ALWAYS = (
    Flag.REQUEST_TARGET | Flag.NTLM | Flag.ALWAYS_SIGN | Flag.TARGET_TYPE_DOMAIN | Flag.TARGET_INFO
)


@dataclass(frozen=True, slots=True)
class NtlmServer:
    """What a server tells of itself in a challenge."""

    domain: str
    """The NetBIOS name of its domain: `EXAMPLE`."""
    computer: str
    """Its NetBIOS name."""
    now: Callable[[], datetime] = field(repr=False)
    """Times that clients send back are never compared with it."""
    random: Callable[[int], bytes] = field(repr=False)
    """So many random bytes."""
    dns_domain: str = ""
    """Not told if empty, like the next one."""
    dns_computer: str = ""


@dataclass(frozen=True, slots=True)
class Handshake:
    """What was said before the response comes."""

    negotiate: bytes = field(repr=False)
    challenge: bytes = field(repr=False)

    @property
    def nonce(self) -> bytes:
        """The eight random bytes of the challenge."""
        return self.challenge[24:32]


@dataclass(frozen=True, slots=True)
class Response:
    """An AUTHENTICATE_MESSAGE ([MS-NLMP] 2.2.1.3). Names are as sent, or ""."""

    lm: bytes = field(repr=False)
    nt: bytes = field(repr=False)
    domain: str
    user: str
    workstation: str
    session_key: bytes = field(repr=False)
    flags: int
    token: bytes = field(repr=False)


def kind_of(token: bytes) -> int:
    """NEGOTIATE, CHALLENGE or AUTHENTICATE; 0: not an NTLM message."""
    if len(token) < _SHORTEST_NEGOTIATE or not token.startswith(SIGNATURE):
        return 0
    kind = int.from_bytes(token[8:12], "little")
    return kind if kind in KINDS else 0


def begin(server: NtlmServer, negotiate: bytes) -> Handshake | None:
    """Answer a NEGOTIATE_MESSAGE; None: it is cut short, or speaks neither Unicode nor OEM."""
    (flags,) = unpack_from("<I", negotiate, 12)
    supplied = ((Flag.DOMAIN_SUPPLIED, 16), (Flag.WORKSTATION_SUPPLIED, 24))
    if any(flags & flag and _payload(negotiate, at) is None for flag, at in supplied):
        return None
    if not flags & (Flag.UNICODE | Flag.OEM):
        return None
    return Handshake(negotiate, _challenge(server, flags))


def read(token: bytes) -> Response | None:
    """An AUTHENTICATE_MESSAGE; None: it is cut short."""
    if len(token) < _SHORTEST_AUTHENTICATE:
        return None
    payloads = [payload for at in _DESCRIPTORS if (payload := _payload(token, at)) is not None]
    if len(payloads) < len(_DESCRIPTORS):
        return None
    lm, nt, *names, session_key = payloads
    (flags,) = unpack_from("<I", token, 60)
    charset = "utf-16-le" if flags & Flag.UNICODE else "cp1252"
    domain, user, workstation = (name.decode(charset, "replace") for name in names)
    return Response(lm, nt, domain, user, workstation, session_key, flags, token)


def disproof(
    response: Response, handshake: Handshake, password: str, *, ntlm_v1: bool
) -> Disproof | None:
    """Why the response does not prove the password; None: it does ([MS-NLMP] 3.3)."""
    from spnego._ntlm_raw.crypto import hmac_md5, ntowfv2  # noqa: PLC0415 -- see _challenge
    from spnego._ntlm_raw.md4 import md4  # noqa: PLC0415 -- see _challenge

    nt_hash = md4(password.encode("utf-16-le", "surrogatepass"))
    if len(response.nt) <= _NTLM_V1_RESPONSE:
        return _disproof_v1(response, handshake, nt_hash) if ntlm_v1 else "ntlm_v1"
    if len(response.nt) < _SHORTEST_NTLM_V2_RESPONSE:
        return "malformed_token"
    key = ntowfv2(response.user, nt_hash, response.domain)
    proof, blob = response.nt[:16], response.nt[16:]
    if hmac_md5(key, handshake.nonce + blob) != proof:
        return "wrong_password"
    altered = _mic_promised(blob[28:]) and not _intact(hmac_md5(key, proof), response, handshake)
    return "message_altered" if altered else None


def _challenge(server: NtlmServer, asked: int) -> bytes:
    from spnego._ntlm_raw.messages import (  # noqa: PLC0415 -- 100 ms that only NTLM may cost
        AvId,
        Challenge,
        FileTime,
        TargetInfo,
        Version,
    )

    flags = asked & _GRANTED | _ALWAYS
    if flags & Flag.UNICODE:
        flags &= ~Flag.OEM
    # The names and their order as Windows Server tells them; the forest is the domain itself.
    names = {
        AvId.nb_domain_name: server.domain,
        AvId.nb_computer_name: server.computer,
        AvId.dns_domain_name: server.dns_domain,
        AvId.dns_computer_name: server.dns_computer,
        AvId.dns_tree_name: server.dns_domain,
    }
    info = TargetInfo({av: name for av, name in names.items() if name})
    info[AvId.timestamp] = FileTime.from_datetime(server.now())
    version = Version(10, 0, 17763) if flags & Flag.VERSION else None
    return Challenge(flags, server.random(8), server.domain, info, version).pack()


def _disproof_v1(response: Response, handshake: Handshake, nt_hash: bytes) -> Disproof | None:
    """NTLMv1, or "NTLM2 session" if session security was extended. LM alone proves nothing."""
    from spnego._ntlm_raw.crypto import desl, md5  # noqa: PLC0415 -- see _challenge

    if len(response.nt) != _NTLM_V1_RESPONSE:
        return "ntlm_v1"
    nonce = handshake.nonce
    if response.flags & Flag.EXTENDED_SESSION_SECURITY:
        nonce = md5(nonce + response.lm[:8])
    return None if desl(nt_hash, nonce) == response.nt else "wrong_password"


def _mic_promised(pairs: bytes) -> bool:
    """Whether the client's AV pairs say that the message carries an integrity code."""
    while len(pairs) >= 4:  # noqa: PLR2004 -- the size of "<HH"
        av, length = unpack_from("<HH", pairs)
        value, pairs = pairs[4 : 4 + length], pairs[4 + length :]
        if av == _AV_END:
            break
        if av == _AV_FLAGS:
            return bool(int.from_bytes(value, "little") & _MIC_PROVIDED)
    return False


def _intact(session_key: bytes, response: Response, handshake: Handshake) -> bool:
    """Whether the integrity code covers all three messages as they went over the wire."""
    from spnego._ntlm_raw.crypto import hmac_md5, rc4k  # noqa: PLC0415 -- see _challenge
    from spnego._ntlm_raw.messages import Authenticate  # noqa: PLC0415 -- see _challenge

    if response.flags & Flag.KEY_EXCHANGE and response.flags & (Flag.SIGN | Flag.SEAL):
        session_key = rc4k(session_key, response.session_key)
    message = Authenticate.unpack(response.token)
    claimed = message.mic
    if claimed is None:
        return False
    message.mic = bytes(16)
    said = handshake.negotiate + handshake.challenge + message.pack()
    return hmac_md5(session_key, said) == claimed


def _payload(token: bytes, at: int) -> bytes | None:
    """What the descriptor (length, room, offset) at `at` points to; None: not all is there."""
    if len(token) < at + 8:
        return None
    length, _, offset = unpack_from("<HHI", token, at)
    payload = token[offset : offset + length]
    return payload if len(payload) == length else None
