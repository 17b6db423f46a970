"""podatelna run"""

import os
import sys
from pathlib import Path

import click

from podatelna.kernel.replay.target import TargetError
from podatelna.kernel.scenario.file import ScenarioError
from podatelna.kernel.scenario.vocabulary import Credentials
from podatelna.report import FAILED, HELD, SKIPPED, junit, lines, summary, verdict
from podatelna.run import Programme, run

MOST_JOBS = 4
MARKS = {HELD: ("✓", "ok", "green"), FAILED: ("✗", "FAILED", "red"), SKIPPED: ("–", "--", "yellow")}


@click.command()
@click.argument("scenarios", nargs=-1, metavar="[SCENARIO]...")
@click.option("--target", default="", metavar="URL", help="Replay against this server.")
@click.option(
    "--admin-token",
    default="",
    envvar="PODATELNA_ADMIN_TOKEN",
    help="For the target's admin API, if it wants one.",
)
@click.option("--login", default="", help="Who calls where the target has no sandboxes.")
@click.option("--password", default="", envvar="PODATELNA_PASSWORD", help="Of that login.")
@click.option(
    "--environment", default="test", show_default=True, help="Where that login is at home."
)
@click.option("--kind", default="", help="Of that login, where the agency has several.")
@click.option("--junit", "report", type=click.Path(path_type=Path), help="Write JUnit XML.")
@click.option("--agency", default="", help="Only scenarios of this agency.")
@click.option("--tag", default="", help="Only scenarios with this tag.")
@click.option(
    "--jobs",
    type=click.IntRange(1),
    default=min(MOST_JOBS, os.cpu_count() or 1),
    show_default=True,
    help="How many are replayed at once.",
)
def command(  # noqa: PLR0913 - one for each option
    *,
    scenarios: tuple[str, ...],
    target: str,
    admin_token: str,
    login: str,
    password: str,
    environment: str,
    kind: str,
    report: Path | None,
    agency: str,
    tag: str,
    jobs: int,
) -> None:
    """Replay scenarios and say which held.

    SCENARIO is a file, a folder, or the name of a shipped one such as ubyport/wrong-password.
    Without any, all shipped ones are replayed. Without a target each gets a sandbox of its own on a
    server that lives as long as the run.
    """
    programme = Programme(
        scenarios=scenarios,
        agency=agency,
        tag=tag,
        target=target,
        token=admin_token,
        stranger=Credentials(environment, login, password, kind) if login else None,
        jobs=jobs,
    )
    results = []
    try:
        for result in run(programme):
            results.append(result)
            click.echo("\n".join(lines(result, mark)))
    except (ScenarioError, TargetError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(summary(results))
    if report:
        report.write_bytes(junit(results))
    verdicts = [verdict(result) for result in results]
    sys.exit(0 if HELD in verdicts and FAILED not in verdicts else 1)


def mark(of: str) -> str:
    """A tick in colour, or a word where the terminal cannot print one."""
    sign, word, colour = MARKS[of]
    try:
        sign.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        sign = word
    return click.style(sign, fg=colour)
