"""The service behind the door: dispatch as WCF does it, and the four operations."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from podatelna.kernel.accounts import Account
from podatelna.kernel.contract import Contract
from podatelna.kernel.datacontract import BOOLEAN, INT, Kind
from podatelna.kernel.exchange import Request, Response
from podatelna.kernel.reading import Element, Reading
from podatelna.kernel.rules import Finding
from podatelna.kernel.soap import Envelope, NotSoap, answer, fault, not_understood, read_envelope
from podatelna.kernel.visit import Visit
from podatelna.kernel.wcf import (
    ADDRESSING_NONE,
    CONTENT_TYPE,
    DispatchError,
    RequestContract,
    read_action,
    read_content_type,
    read_request,
    response,
)
from podatelna.ubyport import metadata, wire
from podatelna.ubyport.desk import Counter, whole
from podatelna.ubyport.documents import confirmation, error_list
from podatelna.ubyport.door import Door
from podatelna.ubyport.model import Filing, Refusal
from podatelna.ubyport.operations import Desk, check_code, file_guests

LANGUAGE = "cs-CZ"
"""Of every faultstring, though the framework's texts are English (Appendix 5, section 5.1.2)."""

RAISED = (
    "bad_request",
    "method_not_allowed",
    "message_too_large",
    "unsupported_media_type",
    "action_not_supported",
    "deserialization_failed",
    "must_understand",
    "internal_service_fault",
)
"""Keys of errors.yaml that the dispatch reports."""

Values = Mapping[str, Any]

_NO_DETAILS: Mapping[str, str] = {}
_DISPATCH_ERRORS = {
    "DeserializationFailed": "deserialization_failed",
    "InternalServiceFault": "internal_service_fault",
}
_ADDRESSED = {f"{{{ADDRESSING_NONE}}}Action", f"{{{ADDRESSING_NONE}}}To"}
"""Headers that no message may carry over HTTP, although the documents print one."""


