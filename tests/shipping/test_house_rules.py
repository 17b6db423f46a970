"""The house rules that no linter knows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = [
    path
    for folder in ("emulators", "clients", "benchmarks", "tests")
    for path in sorted((ROOT / folder).rglob("*.py"))
]
SHIPPED = [path for path in CODE if path.is_relative_to(ROOT / "emulators")]
CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
}
CHANCE = {"uuid", "random", "secrets", "os.urandom"}
EXCEPTION = re.compile(r"#\s*(?:noqa|type:\s*ignore)(?P<code>\S*)(?P<rest>.*)")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def calls(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_only_the_clock_reads_the_wall_clock() -> None:
    readers = {named(path) for path in SHIPPED if CLOCKS & set(calls(path))}
    assert readers == {"emulators/podatelna/kernel/clock.py"}


def test_only_ids_make_random_identifiers() -> None:
    makers = {
        named(path)
        for path in SHIPPED
        if any(
            name == each or name.startswith(f"{each}.")
            for name in imported(path)
            for each in CHANCE
        )
        or CHANCE & set(calls(path))
    }
    assert makers == {"emulators/podatelna/kernel/ids.py"}


def test_each_root_holds_one_package() -> None:
    """Whatever lies next to a package here becomes importable in an editable install."""
    roots = {
        root: {path.name for path in (ROOT / root).iterdir() if path.name != "__pycache__"}
        for root in ("emulators", "clients")
    }
    assert roots == {"emulators": {"podatelna"}, "clients": {"podatelna_client"}}


@pytest.mark.parametrize("path", CODE, ids=named)
def test_exceptions_from_the_linters_have_a_code_and_a_reason(path: Path) -> None:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        found = EXCEPTION.search(line)
        if found is None or path == Path(__file__):
            continue
        code, rest = found["code"], found["rest"]
        text = f"{code}{rest}"
        assert re.match(r"(?:\[[a-z, -]+\]|: ?[A-Z]+\d+(?:, ?[A-Z]+\d+)*)", text), (number, line)
        assert re.search(r"(?:- |# )\S+", rest), f"{named(path)}:{number} has no reason: {line}"


def test_no_module_outgrows_its_idea() -> None:
    long = {
        named(path): lines
        for path in (*SHIPPED, *(ROOT / "clients").rglob("*.py"))
        if (lines := len(path.read_text("utf-8").splitlines())) > 310
    }
    assert long == {}


def test_no_sleep_in_tests() -> None:
    sleepers = {named(path) for path in CODE if {"sleep", "time.sleep"} & set(calls(path))}
    assert sleepers == set()
