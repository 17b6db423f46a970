"""Schemas of the services: put together from the contract, served as WSDLs, held against messages.

A payload is validated without its namespace, which is the caller's own (contract, Q19).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import islice
from threading import Lock
from typing import Any, Final

from lxml import etree

from podatelna.izr.envelope import VOKO, Message
from podatelna.izr.names import XSD, NotFitting, Shape, read_shape, rename
from podatelna.izr.services import Service
from podatelna.kernel.contract import Contract
from podatelna.kernel.reading import Element
from podatelna.kernel.settings import Settings

MOST_ERRORS: Final = 50
"""Of one message."""

_DECLARATION = re.compile(r"^<\?xml[^>]*\?>\s*")
_PAYLOAD = "payload.xsd"
_SUBJECT_OF_ERROR = re.compile(r"Element '[^']*'(?:, attribute '([^']*)')?: ")
_NAMESPACE = re.compile(r"\{[^{}' ]*\}")
_PREFIX = re.compile(r"/[^/:\[\]]+:")
_LENGTHS = (f"{XSD}minLength", f"{XSD}maxLength", f"{XSD}length")


@dataclass(frozen=True, slots=True)
class Problem:
    """What the schema says against a message."""

    at: str
    """The way to the element, from vOKO:Request without prefixes."""
    line: int
    """In the message."""
    text: str

    def __str__(self) -> str:
        return f"{self.at} (line {self.line}): {self.text}"


@dataclass(frozen=True, slots=True)
class Checked:
    """A message that was held against the schema of its service."""

    payload: Element | None
    """With canonical names and no namespace; None: there is none that could be read."""
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    """What was tolerated."""
    too_many: int = 0
    """Rows, if there are more than the sandbox allows; then nothing more was looked at."""


class Schemas:
    """The schemas of all services. Each is made when it is first needed."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self._shapes: dict[str, Shape] = {}
        self._compiled: dict[tuple[str, bool], _Compiled] = {}

    def check(self, message: Message, service: Service, settings: Settings) -> Checked:
        """Hold a message against the schema of its service; changes the elements of the message."""
        payload = message.payload
        if payload is None:
            problem = Problem("Request/RequestContent", _line(message.request), "It is empty.")
            return Checked(None, (problem,))
        notes = self._drop_unknown(message.request)
        try:
            notes += rename(payload, self._shape(service))
        except NotFitting as found:
            problem = Problem(_way(found.element), _line(found.element), found.text)
            return Checked(None, (problem,))
        rows = max((len(payload.findall(way)) for way in self._shape(service).rows), default=0)
        limit = settings["maximum_animals"]
        assert isinstance(limit, int)
        if rows > limit:
            # libxml2 counts its way to each error: so many could keep it busy for minutes.
            return Checked(payload, too_many=rows)
        compiled = self._for(service, strict=settings["holding_length"] == "schema")
        return Checked(payload, compiled.problems(message.request), tuple(notes))

    def _drop_unknown(self, request: Element) -> list[str]:
        """Attributes of UIDkey that no WSDL has, and a public C# caller sends and is served."""
        key = request.find(f"{{{VOKO}}}UIDkey")
        unknown = [] if key is None else [name for name in key.attrib if name not in self._of_key]
        for name in unknown:
            assert key is not None
            del key.attrib[name]
        told = map(str, unknown[:MOST_ERRORS])
        return [f"the attribute {name} of UIDkey was passed over" for name in told]

    @cached_property
    def _of_key(self) -> frozenset[str]:
        text = self.contract.text("envelope.xsd").replace("{namespace}", VOKO)
        found = etree.fromstring(text.encode()).findall(
            f"{XSD}complexType[@name='UIDkey']/{XSD}attribute"
        )
        return frozenset(str(each.get("name")) for each in found)

    def _shape(self, service: Service) -> Shape:
        if service.id not in self._shapes:
            rows = self.contract.codelist("synonyms")
            own = [row for row in rows if row["service"] == service.id]
            schema = etree.fromstring(self.contract.text(f"payload/{service.id}.xsd").encode())
            self._shapes[service.id] = read_shape(schema, own)
        return self._shapes[service.id]

    def _for(self, service: Service, *, strict: bool) -> "_Compiled":
        known = (service.id, strict)
        if known not in self._compiled:
            length = {"holding_length": "schema" if strict else ""}
            payload = self.payload(service, {**self.contract.settings.defaults, **length})
            self._compiled[known] = _Compiled(self.envelope(service), payload)
        return self._compiled[known]

    # -- the parts

    def envelope(self, service: Service) -> str:
        """vOKO v02.00 around the payload of a service."""
        uidkey = "1" if service.access == "PF" else "0"
        return self.contract.text("envelope.xsd").replace("{uidkey}", uidkey)

    def payload(self, service: Service, settings: Settings) -> str:
        """Request and Response of a service.

        `holding_length` says whether the length of the reporting holding's number is part of it:
        "state_11" leaves the file as it is, "schema" adds the length, "" takes it away.
        """
        text = self.contract.text(f"payload/{service.id}.xsd")
        text = text.replace("{result_element}", str(settings["result_element_odh01b"]))
        path = self.contract.constant("reporting_holding").get(service.id)
        wanted = settings["holding_length"]
        if not path or wanted == "state_11":
            return text
        schema = etree.fromstring(text.encode())
        length = self.contract.constant("holding_length") if wanted == "schema" else None
        _set_length(schema, path, length)
        return etree.tostring(schema, encoding="unicode")

    def wsdl(self, service: Service, settings: Settings, address: str) -> bytes:
        """The WSDL of a service at the address that the caller used."""
        parts = (self.envelope(service), self.payload(service, settings))
        types = "\n".join(_DECLARATION.sub("", part).strip() for part in parts)
        marks = {
            "{service}": service.id,
            "{namespace}": self.contract.constant("namespace_payload").format(service=service.id),
            "{address}": address,
        }
        text = self.contract.text("service.wsdl")
        text = text.replace("<wsdl:types/>", f"<wsdl:types>\n{types}\n</wsdl:types>")
        for mark, value in marks.items():
            text = text.replace(mark, escape(value))
        return text.encode()


