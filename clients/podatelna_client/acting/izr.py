"""The IZR client, called by the names of its methods; each call is sent exactly once.

A message is signed within itself, so requests that others send must bring their own token.
"""

from collections.abc import Mapping
from datetime import datetime
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from podatelna_client.acting import Call, Caller, Outcome, Shape, SignIn
from podatelna_client.acting.izr_calls import ANIMAL, EVENT, METHODS, error_values
from podatelna_client.acting.izr_filling import HOW, completed_arguments
from podatelna_client.izr import (
    InvalidInput,
    IzrClient,
    IzrError,
    MessageRefused,
    OutcomeUnknown,
    Refusal,
    ValidationFailed,
)
from podatelna_client.izr.access import DEFAULT_NAMESPACE
from podatelna_client.izr.exchange import VOKO
from podatelna_client.izr.signing import TOKENS
from podatelna_client.soap import ENVELOPE

ANSWERED: Mapping[str, Shape] = {
    "http": "number",
    "code": ("number", "text"),
    "message": "text",
    "sid": "text",
}
"""What every call may come back with: what a fault tells."""


def _call(name: str) -> Call:
    method = METHODS[name]
    return {
        "takes": {**method.takes, **HOW},
        "exclusive": method.exclusive,
        "answers": {**ANSWERED, **method.answers},
    }


CALLS: Mapping[str, Call] = {name: _call(name) for name in METHODS}
DEFAULTS: Mapping[str, Shape] = {
    **HOW,
    "holding": "text",
    "identity_card": ("text", "null"),
    "animal": ANIMAL,
    "event": EVENT,
}
NAMESPACES: Mapping[str, str] = {"s": ENVELOPE, "v": VOKO, "w": TOKENS}
_PATH = "/ssl/nosso-app/EPO/WS/v2Online/vOKOsrv.ashx"
PATHS: Mapping[str, str] = {"production": _PATH, "test": _PATH}
KINDS: tuple[str, ...] = ()

TIMEOUT = 30.0
"""Seconds; a caller who was told another time has a connection of its own."""
TEST_HOST = "epomzetest.gov.cz"
"""The environments answer at one path: the test environment goes by its name."""


def completed(method: str, given: Mapping[str, Any], setting: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a call with what it needs laid under them."""
    return completed_arguments(method, given, setting)


def actor(caller: Caller) -> "IzrActor":
    """Somebody who calls an environment of the IZR."""
    return IzrActor(caller)


def code_of(body: bytes) -> int | str | None:
    """The ErrorCode of a vOKO:Error."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        code = etree.fromstring(body, parser).findtext(f".//{{{VOKO}}}Error/{{{VOKO}}}ErrorCode")
    except (etree.XMLSyntaxError, ValueError):
        return None
    return _number(code) if code else None


class IzrActor:
    """The IZR client, called by the names of its methods."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._clients: dict[tuple[Any, ...], IzrClient] = {}
        self._sessions: list[Any] = []
        self._numbers = count(1)
        self._now = 0.0

    def call(
        self, method: str, arguments: Mapping[str, Any], now: datetime, timeout: float | None
    ) -> Outcome:
        """What became of a call; the arguments are complete."""
        self._now = now.timestamp()
        how = {name: value for name, value in arguments.items() if name in HOW}
        wanted = {name: value for name, value in arguments.items() if name not in HOW}
        try:
            client = self._client(timeout or TIMEOUT, **how)
            values = METHODS[method].run(client, wanted)
        except IzrError as error:
            return _failure(error)
        except (KeyError, TypeError, ValueError) as error:
            return {"kind": "invalid", "reason": f"{method}: {error}"}
        return {"kind": "answer", "codes": {}, "values": {"http": 200, **values}}

    def sign_in(self, headers: Mapping[str, str], now: datetime) -> SignIn:
        """Never: it is not headers that tell who calls."""
        return {"failed": "a message to the IZR carries its token in itself: write it there"}

    def close(self) -> None:
        """End all connections."""
        for session in self._sessions:
            session.close()
        for client in self._clients.values():
            client.close()
        self._sessions.clear()
        self._clients.clear()

    def _client(
        self, timeout: float, subject: str = "", namespace: str = "", certificate: str = ""
    ) -> IzrClient:
        key = (timeout, subject, namespace, certificate)
        if key not in self._clients:
            self._clients[key] = IzrClient(
                self._caller.url + PATHS[self._caller.environment],
                self._caller.login,
                "" if certificate else self._caller.password,
                subject,
                certificate=certificate or None,
                namespaces=namespace or DEFAULT_NAMESPACE,
                timeout=timeout,
                session=self._session(),
                clock=lambda: self._now,
                request_ids=lambda: f"scenario/{next(self._numbers):04}",
            )
        return self._clients[key]

    def _session(self) -> Any:
        """A connection that asks for the test environment by its name, where that is needed."""
        host = urlsplit(self._caller.url).hostname or ""
        if self._caller.environment != "test" or "test" in host:
            return None
        # As in the client itself: whoever calls nobody need not wait for the library.
        import requests  # noqa: PLC0415 - see above

        session = requests.Session()
        session.headers["Host"] = TEST_HOST
        self._sessions.append(session)
        return session


def _failure(error: IzrError) -> Outcome:
    """An error of the agency with what it tells, or one of the client's own."""
    if isinstance(error, MessageRefused):
        return {"kind": "refused", "reason": str(error), "status": error.status}
    if isinstance(error, Refusal):
        return _told(error)
    kind = next((word for kind, word in _OWN if isinstance(error, kind)), "unreachable")
    return {"kind": kind, "reason": str(error)}


_OWN = ((InvalidInput, "invalid"), (OutcomeUnknown, "unknown"))


def _told(error: Refusal) -> Outcome:
    record = error.record
    if not error.code:
        about = {"faultcode": record.faultcode, "faultstring": record.text}
        return {"kind": "fault", "reason": str(error), **about}
    told = {"http": error.status, "code": _number(error.code), "message": error.text}
    errors = error.errors if isinstance(error, ValidationFailed) else ()
    return {
        "kind": "error",
        "code": told["code"],
        "status": error.status,
        "reason": str(error),
        "values": {**told, "sid": record.sid, **error_values(errors)},
    }


def _number(code: str) -> int | str:
    return int(code) if code.strip().isdecimal() else code
