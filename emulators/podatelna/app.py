"""The composition root: builds the parts and puts them together."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import MetaData

from podatelna import __version__
from podatelna.kernel.agency import Agency
from podatelna.kernel.auth.ntlm import describe_token
from podatelna.kernel.exchange import Request, Response
from podatelna.kernel.journal import JournalLimits
from podatelna.kernel.sandbox import HouseRules, Sandboxes
from podatelna.kernel.store import Store, StoreError, UnknownSandboxError
from podatelna.kernel.store_sqlite import SqliteStore
from podatelna.kernel.tables import TABLES
from podatelna.kernel.world import DEFAULT
from podatelna.ubyport.agency import build as ubyport

ADMIN = "/_podatelna"
_PREFIXED = re.compile(r"(/s/([^/]+))(/.*)?", re.DOTALL)
_JSON = (("Content-Type", "application/json"),)
_PROBLEM = (("Content-Type", "application/problem+json"),)


@dataclass(frozen=True, slots=True)
class Config:
    """How a house is set up. Without `data` and `database` everything is in memory."""

    seed: str | None = None
    data: Path | None = None
    database: str | None = None
    """An SQLAlchemy URL of PostgreSQL."""
    journal: JournalLimits = field(default_factory=JournalLimits)
    world: Path | None = None
    """A world file in place of the default world."""
    admin_token: str | None = None
    """What admin calls must bring as a bearer token; None: they are open."""


class House:
    """All agencies and sandboxes behind one door."""

    def __init__(self, config: Config | None = None) -> None:
        self.config = config or Config()
        agencies = build_agencies()
        self.store = _store(self.config, agencies)
        rules = HouseRules(self.config.seed, self.config.journal, describe_token, self.config.world)
        try:
            self.sandboxes = Sandboxes(self.store, agencies, rules)
        except BaseException:
            self.store.close()
            raise
        self._paths = {path: agency for agency in agencies.values() for path in agency.paths}

    @property
    def agencies(self) -> Mapping[str, Agency]:
        return self.sandboxes.agencies

    def handle(self, request: Request) -> Response:
        """An agency answers at its real path, a sandbox's at `/s/<name>`, else the admin API."""
        path = request.path
        if path.startswith(ADMIN):
            return self._administer(request)
        sandbox = DEFAULT
        if path.startswith("/s/") and (prefixed := _PREFIXED.fullmatch(path)):
            base, sandbox, path = prefixed[1], prefixed[2], prefixed[3] or "/"
            request = replace(request, base=base, path=path)
        agency = self._agency(path)
        if agency is None:
            return _nowhere(request, self.agencies)
        try:
            return self.sandboxes.serve(sandbox, agency, request)
        except UnknownSandboxError:
            return problem(404, f"There is no sandbox called {sandbox}.", f"POST {ADMIN}/sandboxes")

    def close(self) -> None:
        self.store.close()

    @cached_property
    def _admin(self) -> Callable[[Request], Response]:
        # Flask is imported with the first admin call: agency calls and health do not wait for it.
        from podatelna.admin import admin_handler  # noqa: PLC0415 - see above

        return admin_handler(self.sandboxes, self.config.admin_token)

    def _administer(self, request: Request) -> Response:
        if request.path == f"{ADMIN}/health":
            body = {"status": "ok", "version": __version__, "agencies": list(self.agencies)}
            return Response(200, json.dumps(body).encode(), _JSON)
        return self._admin(request)

    def _agency(self, path: str) -> Agency | None:
        lower = path.lower()
        for beginning, agency in self._paths.items():
            if lower.startswith(beginning):
                return agency
        return None


def build_agencies() -> dict[str, Agency]:
    """Every agency the house knows, by name."""
    return {agency.name: agency for agency in (ubyport(),)}


def problem(status: int, title: str, detail: str) -> Response:
    """An RFC 9457 problem: what is wrong, and what to do."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return Response(status, json.dumps(body, ensure_ascii=False).encode(), _PROBLEM)


def _store(config: Config, agencies: Mapping[str, Agency]) -> Store:
    tables = MetaData()
    for metadata in (TABLES, *(agency.tables for agency in agencies.values())):
        for table in metadata.sorted_tables:
            table.to_metadata(tables)
    if config.database:
        # Imported only where it is used: most sandboxes live in SQLite.
        from podatelna.kernel.store_postgres import PostgresStore  # noqa: PLC0415 - see above

        if find_spec("psycopg") is None:
            raise StoreError("PostgreSQL needs its driver: pip install 'podatelna[postgres]'")
        return PostgresStore(tables, config.database)
    return SqliteStore(tables, config.data)


def _nowhere(request: Request, agencies: Mapping[str, Agency]) -> Response:
    paths = [path for agency in agencies.values() for path in agency.paths]
    return problem(
        404,
        f"No agency answers at {request.path}.",
        f"Agencies answer at {', '.join(paths)}; the sandbox itself at {ADMIN}/.",
    )
