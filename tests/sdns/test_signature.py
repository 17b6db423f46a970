"""Signed data of several makers, none of them podatelna, and what is wrong with others."""

import shutil
import tracemalloc
from base64 import encodebytes
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms, core, pem
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key, pkcs7
from hypothesis import given
from hypothesis import strategies as st

from podatelna.sdns.ber import NotBer, Reader
from podatelna.sdns.model import Certificate
from podatelna.sdns.signature import NotSigned, Signed, Signer, open_signed, refusal
from tests.sdns.signing import (
    AUTHORITY,
    CONTENT,
    HASHES,
    Holder,
    ber,
    by_cryptography,
    by_hand,
    by_openssl,
    curve_holder,
    holder,
    signature_value,
    signed_data,
    signer_info,
    words,
)

BEGIN, END = datetime(2000, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)
DIGESTS = tuple(HASHES)

needs_openssl = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="OpenSSL is not installed"
)


def signer(who: Holder | None = None, digest: str = "sha256") -> Signer:
    certificate = (who or holder()).certificate
    return Signer(
        certificate.issuer.rfc4514_string(),
        str(certificate.serial_number),
        digest,
        certificate.public_bytes(Encoding.DER),
        BEGIN,
        END,
    )


def opened(data: bytes, *, lenient: bool = False) -> Signed:
    return open_signed(data, lenient=lenient)


def refused(data: bytes, *, lenient: bool = True) -> str:
    with pytest.raises(NotSigned) as refusal:
        open_signed(data, lenient=lenient)
    assert str(refusal.value).endswith(".")
    return refusal.value.reason


# -- what is right


@pytest.mark.parametrize("digest", DIGESTS[1:])
def test_what_cryptography_makes(digest: str) -> None:
    made = by_cryptography(digest=digest)
    assert opened(made) == Signed(CONTENT, (signer(digest=digest),))


@pytest.mark.parametrize(
    "options",
    [[pkcs7.PKCS7Options.NoCapabilities], [pkcs7.PKCS7Options.NoAttributes]],
    ids=["no capabilities", "no attributes"],
)
def test_what_cryptography_makes_with_options(options: list[pkcs7.PKCS7Options]) -> None:
    assert opened(by_cryptography(CONTENT, *options)) == Signed(CONTENT, (signer(),))


