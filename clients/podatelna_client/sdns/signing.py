"""Signatures: PKCS#7 with the content inside (CMS SignedData, RFC 5652), written in DER.

The content goes from one file to the other, so that the largest message needs no memory. SHA-1 is
there because the clients of the time signed with it.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from shutil import copyfileobj
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, Self

from podatelna_client.sdns import der
from podatelna_client.sdns.errors import InvalidInput

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

Digest = Literal["sha256", "sha1"]

_DATA, _SIGNED_DATA = "1.2.840.113549.1.7.1", "1.2.840.113549.1.7.2"
_CONTENT_TYPE, _MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
_SIGNING_TIME = "1.2.840.113549.1.9.5"
_RSA = "1.2.840.113549.1.1.1"
_DIGESTS = {"sha1": "1.3.14.3.2.26", "sha256": "2.16.840.1.101.3.4.2.1"}
_ECDSA = {"sha1": "1.2.840.10045.4.1", "sha256": "1.2.840.10045.4.3.2"}
_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signs: a certificate that the bank knows and its key, as `cryptography` has them."""

    certificate: "Certificate"
    key: Any = field(repr=False)
    """An RSA key, or one of an elliptic curve."""
    digest: Digest = "sha256"
    attributes: bool = True
    """False: nothing but the content is signed, not even the time, as .NET does."""

    @classmethod
    def from_pem(
        cls,
        certificate: bytes | str,
        key: bytes | str,
        password: bytes | None = None,
        digest: Digest = "sha256",
    ) -> Self:
        """Certificate and key in PEM. Raises InvalidInput."""
        # Whoever signs nothing need not wait for the library.
        from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - see above
            load_pem_private_key,
        )
        from cryptography.x509 import load_pem_x509_certificate  # noqa: PLC0415 - see above

        try:
            loaded = load_pem_private_key(_octets(key), password)
            return cls(
                certificate=load_pem_x509_certificate(_octets(certificate)),
                key=loaded,
                digest=digest,
            )
        except (TypeError, ValueError) as error:
            raise InvalidInput(f"the signer's key or certificate cannot be read: {error}") from None

    @classmethod
    def from_pkcs12(
        cls, archive: bytes, password: bytes | None = None, digest: Digest = "sha256"
    ) -> Self:
        """Certificate and key of a .p12 or .pfx file. Raises InvalidInput."""
        from cryptography.hazmat.primitives.serialization.pkcs12 import (  # noqa: PLC0415 - above
            load_key_and_certificates,
        )

        try:
            key, certificate, _ = load_key_and_certificates(archive, password)
        except ValueError as error:
            raise InvalidInput(f"the signer's archive cannot be read: {error}") from None
        if key is None or certificate is None:
            raise InvalidInput("the signer's archive has no key, or no certificate")
        return cls(certificate=certificate, key=key, digest=digest)


def sign(
    content: BinaryIO, out: BinaryIO, signer: Signer, at: datetime, *, attached: bool = True
) -> None:
    """SignedData around the content, read from where it stands; not attached: without it."""
    start = content.tell()
    digest, length = _digested(content, signer.digest)
    inside, after = length if attached else None, _after(signer, digest, at)
    out.write(_before(signer, inside, len(after)))
    if attached:
        content.seek(start)
        copyfileobj(content, out, _AT_ONCE)
    out.write(after)


def _octets(pem: bytes | str) -> bytes:
    return pem.encode() if isinstance(pem, str) else pem


def _digested(content: BinaryIO, name: Digest) -> tuple[bytes, int]:
    digest, length = hashlib.new(name), 0
    while octets := content.read(_AT_ONCE):
        digest.update(octets)
        length += len(octets)
    return digest.digest(), length


def _before(signer: Signer, length: int | None, after: int) -> bytes:
    """All that stands before the content; `after` is the length of what follows it."""
    written, ahead = length or 0, b""
    if length is not None:
        ahead = der.head(der.OCTETS, length)
        ahead = der.head(der.FIRST, len(ahead) + written) + ahead
    ahead = der.identifier(_DATA) + ahead
    ahead = der.head(der.SEQUENCE, len(ahead) + written) + ahead
    algorithms = der.put(der.SET, _algorithm(_DIGESTS[signer.digest]))
    ahead = der.integer(1) + algorithms + ahead
    ahead = der.head(der.SEQUENCE, len(ahead) + written + after) + ahead
    ahead = der.head(der.FIRST, len(ahead) + written + after) + ahead
    ahead = der.identifier(_SIGNED_DATA) + ahead
    return der.head(der.SEQUENCE, len(ahead) + written + after) + ahead


def _after(signer: Signer, digest: bytes, at: datetime) -> bytes:
    """The certificate, and who signed what."""
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415 - see above

    attributes = _attributes(digest, at) if signer.attributes else b""
    told = hashlib.new(signer.digest, der.put(der.SET, attributes)).digest()
    signature = _signature(signer, told if attributes else digest)
    certificate = signer.certificate
    issuer = der.put(
        der.SEQUENCE, certificate.issuer.public_bytes(), der.integer(certificate.serial_number)
    )
    information = der.put(
        der.SEQUENCE,
        der.integer(1),
        issuer,
        _algorithm(_DIGESTS[signer.digest]),
        der.put(der.FIRST, attributes) if attributes else b"",
        signature,
    )
    certificates = der.put(der.FIRST, certificate.public_bytes(Encoding.DER))
    return certificates + der.put(der.SET, information)


def _attributes(digest: bytes, at: datetime) -> bytes:
    values = (
        (_CONTENT_TYPE, der.identifier(_DATA)),
        (_SIGNING_TIME, der.instant(at)),
        (_MESSAGE_DIGEST, der.put(der.OCTETS, digest)),
    )
    return der.set_of(
        *(der.put(der.SEQUENCE, der.identifier(of), der.put(der.SET, each)) for of, each in values)
    )


def _signature(signer: Signer, digest: bytes) -> bytes:
    """The algorithm and the signature of a digest."""
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.asymmetric import (  # noqa: PLC0415 - as above
        ec,
        padding,
        rsa,
        utils,
    )

    named = utils.Prehashed({"sha1": hashes.SHA1, "sha256": hashes.SHA256}[signer.digest]())
    if isinstance(signer.key, rsa.RSAPrivateKey):
        signed = signer.key.sign(digest, padding.PKCS1v15(), named)
        return _algorithm(_RSA) + der.put(der.OCTETS, signed)
    if isinstance(signer.key, ec.EllipticCurvePrivateKey):
        algorithm = der.put(der.SEQUENCE, der.identifier(_ECDSA[signer.digest]))
        return algorithm + der.put(der.OCTETS, signer.key.sign(digest, ec.ECDSA(named)))
    raise InvalidInput("only RSA keys and those of elliptic curves can sign")


@cache
def _algorithm(dotted: str) -> bytes:
    return der.put(der.SEQUENCE, der.identifier(dotted), der.NULL)
