"""The electronic seal, judged by pyHanko's validator and by cryptography."""

import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO

import pypdf
import pytest
from asn1crypto import pem
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from podatelna.kernel.seal import seal_authority, seal_pdf

AT = datetime(2026, 3, 2, 9, 30, 15, tzinfo=timezone(timedelta(hours=1)))
SEED = b"a sandbox"
MARK = b"a remark that the seal covers"


def blank(*, identified: bool = True) -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(850, 567)
    writer.metadata = {"/Producer": "a test", "/Subject": MARK.decode()}
    if identified:
        writer.generate_file_identifiers()
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


@dataclass(frozen=True)
class Verdict:
    intact: bool
    """The digest in the signature is the file's."""
    valid: bool
    """The signature is the certificate's, over that digest."""
    trusted: bool
    whole_file: bool
    signed_at: datetime | None


def judge(pdf: bytes, authority: bytes) -> Verdict:
    context = ValidationContext(
        trust_roots=[asn1.Certificate.load(pem.unarmor(authority)[2])],
        moment=AT,
        allow_fetching=False,
    )
    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    status = validate_pdf_signature(signature, signer_validation_context=context)
    return Verdict(
        status.intact,
        status.valid,
        status.trusted,
        status.coverage.name == "ENTIRE_FILE",
        status.signer_reported_dt,
    )


def certificate(pdf: bytes) -> x509.Certificate:
    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    return x509.load_der_x509_certificate(signature.signer_cert.dump())


@pytest.fixture(scope="module")
def original() -> bytes:
    return blank()


@pytest.fixture(scope="module")
def sealed(original: bytes) -> bytes:
    return seal_pdf(original, at=AT, name="Filing office", seed=SEED)


def test_seal_is_valid_and_covers_the_whole_file(sealed: bytes) -> None:
    assert judge(sealed, seal_authority(SEED)) == Verdict(
        intact=True, valid=True, trusted=True, whole_file=True, signed_at=AT
    )


def test_seal_of_another_authority_is_not_trusted(sealed: bytes) -> None:
    assert judge(sealed, seal_authority(b"another sandbox")) == Verdict(
        intact=True, valid=True, trusted=False, whole_file=True, signed_at=AT
    )


def test_flipped_byte_of_the_content_breaks_the_seal(sealed: bytes) -> None:
    place = sealed.index(MARK)
    forged = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
    assert judge(forged, seal_authority(SEED)) == Verdict(
        intact=False, valid=True, trusted=False, whole_file=True, signed_at=AT
    )


def test_flipped_byte_of_the_appended_part_breaks_the_seal(sealed: bytes) -> None:
    forged = sealed.replace(b"20260302093015", b"20260302093016")
    assert judge(forged, seal_authority(SEED)) == Verdict(
        intact=False,
        valid=True,
        trusted=False,
        whole_file=True,
        signed_at=AT + timedelta(seconds=1),
    )


def test_flipped_byte_of_the_signature_breaks_the_seal(sealed: bytes) -> None:
    (signature,) = PdfFileReader(BytesIO(sealed)).embedded_signatures
    value = signature.signer_info["signature"].native.hex().upper().encode()
    place = sealed.index(value) + len(value) - 1
    other = b"0" if sealed[place : place + 1] != b"0" else b"1"
    forged = sealed[:place] + other + sealed[place + 1 :]
    assert judge(forged, seal_authority(SEED)) == Verdict(
        intact=True, valid=False, trusted=False, whole_file=True, signed_at=AT
    )


def test_certificate_says_that_it_is_a_test(sealed: bytes) -> None:
    held, authority = certificate(sealed), x509.load_pem_x509_certificate(seal_authority(SEED))
    assert held.subject.rfc4514_string() == (
        "CN=TEST Filing office,OU=TEST\\, without legal effect,O=podatelna sandbox"
    )
    assert authority.subject.rfc4514_string() == (
        "CN=TEST authority,OU=TEST\\, without legal effect,O=podatelna sandbox"
    )


