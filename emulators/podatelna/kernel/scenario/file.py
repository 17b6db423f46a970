"""A scenario file, read and checked."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from podatelna.kernel.resources import resource
from podatelna.kernel.scenario.complaints import complaints
from podatelna.kernel.scenario.document import Document, read_document
from podatelna.kernel.scenario.model import Scenario
from podatelna.kernel.scenario.names import strangers, world_file
from podatelna.kernel.scenario.vocabulary import Vocabulary
from podatelna.kernel.yamlfile import YamlFileError, read_yaml


class ScenarioError(ValueError):
    """A file that is no scenario: one line for each mistake, with file, line and what was meant."""


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """A scenario, and where its steps stand."""

    path: Path
    scenario: Scenario
    lines: tuple[int, ...]
    """Of each step, from 1."""

    @property
    def world_file(self) -> Path | None:
        """The file of its world; None: the world goes by a name."""
        return world_file(self.scenario.given.world, self.path.parent)

    @property
    def world(self) -> str:
        """What the vocabulary knows the world by."""
        return str(self.world_file or self.scenario.given.world)


def load_scenario(path: Path, vocabulary: Vocabulary) -> ScenarioFile:
    """Raises ScenarioError with all that is wrong."""
    try:
        document = read_document(path)
    except YamlFileError as error:
        raise ScenarioError(str(error)) from error
    scenario = _shaped(document)
    if refusals := list(strangers(scenario, vocabulary, path.parent)):
        raise ScenarioError(document.told(refusals))
    steps = range(len(scenario.steps))
    return ScenarioFile(path, scenario, tuple(document.line(("steps", step)) for step in steps))


def shipped_scenarios(agency: str = "") -> list[Path]:
    """The scenario files of this release, of one agency or of all."""
    folder = resource("scenarios")
    found = folder.glob(f"{agency or '*'}/*.yaml")
    return sorted(path for path in found if path.parent.name != "worlds")


def is_scenario(path: Path) -> bool:
    """Whether a YAML file is a scenario, perhaps a faulty one, and not a world."""
    try:
        data = read_yaml(path)
    except YamlFileError:
        return True
    return not isinstance(data, dict) or bool({"agency", "steps"} & data.keys())


def _shaped(document: Document) -> Scenario:
    try:
        return Scenario.model_validate(document.data)
    except ValidationError as error:
        refusals = complaints(document.data, error.errors())
        raise ScenarioError(document.told(refusals)) from error
