"""Which function a call is, and where its parameters come from."""

from collections.abc import Mapping
from typing import Any

import pytest

from podatelna.czmvo.functions import NAMES
from tests.czmvo.ams import LOCATION, LOGIN, MAH_LOGIN, MAH_SECRET, SECRET, UPRC, Ams, Answer

MANGLED = [b"{", b"[]", b"5", b'"x"', b"null", b"\xef\xbb\xbf{}", b'{"list":"\xff"}', b"list=state"]
Given = Mapping[str, Any]


def mah(ams: Ams, method: str = "GET", given: Given | bytes = b"", query: str = "") -> Answer:
    """A call of a MAH in version 1."""
    return ams.ask(MAH_LOGIN, "/alerts/", "1.0", method=method, given=given, query=query)


def uprcs(answer: Answer) -> list[str]:
    return [alert["uprc"] for alert in answer.result["alerts"]]


# -- functions

PLAIN = {"uprc": UPRC, "subject": "x", "message": "x"}
CALLS: dict[str, tuple[str, str, Given]] = {
    "state": ("GET", "/alerts/", {"list": "state"}),
    "messages": ("GET", "/alerts/", {"list": "messages", "id": 20}),
    "file": ("GET", "/alerts/", {"list": "file", "id": 21}),
    "enumState": ("GET", "/alerts/", {"list": "enumState"}),
    "enumRequest": ("GET", "/alerts/", {"list": "enumRequest"}),
    "group": ("GET", "/alerts/", {"list": "group", "uprc": UPRC}),
    "enumReopenReason": ("GET", "/alerts/", {"list": "enumReopenReason"}),
    "note": ("GET", "/alerts/", {"list": "note", "uprc": UPRC}),
    "enumTypeState": ("GET", "/alerts/", {"list": "enumTypeState"}),
    "alcounter": ("GET", "/alerts/", {"list": "alcounter", "location": LOCATION}),
    "alalerts": ("GET", "/alerts/", {"list": "alalerts", "location": LOCATION}),
    "sendMessage": ("POST", "/alerts/", PLAIN),
    "editMessage": ("PUT", "/alerts/", {"id": 22, "subject": "y"}),
    "setState": ("PUT", "/alerts/", {"uprc": UPRC, "state": 5, "note": "x", "id": 22}),
    "setNote": ("PUT", "/alerts/", {"uprc": UPRC, "note": "", "id": 22}),
    "deleteMessage": ("DELETE", "/alerts/", {"id": 22}),
    "deleteNote": ("DELETE", "/alerts/", {"note": UPRC, "id": 22}),
    "filter.enumState": ("GET", "/filter/", {"list": "enumState"}),
    "filter.product": ("GET", "/filter/", {"list": "product"}),
    "filter.verify": ("GET", "/filter/", {"list": "verify", "batch": "1"}),
    "filter.insert": (
        "POST",
        "/filter/",
        {"productCode": "1", "batch": "1", "validity": "2030-01-01"},
    ),
    "filter.delete": ("DELETE", "/filter/", {"id": [1]}),
}
OF_END_USERS = {"enumTypeState", "alcounter", "alalerts"}


def test_functions_are_told_apart(ams: Ams) -> None:
    """By method and parameters; state goes before note, and note before id (ours)."""
    assert ["token", "verify", *CALLS] == list(NAMES)
    for name, (method, path, given) in CALLS.items():
        pair = LOGIN if name in OF_END_USERS else MAH_LOGIN
        answer = ams.ask(pair, path, "1.0", method=method, given=given)
        assert answer.code == 0, name
        assert ams.last().operation == name