class _Compiled:
    """The schemas of one service, whose payload has no namespace."""

    def __init__(self, envelope: str, payload: str) -> None:
        # An import without a namespace is of a schema without one.
        bare = (
            envelope.replace(' xmlns:tns="{namespace}"', "")
            .replace(' namespace="{namespace}"', f' schemaLocation="{_PAYLOAD}"')
            .replace('"tns:', '"')
            .encode()
        )
        beside = payload.replace(' targetNamespace="{namespace}"', "")
        parser = etree.XMLParser(no_network=True)
        parser.resolvers.add(_Beside({_PAYLOAD: beside}))
        root = etree.fromstring(bare, parser, base_url="envelope.xsd")
        self._schema = etree.XMLSchema(root)
        self._lock = Lock()

    def problems(self, request: Element) -> tuple[Problem, ...]:
        """All that is wrong, in the order of the message."""
        # The schema has one log for all threads.
        with self._lock:
            if self._schema.validate(request):
                return ()
            log: Any = self._schema.error_log  # Any: lxml-stubs do not know that it is a sequence.
            return tuple(map(_problem, islice(log, MOST_ERRORS)))


class _Beside(etree.Resolver):
    """Finds documents by the ends of their addresses."""

    def __init__(self, documents: Mapping[str, str]) -> None:
        super().__init__()
        self._documents = documents

    def resolve(  # type: ignore[override] # lxml-stubs leave the context out
        self, system_url: str, public_id: str, context: object
    ) -> Any:
        name = system_url.rpartition("/")[2]
        return self.resolve_string(self._documents[name], context, base_url=name)


def _problem(entry: Any) -> Problem:
    found = _SUBJECT_OF_ERROR.match(entry.message)
    text = _NAMESPACE.sub("", entry.message[found.end() :] if found else entry.message)
    at = _PREFIX.sub("/", entry.path or "").removeprefix("/")
    return Problem(f"{at}/@{found[1]}" if found and found[1] else at, entry.line, text)


def _way(element: Element) -> str:
    """From vOKO:Request, without prefixes and numbers."""
    names = [etree.QName(each).localname for each in (element, *element.iterancestors())]
    return "/".join(reversed(names[:-2]))


def _line(element: Element) -> int:
    line: Any = element.sourceline  # Any: lxml-stubs have no type for it.
    return line or 0


def _set_length(schema: Element, path: str, length: int | None) -> None:
    """Give the type of an element of Request this length and no other; None: any."""
    steps = "".join(
        f"/{XSD}complexType/{XSD}sequence/{XSD}element[@name='{name}']" for name in path.split("/")
    )
    declared = schema.find(f"{XSD}element[@name='Request']{steps}")
    assert declared is not None
    declared.attrib.pop("type", "")
    kind = declared.find(f"{XSD}simpleType")
    if kind is None:
        kind = etree.SubElement(declared, f"{XSD}simpleType")
        etree.SubElement(kind, f"{XSD}restriction", base="xs:string")
    restriction = kind[0]
    for facet in restriction.findall("*"):
        if facet.tag in _LENGTHS:
            restriction.remove(facet)
    if length is not None:
        for name in _LENGTHS[:2]:
            etree.SubElement(restriction, name, value=str(length))
