"""What the manual prints as requests gets the kind of answer that the description promises."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.czmvo.calls import Manner, Office
from tests.czmvo.description import description, part, unfit
from tests.sandboxes import Sandbox, plain_session

PAIRS = {
    ("1.0", "enduser"): ("LOGIN", "PASSWORD"),
    ("2.0", "enduser"): ("id", "secret"),
    ("1.0", "mah"): ("MAHLOGIN", "MAHPASSWORD"),
    ("2.0", "mah"): ("mah-id", "mah-secret"),
}
BOTH, FIRST = ("1.0", "2.0"), ("1.0",)
# Example: who asks, in which versions, and what the answer is.
ASKED = {
    "GET /alerts/": {
        "E2": ("enduser", BOTH, "AlertStates"),
        "E6": ("mah", BOTH, "Messages"),
        "E8": ("mah", BOTH, "States"),
        "E9": ("enduser", BOTH, "PageCount"),
        "E11_since": ("enduser", BOTH, "Messages"),
        "E11_alert": ("enduser", BOTH, "Messages"),
        "E11_one": ("mah", BOTH, "Messages"),
        "E12_json": ("enduser", FIRST, "File"),
        "E12": ("enduser", BOTH, "File"),
        "E13": ("mah", BOTH, "AlertStates"),
        "E14": ("mah", BOTH, "CannedMessages"),
        "E15": ("mah", BOTH, "Group"),
        "E16": ("mah", BOTH, "ReopenReasons"),
        "E17_own": ("enduser", BOTH, "Note"),
        "E17_foreign": ("enduser", BOTH, "Note"),
        "E18": ("enduser", BOTH, "TypeStates"),
        "E19": ("enduser", FIRST, "Counter"),
        "E20": ("enduser", FIRST, "LevelThreeAlerts"),
        "E20_from": ("enduser", FIRST, "LevelThreeAlerts"),
    },
    "POST /alerts/": {
        "E21_canned": ("mah", BOTH, "MessageId"),
        "E21_plain": ("enduser", BOTH, "MessageId"),
        "E21_reply": ("enduser", BOTH, "MessageId"),
        "E21_file": ("enduser", BOTH, "MessageId"),
    },
    "PUT /alerts/": {
        "E22": ("enduser", BOTH, "MessageChanged"),
        "E23_one": ("mah", BOTH, "AlertsTouched"),
        "E23_group": ("mah", BOTH, "AlertsTouched"),
        "E23_list": ("mah", BOTH, "AlertsTouched"),
        "E23_standard": ("mah", BOTH, "AlertsTouched"),
        "E24": ("enduser", BOTH, "NoteSaved"),
    },
    "DELETE /alerts/": {
        "E25": ("enduser", BOTH, "MessageId"),
        "E26": ("enduser", BOTH, "NoteDeleted"),
    },
    "GET /filter/": {
        "E27": ("mah", BOTH, "ExceptionStates"),
        "E28": ("mah", BOTH, "Exceptions"),
        "E29": ("enduser", BOTH, "ExceptionVerified"),
    },
    "POST /filter/": {
        "E30_one": ("mah", BOTH, "ExceptionsAdded"),
        "E30_csv": ("mah", BOTH, "ExceptionsAdded"),
    },
    "DELETE /filter/": {"E31": ("mah", BOTH, "ExceptionsDeleted")},
}
PRINTED = [(label, name) for label, asked in ASKED.items() for name in asked]
LATER = {"E22", "E25"}
"""What edits and deletes message 22, which the examples before write."""
OTHERWISE = {"E7": "a checked connection", "E12_raw": "a file as it is"}
"""Tested for themselves."""


@pytest.fixture
def office(sandbox: Sandbox) -> Iterator[Office]:
    """No header is sent but those that a call brings."""
    with plain_session() as session:
        session.headers.clear()
        yield Office(sandbox, session)


@pytest.mark.parametrize(("label", "name"), PRINTED)
def test_a_printed_request_gets_its_kind_of_answer(office: Office, label: str, name: str) -> None:
    """In the body, and with GET and DELETE in the URL; as far as versions have it."""
    method, path = label.split()
    role, versions, kind = ASKED[label][name]
    value = requests_of(label)[name]
    forms = [("body", version) for version in versions]
    if method in {"GET", "DELETE"}:
        forms += [("url", version) for version in versions]
    for form, version in forms:
        office.begin()
        manner = Manner("production", version, PAIRS[version, role], "application/json", None)
        if name in LATER:
            send_message_22(office, manner)
        sent: dict[str, Any] = {"json": value} if form == "body" else {"params": in_url(value)}
        url = office.url("production") + path
        answer = office.session.request(method, url, headers=manner.headers(office), **sent)
        assert (answer.status_code, unfit(part("results")[kind], answer.json())) == (200, [])


def test_all_printed_requests_are_sent() -> None:
    printed = {name for label in ASKED for name in requests_of(label)}
    assert printed - OTHERWISE.keys() == {name for _, name in PRINTED}


@pytest.mark.parametrize("version", BOTH)
def test_a_printed_check_of_a_connection(office: Office, version: str) -> None:
    office.begin()
    manner = Manner("production", version, PAIRS[version, "enduser"], "application/json", None)
    answer = office.session.get(
        office.url("production") + "/alerts/?connection=verify",
        json=requests_of("GET /alerts/")["E7"],
        headers=manner.headers(office),
    )
    assert answer.json() == part("examples")["E7_answer"]["value"]


@pytest.mark.parametrize("version", BOTH)
def test_a_printed_file_comes_as_it_is(office: Office, version: str) -> None:
    office.begin()
    manner = Manner("production", version, PAIRS[version, "enduser"], "*/*", None)
    octets = {} if version == "1.0" else {"Accept": "application/octet-stream"}
    answer = office.session.get(
        office.url("production") + "/alerts/",
        json=requests_of("GET /alerts/")["E12_raw"],
        headers=manner.headers(office) | octets,
    )
    wanted = "application/pdf" if version == "1.0" else "application/octet-stream"
    assert answer.headers["Content-Type"] == wanted
    assert answer.content.startswith(b"%PDF-")


def requests_of(label: str) -> dict[str, Any]:
    """The printed requests of an operation by name."""
    method, path = label.split()
    body = description()["paths"][path][method.lower()]["requestBody"]
    examples = body["content"]["application/json"]["examples"]
    return {name: each["value"] for name, each in examples.items()}


def in_url(value: dict[str, Any]) -> dict[str, Any]:
    """The same parameters as PHP reads them from a URL."""
    return {
        f"{name}[]" if isinstance(each, list) else name: str(each).lower()
        if isinstance(each, bool)
        else each
        for name, each in value.items()
    }


def send_message_22(office: Office, manner: Manner) -> None:
    answer = office.session.post(
        office.url("production") + "/alerts/",
        json=requests_of("POST /alerts/")["E21_plain"],
        headers=manner.headers(office),
    )
    assert answer.json()["result"] == {"id": 22}