def test_certificate_is_the_authoritys(sealed: bytes) -> None:
    held, authority = certificate(sealed), x509.load_pem_x509_certificate(seal_authority(SEED))
    held.verify_directly_issued_by(authority)
    authority.verify_directly_issued_by(authority)
    limits = [
        each.extensions.get_extension_for_class(x509.BasicConstraints) for each in (held, authority)
    ]
    assert [(limit.critical, limit.value.ca, limit.value.path_length) for limit in limits] == [
        (True, False, None),
        (True, True, 0),
    ]
    assert (held.not_valid_before_utc, held.not_valid_after_utc) == (
        datetime(2000, 1, 1, tzinfo=UTC),
        datetime(2099, 12, 31, tzinfo=UTC),
    )


def test_long_names_are_cut_to_what_a_certificate_may_hold(original: bytes) -> None:
    (name,) = certificate(
        seal_pdf(original, at=AT, name="x" * 99, seed=SEED)
    ).subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert name.value == "TEST " + "x" * 59


def test_original_is_left_as_it_was(original: bytes, sealed: bytes) -> None:
    assert sealed.startswith(original)
    before, after = (pypdf.PdfReader(BytesIO(each)) for each in (original, sealed))
    assert after.metadata == before.metadata
    assert len(after.pages) == 1
    (field,) = after.root_object["/AcroForm"]["/Fields"]
    assert [float(edge) for edge in field.get_object()["/Rect"]] == [0, 0, 0, 0]
    assert field.get_object()["/V"]["/SubFilter"] == "/ETSI.CAdES.detached"


@pytest.mark.parametrize("identified", [True, False])
def test_equal_calls_give_equal_bytes(identified: bool) -> None:
    pdf = blank(identified=identified)
    code = (
        "import sys; from datetime import datetime; from podatelna.kernel.seal import seal_pdf;"
        "sys.stdout.buffer.write(seal_pdf(sys.stdin.buffer.read(), name='Filing office',"
        f" at=datetime.fromisoformat({AT.isoformat()!r}), seed={SEED!r}))"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", code], input=pdf, capture_output=True, check=True
    ).stdout
    assert elsewhere == seal_pdf(pdf, at=AT, name="Filing office", seed=SEED)


@pytest.mark.parametrize(
    "change", [{"at": AT + timedelta(days=1)}, {"name": "Other"}, {"seed": b"other"}], ids=repr
)
def test_other_calls_give_other_bytes(
    original: bytes, sealed: bytes, change: dict[str, object]
) -> None:
    call = {"at": AT, "name": "Filing office", "seed": SEED} | change
    assert seal_pdf(original, **call) != sealed


def test_sealed_file_is_not_sealed_again(sealed: bytes) -> None:
    with pytest.raises(SigningError, match="Seal"):
        seal_pdf(sealed, at=AT, name="Filing office", seed=SEED)


def test_what_is_no_pdf_is_not_sealed() -> None:
    with pytest.raises(PdfReadError):
        seal_pdf(b"no PDF", at=AT, name="Filing office", seed=SEED)


def test_costs_nothing_until_it_is_asked_for() -> None:
    code = (
        "import sys, podatelna.kernel.seal;"
        " sys.exit('pyhanko' in sys.modules or 'cryptography' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_signature_that_was_read_before_does_no_harm() -> None:
    """In a fresh interpreter: asn1crypto's names are in use before pyHanko adds its own."""
    code = (
        "from asn1crypto.cms import CMSAttributeType; CMSAttributeType('message_digest').dump();"
        "import sys; from datetime import UTC, datetime;"
        "from podatelna.kernel.seal import seal_pdf;"
        "pdf = sys.stdin.buffer.read();"
        "sealed = seal_pdf(pdf, at=datetime(2026, 3, 2, tzinfo=UTC), name='a', seed=b'b');"
        "print(sealed.startswith(pdf) and len(sealed) > len(pdf))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], input=blank(), capture_output=True, check=False
    )
    assert ran.stdout == b"True\n", ran.stderr.decode()
