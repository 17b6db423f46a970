"""The actor: what it says of the clients' calls, what it fills in, what it makes of answers."""

import subprocess
import sys
from base64 import b64encode
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any

import pytest

from podatelna_client.acting.shapes import shape_of
from podatelna_client.acting.ubyport import UbyportActor
from podatelna_client.actor import (
    AGENCIES,
    CALLS,
    DEFAULTS,
    KINDS,
    NAMESPACES,
    PATHS,
    actor,
    code_of,
    completed,
)
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
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
LOGIN = {"name": "EXRESORTMV\\x", "password": "y"}
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


def test_each_agency_says_the_same_of_itself() -> None:
    for told in (CALLS, DEFAULTS, NAMESPACES, PATHS, KINDS):
        assert list(told) == list(AGENCIES)
        assert all(told[agency] is not None for agency in told)
        assert told.get("zoo") is None


def test_an_agency_is_imported_when_it_is_asked_for() -> None:
    code = (
        "import sys; from podatelna_client.actor import PATHS; list(PATHS);"
        " print(*[name for name in sys.modules if name.startswith('podatelna_client.')])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(ran.stdout.split()) == {"podatelna_client.acting", "podatelna_client.actor"}


def test_the_shape_of_a_class() -> None:
    @dataclass
    class Book:
        title: str
        lent: datetime | None
        tags: tuple[str, ...]

    assert shape_of(Book) == {"title": ("text",), "lent": ("day", "null"), "tags": ("any",)}


def test_a_time_of_ones_own_takes_a_connection_of_ones_own() -> None:
    asked: list[float] = []

    def connect(timeout: float) -> UbyportClient:
        asked.append(timeout)
        return Service(True)

    made = UbyportActor(connect, LOGIN)
    for timeout in (None, 5, None, 5):
        made.call("available", {}, NOW, timeout)
    made.close()
    assert asked == [30, 5]


def test_requests_of_others_are_signed_in_by_ntlm_with_the_domain() -> None:
    made = actor("ubyport", url="http://x", environment="test", login="x", password="y")
    assert made.sign_in({}, NOW) == {"ntlm": LOGIN}


def test_answers_of_ubyport_have_no_code() -> None:
    assert code_of("ubyport", b'{"code": 1}') is None


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
    return acting(Service(answer)).call(method, arguments or {}, NOW, None)


def acting(service: Service) -> UbyportActor:
    return UbyportActor(lambda _: service, LOGIN)


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
    outcome = acting(service).call(method, filled({}), NOW, None)
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
    made = actor("ubyport", url="http://127.0.0.1:1", environment="test", login="x", password="y")
    outcome = made.call("available", {}, NOW, 1)
    made.close()
    assert outcome["kind"] == "unreachable"
    assert PATHS["ubyport"]["test"] in outcome["reason"]
