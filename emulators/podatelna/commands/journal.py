"""podatelna journal"""

from urllib.parse import quote, urlencode

import click

from podatelna.commands.table import table
from podatelna.kernel.explanation import Explanation, Reason, told
from podatelna.kernel.replay.target import Target, TargetError
from podatelna.kernel.world import DEFAULT

COLUMNS = ("number", "at", "agency", "operation", "login", "status", "found")


@click.command()
@click.argument("exchange", default="", metavar="[EXCHANGE]")
@click.option("--url", default="http://127.0.0.1:8420", show_default=True, help="The server.")
@click.option("--sandbox", default=DEFAULT, show_default=True, help="Whose journal.")
@click.option("--admin-token", default="", envvar="PODATELNA_ADMIN_TOKEN", help="If it wants one.")
@click.option("--agency", help="Only calls of this agency.")
@click.option("--operation", help="Only calls of this operation.")
@click.option("--login", help="Only calls by this login.")
@click.option("--status", type=int, help="Only answers of this HTTP status.")
@click.option("--finding", help="Only calls in which this error was found.")
def command(*, exchange: str, url: str, sandbox: str, admin_token: str, **wanted: object) -> None:
    """List what a server has answered, or say why it refused a call.

    EXCHANGE is a number, or what the header X-Podatelna-Exchange names, such as default/17.
    """
    target = Target(url.rstrip("/"), admin_token)
    named, _, number = exchange.rpartition("/")
    place = f"/sandboxes/{quote(named or sandbox, safe='')}/journal"
    try:
        if exchange:
            click.echo("\n".join(_explained(target, f"{place}/{_number(number)}/explanation")))
            return
        given = {name: value for name, value in wanted.items() if value is not None}
        rows = [_row(one) for one in target.ask("GET", f"{place}?{urlencode(given)}")]
    except TargetError as error:
        raise click.ClickException(str(error)) from error
    click.echo("\n".join(table(COLUMNS, rows)))


def _number(text: str) -> str:
    if not (text.isascii() and text.isdecimal()):
        raise click.UsageError(f"{text!r} is no number of an exchange, such as 17 or default/17.")
    return text


def _explained(target: Target, path: str) -> list[str]:
    """Lines of text, of the server's JSON."""
    given = target.ask("GET", path)
    reasons = tuple(Reason(**reason) for reason in given["reasons"])
    return told(Explanation(**given | {"reasons": reasons, "notes": tuple(given["notes"])}))


def _row(exchange: dict[str, object]) -> list[object]:
    findings = exchange["findings"]
    assert isinstance(findings, list)
    found = ", ".join(dict.fromkeys(each["code"] for each in findings))
    return [found if name == "found" else exchange[name] for name in COLUMNS]
