"""Trouble on demand. Not called faults: that word belongs to SOAP.

A disruption is planned, never rolled: it meets the next calls that match, and its uses are counted.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from inspect import signature
from typing import Any, Literal, get_args

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    String,
    Table,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from podatelna.kernel.controls import touch
from podatelna.kernel.exchange import Response
from podatelna.kernel.tables import TABLES, heard
from podatelna.kernel.visit import Handler, Step, Visit

DISRUPTION = Table(
    "disruption",
    TABLES,
    Column("number", Integer, primary_key=True),
    Column("agency", String, nullable=False),
    Column("moment", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("options", String, nullable=False),
    Column("operation", String, nullable=False),
    Column("login", String, nullable=False),
    Column("remaining", Integer, nullable=False),
    Column("used", Integer, nullable=False),
    sqlite_autoincrement=True,
)
_PLAN = insert(DISRUPTION)
_ALL = select(DISRUPTION).order_by(DISRUPTION.c.number)
_OPEN = (
    select(DISRUPTION)
    .where(
        DISRUPTION.c.agency == bindparam("of"),
        DISRUPTION.c.moment == bindparam("when"),
        DISRUPTION.c.remaining > 0,
    )
    .order_by(DISRUPTION.c.number)
)
_ANY = select(DISRUPTION.c.number).where(DISRUPTION.c.remaining > 0).limit(1)
_USE = (
    update(DISRUPTION)
    .where(DISRUPTION.c.number == bindparam("which"))
    .values(remaining=DISRUPTION.c.remaining - 1, used=DISRUPTION.c.used + 1)
)

Moment = Literal["before", "after"]
Effect = Callable[[Response], Response]

MOST_TIMES = 1_000_000_000
SIZE = 1_000_000_000
"""Bytes; no body is larger."""
DAY = 86_400
"""Seconds; nobody waits longer for an answer."""


class DisruptionRefusedError(ValueError):
    """A plan that cannot be carried out; the message says what would fit."""


def _within(name: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise DisruptionRefusedError(f"{name} is from {least} to {most}, not {value}")


def _printable(name: str, value: str) -> None:
    """What becomes a header must stay in its line."""
    if not (value.isascii() and value.isprintable()):
        raise DisruptionRefusedError(f"{name} is printable ASCII, not {value!r}")


def _delivered(**how: Any) -> Effect:
    """Deliver the answer in another way, besides what else was made of its delivery."""
    return lambda response: replace(response, delivery=replace(response.delivery, **how))


def delay(seconds: float) -> Effect:
    """Answer late."""
    _within("seconds", seconds, 0, DAY)
    return _delivered(delay_seconds=seconds)


def drip(bytes_per_second: int) -> Effect:
    """Answer in small pieces, slowly."""
    _within("bytes_per_second", bytes_per_second, 1, SIZE)
    return _delivered(drip_bytes_per_second=bytes_per_second)


def cut(after_bytes: int) -> Effect:
    """Close the connection in the middle of the answer's body."""
    _within("after_bytes", after_bytes, 0, SIZE)
    return _delivered(cut_after_bytes=after_bytes)


def reset() -> Effect:
    """Reset the connection (TCP RST) instead of answering."""
    return _delivered(reset=True)


def empty() -> Effect:
    """Close the connection without a byte."""
    return _delivered(empty=True)


def status(code: int, text: str = "", retry_after: str = "") -> Effect:
    """Answer as a broken front end would."""
    _within("code", code, 200, 599)
    _printable("retry_after", retry_after)
    page = f"<html><head><title>{code}</title></head><body><h2>{text or code}</h2></body></html>"
    headers = (("Content-Type", "text/html"), ("Retry-After", retry_after))
    kept = tuple(pair for pair in headers if pair[1])
    return lambda response: Response(code, page.encode(errors="replace"), kept)


_UNAVAILABLE = status(503)(Response(503))


def garble(at: int = 0) -> Effect:
    """Break the body: a byte that neither XML nor JSON can hold, at this position."""
    _within("at", at, 0, SIZE)
    return lambda response: replace(
        response, body=response.body[:at] + b"\x00<" + response.body[at + 2 :]
    )


def content_type(value: str) -> Effect:
    """Label the answer as something else."""
    _printable("value", value)

    def relabel(response: Response) -> Response:
        others = tuple(pair for pair in response.headers if pair[0].lower() != "content-type")
        return replace(response, headers=(("Content-Type", value), *others))

    return relabel


