"""Of two things that are wrong with a call, which one is told, to the caller and to his developer.

The order is that of the status codes in the programmer's manual. The manual has codes and no texts.
"""

from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

import pytest

from tests.sandboxes import Sandbox
from tests.sdns.messages import vydani
from tests.sdns.rows import CONTRACT
from tests.sdns.sockets import (
    ISSUES,
    LOAD,
    ask,
    exchange,
    first_of,
    load_data,
    open_house,
    set_up,
    status,
)

NAMES = list(CONTRACT.constant("parameters_load"))
MESSAGE = vydani(function="Testovací", number="900009")
Values = dict[str, str]


@dataclass(frozen=True)
class Fault:
    """What is wrong with a call."""

    told: tuple[str, str]
    """Category and code of the answer."""
    at: str
    """The parameter that the journal names."""
    commit: Callable[[Values], Values]


def replaced(values: Values, old: str, new: str) -> Values:
    return values | {"filename": values["filename"].replace(old, new)}


FAULTS = {
    "invalid_input_parameter": Fault(
        ("Invalid parameters", "Invalid input parameter"),
        "language",
        lambda v: v | {"language": ""},
    ),
    "login_denied": Fault(
        ("Access denied", "Login denied"), "password", lambda v: v | {"password": "heslo-123"}
    ),
    "data_send_denied": Fault(
        ("Access denied", "Data send denied"), "filename", lambda v: replaced(v, "ws999", "ws998")
    ),
    "decompression_failed": Fault(
        ("Invalid data", "Decompression failed"), "inputdata", lambda v: v | {"zipmethod": "ZIP"}
    ),
    "signature_check_failed": Fault(
        ("Invalid data", "Signature check failed"),
        "inputdata",
        lambda v: v | {"signaturemethod": "PKCS7"},
    ),
    "invalid_xml_data": Fault(
        ("Invalid data", "Invalid XML data"),
        "inputdata",
        lambda v: v | {"inputdata": b64encode(MESSAGE.replace(b"STRANA", b"X")[:-9]).decode()},
    ),
    "duplicate_data": Fault(
        ("Invalid data", "Duplicate data"), "filename", lambda v: replaced(v, "0900009", "0900001")
    ),
}
"""In the order of the checks."""


def right_call() -> Values:
    data = b64encode(MESSAGE).decode()
    values = ("ws9990900009.xml", "UZIV0001", "Heslo-123", "NONE", "NONE", data, "cs", "CZ")
    return dict(zip(NAMES, values, strict=True))


@pytest.fixture(scope="module")
def house() -> Iterator[Sandbox]:
    """A file has been taken over."""
    with open_house() as opened:
        set_up(opened, "2013-08-21T10:00Z")
        first = right_call() | {"filename": "ws9990900001.xml"}
        assert send(opened, first) == ("Success", "OK")
        yield opened


def send(house: Sandbox, values: Values) -> tuple[str, str]:
    return status(exchange(house, load_data(LOAD, list(values.values()))))


@pytest.mark.parametrize(("first", "second"), [*combinations(FAULTS, 2)])
def test_of_two_faults_the_first_is_told(house: Sandbox, first: str, second: str) -> None:
    values = FAULTS[first].commit(FAULTS[second].commit(right_call()))
    assert send(house, values) == FAULTS[first].told


QUESTIONS: dict[str, tuple[dict[str, str], str, str]] = {
    "query_parameter_wrong": ({"ObdobiV": "2013-07-31"}, "query.InvalidParameter", "ObdobiV"),
    "query_login_denied": (
        {"Password": "heslo-123"},
        "security.LoginDenied",
        "Username, Password",
    ),
    "query_access_denied": ({"SubjektV": "9999"}, "security.AccessDenied", "SubjektV"),
    "nothing_found": (
        {"DatovySoubor": "MOKAS40.01.00"},
        "sql.pcgcall.InternalProcedureError",
        "",
    ),
}
"""What is wrong with a question, what is answered, and where; in the order of the checks."""


@pytest.mark.parametrize(("first", "second"), [*combinations(QUESTIONS, 2)])
def test_of_two_faults_of_a_question_the_first_is_told(
    house: Sandbox, first: str, second: str
) -> None:
    asked = {**ISSUES, **QUESTIONS[second][0], **QUESTIONS[first][0]}
    told = first_of(ask(house, **asked), "ErrorLog/Status", "ErrorLog/ErrorCode")
    assert told == ["ERROR", QUESTIONS[first][1]]


@pytest.mark.parametrize("key", QUESTIONS)
def test_a_refused_question_is_explained(house: Sandbox, key: str) -> None:
    changes, _, at = QUESTIONS[key]
    ask(house, **{**ISSUES, **changes})
    told = house.call("GET", f"/journal/{house.last()['number']}/explanation")
    [reason] = told["reasons"]
    assert (reason["error"], reason["at"]) == (key, at)
    assert (told["status"], bool(reason["source"]), bool(reason["about"])) == (200, True, True)


@pytest.mark.parametrize("key", FAULTS)
def test_a_refusal_is_explained(house: Sandbox, key: str) -> None:
    """Each has the rule, the place, and the document that knows of it."""
    fault = FAULTS[key]
    assert send(house, fault.commit(right_call())) == fault.told
    number = house.last()["number"]
    told = house.call("GET", f"/journal/{number}/explanation")
    [reason] = told["reasons"]
    assert (told["number"], told["status"], told["agency"]) == (number, 200, "sdns")
    assert (reason["error"], reason["at"]) == (key, fault.at)
    assert reason["certainty"] == "documented"
    assert "programmer's manual" in reason["source"]
    assert reason["received"]


def test_every_mistake_in_parameters_is_told_at_once(house: Sandbox) -> None:
    values = right_call() | {"filename": "a.xml", "zipmethod": "zip", "country": ""}
    assert send(house, values) == FAULTS["invalid_input_parameter"].told
    reasons = house.call("GET", f"/journal/{house.last()['number']}/explanation")["reasons"]
    assert [reason["at"] for reason in reasons] == ["filename", "zipmethod", "country"]


def test_what_is_refused_leaves_file_and_number_free(sandbox: Sandbox) -> None:
    """As if it had not been sent (process manual)."""
    set_up(sandbox, "2013-08-21T10:00Z")
    path = f"/s/{sandbox.name}{LOAD}"
    for key, fault in FAULTS.items():
        if key != "duplicate_data":
            values = fault.commit(right_call())
            answer = exchange(sandbox, load_data(path, list(values.values())))
            assert status(answer) == fault.told
    answer = exchange(sandbox, load_data(path, list(right_call().values())))
    assert status(answer) == ("Success", "OK")
    assert [kept["file"] for kept in sandbox.call("GET", "/sdns/messages")] == ["ws9990900009.xml"]
