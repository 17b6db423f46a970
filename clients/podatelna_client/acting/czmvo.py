"""The AMS client, called by the names of its methods; each call is sent exactly once."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from inspect import Parameter, signature
from typing import Any

from podatelna_client.acting import Call, Caller, Outcome, Shape, SignIn
from podatelna_client.acting.czmvo_calls import ANSWERED, METHODS
from podatelna_client.acting.czmvo_method import Method
from podatelna_client.czmvo import (
    NO_PATIENCE,
    ApiError,
    CzmvoClient,
    CzmvoError,
    InvalidInput,
    MemoryTokenStore,
    OutcomeUnknown,
    RateLimited,
    RequestRefused,
    TokenRefused,
)

_HOW: Mapping[str, Shape] = {"version": "text", "language": "text", "parameters": "text"}
"""Of every call: what the client is told at first. `parameters` go into the body or the url."""
_WHERE: Mapping[str, Shape] = {"uprc": "text", "location": "text"}
"""Laid under the calls that cannot do without."""


def _call(method: Method) -> Call:
    return {
        "takes": {**method.takes, **_HOW},
        "exclusive": method.exclusive,
        "answers": {**ANSWERED, **method.answers},
    }


CALLS: Mapping[str, Call] = {name: _call(method) for name, method in METHODS.items()}
DEFAULTS: Mapping[str, Shape] = {**_HOW, **_WHERE}
NAMESPACES: Mapping[str, str] = {}
PATHS: Mapping[str, str] = {"production": "/", "test": "/t/", "development": "/beta/"}
KINDS: tuple[str, ...] = ("account", "client", "alert", "location", "developer")

TIMEOUT = 30.0
"""Seconds; a caller who was told another time has a connection of its own."""
_FIRST_VERSION, _VERSION = "1.0", "2.0"
_USUAL_VERSION = {"account": _FIRST_VERSION, "developer": _FIRST_VERSION}
"""By kind: the manual has no tokens for these two (1.1)."""


def completed(method: str, given: Mapping[str, Any], setting: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a call with what it needs laid under them, as far as that can be any."""
    needed = _needed(method)
    laid = {name: setting["defaults"][name] for name in DEFAULTS if name in setting["defaults"]}
    if setting.get("kind") == "alert":
        # Who signs in with an alert can mean no other.
        laid.setdefault("uprc", setting["login"].upper())
    usual = {name: value for name, value in laid.items() if name in _HOW or name in needed}
    samples = dict(METHODS[method].samples)
    if {"base64", "size"} & given.keys():
        samples.pop("content", None)
    return {**samples, **usual, **given}


def _needed(method: str) -> set[str]:
    """The arguments for which the client's method has no default."""
    parameters = signature(getattr(CzmvoClient, method)).parameters.values()
    return {
        each.name
        for each in parameters
        if each.default is Parameter.empty and each.kind is not Parameter.VAR_KEYWORD
    } - {"self"}


def actor(caller: Caller) -> "CzmvoActor":
    """Somebody who calls an environment of the AMS."""
    return CzmvoActor(caller)


def code_of(body: bytes) -> int | str | None:
    """The `code` of an envelope, 0 for success; or the `error` of the token endpoint."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(answer, dict):
        return None
    code, error = answer.get("code"), answer.get("error")
    if isinstance(code, int) and not isinstance(code, bool):
        return code
    return error if isinstance(error, str) else None


class CzmvoActor:
    """The AMS client, called by the names of its methods. Its clients share their token."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._tokens = MemoryTokenStore()
        self._clients: dict[tuple[Any, ...], CzmvoClient] = {}
        self._now = 0.0

    def call(
        self, method: str, arguments: Mapping[str, Any], now: datetime, timeout: float | None
    ) -> Outcome:
        """What became of a call; the arguments are complete."""
        self._now = now.timestamp()
        how = {name: value for name, value in arguments.items() if name in _HOW}
        try:
            client = self._client(timeout or TIMEOUT, **how)
            wanted = _wanted(method, arguments)
        except ValueError as error:
            return {"kind": "invalid", "reason": str(error)}
        try:
            # Pages of alerts are fetched while they are told.
            told = METHODS[method].tell(getattr(client, method)(**wanted))
        except CzmvoError as error:
            return _failure(error)
        values = {"http": client.head.status, "code": 0, **told}
        return {"kind": "answer", "codes": {}, "values": values}

    def sign_in(self, headers: Mapping[str, str], now: datetime) -> SignIn:
        """With a token where the request names a version that has them, if the kind allows both."""
        self._now = now.timestamp()
        try:
            client = self._client(TIMEOUT, version=self._version_of(headers))
            return {"headers": {"Authorization": client.authorization()}}
        except CzmvoError as error:
            return {"failed": str(error)}

    def close(self) -> None:
        """End all connections."""
        for client in self._clients.values():
            client.close()

    def _version_of(self, headers: Mapping[str, str]) -> str:
        only = {"account": _FIRST_VERSION, "client": _VERSION, "": _VERSION}
        if self._caller.kind in only:
            return only[self._caller.kind]
        named = {name.lower(): value.strip() for name, value in headers.items()}
        first = named.get("amscz-version", _FIRST_VERSION) == _FIRST_VERSION
        return _FIRST_VERSION if first else _VERSION

    def _client(
        self,
        timeout: float,
        version: str = "",
        language: str | None = None,
        parameters: str = "body",
    ) -> CzmvoClient:
        version = version or _USUAL_VERSION.get(self._caller.kind, _VERSION)
        key = (timeout, version, language, parameters)
        if key not in self._clients:
            self._clients[key] = CzmvoClient(
                self._caller.url + PATHS[self._caller.environment],
                self._caller.login,
                self._caller.password,
                version=version,
                language=language,
                parameters="url" if parameters == "url" else "body",
                patience=NO_PATIENCE,
                tokens=self._tokens,
                timeout=timeout,
                clock=lambda: self._now,
            )
        return self._clients[key]


def _wanted(method: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in arguments.items() if name not in _HOW}
    wanted = METHODS[method].arguments(given)
    if missing := _needed(method) - wanted.keys():
        raise InvalidInput(f"{method} needs {', '.join(sorted(missing))}")
    return wanted


def _failure(error: CzmvoError) -> Outcome:
    """An error of the agency with what it tells, or one of the client's own."""
    tell = next((tell for kind, tell in _TELL if isinstance(error, kind)), None)
    if tell is None:
        kind = next((word for kind, word in _OWN if isinstance(error, kind)), "unreachable")
        return {"kind": kind, "reason": str(error)}
    values = tell(error)
    return {
        "kind": "error",
        "code": values.get("code"),
        "status": values["http"],
        "reason": str(error),
        "values": values,
    }


def _of_api(error: Any) -> dict[str, Any]:
    told = {"http": error.status, "code": error.code, "message": error.message}
    return {**told, "uprc": list(error.blocking)} if error.blocking else told


def _of_limit(error: Any) -> dict[str, Any]:
    told = {"http": error.status}
    return told if error.retry_after is None else {**told, "retry_after": int(error.retry_after)}


_TELL: tuple[tuple[type[CzmvoError], Callable[[Any], dict[str, Any]]], ...] = (
    (ApiError, _of_api),
    (RateLimited, _of_limit),
    (TokenRefused, lambda error: {"http": error.status, "code": error.error}),
    (RequestRefused, lambda error: {"http": error.status}),
)
_OWN = ((InvalidInput, "invalid"), (OutcomeUnknown, "unknown"))
