"""Callers that mean no good, or mean nothing: no error of the server, and it goes on as before."""

import json
import socket
from base64 import b64encode
from typing import Any, BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podatelna.kernel.contract import Contract
from tests.czmvo.ams import LOGIN, MAH_LOGIN, MAH_SECRET, SECRET, STATES, UPRC, Ams, Answer, basic
from tests.czmvo.calls import UNLIMITED
from tests.czmvo.known import KNOWN
from tests.kernel.wire import PATIENCE
from tests.sandboxes import Sandbox

FEW = settings(max_examples=60)
METHODS = [
    *(("/alerts/", method) for method in ("GET", "POST", "PUT", "DELETE")),
    *(("/filter/", method) for method in ("GET", "POST", "DELETE")),
]
V1 = {"authorization": basic(*LOGIN)}
MAH_V1 = {"authorization": basic(*MAH_LOGIN)}
PDF = b64encode(b"%PDF-1.7").decode()
MEBIBYTE = 2**20
WORDS = {"uprc": UPRC, "subject": "s", "message": "m"}

NAMES = ["list", "resultAs", "connection", "validity", "csv", "changedFrom", *KNOWN]
LISTS = ["state", "messages", "file", "group", "note", "alcounter", "alalerts", "product", "verify"]


@pytest.fixture(autouse=True)
def unlimited(ams: Ams) -> None:
    """Limits that nobody meets."""
    ams.set(**UNLIMITED)


def sound(answer: Answer) -> Answer:
    """An answer that is no error of the server: an envelope, or a table or a file as it is."""
    assert answer.status < 500
    if answer.headers["Content-Type"] == "application/json":
        assert answer.json.keys() - {"result"} == {"status", "code", "message"}
        assert answer.json["status"] == ("error" if answer.code else "ok")
        assert (answer.status == 200) == (answer.code == 0)
    else:
        assert answer.status == 200
    return answer


# -- any JSON


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
members = st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=9), values, max_size=5)
telling = st.builds(
    # A function of the API, or none, with values that mean something and others that do not.
    lambda name, known, others: {**known, **others, **name},
    st.fixed_dictionaries({}, optional={"list": st.sampled_from(LISTS)}),
    st.fixed_dictionaries({}, optional={each: st.sampled_from(KNOWN[each]) for each in KNOWN}),
    members,
)


@pytest.mark.parametrize(("path", "method"), METHODS)
def test_any_json_is_answered(ams: Ams, path: str, method: str) -> None:
    signed = [V1, MAH_V1, ams.signed(SECRET), ams.signed(MAH_SECRET, "2.1")]

    @FEW
    @given(body=telling | values, who=st.sampled_from(signed))
    def holds(body: Any, who: dict[str, str | None]) -> None:
        sound(ams.call(method, path, json.dumps(body).encode(), who))

    holds()
    assert ams.call("GET", "/filter/", STATES, V1).code == 0


# -- bodies that are no JSON

