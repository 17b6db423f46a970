"""YAML as plain data."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from podatelna.kernel.yamlfile import YamlFileError, read_yaml


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file.yaml"


def test_yaml_is_read_as_plain_data(file: Path) -> None:
    file.write_bytes(
        "a: [1, 2.5, true, null, Ř]\nb: {c: 2026-03-02}\nd: 2026-03-02T08:00:00Z\n".encode()
    )
    assert read_yaml(file) == {
        "a": [1, 2.5, True, None, "Ř"],
        "b": {"c": date(2026, 3, 2)},
        "d": datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
    }


def test_an_empty_file_is_nothing(file: Path) -> None:
    file.write_bytes(b"")
    assert read_yaml(file) is None


def test_merged_keys_may_be_overridden(file: Path) -> None:
    file.write_bytes(b"a: &a {k: 1}\nb: {c: &c {<<: *a, k: 2}}\nd: {<<: *c, k: 3}\n")
    assert read_yaml(file) == {"a": {"k": 1}, "b": {"c": {"k": 2}}, "d": {"k": 3}}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"a: 1\nb: 2\na: 3\n", 'a second a in "<byte string>", line 3, column 1'),
        (b"- {b: {c: 1, c: 2}}\n", 'a second c in "<byte string>", line 1, column 14'),
        (
            b"a: !!python/object/apply:os.getcwd []",
            "could not determine a constructor for the tag"
            " 'tag:yaml.org,2002:python/object/apply:os.getcwd'"
            ' in "<byte string>", line 1, column 4',
        ),
        (b"at: 2026-13-01", "month must be in 1..12"),
        (
            b"a: \xff",
            "unacceptable character #x00ff: invalid leading UTF-8 octet"
            ' in "<byte string>", position 3',
        ),
    ],
)
def test_what_is_no_plain_data_is_refused(file: Path, content: bytes, why: str) -> None:
    file.write_bytes(content)
    with pytest.raises(YamlFileError) as refused:
        read_yaml(file)
    assert str(refused.value) == f"{file}: {why}"


def test_a_file_that_is_missing(file: Path) -> None:
    with pytest.raises(YamlFileError) as refused:
        read_yaml(file)
    assert str(refused.value) == f"{file}: No such file or directory"
