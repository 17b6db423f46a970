"""What holds for any message, whatever is in it. No sockets: a house is a function."""

import os
import re
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podatelna.kernel.exchange import Response
from tests.journeys.arbitrary import (
    BRIEF,
    THOROUGH,
    guest_lists,
    headers,
    mutations,
    odd_headers,
    other_calls,
    switches,
)
from tests.journeys.callers import PATIENCE, Caller, no_complaints
from tests.journeys.messages import (
    ENVELOPE,
    Filed,
    Members,
    call,
    catalogue,
    code_list,
    filing,
    guest,
    is_catalogued,
    payload,
    read_fault,
    read_filed,
    schema,
    severities,
)
from tests.journeys.travels import Office, Step, travel

BOOLEANS = st.sampled_from(["true", "false", "1", "0"])
LIGHT = range(3)
DUPLICATE = 150


@pytest.fixture(scope="module")
def offices() -> Iterator[tuple[Office, Office]]:
    two = Office(), Office()
    yield two
    for office in two:
        office.house.close()


@pytest.fixture(scope="module")
def office(offices: tuple[Office, Office]) -> Iterator[Office]:
    with no_complaints():
        yield offices[0]


# Messages that the WSDL allows.


@THOROUGH
@given(guests=guest_lists(), header=headers, pdf=st.none() | BOOLEANS, settings=switches)
def test_any_filing_that_the_wsdl_allows_is_answered_by_the_book(
    office: Office,
    guests: list[Members | None],
    header: Members,
    pdf: str | None,
    settings: dict[str, object],
) -> None:
    office.anew(settings)
    message = filing(guests, header, pdf)
    schema().assertValid(payload(message))
    answer = office.caller.post("ZapisUbytovane", message)
    if answer.status == 200:
        stamp = str(settings.get("stamp_member", "PseudoRazitko"))
        schema(stamp).assertValid(payload(answer.body))
        assert_kept(office, len(guests), read_filed(answer.body))
    else:
        assert_refused(answer)
        assert office.rows("filings") == []
        assert office.rows("stays") == []


def assert_kept(office: Office, sent: int, filed: Filed) -> None:
    """The record of the filing says the same as the codes of its answer."""
    book = severities()
    assert {*filed.header, *(code for codes in filed.records for code in codes)} <= book.keys()
    assert len(filed.records) == sent
    stored = [all(book[code] in LIGHT for code in codes) for codes in filed.records]
    duplicates = [DUPLICATE in codes for codes in filed.records]
    (record,) = office.rows("filings")
    counts = {name: record[name] for name in ("total", "accepted", "refused", "duplicates")}
    assert counts == {
        "total": sent,
        "accepted": sum(stored),
        "refused": sent - sum(stored) - sum(duplicates),
        "duplicates": sum(duplicates),
    }
    positions = [(row["stamp"], row["position"]) for row in office.rows("stays")]
    assert positions == [(filed.stamp, place) for place, kept in enumerate(stored) if kept]
    for document in (filed.receipt, filed.error_receipt):
        assert document is None or b64decode(document).startswith(b"%PDF-1.4")


@THOROUGH
@given(asked=other_calls(), required=st.sampled_from(["optional", "required"]))
def test_any_other_call_that_the_wsdl_allows_is_answered_by_the_contract(
    office: Office, asked: tuple[str, bytes], required: str
) -> None:
    office.anew({"authentication_code": required})
    operation, message = asked
    schema().assertValid(payload(message))
    answer = office.caller.post(operation, message)
    if answer.status == 200:
        schema().assertValid(payload(answer.body))
    else:
        assert_refused(answer)


# Everything else.


VALID = (
    ("TestDostupnosti", call("TestDostupnosti")),
    ("DejMiCiselnik", code_list("UcelyPobytu")),
    ("ZapisUbytovane", filing([guest(1), guest(2, cPurp=None)], pdf="false")),
)


@THOROUGH
@given(data=st.data(), target=st.sampled_from(VALID))
def test_no_mutation_of_a_message_gets_anything_but_an_answer_or_a_refusal(
    office: Office, data: st.DataObject, target: tuple[str, bytes]
) -> None:
    operation, message = target
    office.anew()
    assert_answered(office.caller.post(operation, data.draw(mutations(message))))


