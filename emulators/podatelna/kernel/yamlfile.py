"""YAML files as plain data."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from yaml.constructor import ConstructorError

try:  # the C loader is ten times faster; a build of PyYAML without it still works
    from yaml import CSafeLoader as Loader
except ImportError:  # pragma: no cover
    from yaml import SafeLoader as Loader  # type: ignore[assignment] # the same, in Python


class YamlFileError(ValueError):
    """A file that is not the YAML we can read: says which file and line."""


def read_yaml(path: Path) -> Any:
    """The document in a file. Dates without a time stay dates; nothing but data is built."""
    try:
        return _document(path.read_bytes())
    except (yaml.YAMLError, ValueError) as error:
        raise YamlFileError(f"{path}: {' '.join(str(error).split())}") from error
    except OSError as error:
        raise YamlFileError(f"{path}: {error.strerror}") from error


def _document(content: bytes) -> Any:
    loader = Loader(content)
    try:
        root = loader.get_single_node()
        if root is None:
            return None
        _refuse_twins(root)
        return loader.construct_document(root)
    finally:
        loader.dispose()


def _refuse_twins(root: yaml.Node) -> None:
    """PyYAML would keep the last of two entries with the same key and say nothing."""
    waiting, known = [root], set()
    while waiting:
        node = waiting.pop()
        if id(node) in known:
            continue
        known.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        if isinstance(node, yaml.MappingNode):
            _refuse_second(key for key, _ in node.value)
            waiting += (value for _, value in node.value)


def _refuse_second(keys: Iterable[yaml.Node]) -> None:
    known: set[str] = set()
    for key in keys:
        if isinstance(key, yaml.ScalarNode):
            if key.value in known:
                raise ConstructorError(None, None, f"a second {key.value}", key.start_mark)
            known.add(key.value)
