"""The test authority, judged by cryptography and OpenSSL."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from podatelna.kernel import keys
from podatelna.kernel.authority import KINDS, Authority, Kind
from podatelna.kernel.keys import derived_key

AUTHORITY = Authority(b"a seed", "podatelna TEST")
BEGIN, END = datetime(2000, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)


def certificate(kind: Kind = "valid", holder: str = "anna") -> x509.Certificate:
    return x509.load_pem_x509_certificate(AUTHORITY.identity(holder, kind).certificate_pem)


def own(kind: Kind = "valid") -> x509.Certificate:
    return x509.load_pem_x509_certificate(AUTHORITY.certificate(kind))


# -- keys


def primes() -> Iterator[int]:
    return (number for number in range(5, 3000) if all(number % each for each in range(2, number)))


def test_primes_are_told_from_others() -> None:
    odd = range(5, 3000, 2)
    assert [each for each in odd if keys._is_prime(each, b"")] == list(primes())


@pytest.mark.parametrize("number", [561, 1105, 3215031751, 3825123056546413051, (1 << 127) + 1])
def test_what_looks_like_a_prime_is_found_out(number: int) -> None:
    """Carmichael numbers, and strong pseudoprimes of the first bases."""
    assert not keys._is_prime(number, b"")


@pytest.mark.parametrize("exponent", [61, 127, 521, 1279])
def test_large_primes_are_found(exponent: int) -> None:
    assert keys._is_prime((1 << exponent) - 1, b"")


def test_the_sieve_leaves_what_has_no_small_factor() -> None:
    start = (1 << 64) + 1
    left = set(keys._sieved(start))
    whole = range(start, start + 2 * keys._WINDOW, 2)
    small = [3, *(each for each in range(5, keys._SIEVED_BY, 2) if keys._is_prime(each, b""))]
    assert list(keys._small_primes()) == small
    assert left == {each for each in whole if all(each % prime for prime in small)}


def test_a_key_is_a_good_one() -> None:
    """OpenSSL checks it when it is loaded; here: size, exponent and distance of its primes."""
    key = derived_key(b"a label")
    numbers = key.private_numbers()
    assert (key.key_size, numbers.public_numbers.e) == (2048, 65537)
    assert numbers.p.bit_length() == numbers.q.bit_length() == 1024
    assert abs(numbers.p - numbers.q).bit_length() > 900
    signature = key.sign(b"text", PKCS1v15(), SHA256())
    key.public_key().verify(signature, b"text", PKCS1v15(), SHA256())


def test_a_key_follows_from_its_label() -> None:
    first = derived_key(b"a label").private_numbers()
    derived_key.cache_clear()
    assert derived_key(b"a label").private_numbers() == first
    assert derived_key(b"another label").private_numbers() != first


# -- certificates


@pytest.mark.parametrize("kind", KINDS)
def test_issuer_and_serial_are_known_beforehand(kind: Kind) -> None:
    made, identity = certificate(kind), AUTHORITY.identity("anna", kind)
    assert made.issuer.rfc4514_string() == AUTHORITY.issuer(kind) == identity.issuer
    assert made.serial_number == AUTHORITY.serial("anna", kind) == identity.serial


def test_names_and_numbers_take_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("podatelna.kernel.authority.derived_key", None)
    fresh = Authority(b"another seed", "TEST")
    assert fresh.issuer("valid") == "CN=TEST,OU=TEST without legal effect,O=podatelna sandbox"
    assert fresh.issuer("foreign").startswith("CN=TEST foreign,")
    numbers = {fresh.serial(holder, kind) for holder in ("anna", "bert") for kind in KINDS}
    assert len(numbers) == 2 * len(KINDS)
    assert fresh.serial("anna", "valid") != AUTHORITY.serial("anna", "valid")


@pytest.mark.parametrize(
    ("kind", "begin", "end"),
    [
        ("valid", BEGIN, END),
        ("expired", BEGIN, datetime(2001, 1, 1, tzinfo=UTC)),
        ("future", datetime(2098, 1, 1, tzinfo=UTC), END),
        ("revoked", BEGIN, END),
        ("unregistered", BEGIN, END),
        ("foreign", BEGIN, END),
    ],
)
def test_validity(kind: Kind, begin: datetime, end: datetime) -> None:
    made = certificate(kind)
    assert (made.not_valid_before_utc, made.not_valid_after_utc) == (begin, end)


@pytest.mark.parametrize("kind", KINDS)
def test_a_certificate_is_its_authoritys_and_its_keys(kind: Kind) -> None:
    made, identity = certificate(kind), AUTHORITY.identity("anna", kind)
    made.verify_directly_issued_by(own(kind))
    key = load_pem_private_key(identity.key_pem, None)
    assert isinstance(key, RSAPrivateKey)
    assert key.public_key() == made.public_key()


def test_a_foreign_certificate_is_of_another_authority() -> None:
    with pytest.raises((ValueError, InvalidSignature)):
        certificate("foreign").verify_directly_issued_by(own())
    assert own("foreign").public_key() != own().public_key()


def test_what_a_certificate_says() -> None:
    made = certificate()
    assert made.subject.rfc4514_string() == (
        "CN=TEST anna,OU=TEST without legal effect,O=podatelna sandbox"
    )
    told = {each.oid: (each.critical, each.value) for each in made.extensions}
    key, issuer = made.public_key(), own().public_key()
    assert isinstance(key, RSAPublicKey)
    assert isinstance(issuer, RSAPublicKey)
    assert told == {
        ExtensionOID.BASIC_CONSTRAINTS: (True, x509.BasicConstraints(False, None)),
        ExtensionOID.KEY_USAGE: (True, usage(signs=True)),
        ExtensionOID.EXTENDED_KEY_USAGE: (
            True,
            x509.ExtendedKeyUsage(
                [
                    ExtendedKeyUsageOID.EMAIL_PROTECTION,
                    x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36"),
                ]
            ),
        ),
        ExtensionOID.SUBJECT_KEY_IDENTIFIER: (
            False,
            x509.SubjectKeyIdentifier.from_public_key(key),
        ),
        ExtensionOID.AUTHORITY_KEY_IDENTIFIER: (
            False,
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer),
        ),
    }


def usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=signs,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signs,
        crl_sign=not signs,
        encipher_only=False,
        decipher_only=False,
    )


# -- harmlessness


def server_certificate() -> x509.Certificate:
    """What somebody would make with the authority's key, which is no secret."""
    key = derived_key(b"server")
    issuer = own()
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(2)
        .not_valid_before(BEGIN)
        .not_valid_after(END)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("example.org")]), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(authority_key(), SHA256())
    )


