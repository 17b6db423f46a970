"""What is wrong with signed data that a caller has made, and what was probably done."""

import zlib
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from podatelna.kernel.authority import KINDS
from podatelna.sdns.certificates import AUTHORITY
from podatelna.sdns.compression import Limits, NotDecompressed, decompress
from podatelna.sdns.inscription import remarks_on_text
from podatelna.sdns.model import Certificate
from podatelna.sdns.signature import NotSigned, Reason, Signed, Signer, open_signed, refusal
from podatelna.sdns.wrapping import unwrap

AUTO: Final = "auto"
_LIMITS: Final = Limits(most=256 << 20, ratio=200)
"""As the settings maximum_message_bytes and maximum_ratio are by default."""
_MOST_LAYERS: Final = 3
_BASE64: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n"
_SHORTEST_BASE64: Final = 16
_DER: Final = b"\x30"

_ADVICE: Final[Mapping[Reason, str]] = {
    "detached": (
        "Data and signature belong into one file: sign with the content inside (.NET: "
        "SignedCms(content, detached: false); OpenSSL: -nodetach)."
    ),
    "not_signed_data": "Sign, do not encrypt: the CMS type must be SignedData.",
    "no_certificate": (
        "Send the signer's certificate along (.NET: IncludeOption other than None; OpenSSL: "
        "without -nocerts)."
    ),
    "digest_mismatch": (
        "The content was changed after it was signed: line ends and encodings are changed easily "
        "(OpenSSL: sign with -binary)."
    ),
    "no_signer": "A file of certificates alone (.p7b, .p7c) is no signature.",
    "unsupported_algorithm": "SHA-1 and SHA-2 with RSA or ECDSA are understood.",
}
_REFUSALS: Final = {
    "not_registered": "The signer's certificate is not registered for the user {login}.",
    "registered_for_another": "The signer's certificate is registered, but not for {login}.",
    "not_yet_valid": "The signer's certificate is not valid yet at {at}.",
    "expired": "The signer's certificate has expired at {at}.",
    "revoked": "The signer's certificate is revoked at {at}.",
}


@dataclass(frozen=True, slots=True)
class Circumstances:
    """With what the data are to be sent."""

    at: datetime
    """Aware."""
    login: str = ""
    """Who sends, lower case; empty: whose the signature is does not matter."""
    registered: Sequence[Certificate] = ()
    """Certificates that the bank knows, of any user."""
    compression: str = AUTO
    """A word of the parameter zipmethod, or auto."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is to be said about signed data."""

    signed: Signed | None
    """None: it could not be opened."""
    wrong: tuple[str, ...] = ()
    """Why the take-over would refuse it, or could not read the content."""
    notes: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        return not self.wrong


@dataclass(slots=True)
class _Remarks:
    wrong: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def diagnose(data: bytes, case: Circumstances) -> Diagnosis:
    """Look at data in the form of inputdata, or of a file that is not in Base64 yet."""
    remarks = _Remarks()
    signed = None
    try:
        bare = _unpacked(_decoded(data, remarks), case.compression, remarks)
        signed = open_signed(bare, lenient=True)
        remarks.notes += _wrapping(bare)
        remarks.wrong += _content(signed.content)
        wrong, notes = remarks_on_text(signed.content)
        remarks.wrong += () if remarks.wrong else wrong
        remarks.notes += notes
        remarks.wrong += _signers(signed, case)
    except NotDecompressed as reason:
        remarks.wrong.append(f"It is not compressed so: {reason}")
    except NotSigned as reason:
        remarks.wrong += _unsigned(bare, reason)
    return Diagnosis(signed, tuple(remarks.wrong), tuple(remarks.notes))


# -- around the signed data


def _decoded(data: bytes, remarks: _Remarks) -> bytes:
    """Without the Base64 of inputdata, once or too often."""
    for layer in range(_MOST_LAYERS):
        inner = _base64(data)
        if inner is None:
            break
        if layer:
            remarks.notes.append(
                "It is in Base64 twice: inputdata is of the type base64Binary, which libraries "
                "encode themselves. The sandbox takes that unless its setting second_base64 is off."
            )
        else:
            remarks.notes.append("It is in Base64, as the parameter inputdata is.")
        data = inner
    return data