KINDS: Mapping[str, Callable[..., Effect]] = {
    "delay": delay,
    "drip": drip,
    "cut": cut,
    "reset": reset,
    "empty": empty,
    "status": status,
    "garble": garble,
    "content_type": content_type,
}


@dataclass(frozen=True, slots=True)
class Disruption:
    """A plan. `before`: the agency never sees the call; `after`: it has filed it already."""

    agency: str
    kind: str
    moment: Moment = "after"
    options: Mapping[str, Any] = field(default_factory=dict)
    operation: str = ""
    """Only calls of this operation; empty: any."""
    login: str = ""
    times: int = 1
    used: int = 0

    def effect(self) -> Effect:
        make = KINDS.get(self.kind)
        if make is None:
            known = ", ".join(KINDS)
            raise DisruptionRefusedError(f"no disruption is called {self.kind}; there are {known}")
        if not _callable_with(make, self.options):
            takes = ", ".join(str(item) for item in signature(make).parameters.values())
            raise DisruptionRefusedError(
                f"disruption {self.kind} takes ({takes}), not {dict(self.options)}"
            )
        return make(**self.options)


def _callable_with(make: Callable[..., Effect], options: Mapping[str, Any]) -> bool:
    """Whether the options have the names and types of the parameters; an int is a float, too."""
    takes = signature(make)
    try:
        takes.bind(**options)
    except TypeError:
        return False
    kinds = {name: parameter.annotation for name, parameter in takes.parameters.items()}
    return all(
        type(value) is kinds[name] or (type(value) is int and kinds[name] is float)
        for name, value in options.items()
    )


def plan(transaction: Connection, disruption: Disruption) -> None:
    """Plan a disruption; raises DisruptionRefusedError if it can never be carried out."""
    disruption.effect()
    if disruption.moment not in get_args(Moment):
        raise DisruptionRefusedError(f"moment is before or after, not {disruption.moment}")
    _within("times", disruption.times, 1, MOST_TIMES)
    if disruption.login and disruption.moment == "before":
        raise DisruptionRefusedError("before the agency acts nobody is logged in: leave login out")
    transaction.execute(
        _PLAN,
        {
            "agency": disruption.agency,
            "moment": disruption.moment,
            "kind": disruption.kind,
            "options": json.dumps(dict(disruption.options)),
            "operation": heard(disruption.operation),
            "login": heard(disruption.login.lower()),
            "remaining": disruption.times,
            "used": 0,
        },
    )
    touch(transaction)


def planned(transaction: Connection) -> list[Disruption]:
    """All plans, used ones too; `times` is what remains."""
    return [_disruption(row) for row in transaction.execute(_ALL)]


def any_planned(transaction: Connection) -> bool:
    return transaction.execute(_ANY).first() is not None


def clear_disruptions(transaction: Connection) -> None:
    transaction.execute(delete(DISRUPTION))
    touch(transaction)


def disrupt_before(agency: str) -> Step:
    """A call that meets a plan never reaches the agency.

    Kinds that only change the delivery need an answer to carry: they get a front end's 503.
    """

    def step(visit: Visit, proceed: Handler) -> Response:
        effect = _next(visit, agency, "before")
        if effect is None:
            return proceed(visit)
        return effect(_UNAVAILABLE)

    return step


def disrupt_after(agency: str) -> Step:
    """The agency acts, and its answer meets the plan."""

    def step(visit: Visit, proceed: Handler) -> Response:
        response = proceed(visit)
        effect = _next(visit, agency, "after")
        return effect(response) if effect else response

    return step


def _next(visit: Visit, agency: str, moment: Moment) -> Effect | None:
    if not visit.disrupted:
        return None
    rows: Sequence[Any] = visit.transaction.execute(_OPEN, {"of": agency, "when": moment}).all()
    operation, login = heard(visit.trail.operation), heard(visit.trail.login.lower())
    for row in rows:
        if row.operation in ("", operation) and row.login in ("", login):
            visit.transaction.execute(_USE, {"which": row.number})
            visit.trail.notes.append(f"disruption {row.kind} {moment} the agency acted")
            return _disruption(row).effect()
    return None


def _disruption(row: Any) -> Disruption:
    return Disruption(
        agency=row.agency,
        kind=row.kind,
        moment=row.moment,
        options=json.loads(row.options),
        operation=row.operation,
        login=row.login,
        times=row.remaining,
        used=row.used,
    )