LISTED = b'{"list":"enumState"}'
BODIES: dict[str, tuple[bytes, bool]] = {
    # What it is, and whether it is a JSON object that PHP would read.
    "empty": (b"", False),
    "broken": (LISTED[:-1], False),
    "twice": (LISTED * 2, False),
    "form": (b"list=enumState", False),
    "UTF-16": (LISTED.decode().encode("utf-16"), False),
    "UTF-16 without a mark": (LISTED.decode().encode("utf-16-le"), False),
    "byte order mark": (b"\xef\xbb\xbf" + LISTED, False),
    "no UTF-8": (LISTED[:-1] + b',"x":"\xff"}', False),
    "surrogate in UTF-8": (LISTED[:-1] + b',"x":"\xed\xa0\x80"}', False),
    "half a pair": (LISTED[:-1] + rb',"x":"\ud83d"}', False),
    "half a pair in a name": (LISTED[:-1] + rb',"\udc00":1}', False),
    "a pair": (LISTED[:-1] + rb',"x":"\ud83d\ude00"}', True),
    "NaN": (LISTED[:-1] + b',"x":NaN}', False),
    "Infinity": (LISTED[:-1] + b',"x":-Infinity}', False),
    "NUL at the end": (LISTED + b"\0", False),
    "list": (b"[" + LISTED + b"]", False),
    "brackets": (b"[" * 100_000, False),
    "closed brackets": (LISTED[:-1] + b',"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}", False),
    "braces": (b'{"x":' * 100_000 + b"1" + b"}" * 100_000, False),
    "600 levels": (LISTED[:-1] + b',"x":' + b"[" * 600 + b"]" * 600 + b"}", False),
    "huge integer": (LISTED[:-1] + b',"x":' + b"9" * 100_000 + b"}", True),
    "huge exponent": (LISTED[:-1] + b',"x":1e999999}', True),
    "duplicates": (b'{"list":"state",' + LISTED[1:], True),
    "blanks": (b" \r\n\t" + LISTED + b" \n", True),
}


@pytest.mark.parametrize("kind", BODIES)
def test_bodies(ams: Ams, kind: str) -> None:
    """What is no JSON object is as good as no body, or is refused if the sandbox has it so."""
    body, fits = BODIES[kind]
    for setting, code in (("ignored", 11), ("refused", 39 if body else 11)):
        ams.set(malformed_json=setting)
        for path, method in METHODS:
            answer = sound(ams.call(method, path, body, V1))
            if method == "GET":
                assert answer.code == (0 if fits else code)
    assert ams.call("GET", "/filter/", STATES, V1).code == 0


# -- wrong types

TEXTS: list[Any] = [True, False, 1.5, -0.0, 1e300, ["x"], [[]], {}, {"x": 1}]
FLAGS: list[Any] = [2, -1, 1.0, "yes", "\0", ["true"], {}, {"0": True}, 10**30]
NUMBERS: list[Any] = [
    True,
    False,
    1.0,
    1e300,
    2**31,
    -(10**30),
    "1e1",
    " 1",
    "x",
    "9" * 5000,
    [1],
    {},
]
WRONG: dict[str, tuple[str, dict[str, Any], dict[str, list[Any]]]] = {
    # Method, what else is sent, and values by the parameter that cannot have them.
    "sendMessage": (
        "POST",
        {**WORDS, "file": PDF, "filename": "a.pdf"},
        {
            **dict.fromkeys(("uprc", "subject", "message", "file", "filename"), TEXTS),
            **dict.fromkeys(("public", "group", "group_a", "only_file"), FLAGS),
            **dict.fromkeys(("id_parent", "id_request"), NUMBERS),
        },
    ),
    "setState": (
        "PUT",
        {"uprc": UPRC, "state": 3},
        {
            "uprc": [True, 1.5, {}, {"0": UPRC}, [UPRC, None], [[UPRC]], [UPRC, {}]],
            **dict.fromkeys(("group", "group_a"), FLAGS),
            **dict.fromkeys(("state", "id_request"), NUMBERS),
        },
    ),
    "setNote": (
        "PUT",
        {"uprc": UPRC, "note": "n"},
        {"uprc": TEXTS, "note": TEXTS, "private": FLAGS},
    ),
}


@pytest.mark.parametrize(
    ("function", "name"),
    [(function, name) for function, (_, _, wrong) in WRONG.items() for name in wrong],
)
def test_wrong_types(ams: Ams, function: str, name: str) -> None:
    """Code 5, which names the parameter; nothing is written."""
    method, usual, wrong = WRONG[function]
    before = ams.ask(SECRET, "/alerts/", given={"list": "messages", "uprc": UPRC}).body
    for value in wrong[name]:
        answer = sound(ams.call(method, "/alerts/", {**usual, name: value}, V1))
        assert answer.code == 5, value
        assert name in answer.json["message"]
        assert ams.last().operation == function
    assert ams.ask(SECRET, "/alerts/", given={"list": "messages", "uprc": UPRC}).body == before


# -- files


def post_file(ams: Ams, file: str) -> Answer:
    return sound(ams.call("POST", "/alerts/", {**WORDS, "file": file, "filename": "a.pdf"}, V1))


@pytest.mark.parametrize(
    "file", ["%", "abc", "QUJD=", "====", "QQ==QQ==", "ž", "\0", "QUJD\0", "data:,QQ==", " ", 5]
)
def test_broken_base64(ams: Ams, file: Any) -> None:
    assert post_file(ams, file).code == 14


def test_large_files(ams: Ams) -> None:
    """16 MiB are accepted and come back; 17 MB are not."""
    largest = b64encode(bytes(16 * MEBIBYTE)).decode()
    number = post_file(ams, largest).result["id"]
    read = ams.call("GET", "/alerts/", {"list": "file", "id": number}, V1)
    assert read.result["filedata"] == largest
    assert post_file(ams, b64encode(bytes(17 * 10**6)).decode()).code == 15


# -- pages, and what is unknown


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (2**31 - 1, 0),
        (-(2**31) + 1, 0),
        ("2147483647", 0),
        (2**31, 5),
        (2**63, 5),
        (10**400, 5),
        (-(10**30), 5),
        (1.0, 5),
        (-0.5, 5),
        ("1.0", 5),
        ("1e3", 5),
        ("\u0661", 5),
        ([1], 5),
    ],
)
def test_pages(ams: Ams, page: Any, code: int) -> None:
    asked = {"list": "state", "page": page}
    for headers in (V1, MAH_V1):
        assert sound(ams.call("GET", "/alerts/", asked, headers)).code == code