def _base64(data: bytes) -> bytes | None:
    """The bytes that Base64 text stands for; None: it is no such text."""
    if len(data) < _SHORTEST_BASE64 or data[:4096].strip(_BASE64) or data.translate(None, _BASE64):
        return None
    try:
        return b64decode(data)
    except NotBase64:
        return None


def _unpacked(data: bytes, method: str, remarks: _Remarks) -> bytes:
    """Raises NotDecompressed."""
    found = _compression(data)
    chosen = found if method == AUTO else method
    unpacked = decompress(data, chosen, _LIMITS)
    if chosen != "NONE":
        remarks.notes.append(f"It is compressed: zipmethod must be {chosen}.")
    return unpacked


def _compression(data: bytes) -> str:
    """The method, as far as the first bytes tell."""
    if data.startswith(b"PK"):
        return "ZIP"
    if data.startswith(b"\x1f\x8b"):
        return "GZIP"
    return "DEFLATE" if _is_zlib(data) else "NONE"


def _is_zlib(data: bytes) -> bool:
    try:
        zlib.decompressobj().decompress(data[:64], 1)
    except zlib.error:
        return False
    return len(data) > 1


def _wrapping(data: bytes) -> Iterator[str]:
    found = unwrap(data)
    if found.wrapping:
        yield (
            f"It is wrapped as {found.wrapping}: the documents ask for PKCS#7 alone, so write DER. "
            "The sandbox takes it unless its setting signature_wrapping is strict."
        )


# -- why it is not signed


def _unsigned(data: bytes, reason: NotSigned) -> Iterator[str]:
    yield str(reason)
    text = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if reason.reason in _ADVICE:
        yield _ADVICE[reason.reason]
    elif reason.reason == "bad_signature":
        yield "Another key than the certificate's has signed, or the signature was changed."
    elif b"Envelope" in text[:400] and text.startswith(b"<"):
        yield "It is a whole SOAP message: give what its parameter inputdata holds."
    elif text.startswith(b"<"):
        yield (
            "It is XML, which is not signed: with it, signaturemethod must be NONE; or sign it "
            "(PKCS7)."
        )
    elif _base64(data) is not None:
        yield "What was compressed is Base64 text: compress the signed data themselves."
    elif data.startswith(_DER):
        yield "It begins as DER does: a certificate or key, or a file that was cut?"


# -- what is inside


def _content(content: bytes) -> Iterator[str]:
    method = _compression(content)
    if method != "NONE":
        yield (
            f"The content is compressed ({method}): sign the XML first, and compress what the "
            "signature is in."
        )
    elif _base64(content) is not None:
        yield "The content is Base64 text: sign the XML itself, and encode what is sent."
    elif content.startswith(_DER) and _is_signed(content):
        yield "The content is signed data again: sign once."


def _is_signed(content: bytes) -> bool:
    try:
        open_signed(content, lenient=True)
    except NotSigned:
        return False
    return True


# -- whose it is


def _signers(signed: Signed, case: Circumstances) -> Iterator[str]:
    why = refusal(signed, case.login, _known(signed, case), case.at, validity=True)
    if why:
        at = case.at.isoformat(timespec="seconds")
        yield _REFUSALS[why].format(login=case.login, at=at)
        yield from _kinds(signed.signers[0], case.login)


def _known(signed: Signed, case: Circumstances) -> Sequence[Certificate]:
    """All signers are registered, if it does not matter whose the signature is."""
    if case.login:
        return case.registered
    return [Certificate("", each.issuer, each.serial) for each in signed.signers]


def _kinds(signer: Signer, login: str) -> Iterator[str]:
    """Which of the test authority's certificates it is."""
    for kind in KINDS if login else ():
        named = AUTHORITY.issuer(kind), str(AUTHORITY.serial(login, kind))
        if named == (signer.issuer, signer.serial):
            yield f"It is the {kind} certificate that `podatelna certs` makes for {login}."
