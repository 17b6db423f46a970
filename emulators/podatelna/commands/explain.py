"""podatelna explain"""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from podatelna.izr.diagnosis import Diagnosis, diagnose


@click.group()
def command() -> None:
    """Say what is wrong with what a client has made."""


@command.command("token")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", required=True, help="The WS key that the token should be made with.")
def token(*, file: Path, key: str) -> None:
    """Say whether the token of the IZR message in FILE is right, and what the mistake may be.

    Exit code 0: it is right; 1: it is wrong, or the message cannot be read.
    """
    diagnosis = diagnose(file.read_bytes(), key)
    click.echo("\n".join(told(diagnosis)))
    sys.exit(0 if diagnosis.right else 1)


def told(diagnosis: Diagnosis) -> Iterator[str]:
    """What the message is, the verdict, reasons, and the token that would be right."""
    message = diagnosis.message
    if message is not None:
        yield f"service {message.service or '(none)'}, login {message.login or '(none)'}"
        yield "the token is right" if diagnosis.right else "the token is wrong"
    yield from diagnosis.sentences
    if diagnosis.steps and diagnosis.matched is None:
        yield f"it should be: {diagnosis.steps[0].token}"
