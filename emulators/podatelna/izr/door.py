"""The door of the gateway: finds the service that a message is for, and who sends it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from podatelna.izr.canonical import NotCanonicalError
from podatelna.izr.credentials import Credentials
from podatelna.izr.envelope import Fault, Message, NotVoko, Stamp, fault, plain_fault, read_message
from podatelna.izr.model import TEST, Caller, ServiceError
from podatelna.izr.services import Service
from podatelna.izr.tokens import TYPE, hash_key, matching
from podatelna.kernel.accounts import Account
from podatelna.kernel.contract import Contract
from podatelna.kernel.exchange import Request, Response
from podatelna.kernel.rules import Finding
from podatelna.kernel.settings import Settings
from podatelna.kernel.visit import Handler, Visit

RAISED = (
    "not_authenticated",
    "subject_not_allowed",
    "service_unknown",
    "not_soap",
    "message_too_large",
    "internal_error",
)
"""What the door reports without a rule."""


_LONGEST_TEXT = 1000
"""Characters of a fault's text, which may repeat what the caller has sent."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """A message that the door has let in."""

    message: Message
    service: Service
    environment: str
    caller: Caller | None
    """None: nobody has to sign in to a BA service."""


@dataclass(frozen=True)
class Door:
    """Lets in who has signed the Body of the message with the key of the login (hashed message)."""

    contract: Contract
    services: Mapping[str, Service]

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.contract.constant("time_zone"))

    @cached_property
    def path(self) -> str:
        """Of the gateway, in lower case."""
        return str(self.contract.constant("path_gateway")).lower()

    def environment(self, request: Request, settings: Settings) -> str:
        """Both environments have the same paths; the host tells, or else a setting.

        Hosts below localhost name sandboxes, and a job may well be called my-test.
        """
        host = request.headers.get("host", "").partition(":")[0].lower()
        own = self.contract.constant("hosts").get(host, "")
        if own or "test" not in host or host.endswith(".localhost"):
            return own or str(settings["environment"])
        return TEST

    # -- answers

    def stamp(self, visit: Visit) -> Stamp:
        """What one answer carries of its own."""
        sid = str(visit.ids.guid("izr.sid"))
        return Stamp(sid, visit.now.astimezone(self.zone), str(visit.settings["server_id"]))

    def answer(self, status: int, body: bytes) -> Response:
        """A SOAP message."""
        return Response(status, body, (("Content-Type", self.contract.constant("content_type")),))

    def refuse(self, visit: Visit, message: Message | None, error: ServiceError) -> Response:
        """A fault of the catalogue, told to the journal."""
        visit.trail.findings.append(Finding(error.key, error.at, received=error.received))
        status = visit.settings["fault_status"]
        assert isinstance(status, int)
        return self.answer(status, fault(message, self.stamp(visit), self._told(error)))

    def failed(self, _: Request, __: datetime) -> Response:
        """What the gateway says when the program behind it has crashed."""
        status = self.contract.settings.defaults["fault_status"]
        assert isinstance(status, int)
        return self.answer(status, plain_fault(self._told(ServiceError("internal_error"))))

    def _told(self, error: ServiceError) -> Fault:
        entry = self.contract.errors[error.key]
        text = entry.text.format_map(error.details)[:_LONGEST_TEXT]
        return Fault(entry.extra["faultcode"], str(entry.number), text, error.inner)

    # -- the way in

    def authenticate(self, visit: Visit, proceed: Handler) -> Response:
        """Read a message that is posted to the gateway, and find out who sends it."""
        request = visit.request
        if request.method != "POST" or request.path.lower() != self.path:
            return proceed(visit)
        message = self._read(visit)
        if isinstance(message, ServiceError):
            return self.refuse(visit, None, message)
        admitted = self._admit(visit, message)
        if isinstance(admitted, ServiceError):
            return self.refuse(visit, message, admitted)
        return proceed(replace(visit, admitted=admitted))

    def _read(self, visit: Visit) -> Message | ServiceError:
        body, limit = visit.request.body, visit.settings["maximum_bytes"]
        assert isinstance(limit, int)
        if len(body) > limit:
            received = f"{len(body)} bytes"
            return ServiceError("message_too_large", {"bytes": str(limit)}, received=received)
        try:
            return read_message(body)
        except NotVoko as reason:
            return ServiceError("not_soap", {"reason": str(reason)}, received=str(reason))

    def _admit(self, visit: Visit, message: Message) -> Admitted | ServiceError:
        service = self.services.get(message.service)
        if service is None:
            details = {"service": message.service}
            return ServiceError("service_unknown", details, "@vOKOid", message.service)
        visit.trail.operation = service.id
        environment = self.environment(visit.request, visit.settings)
        if service.access == "BA":
            return Admitted(message, service, environment, None)
        caller = self._sign_in(visit, message, Credentials(visit.transaction, environment))
        if isinstance(caller, ServiceError):
            return caller
        return Admitted(message, service, environment, caller)

    def _sign_in(self, visit: Visit, message: Message, known: Credentials) -> Caller | ServiceError:
        """Who sends a message. The caller is never told what was wrong; the journal is."""
        certified = self._shows_certificate(message) and bool(visit.settings["certificate_login"])
        login = known.owner(message.certificate) if certified else message.login
        visit.trail.login = login
        account = known.account(login)
        if account is None or account.blocked:
            who = f"certificate {message.certificate}" if certified else f"login {login!r}"
            why = f"the {who} is {'blocked' if account else 'unknown'}"
        else:
            why = "" if certified else _wrong(visit, message, account)
        if why:
            return ServiceError("not_authenticated", at="Token", received=why)
        caller = Caller(login.lower(), known.subjects(login))
        if message.subject and message.subject not in caller.subjects:
            details, at = {"subject": message.subject}, "Subject/@subjectID"
            return ServiceError("subject_not_allowed", details, at, message.subject)
        return caller

    def _shows_certificate(self, message: Message) -> bool:
        none = ("", self.contract.constant("certificate_undefined"))
        return message.certificate not in none and not message.token


def _wrong(visit: Visit, message: Message, account: Account) -> str:
    """What is wrong with a token; "" if nothing is."""
    if not message.token:
        return "there is no token in the SOAP Header"
    if message.token_type != TYPE:
        return f"the token has the type {message.token_type or 'none'}, not {TYPE}"
    expired = visit.settings["key_expired"]
    assert isinstance(expired, list)
    if account.login in (login.lower() for login in expired):
        return "the key has expired"
    return _mismatch(visit, message, hash_key(account.password))


def _mismatch(visit: Visit, message: Message, key_hash: bytes) -> str:
    strict = visit.settings["canonicalisation"] == "strict"
    try:
        matched = matching(message.source, message.token, key_hash, strict=strict)
    except NotCanonicalError as error:
        return str(error)
    if matched is None:
        return "the token is that of another Body or of another key"
    visit.trail.notes.append(f"the token matches the canonical form: {matched.name}")
    return ""
