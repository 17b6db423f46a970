"""Each known mistake with signed data is made once, and has to be told."""

import gzip
import zlib
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import pem
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key, pkcs7
from hypothesis import given
from hypothesis import strategies as st

from podatelna.cli import main
from podatelna.kernel.authority import Kind
from podatelna.sdns.certificates import AUTHORITY, identity, registered
from podatelna.sdns.diagnosis import Circumstances, Diagnosis, diagnose
from podatelna.sdns.inscription import remarks_on_text
from podatelna.sdns.signature import open_signed
from tests.sdns.signing import (
    CONTENT,
    Holder,
    by_cryptography,
    by_hand,
    signed_data,
    signer_info,
    words,
)
from tests.sdns.test_compression import raw, zipped

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
KNOWN = (*registered("uziv0001"), *registered("uziv0002"))
Make = Callable[[], bytes]


@cache
def signed() -> bytes:
    return by_cryptography()


def told(data: bytes, compression: str = "auto") -> Diagnosis:
    return diagnose(data, Circumstances(AT, compression=compression))


def who(login: str, kind: Kind) -> Holder:
    made = identity(login, kind)
    certificate = x509.load_pem_x509_certificate(made.certificate_pem)
    return Holder(load_pem_private_key(made.key_pem, None), certificate, login)


# -- what is right


@pytest.mark.parametrize(
    ("make", "notes"),
    [
        (signed, []),
        (lambda: gzip.compress(signed()), ["zipmethod must be GZIP"]),
        (lambda: zipped(signed()), ["zipmethod must be ZIP"]),
        (lambda: zlib.compress(signed()), ["zipmethod must be DEFLATE"]),
        (lambda: b64encode(signed()), ["in Base64, as"]),
        (lambda: b64encode(gzip.compress(signed())) + b"\n", ["in Base64, as", "must be GZIP"]),
        (lambda: b64encode(b64encode(signed())), ["in Base64, as", "in Base64 twice"]),
        (lambda: pem.armor("PKCS7", signed()), ["wrapped as PEM"]),
        (
            lambda: b"Content-Type: application/pkcs7-mime\n\n" + b64encode(signed()),
            ["wrapped as S/MIME"],
        ),
    ],
    ids=words,
)
def test_what_is_right(make: Make, notes: list[str]) -> None:
    found = told(make())
    assert (found.right, found.wrong) == (True, ())
    assert found.signed == open_signed(signed(), lenient=False)
    *first, last = found.notes
    # Around comes first, wrapping and content last.
    assert len(first) == len(notes)
    assert all(note in each for note, each in zip(notes, first, strict=True))
    assert last == f"The content is XML in windows-1250, {len(CONTENT)} bytes."


@pytest.mark.parametrize(
    ("compress", "method"), [(raw, "DEFLATE"), (gzip.compress, "GZIP"), (bytes, "NONE")]
)
def test_a_named_compression(compress: Callable[[bytes], bytes], method: str) -> None:
    assert told(compress(signed()), method).right


