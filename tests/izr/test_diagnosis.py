"""What a caller probably did wrong with a token."""

import hashlib
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import etree

from podatelna.cli import main
from podatelna.izr.diagnosis import diagnose
from tests.izr.messages import KEY, body, envelope, signed, token_element

BODY = body()
CANONICAL = etree.tostring(etree.fromstring(BODY), method="c14n", exclusive=True)
INNER = CANONICAL.partition(b">")[2].removesuffix(b"</s:Body>")
HASH = hashlib.sha1(KEY.encode()).digest()


def made(octets: bytes, key: bytes = HASH) -> str:
    return b64encode(hashlib.sha512(octets + key).digest()).decode()


def digest(name: str) -> str:
    return b64encode(hashlib.new(name, CANONICAL + HASH).digest()).decode()


MISTAKES: dict[str, tuple[Callable[[], str], str]] = {
    "envelope": (lambda: made(envelope(BODY)), "The whole Envelope was hashed"),
    "without tags": (lambda: made(INNER), "without its own tags"),
    "hexadecimal": (
        lambda: hashlib.sha512(CANONICAL + HASH).hexdigest(),
        "written in hexadecimal",
    ),
    "plain key": (lambda: made(CANONICAL, KEY.encode()), "The key itself was taken"),
    "hexadecimal key": (lambda: made(CANONICAL, HASH.hex().encode()), "as hexadecimal text"),
    "base64 key": (lambda: made(CANONICAL, b64encode(HASH)), "as base64 text"),
    "key first": (lambda: made(HASH, CANONICAL), "stood before the Body"),
    "SHA-256": (lambda: digest("sha256"), "SHA-256 was used"),
    "SHA-1": (lambda: digest("sha1"), "SHA-1 was used"),
    "UTF-16": (lambda: made(CANONICAL.decode().encode("utf-16-le")), "hashed in UTF-16"),
    "declaration": (
        lambda: made(b'<?xml version="1.0" encoding="UTF-8"?>\n' + CANONICAL),
        "An XML declaration",
    ),
    "another key": (lambda: made(CANONICAL, b"?"), "No known mistake"),
}


@pytest.mark.parametrize(("token", "told"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes(token: Callable[[], str], told: str) -> None:
    found = diagnose(envelope(BODY, token_element(token())), KEY)
    assert not found.right
    assert len(found.sentences) == 1
    assert told in found.sentences[0]


def test_a_right_token_and_none() -> None:
    assert diagnose(signed(BODY), KEY).right
    assert diagnose(signed(BODY), KEY).sentences == ()
    assert diagnose(envelope(BODY), KEY).sentences == ("There is no token in the message.",)
    assert "cannot be read" in diagnose(b"<a>", KEY).sentences[0]


def test_the_command(tmp_path: Path) -> None:
    file = tmp_path / "message.xml"
    file.write_bytes(signed(BODY))
    right = CliRunner().invoke(main, ["explain", "token", str(file), "--key", KEY])
    assert (right.exit_code, "the token is right" in right.output) == (0, True)
    wrong = CliRunner().invoke(main, ["explain", "token", str(file), "--key", "other"])
    assert (wrong.exit_code, "the token is wrong" in wrong.output) == (1, True)