@pytest.mark.parametrize(
    ("method", "path", "given", "code"),
    [
        ("GET", "/alerts/", {}, 11),
        ("GET", "/alerts/", {"list": ""}, 11),
        ("GET", "/alerts/", {"list": None}, 11),
        ("GET", "/alerts/", {"list": "product"}, 5),
        ("GET", "/alerts/", {"list": "State"}, 5),
        ("GET", "/alerts/", {"list": 5}, 5),
        ("GET", "/alerts/", {"list": ["state"]}, 5),
        ("GET", "/alerts/", {"list": {"state": 1}}, 5),
        ("GET", "/filter/", {}, 11),
        ("GET", "/filter/", {"list": "state"}, 5),
        ("PUT", "/alerts/", {}, 11),
        ("PUT", "/alerts/", {"uprc": UPRC}, 11),
        ("PUT", "/alerts/", {"uprc": UPRC, "state": None, "note": None}, 11),
        ("PUT", "/alerts/", {"uprc": UPRC, "state": ""}, 11),
        ("DELETE", "/alerts/", {}, 11),
        ("DELETE", "/alerts/", {"uprc": UPRC}, 11),
        ("DELETE", "/alerts/", {"note": ""}, 11),
        ("DELETE", "/filter/", {}, 11),
        ("POST", "/alerts/", {}, 11),
        ("POST", "/filter/", {}, 11),
    ],
)
def test_no_function(ams: Ams, method: str, path: str, given: Given, code: int) -> None:
    for pair, version in ((MAH_LOGIN, "1.0"), (MAH_SECRET, "2.0")):
        answer = ams.ask(pair, path, version, method=method, given=given)
        assert answer.outcome == (400, code, version)


@pytest.mark.parametrize(("language", "of"), [("cs", "parametr"), ("en", "parameter")])
def test_the_parameter_is_named(ams: Ams, language: str, of: str) -> None:
    headers = {"accept-language": language}
    for name, given in (("list", {"list": "x"}), ("page", {"list": "state", "page": "x"})):
        answer = ams.ask(LOGIN, "/alerts/", "1.0", given=given, headers=headers)
        assert answer.json["message"].endswith(f"{of} {name}.")


@pytest.mark.parametrize("name", ["alcounter", "alalerts"])
def test_level_3_calls_are_of_version_1(ams: Ams, name: str) -> None:
    """Whatever the role: from version 2 on there are no such functions (manual 2.7.1.11)."""
    given = {"list": name, "location": LOCATION}
    for pair, version, code in ((LOGIN, "1.0", 0), (SECRET, "2.1", 5), (MAH_SECRET, "2.1", 5)):
        answer = ams.ask(pair, "/alerts/", version, given=given)
        assert answer.code == code
    assert answer.json["message"].endswith("list.")


def test_the_backend_is_out(ams: Ams) -> None:
    """Who does not get in is told so all the same, and a connection can be verified."""
    ams.set(backend_available=False)
    assert mah(ams, given={"list": "x"}).outcome == (500, 24, "1.0")
    assert ams.token_for(SECRET).outcome == (500, 24, "2.1")
    assert ams.ask(("LOGIN", "x"), version="1.0").code == 2
    assert mah(ams, query="connection=verify").result["state"] is True


# -- where parameters are

LATEST = "CZ-A07-01A-LEK-002"
OLDEST = "CZ-LD8-F79-ABY-PFC-5J0"


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_in_the_url_or_in_the_body(ams: Ams, method: str) -> None:
    query, given = f"list=note&uprc={UPRC}&id=20", {"list": "note", "uprc": UPRC, "id": 20}
    code = 0 if method == "GET" else 17
    assert mah(ams, method, query=query).code == code
    assert mah(ams, method, given).code == code


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("body", [b"", b"{}", b"{"])
def test_not_in_the_url(ams: Ams, method: str, body: bytes) -> None:
    """With GET and DELETE only (manual 2.3)."""
    query = f"uprc={UPRC}&subject=x&message=x&note=x&id=20"
    assert mah(ams, method, body, query).code == 11


