"""A certification authority for tests, whose certificates and private keys anyone can make.

Everything follows from `seed`, so equal calls give equal bytes, in any process. NOTHING HERE IS
SECRET: a private key of this authority or of its holders proves nothing, and neither does a
signature made with it. So that the authority does no harm where somebody trusts it by mistake,
its certificate says TEST, is bound to signing mail and documents, and excludes every DNS name
and IP address: it cannot vouch for a server.
"""
# ruff: noqa: PLC0415 - cryptography takes 0.1 s to import, and few calls are signed

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import ip_network
from typing import TYPE_CHECKING, Final, Literal, get_args

from podatelna.kernel.keys import derived_key

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate, CertificateBuilder, KeyUsage, Name

Kind = Literal["valid", "expired", "future", "revoked", "unregistered", "foreign"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
"""Foreign ones are of another authority. What is revoked or unregistered is known elsewhere: such
certificates look like valid ones."""

ORGANIZATION: Final = "podatelna sandbox"
NO_EFFECT: Final = "TEST without legal effect"

_BEGIN, _END = datetime(2000, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)
"""Wide enough for every sandbox clock."""
_VALIDITY: Final[Mapping[Kind, tuple[datetime, datetime]]] = {
    "expired": (_BEGIN, datetime(2001, 1, 1, tzinfo=UTC)),
    "future": (datetime(2098, 1, 1, tzinfo=UTC), _END),
}
_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,48}[A-Za-z0-9._-])?")
"""Of an authority: what needs no escape in RFC 4514."""
_HOLDER: Final = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,59}")
"""What leaves room for TEST in X.520's 64 characters."""
_DOCUMENT_SIGNING: Final = "1.3.6.1.5.5.7.3.36"
"""RFC 9336."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate with its private key."""

    certificate_pem: bytes
    key_pem: bytes
    """PKCS #8, not encrypted."""
    issuer: str
    """RFC 4514."""
    serial: int


@dataclass(frozen=True, slots=True)
class Authority:
    """The authority of a seed. Its name must say TEST; it is the issuer's common name."""

    seed: bytes
    name: str

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            wanted = "1 to 50 letters, digits, spaces, . _ -"
            raise ValueError(f"The name of an authority has {wanted}: not {self.name!r}")
        if "TEST" not in self.name:
            raise ValueError(f"The name of a test authority must say TEST: {self.name}")

    def issuer(self, kind: Kind) -> str:
        """The name in certificates of this kind, RFC 4514. It takes no key."""
        return f"CN={self.issuing(kind).name},OU={NO_EFFECT},O={ORGANIZATION}"

    def serial(self, holder: str, kind: Kind) -> int:
        """The serial number of the holder's certificate, 120 bits. It takes no key."""
        drawn = hashlib.sha256(_label(self.seed, "serial", kind, holder)).digest()
        return int.from_bytes(drawn[:15], "big") + 1

    def identity(self, holder: str, kind: Kind) -> Identity:
        """Certificate and key, RSA of 2048 bits. The first call of a process takes about 1 s.

        Raises ValueError for a holder that has no place in a name.
        """
        if not _HOLDER.fullmatch(holder):
            raise ValueError(f"A certificate is of a name of 1 to 59 characters: not {holder!r}")
        return _identity(self, holder, kind)

    def certificate(self, kind: Kind = "valid") -> bytes:
        """The certificate of the authority that issues this kind, PEM."""
        from cryptography.hazmat.primitives.serialization import Encoding

        return _own_certificate(self.issuing(kind)).public_bytes(Encoding.PEM)

    def issuing(self, kind: Kind) -> "Authority":
        """Who issues this kind."""
        if kind != "foreign":
            return self
        return Authority(_label(self.seed, "foreign"), f"{self.name} foreign")


def _label(seed: bytes, *words: str) -> bytes:
    """Seed and words in one; different ones never give the same."""
    parts = (seed, *(word.encode("utf-8", "surrogatepass") for word in words))
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


# -- certificates


@lru_cache(maxsize=256)
def _identity(authority: Authority, holder: str, kind: Kind) -> Identity:
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization

    issuing = authority.issuing(kind)
    key = derived_key(_label(authority.seed, "holder", kind, holder))
    serial = authority.serial(holder, kind)
    begin, end = _VALIDITY.get(kind, (_BEGIN, _END))
    builder = (
        _builder(f"TEST {holder}", key, issuing)
        .serial_number(serial)
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(is_authority=False), critical=True)
    )
    return Identity(
        _signed(builder, issuing).public_bytes(serialization.Encoding.PEM),
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
        authority.issuer(kind),
        serial,
    )


@lru_cache(maxsize=16)
def _own_certificate(authority: Authority) -> "Certificate":
    from cryptography import x509

    nothing = [
        x509.DNSName(""),
        *(x509.IPAddress(ip_network(net)) for net in ("0.0.0.0/0", "::/0")),
    ]
    builder = (
        _builder(authority.name, _own_key(authority), authority)
        .serial_number(1)
        .not_valid_before(_BEGIN)
        .not_valid_after(_END)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(is_authority=True), critical=True)
        .add_extension(x509.NameConstraints(None, nothing), critical=True)
    )
    return _signed(builder, authority)


def _builder(common_name: str, key: "RSAPrivateKey", authority: Authority) -> "CertificateBuilder":
    """What all certificates have. A purpose of the issuer binds what it issues, too."""
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID

    purposes = [ExtendedKeyUsageOID.EMAIL_PROTECTION, x509.ObjectIdentifier(_DOCUMENT_SIGNING)]
    own, issuer = key.public_key(), _own_key(authority).public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(_distinguished(common_name))
        .issuer_name(_distinguished(authority.name))
        .public_key(own)
        .add_extension(x509.ExtendedKeyUsage(purposes), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer), critical=False)
    )


def _signed(builder: "CertificateBuilder", authority: Authority) -> "Certificate":
    from cryptography.hazmat.primitives.hashes import SHA256

    return builder.sign(_own_key(authority), SHA256())


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


def _own_key(authority: Authority) -> "RSAPrivateKey":
    return derived_key(_label(authority.seed, "authority"))
