"""Sandboxes: isolated worlds behind the agencies' doors."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from podatelna.kernel.agency import Agency, check_settings
from podatelna.kernel.clock import Clock, ClockRefusedError
from podatelna.kernel.controls import (
    Controls,
    GivenSettings,
    count,
    read_controls,
    read_settings,
    set_clock,
    set_seed,
    set_settings,
)
from podatelna.kernel.disruptions import any_planned, disrupt_after, disrupt_before
from podatelna.kernel.exchange import Request, Response
from podatelna.kernel.ids import Ids, random_seed
from podatelna.kernel.journal import (
    Describe,
    JournalLimits,
    journal,
    marked,
    record,
    tell_nothing,
)
from podatelna.kernel.outbox import Posted, letters
from podatelna.kernel.pipeline import stack
from podatelna.kernel.settings import Settings
from podatelna.kernel.store import (
    NAME,
    Fill,
    NameTakenError,
    Store,
    StoreError,
    UnfitNameError,
    UnknownSandboxError,
)
from podatelna.kernel.visit import Handler, Step, Trail, Visit
from podatelna.kernel.world import DEFAULT, load_world, read_world

log = logging.getLogger(__name__)

YEARS = range(1970, 9999)
"""Beyond them agencies could not reckon: NTLM counts from 1601, and deadlines run past 9999."""


Send = Callable[[str, Sequence[Posted]], None]
"""Given a sandbox's name and letters that are to leave it; returns at once."""


@dataclass(frozen=True, slots=True)
class HouseRules:
    """What holds for all sandboxes of a server."""

    seed: str | None = None
    """The same identifiers in every run; None: new ones with every sandbox."""
    journal: JournalLimits = field(default_factory=JournalLimits)
    describe_authorization: Describe = tell_nothing
    world: Path | None = None
    """A file that stands for the default world."""
    send: Send | None = None
    """Where letters go besides the outbox."""


@dataclass(frozen=True, slots=True)
class _Derived:
    """What was made of one revision of a sandbox's controls."""

    revision: str
    settings: Mapping[str, Settings]
    disrupted: bool


