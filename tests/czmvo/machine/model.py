"""The model of the AMS: what each call gets, told from the manual and the contract's rulings.

It shares no code with the emulator. It keeps everything in plain objects and looks through all of
it with every question, which is slow and leaves little to be wrong.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from tests.czmvo.machine import exceptions, parameters, reading, states, writing
from tests.czmvo.machine.calendar import Calendar
from tests.czmvo.machine.calls import LINES, Call
from tests.czmvo.machine.door import Door
from tests.czmvo.machine.parameters import Lacks, Takes, moment, number, text, uprc
from tests.czmvo.machine.records import NOOL, Caller, Data, Letter, Outcome
from tests.czmvo.machine.turn import Turn, Values, done, refused

Run = Callable[[Turn, Values], Outcome]
METHODS = ("GET", "POST", "PUT", "DELETE")
SUPPORTED = ("2.0", "2.1")
TABLE, JSON, FILE = ("json", "csv"), ("json",), ("json", "binary")
MEDIA = {
    "application/json": "json",
    "*/*": "json",
    "text/csv": "csv",
    "application/csv": "csv",
    "application/octet-stream": "binary",
}


@dataclass(frozen=True)
class Function:
    """A function of the API: what it takes, who may call it, what it can be had as."""

    run: Run
    takes: Takes = field(default_factory=dict)
    needed: tuple[str, ...] | Lacks = ()
    roles: tuple[str, ...] = ("mah", "enduser")
    outputs: tuple[str, ...] = JSON


def _insert(turn: Turn, values: Values) -> Outcome:
    return exceptions.insert(turn, values, LINES.get(values.get("csv", "")))


_LOCATION: Takes = {"location": text}
_LISTS = {
    "state": Function(reading.list_states, parameters.STATE, outputs=TABLE),
    "messages": Function(
        reading.list_messages, {"uprc": uprc, "id": number, "changedFrom": moment}, outputs=TABLE
    ),
    "file": Function(reading.read_file, {"id": number}, ("id",), outputs=FILE),
    "enumState": Function(reading.list_state_codes, outputs=TABLE),
    "enumRequest": Function(reading.list_canned, outputs=TABLE),
    "group": Function(reading.list_group, {"uprc": uprc}, ("uprc",), ("mah",)),
    "enumReopenReason": Function(reading.list_reasons, outputs=TABLE),
    "note": Function(reading.read_note, {"uprc": uprc, "from": parameters.anything}, ("uprc",)),
    "enumTypeState": Function(reading.list_type_states, roles=("enduser",), outputs=TABLE),
    "alcounter": Function(reading.level_3_counter, _LOCATION, ("location",), ("enduser",)),
    "alalerts": Function(
        reading.list_level_3, {**_LOCATION, "from": number}, ("location",), ("enduser",)
    ),
}
_EXCEPTION_LISTS = {
    "enumState": Function(exceptions.list_states, outputs=TABLE),
    "product": Function(exceptions.list_products, parameters.CHOICE, roles=("mah",)),
    "verify": Function(exceptions.verify, {"productCode": text, "batch": text}),
}
_ONLY_VERSION_1 = ("alcounter", "alalerts")
_SEND = Function(writing.send_message, parameters.SEND, parameters.message_lacks)
_PUT = {
    "state": Function(states.put_state, parameters.PUT_STATE, ("uprc", "state")),
    "note": Function(
        writing.set_note, {"uprc": uprc, "note": text, "private": parameters.flag}, ("uprc", "note")
    ),
    "id": Function(writing.edit_message, parameters.EDIT, ("id",)),
}
_DELETE = {
    "note": Function(writing.delete_note, {"note": uprc}, ("note",)),
    "id": Function(writing.delete_message, {"id": number}, ("id",)),
}
_INSERT = Function(_insert, parameters.INSERT, parameters.exception_lacks, ("mah",))
_DELETE_EXCEPTIONS = Function(exceptions.delete, parameters.CHOICE, roles=("mah",))


_CODES = {"request_invalid": 39, "token_invalid": 38, "accept_not_supported": 33}
"""Errors by the names that settings have for them."""


class Model:
    """The AMS as it should be, from a world's data."""

    def __init__(self, door: Door, data: dict[str, Data], now: datetime) -> None:
        self.door, self.data, self.now = door, data, now
        self.settings = door.settings
        self.letters: list[Letter] = []
        self.emails: dict[str, str] = {}
        self.calendar = Calendar(data, self.settings, self._post)
        self.calendar.begin(now)

    def advance(self, by: timedelta) -> None:
        self.calendar.pass_until(self.now, self.now + by)
        self.now += by

    def _post(self, party: str, letter: Letter) -> None:
        recipient = self.emails.get(party)
        if recipient and self.settings["notifications"]:
            self.letters.append(Letter(recipient, letter.kind, letter.uprc, letter.message))

    # -- the way in (which error comes first)

    def answer(self, call: Call) -> Outcome:
        return (
            self.door.over("address", call.environment, call.peer, self.now)
            or self._misplaced(call)
            or (self._token(call) if call.module == "auth/token" else self._enter(call))
        )

    def _misplaced(self, call: Call) -> Outcome | None:
        # A connection is checked by any method, also one that the module has no use for.
        of_filter = METHODS if call.verify else ("GET", "POST", "DELETE")
        methods = {"filter": of_filter, "auth/token": ("POST",)}
        known = ("alerts", "filter", "auth/token", *([""] if call.verify else []))
        if call.module not in known:
            return refused(1)
        return None if call.method in methods.get(call.module, METHODS) else refused(4)

    def _token(self, call: Call) -> Outcome:
        if not self.settings["backend_available"]:
            return refused(24)
        if call.credentials is None:
            return Outcome(400, None, {"error": "invalid_request"})
        caller = self.door.proven(call.environment, call.credentials, version_1=False)
        if caller is None:
            return Outcome(400, None, {"error": "invalid_client"})
        return (
            self.door.over("client", call.environment, caller.login, self.now)
            or self.door.too_soon(call.environment, caller, self.now)
            or self.door.issue(call.environment, caller, self.now)
        )

    def _enter(self, call: Call) -> Outcome:
        caller = self._caller(call)
        if refusal := self._unfit(call) or (caller and self._over(call, caller)):
            return refusal
        if call.verify:
            return done(_verified(call, caller))
        if caller is None:
            return refused(2 if call.version_1 else 38)
        return self._call(call, caller) if self.settings["backend_available"] else refused(24)

    def _over(self, call: Call, caller: Caller) -> Outcome | None:
        return self.door.over("client", call.environment, caller.login, self.now)

    def _unfit(self, call: Call) -> Outcome | None:
        """Versions and headers."""
        if call.version_1:
            return None if self.settings["version_1"] else refused(39)
        checks = (
            (call.version in SUPPORTED and call.agent, 39),
            (call.has_authorization, _CODES[self.settings["missing_authorization"]]),
            (call.accept, _CODES[self.settings["missing_accept"]]),
            (call.accept in MEDIA, 33),
        )
        return next((refused(code) for fine, code in checks if not fine), None)

    def _caller(self, call: Call) -> Caller | None:
        if not call.version_1:
            return self.door.bearer(call.environment, call.token, self.now)
        if call.credentials is None:
            return None
        return self.door.proven(call.environment, call.credentials, version_1=True)

    # -- functions

    def _call(self, call: Call, caller: Caller) -> Outcome:
        function = _find(call)
        if refusal := self._barred(call, caller, function):
            return refusal
        assert isinstance(function, Function)
        output = self._output(call, function)
        if isinstance(output, Outcome):
            return output
        values = parameters.read(function.takes, function.needed, call.given)
        if isinstance(values, Outcome):
            return values
        turn = self.turn(caller, call.environment, output)
        turn = replace(turn, language=call.language, version_1=call.version_1)
        return function.run(turn, values)

    def _barred(self, call: Call, caller: Caller, function: Function | Outcome) -> Outcome | None:
        if caller.kind == "location" and function is not _EXCEPTION_LISTS["verify"]:
            return refused(3)
        if isinstance(function, Outcome):
            return function
        if not call.version_1 and call.given.get("list") in _ONLY_VERSION_1:
            return refused(5, "list")
        return None if caller.role in function.roles else refused(3)

    def _output(self, call: Call, function: Function) -> str | Outcome:
        """The header chooses, in version 1 before it a parameter."""
        of_messages = function is _LISTS["messages"]
        withheld = of_messages and self.settings["messages_as_csv"] == "refused"
        outputs = JSON if withheld else function.outputs
        found, wanted = MEDIA.get(call.accept), call.given.get("resultAs")
        if not call.version_1:
            return found if found in outputs else refused(33)
        if not wanted:
            required = self.settings["accept_in_version_1"] == "required"
            return _as_csv(found, outputs) or (refused(33) if required else "json")
        if wanted not in ("json", "csv"):
            return refused(5, "resultAs")
        return refused(33) if withheld and wanted == "csv" else _as_csv(wanted, outputs) or "json"

    def turn(self, caller: Caller, environment: str = "production", output: str = "json") -> Turn:
        return Turn(
            caller=caller,
            data=self.data[environment],
            now=self.now,
            settings=self.settings,
            language="cs",
            version_1=False,
            output=output,
            post=self._post,
            locations=self.door.locations,
        )

    def office(self, environment: str, method: str, given: Values) -> Outcome:
        """What the organisation does itself, at its own desk."""
        function = {"POST": _SEND, **_by_parameter(given)}[method]
        assert isinstance(function, Function)
        values = parameters.read(function.takes, function.needed, given)
        if isinstance(values, Outcome):
            return values
        caller = Caller("account", NOOL, NOOL, NOOL)
        return function.run(self.turn(caller, environment), values)


