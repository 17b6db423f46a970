"""Stores and processes that die, meet in a folder, or begin at the same time."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import MetaData

from podatelna.kernel import store_sqlite
from podatelna.kernel.sandbox import Sandboxes
from podatelna.kernel.store import NAME, Store, StoreError
from podatelna.kernel.store_sqlite import SqliteStore
from tests.kernel.conftest import OpenStore
from tests.kernel.depot import House, depot, house, open_house, tables

ROOT = Path(__file__).parents[2]

BEGIN = """
import sys
from pathlib import Path

from podatelna.kernel import contract, world
from tests.kernel.depot import depot, house, resource_in, tables

papers, place = sys.argv[1:]
contract.resource = world.resource = resource_in(Path(papers))
"""
FILE_FOR_EVER = """
from itertools import count
from podatelna.kernel.store_sqlite import SqliteStore

here = house(SqliteStore(tables(depot()), Path(place)))
for number in count(1):
    assert here.call("file", str(number).encode()).status == 200
    print(number, flush=True)
"""
OWN_THE_FOLDER = """
from podatelna.kernel.store_sqlite import SqliteStore

here = house(SqliteStore(tables(depot()), Path(place)))
print("mine", flush=True)
input()
here.store.close()
"""
BEGIN_TOGETHER = """
from podatelna.kernel.store_postgres import PostgresStore

class LateStore(PostgresStore):
    def names(self):
        names = super().names()
        print(names, flush=True)
        input()
        return names

store = LateStore(tables(depot()), place)
here = house(store)
here.call("file", b"a parcel")
store.close()
print("ready", flush=True)
"""


@contextmanager
def process(code: str, papers: Path, place: object) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", BEGIN + code, str(papers), str(place)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as started:
        try:
            yield started
        finally:
            started.kill()


def line_of(started: subprocess.Popen[str]) -> str:
    assert started.stdout is not None
    return started.stdout.readline().strip()


def test_a_killed_process_loses_nothing_that_it_acknowledged(
    papers: Path, tmp_path: Path, open_folder: OpenStore
) -> None:
    with process(FILE_FOR_EVER, papers, tmp_path / "data") as writer:
        acknowledged = [int(line_of(writer)) for _ in range(60)]
        writer.kill()  # SIGKILL
        assert writer.stdout is not None
        acknowledged += [int(line) for line in writer.stdout if line.endswith("\n")]
    assert acknowledged == list(range(1, len(acknowledged) + 1))
    here = house(open_folder())
    kept = [what for what in here.whats() if what != "umbrella"]
    assert kept == [str(number) for number in range(1, len(kept) + 1)]
    assert len(kept) - len(acknowledged) in (0, 1)  # one may have been kept and not told
    filed = here.call("file", b"the next")
    assert filed.status == 200
    assert here.whats()[-1] == "the next"


def test_a_folder_has_one_process(
    papers: Path, tmp_path: Path, open_folder: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_sqlite, "PATIENCE", 0)
    with process(OWN_THE_FOLDER, papers, tmp_path / "data") as owner:
        assert line_of(owner) == "mine"
        with pytest.raises(StoreError) as refused:
            open_folder()
        assert str(refused.value) == (
            f"{tmp_path / 'data' / 'default.sqlite'}: database is locked;"
            " is another podatelna using this folder?"
        )
        owner.communicate("\n")
        assert owner.returncode == 0
    assert house(open_folder()).whats() == ["umbrella"]


def test_a_process_that_leaves_is_waited_for() -> None:
    assert store_sqlite.PATIENCE == 5


def test_replicas_that_begin_together_share_one_sandbox(
    papers: Path, database_url: str, open_postgres: OpenStore
) -> None:
    """Both find no sandbox, both make `default`, and only one can be first."""
    with (
        process(BEGIN_TOGETHER, papers, database_url) as one,
        process(BEGIN_TOGETHER, papers, database_url) as other,
    ):
        assert [line_of(one), line_of(other)] == ["[]", "[]"]
        for replica in (one, other):
            assert replica.stdin is not None
            replica.stdin.write("\n")
            replica.stdin.flush()
        ends = [replica.communicate()[0] for replica in (one, other)]
        assert [one.returncode, other.returncode] == [0, 0]
    assert ends == ["ready\n", "ready\n"]
    here = house(open_postgres())
    assert here.sandboxes.names() == ["default"]
    assert here.whats() == ["umbrella", "a parcel", "a parcel"]


def test_a_replica_of_another_version_does_not_begin(
    papers: Path, open_postgres: OpenStore
) -> None:
    house(open_postgres())
    other = open_postgres(MetaData())
    with pytest.raises(StoreError) as refused:
        Sandboxes(other, {"depot": depot()})
    assert str(refused.value).startswith("sandbox default was made by another version")


def test_sandboxes_survive_their_house(papers: Path, open_lasting: OpenStore) -> None:
    with open_house(open_lasting()) as first:
        first.sandboxes.create("job-7", "busy")
        first.call("file", b"a hat", "job-7")
        first.sandboxes.set("job-7", {"depot": {"shelf": "right"}})
        seen = _state(first, "job-7")
    with open_house(open_lasting()) as second:
        assert second.sandboxes.names() == ["default", "job-7"]
        assert _state(second, "job-7") == seen
        number = second.call("file", b"a coat", "job-7").body
        assert number.startswith(b'[102, "')


def _state(of: House, name: str) -> list[object]:
    return [
        of.parcels(name),
        of.sandboxes.now(name),
        of.sandboxes.settings(name, "depot"),
    ]


def test_every_name_of_a_sandbox_fits_every_store(papers: Path, open_lasting: OpenStore) -> None:
    longest = "x" * 40
    assert NAME.fullmatch(longest)
    with open_house(open_lasting()) as first:
        for name in (longest, longest[:-1], "0", "a-"):
            first.sandboxes.create(name)
            first.call("file", name.encode(), name)
    with open_house(open_lasting()) as second:
        for name in (longest, longest[:-1], "0", "a-"):
            assert second.whats(name) == ["umbrella", name]


def test_closed_stores_can_be_opened_in_the_same_process(papers: Path, tmp_path: Path) -> None:
    for number in range(3):
        store: Store = SqliteStore(tables(depot()), tmp_path)
        with open_house(store) as here:
            here.call("file", b"again")
            assert len(here.whats()) == number + 2