def authority_key() -> RSAPrivateKey:
    from podatelna.kernel.authority import _own_key

    return _own_key(AUTHORITY)


def test_the_authority_says_that_it_is_a_test_and_excludes_all_servers() -> None:
    authority = own()
    assert "TEST" in authority.subject.rfc4514_string()
    names = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert (names.critical, names.value.permitted_subtrees) == (True, None)
    assert [str(each.value) for each in names.value.excluded_subtrees or ()] == [
        "",
        "0.0.0.0/0",
        "::/0",
    ]
    limits = authority.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (limits.critical, limits.value) == (True, x509.BasicConstraints(True, 0))
    purposes = authority.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert purposes.critical
    assert ExtendedKeyUsageOID.SERVER_AUTH not in purposes.value
    assert authority.extensions.get_extension_for_class(x509.KeyUsage).value == usage(signs=False)


def test_it_cannot_vouch_for_a_server() -> None:
    verifier = PolicyBuilder().store(Store([own()])).time(datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(VerificationError):
        verifier.build_server_verifier(x509.DNSName("example.org")).verify(server_certificate(), [])


@pytest.mark.skipif(shutil.which("openssl") is None, reason="OpenSSL is not installed")
@pytest.mark.parametrize(
    ("purpose", "made", "told"),
    [
        ("smimesign", certificate, "OK"),
        ("sslserver", certificate, "unsuitable certificate purpose"),
        ("sslserver", server_certificate, "unsuitable certificate purpose"),
        ("any", server_certificate, "excluded subtree violation"),
    ],
)
def test_what_openssl_says(tmp_path: Path, purpose: str, made: object, told: str) -> None:
    assert callable(made)
    (tmp_path / "own.pem").write_bytes(AUTHORITY.certificate())
    (tmp_path / "made.pem").write_bytes(made().public_bytes(Encoding.PEM))
    command = ["openssl", "verify", "-purpose", purpose, "-CAfile", "own.pem", "made.pem"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert told in ran.stdout + ran.stderr


# -- the same everywhere


def test_equal_calls_give_equal_bytes_in_any_process() -> None:
    code = (
        "import hashlib\n"
        "from podatelna.kernel.authority import Authority\n"
        "authority = Authority(b'a seed', 'podatelna TEST')\n"
        "made = authority.identity('anna', 'valid')\n"
        "print(hashlib.sha256(made.certificate_pem + made.key_pem "
        "+ authority.certificate()).hexdigest())"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    identity = AUTHORITY.identity("anna", "valid")
    here = identity.certificate_pem + identity.key_pem + AUTHORITY.certificate()
    assert ran.stdout.strip() == hashlib.sha256(here).hexdigest()


@pytest.mark.parametrize("name", ["", " TEST", "TEST ", "TEST,b", "TEST\nb", "TEST š", "TEST" * 13])
def test_names_of_authorities_that_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name of an authority"):
        Authority(b"", name)


@pytest.mark.parametrize("holder", ["", "a\nb", "a\0", "a" * 60, "\ud800"])
def test_holders_that_are_refused(holder: str) -> None:
    with pytest.raises(ValueError, match="1 to 59 characters"):
        AUTHORITY.identity(holder, "valid")
    assert AUTHORITY.serial(holder, "valid") > 0


def test_a_holder_may_have_any_name() -> None:
    assert "TEST žofie/+,=@" in str(certificate(holder="žofie/+,=@").subject.rdns[-1]).replace(
        "\\", ""
    )


def test_an_authority_must_say_that_it_is_a_test() -> None:
    with pytest.raises(ValueError, match="must say TEST"):
        Authority(b"", "podatelna")
