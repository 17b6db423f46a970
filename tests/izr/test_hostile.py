"""Whatever is sent, the gateway answers with a fault of its own, and keeps a complete journal."""

import tracemalloc
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha1
from html import escape
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from podatelna.izr.canonical import canonical
from podatelna.izr.tokens import CANDIDATES, Candidate
from podatelna.kernel.exchange import Request, Response
from podatelna.kernel.journal import LONGEST
from tests.izr.contract import ERRORS
from tests.izr.gate import fault_of
from tests.izr.gatehouse import DATA_MODEL, GATEWAY, SIMULATOR, WSDL, XML, Gatehouse, opened
from tests.izr.hostile import signed, strangers, unreadable
from tests.izr.hostile.refusal import ANSWERED, STRANGER, UNREADABLE, Refusal
from tests.izr.messages import KEY, body, header, move, uidkey
from tests.izr.messages import signed as signed_body
from tests.izr.questions import PF, QUESTIONS, question
from tests.journeys.arbitrary import mutations
from tests.journeys.callers import no_complaints
from tests.journeys.processes import database

KEPT = 256 * 1024
"""Bytes of a body in the journal."""
SMALL: dict[str, tuple[bytes, Refusal]] = {
    **{name: (each, UNREADABLE) for name, each in unreadable.MESSAGES.items()},
    **{name: (each, UNREADABLE) for name, each in unreadable.bombs("http://192.0.2.1").items()},
    **{name: (each, STRANGER) for name, each in strangers.MESSAGES.items()},
    **{name: (each, ANSWERED) for name, each in signed.TAKEN.items()},
    **signed.MESSAGES,
}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with database() as url:
        yield url


@pytest.fixture(scope="module", params=["memory", "postgres"])
def houses(request: pytest.FixtureRequest) -> Iterator[Gatehouse]:
    place = {"database": request.getfixturevalue("url")} if request.param == "postgres" else {}
    with opened(**place) as gatehouse, no_complaints():
        yield gatehouse


@pytest.fixture
def house(houses: Gatehouse) -> Gatehouse:
    """With nothing set."""
    houses.set(schema_validation=True)
    return houses


@pytest.fixture(scope="module")
def memory() -> Iterator[Gatehouse]:
    with opened() as gatehouse, no_complaints():
        yield gatehouse


@pytest.fixture
def epo(house: Gatehouse) -> Gatehouse:
    """The gateway with an empty journal."""
    house.ask("DELETE", "/journal")
    return house


def verdict(answer: Response, expected: Refusal) -> Refusal:
    """What was answered, with as much of the text as is expected."""
    assert dict(answer.headers)["Content-Type"] == XML
    if answer.status == 200:
        assert b"<vOKO:Response " in answer.body
        return ANSWERED
    assert answer.status == 500
    told = fault_of(answer)
    assert len(told.text) <= 1000
    return Refusal(told.code, told.text[: len(expected.text)])


def assert_recorded(epo: Gatehouse, message: bytes, answer: Response) -> None:
    """There is one exchange in the journal, which is that of the message."""
    [exchange] = epo.recorded()
    assert exchange.status == answer.status
    assert exchange.request_body == message[:KEPT]
    assert exchange.response_body == answer.body[:KEPT]
    keys = {finding.code for finding in exchange.findings}
    assert keys <= set(ERRORS)
    assert bool(keys) == (answer.status != 200)
    texts = [exchange.login, *exchange.notes, *(found.received for found in exchange.findings)]
    assert max(map(len, texts)) <= LONGEST
    assert len(exchange.notes) <= 60
    assert KEY not in str(exchange)


@pytest.mark.parametrize("name", SMALL)
def test_an_odd_message(name: str, epo: Gatehouse) -> None:
    message, expected = SMALL[name]
    answer = epo.post(message)
    assert verdict(answer, expected) == expected
    assert_recorded(epo, message, answer)


@pytest.mark.parametrize("name", signed.LARGE)
def test_a_large_message(name: str, memory: Gatehouse) -> None:
    memory.ask("DELETE", "/journal")
    make, expected = signed.LARGE[name]
    message = make()
    answer = memory.post(message)
    assert verdict(answer, expected) == expected
    assert_recorded(memory, message, answer)


ODD_TEXTS = (
    "",
    " ",
    "\u00a0",
    "\u0085\u2028",
    "\u202e\ufeff",
    "\U0001f600",
    "\ue000\ue009\ufffd",
    "e\u0301",
    "]]>",
    "{0.__class__}%s%n",
    "' OR 1=1 --",
    "../../etc/passwd",
    "\r\n\t",
    "-1",
    "1e9",
    "999999999999999999999",
    "\u0661\u0662",
    "0001-01-01T00:00:00Z",
    "x" * 300,
)
STATES = {"5", "10", "11", "12", "14", "21", "400"}
"""Any odd value is one of a state, or none of the schema; never a crash."""


@pytest.mark.parametrize("text", ODD_TEXTS, ids=ascii)
@pytest.mark.parametrize("checked", [True, False], ids=["checked", "not checked"])
def test_any_text_in_any_place(text: str, *, checked: bool, house: Gatehouse) -> None:
    """With the schema and without it."""
    house.set(schema_validation=checked)
    for service, payload in QUESTIONS.items():
        root = etree.fromstring(f"<x>{payload}</x>")
        for leaf in [each for each in root.iter() if len(each) == 0 and each is not root]:
            before, leaf.text = leaf.text, text
            inside = etree.tostring(root, encoding="unicode")[len("<x>") : -len("</x>")]
            leaf.text = before
            answer = house.post(question(service, inside))
            assert answer.status == 200 or fault_of(answer).code in STATES, (service, leaf.tag)