def test_unknown_parameters_are_passed_over(ams: Ams) -> None:
    odd = ("", "\0", "__proto__", "LIST", "list ", "list[]", "a.b", "\U0001f600", "x" * 10_000)
    unknown = {name: {"x": [None, 1e300]} for name in odd}
    plain = ams.call("GET", "/alerts/", STATES, V1)
    assert ams.call("GET", "/alerts/", {**unknown, **STATES}, V1).body == plain.body


# -- URLs

QUERIES = {
    # With the code of a list of exceptions.
    "list=product&id[a][b]=1": 0,
    "list=product&id[]=": 5,
    "list=product&id[]": 5,
    "list=product&id[": 0,
    "list=product&id]=1": 0,
    "list=product&id[=1": 0,
    "list=product&id[]=1&id=2&id[x]=3": 0,
    "list=product&id[]=1&id[][]=x": 5,
    "list=product&id=1,,2": 5,
    "list=product&[id]=1": 0,
    "list=product&id%5B%5D=1&id%5b0%5d=2": 0,
    "list=product&id=%00": 5,
    "list=product&id=%ff%fe": 5,
    "list=product&batch=%ed%a0%80": 0,
    "list=product&batch=%00": 0,
    "list=product&batch[]=1": 5,
    "list=product&batch=%": 0,
    "list=product&batch=%zz%u0041": 0,
    "list[]=product": 5,
    "list[a][b]=product": 5,
    "list=product&list=product": 5,
    "&&&=&==&list=product&": 0,
    "list=product&" + "&".join(f"id[{number}]=1" for number in range(2000)): 0,
    "&".join(f"x{number}=1" for number in range(2000)) + "&list=product": 11,
    "list=product&id" + "[a]" * 20_000 + "=1": 0,
    "list=product&id=" + "1," * 20_000 + "1": 0,
}


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query[:40])
def test_urls(ams: Ams, query: str) -> None:
    answer = sound(ams.call("GET", "/filter/", b"", MAH_V1, query=query))
    assert answer.code == QUERIES[query]


@pytest.mark.parametrize(("path", "method"), METHODS)
def test_any_url_is_answered(ams: Ams, path: str, method: str) -> None:
    piece = st.sampled_from([*NAMES, *LISTS, "[", "]", "[]", "=", "&", "%", "%00", "%ff", "+", ";"])

    @FEW
    @given(pieces=st.lists(piece | st.text(max_size=3), max_size=12))
    def holds(pieces: list[str]) -> None:
        query = "".join(pieces).encode().decode("latin-1")
        sound(ams.call(method, path, b"", MAH_V1, query=query))

    holds()


# -- texts


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a\0b", r"a\x00b"),
        ("\x01\x1f\x7f\x85\u2028\ufeff\uffff", None),
        ("\U0001f600\u202e</script>'\";--", None),
        ("x" * 200_000, None),
    ],
)
def test_texts_are_stored_and_read(ams: Ams, sent: str, kept: str | None) -> None:
    """A NUL is kept as an escape; all else as it is. Notes have a maximum, messages have none."""
    kept = sent if kept is None else kept
    message = {"uprc": UPRC, "subject": sent, "message": sent}
    number = sound(ams.call("POST", "/alerts/", message, V1)).result["id"]
    asked = {"list": "messages", "uprc": UPRC}
    (read,) = (
        each
        for each in sound(ams.call("GET", "/alerts/", asked, V1)).result["messages"]
        if str(each["id"]) == str(number)
    )
    assert (read["subject"], read["message"]) == (kept, kept)
    as_csv = ams.call("GET", "/alerts/", {**asked, "resultAs": "csv"}, V1)
    assert as_csv.status == 200
    assert kept.replace('"', '""') in as_csv.body.decode()
    old = ams.call("GET", "/alerts/", {"list": "note", "uprc": UPRC}, V1).result["note"]
    note = {"uprc": UPRC, "note": sent}
    longest = Contract("czmvo").constant("note_maximum")
    code = 5 if len(kept) > longest else 0
    assert sound(ams.call("PUT", "/alerts/", note, V1)).code == code
    asked = {"list": "note", "uprc": UPRC}
    assert sound(ams.call("GET", "/alerts/", asked, V1)).result["note"] == (
        kept if code == 0 else old
    )


