"""Replays many scenarios: against a house of its own, or against a target that is there."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Lock

from podatelna.app import Config, House, build_agencies
from podatelna.kernel.replay.replay import Audience, Result, replay
from podatelna.kernel.replay.target import Target, TargetError
from podatelna.kernel.replay.words import vocabulary
from podatelna.kernel.scenario.file import (
    ScenarioError,
    ScenarioFile,
    is_scenario,
    load_scenario,
    shipped_scenarios,
)
from podatelna.kernel.scenario.vocabulary import Credentials, Vocabulary
from podatelna.kernel.server import Server
from podatelna.kernel.spelling import meant

SEED = "podatelna run"
"""The same identifiers in every run."""


@dataclass(frozen=True, slots=True)
class Programme:
    """What is replayed, and where."""

    scenarios: Sequence[str] = ()
    """Files, folders, or shipped ones as ubyport/wrong-password; none: all that are shipped."""
    agency: str = ""
    """Only scenarios of this agency."""
    tag: str = ""
    """Only scenarios with this tag."""
    target: str = ""
    """A server's URL; none: a house of its own."""
    token: str = field(default="", repr=False)
    stranger: Credentials | None = None
    """Who calls where the target has no sandboxes."""
    jobs: int = 1


def run(programme: Programme) -> Iterator[Result]:
    """The results, in the order of the scenarios.

    Raises ScenarioError with all that is wrong in any of the files before anything is replayed, and
    TargetError if nothing answers there.
    """
    with _audience(programme) as audience:
        files = load(programme, audience.vocabulary)
        with ThreadPoolExecutor(programme.jobs) as pool:
            yield from pool.map(partial(replay, audience=audience), files)


def load(programme: Programme, words: Vocabulary) -> list[ScenarioFile]:
    """The scenarios of a programme, read and checked; ScenarioError if there are none."""
    if programme.agency and programme.agency not in words.agencies:
        hint = meant(programme.agency, words.agencies)
        raise ScenarioError(f"there is no agency {programme.agency}{hint}")
    files, wrong = [], []
    for path in _paths(programme.scenarios):
        try:
            files.append(load_scenario(path, words))
        except ScenarioError as error:
            wrong.append(str(error))
    if wrong:
        raise ScenarioError("\n".join(wrong))
    return _chosen(files, programme)


def _chosen(files: Sequence[ScenarioFile], programme: Programme) -> list[ScenarioFile]:
    chosen = [file for file in files if programme.agency in ("", file.scenario.agency)]
    if not chosen:
        raise ScenarioError("there is no scenario there")
    tags = sorted({tag for file in chosen for tag in file.scenario.tags})
    if programme.tag and programme.tag not in tags:
        raise ScenarioError(f"no scenario has the tag {programme.tag}{meant(programme.tag, tags)}")
    return [file for file in chosen if not programme.tag or programme.tag in file.scenario.tags]


def _paths(named: Sequence[str]) -> list[Path]:
    if not named:
        return [shown(path) for path in shipped_scenarios()]
    return [path for name in named for path in _named(name)]


def _named(name: str) -> list[Path]:
    path = Path(name)
    if path.is_dir():
        # Worlds may stand beside the scenarios that live in them.
        return sorted(filter(is_scenario, path.rglob("*.yaml")))
    if path.is_file():
        return [path]
    shipped = {f"{path.parent.name}/{path.stem}": path for path in shipped_scenarios()}
    if name not in shipped:
        raise ScenarioError(f"there is no scenario {name}{meant(name, shipped)}")
    return [shown(shipped[name])]


def shown(path: Path) -> Path:
    """The path from here, if it is below; else as it is."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


class _Houses:
    """Houses that live as long as the run: one of the shipped worlds, one for each other world."""

    def __init__(self) -> None:
        self.words = vocabulary(build_agencies())
        self._open = ExitStack()
        self._targets: dict[Path | None, Target] = {}
        self._building = Lock()

    def target(self, world: Path | None = None) -> Target:
        """The house whose default world is in that file; raises TargetError if it is no world."""
        with self._building:
            if world not in self._targets:
                self._targets[world] = self._built(world)
            return self._targets[world]

    def _built(self, world: Path | None) -> Target:
        try:
            house = self._open.enter_context(closing(House(Config(seed=SEED, world=world))))
        except ValueError as error:
            raise TargetError(str(error)) from error
        return Target(self._open.enter_context(Server(house.handle)).url)

    def close(self) -> None:
        self._open.close()


@contextmanager
def _audience(programme: Programme) -> Iterator[Audience]:
    if programme.target:
        target = Target(programme.target.rstrip("/"), programme.token)
        words = vocabulary(build_agencies())
        yield Audience(target, words, target.is_sandbox(), programme.stranger)
        return
    with closing(_Houses()) as houses:
        yield Audience(houses.target(), houses.words, steerable=True, own_world=houses.target)
