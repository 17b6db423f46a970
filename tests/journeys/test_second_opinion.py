"""The reference client and the emulator's reader against spyne, which nobody here wrote.

By nature spyne differs from .NET: it takes members in any order, and what did not come is None to
it, where .NET has false and the year 1.
"""

import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from podatelna.kernel.reading import Reading
from podatelna.kernel.soap import read_envelope
from podatelna.kernel.wcf import read_request
from podatelna.kernel.xmlconvert import UNSET, Moment
from podatelna.ubyport.wire import FILE_GUESTS
from podatelna_client.ubyport import (
    BatchAnswer,
    Country,
    ErrorEntry,
    Facility,
    FaultKind,
    Guest,
    GuestAnswer,
    Purpose,
    ServiceFault,
    UbyportClient,
    writing,
)
from tests import strategies
from tests.sandboxes import plain_session
from tests.ubyport.messages import CLASSES, GUEST, PRODUCTION, SERVICE, XSI, call, written

if sys.version_info >= (3, 12):
    pytest.skip("spyne 2.14 cannot be imported on Python 3.12 and later", allow_module_level=True)

from tests.journeys import spyne_office

# --- the reference client against an office of another make


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def client() -> Iterator[UbyportClient]:
    """The reference client at spyne's office, which asks nobody to sign in."""
    with make_server("127.0.0.1", 0, spyne_office.office(), handler_class=_Quiet) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        with plain_session() as session:
            session.auth = lambda request: request
            url = f"http://127.0.0.1:{server.server_port}/"
            yield UbyportClient(url, "nobody", "nothing", timeout=10, session=session)
        server.shutdown()
        thread.join()


def guest(**changed: Any) -> Guest:
    fields: dict[str, Any] = {
        "surname": "Vzorová",
        "given_name": "Anna",
        "birth_date": "01021975",
        "nationality": "SVK",
        "document_number": "EA123456",
        "arrival": date(2026, 3, 3),
        "departure": date(2026, 3, 6),
    }
    return Guest(**(fields | changed))


def test_questions(client: UbyportClient) -> None:
    assert client.available() is True
    assert client.max_list_length() == 32
    first, last = client.countries()
    assert first == Country(
        number=104,
        code2="AF",
        code3="AFG",
        name="Afghánská islámská republika",
        short_name="Afghánistán",
        english_name="Afghanistan",
    )
    assert (last.number, last.code3) == (241, "ZWE")
    assert client.purposes() == (
        Purpose(code="00", text="00 - ZDRAVOTNÍ"),
        Purpose(code="99", text="99 - OSTATNÍ / JINÉ"),
    )
    assert client.error_book()[1] == ErrorEntry(
        key="ERR_CZE_112",
        code=112,
        text="Oznámeno pozdě",
        severity=0,
        label="INFORMACE",
        instruction="",
    )


@pytest.mark.parametrize("want_pdf", [True, False])
def test_filing(client: UbyportClient, want_pdf: bool) -> None:
    """The second opinion judges lateness, the document's length and empty header fields."""
    late = guest(arrival=datetime(2016, 4, 27, 9, 28), document_number="aaa")  # noqa: DTZ001 - local
    facility = Facility(idub="100227887600", abbreviation="CZGFW", name="Penzion", postal_code="1")
    filing = client.file_guests(facility, [guest(), late], want_pdf=want_pdf)
    assert filing.batches == (
        BatchAnswer(
            (206, 207, 208, 209, 210, 211, 212),
            (GuestAnswer(guest()), GuestAnswer(late, (112, 106), 4)),
            spyne_office.STAMP,
            spyne_office.PDF if want_pdf else None,
        ),
    )


def test_fault(client: UbyportClient) -> None:
    with pytest.raises(ServiceFault) as caught:
        client.file_batch(Facility(idub="1", abbreviation="x"), [])
    assert caught.value.kind is FaultKind.EMPTY_LIST


# --- messages read by both

OMIT = "(left out)"
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\n\t<&>\"'"),
    max_size=30,
)
ZONES = st.sampled_from(["", "Z", "+01:00", "-05:00", "+05:30"])
"""None west of Greenwich has minutes: spyne reads -05:30 as four and a half hours."""
MOMENTS = st.builds(
    lambda day, clock, zone: f"{day.isoformat()}T{clock.isoformat()}{zone}",
    st.dates(date(1900, 1, 1), date(2100, 12, 31)),
    st.times() | st.just(time()),
    ZONES,
)
NUMBERS = st.integers(-999_999_999, 2**31 - 1).map(str) | st.sampled_from(["00", "07", "+7"])
"""Spyne takes ten characters of a number, the sign among them."""
WISHES = st.sampled_from(["true", "false", "1", "0"])


