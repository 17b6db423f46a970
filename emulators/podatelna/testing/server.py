"""Where the sandboxes of a test run live: a server of its own, or one that is there."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from podatelna.app import Config, House, build_agencies
from podatelna.kernel.agency import Agency
from podatelna.kernel.ids import random_seed
from podatelna.kernel.replay.steering import prepare
from podatelna.kernel.replay.target import Sandbox, Target, TargetError
from podatelna.kernel.replay.words import vocabulary
from podatelna.kernel.scenario.file import ScenarioFile
from podatelna.kernel.server import Server
from podatelna.kernel.world import DEFAULT, load_world
from podatelna.run import Programme, load
from podatelna.testing.box import Account, AgencyDoor, Podatelna

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Grounds:
    """A server, and what its sandboxes may hold."""

    target: Target
    agencies: Mapping[str, Agency]

    @contextmanager
    def box(self, scenario: str = "", world: str = DEFAULT) -> Iterator[Podatelna]:
        """A new sandbox, dropped at the end; as a scenario begins, if one is named."""
        file = self._scenario(scenario) if scenario else None
        world = file.scenario.given.world if file else world
        # Other test runs may have sandboxes on the same server.
        name = f"test-{next(_numbers)}-{random_seed()[:8]}"
        sandbox = self.target.create(name, world)
        try:
            if file:
                prepare(sandbox, file.scenario)
            yield self._opened(sandbox, world)
        finally:
            with suppress(TargetError):
                sandbox.drop()

    def _opened(self, sandbox: Sandbox, world: str) -> Podatelna:
        doors: dict[str, AgencyDoor] = {}
        box = Podatelna(sandbox, doors)
        data = load_world(world, self.agencies).data
        for name in self.agencies:
            part = data.get(name, {})
            doors[name] = AgencyDoor(box, name, tuple(_accounts(part)), part)
        return box

    def _scenario(self, name: str) -> ScenarioFile:
        """A file, or a shipped one such as czmvo/limits-of-a-client; raises ScenarioError."""
        named = name if Path(name).is_file() else name.replace("_", "-")
        [file] = load(Programme((named,)), vocabulary(self.agencies))
        return file


@contextmanager
def grounds(url: str = "", token: str = "") -> Iterator[Grounds]:
    """Those of a running server, or without a URL of one that lives as long as this."""
    agencies = build_agencies()
    if url:
        yield Grounds(Target(url.rstrip("/"), token), agencies)
        return
    with closing(House(Config())) as house, Server(house.handle) as server:
        yield Grounds(Target(server.url), agencies)


def _accounts(part: Mapping[str, Any]) -> Iterator[Account]:
    for environment, rows in part.items():
        for row in rows.get("accounts", ()):
            yield Account(row["login"], row["password"], environment, row)
