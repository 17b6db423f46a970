"""Signed data, made without podatelna: by asn1crypto in any form, by cryptography, by OpenSSL."""

import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import new as new_hash
from pathlib import Path
from typing import Any

from asn1crypto import algos, cms, core
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key, pkcs7

from podatelna.kernel.authority import Authority

CONTENT = '<?xml version="1.0" encoding="windows-1250"?>\n<VYDANI>Nová</VYDANI>\n'.encode("cp1250")
AUTHORITY = Authority(b"tests of signing", "podatelna TEST signing")
HASHES: Mapping[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


def words(value: object) -> str:
    """For the ids of tests: what is made at another time has other bytes."""
    return value if isinstance(value, str) else type(value).__name__


@dataclass(frozen=True)
class Holder:
    key: Any
    certificate: x509.Certificate
    name: str

    @property
    def asn1(self) -> asn1.Certificate:
        return asn1.Certificate.load(self.certificate.public_bytes(Encoding.DER))


@cache
def holder(name: str = "anna") -> Holder:
    made = AUTHORITY.identity(name, "valid")
    certificate = x509.load_pem_x509_certificate(made.certificate_pem)
    return Holder(load_pem_private_key(made.key_pem, None), certificate, name)


@cache
def curve_holder(curve: str = "secp256r1") -> Holder:
    """One with a key on an elliptic curve; the certificate signs itself."""
    curves = {each.name: each for each in (ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1())}
    key = ec.derive_private_key(20261122, curves[curve])
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"TEST {curve}")])
    anna = holder().certificate
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(anna.not_valid_before_utc)
        .not_valid_after(anna.not_valid_after_utc)
        .sign(key, hashes.SHA256(), ecdsa_deterministic=True)
    )
    return Holder(key, certificate, curve)


# -- by cryptography


def by_cryptography(
    content: bytes = CONTENT,
    *options: pkcs7.PKCS7Options,
    digest: str = "sha256",
    encoding: Encoding = Encoding.DER,
    signers: tuple[Holder, ...] = (),
) -> bytes:
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    for each in signers or (holder(),):
        chosen: Any = HASHES[digest]
        builder = builder.add_signer(each.certificate, each.key, chosen)
    return builder.sign(encoding, [pkcs7.PKCS7Options.Binary, *options])


# -- by OpenSSL


