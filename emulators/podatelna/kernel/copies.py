"""Copies of all that a sandbox holds, but for its journal: exports, forks and snapshots."""

from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Table

from podatelna.kernel.controls import read_controls, touch
from podatelna.kernel.dumps import Dump, dump, load
from podatelna.kernel.journal import EXCHANGE
from podatelna.kernel.sandbox import Sandboxes
from podatelna.kernel.snapshots import find_snapshot, keep_snapshot
from podatelna.kernel.store import fingerprint
from podatelna.kernel.tables import SNAPSHOT, TABLES


@dataclass(frozen=True)
class Copies:
    """The copies of these sandboxes. All calls raise UnknownSandboxError."""

    sandboxes: Sandboxes

    def export(self, name: str) -> Dump:
        # Whoever was never called has no seed of its own yet: a copy is to have the same.
        self.sandboxes.sow(name)
        with self.sandboxes.open(name) as transaction:
            return dump(transaction, self._tables, self._version)

    def bring(self, name: str, given: Dump) -> None:
        """Put an export in the place of what a sandbox holds; raises UnfitDumpError before."""
        with self.sandboxes.open(name) as transaction:
            load(transaction, self._tables, given, self._version)
            touch(transaction)

    def fork(self, name: str, new: str) -> None:
        """Make a new sandbox that holds the same. Raises StoreError."""
        held = self.export(name)
        self.sandboxes.create(new)
        self.bring(new, held)

    def snapshot(self, name: str, called: str) -> None:
        """Keep what a sandbox holds, within itself; a snapshot of the same name is replaced."""
        held = self.export(name)
        with self.sandboxes.open(name) as transaction:
            keep_snapshot(transaction, called, read_controls(transaction).clock.now(), held)

    def restore(self, name: str, called: str) -> None:
        """Raises UnknownSnapshotError."""
        with self.sandboxes.open(name) as transaction:
            held = find_snapshot(transaction, called)
        self.bring(name, held)

    @cached_property
    def _tables(self) -> list[Table]:
        agencies = self.sandboxes.agencies.values()
        everything = [TABLES, *(agency.tables for agency in agencies)]
        tables = [table for metadata in everything for table in metadata.sorted_tables]
        return [table for table in tables if table.name not in (EXCHANGE.name, SNAPSHOT.name)]

    @cached_property
    def _version(self) -> str:
        return fingerprint(self._tables)
