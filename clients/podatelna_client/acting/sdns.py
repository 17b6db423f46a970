"""The SDNS client, called by the names of its methods; each call is sent exactly once.

Who calls stands in the parameters of a call, so requests that others send must bring it themselves.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lxml import etree

from podatelna_client import soap
from podatelna_client.acting import Call, Caller, Outcome, Shape, SignIn
from podatelna_client.acting.sdns_calls import METHODS
from podatelna_client.acting.sdns_filling import (
    CALLER,
    DEFAULTS,
    HOW,
    SENDING,
    completed_arguments,
)
from podatelna_client.acting.sdns_running import Halted, Scene, receipt_values
from podatelna_client.acting.sdns_sending import MANIPULATED, Memory
from podatelna_client.sdns import (
    InvalidInput,
    MessageRefused,
    OutcomeUnknown,
    QueryError,
    Refusal,
    SdnsClient,
    SdnsError,
    SoapFault,
    Unreachable,
)
from podatelna_client.sdns.attachments import attachment, first_part
from podatelna_client.sdns.exchange import document, receipt

__all__ = ["CALLS", "DEFAULTS", "KINDS", "NAMESPACES", "PATHS", "actor", "code_of", "completed"]

ANSWERED: Mapping[str, Shape] = {"http": "number", "code": "text", "message": "text"}
"""What every call may come back with."""


def _call(name: str) -> Call:
    method = METHODS[name]
    return {
        "takes": {**CALLER, **method.takes},
        "exclusive": method.exclusive,
        "answers": {**ANSWERED, **method.answers},
    }


CALLS: Mapping[str, Call] = {name: _call(name) for name in METHODS}
NAMESPACES: Mapping[str, str] = {
    "s": soap.ENVELOPE,
    "z": "urn:com-ness-cz-ewiautom-wsimpl-IZaslaniDat",
    "q": "EwiQueryWS",
    "e": "www.ewi.ws",
}
PATHS: Mapping[str, str] = {"production": "/ewi-ws", "test": "/ewitest-ws"}
KINDS: tuple[str, ...] = ()

TIMEOUT = 60.0
"""Seconds, as clients of the time had it."""


def completed(method: str, given: Mapping[str, Any], setting: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a call with what it needs laid under them."""
    return completed_arguments(method, given, setting)


def actor(caller: Caller) -> "SdnsActor":
    """Somebody who calls an environment of SDNS."""
    return SdnsActor(caller)


def code_of(body: bytes) -> int | str | None:
    """The code of a receipt or of a query's error, or of a fault."""
    try:
        boundary = body.split(b"\n", 1)[0].strip().removeprefix(b"--").decode("latin-1")
        related = f'multipart/related; boundary="{boundary}"' if body.startswith(b"--") else ""
        content = soap.read(first_part(related, body))
        if isinstance(content, soap.Fault):
            return content.code
        if related:
            return document(attachment(related, body)).findtext(".//{*}ErrorCode") or None
        returned = next(content.iterchildren(etree.Element), None)
        return receipt(soap.text_of(returned) or "").code or None
    except soap.Unreadable:
        return None


class SdnsActor:
    """The SDNS client, called by the names of its methods."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._clients: dict[tuple[Any, ...], SdnsClient] = {}
        self._session: Any = None
        self._memory = Memory(caller.signers)
        self._now = 0.0

    def call(
        self, method: str, arguments: Mapping[str, Any], now: datetime, timeout: float | None
    ) -> Outcome:
        """What became of a call; the arguments are complete."""
        self._now = now.timestamp()
        rest = {name: value for name, value in arguments.items() if name not in CALLER}
        try:
            scene = Scene(
                client=self._client(arguments, timeout or TIMEOUT),
                memory=self._memory,
                login=self._caller.login,
                password=self._caller.password,
                now=now,
            )
            values = METHODS[method].run(scene, arguments if method in SENDING else rest)
        except SdnsError as error:
            return _failure(error)
        except (AttributeError, KeyError, LookupError, TypeError, ValueError) as error:
            return {"kind": "invalid", "reason": f"{method}: {error!r}"}
        return {"kind": "answer", "codes": {}, "values": {"http": 200, **values}}

    def sign_in(self, headers: Mapping[str, str], now: datetime) -> SignIn:
        """Never: it is not headers that tell who calls."""
        return {"failed": "a call of SDNS carries user name and password in itself: write it there"}

    def close(self) -> None:
        """End all connections."""
        if self._session is not None:
            self._session.close()
            self._session = None
        self._clients.clear()

    def _client(self, given: Mapping[str, Any], timeout: float) -> SdnsClient:
        """A client that sends as this call wants it."""
        how = {name: given[name] for name in HOW if name in given}
        key = (timeout, *how.items())
        if key not in self._clients:
            self._clients[key] = self._made(how, timeout)
        return self._clients[key]

    def _made(self, how: Mapping[str, Any], timeout: float) -> SdnsClient:
        named = ("compression", "encoding", "shape", "language", "country")
        signer = None
        if how.get("signature") not in MANIPULATED:
            signer = self._memory.signer(how)
        return SdnsClient(
            self._caller.url + PATHS[self._caller.environment],
            _text(how, "username", self._caller.login),
            _text(how, "password", self._caller.password),
            how.get("prefix", "999"),
            "",
            signer=signer,
            timeout=timeout,
            session=self._connection(),
            clock=lambda: self._now,
            **{name: how[name] for name in named if how.get(name) is not None},
        )

    def _connection(self) -> Any:
        """One for all clients."""
        if self._session is None:
            # As in the client itself: whoever calls nobody need not wait for the library.
            import requests  # noqa: PLC0415 - see above

            self._session = requests.Session()
        return self._session


def _text(how: Mapping[str, Any], name: str, usual: str) -> str:
    return str(how.get(name, usual) or "")


def _failure(error: SdnsError) -> Outcome:
    """An error of the agency with what it tells, or one of the client's own."""
    if isinstance(error, Halted):
        outcome = dict(_failure(error.error))
        return outcome | {"values": {**outcome.get("values", {}), **error.values}}
    told = next((tell for kind, tell in _TOLD if isinstance(error, kind)), _unknown)
    return {"reason": str(error), **told(error)}


def _refused(error: Any) -> Outcome:
    values = {"http": 200, **receipt_values(error.receipt)}
    return {"kind": "error", "code": error.code, "status": 200, "values": values}


def _unanswered(error: Any) -> Outcome:
    values = {"http": 200, "code": error.code, "message": error.text}
    return {"kind": "error", "code": error.code, "status": 200, "values": values}


def _fault(error: Any) -> Outcome:
    return {"kind": "fault", "faultcode": error.code, "faultstring": error.text}


def _unread(error: Any) -> Outcome:
    return {"kind": "refused", "status": error.status}


def _unknown(_: Any) -> Outcome:
    return {"kind": "unknown"}


_TOLD: Any = (
    (Refusal, _refused),
    (QueryError, _unanswered),
    (SoapFault, _fault),
    (MessageRefused, _unread),
    (InvalidInput, lambda _: {"kind": "invalid"}),
    (Unreachable, lambda _: {"kind": "unreachable"}),
    (OutcomeUnknown, _unknown),
)
