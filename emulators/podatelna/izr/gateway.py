"""The gateway: one address for all services, their WSDLs, and the pages beside it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import parse_qsl

from podatelna.izr import pages
from podatelna.izr.desk import open_desk
from podatelna.izr.door import Admitted, Door
from podatelna.izr.envelope import response
from podatelna.izr.model import ServiceError
from podatelna.izr.schemas import Schemas
from podatelna.izr.services import Service
from podatelna.izr.simulator import Simulator, secrets_of
from podatelna.kernel.contract import Contract
from podatelna.kernel.exchange import Request, Response
from podatelna.kernel.reading import Element
from podatelna.kernel.rules import Finding
from podatelna.kernel.visit import Visit

RAISED = (
    "request_not_valid",
    "too_many_animals",
    "internal_error",
    "method_not_allowed",
    "page_not_found",
)
"""What the gateway reports without a rule; services have lists of their own."""

_READING = ("GET", "HEAD")
_SERVICE = re.compile(rb"""\bvOKOid[ \t\r\n]*=[ \t\r\n]*["']([^"'<>]{1,15})["']""")
_START_OF_MESSAGE = 64 * 1024
"""Bytes in which the service is looked for before anything is read."""


@dataclass(frozen=True)
class Gateway:
    """All that answers below the path of the gateway."""

    door: Door
    schemas: Schemas

    @property
    def contract(self) -> Contract:
        return self.door.contract

    @property
    def services(self) -> Mapping[str, Service]:
        return self.door.services

    @cached_property
    def simulator(self) -> Simulator:
        path = self.door.path
        return Simulator(
            self.schemas,
            self.services,
            path,
            lambda visit: self.door.authenticate(visit, self.handle),
        )

    def operation_of(self, request: Request) -> str:
        """The service that a message names at its beginning; "" if none."""
        if request.method != "POST" or request.path.lower() != self.door.path:
            return ""
        # In UTF-16 every other byte of it is zero.
        found = _SERVICE.search(request.body[:_START_OF_MESSAGE].replace(b"\0", b""))
        service = found[1].decode("utf-8", "replace") if found else ""
        return service if service in self.services else ""

    def secrets_of(self, request: Request) -> list[str]:
        """What the journal must not record."""
        simulated = request.path.lower() == self._paths["simulator"] and request.method == "POST"
        return secrets_of(request) if simulated else []

    def handle(self, visit: Visit) -> Response:
        """Answer a message that the door has let in, or show a page."""
        if isinstance(visit.admitted, Admitted):
            return self._serve(visit, visit.admitted)
        return self._show(visit)

    # -- messages

    def _serve(self, visit: Visit, admitted: Admitted) -> Response:
        checked = self.schemas.check(admitted.message, admitted.service, visit.settings)
        visit.trail.notes.extend(checked.notes)
        visit.trail.notes.extend(map(str, checked.problems))
        if checked.too_many:
            return self.door.refuse(visit, admitted.message, _too_many(checked.too_many, visit))
        if checked.problems and (visit.settings["schema_validation"] or checked.payload is None):
            first = checked.problems[0]
            error = ServiceError("request_not_valid", {"reason": str(first)}, first.at, first.text)
            return self.door.refuse(visit, admitted.message, error)
        if not visit.settings["backend_available"]:
            return self.door.refuse(visit, admitted.message, ServiceError("internal_error"))
        assert checked.payload is not None
        return self._run(visit, admitted, checked.payload)

    def _run(self, visit: Visit, admitted: Admitted, payload: Element) -> Response:
        subject = admitted.message.subject
        if not subject and admitted.caller and len(admitted.caller.subjects) == 1:
            [subject] = admitted.caller.subjects
        desk = open_desk(visit, self.contract, admitted.environment)
        desk = replace(desk, caller=admitted.caller, subject=subject)
        found = admitted.service.run(desk, payload)
        if isinstance(found, ServiceError):
            return self.door.refuse(visit, admitted.message, found)
        return self.door.answer(200, response(admitted.message, self.door.stamp(visit), found))

    # -- pages

    @cached_property
    def _paths(self) -> Mapping[str, str]:
        names = ("gateway", "wsdl", "data_model", "simulator")
        return {name: str(self.contract.constant(f"path_{name}")).lower() for name in names}

    def _show(self, visit: Visit) -> Response:
        """Paths and names of parameters are taken in any case of letters, as on IIS."""
        method, path, paths = visit.request.method, visit.request.path.lower(), self._paths
        allowed = {
            paths["gateway"]: ("POST",),
            paths["wsdl"]: _READING,
            paths["data_model"]: _READING,
            paths["simulator"]: (*_READING, "POST"),
        }
        if path not in allowed:
            return self._refused(visit, "page_not_found", path)
        if method not in allowed[path]:
            return self._refused(visit, "method_not_allowed", method, ", ".join(allowed[path]))
        if path == paths["simulator"]:
            return _page(self.simulator.page(visit))
        return self._describe(visit, wsdl=path == paths["wsdl"])

    def _describe(self, visit: Visit, *, wsdl: bool) -> Response:
        asked = {name.lower(): value for name, value in parse_qsl(visit.request.query)}
        name = asked.get("serviceid" if wsdl else "id", "").upper()
        service = self.services.get(name)
        if service is None:
            return self._refused(visit, "page_not_found", f"the service {name or '(none)'}")
        if wsdl:
            address = self._address(visit.request)
            body = self.schemas.wsdl(service, visit.settings, address)
            return Response(200, body, (("Content-Type", "text/xml; charset=utf-8"),))
        payload = self.schemas.payload(service, visit.settings)
        test = asked.get("test", "").upper() == "A"
        content = pages.data_model(self.contract, service.id, payload, test=test)
        return _page(pages.page(f"Datový model {service.id}", content))

    def _address(self, request: Request) -> str:
        """Of the gateway, as the caller knows it; behind a proxy that ends TLS, too."""
        scheme = "https" if request.headers.get("x-forwarded-proto") == "https" else "http"
        host, path = request.headers.get("host", ""), self.contract.constant("path_gateway")
        return f"{scheme}://{host}{request.base}{path}"

    def _refused(self, visit: Visit, key: str, received: str, allow: str = "") -> Response:
        entry = self.contract.errors[key]
        visit.trail.findings.append(Finding(key, received=received))
        text = entry.text.format_map({"method": visit.request.method})
        assert entry.status is not None
        headers = (("Allow", allow),) if allow else ()
        return _page(pages.page(text, ""), entry.status, headers)


def _too_many(rows: int, visit: Visit) -> ServiceError:
    limit = str(visit.settings["maximum_animals"])
    return ServiceError("too_many_animals", {"limit": limit}, received=f"{rows} rows")


def _page(body: bytes, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Response:
    return Response(status, body, (("Content-Type", pages.CONTENT_TYPE), *headers))
