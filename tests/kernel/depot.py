"""A left-luggage office: an agency of no country, small enough to see through, for tests.

It echoes, files parcels, promises them for later, counts calls, and crashes when asked to.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, insert, select, update

from podatelna.kernel.accounts import Account, add_accounts, find_account
from podatelna.kernel.agency import Agency
from podatelna.kernel.contract import Contract
from podatelna.kernel.exchange import Request, Response
from podatelna.kernel.journal import JournalLimits
from podatelna.kernel.limits import SlidingLimit
from podatelna.kernel.outbox import Letter, post
from podatelna.kernel.rules import Finding
from podatelna.kernel.sandbox import HouseRules, Sandboxes
from podatelna.kernel.store import Store
from podatelna.kernel.tables import TABLES
from podatelna.kernel.visit import Handler, Visit

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
"""Where the clock of the default world stands."""
DATE = ("Date", "Mon, 02 Mar 2026 08:00:00 GMT")
SEED = "a seed"

FILES = {
    "contracts/depot/service.yaml": """
constants:
  greeting: {value: good morning, certainty: documented, source: the sign on the door}
settings:
  loud: {value: false, certainty: reconstructed, source: hearsay, about: Echoes in capitals.}
  shelf:
    {value: left, choices: [left, right], certainty: observed, source: a visit}
  pieces: {value: 3, minimum: 1, certainty: documented, source: the sign on the door}
  marks: {value: [fragile], certainty: documented, source: the sign on the door}
""",
    "contracts/depot/errors.yaml": """
too_heavy: {number: 7, kind: record, text: Too heavy., certainty: documented, source: a sign}
crowded:
  {number: null, kind: header, text: Later., certainty: observed, source: a visit, colour: red}
""",
    "contracts/depot/codelists/sizes.csv": "code,text\nS,small\nL,large\n",
    "contracts/depot/codelists/colours.csv": "code,text\nR,rudá\n",
    "contracts/depot/door.txt": "Dveře\n",
    "scenarios/worlds/default.yaml": """
title: The default world
clock: 2026-03-02T08:00:00Z
depot:
  accounts: [{login: Porter, password: Secret-1, subject: hall}]
  parcels: [umbrella]
""",
    "scenarios/worlds/busy.yaml": """
title: A busy world
clock: 2026-12-24T17:30:00+01:00
settings: {depot: {loud: true}}
depot:
  parcels: [sledge, skis]
""",
    "scenarios/worlds/running.yaml": "title: A world whose clock runs\n",
    "scenarios/worlds/broken.yaml": "depot: {parcels: [bomb]}\n",
}

DEPOT = MetaData()
PARCEL = Table(
    "depot_parcel",
    DEPOT,
    Column("number", Integer, primary_key=True),
    Column("what", String, nullable=False),
    Column("at", String, nullable=False),
    Column("mark", String, nullable=False),
    Column("due", String, nullable=False),
)
PROMISED = ""
"""What a parcel's `at` is until it has come."""
CROWD = SlidingLimit("depot.calls", calls=2, window=timedelta(minutes=1))


def write_files(root: Path, files: Mapping[str, str] = FILES) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")


def resource_in(root: Path) -> Callable[..., Path]:
    """What stands in for kernel.resources.resource."""
    return lambda folder, name="": root / folder / name


def tables(*agencies: Agency) -> MetaData:
    """All of the kernel's and the agencies' tables in one registry, as the house makes it."""
    whole = MetaData()
    for metadata in (TABLES, *(agency.tables for agency in agencies)):
        for table in metadata.sorted_tables:
            table.to_metadata(whole)
    return whole


def depot(name: str = "depot") -> Agency:
    """The agency. Its contract is read when it is first needed."""
    return Agency(
        name=name,
        title="Left luggage",
        contract=Contract("depot"),
        paths=("/depot",),
        handler=_handle,
        authenticate=_authenticate,
        operation_of=lambda request: request.path.removeprefix("/depot/"),
        failed=lambda request, now: Response(500, b"the depot is on fire", (("X-Fire", "yes"),)),
        tables=DEPOT,
        seed=_seed,
        settle=_settle,
        admin={"parcels": lambda visit: _json(parcels(visit.transaction))},
    )


def parcels(transaction: Connection) -> list[tuple[int, str, str, str]]:
    """Number, what, when it came, and its mark, of all parcels by number."""
    rows = transaction.execute(select(PARCEL).order_by(PARCEL.c.number))
    return [(row.number, row.what, row.at, row.mark) for row in rows]


@dataclass(frozen=True)
class House:
    """One replica: sandboxes of a store, with the depot in them."""

    store: Store
    sandboxes: Sandboxes

    @property
    def agency(self) -> Agency:
        return self.sandboxes.agencies["depot"]

    def call(self, operation: str, body: bytes = b"", sandbox: str = "default", **more: Any) -> Any:
        """Serve a request; `more` are fields of the Request."""
        request = Request("POST", f"/depot/{operation}", body=body)
        return self.sandboxes.serve(sandbox, self.agency, replace(request, **more))

    def parcels(self, sandbox: str = "default") -> list[tuple[int, str, str, str]]:
        with self.sandboxes.open(sandbox) as transaction:
            return parcels(transaction)

    def whats(self, sandbox: str = "default") -> list[str]:
        return [what for _, what, _, _ in self.parcels(sandbox)]