def _by_parameter(given: Values) -> dict[str, Function | Outcome]:
    """Which parameter makes a PUT or a DELETE what."""
    return {
        method: next(
            (each for name, each in known.items() if given.get(name) is not None), refused(11)
        )
        for method, known in (("PUT", _PUT), ("DELETE", _DELETE))
    }


def _find(call: Call) -> Function | Outcome:
    if call.method == "GET":
        lists = _LISTS if call.module == "alerts" else _EXCEPTION_LISTS
        name = call.given.get("list")
        return lists.get(name, refused(5, "list")) if name else refused(11)
    if call.module == "filter":
        return {"POST": _INSERT, "DELETE": _DELETE_EXCEPTIONS}[call.method]
    return {"POST": _SEND, **_by_parameter(call.given)}[call.method]


def _as_csv(wanted: str | None, outputs: tuple[str, ...]) -> str | None:
    """What is wanted, if it can be had. To version 1 a file as it is is its CSV."""
    if wanted == "csv" and "binary" in outputs:
        return "binary"
    return wanted if wanted in outputs else None


def _verified(call: Call, caller: Caller | None) -> Values:
    """Manual 2.5."""
    kinds = {"alert": "Enduser alert based", "location": "Verify only"}
    roles = {"mah": "MAH/OBP", "enduser": "Enduser"}
    result: dict[str, Any] = {
        "method": call.method,
        "module": call.module,
        "environment": "production" if call.environment == "production" else "sandbox",
        "auth": kinds.get(caller.kind, "Regular") if caller else "No authorization",
        "userrole": roles[caller.role] if caller else "N/A",
        "state": caller is not None,
    }
    return result