def test_the_body_goes_first(ams: Ams) -> None:
    both = mah(ams, given={"uprc": OLDEST}, query=f"list=state&uprc={UPRC}&latest=true")
    assert uprcs(both) == [OLDEST]
    null = mah(ams, given={"uprc": None}, query=f"list=state&uprc={UPRC}&latest=true")
    assert uprcs(null)[0] == LATEST


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("latest=true", LATEST),
        ("latest=1", LATEST),
        ("latest=TRUE", LATEST),
        ("latest=false", OLDEST),
        ("latest=0", OLDEST),
        ("latest=", OLDEST),
        ("latest=null", OLDEST),
        ("latest", OLDEST),
        ("latest=null&uprc=null&state=null&page=&createdFrom=null&x=y", OLDEST),
        ("latest=true&createdTo=2026-03-02+06%3A30%3A00", LATEST),
        ("uprc=%20cz-0vr-y94-kk5-6fj", UPRC),
        ("state=5", OLDEST),
    ],
)
def test_values_in_the_url(ams: Ams, query: str, first: str) -> None:
    assert uprcs(mah(ams, query=f"list=state&{query}"))[0] == first


@pytest.mark.parametrize(
    "query",
    ["latest=yes", "latest[]=true", "page=x", "state=1.5", "createdFrom=2026-03-02", "uprc[]=x"],
)
def test_values_that_the_url_cannot_have(ams: Ams, query: str) -> None:
    assert mah(ams, query=f"list=state&{query}").code == 5


@pytest.mark.parametrize(
    "query",
    ["id[]=2&id[]=41", "id%5B%5D=2&id%5B%5D=41", "id[0]=2&id[7]=41", "id=2,41", "id=2&id=41"],
)
def test_arrays_in_the_url(ams: Ams, query: str) -> None:
    answer = ams.ask(MAH_LOGIN, version="1.0", given=b"", query=f"list=product&{query}")
    assert [each["id"] for each in answer.result["products"]] == [2, 41]


# -- bodies that are no JSON object


@pytest.mark.parametrize("body", MANGLED)
def test_a_mangled_body_is_none(ams: Ams, body: bytes) -> None:
    assert mah(ams, given=body).code == 11
    assert ams.last().notes == ("the body is no JSON object: read as if it had none",)
    assert uprcs(mah(ams, given=body, query="list=state"))
    assert mah(ams, "POST", body).code == 11
    assert ams.last().operation == "sendMessage"


@pytest.mark.parametrize("body", MANGLED)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_a_mangled_body_can_be_refused(ams: Ams, method: str, body: bytes) -> None:
    ams.set(malformed_json="refused")
    answer = mah(ams, method, body, "list=state")
    assert answer.outcome == (400, 39, "1.0")
    assert [found.at for found in ams.last().findings] == ["body"]
    assert mah(ams, query="list=state").code == 0


@pytest.mark.parametrize("depth", [513, 100_000])
def test_a_body_that_is_too_deep(ams: Ams, depth: int) -> None:
    """PHP reads 512 levels."""
    body = b'{"list":"enumState","x":' + b"[" * depth + b"]" * depth + b"}"
    assert mah(ams, given=body).code == 11


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("uprc", ["x"]),
        ("uprc", True),
        ("latest", "yes"),
        ("page", 1.5),
        ("page", 2**31),
        ("page", "9" * 40),
        ("state", [1]),
        ("createdFrom", "2026-02-30 00:00:00"),
        ("createdTo", "yesterday"),
        ("changedFrom", {}),
    ],
)
def test_values_that_the_body_cannot_have(ams: Ams, name: str, value: Any) -> None:
    answer = mah(ams, given={"list": "state", name: value})
    assert (answer.status, answer.code) == (400, 5)
    assert answer.json["message"].endswith(f" {name}.")
    assert [found.at for found in ams.last().findings] == [name]


def test_other_parameters_are_passed_over(ams: Ams) -> None:
    given = {"list": "enumState", "x": {"y": [1, None]}, "page": "x", "uprc": 1.5, "": ""}
    assert mah(ams, given=given).code == 0
