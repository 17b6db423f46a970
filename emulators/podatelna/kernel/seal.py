"""An electronic seal for PDF files, made with a test authority and certificate of our own.

Keys, certificates and seals follow from `seed` and the content alone, so equal calls give equal
bytes. Nothing here is secret or trustworthy: whoever knows the seed can make the same seal.
"""
# ruff: noqa: PLC0415 - cryptography and pyHanko take 0.4 s to import, and few calls seal
# asn1crypto ships no type information, pyHanko's validator half of it:
# mypy: disable-error-code="import-untyped,no-untyped-call"

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate, KeyUsage, Name

AUTHORITY = "TEST authority"
ORGANIZATION = "podatelna sandbox"
NO_EFFECT = "TEST, without legal effect"
FIELD = "Seal"
VALID = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC))
"""Wide enough for every sandbox clock."""

_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_ROOM = 8192
"""Hexadecimal digits kept free for the signature; with both certificates it takes about 3,500."""
_LONGEST_NAME = 64
"""X.520's upper bound for a common name."""


@dataclass(frozen=True, slots=True)
class _Holder:
    """A key and the certificate that the test authority issued for it."""

    key: "EllipticCurvePrivateKey"
    certificate: "Certificate"


def seal_pdf(pdf: bytes, *, at: datetime, name: str, seed: bytes) -> bytes:
    """The file with an invisible PAdES baseline B signature appended; the original is its prefix.

    `at` is the aware signing time, `name` goes behind "TEST " into the certificate's common name.
    Signed with ECDSA on P-256 and SHA-256, by a certificate that `seal_authority(seed)` issued.
    Raises pyHanko's SigningError for a file that has been sealed, and PdfReadError for no PDF.
    """
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.signers import cms_embedder
    from pyhanko.sign.signers.pdf_byterange import SignatureObject

    _tell_new_names()
    writer = _writer(pdf, hashlib.sha256(seed + pdf).digest()[:16])
    steps = cms_embedder.PdfCMSEmbedder().write_cms(field_name=FIELD, writer=writer)
    next(steps)
    placeholder = SignatureObject(
        timestamp=at, subfilter=SigSeedSubFilter.PADES, bytes_reserved=_ROOM
    )
    steps.send(cms_embedder.SigObjSetup(sig_placeholder=placeholder))
    prepared, output = steps.send(cms_embedder.SigIOSetup(md_algorithm="sha256", in_place=True))
    holders = _sealer(name, seed), _authority(seed)
    steps.send(asyncio.run(_signature(prepared.document_digest, *holders)))
    sealed: bytes = output.getvalue()
    return sealed


def seal_authority(seed: bytes) -> bytes:
    """The test authority's certificate, PEM: what a client trusts to find the seals valid."""
    from cryptography.hazmat.primitives.serialization import Encoding

    return _authority(seed).certificate.public_bytes(Encoding.PEM)


def _tell_new_names() -> None:
    """pyHanko adds attributes to asn1crypto when it is imported.

    asn1crypto turns its lists of names around when they are first used, and does not look at them
    again: if anybody has read a signature before, it would not know the added ones.
    """
    from asn1crypto.cms import CMSAttributeType
    from asn1crypto.x509 import ExtensionId

    for names in (CMSAttributeType, ExtensionId):
        if names._reverse_map is not None:  # noqa: SLF001 - there is no other way
            names._reverse_map |= {name: number for number, name in names._map.items()}  # noqa: SLF001 - see above


def _writer(pdf: bytes, identifier: bytes) -> Any:
    """pyHanko's writer of appended revisions, with chance and the wall clock taken away."""
    from pyhanko.pdf_utils.generic import ByteStringObject
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    class RepeatableWriter(IncrementalPdfFileWriter):
        def _update_meta(self) -> None:
            """Leave the metadata alone; the original would write the time of day into them."""

    writer = RepeatableWriter(BytesIO(pdf))
    # pyHanko draws the changing half of the file identifier, and a missing permanent one, by lot.
    identifiers = writer.trailer_view["/ID"]
    identifiers[1] = ByteStringObject(identifier)
    if "/ID" not in writer.prev.trailer:
        identifiers[0] = identifiers[1]
    return writer


async def _signature(digest: bytes, holder: _Holder, authority: _Holder) -> Any:
    """The CMS object, made in two steps because pyHanko's own signer draws ECDSA's nonce by lot."""
    from asn1crypto.x509 import Certificate as Asn1Certificate
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding
    from pyhanko.sign.signers import ExternalSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    own, issuer = (
        Asn1Certificate.load(each.certificate.public_bytes(Encoding.DER))
        for each in (holder, authority)
    )
    store = SimpleCertificateStore()
    store.register(issuer)
    attributes = await ExternalSigner(own, store).signed_attrs(digest, "sha256", use_pades=True)
    value = holder.key.sign(attributes.dump(), ECDSA(SHA256(), deterministic_signing=True))
    signer = ExternalSigner(own, store, signature_value=value)
    return await signer.async_sign_prescribed_attributes("sha256", attributes)


@lru_cache(maxsize=64)
def _authority(seed: bytes) -> _Holder:
    key = _key(b"authority", seed)
    return _Holder(key, _certificate(AUTHORITY, key, key))


@lru_cache(maxsize=64)
def _sealer(name: str, seed: bytes) -> _Holder:
    key = _key(b"seal " + name.encode(), seed)
    subject = f"TEST {name}"[:_LONGEST_NAME]
    return _Holder(key, _certificate(subject, key, _authority(seed).key))


def _key(role: bytes, seed: bytes) -> "EllipticCurvePrivateKey":
    from cryptography.hazmat.primitives.asymmetric import ec

    drawn = int.from_bytes(hashlib.sha512(role + b"\0" + seed).digest())
    return ec.derive_private_key(drawn % (_P256_ORDER - 1) + 1, ec.SECP256R1())


def _certificate(
    subject: str, key: "EllipticCurvePrivateKey", issuer_key: "EllipticCurvePrivateKey"
) -> "Certificate":
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256

    is_authority = key is issuer_key
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    length = 0 if is_authority else None
    builder = (
        x509.CertificateBuilder()
        .subject_name(_distinguished(subject))
        .issuer_name(_distinguished(AUTHORITY))
        .public_key(key.public_key())
        .serial_number(int.from_bytes(identifier.digest[:15]) + 1)
        .not_valid_before(VALID[0])
        .not_valid_after(VALID[1])
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=length), critical=True)
        .add_extension(_usage(is_authority=is_authority), critical=True)
        .add_extension(identifier, critical=False)
        .add_extension(issuer, critical=False)
    )
    return builder.sign(issuer_key, SHA256(), ecdsa_deterministic=True)


def _distinguished(common_name: str) -> "Name":
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    parts = (
        (NameOID.ORGANIZATION_NAME, ORGANIZATION),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, NO_EFFECT),
        (NameOID.COMMON_NAME, common_name),
    )
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in parts])


def _usage(*, is_authority: bool) -> "KeyUsage":
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )
