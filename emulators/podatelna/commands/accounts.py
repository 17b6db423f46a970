"""podatelna accounts"""

import json
from dataclasses import asdict

import click

from podatelna.app import House
from podatelna.commands.table import table
from podatelna.kernel.accounts import all_accounts
from podatelna.kernel.resources import resource
from podatelna.kernel.world import DEFAULT

COLUMNS = ("agency", "environment", "login", "password", "subject", "blocked", "about")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def command(as_json: bool) -> None:
    """List the accounts of the default world."""
    house = House()
    try:
        with house.sandboxes.open(DEFAULT) as transaction:
            accounts = [asdict(account) for account in all_accounts(transaction)]
    finally:
        house.close()
    if as_json:
        click.echo(json.dumps(accounts, ensure_ascii=False, indent=2))
        return
    rows = [account | {"blocked": "yes" if account["blocked"] else ""} for account in accounts]
    click.echo("\n".join(table(COLUMNS, ([row[name] for name in COLUMNS] for row in rows))))
    world = resource("scenarios", f"worlds/{DEFAULT}.yaml")
    click.echo(f"\nWhat is registered for each subject is written in {world}")