# -- what is wrong with the signature


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: by_cryptography(CONTENT, pkcs7.PKCS7Options.DetachedSignature), "-nodetach"),
        (lambda: by_cryptography(encoding=Encoding.SMIME), "-nodetach"),
        (lambda: signed().replace(b"Nov", b"nov"), "was changed after it was signed"),
        (
            lambda: by_hand(attributes=None).replace(b"Nov", b"nov"),
            "Another key than the certificate's",
        ),
        (lambda: signed_data([signer_info()], certificates=[]), "certificate along"),
        (lambda: signed_data([]), ".p7b"),
        (lambda: by_hand(algorithm="md5_rsa"), "SHA-1 and SHA-2"),
        (lambda: CONTENT, "It is XML, which is not signed"),
        (lambda: gzip.compress(CONTENT), "It is XML, which is not signed"),
        (lambda: b"<s:Envelope><inputdata/></s:Envelope>", "a whole SOAP message"),
        (lambda: identity("uziv0001", "valid").certificate_pem, "no PKCS#7 in the form of PEM"),
        (lambda: signed()[:-1], "a file that was cut"),
        (lambda: zipped(b64encode(signed())), "What was compressed is Base64 text"),
        (lambda: zipped(signed())[:99], "It is not compressed so: The data end too early."),
        (lambda: b"", "The data are no CMS message"),
        (
            lambda: (
                pkcs7.PKCS7EnvelopeBuilder()
                .set_data(CONTENT)
                .add_recipient(who("uziv0001", "valid").certificate)
                .encrypt(Encoding.DER, [])
            ),
            "do not encrypt",
        ),
    ],
    ids=words,
)
def test_why_it_cannot_be_opened(make: Make, why: str) -> None:
    found = told(make())
    assert (found.signed, found.right) == (None, False)
    assert why in " ".join(found.wrong)


def test_another_compression_than_named() -> None:
    assert told(gzip.compress(signed()), "ZIP").wrong == (
        "It is not compressed so: The data are no ZIP archive: they do not begin with an entry.",
    )


# -- what is wrong with the content


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: zipped(CONTENT), "compressed (ZIP): sign the XML first"),
        (lambda: gzip.compress(CONTENT), "compressed (GZIP): sign the XML first"),
        (lambda: zlib.compress(CONTENT), "compressed (DEFLATE): sign the XML first"),
        (lambda: b64encode(CONTENT), "Base64 text: sign the XML itself"),
        (signed, "signed data again: sign once"),
        (lambda: b"text", "The content is no XML"),
        (
            lambda: CONTENT.decode("cp1250").encode(),
            "declares windows-1250, and its bytes are UTF-8",
        ),
        (lambda: CONTENT.replace(b"windows-1250", b"utf-8"), "breaks at byte 50."),
    ],
    ids=words,
)
def test_what_is_wrong_inside(make: Make, why: str) -> None:
    found = told(by_hand(make()))
    assert found.signed is not None
    assert len(found.wrong) == 1
    assert why in found.wrong[0]


@pytest.mark.parametrize(
    ("content", "wrong", "note"),
    [
        (b"<a/>", "", "XML in utf-8, 4 bytes"),
        (b"\xef\xbb\xbf<a/>", "", "XML in utf-8"),
        (b"\xef\xbb\xbf\r\n<a>\xc4\x8d</a>", "", "XML in utf-8"),
        ('<?xml version="1.0" encoding="utf-16"?><a/>'.encode("utf-16"), "", "XML in utf-16"),
        ("<a/>".encode("utf-16"), "", "XML in utf-16"),
        (b"<?xml version='1.0' encoding='ISO-8859-2'?><a>\xe8</a>", "", "XML in ISO-8859-2"),
        (b"<?xml version='1.0' encoding='windows-1250'?><a/>", "", "XML in windows-1250"),
        (b"<a>\xe8</a>", "breaks at byte 3", ""),
        (b"<?xml version='1.0' encoding='windows-1250'?><a>\x81</a>", "breaks at byte 48", ""),
        (b"<?xml version='1.0' encoding='cp1299'?>", "declares the encoding cp1299", ""),
        (b"<?xml version='1.0' encoding='rot13'?>", "declares the encoding rot13", ""),
        (b"<?xml version='1.0' encoding='windows-1259'?>", "breaks.", ""),
        (b"\xef\xbb\xbf<?xml version='1.0' encoding='windows-1250'?>", "begins with the mark", ""),
        (b"", "no XML", ""),
        (b"MII", "no XML", ""),
    ],
    ids=words,
)
def test_encodings(content: bytes, wrong: str, note: str) -> None:
    found = remarks_on_text(content)
    assert [len(each) for each in found] == [bool(wrong), bool(note)]
    assert wrong in "".join(found[0])
    assert note in "".join(found[1])


