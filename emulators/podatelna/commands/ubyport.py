"""podatelna ubyport"""

from base64 import b64decode
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from podatelna.commands.serve import PORT
from podatelna.kernel.replay.target import Sandbox, Target, TargetError
from podatelna.kernel.world import DEFAULT

HERE = f"http://127.0.0.1:{PORT}"
_OK = 200


@click.group()
def command() -> None:
    """What the web application of Ubyport does."""


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--environment",
    type=click.Choice(["production", "test"]),
    default="production",
    show_default=True,
)
@click.option("--target", default=HERE, show_default=True, metavar="URL")
@click.option("--admin-token", default="", envvar="PODATELNA_ADMIN_TOKEN")
@click.option("--sandbox", default=DEFAULT, show_default=True)
@click.option("--login", default="", help="Without it the facility's own web login files.")
@click.option("--pdf", type=click.Path(dir_okay=False, path_type=Path), help="Save the receipt.")
def import_file(  # noqa: PLR0913 - one for each option
    *,
    file: Path,
    environment: str,
    target: str,
    admin_token: str,
    sandbox: str,
    login: str,
    pdf: Path | None,
) -> None:
    """Hand a UNL FILE in to a running sandbox, as a host does in the web application."""
    place = Sandbox(Target(target.rstrip("/"), admin_token), sandbox)
    about = {"file": file.name, "environment": environment} | ({"login": login} if login else {})
    try:
        status, answer = place.hand_in("ubyport", "unl", file.read_bytes(), about)
    except TargetError as error:
        raise click.ClickException(str(error)) from error
    if status != _OK:
        raise click.ClickException(refusal(file, answer))
    click.echo("\n".join(told(answer)))
    if pdf:
        pdf.write_bytes(b64decode(answer["receipt"]))
        click.echo(f"receipt: {pdf}")


def refusal(file: Path, problem: Mapping[str, Any]) -> str:
    """Why a file was not taken over: the line, the field and the reason."""
    line = f":{problem['line']}" if problem.get("line") else ""
    field = f"{problem['field']}: " if problem.get("field") else ""
    if "line" not in problem:
        return f"{file}: {problem['title']} {problem['detail']}"
    return f"{file}{line}: {field}{problem['detail']}"


def told(answer: Mapping[str, Any]) -> Iterator[str]:
    """Counts first, then what was found, record by record."""
    names = ("total", "accepted", "refused", "duplicates", "ignored")
    yield ", ".join(f"{name} {answer[name]}" for name in names)
    for finding in answer["header"]:
        yield f"header: {_found(finding)}"
    for number, findings in enumerate(answer["records"], 1):
        for finding in findings:
            yield f"record {number}: {_found(finding)}"


def _found(finding: Mapping[str, Any]) -> str:
    return f"{finding['number']} {finding['text']} ({finding['error']})"