class Sandboxes:
    """All sandboxes of a store. Each call here is one transaction."""

    def __init__(
        self, store: Store, agencies: Mapping[str, Agency], rules: HouseRules | None = None
    ) -> None:
        self.agencies = agencies
        self._store = store
        self._rules = rules or HouseRules()
        self._derived: dict[str, _Derived] = {}
        self._doors = {name: self._door(agency) for name, agency in agencies.items()}
        if DEFAULT not in store.names():
            with suppress(NameTakenError):  # another replica was faster
                self.create(DEFAULT)
        self.now(DEFAULT)  # a sandbox of another version is refused here, not at the first call

    # -- the sandboxes themselves

    def names(self) -> list[str]:
        return self._store.names()

    def create(self, name: str, world: str = DEFAULT) -> None:
        """Raises StoreError if the name is taken or unfit, WorldError if there is no such world."""
        if not NAME.fullmatch(name):
            raise UnfitNameError(name)
        self._store.create(name, world, self._fill(world))

    def reset(self, name: str, world: str | None = None) -> None:
        """Make the sandbox as new, of its own world or of another."""
        with self._store.transaction(name) as transaction:
            of = world or read_controls(transaction).world
        self._store.reset(name, of, self._fill(of))

    def drop(self, name: str) -> None:
        if name == DEFAULT:
            raise StoreError("the default sandbox stays; reset it instead")
        self._store.drop(name)
        self._derived.pop(name, None)

    def sow(self, name: str) -> None:
        """Let the sandbox have its seed already, which else comes with the first call."""
        with self.open(name) as transaction:
            self._sown(transaction)

    # -- what a sandbox is set to

    @contextmanager
    def open(self, name: str) -> Iterator[Connection]:
        """A transaction on the sandbox, for those who read or change it from outside."""
        with self._store.transaction(name) as transaction:
            yield transaction

    def now(self, name: str) -> datetime:
        with self.open(name) as transaction:
            return read_controls(transaction).clock.now()

    def change_clock(self, name: str, change: Callable[[Clock], Clock]) -> datetime:
        """Set the clock and do all that has fallen due; returns the new time."""
        with self.open(name) as transaction:
            clock = change(read_controls(transaction).clock)
            if clock.now().year not in YEARS:
                raise ClockRefusedError(f"A sandbox lives from {YEARS[0]} to {YEARS[-1]}.")
            trail = Trail()
            # What was due by the old time was due before anybody moved it; a sandbox that nobody
            # has called yet begins its life here.
            self._settle(transaction, name, trail)
            set_clock(transaction, clock)
            self._settle(transaction, name, trail)
            now, posted = clock.now(), self._to_send(transaction, trail)
        self._send(name, posted)
        return now

    def _settle(self, transaction: Connection, name: str, trail: Trail) -> None:
        for agency in self.agencies.values():
            visit = self._visit(transaction, name, agency, Request("", ""))
            agency.settle(replace(visit, trail=trail))

    def advance(self, name: str, by: timedelta) -> datetime:
        return self.change_clock(name, lambda clock: clock.advanced(by))

    def set(self, name: str, given: GivenSettings) -> None:
        """Lay settings over the defaults; raises SettingRefusedError before anything is changed."""
        check_settings(self.agencies, given)
        with self.open(name) as transaction:
            set_settings(transaction, given)

    def settings(self, name: str, agency: str) -> Settings:
        with self.open(name) as transaction:
            return self._derive(transaction, "").settings[agency]

    # -- calls

    def serve(self, name: str, agency: Agency, request: Request) -> Response:
        """Answer one request in one transaction. Raises UnknownSandboxError."""
        visit: Visit | None = None
        try:
            with self._store.transaction(name) as transaction:
                visit = self._visit(transaction, name, agency, request)
                response = self._doors[agency.name](visit)
                posted = self._to_send(transaction, visit.trail)
        except UnknownSandboxError:
            raise
        except Exception:
            # Nothing of the call is kept, and the caller gets what the agency says when it crashes.
            log.exception("%s crashed while it answered %s", agency.name, request.path)
            return self._crashed(name, agency, request, visit.trail if visit else Trail())
        self._send(name, posted)
        return response

    def visit(self, name: str, agency: Agency, request: Request, call: Handler) -> Response:
        """Let an agency's own call run in a transaction, without the steps around its service."""
        with self.open(name) as transaction:
            visit = self._visit(transaction, name, agency, request)
            agency.settle(visit)
            response = call(visit)
            posted = self._to_send(transaction, visit.trail)
        self._send(name, posted)
        return response

    def _to_send(self, transaction: Connection, trail: Trail) -> Sequence[Posted]:
        """The letters that may leave as soon as the transaction they were posted in is kept."""
        if not trail.posted or self._rules.send is None:
            return ()
        return letters(transaction, after=trail.posted[0] - 1)

    def _send(self, name: str, posted: Sequence[Posted]) -> None:
        if posted and self._rules.send:
            self._rules.send(name, posted)

    def _crashed(self, name: str, agency: Agency, request: Request, until: Trail) -> Response:
        with self.open(name) as transaction:
            visit = self._visit(transaction, name, agency, request)
            visit.trail.operation, visit.trail.login = until.operation, until.login
            visit.trail.secrets += until.secrets
            visit.trail.notes.append("the sandbox itself crashed on this call; its log says where")
            response = _dated(agency.failed(request, visit.now), visit.now)
            limits, describe = self._rules.journal, self._rules.describe_authorization
            number = record(visit, agency.name, response, limits, describe)
        return marked(visit, response, number, limits)

    def _door(self, agency: Agency) -> Handler:
        def act(visit: Visit) -> Response:
            agency.settle(visit)
            return agency.handler(visit)

        rules = self._rules
        return stack(
            journal(agency.name, rules.journal, rules.describe_authorization),
            _date,
            _name_operation(agency),
            disrupt_before(agency.name),
            agency.authenticate,
            disrupt_after(agency.name),
            around=act,
        )

    def _visit(self, transaction: Connection, name: str, agency: Agency, request: Request) -> Visit:
        controls = self._sown(transaction)
        derived = self._derived.get(name)
        if derived is None or derived.revision != controls.revision:
            derived = self._derived[name] = self._derive(transaction, controls.revision)
        return Visit(
            request=request,
            transaction=transaction,
            now=controls.clock.now(),
            ids=Ids(controls.seed, partial(count, transaction)),
            settings=derived.settings[agency.name],
            sandbox=name,
            disrupted=derived.disrupted,
        )

    def _derive(self, transaction: Connection, revision: str) -> _Derived:
        given = read_settings(transaction)
        settings = {
            name: agency.contract.settings.over(given.get(name, {}))
            for name, agency in self.agencies.items()
        }
        return _Derived(revision, settings, any_planned(transaction))

    def _fill(self, world: str) -> Fill:
        def fill(transaction: Connection) -> None:
            own = self._rules.world if world == DEFAULT else None
            found = read_world(own, self.agencies) if own else load_world(world, self.agencies)
            found.fill(transaction, self.agencies, world)

        return fill

    def _sown(self, transaction: Connection) -> Controls:
        """The controls, with a seed: a copy of a world gets its own on the first visit."""
        controls = read_controls(transaction)
        if controls.seed:
            return controls
        set_seed(transaction, self._rules.seed or random_seed())
        return read_controls(transaction)


def _name_operation(agency: Agency) -> Step:
    def step(visit: Visit, proceed: Handler) -> Response:
        visit.trail.operation = agency.operation_of(visit.request)
        visit.trail.secrets += agency.secrets_of(visit.request)
        return proceed(visit)

    return step


def _date(visit: Visit, proceed: Handler) -> Response:
    return _dated(proceed(visit), visit.now)


def _dated(response: Response, now: datetime) -> Response:
    """The Date header follows the sandbox's clock, as everything else does.

    It stands where the response leaves an empty one for it, else at the end.
    """
    date = ("Date", format_datetime(now, usegmt=True))
    placed = tuple(date if each == ("Date", "") else each for each in response.headers)
    return replace(response, headers=placed if date in placed else (*placed, date))