# -- whose it is


@pytest.mark.parametrize(
    ("login", "kind", "why"),
    [
        ("uziv0001", "valid", ()),
        ("uziv0002", "valid", ("is registered, but not for uziv0001",)),
        ("uziv0003", "valid", ("is not registered for the user uziv0001",)),
        ("uziv0001", "expired", ("has expired at 2026-03-02", "It is the expired certificate")),
        ("uziv0001", "future", ("is not valid yet at 2026-03-02", "It is the future certificate")),
        ("uziv0001", "revoked", ("is revoked at 2026-03-02", "It is the revoked certificate")),
        ("uziv0001", "unregistered", ("is not registered", "It is the unregistered certificate")),
        ("uziv0001", "foreign", ("is not registered", "It is the foreign certificate")),
    ],
)
def test_whose_it_is(login: str, kind: Kind, why: tuple[str, ...]) -> None:
    made = by_hand(by=who(login, kind))
    found = diagnose(made, Circumstances(AT, "uziv0001", KNOWN))
    assert len(found.wrong) == len(why)
    assert all(each in told for each, told in zip(why, found.wrong, strict=True))


def test_time_matters_even_if_it_does_not_whose_it_is() -> None:
    assert told(by_hand(by=who("uziv0009", "expired"))).wrong == (
        "The signer's certificate has expired at 2026-03-02T08:00:00+00:00.",
    )
    assert told(by_hand(by=who("uziv0009", "valid"))).right


def test_what_is_registered() -> None:
    assert [each.login for each in registered("UZIV0001")] == ["uziv0001"] * 4
    assert {each.issuer for each in KNOWN} == {AUTHORITY.issuer("valid")}
    assert [each.revoked for each in registered("uziv0001")] == [
        "",
        "",
        "",
        "2000-01-02T00:00:00+00:00",
    ]


@given(st.binary(max_size=200), st.sampled_from(["auto", "ZIP", "GZIP", "DEFLATE", "NONE"]))
def test_anything_is_told_to_be_wrong(data: bytes, method: str) -> None:
    assert not told(data, method).right


# -- the command


@pytest.fixture
def call(tmp_path: Path) -> Any:
    def explain(data: bytes, *arguments: str) -> tuple[int, list[str]]:
        file = tmp_path / "ws9990000001.sec"
        file.write_bytes(data)
        ran = CliRunner().invoke(main, ["explain", "signature", str(file), *arguments])
        return ran.exit_code, ran.output.splitlines()

    return explain


def test_the_command(call: Any) -> None:
    made = by_hand(by=who("uziv0001", "valid"))
    serial, issuer = AUTHORITY.serial("uziv0001", "valid"), AUTHORITY.issuer("valid")
    head = [
        f"signed by the certificate {serial} of {issuer}, sha256",
        "valid from 2000-01-01 to 2099-12-31",
    ]
    size = f"The content is XML in windows-1250, {len(CONTENT)} bytes."
    assert call(made, "--user", "UZIV0001") == (0, [*head, "the signed data are right", size])
    assert call(made, "--user", "uziv0002") == (
        1,
        [
            *head,
            "the signed data are wrong",
            "The signer's certificate is registered, but not for uziv0002.",
            size,
        ],
    )
    late = call(made, "--user", "uziv0001", "--at", "2100-01-01T00:00:00Z")
    assert (late[0], late[1][3]) == (
        1,
        "The signer's certificate has expired at 2100-01-01T00:00:00+00:00.",
    )
    assert call(zipped(made), "--compression", "gzip")[0] == 1
    assert call(zipped(made), "--compression", "zip")[0] == 0


def test_wrong_arguments_of_the_command(call: Any) -> None:
    assert call(signed(), "--at", "noon")[0] == 2
    assert "has no time zone" in " ".join(call(signed(), "--at", "2026-03-02T08:00:00")[1])