@needs_openssl
@pytest.mark.parametrize(
    "arguments",
    [
        ["smime", "-sign", "-nodetach", "-outform", "DER"],
        ["smime", "-sign", "-nodetach", "-outform", "DER", "-noattr"],
        ["smime", "-sign", "-nodetach", "-outform", "DER", "-stream"],
        ["cms", "-sign", "-nodetach", "-outform", "DER"],
        ["cms", "-sign", "-nodetach", "-outform", "DER", "-keyid"],
        ["cms", "-sign", "-nodetach", "-outform", "DER", "-noattr"],
        ["cms", "-sign", "-nodetach", "-outform", "DER", "-stream"],
        ["cms", "-sign", "-nodetach", "-outform", "DER", "-cades"],
        ["cms", "-sign", "-nodetach", "-outform", "DER", "-keyopt", "rsa_padding_mode:pss"],
        ["cms", "-sign", "-nodetach", "-outform", "DER", "-econtent_type", "1.2.3.4"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("digest", ["sha1", "sha256"])
def test_what_openssl_makes(tmp_path: Path, arguments: list[str], digest: str) -> None:
    found = opened(by_openssl(tmp_path, *arguments, "-md", digest))
    assert found.content == CONTENT
    assert set(found.signers) == {signer(digest=digest)}


@pytest.mark.parametrize("digest", DIGESTS)
@pytest.mark.parametrize("attributes", [list, None], ids=["attributes", "none"])
@pytest.mark.parametrize("salt", [None, 0, 20])
def test_rsa_in_all_forms(digest: str, attributes: Any, salt: int | None) -> None:
    made = by_hand(digest=digest, attributes=attributes, pss=salt)
    assert opened(made) == Signed(CONTENT, (signer(digest=digest),))


@pytest.mark.parametrize("digest", DIGESTS)
@pytest.mark.parametrize("curve", ["secp256r1", "secp384r1", "secp521r1"])
def test_elliptic_curves(digest: str, curve: str) -> None:
    who = curve_holder(curve)
    assert opened(by_hand(by=who, digest=digest)) == Signed(CONTENT, (signer(who, digest),))


@pytest.mark.parametrize("algorithm", ["sha256_rsa", "rsassa_pkcs1v15"])
def test_the_algorithm_may_name_the_digest_or_not(algorithm: str) -> None:
    assert opened(by_hand(algorithm=algorithm)).signers == (signer(),)


def test_a_signer_may_be_named_by_its_key() -> None:
    assert opened(by_hand(key_identifier=True)).signers == (signer(),)


def test_attributes_may_be_signed_in_the_order_in_which_they_are_sent() -> None:
    """Which is not that of DER."""
    info = signer_info()
    first, second = (each.dump() for each in info["signed_attrs"])
    attributes = bytes([len(first + second)]) + second + first
    info["signature"] = signature_value(holder(), b"\x31" + attributes)
    whole = signed_data([info])
    assert refused(whole) == "bad_signature"
    assert first + second in whole
    assert opened(whole.replace(first + second, second + first)).signers == (signer(),)


def test_attributes_may_be_sent_in_another_order_than_that_of_der() -> None:
    """They are signed as DER all the same."""
    sorted_ = signer_info()
    first, second = (each.dump() for each in sorted_["signed_attrs"])
    info = sorted_.dump()
    assert first + second in info
    assert opened(swapped(info, first, second)).signers == (signer(),)


def swapped(info: bytes, first: bytes, second: bytes) -> bytes:
    changed = info.replace(first + second, second + first)
    whole = signed_data([signer_info()])
    assert info in whole
    return whole.replace(info, changed)


@pytest.mark.parametrize("piece", [0, 1, 7, 1000])
def test_the_basic_encoding(piece: int) -> None:
    assert opened(ber(by_hand(), piece)) == Signed(CONTENT, (signer(),))


def test_attributes_in_the_basic_encoding() -> None:
    """Lengths are left open inside of the signer's part; the signature is over DER."""
    info = signer_info().dump()
    attributes = signer_info()["signed_attrs"]
    inside = b"".join(b"\x30\x80" + each.contents + b"\0\0" for each in attributes)
    plain = attributes.dump()
    opened_attributes = b"\xa0\x80" + inside + b"\0\0"
    content = cms.SignerInfo.load(info).contents.replace(b"\xa0" + plain[1:], opened_attributes)
    assert content != cms.SignerInfo.load(info).contents
    whole = replaced_signers(b"\x30\x80" + content + b"\0\0")
    assert opened(whole).signers == (signer(),)


def replaced_signers(infos: bytes, content: bytes | None = CONTENT) -> bytes:
    """Signed data with these bytes in the set of signers."""
    whole = cms.ContentInfo.load(signed_data([], content))
    signed = whole["content"]
    inner = signed.contents
    assert inner.endswith(b"\x31\0")
    made = core.Sequence()
    made.contents = inner[:-2] + _head(0x31, len(infos)) + infos
    outer = _head(0xA0, len(made.dump())) + made.dump()
    identifier = whole["content_type"].dump()
    return _head(0x30, len(identifier + outer)) + identifier + outer


def _head(tag: int, length: int) -> bytes:
    return bytes([tag, 0x83]) + length.to_bytes(3, "big")


def test_several_signers() -> None:
    infos = [signer_info(), signer_info(by=curve_holder())]
    made = signed_data(infos, certificates=[curve_holder(), holder()])
    assert set(opened(made).signers) == {signer(), signer(curve_holder())}


def test_empty_content() -> None:
    assert opened(by_hand(b"")).content == b""


def test_certificates_of_no_use_are_passed_over() -> None:
    made = signed_data([signer_info()], certificates=[holder("bert"), curve_holder(), holder()])
    assert opened(made).signers == (signer(),)


# -- wrapped


PEMS = ["PKCS7", "CMS", "PKCS #7 SIGNED DATA"]
MAIL = b"MIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; name=smime.p7m\r\n\r\n"


WRAPPINGS: dict[str, Callable[[bytes], bytes]] = {
    **{label: partial(pem.armor, label) for label in PEMS},
    "CRLF": lambda data: b"\n" + pem.armor("PKCS7", data).replace(b"\n", b"\r\n"),
    "S/MIME": lambda data: MAIL + encodebytes(data),
    "S/MIME with LF": lambda data: MAIL.replace(b"\r\n", b"\n") + encodebytes(data),
}


@pytest.mark.parametrize("wrap", WRAPPINGS.values(), ids=WRAPPINGS)
def test_text_around_the_data_is_taken_if_lenient(wrap: Callable[[bytes], bytes]) -> None:
    wrapped = wrap(by_hand())
    assert opened(wrapped, lenient=True) == Signed(CONTENT, (signer(),))
    assert refused(wrapped, lenient=False) == "wrapped"


@needs_openssl
@pytest.mark.parametrize("form", ["PEM", "SMIME"])
@pytest.mark.parametrize("tool", ["cms", "smime"])
def test_what_openssl_wraps(tmp_path: Path, tool: str, form: str) -> None:
    made = by_openssl(tmp_path, tool, "-sign", "-nodetach", "-outform", form)
    assert opened(made, lenient=True) == Signed(CONTENT, (signer(),))


def test_what_follows_the_data() -> None:
    assert opened(by_hand() + b"\r\n", lenient=True).content == CONTENT
    assert refused(by_hand() + b"\n", lenient=False) == "trailing_data"


# -- what is wrong


def test_tampered_content() -> None:
    made = by_hand()
    assert refused(made.replace(b"Nov", b"Nov".swapcase())) == "digest_mismatch"
    bare = by_hand(attributes=None)
    assert refused(bare.replace(b"Nov", b"Nov".swapcase())) == "bad_signature"


def test_another_ones_signature() -> None:
    """The signature of one with the name of another."""
    value = signer_info(by=holder("bert"))["signature"].native
    info = signer_info()
    info["signature"] = value
    assert refused(signed_data([info])) == "bad_signature"


def test_one_wrong_signature_of_two() -> None:
    wrong = signer_info(by=holder("bert"))
    wrong["signature"] = signer_info()["signature"].native
    made = signed_data([signer_info(), wrong], certificates=[holder(), holder("bert")])
    assert refused(made) == "bad_signature"


def kind(name: str, value: Any) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": name, "values": [value]})


@pytest.mark.parametrize(
    "attributes",
    [
        lambda listed: listed[:1],
        lambda listed: listed[1:],
        lambda listed: [*listed, kind("message_digest", b"1")],
        lambda listed: [*listed, listed[0]],
        lambda listed: [kind("content_type", "signed_data"), listed[1]],
    ],
    ids=["no digest", "no type", "two digests", "two types", "another type"],
)
def test_wrong_attributes(attributes: Any) -> None:
    assert refused(by_hand(attributes=attributes)) == "bad_attributes"


def test_signatures_that_nobody_supports() -> None:
    assert refused(by_hand(algorithm="sha1_dsa")) == "unsupported_algorithm"
    assert refused(by_hand(algorithm="md5_rsa")) == "unsupported_algorithm"
    assert refused(by_hand(algorithm="sha256_ecdsa")) == "unsupported_algorithm"
    info = signer_info()
    info["digest_algorithm"] = {"algorithm": "md5"}
    assert refused(signed_data([info])) == "unsupported_algorithm"


def test_no_signer() -> None:
    assert refused(signed_data([])) == "no_signer"


def test_too_many_signers() -> None:
    assert len(opened(signed_data([signer_info()] * 16)).signers) == 16
    assert refused(signed_data([signer_info()] * 17)) == "too_many_signers"


def test_no_certificate() -> None:
    assert refused(signed_data([signer_info()], certificates=[])) == "no_certificate"
    others = [holder("bert"), curve_holder()]
    assert refused(signed_data([signer_info()], certificates=others)) == "no_certificate"
    by_key = signer_info(key_identifier=True)
    assert refused(signed_data([by_key], certificates=others)) == "no_certificate"


def test_a_certificate_that_cannot_be_read() -> None:
    made = by_hand()
    at = made.index(b"\xa0\x03\x02\x01\x02")
    assert refused(made[: at + 4] + b"\x01" + made[at + 5 :]) == "bad_certificate"
    assert refused(made[: at + 4] + b"\x09" + made[at + 5 :]) == "bad_certificate"


def test_a_detached_signature() -> None:
    assert refused(signed_data([signer_info()], None)) == "detached"
    detached = by_cryptography(CONTENT, pkcs7.PKCS7Options.DetachedSignature)
    assert refused(detached) == "detached"
    clear = by_cryptography(CONTENT, pkcs7.PKCS7Options.DetachedSignature, encoding=Encoding.SMIME)
    assert refused(clear) == "detached"


def test_cms_of_another_kind() -> None:
    enveloped = (
        pkcs7.PKCS7EnvelopeBuilder()
        .set_data(CONTENT)
        .add_recipient(holder().certificate)
        .encrypt(Encoding.DER, [pkcs7.PKCS7Options.Binary])
    )
    assert refused(enveloped) == "not_signed_data"
    plain = cms.ContentInfo({"content_type": "data", "content": CONTENT}).dump()
    assert refused(plain) == "not_signed_data"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"0",
        CONTENT,
        b"-----BEGIN PKCS7-----\nMII",
        b"-----BEGIN PKCS7-----\nMII\n-----END PKCS7-----\n",
        MAIL + b"?",
        b"Content-Type: application/pkcs7-mime",
        b"\x30\x80" * 100_000,
        b"\x30\x84\xff\xff\xff\xff",
        b"\x30\xff" + b"\xff" * 200,
        b"\x04\x80\0\0",
        b"\x1f\x81\x01\0",
    ],
    ids=words,
)
def test_what_is_no_cms(data: bytes) -> None:
    assert refused(data) == "not_cms"


@pytest.mark.parametrize("encoding", [Encoding.DER, Encoding.PEM])
def test_a_certificate_is_no_cms(encoding: Encoding) -> None:
    assert refused(holder().certificate.public_bytes(encoding)) == "not_cms"


def test_content_that_is_no_string() -> None:
    whole = by_hand()
    start = whole.index(CONTENT) - 2
    assert whole[start] == 0x04
    assert refused(whole[:start] + b"\x0c" + whole[start + 1 :]) == "not_cms"


def test_what_ends_too_early() -> None:
    for form in (by_hand(), ber(by_hand(), 7)):
        for end in range(len(form)):
            assert refused(form[:end]) == "not_cms"


# -- hostile


@pytest.mark.parametrize("piece", [0, 7], ids=["DER", "BER"])
@given(st.data())
def test_a_flipped_bit_is_refused_or_harmless(piece: int, data: st.DataObject) -> None:
    whole = bytearray(ber(by_hand(), piece) if piece else by_hand())
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    unchanged(bytes(whole))


@pytest.mark.parametrize("options", [[], [pkcs7.PKCS7Options.NoAttributes]])
@given(at=st.integers(0), value=st.integers(0, 255))
def test_another_byte_is_refused_or_harmless(
    options: list[pkcs7.PKCS7Options], at: int, value: int
) -> None:
    whole = bytearray(by_cryptography(CONTENT, *options))
    whole[at % len(whole)] = value
    unchanged(bytes(whole))


def unchanged(data: bytes) -> None:
    with suppress(NotSigned):
        found = open_signed(data, lenient=True)
        assert found.content == CONTENT
        assert [(each.issuer, each.serial) for each in found.signers] == [
            (signer().issuer, signer().serial)
        ]


@given(st.binary(max_size=300))
def test_anything_is_refused(data: bytes) -> None:
    assert refused(data)


@given(st.binary(max_size=60))
def test_any_signer_is_refused(data: bytes) -> None:
    assert refused(replaced_signers(b"\x30" + bytes([len(data)]) + data))


def test_many_pieces_end() -> None:
    """Half a million elements are looked at, whatever the encoding is."""
    endless = b"\x24\x80" + b"\x04\x00" * (1 << 20)
    with pytest.raises(NotBer, match="too many pieces"):
        Reader(endless).first()
    deep = b"\x30\x80" * 30
    with pytest.raises(NotBer, match="too deep"):
        Reader(deep).first()


@pytest.mark.parametrize("piece", [0, 1000], ids=["DER", "BER"])
def test_large_content_is_copied_once(piece: int) -> None:
    content = sha256(b"").digest() * (8 << 15)
    made = by_hand(content)
    whole = ber(made, piece) if piece else made
    tracemalloc.start()
    try:
        found = opened(whole)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found.content == content
    assert peak < 2.5 * len(content)


# -- whose it is


AT = datetime(2026, 3, 2, 8, tzinfo=UTC)


def known(login: str = "anna", revoked: str = "", serial: str = "") -> Certificate:
    return Certificate(login, signer().issuer, serial or signer().serial, revoked)


@pytest.mark.parametrize(
    ("registered", "at", "told"),
    [
        ([known()], AT, ""),
        ([known("bert"), known()], AT, ""),
        ([known()], BEGIN, ""),
        ([known()], END, ""),
        ([], AT, "not_registered"),
        ([known(serial="1")], AT, "not_registered"),
        ([Certificate("anna", "CN=other", signer().serial)], AT, "not_registered"),
        ([known("bert")], AT, "registered_for_another"),
        ([known()], BEGIN - timedelta(seconds=1), "not_yet_valid"),
        ([known()], END + timedelta(seconds=1), "expired"),
        ([known(revoked="2026-03-02T08:00:00+00:00")], AT, "revoked"),
        ([known(revoked="2026-03-02T08:00:01+00:00")], AT, ""),
        ([known(revoked="2026-03-02")], AT, "revoked"),
        ([known(revoked="2026-03-03")], AT, ""),
    ],
)
def test_why_a_signature_is_not_the_users(
    registered: list[Certificate], at: datetime, told: str
) -> None:
    signed = Signed(CONTENT, (signer(),))
    assert refusal(signed, "anna", registered, at, validity=True) == told
    untimely = told in ("not_yet_valid", "expired", "revoked")
    expected = "" if untimely else told
    assert refusal(signed, "anna", registered, at, validity=False) == expected


def test_one_signer_of_several_is_enough() -> None:
    signed = Signed(CONTENT, (signer(curve_holder()), signer()))
    assert refusal(signed, "anna", [known()], AT, validity=True) == ""
    assert refusal(signed, "bert", [known()], AT, validity=True) == "not_registered"


def test_an_issuer_may_be_encoded_anew() -> None:
    """As PrintableString in the signer's part, and UTF8String in the certificate."""
    info = signer_info().dump()
    name = holder().asn1.issuer.dump()
    assert name in info
    anew = info.replace(name, name.replace(b"\x0c", b"\x13"))
    assert anew != info
    whole = signed_data([signer_info()]).replace(info, anew)
    assert opened(whole).signers == (signer(),)


def test_keys_of_the_holders_are_what_is_tested() -> None:
    """The makers above are podatelna's only in that its authority gave them certificates."""
    made = AUTHORITY.identity("anna", "valid")
    assert isinstance(curve_holder().key, ec.EllipticCurvePrivateKey)
    assert load_pem_private_key(made.key_pem, None)
    assert x509.load_pem_x509_certificate(made.certificate_pem) == holder().certificate
