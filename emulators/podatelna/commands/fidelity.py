"""podatelna fidelity"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

import click

from podatelna.commands.errors import chosen
from podatelna.commands.table import table
from podatelna.kernel.agency import Agency
from podatelna.kernel.fidelity import Line, counts, ledger
from podatelna.kernel.ledger import CERTAINTIES


@click.command()
@click.argument("agency", default="")
@click.option("--json", "as_json", is_flag=True, help="For machines: every fact with its source.")
def command(agency: str, as_json: bool) -> None:
    """Say how sure we are of what the sandbox does, for AGENCY or for all.

    Documented: the agency's papers say so. Observed: seen of the real service. Reconstructed: all
    else; most of it can be switched.
    """
    agencies = [(each, list(ledger(each.contract))) for each in chosen(agency)]
    if as_json:
        content = {of.name: _content(lines) for of, lines in agencies}
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    for of, lines in agencies:
        click.echo("\n".join(_told(of, lines)))


def _content(lines: Sequence[Line]) -> dict[str, object]:
    facts = [
        {name: value for name, value in asdict(line).items() if name != "agency"} for line in lines
    ]
    return {"counts": counts(lines), "facts": facts}


def _told(agency: Agency, lines: Sequence[Line]) -> Iterator[str]:
    yield agency.title
    counted = counts(lines)
    total = [sum(of[certainty] for of in counted.values()) for certainty in CERTAINTIES]
    rows = [(kind, *of.values(), sum(of.values())) for kind, of in counted.items()]
    yield from table(("facts", *CERTAINTIES, "all"), [*rows, ("all", *total, sum(total))])
    yield ""
    codelists = agency.contract.codelists()
    facts = [line for line in lines if line.kind not in codelists]
    yield from table(
        ("fact", "name", "certainty", "source"),
        [(line.kind, line.name, line.certainty, line.source) for line in facts],
    )
