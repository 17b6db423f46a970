"""The web service: finds the function that is called, reads its parameters, writes its answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from podatelna.czmvo import place, timetable, wire
from podatelna.czmvo.alerts import Alerts
from podatelna.czmvo.attachments import media_type
from podatelna.czmvo.correspondence import Correspondence
from podatelna.czmvo.desk import Desk
from podatelna.czmvo.directory import Directory
from podatelna.czmvo.door import Admitted, Door
from podatelna.czmvo.exemptions import Exemptions
from podatelna.czmvo.functions import MESSAGES, TOKEN, VERIFY, Operation, find
from podatelna.czmvo.lists import Lists
from podatelna.czmvo.model import TIME, Answer, File, Refusal
from podatelna.czmvo.parameters import Given, not_allowed, read
from podatelna.czmvo.tokens import TokenDesk
from podatelna.kernel.exchange import Request, Response
from podatelna.kernel.outbox import Letter, post
from podatelna.kernel.rest import accepted, read_json_object, read_query
from podatelna.kernel.settings import Settings
from podatelna.kernel.visit import Visit

RAISED = (
    "function_not_allowed",
    "value_not_allowed",
    "value_missing",
    "internal_error",
    "accept_not_supported",
    "request_invalid",
)
"""Keys of errors.yaml that are reported here and by the reading of parameters."""

_IN_URL = ("GET", "DELETE")
"""Methods whose parameters may stand in the URL (manual 2.3)."""
_NOT_GIVEN = (None, "")

_ASKED_AGAIN = 16
"""Queries that are kept as they were read: once for the journal, once for the function."""

Offers = tuple[wire.Output, ...]
_NAMES = {wire.JSON: (wire.JSON,), wire.CSV: wire.CSV_NAMES, wire.BINARY: (wire.BINARY,)}
"""The media types that ask for each."""
_UNFIT = "accept_not_supported"


@dataclass(frozen=True, slots=True)
class Service:
    """The functions, and the way from visit to response."""

    door: Door
    tokens: TokenDesk
    lists: Lists

    def operation_of(self, request: Request) -> str:
        """The function that a request calls; "" if none."""
        at = place.read_place(request.path)
        if at is None:
            return ""
        if at.module == place.TOKEN:
            return TOKEN
        if place.only_verifies(request):
            return VERIFY
        # What is posted is known without a look into a body that may hold a file of 16 MB.
        given = _read_given(request) if request.method != "POST" else None
        found = find(at.module, request.method, given or {})
        return found.name if isinstance(found, Operation) else ""

    def handle(self, visit: Visit) -> Response:
        """Answer a call that the door has let in."""
        admitted = visit.admitted
        assert isinstance(admitted, Admitted)
        if not visit.settings["backend_available"]:
            return self.door.refuse(visit, admitted, Refusal("internal_error"))
        if admitted.place.module == place.TOKEN:
            return self.tokens.handle(visit, admitted)
        given = _read_given(visit.request)
        if given is None:
            if visit.settings["malformed_json"] == "refused":
                refusal = Refusal("request_invalid", "body", "no JSON object")
                return self.door.refuse(visit, admitted, refusal)
            visit.trail.notes.append("the body is no JSON object: read as if it had none")
            given = _of_url(visit.request)
        return self._call(visit, admitted, given)

    def _call(self, visit: Visit, admitted: Admitted, given: Given) -> Response:
        """Right to the function, then output, then parameters, then the function itself."""
        operation = find(admitted.place.module, visit.request.method, given)
        if refusal := _barred(operation, admitted):
            return self.door.refuse(visit, admitted, refusal)
        assert isinstance(operation, Operation)
        output = _output(visit, operation, admitted, given)
        if isinstance(output, Refusal):
            return self.door.refuse(visit, admitted, output)
        answer = self._run(visit, admitted, operation, given)
        if isinstance(answer, Refusal):
            return self.door.refuse(visit, admitted, answer)
        if operation.writes:
            timetable.touch(visit.transaction, admitted.place.environment)
        written = wire.success(answer, output, file_type=self._file_type(answer, admitted))
        return self.door.answer(admitted.version, 200, written)

    def _run(self, visit: Visit, admitted: Admitted, operation: Operation, given: Given) -> Answer:
        values = read((*operation.takes, *operation.takes_more(visit.settings)), given)
        if isinstance(values, Refusal):
            return values
        return operation.run(self.desk(visit, admitted), values)

    def _file_type(self, answer: Answer, admitted: Admitted) -> str:
        """A file as it is has its own type in version 1; later on it is octets (2.7.1.3)."""
        if not (isinstance(answer, File) and admitted.version_1):
            return wire.BINARY
        return media_type(answer.name, self.door.contract) or wire.BINARY

    def desk(self, visit: Visit, admitted: Admitted) -> Desk:
        """The desk for one call of somebody who is known."""
        assert admitted.caller is not None
        environment, transaction = admitted.place.environment, visit.transaction
        return Desk(
            caller=admitted.caller,
            environment=environment,
            now=visit.now.strftime(TIME),
            language=admitted.language,
            version_1=admitted.version_1,
            settings=visit.settings,
            lists=self.lists,
            alerts=Alerts(transaction, environment),
            correspondence=Correspondence(transaction, environment),
            exemptions=Exemptions(transaction, environment),
            directory=Directory(transaction),
            next_id=lambda series: visit.ids.number(f"czmvo.{series}.{environment}"),
            post=partial(self._post, visit),
        )

    def _post(self, visit: Visit, recipient: str, subject: str, body: str) -> None:
        contract = self.door.contract
        sender = contract.constant("mail_sender")
        post(visit, Letter(contract.agency, sender, recipient, subject, body))


def _barred(operation: Operation | Refusal, admitted: Admitted) -> Refusal | None:
    """Why there is no such function, or not for this caller."""
    caller = admitted.caller
    assert caller is not None
    # Credentials of a location open one function and give no right to any other (manual 1.1, c).
    if caller.kind == "location" and not _opens_to_locations(operation):
        return Refusal("function_not_allowed", received="credentials of a location")
    if isinstance(operation, Refusal):
        return operation
    if operation.only_version_1 and not admitted.version_1:
        return not_allowed("list", operation.name)
    allowed = caller.role in operation.roles
    return None if allowed else Refusal("function_not_allowed", received=f"the role {caller.role}")


def _opens_to_locations(operation: Operation | Refusal) -> bool:
    return isinstance(operation, Operation) and operation.for_locations


# -- what the caller wants to get (manual 2.4)


def _output(
    visit: Visit, operation: Operation, admitted: Admitted, given: Given
) -> wire.Output | Refusal:
    """JSON, CSV or octets. Version 1 has a parameter for it, which goes before the header."""
    offers, accept = _offers(operation, visit.settings), visit.request.headers.get("accept", "")
    names = {name: each for each in offers for name in _NAMES[each]}
    if not admitted.version_1:
        return _accepted(accept, names)
    wanted = given.get("resultAs")
    if wanted in _NOT_GIVEN:
        # The header stands for the parameter, and code 33 is younger than calls without it (Q7).
        names |= {name: _form("csv", offers) for name in wire.CSV_NAMES if len(offers) > 1}
        found = _accepted(accept, names)
        lenient = visit.settings["accept_in_version_1"] == "optional"
        return wire.JSON if lenient and isinstance(found, Refusal) else found
    if wanted not in ("json", "csv"):
        return not_allowed("resultAs", wanted)
    withheld = wanted == "csv" and len(offers) < len(operation.offers)
    return Refusal(_UNFIT, "resultAs", wanted) if withheld else _form(wanted, offers)


def _offers(operation: Operation, settings: Settings) -> Offers:
    refused = operation is MESSAGES and settings["messages_as_csv"] == "refused"
    return (wire.JSON,) if refused else operation.offers


def _accepted(accept: str, names: Mapping[str, wire.Output]) -> wire.Output | Refusal:
    found = accepted(accept, tuple(names))
    return names[found] if found else Refusal(_UNFIT, "Accept", accept or "nothing")


def _form(wanted: str, offers: Offers) -> wire.Output:
    """`csv` is a table, or the file itself; JSON comes where there is neither."""
    return offers[-1] if wanted == "csv" else wire.JSON


# -- parameters (manual 2.2, 2.3)


def _read_given(request: Request) -> Given | None:
    """The parameters: JSON in the body of any method, some in the URL.

    Where both have one, the body's counts (ours). None: the body is no JSON object.
    """
    body = read_json_object(request.body) if request.body else {}
    return None if body is None else {**_of_url(request), **body}


def _of_url(request: Request) -> Mapping[str, Any]:
    """null is no text there but nothing, as it is in JSON (ours)."""
    return _of_query(request.query) if request.query and request.method in _IN_URL else {}


@lru_cache(_ASKED_AGAIN)
def _of_query(query: str) -> Mapping[str, Any]:
    return {name: text for name, text in read_query(query).items() if text != "null"}