@THOROUGH
@given(
    body=st.binary(max_size=200) | st.sampled_from([message for _, message in VALID]),
    odd=odd_headers,
    method=st.sampled_from(["POST", "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "X-ODD", "post"]),
    signed_in=st.booleans(),
)
def test_no_bytes_under_any_headers_get_anything_but_an_answer_or_a_refusal(
    office: Office, body: bytes, odd: dict[str, str], method: str, signed_in: bool
) -> None:
    office.anew()
    caller = Caller(office.house.handle)
    if signed_in:
        caller.connection.memory |= office.caller.connection.memory
    assert_answered(caller.ask(method, odd, body))


def assert_answered(answer: Response) -> None:
    if answer.status != 200:
        assert_refused(answer)
    elif dict(answer.headers)["Content-Type"].startswith("text/html"):
        assert b"<TITLE>WS_UBY Service</TITLE>" in answer.body
    else:
        schema().assertValid(payload(answer.body))


PAGES = {
    401: "401 - Unauthorized: Access is denied due to invalid credentials.",
    404: "404 - File or directory not found.",
}


def assert_refused(answer: Response) -> None:
    """It is the agency's own refusal: a fault of the catalogue, a page of IIS, or nothing."""
    kind = "fault" if answer.status == 500 else "http"
    assert (kind, answer.status) in {(one["kind"], one["status"]) for one in catalogue().values()}
    content_type = dict(answer.headers).get("Content-Type")
    if answer.status == 500:
        assert content_type == "text/xml; charset=utf-8"
        fault = read_fault(answer.body)
        assert is_catalogued(fault), fault
    elif title := PAGES.get(answer.status):
        assert content_type == "text/html"
        assert re.findall("<title>(.*?)</title>", answer.body.decode()) == [title]
    else:
        assert (content_type, answer.body) == (None, b"")
    offers = [value.split()[0] for name, value in answer.headers if name == "WWW-Authenticate"]
    assert offers == (["NTLM"] if answer.status == 401 else [])


# The same again.


steps: st.SearchStrategy[Step] = st.one_of(
    st.builds(
        lambda guests, pdf: ("ZapisUbytovane", filing(guests, pdf=pdf)), guest_lists(), BOOLEANS
    ),
    st.sampled_from([*VALID, ("ZapisUbytovane", b"<"), ("Odd", call("Odd"))]),
    st.timedeltas(timedelta(0), timedelta(days=10)),
)


@BRIEF
@given(journey=st.lists(steps, min_size=1, max_size=6))
def test_the_same_calls_have_the_same_answers_and_journals_byte_for_byte(
    offices: tuple[Office, Office], journey: list[Step]
) -> None:
    first, second = (travel(office, journey) for office in offices)
    assert first == second


@BRIEF
@given(
    spans=st.lists(st.timedeltas(timedelta(0), timedelta(days=5)), min_size=2, max_size=8),
    guests=guest_lists(),
)
def test_time_passes_the_same_at_once_and_bit_by_bit(
    offices: tuple[Office, Office], spans: list[timedelta], guests: list[Members | None]
) -> None:
    once = ("ZapisUbytovane", filing(guests[:2]))
    again = ("ZapisUbytovane", filing(guests, pdf="true"))
    at_once, bit_by_bit = offices
    passed: timedelta = sum(spans, timedelta(0))
    assert travel(at_once, [once, passed, again]) == travel(bit_by_bit, [once, *spans, again])


SCRIPT = """
import sys
from hashlib import sha256
from tests.journeys.messages import filing, guest
from tests.journeys.travels import Office, travel
message = filing([guest(1), guest(2, cFirstN="Ł\u0142š"), guest(2), guest(3, cNati="UK")], pdf="1")
office = Office({"seal": True})
print(sha256(repr(travel(office, [("ZapisUbytovane", message)])).encode()).hexdigest())
"""


def test_another_process_has_the_same_answers() -> None:
    """Neither the order of sets, which differs with each process, nor anything else gets in."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
            env=os.environ | {"PYTHONHASHSEED": order},
        )
        for order in ("1", "2")
    ]
    one, other = [process.communicate(timeout=PATIENCE)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert one == other


def test_the_answers_above_can_fail() -> None:
    """The judges of this module refuse what no agency would answer."""
    empty = f'<s:Envelope xmlns:s="{ENVELOPE}"><s:Body/></s:Envelope>'.encode()
    for wrong in (Response(500), Response(418), Response(400, b"why"), Response(200, empty)):
        with pytest.raises((AssertionError, KeyError, SyntaxError, ValueError)):
            assert_answered(wrong)
