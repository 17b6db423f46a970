"""The Ubyport client, called by the names of its methods."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from podatelna_client.acting import Call, Caller, Outcome, Shape, SignIn
from podatelna_client.acting.shapes import shape_of
from podatelna_client.soap import ENVELOPE, XSI
from podatelna_client.ubyport import (
    Country,
    ErrorEntry,
    Facility,
    Filing,
    Guest,
    InvalidInput,
    LoginRefused,
    MessageRefused,
    OutcomeUnknown,
    Purpose,
    ServiceFault,
    ServiceUnreachable,
    UbyportClient,
    UbyportError,
)
from podatelna_client.ubyport.model import LOCAL_TIME
from podatelna_client.ubyport.reading import ARRAYS
from podatelna_client.ubyport.writing import DATA, SERVICE

_FACILITY, _GUEST = shape_of(Facility), shape_of(Guest)
_FILING: Call = {
    "takes": {
        "facility": _FACILITY,
        "guest": _GUEST,
        "guests": ("number", [_GUEST]),
        "want_pdf": "flag",
    },
    "exclusive": [("guest", "guests")],
    "answers": {
        "errors": [["error:record"]],
        "header": ["error:header"],
        "accepted": "number",
        "refused": "number",
        "duplicates": "number",
        "receipt": "flag",
        "error_receipt": "flag",
        "stamp": "flag",
    },
}


def _asking(**answers: Shape) -> Call:
    return {"takes": {}, "exclusive": [], "answers": answers}


CALLS: Mapping[str, Call] = {
    "available": _asking(value="flag"),
    "max_list_length": _asking(value="number"),
    "countries": _asking(rows=[shape_of(Country)]),
    "purposes": _asking(rows=[shape_of(Purpose)]),
    "error_book": _asking(rows=[shape_of(ErrorEntry)]),
    "file_guests": _FILING,
    "file_batch": _FILING,
}
DEFAULTS: Mapping[str, Shape] = {"facility": _FACILITY, "guest": _GUEST}
NAMESPACES: Mapping[str, str] = {"s": ENVELOPE, "i": XSI, "u": SERVICE, "a": DATA, "b": ARRAYS}
PATHS: Mapping[str, str] = {
    "production": "/ws_uby/ws_uby.svc",
    "test": "/ws_uby_test/ws_uby.svc",
}
KINDS: tuple[str, ...] = ()

DOMAIN = "EXRESORTMV"
TIMEOUT = 30.0
"""Seconds; a caller who was told another time has a connection of its own."""


def completed(method: str, given: Mapping[str, Any], setting: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a filing with a valid guest and the caller's facility laid under them."""
    if "guests" not in CALLS[method]["takes"]:
        return dict(given)
    return _completed_filing(given, setting)


def actor(caller: Caller) -> "UbyportActor":
    """Somebody who calls an environment of Ubyport."""
    address = caller.url + PATHS[caller.environment]

    def connect(timeout: float) -> UbyportClient:
        return UbyportClient(address, caller.login, caller.password, DOMAIN, timeout=timeout)

    name = f"{DOMAIN}\\{caller.login}"
    return UbyportActor(connect, {"name": name, "password": caller.password})


def code_of(body: bytes) -> int | str | None:
    """None: Ubyport tells errors in SOAP faults and in lists, never of the answer as a whole."""
    return None


class UbyportActor:
    """The Ubyport client, called by the names of its methods."""

    def __init__(self, connect: Callable[[float], UbyportClient], login: Mapping[str, str]) -> None:
        self._connect, self._login = connect, login
        self._clients: dict[float, UbyportClient] = {}

    def call(
        self, method: str, arguments: Mapping[str, Any], now: datetime, timeout: float | None
    ) -> Outcome:
        """What became of a call; the arguments are complete."""
        seconds = timeout or TIMEOUT
        client = self._clients.get(seconds) or self._connect(seconds)
        self._clients[seconds] = client
        try:
            codes, values = _ACTS[method](client, arguments)
        except UbyportError as error:
            return _failure(error)
        return {"kind": "answer", "codes": codes, "values": values}

    def sign_in(self, headers: Mapping[str, str], now: datetime) -> SignIn:
        """By NTLM, whatever the request."""
        return {"ntlm": self._login}

    def close(self) -> None:
        """End all connections."""
        for client in self._clients.values():
            client.close()


Answered = tuple[Mapping[str, Any], Mapping[str, Any]]
Act = Callable[[UbyportClient, Mapping[str, Any]], Answered]


