"""Settings of a sandbox, and what is kept of them in memory."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from podatelna.kernel import controls
from podatelna.kernel.exchange import Response
from podatelna.kernel.settings import SettingRefusedError
from tests.kernel.conftest import OpenStore
from tests.kernel.depot import (
    DATE,
    NOW,
    House,
    house,
)
from tests.kernel.states import MINUTE, disrupt, state_of


def test_settings_are_set_for_the_next_call(anywhere: House) -> None:
    assert anywhere.call("echo", b"hello").body == b"hello"
    anywhere.sandboxes.set("default", {"depot": {"loud": True, "shelf": "right"}})
    assert anywhere.call("echo", b"hello") == Response(
        200, b"HELLO", (("Content-Type", "text/plain"), ("X-Shelf", "right"), DATE)
    )
    assert anywhere.sandboxes.settings("default", "depot") == {
        "loud": True,
        "shelf": "right",
        "pieces": 3,
        "marks": ["fragile"],
    }


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (
            {"depot": {"loud": True, "lout": True}},
            "depot has no setting lout; did you mean loud?",
        ),
        ({"depot": {"pieces": 0}}, "setting depot.pieces: it takes 1 or more, not 0"),
        (
            {"depot": {"loud": True}, "attic": {}},
            "there is no agency called attic; there are depot",
        ),
    ],
)
def test_settings_are_refused_before_anything_is_changed(
    anywhere: House, given: dict[str, dict[str, Any]], why: str
) -> None:
    before = state_of(anywhere, "default")
    with pytest.raises(SettingRefusedError) as refused:
        anywhere.sandboxes.set("default", given)
    assert str(refused.value) == why
    assert state_of(anywhere, "default") == before


@pytest.fixture
def derivations(monkeypatch: pytest.MonkeyPatch) -> list[Connection]:
    """Fills with each reading of the settings."""
    read = controls.read_settings
    seen: list[Connection] = []

    def counted(transaction: Connection) -> Any:
        seen.append(transaction)
        return read(transaction)

    monkeypatch.setattr("podatelna.kernel.sandbox.read_settings", counted)
    return seen


def test_settings_are_read_once_a_change(here: House, derivations: list[Connection]) -> None:
    readings = []
    for act in (
        lambda: here.call("echo"),
        lambda: here.call("crash"),
        lambda: here.call("file", b"a hat"),
        lambda: here.sandboxes.set("default", {"depot": {"pieces": 4}}),
        lambda: here.call("echo"),
        lambda: here.call("echo"),
    ):
        act()
        readings.append(len(derivations))
    assert readings == [1, 1, 1, 1, 2, 2]


@pytest.fixture
def replicas(papers: Path, open_store: OpenStore) -> tuple[House, House]:
    """Two that keep what they derived, over one store; with PostgreSQL two processes are so."""
    store = open_store()
    return house(store), house(store)


def test_replicas_notice_each_other(replicas: tuple[House, House]) -> None:
    here, there = replicas
    assert there.call("echo", b"hello").body == b"hello"
    here.sandboxes.set("default", {"depot": {"loud": True}})
    assert there.call("echo", b"hello").body == b"HELLO"
    disrupt(here)
    assert there.call("echo", b"hello").body == b"\x00<LLO"
    here.sandboxes.advance("default", MINUTE)
    assert there.sandboxes.now("default") == NOW + MINUTE
    here.sandboxes.reset("default")
    assert there.call("echo", b"hello").body == b"hello"


def test_replicas_notice_a_sandbox_made_anew(replicas: tuple[House, House]) -> None:
    """The same number of changes must not look like the same changes."""
    here, there = replicas
    here.sandboxes.create("job")
    here.sandboxes.set("job", {"depot": {"loud": True}})
    assert there.call("echo", b"hello", "job").body == b"HELLO"
    here.sandboxes.drop("job")
    here.sandboxes.create("job")
    here.sandboxes.set("job", {"depot": {"loud": False}})
    assert there.call("echo", b"hello", "job").body == b"hello"
    here.sandboxes.reset("job")
    here.sandboxes.set("job", {"depot": {"loud": True}})
    assert there.call("echo", b"hello", "job").body == b"HELLO"


def test_what_was_derived_of_a_change_that_was_taken_back_is_forgotten(anywhere: House) -> None:
    anywhere.call("echo")
    anywhere.call("promise", b"bomb", query="minutes=1")
    with pytest.raises(RuntimeError, match="as it came"):
        anywhere.sandboxes.advance("default", MINUTE)
    anywhere.sandboxes.set("default", {"depot": {"loud": True}})
    assert anywhere.call("echo", b"hello").body == b"HELLO"


def test_what_is_derived_does_not_outlive_its_sandbox(here: House) -> None:
    for number in range(5):
        here.sandboxes.create(f"job-{number}")
        here.call("echo", b"", f"job-{number}")
        here.sandboxes.drop(f"job-{number}")
    here.call("echo")
    assert list(here.sandboxes._derived) == ["default"]
