"""podatelna explain"""

import re
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from podatelna.commands import journal
from podatelna.izr.diagnosis import Diagnosis, diagnose
from podatelna.kernel.clock import Clock, ClockRefusedError
from podatelna.sdns import diagnosis as signing
from podatelna.sdns.certificates import DEFAULT_USERS, registered
from podatelna.sdns.compression import METHODS

EXCHANGE = re.compile("([a-z0-9-]+/)?[0-9]+")
"""What names an exchange in the journal: 17, default/17."""


class _Explain(click.Group):
    """A group that takes an exchange in the place of a subcommand."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if not EXCHANGE.fullmatch(cmd_name):
            return super().get_command(ctx, cmd_name)
        listing = journal.command

        def explain(**options: Any) -> None:
            """Say why a running server refused the call."""
            assert listing.callback is not None
            listing.callback(exchange=cmd_name, **options)

        wanted = ("url", "sandbox", "admin_token")
        options = [each for each in listing.params if each.name in wanted]
        return click.Command(cmd_name, callback=explain, params=options, help=explain.__doc__)


@click.group(cls=_Explain)
def command() -> None:
    """Say what is wrong with what a client has made.

    `podatelna explain default/17` says why a running server refused that call; its answer named it
    in the header X-Podatelna-Exchange.
    """


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


@command.command("signature")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--user", default="", metavar="LOGIN", help="Who sends it; default: anybody.")
@click.option(
    "--at", metavar="TIME", help="The sandbox's time, as 2026-03-02T08:00:00Z; default: now."
)
@click.option(
    "--compression",
    default=signing.AUTO,
    show_default=True,
    type=click.Choice([*METHODS, signing.AUTO], case_sensitive=False),
    help="The parameter zipmethod.",
)
def signature(*, file: Path, user: str, at: str | None, compression: str) -> None:
    """Say whether the signed data for SDNS in FILE are right, and what the mistake may be.

    FILE is a signed file (.sec), compressed or not, or the text of the parameter inputdata. With
    --user, certificates count that are registered in the default world.

    Exit code 0: they are right; 1: they are wrong, or cannot be read.
    """
    login = user.lower()
    known = [each for name in {login, *DEFAULT_USERS} for each in registered(name)]
    case = signing.Circumstances(_instant(at), login, known, compression)
    found = signing.diagnose(file.read_bytes(), case)
    click.echo("\n".join(told_of_signature(found)))
    sys.exit(0 if found.right else 1)


def told_of_signature(diagnosis: signing.Diagnosis) -> Iterator[str]:
    """Who signed what, the verdict, reasons."""
    if diagnosis.signed is not None:
        for each in diagnosis.signed.signers:
            yield f"signed by the certificate {each.serial} of {each.issuer}, {each.digest}"
            yield f"valid from {each.valid_from:%Y-%m-%d} to {each.valid_to:%Y-%m-%d}"
    yield "the signed data are right" if diagnosis.right else "the signed data are wrong"
    yield from diagnosis.wrong
    yield from diagnosis.notes


def _instant(at: str | None) -> datetime:
    try:
        return Clock().frozen(datetime.fromisoformat(at) if at else None).now()
    except (ValueError, ClockRefusedError) as error:
        raise click.BadParameter(str(error), param_hint="--at") from error