def _members(kinds: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[str]:
    """Elements in the order of the kinds; any of them may be left out."""
    one_each = st.tuples(*(kind | st.just(OMIT) for kind in kinds.values()))
    return one_each.map(
        lambda found: written(
            {name: text for name, text in zip(kinds, found, strict=True) if text != OMIT}
        )
    )


ODD = {"cFrom": MOMENTS, "cUntil": MOMENTS, "cPurp": NUMBERS | st.none()}
GUESTS = _members({name: ODD.get(name, TEXTS | st.none()) for name in GUEST}).map(
    lambda members: f"<d:Ubytovany>{members}</d:Ubytovany>"
)
LISTS = st.lists(GUESTS, max_size=3).map(lambda them: f"<d:Ubytovani>{''.join(them)}</d:Ubytovani>")
BATCHES = st.builds(
    lambda guests, wish, header: guests + wish + header,
    LISTS | st.just(""),
    _members({"VracetPDF": WISHES}),
    _members(dict.fromkeys(PRODUCTION, TEXTS | st.none())),
)


def by_us(message: bytes) -> dict[str, Any]:
    """Seznam by the emulator's reader; dates as Python has them."""
    found: dict[str, Any] = read_request(FILE_GUESTS, read_envelope(message).body, Reading())[
        "Seznam"
    ]
    guests = found["Ubytovani"]
    return found | {"Ubytovani": guests and [_plain(each) for each in guests]}


def _plain(guest: dict[str, Any]) -> dict[str, Any]:
    return {name: _naive(of) if isinstance(of, Moment) else of for name, of in guest.items()}


def _naive(moment: Moment) -> tuple[datetime, timedelta | None] | None:
    if moment == UNSET:
        return None
    zone = None if moment.offset is None else timedelta(minutes=moment.offset)
    return datetime.combine(moment.day, moment.time), zone


def by_spyne(message: bytes) -> dict[str, Any]:
    """Seznam by spyne; what .NET's defaults say of a wish that did not come is added."""
    found = spyne_office.read_batch(etree.fromstring(message).find(f".//{{{SERVICE}}}Seznam"))
    members = {name: getattr(found, name) for name in found._type_info}
    guests = members["Ubytovani"] and [_spyne_guest(each) for each in members["Ubytovani"]]
    return members | {"Ubytovani": guests, "VracetPDF": members["VracetPDF"] or False}


def _spyne_guest(guest: Any) -> dict[str, Any]:
    found = {name: getattr(guest, name) for name in guest._type_info}
    return {
        name: (of.replace(tzinfo=None), of.utcoffset()) if isinstance(of, datetime) else of
        for name, of in found.items()
    }


def message_of(content: str) -> bytes:
    seznam = f'<Seznam xmlns:d="{CLASSES}" xmlns:i="{XSI}">{content}</Seznam>'
    return call("ZapisUbytovane", seznam).encode()


@given(BATCHES)
def test_messages_in_order_are_read_alike(content: str) -> None:
    message = message_of(content)
    assert by_us(message) == by_spyne(message)


@given(st.lists(strategies.guests(), max_size=3), st.booleans())
def test_messages_of_the_reference_client(them: list[Any], want_pdf: bool) -> None:
    """What the client wrote comes out on both sides, whole."""
    facility = Facility(idub="100227887600", abbreviation="CZGFW", house_number="")
    sent = [Guest(**asdict(each)) for each in them]
    message = writing.filing(facility, sent, want_pdf=want_pdf)
    read = by_us(message)
    assert read == by_spyne(message)
    assert (read["VracetPDF"], read["uHomN"], read["uStr"]) == (want_pdf, "", None)
    assert [(each["cSurN"], each["cPurp"], each["cFrom"]) for each in read["Ubytovani"]] == [
        (each.surname, each.purpose, (datetime.combine(each.arrival, time()), None))
        for each in them
    ]


@given(TEXTS, TEXTS)
def test_messages_out_of_order_are_not(contact: str, street: str) -> None:
    """.NET walks forward only, and so do we; spyne takes what comes."""
    message = message_of(written({"uStr": street, "uCont": contact}))
    ours, spynes = by_us(message), by_spyne(message)
    assert (ours["uStr"], ours["uCont"]) == (street, None)
    assert (spynes["uStr"], spynes["uCont"]) == (street, contact)
