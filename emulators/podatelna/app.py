"""The composition root: builds the parts and puts them together."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import MetaData

from podatelna import __version__
from podatelna.czmvo.agency import build as czmvo
from podatelna.izr.agency import build as izr
from podatelna.kernel.addresses import Addresses
from podatelna.kernel.agency import Agency
from podatelna.kernel.auth.description import describe_authorization
from podatelna.kernel.exchange import Request, Response
from podatelna.kernel.journal import JournalLimits
from podatelna.kernel.outbox import mark_sent
from podatelna.kernel.sandbox import HouseRules, Sandboxes
from podatelna.kernel.store import Store, StoreError, UnknownSandboxError
from podatelna.kernel.store_sqlite import SqliteStore
from podatelna.kernel.tables import TABLES
from podatelna.kernel.world import DEFAULT
from podatelna.sdns.agency import build as sdns
from podatelna.ubyport.agency import build as ubyport

if TYPE_CHECKING:
    from podatelna.kernel.postman import Delivered, Postman

ADMIN = "/_podatelna"
LOCAL = ".localhost"
"""Every name below it means this machine (RFC 6761), so nobody has to set one up."""
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
    smtp: tuple[str, int] | None = None
    """Host and port of a mail server that letters go to besides the outbox."""


class House:
    """All agencies and sandboxes behind one door."""

    def __init__(self, config: Config | None = None) -> None:
        self.config = config or Config()
        agencies = build_agencies()
        self.store = _store(self.config, agencies)
        self._postman = _postman(self.config, self._mark_sent)
        rules = HouseRules(
            seed=self.config.seed,
            journal=self.config.journal,
            describe_authorization=describe_authorization,
            world=self.config.world,
            send=self._postman.take if self._postman else None,
        )
        try:
            self.sandboxes = Sandboxes(self.store, agencies, rules)
        except BaseException:
            self.store.close()
            raise
        self._addresses = Addresses(agencies)

    @property
    def agencies(self) -> Mapping[str, Agency]:
        return self.sandboxes.agencies

    def handle(self, request: Request) -> Response:
        """An agency answers at its real address, a sandbox's at `/s/<name>` or by the host
        `<name>.localhost`, else the admin API."""
        path = request.path
        if path.startswith(ADMIN):
            return self._administer(request)
        sandbox = _named_by_host(request) or DEFAULT
        if path.startswith("/s/") and (prefixed := _PREFIXED.fullmatch(path)):
            base, sandbox, path = prefixed[1], prefixed[2], prefixed[3] or "/"
            request = replace(request, base=base, path=path)
        found = self._addresses.find(request)
        if found is None:
            return _nowhere(request, self.agencies)
        try:
            return self.sandboxes.serve(sandbox, *found)
        except UnknownSandboxError:
            return problem(404, f"There is no sandbox called {sandbox}.", f"POST {ADMIN}/sandboxes")

    def close(self) -> None:
        if self._postman:
            self._postman.close()
        self.store.close()

    def _mark_sent(self, sandbox: str, message_ids: Sequence[str]) -> None:
        with suppress(UnknownSandboxError), self.sandboxes.open(sandbox) as transaction:
            mark_sent(transaction, message_ids)

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


def build_agencies() -> dict[str, Agency]:
    """Every agency the house knows, by name."""
    return {agency.name: agency for agency in (ubyport(), sdns(), izr(), czmvo())}


def _named_by_host(request: Request) -> str:
    """The sandbox that a host such as `job-7.localhost` names; "" for other hosts."""
    host = request.headers.get("host", "").partition(":")[0].lower()
    return host.removesuffix(LOCAL) if host.endswith(LOCAL) else ""


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


def _postman(config: Config, delivered: "Delivered") -> "Postman | None":
    if config.smtp is None:
        return None
    # Imported only where it is used: most houses send nothing.
    from podatelna.kernel.postman import Postman  # noqa: PLC0415 - see above

    return Postman(*config.smtp, delivered)


def _nowhere(request: Request, agencies: Mapping[str, Agency]) -> Response:
    paths = [path for agency in agencies.values() for path in agency.paths]
    return problem(
        404,
        f"No agency answers at {request.path}.",
        f"Agencies answer at {', '.join(paths)}; the sandbox itself at {ADMIN}/.",
    )
