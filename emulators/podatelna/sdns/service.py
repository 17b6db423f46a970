"""The two services below a context root: loadData and the queries, and the pages beside them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Final

from podatelna.kernel.contract import Contract
from podatelna.kernel.exchange import Request, Response
from podatelna.kernel.settings import Settings
from podatelna.kernel.visit import Handler, Visit
from podatelna.sdns import pages, wire
from podatelna.sdns.answers import Answers
from podatelna.sdns.binding import Query, bind
from podatelna.sdns.desk import Desk
from podatelna.sdns.door import RAISED as DOOR_RAISED
from podatelna.sdns.door import Door, Refused
from podatelna.sdns.parameters import NotParameters, read_parameters
from podatelna.sdns.submission import Submission
from podatelna.sdns.takeover import Outcome, ended

RAISED: Final = (
    *DOOR_RAISED,
    "unexpected_exception",
    "page_not_found",
    "method_not_allowed",
    "body_too_large",
)
"""What the services report without a rule, besides what take-over and queries do."""

_READING: Final = ("GET", "HEAD")
_AROUND: Final = 64 * 1024
"""Bytes of a request besides its data."""
_START_OF_MESSAGE: Final = 64 * 1024
"""Bytes in which the method is looked for before anything is read."""
_METHOD: Final = re.compile(rb"<(?:[\w.-]{1,99}:)?([A-Za-z]{1,20})[\s/>]")
_PARAMETERS: Final = "getParams"
_NO_STAMP: Final = wire.Stamp(0, 0, (0, 1, 2))
"""Of an answer for which there is neither a clock nor an id."""


@dataclass(frozen=True, slots=True)
class Work:
    """What is behind the services."""

    open_desk: Callable[[Visit, Contract, str], Desk]
    take_over: Callable[[Desk, Submission], Outcome]
    get_params: Callable[[Desk, str], bytes]
    perform_query: Callable[[Desk, str, bytes], bytes]
    crashed: Callable[[Contract, Settings, str], bytes]
    """The answer to a query when the program behind it has crashed."""


@dataclass(frozen=True, slots=True)
class _Admitted:
    """A call that was read."""

    call: Submission | Query
    namespace: str
    environment: str


@dataclass(frozen=True)
class Service:
    """All that answers below the context roots."""

    contract: Contract
    work: Work

    @cached_property
    def door(self) -> Door:
        return Door(self.contract)

    @cached_property
    def answers(self) -> Answers:
        return Answers(self.contract, self.door)

    @cached_property
    def operations(self) -> tuple[str, ...]:
        return (*self.door.methods["load"], *self.door.methods["query"])

    def operation_of(self, request: Request) -> str:
        """The method that a message names at its beginning; "" if none of its address."""
        service = self.door.service(request)
        if service is None:
            return ""
        # In UTF-16 every other byte of it is zero.
        start = request.body[:_START_OF_MESSAGE].replace(b"\0", b"")
        known = self.door.methods[service]
        named = (found.decode() for found in _METHOD.findall(start))
        return next((name for name in named if name in known), "")

    def secrets_of(self, request: Request) -> list[str]:
        """What the journal must not record."""
        return self.door.secrets_of(request)

    # -- the way in

    def authenticate(self, visit: Visit, proceed: Handler) -> Response:
        """Read a call. Who calls is told by its parameters, and checked behind this door."""
        service, place = self.door.service(visit.request), self.door.place(visit.request.path)
        if service is None or place is None:
            return proceed(visit)
        size = len(visit.request.body)
        # Base64 in lines, and Base64 of that, is not quite twice as long as what it holds.
        if size > 2 * int(str(visit.settings["maximum_request_bytes"])) + _AROUND:
            return self.answers.message(visit, "body_too_large", f"{size} bytes")
        try:
            asked = self.door.read(visit.request, service)
            visit.trail.notes.extend(self.door.describe(asked, service))
            call = bind(asked, service)
        except Refused as refused:
            return self.answers.refuse(visit, refused)
        visit.trail.login = _login(call)
        return proceed(replace(visit, admitted=_Admitted(call, asked.namespace, place.environment)))

    def handle(self, visit: Visit) -> Response:
        """Answer a call that was read, or show a page."""
        admitted = visit.admitted
        if not isinstance(admitted, _Admitted):
            return self._show(visit)
        desk = self.work.open_desk(visit, self.contract, admitted.environment)
        desk = replace(desk, login=visit.trail.login.lower())
        if isinstance(admitted.call, Query):
            return self._query(visit, admitted.call, desk)
        return self._load(visit, admitted, desk)

    def _load(self, visit: Visit, admitted: _Admitted, desk: Desk) -> Response:
        assert isinstance(admitted.call, Submission)
        outcome = self.work.take_over(desk, admitted.call)
        at = self.answers.node_time(visit)
        document = self._document(visit.settings, admitted.call, at, outcome)
        body = wire.load_data_answer(self.contract, admitted.namespace, document)
        return self.answers.answer(visit, 200, body)

    def _document(
        self, settings: Settings, call: Submission, at: datetime, outcome: Outcome
    ) -> str:
        extra = self.contract.errors[outcome.key].extra
        status = wire.Status(extra["category"], extra["code"], outcome.messages)
        encoded = settings["answer_encoding"] == "base64"
        name = call.filename or ""
        return wire.load_data_response(self.contract, name, at, status, encoded=encoded)

    def _query(self, visit: Visit, call: Query, desk: Desk) -> Response:
        if call.method == _PARAMETERS:
            document = self.work.get_params(desk, call.query_type)
        else:
            document = self.work.perform_query(desk, call.query_type, _taken(visit, call))
        stamp = self.answers.stamp(visit)
        return self.answers.answer(
            visit, 200, *self._attached(visit.settings, call.method, document, stamp)
        )

    def _attached(
        self, settings: Settings, method: str, document: bytes, stamp: wire.Stamp
    ) -> tuple[bytes, str]:
        encoded = settings["attachment_encoding"] == "base64"
        return wire.query_answer(self.contract, method, document, stamp, encoded=encoded)

    # -- the program behind has crashed

    def failed(self, request: Request, now: datetime) -> Response:
        """An unhandled exception (status Severe), or what the engine says where nothing else can be
        answered."""
        settings = self.contract.settings.defaults
        status, body, content_type = 200, b"", ""
        try:
            body, content_type = self._failed(request, now, settings)
        except Exception:  # what crashed before may do so here again
            refused = Refused("unexpected_exception")
            status, body = self.answers.fault(request, refused)
        return self.answers.response(
            settings, status, body, (self.answers.content_type(content_type),)
        )

    def _failed(self, request: Request, now: datetime, settings: Settings) -> tuple[bytes, str]:
        service = self.door.service(request)
        if service is None:
            raise Refused("unexpected_exception")
        asked = self.door.read(request, service)
        call = bind(asked, service)
        if isinstance(call, Query):
            document = self.work.crashed(self.contract, settings, call.query_type)
            return self._attached(settings, call.method, document, _NO_STAMP)
        outcome = ended(self.contract, settings, call, "severe")
        answer = self._document(settings, call, self.answers.local(now), outcome)
        return wire.load_data_answer(self.contract, asked.namespace, answer), ""

    # -- pages

    def _show(self, visit: Visit) -> Response:
        request = visit.request
        place = self.door.place(request.path)
        page = place.page if place else ""
        if page not in (*self.door.pages, self.contract.constant("path_dtd")):
            return self.answers.message(visit, "page_not_found", request.path)
        if request.method not in _READING:
            allowed = (*_READING, "POST") if page in self.door.pages else _READING
            return self.answers.message(
                visit, "method_not_allowed", request.method, ", ".join(allowed)
            )
        shown = self._page(visit, page)
        return self.answers.response(
            visit.settings, 200, shown.body, (("Content-Type", shown.content_type),)
        )

    def _page(self, visit: Visit, page: str) -> pages.Page:
        request, settings = visit.request, visit.settings
        if page not in self.door.pages:
            return pages.answer_definition(self.contract)
        wanted = pages.wants_description(request.query)
        if self.door.pages[page] == "query":
            described = pages.query_description(self.contract, request)
            return pages.router_page(self.contract) if wanted is None else described
        if wanted is None:
            return pages.test_page(self.contract, request, settings)
        return pages.load_description(self.contract, request, settings, wanted)


def _login(call: Submission | Query) -> str:
    """As it was sent; "" where it cannot be told."""
    if isinstance(call, Submission):
        return call.username or ""
    try:
        return read_parameters(call.parameters).get("Username", "")
    except NotParameters:
        return ""


def _taken(visit: Visit, call: Query) -> bytes:
    """The parameters, unless they are inline and only what is public is to be understood."""
    if call.inline and visit.settings["strict"]:
        visit.trail.notes.append("strict: an xmlParam that is inline is not looked at")
        return b""
    return call.parameters