@pytest.mark.parametrize("service", PF)
def test_any_text_in_the_header(service: str, house: Gatehouse) -> None:
    house.set(schema_validation=False)
    for text in ODD_TEXTS:
        head = uidkey() + header(request_id=text, subject=text)
        answer = house.post(signed_body(body(QUESTIONS[service], service, head)))
        if text:
            told = fault_of(answer)
            assert (told.code, told.request_id) == ("403", text[:100].replace("\r\n", "\n"))
        else:  # There is only one whom the caller may act for.
            assert answer.status == 200


ANSWERS = STATES | {"401", "403", "404", "413"}


@given(message=st.binary(max_size=400))
def test_any_bytes(memory: Gatehouse, message: bytes) -> None:
    assert verdict(memory.post(message), UNREADABLE) == UNREADABLE


@given(data=st.data(), service=st.sampled_from(["IZR_ODH01B", "IZR_PRO01A", "IZR_PRO01B"]))
def test_any_change_of_a_message(memory: Gatehouse, data: st.DataObject, service: str) -> None:
    """Of a signed one, and of one that nobody has to sign."""
    answer = memory.post(data.draw(mutations(question(service))))
    assert answer.status == 200 or fault_of(answer).code in ANSWERS


ODD_HEADERS = {
    "content-type": ("", "text/plain", "text/xml; charset=utf-16", "\x00\xff", "x" * 9_000),
    "soapaction": ("", '""', "process", '"process"', "urn:x", "\xe9\x00", "x" * 9_000),
    "expect": ("100-continue", "x"),
    "content-encoding": ("gzip",),
    "host": ("", "x", "\x00\udc80", "epomzetest.gov.cz", "[::1]:80", "a" * 9_000),
    "x_forwarded_proto": ("https", "javascript"),
    "authorization": ("Basic eDp4", "NTLM x"),
}


@pytest.mark.parametrize("name", ODD_HEADERS)
def test_headers_say_nothing(name: str, house: Gatehouse) -> None:
    """Callers leave out Content-Type and SOAPAction, and are served (public callers)."""
    for value in ODD_HEADERS[name]:
        assert house.post(move(), **{name: value}).status == 200, value


def test_a_message_without_any_header(house: Gatehouse) -> None:
    assert house.house.handle(Request("POST", GATEWAY, body=move())).status == 200


ODD_QUERIES = ("%00", "%ED%A0%80", "%FF", "IZR_ODH01B%00", "x" * 9_000, "&", "%3Cscript%3E", "{0}")


@pytest.mark.parametrize("page", [f"{WSDL}?SERVICEID=", f"{DATA_MODEL}?id="])
def test_odd_queries_find_nothing(page: str, house: Gatehouse) -> None:
    for query in ODD_QUERIES:
        answer = house.visit("GET", page + query)
        assert answer.status == 404
        assert b"<script>" not in answer.body


# -- the simulator, which is told a key


KEYS = ("Sandbox0Key0Example1", "a&b\"c'd<e>", "ž&#x17e; \u00e9", "\U0001f600 \u202e", "k" * 5_000)


@pytest.mark.parametrize("key", KEYS, ids=ascii)
def test_the_simulator_tells_the_journal_no_key(key: str, house: Gatehouse) -> None:
    """Nor its SHA-1, which signs as well as the key does."""
    house.ask("DELETE", "/journal")
    form = urlencode({"key": key, "request": move().decode()}).encode()
    answer = house.visit("POST", SIMULATOR, form, content_type="application/x-www-form-urlencoded")
    assert answer.status == 200
    digest = sha1(key.encode()).digest()
    spellings = {key, escape(key), quote(key), digest.hex(), b64encode(digest).decode()}
    [exchange] = house.recorded()
    bodies = (exchange.request_body + exchange.response_body).decode("utf-8", "replace")
    told = bodies + str(exchange)
    assert [each for each in spellings if each in told] == []


@pytest.mark.parametrize(
    "form",
    [b"", b"\x00\xff=%", b"request=%00&key=%00", b"request=%ED%A0%80&key=%ED%A0%80",
     b"request=" + b"%3Cx%3E" * 300 + b"&key=", b"key=x" * 999,
     urlencode({"key": "x", "request": "<Token" * 50_000}).encode()],
    ids=range(7),
)  # fmt: skip
def test_the_simulator_shows_whatever_it_is_given(form: bytes, house: Gatehouse) -> None:
    assert house.visit("POST", SIMULATOR, form).status == 200


# -- what it costs


DEEP = 200
MANY = 2_000


@pytest.mark.parametrize(
    "message",
    [
        signed.with_prefixes(move(signed.many('<p0:x xmlns:p0="urn:{}"/>', MANY)), MANY),
        signed.deep(DEEP, MANY // 20),
    ],
    ids=["many", "deep"],
)
@pytest.mark.parametrize("form", CANDIDATES, ids=lambda form: form.name)
def test_declarations_take_no_more_memory_than_the_message(message: bytes, form: Candidate) -> None:
    """A copy of all that is declared for each element would take hundreds of megabytes."""
    tracemalloc.start()
    try:
        canonical(message, form.namespaces, blanks=form.blanks)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 30 * len(message)
