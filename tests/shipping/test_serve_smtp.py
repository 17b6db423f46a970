"""`podatelna serve --smtp`: where the mail server is."""

import click
import pytest
from click.testing import CliRunner

from podatelna.cli import main
from podatelna.commands.serve import read_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (None, None),
        ("localhost:1025", ("localhost", 1025)),
        ("mail.example:25", ("mail.example", 25)),
        ("[::1]:65535", ("::1", 65535)),
        ("::1:25", ("::1", 25)),
    ],
)
def test_an_address(text: str | None, address: tuple[str, int] | None) -> None:
    assert read_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        *("", ":", "localhost", "localhost:", ":25", "[]:25"),
        *("a:0", "a:65536", "a:0000025", "a:x", "a:-1", "a:²", "a:1 "),
    ],
)
def test_no_address(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is no host and port"):
        read_address(text)


def test_a_wrong_address_is_refused_before_anything_is_served() -> None:
    ran = CliRunner().invoke(main, ["serve", "--port", "0", "--smtp", "localhost"])
    assert ran.exit_code == 2
    assert "'localhost' is no host and port, such as localhost:1025." in ran.output