def _value(ask: Callable[[UbyportClient], Any]) -> Act:
    return lambda client, _: ({}, {"value": ask(client)})


def _rows(ask: Callable[[UbyportClient], Any]) -> Act:
    return lambda client, _: ({}, {"rows": [asdict(row) for row in ask(client)]})


def _file_guests(client: UbyportClient, arguments: Mapping[str, Any]) -> Answered:
    return _filed(client.file_guests(**_as_values(arguments)))


def _file_batch(client: UbyportClient, arguments: Mapping[str, Any]) -> Answered:
    return _filed(Filing((client.file_batch(**_as_values(arguments)),)))


_ACTS: Mapping[str, Act] = {
    "available": _value(lambda client: client.available()),
    "max_list_length": _value(lambda client: client.max_list_length()),
    "countries": _rows(lambda client: client.countries()),
    "purposes": _rows(lambda client: client.purposes()),
    "error_book": _rows(lambda client: client.error_book()),
    "file_guests": _file_guests,
    "file_batch": _file_batch,
}


def _as_values(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "facility": Facility(**arguments["facility"]),
        "guests": [Guest(**guest) for guest in arguments["guests"]],
        "want_pdf": arguments["want_pdf"],
    }


def _filed(filing: Filing) -> Answered:
    batches = filing.batches
    header = dict.fromkeys(code for batch in batches for code in batch.header_codes)
    codes = {"errors": [list(guest.codes) for guest in filing.guests], "header": list(header)}
    values = {
        "accepted": len(filing.accepted),
        "refused": len(filing.refused),
        "duplicates": sum(guest.duplicate for guest in filing.guests),
        "receipt": any(batch.receipt for batch in batches),
        "error_receipt": any(batch.error_receipt for batch in batches),
        "stamp": any(batch.stamp for batch in batches),
    }
    return codes, values


_KINDS: tuple[tuple[type[UbyportError], str], ...] = (
    (InvalidInput, "invalid"),
    (ServiceUnreachable, "unreachable"),
    (LoginRefused, "refused"),
    (MessageRefused, "refused"),
    (ServiceFault, "fault"),
    (OutcomeUnknown, "unknown"),
)
_UNAUTHORIZED = 401


def _failure(error: UbyportError) -> Outcome:
    kind = next(kind for exception, kind in _KINDS if isinstance(error, exception))
    outcome: dict[str, Any] = {"kind": kind, "reason": str(error)}
    if kind == "refused":
        outcome["status"] = getattr(error, "status", _UNAUTHORIZED)
    if isinstance(error, ServiceFault):
        outcome |= {"faultcode": error.faultcode, "faultstring": error.faultstring}
    return outcome


def _completed_filing(given: Mapping[str, Any], setting: Mapping[str, Any]) -> dict[str, Any]:
    defaults = setting["defaults"]
    guests = given.get("guests", [given.get("guest", {})])
    listed = [{}] * guests if isinstance(guests, int) else guests
    today = setting["now"].astimezone(ZoneInfo(LOCAL_TIME)).date()
    return {
        "facility": {
            **dict.fromkeys(_FACILITY),
            **_registered(setting),
            **defaults.get("facility", {}),
            **given.get("facility", {}),
        },
        "guests": [
            _completed_guest(number, today, {**defaults.get("guest", {}), **guest})
            for number, guest in enumerate(listed, 1)
        ],
        "want_pdf": given.get("want_pdf", True),
    }


def _registered(setting: Mapping[str, Any]) -> Mapping[str, Any]:
    """The facility that the caller files for; for a login that the world lacks, its first one."""
    place = setting["world"].get(setting["environment"], {})
    idubs = [row["idub"] for row in place.get("accounts", ()) if row["login"] == setting["login"]]
    facilities: list[Mapping[str, Any]] = list(place.get("facilities", ()))
    own = [facility for facility in facilities if facility["idub"] in idubs]
    return next(iter(own + facilities), {})


def _completed_guest(number: int, today: date, given: Mapping[str, Any]) -> dict[str, Any]:
    """A guest whom the agency accepts; those of one list are different persons."""
    arrival = given.get("arrival", today)
    first_day = arrival.date() if isinstance(arrival, datetime) else arrival
    valid = {
        "surname": "Sample",
        "given_name": "Anna",
        "birth_date": date(1985, 3, 14),
        "nationality": "AUT",
        "document_number": f"P{number:07}",
        "arrival": arrival,
        "departure": first_day + timedelta(days=1),
        "visa_number": None,
        "purpose": 10,
        "residence": None,
        "note": None,
    }
    return {**valid, **given}
