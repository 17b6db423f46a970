"""World files: read, written into a sandbox, and refused with the place that is wrong."""

from pathlib import Path

import pytest

from podatelna.kernel.accounts import Account, all_accounts
from podatelna.kernel.clock import Clock
from podatelna.kernel.controls import read_controls, read_settings
from podatelna.kernel.settings import SettingRefusedError
from podatelna.kernel.world import World, WorldError, load_world, world_names
from podatelna.kernel.yamlfile import YamlFileError
from tests.kernel.conftest import OpenStore
from tests.kernel.depot import NOW, depot, house, parcels

WORLDS = ("broken", "busy", "default", "running")


@pytest.mark.usefixtures("papers")
def test_worlds_are_read() -> None:
    agencies = {"depot": depot()}
    assert world_names() == list(WORLDS)
    assert load_world("busy", agencies) == World(
        name="busy",
        title="A busy world",
        clock=Clock(frozen_at=NOW.replace(month=12, day=24, hour=16, minute=30)),
        settings={"depot": {"loud": True}},
        data={"depot": {"parcels": ["sledge", "skis"]}},
    )
    assert load_world("running", agencies) == World(
        "running", "A world whose clock runs", Clock(), {}, {}
    )


def test_a_folder_of_worlds(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("clock: 2026-03-02T08:00:00", "utf-8")
    assert world_names(tmp_path) == ["mine"]
    assert load_world("mine", {}, tmp_path) == World("mine", "mine", Clock(frozen_at=NOW))


def test_a_world_is_written_into_a_sandbox(papers: Path, open_store: OpenStore) -> None:
    here = house(open_store())
    here.sandboxes.create("job", "busy")
    with here.sandboxes.open("job") as transaction:
        controls = read_controls(transaction)
        assert (controls.world, controls.clock.now().isoformat()) == (
            "busy",
            "2026-12-24T16:30:00+00:00",
        )
        assert read_settings(transaction) == {"depot": {"loud": True}}
        assert [what for _, what, _, _ in parcels(transaction)] == ["sledge", "skis"]
        assert all_accounts(transaction) == []
    with here.sandboxes.open("default") as transaction:
        assert all_accounts(transaction) == [Account("depot", "hall", "porter", "Secret-1", "hall")]


@pytest.mark.usefixtures("papers")
@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("bussy", "there is no world called bussy; did you mean busy?"),
        ("zzz", "there is no world called zzz"),
        ("", "there is no world called "),
        ("../worlds/busy", "there is no world called ../worlds/busy"),
        ("\0", "there is no world called \0"),
    ],
)
def test_a_world_that_is_not_there(name: str, why: str) -> None:
    with pytest.raises(WorldError) as refused:
        load_world(name, {"depot": depot()})
    assert str(refused.value) == why


@pytest.mark.usefixtures("papers")
@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "the file must be a mapping, not None"),
        ("- a", "the file must be a mapping, not ['a']"),
        ("setings: {}", "unknown key setings; settings?"),
        ("ubyport: {}", "unknown key ubyport; ['clock', 'depot', 'settings', 'title']?"),
        ("1: {}", "unknown key 1; ['clock', 'depot', 'settings', 'title']?"),
        ("depot:", "depot must be a mapping, not None"),
        ("settings: [loud]", "settings must be a mapping, not ['loud']"),
        ("settings: {depot: loud}", "depot must be a mapping, not 'loud'"),
        ("clock: now", "clock takes an instant such as 2026-03-02T08:00:00Z, not now"),
        (
            "clock: 2026-03-02",
            "clock takes an instant such as 2026-03-02T08:00:00Z, not 2026-03-02",
        ),
    ],
)
def test_a_world_file_that_is_none(tmp_path: Path, content: str, why: str) -> None:
    (tmp_path / "wrong.yaml").write_text(content, "utf-8")
    with pytest.raises(WorldError) as refused:
        load_world("wrong", {"depot": depot()}, tmp_path)
    assert str(refused.value) == f"{tmp_path / 'wrong.yaml'}: {why}"


def test_a_world_file_that_is_no_yaml(tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text("title: a\ntitle: b\n", "utf-8")
    with pytest.raises(YamlFileError, match="a second title"):
        load_world("wrong", {}, tmp_path)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("settings: {attic: {loud: true}}", "there is no agency called attic; there are depot"),
        ("settings: {depot: {lout: true}}", "depot has no setting lout; did you mean loud?"),
        ("settings: {depot: {loud: 1}}", "setting depot.loud: it takes a bool, not 1"),
    ],
)
def test_a_setting_that_no_agency_takes(
    papers: Path, open_store: OpenStore, content: str, why: str
) -> None:
    here = house(open_store())
    path = papers / "scenarios" / "worlds" / "wrong.yaml"
    path.write_text(content, "utf-8")
    try:
        with pytest.raises(SettingRefusedError) as refused:
            here.sandboxes.create("job", "wrong")
    finally:
        path.unlink()
    assert str(refused.value) == why
    assert here.sandboxes.names() == ["default"]
