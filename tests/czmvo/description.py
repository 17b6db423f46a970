"""The OpenAPI description as tests use it: whole, with nothing in it that refers elsewhere."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from podatelna.kernel.resources import resource

MAIN = "openapi.yaml"
METHODS = ("get", "post", "put", "delete")
PARTS = ("requests", "results", "errors", "examples")


@cache
def read(name: str) -> Any:
    """A file of the description as it is written."""
    return yaml.safe_load(resource("contracts", f"czmvo/{name}").read_text("utf-8"))


def part(name: str) -> dict[str, Any]:
    """Requests, results, errors or examples by name, whole."""
    file = f"openapi/{name}.yaml"
    return {key: _whole(node, file) for key, node in read(file).items()}


@cache
def description() -> dict[str, Any]:
    """The description with everything in place of what refers to it."""
    found: dict[str, Any] = _whole(read(MAIN), MAIN)
    return found


def _whole(node: Any, file: str) -> Any:
    if isinstance(node, list):
        return [_whole(each, file) for each in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _whole(*_target(node["$ref"], file))
    return {key: _whole(each, file) for key, each in node.items()}


def _target(reference: str, file: str) -> tuple[Any, str]:
    """The node that is referred to, and its file."""
    name, _, pointer = reference.partition("#/")
    place = str(PurePosixPath(file).parent / name) if name else file
    node = read(place)
    for step in pointer.split("/"):
        node = node[step.replace("~1", "/").replace("~0", "~")]
    return node, place


def operations() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Path, method and operation."""
    for path, item in description()["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def walk(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every node below, with its way there."""
    yield path, node
    steps: Any = ()
    if isinstance(node, dict):
        steps = node.items()
    elif isinstance(node, list):
        steps = enumerate(node)
    for step, each in steps:
        yield from walk(each, f"{path} {step}".strip())


def wire(value: Any) -> str:
    """JSON as PHP spells it: no blanks, small escapes, slashes escaped and DEL not."""
    spelled = {"/": "\\/", "\\u007f": "\x7f"}
    written = json.dumps(value, separators=(",", ":"))
    return re.sub(r"/|\\u007f|\\.", lambda found: spelled.get(found[0], found[0]), written)


def unfit(schema: Any, value: Any) -> list[str]:
    """What is wrong with a value."""
    return [error.message for error in Draft202012Validator(schema).iter_errors(value)]


def in_order(schema: Any, value: Any) -> Any:
    """A fitting value with its members in the order in which the schema lists them."""
    if isinstance(value, list):
        return [in_order(_items(schema, value), each) for each in value]
    if not isinstance(value, dict):
        return value
    listed = dict(_members(schema, value))
    names = [name for name in listed if name in value]
    return {name: in_order(listed[name], value[name]) for name in names}


def _items(schema: Any, value: Any) -> Any:
    return next((each["items"] for each in _parts(schema, value) if "items" in each), {})


def _members(schema: Any, value: Any) -> Iterator[tuple[str, Any]]:
    for each in _parts(schema, value):
        yield from each.get("properties", {}).items()


def _parts(schema: Any, value: Any) -> Iterator[Any]:
    """The schemas that speak about a value: what all must fit first, then the one that fits."""
    for each in schema.get("allOf", ()):
        yield from _parts(each, value)
    yield schema
    for each in schema.get("oneOf", ()):
        if Draft202012Validator(each).is_valid(value):
            yield from _parts(each, value)


@dataclass(frozen=True)
class Answer:
    """A response. Header names are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        """The media type; "" for none."""
        return self.headers.get("content-type", "").partition(";")[0]


def undocumented(method: str, path: str, answer: Answer) -> list[str]:
    """What an operation's answer has that the description does not."""
    responses = description()["paths"][path][method.lower()]["responses"]
    documented = responses.get(str(answer.status))
    if documented is None:
        return [f"{answer.status} is not documented"]
    return [*_unfit_headers(documented, answer), *_unfit_body(documented, answer)]


def _unfit_headers(documented: Mapping[str, Any], answer: Answer) -> Iterator[str]:
    for name, header in documented["headers"].items():
        value = answer.headers.get(name.lower())
        if value is None:
            if header.get("required"):
                yield f"{name} is missing"
            continue
        schema = header["schema"]
        yield from unfit(schema, int(value) if schema["type"] == "integer" else value)


def _unfit_body(documented: Mapping[str, Any], answer: Answer) -> Iterator[str]:
    content = documented.get("content", {})
    if not content:
        if answer.body or answer.kind:
            yield f"there is a body of {answer.kind}"
    elif answer.kind not in content:
        yield f"{answer.kind} is not documented"
    elif answer.kind == "application/json":
        yield from _unfit_json(content[answer.kind]["schema"], answer.body)


def _unfit_json(schema: Any, body: bytes) -> Iterator[str]:
    value = json.loads(body)
    yield from unfit(schema, value)
    if wire(value).encode() != body:
        yield "it is not spelled as PHP does"
    if wire(in_order(schema, value)).encode() != body:
        yield "its members are in another order"
