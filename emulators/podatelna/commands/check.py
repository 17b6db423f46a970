"""podatelna check"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import click

from podatelna.app import Config, House, build_agencies
from podatelna.kernel.agency import Agency, check_settings
from podatelna.kernel.catalogue import load_errors
from podatelna.kernel.contract import Contract
from podatelna.kernel.fidelity import codelist_lines
from podatelna.kernel.replay.words import answers, vocabulary
from podatelna.kernel.resources import resource
from podatelna.kernel.scenario.file import is_scenario, load_scenario, shipped_scenarios
from podatelna.kernel.scenario.model import scenario_schema
from podatelna.kernel.world import read_world
from podatelna.kernel.yamlfile import read_yaml
from podatelna.run import shown

SCHEMA = resource("scenarios", "scenario.schema.json")


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--write-schema", is_flag=True, help=f"Write {SCHEMA.name} anew.")
def command(files: tuple[Path, ...], write_schema: bool) -> None:
    """Check scenario and contract files.

    FILES may be folders; without any, all files that are shipped.
    """
    if write_schema:
        SCHEMA.write_text(schema_text(), "utf-8")
        click.echo(f"wrote {shown(SCHEMA)}")
    checks = _checks(build_agencies(), fill=bool(files))
    fine: Counter[str] = Counter()
    wrong = 0
    for path in _below(files) if files else shipped():
        kind = _kind(path)
        try:
            checks[kind](path)
            fine[kind] += 1
        except (ValueError, LookupError, TypeError) as error:
            wrong += 1
            text = str(error)
            click.echo(text if text.startswith(str(path)) else f"{path}: {text}", err=True)
    if wrong:
        raise click.ClickException(f"{wrong} of {wrong + fine.total()} files wrong")
    told = ", ".join(f"{number} {kind}{_s(number)}" for kind, number in fine.items())
    click.echo(f"{fine.total()} file{_s(fine.total())} checked and fine: {told}")


def _s(number: int) -> str:
    return "" if number == 1 else "s"


def schema_text() -> str:
    """The JSON Schema of scenario files, as it is shipped."""
    return json.dumps(scenario_schema(answers()), ensure_ascii=False, indent=2) + "\n"


def shipped() -> Iterator[Path]:
    """All files of this release that can be checked."""
    yield from map(shown, shipped_scenarios())
    yield from map(shown, sorted(resource("scenarios", "worlds").glob("*.yaml")))
    for folder in sorted(path for path in resource("contracts").iterdir() if path.is_dir()):
        yield from map(shown, sorted(folder.glob("*.yaml")))
        yield from map(shown, sorted(folder.glob("codelists/*.csv")))


def _below(files: Iterable[Path]) -> Iterator[Path]:
    for path in files:
        yield from sorted(path.rglob("*.yaml")) if path.is_dir() else [path]


_NAMED = {"errors.yaml": "error book", "service.yaml": "service file"}


def _kind(path: Path) -> str:
    if path.suffix == ".csv":
        return "code list"
    contracts = resource("contracts").resolve()
    below = path.resolve().is_relative_to(contracts)
    if path.name in _NAMED and (not below or path.resolve().parent.parent == contracts):
        return _NAMED[path.name]
    if below:
        return "contract file"
    return "world" if path.parent.name == "worlds" or not is_scenario(path) else "scenario"


def _checks(
    agencies: Mapping[str, Agency], *, fill: bool
) -> Mapping[str, Callable[[Path], object]]:
    """`fill`: make a sandbox of each world, which is how its rows are held against each other.

    The shipped ones are known to be right, and some take long.
    """
    words = vocabulary(agencies)

    def world(path: Path) -> None:
        check_settings(agencies, read_world(path, agencies).settings)
        if fill:
            House(Config(world=path)).close()

    return {
        "scenario": lambda path: load_scenario(path, words),
        "world": world,
        "error book": load_errors,
        "service file": _check_service,
        "contract file": read_yaml,
        "code list": lambda path: list(codelist_lines("", path)),
    }


def _check_service(path: Path) -> object:
    contract = Contract(path.parent.name)
    contract.folder = path.parent
    return contract.constants, contract.settings