def by_openssl(folder: Path, *arguments: str, content: bytes = CONTENT) -> bytes:
    """`openssl cms -sign` or the like; the content is not detached and not canonicalised."""
    files = {
        "key.pem": AUTHORITY.identity("anna", "valid").key_pem,
        "certificate.pem": AUTHORITY.identity("anna", "valid").certificate_pem,
        "content.xml": content,
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    fixed = ["-signer", "certificate.pem", "-inkey", "key.pem", "-in", "content.xml", "-binary"]
    command = ["openssl", *arguments[:2], *fixed, *arguments[2:]]
    return subprocess.run(command, cwd=folder, capture_output=True, check=True).stdout


# -- by hand


def signer_info(  # noqa: PLR0913 - each is one way of doing it
    content: bytes = CONTENT,
    *,
    by: Holder | None = None,
    digest: str = "sha256",
    attributes: Callable[[list[Any]], list[Any]] | None = list,
    pss: int | None = None,
    key_identifier: bool = False,
    algorithm: str = "",
) -> cms.SignerInfo:
    """A SignerInfo. No attributes: the signature is over the content itself."""
    who = by or holder()
    attrs: Any = None
    signed = content
    if attributes is not None:
        hashed = new_hash(digest, content).digest()
        listed = attributes(
            [
                cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
                cms.CMSAttribute({"type": "message_digest", "values": [hashed]}),
            ]
        )
        attrs = cms.CMSAttributes(listed)
        signed = attrs.dump(force=True)
    return cms.SignerInfo(
        {
            "version": "v3" if key_identifier else "v1",
            "sid": _sid(who, key_identifier=key_identifier),
            "digest_algorithm": {"algorithm": digest},
            "signed_attrs": attrs,
            "signature_algorithm": _algorithm(who, digest, pss, algorithm),
            "signature": signature_value(who, signed, digest, pss),
        }
    )


def _sid(who: Holder, *, key_identifier: bool) -> cms.SignerIdentifier:
    if key_identifier:
        identifier = who.asn1.key_identifier
        return cms.SignerIdentifier("subject_key_identifier", core.OctetString(identifier))
    named = {"issuer": who.asn1.issuer, "serial_number": who.asn1.serial_number}
    return cms.SignerIdentifier("issuer_and_serial_number", cms.IssuerAndSerialNumber(named))


def _algorithm(who: Holder, digest: str, pss: int | None, algorithm: str) -> Any:
    if pss is not None:
        mask = {"algorithm": "mgf1", "parameters": {"algorithm": digest}}
        parameters = {
            "hash_algorithm": {"algorithm": digest},
            "mask_gen_algorithm": mask,
            "salt_length": pss,
        }
        return {"algorithm": "rsassa_pss", "parameters": algos.RSASSAPSSParams(parameters)}
    if algorithm:
        return {"algorithm": algorithm}
    is_curve = isinstance(who.key, ec.EllipticCurvePrivateKey)
    return {"algorithm": f"{digest}_ecdsa" if is_curve else "rsassa_pkcs1v15"}


def signature_value(
    who: Holder, signed: bytes, digest: str = "sha256", pss: int | None = None
) -> bytes:
    """The signature over these bytes."""
    chosen = HASHES[digest]
    if isinstance(who.key, ec.EllipticCurvePrivateKey):
        return who.key.sign(signed, ec.ECDSA(chosen, deterministic_signing=True))
    filled = padding.PKCS1v15() if pss is None else padding.PSS(padding.MGF1(chosen), pss)
    value: bytes = who.key.sign(signed, filled, chosen)
    return value


def signed_data(
    infos: list[cms.SignerInfo],
    content: bytes | None = CONTENT,
    *,
    certificates: list[Holder] | None = None,
) -> bytes:
    """Content and signatures in DER; no content: detached."""
    encapsulated: dict[str, Any] = {"content_type": "data"}
    if content is not None:
        encapsulated["content"] = content
    held = [holder()] if certificates is None else certificates
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [info["digest_algorithm"] for info in infos],
            "encap_content_info": encapsulated,
            "certificates": [each.asn1 for each in held],
            "signer_infos": infos,
        }
    )
    made: bytes = cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump()
    return made


def by_hand(content: bytes = CONTENT, **form: Any) -> bytes:
    """One signature in the form of signer_info."""
    who = form.get("by") or holder()
    return signed_data([signer_info(content, **form)], content, certificates=[who])


# -- the basic encoding


def ber(data: bytes, piece: int = 0) -> bytes:
    """DER with every constructed element's length left open; strings of the data in pieces.

    The certificates and what is below a primitive element are left as they are.
    """
    tag, start, end = _head(data, 0)
    assert end == len(data)
    if not tag & 0x20:
        if tag == 0x04 and piece:
            parts = (data[at : at + piece] for at in range(start, end, piece))
            return b"\x24\x80" + b"".join(_element(0x04, part) for part in parts) + b"\0\0"
        return data
    return bytes([tag, 0x80]) + b"".join(_children(data, start, end, piece)) + b"\0\0"


def _children(data: bytes, at: int, end: int, piece: int) -> list[bytes]:
    made = []
    while at < end:
        tag, _, after = _head(data, at)
        child = data[at:after]
        # The outermost certificate set and the signers stay DER: openssl's form, and .NET's.
        made.append(child if tag in (0x31,) or (tag == 0xA0 and made[2:]) else ber(child, piece))
        at = after
    return made


def _head(data: bytes, at: int) -> tuple[int, int, int]:
    tag, length = data[at], data[at + 1]
    start = at + 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(data[at + 2 : start], "big")
    return tag, start, start + length


def _element(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    size = (length.bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + length.to_bytes(size, "big") + content