def test_half_a_pair_is_never_stored(ams: Ams) -> None:
    """JSON with one is none, and in a URL its bytes are no UTF-8."""
    asked = {"list": "messages", "uprc": UPRC}
    before = ams.call("GET", "/alerts/", asked, V1).body
    body = json.dumps({**WORDS, "message": "\ud83d"}).encode()
    assert sound(ams.call("POST", "/alerts/", body, V1)).code == 11
    body = json.dumps({"uprc": UPRC, "note": "\udc00"}).encode()
    assert sound(ams.call("PUT", "/alerts/", body, V1)).code == 11
    query = "list=messages&uprc=%ed%a0%80%00"
    assert sound(ams.call("GET", "/alerts/", b"", V1, query=query)).code != 0
    assert ams.call("GET", "/alerts/", asked, V1).body == before


# -- headers and methods

VALUES = [
    "\0",
    "\x01\x1f\x7f",
    "\x80\xff",
    "\t",
    "\r\n x: y",
    ",;=,;q=",
    "*" * 50_000,
    "a," * 20_000,
]


@pytest.mark.parametrize("name", ["user-agent", "accept-language", "accept"])
def test_headers(ams: Ams, name: str) -> None:
    """What is no language is Czech; what is no media type is none that there is."""
    signed = ams.signed(SECRET)
    plain = ams.call("GET", "/alerts/", STATES, signed)
    for value in VALUES:
        answer = sound(ams.call("GET", "/alerts/", STATES, {**signed, name: value}))
        blank = not value.strip()
        told = {"accept": 33, "user-agent": 39 if blank else 0, "accept-language": 0}
        assert answer.code == told[name], value
        assert answer.code or answer.body == plain.body
        assert ams.last().request_headers[name] == value


@pytest.mark.parametrize("path", ["/alerts/", "/filter/"])
def test_wrong_methods(ams: Ams, path: str) -> None:
    for method in ("PATCH", "HEAD", "TRACE", "CONNECT", "get", "", "GET\0", "G" * 5000):
        assert sound(ams.call(method, path, STATES, V1)).outcome == (405, 4, "1.0")


# -- afterwards


def test_the_journal_has_everything(ams: Ams) -> None:
    """Hundreds of bad calls later an ordinary one is answered as before."""
    before = ams.call("GET", "/alerts/", STATES, V1)
    made = len(ams.journal())
    bodies = [body for body, _ in BODIES.values()]
    for path, method in METHODS:
        for body in bodies:
            ams.call(method, path, body, V1)
    for query in QUERIES:
        ams.call("GET", "/filter/", b"", MAH_V1, query=query)
    for method in ("PATCH", "get", "GET\0"):
        ams.call(method, "/alerts/", b"\0", {"user-agent": "\0\x7f"})
    after = ams.call("GET", "/alerts/", STATES, V1)
    assert after == before
    kept = ams.journal()
    assert len(kept) == made + len(METHODS) * len(bodies) + len(QUERIES) + 3 + 1
    assert [each.number for each in kept] == list(range(1, len(kept) + 1))
    assert {each.status for each in kept} <= {200, 400, 401, 403, 404, 405}


# -- over a socket


def test_bodies_of_get_over_a_socket(sandbox: Sandbox) -> None:
    """A GET with a chunked body, and one that waits to be told to go on."""
    host, _, port = sandbox.server.removeprefix("http://").partition(":")
    head = (
        f"GET /s/{sandbox.name}/alerts/ HTTP/1.1\r\nHost: api.czmvo.cz\r\n"
        f"Authorization: {V1['authorization']}\r\n"
    ).encode()
    with socket.create_connection((host, int(port)), PATIENCE) as wire, wire.makefile("rb") as came:
        chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (LISTED[:5], LISTED[5:]))
        wire.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n")
        chunked = read_answer(came)
        wire.sendall(head + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(LISTED))
        assert came.readline().startswith(b"HTTP/1.1 100 ")
        assert came.readline() == b"\r\n"
        wire.sendall(LISTED)
        expected = read_answer(came)
    assert chunked == expected
    assert json.loads(chunked)["code"] == 0
    assert [each["request_body"] for each in sandbox.journal()] == [LISTED.decode()] * 2


def read_answer(came: BinaryIO) -> bytes:
    """The body of the next answer, which is a good one."""
    assert came.readline().startswith(b"HTTP/1.1 200 ")
    length = 0
    while (line := came.readline()) != b"\r\n":
        name, _, value = line.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
    return came.read(length)