@dataclass(frozen=True, slots=True)
class Call:
    """A message that was read: who calls, with what, at which desk."""

    visit: Visit
    account: Account
    desk: Desk
    values: Values


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of the contract. `run` returns the result, or why it is refused."""

    request: RequestContract
    result: Callable[[Visit], Kind]
    run: Callable[[Call], Any]


@dataclass(frozen=True)
class Service:
    """The web service: one function from visit to response."""

    contract: Contract
    door: Door
    counter: Counter
    operations: Mapping[str, Operation] = field(init=False)

    def __post_init__(self) -> None:
        table = (
            Operation(wire.AVAILABILITY, lambda _: BOOLEAN, self._available),
            Operation(wire.LIST_LENGTH, lambda _: INT, self._list_length),
            Operation(wire.CODE_LIST, lambda _: wire.CODE_LIST_RESULT, self._code_list),
            Operation(wire.FILE_GUESTS, _filing_result, self._file_guests),
        )
        by_action = {wire.ACTIONS + operation.request.operation: operation for operation in table}
        object.__setattr__(self, "operations", by_action)

    def names(self) -> tuple[str, ...]:
        return tuple(operation.request.operation for operation in self.operations.values())

    def operation_of(self, request: Request) -> str:
        """The operation that the SOAPAction names; "" if it names none."""
        action = read_action(request.headers.get("soapaction"))
        found = self.operations.get(action)
        return found.request.operation if found else ""

    def handle(self, visit: Visit) -> Response:
        method, path = visit.request.method, visit.request.path
        if path.lower().removesuffix("/") not in self.door.paths:
            visit.trail.findings.append(Finding("not_found", received=path))
            return self.door.not_found()
        if method == "POST":
            return self._post(visit)
        if method in ("GET", "HEAD"):
            return self._page(visit)
        return self._refused(visit, "method_not_allowed", received=method)

    def failed(self, _: Request, __: datetime) -> Response:
        """What WCF answers when the program behind it has crashed."""
        return self._fault("internal_service_fault")

    # -- metadata

    def _page(self, visit: Visit) -> Response:
        request = visit.request
        # Behind a proxy that ends TLS, the address is the one that the caller knows.
        scheme = "https" if request.headers.get("x-forwarded-proto") == "https" else "http"
        address = f"{scheme}://{request.headers.get('host', '')}{request.base}{request.path}"
        stamp = str(visit.settings["stamp_member"])
        page = metadata.page(self.contract, request.query, address, stamp)
        return self.door.answer(200, page.body, page.content_type)

    # -- messages

    def _post(self, visit: Visit) -> Response:
        request = visit.request
        charset, unsupported = read_content_type(request.headers.get("content-type"))
        if unsupported:
            return self._refused(visit, "unsupported_media_type", unsupported)
        if len(request.body) > whole(visit.settings, "max_message_bytes"):
            return self._refused(visit, "message_too_large", received=f"{len(request.body)} bytes")
        try:
            envelope = read_envelope(request.body, charset)
        except NotSoap as error:
            return self._refused(visit, "bad_request", received=error.text)
        return self._dispatch(visit, envelope)

    def _dispatch(self, visit: Visit, envelope: Envelope) -> Response:
        action = read_action(visit.request.headers.get("soapaction"))
        operation = self.operations.get(action)
        if fault := self._undispatched(visit, envelope.headers, action, operation):
            return fault
        assert operation is not None
        return self._call(visit, operation, envelope)

    def _undispatched(
        self, visit: Visit, headers: Sequence[Element], action: str, operation: Operation | None
    ) -> Response | None:
        """What WCF objects to before it reads the body, in its order."""
        lenient = visit.settings["action_header"] == "lenient"
        if not lenient and any(header.tag in _ADDRESSED for header in headers):
            return self._faulted(visit, "internal_service_fault", received="an Action or To header")
        if operation is None:
            return self._faulted(visit, "action_not_supported", {"action": action}, received=action)
        if unknown := not_understood(headers, _ADDRESSED):
            name, namespace = unknown
            details = {"name": name, "namespace": namespace}
            return self._faulted(visit, "must_understand", details, received=name)
        return None

    def _call(self, visit: Visit, operation: Operation, envelope: Envelope) -> Response:
        reading = Reading(
            string_quota=whole(visit.settings, "max_string_length"),
            today=visit.now.date(),
            locate=envelope.locate,
        )
        try:
            values = read_request(operation.request, envelope.body, reading)
        except DispatchError as error:
            code = _DISPATCH_ERRORS[error.code]
            visit.trail.findings.append(Finding(code, received=error.reason))
            return self._fault(code, text=error.text)
        finally:
            _tell_skipped(visit, reading)
        assert visit.account is not None
        desk = self.counter.desk(visit, visit.account)
        refusal = check_code(desk, wire.read_code(values))
        result = refusal or operation.run(Call(visit, visit.account, desk, values))
        if isinstance(result, Refusal):
            finding = wire.located(Finding(result.code, result.at, received=result.received))
            visit.trail.findings.append(finding)
            return self._fault(result.code, result.details)
        name, kind = operation.request.operation, operation.result(visit)
        written = answer(response(name, wire.SERVICE, kind, result))
        return self.door.answer(200, written, CONTENT_TYPE)

    # -- the operations

    def _available(self, call: Call) -> bool:
        return call.visit.settings["backend_available"] is True

    def _list_length(self, call: Call) -> int:
        return call.desk.practice.list_length

    def _code_list(self, call: Call) -> Sequence[Values]:
        return self.code_lists[call.values["CoChci"]]

    @cached_property
    def code_lists(self) -> Mapping[str, Sequence[Values]]:
        """The three lists in wire form, by the name that a caller asks for."""
        rows = self.contract.codelist
        return {
            "Staty": wire.write_countries(rows("countries")),
            "UcelyPobytu": wire.write_purposes(rows("purposes")),
            "Chyby": wire.write_errors(self.contract.errors),
        }

    def _file_guests(self, call: Call) -> Values | Refusal:
        visit, batch = call.visit, wire.read_batch(call.values)
        filing = file_guests(call.desk, batch)
        if isinstance(filing, Refusal):
            return filing
        visit.trail.findings.extend(map(wire.located, filing.findings))
        documents: tuple[str | None, str | None] = (None, None)
        if batch and batch.want_pdf:
            documents = self.documents(visit, filing, call.account)
        numbering = visit.settings[f"header_numbering_{call.account.environment}"]
        return wire.write_filing(
            filing, self.contract.errors, legacy=numbering == "legacy", documents=documents
        )

    def documents(
        self, visit: Visit, filing: Filing, account: Account
    ) -> tuple[str | None, str | None]:
        """The document about refused guests, and the confirmation; base64."""
        stationery = self.counter.stationery(visit)
        return (
            error_list(stationery, filing, account.login),
            confirmation(stationery, filing, account.login),
        )

    # -- refusals

    def _refused(
        self, visit: Visit, code: str, reason: str | None = None, *, received: str = ""
    ) -> Response:
        """An HTTP status without a body, as WCF answers what it does not even read."""
        visit.trail.findings.append(Finding(code, received=received or reason or ""))
        return self.door.answer(self.contract.errors[code].status or 400, reason=reason)

    def _faulted(
        self, visit: Visit, code: str, details: Mapping[str, str] = _NO_DETAILS, *, received: str
    ) -> Response:
        visit.trail.findings.append(Finding(code, received=received))
        return self._fault(code, details)

    def _fault(
        self, code: str, details: Mapping[str, str] = _NO_DETAILS, *, text: str | None = None
    ) -> Response:
        """A fault of the catalogue; `text` instead of the entry's where WCF has composed one."""
        entry = self.contract.errors[code]
        words = entry.text.format_map(details) if text is None else text
        namespace = entry.extra["faultcode_namespace"]
        body = fault(entry.extra["faultcode"], namespace, words, LANGUAGE)
        return self.door.answer(entry.status or 500, body, CONTENT_TYPE)


def _filing_result(visit: Visit) -> Kind:
    return wire.FILE_GUESTS_RESULTS[str(visit.settings["stamp_member"])]


def _tell_skipped(visit: Visit, reading: Reading) -> None:
    """What .NET skips without a word is what its clients' developers look for the longest."""
    for place, reason, namespace in reading.skipped:
        come = f" (namespace {namespace or 'none'})" if reason == "foreign namespace" else ""
        visit.trail.notes.append(f"skipped {place}: {reason}{come}")
