"""podatelna errors"""

import click

from podatelna.app import build_agencies
from podatelna.commands.table import table
from podatelna.kernel.agency import Agency
from podatelna.kernel.catalogue import Entry
from podatelna.kernel.spelling import meant

HEAD = ("number", "severity", "key", "kind", "certainty", "text")


@click.command()
@click.argument("agency", default="")
def command(agency: str) -> None:
    """List the errors of the agencies.

    With AGENCY, only its own.
    """
    for each in chosen(agency):
        click.echo(each.title)
        rows = [_row(entry) for entry in each.contract.errors.values()]
        click.echo("\n".join(table(HEAD, rows)))


def chosen(agency: str) -> list[Agency]:
    """The agency of that name, or all."""
    agencies = build_agencies()
    if agency and agency not in agencies:
        raise click.ClickException(f"there is no agency {agency}{meant(agency, agencies)}")
    return [agencies[agency]] if agency else list(agencies.values())


def _row(entry: Entry) -> tuple[object, ...]:
    # Some agencies have words in the place of numbers, some nothing but an HTTP status.
    number = entry.extra.get("code", entry.status) if entry.number is None else entry.number
    severity = "" if entry.severity is None else entry.severity
    first_line = entry.text.partition("\n")[0]
    return number or "", severity, entry.key, entry.kind, entry.certainty, first_line
