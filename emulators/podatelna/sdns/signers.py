"""Checks one signature of signed data: SignerInfo of RFC 3852, section 5.3.

RSA of PKCS #1 v1.5 and PSS, ECDSA; SHA-1, which .NET took by default, and SHA-2.
"""
# ruff: noqa: PLC0415 - cryptography and asn1crypto take 0.2 s to import, and few calls are signed
# asn1crypto ships no type information:
# mypy: disable-error-code="import-untyped"

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import new as new_hash
from hmac import compare_digest
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.padding import AsymmetricPadding
    from cryptography.hazmat.primitives.hashes import HashAlgorithm
    from cryptography.x509 import Certificate

Reason = Literal[
    "not_cms",
    "wrapped",
    "trailing_data",
    "not_signed_data",
    "detached",
    "no_signer",
    "too_many_signers",
    "no_certificate",
    "bad_certificate",
    "unsupported_algorithm",
    "bad_attributes",
    "digest_mismatch",
    "bad_signature",
]
DIGESTS: Final = ("sha1", "sha224", "sha256", "sha384", "sha512")
_SET: Final = b"\x31"


class NotSigned(Exception):  # noqa: N818 - it says what the bytes are; nothing went wrong here
    """Data whose signature is none, or not right; the text says why."""

    def __init__(self, reason: Reason, text: str) -> None:
        super().__init__(text)
        self.reason: Reason = reason


@dataclass(frozen=True, slots=True)
class Signer:
    """Whose signature it is, by the certificate that came with it."""

    issuer: str
    """RFC 4514."""
    serial: str
    """Decimal."""
    digest: str
    """One of DIGESTS."""
    certificate: bytes
    """DER."""
    valid_from: datetime
    valid_to: datetime


class Content:
    """What was signed."""

    def __init__(self, data: bytes, kind: bytes) -> None:
        self.data = data
        self.kind = kind
        """The object identifier of its type, encoded, without head."""
        self._digests: dict[str, bytes] = {}

    def digest(self, algorithm: str) -> bytes:
        if algorithm not in self._digests:
            made = new_hash(algorithm, self.data, usedforsecurity=False)
            self._digests[algorithm] = made.digest()
        return self._digests[algorithm]


def check_signer(info: bytes, content: Content, certificates: Sequence[bytes]) -> Signer:
    """The signer, if the SignerInfo is right. Raises NotSigned."""
    from asn1crypto.cms import SignerInfo

    with _read("not_cms", "The signer's part cannot be read"):
        signer = SignerInfo.load(info, strict=True)
        digest = signer["digest_algorithm"]["algorithm"].native
        _known(digest)
        encoded = _certificate(signer["sid"], certificates)
    with _read("bad_certificate", "The signer's certificate cannot be read"):
        certificate = _loaded(encoded)
        made = Signer(
            certificate.issuer.rfc4514_string(),
            str(certificate.serial_number),
            digest,
            encoded,
            certificate.not_valid_before_utc,
            certificate.not_valid_after_utc,
        )
    with _read("not_cms", "The signer's part cannot be read"):
        _check_attributes(signer["signed_attrs"], content, digest)
        method = _method(signer["signature_algorithm"], digest)
        value = signer["signature"].native
    _verify(certificate, value, _forms(signer["signed_attrs"], content), method)
    return made


@contextmanager
def _read(reason: Reason, text: str) -> Iterator[None]:
    """asn1crypto reads when it is asked, and raises what it comes upon."""
    try:
        yield
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError) as error:
        first = str(error).strip().partition("\n")[0]
        raise NotSigned(reason, f"{text}: {first}.") from error


def _known(digest: str) -> None:
    if digest not in DIGESTS:
        raise NotSigned("unsupported_algorithm", f"The digest {digest} is not supported.")


# -- whose it is


def _certificate(sid: Any, certificates: Sequence[bytes]) -> bytes:
    """The certificate that the signer names, by issuer and serial number or by its key."""
    from asn1crypto.x509 import Certificate

    if not certificates:
        raise NotSigned("no_certificate", "No certificate came with the signature.")
    for encoded in certificates:
        try:
            certificate = Certificate.load(encoded, strict=True)
            found = _names(sid, certificate)
        except (ValueError, TypeError):
            # One that cannot be read is not the signer's, or the signer has none.
            continue
        if found:
            return encoded
    raise NotSigned("no_certificate", "The signer's certificate did not come with the signature.")


def _names(sid: Any, certificate: Any) -> bool:
    """Names are compared as texts: some software encodes an issuer anew when it signs."""
    if sid.name == "issuer_and_serial_number":
        named = sid.chosen
        return bool(
            named["serial_number"].native == certificate.serial_number
            and _is_same(named["issuer"], certificate.issuer)
        )
    identifier = certificate.key_identifier_value
    return identifier is not None and bool(sid.chosen.native == identifier.native)


def _is_same(name: Any, other: Any) -> bool:
    # To read the texts of a name takes long; mostly the encodings are the same.
    return bool(name.dump() == other.dump() or name.native == other.native)


