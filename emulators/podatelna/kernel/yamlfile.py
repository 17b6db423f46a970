"""YAML files as plain data, with the line of every part for messages."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from yaml.constructor import ConstructorError

try:  # the C loader is ten times faster; a build of PyYAML without it still works
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # pragma: no cover
    from yaml import SafeLoader  # type: ignore[assignment]

Place = tuple[str | int, ...]
"""The way to a part of a document: keys of mappings, and positions in lists from 0."""


class Loader(SafeLoader):
    """The safe loader, for which a date that no calendar has is an error with a line."""


def _date(loader: Loader, node: yaml.ScalarNode) -> date:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError as error:
        raise ConstructorError(None, None, f"{node.value}: {error}", node.start_mark) from error


Loader.add_constructor("tag:yaml.org,2002:timestamp", _date)


class YamlFileError(ValueError):
    """A file that is not the YAML we can read: says which file and line."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is wrong with one part of a document."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """A file's document, and where in the file its parts stand."""

    path: Path
    data: Any
    root: yaml.Node | None

    def line(self, place: Place) -> int:
        """The line of a part, from 1. Steps that the document does not have are passed over."""
        node, line = self.root, 1
        for step in place:
            found = _below(node, step)
            if found is not None:
                node, line = found
        return line

    def repeated_keys(self) -> list[Refusal]:
        """Keys that a mapping has twice: YAML forbids them, PyYAML takes the last one."""
        return [] if self.root is None else list(_repeated(self.root))

    def told(self, refusals: Iterable[Refusal]) -> str:
        """One line for each refusal, in the file's order."""
        lines = [(self.line(refusal.place), refusal.text) for refusal in refusals]
        return "\n".join(f"{self.path}:{line}: {text}" for line, text in sorted(lines))


def read_yaml(path: Path) -> Any:
    """The document in a file. Dates without a time stay dates; nothing but data is built."""
    return read_document(path).data


def read_document(path: Path) -> YamlDocument:
    """The same with the places of its parts."""
    try:
        loader = Loader(path.read_bytes())
        try:
            root = loader.get_single_node()
            data = None if root is None else loader.construct_document(root)
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        raise YamlFileError(_explained(path, error)) from error
    except OSError as error:
        raise YamlFileError(f"{path}: {error.strerror}") from error
    return YamlDocument(path, data, root)


def _explained(path: Path, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return f"{path}: {' '.join(str(error).split())}"
    parts = (getattr(error, name, None) for name in ("context", "problem"))
    return f"{path}:{mark.line + 1}: {', '.join(filter(None, parts))}"


def _below(node: yaml.Node | None, step: str | int) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        item = node.value[step]
        return item, item.start_mark.line + 1
    return None


def _repeated(root: yaml.Node) -> Iterator[Refusal]:
    waiting: list[tuple[Place, yaml.Node]] = [((), root)]
    seen: set[int] = set()
    while waiting:
        place, node = waiting.pop()
        # An alias leads to a node that was here before, perhaps to one that it stands in.
        if id(node) in seen or isinstance(node, yaml.ScalarNode):
            continue
        seen.add(id(node))
        parts = list(_parts(node))
        waiting += [((*place, step), part) for step, part in parts]
        keys = [step for step, _ in parts]
        for key in dict.fromkeys(keys):
            if keys.count(key) > 1:
                yield Refusal((*place, key), f"{key} stands there twice")


def _parts(node: yaml.Node) -> Iterable[tuple[str | int, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        return [(str(key.value), value) for key, value in node.value]
    return enumerate(node.value)
