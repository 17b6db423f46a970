"""Drives the reference clients by name, for programs that must not import them.

Plain data in, plain data out: whoever replays scenarios needs to know nothing of a client's types.
Shapes are mappings of keys to shapes, lists of one shape, the words text, number, flag, day and
null, or tuples of shapes of which one must fit.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from datetime import date, datetime, timedelta
from types import NoneType
from typing import Any, get_args, get_type_hints
from zoneinfo import ZoneInfo

from podatelna_client.soap import ENVELOPE, XSI
from podatelna_client.ubyport import (
    Facility,
    Filing,
    Guest,
    InvalidInput,
    LoginRefused,
    MessageRefused,
    OutcomeUnknown,
    ServiceFault,
    ServiceUnreachable,
    UbyportClient,
    UbyportError,
)
from podatelna_client.ubyport.model import LOCAL_TIME
from podatelna_client.ubyport.reading import ARRAYS
from podatelna_client.ubyport.writing import DATA, SERVICE

Outcome = Mapping[str, Any]
"""`kind` is one of answer, fault, refused, unknown, unreachable and invalid.

An answer has `codes` (error numbers by name: lists of them, or lists of such lists) and `values`;
a fault `faultcode` and `faultstring`; a refusal its HTTP `status`; all but answers a `reason`.
"""

_WORDS = {str: "text", int: "number", bool: "flag", date: "day", NoneType: "null"}


def _shape(kind: type) -> dict[str, tuple[str, ...]]:
    hints = get_type_hints(kind)
    return {
        item.name: tuple(
            _WORDS[each]
            for each in get_args(hints[item.name]) or (hints[item.name],)
            if each in _WORDS
        )
        for item in fields(kind)
    }


_FACILITY, _GUEST = _shape(Facility), _shape(Guest)
_FILING = {
    "takes": {
        "facility": _FACILITY,
        "guest": _GUEST,
        "guests": ("number", [_GUEST]),
        "want_pdf": "flag",
    },
    "exclusive": [("guest", "guests")],
    "answers": (
        "errors",
        "header",
        "accepted",
        "refused",
        "duplicates",
        "receipt",
        "error_receipt",
        "stamp",
    ),
}


def _asking(*answers: str) -> dict[str, Any]:
    return {"takes": {}, "exclusive": [], "answers": answers}


CALLS: Mapping[str, Mapping[str, Any]] = {
    "ubyport": {
        "available": _asking("value"),
        "max_list_length": _asking("value"),
        "countries": _asking("rows", "row"),
        "purposes": _asking("rows", "row"),
        "error_book": _asking("rows", "row"),
        "file_guests": _FILING,
        "file_batch": _FILING,
    }
}
"""By agency and method: which arguments it `takes`, which exclude each other, what it `answers`."""

DEFAULTS: Mapping[str, Mapping[str, Any]] = {"ubyport": {"facility": _FACILITY, "guest": _GUEST}}
"""Shapes of the members that `completed` can lay under every call's own."""

NAMESPACES: Mapping[str, Mapping[str, str]] = {
    "ubyport": {"s": ENVELOPE, "i": XSI, "u": SERVICE, "a": DATA, "b": ARRAYS}
}
"""Prefixes for what the agency answers."""

PATHS: Mapping[str, Mapping[str, str]] = {
    "ubyport": {"production": "/ws_uby/ws_uby.svc", "test": "/ws_uby_test/ws_uby.svc"}
}
"""Where each environment answers."""

TIMEOUT = 30.0


def completed(
    agency: str, method: str, given: Mapping[str, Any], setting: Mapping[str, Any]
) -> dict[str, Any]:
    """The whole arguments of a call of which only the interesting part was given.

    The setting has `now` (an aware datetime), `defaults`, and of the world `accounts`' `login`,
    its `environment` and the agency's `world` data.
    """
    if "guests" not in CALLS[agency][method]["takes"]:
        return dict(given)
    return _completed_filing(given, setting)


def actor(  # noqa: PLR0913 - where, who, and how long to wait
    agency: str,
    url: str,
    environment: str,
    login: str,
    password: str,
    *,
    timeout: float | None = None,
) -> "UbyportActor":
    """Somebody who calls. `url` is what stands in front of the agency's real path."""
    address = url + PATHS[agency][environment]
    return UbyportActor(UbyportClient(address, login, password, timeout=timeout or TIMEOUT))


class UbyportActor:
    """The Ubyport client, called by the names of its methods."""

    def __init__(self, client: UbyportClient) -> None:
        self._client = client

    def call(self, method: str, arguments: Mapping[str, Any]) -> Outcome:
        """What became of a call; the arguments are complete."""
        try:
            codes, values = _ACTS[method](self._client, arguments)
        except UbyportError as error:
            return _failure(error)
        return {"kind": "answer", "codes": codes, "values": values}

    def close(self) -> None:
        self._client.close()


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
