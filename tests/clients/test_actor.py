"""The actor: what it says of the clients' calls, what it fills in, what it makes of answers."""

from base64 import b64encode
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

import pytest

from podatelna_client.actor import CALLS, DEFAULTS, PATHS, UbyportActor, actor, completed
from podatelna_client.ubyport import (
    BatchAnswer,
    Country,
    Facility,
    Filing,
    Guest,
    GuestAnswer,
    InvalidInput,
    LoginRefused,
    MessageRefused,
    OutcomeUnknown,
    ServiceFault,
    ServiceUnreachable,
    UbyportClient,
    UbyportError,
)

WORLD = {
    "production": {
        "facilities": [
            {"idub": "1", "abbreviation": "ONE", "town": "Praha"},
            {"idub": "2", "abbreviation": "TWO"},
        ],
        "accounts": [{"login": "uby-ws000002", "password": "x", "idub": "2"}],
    }
}
NOTHING: dict[str, Any] = dict.fromkeys(field.name for field in fields(Facility))
ANNA = {
    "surname": "Sample",
    "given_name": "Anna",
    "birth_date": date(1985, 3, 14),
    "nationality": "AUT",
    "document_number": "P0000001",
    "arrival": date(2026, 3, 3),
    "departure": date(2026, 3, 4),
    "visa_number": None,
    "purpose": 10,
    "residence": None,
    "note": None,
}


def filled(given: dict[str, Any], login: str = "uby-ws000002", **defaults: Any) -> dict[str, Any]:
    setting = {
        # In Prague the next day has begun.
        "now": datetime(2026, 3, 2, 23, 30, tzinfo=UTC),
        "defaults": defaults,
        "environment": "production",
        "login": login,
        "world": WORLD,
    }
    return completed("ubyport", "file_guests", given, setting)


def test_a_filing_of_nothing_is_complete() -> None:
    assert filled({}) == {
        "facility": NOTHING | {"idub": "2", "abbreviation": "TWO"},
        "guests": [ANNA],
        "want_pdf": True,
    }


def test_what_is_given_comes_before_defaults_and_they_before_what_is_valid() -> None:
    given = {
        "facility": {"town": None, "name": "x"},
        "guest": {"surname": "Given", "arrival": datetime(2026, 2, 28, 14)},  # noqa: DTZ001 - as YAML
        "want_pdf": False,
    }
    defaults = {
        "guest": {"surname": "Default", "note": "n"},
        "facility": {"name": "y", "town": "z"},
    }
    assert filled(given, "nobody", **defaults) == {
        "facility": NOTHING | {"idub": "1", "abbreviation": "ONE", "town": None, "name": "x"},
        "guests": [
            ANNA
            | {
                "surname": "Given",
                "note": "n",
                "arrival": datetime(2026, 2, 28, 14),  # noqa: DTZ001 - as YAML
                "departure": date(2026, 3, 1),
            }
        ],
        "want_pdf": False,
    }


def test_guests_of_one_list_are_different_persons() -> None:
    three = [ANNA | {"document_number": f"P000000{number}"} for number in (1, 2, 3)]
    assert filled({"guests": 3})["guests"] == three
    assert filled({"guests": [{}, {"note": "n"}]})["guests"] == [three[0], three[1] | {"note": "n"}]


def test_other_calls_need_nothing() -> None:
    assert completed("ubyport", "countries", {}, {}) == {}


def test_the_shapes_are_those_of_the_clients_own_classes() -> None:
    guest = DEFAULTS["ubyport"]["guest"]
    assert list(guest) == [field.name for field in fields(Guest)]
    assert (guest["birth_date"], guest["arrival"], guest["purpose"]) == (
        ("day", "text", "null"),
        ("day",),
        ("number", "null"),
    )
    assert list(DEFAULTS["ubyport"]["facility"]) == [field.name for field in fields(Facility)]
    assert all(hasattr(UbyportClient, method) for method in CALLS["ubyport"])


class Service(UbyportClient):
    """A client that answers by itself, and keeps what it was asked to file."""

    def __init__(self, answer: Any) -> None:
        super().__init__("http://127.0.0.1", "x", "y")
        self.answer = answer
        self.filed: tuple[Any, ...] = ()

    def _tell(self, *asked: Any, **more: Any) -> Any:
        self.filed = (*asked, more)
        if isinstance(self.answer, UbyportError):
            raise self.answer
        return self.answer

    available = max_list_length = countries = purposes = error_book = _tell
    file_guests = file_batch = _tell


def called(method: str, answer: Any, arguments: dict[str, Any] | None = None) -> Any:
    return UbyportActor(Service(answer)).call(method, arguments or {})


def batch(**more: Any) -> BatchAnswer:
    guest = Guest(**ANNA)  # type: ignore[arg-type] # the fields as they are
    answers = (GuestAnswer(guest, (112, 150), 4), GuestAnswer(guest, (), 0))
    return BatchAnswer(header_codes=(207, 5), guests=answers, **more)


def test_simple_answers_and_lists() -> None:
    row = Country(number=1, code2="AF", code3="AFG", name="a", short_name="b", english_name="c")
    cells = {
        "number": 1,
        "code2": "AF",
        "code3": "AFG",
        "name": "a",
        "short_name": "b",
        "english_name": "c",
        "valid_from": "",
        "valid_to": "",
    }
    assert [called("available", True), called("countries", (row,))] == [
        {"kind": "answer", "codes": {}, "values": {"value": True}},
        {"kind": "answer", "codes": {}, "values": {"rows": [cells]}},
    ]


@pytest.mark.parametrize("method", ["file_guests", "file_batch"])
def test_a_filing_answers_codes_and_counts(method: str) -> None:
    answer = batch(stamp="S", receipt=b64encode(b"x"))
    service = Service(answer if method == "file_batch" else Filing((answer,)))
    outcome = UbyportActor(service).call(method, filled({}))
    assert outcome == {
        "kind": "answer",
        "codes": {"errors": [[112, 150], []], "header": [207, 5]},
        "values": {
            "accepted": 1,
            "refused": 1,
            "duplicates": 1,
            "receipt": True,
            "error_receipt": False,
            "stamp": True,
        },
    }
    assert service.filed == (
        {
            "facility": Facility(idub="2", abbreviation="TWO"),
            "guests": [Guest(**ANNA)],  # type: ignore[arg-type] # the fields as they are
            "want_pdf": True,
        },
    )


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (InvalidInput("i"), {"kind": "invalid", "reason": "i"}),
        (ServiceUnreachable("u"), {"kind": "unreachable", "reason": "u"}),
        (LoginRefused("l"), {"kind": "refused", "reason": "l", "status": 401}),
        (
            MessageRefused(413, "Too Large"),
            {"kind": "refused", "reason": "HTTP 413 Too Large", "status": 413},
        ),
        (
            ServiceFault("s:Client", "t"),
            {"kind": "fault", "reason": "s:Client: t", "faultcode": "s:Client", "faultstring": "t"},
        ),
        (OutcomeUnknown("o"), {"kind": "unknown", "reason": "o"}),
    ],
)
def test_failures_are_told_as_data(error: UbyportError, outcome: dict[str, Any]) -> None:
    assert called("available", error) == outcome


def test_nobody_there() -> None:
    made = actor("ubyport", "http://127.0.0.1:1", "test", "x", "y", timeout=1)
    outcome = made.call("available", {})
    made.close()
    assert outcome["kind"] == "unreachable"
    assert PATHS["ubyport"]["test"] in outcome["reason"]