def _loaded(encoded: bytes) -> "Certificate":
    from asn1crypto.x509 import Certificate as Plain
    from cryptography.x509 import InvalidVersion, load_der_x509_certificate

    if Plain.load(encoded).serial_number <= 0:
        raise ValueError("its serial number is not positive (RFC 5280, 4.1.2.2)")
    try:
        return load_der_x509_certificate(encoded)
    except InvalidVersion as error:
        raise ValueError(str(error)) from error


# -- what was signed


def _check_attributes(attributes: Any, content: Content, digest: str) -> None:
    """Signed attributes, if there are any, hold the digest of the content."""
    if not len(attributes):
        return
    kinds = _values(attributes, "content_type")
    digests = _values(attributes, "message_digest")
    if [each.contents for each in kinds] != [content.kind]:
        raise NotSigned("bad_attributes", "The attributes do not name the type of the content.")
    if len(digests) != 1:
        raise NotSigned("bad_attributes", "The attributes do not hold one digest of the content.")
    if not compare_digest(digests[0].native, content.digest(digest)):
        raise NotSigned(
            "digest_mismatch",
            f"The content is not what was signed: its {digest} is another one than in the "
            "attributes.",
        )


def _forms(attributes: Any, content: Content) -> Iterator[bytes]:
    """What the signature may be over: the content, or the attributes.

    Attributes are signed as DER, whatever they are sent as (RFC 3852, 5.4); some software signs
    them in the order in which it sends them, and other software takes that.
    """
    if not len(attributes):
        yield content.data
        return
    yield _SET + attributes.dump()[1:]
    with _read("not_cms", "The signer's part cannot be read"):
        ordered = attributes.untag().dump(force=True)
    yield ordered


def _values(attributes: Any, kind: str) -> list[Any]:
    return [
        value
        for attribute in attributes
        if attribute["type"].native == kind
        for value in attribute["values"]
    ]


# -- the signature itself


@dataclass(frozen=True, slots=True)
class _Method:
    name: str
    """rsa, pss or ecdsa."""
    digest: str
    mask: str = ""
    """Digest of PSS's mask."""
    salt: int = 0


def _method(algorithm: Any, digest: str) -> _Method:
    """How it is signed. A key's algorithm alone goes with the digest of the content."""
    named = algorithm["algorithm"].native
    if named == "rsassa_pss":
        return _pss(algorithm["parameters"])
    head, _, key = named.partition("_")
    if key in ("rsa", "ecdsa"):
        _known(head)
        return _Method(key, head)
    if named in ("rsassa_pkcs1v15", "ecdsa", "1.2.840.10045.2.1"):
        return _Method("rsa" if named == "rsassa_pkcs1v15" else "ecdsa", digest)
    raise NotSigned("unsupported_algorithm", f"The signature algorithm {named} is not supported.")


def _pss(parameters: Any) -> _Method:
    mask = parameters["mask_gen_algorithm"]
    digest = parameters["hash_algorithm"]["algorithm"].native
    masked = mask["parameters"]["algorithm"].native
    _known(digest)
    _known(masked)
    return _Method("pss", digest, masked, parameters["salt_length"].native)


def _verify(
    certificate: "Certificate", value: bytes, signed: Iterable[bytes], method: _Method
) -> None:
    """Raises NotSigned, unless the signature is over one of the forms."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    with _read("bad_certificate", "The key of the certificate cannot be read"):
        try:
            key = certificate.public_key()
        except UnsupportedAlgorithm as error:
            raise NotSigned("unsupported_algorithm", f"{error}.") from error
    fitting = ec.EllipticCurvePublicKey if method.name == "ecdsa" else rsa.RSAPublicKey
    if not isinstance(key, fitting):
        raise NotSigned(
            "unsupported_algorithm", f"The certificate's key is none for {method.name}."
        )
    for form in signed:
        try:
            with _read("bad_signature", "The signature cannot be read"):
                _verify_form(key, value, form, method)
        except InvalidSignature:
            continue
        return
    raise NotSigned("bad_signature", "The signature is not that of the certificate's key.")


def _verify_form(key: Any, value: bytes, form: bytes, method: _Method) -> None:
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA

    digest = _hashes()[method.digest]
    if method.name == "ecdsa":
        key.verify(value, form, ECDSA(digest))
    else:
        key.verify(value, form, _padding(method), digest)


def _padding(method: _Method) -> "AsymmetricPadding":
    from cryptography.hazmat.primitives.asymmetric import padding

    if method.name == "pss":
        return padding.PSS(padding.MGF1(_hashes()[method.mask]), method.salt)
    return padding.PKCS1v15()


def _hashes() -> "Mapping[str, HashAlgorithm]":
    from cryptography.hazmat.primitives import hashes

    known = (hashes.SHA1(), hashes.SHA224(), hashes.SHA256(), hashes.SHA384(), hashes.SHA512())
    return {each.name: each for each in known}
