"""Signatures, read by another implementation of CMS, and checked against the certificate's key."""

import hashlib
from base64 import b64decode
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import pkcs7, pkcs12
from hypothesis import given
from hypothesis import strategies as st

from podatelna_client.sdns import InvalidInput, Signer, der, sign
from tests.clients.sdns.bank import key_pair, signer

AT = datetime(2013, 8, 21, 8, 20, 1, 999, tzinfo=UTC)
HASHES: dict[str, Any] = {"sha256": hashes.SHA256(), "sha1": hashes.SHA1()}


def signed(content: bytes, by: Signer, **options: Any) -> bytes:
    out = BytesIO()
    sign(BytesIO(content), out, by, AT, **options)
    return out.getvalue()


def read(octets: bytes) -> Any:
    """SignedData, written again to see that it is DER."""
    info = cms.ContentInfo.load(octets, strict=True)
    assert info["content_type"].native == "signed_data"
    assert info.dump(force=True) == octets
    return info["content"]


def verify(data: Any, content: bytes) -> dict[str, Any]:
    """Check the signature and tell the signed attributes."""
    (information,) = data["signer_infos"]
    digest = information["digest_algorithm"]["algorithm"].native
    attributes = information["signed_attrs"]
    told = {each["type"].native: each["values"][0].native for each in attributes}
    covered = content
    if told:
        assert told["message_digest"] == hashlib.new(digest, content).digest()
        covered = attributes.untag().dump()
    signature = information["signature"].native
    certificate = data["certificates"][0].chosen
    key: Any = serialization.load_der_public_key(certificate.public_key.dump())
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, covered, ec.ECDSA(HASHES[digest]))
    else:
        key.verify(signature, covered, padding.PKCS1v15(), HASHES[digest])
    return told


@pytest.mark.parametrize("kind", ["rsa", "ec"])
@pytest.mark.parametrize("digest", ["sha256", "sha1"])
@pytest.mark.parametrize("attributes", [True, False])
def test_a_signature_holds_and_has_the_content_inside(
    kind: str, digest: str, attributes: bool
) -> None:
    content = "Nová\r\n".encode("cp1250") * 20_000
    data = read(signed(content, signer(kind, digest=digest, attributes=attributes)))
    assert data["version"].native == "v1"
    assert data["encap_content_info"]["content_type"].native == "data"
    assert data["encap_content_info"]["content"].native == content
    told = verify(data, content)
    assert (told.get("signing_time"), bool(told)) == (
        (AT.replace(microsecond=0), True) if attributes else (None, False)
    )


def test_the_signer_is_named_by_issuer_and_number() -> None:
    (information,) = read(signed(b"x", signer()))["signer_infos"]
    of = information["sid"].chosen
    _, certificate = key_pair()
    assert of["serial_number"].native == certificate.serial_number == 0xF0_00_00_00_00_00_00_01
    assert of["issuer"].dump() == certificate.issuer.public_bytes()
    algorithms = [
        information[name]["algorithm"].native
        for name in ("digest_algorithm", "signature_algorithm")
    ]
    assert algorithms == ["sha256", "rsassa_pkcs1v15"]


def test_other_content_does_not_fit_a_signature() -> None:
    data = read(signed(b"content", signer()))
    with pytest.raises(AssertionError):
        verify(data, b"Content")


@pytest.mark.parametrize("length", [0, 1, 127, 128, 255, 256, 65_535, 65_536])
def test_contents_of_all_lengths(length: int) -> None:
    content = b"x" * length
    data = read(signed(content, signer("ec")))
    assert data["encap_content_info"]["content"].native == content
    verify(data, content)


def test_a_detached_signature_has_no_content() -> None:
    data = read(signed(b"content", signer(), attached=False))
    assert data["encap_content_info"]["content"].native is None
    verify(data, b"content")


def test_content_is_read_from_where_the_file_stands() -> None:
    out, content = BytesIO(), BytesIO(b"skipped content")
    content.seek(8)
    sign(content, out, signer(), AT)
    assert read(out.getvalue())["encap_content_info"]["content"].native == b"content"


def test_the_structure_is_that_of_another_writer() -> None:
    """Beside what cryptography writes there is nothing missing but its list of ciphers."""
    key, certificate = key_pair()
    options = [pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.NoCapabilities]
    theirs = (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(b"content")
        .add_signer(certificate, key, hashes.SHA256())
        .sign(serialization.Encoding.DER, options)
    )
    ours = signed(b"content", signer())
    # Only the time of signing and, with it, the signature are others.
    assert len(ours) == len(theirs)
    assert ours[:60] == theirs[:60]


def test_signers_are_read_from_files() -> None:
    key, certificate = key_pair()
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"secret"),
    )
    of_pem = Signer.from_pem(
        certificate.public_bytes(serialization.Encoding.PEM).decode(), pem, b"secret", "sha1"
    )
    archive = pkcs12.serialize_key_and_certificates(
        None, key, certificate, None, serialization.BestAvailableEncryption(b"secret")
    )
    of_archive = Signer.from_pkcs12(archive, b"secret")
    assert (of_pem.digest, of_archive.digest) == ("sha1", "sha256")
    for by in (of_pem, of_archive):
        assert by.certificate == certificate
        verify(read(signed(b"x", by)), b"x")


def test_what_cannot_sign() -> None:
    key, certificate = key_pair()
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    with pytest.raises(InvalidInput, match="cannot be read"):
        Signer.from_pem(pem, b"no key")
    with pytest.raises(InvalidInput, match="cannot be read"):
        Signer.from_pkcs12(b"no archive")
    archive = pkcs12.serialize_key_and_certificates(
        None, None, certificate, None, serialization.NoEncryption()
    )
    with pytest.raises(InvalidInput, match="has no key"):
        Signer.from_pkcs12(archive)
    with pytest.raises(InvalidInput, match="only RSA"):
        signed(b"x", Signer(key=object(), certificate=certificate))
    assert "object" not in repr(Signer(key=object(), certificate=certificate))
    assert key


@pytest.mark.parametrize(
    ("at", "octets"),
    [
        (datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC), b"\x17\x0d491231235959Z"),
        (datetime(2050, 1, 1, tzinfo=UTC), b"\x18\x0f20500101000000Z"),
        (datetime(1950, 1, 1, tzinfo=UTC), b"\x17\x0d500101000000Z"),
    ],
)
def test_moments(at: datetime, octets: bytes) -> None:
    assert der.instant(at) == octets


@given(st.integers(0, 1 << 200))
def test_numbers(value: int) -> None:
    octets = der.integer(value)
    assert octets[0] == der.INTEGER
    assert octets[1] == len(octets) - 2
    assert int.from_bytes(octets[2:], "big", signed=True) == value
    # No octet more than is needed.
    assert len(octets) == 3 or octets[2:4] >= b"\x00\x80"


def test_identifiers() -> None:
    assert der.identifier("1.2.840.113549.1.7.2") == b64decode("BgkqhkiG9w0BBwI=")
