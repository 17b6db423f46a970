"""Everything that came in and went out, in order, with secrets blanked."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    bindparam,
    delete,
    insert,
    select,
)

from podatelna.kernel.blanking import BLANK, Blanking
from podatelna.kernel.exchange import PROMPT, Headers, Request, Response
from podatelna.kernel.rules import Finding
from podatelna.kernel.statements import Statement
from podatelna.kernel.tables import TABLES, heard
from podatelna.kernel.visit import Handler, Step, Visit

EXCHANGE = Table(
    "exchange",
    TABLES,
    Column("number", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("agency", String, nullable=False),
    Column("operation", String, nullable=False),
    Column("login", String, nullable=False),
    Column("method", String, nullable=False),
    Column("target", String, nullable=False),
    Column("request_headers", String, nullable=False),
    Column("request_body", LargeBinary, nullable=False),
    Column("status", Integer, nullable=False),
    Column("response_headers", String, nullable=False),
    Column("response_body", LargeBinary, nullable=False),
    Column("findings", String, nullable=False),
    Column("notes", String, nullable=False),
    Column("delivery", String, nullable=False),
    sqlite_autoincrement=True,
)
_ADD = Statement(
    insert(EXCHANGE).returning(EXCHANGE.c.number),
    [column.name for column in EXCHANGE.c if column.name != "number"],
)
_ONE = select(EXCHANGE).where(EXCHANGE.c.number == bindparam("which"))
_AFTER = select(EXCHANGE).where(EXCHANGE.c.number > bindparam("after")).order_by(EXCHANGE.c.number)
_FORGET = Statement(delete(EXCHANGE).where(EXCHANGE.c.number <= bindparam("until")))

LONGEST = 4096
"""Characters that are kept of a text besides the bodies: callers may say anything at any length."""

SWEEP = 64
"""Old exchanges are dropped in strides, so that most calls do not pay for it."""

_SECRET = ("authorization", "proxy-authorization", "cookie")


@dataclass(frozen=True, slots=True)
class JournalLimits:
    """What is kept of each sandbox: so many of the last exchanges, so many bytes of each body."""

    exchanges: int = 1000
    body: int = 256 * 1024
    header: bool = True
    """Whether answers name their exchange."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its response, as recorded."""

    number: int
    at: str
    """ISO 8601, the sandbox's time in UTC."""
    agency: str
    operation: str
    login: str
    method: str
    target: str
    request_headers: Mapping[str, str]
    request_body: bytes
    status: int
    response_headers: Headers
    response_body: bytes
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    delivery: Mapping[str, object]
    """What was done to the delivery; empty: nothing."""


Describe = Callable[[str], str]
"""Says what an Authorization header is without giving its secret away."""


def tell_nothing(authorization: str) -> str:
    """What is recorded of a header that nobody knows how to describe."""
    return BLANK


HEADER = "X-Podatelna-Exchange"
"""Tells the caller where the journal has the exchange: sandbox and number, `default/17`."""


def journal(agency: str, limits: JournalLimits, describe: Describe) -> Step:
    """Record each exchange of an agency."""

    def step(visit: Visit, proceed: Handler) -> Response:
        response = proceed(visit)
        return marked(visit, response, record(visit, agency, response, limits, describe), limits)

    return step


def marked(visit: Visit, response: Response, number: int, limits: JournalLimits) -> Response:
    """The answer with the header that names its exchange, unless that is not wanted."""
    if not limits.header:
        return response
    name = (HEADER, f"{visit.sandbox}/{number}")
    return replace(response, headers=(*response.headers, name))


def record(
    visit: Visit, agency: str, response: Response, limits: JournalLimits, describe: Describe
) -> int:
    """Write one exchange and return its number."""
    request, trail = visit.request, visit.trail
    said: dict[str, Any] = {
        "target": f"{request.path}?{request.query}" if request.query else request.path,
        "login": trail.login,
        "request_headers": _blanked(request, describe),
        "response_headers": response.headers,
        "findings": [asdict(finding) for finding in trail.findings],
        "notes": trail.notes,
    }
    sides = (request, response)
    bodies = [side.body[: limits.body] for side in sides]
    if trail.secrets:
        blanking = Blanking(trail.secrets)
        said = blanking.value(said)
        bodies = [blanking.body(side.body, limits.body) for side in sides]
    written = _ADD.row(
        visit.transaction,
        {
            "at": visit.now.isoformat(),
            "agency": agency,
            "operation": heard(trail.operation),
            "login": heard(said["login"][:LONGEST]),
            "method": heard(request.method),
            "target": heard(said["target"]),
            "request_headers": json.dumps(said["request_headers"]),
            "request_body": bodies[0],
            "status": response.status,
            "response_headers": json.dumps(said["response_headers"]),
            "response_body": bodies[1],
            "findings": _listed([_shortened(finding) for finding in said["findings"]]),
            "notes": _listed([note[:LONGEST] for note in said["notes"]]),
            "delivery": "{}" if response.delivery is PROMPT else _changes(response),
        },
    )
    assert written is not None
    number = int(written[0])
    if number % SWEEP == 0:
        _FORGET.run(visit.transaction, {"until": number - limits.exchanges})
    return number


def exchanges(transaction: Connection, after: int = 0) -> list[Exchange]:
    """The exchanges with a higher number than `after`, oldest first."""
    return [_exchange(row) for row in transaction.execute(_AFTER, {"after": after})]


def find_exchange(transaction: Connection, number: int) -> Exchange | None:
    """None: it never was, or is no longer kept."""
    row = transaction.execute(_ONE, {"which": number}).one_or_none()
    return None if row is None else _exchange(row)


def clear_journal(transaction: Connection) -> None:
    transaction.execute(delete(EXCHANGE))


def _blanked(request: Request, describe: Describe) -> Mapping[str, str]:
    if not any(name in request.headers for name in _SECRET):
        return dict(request.headers)
    return {
        name: (describe(value) if name == "authorization" else BLANK) if name in _SECRET else value
        for name, value in request.headers.items()
    }


def _shortened(finding: dict[str, Any]) -> dict[str, Any]:
    return finding | {"received": finding["received"][:LONGEST]}


def _listed(values: Sequence[object]) -> str:
    return json.dumps(values) if values else "[]"


def _changes(response: Response) -> str:
    changed = {
        item.name: getattr(response.delivery, item.name)
        for item in fields(response.delivery)
        # How long an agency keeps idle connections is its way, and nothing that was done to it.
        if item.name != "keep_alive_seconds"
        and getattr(response.delivery, item.name) != getattr(PROMPT, item.name)
    }
    return json.dumps(changed)


def _exchange(row: Row[Any]) -> Exchange:
    found = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
    found["request_headers"] = json.loads(found["request_headers"])
    found["response_headers"] = tuple(map(tuple, json.loads(found["response_headers"])))
    found["findings"] = tuple(Finding(**raw) for raw in json.loads(found["findings"]))
    found["notes"] = tuple(json.loads(found["notes"]))
    found["delivery"] = json.loads(found["delivery"])
    return Exchange(**found)


def told(found: Iterable[Finding]) -> str:
    """Findings in one line, for logs and messages."""
    return ", ".join(f"{item.code} at {item.at}" if item.at else item.code for item in found)
