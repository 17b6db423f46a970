"""podatelna certs"""
# ruff: noqa: PLC0415 - cryptography takes 0.1 s to import, and --help does not need it

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from podatelna.kernel.authority import KINDS, Identity, Kind
from podatelna.sdns.certificates import AUTHORITY, DEFAULT_USERS, identity

_FILE = re.compile(r"\w[\w.@-]*")
_README = """\
Certificates for signing data to SDNS in a podatelna sandbox
============================================================

NEVER TRUST THEM. Everybody who has podatelna has these private keys: they follow from words that
stand in its source, and they are the same everywhere. Put authority.pem into no store of trusted
authorities; the sandbox does not need that, and neither does a client that signs.

authority.pem            the test authority's certificate
authority-foreign.pem    that of another one, which issues the kind foreign
<login>-<kind>.pem       a certificate
<login>-<kind>.key.pem   its private key, PKCS #8, without a password
<login>-<kind>.p12       both, PKCS #12, password: {password}

Kinds:
valid          registered for the user
expired        registered, valid from 2000-01-01 to 2001-01-01
future         registered, valid from 2098-01-01
revoked        registered, revoked since 2000-01-02
unregistered   valid, and the bank does not know it
foreign        of another authority, and the bank does not know it

Issuer and serial number, as a world's section sdns wants them:
{table}
"""


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--user", "users", multiple=True, default=DEFAULT_USERS[:1], show_default=True,
    metavar="LOGIN", help="Whose certificates; may be repeated.",
)  # fmt: skip
@click.option(
    "--kind", "kinds", multiple=True, default=["valid"], show_default=True,
    type=click.Choice([*KINDS, "all"]), help="Which certificates; may be repeated.",
)  # fmt: skip
@click.option("--password", default="podatelna", show_default=True, help="For PKCS #12.")
def command(*, folder: Path, users: tuple[str, ...], kinds: tuple[str, ...], password: str) -> None:
    """Write certificates and keys for signing data to SDNS into a folder.

    They are for sandboxes: everybody has the keys. README.txt says what is what.
    """
    chosen = tuple(kind for kind in KINDS if kind in kinds or "all" in kinds)
    try:
        files = dict(_files(users, chosen, password))
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (folder / name).write_bytes(data)
            click.echo(folder / name)
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error


def _files(
    users: Iterable[str], kinds: tuple[Kind, ...], password: str
) -> Iterator[tuple[str, bytes]]:
    yield "authority.pem", AUTHORITY.certificate()
    if "foreign" in kinds:
        yield "authority-foreign.pem", AUTHORITY.certificate("foreign")
    told = []
    for login in dict.fromkeys(user.lower() for user in users):
        if not _FILE.fullmatch(login):
            raise ValueError(f"No file can be named after the user {login!r}.")
        for kind in kinds:
            made, name = identity(login, kind), f"{login}-{kind}"
            yield f"{name}.pem", made.certificate_pem
            yield f"{name}.key.pem", made.key_pem
            yield f"{name}.p12", _pkcs12(made, AUTHORITY.certificate(kind), name, password)
            told.append(f"{name}: {made.issuer}  {made.serial}")
    text = _README.format(password=password or "(none)", table="\n".join(told))
    yield "README.txt", text.encode()


def _pkcs12(made: Identity, authority: bytes, name: str, password: str) -> bytes:
    """With SHA-1 and triple DES: old Windows and Java read nothing better, and all read that."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.hashes import SHA1
    from cryptography.hazmat.primitives.serialization import pkcs12
    from cryptography.x509 import load_pem_x509_certificate

    key: Any = serialization.load_pem_private_key(made.key_pem, None)
    secured = (
        serialization.PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(2048)
        .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
        .hmac_hash(SHA1())
        .build(password.encode())
        if password
        else serialization.NoEncryption()
    )
    return pkcs12.serialize_key_and_certificates(
        name.encode(),
        key,
        load_pem_x509_certificate(made.certificate_pem),
        [load_pem_x509_certificate(authority)],
        secured,
    )