SEEDED = HouseRules(seed=SEED, journal=JournalLimits(header=False))
"""Answers are compared whole; that they name their exchange, test_journal tells."""


def house(store: Store, rules: HouseRules = SEEDED) -> House:
    return House(store, Sandboxes(store, {"depot": depot()}, rules))


@contextmanager
def open_house(store: Store, rules: HouseRules = SEEDED) -> Iterator[House]:
    """A house whose store is closed at the end."""
    try:
        yield house(store, rules)
    finally:
        store.close()


def _json(value: object) -> Response:
    return Response(200, json.dumps(value).encode(), (("Content-Type", "application/json"),))


def _seed(transaction: Connection, data: Mapping[str, Any]) -> None:
    add_accounts(transaction, (Account("depot", "hall", **raw) for raw in data.get("accounts", ())))
    for what in data.get("parcels", ()):
        transaction.execute(insert(PARCEL), {"what": what, "at": "long ago", "mark": "", "due": ""})
        if what == "bomb":
            raise RuntimeError("a bomb went off while the world was made")


def _authenticate(visit: Visit, proceed: Handler) -> Response:
    login = visit.request.headers.get("x-login", "")
    if not login:
        return proceed(visit)
    account = find_account(visit.transaction, "depot", "hall", login)
    if account is None:
        visit.trail.findings.append(Finding("unknown_login", "x-login", received=login))
        return Response(401)
    visit.trail.login = login
    return proceed(replace(visit, account=account))


def _handle(visit: Visit) -> Response:
    operation = visit.request.path.removeprefix("/depot/")
    return _OPERATIONS.get(operation, _echo)(visit)


def _echo(visit: Visit) -> Response:
    body = visit.request.body
    headers = (("Content-Type", "text/plain"), ("X-Shelf", str(visit.settings["shelf"])))
    return Response(200, body.upper() if visit.settings["loud"] else body, headers)


def _file(visit: Visit) -> Response:
    """File a parcel now and answer its number and mark."""
    row = {
        "number": visit.ids.number("depot.parcel") + 100,
        "what": visit.request.body.decode(),
        "at": visit.now.isoformat(),
        "mark": str(visit.ids.guid("depot.mark")),
        "due": "",
    }
    visit.transaction.execute(insert(PARCEL), row)
    return _json([row["number"], row["mark"]])


def _promise(visit: Visit) -> Response:
    """Promise a parcel for so many minutes from now: `?minutes=5`."""
    wait = timedelta(minutes=int(parse_qs(visit.request.query)["minutes"][0]))
    row = {
        "number": visit.ids.number("depot.parcel") + 100,
        "what": visit.request.body.decode(),
        "at": PROMISED,
        "mark": "",
        "due": (visit.now + wait).isoformat(),
    }
    visit.transaction.execute(insert(PARCEL), row)
    return _json(row["number"])


def _crash(visit: Visit) -> Response:
    _file(visit)
    visit.trail.findings.append(Finding("too_heavy"))
    raise RuntimeError("the floor gave way")


def _whisper(visit: Visit) -> Response:
    """Give the body back, which nobody else must learn: not even of a crash on the way."""
    secret = visit.request.body.decode()
    visit.trail.secrets.append(secret)
    visit.trail.findings.append(Finding("too_heavy", secret, received=f"not {secret}"))
    visit.trail.notes.append(f"somebody whispered {secret}")
    if "boom" in visit.request.query:
        raise RuntimeError("the whisper was heard")
    return Response(200, f"heard {secret}".encode(), (("X-Whispered", secret),))


def _write(visit: Visit) -> Response:
    """Write to each recipient in the body, one a line, and answer the letters' numbers."""
    numbers = [_send(visit, to, visit.request.query) for to in visit.request.body.decode().split()]
    if "boom" in visit.request.query:
        raise RuntimeError("the ink ran out")
    return _json(numbers)


def _send(visit: Visit, recipient: str, subject: str) -> int:
    letter = Letter("depot", "depot@depot.example", recipient, subject, "Příliš žluťoučký kůň.\n")
    return post(visit, letter)


def _crowd(visit: Visit) -> Response:
    wait = CROWD.hit(visit.transaction, visit.trail.login, visit.now)
    return Response(200) if wait is None else _json(wait.total_seconds())


_OPERATIONS: Mapping[str, Handler] = {
    "file": _file,
    "promise": _promise,
    "crash": _crash,
    "whisper": _whisper,
    "write": _write,
    "crowd": _crowd,
}


def _settle(visit: Visit) -> None:
    """Parcels come when they are due, in that order: marks are drawn, and owners written to."""
    due = (
        select(PARCEL)
        .where(PARCEL.c.at == PROMISED, PARCEL.c.due <= visit.now.isoformat())
        .order_by(PARCEL.c.due, PARCEL.c.number)
    )
    for row in visit.transaction.execute(due).all():
        if row.what == "bomb":
            raise RuntimeError("a bomb went off as it came")
        came = {"at": row.due, "mark": str(visit.ids.guid("depot.mark"))}
        then = replace(visit, now=datetime.fromisoformat(row.due))
        _send(then, "owner@town.example", f"{row.what} has come")
        visit.transaction.execute(update(PARCEL).where(PARCEL.c.number == row.number), came)
