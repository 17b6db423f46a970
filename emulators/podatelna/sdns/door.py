"""The door: which address a request is for, and which call a message holds.

Parameters are bound by their position, as the engines of the time do; names and types are not
looked at. A call may be made by the design-time or by the runtime WSDL, encoded or literal.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from podatelna.kernel.contract import Contract
from podatelna.kernel.exchange import Request
from podatelna.kernel.multipart import Multipart, NotMultipart, Part, is_multipart, read_multipart
from podatelna.kernel.rpc import Argument, Call, NotACall, charset_of, read_call, read_start
from podatelna.sdns.hiding import in_form, in_inline, in_part, in_password, unread

Kind = Literal["load", "query"]
"""Which of the two services."""

RAISED: Final = (
    "call_unreadable",
    "version_mismatch",
    "target_unknown",
    "method_not_supported",
    "attachment_missing",
)
"""What the door reports without a rule."""

_PASSWORD: Final = 2
"""The place of the password among the parameters of loadData."""


class Refused(Exception):  # noqa: N818 - the answer to a caller, no bug
    """A fault of errors.yaml. `details` are the variable parts of its text; the journal has all."""

    def __init__(self, key: str, **details: str) -> None:
        super().__init__(key)
        self.key = key
        self.details = details
        self.code = ""
        """A fault code in place of that of the catalogue."""


@dataclass(frozen=True, slots=True)
class Place:
    """A page below one of the context roots."""

    root: str
    environment: str
    page: str


@dataclass(frozen=True)
class Asked:
    """A call of a method that the address has, with its attachments."""

    method: str
    namespace: str
    arguments: tuple[Argument, ...]
    message: Multipart | None

    def attached(self, argument: Argument) -> Part | None:
        """What an argument refers to; None: it is inline. Raises Refused."""
        if not argument.href:
            return None
        found = self.message.find(argument.href) if self.message else None
        if found is None:
            raise Refused("attachment_missing", tag=argument.name, label=argument.href)
        return found


@dataclass(frozen=True)
class Door:
    """Reads requests by what the contract knows of addresses and methods."""

    contract: Contract

    @cached_property
    def pages(self) -> dict[str, Kind]:
        """The pages that take calls."""
        constant = self.contract.constant
        return {constant("path_load"): "load", constant("path_query"): "query"}

    @cached_property
    def methods(self) -> dict[Kind, tuple[str, ...]]:
        constant = self.contract.constant
        return {"load": (constant("method_load"),), "query": tuple(constant("methods_query"))}

    @cached_property
    def namespaces(self) -> dict[Kind, dict[str, str]]:
        """Those that a call may be in, and what describes calls so."""
        constant = self.contract.constant
        load = {name: shape for shape, name in constant("namespaces_load").items()}
        return {"load": load, "query": {constant("namespace_query"): ""}}

    def place(self, path: str) -> Place | None:
        """Paths are case-sensitive."""
        for root, environment in self.contract.constant("roots").items():
            if path.startswith(f"{root}/"):
                return Place(root, environment, path.removeprefix(root))
        return None

    def service(self, request: Request) -> Kind | None:
        """What a request calls; None: it is no call."""
        place = self.place(request.path)
        return self.pages.get(place.page) if place and request.method == "POST" else None

    # -- calls

    def read(self, request: Request, service: Kind) -> Asked:
        """Raises Refused."""
        try:
            message, envelope, charset = _opened(request)
            call = read_call(envelope, charset)
        except NotMultipart as broken:
            raise Refused("call_unreadable", reason=broken.text) from None
        except NotACall as broken:
            raise _refused(broken) from None
        self._check(call, service)
        return Asked(call.method, call.namespace, self._placed(call, service), message)

    def _placed(self, call: Call, service: Kind) -> tuple[Argument, ...]:
        """The parameters at their places; where some are left out, names tell which those are.

        Otherwise a password could be taken for a user name, and told.
        """
        sent = {argument.name: argument for argument in call.arguments}
        for names in self._names(call.method, service):
            if len(sent) == len(call.arguments) < len(names) and sent.keys() <= set(names):
                return tuple(sent.get(name) or Argument(name, nil=True) for name in names)
        return call.arguments

    def _names(self, method: str, service: Kind) -> tuple[list[str], ...]:
        """Of the parameters, in each WSDL."""
        constant = self.contract.constant
        if service == "query":
            return (constant("methods_query")[method],)
        return constant("parameters_load"), constant("parameters_load_runtime")

    def _check(self, call: Call, service: Kind) -> None:
        if call.namespace not in self.namespaces[service]:
            raise Refused("target_unknown", namespace=call.namespace or "no namespace")
        if call.method not in self.methods[service]:
            raise Refused("method_not_supported", method=call.method)

    def describe(self, asked: Asked, service: Kind) -> Iterator[str]:
        """What the journal tells of how a call was made."""
        shape = self.namespaces[service][asked.namespace]
        types = "with" if any(argument.type for argument in asked.arguments) else "without"
        by = f" by the {shape} WSDL" if shape else ""
        yield f"{asked.method} was called{by}, {types} xsi:type"
        names = [argument.name for argument in asked.arguments]
        known = self._names(asked.method, service)[0]
        if set(names) == set(known) and names != known:
            yield f"parameters go by their place, whatever their names: {', '.join(known)}"
        if beyond := names[len(known) :]:
            yield f"parameters beyond the {len(known)} of {asked.method} are ignored: " + (
                ", ".join(beyond)
            )

    # -- what must not be recorded

    def secrets_of(self, request: Request) -> list[str]:
        """Passwords of a request, in all spellings that its body has.

        Wherever a call goes by mistake, and whatever is wrong with it, it has the same passwords.
        """
        return [*in_form(request.query.encode(errors="replace")), *self._in_body(request)]

    def _in_body(self, request: Request) -> list[str]:
        if not request.body or request.headers.get("content-encoding"):
            # Compression is not undone here, but whoever has the record could do it.
            return [request.body.decode("latin-1")] if request.body else []
        try:
            message, envelope, charset = _opened(request)
        except NotMultipart:
            return unread(request.body)
        attached = [secret for part in _others(message) for secret in in_part(part)]
        source = bytes(message.root.sent) if message else request.body
        if envelope is not request.body and envelope != source:
            # The envelope is in Base64 or quoted: nothing that it says stands there as it is.
            return [*attached, source.decode("latin-1")]
        arguments = read_start(envelope, charset, _PASSWORD + 1)
        inline = [secret for each in arguments for secret in in_inline(each, source)]
        by_place, by_name = arguments[_PASSWORD:], [each for each in arguments if _is_named(each)]
        passwords = [*in_password(by_place, source), *in_password(by_name, source)]
        return [*attached, *inline, *passwords] or unread(source)


def _is_named(argument: Argument) -> bool:
    return argument.name.lower() in ("param2", "password")


def _others(message: Multipart | None) -> list[Part]:
    return [part for part in message.parts if part is not message.root] if message else []


def _opened(request: Request) -> tuple[Multipart | None, bytes | memoryview, str]:
    """The message if it has parts, its envelope, and the charset of that; raises NotMultipart."""
    content_type = request.headers.get("content-type", "")
    if not is_multipart(content_type):
        return None, request.body, charset_of(content_type)
    message = read_multipart(request.body, content_type)
    root = message.root
    return message, root.content, charset_of(root.headers.get("content-type", ""))


def _refused(broken: NotACall) -> Refused:
    if broken.kind == "version_mismatch":
        return Refused("version_mismatch", reason=broken.text)
    refused = Refused("call_unreadable", reason=broken.text)
    if broken.kind == "must_understand":
        refused.code = "SOAP-ENV:MustUnderstand"
    return refused
