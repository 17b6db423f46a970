"""A YAML file with the line of each of its parts, so that messages can say where."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from podatelna.kernel.yamlfile import YamlFileError, read_yaml

Place = tuple[str | int, ...]
"""The way to a part of a document: keys of mappings, and positions in lists from 0."""
# The C loader is ten times faster; a build of PyYAML without it still works.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TIMESTAMP = "tag:yaml.org,2002:timestamp"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is wrong with one part of a document."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """What stands in a file, and where."""

    path: Path
    data: Any
    root: yaml.Node | None

    def line(self, place: Place) -> int:
        """The line of a part, from 1. Steps that the document does not have are passed over."""
        node, line = self.root, 1
        for step in place:
            if found := _below(node, step):
                node, line = found
        return line

    def told(self, refusals: Iterable[Refusal]) -> str:
        """One line for each refusal, in the file's order."""
        lines = [(self.line(refusal.place), refusal.text) for refusal in refusals]
        return "\n".join(f"{self.path}:{line}: {text}" for line, text in sorted(lines))


def read_document(path: Path) -> Document:
    """Raises YamlFileError with the file, the line and what is wrong there."""
    try:
        root = yaml.compose(path.read_bytes(), _LOADER)
        _refuse_impossible_dates(root)
        return Document(path, read_yaml(path), root)
    except OSError as error:
        raise YamlFileError(f"{path}: {error.strerror}") from error
    except (yaml.YAMLError, YamlFileError) as error:
        raise YamlFileError(_explained(path, error)) from error


def _explained(path: Path, error: Exception) -> str:
    cause = error if isinstance(error, yaml.YAMLError) else error.__cause__
    mark = getattr(cause, "problem_mark", None)
    if mark is None:
        plain = " ".join(str(error).split())
        return plain if isinstance(error, YamlFileError) else f"{path}: {plain}"
    parts = (getattr(cause, name, None) for name in ("context", "problem"))
    return f"{path}:{mark.line + 1}: {', '.join(filter(None, parts))}"


def _refuse_impossible_dates(root: yaml.Node | None) -> None:
    for node in _scalars(root):
        if node.tag == _TIMESTAMP:
            try:
                yaml.constructor.SafeConstructor().construct_yaml_timestamp(node)
            except ValueError as error:
                text = f"{node.value} is neither a date nor an instant"
                raise yaml.MarkedYAMLError(None, None, text, node.start_mark) from error


def _scalars(root: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    waiting: list[Any] = [root]
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        # An alias leads to a node that was here before, perhaps to one that it stands in.
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            yield node
        elif isinstance(node, yaml.MappingNode):
            waiting += [value for _, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value


def _below(node: yaml.Node | None, step: str | int) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        item = node.value[step]
        return item, item.start_mark.line + 1
    return None
