"""The podatelna command. Each subcommand is imported when it is called, so that all start fast."""

import gc
import sys
from collections.abc import Mapping
from importlib import import_module
from io import TextIOWrapper

import click

COMMANDS: Mapping[str, str] = {
    "serve": "Serve all agencies until you stop it.",
    "run": "Replay scenarios and say which held.",
    "journal": "List what a server has answered, or say why it refused a call.",
    "check": "Check scenario and contract files.",
    "accounts": "List the accounts of the default world.",
    "errors": "List the errors of the agencies.",
    "fidelity": "Say how sure we are of what the sandbox does.",
    "ubyport": "What the web application of Ubyport does.",
    "certs": "Write certificates and keys for signing data to SDNS into a folder.",
    "explain": "Say what is wrong with what a client has made.",
}
"""Modules of podatelna.commands, each with a `command`, and what they do."""


class Commands(click.Group):
    """A group that knows its subcommands by name and imports the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        # What is imported stays: to look through it for garbage would take a tenth of the time.
        gc.disable()
        try:
            command: click.Command = import_module(f"podatelna.commands.{cmd_name}").command
        finally:
            gc.enable()
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="podatelna", message="podatelna %(version)s")
def main() -> None:
    """A sandbox of Czech agency web services that software can be tested against."""
    for stream in (sys.stdout, sys.stderr):
        # Czech must not end a command where the terminal cannot print it.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
