"""podatelna certs, judged by cryptography, OpenSSL and Java's keytool."""

import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)

from podatelna.cli import main
from podatelna.kernel.authority import KINDS
from podatelna.sdns.certificates import AUTHORITY, identity
from podatelna.sdns.signature import open_signed


def certs(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["certs", str(folder), *arguments])


def test_what_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "certs"
    ran = certs(folder)
    made = identity("uziv0001", "valid")
    names = ["authority.pem", *(f"uziv0001-valid{end}" for end in (".pem", ".key.pem", ".p12"))]
    assert (ran.exit_code, ran.output.splitlines()) == (
        0,
        [str(folder / name) for name in [*names, "README.txt"]],
    )
    assert {each.name for each in folder.iterdir()} == {*names, "README.txt"}
    assert (folder / "authority.pem").read_bytes() == AUTHORITY.certificate()
    assert (folder / "uziv0001-valid.pem").read_bytes() == made.certificate_pem
    assert (folder / "uziv0001-valid.key.pem").read_bytes() == made.key_pem
    readme = (folder / "README.txt").read_text("utf-8")
    assert "NEVER TRUST THEM" in readme
    assert f"uziv0001-valid: {made.issuer}  {made.serial}\n" in readme
    assert all(f"\n{kind} " in readme for kind in KINDS)


def test_several_users_and_all_kinds(tmp_path: Path) -> None:
    ran = certs(tmp_path, "--user", "UZIV0001", "--user", "uziv0001", "--kind", "all")
    assert ran.exit_code == 0
    written = {each.name for each in tmp_path.glob("*.p12")}
    assert written == {f"uziv0001-{kind}.p12" for kind in KINDS}
    foreign = (tmp_path / "authority-foreign.pem").read_bytes()
    assert foreign == AUTHORITY.certificate("foreign")
    certificate = (tmp_path / "uziv0001-foreign.pem").read_bytes()
    x509.load_pem_x509_certificate(certificate).verify_directly_issued_by(
        x509.load_pem_x509_certificate(foreign)
    )


@pytest.mark.parametrize("password", ["podatelna", "heslo š", ""])
def test_pkcs12(tmp_path: Path, password: str) -> None:
    assert certs(tmp_path, "--password", password).exit_code == 0
    made = identity("uziv0001", "valid")
    data = (tmp_path / "uziv0001-valid.p12").read_bytes()
    found = pkcs12.load_pkcs12(data, password.encode() or None)
    assert found.key is not None
    assert found.cert is not None
    shown = found.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    assert shown == made.key_pem
    assert found.cert.friendly_name == b"uziv0001-valid"
    assert found.cert.certificate.public_bytes(Encoding.PEM) == made.certificate_pem
    others = [each.certificate.public_bytes(Encoding.PEM) for each in found.additional_certs]
    assert others == [AUTHORITY.certificate()]


@pytest.mark.skipif(shutil.which("openssl") is None, reason="OpenSSL is not installed")
def test_openssl_reads_and_signs(tmp_path: Path) -> None:
    assert certs(tmp_path, "--password", "secret").exit_code == 0
    command = ["openssl", "pkcs12", "-in", "uziv0001-valid.p12", "-passin", "pass:secret", "-noenc"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    key = load_pem_private_key(ran.stdout[ran.stdout.index(b"-----BEGIN PRIVATE") :], None)
    shown = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    assert shown == identity("uziv0001", "valid").key_pem
    (tmp_path / "message.xml").write_bytes(b"<VYDANI/>")
    sign = (
        "openssl cms -sign -nodetach -binary -outform DER -in message.xml -out message.sec "
        "-signer uziv0001-valid.pem -inkey uziv0001-valid.key.pem"
    )
    subprocess.run(sign.split(), cwd=tmp_path, capture_output=True, check=True)
    verify = "openssl cms -verify -inform DER -in message.sec -CAfile authority.pem"
    ran = subprocess.run(verify.split(), cwd=tmp_path, capture_output=True, check=True)
    assert ran.stdout == b"<VYDANI/>"
    signed = open_signed((tmp_path / "message.sec").read_bytes(), lenient=False)
    assert signed.content == b"<VYDANI/>"


@pytest.mark.skipif(shutil.which("keytool") is None, reason="Java's keytool is not installed")
def test_java_reads(tmp_path: Path) -> None:
    assert certs(tmp_path).exit_code == 0
    command = ["keytool", "-list", "-keystore", "uziv0001-valid.p12", "-storepass", "podatelna"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "uziv0001-valid" in ran.stdout


def test_refusals_are_told_in_one_line(tmp_path: Path) -> None:
    ran = certs(tmp_path / "x", "--user", "../x")
    assert ran.exit_code == 1
    assert ran.output.startswith("Error: No file can be named after the user")
    assert not (tmp_path / "x").exists()
    (tmp_path / "file").write_bytes(b"")
    assert certs(tmp_path / "file").exit_code == 2
    assert certs(tmp_path / "file" / "below").output.count("\n") == 1
    assert certs(tmp_path, "--kind", "odd").exit_code == 2
